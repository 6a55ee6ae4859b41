// Records on their way to the cache. Runs under the thread sanitizer too.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/pool.h"
#include "cache/spool.h"

typedef struct {
    Arena *arena;
    CacheFolder folder;
    char top[64];
} Box;

static int set_up(void **state) {
    static Box box;
    box = (Box){.arena = arena_new()};
    strcpy(box.top, "/tmp/loa-spool.XXXXXX");
    assert_non_null(mkdtemp(box.top));
    box.folder.fd = open(box.top, O_RDONLY | O_DIRECTORY);
    *state = &box;
    return box.folder.fd < 0;
}

static int tear_down(void **state) {
    Box *box = *state;
    close(box->folder.fd);
    arena_free(box->arena);
    return rmdir(box->top); // nothing is left in it
}

static Str text_of(Arena *a, size_t i) {
    return str_fmt(a, "%zu %*zu", i, (int)(i % 5000), i);
}

static void put_one(Job *job, size_t i, void *ctx) {
    Str key = str_fmt(job->keep, "%06zu", i);
    spool_put(ctx, (unsigned)(i % 3), key, text_of(job->scratch, i));
}

static void put_many(Box *box, Spool *s, size_t n) {
    Diags diags = {.arena = box->arena};
    Pool *pool = pool_new(4);
    pool_each(pool, &diags, n, put_one, s);
    SpoolItems all;
    assert_int_equal(spool_len(s), n);
    assert_true(spool_read(s, box->arena, &all));
    assert_int_equal(all.len, n);
    for (size_t i = 0, k = 0; k < n; k++, i = i + 3 < n ? i + 3 : i % 3 + 1) {
        assert_int_equal(all.items[k]->table, i % 3);
        assert_true(
            str_eq(spool_value(s, all.items[k]), text_of(box->arena, i)));
        if (k % 1000 == 0)
            spool_let_go(s);
    }
    pool_free(pool); // the keys lie there
}

static void test_small(void **state) {
    Box *box = *state;
    Spool *s = spool_new(box->arena, &box->folder);
    put_many(box, s, 50);
    spool_free(s);
}

static void test_large(void **state) {
    Box *box = *state;
    Spool *s = spool_new(box->arena, &box->folder);
    put_many(box, s, 3000);
    spool_free(s);
}

static void test_the_later_one(void **state) {
    Box *box = *state;
    Spool *s = spool_new(box->arena, &box->folder);
    SpoolItems all;
    spool_put(s, 0, S("gone"), S("forgotten"));
    spool_forget(s);
    spool_put(s, 0, S("b"), S("1"));
    spool_put(s, 0, S("a"), S("2"));
    spool_put(s, 0, S("b"), (Str){0});
    spool_put(s, 1, S("a"), S("3"));
    assert_true(spool_read(s, box->arena, &all));
    assert_int_equal(all.len, 3);
    assert_true(str_eq(spool_value(s, all.items[0]), S("2")));
    assert_true(all.items[1]->is_removal);
    assert_true(str_eq(spool_value(s, all.items[2]), S("3")));
    spool_free(s);
}

// Without a folder to write to, it is said when it is read.
static void test_unwritten(void **state) {
    Box *box = *state;
    CacheFolder none = {.fd = -1};
    Spool *s = spool_new(box->arena, &none);
    SpoolItems all;
    char *large = arena_bytes(box->arena, 1 << 20);
    memset(large, 'x', 1 << 20);
    spool_put(s, 0, S("a"), (Str){large, 1 << 20});
    assert_false(spool_read(s, box->arena, &all));
    spool_free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_small, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_large, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_later_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unwritten, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
