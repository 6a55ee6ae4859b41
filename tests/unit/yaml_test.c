// Every trap of YAML has its own message, at its place.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <string.h>

#include "parse/yaml.h"

typedef struct {
    Arena *arena;
    Job job;
    Diags diags;
    Source src;
    Value out;
    bool ok;
} Run;

static void run_str(Run *r, Str text, YamlMode mode) {
    *r = (Run){.arena = arena_new()};
    r->diags.arena = r->arena;
    r->job = (Job){.keep = r->arena, .scratch = r->arena, .diags = &r->diags};
    r->src = (Source){.kind = SOURCE_CONTENT, .path = S("a.md")};
    r->src.text = text;
    r->ok = yaml_to_value(&r->job, &r->src, text, 1, mode, &r->out);
}

static void run(Run *r, const char *text, YamlMode mode) {
    run_str(r, str_from(text), mode);
}

static Str text_at(const Run *r, const char *path) {
    const Value *v = value_path(&r->out, str_from(path));
    return v && v->kind == VALUE_STR ? v->as.s : (Str){0};
}

#define assert_text(s, expected)                                               \
    do {                                                                       \
        Str got_ = (s);                                                        \
        assert_int_equal(got_.len, strlen(expected));                          \
        assert_memory_equal(got_.len ? got_.ptr : "", expected, got_.len);     \
    } while (0)

typedef struct {
    const char *text, *code;
    uint32_t line, col;
    const char *hint; // part of it
} Trap;

static void check_traps(const Trap *traps, size_t n, YamlMode mode, bool ok) {
    for (size_t i = 0; i < n; i++) {
        Run r;
        run(&r, traps[i].text, mode);
        if (r.ok != ok || r.diags.len != 1)
            fail_msg("%s: ok %d, %zu messages, first %s", traps[i].text, r.ok,
                     r.diags.len, r.diags.len ? r.diags.items[0].code : "");
        const Diag *d = &r.diags.items[0];
        if (strcmp(d->code, traps[i].code) || d->line != traps[i].line ||
            d->col != traps[i].col)
            fail_msg("%s: %s at %u:%u, want %s at %u:%u", traps[i].text,
                     d->code, d->line, d->col, traps[i].code, traps[i].line,
                     traps[i].col);
        if (!d->hint.len ||
            str_find(d->hint, str_from(traps[i].hint), 0) == SIZE_MAX)
            fail_msg("%s: hint %.*s", traps[i].text, STR_ARG(d->hint));
        arena_free(r.arena);
    }
}

#define TRAPS(table, mode, ok)                                                 \
    check_traps(table, sizeof table / sizeof *table, mode, ok)

static void test_editor_errors(void **state) {
    (void)state;
    static const Trap traps[] = {
        {"title: Hội nghị: phần 2\n", "E-YAML-COLON", 1, 16,
         "title: \"Hội nghị: phần 2\""},
        {"a: b\ntitle: “Hội nghị: phần 2”\nc: d\n", "E-YAML-COLON", 2, 17,
         "quotes"},
        {"t: Hội \"A\": b\n", "E-YAML-COLON", 1, 11, "t: 'Hội \"A\": b'"},
        {"a:\n  - b: c: d\n", "E-YAML-COLON", 2, 9, "b: \"c: d\""},
        {"a: x:\n", "E-YAML-COLON", 1, 5, "quotes"},
        {"a:\n  - Ý kiến: một: hai\n", "E-YAML-COLON", 2, 16, "quotes"},
        {"title:abc\n", "E-YAML-SPACE", 1, 7, "'title: abc'"},
        {"title:abc\ndate: x\n", "E-YAML-SPACE", 1, 7, "'title: abc'"},
        {"a: 1\ntitle:abc\nb: c\n", "E-YAML-SPACE", 2, 7, "title: abc"},
        {"a: 1\ntitle:abc\n", "E-YAML-SPACE", 2, 7, "title: abc"},
        {"title：abc\ndate: x\n", "E-YAML-SPACE", 1, 6, "ordinary colon"},
        {"title: a\n\tdate: x\n", "E-YAML-TAB", 2, 1, "spaces"},
        {"\ttitle: a\n", "E-YAML-TAB", 1, 1, "spaces"},
        {"a:\n\t- b\n", "E-YAML-TAB", 2, 1, "spaces"},
        {"a:\n  b: c\n  \td: e\n", "E-YAML-TAB", 3, 3, "spaces"},
        {"\xc2\xa0title: a\ndate: b\n", "E-YAML-NBSP", 1, 1, "ordinary"},
        {"title: a\n\xc2\xa0\xc2\xa0"
         "date: b\n",
         "E-YAML-NBSP", 2, 1, "ordinary"},
        {"a:\n  b: c\n\xc2\xa0 d: e\n", "E-YAML-NBSP", 3, 1, "ordinary"},
        {"title\xc2\xa0: a\n", "E-YAML-NBSP", 1, 1, "ordinary"},
        {"“title”: a\n", "E-YAML-QUOTES", 1, 1, "without quotes"},
        {"title: a\n“date”: b\n", "E-YAML-QUOTES", 2, 1, "without quotes"},
        {"title: a\n“date”:b\n", "E-YAML-QUOTES", 2, 1, "without quotes"},
        {"title: \"abc\ndate: x\n", "E-YAML-QUOTE", 1, 8, "same quote"},
        {"title: 'abc\ndate: x\n", "E-YAML-QUOTE", 1, 8, "same quote"},
        {"title: \"abc\ndate: x\nsapo: \"y\"\n", "E-YAML-QUOTE", 1, 8,
         "same quote"},
        {"title: \"Abc\" nói\ndate: x\n", "E-YAML-QUOTE", 1, 14,
         "single quotes"},
        {"title: 'Don't'\n", "E-YAML-QUOTE", 1, 13, "double quotes"},
        {"a:\n  - \"x\" y\n", "E-YAML-QUOTE", 2, 9, "single quotes"},
    };
    TRAPS(traps, YAML_FRONT, false);
}

