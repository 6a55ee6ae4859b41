// Templates to trees: errors and their places, names that are read, how
// templates hang together. What a tree does is tests/liquid and eval_test.c.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <stdio.h>
#include <string.h>

#include "parse/liquid_ast.h"

typedef struct {
    Arena *keep, *scratch;
    Diags diags;
    Job job;
} World;

static int set_up(void **state) {
    World *w = test_calloc(1, sizeof *w);
    w->keep = arena_new();
    w->scratch = arena_new();
    w->diags.arena = w->keep;
    w->job = (Job){.keep = w->keep, .scratch = w->scratch, .diags = &w->diags};
    *state = w;
    return 0;
}

static int tear_down(void **state) {
    World *w = *state;
    arena_free(w->scratch);
    arena_free(w->keep);
    test_free(w);
    return 0;
}

static bool parse(World *w, const char *text, LiquidMode mode, Template *out) {
    Source *src = ARENA_NEW(w->keep, Source);
    *src = (Source){.kind = SOURCE_LAYOUT,
                    .path = S("layouts/a.html"),
                    .rel = S("a.html"),
                    .text = str_copy(w->keep, str_from(text))};
    w->diags.len = w->diags.errors = 0;
    return liquid_parse(&w->job, src, mode, out);
}

// The first error must have this code and place.
static void refused(World *w, const char *text, const char *code, uint32_t line,
                    uint32_t col) {
    Template t;
    assert_false(parse(w, text, LIQUID_SITE, &t));
    assert_true(w->diags.len > 0);
    Diag d = w->diags.items[0];
    if (strcmp(d.code, code) || d.line != line || d.col != col)
        print_error("%s: %s %u:%u %.*s\n", text, d.code, d.line, d.col,
                    STR_ARG(d.message));
    assert_string_equal(d.code, code);
    assert_int_equal(d.line, line);
    assert_int_equal(d.col, col);
}

static void says(World *w, const char *hint) {
    Str got = w->diags.items[0].hint;
    if (str_find(got, str_from(hint), 0) == SIZE_MAX)
        print_error("hint: %.*s\n", STR_ARG(got));
    assert_true(str_find(got, str_from(hint), 0) != SIZE_MAX);
}

static void errors_have_a_place(void **state) {
    World *w = *state;
    refused(w, "Chào {{ a", "E-LIQUID", 1, 6);
    refused(w, "Đây\nlà {% if", "E-LIQUID", 2, 4);
    refused(w, "{{ a | 5 }}", "E-LIQUID", 1, 8);
    refused(w, "{{ a.b.['c'] }}", "E-LIQUID", 1, 8);
    refused(w, "{{ 'abc }}", "E-LIQUID", 1, 4);
    refused(w, "{{ a b }}", "E-LIQUID", 1, 6);
    refused(w, "{{ (1..) }}", "E-LIQUID", 1, 8);
    refused(w, "{{ a[1 }}", "E-LIQUID", 1, 8);
    refused(w, "{{ 99999999999999999999 | x }}", "E-FILTER", 1, 27);
    refused(w, "{% if a = b %}{% endif %}", "E-LIQUID", 1, 9);
    refused(w, "{% if %}{% endif %}", "E-LIQUID", 1, 6);
    refused(w, "{% for a b %}{% endfor %}", "E-LIQUID", 1, 10);
    refused(w, "{% for a in b colour: 1 %}{% endfor %}", "E-LIQUID", 1, 15);
    refused(w, "{% assign a 1 %}", "E-LIQUID", 1, 13);
    refused(w, "{% cycle %}", "E-LIQUID", 1, 9);
    refused(w, "{% case a %}{% when b and c %}{% endcase %}", "E-LIQUID", 1,
            23);
    refused(w, "{% %}", "E-LIQUID", 1, 1);
}

