#include "cache/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PIECE = 256 * 1024 };

struct Spool {
    Arena *arena; // of this struct, and of what is not in the file
    const CacheFolder *folder;
    pthread_mutex_t lock; // of what follows
    int fd;               // -1: nothing has been written
    uint64_t written;
    char *buf; // PIECE bytes: what comes behind
    size_t used;
    SpoolItem *last;
    size_t len;
    bool is_unwritten; // something could not be written
    Str map;           // the file, while it is read
};

Spool *spool_new(Arena *a, const CacheFolder *folder) {
    Spool *s = ARENA_NEW(a, Spool);
    *s = (Spool){.arena = a, .folder = folder, .fd = -1};
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

// --- writing

static bool write_at(int fd, Str bytes, uint64_t at) {
    while (bytes.len) {
        ssize_t n = pwrite(fd, bytes.ptr, bytes.len, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = str_slice(bytes, (size_t)n, bytes.len);
        at += (uint64_t)n;
    }
    return true;
}

// It has a name for a moment only.
static bool open_file(Spool *s) {
    if (s->fd >= 0)
        return true;
    s->fd = folder_create(s->folder, "new");
    return s->fd >= 0 && folder_remove(s->folder, "new");
}

static void flush(Spool *s) {
    Str piece = {s->buf, s->used};
    if (!s->is_unwritten &&
        !(open_file(s) && write_at(s->fd, piece, s->written)))
        s->is_unwritten = true;
    s->written += s->used;
    s->used = 0;
}

static void append(Spool *s, Str bytes) {
    if (bytes.len && !s->buf)
        s->buf = arena_bytes(s->arena, PIECE);
    while (bytes.len) {
        Str part = str_slice(bytes, 0, PIECE - s->used);
        memcpy(s->buf + s->used, part.ptr, part.len);
        s->used += part.len;
        bytes = str_slice(bytes, part.len, bytes.len);
        if (s->used == PIECE)
            flush(s);
    }
}

void spool_put(Spool *s, unsigned table, Str key, Str value) {
    pthread_mutex_lock(&s->lock);
    SpoolItem *item = ARENA_NEW(s->arena, SpoolItem);
    *item = (SpoolItem){.before = s->last,
                        .number = s->len++,
                        .key = key,
                        .at = s->written + s->used,
                        .len = (uint32_t)value.len,
                        .table = (uint8_t)table,
                        .is_removal = !value.ptr};
    s->last = item;
    append(s, value);
    pthread_mutex_unlock(&s->lock);
}

size_t spool_len(const Spool *s) {
    return s->len;
}

void spool_forget(Spool *s) {
    s->last = NULL;
    s->len = s->used = 0;
    s->written = 0;
    s->is_unwritten = false;
}

// --- reading

static int cmp_keys(const SpoolItem *x, const SpoolItem *y) {
    if (x->table != y->table)
        return x->table < y->table ? -1 : 1;
    return str_cmp(x->key, y->key);
}

static int by_key(const void *a, const void *b) {
    const SpoolItem *x = *(SpoolItem *const *)a, *y = *(SpoolItem *const *)b;
    int c = cmp_keys(x, y);
    return c ? c : (x->number > y->number) - (x->number < y->number);
}

static void sort(const Spool *s, Arena *a, SpoolItems *out) {
    size_t n = s->len;
    *out = (SpoolItems){.items = ARENA_ARRAY(a, SpoolItem *, n)};
    for (SpoolItem *item = s->last; item; item = item->before)
        out->items[--n] = item;
    if (s->len)
        qsort(out->items, s->len, sizeof *out->items, by_key);
    for (size_t i = 0; i < s->len; i++)
        if (i + 1 == s->len || cmp_keys(out->items[i], out->items[i + 1]) != 0)
            out->items[out->len++] = out->items[i];
}

static bool map_file(Spool *s) {
    void *at = mmap(NULL, s->written, PROT_READ, MAP_SHARED, s->fd, 0);
    if (at != MAP_FAILED)
        s->map = (Str){at, s->written};
    return at != MAP_FAILED;
}

bool spool_read(Spool *s, Arena *a, SpoolItems *out) {
    sort(s, a, out);
    if (s->written && s->used) // one value may lie in both
        flush(s);
    return !s->is_unwritten && (!s->written || map_file(s));
}

Str spool_value(const Spool *s, const SpoolItem *item) {
    return (Str){(s->written ? s->map.ptr : s->buf) + item->at, item->len};
}

static void *pages_of(const Spool *s) {
    union {
        const char *from;
        void *to;
    } p = {s->map.ptr};
    return p.to;
}

void spool_let_go(const Spool *s) {
    if (s->map.len)
        madvise(pages_of(s), s->map.len, MADV_DONTNEED);
}

void spool_free(Spool *s) {
    if (s->map.len)
        munmap(pages_of(s), s->map.len);
    if (s->fd >= 0)
        close(s->fd); // it has no name
    pthread_mutex_destroy(&s->lock);
}
