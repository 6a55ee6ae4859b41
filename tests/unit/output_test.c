// The writing side: what is published, what is left alone, what is refused, and
// that a publication cut short is finished. Faults of the system are injected
// by tests/faults/run.sh.
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
#include <sys/stat.h>
#include <unistd.h>

#include "base/pack.h"
#include "base/pool.h"
#include "write/output.h"

// A folder of its own for each test, and one job. `dir` is "DIR/public".
typedef struct {
    Job job;
    Diags diags;
    char top[64];
    Str dir;
    OutputStats stats;
} Box;

static int set_up(void **state) {
    Box *box = test_calloc(1, sizeof *box);
    box->job.keep = arena_new();
    box->job.scratch = arena_new();
    box->diags.arena = box->job.keep;
    box->job.diags = &box->diags;
    strcpy(box->top, "/tmp/loa-output.XXXXXX");
    assert_non_null(mkdtemp(box->top));
    box->dir = str_fmt(box->job.keep, "%s/public", box->top);
    *state = box;
    return 0;
}

static int tear_down(void **state) {
    Box *box = *state;
    char cmd[128];
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", box->top);
    int rc = system(cmd);
    arena_free(box->job.keep);
    arena_free(box->job.scratch);
    test_free(box);
    return rc;
}

static const char *in_box(Box *box, const char *path) {
    return str_cstr(box->job.keep,
                    str_fmt(box->job.keep, "%s/%s", box->top, path));
}

static void write_file(Box *box, const char *path, const char *text) {
    FILE *f = fopen(in_box(box, path), "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static bool exists(Box *box, const char *path) {
    struct stat st;
    return lstat(in_box(box, path), &st) == 0;
}

static struct stat stat_of(Box *box, const char *path) {
    struct stat st;
    assert_int_equal(lstat(in_box(box, path), &st), 0);
    return st;
}

static void assert_file(Box *box, const char *path, const char *text) {
    char buf[4096];
    FILE *f = fopen(in_box(box, path), "r");
    if (!f)
        fail_msg("%s is missing", path);
    size_t n = fread(buf, 1, sizeof buf - 1, f);
    buf[n] = 0;
    fclose(f);
    assert_string_equal(buf, text);
}

// Runs `command` in the box; it must succeed.
static void shell(Box *box, const char *command) {
    Str line = str_fmt(box->job.keep, "cd '%s' && %s", box->top, command);
    if (system(str_cstr(box->job.keep, line)) != 0)
        fail_msg("failed: %s", command);
}

// Nothing is left in the state folder but what belongs there.
static void assert_tidy(Box *box) {
    shell(box, "test -z \"$(ls -A .public.loa | "
               "grep -vxE 'lock|manifest')\"");
}

static const Diag *last_diag(Box *box) {
    assert_true(box->diags.len > 0);
    return &box->diags.items[box->diags.len - 1];
}

static void assert_code(Box *box, const char *code) {
    assert_string_equal(last_diag(box)->code, code);
}

static Tree *begin(Box *box, size_t n) {
    OutputOptions opt = {.dir = box->dir, .wait = {.no_wait = true}};
    return output_begin(&box->job, &opt, n, NULL);
}

static OutputFile page(const char *path) {
    return (OutputFile){str_from(path), OUTPUT_PAGE};
}

// Whether the file is there as it was published, with this text.
static bool holds(Job *job, const Tree *t, Str path, Str text) {
    Hasher h = {0};
    hasher_str(&h, text);
    return output_holds(job, t, path, h.sum, text.len);
}

// Path and text in turn, NULL at the end.
static Tree *put_all(Box *box, const char *const files[]) {
    size_t n = 0;
    while (files[n])
        n++;
    Tree *t = begin(box, n / 2);
    assert_non_null(t);
    for (size_t i = 0; i < n / 2; i++)
        assert_true(output_put(&box->job, t, i, page(files[2 * i]),
                               str_from(files[2 * i + 1])));
    return t;
}

static bool publish(Box *box, const char *const files[]) {
    return output_commit(&box->job, put_all(box, files), &box->stats);
}

#define FILES(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_first_build(void **state) {
    Box *box = *state;
    mode_t old = umask(077);
    assert_true(publish(box, FILES("index.html", "home", "a/b/c.html", "c")));
    umask(old);
    assert_file(box, "public/index.html", "home");
    assert_file(box, "public/a/b/c.html", "c");
    // Readers need them whatever the umask of the builder is.
    assert_int_equal(stat_of(box, "public").st_mode, S_IFDIR | 0755);
    assert_int_equal(stat_of(box, "public/a").st_mode, S_IFDIR | 0755);
    assert_int_equal(stat_of(box, "public/a/b/c.html").st_mode, S_IFREG | 0644);
    assert_int_equal(box->stats.files, 2);
    assert_int_equal(box->stats.written, 2);
    assert_int_equal(box->stats.bytes, 5);
    assert_tidy(box);
}

