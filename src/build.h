// The whole way from files to files. Every command that needs a site goes
// through here; they differ in how far they go.
#ifndef LOA_BUILD_H
#define LOA_BUILD_H

#include "base/pool.h"
#include "cache/cache.h"
#include "changes.h"
#include "parse/liquid.h"
#include "plan/redirects.h"
#include "write/compare.h"
#include "write/output.h"

typedef enum {
    STAGE_READ,
    STAGE_PARSE,
    STAGE_MODEL,
    STAGE_PLAN,
    STAGE_RENDER,
    STAGE_WRITE,
    NSTAGES,
} Stage;

// Told how far a stage is, now and then, from the calling thread.
typedef void BuildProgress(void *ctx, Stage stage, size_t done, size_t total);

typedef struct Loaded Loaded;

typedef struct {
    Str source;        // the site's folder; "." unless said
    ConfigFlags flags; // publish_dir from the working folder
    Str clock;         // RFC 3339 or a date; empty: the start of the command
    bool keep_going, is_mass_removal_ok, no_wait;
    bool is_cache_ignored; // as if there were no last build
    Strs explain;          // addresses: why their files were made or not
    bool is_verify;        // compares with what is published, writes nothing
    bool is_record;        // urls.tsv will be added to: no short cut
    // Told after the commit, while no other build can begin; may be NULL.
    void (*published)(void *ctx, Job *job, const Loaded *l,
                      const Redirects *old);
    void *published_ctx;
    // Told when another build has to be waited for: of this site, or one that
    // writes to `folder`. May be NULL.
    void (*waits)(void *ctx, Str folder, Str process);
    char *const *env;
    BuildProgress *progress; // may be NULL
    void *progress_ctx;
} BuildOptions;

typedef struct {
    size_t pages, outputs, left_out;
    OutputStats files;
    double seconds[NSTAGES];
    Str publish_dir;
    CacheState cache;
    bool is_unsaved; // what was learned could not be written down
    size_t made;     // outputs that were made; the others are as they were
    // Before this instant a build makes the same if nothing is edited; at it
    // something may differ. {0}: time changes nothing any more.
    Date next;
    Differences differences;     // is_verify
    struct Explained *explained; // explain; sorted by path
    size_t nexplained;
    ChangeLists changes; // since they were listed last
} BuildStats;

// Sources, types, layouts and the model: what `loa list` needs.
struct Loaded {
    FsRoot root;
    Config cfg;
    SourceSet sources;
    Date now; // the instant of the build
    TypeSet types;
    TemplateSet layouts;
    Record *record; // NULL: there is no urls.tsv
    Site site;
    const struct LoadWork *work; // what pages are made from; load.c's
};

typedef enum {
    BUILD_GOOD = 0,
    BUILD_CONTENT = 1, // the content has errors
    BUILD_SYSTEM = 3,
    BUILD_BUSY = 4,
    BUILD_DIFFERS = 5, // is_verify: something else is published
} BuildResult;         // also the exit code

// Reads as far as the model. With errors in content the site holds what is
// good. Give it back with load_free.
BuildResult build_load(Job *job, Pool *pool, const BuildOptions *opt,
                       Loaded *out);

BuildResult build_run(Job *job, Pool *pool, const BuildOptions *opt,
                      BuildStats *stats);

// What these messages mean for the exit code.
BuildResult build_result(const Diags *d);

// What the cache is for: versions of everything whose change could change an
// output.
Str build_versions(Arena *a);

#endif
