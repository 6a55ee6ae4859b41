#include "write/changes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "write/manifest.h"

enum { FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

static const char MANIFEST[] = MANIFEST_NAME, TOLD[] = "told",
                  NEW[] = "told.tmp";

static void add(Job *job, Strs *to, Str path) {
    to->items[to->len++] = str_copy(job->keep, path);
}

// Both are sorted: one walk.
static void find_changes(Job *job, const Manifest *was, const Manifest *is,
                         Changes *out) {
    size_t i = 0, k = 0;
    out->changed.items = ARENA_ARRAY(job->keep, Str, is->len);
    out->removed.items = ARENA_ARRAY(job->keep, Str, was->len);
    while (i < was->len || k < is->len) {
        const ManifestFile *old = i < was->len ? &was->files[i] : NULL;
        const ManifestFile *now = k < is->len ? &is->files[k] : NULL;
        int order = !old ? 1 : !now ? -1 : str_cmp(old->path, now->path);
        if (order < 0)
            add(job, &out->removed, old->path);
        else if (order > 0 || !manifest_is_same(old, now))
            add(job, &out->changed, now->path);
        i += order <= 0;
        k += order >= 0;
    }
}

// Messages about a damaged manifest are the build's.
static bool load(Job *job, const State *s, const char *name, Manifest *out) {
    Diags none = {.arena = job->scratch};
    Job silent = {job->scratch, job->scratch, &none, NULL};
    return manifest_load_as(&silent, s, name, out) && out->is_known;
}

static bool compare(Job *job, const State *s, Changes *out) {
    Manifest was = {0}, is = {0};
    ArenaMark mark = arena_mark(job->scratch);
    if (!load(job, s, TOLD, &was))
        was = (Manifest){0}; // all has changed
    bool ok = load(job, s, MANIFEST, &is);
    if (ok)
        find_changes(job, &was, &is, out);
    arena_reset(job->scratch, mark);
    return ok;
}

static bool open_quietly(Job *job, Str dir, State *out) {
    Diags none = {.arena = job->scratch};
    Job silent = {job->keep, job->scratch, &none, NULL};
    if (!state_open(&silent, dir, false, out))
        return false;
    if (out->folder >= 0)
        return true;
    state_close(out);
    return false;
}

uint64_t changes_last_told(const State *s) {
    uint64_t is = state_file_id(s, MANIFEST);
    return is == state_file_id(s, TOLD) ? is : 0;
}

bool changes_since(Job *job, Str dir, const Changes *made, Changes *out) {
    State s;
    *out = (Changes){0};
    if (!open_quietly(job, dir, &s))
        return false;
    uint64_t is = state_file_id(&s, MANIFEST), told = state_file_id(&s, TOLD);
    bool ok = true;
    if (made->since && made->since == told && made->manifest == is)
        *out = *made;
    else if (is != told)
        ok = compare(job, &s, out);
    out->manifest = is;
    out->since = told;
    state_close(&s);
    return ok && is;
}

// Where a file can have one name only: a copy.
static bool copy_manifest(Job *job, const State *s) {
    Diags none = {.arena = job->scratch};
    Job silent = {job->scratch, job->scratch, &none, NULL};
    bool exists;
    Str bytes = {0};
    return state_read(&silent, s, MANIFEST, &exists, &bytes) && exists &&
           state_write(&silent, s, s->folder, NEW, bytes);
}

static bool name_twice(Job *job, const State *s, const Changes *c) {
    unlinkat(s->folder, NEW, 0);
    if (linkat(s->folder, MANIFEST, s->folder, NEW, 0) == 0)
        return state_file_id(s, NEW) == c->manifest; // else another build's
    ArenaMark mark = arena_mark(job->scratch);
    bool ok =
        copy_manifest(job, s) && state_file_id(s, MANIFEST) == c->manifest;
    arena_reset(job->scratch, mark);
    return ok;
}

// If it fails, the same is told once more.
void changes_told(Job *job, Str dir, const Changes *c) {
    State s;
    if (c->since == c->manifest || !open_quietly(job, dir, &s))
        return;
    if (state_file_id(&s, TOLD) != c->manifest && name_twice(job, &s, c))
        renameat(s.folder, NEW, s.folder, TOLD);
    unlinkat(s.folder, NEW, 0); // of a telling that failed
    state_close(&s);
}

// --- files for others

static bool holds(Job *job, int folder, const char *name, Str bytes) {
    struct stat st;
    int fd =
        openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool ok = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
              (uint64_t)st.st_size == bytes.len;
    if (ok && bytes.len) {
        ArenaMark mark = arena_mark(job->scratch);
        char *has = ARENA_ARRAY(job->scratch, char, bytes.len);
        ok = io_read(fd, has, bytes.len) == (long)bytes.len &&
             memcmp(has, bytes.ptr, bytes.len) == 0;
        arena_reset(job->scratch, mark);
    }
    if (fd >= 0)
        close(fd); // read only
    return ok;
}

static bool replace(int folder, const char *name, Str bytes) {
    char tmp[64];
    snprintf(tmp, sizeof tmp, "%s.tmp", name);
    unlinkat(folder, tmp, 0); // of a build that was killed
    int fd = openat(folder, tmp,
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    bool ok = fd >= 0 && io_write(fd, bytes);
    int err = errno;
    if (fd >= 0 && close(fd) != 0 && ok) {
        err = errno;
        ok = false;
    }
    if (ok && renameat(folder, tmp, folder, name) == 0)
        return true;
    err = ok ? errno : err;
    if (fd >= 0)
        unlinkat(folder, tmp, 0);
    errno = err;
    return false;
}

static int open_folder(Job *job, Str site) {
    const char *path =
        str_cstr(job->scratch, path_join(job->scratch, site, S(".loa")));
    if (mkdir(path, 0755) != 0 && errno != EEXIST)
        return -1;
    return open(path, FOLDER);
}

bool changes_save(Job *job, Str site, const char *name, Str bytes) {
    int folder = open_folder(job, site);
    if (folder < 0)
        return false;
    bool ok = holds(job, folder, name, bytes) || replace(folder, name, bytes);
    int err = errno;
    close(folder); // a folder
    errno = err;
    return ok;
}
