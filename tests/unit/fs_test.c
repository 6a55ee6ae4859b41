// Files beneath a root, with everything in the way that may lie there.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fs.h"

typedef struct {
    Arena *arena;
    Diags diags;
    Job job;
    FsRoot root;
    char dir[64];
} Test;

static int setup(void **state) {
    static Test t;
    t = (Test){.arena = arena_new(), .dir = "/tmp/loa-fs-XXXXXX"};
    t.diags.arena = t.arena;
    t.job = (Job){.keep = t.arena, .scratch = t.arena, .diags = &t.diags};
    *state = &t;
    return !mkdtemp(t.dir) || !fs_open_root(&t.job, str_from(t.dir), &t.root);
}

static int teardown(void **state) {
    Test *t = *state;
    char command[128];
    fs_close_root(&t->root);
    fs_close_root(&t->root);
    snprintf(command, sizeof command, "rm -rf %s", t->dir);
    arena_free(t->arena);
    return system(command);
}

static const char *in(Test *t, const char *name) {
    return str_cstr(t->arena, str_fmt(t->arena, "%s/%s", t->dir, name));
}

static void make(Test *t, const char *name, const char *text) {
    FILE *f = fopen(in(t, name), "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void make_dir(Test *t, const char *name) {
    assert_int_equal(mkdir(in(t, name), 0700), 0);
}

// The last diagnostic, and that it is the only one.
static const Diag *only(Test *t, const char *code, const char *path) {
    assert_int_equal(t->diags.len, 1);
    const Diag *d = &t->diags.items[0];
    assert_string_equal(d->code, code);
    assert_true(str_eq(d->path, str_from(path)));
    t->diags.len = 0;
    return d;
}

static bool read_file(Test *t, const char *name, Str *out) {
    return fs_read(&t->job, t->arena, &t->root, str_from(name), 100, out);
}

static void reads_files(void **state) {
    Test *t = *state;
    Str text;
    make_dir(t, "d");
    make(t, "d/a.md", "text");
    make(t, "empty", "");
    assert_true(read_file(t, "d/a.md", &text));
    assert_true(str_eq(text, S("text")));
    assert_true(read_file(t, "empty", &text));
    assert_int_equal(text.len, 0);
    assert_int_equal(t->diags.len, 0);
}

static void refuses_what_is_no_file(void **state) {
    Test *t = *state;
    Str text = S("before");
    make_dir(t, "d");
    make(t, "d/a.md", "text");
    assert_int_equal(mkfifo(in(t, "fifo"), 0600), 0);
    assert_int_equal(symlink("d/a.md", in(t, "link")), 0);
    assert_int_equal(symlink("d", in(t, "dlink")), 0);
    assert_int_equal(symlink("/etc/passwd", in(t, "out")), 0);
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    snprintf(name.sun_path, sizeof name.sun_path, "%s", in(t, "sock"));
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
    static const char *const names[] = {"d",          "fifo", "link",
                                        "dlink/a.md", "out",  "sock"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_false(read_file(t, names[i], &text));
        assert_true(only(t, "E-FILE", names[i])->hint.len > 0);
    }
    static const char *const missing[] = {"none", "d/none",      "d/a.md/x",
                                          "../x", "/etc/passwd", "d/../../x"};
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        assert_false(read_file(t, missing[i], &text));
        only(t, "E-SYSTEM", missing[i]);
    }
    assert_true(str_eq(text, S("before")));
    close(fd);
}

static void refuses_large_files(void **state) {
    Test *t = *state;
    Str text;
    Buf b = {.arena = t->arena};
    for (int i = 0; i < 100; i++)
        buf_putc(&b, 'x');
    make(t, "a", str_cstr(t->arena, buf_str(&b)));
    assert_true(read_file(t, "a", &text));
    assert_int_equal(text.len, 100);
    buf_putc(&b, 'x');
    make(t, "a", str_cstr(t->arena, buf_str(&b)));
    assert_false(read_file(t, "a", &text));
    const Diag *d = only(t, "E-SIZE", "a");
    assert_true(str_find(d->message, S("101"), 0) != SIZE_MAX);
}

// /proc gives files that say they are empty and are not.
static void notices_growth(void **state) {
    Test *t = *state;
    FsRoot proc;
    Str text;
    assert_true(fs_open_root(&t->job, S("/proc"), &proc));
    assert_false(fs_read(&t->job, t->arena, &proc, S("version"), 100, &text));
    only(t, "E-CHANGED", "version");
    fs_close_root(&proc);
}

