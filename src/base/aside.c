#include "base/aside.h"

#include <pthread.h>

struct Aside {
    Arena *keep; // this struct, too
    AsideFn *fn;
    void *ctx;
    pthread_t thread;
    bool is_running; // `thread` has to be joined
};

static void *run(void *arg) {
    Aside *a = arg;
    Arena *scratch = arena_new();
    Diags none = {.arena = scratch};
    Job job = {a->keep, scratch, &none, NULL};
    a->fn(&job, a->ctx);
    arena_free(scratch);
    return NULL;
}

Aside *aside_begin(AsideFn *fn, void *ctx) {
    Arena *keep = arena_new();
    Aside *a = ARENA_NEW(keep, Aside);
    *a = (Aside){.keep = keep, .fn = fn, .ctx = ctx};
    a->is_running = pthread_create(&a->thread, NULL, run, a) == 0;
    if (!a->is_running)
        run(a);
    return a;
}

void aside_wait(Aside *a) {
    if (a->is_running)
        pthread_join(a->thread, NULL);
    a->is_running = false;
}

void aside_free(Aside *a) {
    if (!a)
        return;
    aside_wait(a);
    arena_free(a->keep);
}
