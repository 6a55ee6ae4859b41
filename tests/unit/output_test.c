// The writing side: what is published, what is left alone and what is refused.
// Faults of the system are injected by tests/faults/run.sh.
#include "output_box.h"

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
    Tree *t = begin(box, 1);
    assert_true(keep(&box->job, t, 0, page("b.html"), S("bbbb")));
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
    assert_false(keep(&box->job, t, 0, page("a.html"), S("A")));
    assert_false(keep(&box->job, t, 0, page("a.html"), S("aa")));
    assert_false(keep(&box->job, t, 0, page("b.html"), S("b")));
    assert_false(keep(&box->job, t, 0, page("c.html"), S("c")));
    assert_true(keep(&box->job, t, 0, page("a.html"), S("a")));
    assert_true(output_commit(&box->job, t, &box->stats));
    assert_int_equal(box->stats.unchanged, 1);
    assert_int_equal(box->stats.removed, 1);
    assert_file(box, "public/a.html", "a");
    assert_false(exists(box, "public/b.html"));
}

// The first publication is one rename; where somebody has made the folder
// meanwhile, each file goes by itself.
static void test_root_is_taken(void **state) {
    Box *box = *state;
    Tree *t = put_all(box, FILES("a/b/c.html", "c", "a/d.html", "d", "e", "e"));
    assert_int_equal(mkdir(in_box(box, "public"), 0755), 0);
    assert_int_equal(mkdir(in_box(box, "public/a"), 0755), 0);
    write_file(box, "public/a/hers.txt", "hers");
    assert_true(output_commit(&box->job, t, &box->stats));
    assert_file(box, "public/a/b/c.html", "c");
    assert_file(box, "public/a/d.html", "d");
    assert_file(box, "public/e", "e");
    assert_file(box, "public/a/hers.txt", "hers");
    assert_tidy(box);
    assert_true(publish(box, FILES("e", "e")));
    assert_false(exists(box, "public/a/b"));
    assert_file(box, "public/a/hers.txt", "hers");
}

static Tree *begin_with(Box *box, OutputLook *look) {
    OutputOptions opt = {
        .dir = box->dir, .wait = {.no_wait = true}, .look = look};
    return output_begin(&box->job, &opt, 2, NULL);
}

// What a look saw is believed, but for a list that is another by now.
static void test_look(void **state) {
    Box *box = *state;
    assert_true(publish(box, FILES("a.html", "a", "b.html", "b")));
    write_file(box, "public/b.html", "changed by hand");
    OutputLook *look = output_look(box->dir);
    Tree *t = begin_with(box, look);
    assert_true(keep(&box->job, t, 0, page("a.html"), S("a")));
    assert_false(keep(&box->job, t, 1, page("b.html"), S("b")));
    output_abort(&box->job, t);

    assert_true(publish(box, FILES("a.html", "A", "b.html", "b")));
    t = begin_with(box, look);
    assert_false(keep(&box->job, t, 0, page("a.html"), S("a")));
    assert_true(keep(&box->job, t, 0, page("a.html"), S("A")));
    assert_true(keep(&box->job, t, 1, page("b.html"), S("b")));
    assert_true(output_commit(&box->job, t, &box->stats));
    assert_int_equal(box->stats.unchanged, 2);
    output_look_end(look);
}

// Nothing published, not even a folder; a list that is damaged.
static void test_look_at_nothing(void **state) {
    Box *box = *state;
    OutputLook *look = output_look(box->dir);
    Tree *t = begin_with(box, look);
    assert_false(keep(&box->job, t, 0, page("a.html"), S("a")));
    assert_true(output_put(&box->job, t, 0, page("a.html"), S("a")));
    assert_true(output_commit(&box->job, t, &box->stats));
    output_look_end(look);
    write_file(box, ".public.loa/manifest", "damaged");
    look = output_look(box->dir);
    t = begin_with(box, look);
    assert_code(box, "E-MANIFEST");
    assert_false(keep(&box->job, t, 0, page("a.html"), S("a")));
    output_abort(&box->job, t);
    output_look_end(look);
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
    if (i % 5 != 4 || !keep(job, m->tree, i, file, first))
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
        TEST(test_root_is_taken),
        TEST(test_look),
        TEST(test_look_at_nothing),
        TEST(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
