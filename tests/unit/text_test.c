// Text: our decoder and normal form against utf8proc's, slugs, words.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/text.h"

typedef struct {
    const char *in, *out;
} Pair;

static void same(Str got, const char *want, const char *in) {
    if (!str_eq(got, str_from(want)))
        fail_msg("'%s': '%.*s', expected '%s'", in, STR_ARG(got), want);
}

static void check_pairs(Str (*f)(Arena *, Str), const Pair *pairs, size_t n) {
    Arena *a = arena_new();
    for (size_t i = 0; i < n; i++)
        same(f(a, str_from(pairs[i].in)), pairs[i].out, pairs[i].in);
    arena_free(a);
}

#define CHECK_PAIRS(f, pairs)                                                  \
    check_pairs((f), (pairs), sizeof(pairs) / sizeof *(pairs))

static void finds_invalid_bytes(void **state) {
    (void)state;
    static const struct {
        const char *in;
        size_t at;
    } cases[] = {
        {"", SIZE_MAX},
        {"abc", SIZE_MAX},
        {"Đắk Lắk 한국 🎉", SIZE_MAX},
        {"12345678\x80", 8},
        {"a\xC0\x80", 1},    // overlong NUL
        {"\xC1\xBF", 0},     // overlong
        {"\xE0\x9F\xBF", 0}, // overlong
        {"\xE0\xA0\x80", SIZE_MAX},
        {"\xED\x9F\xBF", SIZE_MAX},
        {"\xED\xA0\x80", 0},     // surrogate
        {"\xF0\x8F\xBF\xBF", 0}, // overlong
        {"\xF4\x8F\xBF\xBF", SIZE_MAX},
        {"\xF4\x90\x80\x80", 0}, // beyond U+10FFFF
        {"\xF5\x80\x80\x80", 0},
        {"ab\xE1\xBB", 2}, // cut
        {"ab\xE1\xBB"
         "c",
         2},
        {"é\xFF", 2},
        {"\xEF\xBF\xBF", SIZE_MAX}, // U+FFFF is valid UTF-8
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(text_invalid_at(str_from(cases[i].in)), cases[i].at);
    assert_int_equal(text_invalid_at((Str){0}), SIZE_MAX);
}

static void decodes_what_it_encodes(void **state) {
    (void)state;
    Arena *a = arena_new();
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        char space[8];
        Buf b = {a, space, 0, sizeof space};
        text_put(&b, c);
        uint8_t theirs[4];
        utf8proc_ssize_t n = utf8proc_encode_char((int32_t)c, theirs);
        assert_int_equal(b.len, n);
        assert_int_equal(memcmp(b.ptr, theirs, b.len), 0);
        size_t at = 0;
        assert_int_equal(text_next(buf_str(&b), &at), c);
        assert_int_equal(at, b.len);
        assert_int_equal(text_invalid_at(buf_str(&b)), SIZE_MAX);
    }
    arena_free(a);
}

static void reads_invalid_bytes_one_by_one(void **state) {
    (void)state;
    size_t at = 0;
    Str s = S("\xE1\xBB"
              "a");
    assert_int_equal(text_next(s, &at), TEXT_BAD);
    assert_int_equal(at, 1);
    assert_int_equal(text_next(s, &at), TEXT_BAD);
    assert_int_equal(text_next(s, &at), 'a');
    assert_int_equal(text_next(s, &at), 0);
    assert_int_equal(at, 3);
    assert_int_equal(text_count(s), 3);
}

static void counts_and_measures(void **state) {
    (void)state;
    assert_int_equal(text_count(S("Đắk Lắk")), 7);
    assert_int_equal(text_offset(S("Đắk Lắk"), 2), 5);
    assert_int_equal(text_offset(S("Đắk"), 99), strlen("Đắk"));
    assert_int_equal(text_width(S("Đắk Lắk")), 7);
    assert_int_equal(text_width(S("e\xCC\xA3\xCC\x82")), 1); // ệ of three
    assert_int_equal(text_width(S("한국")), 4);
    assert_int_equal(text_width((Str){0}), 0);
}

