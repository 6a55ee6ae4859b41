// Every kind of field: what is written, what becomes of it, what is refused.
#include "type_run.h"

static void test_scalars(void **state) {
    (void)state;
    static const Case cases[] = {
        {"text", "\"  Xin chào \"", "Xin chào", NULL},
        {"text", "no", "no", NULL},
        {"text", "[a]", NULL, "E-KIND"},
        {"{kind: text, max: 3}", "đđđ", "đđđ", NULL},
        {"{kind: text, max: 3}", "đđđđ", NULL, "E-LENGTH"},
        {"{kind: text, min: 3}", "ab", NULL, "E-LENGTH"},
        {"markdown", "\"*a*\"", "*a*", NULL},
        {"number", "1500", "1500", NULL},
        {"number", "\"-2.5\"", "-2.5", NULL},
        {"number", "1.500.000", NULL, "E-KIND"},
        {"number", "65,5", NULL, "E-KIND"},
        {"number", "1.500", NULL, "E-KIND"},
        {"number", "1.234.567", NULL, "E-KIND"},
        {"number", ".inf", NULL, "E-KIND"},
        {"{kind: number, min: 1, max: 5}", "6", NULL, "E-LENGTH"},
        {"{kind: number, min: 0, max: 5}", "-1", NULL, "E-LENGTH"},
        {"bool", "yes", "true", NULL},
        {"bool", "có", NULL, "E-KIND"},
        {"date", "2026-11-21", "2026-11-21 0:0/3", NULL},
        {"date", "21/11/2026", "2026-11-21 0:0/3", NULL},
        {"date", "2026-11-21 08:30", NULL, "E-DATE"},
        {"date", "11/21/2026", NULL, "E-DATE"},
        {"date", "hôm qua", NULL, "E-DATE"},
        {"datetime", "2026-11-21 08:30", "2026-11-21 8:30/4", NULL},
        {"datetime", "[a]", NULL, "E-KIND"},
        {"{kind: choice, of: [a, bcd]}", "bcd", "bcd", NULL},
        {"{kind: choice, of: [a, bcd]}", "BCD", "bcd", NULL},
        {"{kind: choice, of: [a, bcd]}", "bdc", NULL, "E-CHOICE"},
        {"{kind: choice, of: {hoi-nghi: Hội nghị}}", "Hội nghị", NULL,
         "E-CHOICE"},
        {"{kind: ref, to: unit}", "ldld-tinh", "ldld-tinh", NULL},
        {"{kind: ref, to: unit}", "ldld-tinh.md", "ldld-tinh", NULL},
        {"{kind: ref, to: unit}", "{a: b}", NULL, "E-KIND"},
        {"{kind: ref, to: unit, many: true}", "[a, b]", "a|b", NULL},
        {"{kind: text, many: true}", "a", "a", NULL},
        {"{kind: text, many: true}", "\"a, b\"", "a, b", "W-COMMA"},
        {"{kind: text, many: true, min: 2}", "[a]", NULL, "E-LENGTH"},
        {"{kind: text, many: true, max: 1}", "[a, b]", NULL, "E-LENGTH"},
        {"{kind: text, many: true}", "[a, [b]]", NULL, "E-KIND"},
        {"list", "[a, 1, {b: c}]", "a|1|b=c", NULL},
        {"list", "a", NULL, "E-KIND"},
        {"map", "{a: 1, b: x}", "a=1;b=x", NULL},
        {"map", "a", NULL, "E-KIND"},
        {"[text, map]", "a", "a", NULL},
        {"[text, map]", "{a: b}", "a=b", NULL},
        {"[date, text]", "2026-11-21", "2026-11-21", NULL},
        {"[date, url]", "https://a.vn/", "https://a.vn/", NULL},
        {"[date, phone]", "Tết", NULL, "E-PHONE"},
    };
    CASES(cases);
}

