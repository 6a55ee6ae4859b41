// `cascade` of an `_index.md` or of loa.yaml: values for the pages below that
// do not set them themselves.
#ifndef LOA_MODEL_CASCADE_H
#define LOA_MODEL_CASCADE_H

#include "model/config.h"

typedef struct {
    Str path, kind, environment, lang; // patterns; empty: any
    Value values; // keys in lower case; without places, which are in `src`
} Cascade;

typedef struct {
    Cascade *items;
    size_t len;
} Cascades;

// One map, or a list of maps, checked. Null gives none.
bool cascade_read(Job *job, const Source *src, const Value *v, Cascades *out);

typedef struct {
    const Config *cfg;
    Str kind, path; // "page", "tin-tuc/a"
    Str lang;
} CascadeTarget;

bool cascade_applies(const Cascade *c, const CascadeTarget *to);

// Adds what `into`, a map of its own, does not have.
void cascade_fill(Arena *a, const Value *values, Value *into);

#endif
