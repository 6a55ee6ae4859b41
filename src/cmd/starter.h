// The two things `loa new` makes: a portal that builds, and one piece.
#ifndef LOA_CMD_STARTER_H
#define LOA_CMD_STARTER_H

#include "base/date.h"
#include "cmd/args.h"

// A new file with its folders, `path` from the working folder. What is there
// already is never written over.
bool starter_write(Job *job, Str path, Str bytes);

// The portal in `dir`: the theme congdoan from `themes` (empty: the one that
// came with the program), and what the theme keeps in start/.
bool starter_site(Job *job, Str dir, Str themes, Date now);

// The text of a new piece: the required fields of its type, explained.
Str starter_piece(Arena *a, const TypeSet *types, const Type *type, Str name,
                  Date now);

#endif