static void test_nothing_before_commit(void **state) {
    Box *box = *state;
    Tree *t = put_all(box, FILES("a.html", "a"));
    assert_false(exists(box, "public"));
    output_abort(&box->job, t);
    output_abort(&box->job, t); // harmless
    assert_false(exists(box, "public"));
    assert_tidy(box);
    assert_int_equal(box->diags.len, 0);
}

static void test_unchanged(void **state) {
    Box *box = *state;
    assert_true(publish(box, FILES("a.html", "a", "b/c.html", "c")));
    struct stat before = stat_of(box, "public/b/c.html");
    struct stat manifest = stat_of(box, ".public.loa/manifest");
    assert_true(publish(box, FILES("a.html", "a", "b/c.html", "c")));
    struct stat after = stat_of(box, "public/b/c.html");
    assert_int_equal(before.st_ino, after.st_ino);
    assert_int_equal(manifest.st_ino,
                     stat_of(box, ".public.loa/manifest").st_ino);
    assert_int_equal(box->stats.unchanged, 2);
    assert_int_equal(box->stats.written, 0);
    assert_true(publish(box, FILES("a.html", "A", "b/c.html", "c")));
    assert_int_equal(box->stats.written, 1);
    assert_file(box, "public/a.html", "A");
    assert_int_equal(before.st_ino, stat_of(box, "public/b/c.html").st_ino);
    assert_tidy(box);
}

static void test_other_hands(void **state) {
    Box *box = *state;
    assert_true(publish(box, FILES("a.html", "aaaa", "b.html", "bbbb")));
    // Same size, same name, other bytes: seen by its time.
    write_file(box, "public/a.html", "AAAA");
    struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    assert_int_equal(
        utimensat(AT_FDCWD, in_box(box, "public/b.html"), times, 0), 0);
    assert_true(publish(box, FILES("a.html", "aaaa", "b.html", "bbbb")));
    assert_file(box, "public/a.html", "aaaa");
    assert_int_equal(box->stats.written, 1);
    // Touched only: kept, and its new time is remembered.
    assert_int_equal(stat_of(box, "public/b.html").st_mtim.tv_sec, 1);
    Tree *t = begin(box, 0);
    assert_true(holds(&box->job, t, S("b.html"), S("bbbb")));
    output_abort(&box->job, t);
    assert_int_equal(unlink(in_box(box, "public/b.html")), 0);
    assert_true(publish(box, FILES("a.html", "aaaa", "b.html", "bbbb")));
    assert_file(box, "public/b.html", "bbbb");
}

static void test_output_removed_by_hand(void **state) {
    Box *box = *state;
    assert_true(publish(box, FILES("a/b.html", "b", "c.html", "c")));
    shell(box, "rm -r public");
    assert_true(publish(box, FILES("a/b.html", "b")));
    assert_file(box, "public/a/b.html", "b");
    assert_int_equal(box->diags.len, 0);
}

static void test_files_already_there(void **state) {
    Box *box = *state;
    assert_int_equal(mkdir(in_box(box, "public"), 0755), 0);
    write_file(box, "public/a.html", "a");
    write_file(box, "public/b.html", "by hand");
    write_file(box, "public/notes.txt", "mine");
    struct stat before = stat_of(box, "public/a.html");
    assert_true(publish(box, FILES("a.html", "a", "b.html", "b")));
    assert_int_equal(before.st_ino, stat_of(box, "public/a.html").st_ino);
    assert_file(box, "public/b.html", "b");
    assert_true(publish(box, FILES("b.html", "b")));
    assert_file(box, "public/notes.txt", "mine");
    assert_false(exists(box, "public/a.html")); // ours since it was wanted
}

