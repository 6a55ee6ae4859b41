// The public calls, and staging: what is rendered goes to a file of its own in
// this build's staging folder, named by its slot, unless the same bytes are
// published already. A file counts as that without being read when it is in
// the manifest and its size and time are as they were left.
//
//   output.c    the calls that write; commit.c decides what changes;
//   journal.c   carries that out; manifest.c remembers it; state.c knows
//               where, and holds the lock; pack.c and io.c help them
#include "write/output.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "write/commit.h"
#include "write/journal.h"
#include "write/look.h"
#include "write/tree.h"

static bool say_system(Job *job, const Tree *t, Str path, const char *doing) {
    int err = errno;
    return diag_system(job->diags, state_shown(job, &t->state, path), doing,
                       err);
}

static bool say_link(Job *job, const Tree *t, Str path) {
    diag_error(job->diags, "E-OUTPUT-LINK",
               (Pos){.path = state_shown(job, &t->state, path)},
               _("this is a link or a device, and loa does not write through "
                 "it or replace it"));
    diag_hint(job->diags, _("remove it from the output folder and build "
                            "again"));
    return false;
}

static bool recover(Job *job, State *s) {
    if (!journal_recover(job, s))
        return false;
    if (state_has_leftovers(s))
        state_sweep(job, s);
    return true;
}

