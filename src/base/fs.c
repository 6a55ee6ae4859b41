#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"

enum {
    MAX_LEVELS = 64,
    MAX_FILES = 200000,
    NAMES_SIZE = 32 * 1024, // of one getdents call
    MAX_SEGMENT = 255,
    MAX_PATH = 1024,
    BUSY_TRIES = 16,
    BRANCH_LEVEL = 2, // folders so deep are walked by a job each
};

// The one place that opens anything for reading. Like io_open of write/, the
// kernel is asked again when something was renamed on the way.
static int open_beneath(int dir, const char *path, uint64_t flags) {
    struct open_how how = {.flags = flags | O_CLOEXEC,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
                                      RESOLVE_NO_MAGICLINKS};
    long fd = -1;
    for (int i = 0; i < BUSY_TRIES; i++) {
        fd = syscall(SYS_openat2, dir, path, &how, sizeof how);
        if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
            break;
    }
    return (int)fd;
}

static const char *here(Arena *a, Str path) {
    return path.len ? str_cstr(a, path) : ".";
}

// --- Messages ---

static Pos at_path(Str path) {
    return (Pos){.path = path};
}

// A folder on the way that is a link looks the same to the kernel.
static bool refuse_link(Job *job, Str path) {
    diag_error(job->diags, "E-FILE", at_path(path),
               _("this is a symbolic link, or lies in a folder that is one"));
    diag_hint(job->diags, _("put the file itself there; loa follows no links"));
    return false;
}

static bool refuse_open(Job *job, Str path, const char *doing, int err) {
    if (err == ELOOP)
        return refuse_link(job, path);
    diag_system(job->diags, path, doing, err);
    if (err == ENOSYS)
        diag_hint(job->diags, _("loa needs Linux 5.6 or newer"));
    else if (err == EACCES || err == EPERM)
        diag_hint(job->diags,
                  _("let the user who runs loa read this file or folder"));
    return false;
}

static const char *kind_name(mode_t mode) {
    if (S_ISDIR(mode))
        return _("this is a folder, not a file");
    if (S_ISFIFO(mode))
        return _("this is a FIFO, not a file");
    if (S_ISSOCK(mode))
        return _("this is a socket, not a file");
    return _("this is a device, not a file");
}

static bool refuse_kind(Job *job, Str path, mode_t mode) {
    if (S_ISLNK(mode))
        return refuse_link(job, path);
    diag_error(job->diags, "E-FILE", at_path(path), "%s", kind_name(mode));
    diag_hint(job->diags, _("take it away or put an ordinary file there"));
    return false;
}

bool fs_refuse(Job *job, const FsEntry *entry) {
    return refuse_kind(job, entry->path, entry->mode);
}

// --- The root and single files ---

bool fs_open_root(Job *job, Str path, FsRoot *out) {
    const char *name = here(job->scratch, path);
    int fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return refuse_open(job, path.len ? path : S("."), _("open the folder"),
                           errno);
    *out = (FsRoot){fd, str_copy(job->keep, path)};
    return true;
}

void fs_close_root(FsRoot *root) {
    if (root->fd >= 0)
        close(root->fd);
    root->fd = -1;
}

static FsKind kind_of(mode_t mode) {
    if (S_ISREG(mode))
        return FS_FILE;
    if (S_ISDIR(mode))
        return FS_DIR;
    return S_ISLNK(mode) ? FS_LINK : FS_OTHER;
}

static int64_t nanoseconds(struct timespec t) {
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static FsEntry entry_of(Str path, const struct stat *st) {
    return (FsEntry){.path = path,
                     .kind = kind_of(st->st_mode),
                     .mode = st->st_mode,
                     .size = (uint64_t)st->st_size,
                     .inode = st->st_ino,
                     .mtime_ns = nanoseconds(st->st_mtim),
                     .ctime_ns = nanoseconds(st->st_ctim)};
}

bool fs_stat(Job *job, const FsRoot *root, Str path, bool *exists,
             FsEntry *out) {
    struct stat st;
    int fd =
        open_beneath(root->fd, here(job->scratch, path), O_PATH | O_NOFOLLOW);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        *exists = false;
        return true;
    }
    if (fd < 0)
        return refuse_open(job, path, _("look at the file"), errno);
    int err = fstat(fd, &st) ? errno : 0;
    close(fd);
    if (err)
        return refuse_open(job, path, _("look at the file"), err);
    *exists = true;
    *out = entry_of(str_copy(job->keep, path), &st);
    return true;
}