static void stats(void **state) {
    Test *t = *state;
    bool exists = false;
    FsEntry entry;
    make(t, "a", "1234");
    assert_true(fs_stat(&t->job, &t->root, S("a"), &exists, &entry));
    assert_true(exists);
    assert_int_equal(entry.kind, FS_FILE);
    assert_int_equal(entry.size, 4);
    assert_true(entry.mtime_ns > 1000000000000000000 && entry.inode > 0);
    assert_true(fs_stat(&t->job, &t->root, S("b"), &exists, &entry));
    assert_false(exists);
    exists = true;
    assert_true(fs_stat(&t->job, &t->root, S("a/b"), &exists, &entry));
    assert_false(exists);
    assert_true(fs_stat(&t->job, &t->root, (Str){0}, &exists, &entry));
    assert_int_equal(entry.kind, FS_DIR);
    assert_int_equal(symlink("a", in(t, "link")), 0);
    assert_true(fs_stat(&t->job, &t->root, S("link"), &exists, &entry));
    assert_int_equal(entry.kind, FS_LINK);
    assert_int_equal(t->diags.len, 0);
    assert_int_equal(symlink(".", in(t, "dlink")), 0);
    assert_false(fs_stat(&t->job, &t->root, S("dlink/a"), &exists, &entry));
    only(t, "E-FILE", "dlink/a");
}

static void opens_roots(void **state) {
    Test *t = *state;
    FsRoot root;
    assert_false(fs_open_root(&t->job, S("/nonexistent"), &root));
    only(t, "E-SYSTEM", "/nonexistent");
    assert_true(fs_open_root(&t->job, (Str){0}, &root)); // where we are
    fs_close_root(&root);
    make_dir(t, "real");
    assert_int_equal(symlink("real", in(t, "link")), 0);
    assert_true(fs_open_root(&t->job, str_from(in(t, "link")), &root));
    fs_close_root(&root);
}

static void walks_in_byte_order(void **state) {
    Test *t = *state;
    static const char *const dirs[] = {"c", "c/b", "c/.git", "c/empty"};
    for (size_t i = 0; i < 4; i++)
        make_dir(t, dirs[i]);
    static const char *const files[] = {
        "c/z.md", "c/B.md", "c/a.md", "c/b.md",      "c/b/a.md", "c/đ.md",
        "c/.x",   "c/x~",   "c/#x#",  "c/.git/HEAD", "c/b-a.md", "outside"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        make(t, files[i], files[i]);
    assert_int_equal(mkfifo(in(t, "c/fifo"), 0600), 0);
    assert_int_equal(symlink("b", in(t, "c/link")), 0);
    FsList list;
    assert_true(fs_walk(&t->job, &t->root, S("c"), &list));
    static const char *const found[] = {"c/B.md", "c/a.md",   "c/b-a.md",
                                        "c/b.md", "c/b/a.md", "c/fifo",
                                        "c/link", "c/z.md",   "c/đ.md"};
    assert_int_equal(list.len, sizeof found / sizeof *found);
    for (size_t i = 0; i < list.len; i++)
        assert_string_equal(str_cstr(t->arena, list.items[i].path), found[i]);
    assert_int_equal(list.items[4].size, 8);
    assert_int_equal(list.items[5].kind, FS_OTHER);
    assert_int_equal(list.items[6].kind, FS_LINK);
    assert_false(fs_refuse(&t->job, &list.items[6]));
    only(t, "E-FILE", "c/link");
}

// Folders that begin alike, files beside them: sorted as one job sorts them.
static void walks_on_all_cores(void **state) {
    Test *t = *state;
    static const char *const dirs[] = {"w",       "w/a",     "w/a/b", "w/a/b-c",
                                       "w/a/b/d", "w/a/b.d", "w/e",   "w/e/f"};
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
        make_dir(t, dirs[i]);
        char path[64];
        for (int k = 0; k < 3; k++) {
            snprintf(path, sizeof path, "%s/%c.md", dirs[i], "Aa_"[k]);
            make(t, path, "x");
        }
    }
    Pool *pool = pool_new(3);
    FsList one, many;
    assert_true(fs_walk(&t->job, &t->root, S("w"), &one));
    assert_true(fs_walk_wide(&t->job, pool, &t->root, S("w"), &many));
    assert_int_equal(one.len, 24);
    assert_int_equal(many.len, one.len);
    for (size_t i = 0; i < one.len; i++)
        assert_string_equal(str_cstr(t->arena, many.items[i].path),
                            str_cstr(t->arena, one.items[i].path));
    pool_free(pool);
}

static void walks_of_nothing(void **state) {
    Test *t = *state;
    FsList list = {.len = 7};
    assert_true(fs_walk(&t->job, &t->root, S("none"), &list));
    assert_int_equal(list.len, 0);
    assert_true(fs_walk(&t->job, &t->root, S("none/below"), &list));
    make_dir(t, "d");
    assert_int_equal(symlink("d", in(t, "link")), 0);
    assert_false(fs_walk(&t->job, &t->root, S("link"), &list));
    only(t, "E-FILE", "link");
    make(t, "file", "");
    assert_false(fs_walk(&t->job, &t->root, S("file"), &list));
    only(t, "E-SYSTEM", "file");
}

static void walks_are_limited_in_depth(void **state) {
    Test *t = *state;
    Buf path = {.arena = t->arena};
    buf_put(&path, S("d"));
    for (int i = 0; i < 70; i++) {
        make_dir(t, str_cstr(t->arena, buf_str(&path)));
        buf_put(&path, S("/d"));
    }
    make(t, "d/a.md", "");
    FsList list;
    assert_false(fs_walk(&t->job, &t->root, S("d"), &list));
    assert_int_equal(list.len, 1);
    assert_int_equal(t->diags.len, 1);
    assert_string_equal(t->diags.items[0].code, "E-LIMIT");
}