static void test_editor_errors_2(void **state) {
    (void)state;
    static const Trap traps[] = {
        {"title: @abc\n", "E-YAML-START", 1, 8, "title: \"@abc\""},
        {"title: %abc\n", "E-YAML-START", 1, 8, "quotes"},
        {"title: `abc`\n", "E-YAML-START", 1, 8, "quotes"},
        {"title: *abc def\n", "E-YAML-ALIAS", 1, 8, "quotes"},
        {"title: * abc\n", "E-YAML-START", 1, 8, "quotes"},
        {"title: **Quan trọng** nói\n", "E-YAML-START", 1, 8, "quotes"},
        {"title: & abc\n", "E-YAML-START", 1, 8, "quotes"},
        {"title: - abc\n", "E-YAML-START", 1, 8, "quotes"},
        {"title: | x\n", "E-YAML-START", 1, 8, "quotes"},
        {"title: > x\n", "E-YAML-START", 1, 8, "quotes"},
        {"title: , x\n", "E-YAML-START", 1, 8, "quotes"},
        {"title: ] x\n", "E-YAML-START", 1, 8, "quotes"},
        {"title: ? x\n", "E-YAML-START", 1, 8, "quotes"},
        {"title: [Ảnh] Lễ\ndate: x\n", "E-YAML-START", 1, 8, "quotes"},
        {"title: {x} y\ndate: x\n", "E-YAML-START", 1, 8, "quotes"},
        {"tags: [a, b\ndate: x\n", "E-YAML-BRACKET", 1, 7, "']'"},
        {"tags: {a: b\ndate: x\n", "E-YAML-BRACKET", 1, 7, "'}'"},
        {"title: a\n date: x\n", "E-YAML-INDENT", 2, 2, "column"},
        {"a:\n  b: 1\n c: 2\n", "E-YAML-INDENT", 3, 2, "column"},
        {"a:\n  - b\n - c\n", "E-YAML-INDENT", 3, 2, "column"},
        {"a: b\n- c\n", "E-YAML-INDENT", 2, 1, "column"},
        {"a: b\nxin chào\nc: d\n", "E-YAML-KEY", 2, 1, "---"},
        {"xin chào\n", "E-YAML-KEY", 1, 1, "---"},
        {"a: b\n...\nc: d\n", "E-YAML-DOCS", 2, 1, "---"},
        {"title: \"C:\\Users\"\n", "E-YAML-ESCAPE", 1, 13, "\\\\"},
        {"title: \"\\q\"\n", "E-YAML-ESCAPE", 1, 9, "\\\\"},
        {"title: \"\\ud83d\\ude00\"\n", "E-YAML-ESCAPE", 1, 11, "itself"},
        {": x\n", "E-YAML", 1, 1, "key: value"},
    };
    TRAPS(traps, YAML_FRONT, false);
}