static void test_period(void **state) {
    (void)state;
#define P(a, b, text) "from=" a ";to=" b ";text=" text
    static const Case cases[] = {
        {"period", "2026", P("2026-1-1 0:0/1", "2026-1-1 0:0/1", "2026"), 0},
        {"period", "04/2023", P("2023-4-1 0:0/2", "2023-4-1 0:0/2", "04/2023"),
         NULL},
        {"period", "2023-04", P("2023-4-1 0:0/2", "2023-4-1 0:0/2", "2023-04"),
         NULL},
        {"period", "01/5/2023",
         P("2023-5-1 0:0/3", "2023-5-1 0:0/3", "01/5/2023"), NULL},
        {"period", "04-06/2023",
         P("2023-4-1 0:0/2", "2023-6-1 0:0/2", "04-06/2023"), NULL},
        {"period", "Từ tháng 4 - 6/2023",
         P("2023-4-1 0:0/2", "2023-6-1 0:0/2", "Từ tháng 4 - 6/2023"), NULL},
        {"period", "2023-2028",
         P("2023-1-1 0:0/1", "2028-1-1 0:0/1", "2023-2028"), NULL},
        {"period", "nhiệm kỳ 2023–2028",
         P("2023-1-1 0:0/1", "2028-1-1 0:0/1", "nhiệm kỳ 2023–2028"), NULL},
        {"period", "05-07/5/2025",
         P("2025-5-5 0:0/3", "2025-5-7 0:0/3", "05-07/5/2025"), NULL},
        {"period", "28/4 - 02/5/2025",
         P("2025-4-28 0:0/3", "2025-5-2 0:0/3", "28/4 - 02/5/2025"), NULL},
        {"period", "2025-05-05..2025-05-07",
         P("2025-5-5 0:0/3", "2025-5-7 0:0/3", "2025-05-05..2025-05-07"), NULL},
        {"period", "Quý III/2025",
         P("2025-7-1 0:0/2", "2025-9-1 0:0/2", "Quý III/2025"), NULL},
        {"period", "Quý I năm 2025",
         P("2025-1-1 0:0/2", "2025-3-1 0:0/2", "Quý I năm 2025"), NULL},
        {"period", "{from: 2025-04, to: 2025-06}",
         P("2025-4-1 0:0/2", "2025-6-1 0:0/2", "4/2025 – 6/2025"), NULL},
        {"period", "{from: 2026-11-19, to: 2026-12-15}",
         P("2026-11-19 0:0/3", "2026-12-15 0:0/3", "19/11/2026 – 15/12/2026"),
         NULL},
        {"period", "{from: 2023, to: 2028}",
         P("2023-1-1 0:0/1", "2028-1-1 0:0/1", "2023-2028"), NULL},
        {"period", "{from: 2026-01-05, to: 2026-01-05}",
         P("2026-1-5 0:0/3", "2026-1-5 0:0/3", "05/01/2026"), NULL},
        {"period", "06-04/2023", NULL, "E-DATE"},
        {"period", "2028-2023", NULL, "E-DATE"},
        {"period", "13/2023", NULL, "E-DATE"},
        {"period", "mùa xuân", NULL, "E-DATE"},
        {"period", "\"-\"", NULL, "E-DATE"},
        {"period", "{from: 2025}", NULL, "E-KIND"},
        {"period", "{}", NULL, "E-KIND"},
    };
    CASES(cases);
}

