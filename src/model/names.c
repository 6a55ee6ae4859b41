#include "model/names.h"

#include <string.h>

enum { FIRST = 64 };

static uint32_t *slot_of(const Names *names, Str text, uint64_t hash) {
    size_t at = (size_t)(hash ^ hash >> 32) & (names->nslots - 1);
    for (;; at = (at + 1) & (names->nslots - 1)) {
        uint32_t *slot = &names->slots[at];
        if (!*slot)
            return slot;
        const Name *name = &names->items[*slot - 1];
        if (name->hash == hash && str_eq(name->text, text))
            return slot;
    }
}

// At most half of the slots are used.
static void grow(Names *names) {
    size_t cap = names->cap ? 2 * names->cap : FIRST;
    Name *items = ARENA_ARRAY(names->arena, Name, cap);
    if (names->len)
        memcpy(items, names->items, names->len * sizeof *items);
    names->items = items;
    names->cap = cap;
    names->nslots = 2 * cap;
    names->slots = ARENA_ARRAY(names->arena, uint32_t, names->nslots);
    for (size_t i = 0; i < names->len; i++)
        *slot_of(names, items[i].text, items[i].hash) = (uint32_t)(i + 1);
}

uint32_t names_find(Names *names, Str text, uint64_t hash) {
    if (names->len == names->cap)
        grow(names);
    uint32_t *slot = slot_of(names, text, hash);
    if (!*slot) {
        names->items[names->len++] = (Name){text, hash, NULL};
        *slot = (uint32_t)names->len;
    }
    return *slot - 1;
}
