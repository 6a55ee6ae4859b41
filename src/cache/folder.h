// The folder .loa/cache of a site: reached through no link, held by a lock,
// with small files that are replaced whole. What they hold is cache.c's.
#ifndef LOA_CACHE_FOLDER_H
#define LOA_CACHE_FOLDER_H

#include "cache/cache.h"

typedef struct {
    int fd, lock; // -1: not ours
    Str site;     // which folder the site is
} CacheFolder;

// CACHE_USED: it is ours now. Else CACHE_READONLY or CACHE_BUSY, and nothing
// is open. `site` lies in `a`.
CacheState folder_open(Job *job, Arena *a, const CacheOptions *opt,
                       CacheFolder *out);

// Gives the lock back.
void folder_close(CacheFolder *f);

// Whether the lock still stands there: who removed it let others in.
bool folder_is_ours(const CacheFolder *f);

bool folder_has(const CacheFolder *f, const char *name);

// An ordinary file of at most `max` bytes; empty when there is none.
Str folder_read(Arena *a, const CacheFolder *f, const char *name, size_t max);

// The ordinary file `name`, O_RDONLY or O_RDWR; -1: there is none.
int folder_open_file(const CacheFolder *f, const char *name, int flags);

// An empty file, to become another one by folder_rename. -1: not made.
int folder_create(const CacheFolder *f, const char *name);
bool folder_rename(const CacheFolder *f, const char *from, const char *to);

// Whole or not at all.
bool folder_write(const CacheFolder *f, const char *name, Str bytes);

// Good when there is none.
bool folder_remove(const CacheFolder *f, const char *name);

#endif
