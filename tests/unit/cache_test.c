// The cache: what is put in comes out in the next opening, in order; whatever
// else stands in its folder means an empty one that says why, and is replaced.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache/cache.h"

// A site's folder of its own for each test.
typedef struct {
    Job job;
    Diags diags;
    char top[64];
    CacheState state; // of the last opening
} Box;

static int set_up(void **state) {
    Box *box = test_calloc(1, sizeof *box);
    box->job.keep = arena_new();
    box->job.scratch = arena_new();
    box->diags.arena = box->job.keep;
    box->job.diags = &box->diags;
    strcpy(box->top, "/tmp/loa-cache.XXXXXX");
    assert_non_null(mkdtemp(box->top));
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

// $T is the folder of the site, $C that of its cache.
static void shell(const Box *box, const char *what) {
    char cmd[512];
    snprintf(cmd, sizeof cmd, "T=%s; C=$T/.loa/cache; %s", box->top, what);
    assert_int_equal(system(cmd), 0);
}

static Cache *open_by(Box *box, const char *made_by) {
    CacheOptions opt = {.root = str_from(box->top),
                        .made_by = str_from(made_by)};
    return cache_open(&box->job, &opt, &box->state);
}

static Cache *open_cache(Box *box) {
    return open_by(box, "thử");
}

static Str key_number(Box *box, int i) {
    return str_fmt(box->job.keep, "bài/%05d", i);
}

// `n` records in every table.
static void fill(Box *box, int n) {
    Cache *c = open_cache(box);
    for (int t = 0; t < CACHE_NTABLES; t++)
        for (int i = 0; i < n; i++)
            cache_put(c, (CacheTable)t, key_number(box, i * 7919 % n),
                      str_fmt(box->job.keep, "%d của %d", i, t));
    cache_set_note(&box->job, c, S("ghi"));
    assert_true(cache_save(&box->job, c));
    cache_close(c);
}

static void opens_as(Box *box, CacheState wanted) {
    Cache *c = open_cache(box);
    assert_int_equal(box->state, wanted);
    CacheRecords r = cache_read(&box->job, c, CACHE_OUTPUTS);
    assert_int_equal(r.len > 0, wanted == CACHE_USED);
    assert_int_equal(cache_note(&box->job, c).len > 0, wanted == CACHE_USED);
    cache_close(c);
}

static void test_round_trip(void **state) {
    Box *box = *state;
    enum { N = 3000 };
    opens_as(box, CACHE_NONE);
    fill(box, N);
    Cache *c = open_cache(box);
    assert_int_equal(box->state, CACHE_USED);
    for (int t = 0; t < CACHE_NTABLES; t++) {
        CacheRecords r = cache_read(&box->job, c, (CacheTable)t);
        assert_int_equal(r.len, N);
        for (int i = 0; i < N; i++)
            assert_true(str_eq(r.items[i].key, key_number(box, i)));
        for (int i = 0; i < N; i++) { // out of order, too
            const CacheRecord *found =
                cache_find(&r, key_number(box, i * 7919 % N));
            assert_non_null(found);
            Str value = str_fmt(box->job.scratch, "%d của %d", i, t);
            assert_true(str_eq(found->value, value));
        }
        assert_null(cache_find(&r, S("bài/0000")));
        assert_null(cache_find(&r, S("bài/99999")));
        assert_null(cache_find(&r, (Str){0}));
    }
    assert_true(str_eq(cache_note(&box->job, c), S("ghi")));
    cache_close(c);
}

// What is removed, changed and new, while the old ones are being read.
static void test_changes(void **state) {
    Box *box = *state;
    fill(box, 100);
    Cache *c = open_cache(box);
    CacheRecords old = cache_read(&box->job, c, CACHE_FACTS);
    cache_put(c, CACHE_FACTS, key_number(box, 3), (Str){0});
    cache_put(c, CACHE_FACTS, key_number(box, 999), (Str){0}); // not there
    cache_put(c, CACHE_FACTS, key_number(box, 5), S("khác"));
    cache_put(c, CACHE_FACTS, S("a"), S("một"));
    cache_put(c, CACHE_FACTS, S("a"), S("hai")); // the later one counts
    cache_put(c, CACHE_FACTS, (Str){0}, S("không có khóa"));
    assert_true(cache_save(&box->job, c));
    assert_true(str_eq(old.items[3].key, key_number(box, 3)));
    cache_close(c);
    c = open_cache(box);
    CacheRecords r = cache_read(&box->job, c, CACHE_FACTS);
    assert_int_equal(r.len, 100);
    assert_null(cache_find(&r, key_number(box, 3)));
    assert_true(str_eq(cache_find(&r, key_number(box, 5))->value, S("khác")));
    assert_true(str_eq(cache_find(&r, S("a"))->value, S("hai")));
    cache_put(c, CACHE_FACTS, S("a"), S("ba"));
    cache_forget(c);
    assert_true(cache_save(&box->job, c)); // nothing to do
    cache_close(c);
    opens_as(box, CACHE_USED);
}

// Keys that are longer than LMDB takes, alike in all it would take.
static void test_long_keys(void **state) {
    Box *box = *state;
    char a[1025], b[1025];
    memset(a, 'a', sizeof a);
    memcpy(b, a, sizeof b);
    b[1024] = 'b';
    Str keys[] = {{a, 499}, {a, 500}, {a, 501}, {a, 1024}, {b, 1025}};
    size_t n = sizeof keys / sizeof *keys;
    Cache *c = open_cache(box);
    for (size_t i = 0; i < n; i++)
        cache_put(c, CACHE_SOURCES, keys[i], keys[i]);
    cache_put(c, CACHE_SOURCES, S("trống"), S(""));
    assert_true(cache_save(&box->job, c));
    cache_close(c);
    c = open_cache(box);
    CacheRecords r = cache_read(&box->job, c, CACHE_SOURCES);
    assert_int_equal(r.len, n + 1);
    for (size_t i = 0; i < n; i++)
        assert_true(str_eq(cache_find(&r, keys[i])->value, keys[i]));
    assert_int_equal(cache_find(&r, S("trống"))->value.len, 0);
    assert_null(cache_find(&r, (Str){a, 1023}));
    for (size_t i = 0; i < r.len; i++) // by the key it is found with
        cache_put(c, CACHE_SOURCES, r.items[i].key, (Str){0});
    assert_true(cache_save(&box->job, c));
    cache_close(c);
    c = open_cache(box);
    assert_int_equal(cache_read(&box->job, c, CACHE_SOURCES).len, 0);
    cache_close(c);
}

// Each is one line of shell; afterwards the cache is empty, says why, and can
// be written again.
static void test_damage(void **state) {
    static const struct {
        const char *what;
        CacheState state;
    } rows[] = {
        {"rm -r $C", CACHE_NONE},
        {"rm -r $T/.loa", CACHE_NONE},
        {"rm $C/data.mdb $C/seal", CACHE_NONE},
        {"rm $C/seal", CACHE_DAMAGED},
        {"rm $C/data.mdb", CACHE_DAMAGED},
        {": >$C/seal", CACHE_DAMAGED},
        {": >$C/data.mdb", CACHE_DAMAGED},
        {"truncate -s -1 $C/data.mdb", CACHE_DAMAGED},
        {"truncate -s +1 $C/data.mdb", CACHE_DAMAGED},
        {"truncate -s 5000 $C/data.mdb", CACHE_DAMAGED},
        {"truncate -s -1 $C/seal", CACHE_DAMAGED},
        {"truncate -s 1G $C/seal", CACHE_DAMAGED},
        {"cp $C/note $C/seal", CACHE_DAMAGED},
        {"cp $C/seal $C/data.mdb", CACHE_DAMAGED},
        {"rm $C/data.mdb; mkfifo $C/data.mdb", CACHE_DAMAGED},
        {"rm $C/data.mdb; mkdir $C/data.mdb", CACHE_DAMAGED},
        {"mv $C/data.mdb $C/d; ln -s d $C/data.mdb", CACHE_DAMAGED},
        {"rm $C/seal; mkfifo $C/seal", CACHE_DAMAGED},
        {"rm $C/seal; mkdir $C/seal", CACHE_DAMAGED},
        {"rm $C/seal; ln -s /dev/zero $C/seal", CACHE_DAMAGED},
    };
    Box *box = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fill(box, 20);
        opens_as(box, CACHE_USED);
        shell(box, rows[i].what);
        opens_as(box, rows[i].state);
    }
    fill(box, 20);
    opens_as(box, CACHE_USED);
}

