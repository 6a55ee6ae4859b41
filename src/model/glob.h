// File name patterns of `cascade.target`: * and ? within a segment, ** over
// segments, {a,b} alternatives.
#ifndef LOA_MODEL_GLOB_H
#define LOA_MODEL_GLOB_H

#include "base/str.h"

bool glob_match(Str pattern, Str path);

#endif
