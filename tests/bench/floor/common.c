#define _GNU_SOURCE
#include "common.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

double now(void) {
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

void *must_alloc(void *old, size_t size) {
    void *p = realloc(old, size ? size : 1);

    if (p == NULL)
        err(1, NULL);
    return p;
}

static void add(struct files *out, const char *path, size_t size) {
    if (out->n == out->cap) {
        out->cap = out->cap ? out->cap * 2 : 1024;
        out->v = must_alloc(out->v, out->cap * sizeof(*out->v));
    }
    out->v[out->n].path = strdup(path);
    out->v[out->n].data = NULL;
    out->v[out->n].size = size;
    out->n++;
}

void walk(struct files *out, const char *dir, const char *suffix) {
    char path[PATH_MAX];
    struct dirent *e;
    size_t len, slen = suffix ? strlen(suffix) : 0;
    DIR *d = opendir(dir);

    if (d == NULL)
        err(1, "%s", dir);
    while ((e = readdir(d)) != NULL) {
        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
        if (e->d_type == DT_DIR) {
            walk(out, path, suffix);
            continue;
        }
        len = strlen(e->d_name);
        if (suffix && (len < slen || strcmp(e->d_name + len - slen, suffix)))
            continue;
        add(out, path, 0);
    }
    closedir(d);
}

void read_manifest(struct files *out, const char *path) {
    char *line = NULL, *end;
    size_t cap = 0;
    ssize_t len;
    FILE *f = fopen(path, "r");

    if (f == NULL)
        err(1, "%s", path);
    while ((len = getline(&line, &cap, f)) > 0) {
        if (line[len - 1] == '\n')
            line[len - 1] = '\0';
        size_t size = strtoull(line, &end, 10);
        add(out, end + 1, size);
    }
    free(line);
    fclose(f);
}

char *slurp(const char *path, size_t *size) {
    struct stat st;
    size_t got = 0;
    ssize_t r;
    char *buf;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &st) < 0)
        err(1, "%s", path);
    buf = must_alloc(NULL, (size_t)st.st_size + 1);
    while (got < (size_t)st.st_size &&
           (r = read(fd, buf + got, (size_t)st.st_size - got)) > 0)
        got += (size_t)r;
    close(fd);
    buf[got] = '\0';
    *size = got;
    return buf;
}

struct pool {
    atomic_size_t next;
    size_t n;
    job_fn fn;
    void *arg;
};

static void *work(void *p) {
    struct pool *pool = p;
    size_t i, end;

    for (;;) {
        i = atomic_fetch_add(&pool->next, 16);
        if (i >= pool->n)
            return NULL;
        end = i + 16 < pool->n ? i + 16 : pool->n;
        for (; i < end; i++)
            pool->fn(pool->arg, i);
    }
}

void parallel(size_t n, int threads, job_fn fn, void *arg) {
    struct pool pool = {.n = n, .fn = fn, .arg = arg};
    pthread_t t[64];
    int i;

    if (threads > 64)
        threads = 64;
    for (i = 1; i < threads; i++)
        if (pthread_create(&t[i], NULL, work, &pool) != 0)
            errx(1, "pthread_create");
    work(&pool);
    for (i = 1; i < threads; i++)
        pthread_join(t[i], NULL);
}

static void make_parents(const char *path) {
    char buf[PATH_MAX];
    char *p;

    snprintf(buf, sizeof(buf), "%s", path);
    for (p = buf + 1; (p = strchr(p, '/')) != NULL; p++) {
        *p = '\0';
        if (mkdir(buf, 0777) < 0 && errno != EEXIST)
            err(1, "%s", buf);
        *p = '/';
    }
}

static int same(const char *path, const char *data, size_t size) {
    struct stat st;
    size_t have;
    char *old;
    int r;

    if (stat(path, &st) < 0 || (size_t)st.st_size != size)
        return 0;
    old = slurp(path, &have);
    r = have == size && memcmp(old, data, size) == 0;
    free(old);
    return r;
}

int put(const char *path, const char *data, size_t size, enum write_how how) {
    char tmp[PATH_MAX];
    const char *target = path;
    size_t done = 0;
    ssize_t w;
    int fd;

    if (how == WRITE_CHANGED && same(path, data, size))
        return 0;
    if (how == WRITE_RENAME) {
        snprintf(tmp, sizeof(tmp), "%s.tmp", path);
        target = tmp;
    }
    fd = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0 && errno == ENOENT) {
        make_parents(path);
        fd = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    }
    if (fd < 0)
        err(1, "%s", target);
    while (done < size) {
        w = write(fd, data + done, size - done);
        if (w < 0)
            err(1, "%s", target);
        done += (size_t)w;
    }
    if (close(fd) < 0)
        err(1, "%s", target);
    if (how == WRITE_RENAME && rename(tmp, path) < 0)
        err(1, "%s", path);
    return 1;
}