// Every length and every byte of a file.
static void spoil(Box *box, const char *name) {
    fill(box, 20);
    char path[96], bytes[4096];
    snprintf(path, sizeof path, "%s/.loa/cache/%s", box->top, name);
    FILE *f = fopen(path, "r+");
    assert_non_null(f);
    size_t n = fread(bytes, 1, sizeof bytes, f);
    assert_true(n < sizeof bytes);
    for (size_t i = 0; i < n; i++) {
        rewind(f);
        bytes[i] ^= 4;
        assert_int_equal(fwrite(bytes, 1, n, f), n);
        fflush(f);
        opens_as(box, CACHE_DAMAGED);
        bytes[i] ^= 4;
    }
    rewind(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    fclose(f);
    opens_as(box, CACHE_USED);
    for (size_t i = n; i-- > 0;) {
        assert_int_equal(truncate(path, (off_t)i), 0);
        opens_as(box, CACHE_DAMAGED);
    }
}

static void test_spoiled(void **state) {
    spoil(*state, "seal");
}

static void test_foreign(void **state) {
    Box *box = *state;
    fill(box, 20);
    cache_close(open_by(box, "thử của bản khác"));
    assert_int_equal(box->state, CACHE_FOREIGN);
    opens_as(box, CACHE_USED); // it was only looked at
    // The same files in the folder of another site.
    shell(box, "mv $T $T-khác; cp -al $T-khác $T");
    opens_as(box, CACHE_FOREIGN);
    fill(box, 3);
    shell(box, "rm -r $T; mv $T-khác $T");
    Cache *c = open_cache(box); // was not written into
    assert_int_equal(box->state, CACHE_USED);
    assert_int_equal(cache_read(&box->job, c, CACHE_FACTS).len, 20);
    cache_close(c);
}

static void test_ignored(void **state) {
    Box *box = *state;
    fill(box, 20);
    CacheOptions opt = {
        .root = str_from(box->top), .made_by = S("thử"), .is_fresh = true};
    Cache *c = cache_open(&box->job, &opt, &box->state);
    assert_int_equal(box->state, CACHE_IGNORED);
    assert_int_equal(cache_read(&box->job, c, CACHE_FACTS).len, 0);
    assert_int_equal(cache_note(&box->job, c).len, 0);
    cache_put(c, CACHE_FACTS, S("a"), S("b"));
    assert_true(cache_save(&box->job, c));
    cache_close(c);
    c = open_cache(box);
    assert_int_equal(box->state, CACHE_USED);
    assert_int_equal(cache_read(&box->job, c, CACHE_FACTS).len, 1);
    assert_int_equal(cache_read(&box->job, c, CACHE_OUTPUTS).len, 0);
    cache_close(c);
}

// Nothing is followed out of the site, waited for, or complained about.
static void test_refused(void **state) {
    static const char *const rows[] = {
        "rm -r $C; ln -s /tmp $C",
        "mv $T/.loa $T/x; ln -s x $T/.loa",
        "rm -r $C; : >$C",
        "rm -r $T/.loa; : >$T/.loa",
        "rm $C/lock; ln -s x $C/lock",
        "rm $C/lock; mkfifo $C/lock",
        "rm $C/lock; mkdir $C/lock",
    };
    Box *box = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fill(box, 20);
        shell(box, rows[i]);
        opens_as(box, CACHE_READONLY);
        Cache *c = open_cache(box);
        cache_put(c, CACHE_FACTS, S("a"), S("b"));
        assert_false(cache_save(&box->job, c));
        cache_set_note(&box->job, c, S("x"));
        cache_close(c);
        shell(box, "rm -rf $T/.loa $T/x");
    }
    // What stands where the new files are made.
    static const char *const ways[] = {"mkfifo $C/new", "mkdir $C/new",
                                       "ln -s ../../x $C/new",
                                       "ln $T/giữ $C/new"};
    shell(box, "echo giữ >$T/giữ");
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        fill(box, 20);
        shell(box, ways[i]);
        fill(box, 30);
        opens_as(box, CACHE_USED);
    }
    shell(box, "grep -qx giữ $T/giữ && "
               "test ! -e $T/x");
}

