// UTF-8: decoding, and finding what is not plain or clean. Every byte that
// comes in or leaves is looked at here, most of them several times.

#include "base/bytes.h"
#include "base/text.h"

static bool is_tail(unsigned char c) {
    return (c & 0xC0) == 0x80;
}

// RFC 3629: the second byte's range keeps out overlong forms, surrogates and
// what lies beyond U+10FFFF; the others are 80..BF.
static bool is_second(unsigned char lead, unsigned char c) {
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    return c >= low && c <= high;
}

// The length of the code point at `at`, 0 if there is none.
static size_t valid_len(Str s, size_t at) {
    const unsigned char *p = (const unsigned char *)s.ptr + at;
    size_t left = s.len - at;
    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xC2)
        return 0;
    if (p[0] < 0xE0)
        return left > 1 && is_tail(p[1]) ? 2 : 0;
    if (left < 3 || !is_second(p[0], p[1]) || !is_tail(p[2]))
        return 0;
    if (p[0] < 0xF0)
        return 3;
    return p[0] < 0xF5 && left > 3 && is_tail(p[3]) ? 4 : 0;
}

// The length of a code point that Vietnamese is written with, if one stands
// at `p`, where three bytes may be read: U+0080 to U+02FF, U+1E00 to U+1EFF,
// and the dashes, quotes and dots of U+2002 to U+203F. All of them are in NFC.
static size_t vietnamese_len(const unsigned char *p) {
    if (p[0] >= 0xC2 && p[0] <= 0xCB)
        return is_tail(p[1]) ? 2 : 0;
    bool is_letter = p[0] == 0xE1 && p[1] >= 0xB8 && p[1] <= 0xBB;
    bool is_dash = p[0] == 0xE2 && p[1] == 0x80 && p[2] >= 0x82;
    return (is_letter || is_dash) && is_tail(p[2]) ? 3 : 0;
}

// Sixteen bytes of text are looked at together, each beside the two before it:
// whether it must be a tail follows from those, so nothing is decoded.
typedef Bytes RunFn(const unsigned char *p); // not 0 where it is not good

// Where a tail stands and must not, or does not and must.
static inline Bytes wrong_tails(Bytes c, Bytes before, Bytes first) {
    Bytes is_tail_byte = (Bytes)((SignedBytes)c < -64);
    Bytes is_wanted =
        (Bytes)((before & 0xC0) == 0xC0) | (Bytes)((first & 0xE0) == 0xE0);
    return is_tail_byte ^ is_wanted;
}

// How many bytes before `at` begin a code point that is not ended there.
static inline size_t begun_before(const unsigned char *p, size_t at) {
    return p[at - 1] >= 0xC0 ? 1 : p[at - 2] >= 0xE0 ? 2 : 0;
}

// From `at`, the start of a code point, past whole runs that are good; then
// back to the start of the code point that the last one ends within. Behind a
// byte that only seems to begin one nothing is sure.
static inline size_t skip_runs(Str s, size_t at, RunFn *wrong_in) {
    const unsigned char *p = (const unsigned char *)s.ptr;
    if (at < 2 || begun_before(p, at))
        return at;
    while (s.len - at >= BYTES && bytes_are_zero(wrong_in(p + at)))
        at += BYTES;
    return at - begun_before(p, at);
}

// ASCII and what vietnamese_len knows, but for U+0200 to U+02FF.
static inline Bytes not_vietnamese(const unsigned char *p) {
    Bytes c = bytes_at(p), before = bytes_at(p - 1), first = bytes_at(p - 2);
    Bytes is_letter = (Bytes)(before == 0xE1) & (Bytes)((c & 0xFC) == 0xB8);
    Bytes is_dash = (Bytes)(before == 0xE2) & (Bytes)(c == 0x80);
    Bytes is_two = (Bytes)((c & 0xF8) == 0xC0) & ~(Bytes)((c & 0xFE) == 0xC0);
    return wrong_tails(c, before, first) |
           ((Bytes)((c & 0xE0) == 0xC0) & ~is_two) |
           ((Bytes)((before & 0xE0) == 0xE0) & ~(is_letter | is_dash)) |
           ((Bytes)(first == 0xE2) & (Bytes)((c & 0xFE) == 0x80));
}

// Past such code points and ASCII. All other text takes the slow paths.
size_t text_skip_plain(Str s, size_t at) {
    const unsigned char *p = (const unsigned char *)s.ptr;
    bool was_tried = s.len - at < BYTES;
    for (size_t n = 1; n; at += n) {
        if (!was_tried && at >= 2) {
            at = skip_runs(s, at, not_vietnamese);
            was_tried = true;
        }
        n = at < s.len && p[at] < 0x80 ? 1
            : s.len - at < 3           ? 0
                                       : vietnamese_len(p + at);
    }
    return at;
}

size_t text_invalid_at(Str s) {
    size_t n, at = text_skip_plain(s, 0);
    for (; at < s.len; at = text_skip_plain(s, at + n)) {
        n = valid_len(s, at);
        if (!n)
            return at;
    }
    return SIZE_MAX;
}