// What NFC says of one code point, by utf8proc alone: it composes to itself
// and is neither a mark nor the second half of a composition.
static bool *unsafe_starters(void) {
    bool *set = calloc(0x110000, 1);
    assert_non_null(set);
    for (int32_t c = 0; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        int32_t parts[8];
        int last = 0;
        utf8proc_ssize_t n = utf8proc_decompose_char(
            c, parts, 8, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE, &last);
        assert_in_range(n, 1, 8);
        for (utf8proc_ssize_t i = 1; i < n; i++)
            set[parts[i]] = true;
        n = utf8proc_normalize_utf32(parts, n,
                                     UTF8PROC_STABLE | UTF8PROC_COMPOSE);
        if (n != 1 || parts[0] != c ||
            utf8proc_get_property(c)->combining_class)
            set[c] = true;
    }
    return set;
}

static void fast_path_holds_for_every_code_point(void **state) {
    (void)state;
    bool *is_unsafe = unsafe_starters();
    size_t fast = 0;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        if (text_is_nfc_starter(c) && is_unsafe[c])
            fail_msg("U+%04X is not safe", c);
        fast += text_is_nfc_starter(c);
    }
    free(is_unsafe);
    assert_true(fast > 40000);
    static const uint32_t common[] = {'a',    0x111,  0x1B0,  0x1EC7, 0x2013,
                                      0x201C, 0x2026, 0x20AB, 0x4E2D, 0xD55C};
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        assert_true(text_is_nfc_starter(common[i]));
}

// Each code point before a mark above, one below, and what composes with
// Hangul and kana.
static void nfc_agrees_for_every_code_point(void **state) {
    (void)state;
    static const char *const marks[] = {"\xCC\x81", "\xCC\xA3", "\xE1\x85\xA1",
                                        "\xE1\x86\xA8", "\xE3\x82\x99"};
    Arena *a = arena_new();
    for (uint32_t c = 1; c <= 0x2FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        ArenaMark mark = arena_mark(a);
        for (size_t i = c % 2; i < 5; i += 2) {
            Buf b = {.arena = a};
            buf_putc(&b, 'e');
            text_put(&b, c);
            buf_put(&b, str_from(marks[i]));
            buf_putc(&b, '\0');
            bool changed;
            Str got = text_nfc(a, buf_str(&b), &changed);
            uint8_t *want = utf8proc_NFC((const uint8_t *)b.ptr);
            if (strcmp(got.ptr, (const char *)want) != 0)
                fail_msg("U+%04X before mark %zu", c, i);
            assert_int_equal(changed, strcmp(b.ptr, (const char *)want) != 0);
            free(want);
        }
        arena_reset(a, mark);
    }
    arena_free(a);
}

