#include "cache/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
    FILE_FLAGS = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, // no waiting for a FIFO
    PID_TRIES = 20,
    PID_PAUSE_NS = 10 * 1000 * 1000,
};

static void shut(int *fd) {
    if (*fd >= 0)
        close(*fd); // what matters has been looked at before
    *fd = -1;
}

// --- the folder

static int make_folder(int parent, const char *name) {
    if (mkdirat(parent, name, 0755) != 0 && errno != EEXIST)
        return -1;
    return openat(parent, name, FOLDER);
}

static bool may_write(int folder, const char *name) {
    return faccessat(folder, name, W_OK, AT_EACCESS) == 0;
}

// What tells this site from another one whose cache was put here.
static bool know_site(Arena *a, int root, CacheFolder *f) {
    struct stat st;
    if (fstat(root, &st) != 0)
        return false;
    f->site = str_fmt(a, "%llx:%llx", (unsigned long long)st.st_dev,
                      (unsigned long long)st.st_ino);
    return true;
}

static bool open_folder(Job *job, Arena *a, Str root, CacheFolder *f) {
    Str path = root.len ? root : S(".");
    int top =
        open(str_cstr(job->scratch, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int state = -1;
    if (top >= 0 && know_site(a, top, f))
        state = make_folder(top, ".loa");
    if (state >= 0)
        f->fd = make_folder(state, "cache");
    shut(&top);
    shut(&state);
    return f->fd >= 0 && may_write(f->fd, ".");
}

// Files of ours that are there but may not be written.
static bool may_write_files(const CacheFolder *f) {
    static const char *const names[] = {"data.mdb", "seal", "note"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!may_write(f->fd, names[i]) && errno != ENOENT && errno != ELOOP)
            return false;
    return true;
}

// --- the lock

// The number of the process that signed the lock; 0: none that can be read.
static long signer(int fd) {
    char text[32];
    ssize_t n = pread(fd, text, sizeof text, 0);
    long pid = 0;
    for (ssize_t i = 0; i < n && text[i] >= '0' && text[i] <= '9'; i++)
        pid = pid < 100 * 1000 * 1000 ? 10 * pid + (text[i] - '0') : 0;
    return pid;
}

// Who has just taken the lock may not have signed it yet, and what is read is
// the name of one that is gone.
static Str owner(Arena *a, int fd) {
    struct timespec pause = {0, PID_PAUSE_NS};
    for (int i = 0; i < PID_TRIES; i++) {
        long pid = signer(fd);
        if (pid > 0 && (kill((pid_t)pid, 0) == 0 || errno == EPERM))
            return str_fmt(a, "%ld", pid);
        nanosleep(&pause, NULL);
    }
    return S("?");
}

static int flock_retry(int fd, int how) {
    int rc;
    do
        rc = flock(fd, how);
    while (rc != 0 && errno == EINTR);
    return rc;
}

static CacheState wait_for_lock(Job *job, CacheFolder *f,
                                const CacheOptions *opt, bool *has_waited) {
    if (flock_retry(f->lock, LOCK_EX | LOCK_NB) == 0)
        return CACHE_USED;
    if (errno != EWOULDBLOCK)
        return CACHE_READONLY;
    if (!*has_waited && opt->wait &&
        !opt->wait(opt->ctx, owner(job->keep, f->lock)))
        return CACHE_BUSY;
    *has_waited = true;
    return flock_retry(f->lock, LOCK_EX) == 0 ? CACHE_USED : CACHE_READONLY;
}

static bool is_file(int fd) {
    struct stat st;
    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

static CacheState take_lock(Job *job, CacheFolder *f, const CacheOptions *opt,
                            bool *has_waited) {
    f->lock = openat(f->fd, "lock", O_RDWR | O_CREAT | FILE_FLAGS, 0600);
    if (f->lock < 0 || !is_file(f->lock))
        return CACHE_READONLY;
    return wait_for_lock(job, f, opt, has_waited);
}

static bool sign(const CacheFolder *f) {
    char text[32];
    int n = snprintf(text, sizeof text, "%-20ld\n", (long)getpid());
    return pwrite(f->lock, text, (size_t)n, 0) == n;
}

bool folder_is_ours(const CacheFolder *f) {
    struct stat ours, there;
    return f->lock >= 0 && fstat(f->lock, &ours) == 0 &&
           fstatat(f->fd, "lock", &there, AT_SYMLINK_NOFOLLOW) == 0 &&
           ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

// A full disk on which not even the lock can be signed could save nothing.
CacheState folder_open(Job *job, Arena *a, const CacheOptions *opt,
                       CacheFolder *out) {
    bool has_waited = false;
    for (;;) {
        CacheFolder f = {.fd = -1, .lock = -1};
        CacheState state = CACHE_READONLY;
        if (open_folder(job, a, opt->root, &f))
            state = take_lock(job, &f, opt, &has_waited);
        // Removed while we waited: then there is a new one, or will be.
        bool is_gone = state == CACHE_USED && !folder_is_ours(&f);
        if (state == CACHE_USED && (!may_write_files(&f) || !sign(&f)))
            state = CACHE_READONLY;
        *out = f;
        if (!is_gone && state == CACHE_USED)
            return state;
        folder_close(out);
        if (!is_gone)
            return state;
    }
}

void folder_close(CacheFolder *f) {
    shut(&f->lock);
    shut(&f->fd);
}

// --- files

bool folder_has(const CacheFolder *f, const char *name) {
    return faccessat(f->fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

int folder_open_file(const CacheFolder *f, const char *name, int flags) {
    int fd = openat(f->fd, name, flags | FILE_FLAGS);
    if (fd >= 0 && !is_file(fd))
        shut(&fd);
    return fd;
}

Str folder_read(Arena *a, const CacheFolder *f, const char *name, size_t max) {
    struct stat st;
    Str out = {0};
    int fd = folder_open_file(f, name, O_RDONLY);
    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0 &&
        (uint64_t)st.st_size <= max) {
        char *to = arena_bytes(a, (size_t)st.st_size);
        ssize_t n = read(fd, to, (size_t)st.st_size);
        out = (Str){to, n > 0 ? (size_t)n : 0};
    }
    shut(&fd);
    return out;
}

// What stands under the name is never written into: it may be a link to a file
// of another site, of which this one is a copy.
int folder_create(const CacheFolder *f, const char *name) {
    if (!folder_remove(f, name))
        return -1;
    return openat(f->fd, name, O_RDWR | O_CREAT | O_EXCL | FILE_FLAGS, 0600);
}

bool folder_rename(const CacheFolder *f, const char *from, const char *to) {
    return renameat(f->fd, from, f->fd, to) == 0 ||
           (folder_remove(f, to) && renameat(f->fd, from, f->fd, to) == 0);
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

bool folder_write(const CacheFolder *f, const char *name, Str bytes) {
    int fd = folder_create(f, "new");
    bool ok = fd >= 0 && write_all(fd, bytes);
    if (fd >= 0 && close(fd) != 0)
        ok = false;
    if (ok && folder_rename(f, "new", name))
        return true;
    folder_remove(f, "new");
    return false;
}

// An empty folder of that name goes, too; a full one is somebody's.
bool folder_remove(const CacheFolder *f, const char *name) {
    return unlinkat(f->fd, name, 0) == 0 || errno == ENOENT ||
           unlinkat(f->fd, name, AT_REMOVEDIR) == 0;
}
