// The files of .loa/cache: lock, data.mdb (LMDB), seal (what data.mdb is),
// note. LMDB's own lock is not used: ours is held as long as the cache is open,
// so there is one process, and its read and write transactions are enough.
#include "cache/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pack.h"

enum {
    FORMAT = 1,     // of the seal and of what build.c puts into records
    MAX_KEY = 500,  // LMDB takes 511 bytes
    KEPT_KEY = 440, // of a longer one, before its hash
    MAX_SEAL = 64 * 1024,
    MAX_NOTE = 64 * 1024 * 1024,
    BATCH = 32 * 1024 * 1024, // bytes of a write transaction
    FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
};

static const size_t MAP_SIZE = (size_t)1 << (sizeof(void *) == 8 ? 36 : 29);

typedef struct {
    CacheTable table;
    Str key, value;
} Change;

struct Cache {
    Arena *arena; // of this struct and what was noted
    int folder, lock;
    Str site;    // what the folder of the site is
    Str made_by; // versions
    MDB_env *env;
    MDB_txn *reader;
    MDB_dbi tables[CACHE_NTABLES];
    Change *changes;
    size_t len, cap;
    bool is_full; // data.mdb holds records of the last build
};

// --- files of the folder

static void shut(int *fd) {
    if (*fd >= 0)
        close(*fd); // what matters has been looked at before
    *fd = -1;
}

static bool write_all(int fd, Str bytes) {
    while (bytes.len) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = str_slice(bytes, (size_t)n, bytes.len);
    }
    return true;
}