static void test_removal(void **state) {
    Box *box = *state;
    assert_true(publish(box, FILES("a.html", "a", "x/y/z.html", "z", "x/w.html",
                                   "w", "k/k.html", "k")));
    write_file(box, "public/k/mine.txt", "mine");
    assert_true(publish(box, FILES("a.html", "a", "x/w.html", "w")));
    assert_int_equal(box->stats.removed, 2);
    assert_false(exists(box, "public/x/y"));
    assert_file(box, "public/x/w.html", "w");
    assert_false(exists(box, "public/k/k.html"));
    assert_file(box, "public/k/mine.txt", "mine");
    assert_tidy(box);
}

static void test_empty_folder_of_others(void **state) {
    Box *box = *state;
    assert_int_equal(mkdir(in_box(box, "public"), 0755), 0);
    assert_int_equal(mkdir(in_box(box, "public/theirs"), 0755), 0);
    assert_true(publish(box, FILES("theirs/a.html", "a")));
    assert_true(publish(box, FILES("b.html", "b")));
    assert_false(exists(box, "public/theirs/a.html"));
    assert_true(exists(box, "public/theirs"));
}

static void test_file_becomes_folder(void **state) {
    Box *box = *state;
    assert_true(publish(box, FILES("a", "file", "b/c/d", "deep", "b/e", "e")));
    assert_true(publish(box, FILES("a/x/y", "folder", "b", "file")));
    assert_file(box, "public/a/x/y", "folder");
    assert_file(box, "public/b", "file");
    assert_true(publish(box, FILES("a", "file", "b/c/d", "deep", "b/e", "e")));
    assert_file(box, "public/a", "file");
    assert_file(box, "public/b/c/d", "deep");
    assert_tidy(box);
    assert_int_equal(box->diags.len, 0);
}

static void test_blocked(void **state) {
    Box *box = *state;
    assert_true(publish(box, FILES("a.html", "a", "d/x.html", "x")));
    write_file(box, "public/in-the-way", "mine");
    assert_false(publish(box, FILES("a.html", "A", "in-the-way/b", "b")));
    assert_code(box, "E-OUTPUT-BLOCKED");
    assert_file(box, "public/a.html", "a");
    assert_file(box, "public/in-the-way", "mine");
    write_file(box, "public/d/mine", "mine");
    assert_false(publish(box, FILES("a.html", "A", "d", "d")));
    assert_code(box, "E-OUTPUT-BLOCKED");
    assert_file(box, "public/d/x.html", "x");
    assert_file(box, "public/d/mine", "mine");
    assert_int_equal(mkdir(in_box(box, "public/e"), 0755), 0);
    assert_false(publish(box, FILES("e", "e")));
    assert_code(box, "E-OUTPUT-BLOCKED");
    assert_tidy(box);
}

static void test_links(void **state) {
    Box *box = *state;
    assert_int_equal(mkdir(in_box(box, "else"), 0755), 0);
    assert_true(publish(box, FILES("d/a.html", "a", "b.html", "b")));
    assert_int_equal(rename(in_box(box, "public/d"), in_box(box, "else/d")), 0);
    assert_int_equal(symlink("../else/d", in_box(box, "public/d")), 0);
    assert_false(publish(box, FILES("d/a.html", "new", "b.html", "b")));
    assert_code(box, "E-OUTPUT-LINK");
    assert_file(box, "else/d/a.html", "a");
    assert_false(publish(box, FILES("b.html", "b"))); // nothing removed there
    assert_code(box, "E-OUTPUT-LINK");
    assert_file(box, "else/d/a.html", "a");
    assert_int_equal(unlink(in_box(box, "public/b.html")), 0);
    assert_int_equal(symlink("../else/c", in_box(box, "public/b.html")), 0);
    Tree *t = begin(box, 2);
    assert_false(output_put(&box->job, t, 0, page("b.html"), S("new")));
    assert_code(box, "E-OUTPUT-LINK");
    assert_true(output_put(&box->job, t, 1, page("c.html"), S("c")));
    // A put that failed must not become a removal.
    assert_false(output_commit(&box->job, t, &box->stats));
    assert_false(exists(box, "else/c"));
    assert_false(exists(box, "public/c.html"));
    assert_tidy(box);
}