static uint32_t next_random(uint64_t *seed) {
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

static uint32_t random_point(uint64_t *seed) {
    static const uint32_t from[] = {0x20,    0xC0,   0x300,  0x1E00, 0x1100,
                                    0x900,   0xAC00, 0x3041, 0x5D0,  0xFB1D,
                                    0x1D15E, 0x2F00, 0x212A, 0x300,  0x323};
    static const uint32_t span[] = {96, 400, 112, 256, 256, 256, 200, 120,
                                    32, 50,  12,  30,  2,   5,   4};
    uint32_t i = next_random(seed) % 15;
    return from[i] + next_random(seed) % span[i];
}

static void nfc_agrees_on_random_text(void **state) {
    (void)state;
    uint64_t seed = 1975;
    for (int round = 0; round < 20000; round++) {
        Arena *a = arena_new();
        Buf b = {.arena = a};
        for (uint32_t n = next_random(&seed) % 40; n > 0; n--)
            text_put(&b, random_point(&seed));
        buf_putc(&b, '\0');
        Str got = text_nfc(a, buf_str(&b), NULL);
        uint8_t *want = utf8proc_NFC((const uint8_t *)b.ptr);
        assert_string_equal(got.ptr, want);
        free(want);
        arena_free(a);
    }
}

static void nfc_of_vietnamese(void **state) {
    (void)state;
    static const Pair pairs[] = {
        {"e\xCC\xA3\xCC\x82", "ệ"},
        {"e\xCC\x82\xCC\xA3", "ệ"},
        {"ê\xCC\xA3", "ệ"},
        {"ẹ\xCC\x82", "ệ"},
        {"ơ\xCC\x80", "ờ"},
        {"o\xCC\x80\xCC\x9B", "ờ"},
        {"dòng một\no\xCC\x80 hai\nba \xE2\x84\xAA", "dòng một\nò hai\nba K"},
    };
    Arena *a = arena_new();
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        bool changed = false;
        Str in = str_from(pairs[i].in);
        same(text_nfc(a, in, &changed), pairs[i].out, pairs[i].in);
        assert_true(changed);
    }
    bool changed = true;
    Str plain = S("Đẩy mạnh công tác – “truyền thông”… 50.000 ₫ 한국");
    assert_ptr_equal(text_nfc(a, plain, &changed).ptr, plain.ptr);
    assert_false(changed);
    // Marks alone are NFC too: looked at, and given back uncopied.
    Str thai = S("\xE0\xB8\x97\xE0\xB8\xB5\xE0\xB9\x88");
    assert_ptr_equal(text_nfc(a, thai, &changed).ptr, thai.ptr);
    assert_false(changed);
    // Invalid bytes stay, and what is around them is composed.
    same(text_nfc(a,
                  S("\xFF"
                    "e\xCC\x81\xC3"),
                  &changed),
         "\xFFé\xC3", "bad");
    arena_free(a);
}

// Marks of alternating class, which a sort by swapping takes minutes for.
static void nfc_is_not_quadratic(void **state) {
    (void)state;
    Arena *a = arena_new();
    Buf b = {.arena = a};
    for (int i = 0; i < 250000; i++)
        buf_put(&b, S("\xCC\x81\xCC\xA3"));
    bool changed;
    assert_int_equal(text_nfc(a, buf_str(&b), &changed).len, b.len);
    assert_true(changed);
    assert_int_equal(text_fold(a, buf_str(&b)).len, 0);
    arena_free(a);
}

#define BAD "\xEF\xBF\xBD"

static void cleans(void **state) {
    (void)state;
    static const Pair pairs[] = {
        {"a\x01"
         "b\x1B\x7F"
         "c\t\n\r",
         "abc\t\n\r"},
        {"\xC2\x85\xC2\xA0", "\xC2\xA0"},
        {"\xEF\xBF\xBE\xEF\xBF\xBF" BAD, BAD},
        {"a\xFF\xC3", "a" BAD BAD},
        {"\xED\xA0\x80", BAD BAD BAD},
        // What is behind a byte that begins nothing is no tail of it.
        {"ab\xED\xA0\x80 and sixteen more",
         "ab" BAD BAD BAD " and sixteen more"},
        {"ab\xF8\x80\x80 and sixteen more",
         "ab" BAD BAD BAD " and sixteen more"},
        {"ab\xC0\x80 and sixteen more", "ab" BAD BAD " and sixteen more"},
    };
    CHECK_PAIRS(text_clean, pairs);
    Arena *a = arena_new();
    Str s = S("Đã sạch");
    assert_ptr_equal(text_clean(a, s).ptr, s.ptr);
    assert_int_equal(text_clean(a, S("a\0b")).len, 2);
    arena_free(a);
}

// Every byte at every place of a block of eight, and every code point.
static void cleans_everywhere(void **state) {
    (void)state;
    Arena *a = arena_new();
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        ArenaMark mark = arena_mark(a);
        Buf b = {.arena = a};
        buf_put(&b, str_slice(S("01234567"), 0, c % 8));
        size_t from = b.len;
        text_put(&b, c);
        size_t n = b.len - from;
        buf_put(&b, S("abcdefghijk"));
        bool is_clean = text_clean(a, buf_str(&b)).len == b.len;
        if (is_clean != text_is_clean_char(c))
            fail_msg("U+%04X", c);
        if (!is_clean)
            assert_int_equal(text_clean(a, buf_str(&b)).len, b.len - n);
        arena_reset(a, mark);
    }
    for (int c = 0; c < 256; c++)
        for (size_t at = 0; at < 16; at++) {
            char bytes[] = "abcdefghijklmnop";
            bytes[at] = (char)c;
            bool want =
                c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0x7F);
            Str clean = text_clean(a, (Str){bytes, 16});
            assert_int_equal(clean.ptr == bytes, want);
        }
    arena_free(a);
}

