// Items lie in one array in order of insertion. Up to SMALL of them are found
// by looking at each, as in front matter; beyond that, slots hold the index of
// an item plus one, with linear probing, at most half full.
#include "base/map.h"

#include <string.h>

enum { FIRST = 4, SMALL = 16 };

static size_t slot_of(const Map *m, Str key) {
    uint64_t h = str_hash(key);
    return (size_t)(h ^ h >> 32) & (m->nslots - 1);
}

// The item with this key, or NULL.
static MapItem *find(const Map *m, Str key) {
    if (!m->nslots) {
        for (size_t i = 0; i < m->len; i++) // an empty map has no items
            if (m->items[i].key.len == key.len && str_eq(m->items[i].key, key))
                return &m->items[i];
        return NULL;
    }
    for (size_t at = slot_of(m, key);; at = (at + 1) & (m->nslots - 1)) {
        if (!m->slots[at])
            return NULL;
        MapItem *item = &m->items[m->slots[at] - 1];
        if (str_eq(item->key, key))
            return item;
    }
}

static void index_item(Map *m, size_t i) {
    size_t at = slot_of(m, m->items[i].key);
    while (m->slots[at])
        at = (at + 1) & (m->nslots - 1);
    m->slots[at] = (uint32_t)(i + 1);
}

static void index_all(Map *m) {
    size_t nslots = 2 * SMALL;
    while (nslots < 2 * m->cap)
        nslots *= 2;
    m->slots = ARENA_ARRAY(m->arena, uint32_t, nslots);
    m->nslots = nslots;
    for (size_t i = 0; i < m->len; i++)
        index_item(m, i);
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

void map_append(Map *m, Str key, void *val) {
    if (m->len == m->cap)
        grow_to(m, m->cap ? 2 * m->cap : FIRST);
    m->items[m->len] = (MapItem){key, val};
    if (m->nslots)
        index_item(m, m->len);
    m->len++;
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

void *map_add(Map *m, Str key, void *val) {
    MapItem *item = find(m, key);
    if (item)
        return item->val;
    map_append(m, key, val);
    return NULL;
}

void map_set(Map *m, Str key, void *val) {
    MapItem *item = find(m, key);
    if (item)
        item->val = val;
    else
        map_append(m, key, val);
}
