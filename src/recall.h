// What the last build knew of sources, of what bodies say, and of outputs, as
// records of the cache. Here is decided whether such a record may still be
// believed; what is then left out is build.c's and load.c's.
#ifndef LOA_RECALL_H
#define LOA_RECALL_H

#include "cache/cache.h"
#include "plan/fingerprint.h"
#include "render/trace.h"
#include "write/output.h"

typedef struct {
    Cache *cache; // NULL: nothing is known and nothing is kept
    CacheState state;
    CacheRecords records[CACHE_NTABLES];
    int64_t now_ns;   // when this build began, by the clock of file times
    Hash said_by;     // what messages depend on: language and levels
    bool is_same_env; // no address and no file has changed since
} Recall;

void recall_begin(Job *job, const CacheOptions *opt, Recall *out);
// After the config is known.
void recall_set_levels(Recall *r, Hash config);

// The records, before the first of them is asked for: a build that finds
// nothing changed needs none.
void recall_read(Job *job, Pool *pool, Recall *r);

// --- what was said

// The diagnostics from number `from` on; recall_say repeats them.
void recall_pack_said(Buf *b, const Recall *r, const Diags *d, size_t from);
bool recall_can_say(const Recall *r, Unpack said); // in the same words
void recall_say(Job *job, Unpack said);

// --- sources

// A file written in the tick of the clock in which it was read, at `seen_ns`,
// may have been written again after that, and look the same.
bool recall_is_settled(const FsEntry *e, int64_t seen_ns);

// Whether what `record` says is what the file holds: it looks as it did, and
// was not written in the moment it was read. Sets hash and was_nfc of src,
// repeats what was said and gives what was kept. NULL as a record is none.
bool recall_source(Job *job, const Recall *r, const CacheRecord *record,
                   Source *src, Str *kept);

// The same for a source that has been loaded: it holds what it held.
bool recall_loaded(Job *job, const Recall *r, const CacheRecord *record,
                   const Source *src, Str *kept);

// Puts a new record into the cache, with the diagnostics from number `from` on.
void recall_keep_source(Job *job, const Recall *r, const Source *src, Str kept,
                        size_t from);

// --- what bodies say

typedef struct {
    const Recall *recall;
    const World *world;
    const Prints *prints;
} RecallWorld;

// False: it has to be rendered. `say`: what was said is repeated.
bool recall_facts(Job *job, const RecallWorld *rw, const CacheRecord *record,
                  const Page *page, bool say, Facts *out);

// A record of a page that has been rendered, in scratch; job->trace holds what
// it asked.
Str recall_pack_facts(Job *job, const RecallWorld *rw, const Page *page,
                      size_t from);

// --- outputs

typedef struct {
    Fingerprint print;
    Hash hash; // of its bytes
    uint64_t size;
    int64_t seen_ns; // when the build that made it began
} OutputRecord;

// What is known of an output; false: nothing.
bool recall_output(const CacheRecord *record, OutputRecord *out);

// Why what was made has to be made again; their names are in explain.c.
typedef enum {
    DOUBT_NONE,
    DOUBT_UNKNOWN,  // nothing is known of the last build
    DOUBT_NEW,      // nothing is known of this output
    DOUBT_PRINT,    // its fingerprint is another one
    DOUBT_MOMENT,   // the copied file may have changed and look the same
    DOUBT_ANSWERS,  // what it asked is answered otherwise
    DOUBT_MESSAGES, // what was said cannot be repeated
    DOUBT_FACTS,    // it is fresh, but what is known of its body is not
    DOUBT_FILE,     // the published file is not there as it was left
} Doubt;

// Of an output with this fingerprint; whether its file is there is not asked.
Doubt recall_doubt(Job *job, const RecallWorld *rw, const CacheRecord *record,
                   const Output *out, const Fingerprint *print);

// What it asked when it was made: the first few questions, for people.
Strs recall_asked(Job *job, const RecallWorld *rw, const CacheRecord *record,
                  const Output *out);

// Repeats what was said when it was made.
void recall_say_output(Job *job, const CacheRecord *record);

// A new record, in scratch.
Str recall_pack_output(Job *job, const RecallWorld *rw, const Output *out,
                       const OutputRecord *made, size_t from);

// The earliest instant at which something it asked is answered otherwise.
Date recall_next(Job *job, const RecallWorld *rw, const CacheRecord *record,
                 const Output *out);

// --- the rest

// Notes what addresses and files there are (render/trace.h); sets
// r->is_same_env.
void recall_environment(Job *job, Recall *r, Hash now);

// The records of what bodies say and of outputs, out of a cache that is then
// closed: to compare with, and nothing is kept. None when another build has it.
void recall_borrow(Job *job, const CacheOptions *opt, Recall *out);

// Removes the records of what is not there any more. `is_there` by record.
void recall_drop(Recall *r, CacheTable table, const bool *is_there);

#endif
