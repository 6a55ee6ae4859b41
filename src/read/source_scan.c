// What there is. The folders are walked one after the other, each on all cores.
// Then their files are looked at in parts, on all cores again: first what each
// of them is, which says where those of each kind begin, then each is put down
// in its place. Folders are walked in the order in which they win, and files
// come sorted, so that hardly anything is left to be sorted.
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "base/pack.h"
#include "base/text.h"
#include "read/source.h"

enum { PART = 256, NKINDS = SOURCE_CONFIG + 1, NO_SOURCE = NKINDS };

typedef struct {
    SourceKind kind;
    uint32_t layer;
    Str dir;
    FsList list;
} Folder;

// A stretch of the files of a folder: the work of one job.
typedef struct {
    const Folder *folder;
    const FsEntry *items;
    size_t len;
    uint8_t *kinds;    // of each; NO_SOURCE: it is left out
    size_t at[NKINDS]; // how many of each kind, then where the next one goes
    Hash looks;
    bool ok;
} Part;

typedef struct {
    Job *job;
    Pool *pool; // may be NULL
    const FsRoot *root;
    Arena *tmp; // gone when the scan is over
    Folder *folders;
    size_t nfolders;
    Part *parts;
    size_t nparts;
    uint32_t layer;
    bool ok;
    regex_t *ignore;
    size_t nignore;
    Source *items;
} Scan;

// --- walking

static void add_folder(Scan *s, SourceKind kind, Str dir, FsList list) {
    s->folders[s->nfolders++] = (Folder){kind, s->layer, dir, list};
}

static void scan_dir(Scan *s, SourceKind kind, Str dir) {
    FsList list;
    while (str_ends(dir, S("/")))
        dir.len--;
    if (!dir.len)
        return;
    s->ok = fs_walk_wide(s->job, s->pool, s->root, dir, &list) && s->ok;
    add_folder(s, kind, dir, list);
}

static void scan_project(Scan *s, const SourceDirs *dirs) {
    scan_dir(s, SOURCE_CONTENT, dirs->content);
    scan_dir(s, SOURCE_LAYOUT, dirs->layouts);
    scan_dir(s, SOURCE_TYPE, dirs->types);
    scan_dir(s, SOURCE_I18N, dirs->i18n);
    scan_dir(s, SOURCE_DATA, dirs->data);
    for (size_t i = 0; i < dirs->statics.len; i++)
        scan_dir(s, SOURCE_STATIC, dirs->statics.items[i]);
}

static bool find_theme(Scan *s, Str path, Str name) {
    bool exists = false;
    FsEntry entry;
    if (path_is_safe(name) && !fs_stat(s->job, s->root, path, &exists, &entry))
        return false;
    if (exists && entry.kind == FS_DIR)
        return true;
    diag_error(s->job->diags, "E-THEME", (Pos){.path = path},
               _("there is no theme '%.*s'"), STR_ARG(name));
    diag_hint(s->job->diags,
              _("look at 'theme' in loa.yaml: it names a folder of themes/"));
    return false;
}

static const struct {
    SourceKind kind;
    Str dir;
} theme_dirs[] = {{SOURCE_LAYOUT, S_INIT("layouts")},
                  {SOURCE_TYPE, S_INIT("types")},
                  {SOURCE_I18N, S_INIT("i18n")},
                  {SOURCE_DATA, S_INIT("data")},
                  {SOURCE_STATIC, S_INIT("static")}};

enum {
    PROJECT_FOLDERS = 6, // and those of static files; urls.tsv is one
    THEME_FOLDERS = sizeof theme_dirs / sizeof *theme_dirs,
};

static void scan_theme(Scan *s, Str themes, Str name) {
    Str path = path_join(s->job->keep, themes, name);
    if (!find_theme(s, path, name)) {
        s->ok = false;
        return;
    }
    for (size_t i = 0; i < THEME_FOLDERS; i++)
        scan_dir(s, theme_dirs[i].kind,
                 path_join(s->job->keep, path, theme_dirs[i].dir));
}

