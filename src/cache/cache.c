// The files of .loa/cache:
//
//   data   records one after the other, each its key and its value. Only what
//          lies behind the sealed bytes is ever written, as it comes.
//   index  what `data` is: who made it, the hash of each of its pieces, and
//          where in it the records lie, by table and key. Replaced whole.
//   note   cache_note
//   lock   held as long as the cache is open
//
// So a build that is killed leaves the old index with the old bytes, and behind
// them some that nobody asks for. They are synced by nobody: after a power cut
// the hashes do not fit, and that is all. Bytes of old records stay until they
// are too many; then `data` is made anew.
#include "cache/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/pack.h"
#include "cache/folder.h"

enum {
    FORMAT = 3, // of these files and of what recall.c puts into records
    PIECE = 256 * 1024,
    MAX_INDEX = 512 * 1024 * 1024,
    MAX_NOTE = 64 * 1024 * 1024,
    SMALL = 1024 * 1024, // waste that is not worth copying a file for
    MANY = 64,           // pieces, likewise
};

typedef struct {
    uint64_t at, len;
    Hash hash;
} Piece;

// Of the index: where a record lies.
typedef struct {
    uint64_t at;
    uint32_t key, value; // lengths
} Entry;

typedef struct Change Change;
struct Change {
    Change *before; // in the order of cache_put
    size_t number;
    Str key;
    uint64_t at; // in `data`
    uint32_t value;
    uint8_t table;
    bool is_removal;
};

typedef struct {
    Piece *items;
    size_t len, cap;
    uint64_t end; // of the last one
} Pieces;

struct Cache {
    Arena *arena; // of this struct and what was noted
    CacheFolder folder;
    Str made_by;
    CacheRecords tables[CACHE_NTABLES]; // of the last build
    Str map;                            // the bytes they lie in
    bool is_full;                       // there are such
    bool is_failed; // it could not be saved: there is none for the next build

    pthread_mutex_t lock; // of what follows
    int data;             // is written to; -1: nothing has been
    Pieces pieces;
    size_t nsealed; // of them, by the last build
    char *buf;      // PIECE bytes: the next piece
    size_t used;
    Change *last;
    size_t len;        // how many
    bool is_anew;      // `data` is to replace the sealed one
    bool is_unwritten; // something could not be written
};

// --- the index

static Str pack_index(Arena *a, const Cache *c, const Buf *tables) {
    Buf b = {.arena = a};
    size_t room = 4096 + c->pieces.len * sizeof(Piece);
    for (int t = 0; t < CACHE_NTABLES; t++)
        room += tables[t].len;
    buf_reserve(&b, room);
    pack_str(&b, S("loa cache"));
    pack_int(&b, FORMAT);
    pack_str(&b, c->made_by);
    pack_str(&b, c->folder.site);
    pack_small(&b, c->pieces.len);
    for (size_t i = 0; i < c->pieces.len; i++) {
        pack_small(&b, c->pieces.items[i].len);
        pack_hash(&b, c->pieces.items[i].hash);
    }
    for (int t = 0; t < CACHE_NTABLES; t++)
        pack_str(&b, buf_str(&tables[t]));
    pack_seal(&b);
    return buf_str(&b);
}

static void add_piece(Cache *c, uint64_t len, Hash hash) {
    Pieces *p = &c->pieces;
    if (p->len == p->cap) {
        size_t cap = 2 * p->cap + MANY;
        Piece *grown = ARENA_ARRAY(c->arena, Piece, cap);
        if (p->len)
            memcpy(grown, p->items, p->len * sizeof *grown);
        p->items = grown;
        p->cap = cap;
    }
    p->items[p->len++] = (Piece){p->end, len, hash};
    p->end += len;
}

static bool unpack_pieces(Cache *c, Unpack *u) {
    uint64_t n = unpack_small(u);
    for (uint64_t i = 0; i < n && !u->is_bad; i++) {
        uint64_t len = unpack_small(u);
        Hash hash = unpack_hash(u);
        u->is_bad = u->is_bad || !len || len > PIECE;
        add_piece(c, len, hash);
    }
    c->nsealed = c->pieces.len;
    return !u->is_bad;
}

static bool unpack_table(Cache *c, Unpack *u, CacheRecords *out) {
    Str entries = unpack_str(u);
    size_t n = entries.len / sizeof(Entry);
    out->items = ARENA_ARRAY(c->arena, CacheRecord, n);
    for (size_t i = 0; i < n; i++) {
        Entry e;
        memcpy(&e, entries.ptr + i * sizeof e, sizeof e);
        if (e.at > c->map.len || e.key > c->map.len - e.at ||
            e.value > c->map.len - e.at - e.key)
            return false;
        const char *at = c->map.ptr + e.at;
        out->items[i] = (CacheRecord){{at, e.key}, {at + e.key, e.value}};
    }
    out->len = n;
    return !u->is_bad;
}