static bool refuse_size(Job *job, Str path, uint64_t size, size_t max) {
    diag_error(job->diags, "E-SIZE", at_path(path),
               _("this file has %llu bytes; %zu are allowed"),
               (unsigned long long)size, max);
    diag_hint(job->diags, _("split it into several files"));
    return false;
}

static bool refuse_change(Job *job, Str path) {
    diag_error(job->diags, "E-CHANGED", at_path(path),
               _("the file changed while it was being read"));
    diag_hint(job->diags, _("run the command again"));
    return false;
}

// Up to `size` bytes; fewer only at the end of the file. -1 on failure.
static ssize_t read_all(int fd, char *buf, size_t size) {
    size_t len = 0;
    while (len < size) {
        ssize_t n = read(fd, buf + len, size - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        len += (size_t)n;
        if (n == 0)
            break;
    }
    return (ssize_t)len;
}

// Room for one byte more than the file has: one call both reads it and shows
// that it ends there.
static bool read_open(Job *job, Arena *arena, int fd, Str path, size_t max,
                      Str *out) {
    struct stat st;
    if (fstat(fd, &st))
        return refuse_open(job, path, _("read the file"), errno);
    if (!S_ISREG(st.st_mode))
        return refuse_kind(job, path, st.st_mode);
    if ((uint64_t)st.st_size > max)
        return refuse_size(job, path, (uint64_t)st.st_size, max);
    size_t size = (size_t)st.st_size;
    char *buf = arena_bytes(arena, size + 1);
    ssize_t n = read_all(fd, buf, size + 1);
    if (n < 0)
        return refuse_open(job, path, _("read the file"), errno);
    if ((size_t)n != size)
        return refuse_change(job, path);
    buf[size] = '\0';
    *out = (Str){buf, size};
    return true;
}

// O_NONBLOCK: a FIFO without a writer would hang the open.
bool fs_read(Job *job, Arena *arena, const FsRoot *root, Str path, size_t max,
             Str *out) {
    int fd = open_beneath(root->fd, here(job->scratch, path),
                          O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 && errno == ENXIO)
        return refuse_kind(job, path, S_IFSOCK);
    if (fd < 0)
        return refuse_open(job, path, _("read the file"), errno);
    bool ok = read_open(job, arena, fd, path, max, out);
    close(fd);
    return ok;
}

// --- Walking ---

// A folder that another job walks.
typedef struct Branch Branch;

typedef struct {
    Job *job;
    Branch *branches; // found so far, the last one first
    size_t nbranches;
    bool is_wide; // branches are left to others
    Arena *tmp;   // gone when the walk is over
    FsEntry *items;
    size_t len, cap;
    bool is_full;
    uint64_t *names[MAX_LEVELS + 1]; // of getdents, a buffer for each level
} Walk;

static bool is_skipped(Str name) {
    return !name.len || name.ptr[0] == '.' || name.ptr[0] == '#' ||
           name.ptr[name.len - 1] == '~';
}

static bool add_entry(Walk *w, const FsEntry *entry) {
    if (w->len == MAX_FILES) {
        w->is_full = true;
        diag_error(w->job->diags, "E-LIMIT", at_path(path_dir(entry->path)),
                   _("there are more than %d files"), MAX_FILES);
        diag_hint(w->job->diags, _("divide the site into several sites"));
        return false;
    }
    w->items = arena_grow(w->tmp, w->items, w->len, &w->cap, sizeof *w->items);
    w->items[w->len++] = *entry;
    return true;
}

static bool walk_dir(Walk *w, int fd, Str dir, int level);

struct Branch {
    Branch *next;
    Str path;
    const FsRoot *root;
    Walk walk;
    bool ok;
};

static void add_branch(Walk *w, Str path) {
    Branch *b = ARENA_NEW(w->tmp, Branch);
    *b = (Branch){.next = w->branches, .path = path};
    w->branches = b;
    w->nbranches++;
}

static bool walk_below(Walk *w, int parent, const char *name, Str path,
                       int level) {
    if (level > MAX_LEVELS) {
        diag_error(w->job->diags, "E-LIMIT", at_path(path),
                   _("folders are nested more than %d deep"), MAX_LEVELS);
        diag_hint(w->job->diags, _("move the files into fewer folders"));
        return false;
    }
    if (w->is_wide && level == BRANCH_LEVEL) {
        add_branch(w, path);
        return true;
    }
    int fd = open_beneath(parent, name, O_RDONLY | O_DIRECTORY);
    if (fd < 0 && errno == ENOENT) // it has gone since
        return true;
    if (fd < 0)
        return refuse_open(w->job, path, _("open the folder"), errno);
    bool ok = walk_dir(w, fd, path, level);
    close(fd);
    return ok;
}

static bool walk_name(Walk *w, int fd, Str dir, const char *name, int level) {
    if (is_skipped(str_from(name)))
        return true;
    struct stat st;
    Str path = path_join(w->job->keep, dir, str_from(name));
    if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW))
        return errno == ENOENT ||
               refuse_open(w->job, path, _("look at the file"), errno);
    if (S_ISDIR(st.st_mode))
        return walk_below(w, fd, name, path, level + 1);
    FsEntry entry = entry_of(path, &st);
    return add_entry(w, &entry);
}

