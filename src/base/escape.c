// One function for each context. They share two ideas only: runs of bytes that
// need nothing are copied whole, and a byte that is not UTF-8 becomes U+FFFD,
// so that nothing invalid leaves whatever came in.
#include "base/escape.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

static const char hex_upper[] = "0123456789ABCDEF";
static const char hex_lower[] = "0123456789abcdef";

static bool is_alpha(unsigned char c) {
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool is_digit(unsigned char c) {
    return c >= '0' && c <= '9';
}

static bool is_hex(unsigned char c) {
    return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

static bool is_one_of(unsigned char c, const char *set) {
    return c && strchr(set, c);
}

static void put_percent(Buf *out, unsigned char c) {
    char code[3] = {'%', hex_upper[c >> 4], hex_upper[c & 15]};
    buf_put(out, (Str){code, 3});
}

static void put_json_escape(Buf *out, uint32_t c) {
    char code[6] = {'\\',
                    'u',
                    hex_lower[c >> 12 & 15],
                    hex_lower[c >> 8 & 15],
                    hex_lower[c >> 4 & 15],
                    hex_lower[c & 15]};
    buf_put(out, (Str){code, 6});
}

static Str html_entity(char c) {
    switch (c) {
    case '&':
        return S("&amp;");
    case '<':
        return S("&lt;");
    case '>':
        return S("&gt;");
    case '"':
        return S("&quot;");
    case '\'':
        return S("&#39;");
    default:
        return (Str){0};
    }
}

static bool is_html_plain(const char *p) {
    Bytes c = bytes_at(p); // & and ' differ in one bit, as do < and >
    return bytes_are_zero((Bytes)(c == '"') | (Bytes)((c | 1) == '\'') |
                          (Bytes)((c | 2) == '>'));
}

// Past bytes that HTML text may hold as they are, or nearly so.
static size_t skip_plain(Str s, size_t at) {
    while (s.len - at >= BYTES && is_html_plain(s.ptr + at))
        at += BYTES;
    bool is_end = s.len >= BYTES && s.len - at < BYTES; // looked at twice
    return is_end && is_html_plain(s.ptr + s.len - BYTES) ? s.len : at;
}

void escape_html(Buf *out, Str s) {
    static const bool is_special[256] = {
        ['&'] = true, ['<'] = true, ['>'] = true, ['"'] = true, ['\''] = true};
    size_t done = 0;
    for (size_t i = skip_plain(s, 0); i < s.len; i++) {
        if (!is_special[(unsigned char)s.ptr[i]])
            continue;
        buf_put(out, str_slice(s, done, i));
        buf_put(out, html_entity(s.ptr[i]));
        done = i + 1;
        i = skip_plain(s, done) - 1;
    }
    buf_put(out, str_slice(s, done, s.len));
}

void escape_xml(Buf *out, Str s) {
    escape_html(out, text_clean(out->arena, s));
}

static void put_json_char(Buf *out, uint32_t c) {
    const char *found = c && c < 128 ? strchr("\bb\ff\nn\rr\tt", (int)c) : NULL;
    if (c == '"' || c == '\\') {
        buf_putc(out, '\\');
        buf_putc(out, (char)c);
    } else if (found && c < 32) {
        buf_putc(out, '\\');
        buf_putc(out, found[1]);
    } else {
        put_json_escape(out, c);
    }
}

static bool is_json_plain(uint32_t c) {
    if (c < 0x80)
        return c >= 0x20 && c != 0x7F &&
               !is_one_of((unsigned char)c, "\"\\<>&");
    return c != 0x2028 && c != 0x2029;
}

void escape_json(Buf *out, Str s) {
    buf_putc(out, '"');
    size_t done = 0;
    for (size_t at = 0; at < s.len;) {
        size_t from = at;
        uint32_t c = text_next(s, &at);
        bool is_bad = c == TEXT_BAD && at == from + 1;
        if (!is_bad && is_json_plain(c))
            continue;
        buf_put(out, str_slice(s, done, from));
        if (is_bad)
            buf_put(out, S("\xEF\xBF\xBD"));
        else
            put_json_char(out, c);
        done = at;
    }
    buf_put(out, str_slice(s, done, s.len));
    buf_putc(out, '"');
}

void escape_ical(Buf *out, Str s) {
    for (size_t at = 0; at < s.len;) {
        size_t from = at;
        uint32_t c = text_next(s, &at);
        bool is_crlf = c == '\r' && at < s.len && s.ptr[at] == '\n';
        if (c == '\n' || (c == '\r' && !is_crlf)) {
            buf_put(out, S("\\n"));
        } else if (c == '\\' || c == ';' || c == ',') {
            buf_putc(out, '\\');
            buf_putc(out, (char)c);
        } else if (c == TEXT_BAD) {
            text_put(out, c);
        } else if (c != '\r' && text_is_clean_char(c)) {
            buf_put(out, str_slice(s, from, at));
        }
    }
}

// Characters that move the cursor or turn the direction of the text: with
// them a file name could make a message read as something else.
static bool is_terminal_unsafe(uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
           c == 0x061C || c == 0xFEFF;
}

void escape_terminal(Buf *out, Str s) {
    for (size_t at = 0; at < s.len;) {
        size_t from = at;
        uint32_t c = text_next(s, &at);
        bool is_bad = c == TEXT_BAD && at == from + 1;
        if (is_bad || (is_terminal_unsafe(c) && c < 0x80))
            buf_fmt(out, "\\x%02x", (unsigned)(unsigned char)s.ptr[from]);
        else if (is_terminal_unsafe(c))
            put_json_escape(out, c);
        else
            buf_put(out, str_slice(s, from, at));
    }
}

static bool is_unreserved(unsigned char c) {
    return is_alpha(c) || is_digit(c) || c == '-' || is_one_of(c, "._~");
}

// What RFC 3986 allows after the authority stands at its own place.
static bool is_url_plain(unsigned char c) {
    static const char plain[] = "                "
                                "                "
                                ".! #$ &'()*+,-./"
                                "0123456789:; = ?"
                                "@ABCDEFGHIJKLMNO"
                                "PQRSTUVWXYZ    _"
                                " abcdefghijklmno"
                                "pqrstuvwxyz   ~ ";
    return c < 128 && plain[c] == (char)c;
}

static int hex_value(char c) {
    if (!is_hex((unsigned char)c))
        return -1;
    return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

int escape_byte(Str s, size_t i) {
    if (i + 2 >= s.len || s.ptr[i] != '%')
        return -1;
    int high = hex_value(s.ptr[i + 1]), low = hex_value(s.ptr[i + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

// The end of "scheme://" at the front, or 0: there the authority begins.
static size_t authority_start(Str s) {
    size_t i = 0;
    while (i < s.len && (is_alpha((unsigned char)s.ptr[i]) ||
                         (i && (is_digit((unsigned char)s.ptr[i]) ||
                                is_one_of((unsigned char)s.ptr[i], "+-.")))))
        i++;
    return i && str_starts(str_slice(s, i, s.len), S("://")) ? i + 3 : 0;
}

static size_t authority_end(Str s, size_t i) {
    while (i < s.len && !is_one_of((unsigned char)s.ptr[i], "/?#"))
        i++;
    return i;
}

// A second # would be read as part of the fragment: it is encoded.
static void put_url_bytes(Buf *out, Str s, size_t from) {
    bool in_fragment = false;
    for (size_t i = from; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c != '#' && (is_url_plain(c) || escape_byte(s, i) >= 0))
            continue;
        if (c == '#' && !in_fragment) {
            in_fragment = true;
            continue;
        }
        buf_put(out, str_slice(s, from, i));
        put_percent(out, c);
        from = i + 1;
    }
    buf_put(out, str_slice(s, from, s.len));
}

// Square brackets are plain in the authority alone, around an IPv6 address.
void escape_url(Buf *out, Str s) {
    size_t from = authority_start(s);
    size_t to = from ? authority_end(s, from) : 0;
    for (size_t i = 0; i < to; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (is_url_plain(c) || c == '[' || c == ']' || escape_byte(s, i) >= 0)
            buf_putc(out, (char)c);
        else
            put_percent(out, c);
    }
    put_url_bytes(out, s, to);
}

// The bytes that most addresses are made of; - . / and the digits are one
// range.
static bool is_usual_url(const char *p) {
    Bytes c = bytes_at(p), letter = c | 0x20;
    Bytes is_usual = ((Bytes)(letter >= 'a') & (Bytes)(letter <= 'z')) |
                     ((Bytes)(c >= '-') & (Bytes)(c <= '9'));
    return bytes_are_zero(~is_usual);
}

bool escape_is_plain_url(Str s) {
    size_t i = 0;
    while (s.len - i >= BYTES && is_usual_url(s.ptr + i))
        i += BYTES;
    if (i && s.len - i < BYTES && is_usual_url(s.ptr + s.len - BYTES))
        return true;
    for (; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '#' || c == '?' || !is_url_plain(c))
            return false;
    }
    return true;
}

void escape_url_part(Buf *out, Str s) {
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (is_unreserved(c))
            buf_putc(out, (char)c);
        else
            put_percent(out, c);
    }
}

// As browsers do before they look at a URL.
static Str trim_controls(Str s) {
    while (s.len && (unsigned char)s.ptr[0] <= ' ')
        s = str_slice(s, 1, s.len);
    while (s.len && (unsigned char)s.ptr[s.len - 1] <= ' ')
        s.len--;
    return s;
}

// Browsers drop tabs and newlines inside a URL before they read its scheme,
// and take \ for / in front of the query: neither has a use in a link.
static bool has_trick(Str s) {
    bool in_path = true;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c < ' ' || c == 0x7F || (c == '\\' && in_path))
            return true;
        if (c == '?' || c == '#')
            in_path = false;
    }
    return false;
}

// "[" IPv6 "]" [":" port]; the address itself is the browser's to check.
static bool is_ipv6_host(Str host) {
    size_t i = 1;
    while (i < host.len && (is_hex((unsigned char)host.ptr[i]) ||
                            is_one_of((unsigned char)host.ptr[i], ":.")))
        i++;
    if (i < 3 || i >= host.len || host.ptr[i] != ']')
        return false;
    i++;
    if (i < host.len && host.ptr[i++] != ':')
        return false;
    while (i < host.len && is_digit((unsigned char)host.ptr[i]))
        i++;
    return i == host.len;
}

// "//" and an authority that names a host, right after "http:".
static bool has_host(Str after_scheme) {
    if (!str_starts(after_scheme, S("//")))
        return false;
    Str host = str_slice(after_scheme, 2, authority_end(after_scheme, 2));
    for (size_t i = host.len; i > 0; i--)
        if (host.ptr[i - 1] == '@') {
            host = str_slice(host, i, host.len);
            break;
        }
    if (!host.len || host.ptr[0] == ':')
        return false;
    if (host.ptr[0] == '[')
        return is_ipv6_host(host);
    for (size_t i = 0; i < host.len; i++)
        if (is_one_of((unsigned char)host.ptr[i], " \"<>[]^`{|}"))
            return false;
    return true;
}

static bool is_scheme(Str s) {
    if (!s.len || !is_alpha((unsigned char)s.ptr[0]))
        return false;
    for (size_t i = 1; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (!is_alpha(c) && !is_digit(c) && !is_one_of(c, "+-."))
            return false;
    }
    return true;
}

static bool is_allowed(Str scheme, Str rest) {
    if (str_eq_nocase(scheme, S("http")) || str_eq_nocase(scheme, S("https")))
        return has_host(rest);
    return str_eq_nocase(scheme, S("mailto")) ||
           str_eq_nocase(scheme, S("tel"));
}

// A colon in the first segment of a relative path ("Nghị quyết: bản đầu")
// is encoded, as RFC 3986 4.2 asks: it must not read as a scheme.
bool escape_safe_url(Arena *a, Str url, Str *out) {
    Str s = trim_controls(url);
    if (has_trick(s) || str_starts(s, S("//")))
        return false;
    size_t colon = 0;
    while (colon < s.len && !is_one_of((unsigned char)s.ptr[colon], ":/?#"))
        colon++;
    Buf buf = {.arena = a};
    bool has_colon = colon < s.len && s.ptr[colon] == ':';
    if (has_colon && is_scheme(str_slice(s, 0, colon))) {
        if (!is_allowed(str_slice(s, 0, colon), str_slice(s, colon + 1, s.len)))
            return false;
        escape_url(&buf, s);
    } else {
        size_t end = authority_end(s, 0);
        for (size_t i = 0; has_colon && i < end; i++) {
            unsigned char c = (unsigned char)s.ptr[i];
            if (escape_byte(s, i) >= 0 || (is_url_plain(c) && c != ':'))
                buf_putc(&buf, (char)c);
            else
                put_percent(&buf, c);
        }
        put_url_bytes(&buf, s, has_colon ? end : 0);
    }
    *out = buf_str(&buf);
    return true;
}
