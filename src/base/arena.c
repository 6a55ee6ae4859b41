// A stack of blocks. A reset keeps up to SPARE_MAX bytes of the blocks it pops,
// so that an arena emptied after each of ten thousand jobs does not call malloc
// ten thousand times.
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifndef __has_feature
#define __has_feature(x) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
enum { RED_ZONE = 16 };
#else
#define ASAN_POISON_MEMORY_REGION(p, n)   ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
enum { RED_ZONE = 0 };
#endif

enum { BLOCK_SIZE = 64 * 1024, SPARE_MAX = 4 * 1024 * 1024 };

typedef struct Block Block;
struct Block {
    Block *prev;
    size_t size, used;
    alignas(max_align_t) char bytes[];
};

struct Arena {
    Block *last;
    Block *spare; // linked by prev
    size_t spare_size;
};

static void *must(void *p) {
    if (!p) {
        fputs("loa: out of memory\n", stderr);
        abort();
    }
    return p;
}

static Block *block_new(size_t size) {
    Block *b = must(malloc(sizeof *b + size));
    *b = (Block){.size = size};
    ASAN_POISON_MEMORY_REGION(b->bytes, size);
    return b;
}

static void block_free(Block *b) {
    ASAN_UNPOISON_MEMORY_REGION(b->bytes, b->size);
    free(b);
}

static Block *spare_take(Arena *a, size_t need) {
    for (Block **at = &a->spare; *at; at = &(*at)->prev) {
        Block *b = *at;
        if (b->size < need)
            continue;
        *at = b->prev;
        a->spare_size -= b->size;
        return b;
    }
    return NULL;
}

void arena_ask(void *room, size_t size) {
    char *p = room;
    enum { PAGE = 4096 };
    size_t pad = -(uintptr_t)p & (PAGE - 1);
    if (size >= pad + PAGE)
        madvise(p + pad, (size - pad) & ~(size_t)(PAGE - 1),
                MADV_POPULATE_WRITE);
}

static void push_block(Arena *a, size_t need) {
    Block *b = spare_take(a, need);
    if (!b) {
        b = block_new(need > BLOCK_SIZE ? need : BLOCK_SIZE);
        if (a->last && need <= BLOCK_SIZE) // who filled one fills another
            arena_ask(b->bytes, b->size);
    }
    b->prev = a->last;
    a->last = b;
}

static void pop_block(Arena *a) {
    Block *b = a->last;
    a->last = b->prev;
    if (b->size > SPARE_MAX - a->spare_size) {
        block_free(b);
        return;
    }
    b->used = 0;
    ASAN_POISON_MEMORY_REGION(b->bytes, b->size);
    b->prev = a->spare;
    a->spare = b;
    a->spare_size += b->size;
}

Arena *arena_new(void) {
    return must(calloc(1, sizeof(Arena)));
}

Arena *arena_new_sized(size_t size) {
    if (size > SIZE_MAX / 2)
        must(NULL);
    Arena *a = arena_new();
    a->last = block_new(size + RED_ZONE + alignof(max_align_t));
    return a;
}

static char *take(Arena *a, size_t need, size_t align) {
    if (RED_ZONE > 0 && align < 8)
        align = 8; // what the sanitizer can tell apart
    size_t room = need + RED_ZONE;
    Block *b = a->last;
    size_t pad = b ? -b->used & (align - 1) : 0;
    if (!b || pad > b->size - b->used || room > b->size - b->used - pad) {
        push_block(a, room);
        b = a->last;
        pad = 0;
    }
    char *p = b->bytes + b->used + pad;
    b->used += pad + room;
    ASAN_UNPOISON_MEMORY_REGION(p, need);
    return p;
}

void *arena_room(Arena *a, size_t count, size_t size, size_t align) {
    if (size && count > (SIZE_MAX / 2) / size)
        must(NULL);
    return take(a, count * size, align);
}

void *arena_alloc(Arena *a, size_t count, size_t size, size_t align) {
    void *p = arena_room(a, count, size, align);
    if (count * size > BLOCK_SIZE)
        arena_ask(p, count * size);
    return memset(p, 0, count * size);
}

char *arena_bytes(Arena *a, size_t size) {
    if (size > SIZE_MAX / 2)
        must(NULL);
    return take(a, size, 1);
}

void *arena_grow(Arena *a, void *items, size_t len, size_t *cap, size_t size) {
    enum { FIRST = 4 };
    if (len < *cap)
        return items;
    *cap = *cap ? 2 * *cap : FIRST;
    char *grown = arena_room(a, *cap, size, alignof(max_align_t));
    if (len)
        memcpy(grown, items, len * size);
    memset(grown + len * size, 0, (*cap - len) * size);
    return grown;
}

bool arena_extend(Arena *a, const char *p, size_t used, size_t more) {
    Block *b = a->last;
    if (!b || !p || p + used + RED_ZONE != b->bytes + b->used ||
        more > b->size - b->used)
        return false;
    b->used += more;
    ASAN_UNPOISON_MEMORY_REGION(p, used + more);
    return true;
}

ArenaMark arena_mark(const Arena *a) {
    return (ArenaMark){a->last, a->last ? a->last->used : 0};
}

void arena_reset(Arena *a, ArenaMark mark) {
    while (a->last != mark.block)
        pop_block(a);
    if (!a->last)
        return;
    a->last->used = mark.used;
    ASAN_POISON_MEMORY_REGION(a->last->bytes + mark.used,
                              a->last->size - mark.used);
}

void arena_free(Arena *a) {
    if (!a)
        return;
    arena_reset(a, (ArenaMark){0});
    while (a->spare) {
        Block *b = a->spare;
        a->spare = b->prev;
        block_free(b);
    }
    free(a);
}
