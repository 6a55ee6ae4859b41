// The state folder is ".NAME.loa" in the folder that holds NAME, so that a
// staged file can be renamed into place. Where NAME is on another file system
// than its parent, or only NAME may be written, it is ".loa" inside NAME. Only
// its owner may enter it: a web server that serves NAME cannot show what is
// being staged.
#include "write/state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "write/io.h"

enum {
    FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
    MAX_DEPTH = 512, // a path of 1,024 bytes has no more folders
};

static Pos at(Str path) {
    return (Pos){.path = path};
}

Str state_shown(Job *job, const State *s, Str path) {
    return path.len ? path_join(job->keep, s->dir, path) : s->dir;
}

static void shut(int *fd) {
    if (*fd >= 0)
        close(*fd); // opened to read or to lock: nothing can be lost
    *fd = -1;
}

void state_close(State *s) {
    shut(&s->lock);
    shut(&s->folder);
    shut(&s->root);
    shut(&s->parent);
}

// The place of `dir` with all links resolved: two names of one folder must
// share one lock. A last part that does not exist yet is allowed.
static bool resolve(Job *job, const char *dir, char out[PATH_MAX]) {
    Str shown = str_from(dir);
    if (realpath(dir, out))
        return true;
    struct stat st;
    if (errno != ENOENT || lstat(dir, &st) == 0)
        return diag_system(job->diags, shown, _("open the folder"), errno);
    Str base = path_base(shown), above = path_dir(shown);
    const char *parent = str_cstr(job->scratch, above);
    if (!above.len)
        parent = shown.ptr[0] == '/' ? "/" : ".";
    char real[PATH_MAX];
    if (!realpath(parent, real)) {
        diag_system(job->diags, str_from(parent), _("open the folder"), errno);
        diag_hint(job->diags, _("make this folder first, or give another "
                                "folder for the output"));
        return false;
    }
    int n = snprintf(out, PATH_MAX, "%s/%.*s", real, STR_ARG(base));
    return n < PATH_MAX ||
           diag_system(job->diags, shown, _("open the folder"), ENAMETOOLONG);
}

// "public/" and "./public" are good, "", "/", "." and "..", are not: the
// folder must have a name that the state folder can be named after.
static bool check_name(Job *job, Str *dir) {
    while (dir->len > 1 && str_ends(*dir, S("/")))
        dir->len--;
    Str base = path_base(*dir);
    if (base.len && !str_eq(base, S(".")) && !str_eq(base, S("..")) &&
        !str_eq(*dir, S("/")))
        return true;
    diag_error(job->diags, "E-OUTPUT-DIR", at(*dir),
               _("the output folder has no name of its own"));
    diag_hint(job->diags, _("name a folder, such as public"));
    return false;
}

static int open_folder(int parent, const char *name) {
    return openat(parent, name, FOLDER);
}

