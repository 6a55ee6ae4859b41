// System calls of the writing side, each with the care it needs: no link is
// followed, short writes go on, every return code is passed on. They set errno
// and say nothing; the caller knows the name that the user would understand.
#ifndef LOA_WRITE_IO_H
#define LOA_WRITE_IO_H

#include "base/hash.h"

// What a file holds, as the manifest remembers it.
typedef struct {
    Hash hash;
    uint64_t size;
} Content;

// openat2 beneath `dir`, through no link. -1 and errno on failure.
int io_open(int dir, const char *path, int flags);

// All of `bytes`. False and errno on failure.
bool io_write(int fd, Str bytes);

// The file `name` in `dir`, new or with its mode, whole or not at all: it is
// written beside it, synced and renamed. False and errno on failure.
bool io_replace(int dir, const char *name, Str bytes);

// A read as long as it can be had: less than `size` only at the end. -1 and
// errno on failure.
long io_read(int fd, char *buf, size_t size);

Content io_content(Str bytes);

struct stat;
int64_t io_mtime(const struct stat *st); // nanoseconds

// The content of `from` to its end, also written to `to` unless that is -1.
// errno is what failed; *is_source says on which side.
bool io_pump(Arena *scratch, int from, int to, Content *out, bool *is_source);

#endif
