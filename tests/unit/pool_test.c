// Order, arenas, diagnostics and the watchdog of the worker threads. Runs
// under the thread sanitizer too.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/pool.h"

enum { N = 2000 };

typedef struct {
    Arena *arena;
    Diags diags;
} Test;

static int setup(void **state) {
    static Test t;
    t = (Test){.arena = arena_new()};
    t.diags.arena = t.arena;
    *state = &t;
    return 0;
}

static int teardown(void **state) {
    Test *t = *state;
    arena_free(t->arena);
    return 0;
}

static void sleep_ms(long ms) {
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

static void square(Job *job, size_t i, void *ctx) {
    char *used = ARENA_ARRAY(job->scratch, char, 1000 + i % 7 * 30000);
    used[999] = 1;
    ((size_t *)ctx)[i] = i * i;
}

static void every_job_runs_once(void **state) {
    Test *t = *state;
    for (unsigned threads = 1; threads <= 8; threads *= 2) {
        Pool *pool = pool_new(threads);
        assert_int_equal(pool_threads(pool), threads);
        for (int round = 0; round < 20; round++) {
            size_t slots[N] = {0};
            pool_each(pool, &t->diags, N, square, slots);
            for (size_t i = 0; i < N; i++)
                assert_int_equal(slots[i], i * i);
        }
        pool_each(pool, &t->diags, 0, square, NULL);
        size_t one = 7;
        pool_each(pool, &t->diags, 1, square, &one);
        assert_int_equal(one, 0);
        pool_free(pool);
    }
    assert_int_equal(t->diags.len, 0);
    Pool *pool = pool_new(0);
    assert_true(pool_threads(pool) >= 1);
    pool_free(pool);
    pool_free(NULL);
}

static void keep(Job *job, size_t i, void *ctx) {
    ((Str *)ctx)[i] = str_fmt(job->keep, "job %zu", i);
    str_fmt(job->scratch, "gone %zu", i);
}

static void keep_lives_until_the_pool_is_freed(void **state) {
    Test *t = *state;
    Pool *pool = pool_new(3);
    Str *texts = ARENA_ARRAY(t->arena, Str, N);
    pool_each(pool, &t->diags, N, keep, texts);
    pool_each(pool, &t->diags, 1, keep, &(Str){0});
    for (size_t i = 0; i < N; i++)
        assert_true(str_eq(texts[i], str_fmt(t->arena, "job %zu", i)));
    pool_free(pool);
}

static void complain(Job *job, size_t i, void *ctx) {
    (void)ctx;
    diag_hint(job->diags, "of another job");
    diag_warn(job->diags, "E-OFF", (Pos){0}, "never seen");
    Str path = str_fmt(job->scratch, "%zu.md", i);
    if (i % 5 == 0)
        diag_error(job->diags, "E-A", (Pos){.path = path}, "first %zu", i);
    if (i % 15 == 0) {
        // As they come out of the cache: no literal.
        const char *code = str_cstr(job->diags->arena, S("E-B"));
        diag_warn(job->diags, code, (Pos){path, S("text"), 1, 2}, "second");
        diag_hint(job->diags, "hint %zu", i);
    }
}

static void diagnostics_come_in_order_of_jobs(void **state) {
    Test *t = *state;
    DiagLevel off = DIAG_OFF;
    Map levels = {.arena = t->arena};
    map_set(&levels, S("E-OFF"), &off);
    t->diags.levels = &levels;
    for (unsigned threads = 1; threads <= 8; threads++) {
        Pool *pool = pool_new(threads);
        t->diags.len = t->diags.errors = 0;
        pool_each(pool, &t->diags, N, complain, NULL);
        pool_each(pool, &t->diags, 1, complain, NULL);
        pool_free(pool); // they do not lie in the pool
        assert_int_equal(t->diags.errors, N / 5 + 1);
        size_t at = 0;
        for (size_t i = 0; i < N; i += 5) {
            const Diag *d = &t->diags.items[at++];
            assert_true(str_eq(d->path, str_fmt(t->arena, "%zu.md", i)));
            assert_true(str_eq(d->message, str_fmt(t->arena, "first %zu", i)));
            assert_int_equal(d->hint.len, 0);
            if (i % 15)
                continue;
            d = &t->diags.items[at++];
            assert_string_equal(d->code, "E-B");
            assert_true(str_eq(d->hint, str_fmt(t->arena, "hint %zu", i)));
            assert_true(str_eq(d->quote, S("text")));
        }
        assert_int_equal(t->diags.len, at + 2);
    }
    t->diags.levels = NULL;
}

typedef struct {
    size_t ticks, last, total;
    bool went_back;
    int tag;
} Ticks;

static void tick(size_t done, size_t total, void *ctx) {
    Ticks *ticks = ctx;
    ticks->went_back = ticks->went_back || done < ticks->last;
    ticks->ticks++;
    ticks->last = done;
    ticks->total = total;
}

static void nap(Job *job, size_t i, void *ctx) {
    (void)job, (void)i, (void)ctx;
    sleep_ms(50);
}

static void caller_is_told_how_far_it_is(void **state) {
    Test *t = *state;
    for (unsigned threads = 1; threads <= 4; threads += 3) {
        Ticks ticks = {0};
        PoolWatch watch = {
            .tick = tick, .tick_ctx = &ticks, .watchdog_seconds = 60};
        Pool *pool = pool_new(threads);
        pool_each_watched(pool, &t->diags, 10 * threads, nap, NULL, &watch);
        pool_each_watched(pool, &t->diags, 0, nap, NULL, &watch);
        pool_each(pool, &t->diags, 2, nap, NULL);
        pool_free(pool);
        assert_in_range(ticks.ticks, 2, 10);
        assert_int_equal(ticks.total, 10 * threads);
        assert_false(ticks.went_back);
        assert_true(ticks.last > 0);
    }
}

static void stuck(size_t i, void *ctx) {
    Ticks *ticks = ctx;
    _exit(i == 3 && ticks->tag == 42 ? 77 : 78);
}

static void hang(Job *job, size_t i, void *ctx) {
    (void)job, (void)ctx;
    while (i == 3)
        sleep_ms(10);
}

static void watchdog_names_the_job(void **state) {
    Test *t = *state;
    for (unsigned threads = 1; threads <= 2; threads++) {
        pid_t child = fork();
        if (!child) {
            Ticks ticks = {.tag = 42};
            PoolWatch watch = {
                .watchdog_seconds = 1, .stuck = stuck, .stuck_ctx = &ticks};
            alarm(20);
            pool_each_watched(pool_new(threads), &t->diags, 10, hang, NULL,
                              &watch);
            _exit(1);
        }
        int status = 0;
        waitpid(child, &status, 0);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 77);
    }
}

static void quick_jobs_are_not_accused(void **state) {
    Test *t = *state;
    Ticks ticks = {0};
    PoolWatch watch = {
        .watchdog_seconds = 1, .stuck = stuck, .stuck_ctx = &ticks};
    Pool *pool = pool_new(2);
    pool_each_watched(pool, &t->diags, 60, nap, NULL, &watch);
    pool_free(pool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_job_runs_once, setup, teardown),
        cmocka_unit_test_setup_teardown(keep_lives_until_the_pool_is_freed,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(diagnostics_come_in_order_of_jobs,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(caller_is_told_how_far_it_is, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(watchdog_names_the_job, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(quick_jobs_are_not_accused, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
