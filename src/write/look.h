// What is published, looked at while a build does something else: the list of
// files, and whether each is there as it was left. It takes no lock; a tree
// that is begun later believes it only if the list is still the same file.
//
//   OutputLook *look = output_look(dir);
//   ... output_begin with opt.look, output_keep ...
//   output_look_end(look);         when the commit's changes have been told
#ifndef LOA_WRITE_LOOK_H
#define LOA_WRITE_LOOK_H

#include "write/manifest.h"

// The list that a look found, and by file whether it is there. False: there is
// none, or it is not that of `s` any more. Waits for the look.
bool look_take(OutputLook *look, const State *s, Manifest *out,
               const bool **is_there);

// Whether the file is there as it was published.
bool look_is_there(Job *job, const State *s, const ManifestFile *file);

#endif
