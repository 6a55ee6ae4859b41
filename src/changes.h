// The lists of what a build changed, for those who carry the site on: rsync,
// caches, deploys. docs/server.md.
#ifndef LOA_CHANGES_H
#define LOA_CHANGES_H

#include "base/job.h"
#include "model/config.h"
#include "write/output.h"

typedef struct {
    Str url;  // as visitors write it: with host when baseURL has one
    Str path; // below the output folder
} ChangedFile;

typedef struct {
    ChangedFile *items; // sorted by url
    size_t len;
} ChangedFiles;

typedef struct {
    ChangedFiles changed, removed;
} ChangeLists;

// After a build that published, or found nothing to publish: writes
// .loa/changed.txt and .loa/removed.txt of `site`. `made` is what the commit
// has changed. What goes wrong is a warning, and the next build lists the same
// again.
void changes_list(Job *job, Str site, const Config *cfg, Str publish_dir,
                  const Changes *made, ChangeLists *out);

#endif
