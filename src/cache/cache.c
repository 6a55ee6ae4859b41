// The files of .loa/cache: lock, data.mdb (LMDB), seal (what data.mdb is: who
// made it, and the hash of each of its pieces), note. LMDB's own lock is not
// used: ours is held as long as the cache is open, so there is one process, and
// its read and write transactions are enough.
#include "cache/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pack.h"
#include "cache/spool.h"

enum {
    FORMAT = 4,     // of the seal and of what recall.c puts into records
    MAX_KEY = 500,  // LMDB takes 511 bytes
    KEPT_KEY = 440, // of a longer one, before its hash
    MAX_SEAL = 64 * 1024 * 1024,
    MAX_NOTE = 64 * 1024 * 1024,
    BATCH = 4 * 1024 * 1024,    // bytes of a write transaction
    PIECE = 256 * 1024,         // hashed by itself
    SMALL = 1024 * 1024,        // a file that is not worth shrinking
    MAX_WASTE = 4,              // times what lives in it
    MIN_MAP = 16 * 1024 * 1024, // address space that is asked for at least
};

static const size_t MAX_MAP = (size_t)1 << (sizeof(void *) == 8 ? 36 : 29);

struct Cache {
    Arena *arena; // of this struct and what was noted
    CacheFolder folder;
    Str made_by; // versions
    Pool *pool;
    MDB_env *env;
    MDB_txn *reader;
    MDB_dbi tables[CACHE_NTABLES];
    Spool *spool;
    bool is_full;   // data.mdb holds records of the last build
    bool is_failed; // it could not be saved: there is none for the next build
};

// --- the seal

// The hashes of a file's pieces. Read, not mapped: a bad sector is an error
// then, no signal.
typedef struct {
    int fd;
    uint64_t size;
    Hash *items;
    size_t len;
    atomic_bool is_bad;
} Pieces;

static void hash_piece(Job *job, size_t i, void *ctx) {
    Pieces *p = ctx;
    uint64_t at = (uint64_t)i * PIECE, left = p->size - at;
    size_t len = left < PIECE ? (size_t)left : PIECE;
    ArenaMark mark = arena_mark(job->scratch);
    char *bytes = arena_bytes(job->scratch, len);
    ssize_t n = pread(p->fd, bytes, len, (off_t)at);
    if (n < 0 || (size_t)n != len)
        atomic_store(&p->is_bad, true);
    else
        p->items[i] = hash_bytes((Str){bytes, len});
    arena_reset(job->scratch, mark);
}

// False when it is not there, empty, or cannot be read.
static bool hash_file(Job *job, Pool *pool, int fd, Pieces *out) {
    struct stat st;
    *out = (Pieces){.fd = fd};
    if (fd < 0 || fstat(fd, &st) != 0 || st.st_size <= 0)
        return false;
    out->size = (uint64_t)st.st_size;
    out->len = (size_t)((out->size + PIECE - 1) / PIECE);
    out->items = ARENA_ARRAY(job->scratch, Hash, out->len);
    pool_each_or_here(pool, job, out->len, hash_piece, out);
    return !out->is_bad;
}

static Str pack_seal_of(Arena *a, const Cache *c, const Pieces *pieces) {
    Buf b = {.arena = a};
    pack_str(&b, S("loa cache"));
    pack_int(&b, FORMAT);
    pack_str(&b, c->made_by);
    pack_str(&b, c->folder.site);
    pack_int(&b, pieces->size);
    for (size_t i = 0; i < pieces->len; i++)
        pack_hash(&b, pieces->items[i]);
    pack_seal(&b);
    return buf_str(&b);
}

static bool is_as_sealed(Unpack *u, const Pieces *pieces) {
    bool ok = unpack_int(u) == pieces->size;
    for (size_t i = 0; i < pieces->len && ok; i++)
        ok = hash_eq(unpack_hash(u), pieces->items[i]) && !u->is_bad;
    return ok && !u->is_bad;
}

