// One shortcode's tag: its kind, name, values and end, and what is wrong with
// it. tests/markdown/own/calls.md has them in texts.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include "parse/shortcode.h"

typedef struct {
    Arena *arena;
    ShortcodeTag tag;
    ShortcodeError error;
    bool ok;
} Run;

static Run parse(const char *text) {
    Run r = {.arena = arena_new()};
    Str s = str_from(text);
    assert_true(shortcode_is_at(s, 0));
    r.ok = shortcode_parse(r.arena, s, 0, &r.tag, &r.error);
    assert_true(r.tag.end <= s.len && r.tag.end >= 3);
    return r;
}

static void same(Str s, const char *expected) {
    Arena *a = arena_new();
    assert_string_equal(str_cstr(a, s), expected);
    arena_free(a);
}

static void kinds(void **state) {
    (void)state;
    static const struct {
        const char *text, *name;
        ShortcodeKind kind;
        bool is_percent;
    } table[] = {
        {"{{< a >}}", "a", SHORTCODE_OPEN, false},
        {"{{<a>}}", "a", SHORTCODE_OPEN, false},
        {"{{%\n a/b-c_1\n%}}", "a/b-c_1", SHORTCODE_OPEN, true},
        {"{{< /a >}}", "a", SHORTCODE_CLOSE, false},
        {"{{</a>}}", "a", SHORTCODE_CLOSE, false},
        {"{{% / a %}}", "a", SHORTCODE_CLOSE, true},
        {"{{< a />}}", "a", SHORTCODE_SELF, false},
        {"{{< a/>}}", "a", SHORTCODE_SELF, false},
        {"{{< a x=1 />}}", "a", SHORTCODE_SELF, false},
        {"{{</* a x */>}}", "", SHORTCODE_LITERAL, false},
        {"{{%/* a %}} */%}}", "", SHORTCODE_LITERAL, true},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        Run r = parse(table[i].text);
        assert_true(r.ok);
        assert_int_equal(r.tag.kind, table[i].kind);
        assert_int_equal(r.tag.is_percent, table[i].is_percent);
        assert_int_equal(r.tag.end, str_from(table[i].text).len);
        same(r.tag.name, table[i].name);
        arena_free(r.arena);
    }
}

static void positional(void **state) {
    (void)state;
    Run r = parse(
        "{{< a \"x \\\"y\\\"\" `p\nq` word 12 -1.5 true https://a?b=c >}}");
    assert_true(r.ok);
    assert_int_equal(r.tag.args.kind, VALUE_LIST);
    assert_int_equal(r.tag.args.as.list.len, 7);
    const Value *v = r.tag.args.as.list.items;
    same(v[0].as.s, "x \"y\"");
    same(v[1].as.s, "p\nq");
    same(v[2].as.s, "word");
    assert_int_equal(v[3].as.i, 12);
    assert_true(v[4].kind == VALUE_FLOAT && v[4].as.f < -1.4);
    assert_true(v[5].kind == VALUE_BOOL && v[5].as.b);
    same(v[6].as.s, "https://a?b=c");
    assert_true(v[0].flags & VALUE_CONTENT && v[2].flags & VALUE_CONTENT);
    arena_free(r.arena);
}

static void named(void **state) {
    (void)state;
    Run r = parse("{{< a src=x.jpg\n  title = \"T\" n=\"12\" >}}");
    assert_true(r.ok);
    assert_int_equal(r.tag.args.kind, VALUE_MAP);
    same(value_get_str(&r.tag.args, S("src")), "x.jpg");
    same(value_get_str(&r.tag.args, S("title")), "T");
    same(value_get_str(&r.tag.args, S("n")), "12");
    arena_free(r.arena);
}

static void wrong(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t at;
    } table[] = {
        {"{{< >}}", 4},
        {"{{< a b=1 c >}}", 10},
        {"{{< a c b=1 >}}", 8},
        {"{{< a b=1 b=2 >}}", 10},
        {"{{< a \"x >}}", 6},
        {"{{< a \"x\ny\" >}}", 6},
        {"{{< a `x >}}", 6},
        {"{{< a", 0},
        {"{{< a \n", 0},
        {"{{< /a", 0},
        {"{{< /a b >}}", 7},
        {"{{< a \"b\"c >}}", 9},
        {"{{< a b\"c >}}", 7},
        {"{{< a b= >}}", 9},
        {"{{</* a >}}", 3},
        {"{{< a.b >}}", 4},
        {"{{< a// >}}", 4},
        {"{{<", 0},
        {"{{< a \xE2\x80\x9Cx >}}", 6},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        Run r = {.arena = arena_new()};
        Str s = str_from(table[i].text);
        r.ok = shortcode_parse(r.arena, s, 0, &r.tag, &r.error);
        assert_false(r.ok);
        assert_non_null(r.error.why);
        assert_non_null(r.error.hint);
        assert_int_equal(r.error.at, table[i].at);
        assert_true(r.tag.end <= s.len);
        arena_free(r.arena);
    }
}

static void finds(void **state) {
    (void)state;
    assert_true(shortcode_find(S("x {{< a"), 0) == 2);
    assert_true(shortcode_find(S("{{ <"), 0) == SIZE_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds), cmocka_unit_test(positional),
        cmocka_unit_test(named), cmocka_unit_test(wrong),
        cmocka_unit_test(finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
