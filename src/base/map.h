// A map from Str to pointer that remembers insertion order. Walking it is
// deterministic, so anything written from a map is too.
#ifndef LOA_BASE_MAP_H
#define LOA_BASE_MAP_H

#include "base/str.h"

typedef struct {
    Str key;
    void *val;
} MapItem;

typedef struct {
    uint32_t hash;
    uint32_t item; // index into items, plus one; 0: free
} MapSlot;

typedef struct {
    Arena *arena;   // set it before the first map_add
    MapItem *items; // in insertion order
    size_t len, cap;
    MapSlot *slots; // open addressing
    size_t nslots;
} Map;

void *map_get(const Map *m, Str key);

// Returns the value already there, or NULL when the key was new and `val` was
// stored. It never overwrites: a duplicate is the caller's diagnostic. The key
// is not copied.
void *map_add(Map *m, Str key, void *val);

// The same for a key that is known to be new.
void map_append(Map *m, Str key, void *val);

// Stores, replacing what was there.
void map_set(Map *m, Str key, void *val);

// The hash that maps go by, for map_place.
uint32_t map_hash(Str key);

// The place of a key among the items; a new one is added with NULL for its
// value. `hash` is its map_hash, taken where the key was at hand.
uint32_t map_place(Map *m, Str key, uint32_t hash);

// Room for n items in all, so that filling it moves nothing.
void map_reserve(Map *m, size_t n);

// Moves a map that is complete into another arena, where it takes no more room
// than it needs.
void map_settle(Map *m, Arena *a);

#endif
