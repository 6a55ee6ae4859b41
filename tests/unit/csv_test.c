// Comma-separated values: RFC 4180, what spreadsheets make of it, and refusals.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include "parse/csv.h"

typedef struct {
    Arena *arena;
    Diags diags;
    Csv csv;
    bool ok;
} Run;

static Run parse(Str text) {
    Run r = {.arena = arena_new()};
    r.diags.arena = r.arena;
    Job job = {.keep = r.arena, .scratch = r.arena, .diags = &r.diags};
    Source src = {.path = S("a.csv"), .text = text};
    r.ok = csv_parse(&job, &src, &r.csv);
    return r;
}

// Rows with '/', fields with '|' between them.
static void gives(Str text, const char *expected) {
    Run r = parse(text);
    assert_true(r.ok);
    Buf out = {.arena = r.arena};
    for (size_t i = 0; i < r.csv.len; i++) {
        assert_int_equal(r.csv.rows[i].len, r.csv.ncols);
        buf_put(&out, i ? S("/") : S(""));
        for (size_t k = 0; k < r.csv.ncols; k++) {
            buf_put(&out, k ? S("|") : S(""));
            buf_put(&out, r.csv.rows[i].items[k]);
        }
    }
    assert_string_equal(str_cstr(r.arena, buf_str(&out)), expected);
    arena_free(r.arena);
}

static void refuses(Str text, uint32_t line, uint32_t col) {
    Run r = parse(text);
    assert_false(r.ok);
    assert_int_equal(r.diags.len, 1);
    assert_string_equal(r.diags.items[0].code, "E-CSV");
    assert_int_equal(r.diags.items[0].line, line);
    assert_int_equal(r.diags.items[0].col, col);
    assert_true(r.diags.items[0].hint.len > 0);
    arena_free(r.arena);
}

static void rows(void **state) {
    (void)state;
    gives(S("a,b\n1,2\n"), "a|b/1|2");
    gives(S("a,b\r\n1,2"), "a|b/1|2");
    gives(S("a , b\n 1 ,2 \n\n"), "a|b/1|2");
    gives(S("\xEF\xBB\xBF"
            "a,b\n1,2\n"),
          "a|b/1|2");
    gives(S("a,b,c\n1\n"), "a|b|c/1||");
    gives(S(",\n,\n"), "|/|");
    gives(S("a\rb\r"), "a/b");
}

static void quotes(void **state) {
    (void)state;
    gives(S("\"a,\"\"b\"\"\",\"x\ny\"\n"), "a,\"b\"|x\ny");
    gives(S("\"\",a\n"), "|a");
    gives(S("a\"b,c\n"), "a\"b|c");
}

static void signs(void **state) {
    (void)state;
    gives(S("a;b\n1,5;2\n"), "a|b/1,5|2");
    gives(S("a\tb\n1;5\t2\n"), "a|b/1;5|2");
    gives(S("\"x,y\";b\n1;2\n"), "x,y|b/1|2");
}

static void refusals(void **state) {
    (void)state;
    refuses(S(""), 1, 1);
    refuses(S("\n\n"), 1, 1);
    refuses(S("a,b\n1,2,3\n"), 2, 1);
    refuses(S("a,\"b\n"), 1, 3);
    refuses(S("Đ,\"b\"c\n"), 1, 6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows),
        cmocka_unit_test(quotes),
        cmocka_unit_test(signs),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