static void changes_case(void **state) {
    (void)state;
    static const Pair lower[] = {{"ĐẮK LẮK", "đắk lắk"},
                                 {"", ""},
                                 {"ỨNG Ư Ơ", "ứng ư ơ"},
                                 {"ΣΑ", "σα"},
                                 {"a\xFFZ", "a\xFFz"}};
    static const Pair upper[] = {{"đắk lắk", "ĐẮK LẮK"}, {"ữ 1", "Ữ 1"}};
    static const Pair capital[] = {{"đẮK LẮK", "Đắk lắk"}, {"1A", "1a"}};
    CHECK_PAIRS(text_lower, lower);
    CHECK_PAIRS(text_upper, upper);
    CHECK_PAIRS(text_capitalize, capital);
}

static void folds(void **state) {
    (void)state;
    static const Pair fold[] = {
        {"Đẩy mạnh công tác", "day manh cong tac"},
        {"  ĐẮK\t\n LẮK ", "dak lak"},
        {"\xC3\x90\xE1\xBA\xAFk \xC6\x89\xC9\x96\xC3\xB0", "dak ddd"},
        {"e\xCC\x82\xCC\xA3", "e"},
        {"x\xC2\xAD\xE2\x80\x8By\xEF\xBB\xBF", "xy"},
        {"\xC2\xA0"
         "a\xE2\x80\x89"
         "b",
         "a b"},
        {"삼성", "삼성"},
        {"が", "が"},
    };
    static const Pair key[] = {
        {"  Công  Đoàn\n", "công đoàn"},
        {"co\xCC\x82ng \xC4\x90oa\xCC\x80n", "công đoàn"},
        {"ATVSLĐ", "atvslđ"},
    };
    CHECK_PAIRS(text_fold, fold);
    CHECK_PAIRS(text_key, key);
}

static void makes_slugs(void **state) {
    (void)state;
    static const Pair pairs[] = {
        {"Đẩy mạnh công tác truyền thông", "day-manh-cong-tac-truyen-thong"},
        {"438/KH-LĐLĐ", "438-kh-ldld"},
        {"01-KL/TW", "01-kl-tw"},
        {"Ngày 1/5 – Quốc tế Lao động", "ngay-1-5-quoc-te-lao-dong"},
        {"“Vào Công đoàn để làm gì?”", "vao-cong-doan-de-lam-gi"},
        {"ĐẮK LẮK", "dak-lak"},
        {"\xC3\x90\xE1\xBA\xAFk Lắk", "dak-lak"},
        {"Hoà Bình", "hoa-binh"},
        {"Hòa Bình", "hoa-binh"},
        {"50.000 đồng/suất", "50-000-dong-suat"},
        {"삼성", "c0bc-c131"},
        {"\xE1\x84\x89\xE1\x85\xA1\xE1\x86\xB7", "c0bc"}, // 삼 in pieces
        {"Công ty 삼성 Việt Nam", "cong-ty-c0bc-c131-viet-nam"},
        {"工会", "5de5-4f1a"},
        {"Mærsk, Ørsted, Łódź, straße", "maersk-orsted-lodz-strasse"},
        {"ＡＢＣ 100 m²", "abc-100-m2"},
        {"!!! – …", ""},
        {"", ""},
        {"\xFF\xFE", ""},
        {"chữ\xC2\xAD"
         "mềm",
         "chumem"},
        // 81 bytes, cut at the last dash before; and one without any.
        {"aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff "
         "ggggggggg hhhhhhhhhhh",
         "aaaaaaaaa-bbbbbbbbb-ccccccccc-ddddddddd-eeeeeeeee-fffffffff-"
         "ggggggggg"},
        {"aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff "
         "ggggggggg hhhhhhhhhh i",
         "aaaaaaaaa-bbbbbbbbb-ccccccccc-ddddddddd-eeeeeeeee-fffffffff-"
         "ggggggggg-hhhhhhhhhh"},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaaaaaaaaaaaaaaaaaaaaa",
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaaaaaaaaaaa"},
    };
    CHECK_PAIRS(text_slug, pairs);
}

