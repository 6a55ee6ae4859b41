// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <string.h>

#include "base/str.h"

#define ASSERT_STR(s, expected) assert_true(str_eq((s), S(expected)))

static int setup(void **state) {
    *state = arena_new();
    return 0;
}

static int teardown(void **state) {
    arena_free(*state);
    return 0;
}

static void arena_gives_zeroed_aligned_memory(void **state) {
    Arena *a = *state;
    for (size_t i = 1; i < 3000; i += 7) {
        char *p = ARENA_ARRAY(a, char, i);
        for (size_t k = 0; k < i; k++)
            assert_int_equal(p[k], 0);
        memset(p, 'x', i);
        assert_int_equal((uintptr_t)ARENA_NEW(a, uint64_t) % 8, 0);
    }
    char *big = ARENA_ARRAY(a, char, 1000000);
    assert_int_equal(big[999999], 0);
}

static void arena_reset_gives_back_what_came_after_the_mark(void **state) {
    Arena *a = *state;
    char *before = memcpy(arena_bytes(a, 4), "abc", 4);
    for (int round = 0; round < 50; round++) {
        ArenaMark mark = arena_mark(a);
        for (size_t i = 0; i < 20; i++)
            memset(arena_bytes(a, 20000), 'y', 20000);
        arena_reset(a, mark);
        char *p = ARENA_ARRAY(a, char, 50000); // zeroed again
        assert_int_equal(p[0], 0);
        assert_int_equal(p[49999], 0);
        arena_reset(a, mark);
    }
    assert_string_equal(before, "abc");
}

static void array_grows_and_keeps_its_items(void **state) {
    size_t *items = NULL, cap = 0;
    for (size_t i = 0; i < 1000; i++) {
        items = arena_grow(*state, items, i, &cap, sizeof *items);
        assert_true(cap > i && cap <= 8 + 2 * i);
        items[i] = i;
    }
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
}

static void sized_arena_holds_its_size_and_more(void **state) {
    (void)state;
    for (size_t size = 0; size < 40; size++) {
        Arena *a = arena_new_sized(size);
        memset(arena_bytes(a, size), 'x', size);
        memset(arena_bytes(a, 100), 'y', 100);
        arena_free(a);
    }
    arena_free(NULL);
}

static void arena_extends_only_what_is_last(void **state) {
    Arena *a = *state;
    char *p = arena_bytes(a, 10);
    assert_true(arena_extend(a, p, 10, 90));
    memset(p, 'x', 100);
    assert_false(arena_extend(a, p, 100, 1000000));
    char *q = arena_bytes(a, 1);
    assert_false(arena_extend(a, p, 100, 1));
    *q = 'q';
    assert_false(arena_extend(a, NULL, 0, 1));
}

static void compares(void **state) {
    (void)state;
    assert_true(str_eq((Str){0}, S("")));
    assert_false(str_eq(S("a"), S("b")));
    assert_false(str_eq(S("a"), S("ab")));
    assert_true(str_eq_nocase(S("aBc-9"), S("AbC-9")));
    assert_false(str_eq_nocase(S("[a"), S("{a"))); // 0x5B and 0x7B
    assert_true(str_cmp(S("a"), S("b")) < 0);
    assert_true(str_cmp(S("ab"), S("a")) > 0);
    assert_int_equal(str_cmp((Str){0}, S("")), 0);
    assert_true(str_cmp(S("\xC3"), S("z")) > 0); // bytes are unsigned
    assert_true(str_starts(S("abc"), S("ab")));
    assert_true(str_starts(S("abc"), (Str){0}));
    assert_false(str_starts(S("a"), S("ab")));
    assert_true(str_ends(S("abc"), S("bc")));
    assert_false(str_ends(S("c"), S("bc")));
}

static void slices_and_trims(void **state) {
    (void)state;
    ASSERT_STR(str_slice(S("abcd"), 1, 3), "bc");
    ASSERT_STR(str_slice(S("abcd"), 3, 99), "d");
    ASSERT_STR(str_slice(S("abcd"), 9, 99), "");
    ASSERT_STR(str_slice(S("abcd"), 3, 1), "");
    assert_int_equal(str_slice((Str){0}, 1, 2).len, 0);
    ASSERT_STR(str_trim(S(" \t\n a b \r\v\f")), "a b");
    ASSERT_STR(str_trim(S("   ")), "");
    assert_int_equal(str_trim((Str){0}).len, 0);
}

static void finds(void **state) {
    (void)state;
    assert_int_equal(str_find(S("abcabc"), S("bc"), 0), 1);
    assert_int_equal(str_find(S("abcabc"), S("bc"), 2), 4);
    assert_true(str_find(S("abcabc"), S("bc"), 5) == SIZE_MAX);
    assert_true(str_find(S("abc"), S("abcd"), 0) == SIZE_MAX);
    assert_true(str_find(S("abc"), S("a"), 99) == SIZE_MAX);
    assert_int_equal(str_find(S("abc"), (Str){0}, 3), 3);
    assert_int_equal(str_find((Str){0}, (Str){0}, 0), 0);
}