static CacheState check_seal(Job *job, const Cache *c) {
    Pieces pieces;
    Unpack u;
    Str seal = folder_read(job->scratch, &c->folder, "seal", MAX_SEAL);
    if (!seal.len && !folder_has(&c->folder, "seal") &&
        !folder_has(&c->folder, "data.mdb"))
        return CACHE_NONE;
    if (!unpack_open(seal, &u) || !str_eq(unpack_str(&u), S("loa cache")))
        return CACHE_DAMAGED;
    if (unpack_int(&u) != FORMAT || !str_eq(unpack_str(&u), c->made_by) ||
        !str_eq(unpack_str(&u), c->folder.site))
        return CACHE_FOREIGN;
    int data = folder_open_file(&c->folder, "data.mdb", O_RDONLY);
    bool ok =
        hash_file(job, c->pool, data, &pieces) && is_as_sealed(&u, &pieces);
    if (data >= 0)
        close(data);
    return ok ? CACHE_USED : CACHE_DAMAGED;
}

// --- LMDB

static void close_env(Cache *c) {
    if (c->reader)
        mdb_txn_abort(c->reader);
    if (c->env)
        mdb_env_close(c->env);
    c->reader = NULL;
    c->env = NULL;
}

static const char *table_name(CacheTable t) {
    static const char *const names[] = {"sources", "facts", "outputs"};
    return names[t];
}

// Synced by nobody: after a power cut the seal does not fit, and that is all.
static int try_env(Cache *c, size_t map) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d/data.mdb", c->folder.fd);
    unsigned flags = MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOTLS | MDB_NOSYNC |
                     MDB_NOMETASYNC | MDB_NORDAHEAD;
    int rc = mdb_env_create(&c->env);
    if (rc == 0)
        rc = mdb_env_set_mapsize(c->env, map);
    if (rc == 0)
        rc = mdb_env_set_maxdbs(c->env, CACHE_NTABLES);
    return rc ? rc : mdb_env_open(c->env, path, flags, 0600);
}

// Where address space is limited (ulimit -v), a part of it.
static bool open_env(Cache *c) {
    for (size_t map = MAX_MAP; map >= MIN_MAP; map /= 4) {
        close_env(c);
        int rc = try_env(c, map);
        if (rc != ENOMEM)
            return rc == 0;
    }
    return false;
}

static bool open_tables(Cache *c, MDB_txn *txn, unsigned flags) {
    for (int t = 0; t < CACHE_NTABLES; t++)
        if (mdb_dbi_open(txn, table_name((CacheTable)t), flags,
                         &c->tables[t]) != 0)
            return false;
    return true;
}

static bool open_reader(Cache *c) {
    MDB_txn *txn = NULL;
    if (mdb_txn_begin(c->env, NULL, MDB_RDONLY, &txn) != 0)
        return false;
    if (!open_tables(c, txn, 0)) {
        mdb_txn_abort(txn);
        return false;
    }
    return mdb_txn_commit(txn) == 0 &&
           mdb_txn_begin(c->env, NULL, MDB_RDONLY, &c->reader) == 0;
}

// --- the public calls

static CacheState open_all(Job *job, Cache *c, const CacheOptions *opt) {
    CacheState state = folder_open(job, c->arena, opt, &c->folder);
    if (state != CACHE_USED)
        return state;
    state = opt->is_fresh ? CACHE_IGNORED : check_seal(job, c);
    if (state != CACHE_USED)
        return state;
    c->is_full = open_env(c) && open_reader(c);
    if (!c->is_full)
        close_env(c);
    return c->is_full ? CACHE_USED : CACHE_DAMAGED;
}

Cache *cache_open(Job *job, const CacheOptions *opt, CacheState *state) {
    Arena *a = arena_new();
    Cache *c = ARENA_NEW(a, Cache);
    *c = (Cache){
        .arena = a, .folder = {.fd = -1, .lock = -1}, .pool = opt->pool};
    c->spool = spool_new(a, &c->folder);
    c->made_by = str_fmt(a, "%.*s; %s, %zu bits", STR_ARG(opt->made_by),
                         mdb_version(NULL, NULL, NULL), 8 * sizeof(void *));
    *state = open_all(job, c, opt);
    return c;
}