static void makes_slugs_as_hugo(void **state) {
    (void)state;
    static const Pair pairs[] = {
        {"Đẩy mạnh Công tác", "đẩy-mạnh-công-tác"},
        {"  a  b  ", "a-b"},
        {"a - b", "a-b"},
        {"438/KH-LĐLĐ", "438/kh-lđlđ"},
        {"What's up? (x)", "whats-up-x"},
        {"a%20b%zz", "a%20bzz"},
        {"C++ v1.0_x~y@z#w", "c++-v1.0_x~y@z#w"},
        {"a – b", "a-b"},
        {"삼성", "삼성"},
    };
    CHECK_PAIRS(text_slug_unicode, pairs);
}

static void counts_words(void **state) {
    (void)state;
    assert_int_equal(text_words(S("")), 0);
    assert_int_equal(text_words(S("  \n ")), 0);
    assert_int_equal(text_words(S(" một hai\nba\t4 ")), 4);
    assert_int_equal(text_words(S("50\xC2\xA0%")), 2);
}

static void truncates(void **state) {
    (void)state;
    static const struct {
        const char *in;
        size_t words;
        const char *out;
    } cases[] = {
        {"một hai ba", 3, "một hai ba"},
        {"một hai ba \n", 3, "một hai ba"},
        {"một hai ba bốn", 3, "một hai ba…"},
        {"một hai, ba", 2, "một hai…"},
        {"một hai – ba", 3, "một hai…"},
        {"A b c d e f g. H i j k", 9, "A b c d e f g. …"},
        {"A b c d e f “g.” H i j k", 9, "A b c d e f “g.” …"},
        {"A b c. D e f g h i j k", 9, "A b c. D e f g h i…"},
        {"ở tại Ủy ban TP. Huế và thêm", 5, "ở tại Ủy ban TP…"},
        {"a b c d e ThS. Nguyễn Văn A", 7, "a b c d e ThS. Nguyễn…"},
        {"Có không? Dạ có ạ.", 2, "Có không? …"},
        {"một", 0, "…"},
        {"", 0, ""},
        {"", 5, ""},
    };
    Arena *a = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        same(text_truncate_words(a, str_from(cases[i].in), cases[i].words),
             cases[i].out, cases[i].in);
    arena_free(a);
}

// The places of what the quick look over many bytes must find are those that a
// walk over code points finds, wherever they stand in it.
static void check_scan(Arena *a, Str s) {
    size_t bad = SIZE_MAX;
    bool is_clean = true;
    for (size_t at = 0; at < s.len && bad == SIZE_MAX;) {
        size_t from = at;
        uint32_t c = text_next(s, &at);
        if (c == TEXT_BAD && at == from + 1)
            bad = from;
        is_clean = is_clean && text_is_clean_char(c);
    }
    is_clean = is_clean && bad == SIZE_MAX;
    assert_int_equal(text_invalid_at(s), bad);
    assert_true(bad == SIZE_MAX || !text_is_plain(s));
    assert_int_equal(text_clean(a, s).ptr == s.ptr, is_clean);
}

static void scans_every_byte_everywhere(void **state) {
    (void)state;
    static const char all[] =
        "Đẩy mạnh “phong trào” – mỗi \xE0\xB8\x81 한 \xF0\x9F\x8E\x89 năm\n"
        "Tháng Công nhân, tại công đoàn cơ sở xã Mỹ Đức…";
    size_t len = sizeof all - 1;
    Arena *a = arena_new();
    ArenaMark mark = arena_mark(a);
    for (size_t at = 0; at < len; at++)
        for (int c = 0; c < 256; c++) {
            char *copy = arena_bytes(a, len);
            memcpy(copy, all, len);
            copy[at] = (char)c;
            check_scan(a, (Str){copy, len});
            check_scan(a, (Str){copy + at / 2, len - at / 2});
            check_scan(a, (Str){copy, at + 1});
            arena_reset(a, mark);
        }
    arena_free(a);
}