// A folder full of somebody's files is left alone; nothing can be saved then.
static void test_not_saved(void **state) {
    static const char *const rows[] = {
        "rm $C/data.mdb; mkdir -p $C/data.mdb/x",
        "rm $C/seal; mkdir -p $C/seal/x",
        "mkdir -p $C/new/x",
    };
    Box *box = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fill(box, 20);
        shell(box, rows[i]);
        Cache *c = open_cache(box);
        cache_put(c, CACHE_FACTS, S("a"), S("b"));
        assert_false(cache_save(&box->job, c));
        cache_set_note(&box->job, c, S("x"));
        cache_close(c);
        shell(box, "test -z \"$(find $C -type f ! -name lock)\"; rm -r $C");
    }
    // A limit on the size of files, as a full disk would be.
    struct rlimit was, tiny;
    fill(box, 20);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
    tiny = (struct rlimit){16 * 1024, was.rlim_max};
    Cache *c = open_cache(box);
    for (int i = 0; i < 2000; i++)
        cache_put(c, CACHE_FACTS, key_number(box, i), S("0123456789"));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tiny), 0);
    bool ok = cache_save(&box->job, c);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
    assert_false(ok);
    cache_close(c);
    opens_as(box, CACHE_NONE);
    fill(box, 20);
    opens_as(box, CACHE_USED);
}

