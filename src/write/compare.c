// Both sides are read in pieces, so that a large file needs no more memory than
// a small one. The lock is held from the beginning to the end, as in a build.
#include "write/compare.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "write/journal.h"
#include "write/manifest.h"
#include "write/state.h"

enum { PIECE = 64 * 1024 };

typedef struct {
    Difference found;
    uint64_t bytes;
    bool is_used;
} Slot;

struct Compare {
    State state;
    Manifest old;
    Slot *slots;
    size_t n;
    bool *is_wanted; // for each file of the manifest
};

// What a file has or is to have: a file, or bytes when fd is -1.
typedef struct {
    int fd;
    char *buf;
    Str rest;
} Side;

static bool say_system(Job *job, const Compare *c, Str path) {
    int err = errno;
    return diag_system(job->diags, state_shown(job, &c->state, path),
                       _("read the file"), err);
}

static bool lock(Job *job, Compare *c, const OutputWait *wait, bool *busy) {
    if (c->state.folder < 0)
        return true; // nothing has been published here
    LockResult lock = state_lock(job, &c->state, wait);
    *busy = lock == LOCK_BUSY;
    if (*busy)
        return state_say_busy(job, &c->state);
    return lock == LOCK_HELD && journal_recover(job, &c->state) &&
           manifest_load(job, &c->state, &c->old);
}

Compare *compare_begin(Job *job, Str dir, size_t n, const OutputWait *wait,
                       bool *busy) {
    Compare *c = ARENA_NEW(job->keep, Compare);
    *busy = false;
    if (!state_open(job, dir, false, &c->state))
        return NULL;
    if (!lock(job, c, wait, busy)) {
        state_close(&c->state);
        return NULL;
    }
    c->n = n;
    c->slots = ARENA_ARRAY(job->keep, Slot, n);
    c->is_wanted = ARENA_ARRAY(job->keep, bool, c->old.len);
    return c;
}

// The next piece. False and errno on failure.
static bool next(Side *s, Str *out) {
    if (s->fd < 0) {
        *out = str_slice(s->rest, 0, PIECE);
        s->rest = str_slice(s->rest, out->len, s->rest.len);
        return true;
    }
    long n = io_read(s->fd, s->buf, PIECE);
    *out = (Str){s->buf, n > 0 ? (size_t)n : 0};
    return n >= 0;
}

static size_t count_lines(Str s) {
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += s.ptr[i] == '\n';
    return n;
}

static size_t common(Str a, Str b) {
    size_t n = a.len < b.len ? a.len : b.len, i = 0;
    if (n && memcmp(a.ptr, b.ptr, n) == 0)
        return n;
    while (i < n && a.ptr[i] == b.ptr[i])
        i++;
    return i;
}

// Which of the two could not be read is *is_made.
static bool compare(Side *has, Side *made, Slot *out, bool *is_made) {
    uint64_t byte = 1, line = 1;
    for (;;) {
        Str a, b;
        *is_made = true;
        if (!next(made, &b))
            return false;
        *is_made = false;
        if (!next(has, &a))
            return false;
        size_t same = common(a, b);
        out->bytes += b.len;
        byte += same;
        line += count_lines(str_slice(a, 0, same));
        if (same < a.len || same < b.len) {
            out->found.kind = DIFFERENCE_BYTES;
            out->found.byte = byte;
            out->found.line = line;
            return true;
        }
        if (!a.len)
            return true;
    }
}

// Opens what is published. -1 without an error: *out says why.
static int open_published(Job *job, const Compare *c, Str path, Slot *out) {
    int fd = c->state.root < 0
                 ? -1
                 : io_open(c->state.root, str_cstr(job->scratch, path),
                           O_RDONLY | O_NONBLOCK);
    int err = c->state.root < 0 ? ENOENT : errno;
    struct stat st;
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        return fd;
    if (fd < 0 && (err == ENOENT || err == ENOTDIR)) {
        out->found.kind = DIFFERENCE_MISSING;
    } else if (fd >= 0 || err == ELOOP || err == ENXIO) {
        out->found.kind = DIFFERENCE_NO_FILE;
    } else {
        errno = err;
        say_system(job, c, path);
    }
    if (fd >= 0)
        close(fd); // read only
    return -1;
}

static Slot *open_slot(Compare *c, size_t i, Str path) {
    const ManifestFile *old = manifest_find(&c->old, path, i);
    if (old)
        c->is_wanted[old - c->old.files] = true;
    c->slots[i] = (Slot){.found.path = path, .is_used = true};
    return &c->slots[i];
}

static bool read_both(Job *job, Compare *c, Slot *slot, Side *made,
                      bool *is_made) {
    Side has = {.fd = open_published(job, c, slot->found.path, slot)};
    *is_made = false;
    if (has.fd < 0)
        return slot->found.kind != DIFFERENCE_NONE;
    ArenaMark mark = arena_mark(job->scratch);
    has.buf = ARENA_ARRAY(job->scratch, char, PIECE);
    made->buf = made->fd < 0 ? NULL : ARENA_ARRAY(job->scratch, char, PIECE);
    bool ok = compare(&has, made, slot, is_made);
    int err = errno;
    arena_reset(job->scratch, mark);
    close(has.fd); // read only
    errno = err;
    return ok || *is_made || say_system(job, c, slot->found.path);
}

bool compare_bytes(Job *job, Compare *c, size_t i, Str path, Str bytes) {
    Side made = {.fd = -1, .rest = bytes};
    bool is_made;
    return read_both(job, c, open_slot(c, i, path), &made, &is_made);
}

static bool say_source(Job *job, const FsRoot *root, Str from) {
    return diag_system(job->diags, path_join(job->keep, root->path, from),
                       _("read the file"), errno);
}

bool compare_copy(Job *job, Compare *c, size_t i, Str path, const FsRoot *root,
                  Str from) {
    Slot *slot = open_slot(c, i, path);
    Side made = {.fd = io_open(root->fd, str_cstr(job->scratch, from),
                               O_RDONLY | O_NONBLOCK)};
    if (made.fd < 0)
        return say_source(job, root, from);
    bool is_made;
    bool ok = read_both(job, c, slot, &made, &is_made);
    if (ok && is_made)
        ok = say_source(job, root, from);
    close(made.fd); // read only
    return ok;
}

static bool is_on_disk(Job *job, const Compare *c, Str path) {
    struct stat st;
    return c->state.root >= 0 &&
           fstatat(c->state.root, str_cstr(job->scratch, path), &st,
                   AT_SYMLINK_NOFOLLOW) == 0;
}

static int by_path(const void *a, const void *b) {
    const Difference *x = a, *y = b;
    return str_cmp(x->path, y->path);
}

void compare_end(Job *job, Compare *c, Differences *out) {
    *out = (Differences){0};
    out->items = ARENA_ARRAY(job->keep, Difference, c->n + c->old.len);
    for (size_t i = 0; i < c->n; i++) {
        out->files += c->slots[i].is_used;
        out->bytes += c->slots[i].bytes;
        if (c->slots[i].found.kind != DIFFERENCE_NONE)
            out->items[out->len++] = c->slots[i].found;
    }
    for (size_t i = 0; i < c->old.len; i++)
        if (!c->is_wanted[i] && is_on_disk(job, c, c->old.files[i].path))
            out->items[out->len++] =
                (Difference){DIFFERENCE_EXTRA, c->old.files[i].path, 0, 0};
    if (out->len)
        qsort(out->items, out->len, sizeof *out->items, by_path);
    state_close(&c->state);
}
