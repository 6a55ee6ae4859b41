// The commit point is the rename of "journal.tmp" to "journal". Before it the
// output folder was not touched and everything staged is on the disk; after it
// nothing is needed that a full disk could refuse. The new manifest takes its
// place when all steps are done, and the journal goes when they are on disk.
//
// Each publication has a staging folder with a name of its own. So a journal
// that comes back after a power cut finds its staging gone, and can never take
// the staged files of a later build for its own.
#include "write/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/pack.h"
#include "write/io.h"
#include "write/manifest.h"

static const Str MARK = {"loa journal 2\n", 14};

StagedName journal_name(StepKind kind, size_t slot) {
    StagedName name;
    snprintf(name.text, sizeof name.text, kind == STEP_FOLDER ? "d%zu" : "%zu",
             slot);
    return name;
}

static Str pack(Job *job, const Journal *j) {
    Buf b = {.arena = job->scratch};
    buf_reserve(&b, 96 * j->len + 128);
    pack_str(&b, MARK);
    pack_str(&b, str_from(j->staging));
    pack_int(&b, j->len);
    for (size_t i = 0; i < j->len; i++) {
        pack_int(&b, j->steps[i].kind);
        pack_int(&b, j->steps[i].slot);
        pack_str(&b, j->steps[i].path);
    }
    pack_seal(&b);
    return buf_str(&b);
}

static bool unpack_steps(Job *job, Unpack *u, Journal *j) {
    uint64_t n = unpack_int(u);
    if (n > u->rest.len) // a step takes more than a byte
        return false;
    j->steps = ARENA_ARRAY(job->scratch, Step, (size_t)n);
    for (; j->len < n && !u->is_bad; j->len++) {
        uint64_t kind = unpack_int(u);
        Step *step = &j->steps[j->len];
        step->slot = (size_t)unpack_int(u);
        step->path = unpack_str(u);
        if (kind > STEP_PLACED || (step->path.len && !path_is_safe(step->path)))
            return false;
        step->kind = (StepKind)kind;
    }
    return !u->is_bad && u->rest.len == 0;
}

static bool unpack(Job *job, Str file, Journal *j) {
    Unpack u;
    if (!unpack_open(file, &u) || !str_eq(unpack_str(&u), MARK))
        return false;
    Str staging = unpack_str(&u);
    j->staging = str_cstr(job->scratch, staging);
    return str_starts(staging, S("staging.")) &&
           str_find(staging, S("/"), 0) == SIZE_MAX && unpack_steps(job, &u, j);
}

// The folder used last is kept open: steps are sorted by path.
typedef struct {
    Job *job;
    State *s;
    const Journal *j;
    int staging; // -1 when it is gone, and with it nothing is left to do
    bool is_again;
    bool is_patchy; // a folder was there already: what lay in ours may be not
    Str path;       // of `folder`
    int folder;
} Play;

static void drop_folder(Play *p) {
    if (p->folder >= 0 && p->folder != p->s->root)
        close(p->folder);
    p->folder = -1;
}

