// The first half of a build: read, parse, model. build.c is its only user.
#ifndef LOA_LOAD_H
#define LOA_LOAD_H

#include "build.h"
#include "recall.h"

typedef struct {
    const BuildOptions *opt;
    Recall *recall;      // NULL: every file is read
    const Map *excluded; // paths of content files left out by --keep-going
    double *seconds;     // by stage
    Loaded *out;
} Load;

// The config, and which sources there are. Then load_parse may follow.
bool load_scan(Job *job, Pool *pool, const Load *load);

// What they hold, as far as the pages; then load_model may follow.
bool load_parse(Job *job, Pool *pool, const Load *load);
void load_model(Job *job, const Load *load);

bool load_site(Job *job, Pool *pool, const Load *load); // both

// The site at another instant, from what load_site left: pages are made again,
// no file is read. Everything lies in the arenas of `job` and `pool`; load->out
// and what it points to have to be there still.
void load_again(Job *job, Pool *pool, const Loaded *l, Date now, Site *out);

// Loads the text of a source that was not read because it looks unchanged.
// False, without a message, when the file holds something else by now.
bool load_text(Job *job, const Loaded *l, const Source *src);

// Quotes lines in diagnostics whose files were not read.
void load_quotes(Job *job, const Loaded *l, Diags *d);

// Gives back texts and the root. What was said about them stays.
void load_free(Loaded *l);

// Seconds since an instant of its own; for the stage times only.
double load_clock(void);

// A PoolWatch that reports `stage` and names the file of a job that hangs.
typedef struct {
    const BuildOptions *opt;
    Stage stage;
    const Source *const *files; // by job; may be NULL
} Watch;

PoolWatch load_watch(Watch *watch);

#endif
