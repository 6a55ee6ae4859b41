// Type files, and front matter checked against them.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <stdio.h>
#include <string.h>

#include "parse/type.h"

typedef struct {
    const char *rel, *text;
} File;

typedef struct {
    Arena *arena;
    Job job;
    Diags diags;
    SourceSet set;
    TypeSet types;
    Source src;
    Front front;
    Value out;
    bool ok;
} Run;

static void start(Run *r) {
    *r = (Run){.arena = arena_new()};
    r->diags.arena = r->arena;
    r->job = (Job){.keep = r->arena, .scratch = r->arena, .diags = &r->diags};
}

static void load(Run *r, const File *files, size_t n) {
    start(r);
    r->set.items = ARENA_ARRAY(r->arena, Source, n);
    r->set.len = n;
    for (size_t i = 0; i < n; i++)
        r->set.items[i] = (Source){.kind = SOURCE_TYPE,
                                   .path = str_from(files[i].rel),
                                   .rel = str_from(files[i].rel),
                                   .text = str_from(files[i].text)};
    for (size_t k = SOURCE_TYPE + 1; k <= SOURCE_CONFIG + 1; k++)
        r->set.first[k] = n;
    r->ok = type_load(&r->job, &r->set, &r->types);
}

static const Diag *first_diag(const Run *r) {
    return r->diags.len ? &r->diags.items[0] : NULL;
}

#define assert_text(s, expected)                                               \
    do {                                                                       \
        Str got_ = (s);                                                        \
        const char *want_ = (expected);                                        \
        if (got_.len != strlen(want_) ||                                       \
            (got_.len && memcmp(got_.ptr, want_, got_.len)))                   \
            fail_msg("'%.*s' is not '%s'", STR_ARG(got_), want_);              \
    } while (0)

#define assert_has(s, part)                                                    \
    do {                                                                       \
        Str got_ = (s);                                                        \
        if (str_find(got_, str_from(part), 0) == SIZE_MAX)                     \
            fail_msg("'%.*s' has no '%s'", STR_ARG(got_), part);               \
    } while (0)

// Checks "x: ..." against a type with the field x as given.
static void check_with(Run *r, const char *fields, const char *front,
                       bool is_complete) {
    Str core[] = {S("title"), S("date")};
    Strs known = {core, 2};
    File files[] = {{"t.yaml", fields}, {"unit.yaml", "type: unit\n"}};
    load(r, files, 2);
    if (!r->ok)
        fail_msg("%s: %.*s", fields, STR_ARG(first_diag(r)->message));
    r->src = (Source){.kind = SOURCE_CONTENT, .path = S("a.md")};
    r->src.text = str_from(front);
    assert_true(front_parse(&r->job, &r->src, &r->front));
    r->diags.len = 0;
    TypeCheck how = {420, &known, is_complete};
    r->ok = type_check(&r->job, &r->types, type_find(&r->types, S("t")),
                       &r->src, &r->front.meta, &how, &r->out);
}

static void check_field(Run *r, const char *field, const char *value) {
    char fields[300], front[300];
    snprintf(fields, sizeof fields, "fields:\n  x: %s\n", field);
    snprintf(front, sizeof front, "---\nx: %s\n---\n", value);
    check_with(r, fields, front, true);
}

// The typed value as text, to compare: maps as key=value.
static void show(Buf *b, const Value *v) {
    switch ((ValueKind)v->kind) {
    case VALUE_STR:
        buf_put(b, v->as.s);
        break;
    case VALUE_INT:
        buf_fmt(b, "%lld", (long long)v->as.i);
        break;
    case VALUE_FLOAT:
        buf_fmt(b, "%g", v->as.f);
        break;
    case VALUE_BOOL:
        buf_put(b, v->as.b ? S("true") : S("false"));
        break;
    case VALUE_DATE: {
        DateParts p = date_parts(v->as.date);
        buf_fmt(b, "%d-%d-%d %d:%d/%d", p.year, p.month, p.day, p.hour,
                p.minute, v->as.date.precision);
        break;
    }
    case VALUE_LIST:
        for (size_t i = 0; i < v->as.list.len; i++) {
            buf_put(b, i ? S("|") : S(""));
            show(b, &v->as.list.items[i]);
        }
        break;
    case VALUE_MAP:
        for (size_t i = 0; v->as.map && i < v->as.map->len; i++) {
            buf_fmt(b, "%s%.*s=", i ? ";" : "",
                    STR_ARG(v->as.map->items[i].key));
            show(b, v->as.map->items[i].val);
        }
        break;
    default:
        buf_put(b, S("?"));
    }
}

