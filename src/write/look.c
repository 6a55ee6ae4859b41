#include "write/look.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/aside.h"

struct OutputLook {
    Arena *arena; // this struct, too
    Str dir;
    Aside *aside;
    int list; // the file the manifest was read from, -1: none. While it is
              // open no other file can have its number
    Manifest manifest;
    bool *is_there;
};

static bool is_same_file(int fd, int folder, const char *name) {
    struct stat a, b;
    return fstat(fd, &a) == 0 &&
           fstatat(folder, name, &b, AT_SYMLINK_NOFOLLOW) == 0 &&
           a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

bool look_is_there(Job *job, const State *s, const ManifestFile *file) {
    ArenaMark mark = arena_mark(job->scratch);
    struct stat st;
    int rc = s->root < 0 ? -1
                         : fstatat(s->root, str_cstr(job->scratch, file->path),
                                   &st, AT_SYMLINK_NOFOLLOW);
    arena_reset(job->scratch, mark);
    return rc == 0 && S_ISREG(st.st_mode) &&
           (uint64_t)st.st_size == file->content.size &&
           io_mtime(&st) == file->mtime_ns;
}

static void look_at(Job *job, OutputLook *l, const State *s) {
    l->list = io_open(s->folder, MANIFEST_NAME, O_RDONLY);
    if (l->list < 0 || !manifest_load(job, s, &l->manifest))
        return;
    l->is_there = ARENA_ARRAY(job->keep, bool, l->manifest.len);
    for (size_t i = 0; i < l->manifest.len; i++)
        l->is_there[i] = look_is_there(job, s, &l->manifest.files[i]);
}

static void run(Job *job, void *ctx) {
    OutputLook *l = ctx;
    State s;
    if (!state_open(job, l->dir, false, &s))
        return;
    if (s.folder >= 0)
        look_at(job, l, &s);
    state_close(&s);
}

OutputLook *output_look(Str dir) {
    Arena *arena = arena_new();
    OutputLook *l = ARENA_NEW(arena, OutputLook);
    *l = (OutputLook){.arena = arena, .dir = str_copy(arena, dir), .list = -1};
    l->aside = aside_begin(run, l);
    return l;
}

bool look_take(OutputLook *l, const State *s, Manifest *out,
               const bool **is_there) {
    if (!l)
        return false;
    aside_wait(l->aside);
    if (!l->is_there || !l->manifest.is_known ||
        !is_same_file(l->list, s->folder, MANIFEST_NAME))
        return false;
    *out = l->manifest;
    *is_there = l->is_there;
    return true;
}

void output_look_end(OutputLook *l) {
    if (!l)
        return;
    aside_free(l->aside);
    if (l->list >= 0)
        close(l->list); // read only
    arena_free(l->arena);
}
