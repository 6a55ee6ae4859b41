// A publication cut short is finished by the next command, whatever became of
// its state meanwhile; two at a time are refused.
#include "output_box.h"

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

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_busy),
        TEST(test_recover),
        TEST(test_begin_recovers),
        TEST(test_recover_without_output),
        TEST(test_recover_without_staging),
        TEST(test_damaged_manifest),
        TEST(test_damaged_journal),
        TEST(test_spoiled_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