typedef struct {
    const char *field, *value;
    const char *shown; // NULL: an error
    const char *code;
} Case;

static void run_cases(const Case *cases, size_t n) {
    for (size_t i = 0; i < n; i++) {
        Run r;
        check_field(&r, cases[i].field, cases[i].value);
        const Diag *d = first_diag(&r);
        const Value *x = value_get(&r.out, S("x"));
        Buf b = {.arena = r.arena};
        if (x)
            show(&b, x);
        if (r.ok != (cases[i].shown != NULL))
            fail_msg("%s <- %s: %s %.*s", cases[i].field, cases[i].value,
                     r.ok ? "taken as" : "refused",
                     STR_ARG(r.ok ? buf_str(&b) : d->message));
        if (cases[i].shown) {
            assert_text(buf_str(&b), cases[i].shown);
            assert_int_equal(x->line, 2);
        }
        if (cases[i].code) {
            if (!d)
                fail_msg("%s <- %s: no message", cases[i].field,
                         cases[i].value);
            assert_string_equal(d->code, cases[i].code);
            assert_int_equal(d->line, 2);
            assert_true(d->hint.len > 0);
        }
        if (!cases[i].code && d)
            fail_msg("%s <- %s: %s", cases[i].field, cases[i].value, d->code);
        arena_free(r.arena);
    }
}

#define CASES(table) run_cases(table, sizeof table / sizeof *table)

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
        {"period", "{from: 2025}", NULL, "E-DATE"},
        {"period", "{}", NULL, "E-DATE"},
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

static void test_required(void **state) {
    (void)state;
    const char *type = "fields:\n"
                       "  start: {kind: datetime, required: true, label: {vi: "
                       "Bắt đầu, en: Start}}\n"
                       "  tags2: {kind: text, many: true, required: true}\n"
                       "  end: {kind: datetime, not_before: start}\n";
    Run r;
    check_with(&r, type, "---\ntitle: a\ntags2: []\n---\n", true);
    assert_false(r.ok);
    assert_int_equal(r.diags.len, 2);
    assert_string_equal(r.diags.items[0].code, "E-REQUIRED");
    assert_int_equal(r.diags.items[0].line, 2);
    assert_has(r.diags.items[0].message, "'start' (Bắt đầu)");
    assert_has(r.diags.items[0].hint, "start: 2026-11-21 08:30");
    arena_free(r.arena);
    check_with(&r, type, "---\ntitle: a\n---\n", false); // a draft
    assert_true(r.ok);
    arena_free(r.arena);
    check_with(&r, type, "---\nstart: ~\ntags2: ''\n---\n", true);
    assert_int_equal(r.diags.len, 2);
    arena_free(r.arena);
    check_with(&r, type, "---\n---\n", true);
    assert_int_equal(r.diags.len, 2);
    arena_free(r.arena);
    check_with(&r, type,
               "---\nstart: 2026-11-21 08:30\nend: 2026-11-21\n"
               "tags2: a\n---\n",
               true);
    assert_true(r.ok);
    arena_free(r.arena);
    check_with(&r, type,
               "---\nstart: 2026-11-21 08:30\nend: 2026-11-20\n"
               "tags2: a\n---\n",
               true);
    assert_false(r.ok);
    assert_string_equal(first_diag(&r)->code, "E-DATE-ORDER");
    assert_int_equal(first_diag(&r)->line, 3);
    assert_int_equal(first_diag(&r)->col, 6);
    arena_free(r.arena);
}