static void test_output_is_a_link(void **state) {
    Box *box = *state;
    assert_int_equal(mkdir(in_box(box, "real"), 0755), 0);
    assert_int_equal(symlink("real", in_box(box, "public")), 0);
    assert_true(publish(box, FILES("a.html", "a")));
    assert_file(box, "real/a.html", "a");
    assert_true(exists(box, ".real.loa/manifest")); // one lock for both names
    assert_false(exists(box, ".public.loa"));
}

static void test_bad_folders(void **state) {
    Box *box = *state;
    static const char *const bad[] = {"", "/", ".", "..", "a/..", "//"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        box->dir = str_from(bad[i]);
        assert_null(begin(box, 1));
        assert_code(box, "E-OUTPUT-DIR");
        assert_false(output_recover(&box->job, box->dir));
    }
    box->dir = str_from(in_box(box, "no/such/place"));
    assert_null(begin(box, 1));
    assert_code(box, "E-SYSTEM");
    assert_true(last_diag(box)->hint.len > 0);
    write_file(box, "file", "");
    box->dir = str_from(in_box(box, "file"));
    assert_null(begin(box, 1));
    assert_code(box, "E-SYSTEM");
}

static void test_bad_paths(void **state) {
    Box *box = *state;
    static const char *const bad[] = {"",     "/a",   "../a",  "a/../b", "a//b",
                                      ".git", "a\\b", "a/.ht", "a\nb"};
    size_t n = sizeof bad / sizeof *bad;
    Tree *t = begin(box, n);
    for (size_t i = 0; i < n; i++) {
        assert_false(output_put(&box->job, t, i, page(bad[i]), S("x")));
        assert_code(box, "E-OUTPUT-PATH");
    }
    output_abort(&box->job, t);
    assert_false(exists(box, "public"));
}

static void test_clashes(void **state) {
    Box *box = *state;
    assert_false(publish(box, FILES("a.html", "1", "a.html", "2")));
    assert_code(box, "E-OUTPUT-TWICE");
    assert_false(publish(box, FILES("a", "1", "a-b", "2", "a/b", "3")));
    assert_code(box, "E-OUTPUT-CLASH");
    assert_false(exists(box, "public"));
    assert_tidy(box);
}

static bool publish_many(Box *box, size_t n, bool is_ok) {
    OutputOptions opt = {.dir = box->dir, .is_mass_removal_ok = is_ok};
    Tree *t = output_begin(&box->job, &opt, n, NULL);
    for (size_t i = 0; i < n; i++) {
        Str path = str_fmt(box->job.keep, "n/%zu.html", i);
        OutputFile file = {path, OUTPUT_PAGE};
        assert_true(output_put(&box->job, t, i, file, path));
    }
    return output_commit(&box->job, t, &box->stats);
}

static void test_mass_removal(void **state) {
    Box *box = *state;
    assert_true(publish_many(box, 105, false));
    assert_true(publish_many(box, 84, false)); // a fifth, not more
    assert_int_equal(box->stats.removed, 21);
    assert_false(publish_many(box, 60, false));
    assert_code(box, "E-MASS-REMOVAL");
    assert_true(exists(box, "public/n/83.html"));
    assert_true(publish_many(box, 60, true));
    assert_false(exists(box, "public/n/83.html"));
    assert_true(publish_many(box, 40, false)); // a third, but 20 files
}

