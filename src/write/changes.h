// What publications have changed since the last time somebody was told.
//
//   Changes c;
//   if (changes_since(job, dir, &made, &c)) {  after a build
//       ... tell ...
//       changes_told(job, dir, &c);            else they are told again
//   }
//
// Told last is remembered as the manifest of that time, under another name of
// the same file. So a build that is killed between its commit and the telling
// loses nothing: the next one tells of both. Without that memory, everything
// has changed.
#ifndef LOA_WRITE_CHANGES_H
#define LOA_WRITE_CHANGES_H

#include "write/state.h"

// The manifest that is there, if it has been told of; else 0.
uint64_t changes_last_told(const State *s);

// `made`: what the commit just now has changed. False without a message when
// the manifest cannot be read.
bool changes_since(Job *job, Str dir, const Changes *made, Changes *out);
void changes_told(Job *job, Str dir, const Changes *c);

// Makes the file `name` in the folder ".loa" of `site`, all or nothing; one
// that holds these bytes stays as it is. False and errno on failure.
bool changes_save(Job *job, Str site, const char *name, Str bytes);

#endif
