// What publications have changed since the last time somebody was told.
//
//   Changes c;
//   if (changes_since(job, dir, &c)) {  after a build
//       ... tell ...
//       changes_told(job, dir, &c);     else they are told again
//   }
//
// Told last is remembered as the manifest of that time, under another name of
// the same file. So a build that is killed between its commit and the telling
// loses nothing: the next one tells of both. Without that memory, everything
// has changed.
#ifndef LOA_WRITE_CHANGES_H
#define LOA_WRITE_CHANGES_H

#include "base/job.h"

typedef struct {
    Strs changed; // paths below the output folder: new, or written again
    Strs removed;
    uint64_t manifest; // which one it is
    bool is_told;      // it was told of before: nothing has changed
} Changes;

// False without a message when the manifest cannot be read.
bool changes_since(Job *job, Str dir, Changes *out);
void changes_told(Job *job, Str dir, const Changes *c);

// Makes the file `name` in the folder ".loa" of `site`, all or nothing; one
// that holds these bytes stays as it is. False and errno on failure.
bool changes_save(Job *job, Str site, const char *name, Str bytes);

#endif