static void cuts(void **state) {
    (void)state;
    Str rest = S("a,,b,"), item;
    assert_true(str_cut(&rest, ',', &item));
    ASSERT_STR(item, "a");
    assert_true(str_cut(&rest, ',', &item));
    ASSERT_STR(item, "");
    assert_true(str_cut(&rest, ',', &item));
    ASSERT_STR(item, "b");
    assert_true(str_cut(&rest, ',', &item));
    ASSERT_STR(item, "");
    assert_false(str_cut(&rest, ',', &item));
}

static void copies(void **state) {
    Arena *a = *state;
    assert_string_equal(str_cstr(a, (Str){0}), "");
    assert_string_equal(str_cstr(a, S("ab")), "ab");
    Str copy = str_copy(a, S("AbĐ"));
    ASSERT_STR(copy, "AbĐ");
    ASSERT_STR(str_lower(a, copy), "abĐ");
    ASSERT_STR(copy, "AbĐ");
    ASSERT_STR(str_from("x"), "x");
    assert_int_equal(str_from(NULL).len, 0);
}

static void formats(void **state) {
    Arena *a = *state;
    ASSERT_STR(str_fmt(a, "%d-%s", 5, "x"), "5-x");
    Str wide = str_fmt(a, "%0200d|%s", 7, "end");
    assert_int_equal(wide.len, 204);
    assert_true(str_ends(wide, S("7|end")));
}

static void reads_integers(void **state) {
    (void)state;
    int64_t n = 1;
    assert_true(str_to_int(S("0"), &n));
    assert_int_equal(n, 0);
    assert_true(str_to_int(S("-12"), &n));
    assert_int_equal(n, -12);
    assert_true(str_to_int(S("+7"), &n));
    assert_int_equal(n, 7);
    assert_true(str_to_int(S("9223372036854775807"), &n));
    assert_true(n == INT64_MAX);
    assert_true(str_to_int(S("-9223372036854775808"), &n));
    assert_true(n == INT64_MIN);
    static const char *const bad[] = {"",
                                      "-",
                                      "+",
                                      "1 ",
                                      " 1",
                                      "1.0",
                                      "0x1",
                                      "--1",
                                      "9223372036854775808",
                                      "-9223372036854775809"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(str_to_int(str_from(bad[i]), &n));
}

static void reads_decimal_numbers(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double number;
    } good[] = {{"1", 1},
                {"-1.5", -1.5},
                {".5", .5},
                {"5.", 5},
                {"2e3", 2000},
                {"1.25E-2", 0.0125},
                {"0.1", 0.1},
                {"3.14159", 3.14159},
                {"0e9", 0},
                {"1e22", 1e22},
                {"123456789012345678901234567890", 1.2345678901234568e29},
                {"1e308", 1e308},
                {"1e-400", 0},
                {"0.000001", 1e-6},
                {"0e99999", 0}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        double x = 99;
        assert_true(str_to_float(str_from(good[i].text), &x));
        double off = x - good[i].number, size = good[i].number;
        assert_true((off < 0 ? -off : off) <=
                    (size < 0 ? -size : size) * 3e-16);
    }
    static const char *const bad[] = {"",      ".",
                                      "-",     "e5",
                                      "1e",    "1e+",
                                      "1,5",   "1.2.3",
                                      "0x1p3", "inf",
                                      "nan",   " 1",
                                      "1e999", "1e99999999999999999999"};
    double x;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(str_to_float(str_from(bad[i]), &x));
}

static void bufs_grow(void **state) {
    Arena *a = *state;
    Buf b = {.arena = a}, other = {.arena = a};
    for (int i = 0; i < 5000; i++) {
        buf_fmt(&b, "%d,", i);
        if (i % 3 == 0)
            buf_putc(&other, 'o'); // so that neither can always extend
        buf_put(&b, S("x"));
        buf_put(&b, (Str){0});
    }
    Str text = buf_str(&b), item;
    for (int i = 0; i < 5000; i++) {
        assert_true(str_cut(&text, 'x', &item));
        assert_true(str_eq(item, str_fmt(a, "%d,", i)));
    }
    assert_int_equal(other.len, 1667);
    buf_reserve(&other, 100000);
    assert_true(other.cap - other.len >= 100000);
    assert_int_equal(buf_str(&other).ptr[1666], 'o');
}

static void cat_joins_three(void **state) {
    assert_true(str_eq(str_cat(*state, S("a"), S("/"), S("bc")), S("a/bc")));
    assert_true(str_eq(str_cat(*state, (Str){0}, S("x"), (Str){0}), S("x")));
    assert_int_equal(str_cat(*state, (Str){0}, (Str){0}, (Str){0}).len, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cat_joins_three),
        cmocka_unit_test(arena_gives_zeroed_aligned_memory),
        cmocka_unit_test(arena_reset_gives_back_what_came_after_the_mark),
        cmocka_unit_test(array_grows_and_keeps_its_items),
        cmocka_unit_test(sized_arena_holds_its_size_and_more),
        cmocka_unit_test(arena_extends_only_what_is_last),
        cmocka_unit_test(compares),
        cmocka_unit_test(slices_and_trims),
        cmocka_unit_test(finds),
        cmocka_unit_test(cuts),
        cmocka_unit_test(copies),
        cmocka_unit_test(formats),
        cmocka_unit_test(reads_integers),
        cmocka_unit_test(reads_decimal_numbers),
        cmocka_unit_test(bufs_grow),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
