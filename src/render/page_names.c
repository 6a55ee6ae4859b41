// How it works: who asks first fills a table of names in memory laid by before;
// who asks meanwhile looks through the files.
#include "render/page_names.h"

#include <stdatomic.h>

#include "base/fs.h"

enum { NEW, MAKING, READY };

// A slot: the index of a file from 1, by which of its names it stands there,
// and whether others have that name.
#define INDEX    UINT32_C(0x3fffffff)
#define BY_STEM  UINT32_C(0x40000000)
#define BY_OTHER UINT32_C(0x80000000)

struct PageNames {
    const Map *files;
    uint32_t *slots;
    size_t nslots; // a power of two
    atomic_int state;
};

PageNames *page_names_new(Arena *a, const Map *files) {
    PageNames *names = ARENA_NEW(a, PageNames);
    names->files = files;
    names->nslots = 4;
    while (names->nslots < 4 * files->len)
        names->nslots *= 2;
    names->slots = ARENA_ARRAY(a, uint32_t, names->nslots);
    return names;
}

static Str stem_of(Str rel) {
    Str stem = path_stem(path_base(rel));
    return str_eq(stem, S("index")) ? path_base(path_dir(rel)) : stem;
}

static Str name_of(const PageNames *n, uint32_t slot) {
    Str rel = n->files->items[(slot & INDEX) - 1].key;
    return slot & BY_STEM ? stem_of(rel) : path_base(rel);
}

// The slot where the name stands or would.
static uint32_t *slot_of(const PageNames *n, Str name) {
    size_t at = str_hash(name) & (n->nslots - 1);
    while (n->slots[at] && !str_eq(name_of(n, n->slots[at]), name))
        at = (at + 1) & (n->nslots - 1);
    return &n->slots[at];
}

static void enter(PageNames *n, Str name, uint32_t slot) {
    uint32_t *at = slot_of(n, name);
    *at = *at ? *at | BY_OTHER : slot;
}

static void make(PageNames *n) {
    for (size_t i = 0; i < n->files->len; i++) {
        Str rel = n->files->items[i].key, base = path_base(rel);
        Str stem = stem_of(rel);
        enter(n, base, (uint32_t)(i + 1));
        if (!str_eq(stem, base))
            enter(n, stem, (uint32_t)(i + 1) | BY_STEM);
    }
}

static Str look_through(const PageNames *n, Str name) {
    Str found = {0};
    for (size_t i = 0; i < n->files->len; i++) {
        Str rel = n->files->items[i].key;
        if (!str_eq(path_base(rel), name) && !str_eq(stem_of(rel), name))
            continue;
        if (found.len)
            return (Str){0};
        found = rel;
    }
    return found;
}

Str page_names_find(PageNames *n, Str name) {
    int state = atomic_load_explicit(&n->state, memory_order_acquire);
    int seen = NEW;
    if (state == NEW &&
        atomic_compare_exchange_strong(&n->state, &seen, MAKING)) {
        make(n);
        atomic_store_explicit(&n->state, READY, memory_order_release);
        state = READY;
    }
    if (state != READY)
        return look_through(n, name);
    uint32_t slot = *slot_of(n, name);
    return slot && !(slot & BY_OTHER) ? n->files->items[(slot & INDEX) - 1].key
                                      : (Str){0};
}
