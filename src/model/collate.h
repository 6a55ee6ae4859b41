// Order of names, by CLDR for the site's language. The only file that knows
// ICU; it is opened only when something is sorted by name.
#ifndef LOA_MODEL_COLLATE_H
#define LOA_MODEL_COLLATE_H

#include "base/job.h"

// Sorts `order`, which holds 0..n-1 on return, so that names[order[i]] ascend;
// equal names keep their order. Numbers inside names count as numbers.
void collate_order(Job *job, Str lang, const Str *names, size_t n,
                   size_t *order);

Str collate_version(Arena *a); // of the library, and so of its tables

#endif
