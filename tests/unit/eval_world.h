// A little world for templates: a site that translates, a card, some data.
#ifndef LOA_TESTS_EVAL_WORLD_H
#define LOA_TESTS_EVAL_WORLD_H

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <stdio.h>
#include <string.h>

#include "render/eval.h"

typedef struct {
    Arena *keep, *scratch;
    Diags diags;
    Job job;
    TemplateSet set;
    EvalEnv env;
    EvalHost host;
    Value data;
    Str what;
} World;

// --- A page and a card, to be read through their class ---

static inline ObjResult card_get(Arena *a, const void *self, Str key,
                                 Value *out) {
    (void)a, (void)self;
    *out = value_str(S("Thẻ"));
    if (str_eq(key, S("title")))
        return OBJ_FOUND;
    return str_eq(key, S("body")) ? OBJ_REFUSED : OBJ_NIL;
}

static inline Str card_text(Arena *a, const void *self) {
    (void)a, (void)self;
    return S("<thẻ>");
}

static const ObjClass card_class = {"card", card_get, card_text, false};

// --- The site ---

static inline bool translate(Job *job, void *ctx, Str key, const Value *args,
                             Value *out) {
    (void)ctx;
    const Value *count = value_get(args, S("count"));
    *out = value_str(str_fmt(job->scratch, "%.*s <%lld>", STR_ARG(key),
                             count ? (long long)count->as.i : -1));
    return true;
}

static inline Str url(Arena *a, void *ctx, Str path, bool is_absolute) {
    (void)ctx;
    return str_fmt(a, "%s/cd%.*s", is_absolute ? "https://x.vn" : "",
                   STR_ARG(path));
}

static inline bool markdown(Job *job, void *ctx, Str text, bool is_inline,
                            Str *html) {
    (void)ctx;
    *html = str_fmt(job->scratch, is_inline ? "<em>%.*s</em>" : "<p>%.*s</p>",
                    STR_ARG(text));
    return true;
}

static inline Value flagged(Str s, unsigned flags) {
    Value v = value_str(s);
    v.flags = (uint8_t)flags;
    return v;
}

static inline int set_up(void **state) {
    World *w = test_calloc(1, sizeof *w);
    w->keep = arena_new();
    w->scratch = arena_new();
    w->diags.arena = w->keep;
    w->job = (Job){.keep = w->keep, .scratch = w->scratch, .diags = &w->diags};
    w->set.by_name.arena = w->keep;
    w->host = (EvalHost){NULL, translate, url, markdown};
    w->env = (EvalEnv){
        .templates = &w->set, .host = &w->host, .lang = S("vi"), .zone = 420};
    w->data = value_map(w->keep);
    Value html = flagged(S("<b>An</b>"), VALUE_HTML | VALUE_CONTENT);
    Value *list = ARENA_ARRAY(w->keep, Value, 2);
    list[0] = html;
    list[1] = value_str(S("<i>"));
    value_set(w->keep, &w->data, S("html"), html);
    value_set(w->keep, &w->data, S("list"), value_list(list, 2));
    value_set(w->keep, &w->data, S("text"), value_str(S("Lê & <An>")));
    value_set(w->keep, &w->data, S("title"),
              flagged(S("Lê & <An>"), VALUE_CONTENT));
    value_set(w->keep, &w->data, S("lines"), value_str(S("a<\r\nb\n")));
    value_set(w->keep, &w->data, S("card"), value_obj(&card_class, NULL));
    *state = w;
    return 0;
}

static inline int tear_down(void **state) {
    World *w = *state;
    arena_free(w->scratch);
    arena_free(w->keep);
    test_free(w);
    return 0;
}

static inline void add(World *w, const char *name, const char *text) {
    Template *t = ARENA_NEW(w->keep, Template);
    Source *src = ARENA_NEW(w->keep, Source);
    *src = (Source){
        .path = str_from(name), .rel = str_from(name), .text = str_from(text)};
    assert_true(liquid_parse(&w->job, src, LIQUID_SITE, t));
    map_set(&w->set.by_name, str_from(name), t);
}

static inline bool try(World *w, const char *text, LiquidMode mode, Str *out) {
    Template *t = ARENA_NEW(w->keep, Template);
    Source *src = ARENA_NEW(w->keep, Source);
    *src = (Source){
        .path = S("a.html"), .rel = S("a.html"), .text = str_from(text)};
    w->diags.len = w->diags.errors = 0;
    if (!liquid_parse(&w->job, src, mode, t))
        return false;
    Buf buf = {.arena = w->scratch};
    bool good = eval_template(&w->job, &w->env, t, &w->data, w->what, &buf);
    *out = buf_str(&buf);
    return good;
}

static inline void gives_as(World *w, const char *text, LiquidMode mode,
                            const char *expected) {
    Str out = {0};
    if (!try(w, text, mode, &out))
        print_error("%s: %.*s\n", text, STR_ARG(w->diags.items[0].message));
    if (!str_eq(out, str_from(expected)))
        print_error("%s\n", text);
    assert_string_equal(str_cstr(w->keep, out), expected);
}

static inline void gives(World *w, const char *text, const char *expected) {
    gives_as(w, text, LIQUID_SITE, expected);
}

static inline void refuses(World *w, const char *text, const char *code) {
    Str out;
    bool good = try(w, text, LIQUID_SITE, &out);
    if (good || strcmp(w->diags.items[0].code, code))
        print_error("%s: %.*s\n", text, STR_ARG(out));
    assert_false(good);
    assert_string_equal(w->diags.items[0].code, code);
    assert_true(w->diags.items[0].line > 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

#endif
