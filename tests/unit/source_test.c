// What is found, what wins, and what becomes of the bytes of a file.
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

#include "read/source.h"

typedef struct {
    Arena *arena;
    Diags diags;
    Job job;
    FsRoot root;
    char dir[64];
    SourceDirs dirs;
} Test;

static int setup(void **state) {
    static Test t;
    static Str statics[] = {S_INIT("static"), S_INIT("static2")};
    static Str themes[] = {S_INIT("one"), S_INIT("two")};
    t = (Test){.arena = arena_new(), .dir = "/tmp/loa-source-XXXXXX"};
    t.diags.arena = t.arena;
    t.job = (Job){.keep = t.arena, .scratch = t.arena, .diags = &t.diags};
    t.dirs = (SourceDirs){.content = S("content"),
                          .layouts = S("layouts"),
                          .types = S("types"),
                          .i18n = S("i18n"),
                          .data = S("data"),
                          .statics = {statics, 2},
                          .themes = S("themes"),
                          .theme = {themes, 2}};
    *state = &t;
    return !mkdtemp(t.dir) || !fs_open_root(&t.job, str_from(t.dir), &t.root);
}

static int teardown(void **state) {
    Test *t = *state;
    char command[128];
    fs_close_root(&t->root);
    snprintf(command, sizeof command, "rm -rf %s", t->dir);
    arena_free(t->arena);
    return system(command);
}

// A file with the folders it lies in.
static void make_bytes(Test *t, const char *name, Str bytes) {
    Str path = str_fmt(t->arena, "%s/%s", t->dir, name);
    for (size_t i = strlen(t->dir) + 1; i < path.len; i++)
        if (path.ptr[i] == '/')
            (void)mkdir(str_cstr(t->arena, str_slice(path, 0, i)), 0700);
    FILE *f = fopen(str_cstr(t->arena, path), "w");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, f), bytes.len);
    fclose(f);
}

static void make(Test *t, const char *name) {
    make_bytes(t, name, str_from(name));
}

static void expect(Test *t, const SourceSet *set, SourceKind kind,
                   const char *paths) {
    Buf b = {.arena = t->arena};
    for (size_t i = set->first[kind]; i < set->first[kind + 1]; i++) {
        const Source *s = &set->items[i];
        assert_int_equal(s->kind, kind);
        buf_fmt(&b, "%.*s|%.*s|%u ", STR_ARG(s->path), STR_ARG(s->rel),
                s->layer);
    }
    if (!str_eq(buf_str(&b), str_from(paths)))
        print_error("got %.*s\n", STR_ARG(buf_str(&b)));
    assert_true(str_eq(buf_str(&b), str_from(paths)));
}

static const Diag *only(Test *t, const char *code, const char *path) {
    assert_int_equal(t->diags.len, 1);
    const Diag *d = &t->diags.items[0];
    assert_string_equal(d->code, code);
    assert_true(str_eq(d->path, str_from(path)));
    assert_true(d->hint.len > 0);
    t->diags.len = 0;
    return d;
}