static bool walk_names(Walk *w, int fd, Str dir, int level, size_t size) {
    const char *names = (const char *)w->names[level];
    bool ok = true;
    for (size_t at = 0; at < size && !w->is_full;) {
        const struct dirent64 *entry = (const void *)(names + at);
        ok = walk_name(w, fd, dir, entry->d_name, level) && ok;
        at += entry->d_reclen;
    }
    return ok;
}

static bool walk_dir(Walk *w, int fd, Str dir, int level) {
    if (!w->names[level])
        w->names[level] = ARENA_ROOM(w->tmp, uint64_t, NAMES_SIZE / 8);
    bool ok = true;
    while (!w->is_full) {
        ssize_t n = getdents64(fd, w->names[level], NAMES_SIZE);
        if (n == 0)
            return ok;
        if (n < 0)
            return refuse_open(w->job, dir, _("list the folder"), errno);
        ok = walk_names(w, fd, dir, level, (size_t)n) && ok;
    }
    return false;
}

static int by_path(const void *a, const void *b) {
    const FsEntry *x = a, *y = b;
    return str_cmp(x->path, y->path);
}

static void walk_branch(Job *job, size_t i, void *ctx) {
    Branch *b = ((Branch **)ctx)[i];
    Walk *w = &b->walk;
    *w = (Walk){.job = job, .tmp = job->scratch};
    int fd = open_beneath(b->root->fd, here(job->scratch, b->path),
                          O_RDONLY | O_DIRECTORY);
    b->ok = fd < 0 && errno == ENOENT; // it has gone since
    if (b->ok)
        return;
    if (fd < 0) {
        refuse_open(job, b->path, _("open the folder"), errno);
        return;
    }
    b->ok = walk_dir(w, fd, b->path, BRANCH_LEVEL);
    close(fd);
    if (!w->len)
        return;
    qsort(w->items, w->len, sizeof *w->items, by_path);
    const FsEntry *found = w->items;
    w->items = ARENA_ROOM(job->keep, FsEntry, w->len);
    memcpy(w->items, found, w->len * sizeof *w->items);
}

// By path, as if a slash stood behind: so are the files below them.
static int branch_order(const void *a, const void *b) {
    Str x = (*(Branch *const *)a)->path, y = (*(Branch *const *)b)->path;
    size_t n = x.len < y.len ? x.len : y.len;
    int c = n ? memcmp(x.ptr, y.ptr, n) : 0;
    if (c || x.len == y.len)
        return c;
    bool is_x = x.len < y.len; // the shorter one, which has a slash here
    unsigned char next = (unsigned char)(is_x ? y.ptr[n] : x.ptr[n]);
    return (is_x ? '/' - next : next - '/');
}