// Whole or not at all, under its name.
static bool replace_file(const Cache *c, const char *name, Str bytes) {
    int fd =
        openat(c->folder, "new",
               O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write_all(fd, bytes);
    if (fd >= 0 && close(fd) != 0)
        ok = false;
    if (ok && renameat(c->folder, "new", c->folder, name) == 0)
        return true;
    unlinkat(c->folder, "new", 0);
    return false;
}

// An ordinary file of at most `max` bytes; empty when there is none.
static Str read_file(Arena *a, const Cache *c, const char *name, size_t max) {
    struct stat st;
    Str out = {0};
    int fd =
        openat(c->folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
        st.st_size > 0 && (size_t)st.st_size <= max) {
        char *to = arena_bytes(a, (size_t)st.st_size);
        ssize_t n = read(fd, to, (size_t)st.st_size);
        out = (Str){to, n > 0 ? (size_t)n : 0};
    }
    shut(&fd);
    return out;
}

// XXH3-128 of data.mdb; false when it cannot be read.
static bool hash_data(const Cache *c, uint64_t *size, Hash *out) {
    struct stat st;
    int fd = openat(c->folder, "data.mdb",
                    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool ok =
        fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0;
    if (ok) {
        size_t n = (size_t)st.st_size;
        void *p = mmap(NULL, n, PROT_READ, MAP_SHARED, fd, 0);
        ok = p != MAP_FAILED;
        if (ok) {
            *size = n;
            *out = hash_bytes((Str){p, n});
            munmap(p, n);
        }
    }
    shut(&fd);
    return ok;
}

static Str pack_seal_of(Arena *a, const Cache *c, uint64_t size, Hash hash) {
    Buf b = {.arena = a};
    pack_str(&b, S("loa cache"));
    pack_int(&b, FORMAT);
    pack_str(&b, c->made_by);
    pack_str(&b, c->site);
    pack_int(&b, size);
    pack_hash(&b, hash);
    pack_seal(&b);
    return buf_str(&b);
}

static CacheState check_seal(Job *job, const Cache *c) {
    struct stat st;
    bool has_data =
        fstatat(c->folder, "data.mdb", &st, AT_SYMLINK_NOFOLLOW) == 0;
    Str seal = read_file(job->scratch, c, "seal", MAX_SEAL);
    if (!has_data && !seal.len)
        return CACHE_NONE;
    Unpack u;
    if (!unpack_open(seal, &u) || !str_eq(unpack_str(&u), S("loa cache")))
        return CACHE_DAMAGED;
    if (unpack_int(&u) != FORMAT || !str_eq(unpack_str(&u), c->made_by) ||
        !str_eq(unpack_str(&u), c->site))
        return CACHE_FOREIGN;
    uint64_t want = unpack_int(&u), size;
    Hash hash = unpack_hash(&u), has;
    if (u.is_bad || !hash_data(c, &size, &has) || size != want ||
        !hash_eq(hash, has))
        return CACHE_DAMAGED;
    return CACHE_USED;
}

// --- the folder and its lock

static int make_folder(int parent, const char *name) {
    if (mkdirat(parent, name, 0755) != 0 && errno != EEXIST)
        return -1;
    return openat(parent, name, FOLDER);
}

// What tells this site from another one whose cache was put here.
static bool know_site(Cache *c, int root) {
    struct stat st;
    if (fstat(root, &st) != 0)
        return false;
    c->site = str_fmt(c->arena, "%llx:%llx", (unsigned long long)st.st_dev,
                      (unsigned long long)st.st_ino);
    return true;
}

static bool open_folder(Job *job, Cache *c, Str root) {
    Str path = root.len ? root : S(".");
    int top =
        open(str_cstr(job->scratch, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (top < 0 || !know_site(c, top)) {
        shut(&top);
        return false;
    }
    int state = make_folder(top, ".loa");
    shut(&top);
    if (state < 0)
        return false;
    c->folder = make_folder(state, "cache");
    shut(&state);
    return c->folder >= 0 && faccessat(c->folder, ".", W_OK, 0) == 0;
}

static Str lock_owner(Job *job, int fd) {
    char text[32];
    ssize_t n = pread(fd, text, sizeof text, 0);
    Str pid = {text, n > 0 ? (size_t)n : 0};
    pid = str_trim(pid);
    return pid.len ? str_copy(job->keep, pid) : S("?");
}

static int flock_retry(int fd, int how) {
    int rc;
    do
        rc = flock(fd, how);
    while (rc != 0 && errno == EINTR);
    return rc;
}

static CacheState take_lock(Job *job, Cache *c, const CacheOptions *opt) {
    c->lock = openat(c->folder, "lock",
                     O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (c->lock < 0)
        return CACHE_READONLY;
    if (flock_retry(c->lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return CACHE_READONLY;
        if (opt->wait && !opt->wait(opt->ctx, lock_owner(job, c->lock)))
            return CACHE_BUSY;
        if (flock_retry(c->lock, LOCK_EX) != 0)
            return CACHE_READONLY;
    }
    char text[32];
    int n = snprintf(text, sizeof text, "%-20ld\n", (long)getpid());
    if (pwrite(c->lock, text, (size_t)n, 0) != n)
        return CACHE_READONLY; // a full disk: nothing could be saved
    return CACHE_USED;
}

// Files of ours that are there but may not be written.
static bool may_write(const Cache *c) {
    static const char *const names[] = {"data.mdb", "seal", "note"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (faccessat(c->folder, names[i], W_OK, AT_EACCESS) != 0 &&
            errno != ENOENT)
            return false;
    return true;
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
static bool open_env(Cache *c) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d/data.mdb", c->folder);
    unsigned flags = MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOTLS | MDB_NOSYNC |
                     MDB_NOMETASYNC | MDB_NORDAHEAD;
    return mdb_env_create(&c->env) == 0 &&
           mdb_env_set_mapsize(c->env, MAP_SIZE) == 0 &&
           mdb_env_set_maxdbs(c->env, CACHE_NTABLES) == 0 &&
           mdb_env_open(c->env, path, flags, 0600) == 0;
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
    bool ok = open_tables(c, txn, 0) && mdb_txn_commit(txn) == 0;
    if (!ok) {
        mdb_txn_abort(txn);
        return false;
    }
    return mdb_txn_begin(c->env, NULL, MDB_RDONLY, &c->reader) == 0;
}

// --- the public calls

static CacheState open_all(Job *job, Cache *c, const CacheOptions *opt) {
    if (!open_folder(job, c, opt->root))
        return CACHE_READONLY;
    CacheState state = take_lock(job, c, opt);
    if (state != CACHE_USED)
        return state;
    if (!may_write(c))
        return CACHE_READONLY;
    state = opt->is_fresh ? CACHE_NONE : check_seal(job, c);
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
    *c = (Cache){.arena = a,
                 .folder = -1,
                 .lock = -1,
                 .made_by = str_copy(a, opt->made_by)};
    *state = open_all(job, c, opt);
    if (*state == CACHE_READONLY || *state == CACHE_BUSY) {
        shut(&c->lock);
        shut(&c->folder);
    }
    return c;
}

CacheRecords cache_read(Job *job, const Cache *c, CacheTable table) {
    CacheRecords out = {0};
    MDB_stat st;
    MDB_cursor *cursor;
    if (!c->is_full || mdb_stat(c->reader, c->tables[table], &st) != 0 ||
        mdb_cursor_open(c->reader, c->tables[table], &cursor) != 0)
        return out;
    out.items = ARENA_ARRAY(job->keep, CacheRecord, st.ms_entries);
    MDB_val key, value;
    while (out.len < st.ms_entries &&
           mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0)
        out.items[out.len++] = (CacheRecord){{key.mv_data, key.mv_size},
                                             {value.mv_data, value.mv_size}};
    mdb_cursor_close(cursor);
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
    if (c->folder < 0)
        return;
    if (c->len == c->cap) {
        size_t cap = c->cap ? 2 * c->cap : 1024;
        Change *grown = ARENA_ARRAY(c->arena, Change, cap);
        if (c->len)
            memcpy(grown, c->changes, c->len * sizeof *grown);
        c->changes = grown;
        c->cap = cap;
    }
    c->changes[c->len++] = (Change){table, key, value};
}

void cache_forget(Cache *c) {
    c->len = 0;
}

static int by_key(const void *a, const void *b) {
    const Change *x = a, *y = b;
    if (x->table != y->table)
        return x->table < y->table ? -1 : 1;
    char xroom[MAX_KEY], yroom[MAX_KEY];
    return str_cmp(key_of(x->key, xroom), key_of(y->key, yroom));
}

static MDB_val val_of(Str s) {
    union {
        const char *from;
        void *to;
    } p = {s.ptr};
    return (MDB_val){s.len, p.to};
}

static bool write_change(Cache *c, MDB_txn *txn, const Change *change) {
    char room[MAX_KEY];
    MDB_val key = val_of(key_of(change->key, room));
    MDB_val value = val_of(change->value);
    if (!change->value.ptr) {
        int rc = mdb_del(txn, c->tables[change->table], &key, NULL);
        return rc == 0 || rc == MDB_NOTFOUND;
    }
    return mdb_put(txn, c->tables[change->table], &key, &value,
                   c->is_full ? 0 : MDB_APPEND) == 0;
}

// Some transactions after the other into a new file: what a transaction has
// written it holds in memory. Into one that is being read a single one: without
// LMDB's own lock a second one does not know which pages the reader needs.
static bool write_changes(Cache *c) {
    size_t bytes = 0, from = 0;
    while (from < c->len) {
        MDB_txn *txn = NULL;
        if (mdb_txn_begin(c->env, NULL, 0, &txn) != 0)
            return false;
        bool ok = true;
        for (bytes = 0; ok && from < c->len && (c->is_full || bytes < BATCH);
             from++) {
            ok = write_change(c, txn, &c->changes[from]);
            bytes += c->changes[from].value.len;
        }
        if (!ok) {
            mdb_txn_abort(txn);
            return false;
        }
        if (mdb_txn_commit(txn) != 0)
            return false;
    }
    return true;
}

static bool begin_anew(Cache *c) {
    MDB_txn *txn = NULL;
    unlinkat(c->folder, "data.mdb", 0);
    if (!open_env(c) || mdb_txn_begin(c->env, NULL, 0, &txn) != 0)
        return false;
    if (open_tables(c, txn, MDB_CREATE))
        return mdb_txn_commit(txn) == 0;
    mdb_txn_abort(txn);
    return false;
}

bool cache_save(Job *job, Cache *c) {
    if (c->folder < 0 || (!c->len && c->is_full))
        return c->folder >= 0;
    if (unlinkat(c->folder, "seal", 0) != 0 && errno != ENOENT)
        return false;
    if (c->len)
        qsort(c->changes, c->len, sizeof *c->changes, by_key);
    uint64_t size;
    Hash hash;
    bool ok =
        (c->is_full || begin_anew(c)) && write_changes(c) &&
        hash_data(c, &size, &hash) &&
        replace_file(c, "seal", pack_seal_of(job->scratch, c, size, hash));
    c->len = 0;
    return ok;
}

Str cache_note(Job *job, const Cache *c) {
    if (c->folder < 0)
        return (Str){0};
    Unpack u;
    Str file = read_file(job->keep, c, "note", MAX_NOTE);
    if (!unpack_open(file, &u) || !str_eq(unpack_str(&u), c->made_by) ||
        !str_eq(unpack_str(&u), c->site))
        return (Str){0};
    Str note = unpack_str(&u);
    return u.is_bad ? (Str){0} : note;
}

void cache_set_note(Job *job, Cache *c, Str bytes) {
    if (c->folder < 0)
        return;
    Buf b = {.arena = job->scratch};
    pack_str(&b, c->made_by);
    pack_str(&b, c->site);
    pack_str(&b, bytes);
    pack_seal(&b);
    if (!bytes.len || !replace_file(c, "note", buf_str(&b)))
        unlinkat(c->folder, "note", 0);
}

void cache_close(Cache *c) {
    close_env(c);
    shut(&c->lock);
    shut(&c->folder);
    arena_free(c->arena);
}
