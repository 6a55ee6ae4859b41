// How far a long build is: a line that is redrawn on a terminal, a line every
// few seconds elsewhere. On stderr, so that --json on stdout stays clean.
#ifndef LOA_CMD_PROGRESS_H
#define LOA_CMD_PROGRESS_H

#include "build.h"

typedef struct {
    bool is_terminal, is_shown; // is_shown: a line stands on the terminal
    double start, last;         // seconds
    Stage stage;
} Progress;

Progress progress_new(void);
BuildProgress progress_tick; // ctx is a Progress *
// Another build is waited for: of this site, or, with `folder`, one that writes
// there. ctx is a Progress *.
void progress_wait(void *ctx, Str folder, Str process);
void progress_end(Progress *p);

const char *progress_stage_name(Stage stage); // translated

#endif
