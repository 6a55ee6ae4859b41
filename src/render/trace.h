// What the making of an output asks of the site beyond what its fingerprint
// holds: where a link leads, how large a file is, what stands in a table. The
// questions are noted while it is made; in the next build they are asked again,
// and when the answers are the same the output need not be made.
//
// That is exact: an output is a function of its fingerprint and these answers,
// and what is asked first depends on the fingerprint alone.
#ifndef LOA_RENDER_TRACE_H
#define LOA_RENDER_TRACE_H

#include "base/pack.h"
#include "render/world.h"

typedef enum {
    ASK_LINK,   // where a link of `from` leads
    ASK_IMAGE,  // likewise
    ASK_PAGE,   // what {{ pages["..."] }} of a shortcode gives
    ASK_FILE,   // name and size of a file
    ASK_TABLE,  // what a file holds
    ASK_NUMBER, // which document "YEAR KEY" is
    ASK_BEFORE, // whether the build's instant is before `key`, seconds of Unix
    ASK_NKINDS,
} AskKind;

typedef struct {
    AskKind kind;
    const Page *from;
    Str key;
} Ask;

typedef struct Trace {
    Arena *arena;
    Ask *items;
    size_t len, cap;
    size_t nanswered; // questions whose answers are known
    Hash answers;     // to those
    size_t asked;     // how often, the same question again counted
} Trace;

// Notes a question, once. Nothing when job->trace is NULL.
void trace_note(Job *job, AskKind kind, const Page *from, Str key);

// Whether the instant of the build is before `when`; noted.
bool trace_is_before(Job *job, const World *w, const Page *from, Date when);

// The first `n` questions asked again: one hash of all answers. What
// has been answered for a smaller `n` is not asked a second time. Adds no
// diagnostics of its own.
Hash trace_answers(Job *job, const World *w, Trace *trace, size_t n);

// Questions of `own` take a byte less. False: a page they came from is gone.
void trace_pack(Buf *b, const Trace *trace, size_t n, const Page *own);
bool trace_unpack(Arena *a, const World *w, const Page *own, Unpack *u,
                  Trace *out);

void trace_skip(Unpack *u); // over what trace_pack wrote

// Which addresses and files there are: while this is the same, links, images
// and files are answered as before. The first half can be had before the plan.
Hash trace_site(const Site *site);
Hash trace_environment(Hash site, const Plan *plan);

// The earliest instant after now that an answer depends on; {0}: none.
Date trace_next(const World *w, const Trace *trace);

#endif