static void first_layer_wins_except_for_i18n_and_data(void **state) {
    Test *t = *state;
    static const char *const names[] = {"content/b/_index.md",
                                        "content/a.md",
                                        "content/b/p.JPG",
                                        "content/c.markdown",
                                        "content/.hidden.md",
                                        "content/d.md~",
                                        "layouts/base.html",
                                        "themes/one/layouts/base.html",
                                        "themes/one/layouts/x.html",
                                        "themes/two/layouts/x.html",
                                        "themes/two/layouts/y.html",
                                        "themes/two/types/event.yaml",
                                        "i18n/vi.yaml",
                                        "themes/one/i18n/vi.yaml",
                                        "data/a.yaml",
                                        "themes/two/data/a.yaml",
                                        "static/s.css",
                                        "static2/s.css",
                                        "static2/t.css",
                                        "themes/one/static/s.css",
                                        "themes/one/static/u/v.css",
                                        "themes/one/content/no.md",
                                        "themes/three/layouts/z.html"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        make(t, names[i]);
    SourceSet set;
    assert_true(source_scan(&t->job, NULL, &t->root, &t->dirs, &set));
    assert_int_equal(t->diags.len, 0);
    expect(t, &set, SOURCE_CONTENT,
           "content/a.md|a.md|0 content/b/_index.md|b/_index.md|0 "
           "content/c.markdown|c.markdown|0 ");
    expect(t, &set, SOURCE_RESOURCE, "content/b/p.JPG|b/p.JPG|0 ");
    expect(t, &set, SOURCE_LAYOUT,
           "layouts/base.html|base.html|0 themes/one/layouts/x.html|x.html|1 "
           "themes/two/layouts/y.html|y.html|2 ");
    expect(t, &set, SOURCE_TYPE, "themes/two/types/event.yaml|event.yaml|2 ");
    expect(t, &set, SOURCE_I18N,
           "i18n/vi.yaml|vi.yaml|0 themes/one/i18n/vi.yaml|vi.yaml|1 ");
    expect(t, &set, SOURCE_DATA,
           "data/a.yaml|a.yaml|0 themes/two/data/a.yaml|a.yaml|2 ");
    expect(t, &set, SOURCE_STATIC,
           "static/s.css|s.css|0 static2/t.css|t.css|0 "
           "themes/one/static/u/v.css|u/v.css|1 ");
    expect(t, &set, SOURCE_CONFIG, "");
    assert_int_equal(set.first[SOURCE_CONFIG + 1], set.len);
    assert_int_equal(set.first[0], 0);
}

static bool scan(Test *t, SourceSet *set) {
    make(t, "themes/one/x");
    make(t, "themes/two/x");
    return source_scan(&t->job, NULL, &t->root, &t->dirs, set);
}

// More than one job looks at; what lies between them is of another kind.
static void many_files_are_put_in_order(void **state) {
    Test *t = *state;
    enum { N = 700 };
    for (int i = 0; i < N; i++)
        make(t, str_cstr(t->arena, str_fmt(t->arena, "content/%d/%03d.%s",
                                           i % 3, i, i % 5 ? "md" : "jpg")));
    make(t, "content/1/.hidden.md");
    SourceSet alone, wide, after;
    Pool *pool = pool_new(4);
    assert_true(scan(t, &alone));
    assert_true(source_scan(&t->job, pool, &t->root, &t->dirs, &wide));
    assert_int_equal(wide.first[SOURCE_RESOURCE], N - N / 5);
    assert_int_equal(wide.len, N);
    for (size_t i = 0; i < N; i++) {
        const Source *src = &wide.items[i];
        assert_int_equal(src->kind,
                         i < N - N / 5 ? SOURCE_CONTENT : SOURCE_RESOURCE);
        assert_true(str_eq(src->path, alone.items[i].path));
        assert_true(i == 0 || src[-1].kind != src->kind ||
                    str_cmp(src[-1].rel, src->rel) < 0);
    }
    assert_true(hash_eq(alone.looks, wide.looks));
    make_bytes(t, "content/1/.hidden.md", S("more"));
    assert_true(source_scan(&t->job, pool, &t->root, &t->dirs, &after));
    assert_true(hash_eq(after.looks, wide.looks));
    make_bytes(t, "content/1/001.md", S("more"));
    assert_true(source_scan(&t->job, pool, &t->root, &t->dirs, &after));
    assert_false(hash_eq(after.looks, wide.looks));
    pool_free(pool);
}

static void an_empty_site_is_no_error(void **state) {
    Test *t = *state;
    SourceSet set;
    assert_true(scan(t, &set));
    assert_int_equal(set.len, 0);
    assert_int_equal(set.first[SOURCE_CONFIG + 1], 0);
}

static void other_formats_are_errors(void **state) {
    Test *t = *state;
    SourceSet set;
    static const char *const names[] = {"content/a.html",   "content/a.HTM",
                                        "content/x/a.adoc", "content/a.org",
                                        "content/a.rst",    "content/a.pdc"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        make(t, names[i]);
        assert_false(scan(t, &set));
        only(t, "E-FORMAT", names[i]);
        assert_int_equal(unlink(str_cstr(t->arena, str_fmt(t->arena, "%s/%s",
                                                           t->dir, names[i]))),
                         0);
    }
}

static void links_are_errors_everywhere(void **state) {
    Test *t = *state;
    SourceSet set;
    static const char *const names[] = {"content/l.md", "layouts/l.html",
                                        "themes/two/static/l.css"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        Str path = str_fmt(t->arena, "%s/%s", t->dir, names[i]);
        make(t, names[i]);
        const char *name = str_cstr(t->arena, path);
        assert_int_equal(unlink(name), 0);
        assert_int_equal(symlink("/etc/passwd", name), 0);
        assert_false(scan(t, &set));
        only(t, "E-FILE", names[i]);
        assert_int_equal(set.len, 0);
        assert_int_equal(unlink(name), 0);
        assert_int_equal(mkfifo(name, 0600), 0);
        assert_false(scan(t, &set));
        only(t, "E-FILE", names[i]);
        assert_int_equal(unlink(name), 0);
    }
}

static void names_are_nfc_and_unique(void **state) {
    Test *t = *state;
    SourceSet set;
    make(t, "content/o\xCC\x82.md"); // ô in two
    assert_true(scan(t, &set));
    expect(t, &set, SOURCE_CONTENT, "content/o\xCC\x82.md|ô.md|0 ");
    make(t, "content/ô.md");
    assert_false(scan(t, &set));
    only(t, "E-NAME", "content/ô.md");
    assert_int_equal(set.len, 1);
}

static void bad_names_are_errors(void **state) {
    Test *t = *state;
    SourceSet set;
    static const char *const names[] = {"content/\xFF.md", "static/a\nb",
                                        "static/a\033b", "static/a\tb"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        make(t, names[i]);
        assert_false(scan(t, &set));
        only(t, "E-NAME", names[i]);
        assert_int_equal(unlink(str_cstr(t->arena, str_fmt(t->arena, "%s/%s",
                                                           t->dir, names[i]))),
                         0);
    }
}

static void themes_must_be_there(void **state) {
    Test *t = *state;
    SourceSet set;
    make(t, "themes/one/layouts/a.html");
    assert_false(source_scan(&t->job, NULL, &t->root, &t->dirs, &set));
    only(t, "E-THEME", "themes/two");
    assert_int_equal(set.len, 1);
    Str outside = S("../one");
    t->dirs.theme = (Strs){&outside, 1};
    assert_false(source_scan(&t->job, NULL, &t->root, &t->dirs, &set));
    only(t, "E-THEME", "themes/../one");
}

// --- Loading ---

static bool load(Test *t, Str bytes, Source *src) {
    make_bytes(t, "content/a.md", bytes);
    *src = (Source){.kind = SOURCE_CONTENT, .path = S("content/a.md")};
    bool exists;
    assert_true(fs_stat(&t->job, &t->root, src->path, &exists, &src->entry));
    return source_load(&t->job, &t->root, 1 << 20, src);
}

static void expect_text(Test *t, Str bytes, const char *text) {
    Source src;
    assert_true(load(t, bytes, &src));
    assert_true(str_eq(src.text, str_from(text)));
    assert_true(hash_eq(src.hash, hash_bytes(bytes)));
    source_drop_text(&src);
    assert_int_equal(src.text.len, 0);
    assert_null(src.own);
    source_drop_text(&src);
}

static void text_is_cleaned(void **state) {
    Test *t = *state;
    expect_text(t, S("plain\n"), "plain\n");
    expect_text(t, S(""), "");
    expect_text(t, S("\xEF\xBB\xBF-"), "-");
    expect_text(t, S("\xEF\xBB\xBF"), "");
    expect_text(t, S("a\r\nb\rc\r\r\nd\r"), "a\nb\nc\n\nd\n");
    expect_text(t, S("Sự kiện ở Đà Nẵng"), "Sự kiện ở Đà Nẵng");
    assert_int_equal(t->diags.len, 0);
}

static void text_that_was_not_nfc_is_a_warning(void **state) {
    Test *t = *state;
    Source src;
    expect_text(t, S("\xEF\xBB\xBFo\xCC\x82\r\nx"), "ô\nx");
    only(t, "W-NFC", "content/a.md");
    assert_true(load(t, S("o\xCC\x82"), &src));
    assert_false(src.was_nfc);
    source_drop_text(&src);
    assert_true(load(t, S("ô"), &src));
    assert_true(src.was_nfc);
    source_drop_text(&src);
    t->diags.len = 0;
}

static void refuse(Test *t, Str bytes, const char *code, uint32_t line,
                   uint32_t col) {
    Source src;
    assert_false(load(t, bytes, &src));
    assert_null(src.own);
    assert_int_equal(src.text.len, 0);
    const Diag *d = only(t, code, "content/a.md");
    assert_int_equal(d->line, line);
    assert_int_equal(d->col, col);
}

static void what_is_no_text_is_refused(void **state) {
    Test *t = *state;
    refuse(t, S("a\0b"), "E-NUL", 1, 2);
    refuse(t, S("đ\r\nđ\0"), "E-NUL", 2, 2);
    refuse(t, S("a\rđ\xFF"), "E-UTF8", 2, 2);
    refuse(t, S("\xE1\xBB"), "E-UTF8", 1, 1);
    refuse(t, S("\xC0\x80"), "E-UTF8", 1, 1);
    refuse(t, S("a\xFF\0"), "E-UTF8", 1, 2);
    refuse(t,
           S("\xFF\xFE"
             "a\0"),
           "E-UTF16", 1, 1);
    refuse(t, S("\xFE\xFF\0a"), "E-UTF16", 1, 1);
}

static void large_files_are_refused(void **state) {
    Test *t = *state;
    Source src = {.path = S("content/a.md"), .entry = {.size = 1000000}};
    make_bytes(t, "content/a.md", S("123456"));
    assert_false(source_load(&t->job, &t->root, 5, &src));
    only(t, "E-SIZE", "content/a.md");
    assert_true(source_load(&t->job, &t->root, 6, &src));
    assert_true(source_load(&t->job, &t->root, 6, &src)); // once more
    assert_true(str_eq(src.text, S("123456")));
    SourceSet set = {.items = &src, .len = 1};
    source_drop_all(&set);
    assert_null(src.own);
}

static void single_files_open(void **state) {
    Test *t = *state;
    bool exists = true;
    Source src = {0};
    assert_true(source_open(&t->job, &t->root, S("loa.yaml"), SOURCE_CONFIG,
                            &exists, &src));
    assert_false(exists);
    make_bytes(t, "loa.yaml", S("title: o\xCC\x82\r\n"));
    assert_true(source_open(&t->job, &t->root, S("loa.yaml"), SOURCE_CONFIG,
                            &exists, &src));
    assert_true(exists);
    assert_true(str_eq(src.text, S("title: ô\n")));
    assert_int_equal(src.kind, SOURCE_CONFIG);
    assert_null(src.own); // it lives as long as keep
    assert_int_equal(t->diags.len, 0);
    make(t, "config/x");
    assert_false(source_open(&t->job, &t->root, S("config"), SOURCE_CONFIG,
                             &exists, &src));
    assert_string_equal(t->diags.items[0].code, "E-FILE");
}

static void positions_count_code_points(void **state) {
    Source src = {.path = S("a"), .text = S("đ\nđđx\n")};
    static const struct {
        size_t offset;
        uint32_t line, col;
    } cases[] = {{0, 1, 1}, {2, 1, 2}, {3, 2, 1}, {7, 2, 3},
                 {8, 2, 4}, {9, 3, 1}, {99, 3, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Pos pos = source_pos_at(&src, cases[i].offset);
        assert_int_equal(pos.line, cases[i].line);
        assert_int_equal(pos.col, cases[i].col);
        assert_true(str_eq(pos.path, S("a")));
    }
    assert_int_equal(source_pos(&src, 2, 3).col, 3);
    Source empty = {0};
    assert_int_equal(source_pos_at(&empty, 0).line, 1);
    (void)state;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(first_layer_wins_except_for_i18n_and_data),
        TEST(many_files_are_put_in_order),
        TEST(an_empty_site_is_no_error),
        TEST(other_formats_are_errors),
        TEST(links_are_errors_everywhere),
        TEST(names_are_nfc_and_unique),
        TEST(bad_names_are_errors),
        TEST(themes_must_be_there),
        TEST(text_is_cleaned),
        TEST(text_that_was_not_nfc_is_a_warning),
        TEST(what_is_no_text_is_refused),
        TEST(large_files_are_refused),
        TEST(single_files_open),
        TEST(positions_count_code_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
