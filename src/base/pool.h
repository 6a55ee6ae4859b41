// Run the same function over 0..n-1 on all cores, and wait.
//
// Job i may write to slot i of the caller's array and nowhere else. Its
// diagnostics are appended in the order of i, never of completion, so one
// thread and sixteen give the same bytes and the same messages. Each worker has
// its own keep and scratch arenas; the pool owns both. Scratch is emptied after
// each job; what was put into job->keep lives until pool_free.
#ifndef LOA_BASE_POOL_H
#define LOA_BASE_POOL_H

#include "base/job.h"

typedef struct Pool Pool;
typedef void PoolFn(Job *job, size_t i, void *ctx);

// Called now and then from the calling thread while jobs run; may be NULL.
typedef void PoolTick(size_t done, size_t total, void *ctx);

typedef struct {
    PoolTick *tick;
    void *tick_ctx;
    unsigned watchdog_seconds; // 0: none; else a job that takes longer ends
                               // the process through `stuck`
    void (*stuck)(size_t i, void *ctx); // must not return
    void *stuck_ctx;
} PoolWatch;

Pool *pool_new(unsigned threads); // 0: one per core
unsigned pool_threads(const Pool *pool);
void pool_each(Pool *pool, Diags *diags, size_t n, PoolFn *fn, void *ctx);
// On the pool, or, when it is NULL, on the calling thread by its own job, whose
// scratch is then not emptied in between.
void pool_each_or_here(Pool *pool, Job *job, size_t n, PoolFn *fn, void *ctx);
void pool_each_watched(Pool *pool, Diags *diags, size_t n, PoolFn *fn,
                       void *ctx, const PoolWatch *watch);
void pool_free(Pool *pool);

#endif