static void many_names_need_many_calls(void **state) {
    Test *t = *state;
    make_dir(t, "d");
    for (int i = 0; i < 3000; i++) {
        int fd = open(in(t, str_cstr(t->arena, str_fmt(t->arena, "d/%05d", i))),
                      O_CREAT | O_WRONLY, 0600);
        assert_true(fd >= 0);
        close(fd);
    }
    FsList list;
    assert_true(fs_walk(&t->job, &t->root, S("d"), &list));
    assert_int_equal(list.len, 3000);
    for (size_t i = 0; i < list.len; i++)
        assert_true(
            str_eq(list.items[i].path, str_fmt(t->arena, "d/%05zu", i)));
}

#define ASSERT_STR(s, expected) assert_true(str_eq((s), S(expected)))

static void takes_paths_apart(void **state) {
    Test *t = *state;
    ASSERT_STR(path_join(t->arena, S("a/b"), S("c")), "a/b/c");
    ASSERT_STR(path_join(t->arena, S("a/"), S("c")), "a/c");
    ASSERT_STR(path_join(t->arena, (Str){0}, S("c")), "c");
    ASSERT_STR(path_dir(S("a/b/c.md")), "a/b");
    ASSERT_STR(path_dir(S("c.md")), "");
    ASSERT_STR(path_base(S("a/b.md")), "b.md");
    ASSERT_STR(path_base(S("b.md")), "b.md");
    ASSERT_STR(path_stem(S("a.x/b.vi.md")), "b.vi");
    ASSERT_STR(path_stem(S("a.x/b")), "b");
    ASSERT_STR(path_stem(S(".htaccess")), ".htaccess");
    ASSERT_STR(path_ext(S("a.x/b.vi.md")), "md");
    ASSERT_STR(path_ext(S("a.x/b")), "");
    ASSERT_STR(path_ext(S(".htaccess")), "");
    ASSERT_STR(path_ext(S("b.")), "");
    ASSERT_STR(path_base((Str){0}), "");
    ASSERT_STR(path_ext((Str){0}), "");
}

static void resolves_paths(void **state) {
    Test *t = *state;
    static const struct {
        const char *from, *path, *out;
    } cases[] = {
        {"a/b", "c.md", "a/b/c.md"},
        {"a/b", "../c.md", "a/c.md"},
        {"a/b", "../../c.md", "c.md"},
        {"a/b", "../../../c.md", NULL},
        {"a/b", "/c/./d.md", "c/d.md"},
        {"a/b", "/../c.md", NULL},
        {"", "c.md", "c.md"},
        {"", "..", NULL},
        {"a", "..", ""},
        {"a", "b//c/", "a/b/c"},
        {"a", "", "a"},
        {"a", "b/../../c/../d", "d"},
        {"a", "b/../../../a/d", NULL},
        {"a", "..b/...", "a/..b/..."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Str out = S("before");
        bool ok = path_resolve(t->arena, str_from(cases[i].from),
                               str_from(cases[i].path), &out);
        assert_int_equal(ok, cases[i].out != NULL);
        assert_true(str_eq(out, ok ? str_from(cases[i].out) : S("before")));
    }
}

static void knows_safe_paths(void **state) {
    Test *t = *state;
    static const char *const safe[] = {"a", "a/b.html", "tin-tức/đ.html",
                                       "a b/c+d_e~f,g", "x..y"};
    for (size_t i = 0; i < sizeof safe / sizeof *safe; i++)
        assert_true(path_is_safe(str_from(safe[i])));
    static const char *const unsafe[] = {
        "",       "/a",        "a/",        "a//b",         ".",   "..",
        "a/../b", "a/.b",      ".htaccess", "a\\b",         "a:b", "a\nb",
        "a\x7F",  "a\xC2\x85", "a\xFF",     "a\xED\xA0\x80"};
    for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++)
        assert_false(path_is_safe(str_from(unsafe[i])));
    assert_false(path_is_safe((Str){"a\0b", 3}));
    Buf b = {.arena = t->arena};
    for (int i = 0; i < 255; i++)
        buf_putc(&b, 'x');
    assert_true(path_is_safe(buf_str(&b)));
    buf_putc(&b, 'x');
    assert_false(path_is_safe(buf_str(&b)));
    b.len = 0;
    for (int i = 0; i < 512; i++)
        buf_put(&b, S("x/"));
    b.ptr[1023] = 'x';
    assert_true(path_is_safe(buf_str(&b)));
    buf_putc(&b, 'x');
    assert_false(path_is_safe(buf_str(&b)));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(reads_files),
        TEST(refuses_what_is_no_file),
        TEST(refuses_large_files),
        TEST(notices_growth),
        TEST(stats),
        TEST(opens_roots),
        TEST(walks_in_byte_order),
        TEST(walks_on_all_cores),
        TEST(walks_of_nothing),
        TEST(walks_are_limited_in_depth),
        TEST(many_names_need_many_calls),
        TEST(takes_paths_apart),
        TEST(resolves_paths),
        TEST(knows_safe_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