// In doubt there is one: its staging must not be swept.
static bool has_journal(const State *s) {
    return faccessat(s->folder, "journal", F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
           errno != ENOENT;
}

// While another build holds the lock, what lies there is its own.
static bool recover_if_needed(Job *job, State *s) {
    if (s->folder < 0 || (!has_journal(s) && !state_has_leftovers(s)))
        return true;
    LockResult lock = state_lock(job, s, NULL);
    return lock == LOCK_HELD ? recover(job, s) : lock == LOCK_BUSY;
}

bool output_recover(Job *job, Str dir) {
    State s;
    if (!state_open(job, dir, false, &s))
        return false;
    bool ok = recover_if_needed(job, &s);
    state_close(&s);
    return ok;
}

static const char *staging_name(Job *job) {
    uint64_t id = 0;
    if (getrandom(&id, sizeof id, 0) != sizeof id)
        id = (uint64_t)getpid(); // a clash is an error of mkdir, no more
    return str_cstr(job->keep,
                    str_fmt(job->scratch, "staging.%016" PRIx64, id));
}

static bool make_staging(Job *job, Tree *t) {
    t->staging = staging_name(job);
    const State *s = &t->state;
    struct stat st;
    if (mkdirat(s->folder, t->staging, 0755) == 0)
        t->staging_fd = io_open(s->folder, t->staging, O_RDONLY | O_DIRECTORY);
    if (t->staging_fd < 0 || fstat(t->staging_fd, &st) != 0)
        return diag_system(job->diags, s->path, _("make a folder here"), errno);
    t->needs_chmod = (st.st_mode & 0755) != 0755;
    t->is_fresh = s->root < 0 && !t->old.len && !t->needs_chmod;
    return !t->needs_chmod || fchmod(t->staging_fd, 0755) == 0 ||
           diag_system(job->diags, s->path, _("make a folder here"), errno);
}

static bool begin(Job *job, Tree *t, bool *busy) {
    if (!state_open(job, t->opt.dir, true, &t->state))
        return false;
    LockResult lock = state_lock(job, &t->state, &t->opt.wait);
    *busy = lock == LOCK_BUSY;
    if (*busy)
        return state_say_busy(job, &t->state);
    return lock == LOCK_HELD && recover(job, &t->state) &&
           (look_take(t->opt.look, &t->state, &t->old, &t->is_there) ||
            manifest_load(job, &t->state, &t->old)) &&
           make_staging(job, t);
}

Tree *output_begin(Job *job, const OutputOptions *opt, size_t n, bool *busy) {
    bool is_busy = false;
    Tree *t = ARENA_NEW(job->keep, Tree);
    *t = (Tree){.opt = *opt, .n = n, .staging_fd = -1};
    t->state = (State){.parent = -1, .root = -1, .folder = -1, .lock = -1};
    t->slots = ARENA_ARRAY(job->keep, Slot, n);
    bool ok = begin(job, t, &is_busy);
    if (busy)
        *busy = is_busy;
    if (ok)
        return t;
    output_abort(job, t);
    return NULL;
}

// What stands at the path of `slot` now.
typedef struct {
    bool is_file;
    uint64_t size;
    int64_t mtime_ns;
} Found;

static bool look(Job *job, Tree *t, Slot *slot, Found *out) {
    Str path = slot->file.path;
    ArenaMark mark = arena_mark(job->scratch);
    struct stat st;
    int rc = t->state.root < 0
                 ? -1
                 : fstatat(t->state.root, str_cstr(job->scratch, path), &st,
                           AT_SYMLINK_NOFOLLOW);
    int err = t->state.root < 0 ? ENOENT : errno;
    arena_reset(job->scratch, mark);
    *out = (Found){0};
    if (rc != 0) {
        errno = err;
        return err == ENOENT || err == ENOTDIR ||
               say_system(job, t, path, _("look at the file"));
    }
    slot->is_over_folder = S_ISDIR(st.st_mode);
    if (slot->is_over_folder)
        return true;
    if (!S_ISREG(st.st_mode))
        return say_link(job, t, path);
    *out = (Found){true, (uint64_t)st.st_size, io_mtime(&st)};
    return true;
}

static bool is_untouched(const Slot *slot, const Found *f) {
    return f->is_file && slot->old && slot->old->content.size == f->size &&
           slot->old->mtime_ns == f->mtime_ns;
}

static bool content_eq(const Content *a, const Content *b) {
    return a->size == b->size && hash_eq(a->hash, b->hash);
}

// The content of a file that another hand may have changed.
static bool read_content(Job *job, Tree *t, Str path, Content *out) {
    int fd = io_open(t->state.root, str_cstr(job->scratch, path), O_RDONLY);
    if (fd < 0 && errno == ELOOP)
        return say_link(job, t, path);
    bool is_source;
    bool ok = fd >= 0 && io_pump(job->scratch, fd, -1, out, &is_source);
    if (!ok)
        say_system(job, t, path, _("read the file"));
    if (fd >= 0)
        close(fd); // read only
    return ok;
}

// Whether the file on disk holds `want`; then the slot is done.
static bool try_keep(Job *job, Tree *t, Slot *slot, const Found *f,
                     const Content *want) {
    if (!f->is_file || f->size != want->size)
        return true;
    Content has;
    bool is_recorded = is_untouched(slot, f);
    if (is_recorded) {
        has = slot->old->content;
    } else if (!read_content(job, t, slot->file.path, &has)) {
        return false;
    }
    if (!content_eq(&has, want))
        return true;
    slot->now = (ManifestFile){slot->file.path, has, f->mtime_ns};
    slot->is_recorded = is_recorded;
    slot->state = SLOT_KEPT;
    return true;
}

static bool open_slot(Job *job, Tree *t, size_t i, OutputFile file,
                      Slot **out) {
    assert(i < t->n && t->slots[i].state == SLOT_UNUSED);
    if (!path_is_safe(file.path)) {
        diag_error(job->diags, "E-OUTPUT-PATH",
                   (Pos){.path = state_shown(job, &t->state, file.path)},
                   _("this is not a name that a published file may have"));
        diag_hint(job->diags, _("use letters, digits, - and _, and begin no "
                                "part of the name with a dot"));
        return false;
    }
    *out = &t->slots[i];
    **out = (Slot){
        .file = file,
        .state = SLOT_FAILED, // until it has succeeded
        .old = manifest_find(&t->old, file.path, i),
    };
    return true;
}

static int create(const Tree *t, const char *name) {
    return openat(t->staging_fd, name,
                  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
}

// The folder of `name` in the staging, and those above that are missing; other
// threads may be making them, too. Most pages have one of their own.
static bool make_parent(Job *job, const Tree *t, Str name) {
    Str dir = path_dir(name);
    const char *at = str_cstr(job->scratch, dir);
    for (int i = 0; i < 2; i++) {
        if (mkdirat(t->staging_fd, at, 0755) == 0 || errno == EEXIST)
            return true;
        if (errno != ENOENT || !dir.len || !make_parent(job, t, dir))
            return false;
    }
    return false;
}

static int create_placed(Job *job, const Tree *t, Str path) {
    Str name = path_join(job->scratch, S(JOURNAL_ROOT), path);
    return make_parent(job, t, name) ? create(t, str_cstr(job->scratch, name))
                                     : -1;
}

// One that finds its place taken is told so by the commit.
static int create_staged(Job *job, const Tree *t, size_t i) {
    Slot *slot = &t->slots[i];
    ArenaMark mark = arena_mark(job->scratch);
    int fd = t->is_fresh ? create_placed(job, t, slot->file.path) : -1;
    arena_reset(job->scratch, mark);
    slot->is_placed = fd >= 0;
    return slot->is_placed ? fd : create(t, journal_name(STEP_FILE, i).text);
}

// Ends a staged file: `ok` says whether the bytes are in it.
static bool finish_staged(Job *job, Tree *t, size_t i, int fd, bool ok) {
    Slot *slot = &t->slots[i];
    struct stat st;
    ok =
        ok && (!t->needs_chmod || fchmod(fd, 0644) == 0) && fstat(fd, &st) == 0;
    int err = errno;
    if (fd >= 0 && close(fd) != 0 && ok) {
        err = errno;
        ok = false;
    }
    errno = err;
    if (!ok)
        return say_system(job, t, slot->file.path, _("write the file"));
    slot->now.path = slot->file.path;
    slot->now.mtime_ns = io_mtime(&st);
    slot->state = SLOT_STAGED;
    return true;
}

static bool stage(Job *job, Tree *t, size_t i, Str bytes) {
    int fd = create_staged(job, t, i);
    return finish_staged(job, t, i, fd, fd >= 0 && io_write(fd, bytes));
}

bool output_put(Job *job, Tree *t, size_t i, OutputFile file, Str bytes) {
    Slot *slot;
    Found found;
    Content want = io_content(bytes);
    if (!open_slot(job, t, i, file, &slot) || !look(job, t, slot, &found) ||
        !try_keep(job, t, slot, &found, &want))
        return false;
    if (slot->state == SLOT_KEPT)
        return true;
    slot->now.content = want;
    return stage(job, t, i, bytes);
}

static bool say_source(Job *job, const FsRoot *root, Str from) {
    return diag_system(job->diags, path_join(job->keep, root->path, from),
                       _("read the file"), errno);
}

static bool stage_copy(Job *job, Tree *t, size_t i, int from, bool *is_source) {
    int fd = create_staged(job, t, i);
    *is_source = false;
    bool ok = fd >= 0 && io_pump(job->scratch, from, fd,
                                 &t->slots[i].now.content, is_source);
    if (ok || !*is_source)
        return finish_staged(job, t, i, fd, ok);
    int err = errno;
    close(fd); // swept away with the staging
    errno = err;
    return false;
}

// A file of another size is copied at once; else what it holds decides.
static bool copy_slot(Job *job, Tree *t, size_t i, int from, bool *is_source) {
    Slot *slot = &t->slots[i];
    Found found;
    struct stat st;
    *is_source = true;
    if (fstat(from, &st) != 0)
        return false;
    errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
    if (!S_ISREG(st.st_mode))
        return false;
    *is_source = false;
    if (!look(job, t, slot, &found))
        return false;
    if (found.is_file && found.size == (uint64_t)st.st_size) {
        Content want;
        if (!io_pump(job->scratch, from, -1, &want, is_source))
            return false;
        *is_source = false;
        if (!try_keep(job, t, slot, &found, &want))
            return false;
        *is_source = true;
        if (slot->state != SLOT_KEPT && lseek(from, 0, SEEK_SET) != 0)
            return false;
    }
    return slot->state == SLOT_KEPT || stage_copy(job, t, i, from, is_source);
}

bool output_copy(Job *job, Tree *t, size_t i, OutputFile file,
                 const FsRoot *root, Str from) {
    Slot *slot;
    if (!open_slot(job, t, i, file, &slot))
        return false;
    int fd = io_open(root->fd, str_cstr(job->scratch, from),
                     O_RDONLY | O_NONBLOCK); // a FIFO must not hold us up
    if (fd < 0)
        return say_source(job, root, from);
    bool is_source;
    bool ok = copy_slot(job, t, i, fd, &is_source);
    if (!ok && is_source)
        say_source(job, root, from);
    close(fd); // read only
    return ok;
}

typedef struct {
    const Tree *t;
    atomic_size_t missing;
} Look;

enum { LOOK_STRIDE = 256 }; // files a job looks at

static void look_at_files(Job *job, size_t i, void *ctx) {
    Look *look = ctx;
    const Manifest *m = &look->t->old;
    size_t to = (i + 1) * LOOK_STRIDE;
    for (size_t k = i * LOOK_STRIDE; k < to && k < m->len; k++)
        if (!look_is_there(job, &look->t->state, &m->files[k]))
            atomic_fetch_add(&look->missing, 1);
}

static bool is_as_left(Job *job, Pool *pool, Tree *t, Hash manifest) {
    if (t->state.folder < 0 || has_journal(&t->state) ||
        state_has_leftovers(&t->state) ||
        !manifest_load(job, &t->state, &t->old) || !t->old.is_known ||
        !hash_eq(hash_bytes(t->old.bytes), manifest))
        return false;
    Look look = {.t = t};
    pool_each(pool, job->diags, (t->old.len + LOOK_STRIDE - 1) / LOOK_STRIDE,
              look_at_files, &look);
    return look.missing == 0;
}

bool output_is_as_left(Job *job, Pool *pool, Str dir, Hash manifest,
                       OutputStats *stats) {
    Diags none = {.arena = job->scratch}; // a build will say it
    Job silent = {job->keep, job->scratch, &none, NULL};
    Tree t = {.staging_fd = -1};
    if (!state_open(&silent, dir, false, &t.state))
        return false;
    bool ok = is_as_left(&silent, pool, &t, manifest);
    state_close(&t.state);
    if (!ok)
        return false;
    *stats = (OutputStats){
        .files = t.old.len, .unchanged = t.old.len, .manifest = manifest};
    for (size_t i = 0; i < t.old.len; i++)
        stats->bytes += t.old.files[i].content.size;
    return true;
}

bool output_content(const Tree *t, size_t i, Hash *hash, uint64_t *size) {
    const Slot *slot = &t->slots[i];
    if (slot->state != SLOT_KEPT && slot->state != SLOT_STAGED)
        return false;
    *hash = slot->now.content.hash;
    *size = slot->now.content.size;
    return true;
}

static bool is_there(Job *job, const Tree *t, const ManifestFile *old) {
    return t->is_there ? t->is_there[old - t->old.files]
                       : look_is_there(job, &t->state, old);
}

bool output_keep(Job *job, Tree *t, size_t i, OutputFile file, Hash hash,
                 uint64_t size) {
    const ManifestFile *old = manifest_find(&t->old, file.path, i);
    assert(i < t->n && t->slots[i].state == SLOT_UNUSED);
    if (!old || old->content.size != size ||
        !hash_eq(old->content.hash, hash) || !is_there(job, t, old))
        return false;
    t->slots[i] = (Slot){.file = file,
                         .state = SLOT_KEPT,
                         .is_recorded = true,
                         .old = old,
                         .now = *old};
    return true;
}

static void end(Tree *t) {
    if (t->staging_fd >= 0)
        close(t->staging_fd); // a folder
    t->staging_fd = -1;
    state_close(&t->state);
    t->is_over = true;
}

bool output_commit(Job *job, Tree *t, OutputStats *stats) {
    assert(!t->is_over);
    ArenaMark mark = arena_mark(job->scratch); // lists of all files
    JournalResult r = commit_run(job, t, stats);
    arena_reset(job->scratch, mark);
    if (r == JOURNAL_UNDECIDED)
        state_sweep(job, &t->state);
    end(t);
    return r == JOURNAL_DONE;
}

void output_abort(Job *job, Tree *t) {
    if (t->is_over)
        return;
    if (t->state.lock >= 0 && !has_journal(&t->state))
        state_sweep(job, &t->state);
    end(t);
}
