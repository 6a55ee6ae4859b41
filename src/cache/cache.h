// What the last build knew: opaque records by key, in tables. It knows no
// page. Everything in it can be had again, so whatever is wrong with it means
// an empty one, never an error: cache_state says why.
//
//   Cache *c = cache_open(job, &opt);       takes the lock of the folder
//   CacheRecords r = cache_read(c, t);      one table, sorted by key
//   cache_put(c, t, key, record);           noted, but it does not count
//   cache_save(job, c);                     until now; once
//   cache_close(c);                         with the lock
//
// Not a byte is believed before its XXH3-128 has been compared, and who made
// it. A build that is killed or fails leaves what the last one saved.
#ifndef LOA_CACHE_CACHE_H
#define LOA_CACHE_CACHE_H

#include "base/hash.h"
#include "base/pool.h"

typedef struct Cache Cache;

typedef enum {
    CACHE_SOURCES,
    CACHE_FACTS,
    CACHE_OUTPUTS,
    CACHE_NTABLES,
} CacheTable;

typedef enum {
    CACHE_USED,
    CACHE_NONE,     // there was none
    CACHE_DAMAGED,  // cut, changed, or left by a build that was killed
    CACHE_FOREIGN,  // of another version of loa or a library, or another site
    CACHE_READONLY, // it may not be written, so it is not used either
    CACHE_IGNORED,  // `is_fresh` said so
    CACHE_BUSY,     // another build has it; only without `wait`
} CacheState;

typedef struct {
    Str root;      // the site's folder; the cache lies in .loa/cache below it
    Str made_by;   // versions: with another one the cache is not used
    bool is_fresh; // begin with an empty one whatever there is
    // Called when another build has the lock, before waiting for it, with its
    // process; false: do not wait.
    bool (*wait)(void *ctx, Str process);
    void *ctx;
    Pool *pool; // what is there is looked at on all cores; may be NULL
} CacheOptions;

typedef struct {
    Str key, value; // in a file that stays mapped until cache_close
} CacheRecord;

typedef struct {
    CacheRecord *items; // sorted by key
    size_t len;
    size_t hint; // where the last search ended
} CacheRecords;

// Never NULL. *state says whether it holds anything.
Cache *cache_open(Job *job, const CacheOptions *opt, CacheState *state);

// All of a table, in job->keep; empty unless CACHE_USED. From any thread.
CacheRecords cache_read(Job *job, const Cache *c, CacheTable table);

// NULL: there is none. Fast when asked in the order of the keys.
const CacheRecord *cache_find(CacheRecords *records, Str key);

// A new record (value.ptr NULL: it is to be removed); of two with one key the
// later one. From any thread. The key stays where it is until cache_save.
void cache_put(Cache *c, CacheTable table, Str key, Str value);

// Takes back all that was put.
void cache_forget(Cache *c);

// From now on what was put is there. False when it could not be written: the
// next build then begins with none. Nothing put: all stays as it is.
bool cache_save(Job *job, Cache *c);

// A small file of its own beside the records, sealed as they are: what a build
// that finds nothing changed has to know. Empty: there is none, or not ours.
Str cache_note(Job *job, const Cache *c);
void cache_set_note(Job *job, Cache *c, Str bytes);

void cache_close(Cache *c);

#endif