static void blocks_must_be_ended(void **state) {
    World *w = *state;
    refused(w, "{% if a %}\n{% for b in c %}\n{% endif %}", "E-TAG", 3, 4);
    says(w, "endfor");
    refused(w, "x\n{% unless a %}y", "E-TAG", 2, 4);
    says(w, "{% endunless %}");
    refused(w, "{% endif %}", "E-TAG", 1, 4);
    refused(w, "{% else %}", "E-TAG", 1, 4);
    refused(w, "{% raw %} {{ x", "E-LIQUID", 1, 4);
    refused(w, "{% comment %}{% comment %}{% endcomment %}", "E-LIQUID", 1, 4);
    refused(w, "{% liquid\n if a\n echo b\n%}{% endif %}", "E-TAG", 2, 2);
}

static void unknown_words_get_a_suggestion(void **state) {
    World *w = *state;
    refused(w, "{{ a | upcas }}", "E-FILTER", 1, 8);
    says(w, "upcase");
    refused(w, "{% asign a = 1 %}", "E-TAG", 1, 4);
    says(w, "assign");
    refused(w, "{{ a | append }}", "E-FILTER", 1, 8);
    refused(w, "{{ a | upcase: 1 }}", "E-FILTER", 1, 8);
    refused(w, "{{ a | upcase: x: 1 }}", "E-FILTER", 1, 8);
    refused(w, "{{ a | append 'x' }}", "E-LIQUID", 1, 15);
    says(w, "colon");
}

static void every_error_is_told(void **state) {
    World *w = *state;
    Template t;
    assert_false(parse(w, "{{ a | x1 }}\n{{ b | x2 }}\n{% assign = %}",
                       LIQUID_SITE, &t));
    assert_int_equal(w->diags.len, 3);
    assert_int_equal(w->diags.items[2].line, 3);
}

static void a_site_is_stricter(void **state) {
    World *w = *state;
    Template t;
    refused(w, "{{ 'now' | date: '%Y' }}", "E-NOW", 1, 5);
    says(w, "clock.");
    refused(w, "{{ \"today\" | date_admin }}", "E-NOW", 1, 5);
    refused(w, "{% include name %}", "E-LIQUID", 1, 12);
    refused(w, "{% if a %}{% else if b %}{% endif %}", "E-LIQUID", 1, 19);
    says(w, "elsif");
    assert_true(parse(w, "{{ 'now' | date: '%Y' }}{% include name %}",
                      LIQUID_PLAIN, &t));
    assert_true(t.has_dynamic);
    assert_false(parse(w, "{% render name %}", LIQUID_PLAIN, &t));
}

static void nesting_has_a_limit(void **state) {
    World *w = *state;
    Template t;
    Buf deep = {.arena = w->keep}, brackets = {.arena = w->keep};
    for (int i = 0; i < 100; i++)
        buf_put(&deep, S("{% if a %}"));
    for (int i = 0; i < 100; i++)
        buf_put(&deep, S("{% endif %}"));
    assert_true(parse(w, str_cstr(w->keep, buf_str(&deep)), LIQUID_SITE, &t));
    Str more = str_fmt(w->keep, "{%% if b %%}%.*s{%% endif %%}",
                       STR_ARG(buf_str(&deep)));
    assert_false(parse(w, more.ptr, LIQUID_SITE, &t));
    buf_put(&brackets, S("{{ a"));
    for (int i = 0; i < 100000; i++)
        buf_put(&brackets, S("[a"));
    assert_false(
        parse(w, str_cstr(w->keep, buf_str(&brackets)), LIQUID_SITE, &t));
}

static void is_list(World *w, Strs got, const char *expected) {
    Buf out = {.arena = w->keep};
    for (size_t i = 0; i < got.len; i++)
        buf_fmt(&out, i ? " %.*s" : "%.*s", STR_ARG(got.items[i]));
    assert_string_equal(str_cstr(w->keep, buf_str(&out)), expected);
}