bool text_is_plain(Str s) {
    return text_skip_plain(s, 0) == s.len;
}

uint32_t text_next(Str s, size_t *at) {
    if (*at >= s.len)
        return 0;
    const unsigned char *p = (const unsigned char *)s.ptr + *at;
    size_t n = valid_len(s, *at);
    *at += n ? n : 1;
    switch (n) {
    case 1:
        return p[0];
    case 2:
        return (uint32_t)(p[0] & 31) << 6 | (p[1] & 63);
    case 3:
        return (uint32_t)(p[0] & 15) << 12 | (uint32_t)(p[1] & 63) << 6 |
               (p[2] & 63);
    case 4:
        return (uint32_t)(p[0] & 7) << 18 | (uint32_t)(p[1] & 63) << 12 |
               (uint32_t)(p[2] & 63) << 6 | (p[3] & 63);
    default:
        return TEXT_BAD;
    }
}

uint32_t text_before(Str s, size_t *at) {
    size_t from = *at;
    while (from && is_tail((unsigned char)s.ptr[--from]))
        continue;
    size_t end = *at;
    *at = from;
    return text_next(str_slice(s, 0, end), &from);
}

void text_put(Buf *out, uint32_t c) {
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = TEXT_BAD;
    char b[4];
    size_t n = 0;
    if (c < 0x80) {
        b[n++] = (char)c;
    } else if (c < 0x800) {
        b[n++] = (char)(0xC0 | c >> 6);
        b[n++] = (char)(0x80 | (c & 63));
    } else if (c < 0x10000) {
        b[n++] = (char)(0xE0 | c >> 12);
        b[n++] = (char)(0x80 | (c >> 6 & 63));
        b[n++] = (char)(0x80 | (c & 63));
    } else {
        b[n++] = (char)(0xF0 | c >> 18);
        b[n++] = (char)(0x80 | (c >> 12 & 63));
        b[n++] = (char)(0x80 | (c >> 6 & 63));
        b[n++] = (char)(0x80 | (c & 63));
    }
    buf_put(out, (Str){b, n});
}

size_t text_count(Str s) {
    size_t n = 0;
    for (size_t at = 0; at < s.len; n++)
        (void)text_next(s, &at);
    return n;
}

size_t text_offset(Str s, size_t code_points) {
    size_t at = 0;
    while (code_points-- > 0 && at < s.len)
        (void)text_next(s, &at);
    return at;
}

// --- Clean text ---

bool text_is_clean_char(uint32_t c) {
    if (c < 0x20)
        return c == '\t' || c == '\n' || c == '\r';
    if (c < 0xA0)
        return c < 0x7F;
    if ((c >= 0xD800 && c <= 0xDFFF) || (c >= 0xFDD0 && c <= 0xFDEF))
        return false;
    return c <= 0x10FFFF && (c & 0xFFFE) != 0xFFFE;
}

// After a lead byte of C3 to EC stands nothing but clean characters; E0 wants
// a second byte from A0 on.
static inline Bytes not_clean(const unsigned char *p) {
    Bytes c = bytes_at(p), before = bytes_at(p - 1), first = bytes_at(p - 2);
    Bytes is_control =
        ((Bytes)((c & 0xE0) == 0) & ~(Bytes)(c == '\n')) | (Bytes)(c == 0x7F);
    Bytes is_lead =
        ((Bytes)((c & 0xFC) == 0xC0) & ~(Bytes)(c == 0xC3)) | (Bytes)(c > 0xEC);
    return wrong_tails(c, before, first) | is_control | is_lead |
           ((Bytes)(before == 0xE0) & (Bytes)(c < 0xA0));
}

static size_t clean_len(Str s, size_t at) {
    unsigned char c = (unsigned char)s.ptr[at];
    if (c < 0x80)
        return (c >= 0x20 && c < 0x7F) || c == '\n';
    return c >= 0xC3 && c <= 0xEC ? valid_len(s, at) : 0;
}

// Past what is surely clean, for speed: every byte of output is looked at.
static size_t skip_clean(Str s, size_t at) {
    bool was_tried = s.len - at < BYTES;
    for (size_t n = 1; n && at < s.len; at += n) {
        if (!was_tried && at >= 2) {
            at = skip_runs(s, at, not_clean);
            was_tried = true;
        }
        n = at < s.len ? clean_len(s, at) : 0;
    }
    return at;
}

Str text_clean(Arena *a, Str s) {
    Buf out = {.arena = a};
    size_t done = 0;
    bool changed = false;
    for (size_t at = skip_clean(s, 0); at < s.len; at = skip_clean(s, at)) {
        size_t from = at;
        uint32_t c = text_next(s, &at);
        bool is_bad = c == TEXT_BAD && at == from + 1;
        if (!is_bad && text_is_clean_char(c))
            continue;
        changed = true;
        buf_put(&out, str_slice(s, done, from));
        if (is_bad)
            text_put(&out, TEXT_BAD);
        done = at;
    }
    if (!changed)
        return s;
    buf_put(&out, str_slice(s, done, s.len));
    return buf_str(&out);
}
