// The site at one instant, made in memory, and what differs from the instant
// before. What the last build or the moment before knew of an output is
// believed as in build.c, so a moment costs little more than its model.
//
//   Memory memory; memory_begin(job, ..., &memory);
//   Moment *a = moment_make(&memory, now);     compared with the last build
//   Moment *b = moment_make(&memory, later);   compared with a
//   moment_free(a), moment_free(b);
#ifndef LOA_MOMENT_H
#define LOA_MOMENT_H

#include "load.h"

typedef struct {
    Arena *arena; // of the records
    const Loaded *l;
    Recall recall;
    unsigned threads;
    Map outputs, facts; // of what is known, by path of the output, of the file
    unsigned count;     // moments so far
    Hash environment;   // of the last
} Memory;

typedef struct {
    size_t changed, added, removed; // outputs, against the moment before
    Clock clock;                    // with the next instant
    Diags diags;                    // what a build would say
    Pool *pool;
    Arena *arena;
} Moment;

// `recall` from recall_borrow, levels set. Texts that were read
// stay.
void memory_begin(Job *job, const Loaded *l, const Recall *recall,
                  unsigned threads, Memory *out);

// The first is that of l->site.
Moment *moment_make(Memory *memory, Date now);
void moment_free(Moment *m);

#endif