static void test_hostile(void **state) {
    (void)state;
    static const Trap traps[] = {
        {"a: 1\nb: 2\n\na: 3\n", "E-YAML-DUP", 4, 1, "one of the two"},
        {"x:\n  a: 1\n  a: 3\n", "E-YAML-DUP", 3, 3, "one of the two"},
        {"x: {a: 1, a: 3}\n", "E-YAML-DUP", 1, 11, "one of the two"},
        {"a: &x 1\n", "E-YAML-ANCHOR", 1, 4, "quotes"},
        {"a: *x\n", "E-YAML-ALIAS", 1, 4, "quotes"},
        {"a: !x b\n", "E-YAML-TAG", 1, 4, "quotes"},
        {"a: ! b\n", "E-YAML-TAG", 1, 4, "quotes"},
        {"a: !!str b\n", "E-YAML-TAG", 1, 4, "quotes"},
        {"<<: x\n", "E-YAML-MERGE", 1, 1, "write the keys"},
        {"%YAML 1.1\n---\na: b\n", "E-YAML-DIRECTIVE", 1, 1, "key: value"},
        {"a: b\n---\nc: d\n", "E-YAML-DOCS", 2, 1, "---"},
        {"a: b\x01\n", "E-YAML-CHAR", 1, 5, "delete"},
        {"a: \"x\\0y\"\n", "E-YAML-CHAR", 1, 4, "delete"},
        {"a: \"\\ufffe\"\n", "E-YAML-CHAR", 1, 4, "delete"},
        {"a: \"\\x1b[0m\"\n", "E-YAML-CHAR", 1, 4, "delete"},
        {"a: b\nđ: x\xff\n", "E-YAML-UTF8", 2, 5, "UTF-8"},
        {"? [a]\n: b\n", "E-YAML-KEY", 1, 3, "plain word"},
        {"[a]\n", "E-YAML-KEY", 1, 1, "---"},
        {"? \n: b\n", "E-YAML-KEY", 1, 2, "plain word"},
    };
    TRAPS(traps, YAML_FRONT, false);
    static const Trap data[] = {
        {"a: *x\n", "E-YAML-ALIAS", 1, 4, "write the value"},
        {"a: &x [*x]\n", "E-YAML-ALIAS", 1, 8, "write the value"},
        {"a: &x 1\nb: &x 2\n", "E-YAML-ANCHOR", 2, 4, "another name"},
        {"x: &x {a: 1}\ny:\n  <<: *x\n", "E-YAML-MERGE", 3, 3, "write"},
        {"a: !!str b\n", "E-YAML-TAG", 1, 4, "quotes"},
    };
    TRAPS(data, YAML_DATA, false);
}

static void test_warnings(void **state) {
    (void)state;
    static const Trap traps[] = {
        {"title: Tin #1\n", "W-YAML-HASH", 1, 12, "quotes"},
        {"title: Công nhân là số # một\n", "W-YAML-HASH", 1, 24, "quotes"},
        {"a: x\xe2\x80\xa8\nb: c\n", "W-YAML-BREAK", 1, 5, "delete"},
        {"a:\n- b\n  - c\n", "W-YAML-JOIN", 3, 3, "below"},
    };
    TRAPS(traps, YAML_FRONT, true);
    Run r;
    run(&r,
        "draft: true # nháp\ndate: 2025-01-01 08:30 # giờ\n"
        "title: \"Tin #1\"\nurl: a#b\nt: 'Tin' # số một hai\n",
        YAML_FRONT);
    assert_true(r.ok);
    assert_int_equal(r.diags.len, 0);
    arena_free(r.arena);
    run(&r, "a: Tin một #1\n", YAML_DATA);
    assert_int_equal(r.diags.len, 0);
    arena_free(r.arena);
}

static void test_values(void **state) {
    (void)state;
    Run r;
    run(&r,
        "title: \"a: b\"\nno: no\nempty:\nquoted: ''\nlist:\n  - x\n"
        "  - {k: [1, 2]}\nlong: |\n  một\n  hai\nlang: 010\n",
        YAML_FRONT);
    assert_true(r.ok);
    assert_int_equal(r.diags.len, 0);
    assert_text(text_at(&r, "title"), "a: b");
    assert_text(text_at(&r, "no"), "no");
    assert_text(text_at(&r, "long"), "một\nhai\n");
    const Value *v = value_get(&r.out, S("title"));
    assert_int_equal(v->line, 1);
    assert_int_equal(v->col, 8);
    assert_int_equal(v->flags, VALUE_CONTENT);
    v = value_get(&r.out, S("no"));
    assert_int_equal(v->flags, VALUE_CONTENT | VALUE_PLAIN);
    assert_int_equal(value_get(&r.out, S("empty"))->kind, VALUE_NULL);
    assert_int_equal(value_get(&r.out, S("empty"))->line, 3);
    assert_int_equal(value_get(&r.out, S("quoted"))->kind, VALUE_STR);
    v = value_get(&r.out, S("list"));
    assert_int_equal(v->kind, VALUE_LIST);
    assert_int_equal(v->as.list.len, 2);
    assert_int_equal(v->line, 6);
    v = value_get(&v->as.list.items[1], S("k"));
    assert_int_equal(v->as.list.len, 2);
    assert_text(v->as.list.items[1].as.s, "2");
    arena_free(r.arena);
    run(&r, "", YAML_FRONT);
    assert_true(r.ok && r.out.kind == VALUE_MAP);
    arena_free(r.arena);
    run_str(&r, (Str){0}, YAML_DATA);
    assert_true(r.ok && r.out.kind == VALUE_MAP);
    arena_free(r.arena);
    run(&r, "# nothing\n", YAML_FRONT);
    assert_true(r.ok && r.out.kind == VALUE_MAP);
    arena_free(r.arena);
}