static void test_law(void **state) {
    (void)state;
#define N(text, number, key, symbol, seq, form)                                \
    "text=" text ";number=" number ";key=" key ";symbol=" symbol               \
    ";sequence=" seq ";form=" form
    static const Case cases[] = {
        {"docnum", "438/KH-LĐLĐ",
         N("438/KH-LĐLĐ", "438/KH-LĐLĐ", "438 kh ldld", "KH-LĐLĐ", "438",
           "union"),
         NULL},
        {"docnum", "438 / KH - LÐLÐ", // Eth, not Đ
         N("438 / KH - LÐLÐ", "438/KH-LĐLĐ", "438 kh ldld", "KH-LĐLĐ", "438",
           "union"),
         NULL},
        {"docnum", "438/KH–LĐLĐ",
         N("438/KH–LĐLĐ", "438/KH-LĐLĐ", "438 kh ldld", "KH-LĐLĐ", "438",
           "union"),
         NULL},
        {"docnum", "01-KL/TW",
         N("01-KL/TW", "01-KL/TW", "01 kl tw", "KL/TW", "1", "party"), NULL},
        {"docnum", "2214/QĐ-TTg",
         N("2214/QĐ-TTg", "2214/QĐ-TTg", "2214 qd ttg", "QĐ-TTg", "2214",
           "state"),
         NULL},
        {"docnum", "Số 97/2025/QH15",
         N("Số 97/2025/QH15", "97/2025/QH15", "97 2025 qh15", "QH15", "97",
           "law") ";year=2025",
         NULL},
        {"docnum", "1669/TLĐ",
         N("1669/TLĐ", "1669/TLĐ", "1669 tld", "TLĐ", "1669", "union"), NULL},
        {"docnum", "01/5/2023", NULL, "E-NUMBER"},
        {"docnum", "438", NULL, "E-NUMBER"},
        {"docnum", "438/KH-LĐLĐ và hơn", NULL, "E-NUMBER"},
        {"docnum", "01-KL", NULL, "E-NUMBER"},
        {"law", "Điều 105 Bộ luật Lao động 45/2019/QH14",
         N("Điều 105 Bộ luật Lao động 45/2019/QH14", "45/2019/QH14",
           "45 2019 qh14", "QH14", "45", "law") ";year=2019;article=105",
         NULL},
        {"law", "45/2019/QH14",
         N("45/2019/QH14", "45/2019/QH14", "45 2019 qh14", "QH14", "45",
           "law") ";year=2019",
         NULL},
        {"law", "135/2020/NĐ-CP, Điều 4",
         N("135/2020/NĐ-CP, Điều 4", "135/2020/NĐ-CP", "135 2020 nd cp",
           "NĐ-CP", "135", "law") ";year=2020;article=4",
         NULL},
        {"law", "Điểm a khoản 2 Điều 113, 114 Bộ luật 45/2019/QH14 - Lao động",
         N("Điểm a khoản 2 Điều 113, 114 Bộ luật 45/2019/QH14 - Lao động",
           "45/2019/QH14", "45 2019 qh14", "QH14", "45",
           "law") ";year=2019;article=113, 114;clause=2;point=a",
         NULL},
        {"law", "Điều 5, 45/2019/QH14",
         N("Điều 5, 45/2019/QH14", "45/2019/QH14", "45 2019 qh14", "QH14", "45",
           "law") ";year=2019;article=5",
         NULL},
        {"law", "Điều 105 Bộ luật Lao động", NULL, "E-NUMBER"},
        {"law", "Ngày 50/tháng", NULL, "E-NUMBER"},
    };
    CASES(cases);
}

static void test_contact(void **state) {
    (void)state;
    static const Case cases[] = {
        {"url", "https://a.vn/x?y=1", "https://a.vn/x?y=1", NULL},
        {"url", "javascript:alert(1)", NULL, "E-URL"},
        {"url", "\"data:text/html,x\"", NULL, "E-URL"},
        {"file", "ke-hoach.pdf", "ke-hoach.pdf", NULL},
        {"file", "https://a.vn/x.pdf", NULL, "E-FILE"},
        {"file", "a\\b.pdf", NULL, "E-FILE"},
        {"person", "\"Nguyễn  Văn An\"", "Nguyễn Văn An", NULL},
        {"person", "an@b.vn", NULL, "E-NAME"},
        {"person", "Nguyễn Văn An 1980", NULL, "E-NAME"},
        {"phone", "0912.345.678", "0912 345 678", NULL},
        {"phone", "\"+84 912 345 678\"", "0912 345 678", NULL},
        {"phone", "84912345678", "0912345678", NULL},
        {"phone", "\"(0263) 3822-345\"", "0263 3822 345", NULL},
        {"phone", "\"(+84) 24 3942 1795\"", "024 3942 1795", NULL},
        {"phone", "\"1900 1234\"", "1900 1234", NULL},
        {"phone", "\"18006768\"", "18006768", NULL},
        {"phone", "111", "111", NULL},
        {"phone", "\"+49 30 901820\"", "+49 30 901820", NULL},
        {"phone", "0912345", NULL, "E-PHONE"},
        {"phone", "\"0412 345 678\"", NULL, "E-PHONE"},
        {"phone", "gọi sau", NULL, "E-PHONE"},
        {"phone", "\"+84\"", NULL, "E-PHONE"},
        {"phone", "\"-\"", NULL, "E-PHONE"},
        {"email", "To.Soan@LDLD.vn", "To.Soan@ldld.vn", NULL},
        {"email", "a@b", NULL, "E-EMAIL"},
        {"email", "a b@c.vn", NULL, "E-EMAIL"},
        {"email", "a@b@c.vn", NULL, "E-EMAIL"},
        {"email", "\"\\\"a\\\"@c.vn\"", NULL, "E-EMAIL"},
    };
    CASES(cases);
}

