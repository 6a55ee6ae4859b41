#include "write/io.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// Content is hashed in pieces of this size, so that a large file needs no more
// memory than a small one and has the same hash whichever way it is read.
enum { PIECE = 64 * 1024 };

int io_open(int dir, const char *path, int flags) {
    struct open_how how = {
        .flags = (unsigned long long)flags | O_CLOEXEC,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
    };
    return (int)syscall(SYS_openat2, dir, path, &how, sizeof how);
}

bool io_write(int fd, Str bytes) {
    while (bytes.len) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = ENOSPC;
        if (n <= 0)
            return false;
        bytes = str_slice(bytes, (size_t)n, bytes.len);
    }
    return true;
}

static bool write_beside(int dir, const char *name, const char *tmp,
                         Str bytes) {
    struct stat st;
    int fd = openat(dir, tmp,
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0)
        return false;
    bool ok = io_write(fd, bytes) &&
              (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
               fchmod(fd, st.st_mode & 07777) == 0) &&
              fsync(fd) == 0;
    int err = errno;
    if (close(fd) != 0 && ok)
        return false;
    errno = err;
    return ok;
}

bool io_replace(int dir, const char *name, Str bytes) {
    char tmp[256];
    snprintf(tmp, sizeof tmp, ".%s.new", name);
    unlinkat(dir, tmp, 0); // of a command that was killed
    if (write_beside(dir, name, tmp, bytes) &&
        renameat(dir, tmp, dir, name) == 0)
        return true;
    int err = errno;
    unlinkat(dir, tmp, 0);
    errno = err;
    return false;
}

long io_read(int fd, char *buf, size_t size) {
    size_t len = 0;
    while (len < size) {
        ssize_t n = read(fd, buf + len, size - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        len += (size_t)n;
    }
    return (long)len;
}

static void content_add(Content *c, Hasher *h, Str piece) {
    hasher_str(h, piece);
    c->hash = h->sum;
    c->size += piece.len;
}

Content io_content(Str bytes) {
    Content c = {0};
    Hasher h = {0};
    for (size_t i = 0; i < bytes.len; i += PIECE)
        content_add(&c, &h, str_slice(bytes, i, i + PIECE));
    return c;
}

static bool pump(char *buf, int from, int to, Content *out, bool *is_source) {
    Hasher h = {0};
    for (;;) {
        *is_source = true;
        long n = io_read(from, buf, PIECE);
        if (n <= 0)
            return n == 0;
        *is_source = false;
        Str piece = {buf, (size_t)n};
        if (to >= 0 && !io_write(to, piece))
            return false;
        content_add(out, &h, piece);
    }
}

bool io_pump(Arena *scratch, int from, int to, Content *out, bool *is_source) {
    ArenaMark mark = arena_mark(scratch);
    *out = (Content){0};
    char *buf = ARENA_ARRAY(scratch, char, PIECE);
    bool ok = pump(buf, from, to, out, is_source);
    int err = errno;
    arena_reset(scratch, mark);
    errno = err;
    return ok;
}

int64_t io_mtime(const struct stat *st) {
    return st->st_mtim.tv_sec * INT64_C(1000000000) + st->st_mtim.tv_nsec;
}