static void test_copy(void **state) {
    Box *box = *state;
    assert_int_equal(mkdir(in_box(box, "src"), 0755), 0);
    write_file(box, "src/small", "small");
    FILE *f = fopen(in_box(box, "src/large"), "w");
    for (int i = 0; i < 50000; i++)
        fprintf(f, "%d\n", i);
    assert_int_equal(fclose(f), 0);
    FsRoot root;
    assert_true(fs_open_root(&box->job, str_from(in_box(box, "src")), &root));
    for (int round = 0; round < 3; round++) {
        if (round == 2)
            write_file(box, "src/small", "SMALL");
        Tree *t = begin(box, 3);
        OutputFile small = {S("s/small"), OUTPUT_ASSET};
        OutputFile large = {S("large"), OUTPUT_ASSET};
        assert_true(output_copy(&box->job, t, 0, small, &root, S("small")));
        assert_true(output_copy(&box->job, t, 2, large, &root, S("large")));
        assert_true(output_commit(&box->job, t, &box->stats));
        assert_int_equal(box->stats.written, round == 0   ? 2
                                             : round == 1 ? 0
                                                          : 1);
    }
    assert_file(box, "public/s/small", "SMALL");
    // What is put has the same content as what was copied.
    Str bytes;
    assert_true(
        fs_read(&box->job, box->job.keep, &root, S("large"), 1 << 20, &bytes));
    Tree *t = begin(box, 2);
    assert_true(output_put(&box->job, t, 0, page("large"), bytes));
    assert_true(output_put(&box->job, t, 1, page("s/small"), S("SMALL")));
    assert_true(output_commit(&box->job, t, &box->stats));
    assert_int_equal(box->stats.unchanged, 2);
    assert_int_equal(stat_of(box, "public/large").st_size, (off_t)bytes.len);
    fs_close_root(&root);
}

static void test_copy_refuses(void **state) {
    Box *box = *state;
    assert_int_equal(mkdir(in_box(box, "src"), 0755), 0);
    assert_int_equal(mkdir(in_box(box, "src/dir"), 0755), 0);
    assert_int_equal(mkfifo(in_box(box, "src/fifo"), 0644), 0);
    assert_int_equal(symlink("/etc/passwd", in_box(box, "src/link")), 0);
    FsRoot root;
    assert_true(fs_open_root(&box->job, str_from(in_box(box, "src")), &root));
    static const char *const bad[] = {"none", "dir", "fifo", "link",
                                      "../public"};
    size_t n = sizeof bad / sizeof *bad;
    Tree *t = begin(box, n);
    for (size_t i = 0; i < n; i++) {
        Str from = str_from(bad[i]);
        size_t errors = box->diags.errors;
        assert_false(output_copy(&box->job, t, i, page("a"), &root, from));
        assert_int_equal(box->diags.errors, errors + 1);
        assert_true(str_find(last_diag(box)->path, from, 0) != SIZE_MAX);
    }
    assert_false(output_commit(&box->job, t, &box->stats));
    assert_false(exists(box, "public"));
    fs_close_root(&root);
    assert_tidy(box);
}

static void test_keep(void **state) {
    Box *box = *state;
    assert_true(publish(box, FILES("a.html", "a", "b.html", "b")));
    write_file(box, "public/b.html", "changed by hand");
    Tree *t = begin(box, 2);
    assert_true(holds(&box->job, t, S("a.html"), S("a")));
    assert_false(holds(&box->job, t, S("a.html"), S("A")));
    assert_false(holds(&box->job, t, S("b.html"), S("b")));
    assert_false(holds(&box->job, t, S("c.html"), S("c")));
    assert_true(output_keep(&box->job, t, 0, page("a.html")));
    assert_true(output_commit(&box->job, t, &box->stats));
    assert_int_equal(box->stats.unchanged, 1);
    assert_int_equal(box->stats.removed, 1);
    assert_file(box, "public/a.html", "a");
    assert_false(exists(box, "public/b.html"));
}

static void test_busy(void **state) {
    Box *box = *state;
    Tree *t = put_all(box, FILES("a.html", "a"));
    OutputOptions opt = {.dir = box->dir, .wait = {.no_wait = true}};
    bool busy = false;
    assert_null(output_begin(&box->job, &opt, 1, &busy));
    assert_true(busy);
    assert_code(box, "E-BUSY");
    Str pid = str_fmt(box->job.keep, "process %ld", (long)getpid());
    assert_true(str_find(last_diag(box)->message, pid, 0) != SIZE_MAX);
    // It neither waits for the other nor takes its staging away.
    assert_true(output_recover(&box->job, box->dir));
    assert_true(output_commit(&box->job, t, &box->stats));
    t = output_begin(&box->job, &opt, 1, &busy);
    assert_non_null(t);
    assert_false(busy);
    output_abort(&box->job, t);
    assert_file(box, "public/a.html", "a");
}

