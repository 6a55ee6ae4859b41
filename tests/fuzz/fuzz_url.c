// The URL filter, slugs, normal form and cleaning: each keeps its promise for
// any bytes, and does nothing more when it is given its own result.
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/escape.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok) {
    if (!ok)
        abort();
}

static bool is_allowed_scheme(Str scheme) {
    return str_eq_nocase(scheme, S("http")) ||
           str_eq_nocase(scheme, S("https")) ||
           str_eq_nocase(scheme, S("mailto")) ||
           str_eq_nocase(scheme, S("tel"));
}

// Only what RFC 3986 allows, no scheme but ours, no host by the back door.
static void check_url(Arena *a, Str s) {
    Str url, again;
    if (!escape_safe_url(a, s, &url))
        return;
    for (size_t i = 0; i < url.len; i++)
        must(strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                    "0123456789-._~:/?#@!$&'()*+,;=%[]",
                    url.ptr[i]) != NULL &&
             url.ptr[i]);
    must(!str_starts(url, S("//")));
    for (size_t i = 0; i < url.len && !strchr("/?#", url.ptr[i]); i++)
        if (url.ptr[i] == ':') {
            must(is_allowed_scheme(str_slice(url, 0, i)));
            break;
        }
    must(escape_safe_url(a, url, &again) && str_eq(url, again));
}

static void check_slug(Arena *a, Str s) {
    Str slug = text_slug(a, s);
    must(slug.len <= 80);
    for (size_t i = 0; i < slug.len; i++) {
        char c = slug.ptr[i];
        bool is_dash =
            c == '-' && i > 0 && i + 1 < slug.len && slug.ptr[i - 1] != '-';
        must((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || is_dash);
    }
    must(str_eq(text_slug(a, slug), slug));
    must(str_eq(text_slug(a, text_nfc(a, s, NULL)), slug));
}

// utf8proc's own way, for what it can be given: valid and not too long (it
// takes quadratic time).
static void check_nfc(Arena *a, Str s) {
    bool changed;
    Str nfc = text_nfc(a, s, &changed);
    must(changed != str_eq(nfc, s));
    must(changed || nfc.ptr == s.ptr);
    must(str_eq(text_nfc(a, nfc, &changed), nfc) && !changed);
    if (s.len > 1000 || text_invalid_at(s) != SIZE_MAX ||
        (s.len && memchr(s.ptr, 0, s.len)))
        return;
    uint8_t *theirs = utf8proc_NFC((const uint8_t *)str_cstr(a, s));
    must(theirs && str_eq(nfc, str_from((const char *)theirs)));
    free(theirs);
}

static void check_clean(Arena *a, Str s) {
    Str clean = text_clean(a, s);
    must(text_invalid_at(clean) == SIZE_MAX);
    for (size_t at = 0; at < clean.len;)
        must(text_is_clean_char(text_next(clean, &at)));
    must(text_clean(a, clean).ptr == clean.ptr);
}

static void check_valid(Str s) {
    must(text_invalid_at(s) == SIZE_MAX);
}

static void check_rest(Arena *a, Str s) {
    Str fold = text_fold(a, s), key = text_key(a, s);
    check_valid(fold);
    check_valid(key);
    must(str_eq(text_fold(a, text_nfc(a, s, NULL)), fold));
    check_valid(text_slug_unicode(a, s));
    must(text_offset(s, text_count(s)) == s.len);
    (void)text_width(s);
    Str cut = text_truncate_words(a, s, s.len % 9);
    must(text_words(cut) <= s.len % 9 + 1);
    Buf out = {.arena = a};
    escape_xml(&out, s);
    escape_json(&out, s);
    escape_ical(&out, s);
    escape_terminal(&out, s);
    check_valid(buf_str(&out));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new();
    Str s = {(const char *)data, size};
    check_url(a, s);
    check_slug(a, s);
    check_nfc(a, s);
    check_clean(a, s);
    check_rest(a, s);
    arena_free(a);
    return 0;
}
