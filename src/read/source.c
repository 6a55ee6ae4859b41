#include "read/source.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { MAX_SINGLE = 4 * 1024 * 1024 };

// --- Scanning ---

// Where a file was found: layers and folders are looked through in order, so
// `order` breaks ties.
typedef struct {
    Source source;
    size_t order;
} Found;

typedef struct {
    Job *job;
    Pool *pool; // may be NULL
    const FsRoot *root;
    Arena *tmp; // gone when the scan is over
    Found *items;
    size_t len, cap;
    uint32_t layer;
    bool ok;
    regex_t *ignore;
    size_t nignore;
} Scan;

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
    if (is_one_of(ext, other)) {
        diag_error(job->diags, "E-FORMAT", (Pos){.path = path},
                   _("content is written in Markdown, not in .%.*s files"),
                   STR_ARG(ext));
        diag_hint(job->diags, _("write it as a .md file; files that visitors "
                                "are to download go to the folder static"));
        return false;
    }
    *kind = is_one_of(ext, markdown) ? SOURCE_CONTENT : SOURCE_RESOURCE;
    return true;
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

static void keep_source(Scan *s, const Source *source) {
    if (s->len == s->cap) {
        size_t cap = s->cap ? 2 * s->cap : 1024;
        Found *items = ARENA_ARRAY(s->tmp, Found, cap);
        if (s->len)
            memcpy(items, s->items, s->len * sizeof *items);
        s->items = items;
        s->cap = cap;
    }
    s->items[s->len] = (Found){*source, s->len};
    s->len++;
}

static bool add_entry(Scan *s, SourceKind kind, Str dir, const FsEntry *entry) {
    if (!check_name(s->job, entry->path))
        return false;
    if (entry->kind != FS_FILE)
        return fs_refuse(s->job, entry);
    if (kind == SOURCE_CONTENT && !content_kind(s->job, entry->path, &kind))
        return false;
    Str rel = str_slice(entry->path, dir.len ? dir.len + 1 : 0, SIZE_MAX);
    Source source = {.kind = kind,
                     .path = entry->path,
                     .rel = text_nfc(s->job->keep, rel, NULL),
                     .layer = s->layer,
                     .entry = *entry};
    keep_source(s, &source);
    return true;
}

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

static bool is_ignored(const Scan *s, Str dir, Str path) {
    if (!s->nignore)
        return false;
    const char *rel = str_cstr(s->tmp, str_slice(path, dir.len + 1, path.len));
    for (size_t i = 0; i < s->nignore; i++)
        if (regexec(&s->ignore[i], rel, 0, NULL, 0) == 0)
            return true;
    return false;
}

