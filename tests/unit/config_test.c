// loa.yaml, its overlays, LOA_* variables and flags, in this order.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/config.h"

typedef struct {
    Arena *arena;
    Diags diags;
    Job job;
    char dir[64];
    FsRoot root;
    Config cfg;
} Run;

static void put(const Run *r, const char *path, const char *text) {
    char full[256];
    snprintf(full, sizeof full, "%s/%s", r->dir, path);
    for (char *p = full + strlen(r->dir) + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = 0;
        mkdir(full, 0777);
        *p = '/';
    }
    FILE *f = fopen(full, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static int start(void **state) {
    Arena *a = arena_new();
    Run *r = ARENA_NEW(a, Run);
    r->arena = a;
    r->diags.arena = a;
    r->job = (Job){.keep = a, .scratch = a, .diags = &r->diags};
    strcpy(r->dir, "/tmp/loa-config-XXXXXX");
    assert_non_null(mkdtemp(r->dir));
    assert_true(fs_open_root(&r->job, str_from(r->dir), &r->root));
    put(r, "loa.yaml",
        "BaseURL: https://a.example/x/\nTITLE: A\ntimeZone: Asia/Ho_Chi_Minh\n"
        "params: {Name: a, deep: {one: 1, two: 2}}\n");
    *state = r;
    return 0;
}

static int end(void **state) {
    Run *r = *state;
    char command[128];
    fs_close_root(&r->root);
    snprintf(command, sizeof command, "rm -rf %s", r->dir);
    int rc = system(command);
    arena_free(r->arena);
    return rc;
}

static bool load(Run *r, const ConfigFlags *flags, char *const *env) {
    static const ConfigFlags none;
    return config_load(&r->job, &r->root, flags ? flags : &none, env, &r->cfg);
}

static Str param(const Run *r, const char *path) {
    const Value *v = value_path(&r->cfg.params, str_from(path));
    return v && v->kind == VALUE_STR ? v->as.s : (Str){0};
}

#define assert_text(s, expected)                                               \
    do {                                                                       \
        Str got_ = (s);                                                        \
        if (!str_eq(got_, str_from(expected)))                                 \
            fail_msg("got '%.*s', not '%s'", STR_ARG(got_), expected);         \
    } while (0)

static void capitals_make_no_difference(void **state) {
    Run *r = *state;
    assert_true(load(r, NULL, NULL));
    assert_text(r->cfg.title, "A");
    assert_text(r->cfg.host, "https://a.example");
    assert_text(r->cfg.base_path, "/x");
    assert_text(param(r, "name"), "a");
    assert_int_equal(r->cfg.zone, 420);
    assert_int_equal(r->diags.len, 0);
}

static void later_layers_win(void **state) {
    Run *r = *state;
    char *env[] = {(char[]){"LOA_TITLE=E"}, (char[]){"LOA_PARAMS_DEEP_ONE=e"},
                   (char[]){"LOAxPARAMSxAPI_KEY=k"}, (char[]){"PATH=/bin"},
                   NULL};
    ConfigFlags flags = {.environment = S("thu"),
                         .base_url = S("https://f.example"),
                         .drafts = true};
    put(r, "config/_default/loa.yaml", "title: B\ncopyright: b\n");
    put(r, "config/thu/loa.yaml", "title: C\nbaseURL: https://c.example/\n");
    put(r, "config/thu/params.yaml", "name: c\ndeep: {two: c}\n");
    put(r, "config/production/loa.yaml", "title: khong\n");
    assert_true(load(r, &flags, env));
    assert_text(r->cfg.title, "E");
    assert_text(r->cfg.copyright, "b");
    assert_text(r->cfg.host, "https://f.example");
    assert_text(r->cfg.base_path, "");
    assert_text(param(r, "name"), "c");
    assert_text(param(r, "deep.one"), "e");
    assert_text(param(r, "deep.two"), "c");
    assert_text(param(r, "api_key"), "k");
    assert_true(r->cfg.drafts);
    assert_int_equal(r->diags.len, 0);
}

static void production_unless_said(void **state) {
    Run *r = *state;
    put(r, "config/production/loa.yaml", "title: P\n");
    assert_true(load(r, NULL, NULL));
    assert_text(r->cfg.title, "P");
}

static void variables_have_kinds(void **state) {
    Run *r = *state;
    char *env[] = {(char[]){"LOA_DISABLEKINDS=[rss, sitemap]"},
                   (char[]){"LOA_BUILDDRAFTS=true"}, (char[]){"LOA_PAGINATE=7"},
                   NULL};
    assert_true(load(r, NULL, env));
    assert_true(config_is_disabled(&r->cfg, S("RSS")));
    assert_true(config_is_disabled(&r->cfg, S("sitemap")));
    assert_false(config_is_disabled(&r->cfg, S("page")));
    assert_true(r->cfg.drafts);
    assert_int_equal(r->cfg.pager_size, 7);
}

static void bad_variables(void **state) {
    Run *r = *state;
    char *env[] = {(char[]){"LOA_BUILDDRAFTS=co"}, (char[]){"LOA_PAGINATE=-1"},
                   (char[]){"LOA_TITLE=\xff"}, NULL};
    assert_false(load(r, NULL, env));
    assert_int_equal(r->diags.errors, 3);
}

// What other programs call LOA... is not ours; what is nearly a setting is.
static void foreign_variables(void **state) {
    Run *r = *state;
    char *env[] = {
        (char[]){"LOADED=1"},       (char[]){"LOA=1"},
        (char[]){"LOA_=1"},         (char[]){"LOA_RELEASE=build/loa"},
        (char[]){"LOA_TSAN=x"},     (char[]){"LOA_BASURL=https://x/"},
        (char[]){"LOA_LANG=en"},    (char[]){"LOA_CMD=x"},
        (char[]){"LOA_CACHEDIR=/"}, NULL};
    assert_true(load(r, NULL, env));
    assert_text(r->cfg.host, "https://a.example");
    assert_int_equal(r->diags.len, 1);
    assert_string_equal(r->diags.items[0].code, "W-ENV");
}

// The order of the environment is no order.
static void variables_are_sorted(void **state) {
    Run *r = *state;
    char *one[] = {(char[]){"LOA_TITLE=1"}, (char[]){"LOAxTITLE=2"}, NULL};
    char *two[] = {one[1], one[0], NULL};
    assert_true(load(r, NULL, one));
    Hash hash = r->cfg.hash;
    assert_text(r->cfg.title, "2");
    assert_true(load(r, NULL, two));
    assert_text(r->cfg.title, "2");
    assert_memory_equal(&hash, &r->cfg.hash, sizeof hash);
}

static void odd_values(void **state) {
    static const char *const good[] = {
        "params:\n",
        "menus:\n",
        "cascade:\n",
        "permalinks:\n",
        "taxonomies:\n",
        "menus: {main: }\n",
        "theme:\n",
        "disableKinds:\n",
        "services: {rss: {limit: -1}}\n",
        "languages: {vi: {weight: 1}}\n",
        "",
    };
    static const char *const bad[] = {
        "params: [a]\n",
        "params: x\n",
        "menus: x\n",
        "cascade: x\n",
        "permalinks: [a]\n",
        "permalinks: {section: {a: b}}\n",
        "taxonomies: [tags]\n",
        "taxonomies: {tag: a/b}\n",
        "theme: ../x\n",
        "theme: [{a: b}]\n",
        "contentDir: /etc\n",
        "staticDir: .\n",
        "paginate: 99999999999999999999\n",
        "pagination: 5\n",
        "services: [a]\n",
        "archives: {path: ../x}\n",
        "checks: {E-LINK: [a]}\n",
        "ignoreFiles: '('\n",
        "baseURL: 'javascript:alert(1)'\n",
        "baseURL: https://a.example/?x\n",
        "title: {a: b}\n",
        "- a\n",
        "chu\n",
    };
    Run *r = *state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        put(r, "config/production/loa.yaml", good[i]);
        if (!load(r, NULL, NULL))
            fail_msg("refused: %s", good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        put(r, "config/production/loa.yaml", bad[i]);
        if (load(r, NULL, NULL))
            fail_msg("accepted: %s", bad[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(capitals_make_no_difference, start,
                                        end),
        cmocka_unit_test_setup_teardown(later_layers_win, start, end),
        cmocka_unit_test_setup_teardown(production_unless_said, start, end),
        cmocka_unit_test_setup_teardown(variables_have_kinds, start, end),
        cmocka_unit_test_setup_teardown(bad_variables, start, end),
        cmocka_unit_test_setup_teardown(foreign_variables, start, end),
        cmocka_unit_test_setup_teardown(variables_are_sorted, start, end),
        cmocka_unit_test_setup_teardown(odd_values, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