// The record of published addresses, when the site keeps one.
static void scan_record(Scan *s) {
    bool exists = false;
    FsEntry *entry = ARENA_NEW(s->tmp, FsEntry);
    if (!fs_stat(s->job, s->root, S("urls.tsv"), &exists, entry))
        s->ok = false;
    else if (exists)
        add_folder(s, SOURCE_RECORD, (Str){0}, (FsList){entry, 1});
}

static void walk_all(Scan *s, const SourceDirs *dirs) {
    s->folders = ARENA_ARRAY(s->tmp, Folder,
                             PROJECT_FOLDERS + dirs->statics.len +
                                 THEME_FOLDERS * dirs->theme.len);
    scan_project(s, dirs);
    for (size_t i = 0; i < dirs->theme.len; i++) {
        s->layer = (uint32_t)i + 1;
        scan_theme(s, dirs->themes, dirs->theme.items[i]);
    }
    s->layer = 0;
    scan_record(s);
}

// --- what a file is

static bool compile(Arena *a, Str pattern, regex_t *out) {
    return regcomp(out, str_cstr(a, pattern), REG_EXTENDED | REG_NOSUB) == 0;
}

bool source_pattern_is_good(Arena *a, Str pattern) {
    regex_t made;
    if (!compile(a, pattern, &made))
        return false;
    regfree(&made);
    return true;
}

static void compile_all(Scan *s, Strs patterns) {
    s->ignore = ARENA_ARRAY(s->tmp, regex_t, patterns.len);
    for (size_t i = 0; i < patterns.len; i++)
        if (compile(s->tmp, patterns.items[i], &s->ignore[s->nignore]))
            s->nignore++;
}

static bool is_ignored(Arena *a, const Scan *s, Str dir, Str path) {
    if (!s->nignore)
        return false;
    const char *rel = str_cstr(a, str_slice(path, dir.len + 1, path.len));
    for (size_t i = 0; i < s->nignore; i++)
        if (regexec(&s->ignore[i], rel, 0, NULL, 0) == 0)
            return true;
    return false;
}

static bool is_one_of(Str s, const char *const *words) {
    for (; *words; words++)
        if (str_eq_nocase(s, str_from(*words)))
            return true;
    return false;
}

// Other languages than Markdown are refused: taken for resources they would
// be published as they are.
static bool content_kind(Job *job, Str path, SourceKind *kind) {
    static const char *const markdown[] = {"md", "mdown", "markdown", NULL};
    static const char *const other[] = {"html",   "htm",   "adoc",   "asciidoc",
                                        "ad",     "org",   "rst",    "pdc",
                                        "pandoc", "xhtml", "gotmpl", NULL};
    Str ext = path_ext(path);
    *kind = is_one_of(ext, markdown) ? SOURCE_CONTENT : SOURCE_RESOURCE;
    if (*kind == SOURCE_CONTENT || !is_one_of(ext, other))
        return true;
    diag_error(job->diags, "E-FORMAT", (Pos){.path = path},
               _("content is written in Markdown, not in .%.*s files"),
               STR_ARG(ext));
    diag_hint(job->diags, _("write it as a .md file; files that visitors "
                            "are to download go to the folder static"));
    return false;
}

static bool has_control(Str s) {
    for (size_t at = 0; at < s.len;)
        if (!text_is_clean_char(text_next(s, &at)) || s.ptr[at - 1] == '\n' ||
            s.ptr[at - 1] == '\t' || s.ptr[at - 1] == '\r')
            return true;
    return false;
}

