/* Helpers shared by the floor programs. */
#ifndef FLOOR_COMMON_H
#define FLOOR_COMMON_H

#include <stddef.h>

struct file {
    char *path; /* relative to the root it was found under */
    char *data; /* contents, when read; NUL-terminated */
    size_t size;
};

struct files {
    struct file *v;
    size_t n;
    size_t cap;
};

enum write_how {
    WRITE_PLAIN,  /* open, write, close */
    WRITE_RENAME, /* write beside, then rename over */
    WRITE_CHANGED /* read what is there; write only when it differs */
};

typedef void (*job_fn)(void *arg, size_t i);

double now(void);
void *must_alloc(void *old, size_t size);

/* Add DIR's files whose name ends in SUFFIX (NULL: all), by readdir alone. */
void walk(struct files *out, const char *dir, const char *suffix);

/* Lines "SIZE PATH" as `find -printf '%s %P\n'` prints them. */
void read_manifest(struct files *out, const char *path);

char *slurp(const char *path, size_t *size);

/* Call fn(arg, 0..n-1) from `threads` threads, in chunks. */
void parallel(size_t n, int threads, job_fn fn, void *arg);

/* Put size bytes at path, making missing parent folders. 1: it was written. */
int put(const char *path, const char *data, size_t size, enum write_how how);

#endif