static void names_that_are_read(void **state) {
    World *w = *state;
    Template t;
    assert_true(parse(w,
                      "{{ page.title }}{% if clock.year > site[x] %}"
                      "{{ lang }}{% endif %}{% render 'card', item: e %}"
                      "{% include 'nav' %}{% render 'card' %}{{ ['a b'].c }}",
                      LIQUID_SITE, &t));
    is_list(w, t.globals,
            "a b a b.c clock clock.year e e.* lang lang.* page page.title "
            "site site.* x x.*");
    is_list(w, t.includes, "card nav");
    assert_int_equal(t.include_at[0], 76);
    assert_false(t.has_dynamic);
    assert_string_equal(str_cstr(w->keep, t.name), "a");
}

static void front_matter_names_the_layout(void **state) {
    World *w = *state;
    Template t;
    assert_true(parse(w, "---\nlayout: base\n---\n{{ a }}", LIQUID_SITE, &t));
    assert_string_equal(str_cstr(w->keep, t.layout), "base");
    assert_int_equal(t.root->kind, NODE_OUTPUT);
    refused(w, "---\nlayout: base\n---\nx\n{{ a | b }}", "E-FILTER", 5, 8);
    assert_true(parse(w, "---\nlayout: base\n---\n{{ a }}", LIQUID_PLAIN, &t));
    assert_int_equal(t.layout.len, 0);
}

// --- Many templates ---

static void add(World *w, TemplateSet *set, const char *name,
                const char *text) {
    Template *t = ARENA_NEW(w->keep, Template);
    Source *src = ARENA_NEW(w->keep, Source);
    *src = (Source){
        .path = str_from(name), .rel = str_from(name), .text = str_from(text)};
    assert_true(liquid_parse(&w->job, src, LIQUID_SITE, t));
    map_add(&set->by_name, str_from(name), t);
}

static void links(void **state) {
    World *w = *state;
    TemplateSet good = {{.arena = w->keep}};
    add(w, &good, "single", "---\nlayout: base\n---\n{% render 'card' %}");
    add(w, &good, "base", "{{ content }}{% include 'partials/card' %}");
    add(w, &good, "partials/card", "x");
    assert_true(template_link(&w->job, &good));
    assert_ptr_equal(template_find(&good, S("card")),
                     template_find(&good, S("partials/card")));
    assert_null(template_find(&good, S("nothing")));
}

static void a_missing_partial_is_told(void **state) {
    World *w = *state;
    TemplateSet set = {{.arena = w->keep}};
    add(w, &set, "single", "---\nlayout: bas\n---\nx\n{% render 'crd' %}");
    assert_false(template_link(&w->job, &set));
    assert_int_equal(w->diags.len, 2);
    assert_string_equal(w->diags.items[0].code, "E-TEMPLATE");
    assert_int_equal(w->diags.items[0].line, 5);
    assert_int_equal(w->diags.items[0].col, 11);
    assert_int_equal(w->diags.items[1].line, 2);
}

static void circles_are_told(void **state) {
    World *w = *state;
    TemplateSet set = {{.arena = w->keep}}, layouts = {{.arena = w->keep}};
    add(w, &set, "a", "{% render 'b' %}");
    add(w, &set, "b", "{% render 'a' %}");
    assert_false(template_link(&w->job, &set));
    assert_int_equal(w->diags.len, 1);
    add(w, &layouts, "a", "---\nlayout: b\n---\n");
    add(w, &layouts, "b", "---\nlayout: a\n---\n");
    assert_false(template_link(&w->job, &layouts));
}

static void filters_are_sorted(void **state) {
    (void)state;
    for (int i = 0; i < FILTER_COUNT; i++) {
        FilterId id;
        Str name = filter_spec((FilterId)i)->name;
        assert_true(filter_lookup(name, &id));
        assert_int_equal(id, i);
    }
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(errors_have_a_place),
        TEST(blocks_must_be_ended),
        TEST(unknown_words_get_a_suggestion),
        TEST(every_error_is_told),
        TEST(a_site_is_stricter),
        TEST(nesting_has_a_limit),
        TEST(names_that_are_read),
        TEST(front_matter_names_the_layout),
        TEST(links),
        TEST(a_missing_partial_is_told),
        TEST(circles_are_told),
        TEST(filters_are_sorted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