static bool open_root(State *s) {
    if (s->root < 0)
        s->root = openat(s->parent, s->name,
                         O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return s->root >= 0;
}

// The folder that holds `path`, in p->folder. False and errno on failure.
static bool open_parent(Play *p, Str path) {
    Str dir = path_dir(path);
    if (p->folder >= 0 && str_eq(p->path, dir))
        return true;
    drop_folder(p);
    p->path = dir;
    if (!open_root(p->s))
        return false;
    const char *name = str_cstr(p->job->scratch, dir);
    p->folder =
        dir.len ? io_open(p->s->root, name, O_PATH | O_DIRECTORY) : p->s->root;
    return p->folder >= 0;
}

static const char *name_of(Play *p, Str path) {
    return str_cstr(p->job->scratch, path_base(path));
}

// Taken by somebody else, or done already: not ours to remove.
static bool step_remove(Play *p, Str path) {
    if (!open_parent(p, path))
        return errno == ENOENT || errno == ENOTDIR;
    return unlinkat(p->folder, name_of(p, path), 0) == 0 || errno == ENOENT ||
           errno == EISDIR;
}

static bool step_leave(Play *p, Str path) {
    if (!open_parent(p, path))
        return errno == ENOENT || errno == ENOTDIR;
    return unlinkat(p->folder, name_of(p, path), AT_REMOVEDIR) == 0 ||
           errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST ||
           errno == ENOTDIR || errno == EBUSY;
}

// Folders that somebody removed after the commit was cut short are made again,
// so that the journal can come to its end; also those that were staged within
// one that somebody else made first.
static bool remake_folders(Play *p, Str path) {
    if (mkdirat(p->s->parent, p->s->name, 0755) != 0 && errno != EEXIST)
        return false;
    for (size_t i = str_find(path, S("/"), 0); i != SIZE_MAX;
         i = str_find(path, S("/"), i + 1)) {
        Str dir = str_slice(path, 0, i);
        if (!open_parent(p, dir) ||
            (mkdirat(p->folder, name_of(p, dir), 0755) != 0 && errno != EEXIST))
            return false;
    }
    return open_parent(p, path);
}

static bool is_moved(const Play *p, const char *staged) {
    return p->is_again &&
           (p->staging < 0 ||
            (faccessat(p->staging, staged, F_OK, AT_SYMLINK_NOFOLLOW) != 0 &&
             errno == ENOENT));
}

// From the staging into the folder that holds `path`.
static bool move_into(Play *p, const char *staged, Str path) {
    if (!open_parent(p, path) &&
        (errno != ENOENT || !(p->is_again || p->is_patchy) ||
         !remake_folders(p, path)))
        return false;
    return renameat(p->staging, staged, p->folder, name_of(p, path)) == 0;
}

static bool step_file(Play *p, const Step *step) {
    StagedName staged = journal_name(STEP_FILE, step->slot);
    return is_moved(p, staged.text) || move_into(p, staged.text, step->path);
}

// Below JOURNAL_ROOT.
static const char *placed_name(Arena *a, Str path) {
    return str_cstr(a, path_join(a, S(JOURNAL_ROOT), path));
}

// Only if somebody made the root first each file has to go by itself.
static bool step_placed(Play *p, const Step *step) {
    if (!p->is_patchy)
        return true;
    const char *staged = placed_name(p->job->scratch, step->path);
    return is_moved(p, staged) || move_into(p, staged, step->path);
}

static bool step_folder(Play *p, const Step *step) {
    StagedName staged = journal_name(STEP_FOLDER, step->slot);
    if (is_moved(p, staged.text))
        return true;
    bool ok = step->path.len ? move_into(p, staged.text, step->path)
                             : renameat(p->staging, staged.text, p->s->parent,
                                        p->s->name) == 0;
    if (ok || (errno != ENOTEMPTY && errno != EEXIST))
        return ok;
    p->is_patchy = true;
    return true;
}

static bool play_step(Play *p, const Step *step) {
    switch (step->kind) {
    case STEP_REMOVE:
        return step_remove(p, step->path);
    case STEP_LEAVE:
        return step_leave(p, step->path);
    case STEP_FOLDER:
        return step_folder(p, step);
    case STEP_FILE:
        return step_file(p, step);
    case STEP_PLACED:
        return step_placed(p, step);
    }
    return false;
}

// The next command tries again, so the user must know what stands in its way.
static bool say_pending(Play *p, Str shown, int err) {
    if (err == ELOOP) {
        diag_error(p->job->diags, "E-OUTPUT-LINK", (Pos){.path = shown},
                   _("a folder on the way to this file is a link, and loa "
                     "follows no links in the output"));
        diag_hint(p->job->diags, _("remove the link and run loa again: it "
                                   "finishes what was begun"));
        return false;
    }
    diag_system(p->job->diags, shown, _("publish this"), err);
    diag_hint(p->job->diags, _("publishing stopped half way; put this right "
                               "and run loa again: it finishes what was "
                               "begun"));
    return false;
}

static bool play_steps(Play *p) {
    for (size_t i = 0; i < p->j->len; i++) {
        const Step *step = &p->j->steps[i];
        ArenaMark mark = arena_mark(p->job->scratch);
        bool ok = play_step(p, step);
        int err = errno;
        arena_reset(p->job->scratch, mark);
        if (!ok)
            return say_pending(p, state_shown(p->job, p->s, step->path), err);
    }
    return true;
}

static bool cannot_sync(int err) {
    return err == ENOSYS || err == EINVAL || err == EOPNOTSUPP;
}

// For file systems without syncfs. O_RDONLY is enough to sync.
static bool sync_one(int dir, const char *name) {
    int fd = io_open(dir, name, O_RDONLY);
    if (fd < 0)
        return false;
    bool ok = fsync(fd) == 0;
    int err = errno;
    close(fd); // read only
    errno = err;
    return ok;
}

static bool sync_staged(Play *p) {
    if (syncfs(p->s->folder) == 0)
        return true;
    if (!cannot_sync(errno))
        return false;
    for (size_t i = 0; i < p->j->len; i++) {
        const Step *step = &p->j->steps[i];
        if (step->kind < STEP_FOLDER)
            continue;
        StagedName name = journal_name(step->kind, step->slot);
        ArenaMark mark = arena_mark(p->job->scratch);
        bool ok =
            sync_one(p->staging, step->kind == STEP_PLACED
                                     ? placed_name(p->job->scratch, step->path)
                                     : name.text);
        arena_reset(p->job->scratch, mark);
        if (!ok)
            return false;
    }
    return sync_one(p->staging, MANIFEST_NAME) &&
           sync_one(p->s->folder, "journal.tmp") && fsync(p->staging) == 0 &&
           fsync(p->s->folder) == 0;
}

// One that is gone was removed by a later step, which is recorded in its
// parent.
static bool sync_folder(Play *p, Str dir) {
    const char *name = dir.len ? str_cstr(p->job->scratch, dir) : ".";
    return sync_one(p->s->root, name) || errno == ENOENT || errno == ENOTDIR;
}

// The folders that the steps changed, and those above: new ones may hold
// nothing but new ones.
static bool sync_published(Play *p) {
    if (syncfs(p->s->folder) == 0)
        return true;
    if (!cannot_sync(errno))
        return false;
    for (size_t i = 0; p->s->root >= 0 && i < p->j->len; i++) {
        Str dir = p->j->steps[i].path;
        do {
            dir = path_dir(dir);
            if (!sync_folder(p, dir))
                return false;
        } while (dir.len);
    }
    return fsync(p->s->folder) == 0;
}

static bool replace_manifest(Play *p) {
    return is_moved(p, MANIFEST_NAME) ||
           renameat(p->staging, MANIFEST_NAME, p->s->folder, MANIFEST_NAME) ==
               0;
}

static bool play(Play *p) {
    bool ok = play_steps(p);
    drop_folder(p);
    if (!ok)
        return false;
    if (!replace_manifest(p) || !sync_published(p) ||
        unlinkat(p->s->folder, "journal", 0) != 0)
        return say_pending(p, p->s->path, errno);
    state_sweep(p->job, p->s);
    return true;
}

static int open_staging(const State *s, const char *name) {
    return io_open(s->folder, name, O_RDONLY | O_DIRECTORY);
}

static JournalResult decide_and_play(Play *p) {
    const State *s = p->s;
    if (!state_write(p->job, s, s->folder, "journal.tmp", pack(p->job, p->j)))
        return JOURNAL_UNDECIDED;
    if (!sync_staged(p) ||
        renameat(s->folder, "journal.tmp", s->folder, "journal") != 0) {
        diag_system(p->job->diags, s->path, _("write to the disk"), errno);
        return JOURNAL_UNDECIDED;
    }
    // Whether the disk has the journal is unknown if this fails, so its
    // staging must stay: either way the next command knows what to do.
    if (fsync(s->folder) != 0) {
        say_pending(p, s->path, errno);
        return JOURNAL_PENDING;
    }
    return play(p) ? JOURNAL_DONE : JOURNAL_PENDING;
}

JournalResult journal_commit(Job *job, State *s, const Journal *j) {
    Play p = {.job = job, .s = s, .j = j, .folder = -1};
    p.staging = open_staging(s, j->staging);
    if (p.staging < 0) {
        diag_system(job->diags, s->path, _("open the folder"), errno);
        return JOURNAL_UNDECIDED;
    }
    JournalResult r = decide_and_play(&p);
    close(p.staging);
    return r;
}

static bool drop_damaged(Job *job, const State *s) {
    diag_warn(job->diags, "E-JOURNAL", (Pos){.path = s->path},
              _("the record of an unfinished publication is damaged, so the "
                "output may be part old and part new"));
    diag_hint(job->diags, _("run loa build to make it whole"));
    Str shown = path_join(job->keep, s->path, S("journal"));
    return unlinkat(s->folder, "journal", 0) == 0 ||
           diag_system(job->diags, shown, _("remove the file"), errno);
}

static bool play_again(Job *job, State *s, const Journal *j) {
    Play p = {.job = job, .s = s, .j = j, .folder = -1, .is_again = true};
    p.staging = open_staging(s, j->staging);
    if (p.staging < 0 && errno != ENOENT)
        return say_pending(&p, s->path, errno);
    bool ok = play(&p);
    if (p.staging >= 0)
        close(p.staging);
    if (ok)
        diag_note(job->diags, "E-JOURNAL", (Pos){.path = s->dir},
                  _("finished publishing what an earlier run had begun"));
    return ok;
}

bool journal_recover(Job *job, State *s) {
    bool exists;
    Str file = {0};
    if (!state_read(job, s, "journal", &exists, &file))
        return false;
    Journal j = {0};
    if (exists)
        return unpack(job, file, &j) ? play_again(job, s, &j)
                                     : drop_damaged(job, s);
    return true;
}