static void scan_dir(Scan *s, SourceKind kind, Str dir) {
    FsList list;
    while (str_ends(dir, S("/")))
        dir.len--;
    if (!dir.len)
        return;
    s->ok = fs_walk_wide(s->job, s->pool, s->root, dir, &list) && s->ok;
    for (size_t i = 0; i < list.len; i++)
        if (kind != SOURCE_CONTENT || !is_ignored(s, dir, list.items[i].path))
            s->ok = add_entry(s, kind, dir, &list.items[i]) && s->ok;
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

static void scan_theme(Scan *s, Str themes, Str name) {
    static const struct {
        SourceKind kind;
        Str dir;
    } parts[] = {{SOURCE_LAYOUT, S_INIT("layouts")},
                 {SOURCE_TYPE, S_INIT("types")},
                 {SOURCE_I18N, S_INIT("i18n")},
                 {SOURCE_DATA, S_INIT("data")},
                 {SOURCE_STATIC, S_INIT("static")}};
    Str path = path_join(s->job->keep, themes, name);
    if (!find_theme(s, path, name)) {
        s->ok = false;
        return;
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        scan_dir(s, parts[i].kind, path_join(s->job->keep, path, parts[i].dir));
}

// The record of published addresses, when the site keeps one.
static void scan_record(Scan *s) {
    bool exists = false;
    FsEntry entry;
    if (!fs_stat(s->job, s->root, S("urls.tsv"), &exists, &entry))
        s->ok = false;
    else if (exists)
        s->ok = add_entry(s, SOURCE_RECORD, (Str){0}, &entry) && s->ok;
}

static int by_kind_rel_order(const void *a, const void *b) {
    const Found *x = a, *y = b;
    if (x->source.kind != y->source.kind)
        return x->source.kind < y->source.kind ? -1 : 1;
    int c = str_cmp(x->source.rel, y->source.rel);
    return c ? c : (x->order > y->order) - (x->order < y->order);
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
    if (last->kind != next->kind || !str_eq(last->rel, next->rel))
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

// As they come when no folder is an overlay of another.
static bool is_sorted(const Scan *s) {
    for (size_t i = 1; i < s->len; i++)
        if (by_kind_rel_order(&s->items[i - 1], &s->items[i]) > 0)
            return false;
    return true;
}

static void gather(Scan *s, SourceSet *out) {
    if (!is_sorted(s))
        qsort(s->items, s->len, sizeof *s->items, by_kind_rel_order);
    out->items = ARENA_ARRAY(s->job->keep, Source, s->len);
    for (size_t i = 0; i < s->len; i++) {
        const Source *next = &s->items[i].source;
        if (!out->len || is_kept(s, &out->items[out->len - 1], next))
            out->items[out->len++] = *next;
    }
    size_t at = 0;
    for (int kind = 0; kind <= SOURCE_CONFIG + 1; kind++) {
        while (at < out->len && (int)out->items[at].kind < kind)
            at++;
        out->first[kind] = at;
    }
}

bool source_scan(Job *job, Pool *pool, const FsRoot *root,
                 const SourceDirs *dirs, SourceSet *out) {
    Scan s = {
        .job = job, .pool = pool, .root = root, .tmp = arena_new(), .ok = true};
    *out = (SourceSet){.root = *root};
    compile_all(&s, dirs->ignore);
    scan_project(&s, dirs);
    for (size_t i = 0; i < dirs->theme.len; i++) {
        s.layer = (uint32_t)i + 1;
        scan_theme(&s, dirs->themes, dirs->theme.items[i]);
    }
    scan_record(&s);
    gather(&s, out);
    for (size_t i = 0; i < s.nignore; i++)
        regfree(&s.ignore[i]);
    arena_free(s.tmp);
    return s.ok;
}

// --- Loading ---

// CRLF and CR to LF. Only called when there is a CR.
static Str with_lf(Arena *a, Str s) {
    char *to = arena_bytes(a, s.len);
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        bool is_cr = s.ptr[i] == '\r';
        if (is_cr && i + 1 < s.len && s.ptr[i + 1] == '\n')
            continue;
        to[len++] = is_cr ? '\n' : s.ptr[i];
    }
    return (Str){to, len};
}

static Pos pos_in(Str path, Str text, size_t offset) {
    Pos pos = {.path = path, .text = text, .line = 1};
    size_t start = 0, end = offset < text.len ? offset : text.len;
    for (size_t i = 0; i < end; i++) {
        if (text.ptr[i] != '\n')
            continue;
        pos.line++;
        start = i + 1;
    }
    pos.col = (uint32_t)text_count(str_slice(text, start, end)) + 1;
    return pos;
}

static bool refuse_utf16(Job *job, Str path) {
    diag_error(job->diags, "E-UTF16", (Pos){.path = path, .line = 1, .col = 1},
               _("the file is encoded as UTF-16"));
    diag_hint(job->diags,
              _("save it again with the encoding UTF-8 (in Notepad: Save as, "
                "Encoding)"));
    return false;
}

// Valid UTF-8 without a NUL.
static bool check_text(Job *job, Str path, Str text, bool is_plain) {
    const char *zero = text.len ? memchr(text.ptr, 0, text.len) : NULL;
    size_t nul = zero ? (size_t)(zero - text.ptr) : SIZE_MAX;
    size_t bad = is_plain ? SIZE_MAX : text_invalid_at(text);
    if (nul == SIZE_MAX && bad == SIZE_MAX)
        return true;
    if (nul < bad) {
        diag_error(job->diags, "E-NUL", pos_in(path, text, nul),
                   _("there is a NUL character here; this is not a text file"));
        diag_hint(job->diags, _("write the text again in a text editor and "
                                "save it with the encoding UTF-8"));
        return false;
    }
    diag_error(job->diags, "E-UTF8", pos_in(path, text, bad),
               _("this is not UTF-8: the byte 0x%02X cannot stand here"),
               (unsigned)(unsigned char)text.ptr[bad]);
    diag_hint(job->diags,
              _("save the file again with the encoding UTF-8; convert text in "
                "TCVN3 or VNI to Unicode first"));
    return false;
}

static void warn_nfc(Job *job, Str path) {
    diag_warn(job->diags, "W-NFC", (Pos){.path = path},
              _("the text has letters and tone marks apart (not Unicode NFC); "
                "loa joins them"));
    diag_hint(job->diags, _("choose the character set Unicode in UniKey, not "
                            "'Unicode tổ hợp', and save the file again"));
}

// What is on disk to what loa works with; *text is `bytes` itself, or a slice
// of it, whenever that is possible, else in `tmp`.
static bool clean(Job *job, Arena *tmp, Str bytes, Source *src, Str *text) {
    if (str_starts(bytes, S("\xFF\xFE")) || str_starts(bytes, S("\xFE\xFF")))
        return refuse_utf16(job, src->path);
    if (str_starts(bytes, S("\xEF\xBB\xBF")))
        bytes = str_slice(bytes, 3, bytes.len);
    if (bytes.len && memchr(bytes.ptr, '\r', bytes.len))
        bytes = with_lf(tmp, bytes);
    bool was_changed = false, is_plain = text_is_plain(bytes);
    if (!check_text(job, src->path, bytes, is_plain))
        return false;
    *text = is_plain ? bytes : text_nfc(tmp, bytes, &was_changed);
    src->was_nfc = !was_changed;
    if (was_changed && src->kind == SOURCE_CONTENT)
        warn_nfc(job, src->path);
    return true;
}

static bool lies_in(Str part, Str whole) {
    return part.ptr >= whole.ptr && part.ptr < whole.ptr + whole.len;
}

// The text of its own arena replaces the bytes that were read into it.
static void own_text(Source *src, Str text) {
    Arena *read = src->own;
    src->own = arena_new_sized(text.len + 1);
    src->text = str_copy(src->own, text);
    arena_free(read);
}

static bool load(Job *job, Arena *into, const FsRoot *root, size_t max,
                 Source *src, Arena *tmp) {
    Str bytes, text;
    if (!fs_read(job, into, root, src->path, max, &bytes))
        return false;
    src->hash = hash_bytes(bytes);
    if (!clean(job, tmp, bytes, src, &text))
        return false;
    if (!text.len || lies_in(text, bytes))
        src->text = text.len ? text : str_slice(bytes, 0, 0);
    else if (src->own)
        own_text(src, text);
    else
        src->text = str_copy(into, text);
    return true;
}

bool source_load(Job *job, const FsRoot *root, size_t max, Source *src) {
    source_drop_text(src);
    size_t size = src->entry.size < max ? (size_t)src->entry.size : max;
    src->own = arena_new_sized(size + 1);
    Arena *tmp = arena_new();
    bool ok = load(job, src->own, root, max, src, tmp);
    arena_free(tmp);
    if (!ok)
        source_drop_text(src);
    return ok;
}

void source_drop_text(Source *src) {
    arena_free(src->own);
    src->own = NULL;
    src->text = (Str){0};
}

void source_drop_all(SourceSet *set) {
    for (size_t i = 0; i < set->len; i++)
        source_drop_text(&set->items[i]);
}

bool source_open(Job *job, const FsRoot *root, Str path, SourceKind kind,
                 bool *exists, Source *out) {
    FsEntry entry;
    if (!fs_stat(job, root, path, exists, &entry))
        return false;
    if (!*exists)
        return true;
    Source src = {.kind = kind, .path = entry.path, .entry = entry};
    src.rel = text_nfc(job->keep, entry.path, NULL);
    Arena *tmp = arena_new();
    bool ok = load(job, job->keep, root, MAX_SINGLE, &src, tmp);
    arena_free(tmp);
    if (ok)
        *out = src;
    return ok;
}

// --- Positions ---

Pos source_pos(const Source *src, uint32_t line, uint32_t col) {
    return (Pos){src->path, src->text, line, col};
}

Pos source_pos_at(const Source *src, size_t offset) {
    return pos_in(src->path, src->text, offset);
}
