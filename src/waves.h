// The two waves of making a plan's outputs: pages together with what their
// bodies say, then all that shows what other bodies say. Here is decided what
// has to be made; where the bytes go is the caller's: files, a comparison, or
// nothing but their hashes.
//
//   waves_begin(pool, &w);        before the plan is made
//   waves_plan(job, pool, &w);    after it: world, prints, steps
//   ... step->known and step->known_facts ...
//   waves_run(job, pool, &w, 0);
//   waves_run(job, pool, &w, 1);
//   waves_end(&w);
#ifndef LOA_WAVES_H
#define LOA_WAVES_H

#include <stdatomic.h>

#include "base/aside.h"
#include "load.h"

// What a job of a wave does: an output, or only the facts of a page.
typedef struct {
    const Output *out;
    const Page *page; // first wave: whose body it shows
    size_t slot;      // of `out` in the plan
    // What the last build knew; NULL: nothing. Set by the caller.
    const CacheRecord *known, *known_facts;
    // What was found out.
    Doubt doubt; // DOUBT_NONE: `out` is as it was
    Hash bytes;  // what `out` holds
    Date next;   // when something it asked is answered otherwise
} Step;

// On any thread.
typedef struct {
    // Whether the output is there as it was left, with these bytes; then it
    // stays.
    bool (*keep)(Job *job, void *ctx, const Step *step,
                 const OutputRecord *known);
    // Take what was made, or copy the file, and set hash and size. False: no
    // record of it is wanted.
    bool (*put)(Job *job, void *ctx, const Step *step, Str bytes,
                OutputRecord *made);
    bool (*copy)(Job *job, void *ctx, const Step *step, OutputRecord *made);
    // Keeps a new record of the output, or of the facts; it lies in scratch.
    void (*record)(Job *job, void *ctx, const Step *step, CacheTable table,
                   Str record);
    void *ctx;
} Sink;

typedef struct {
    // Given.
    const BuildOptions *opt; // told of progress; NULL: nobody is
    const Loaded *l;
    const Site *site; // of `l`, or of another instant
    Plan *plan;
    const Recall *recall; // NULL: all is made, no records
    Sink sink;
    bool keeps_texts; // of sources that were read
    Aside *hashing;   // NULL: waves_plan does it
    Hash environment; // render/trace.h
    // Made by waves_plan; steps of wave k are from[k] .. from[k + 1].
    World world;
    Prints prints;
    Step *steps;
    size_t from[3];
    // Made by waves_run.
    Hash *excerpts;            // by page
    atomic_bool was_disturbed; // a file changed while the site was made: what
                               // was made is not a site
} Waves;

// Hashes the site while the caller plans, where there is a core for it.
void waves_begin(const Pool *pool, Waves *w);
void waves_plan(Job *job, Pool *pool, Waves *w);
void waves_run(Job *job, Pool *pool, Waves *w, unsigned wave);

void waves_end(Waves *w); // prints lie there

RecallWorld waves_recall(const Waves *w);

static inline bool step_is_made(const Step *step) {
    return step->out && step->doubt != DOUBT_NONE;
}

#endif
