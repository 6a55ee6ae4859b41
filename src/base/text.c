// Unicode, mostly without tables: the decoder is ours, and the common path of
// every function (ASCII and precomposed Vietnamese) never reaches utf8proc.
// What does is decomposed one code point at a time into an array, the marks
// are put in order here (utf8proc sorts them in quadratic time, which a file
// of marks would turn into minutes), and utf8proc composes the array again.
#include "base/text.h"

#include <string.h>
#include <utf8proc.h>

#include "base/escape.h"

enum { SLUG_MAX = 80, DECOMPOSED_MAX = 32 };

// Code points under construction, like Buf.
typedef struct {
    Arena *arena;
    int32_t *items;
    size_t len, cap;
} Points;

size_t text_width(Str s) {
    size_t width = 0;
    for (size_t at = 0; at < s.len;) {
        uint32_t c = text_next(s, &at);
        if (c >= 0x300)
            width += (size_t)utf8proc_charwidth((int32_t)c);
        else
            width += (c >= 0x20 && c < 0x7F) || c >= 0xA0;
    }
    return width;
}

bool text_is_space(uint32_t c) {
    if (c < 0x80)
        return c == ' ' || (c >= '\t' && c <= '\r');
    if (c < 0x1680)
        return c == 0x85 || c == 0xA0;
    return c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
           c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

// Invisible and without meaning for comparing: soft hyphen, zero-width space,
// joiners, word joiner, byte order mark.
static bool is_invisible(uint32_t c) {
    return c == 0xAD || (c >= 0x200B && c <= 0x200D) || c == 0x2060 ||
           c == 0xFEFF;
}

// --- Normal form ---

// The ranges need not be complete (what is missing takes the slow path), but
// must not be wrong; text_test.c asks utf8proc about every code point.
bool text_is_nfc_starter(uint32_t c) {
    if (c < 0x300 || (c >= 0x1E00 && c <= 0x1EFF))
        return true;
    if (c < 0x2000)
        return (c >= 0x388 && c <= 0x482) || (c >= 0x48A && c <= 0x590);
    if (c < 0x3000)
        return (c >= 0x2002 && c <= 0x20CF) || (c >= 0x2130 && c <= 0x2328);
    return c <= 0x3029 || (c >= 0x3030 && c <= 0x3098) ||
           (c >= 0x309B && c <= 0xA66E) || (c >= 0xAC00 && c <= 0xD7A3) ||
           (c >= 0xFE30 && c <= 0xFFFD) || (c >= 0x1F000 && c <= 0x1FAFF);
}

// The first byte of a code point that is not surely NFC, s.len if none.
// Invalid bytes are passed over.
static size_t find_unsure(Str s, size_t at) {
    for (;;) {
        at = text_skip_plain(s, at);
        if (at >= s.len)
            return s.len;
        size_t from = at;
        if (!text_is_nfc_starter(text_next(s, &at)))
            return from;
    }
}

static void points_room(Points *p, size_t more) {
    if (p->cap - p->len >= more)
        return;
    size_t cap = 2 * p->cap + more + 64;
    int32_t *items = ARENA_ARRAY(p->arena, int32_t, cap);
    if (p->len)
        memcpy(items, p->items, p->len * sizeof *items);
    p->items = items;
    p->cap = cap;
}

// An invalid byte goes in as a negative number, which no composition touches.
static void points_add(Points *p, Str s, size_t *at, bool compat) {
    points_room(p, DECOMPOSED_MAX);
    size_t from = *at;
    uint32_t c = text_next(s, at);
    if (c < (compat ? 0xA0 : 0xC0) || (c == TEXT_BAD && *at == from + 1)) {
        int byte = (unsigned char)s.ptr[from];
        p->items[p->len++] = c == TEXT_BAD ? -byte : (int32_t)c;
        return;
    }
    int last = 0;
    utf8proc_option_t how = UTF8PROC_STABLE | UTF8PROC_DECOMPOSE;
    if (compat)
        how |= UTF8PROC_COMPAT;
    utf8proc_ssize_t n = utf8proc_decompose_char((int32_t)c, p->items + p->len,
                                                 DECOMPOSED_MAX, how, &last);
    p->len += n > 0 ? (size_t)n : 0;
}

static unsigned combining_class(int32_t c) {
    if (c < 0x300)
        return 0;
    return (unsigned)utf8proc_get_property(c)->combining_class & 255;
}

// A stable counting sort of one run of marks by combining class.
static void order_run(int32_t *run, size_t len, int32_t *spare) {
    size_t start[257] = {0};
    for (size_t i = 0; i < len; i++)
        start[combining_class(run[i]) + 1]++;
    for (size_t i = 1; i < 257; i++)
        start[i] += start[i - 1];
    for (size_t i = 0; i < len; i++)
        spare[start[combining_class(run[i])]++] = run[i];
    memcpy(run, spare, len * sizeof *run);
}

static void order_marks(Points *p, Points *spare) {
    for (size_t i = 0; i < p->len; i++) {
        size_t end = i;
        while (end < p->len && combining_class(p->items[end]))
            end++;
        if (end - i > 1) {
            spare->len = 0;
            points_room(spare, end - i);
            order_run(p->items + i, end - i, spare->items);
        }
        i = end;
    }
}

// utf8proc looks up a property for whatever it is given, so what is not a code
// point must not reach it: text between invalid bytes is composed by itself.
static size_t compose_run(int32_t *items, size_t len) {
    utf8proc_ssize_t n = utf8proc_normalize_utf32(
        items, (utf8proc_ssize_t)len, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    return n > 0 ? (size_t)n : 0;
}

static void compose(Points *p) {
    size_t to = 0;
    for (size_t from = 0; from < p->len;) {
        if (p->items[from] < 0) {
            p->items[to++] = p->items[from++];
            continue;
        }
        size_t end = from;
        while (end < p->len && p->items[end] >= 0)
            end++;
        size_t n = compose_run(p->items + from, end - from);
        memmove(p->items + to, p->items + from, n * sizeof *p->items);
        to += n;
        from = end;
    }
    p->len = to;
}

static void put_points(Buf *out, const Points *p) {
    for (size_t i = 0; i < p->len; i++) {
        if (p->items[i] < 0)
            buf_putc(out, (char)-p->items[i]);
        else
            text_put(out, (uint32_t)p->items[i]);
    }
}

static size_t line_end(Str s, size_t at) {
    size_t end = str_find(s, S("\n"), at);
    return end == SIZE_MAX ? s.len : end + 1;
}

// A line feed neither composes nor reorders, so lines can be taken one by one
// and the arrays stay small.
Str text_nfc(Arena *a, Str s, bool *changed) {
    if (changed)
        *changed = false;
    size_t unsure = find_unsure(s, 0);
    if (unsure == s.len)
        return s;
    ArenaMark mark = arena_mark(a);
    Buf out = {.arena = a};
    buf_reserve(&out, s.len);
    Points points = {.arena = a}, spare = {.arena = a};
    for (size_t at = 0; at < s.len;) {
        size_t end = line_end(s, at);
        Str line = str_slice(s, at, end);
        if (unsure >= end) {
            buf_put(&out, line);
        } else {
            points.len = 0;
            for (size_t i = 0; i < line.len;)
                points_add(&points, line, &i, false);
            order_marks(&points, &spare);
            compose(&points);
            put_points(&out, &points);
            unsure = find_unsure(s, end);
        }
        at = end;
    }
    bool same = str_eq(buf_str(&out), s);
    if (changed)
        *changed = !same;
    if (!same)
        return buf_str(&out);
    arena_reset(a, mark);
    return s;
}

// --- Case ---

uint32_t text_lower_char(uint32_t c) {
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c | 32 : c;
    return (uint32_t)utf8proc_tolower((int32_t)c);
}

static uint32_t upper(uint32_t c) {
    if (c < 0x80)
        return c >= 'a' && c <= 'z' ? c & ~32u : c;
    return (uint32_t)utf8proc_toupper((int32_t)c);
}

// The first `uppers` code points in upper case, the rest in lower case.
static Str change_case(Arena *a, Str s, size_t uppers) {
    Buf out = {.arena = a};
    buf_reserve(&out, s.len);
    size_t at = 0;
    for (size_t i = 0; at < s.len; i++) {
        size_t from = at;
        uint32_t c = text_next(s, &at);
        uint32_t now = i < uppers ? upper(c) : text_lower_char(c);
        if (now == c)
            buf_put(&out, str_slice(s, from, at));
        else
            text_put(&out, now);
    }
    return buf_str(&out);
}

Str text_lower(Arena *a, Str s) {
    return change_case(a, s, 0);
}

Str text_upper(Arena *a, Str s) {
    return change_case(a, s, SIZE_MAX);
}

Str text_capitalize(Arena *a, Str s) {
    return change_case(a, s, 1);
}

// --- Matching and slugs ---

// One space for a run of white space, none at the ends.
static void put_squeezed(Buf *out, uint32_t c, bool *space) {
    if (text_is_space(c)) {
        *space = true;
        return;
    }
    if (*space && out->len)
        buf_putc(out, ' ');
    *space = false;
    text_put(out, c);
}

Str text_key(Arena *a, Str s) {
    s = text_nfc(a, s, NULL);
    Buf out = {.arena = a};
    buf_reserve(&out, s.len);
    bool space = false;
    for (size_t at = 0; at < s.len;) {
        uint32_t c = text_next(s, &at);
        if (!is_invisible(c))
            put_squeezed(&out, text_lower_char(c), &space);
    }
    return buf_str(&out);
}

// The blocks of diacritical marks. Vowel signs of Thai, Hebrew or Devanagari
// and the voicing marks of kana are letters in all but name and stay.
static bool is_diacritic(int32_t c) {
    return (c >= 0x300 && c <= 0x36F) || (c >= 0x1AB0 && c <= 0x1AFF) ||
           (c >= 0x1DC0 && c <= 0x1DFF) || (c >= 0x20D0 && c <= 0x20FF) ||
           (c >= 0xFE20 && c <= 0xFE2F);
}

// đ has no decomposition, and two other letters look the same: Eth and the
// African D.
static int32_t fold_char(int32_t c) {
    if (c < 0)
        return TEXT_BAD;
    if (c == 0x110 || c == 0x111 || c == 0xD0 || c == 0xF0 || c == 0x189 ||
        c == 0x256)
        return 'd';
    return (int32_t)text_lower_char((uint32_t)c);
}

// A line's code points: decomposed, without diacritics, in lower case,
// composed again (so that a Korean syllable is one).
static void fold_line(Points *p, Points *spare, Str line, bool compat) {
    p->len = 0;
    for (size_t at = 0; at < line.len;)
        points_add(p, line, &at, compat);
    size_t to = 0;
    for (size_t i = 0; i < p->len; i++)
        if (!is_diacritic(p->items[i]) &&
            !(p->items[i] > 0 && is_invisible((uint32_t)p->items[i])))
            p->items[to++] = fold_char(p->items[i]);
    p->len = to;
    order_marks(p, spare);
    compose(p);
}

// The whole of the line, if it has nothing but what text_base_letter knows.
static bool fold_plain(Buf *out, Str line, bool *space) {
    size_t len = out->len;
    bool had_space = *space;
    for (size_t at = 0; at < line.len;) {
        char base = text_base_letter(text_next(line, &at));
        if (!base) {
            out->len = len;
            *space = had_space;
            return false;
        }
        put_squeezed(out, (unsigned char)base, space);
    }
    return true;
}

Str text_fold(Arena *a, Str s) {
    Buf out = {.arena = a};
    buf_reserve(&out, s.len);
    Points points = {.arena = a}, spare = {.arena = a};
    bool space = false;
    for (size_t at = 0, end; at < s.len; at = end) {
        end = line_end(s, at);
        if (fold_plain(&out, str_slice(s, at, end), &space))
            continue;
        fold_line(&points, &spare, str_slice(s, at, end), false);
        for (size_t i = 0; i < points.len; i++)
            put_squeezed(&out, (uint32_t)points.items[i], &space);
    }
    return buf_str(&out);
}

// Latin letters without a decomposition, in lower case.
static Str latin_base(int32_t c) {
    switch (c) {
    case 0xDF:
        return S("ss");
    case 0xE6:
        return S("ae");
    case 0xF8:
        return S("o");
    case 0xFE:
        return S("th");
    case 0x131:
        return S("i");
    case 0x142:
        return S("l");
    case 0x153:
        return S("oe");
    default:
        return (Str){0};
    }
}

static bool is_category(int32_t c, utf8proc_category_t from,
                        utf8proc_category_t to) {
    utf8proc_category_t category = utf8proc_category(c);
    return category >= from && category <= to;
}

static bool is_letter(int32_t c) {
    return is_category(c, UTF8PROC_CATEGORY_LU, UTF8PROC_CATEGORY_LO);
}

static bool is_mark(int32_t c) {
    return is_category(c, UTF8PROC_CATEGORY_MN, UTF8PROC_CATEGORY_ME);
}

static bool is_number(int32_t c) {
    return is_category(c, UTF8PROC_CATEGORY_ND, UTF8PROC_CATEGORY_NO);
}

static void put_dash(Buf *out) {
    if (out->len && out->ptr[out->len - 1] != '-')
        buf_putc(out, '-');
}

static void put_slug_char(Buf *out, int32_t c) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
        buf_putc(out, (char)c);
        return;
    }
    Str base = latin_base(c);
    if (base.len) {
        buf_put(out, base);
        return;
    }
    put_dash(out);
    if (c >= 0x80 && (is_letter(c) || is_mark(c) || is_number(c)))
        buf_fmt(out, "%x-", (unsigned)c);
}

