// What is published, held against what a build makes now. Changes nothing but
// what output_recover would: a publication that was cut short is finished.
//
//   Compare *c = compare_begin(job, dir, n, &wait, &busy);
//   compare_bytes(job, c, i, path, bytes);     what was rendered
//   compare_copy(job, c, i, path, root, from); what is copied as it is
//   compare_end(job, c, &differences);
//
// Files that loa did not publish are not looked at.
#ifndef LOA_WRITE_COMPARE_H
#define LOA_WRITE_COMPARE_H

#include "base/fs.h"
#include "write/output.h"

typedef struct Compare Compare;

typedef enum {
    DIFFERENCE_NONE,
    DIFFERENCE_BYTES,
    DIFFERENCE_MISSING,
    DIFFERENCE_NO_FILE, // a folder, a link or a device stands there
    DIFFERENCE_EXTRA,   // published by loa, and not part of the site any more
} DifferenceKind;

typedef struct {
    DifferenceKind kind;
    Str path;            // below the output folder
    uint64_t byte, line; // DIFFERENCE_BYTES: the first that differs, from 1
} Difference;

typedef struct {
    Difference *items; // sorted by path
    size_t len;
    size_t files;   // that were compared
    uint64_t bytes; // of them, as they are made now
} Differences;

// `n` slots; slot i is used by at most one call, from any thread. Takes the
// lock. NULL after an error; *busy is set when it failed because a build runs.
Compare *compare_begin(Job *job, Str dir, size_t n, const OutputWait *wait,
                       bool *busy);

// False with a diagnostic when a file cannot be read. A difference is none.
bool compare_bytes(Job *job, Compare *c, size_t slot, Str path, Str bytes);
bool compare_copy(Job *job, Compare *c, size_t slot, Str path,
                  const FsRoot *root, Str from);

// Ends it and gives the lock back.
void compare_end(Job *job, Compare *c, Differences *out);

#endif