static bool open_places(Job *job, State *s) {
    char real[PATH_MAX];
    if (!resolve(job, str_cstr(job->scratch, s->dir), real))
        return false;
    char *slash = strrchr(real, '/');
    s->name = str_cstr(job->keep, str_from(slash + 1));
    slash[slash == real] = 0; // keeps the "/" of "/name"
    s->parent = open(real, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (s->parent < 0)
        return diag_system(job->diags, str_from(real), _("open the folder"),
                           errno);
    s->root = open_folder(s->parent, s->name);
    return s->root >= 0 || errno == ENOENT ||
           diag_system(job->diags, s->dir, _("open the folder"), errno);
}

// A rename does not cross mounts, even between two views of one device.
static bool is_same_mount(int a, int b) {
    struct statx x, y;
    unsigned want = STATX_BASIC_STATS | STATX_MNT_ID;
    if (statx(a, "", AT_EMPTY_PATH, want, &x) ||
        statx(b, "", AT_EMPTY_PATH, want, &y))
        return false;
    return x.stx_dev_major == y.stx_dev_major &&
           x.stx_dev_minor == y.stx_dev_minor && x.stx_mnt_id == y.stx_mnt_id;
}

static int make_folder(int parent, const char *name) {
    if (mkdirat(parent, name, 0700) != 0 && errno != EEXIST)
        return -1;
    return open_folder(parent, name);
}

static bool is_refusal(int err) {
    return err == EACCES || err == EPERM || err == EROFS;
}

static int open_inside(Job *job, State *s, bool make) {
    s->path = path_join(job->keep, s->dir, S(".loa"));
    return make ? make_folder(s->root, ".loa") : open_folder(s->root, ".loa");
}

static int open_beside(Job *job, State *s, bool make) {
    Str name = str_fmt(job->scratch, ".%s.loa", s->name);
    s->path = path_join(job->keep, path_dir(s->dir), name);
    const char *beside = str_cstr(job->scratch, name);
    return make ? make_folder(s->parent, beside)
                : open_folder(s->parent, beside);
}

static int open_state(Job *job, State *s, bool make) {
    if (s->root >= 0 && !is_same_mount(s->root, s->parent))
        return open_inside(job, s, make);
    int fd = open_beside(job, s, false);
    if (fd >= 0 || errno != ENOENT)
        return fd;
    if (s->root >= 0 && (fd = open_inside(job, s, false)) >= 0)
        return fd;
    if (!make || errno != ENOENT)
        return -1;
    fd = open_beside(job, s, true);
    if (fd >= 0 || !is_refusal(errno) || s->root < 0)
        return fd;
    return open_inside(job, s, true);
}

bool state_open(Job *job, Str dir, bool make, State *out) {
    State s = {.parent = -1, .root = -1, .folder = -1, .lock = -1};
    if (!check_name(job, &dir))
        return false;
    s.dir = str_copy(job->keep, dir);
    bool ok = open_places(job, &s);
    if (ok) {
        s.folder = open_state(job, &s, make);
        // What another user keeps to himself is none of a reader's business.
        bool is_none = !make && (errno == ENOENT || is_refusal(errno));
        if (s.folder < 0 && !is_none)
            ok = diag_system(job->diags, s.path, _("open the folder"), errno);
    }
    if (!ok) {
        state_close(&s);
        return false;
    }
    *out = s;
    return true;
}

// The process is named for the message only; the lock is the kernel's.
// Without it (disk full) the message shows "?".
static void sign_lock(int fd) {
    char text[32];
    int n = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    ssize_t rc = ftruncate(fd, 0);
    if (rc == 0)
        rc = pwrite(fd, text, (size_t)n, 0);
    (void)rc;
}

// -1 and errno on failure; EWOULDBLOCK when another has it.
static int lock_once(const State *s, bool wait) {
    int fd = openat(s->folder, "lock",
                    O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return -1;
    int rc;
    do
        rc = flock(fd, wait ? LOCK_EX : LOCK_EX | LOCK_NB);
    while (rc != 0 && errno == EINTR);
    if (rc == 0)
        return fd;
    int err = errno;
    close(fd);
    errno = err;
    return -1;
}

// The process that signed the lock.
static Str owner(Job *job, const State *s) {
    char text[32] = "";
    int fd = io_open(s->folder, "lock", O_RDONLY);
    long n = fd < 0 ? 0 : io_read(fd, text, sizeof text - 1);
    shut(&fd);
    Str pid = str_trim((Str){text, n > 0 ? (size_t)n : 0});
    return pid.len ? str_copy(job->keep, pid) : S("?");
}

LockResult state_lock(Job *job, State *s, const OutputWait *wait) {
    for (bool waits = false;;) {
        int fd = lock_once(s, waits);
        if (fd < 0 && errno == EWOULDBLOCK) {
            if (!wait || wait->no_wait)
                return LOCK_BUSY;
            if (wait->say)
                wait->say(wait->ctx, owner(job, s));
            waits = true;
            continue;
        }
        struct stat st;
        if (fd < 0 || fstat(fd, &st) != 0) {
            diag_system(job->diags, path_join(job->keep, s->path, S("lock")),
                        _("take the lock"), errno);
            shut(&fd);
            return LOCK_FAILED;
        }
        if (st.st_nlink) {
            sign_lock(fd);
            s->lock = fd;
            return LOCK_HELD;
        }
        shut(&fd); // removed while we waited: lock the new one
    }
}

bool state_say_busy(Job *job, const State *s) {
    Str pid = owner(job, s);
    diag_error(job->diags, "E-BUSY", at(s->dir),
               _("another build is writing here (process %.*s)"), STR_ARG(pid));
    diag_hint(job->diags, _("wait until it has ended, then try again"));
    return false;
}

static bool read_all(Job *job, int fd, Str *out) {
    struct stat st;
    if (fstat(fd, &st) != 0)
        return false;
    // Larger than this we never wrote; the checksum will say so.
    size_t size = st.st_size < INT_MAX ? (size_t)st.st_size : 0;
    char *buf = arena_bytes(job->keep, size);
    long n = io_read(fd, buf, size);
    if (n < 0)
        return false;
    *out = (Str){buf, (size_t)n};
    return true;
}

bool state_read(Job *job, const State *s, const char *name, bool *exists,
                Str *out) {
    Str shown = path_join(job->keep, s->path, str_from(name));
    int fd = io_open(s->folder, name, O_RDONLY);
    *exists = fd >= 0;
    if (fd < 0 && errno == ENOENT)
        return true;
    bool ok = fd >= 0 && read_all(job, fd, out);
    int err = errno;
    shut(&fd);
    return ok || diag_system(job->diags, shown, _("read the file"), err);
}

bool state_write(Job *job, const State *s, int dir, const char *name,
                 Str bytes) {
    Str shown = path_join(job->keep, s->path, str_from(name));
    int fd = openat(
        dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && io_write(fd, bytes);
    int err = errno;
    if (fd >= 0 && close(fd) != 0 && ok) {
        err = errno;
        ok = false;
    }
    return ok || diag_system(job->diags, shown, _("write the file"), err);
}

uint64_t state_file_id(const State *s, const char *name) {
    struct stat st;
    bool ok = fstatat(s->folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
              S_ISREG(st.st_mode);
    return ok ? (uint64_t)st.st_ino : 0;
}

static bool is_leftover(const char *name) {
    Str s = str_from(name);
    return str_starts(s, S("staging.")) || str_eq(s, S("journal.tmp"));
}

static DIR *list(int dir, const char *name) {
    int fd = openat(dir, name, FOLDER);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    if (!d)
        shut(&fd);
    return d;
}

bool state_has_leftovers(const State *s) {
    bool found = false;
    DIR *d = list(s->folder, ".");
    for (struct dirent *e; d && !found && (e = readdir(d));)
        found = is_leftover(e->d_name);
    if (d)
        closedir(d);
    return found;
}

static bool remove_any(int dir, const char *name) {
    return unlinkat(dir, name, 0) == 0 || errno == ENOENT ||
           unlinkat(dir, name, AT_REMOVEDIR) == 0;
}

static bool is_dots(const char *name) {
    return str_eq(str_from(name), S(".")) || str_eq(str_from(name), S(".."));
}

// With all below it; links in it are removed, not followed.
static bool remove_staging(int dir, const char *name, int depth) {
    if (remove_any(dir, name))
        return true;
    DIR *d = depth < MAX_DEPTH ? list(dir, name) : NULL;
    bool ok = d != NULL;
    for (struct dirent *e; d && (e = readdir(d));)
        ok = (is_dots(e->d_name) ||
              remove_staging(dirfd(d), e->d_name, depth + 1)) &&
             ok;
    if (d)
        closedir(d);
    return ok && remove_any(dir, name);
}

void state_sweep(Job *job, const State *s) {
    DIR *d = list(s->folder, ".");
    bool ok = d != NULL;
    for (struct dirent *e; d && (e = readdir(d));)
        ok = (!is_leftover(e->d_name) ||
              remove_staging(s->folder, e->d_name, 0)) &&
             ok;
    if (d)
        closedir(d);
    if (!ok)
        diag_warn(job->diags, "E-OUTPUT-STAGING", at(s->path),
                  _("temporary files could not be removed: %s"),
                  strerror(errno));
}
