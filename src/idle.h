// The build that finds nothing changed: it compares what the last one wrote
// down with the names and times of the sources and of the published files, and
// ends there. No source is opened, nothing is modelled.
#ifndef LOA_IDLE_H
#define LOA_IDLE_H

#include "build.h"
#include "recall.h"

typedef struct {
    const BuildOptions *opt;
    Recall *recall;
    const Config *cfg;
    const SourceSet *sources;
    Date now;
    Str publish_dir;
} Idle;

// Whether the output is what a build would make. Then what the last build said
// is said again, and *stats are its own.
bool idle_is(Job *job, Pool *pool, const Idle *idle, BuildStats *stats);

// After a good build: writes down what idle_is compares, and until when.
void idle_keep(Job *job, const Idle *idle, const BuildStats *stats);

#endif