// --- opening

// Read, not mapped: a bad sector is an error then, no signal.
typedef struct {
    int data;
    const Pieces *pieces;
    atomic_bool is_bad;
} Check;

static void check_piece(Job *job, size_t i, void *ctx) {
    Check *check = ctx;
    const Piece *p = &check->pieces->items[i];
    ArenaMark mark = arena_mark(job->scratch);
    char *bytes = arena_bytes(job->scratch, p->len);
    ssize_t n = pread(check->data, bytes, p->len, (off_t)p->at);
    if (n < 0 || (uint64_t)n != p->len ||
        !hash_eq(hash_bytes((Str){bytes, p->len}), p->hash))
        atomic_store(&check->is_bad, true);
    arena_reset(job->scratch, mark);
}

static bool check_data(Job *job, Pool *pool, const Cache *c, int data) {
    Check check = {.data = data, .pieces = &c->pieces};
    if (pool)
        pool_each(pool, job->diags, c->pieces.len, check_piece, &check);
    for (size_t i = 0; !pool && i < c->pieces.len; i++)
        check_piece(job, i, &check);
    return !check.is_bad;
}

static bool map_file(int fd, uint64_t size, Str *out) {
    *out = (Str){0};
    if (!size)
        return true;
    void *at = mmap(NULL, (size_t)size, PROT_READ, MAP_SHARED, fd, 0);
    if (at != MAP_FAILED)
        *out = (Str){at, (size_t)size};
    return at != MAP_FAILED;
}

static void unmap(Str bytes) {
    union {
        const char *from;
        void *to;
    } p = {bytes.ptr};
    if (bytes.len)
        munmap(p.to, bytes.len);
}

static CacheState open_data(Job *job, Cache *c, Pool *pool, Unpack *u) {
    int data = folder_open_file(&c->folder, "data", O_RDONLY);
    bool ok = data >= 0 && unpack_pieces(c, u) &&
              check_data(job, pool, c, data) &&
              map_file(data, c->pieces.end, &c->map);
    if (data >= 0)
        close(data); // read only
    for (int t = 0; ok && t < CACHE_NTABLES; t++)
        ok = unpack_table(c, u, &c->tables[t]);
    return ok ? CACHE_USED : CACHE_DAMAGED;
}

static CacheState open_index(Job *job, Cache *c, Pool *pool) {
    Str index = folder_read(c->arena, &c->folder, "index", MAX_INDEX);
    Unpack u;
    if (!index.len && !folder_has(&c->folder, "index") &&
        !folder_has(&c->folder, "data"))
        return CACHE_NONE;
    if (!unpack_open(index, &u) || !str_eq(unpack_str(&u), S("loa cache")))
        return CACHE_DAMAGED;
    if (unpack_int(&u) != FORMAT || !str_eq(unpack_str(&u), c->made_by) ||
        !str_eq(unpack_str(&u), c->folder.site))
        return CACHE_FOREIGN;
    return open_data(job, c, pool, &u);
}

static CacheState open_all(Job *job, Cache *c, const CacheOptions *opt) {
    CacheState state = folder_open(job, c->arena, opt, &c->folder);
    if (state != CACHE_USED)
        return state;
    state = opt->is_fresh ? CACHE_IGNORED : open_index(job, c, opt->pool);
    c->is_full = state == CACHE_USED;
    if (c->is_full)
        return state;
    unmap(c->map);
    c->map = (Str){0};
    c->pieces = (Pieces){0};
    c->nsealed = 0;
    return state;
}

Cache *cache_open(Job *job, const CacheOptions *opt, CacheState *state) {
    Arena *a = arena_new();
    Cache *c = ARENA_NEW(a, Cache);
    *c = (Cache){.arena = a, .folder = {.fd = -1, .lock = -1}, .data = -1};
    pthread_mutex_init(&c->lock, NULL);
    c->made_by =
        str_fmt(a, "%.*s; %zu bits", STR_ARG(opt->made_by), 8 * sizeof(void *));
    *state = open_all(job, c, opt);
    return c;
}

CacheRecords cache_read(const Cache *c, CacheTable table) {
    return c->is_full ? c->tables[table] : (CacheRecords){0};
}

