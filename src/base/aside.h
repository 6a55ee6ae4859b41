// One function on a thread of its own, while the caller goes on with something
// else: what a pool does for many things, for a single one.
//
// It has a job of its own; nothing it says is printed. What it puts into
// job->keep lives until aside_free, and may be read after aside_wait. Without
// a thread to be had it runs in aside_begin.
#ifndef LOA_BASE_ASIDE_H
#define LOA_BASE_ASIDE_H

#include "base/job.h"

typedef struct Aside Aside;
typedef void AsideFn(Job *job, void *ctx);

Aside *aside_begin(AsideFn *fn, void *ctx);
void aside_wait(Aside *a);
void aside_free(Aside *a); // waits first; NULL is allowed

#endif