static bool count_wait(void *ctx, Str process) {
    Str *out = ctx;
    *out = process;
    return false;
}

static void test_busy(void **state) {
    Box *box = *state;
    Str process = {0};
    fill(box, 20);
    Cache *first = open_cache(box);
    CacheOptions opt = {.root = str_from(box->top),
                        .made_by = S("thử"),
                        .wait = count_wait,
                        .ctx = &process};
    Cache *second = cache_open(&box->job, &opt, &box->state);
    assert_int_equal(box->state, CACHE_BUSY);
    int64_t pid;
    assert_true(str_to_int(process, &pid));
    assert_int_equal(pid, getpid());
    cache_close(second);
    // Who removes the lock lets others in, and what the first knows is lost.
    shell(box, "rm $C/lock");
    second = cache_open(&box->job, &opt, &box->state);
    assert_int_equal(box->state, CACHE_USED);
    cache_put(first, CACHE_FACTS, S("a"), S("b"));
    assert_false(cache_save(&box->job, first));
    cache_set_note(&box->job, first, S("x"));
    cache_close(first);
    cache_put(second, CACHE_FACTS, S("c"), S("d"));
    assert_true(cache_save(&box->job, second));
    cache_close(second);
    opens_as(box, CACHE_USED);
}

static off_t data_size(const Box *box) {
    char path[96];
    struct stat st;
    snprintf(path, sizeof path, "%s/.loa/cache/data.mdb", box->top);
    assert_int_equal(stat(path, &st), 0);
    return st.st_size;
}

// LMDB never makes its file smaller.
static void test_shrinks(void **state) {
    Box *box = *state;
    enum { N = 50000 };
    fill(box, N);
    off_t full = data_size(box);
    assert_true(full > 2 * 1024 * 1024);
    Cache *c = open_cache(box);
    for (int t = 0; t < CACHE_NTABLES; t++)
        for (int i = 10; i < N; i++)
            cache_put(c, (CacheTable)t, key_number(box, i), (Str){0});
    assert_true(cache_save(&box->job, c));
    cache_close(c);
    assert_true(data_size(box) < full / 10);
    c = open_cache(box);
    assert_int_equal(box->state, CACHE_USED);
    for (int t = 0; t < CACHE_NTABLES; t++)
        assert_int_equal(cache_read(&box->job, c, (CacheTable)t).len, 10);
    cache_close(c);
    // And is not copied each time while it is in use.
    for (int i = 0; i < 30; i++) {
        c = open_cache(box);
        cache_put(c, CACHE_FACTS, S("a"), str_fmt(box->job.keep, "%d", i));
        assert_true(cache_save(&box->job, c));
        cache_close(c);
    }
    assert_true(data_size(box) < 1024 * 1024);
}

// Half a megabyte and more a table, and one record larger than what is written
// at once.
static void put_much(Box *box, Cache *c, int n) {
    Str large = str_fmt(box->job.keep, "%600000d", n);
    for (int i = 0; i < n; i++)
        cache_put(c, CACHE_FACTS, key_number(box, i),
                  str_slice(large, 0, 1000));
    cache_put(c, CACHE_OUTPUTS, S("to"), large);
}

// What is written counts only when it is saved.
static void test_not_yet(void **state) {
    Box *box = *state;
    for (int is_full = 0; is_full < 2; is_full++) {
        off_t size = is_full ? data_size(box) : 0;
        Cache *c = open_cache(box);
        put_much(box, c, 900);
        cache_close(c);
        if (is_full)
            assert_int_equal(data_size(box), size);
        opens_as(box, is_full ? CACHE_USED : CACHE_NONE);
        c = open_cache(box);
        put_much(box, c, 900);
        cache_forget(c);
        put_much(box, c, 700);
        assert_true(cache_save(&box->job, c));
        cache_set_note(&box->job, c, S("ghi"));
        cache_close(c);
        c = open_cache(box);
        assert_int_equal(box->state, CACHE_USED);
        CacheRecords r = cache_read(&box->job, c, CACHE_FACTS);
        assert_int_equal(r.len, 700);
        assert_int_equal(r.items[699].value.len, 1000);
        r = cache_read(&box->job, c, CACHE_OUTPUTS);
        assert_int_equal(cache_find(&r, S("to"))->value.len, 600000);
        cache_close(c);
    }
    shell(box, "test ! -e $C/new");
}

int main(void) {
    signal(SIGXFSZ, SIG_IGN); // as loa does
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_round_trip, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_changes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_keys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_damage, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_spoiled, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_foreign, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ignored, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_not_saved, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_busy, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_shrinks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_not_yet, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