const CacheRecord *cache_find(CacheRecords *r, Str key) {
    size_t lo = r->hint, hi = r->len;
    if (lo < hi && str_eq(r->items[lo].key, key))
        return &r->items[r->hint++];
    for (lo = 0; lo < hi;) {
        size_t mid = lo + (hi - lo) / 2;
        int c = str_cmp(r->items[mid].key, key);
        if (c == 0) {
            r->hint = mid + 1;
            return &r->items[mid];
        }
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    r->hint = lo;
    return NULL;
}

// --- what is noted

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

static bool open_data_to_write(Cache *c) {
    if (c->data >= 0)
        return true;
    c->is_anew = !c->is_full;
    c->data = c->is_anew ? folder_create(&c->folder, "data.new")
                         : folder_open_file(&c->folder, "data", O_RDWR);
    return c->data >= 0;
}

static void write_piece(Cache *c) {
    Str piece = {c->buf, c->used};
    if (!piece.len)
        return;
    if (c->is_unwritten || !open_data_to_write(c) ||
        !write_at(c->data, piece, c->pieces.end))
        c->is_unwritten = true;
    add_piece(c, piece.len, hash_bytes(piece));
    c->used = 0;
}

static void append(Cache *c, Str bytes) {
    if (!c->buf)
        c->buf = arena_bytes(c->arena, PIECE);
    while (bytes.len) {
        Str part = str_slice(bytes, 0, PIECE - c->used);
        memcpy(c->buf + c->used, part.ptr, part.len);
        c->used += part.len;
        bytes = str_slice(bytes, part.len, bytes.len);
        if (c->used == PIECE)
            write_piece(c);
    }
}

void cache_put(Cache *c, CacheTable table, Str key, Str value) {
    if (c->folder.fd < 0 || !key.len)
        return;
    pthread_mutex_lock(&c->lock);
    Change *change = ARENA_NEW(c->arena, Change);
    *change = (Change){.before = c->last,
                       .number = c->len++,
                       .key = key,
                       .at = c->pieces.end + c->used,
                       .value = (uint32_t)value.len,
                       .table = (uint8_t)table,
                       .is_removal = !value.ptr};
    c->last = change;
    if (value.ptr) {
        append(c, key);
        append(c, value);
    }
    pthread_mutex_unlock(&c->lock);
}

void cache_forget(Cache *c) {
    c->last = NULL;
    c->len = c->used = 0;
    c->pieces.len = c->nsealed;
    c->pieces.end = c->map.len;
    c->is_unwritten = false;
}

// --- saving

static int cmp_keys(const Change *x, const Change *y) {
    if (x->table != y->table)
        return x->table < y->table ? -1 : 1;
    return str_cmp(x->key, y->key);
}

static int by_key(const void *a, const void *b) {
    const Change *x = *(Change *const *)a, *y = *(Change *const *)b;
    int c = cmp_keys(x, y);
    return c ? c : (x->number > y->number) - (x->number < y->number);
}

typedef struct {
    Change **items; // in the order of tables and keys, each once
    size_t len, at;
} Changes;

static Changes sort_changes(Arena *a, const Cache *c) {
    Changes out = {.items = ARENA_ARRAY(a, Change *, c->len + 1)};
    size_t n = c->len;
    for (Change *change = c->last; change; change = change->before)
        out.items[--n] = change;
    if (c->len)
        qsort(out.items, c->len, sizeof *out.items, by_key);
    for (size_t i = 0; i < c->len; i++)
        if (i + 1 == c->len || cmp_keys(out.items[i], out.items[i + 1]) != 0)
            out.items[out.len++] = out.items[i];
    return out;
}

static void put_entry(Buf *to, uint64_t at, size_t key, size_t value) {
    Entry e = {at, (uint32_t)key, (uint32_t)value};
    buf_put(to, (Str){(const char *)&e, sizeof e});
}

// What was there, but for what has changed.
static void merge(const Cache *c, CacheTable t, Changes *changes, Buf *to) {
    const CacheRecords *old = &c->tables[t];
    size_t i = 0;
    buf_reserve(to, (old->len + changes->len) * sizeof(Entry));
    for (;;) {
        const CacheRecord *r = i < old->len ? &old->items[i] : NULL;
        const Change *x =
            changes->at < changes->len ? changes->items[changes->at] : NULL;
        if (x && x->table != t)
            x = NULL;
        if (!r && !x)
            return;
        int order = !x ? -1 : !r ? 1 : str_cmp(r->key, x->key);
        if (order < 0)
            put_entry(to, (uint64_t)(r->key.ptr - c->map.ptr), r->key.len,
                      r->value.len);
        else if (!x->is_removal)
            put_entry(to, x->at, x->key.len, x->value);
        i += order <= 0;
        changes->at += order >= 0;
    }
}

static uint64_t live_size(const Buf *tables) {
    uint64_t size = 0;
    Entry e;
    for (int t = 0; t < CACHE_NTABLES; t++)
        for (size_t i = 0; i < tables[t].len; i += sizeof e) {
            memcpy(&e, tables[t].ptr + i, sizeof e);
            size += e.key + e.value;
        }
    return size;
}

static bool is_wasteful(const Cache *c, const Buf *tables) {
    uint64_t live = live_size(tables), end = c->pieces.end;
    return end > live + live / 2 + SMALL ||
           c->pieces.len > 2 * (end / PIECE) + MANY;
}

static void copy_table(Cache *c, Str from, Buf *table) {
    Entry e;
    for (size_t i = 0; i < table->len; i += sizeof e) {
        memcpy(&e, table->ptr + i, sizeof e);
        Str record = {from.ptr + e.at, (size_t)e.key + e.value};
        e.at = c->pieces.end + c->used;
        memcpy(table->ptr + i, &e, sizeof e);
        append(c, record);
    }
}

// Only what lives, in the order in which it will be read.
static bool copy_data(Cache *c, Buf *tables) {
    int old = c->data;
    Str from;
    if (!map_file(old, c->pieces.end, &from))
        return false;
    c->data = folder_create(&c->folder, "data.new");
    c->is_anew = true;
    c->is_unwritten = c->data < 0;
    c->pieces.len = c->pieces.end = 0;
    for (int t = 0; t < CACHE_NTABLES; t++)
        copy_table(c, from, &tables[t]);
    write_piece(c);
    unmap(from);
    close(old); // the copy counts
    return !c->is_unwritten;
}

static bool close_data(Cache *c) {
    // What a build that was killed has written behind goes, too.
    bool ok = ftruncate(c->data, (off_t)c->pieces.end) == 0;
    if (close(c->data) != 0)
        ok = false;
    c->data = -1;
    return ok;
}

static bool save(Arena *a, Cache *c) {
    Buf tables[CACHE_NTABLES];
    Changes changes = sort_changes(a, c);
    write_piece(c);
    for (int t = 0; t < CACHE_NTABLES; t++) {
        tables[t] = (Buf){.arena = a};
        merge(c, (CacheTable)t, &changes, &tables[t]);
    }
    if (c->is_unwritten || !open_data_to_write(c) ||
        (is_wasteful(c, tables) && !copy_data(c, tables)) || !close_data(c))
        return false;
    return (!c->is_anew || folder_rename(&c->folder, "data.new", "data")) &&
           folder_write(&c->folder, "index", pack_index(a, c, tables));
}

// Nothing half done stays, and the room it took is given back.
static void drop_files(Cache *c) {
    static const char *const names[] = {"index", "note", "data", "data.new"};
    c->is_failed = true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (folder_is_ours(&c->folder))
            folder_remove(&c->folder, names[i]);
}

bool cache_save(Job *job, Cache *c) {
    if (c->folder.fd < 0 || (!c->len && c->is_full))
        return c->folder.fd >= 0;
    ArenaMark mark = arena_mark(job->scratch);
    bool ok = folder_is_ours(&c->folder) && save(job->scratch, c);
    if (!ok)
        drop_files(c);
    arena_reset(job->scratch, mark);
    c->last = NULL;
    c->len = c->used = 0;
    return ok;
}

// --- the note

Str cache_note(Job *job, const Cache *c) {
    if (!c->is_full)
        return (Str){0};
    Unpack u;
    Str file = folder_read(job->keep, &c->folder, "note", MAX_NOTE);
    if (!unpack_open(file, &u) || !str_eq(unpack_str(&u), c->made_by) ||
        !str_eq(unpack_str(&u), c->folder.site))
        return (Str){0};
    Str note = unpack_str(&u);
    return u.is_bad ? (Str){0} : note;
}

void cache_set_note(Job *job, Cache *c, Str bytes) {
    if (!folder_is_ours(&c->folder))
        return;
    Buf b = {.arena = job->scratch};
    pack_str(&b, c->made_by);
    pack_str(&b, c->folder.site);
    pack_str(&b, bytes);
    pack_seal(&b);
    if (!bytes.len || c->is_failed ||
        !folder_write(&c->folder, "note", buf_str(&b)))
        folder_remove(&c->folder, "note");
}

// --- the end

// What was written in vain. Nothing can be lost.
static void take_back(Cache *c) {
    bool is_ours = folder_is_ours(&c->folder);
    if (c->data < 0)
        return;
    if (is_ours && c->is_anew)
        folder_remove(&c->folder, "data.new");
    cache_forget(c);
    if (is_ours)
        close_data(c);
    else
        close(c->data);
}

void cache_close(Cache *c) {
    take_back(c);
    unmap(c->map);
    folder_close(&c->folder);
    pthread_mutex_destroy(&c->lock);
    arena_free(c->arena);
}