// One list of what the walk itself found and what its branches did; both are
// sorted.
static void merge(Arena *a, const Walk *w, Branch *const *branches,
                  FsList *out) {
    size_t n = w->len, at = 0;
    for (size_t i = 0; i < w->nbranches; i++)
        n += branches[i]->walk.len;
    out->items = ARENA_ROOM(a, FsEntry, n);
    for (size_t i = 0; i < w->nbranches; i++) {
        const Walk *b = &branches[i]->walk;
        for (size_t k = 0; k < b->len; k++) {
            while (at < w->len && by_path(&w->items[at], &b->items[k]) < 0)
                out->items[out->len++] = w->items[at++];
            out->items[out->len++] = b->items[k];
        }
    }
    while (at < w->len)
        out->items[out->len++] = w->items[at++];
}

static bool walk_branches(Pool *pool, Walk *w, const FsRoot *root,
                          FsList *out) {
    Branch **branches = ARENA_ARRAY(w->tmp, Branch *, w->nbranches);
    size_t n = 0;
    bool ok = true;
    for (Branch *b = w->branches; b; b = b->next) {
        b->root = root;
        branches[n++] = b;
    }
    if (n)
        qsort(branches, n, sizeof *branches, branch_order);
    if (n)
        pool_each(pool, w->job->diags, n, walk_branch, branches);
    merge(w->job->keep, w, branches, out);
    for (size_t i = 0; i < n; i++)
        ok &= branches[i]->ok;
    if (out->len > MAX_FILES) {
        w->len = MAX_FILES;
        ok = add_entry(w, &out->items[MAX_FILES]);
    }
    return ok;
}

bool fs_walk_wide(Job *job, Pool *pool, const FsRoot *root, Str dir,
                  FsList *out) {
    *out = (FsList){0};
    int fd =
        open_beneath(root->fd, here(job->scratch, dir), O_RDONLY | O_DIRECTORY);
    if (fd < 0 && errno == ENOENT)
        return true;
    if (fd < 0)
        return refuse_open(job, dir, _("open the folder"), errno);
    Walk w = {.job = job, .tmp = arena_new(), .is_wide = pool != NULL};
    bool ok = walk_dir(&w, fd, dir, 0);
    close(fd);
    if (w.len)
        qsort(w.items, w.len, sizeof *w.items, by_path);
    ok = walk_branches(pool, &w, root, out) && ok;
    arena_free(w.tmp);
    return ok;
}

bool fs_walk(Job *job, const FsRoot *root, Str dir, FsList *out) {
    return fs_walk_wide(job, NULL, root, dir, out);
}

// --- Paths ---

Str fs_true_path(Arena *a, Str path) {
    char real[PATH_MAX];
    if (realpath(str_cstr(a, path), real))
        return str_copy(a, str_from(real));
    Str dir = path_dir(path);
    const char *up = dir.len                    ? str_cstr(a, dir)
                     : str_starts(path, S("/")) ? "/"
                                                : ".";
    if (!realpath(up, real))
        return (Str){0};
    return path_join(a, str_copy(a, str_from(real)), path_base(path));
}

Str path_join(Arena *a, Str dir, Str name) {
    if (!dir.len)
        return str_copy(a, name);
    bool has_slash = dir.ptr[dir.len - 1] == '/';
    Buf b = {.arena = a};
    b.cap = dir.len + name.len + 2;
    b.ptr = arena_bytes(a, b.cap);
    buf_put(&b, dir);
    if (!has_slash)
        buf_putc(&b, '/');
    buf_put(&b, name);
    b.ptr[b.len] = '\0';
    return buf_str(&b);
}

// Where `c` stands last, or SIZE_MAX.
static size_t last_of(Str s, char c) {
    const char *at = s.len ? memrchr(s.ptr, c, s.len) : NULL;
    return at ? (size_t)(at - s.ptr) : SIZE_MAX;
}

Str path_dir(Str path) {
    size_t at = last_of(path, '/');
    return str_slice(path, 0, at == SIZE_MAX ? 0 : at);
}

