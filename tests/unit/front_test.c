// The block before the body: its marks, JSON, and what is refused.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <string.h>

#include "parse/front.h"

typedef struct {
    Arena *arena;
    Job job;
    Diags diags;
    Source src;
    Front out;
    bool ok;
} Run;

static void run(Run *r, const char *text, SourceKind kind) {
    *r = (Run){.arena = arena_new()};
    r->diags.arena = r->arena;
    r->job = (Job){.keep = r->arena, .scratch = r->arena, .diags = &r->diags};
    r->src = (Source){.kind = kind, .path = S("a.md")};
    r->src.text = str_from(text);
    r->ok = front_parse(&r->job, &r->src, &r->out);
}

#define assert_text(s, expected)                                               \
    do {                                                                       \
        Str got_ = (s);                                                        \
        assert_int_equal(got_.len, strlen(expected));                          \
        assert_memory_equal(got_.len ? got_.ptr : "", expected, got_.len);     \
    } while (0)

typedef struct {
    const char *text, *title, *body;
    uint32_t body_line;
} Good;

static void test_good(void **state) {
    (void)state;
    static const Good cases[] = {
        {"---\ntitle: A\n---\nBody\n", "A", "Body\n", 4},
        {"--- \t\ntitle: A\n---  \nBody", "A", "Body", 4},
        {"\n \n---\ntitle: A\n---\n\nBody\n", "A", "\nBody\n", 6},
        {"---\ntitle: A\n---", "A", "", 4},
        {"---\n---\nBody\n", NULL, "Body\n", 3},
        {"---\nTITLE: A\n---\n", "A", "", 4},
        {"---\ntitle: A\nx: |\n  a\n  ---\n  b\n---\nB\n---\nC", "A",
         "B\n---\nC", 8},
        {"{\"title\": \"A\"}\nBody\n", "A", "Body\n", 2},
        {"{\n \"Title\":\"A\", \"x\": \"}\\\"{\",\n \"y\": [1, {\"z\": "
         "null}]\n}\n"
         "Body\n",
         "A", "Body\n", 5},
        {"{}\nBody\n", NULL, "Body\n", 2},
        {"{\n\t\"title\": \"A\"\n}\nBody\n", "A", "Body\n", 4},
        {"Just text\n---\n", NULL, "Just text\n---\n", 1},
        {"{{< figure >}}\n", NULL, "{{< figure >}}\n", 1},
        {"# Heading\n", NULL, "# Heading\n", 1},
        {"", NULL, "", 1},
        {"\n\n", NULL, "\n\n", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Run r;
        run(&r, cases[i].text, SOURCE_CONTENT);
        if (!r.ok || r.diags.len)
            fail_msg("%s: %.*s", cases[i].text,
                     STR_ARG(r.diags.len ? r.diags.items[0].message : S("?")));
        assert_text(r.out.body, cases[i].body);
        assert_int_equal(r.out.body_line, cases[i].body_line);
        assert_int_equal(r.out.meta.kind, VALUE_MAP);
        if (cases[i].title)
            assert_text(value_get_str(&r.out.meta, S("title")), cases[i].title);
        arena_free(r.arena);
    }
}

typedef struct {
    const char *text, *code;
    uint32_t line, col;
} Bad;

static void test_bad(void **state) {
    (void)state;
    static const Bad cases[] = {
        {"---\ntitle: A\n", "E-FRONT-END", 1, 1},
        {"\n---\ntitle: A\nBody\n", "E-FRONT-END", 2, 1},
        {"---\ntitle: A\n...\nBody\n", "E-FRONT-END", 1, 1},
        {"---\ntitle: A\n...\nBody\n---\n", "E-YAML-DOCS", 3, 1},
        {"title: A\nBody\n", "E-FRONT-MARK", 1, 1},
        {"---\ntitle: A\n--- x\nBody\n", "E-FRONT-MARK", 3, 4},
        {"---\ntitle: A\n----\nBody\n", "E-FRONT-MARK", 3, 4},
        {"---- \ntitle: A\n---\nBody\n", "E-FRONT-MARK", 1, 4},
        {"---\ntitle: A\n\nBody one.\n\n---\nBody\n", "E-YAML-KEY", 4, 1},
        {"+++\ntitle = 1\n+++\n", "E-FRONT-TOML", 1, 1},
        {"#+TITLE: x\n", "E-FRONT-ORG", 1, 1},
        {"{\"a\": \"b}\n", "E-FRONT-END", 1, 1},
        {"{\"a\": \"b\"} x\n", "E-FRONT-MARK", 1, 11},
        {"{\"a\": \"b\" \"c\": 1}\n", "E-YAML-JSON", 1, 11},
        {"---\ntitle: A\nTitle: B\n---\n", "E-YAML-DUP", 3, 1},
        {"---\ntitle: A: B\n---\n", "E-YAML-COLON", 2, 9},
        {"---\ntitle: A\na: b\n a: c\n---\n", "E-YAML-INDENT", 4, 2},
        {"---\n- a\n---\n", "E-YAML", 2, 1},
        {"---\n[a]\n---\n", "E-YAML-KEY", 2, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Run r;
        run(&r, cases[i].text, SOURCE_CONTENT);
        if (r.ok || r.diags.len != 1)
            fail_msg("%s: ok %d, %zu messages", cases[i].text, r.ok,
                     r.diags.len);
        const Diag *d = &r.diags.items[0];
        if (strcmp(d->code, cases[i].code) || d->line != cases[i].line ||
            d->col != cases[i].col)
            fail_msg("%s: %s at %u:%u", cases[i].text, d->code, d->line,
                     d->col);
        assert_true(d->hint.len > 0);
        arena_free(r.arena);
    }
}

static void test_layout(void **state) {
    (void)state;
    Run r;
    run(&r, "{ \"a\": {{ x }} }", SOURCE_LAYOUT);
    assert_true(r.ok);
    assert_text(r.out.body, "{ \"a\": {{ x }} }");
    arena_free(r.arena);
    run(&r, "---\nlayout: base\n---\n{% if x %}", SOURCE_LAYOUT);
    assert_text(value_get_str(&r.out.meta, S("layout")), "base");
    assert_text(r.out.body, "{% if x %}");
    arena_free(r.arena);
}

static void test_places(void **state) {
    (void)state;
    Run r;
    run(&r, "\n  {\"title\": \"A\"}\nBody\n", SOURCE_CONTENT);
    assert_true(r.ok);
    const Value *v = value_get(&r.out.meta, S("title"));
    assert_int_equal(v->line, 2);
    assert_int_equal(v->col, 13);
    arena_free(r.arena);
    run(&r, "---\na: b\ntitle: A\n---\n", SOURCE_CONTENT);
    v = value_get(&r.out.meta, S("title"));
    assert_int_equal(v->line, 3);
    assert_int_equal(v->col, 8);
    arena_free(r.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
