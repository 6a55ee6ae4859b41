// Pages by the name of their file, from one thread and from many.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include "base/pool.h"
#include "render/page_names.h"

typedef struct {
    const char *name, *rel; // rel NULL: none, or several
} Case;

static const char *const files[] = {
    "a/bai.md",      "a/hai.md", "b/hai.md",       "b/ba/index.md",
    "c/ba.md",       "c/bon.md", "c/bon.en.md",    "nam/index.md",
    "nam/_index.md", "index.md", "sau/index.en.md"};

static const Case cases[] = {
    {"bai", "a/bai.md"},
    {"bai.md", "a/bai.md"},
    {"hai", NULL},
    {"hai.md", NULL},
    {"ba", NULL},
    {"ba.md", "c/ba.md"},
    {"bon", "c/bon.md"},
    {"bon.en", "c/bon.en.md"},
    {"nam", "nam/index.md"},
    {"_index", "nam/_index.md"},
    {"index.md", NULL},
    {"index.en", "sau/index.en.md"},
    {"sau", NULL},
    {"khong", NULL},
};

static void ask(Job *job, size_t i, void *ctx) {
    (void)job;
    const Case *c = &cases[i % (sizeof cases / sizeof *cases)];
    Str rel = page_names_find(ctx, str_from(c->name));
    if (!str_eq(rel, str_from(c->rel)))
        fail_msg("%s: '%.*s'", c->name, STR_ARG(rel));
}

static void finds_names(void **state) {
    (void)state;
    Arena *a = arena_new();
    Map map = {.arena = a};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        map_add(&map, str_from(files[i]), &map);
    PageNames *names = page_names_new(a, &map);
    Job job = {.keep = a, .scratch = a};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ask(&job, i, names);
    arena_free(a);
}

static void many_ask_at_once(void **state) {
    (void)state;
    Arena *a = arena_new();
    Diags diags = {.arena = a};
    Map map = {.arena = a};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        map_add(&map, str_from(files[i]), &map);
    for (int i = 0; i < 3000; i++)
        map_add(&map, str_fmt(a, "d/x%d.md", i), &map);
    Pool *pool = pool_new(4);
    pool_each(pool, &diags, 500, ask, page_names_new(a, &map));
    pool_free(pool);
    arena_free(a);
}

static void no_files(void **state) {
    (void)state;
    Arena *a = arena_new();
    Map map = {.arena = a};
    assert_int_equal(page_names_find(page_names_new(a, &map), S("a")).len, 0);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_names),
        cmocka_unit_test(many_ask_at_once),
        cmocka_unit_test(no_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
