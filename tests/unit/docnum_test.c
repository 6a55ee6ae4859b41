// Numbers of documents: how they are read as a field and in running text.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <string.h>

#include "parse/docnum.h"

// Every spot of `text`: its readings, the longest first, as "start-end key"
// joined by ", "; spots are joined by "; ".
static void expect(const char *text, const char *want) {
    Arena *a = arena_new();
    Str s = str_from(text);
    Buf got = {.arena = a};
    DocNumSpot spot;
    for (size_t at = 0; docnum_scan(a, s, at, &spot);) {
        assert_true(docnum_may_be_in(s));
        if (got.len)
            buf_put(&got, S("; "));
        for (size_t i = 0; i < spot.n; i++) {
            Str read = str_slice(s, spot.start, spot.ends[i]);
            buf_fmt(&got, "%s%.*s=%.*s", i ? ", " : "", STR_ARG(read),
                    STR_ARG(spot.keys[i]));
        }
        at = spot.ends[spot.n - 1];
    }
    assert_string_equal(str_cstr(a, buf_str(&got)), want);
    arena_free(a);
}

static void test_four_grammars(void **state) {
    (void)state;
    expect("Kế hoạch số 438/KH-LĐLĐ.",
           "438/KH-LĐLĐ=438 kh ldld, 438/KH=438 kh");
    expect("Kết luận 01-KL/TW", "01-KL/TW=01 kl tw");
    expect("(2214/QĐ-TTg)", "2214/QĐ-TTg=2214 qd ttg, 2214/QĐ=2214 qd");
    expect("Luật số 97/2025/QH15;", "97/2025/QH15=97 2025 qh15");
    expect("12a/QĐ-LĐLĐ", "12a/QĐ-LĐLĐ=12a qd ldld, 12a/QĐ=12a qd");
}

static void test_spelling(void **state) {
    (void)state;
    expect("119    /KH - LÐLÐ ngày", // Eth, not Đ
           "119    /KH - LÐLÐ=119 kh ldld, 119    /KH=119 kh");
    expect("04/HD–CDN", "04/HD–CDN=04 hd cdn, 04/HD=04 hd");
    expect("số\xC2\xA0"
           "438/KH",
           "438/KH=438 kh");
    expect("17-CTr/TU và 20-NQ/TW", "17-CTr/TU=17 ctr tu; 20-NQ/TW=20 nq tw");
    expect("1669/TLĐ - Quy chế",
           "1669/TLĐ - Quy=1669 tld quy, 1669/TLĐ=1669 tld");
}

static void test_others(void **state) {
    (void)state;
    expect("", "");
    expect("ngày 01/5/2023, 15-6/2024", "");
    expect("700.000 đồng/suất, 24/7, 8 giờ/ngày", "");
    expect("12/đồng", "");
    expect("a438/KH-LĐLĐ 1.438/KH-LĐLĐ 2/438/KH-LĐLĐ _438/KH", "");
    expect("xem.438/KH", "438/KH=438 kh");
    expect("438/KHx1y", "");
    expect("1234567/KH", "");
    expect("2024 - Công đoàn", "");
    expect("5/\xFF\xFE", "");
    expect("1/A-B-C-D-E-F-G-H-I",
           "1/A-B-C-D-E-F-G=1 a b c d e f g, 1/A-B-C-D-E-F=1 a b c d e f, "
           "1/A-B-C-D-E=1 a b c d e, 1/A-B-C-D=1 a b c d, 1/A-B-C=1 a b c, "
           "1/A-B=1 a b, 1/A=1 a");
}

static void test_year(void **state) {
    (void)state;
    const struct {
        const char *text;
        int year;
    } cases[] = {{" ngày 21/12/2020 của", 2020},
                 {", ngày 21 tháng 12 năm 2020", 2020},
                 {" ban hành ngày 03 tháng 3/2021", 2021},
                 {" (21-12-2020)", 2020},
                 {" ký ngày 1.2.2022.", 2022},
                 {"\xC2\xA0năm\xC2\xA0"
                  "2024",
                  2024},
                 {" của Liên đoàn ngày 21/12/2020", 0},
                 {" ngày 21/12", 0},
                 {" ngày 21/12/20", 0},
                 {" năm 20245", 0},
                 {"", 0},
                 {" 5 người", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(docnum_year_after(str_from(cases[i].text)),
                         cases[i].year);
}

static void test_may_be_in(void **state) {
    (void)state;
    assert_false(docnum_may_be_in(S("")));
    assert_false(docnum_may_be_in(S("ngày 01/5/2023, và/hoặc /")));
    assert_true(docnum_may_be_in(S("5 / KH")));
    assert_true(docnum_may_be_in(S("01-KL/ĐU")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_four_grammars), cmocka_unit_test(test_spelling),
        cmocka_unit_test(test_others), cmocka_unit_test(test_year),
        cmocka_unit_test(test_may_be_in)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
