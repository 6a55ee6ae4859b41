// Text of any bytes. What looks at sixteen bytes at once says what decoding one
// character after the other says, and what comes out is fit to be shown.
#include <stdlib.h>

#include "base/escape.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds)
        abort();
}

static bool is_clean(Str s) {
    for (size_t at = 0; at < s.len;) {
        size_t from = at;
        uint32_t c = text_next(s, &at);
        if (!text_is_clean_char(c) || (c == TEXT_BAD && at == from + 1))
            return false;
    }
    return true;
}

static size_t first_invalid(Str s) {
    for (size_t at = 0; at < s.len;) {
        size_t from = at;
        if (text_next(s, &at) == TEXT_BAD && at == from + 1)
            return from;
    }
    return SIZE_MAX;
}

static void check_clean(Arena *a, Str s) {
    Str clean = text_clean(a, s);
    must((clean.ptr == s.ptr && clean.len == s.len) == is_clean(s));
    must(is_clean(clean));
    must(text_clean(a, clean).ptr == clean.ptr);
}

static void check_forms(Arena *a, Str s) {
    bool changed;
    Str nfc = text_nfc(a, s, &changed);
    must(!text_is_plain(s) || (!changed && first_invalid(s) == SIZE_MAX));
    must(str_eq(text_nfc(a, nfc, NULL), nfc));
    must(first_invalid(text_fold(a, s)) == SIZE_MAX);
    must(first_invalid(text_key(a, s)) == SIZE_MAX);
    Str slug = text_slug(a, s);
    must(!slug.len || str_eq(text_slug(a, slug), slug));
}

static void check_escapes(Arena *a, Str s) {
    Buf html = {.arena = a}, xml = {.arena = a}, url = {.arena = a};
    escape_html(&html, s);
    escape_xml(&xml, s);
    escape_url(&url, s);
    must(str_find(buf_str(&html), S("<"), 0) == SIZE_MAX);
    must(str_find(buf_str(&html), S("\""), 0) == SIZE_MAX);
    must(is_clean(buf_str(&xml)));
    must(!escape_is_plain_url(s) || str_eq(buf_str(&url), s));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new();
    Str s = {(const char *)data, size};
    must(text_invalid_at(s) == first_invalid(s));
    check_clean(a, s);
    check_forms(a, s);
    check_escapes(a, s);
    arena_free(a);
    return 0;
}