// A folder that appears where a file is to be renamed stops a commit half way.
static void stop_half_way(Box *box) {
    assert_true(publish(box, FILES("a.html", "a", "old.html", "o")));
    Tree *t = put_all(box, FILES("a.html", "A", "b/c.html", "c", "d.html", "d",
                                 "e.html", "e"));
    assert_int_equal(mkdir(in_box(box, "public/d.html"), 0755), 0);
    assert_int_equal(mkdir(in_box(box, "public/d.html/x"), 0755), 0);
    assert_false(output_commit(&box->job, t, &box->stats));
    assert_code(box, "E-SYSTEM");
    assert_true(exists(box, ".public.loa/journal"));
    assert_file(box, "public/a.html", "A");
    assert_false(exists(box, "public/e.html"));
    assert_int_equal(rmdir(in_box(box, "public/d.html/x")), 0);
    assert_int_equal(rmdir(in_box(box, "public/d.html")), 0);
}

static void test_recover(void **state) {
    Box *box = *state;
    assert_true(output_recover(&box->job, box->dir));
    assert_false(exists(box, ".public.loa")); // looks, and makes nothing
    stop_half_way(box);
    assert_true(output_recover(&box->job, box->dir));
    assert_int_equal(last_diag(box)->level, DIAG_NOTE);
    assert_file(box, "public/a.html", "A");
    assert_file(box, "public/b/c.html", "c");
    assert_file(box, "public/d.html", "d");
    assert_file(box, "public/e.html", "e");
    assert_false(exists(box, "public/old.html"));
    assert_tidy(box);
    assert_true(publish(box, FILES("a.html", "A", "b/c.html", "c", "d.html",
                                   "d", "e.html", "e")));
    assert_int_equal(box->stats.unchanged, 4);
}

static void test_begin_recovers(void **state) {
    Box *box = *state;
    stop_half_way(box);
    output_abort(&box->job, begin(box, 1));
    assert_file(box, "public/e.html", "e");
    assert_tidy(box);
}

// The user emptied the output after a crash: the journal still comes to its
// end.
static void test_recover_without_output(void **state) {
    Box *box = *state;
    stop_half_way(box);
    shell(box, "rm -r public");
    assert_true(output_recover(&box->job, box->dir));
    assert_file(box, "public/d.html", "d");
    assert_tidy(box);
    assert_true(publish(box, FILES("a.html", "A", "b/c.html", "c")));
    assert_file(box, "public/a.html", "A");
    assert_file(box, "public/b/c.html", "c");
}

static void test_recover_without_staging(void **state) {
    Box *box = *state;
    stop_half_way(box);
    shell(box, "rm -r .public.loa/staging.*");
    assert_true(output_recover(&box->job, box->dir));
    assert_true(publish(box, FILES("a.html", "A", "d.html", "d")));
    assert_file(box, "public/d.html", "d");
    assert_tidy(box);
}

static void test_damaged_manifest(void **state) {
    Box *box = *state;
    assert_true(publish(box, FILES("a.html", "a", "b.html", "b")));
    struct stat before = stat_of(box, "public/a.html");
    write_file(box, ".public.loa/manifest", "nonsense");
    assert_true(publish(box, FILES("a.html", "a")));
    assert_code(box, "E-MANIFEST");
    assert_int_equal(last_diag(box)->level, DIAG_WARNING);
    assert_file(box, "public/b.html", "b"); // not known to be ours
    assert_int_equal(before.st_ino, stat_of(box, "public/a.html").st_ino);
    size_t n = box->diags.len;
    assert_true(publish(box, FILES("c.html", "c")));
    assert_int_equal(box->diags.len, n);
    assert_false(exists(box, "public/a.html"));
}

static void test_damaged_journal(void **state) {
    Box *box = *state;
    stop_half_way(box);
    write_file(box, ".public.loa/journal", "nonsense");
    assert_true(output_recover(&box->job, box->dir));
    assert_code(box, "E-JOURNAL");
    assert_tidy(box);
    assert_true(publish(box, FILES("a.html", "A", "e.html", "e")));
    assert_false(exists(box, "public/old.html"));
    assert_file(box, "public/e.html", "e");
}