static bool check_name(Job *job, Str path) {
    if (path_is_safe(path))
        return true;
    if (text_invalid_at(path) != SIZE_MAX) {
        diag_error(job->diags, "E-NAME", (Pos){.path = path},
                   _("the name of this file is not UTF-8 text"));
        diag_hint(job->diags,
                  _("rename it, best with the letters a-z, digits and -"));
        return false;
    }
    if (!has_control(path))
        return true;
    diag_error(job->diags, "E-NAME", (Pos){.path = path},
               _("the name of this file holds a control character"));
    diag_hint(job->diags,
              _("rename it, best with the letters a-z, digits and -"));
    return false;
}

static bool kind_of(Job *job, const Folder *f, const FsEntry *entry,
                    SourceKind *kind) {
    *kind = f->kind;
    if (!check_name(job, entry->path))
        return false;
    if (entry->kind != FS_FILE)
        return fs_refuse(job, entry);
    return f->kind != SOURCE_CONTENT || content_kind(job, entry->path, kind);
}

// Name, size and times.
static void pack_looks(Buf *b, SourceKind kind, const FsEntry *e) {
    const uint64_t looks[] = {kind,
                              e->size,
                              e->inode,
                              (uint64_t)e->mtime_ns,
                              (uint64_t)e->ctime_ns,
                              e->path.len};
    buf_put(b, (Str){(const char *)looks, sizeof looks});
    buf_put(b, e->path);
}

static void look_at_part(Job *job, size_t i, void *ctx) {
    const Scan *s = ctx;
    Part *p = &s->parts[i];
    const Folder *f = p->folder;
    Buf looks = {.arena = job->scratch};
    buf_reserve(&looks, p->len * 160);
    p->ok = true;
    for (size_t k = 0; k < p->len; k++) {
        const FsEntry *entry = &p->items[k];
        SourceKind kind;
        p->kinds[k] = NO_SOURCE;
        if (f->kind == SOURCE_CONTENT &&
            is_ignored(job->scratch, s, f->dir, entry->path))
            continue;
        if (!kind_of(job, f, entry, &kind)) {
            p->ok = false;
            continue;
        }
        p->kinds[k] = (uint8_t)kind;
        p->at[kind]++;
        pack_looks(&looks, kind, entry);
    }
    p->looks = hash_bytes(buf_str(&looks));
}

// --- each in its place

static void put_part(Job *job, size_t i, void *ctx) {
    Scan *s = ctx;
    Part *p = &s->parts[i];
    const Folder *f = p->folder;
    for (size_t k = 0; k < p->len; k++) {
        const FsEntry *e = &p->items[k];
        if (p->kinds[k] == NO_SOURCE)
            continue;
        Str rel = str_slice(e->path, f->dir.len ? f->dir.len + 1 : 0, SIZE_MAX);
        s->items[p->at[p->kinds[k]]++] =
            (Source){.kind = (SourceKind)p->kinds[k],
                     .path = e->path,
                     .rel = text_nfc(job->keep, rel, NULL),
                     .layer = f->layer,
                     .entry = *e};
    }
}

static void make_parts(Scan *s) {
    size_t n = 0, nfiles = 0;
    for (size_t i = 0; i < s->nfolders; i++) {
        n += s->folders[i].list.len / PART + 1;
        nfiles += s->folders[i].list.len;
    }
    uint8_t *kinds = ARENA_ROOM(s->tmp, uint8_t, nfiles);
    s->parts = ARENA_ARRAY(s->tmp, Part, n);
    for (size_t i = 0; i < s->nfolders; i++) {
        const Folder *f = &s->folders[i];
        for (size_t from = 0; from < f->list.len; from += PART) {
            size_t left = f->list.len - from;
            Part *p = &s->parts[s->nparts++];
            *p = (Part){.folder = f,
                        .items = f->list.items + from,
                        .len = left < PART ? left : PART,
                        .kinds = kinds};
            kinds += p->len;
        }
    }
}

