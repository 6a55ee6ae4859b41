// What a build finds out, until it is saved: records of any size from any
// thread. More than a few of them lie in a file without a name and not in
// memory, so that 100,000 articles need no more of it than 100.
#ifndef LOA_CACHE_SPOOL_H
#define LOA_CACHE_SPOOL_H

#include "cache/folder.h"

typedef struct Spool Spool;

typedef struct SpoolItem SpoolItem;
struct SpoolItem {
    SpoolItem *before; // in the order of spool_put
    size_t number;
    Str key;
    uint64_t at; // where its value lies
    uint32_t len;
    uint8_t table;
    bool is_removal;
};

typedef struct {
    SpoolItem **items; // by table and key; of two the later one
    size_t len;
} SpoolItems;

// Lives in `a`; the folder has to stay open.
Spool *spool_new(Arena *a, const CacheFolder *folder);

// A value without bytes is a removal. The key is not copied.
void spool_put(Spool *s, unsigned table, Str key, Str value);
size_t spool_len(const Spool *s);
void spool_forget(Spool *s);

// All of it, to be read. False when it could not be kept.
bool spool_read(Spool *s, Arena *a, SpoolItems *out);
Str spool_value(const Spool *s, const SpoolItem *item);
// The pages that were read leave memory.
void spool_let_go(const Spool *s);

void spool_free(Spool *s);

#endif