static void test_unknown_key(void **state) {
    (void)state;
    Run r;
    check_with(&r, "fields: {start: datetime}\n",
               "---\ntitle: a\nstrat: 2026-01-01\nparams: {x: 1}\n---\n", true);
    assert_false(r.ok);
    assert_int_equal(r.diags.len, 1);
    assert_string_equal(first_diag(&r)->code, "E-KEY");
    assert_int_equal(first_diag(&r)->line, 3);
    assert_int_equal(first_diag(&r)->col, 1);
    assert_has(first_diag(&r)->hint, "'start'");
    arena_free(r.arena);
    check_with(&r, "fields: {}\n", "---\ntitel: a\n---\n", true);
    assert_has(first_diag(&r)->hint, "'title'");
    arena_free(r.arena);
    check_with(&r, "open: true\n", "---\nanything: a\n---\n", true);
    assert_true(r.ok);
    arena_free(r.arena);
    check_with(&r,
               "fields: {x: {kind: choice, of: {hoi-nghi: {vi: Hội "
               "nghị}}}}\n",
               "---\nx: Hội Nghị\n---\n", true);
    assert_has(first_diag(&r)->hint, "'hoi-nghi'");
    arena_free(r.arena);
}

static void test_date_column(void **state) {
    (void)state;
    Run r;
    check_field(&r, "date", "\"2026-13-01\"");
    assert_string_equal(first_diag(&r)->code, "E-DATE");
    assert_true(first_diag(&r)->col > 4);
    arena_free(r.arena);
}

static void test_load(void **state) {
    (void)state;
    static const File files[] = {
        {"_shared.yaml", "fields:\n  sapo: {kind: text, max: 9}\n"
                         "  unit: {kind: ref, to: unit}\n"},
        {"event.yaml",
         "type: event\nlabel: {vi: Sự kiện}\nsection: su-kien\nfields:\n"
         "  start: datetime\n  end: {kind: datetime, not_before: start}\n"
         "  sapo: {required: true}\nwindow: {start: start, end: end}\n"
         "card: [start, unit]\ncalendar: true\ndated: yes\n"
         "schema_org: Event\n"},
        {"unit.yaml", "section: don-vi\nfields:\n"
                      "  parent: {kind: ref, to: unit}\ntree: parent\n"
                      "taxonomy: true\nfeed: true\n"},
    };
    Run r;
    load(&r, files, 3);
    if (!r.ok)
        fail_msg("%.*s", STR_ARG(first_diag(&r)->message));
    assert_int_equal(r.types.len, 3);
    const Type *t = type_find(&r.types, S("event"));
    assert_true(t->calendar && t->dated && !t->open);
    assert_text(t->window_words, "event");
    assert_text(t->window_end, "end");
    assert_int_equal(t->fields.len, 4);
    const Field *f = field_find(&t->fields, S("sapo"));
    assert_true(f->required && f->max == 9);
    assert_false(field_find(&type_find(&r.types, S("unit"))->fields, S("sapo"))
                     ->required);
    assert_text(t->fields.items[3].name, "unit");
    assert_ptr_equal(map_get(&r.types.by_section, S("su-kien")), t);
    t = type_find(&r.types, S("page"));
    assert_true(t && t->open && t->fields.len == 2);
    arena_free(r.arena);
    load(&r, NULL, 0);
    assert_true(r.ok && type_find(&r.types, S("page")));
    arena_free(r.arena);
}

typedef struct {
    const char *text;
    uint32_t line, col;
    const char *says;
} BadFile;