// A file changed after sealing is refused; one sealed after changing is parsed
// to the end of what it holds and no further.
static void spoil(Box *box, const char *name, unsigned seed) {
    char buf[4096];
    FILE *f = fopen(in_box(box, name), "r+");
    assert_non_null(f);
    size_t n = fread(buf, 1, sizeof buf, f);
    assert_true(n > sizeof(Hash) && n < sizeof buf);
    Buf b = {.arena = box->job.scratch};
    buf_put(&b, (Str){buf, n - sizeof(Hash)});
    for (unsigned i = 0; i < 1 + seed % 3; i++) {
        seed = seed * 1103515245u + 12345u;
        b.ptr[(seed >> 8) % b.len] = (char)(seed >> 24);
    }
    if (seed & 1)
        b.len -= (seed >> 4) % b.len;
    pack_seal(&b);
    rewind(f);
    assert_int_equal(fwrite(b.ptr, 1, b.len, f), b.len);
    assert_int_equal(ftruncate(fileno(f), (off_t)b.len), 0);
    fclose(f);
}

static void test_spoiled_state(void **state) {
    Box *box = *state;
    write_file(box, "outside", "not ours");
    for (unsigned seed = 0; seed < 300; seed++) {
        shell(box, "rm -rf public .public.loa");
        stop_half_way(box);
        spoil(box, ".public.loa/journal", seed);
        if (output_recover(&box->job, box->dir)) {
            spoil(box, ".public.loa/manifest", seed);
            Tree *t = begin(box, 1);
            assert_non_null(t);
            assert_true(output_put(&box->job, t, 0, page("a.html"), S("a")));
            output_commit(&box->job, t, &box->stats);
        }
        assert_file(box, "outside", "not ours");
    }
}

typedef struct {
    Tree *tree;
    Str *paths;
    int round;
} Many;

static void put_one(Job *job, size_t i, void *ctx) {
    const Many *m = ctx;
    Str text =
        str_fmt(job->scratch, "%zu in round %d", i, i % 3 ? 0 : m->round);
    OutputFile file = {m->paths[i], (OutputOrder)(i % 3)};
    Str first = str_fmt(job->scratch, "%zu in round 0", i);
    if (i % 5 == 4 && holds(job, m->tree, file.path, first))
        assert_true(output_keep(job, m->tree, i, file));
    else
        assert_true(output_put(job, m->tree, i, file, text));
}

static void test_threads(void **state) {
    enum { N = 3000 };
    Box *box = *state;
    Many m = {.paths = ARENA_ARRAY(box->job.keep, Str, N)};
    for (size_t i = 0; i < N; i++)
        m.paths[i] =
            str_fmt(box->job.keep, "f%zu/g%zu/%zu.html", i % 7, i % 91, i);
    Pool *pool = pool_new(4);
    for (m.round = 0; m.round < 3; m.round++) {
        m.tree = begin(box, N);
        pool_each(pool, &box->diags, N, put_one, &m);
        assert_true(output_commit(&box->job, m.tree, &box->stats));
        assert_int_equal(box->stats.files, N);
    }
    pool_free(pool);
    // Every fifth was kept in the state of the first round.
    assert_int_equal(box->stats.written, N / 3 - N / 15);
    assert_file(box, "public/f6/g6/6.html", "6 in round 2");
    assert_int_equal(box->diags.len, 0);
    assert_tidy(box);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_first_build),
        TEST(test_nothing_before_commit),
        TEST(test_unchanged),
        TEST(test_other_hands),
        TEST(test_output_removed_by_hand),
        TEST(test_files_already_there),
        TEST(test_removal),
        TEST(test_empty_folder_of_others),
        TEST(test_file_becomes_folder),
        TEST(test_blocked),
        TEST(test_links),
        TEST(test_output_is_a_link),
        TEST(test_bad_folders),
        TEST(test_bad_paths),
        TEST(test_clashes),
        TEST(test_mass_removal),
        TEST(test_copy),
        TEST(test_copy_refuses),
        TEST(test_keep),
        TEST(test_busy),
        TEST(test_recover),
        TEST(test_begin_recovers),
        TEST(test_recover_without_output),
        TEST(test_recover_without_staging),
        TEST(test_damaged_manifest),
        TEST(test_damaged_journal),
        TEST(test_spoiled_state),
        TEST(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
