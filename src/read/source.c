#include "read/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { MAX_SINGLE = 4 * 1024 * 1024 };

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