static void test_image(void **state) {
    (void)state;
    static const Case cases[] = {
        {"image", "{file: a.jpg, alt: Lễ phát động, Credit: B}",
         "file=a.jpg;alt=Lễ phát động;credit=B", NULL},
        {"image", "{file: a.jpg, alt: '', decorative: true}",
         "file=a.jpg;alt=;decorative=true", NULL},
        {"image", "{file: a.jpg, alt: Một hai, focal: 50% 30%}",
         "file=a.jpg;alt=Một hai;focal=50% 30%", NULL},
        {"image", "{file: a.jpg, alt: IMG_01.jpg}", "file=a.jpg;alt=IMG_01.jpg",
         "W-ALT"},
        {"image", "a.jpg", NULL, "E-ALT"},
        {"image", "{file: a.jpg}", NULL, "E-ALT"},
        {"image", "{file: a.jpg, alt: ''}", NULL, "E-ALT"},
        {"image", "{alt: x y}", NULL, "E-KIND"},
        {"image", "{file: a.jpg, alt: x y, captoin: z}", NULL, "E-KEY"},
        {"image", "{file: a.jpg, alt: x y, focal: giữa}", NULL, "E-KIND"},
        {"image", "{file: 'http://x.vn/a.jpg', alt: x y}", NULL, "E-FILE"},
        {"image", "[a]", NULL, "E-KIND"},
        {"{kind: image, many: true}",
         "[{file: a.jpg, alt: x y}, {file: b.jpg, alt: z}]",
         "file=a.jpg;alt=x y|file=b.jpg;alt=z", NULL},
    };
    CASES(cases);
}

static void test_map_fields(void **state) {
    (void)state;
    const char *type = "fields:\n  place:\n    kind: [text, map]\n"
                       "    label: {vi: Địa điểm}\n    fields:\n"
                       "      name: {kind: text, required: true}\n"
                       "      unit: {kind: ref, to: unit}\n";
    Run r;
    check_with(&r, type, "---\nplace: {Name: A, unit: b}\n---\n", true);
    assert_true(r.ok);
    assert_text(value_path(&r.out, S("place.name"))->as.s, "A");
    arena_free(r.arena);
    check_with(&r, type, "---\nplace:\n  nam: A\n---\n", true);
    assert_false(r.ok);
    assert_int_equal(r.diags.len, 2);
    assert_string_equal(r.diags.items[0].code, "E-KEY");
    assert_int_equal(r.diags.items[0].line, 3);
    assert_int_equal(r.diags.items[0].col, 3);
    assert_has(r.diags.items[0].hint, "'name'");
    assert_string_equal(r.diags.items[1].code, "E-REQUIRED");
    assert_has(r.diags.items[1].message, "'place.name'");
    arena_free(r.arena);
    check_with(&r, type, "---\nplace: [a]\n---\n", true);
    assert_false(r.ok);
    assert_has(first_diag(&r)->message, "'place' (Địa điểm)");
    arena_free(r.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scalars), cmocka_unit_test(test_period),
        cmocka_unit_test(test_law),     cmocka_unit_test(test_contact),
        cmocka_unit_test(test_image),   cmocka_unit_test(test_map_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
