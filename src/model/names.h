// Numbers for names: the same for the same bytes, from 0 in the order in which
// they come.
#ifndef LOA_MODEL_NAMES_H
#define LOA_MODEL_NAMES_H

#include "base/str.h"

typedef struct {
    Str text;
    uint64_t hash;
    void *val; // the caller's
} Name;

typedef struct {
    Arena *arena; // set it before the first names_find
    Name *items;
    size_t len, cap;
    uint32_t *slots; // open addressing; index into items, plus one
    size_t nslots;
} Names;

// The number of a name, a new one if need be. `hash` is its str_hash; the text
// is not copied.
uint32_t names_find(Names *names, Str text, uint64_t hash);

#endif
