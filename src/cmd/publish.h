// What `loa build` does after the commit beside the output: it says what
// urls.tsv does not know yet, adds it with --record, and keeps the maps of old
// addresses for web servers in .loa/server/.
#ifndef LOA_CMD_PUBLISH_H
#define LOA_CMD_PUBLISH_H

#include "cmd/args.h"

typedef struct {
    const BuildOptions *opt;
    bool is_kept; // the site has a urls.tsv, now or before
    size_t added;
    RecordState state;
} Publish;

// --record, and the hook of the build. False: wrong usage.
bool publish_options(Job *job, const Args *args, BuildOptions *opt,
                     Publish *out);

void publish_summary(const Publish *p);
void publish_json(Arena *a, const Publish *p, Value *out);

#endif
