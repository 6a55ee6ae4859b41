// All that can be refused is refused here, before the decision: a link on the
// way, a folder that may not be written, somebody else's file where a folder
// is needed. Then the steps are listed:
//
//   1. what makes way: files that become folders, folders that become files
//   2. new folders, parents first
//   3. staged files: assets, then pages, then lists
//   4. files not wanted any more, and the folders that this leaves empty
#include "write/commit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/map.h"
#include "write/changes.h"

enum { MASS_FILES = 20, MASS_PART = 5 }; // more than 20, more than a fifth

typedef enum { FOLDER_THERE = 1, FOLDER_NEW } FolderState;

typedef struct {
    FolderState state;
    Str staged; // a new one's path below the staging
} Folder;

typedef struct {
    Step *items;
    size_t len, cap;
} Steps;

typedef struct {
    Job *job;
    Tree *t;
    Slot **files; // wanted, sorted by path
    size_t len;
    bool *is_gone;   // for each file of the old manifest: it is not wanted
    bool *is_in_way; // the same: gone before the folders are made
    size_t removed;
    Map folders;   // path -> Folder *; what was looked at
    Str *new_dirs; // parents first
    size_t nnew, new_cap;
    Map emptier; // folders that a file goes from, at any depth
    Steps way, made, moved, left;
} Plan;

static void push(Plan *p, Steps *to, Step step) {
    to->items = arena_grow(p->job->scratch, to->items, to->len, &to->cap,
                           sizeof *to->items);
    to->items[to->len++] = step;
}

static Pos at(Plan *p, Str path) {
    return (Pos){.path = state_shown(p->job, &p->t->state, path)};
}

static bool say_system(Plan *p, Str path, const char *doing) {
    int err = errno;
    return diag_system(p->job->diags, at(p, path).path, doing, err);
}

// The manifest is sorted.
static int cmp_slots(const Slot *x, const Slot *y) {
    if (x->old && y->old)
        return (x->old > y->old) - (x->old < y->old);
    return str_cmp(x->file.path, y->file.path);
}

static int by_path(const void *a, const void *b) {
    return cmp_slots(*(Slot *const *)a, *(Slot *const *)b);
}

static bool collect(Plan *p) {
    Tree *t = p->t;
    p->files = ARENA_ARRAY(p->job->scratch, Slot *, t->n);
    for (size_t i = 0; i < t->n; i++) {
        if (t->slots[i].state == SLOT_FAILED)
            return false; // its message is there
        if (t->slots[i].state != SLOT_UNUSED)
            p->files[p->len++] = &t->slots[i];
    }
    return true;
}

static void count(const Plan *p, OutputStats *out) {
    OutputStats s = {.files = p->len, .removed = p->removed};
    for (size_t i = 0; i < p->len; i++) {
        s.bytes += p->files[i]->now.content.size;
        s.written += p->files[i]->state == SLOT_STAGED;
    }
    s.unchanged = s.files - s.written;
    *out = s;
}

// Whether every file of the manifest is there and stays, and no other.
static bool is_nothing_new(const Plan *p) {
    const Manifest *old = &p->t->old;
    bool is_alike = old->is_known && p->len == old->len;
    for (size_t i = 0; is_alike && i < p->len; i++)
        is_alike = p->files[i]->state == SLOT_KEPT && p->files[i]->is_recorded;
    return is_alike;
}

// They come sorted from a plan that is.
static bool is_sorted(const Plan *p) {
    for (size_t i = 1; i < p->len; i++)
        if (cmp_slots(p->files[i - 1], p->files[i]) > 0)
            return false;
    return true;
}

// False: there is one twice.
static bool sort(Plan *p) {
    if (!is_sorted(p))
        qsort(p->files, p->len, sizeof *p->files, by_path);
    for (size_t i = 1; i < p->len; i++) {
        Str path = p->files[i]->file.path;
        if (cmp_slots(p->files[i - 1], p->files[i]) != 0)
            continue;
        diag_error(p->job->diags, "E-OUTPUT-TWICE", at(p, path),
                   _("two pages want to be this file"));
        diag_hint(p->job->diags, _("give one of them another slug or url"));
        return false;
    }
    return true;
}

