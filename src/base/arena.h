// Bump allocation. An arena owns every byte handed out from it and gives them
// all back at once, so nothing else in loa calls malloc or free.
//
// Out of memory is not an error a site author can act on: arena_alloc prints
// one line and aborts. It therefore never returns NULL, and zeroes what it
// returns. Under the address sanitizer what has not been handed out, and what
// a reset took back, is poisoned.
#ifndef LOA_BASE_ARENA_H
#define LOA_BASE_ARENA_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct Arena Arena;

typedef struct {
    void *block;
    size_t used;
} ArenaMark;

#define ARENA_NEW(a, T)      ((T *)arena_alloc((a), 1, sizeof(T), alignof(T)))
#define ARENA_ARRAY(a, T, n) ((T *)arena_alloc((a), (n), sizeof(T), alignof(T)))
#define ARENA_ROOM(a, T, n)  ((T *)arena_room((a), (n), sizeof(T), alignof(T)))

Arena *arena_new(void);
// One whose first block has exactly `size` bytes: for a single thing whose
// memory is to return to the system when it is freed.
Arena *arena_new_sized(size_t size);
void arena_free(Arena *a); // NULL is allowed

// Room for `count` objects of `size` bytes, zeroed; checks count * size.
void *arena_alloc(Arena *a, size_t count, size_t size, size_t align);

// The same, not zeroed: for what is written at once, whatever it is.
void *arena_room(Arena *a, size_t count, size_t size, size_t align);

// Before a stretch of such room is filled from end to end: its memory is asked
// for at once, where page by page it costs more than what is written there. A
// wish; refused, nothing is lost.
void arena_ask(void *room, size_t size);

// `items` with room for one more behind the first `len`: itself, or, when the
// *cap it has room for is reached, a copy with room for twice as many.
void *arena_grow(Arena *a, void *items, size_t len, size_t *cap, size_t size);

// `size` bytes that are not zeroed: for text that is about to be written.
char *arena_bytes(Arena *a, size_t size);

// Makes `used` bytes from arena_bytes `more` bytes longer where they lie.
// False, and nothing has changed, when there is no room behind them.
bool arena_extend(Arena *a, const char *p, size_t used, size_t more);

// Everything allocated after the mark is given back by the reset. Some of it
// stays with the arena for what comes next.
ArenaMark arena_mark(const Arena *a);
void arena_reset(Arena *a, ArenaMark mark);

#endif
