// Items lie in one array in order of insertion. Up to SMALL of them are found
// by looking at each, as in front matter; beyond that, slots tell the item,
// with linear probing. They hold the hash as well: a key is only looked at when
// it is most likely the right one. At most two thirds of them are used.
#include "base/map.h"

#include <string.h>

enum { FIRST = 4, SMALL = 16 };

static const uint32_t NONE = UINT32_MAX;

uint32_t map_hash(Str key) {
    uint64_t h = str_hash(key);
    return (uint32_t)(h ^ h >> 32);
}

// The slot that holds this key, or the free one where it belongs.
static MapSlot *slot_of(const Map *m, Str key, uint32_t hash) {
    for (size_t at = hash & (m->nslots - 1);; at = (at + 1) & (m->nslots - 1)) {
        MapSlot *slot = &m->slots[at];
        if (!slot->item ||
            (slot->hash == hash && str_eq(m->items[slot->item - 1].key, key)))
            return slot;
    }
}

// The place of a key in a map without slots, or NONE.
static uint32_t look(const Map *m, Str key) {
    for (size_t i = 0; i < m->len; i++) // an empty map has no items
        if (m->items[i].key.len == key.len && str_eq(m->items[i].key, key))
            return (uint32_t)i;
    return NONE;
}

// The item with this key, or NULL.
static MapItem *find(const Map *m, Str key) {
    uint32_t at;
    if (m->nslots)
        at = slot_of(m, key, map_hash(key))->item - 1; // NONE when free
    else
        at = look(m, key);
    return at == NONE ? NULL : &m->items[at];
}

static void put_slot(Map *m, MapSlot slot) {
    size_t at = slot.hash & (m->nslots - 1);
    while (m->slots[at].item)
        at = (at + 1) & (m->nslots - 1);
    m->slots[at] = slot;
}

static void index_all(Map *m) {
    const MapSlot *old = m->slots;
    size_t nold = m->nslots, nslots = 2 * SMALL;
    while (2 * nslots < 3 * m->cap)
        nslots *= 2;
    m->slots = ARENA_ARRAY(m->arena, MapSlot, nslots);
    m->nslots = nslots;
    for (size_t i = 0; i < nold; i++)
        if (old[i].item)
            put_slot(m, old[i]);
    for (size_t i = 0; i < m->len && !nold; i++)
        put_slot(m, (MapSlot){map_hash(m->items[i].key), (uint32_t)(i + 1)});
}

static void grow_to(Map *m, size_t cap) {
    MapItem *items = ARENA_ROOM(m->arena, MapItem, cap);
    if (m->len)
        memcpy(items, m->items, m->len * sizeof *items);
    m->items = items;
    m->cap = cap;
    if (cap > SMALL)
        index_all(m);
}

// A new key.
static uint32_t append(Map *m, Str key, uint32_t hash, void *val) {
    if (m->len == m->cap)
        grow_to(m, m->cap ? 2 * m->cap : FIRST);
    m->items[m->len++] = (MapItem){key, val};
    if (m->nslots)
        put_slot(m, (MapSlot){hash, (uint32_t)m->len});
    return (uint32_t)m->len - 1;
}

void map_reserve(Map *m, size_t n) {
    if (n > m->cap)
        grow_to(m, n);
}

void map_settle(Map *m, Arena *a) {
    MapItem *items = ARENA_ARRAY(a, MapItem, m->len);
    if (m->len)
        memcpy(items, m->items, m->len * sizeof *items);
    m->arena = a;
    m->items = items;
    m->cap = m->len;
    if (m->nslots)
        index_all(m);
}

void *map_get(const Map *m, Str key) {
    MapItem *item = m ? find(m, key) : NULL;
    return item ? item->val : NULL;
}

uint32_t map_place(Map *m, Str key, uint32_t hash) {
    uint32_t at = m->nslots ? slot_of(m, key, hash)->item - 1 : look(m, key);
    return at == NONE ? append(m, key, hash, NULL) : at;
}

// Only a map that has slots, or may get them with the next key, asks for it.
static uint32_t hash_for(const Map *m, Str key) {
    return m->nslots || m->len == m->cap ? map_hash(key) : 0;
}

// Adds a key or finds it.
static MapItem *reach(Map *m, Str key, bool *is_new) {
    size_t len = m->len;
    uint32_t at = map_place(m, key, hash_for(m, key));
    *is_new = m->len > len;
    return &m->items[at];
}

void *map_add(Map *m, Str key, void *val) {
    bool is_new;
    MapItem *item = reach(m, key, &is_new);
    if (!is_new)
        return item->val;
    item->val = val;
    return NULL;
}

void map_append(Map *m, Str key, void *val) {
    append(m, key, hash_for(m, key), val);
}

void map_set(Map *m, Str key, void *val) {
    bool is_new;
    reach(m, key, &is_new)->val = val;
}
