// Workers live as long as the pool and sleep between rounds. A round is one
// pool_each: its jobs are numbers, taken with an atomic counter, several at a
// time when there are many. With one thread and nobody watching, the caller is
// the worker.
//
// Diagnostics: each worker collects those of its jobs in one list and notes
// which job added which stretch of it. Jobs that add nothing cost nothing; the
// stretches are sorted by job at the end.
//
// Lock order does not arise: there is one lock. It guards `round`, `busy` and
// `is_closing`; what a worker writes during a round is read by the caller only
// after that worker has gone idle under the lock.
#include "base/pool.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { MAX_THREADS = 256, TICK_MS = 100, STACK_SIZE = 8 * 1024 * 1024 };

// The diagnostics from..to of a worker's list came from one job.
typedef struct {
    size_t job, from, to;
} Stretch;

typedef struct {
    Pool *pool;
    pthread_t thread;
    Arena *keep, *scratch, *notes; // notes: diagnostics of this round
    Diags diags;
    Stretch *stretches;
    size_t len, cap;
    // For the watchdog: what it works on, and since when; 0: nothing. The two
    // are not read together, so a job that has just changed may be looked at
    // twice, but never accused: `job` is written before `since`.
    atomic_size_t job;
    atomic_int_fast64_t since_ms;
    char padding[128]; // keeps the counters of two workers apart
} Worker;

struct Pool {
    unsigned threads; // workers
    unsigned started; // of them that have a thread; the first do
    Worker *workers;
    pthread_mutex_t lock;
    pthread_cond_t work, idle;
    uint64_t round;
    unsigned busy;
    bool is_closing;

    // The round.
    PoolFn *fn;
    void *ctx;
    size_t n, step; // jobs, and how many of them are taken at a time
    const Map *levels;
    bool is_watched;
    atomic_size_t next, done;
};

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

// --- Workers ---

static void note_stretch(Worker *w, Stretch s) {
    w->stretches = arena_grow(w->notes, w->stretches, w->len, &w->cap,
                              sizeof *w->stretches);
    w->stretches[w->len++] = s;
}

static void run_job(Worker *w, size_t i) {
    Pool *pool = w->pool;
    Job job = {w->keep, w->scratch, &w->diags, NULL};
    size_t from = w->diags.len;
    w->diags.is_last_off = true; // a hint never reaches another job's
    if (pool->is_watched) {
        atomic_store(&w->job, i);
        atomic_store(&w->since_ms, now_ms());
    }
    pool->fn(&job, i, pool->ctx);
    if (pool->is_watched)
        atomic_store(&w->since_ms, 0);
    if (w->diags.len > from)
        note_stretch(w, (Stretch){i, from, w->diags.len});
    arena_reset(w->scratch, (ArenaMark){0});
}

static void run_round(Worker *w) {
    Pool *pool = w->pool;
    w->diags.levels = pool->levels;
    for (;;) {
        size_t from = atomic_fetch_add(&pool->next, pool->step);
        if (from >= pool->n)
            return;
        size_t left = pool->n - from, n = left < pool->step ? left : pool->step;
        for (size_t i = 0; i < n; i++)
            run_job(w, from + i);
        atomic_fetch_add_explicit(&pool->done, n, memory_order_relaxed);
    }
}

static void *worker_main(void *arg) {
    Worker *w = arg;
    Pool *pool = w->pool;
    uint64_t seen = 0;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (pool->round == seen && !pool->is_closing)
            pthread_cond_wait(&pool->work, &pool->lock);
        if (pool->is_closing)
            break;
        seen = pool->round;
        pthread_mutex_unlock(&pool->lock);
        run_round(w);
        pthread_mutex_lock(&pool->lock);
        if (--pool->busy == 0)
            pthread_cond_signal(&pool->idle);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

// --- Life ---

static unsigned cores(void) {
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > MAX_THREADS ? MAX_THREADS : (unsigned)n;
}

static void *must(void *p) {
    if (!p) {
        fputs("loa: out of memory\n", stderr);
        abort();
    }
    return p;
}

Pool *pool_new(unsigned threads) {
    Pool *pool = must(calloc(1, sizeof *pool));
    pool->threads = threads ? threads : cores();
    if (pool->threads > MAX_THREADS)
        pool->threads = MAX_THREADS;
    pool->workers = must(calloc(pool->threads, sizeof *pool->workers));
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&pool->idle, &attr);
    pthread_condattr_destroy(&attr);
    pthread_cond_init(&pool->work, NULL);
    pthread_mutex_init(&pool->lock, NULL);
    for (unsigned i = 0; i < pool->threads; i++) {
        Worker *w = &pool->workers[i];
        w->pool = pool;
        w->keep = arena_new();
        w->scratch = arena_new();
        w->notes = arena_new();
        w->diags.arena = w->notes;
    }
    return pool;
}

unsigned pool_threads(const Pool *pool) {
    return pool->threads;
}

// The stack does not depend on `ulimit -s`: what nests does so equally deep
// everywhere.
static bool start_worker(Worker *w) {
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_SIZE);
    int err = pthread_create(&w->thread, &attr, worker_main, w);
    pthread_attr_destroy(&attr);
    return err == 0;
}

// Threads start when there is work for them. Fewer than asked for, when the
// system gives no more, only makes it slower.
static void start_workers(Pool *pool) {
    while (pool->started < pool->threads &&
           start_worker(&pool->workers[pool->started]))
        pool->started++;
}