static void read_table(Arena *a, MDB_txn *txn, MDB_dbi table,
                       CacheRecords *out) {
    MDB_stat st;
    MDB_cursor *cursor;
    if (mdb_stat(txn, table, &st) != 0 ||
        mdb_cursor_open(txn, table, &cursor) != 0)
        return;
    out->items = ARENA_ARRAY(a, CacheRecord, st.ms_entries);
    MDB_val key, value;
    while (out->len < st.ms_entries &&
           mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0)
        out->items[out->len++] = (CacheRecord){{key.mv_data, key.mv_size},
                                               {value.mv_data, value.mv_size}};
    mdb_cursor_close(cursor);
}

// By a transaction of its own: they are of one thread each. What c->reader sees
// stays where it is.
CacheRecords cache_read(Job *job, const Cache *c, CacheTable table) {
    CacheRecords out = {0};
    MDB_txn *txn = NULL;
    if (!c->is_full || mdb_txn_begin(c->env, NULL, MDB_RDONLY, &txn) != 0)
        return out;
    read_table(job->keep, txn, c->tables[table], &out);
    mdb_txn_abort(txn);
    return out;
}

// `room` holds MAX_KEY bytes.
static Str key_of(Str key, char *room) {
    if (key.len <= MAX_KEY)
        return key;
    Hash h = hash_bytes(key);
    memcpy(room, key.ptr, KEPT_KEY);
    memcpy(room + KEPT_KEY, &h, sizeof h);
    return (Str){room, KEPT_KEY + sizeof h};
}

