// "Did you mean ...?": the word of a list that is nearest to what was typed.
#ifndef LOA_BASE_NEAREST_H
#define LOA_BASE_NEAREST_H

#include "base/str.h"

// The word with the fewest edits (insert, delete, replace, swap; ASCII case
// does not count), if those are few for its length; else {0}. The first wins.
Str nearest(Str word, Strs words);

#endif