void pool_free(Pool *pool) {
    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->is_closing = true;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    for (unsigned i = 0; i < pool->started; i++)
        pthread_join(pool->workers[i].thread, NULL);
    for (unsigned i = 0; i < pool->threads; i++) {
        arena_free(pool->workers[i].keep);
        arena_free(pool->workers[i].scratch);
        arena_free(pool->workers[i].notes);
    }
    pthread_cond_destroy(&pool->work);
    pthread_cond_destroy(&pool->idle);
    pthread_mutex_destroy(&pool->lock);
    free(pool->workers);
    free(pool);
}

// --- Watching ---

static void check_worker(Worker *w, const PoolWatch *watch) {
    size_t job = atomic_load(&w->job);
    int64_t since = atomic_load(&w->since_ms);
    bool is_late =
        since && now_ms() - since > (int64_t)watch->watchdog_seconds * 1000;
    if (is_late && atomic_load(&w->job) == job)
        watch->stuck(job, watch->stuck_ctx);
}

static void look(Pool *pool, const PoolWatch *watch) {
    if (watch->tick)
        watch->tick(atomic_load(&pool->done), pool->n, watch->tick_ctx);
    if (!watch->watchdog_seconds || !watch->stuck)
        return;
    for (unsigned i = 0; i < pool->started; i++)
        check_worker(&pool->workers[i], watch);
}

static struct timespec in_ms(int ms) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_nsec += (long)ms * 1000000;
    t.tv_sec += t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    return t;
}

// The lock is not held while somebody else's function runs.
static void wait_watching(Pool *pool, const PoolWatch *watch) {
    struct timespec until = in_ms(TICK_MS);
    while (pool->busy) {
        int err = pthread_cond_timedwait(&pool->idle, &pool->lock, &until);
        if (err != ETIMEDOUT || !pool->busy)
            continue;
        pthread_mutex_unlock(&pool->lock);
        look(pool, watch);
        pthread_mutex_lock(&pool->lock);
        until = in_ms(TICK_MS);
    }
}

// --- Rounds ---

static int by_job(const void *a, const void *b) {
    const Stretch *x = a, *y = b;
    return (x->job > y->job) - (x->job < y->job);
}

// A stretch of whichever worker, for the merge.
typedef struct {
    Stretch stretch; // first, for by_job
    const Worker *worker;
} Found;

static Diag copy_diag(Arena *a, const Diag *d) {
    Diag out = *d;
    if (d->code) // that of one said again lies in `notes`
        out.code = str_cstr(a, str_from(d->code));
    out.path = str_copy(a, d->path);
    out.message = str_copy(a, d->message);
    out.quote = str_copy(a, d->quote);
    out.hint = str_copy(a, d->hint);
    return out;
}

static void append_stretch(Diags *to, const Found *f) {
    for (size_t i = f->stretch.from; i < f->stretch.to; i++) {
        Diag d = copy_diag(to->arena, &f->worker->diags.items[i]);
        diags_append(to, &(Diags){.items = &d, .len = 1});
    }
}

static void merge(Pool *pool, Diags *to) {
    size_t n = 0, at = 0;
    for (unsigned i = 0; i < pool->threads; i++)
        n += pool->workers[i].len;
    if (!n)
        return;
    Arena *notes = pool->workers[0].notes;
    Found *found = ARENA_ARRAY(notes, Found, n);
    for (unsigned i = 0; i < pool->threads; i++)
        for (size_t k = 0; k < pool->workers[i].len; k++)
            found[at++] =
                (Found){pool->workers[i].stretches[k], &pool->workers[i]};
    qsort(found, n, sizeof *found, by_job);
    for (size_t k = 0; k < n; k++)
        append_stretch(to, &found[k]);
}

static void forget(Worker *w) {
    w->diags = (Diags){.arena = w->notes};
    w->stretches = NULL;
    w->len = w->cap = 0;
    arena_reset(w->notes, (ArenaMark){0});
}

static void run_on_workers(Pool *pool, const PoolWatch *watch) {
    pthread_mutex_lock(&pool->lock);
    pool->busy = pool->started;
    pool->round++;
    pthread_cond_broadcast(&pool->work);
    if (watch)
        wait_watching(pool, watch);
    while (pool->busy)
        pthread_cond_wait(&pool->idle, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

// So many that the counter is no bottleneck, so few that the last ones taken
// keep nobody waiting.
static size_t step_for(const Pool *pool, size_t n) {
    enum { MOST = 16, ROUNDS = 64 };
    size_t step = n / pool->threads / ROUNDS;
    return step < 1 ? 1 : step < MOST ? step : MOST;
}

void pool_each_watched(Pool *pool, Diags *diags, size_t n, PoolFn *fn,
                       void *ctx, const PoolWatch *watch) {
    if (!n)
        return;
    pool->fn = fn;
    pool->ctx = ctx;
    pool->n = n;
    pool->step = step_for(pool, n);
    pool->levels = diags->levels;
    pool->is_watched = watch && watch->watchdog_seconds;
    atomic_store(&pool->next, 0);
    atomic_store(&pool->done, 0);
    if (watch || (pool->threads > 1 && n > 1))
        start_workers(pool);
    if (pool->started && (watch || n > 1))
        run_on_workers(pool, watch);
    else
        run_round(&pool->workers[0]);
    merge(pool, diags);
    for (unsigned i = 0; i < pool->threads; i++)
        forget(&pool->workers[i]);
}

void pool_each(Pool *pool, Diags *diags, size_t n, PoolFn *fn, void *ctx) {
    pool_each_watched(pool, diags, n, fn, ctx, NULL);
}

void pool_each_or_here(Pool *pool, Job *job, size_t n, PoolFn *fn, void *ctx) {
    if (pool)
        pool_each(pool, job->diags, n, fn, ctx);
    for (size_t i = 0; !pool && i < n; i++)
        fn(job, i, ctx);
}