const CacheRecord *cache_find(CacheRecords *r, Str key) {
    char room[MAX_KEY];
    Str k = key_of(key, room);
    size_t lo = 0, hi = r->len;
    if (r->hint < hi && str_eq(r->items[r->hint].key, k))
        return &r->items[r->hint++];
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int c = str_cmp(r->items[mid].key, k);
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

void cache_put(Cache *c, CacheTable table, Str key, Str value) {
    if (c->folder.fd >= 0 && key.len)
        spool_put(c->spool, table, key, value);
}

void cache_forget(Cache *c) {
    spool_forget(c->spool);
}

static MDB_val val_of(Str s) {
    union {
        const char *from;
        void *to;
    } p = {s.ptr};
    return (MDB_val){s.len, p.to};
}

// Into a new file they come in order, but for keys that are too long.
static bool write_item(Cache *c, MDB_txn *txn, const SpoolItem *item) {
    char room[MAX_KEY];
    MDB_val key = val_of(key_of(item->key, room));
    MDB_dbi table = c->tables[item->table];
    if (item->is_removal) {
        int rc = mdb_del(txn, table, &key, NULL);
        return rc == 0 || rc == MDB_NOTFOUND;
    }
    MDB_val value = val_of(spool_value(c->spool, item));
    int rc = c->is_full ? MDB_KEYEXIST
                        : mdb_put(txn, table, &key, &value, MDB_APPEND);
    if (rc == MDB_KEYEXIST)
        rc = mdb_put(txn, table, &key, &value, 0);
    return rc == 0;
}

// How many were written; 0: it failed.
static size_t write_batch(Cache *c, const SpoolItems *all, size_t from) {
    MDB_txn *txn = NULL;
    size_t n = 0, bytes = 0;
    if (mdb_txn_begin(c->env, NULL, 0, &txn) != 0)
        return 0;
    for (; from + n < all->len && (c->is_full || bytes < BATCH); n++) {
        const SpoolItem *item = all->items[from + n];
        if (!write_item(c, txn, item)) {
            mdb_txn_abort(txn);
            return 0;
        }
        bytes += item->len;
    }
    return mdb_txn_commit(txn) == 0 ? n : 0;
}

// Some transactions after the other into a new file: what a transaction has
// written it holds in memory. Into one that is being read a single one: without
// LMDB's own lock a second one does not know which pages the reader needs.
static bool write_items(Job *job, Cache *c) {
    SpoolItems all;
    if (!spool_read(c->spool, job->scratch, &all))
        return false;
    for (size_t from = 0, n; from < all.len; from += n) {
        n = write_batch(c, &all, from);
        if (!n)
            return false;
        spool_let_go(c->spool);
    }
    return true;
}

static bool begin_anew(Cache *c) {
    MDB_txn *txn = NULL;
    if (!folder_remove(&c->folder, "data.mdb") || !open_env(c) ||
        mdb_txn_begin(c->env, NULL, 0, &txn) != 0)
        return false;
    if (open_tables(c, txn, MDB_CREATE))
        return mdb_txn_commit(txn) == 0;
    mdb_txn_abort(txn);
    return false;
}

static size_t pages_of(const MDB_stat *st) {
    return st->ms_branch_pages + st->ms_leaf_pages + st->ms_overflow_pages;
}

// Bytes of the pages that hold records; 0: not known.
static uint64_t live_size(const Cache *c) {
    MDB_txn *txn = NULL;
    MDB_stat st;
    if (mdb_txn_begin(c->env, NULL, MDB_RDONLY, &txn) != 0)
        return 0;
    uint64_t pages = 2; // that say where the others are
    for (int t = 0; t < CACHE_NTABLES && pages; t++)
        pages = mdb_stat(txn, c->tables[t], &st) ? 0 : pages + pages_of(&st);
    mdb_txn_abort(txn);
    return mdb_env_stat(c->env, &st) ? 0 : pages * st.ms_psize;
}

static bool is_wasteful(const Cache *c, int data) {
    struct stat st;
    uint64_t live = live_size(c);
    return live && fstat(data, &st) == 0 && st.st_size > SMALL &&
           (uint64_t)st.st_size / MAX_WASTE > live;
}

// The file as LMDB has written it, or a copy of what lives in it: LMDB itself
// never makes a file smaller. The caller closes what is not LMDB's.
static int lasting_file(Cache *c) {
    int data = -1;
    if (mdb_env_get_fd(c->env, &data) != 0 || !is_wasteful(c, data))
        return data;
    int copy = folder_create(&c->folder, "new");
    if (copy >= 0 && mdb_env_copyfd2(c->env, copy, MDB_CP_COMPACT) == 0 &&
        folder_rename(&c->folder, "new", "data.mdb"))
        return copy;
    if (copy >= 0)
        close(copy);
    folder_remove(&c->folder, "new");
    return data;
}

static bool seal_data(Job *job, Cache *c) {
    Pieces pieces;
    int own = -1, data = lasting_file(c);
    bool ok = hash_file(job, c->pool, data, &pieces) &&
              folder_write(&c->folder, "seal",
                           pack_seal_of(job->scratch, c, &pieces));
    mdb_env_get_fd(c->env, &own);
    if (data >= 0 && data != own && close(data) != 0)
        ok = false;
    return ok;
}

// Nothing half done stays, and the room it took is given back.
static void drop_files(Cache *c) {
    c->is_failed = true;
    if (!folder_is_ours(&c->folder))
        return;
    folder_remove(&c->folder, "seal");
    folder_remove(&c->folder, "note");
    folder_remove(&c->folder, "data.mdb");
}

static bool save(Job *job, Cache *c) {
    return folder_is_ours(&c->folder) && folder_remove(&c->folder, "seal") &&
           (c->is_full || begin_anew(c)) && write_items(job, c) &&
           seal_data(job, c);
}

bool cache_save(Job *job, Cache *c) {
    size_t len = spool_len(c->spool);
    if (c->folder.fd < 0 || (!len && c->is_full))
        return c->folder.fd >= 0;
    ArenaMark mark = arena_mark(job->scratch);
    bool ok = save(job, c);
    if (!ok)
        drop_files(c);
    arena_reset(job->scratch, mark);
    spool_forget(c->spool);
    return ok;
}

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

void cache_close(Cache *c) {
    spool_free(c->spool);
    close_env(c);
    folder_close(&c->folder);
    arena_free(c->arena);
}