// At a "-" when there is one: half a word says less than none.
static Str cut_slug(Str slug) {
    size_t end = slug.len;
    if (end > SLUG_MAX) {
        end = SLUG_MAX;
        while (end > 0 && slug.ptr[end] != '-')
            end--;
        end = end ? end : SLUG_MAX;
    }
    while (end > 0 && slug.ptr[end - 1] == '-')
        end--;
    return str_slice(slug, 0, end);
}

bool text_is_slug(Str s) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool is_dash = c == '-' && i && s.ptr[i - 1] != '-';
        if (!is_dash && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
            return false;
    }
    return s.len && s.len <= SLUG_MAX && s.ptr[s.len - 1] != '-';
}

// As fold_plain.
static bool slug_plain(Buf *out, Str line) {
    size_t len = out->len;
    for (size_t at = 0; at < line.len && out->len <= SLUG_MAX;) {
        char base = text_base_letter(text_next(line, &at));
        if (!base) {
            out->len = len;
            return false;
        }
        put_slug_char(out, base);
    }
    return true;
}

// Stops once there is enough for the cut: nobody needs the slug of a book.
Str text_slug(Arena *a, Str s) {
    if (text_is_slug(s))
        return str_copy(a, s);
    Buf out = {.arena = a};
    Points points = {.arena = a}, spare = {.arena = a};
    for (size_t at = 0, end; at < s.len && out.len <= SLUG_MAX; at = end) {
        end = line_end(s, at);
        if (slug_plain(&out, str_slice(s, at, end)))
            continue;
        fold_line(&points, &spare, str_slice(s, at, end), true);
        for (size_t i = 0; i < points.len && out.len <= SLUG_MAX; i++)
            put_slug_char(&out, points.items[i]);
    }
    return cut_slug(buf_str(&out));
}

static bool is_path_char(Str s, size_t at, uint32_t c) {
    if (c == '%')
        return escape_byte(s, at) >= 0;
    if (c < 0x80 && c && strchr("./\\_#+~-@", (int)c))
        return true;
    return is_letter((int32_t)c) || is_mark((int32_t)c) ||
           utf8proc_category((int32_t)c) == UTF8PROC_CATEGORY_ND;
}

Str text_slug_unicode(Arena *a, Str s) {
    s = text_nfc(a, s, NULL);
    Buf out = {.arena = a};
    bool space = false;
    for (size_t at = 0; at < s.len;) {
        size_t from = at;
        uint32_t c = text_next(s, &at);
        space = space || text_is_space(c);
        if (!is_path_char(s, from, c))
            continue;
        if (space && c != '-')
            put_dash(&out);
        space = false;
        text_put(&out, text_lower_char(c));
    }
    return buf_str(&out);
}

Str text_version(void) {
    return str_from(utf8proc_version());
}