static void goes_back(void **state) {
    (void)state;
    Str s = S("aĐẩ\xF0\x9F\x8E\x89");
    const uint32_t chars[] = {0x1F389, 0x1EA9, 0x110, 'a', 0, 0};
    const size_t starts[] = {6, 3, 1, 0, 0, 0};
    size_t at = s.len;
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(text_before(s, &at), chars[i]);
        assert_int_equal(at, starts[i]);
    }
}

static void survives_every_cut(void **state) {
    (void)state;
    static const char all[] =
        "Đẩy\xFF mạ\xCC\xA3nh\n한국\xF0\x9F\x8E\x89 TP. x²";
    Arena *a = arena_new();
    for (size_t from = 0; from < sizeof all - 1; from++)
        for (size_t n = 0; n < sizeof all - from; n++) {
            char *copy = malloc(n ? n : 1); // so that a step too far is seen
            memcpy(copy, all + from, n);
            Str s = {copy, n};
            (void)text_nfc(a, s, NULL);
            assert_int_equal(text_invalid_at(text_clean(a, s)), SIZE_MAX);
            assert_int_equal(text_invalid_at(text_fold(a, s)), SIZE_MAX);
            assert_int_equal(text_invalid_at(text_key(a, s)), SIZE_MAX);
            assert_int_equal(text_invalid_at(text_slug_unicode(a, s)),
                             SIZE_MAX);
            Str slug = text_slug(a, s);
            assert_true(!slug.len || text_is_slug(slug));
            assert_int_equal(text_is_slug(s), slug.len && str_eq(slug, s));
            (void)text_truncate_words(a, s, 2);
            (void)text_width(s);
            free(copy);
        }
    assert_int_equal(text_slug(a, (Str){0}).len, 0);
    assert_int_equal(text_key(a, (Str){0}).len, 0);
    assert_int_equal(text_nfc(a, (Str){0}, NULL).len, 0);
    arena_free(a);
}

// Every letter of the table is what a fold without it gives: behind a letter
// that the table does not know the whole line is decomposed.
static void base_letters(void **state) {
    (void)state;
    Arena *a = arena_new();
    size_t known = 0;
    for (uint32_t c = 1; c < 0x3000; c++) {
        char base = text_base_letter(c);
        if (!base || text_is_space(c))
            continue;
        Buf text = {.arena = a};
        text_put(&text, c);
        buf_put(&text, S("ω"));
        Str fold = text_fold(a, buf_str(&text));
        assert_int_equal(fold.len, 3);
        assert_int_equal(fold.ptr[0], base);
        known += c >= 0x80;
    }
    assert_true(known > 250);
    assert_int_equal(text_base_letter(0x111), 'd');
    assert_int_equal(text_base_letter(0x1EF4), 'y');
    assert_int_equal(text_base_letter(0x3C9), 0);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_letters),
        cmocka_unit_test(finds_invalid_bytes),
        cmocka_unit_test(decodes_what_it_encodes),
        cmocka_unit_test(reads_invalid_bytes_one_by_one),
        cmocka_unit_test(counts_and_measures),
        cmocka_unit_test(fast_path_holds_for_every_code_point),
        cmocka_unit_test(nfc_agrees_for_every_code_point),
        cmocka_unit_test(nfc_agrees_on_random_text),
        cmocka_unit_test(nfc_of_vietnamese),
        cmocka_unit_test(nfc_is_not_quadratic),
        cmocka_unit_test(cleans),
        cmocka_unit_test(cleans_everywhere),
        cmocka_unit_test(changes_case),
        cmocka_unit_test(folds),
        cmocka_unit_test(makes_slugs),
        cmocka_unit_test(makes_slugs_as_hugo),
        cmocka_unit_test(counts_words),
        cmocka_unit_test(truncates),
        cmocka_unit_test(scans_every_byte_everywhere),
        cmocka_unit_test(goes_back),
        cmocka_unit_test(survives_every_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
