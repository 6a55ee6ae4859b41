// Bare addresses become links: http://, https:// and www., by the rules of
// GitHub's extension, but that they end also at quotes and dashes of
// typography, which no address holds unescaped.
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "render/md.h"

enum { MAX_DOMAIN = 255 };

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_alnum(uint32_t c) {
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

// At a start, behind a blank or behind one of * _ ~ ( or an opening quote.
static bool may_begin(Str s, size_t at) {
    if (!at)
        return true;
    char c = s.ptr[at - 1];
    if (is_space(c) || strchr("*_~(\"'", c))
        return true;
    Str before = str_slice(s, 0, at);
    return str_ends(before, S("“")) || str_ends(before, S("‘")) ||
           str_ends(before, S("«")) || str_ends(before, S("\xC2\xA0"));
}

// Whether an address may not hold this character.
static bool is_end(uint32_t c) {
    return c <= ' ' || c == '<' || c == '"' || text_is_space(c) || c == 0xAB ||
           c == 0xBB || (c >= 0x2010 && c <= 0x203A) ||
           (c >= 0xFDD0 && c <= 0xFDEF);
}

// domain: labels of letters, digits, - and _, none of the last two with _; at
// least one point unless a scheme stands before it. Its length, or 0.
static size_t domain_len(Str s, size_t at, bool is_short_good) {
    size_t points = 0, under = 0, under_before = 0, i = at, n;
    for (; i < s.len && i - at <= MAX_DOMAIN; i = n) {
        n = i;
        uint32_t c = text_next(s, &n);
        if (c == '_') {
            under++;
        } else if (c == '.') {
            under_before = under;
            under = 0;
            points++;
        } else if (!is_alnum(c) && c != '-' && (c < 0x80 || is_end(c))) {
            break;
        }
    }
    bool is_good = i > at && i - at <= MAX_DOMAIN && s.ptr[at] != '.' &&
                   !under && !under_before && (points || is_short_good);
    return is_good ? i - at : 0;
}

// "&name;" at the end is no part of it.
static size_t without_entity(Str url) {
    size_t i = url.len - 1;
    while (i && is_alnum((uint8_t)url.ptr[i - 1]))
        i--;
    return i && i < url.len - 1 && url.ptr[i - 1] == '&' ? i - 1 : url.len - 1;
}

static size_t trimmed_len(Str url) {
    size_t open = 0, close = 0;
    for (size_t i = 0; i < url.len; i++) {
        open += url.ptr[i] == '(';
        close += url.ptr[i] == ')';
    }
    while (url.len) {
        char c = url.ptr[url.len - 1];
        if (c == ')' && close > open) {
            close--;
            url.len--;
        } else if (c == ';') {
            url.len = without_entity(url);
        } else if (strchr("?!.,:*_~'\"", c)) {
            url.len--;
        } else {
            break;
        }
    }
    return url.len;
}

// Length of the address that begins at `at`, 0 when none does.
static size_t address_len(Str s, size_t at) {
    static const Str starts[] = {S_INIT("https://"), S_INIT("http://"),
                                 S_INIT("www.")};
    Str rest = str_slice(s, at, s.len);
    for (size_t k = 0; k < 3; k++) {
        Str head = str_slice(rest, 0, starts[k].len);
        if (!str_eq_nocase(head, starts[k]))
            continue;
        // In "www.a.vn" all is the domain.
        size_t from = k == 2 ? at : at + head.len;
        size_t end = domain_len(s, from, k != 2);
        if (!end)
            return 0;
        end += from;
        for (size_t n = end; end < s.len; end = n)
            if (is_end(text_next(s, &n)))
                break;
        size_t len = trimmed_len(str_slice(s, at, end));
        return len > head.len ? len : 0;
    }
    return 0;
}

// The next place where one may begin: an 'h' or a 'w'.
static size_t next_start(Str s, size_t from) {
    for (size_t i = from; i + 4 < s.len; i++) {
        char c = (char)(s.ptr[i] | 32);
        if ((c == 'h' && (s.ptr[i + 1] | 32) == 't' &&
             (s.ptr[i + 2] | 32) == 't') ||
            (c == 'w' && (s.ptr[i + 1] | 32) == 'w' && s.ptr[i + 3] == '.'))
            return i;
    }
    return SIZE_MAX;
}

static bool has_sign(const char *p) {
    Bytes c = bytes_at(p);
    return !bytes_are_zero((Bytes)(c == ':') | (Bytes)((c | 32) == 'w'));
}

// An address has a colon or a w, which few texts have.
static bool may_hold_address(Str s) {
    size_t i = 0;
    for (; s.len - i >= BYTES; i += BYTES)
        if (has_sign(s.ptr + i))
            return true;
    if (s.len >= BYTES)
        return has_sign(s.ptr + s.len - BYTES);
    while (i < s.len && s.ptr[i] != ':' && (s.ptr[i] | 32) != 'w')
        i++;
    return i < s.len;
}

// Splits the text around its first address; the walk comes to the link, which
// it skips, and then to the rest.
static void link_text(Md *md, MdNode *n) {
    Str s = n->text;
    for (size_t at = 0; (at = next_start(s, at)) != SIZE_MAX; at++) {
        size_t len = may_begin(s, at) ? address_len(s, at) : 0;
        if (!len)
            continue;
        Str shown = str_slice(s, at, at + len);
        bool is_www = (shown.ptr[0] | 32) == 'w';
        Str url =
            is_www ? str_fmt(md->tmp, "http://%.*s", STR_ARG(shown)) : shown;
        n->text = str_slice(s, 0, at);
        MdNode *link = md_insert(md, n, MD_LINK, url);
        MdNode *text = md_node(md->tmp, MD_TEXT, n->line);
        text->text = shown;
        md_append(link, text);
        if (at + len < s.len)
            md_insert(md, link, MD_TEXT, str_slice(s, at + len, s.len));
        return;
    }
}

void mdpass_links(Md *md) {
    for (size_t i = 0; i < md_ntrees(md); i++) {
        if (!md_tree(md, i))
            continue;
        for (MdWalk w = md_walk(md_tree(md, i)); md_walk_next(&w);) {
            if (w.is_exit)
                continue;
            if (w.node->kind == MD_LINK || w.node->kind == MD_IMAGE)
                md_walk_skip(&w);
            else if (w.node->kind == MD_TEXT && w.node->text.len > 4 &&
                     may_hold_address(w.node->text))
                link_text(md, w.node);
        }
    }
}