static void test_bad_files(void **state) {
    (void)state;
    static const BadFile cases[] = {
        {"fieldz: {}\n", 1, 1, "fieldz"},
        {"fields:\n  x: {kin: text}\n", 2, 7, "kin"},
        {"fields:\n  x: {kind: txt}\n", 2, 13, "txt"},
        {"fields:\n  x: {required: true}\n", 2, 6, "no 'kind'"},
        {"fields:\n  x: {kind: ref}\n", 2, 6, "'to'"},
        {"fields:\n  x: {kind: ref, to: nobody}\n", 2, 0, "nobody"},
        {"fields:\n  x: {kind: map, fields: {y: {kind: ref, to: no}}}\n", 2, 0,
         "'no'"},
        {"fields:\n  x: {kind: choice}\n", 2, 6, "'of'"},
        {"fields:\n  x: {kind: text, of: [a]}\n", 2, 6, "'of'"},
        {"fields:\n  x: {kind: text, fields: {}}\n  y: 3x\n", 3, 6, "3x"},
        {"fields:\n  x: {kind: text, min: 5, max: 2}\n", 2, 6, "'max'"},
        {"fields:\n  x: {kind: text, max: many}\n", 2, 24, "number"},
        {"fields:\n  x: {kind: text, many: perhaps}\n", 2, 25, "true"},
        {"fields:\n  x: {kind: date, not_before: y}\n", 2, 6, "'y'"},
        {"fields:\n  x-y: text\n", 2, 8, "a-z"},
        {"fields: [a]\n", 1, 9, "map"},
        {"card: [x]\n", 1, 7, "'x'"},
        {"window: {start: x}\n", 1, 9, "'x'"},
        {"fields: {x: text}\nwindow: {start: x}\n", 2, 9, "wrong kind"},
        {"fields: {x: date}\nwindow: {start: x, ende: x}\n", 2, 20, "ende"},
        {"fields: {x: date}\nwindow: {start: x, words: y}\n", 2, 9, "open"},
        {"tree: x\n", 1, 7, "'x'"},
        {"type: other\n", 1, 7, "other"},
        {"open: maybe\n", 1, 7, "true"},
        {"- a\n", 1, 1, "map"},
        {"a: b: c\n", 1, 5, "quotes"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Run r;
        File file = {"t.yaml", cases[i].text};
        load(&r, &file, 1);
        if (r.ok || !r.diags.len)
            fail_msg("%s was taken", cases[i].text);
        const Diag *d = first_diag(&r);
        if (d->line != cases[i].line || d->col != cases[i].col)
            fail_msg("%s: %u:%u %.*s", cases[i].text, d->line, d->col,
                     STR_ARG(d->message));
        assert_has(d->message, cases[i].says);
        arena_free(r.arena);
    }
}

// A lowered check takes the value, and the build goes on.
static void test_levels(void **state) {
    (void)state;
    Run r;
    DiagLevel off = DIAG_OFF;
    File file = {"t.yaml", "fields: {x: image}\n"};
    load(&r, &file, 1);
    Map levels = {.arena = r.arena};
    map_add(&levels, S("E-ALT"), &off);
    map_add(&levels, S("E-KEY"), &off);
    r.diags.levels = &levels;
    r.src = (Source){.kind = SOURCE_CONTENT, .path = S("a.md")};
    r.src.text = S("---\nx: a.jpg\nz: 1\n---\n");
    assert_true(front_parse(&r.job, &r.src, &r.front));
    TypeCheck how = {420, NULL, true};
    assert_true(type_check(&r.job, &r.types, type_find(&r.types, S("t")),
                           &r.src, &r.front.meta, &how, &r.out));
    assert_int_equal(r.diags.len, 0);
    assert_text(value_path(&r.out, S("x.file"))->as.s, "a.jpg");
    arena_free(r.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scalars),     cmocka_unit_test(test_period),
        cmocka_unit_test(test_law),         cmocka_unit_test(test_contact),
        cmocka_unit_test(test_image),       cmocka_unit_test(test_map_fields),
        cmocka_unit_test(test_required),    cmocka_unit_test(test_unknown_key),
        cmocka_unit_test(test_date_column), cmocka_unit_test(test_load),
        cmocka_unit_test(test_bad_files),   cmocka_unit_test(test_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