// The first wanted file that is not before `path`.
static size_t lower_bound(const Plan *p, Str path) {
    size_t lo = 0, hi = p->len;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (str_cmp(p->files[mid]->file.path, path) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static const Slot *find_wanted(const Plan *p, Str path) {
    size_t i = lower_bound(p, path);
    return i < p->len && str_eq(p->files[i]->file.path, path) ? p->files[i]
                                                              : NULL;
}

static bool is_below(Str path, Str dir) {
    return dir.len == 0 || (path.len > dir.len && str_starts(path, dir) &&
                            path.ptr[dir.len] == '/');
}

static bool is_wanted_below(Plan *p, Str dir) {
    Str prefix = str_fmt(p->job->scratch, "%.*s/", STR_ARG(dir));
    size_t i = lower_bound(p, prefix);
    return i < p->len && is_below(p->files[i]->file.path, dir);
}

static void add_emptier(Plan *p, Str dir) {
    for (; dir.len && !map_add(&p->emptier, dir, p); dir = path_dir(dir))
        ;
}

static void find_removals(Plan *p) {
    const Manifest *old = &p->t->old;
    memset(p->is_gone, true, old->len);
    for (size_t i = 0; i < p->len; i++)
        if (p->files[i]->old)
            p->is_gone[p->files[i]->old - old->files] = false;
    for (size_t i = 0; i < old->len; i++) {
        Str path = old->files[i].path;
        p->is_gone[i] = p->is_gone[i] && path_is_safe(path);
        if (!p->is_gone[i])
            continue;
        p->removed++;
        add_emptier(p, path_dir(path));
    }
}

static bool check_mass_removal(Plan *p) {
    size_t n = p->removed, of = p->t->old.len;
    if (p->t->opt.is_mass_removal_ok || n <= MASS_FILES || n * MASS_PART <= of)
        return true;
    diag_error(p->job->diags, "E-MASS-REMOVAL", at(p, (Str){0}),
               _("%zu of %zu published files would be removed"), n, of);
    diag_hint(p->job->diags,
              _("nothing was changed. If so many pages are meant to go, build "
                "with --allow-mass-removal; if not, see whether a folder of "
                "the content is missing"));
    return false;
}

static bool say_blocked(Plan *p, Str path) {
    diag_error(p->job->diags, "E-OUTPUT-BLOCKED", at(p, path),
               _("this is in the way of a page, and loa did not put it there "
                 "and so does not remove it"));
    diag_hint(p->job->diags, _("move it out of the output folder and build "
                               "again"));
    return false;
}

static bool say_link(Plan *p, Str path) {
    diag_error(p->job->diags, "E-OUTPUT-LINK", at(p, path),
               _("this folder is a link, and loa does not write through links "
                 "in the output"));
    diag_hint(p->job->diags, _("remove the link and build again"));
    return false;
}

static const ManifestFile *find_gone(const Plan *p, Str path) {
    const ManifestFile *f = manifest_find(&p->t->old, path, 0);
    return f && p->is_gone[f - p->t->old.files] ? f : NULL;
}

// Gone in step 1, since something else is to be there.
static void clear_way(Plan *p, const ManifestFile *f) {
    size_t i = (size_t)(f - p->t->old.files);
    if (!p->is_in_way[i])
        push(p, &p->way, (Step){STEP_REMOVE, 0, f->path});
    p->is_in_way[i] = true;
}

// What a folder needs before files can be renamed into it or out of it.
static bool check_access(Plan *p, int fd, Str dir) {
    if (faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) == 0)
        return true;
    say_system(p, dir, _("write into the folder"));
    diag_hint(p->job->diags, _("loa must run as a user who may write here"));
    return false;
}

// Looks at one folder whose parent is there.
static bool look_at(Plan *p, Str dir, FolderState *out) {
    const State *s = &p->t->state;
    const char *name = str_cstr(p->job->scratch, dir);
    *out = FOLDER_NEW;
    if (s->root < 0)
        return true;
    int fd = io_open(s->root, dir.len ? name : ".", O_PATH | O_DIRECTORY);
    if (fd >= 0) {
        *out = FOLDER_THERE;
        bool ok = check_access(p, fd, dir);
        close(fd); // a folder
        return ok;
    }
    if (errno == ENOENT)
        return true;
    if (errno == ELOOP)
        return say_link(p, dir);
    if (errno != ENOTDIR)
        return say_system(p, dir, _("open the folder"));
    const ManifestFile *f = find_gone(p, dir);
    if (!f)
        return say_blocked(p, dir);
    clear_way(p, f);
    return true;
}

static const Folder *known(const Plan *p, Str dir) {
    return map_get(&p->folders, dir);
}

static bool is_known_new(const Plan *p, Str dir) {
    const Folder *f = known(p, dir);
    return f && f->state == FOLDER_NEW;
}

static void add_new_dir(Plan *p, Str dir) {
    p->new_dirs = arena_grow(p->job->scratch, p->new_dirs, p->nnew, &p->new_cap,
                             sizeof *p->new_dirs);
    p->new_dirs[p->nnew++] = dir;
}

// A new folder within a new one is made there, so that one rename moves both.
static bool make_staged_folder(Plan *p, Str dir, const Folder *above,
                               Str *staged) {
    Arena *a = p->job->scratch;
    size_t i = p->made.len;
    *staged = above ? path_join(a, above->staged, path_base(dir))
                    : str_copy(a, str_from(journal_name(STEP_FOLDER, i).text));
    bool is_there = above && p->t->is_fresh; // files lie in it
    if ((!is_there && mkdirat(p->t->staging_fd, staged->ptr, 0755) != 0 &&
         !(p->t->is_fresh && errno == EEXIST)) ||
        (p->t->needs_chmod &&
         fchmodat(p->t->staging_fd, staged->ptr, 0755, 0) != 0))
        return say_system(p, dir, _("make the folder"));
    if (!above)
        push(p, &p->made, (Step){STEP_FOLDER, i, dir});
    if (dir.len)
        add_new_dir(p, dir);
    return true;
}

static bool check_clash(Plan *p, Str dir) {
    if (!find_wanted(p, dir))
        return true;
    diag_error(p->job->diags, "E-OUTPUT-CLASH", at(p, dir),
               _("one page wants to be this file, and another needs a folder "
                 "of the same name"));
    diag_hint(p->job->diags, _("give one of them another slug or url"));
    return false;
}

// One folder; its parent has been through here.
static bool need_folder(Plan *p, Str dir) {
    if (known(p, dir))
        return true;
    const Folder *above = dir.len ? known(p, path_dir(dir)) : NULL;
    bool is_below_new = above && above->state == FOLDER_NEW;
    Folder *f = ARENA_NEW(p->job->scratch, Folder);
    f->state = FOLDER_NEW;
    if (!is_below_new && !look_at(p, dir, &f->state))
        return false;
    map_add(&p->folders, dir, f);
    return check_clash(p, dir) &&
           (f->state == FOLDER_THERE ||
            make_staged_folder(p, dir, is_below_new ? above : NULL,
                               &f->staged));
}

// The folder of `path` and all above it.
static bool need_folders(Plan *p, Str path) {
    Str dir = path_dir(path);
    if (known(p, dir))
        return true;
    if (!need_folder(p, (Str){0}))
        return false;
    for (size_t i = str_find(path, S("/"), 0); i != SIZE_MAX;
         i = str_find(path, S("/"), i + 1))
        if (!need_folder(p, str_slice(path, 0, i)))
            return false;
    return true;
}

// A folder that becomes a file may hold only what is ours and goes.
static bool check_only_ours(Plan *p, Str dir, int depth);

static bool check_ours(Plan *p, Str dir, const char *name, int depth) {
    Str path = path_join(p->job->scratch, dir, str_from(name));
    struct stat st;
    if (fstatat(p->t->state.root, str_cstr(p->job->scratch, path), &st,
                AT_SYMLINK_NOFOLLOW) != 0)
        return say_system(p, path, _("look at the file"));
    if (S_ISDIR(st.st_mode))
        return check_only_ours(p, path, depth + 1);
    const ManifestFile *f = find_gone(p, path);
    if (!f)
        return say_blocked(p, path);
    clear_way(p, f);
    return true;
}

static bool is_our_dir(const Plan *p, Str dir) {
    const Strs *dirs = &p->t->old.dirs;
    for (size_t i = 0; i < dirs->len; i++)
        if (str_eq(dirs->items[i], dir))
            return true;
    return false;
}

static bool check_only_ours(Plan *p, Str dir, int depth) {
    if (!is_our_dir(p, dir) || depth > 64)
        return say_blocked(p, dir);
    int fd = io_open(p->t->state.root, str_cstr(p->job->scratch, dir),
                     O_RDONLY | O_DIRECTORY);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    if (!d) {
        say_system(p, dir, _("open the folder"));
        if (fd >= 0)
            close(fd); // a folder
        return false;
    }
    bool ok = true;
    for (struct dirent *e; ok && (e = readdir(d));)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            ok = check_ours(p, dir, e->d_name, depth);
    closedir(d);
    if (ok) // its contents came first
        push(p, &p->way, (Step){STEP_LEAVE, 0, dir});
    return ok;
}

static bool plan_files(Plan *p) {
    for (size_t i = 0; i < p->len; i++) {
        const Slot *slot = p->files[i];
        Str path = slot->file.path;
        if (slot->state != SLOT_STAGED)
            continue;
        if (!need_folders(p, path) ||
            (slot->is_over_folder && !check_only_ours(p, path, 0)))
            return false;
    }
    static const OutputOrder orders[] = {OUTPUT_ASSET, OUTPUT_PAGE,
                                         OUTPUT_LIST};
    for (size_t o = 0; o < sizeof orders / sizeof *orders; o++)
        for (size_t i = 0; i < p->len; i++) {
            const Slot *slot = p->files[i];
            size_t n = (size_t)(slot - p->t->slots);
            if (slot->state == SLOT_STAGED && slot->file.order == orders[o])
                push(p, &p->moved,
                     (Step){slot->is_placed ? STEP_PLACED : STEP_FILE, n,
                            slot->file.path});
        }
    return true;
}

// A folder on the way to a file that goes may be gone itself, or a link that
// somebody put there.
static bool check_removal(Plan *p, Str path) {
    Str dir = path_dir(path);
    if (known(p, dir) || p->t->state.root < 0)
        return true;
    const char *name = str_cstr(p->job->scratch, dir);
    int fd =
        io_open(p->t->state.root, dir.len ? name : ".", O_PATH | O_DIRECTORY);
    if (fd < 0 && errno == ELOOP)
        return say_link(p, dir);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ||
               say_system(p, dir, _("open the folder"));
    bool ok = check_access(p, fd, dir);
    close(fd); // a folder
    Folder *f = ARENA_NEW(p->job->scratch, Folder);
    f->state = FOLDER_THERE;
    map_add(&p->folders, dir, f);
    return ok;
}

static bool plan_removals(Plan *p) {
    const Manifest *old = &p->t->old;
    for (size_t i = 0; i < old->len; i++) {
        if (!p->is_gone[i] || p->is_in_way[i])
            continue;
        if (!check_removal(p, old->files[i].path))
            return false;
        push(p, &p->left, (Step){STEP_REMOVE, 0, old->files[i].path});
    }
    return true;
}

static int by_str(const void *a, const void *b) {
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

// Folders of ours that are still needed, and the new ones; the others are left,
// children before their parents. One that holds somebody's file stays and is
// not ours any more.
static Strs plan_dirs(Plan *p) {
    const Strs *old = &p->t->old.dirs;
    Str *dirs = ARENA_ARRAY(p->job->scratch, Str, old->len + p->nnew);
    size_t from = old->len;
    for (size_t i = old->len; i-- > 0;) {
        Str dir = old->items[i];
        if (p->nnew && is_known_new(p, dir))
            continue; // it was gone and is made again
        if (!map_get(&p->emptier, dir) || is_wanted_below(p, dir))
            dirs[--from] = dir;
        else if (!find_wanted(p, dir)) // else step 1 has it
            push(p, &p->left, (Step){STEP_LEAVE, 0, dir});
    }
    size_t to = old->len;
    for (size_t i = 0; i < p->nnew; i++)
        dirs[to++] = p->new_dirs[i];
    if (p->nnew)
        qsort(dirs + from, to - from, sizeof *dirs, by_str);
    return (Strs){dirs + from, to - from};
}

static bool write_manifest(Plan *p, Hash *hash) {
    Arena *a = p->job->scratch;
    const Tree *t = p->t;
    Strs dirs = plan_dirs(p);
    ArenaMark mark = arena_mark(a);
    const ManifestFile **files = ARENA_ARRAY(a, const ManifestFile *, p->len);
    for (size_t i = 0; i < p->len; i++)
        files[i] =
            p->files[i]->is_recorded ? p->files[i]->old : &p->files[i]->now;
    Str bytes = manifest_pack(a, &t->old, files, p->len, &dirs);
    *hash = hash_bytes(bytes);
    bool ok =
        state_write(p->job, &t->state, t->staging_fd, MANIFEST_NAME, bytes);
    arena_reset(a, mark); // the journal may need as much
    return ok;
}

static Journal list_steps(Plan *p) {
    const Steps *parts[] = {&p->way, &p->made, &p->moved, &p->left};
    size_t n = 0;
    for (size_t i = 0; i < 4; i++)
        n += parts[i]->len;
    Journal j = {.staging = p->t->staging};
    j.steps = ARENA_ARRAY(p->job->scratch, Step, n);
    for (size_t i = 0; i < 4; i++) {
        if (parts[i]->len)
            memcpy(j.steps + j.len, parts[i]->items,
                   parts[i]->len * sizeof *j.steps);
        j.len += parts[i]->len;
    }
    return j;
}

static bool plan(Plan *p) {
    find_removals(p);
    return check_mass_removal(p) && need_folder(p, (Str){0}) && plan_files(p) &&
           plan_removals(p);
}

// For who is told of what has changed; `since` was told of, or is 0.
static Changes list_changes(const Plan *p, uint64_t since) {
    Arena *a = p->job->keep;
    const Manifest *old = &p->t->old;
    Changes out = {.since = since};
    if (!since)
        return out;
    out.changed.items = ARENA_ARRAY(a, Str, p->len);
    out.removed.items = ARENA_ARRAY(a, Str, p->removed);
    for (size_t i = 0; i < p->len; i++) {
        const Slot *slot = p->files[i];
        if (!slot->old || !manifest_is_same(slot->old, &slot->now))
            out.changed.items[out.changed.len++] = slot->file.path;
    }
    for (size_t i = 0; p->removed && i < old->len; i++)
        if (p->is_gone[i])
            out.removed.items[out.removed.len++] =
                str_copy(a, old->files[i].path); // the list goes first
    return out;
}

static JournalResult publish(Plan *p, OutputStats *stats) {
    Tree *t = p->t;
    Job *job = p->job;
    Hash manifest;
    if (!plan(p) || !write_manifest(p, &manifest))
        return JOURNAL_UNDECIDED;
    Journal j = list_steps(p);
    Changes made = list_changes(p, changes_last_told(&t->state));
    JournalResult r = journal_commit(job, &t->state, &j);
    if (r != JOURNAL_DONE)
        return r;
    count(p, stats);
    stats->manifest = manifest;
    stats->made = made;
    stats->made.manifest = state_file_id(&t->state, MANIFEST_NAME);
    return JOURNAL_DONE;
}

JournalResult commit_run(Job *job, Tree *t, OutputStats *stats) {
    Plan p = {.job = job,
              .t = t,
              .folders.arena = job->scratch,
              .emptier.arena = job->scratch};
    p.is_gone = ARENA_ARRAY(job->scratch, bool, t->old.len);
    p.is_in_way = ARENA_ARRAY(job->scratch, bool, t->old.len);
    if (!collect(&p) || !sort(&p))
        return JOURNAL_UNDECIDED;
    if (!is_nothing_new(&p))
        return publish(&p, stats);
    count(&p, stats);
    stats->manifest = hash_bytes(t->old.bytes);
    state_sweep(job, &t->state);
    return JOURNAL_DONE;
}