Str path_base(Str path) {
    size_t at = last_of(path, '/');
    return at == SIZE_MAX ? path : str_slice(path, at + 1, path.len);
}

// Where the extension's dot stands; the length when there is none. The dot of
// ".htaccess" begins a name.
static size_t dot_of(Str base) {
    size_t at = last_of(base, '.');
    return at == SIZE_MAX || at == 0 ? base.len : at;
}

Str path_stem(Str path) {
    Str base = path_base(path);
    return str_slice(base, 0, dot_of(base));
}

Str path_ext(Str path) {
    Str base = path_base(path);
    return str_slice(base, dot_of(base) + 1, base.len);
}

// Adds the segments of `path` to `out`; false when ".." has nothing to take
// away.
static bool resolve_onto(Buf *out, Str path) {
    Str segment;
    while (str_cut(&path, '/', &segment)) {
        if (!segment.len || str_eq(segment, S(".")))
            continue;
        if (str_eq(segment, S(".."))) {
            if (!out->len)
                return false;
            out->len = path_dir(buf_str(out)).len;
            continue;
        }
        if (out->len)
            buf_putc(out, '/');
        buf_put(out, segment);
    }
    return true;
}

bool path_resolve(Arena *a, Str from, Str path, Str *out) {
    Buf b = {.arena = a};
    buf_reserve(&b, from.len + path.len + 1);
    if (!str_starts(path, S("/")) && !resolve_onto(&b, from))
        return false;
    if (!resolve_onto(&b, path))
        return false;
    *out = buf_str(&b);
    return true;
}

static bool is_safe_segment(Str s) {
    if (!s.len || s.len > MAX_SEGMENT || s.ptr[0] == '.')
        return false;
    for (size_t at = 0; at < s.len;) {
        uint32_t c = text_next(s, &at);
        if (c < ' ' || c == '\\' || c == ':' || !text_is_clean_char(c))
            return false;
    }
    return true;
}

// As most paths are: segments of small letters, digits, hyphens, underscores
// and dots, of which none is the first. Not so: it has to be looked at closely.
bool path_is_plain(Str path) {
    enum { LETTER = 1, DOT, SLASH };
    static const unsigned char kinds[256] = {
        ['-'] = LETTER, ['.'] = DOT,    ['/'] = SLASH,  ['0'] = LETTER,
        ['1'] = LETTER, ['2'] = LETTER, ['3'] = LETTER, ['4'] = LETTER,
        ['5'] = LETTER, ['6'] = LETTER, ['7'] = LETTER, ['8'] = LETTER,
        ['9'] = LETTER, ['_'] = LETTER, ['a'] = LETTER, ['b'] = LETTER,
        ['c'] = LETTER, ['d'] = LETTER, ['e'] = LETTER, ['f'] = LETTER,
        ['g'] = LETTER, ['h'] = LETTER, ['i'] = LETTER, ['j'] = LETTER,
        ['k'] = LETTER, ['l'] = LETTER, ['m'] = LETTER, ['n'] = LETTER,
        ['o'] = LETTER, ['p'] = LETTER, ['q'] = LETTER, ['r'] = LETTER,
        ['s'] = LETTER, ['t'] = LETTER, ['u'] = LETTER, ['v'] = LETTER,
        ['w'] = LETTER, ['x'] = LETTER, ['y'] = LETTER, ['z'] = LETTER,
    };
    size_t from = 0;
    if (path.len > MAX_PATH)
        return false;
    for (size_t i = 0; i < path.len; i++) {
        unsigned char kind = kinds[(unsigned char)path.ptr[i]];
        if (kind == LETTER)
            continue;
        if (!kind || i == from || i - from > MAX_SEGMENT)
            return false;
        if (kind == SLASH)
            from = i + 1;
    }
    return path.len > from && path.len - from <= MAX_SEGMENT;
}

bool path_is_safe(Str path) {
    if (path_is_plain(path))
        return true;
    if (!path.len || path.len > MAX_PATH || text_invalid_at(path) != SIZE_MAX)
        return false;
    Str segment;
    while (str_cut(&path, '/', &segment))
        if (!is_safe_segment(segment))
            return false;
    return true;
}