// From how many of each kind a part has to where its first one goes.
static void share_out(Scan *s, SourceSet *out) {
    size_t at = 0;
    for (int kind = 0; kind < NKINDS; kind++) {
        out->first[kind] = at;
        for (size_t i = 0; i < s->nparts; i++) {
            size_t n = s->parts[i].at[kind];
            s->parts[i].at[kind] = at;
            at += n;
        }
    }
    out->first[NKINDS] = out->len = at;
}

static int by_rel(const void *a, const void *b) {
    const Source *x = *(const Source *const *)a;
    const Source *y = *(const Source *const *)b;
    int c = str_cmp(x->rel, y->rel);
    return c ? c : (x > y) - (x < y); // the one that was found first
}

// They are, unless one folder lies over another.
static bool is_sorted(const Source *items, size_t n) {
    for (size_t i = 1; i < n; i++)
        if (str_cmp(items[i - 1].rel, items[i].rel) > 0)
            return false;
    return true;
}

static void sort_kind(Arena *tmp, Source *items, size_t n) {
    if (is_sorted(items, n))
        return;
    Source *from = ARENA_ROOM(tmp, Source, n);
    const Source **order = ARENA_ROOM(tmp, const Source *, n);
    memcpy(from, items, n * sizeof *from);
    for (size_t i = 0; i < n; i++)
        order[i] = &from[i];
    qsort(order, n, sizeof *order, by_rel);
    for (size_t i = 0; i < n; i++)
        items[i] = *order[i];
}

static void refuse_twin(Scan *s, const Source *first, const Source *second) {
    diag_error(s->job->diags, "E-NAME", (Pos){.path = second->path},
               _("another file has the same name in another Unicode form"));
    diag_hint(s->job->diags,
              _("rename or remove one of the two; they look alike: %.*s"),
              STR_ARG(first->path));
    s->ok = false;
}

// Whether `next` counts, when `last` is the one before it.
static bool is_kept(Scan *s, const Source *last, const Source *next) {
    if (!str_eq(last->rel, next->rel))
        return true;
    switch (next->kind) {
    case SOURCE_I18N:
    case SOURCE_DATA:
        return true;
    case SOURCE_CONTENT:
    case SOURCE_RESOURCE:
        refuse_twin(s, last, next);
        return false;
    default: // an overlay
        return false;
    }
}

// Each name once, save where all count.
static void drop_twins(Scan *s, SourceSet *out) {
    size_t n = 0;
    for (int kind = 0; kind < NKINDS; kind++) {
        size_t from = out->first[kind], to = out->first[kind + 1], start = n;
        sort_kind(s->tmp, s->items + from, to - from);
        for (size_t i = from; i < to; i++) {
            if (n > start && !is_kept(s, &s->items[n - 1], &s->items[i]))
                continue;
            if (n != i)
                s->items[n] = s->items[i];
            n++;
        }
        out->first[kind] = start;
    }
    out->first[NKINDS] = out->len = n;
    out->items = s->items;
}

bool source_scan(Job *job, Pool *pool, const FsRoot *root,
                 const SourceDirs *dirs, SourceSet *out) {
    Scan s = {
        .job = job, .pool = pool, .root = root, .tmp = arena_new(), .ok = true};
    *out = (SourceSet){.root = *root};
    compile_all(&s, dirs->ignore);
    walk_all(&s, dirs);
    make_parts(&s);
    pool_each_or_here(pool, job, s.nparts, look_at_part, &s);
    share_out(&s, out);
    s.items = ARENA_ROOM(job->keep, Source, out->len);
    pool_each_or_here(pool, job, s.nparts, put_part, &s);
    drop_twins(&s, out);
    Hasher looks = {0};
    for (size_t i = 0; i < s.nparts; i++) {
        s.ok &= s.parts[i].ok;
        hasher_hash(&looks, s.parts[i].looks);
    }
    out->looks = looks.sum;
    for (size_t i = 0; i < s.nignore; i++)
        regfree(&s.ignore[i]);
    arena_free(s.tmp);
    return s.ok;
}