static void test_alias(void **state) {
    (void)state;
    Run r;
    run(&r, "---\na: &x {k: v}\nb: *x\nc: [*x, *x]\n", YAML_DATA);
    assert_true(r.ok);
    assert_text(text_at(&r, "b.k"), "v");
    arena_free(r.arena);
}

static Str repeat(Arena *a, const char *before, const char *what, size_t n) {
    Buf b = {.arena = a};
    buf_put(&b, str_from(before));
    for (size_t i = 0; i < n; i++)
        buf_put(&b, str_from(what));
    return buf_str(&b);
}

static void check_limit(Str text, YamlMode mode, const char *code) {
    Run r;
    run_str(&r, text, mode);
    assert_false(r.ok);
    assert_string_equal(r.diags.items[0].code, code);
    arena_free(r.arena);
}

static void test_limits(void **state) {
    (void)state;
    Arena *a = arena_new();
    check_limit(repeat(a, "a: ", "[", 60000), YAML_FRONT, "E-YAML-DEEP");
    check_limit(repeat(a, "", "- ", 30000), YAML_FRONT, "E-YAML-DEEP");
    check_limit(repeat(a, "", "? ", 30000), YAML_FRONT, "E-YAML-DEEP");
    check_limit(repeat(a, "", "{a: ", 16000), YAML_FRONT, "E-YAML-DEEP");
    check_limit(repeat(a, "a: ", "x", 66000), YAML_FRONT, "E-YAML-SIZE");
    check_limit(repeat(a, "a: ", "x", 5000000), YAML_DATA, "E-YAML-SIZE");
    check_limit(repeat(a, "", "- x\n", 200000), YAML_DATA, "E-YAML-ITEMS");
    check_limit(repeat(a, "a: &x 1\nb:\n", "- *x\n", 20000), YAML_DATA,
                "E-YAML-ALIAS");
    check_limit(repeat(a, "", "%TAG !a! tag:x:\n", 200000), YAML_DATA,
                "E-YAML-DIRECTIVE");
    Buf b = {.arena = a};
    buf_put(&b, S("a0: &a0 [x,x,x,x,x,x,x,x,x]\n"));
    for (int i = 1; i < 30; i++) {
        buf_fmt(&b, "a%d: &a%d [", i, i);
        for (int k = 0; k < 9; k++)
            buf_fmt(&b, "*a%d%s", i - 1, k < 8 ? "," : "]\n");
    }
    check_limit(buf_str(&b), YAML_DATA, "E-YAML-ITEMS");
    b = (Buf){.arena = a};
    buf_put(&b, S("a0: &a0 [x]\n"));
    for (int i = 1; i < 100; i++)
        buf_fmt(&b, "a%d: &a%d [*a%d]\n", i, i, i - 1);
    check_limit(buf_str(&b), YAML_DATA, "E-YAML-ALIAS");
    arena_free(a);
}

static void test_key_pos(void **state) {
    (void)state;
    Run r;
    run(&r, "title: a\nPlace:\n  name: x\n  list:\n    - b\nf: {g: 1, h: 2}\n",
        YAML_FRONT);
    Pos p = yaml_key_pos(&r.src, S("place"), value_get(&r.out, S("Place")));
    assert_int_equal(p.line, 2);
    assert_int_equal(p.col, 1);
    p = yaml_key_pos(&r.src, S("list"), value_path(&r.out, S("Place.list")));
    assert_int_equal(p.line, 4);
    assert_int_equal(p.col, 3);
    p = yaml_key_pos(&r.src, S("h"), value_path(&r.out, S("f.h")));
    assert_int_equal(p.line, 6);
    assert_int_equal(p.col, 11);
    p = yaml_key_pos(&r.src, S("none"), value_path(&r.out, S("f.h")));
    assert_int_equal(p.col, 14);
    arena_free(r.arena);
    run(&r, "a: \"Điều 5\"\n", YAML_FRONT);
    p = yaml_pos_in(&r.src, value_get(&r.out, S("a")), strlen("Điều "));
    assert_int_equal(p.col, 10);
    arena_free(r.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_editor_errors),
        cmocka_unit_test(test_editor_errors_2),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_warnings),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_alias),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_key_pos),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
