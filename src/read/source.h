// Files in. One of two folders that touch the disk; the other is write/.
//
//   source_scan(...)      what there is: names, sizes, times; no file opened
//   source_load(...)      one file's text, once, on any thread
//   source_drop_text(...) when its page has been rendered
#ifndef LOA_READ_SOURCE_H
#define LOA_READ_SOURCE_H

#include "base/fs.h"
#include "base/hash.h"

typedef enum {
    SOURCE_CONTENT,  // Markdown in content/
    SOURCE_RESOURCE, // any other file in content/
    SOURCE_LAYOUT,   // layouts/, themes/*/layouts/
    SOURCE_TYPE,     // types/, themes/*/types/
    SOURCE_I18N,     // i18n/
    SOURCE_DATA,     // data/
    SOURCE_STATIC,   // static/: copied as it is
    SOURCE_RECORD,   // urls.tsv
    SOURCE_CONFIG,   // loa.yaml, config/, themes/*/loa.yaml
} SourceKind;

typedef struct {
    SourceKind kind;
    Str path;       // from the site's root, as on disk
    Str rel;        // below its component folder, NFC: "tin-tuc/a.md"
    uint32_t layer; // 0 the project, 1 the first theme, ...
    FsEntry entry;
    Str text;     // UTF-8, NFC, LF, no BOM; empty until loaded
    Hash hash;    // of the bytes on disk, once loaded
    bool was_nfc; // the bytes on disk already were
    Arena *own;   // holds text; NULL: it lies in keep, or is not loaded
} Source;

// Folders below the root. Where several layers have the same rel, the first
// wins, except i18n and data, where all are kept (project first).
typedef struct {
    Str content, layouts, types, i18n, data;
    Strs statics;
    Str themes;  // the folder that holds themes
    Strs theme;  // names, leftmost wins
    Strs ignore; // patterns: what they find below content/ is not there
} SourceDirs;

typedef struct {
    FsRoot root;
    Source *items; // sorted by kind, then rel, then layer
    size_t len;
    size_t first[SOURCE_CONFIG + 2]; // items of kind k: first[k]..first[k+1]
    Hash looks; // names, sizes and times of all that were found
} SourceSet;

// Whether it is an extended regular expression (POSIX).
bool source_pattern_is_good(Arena *a, Str pattern);

// Links, FIFOs and devices in any of the folders are errors that name them.
// Two content files whose rel is the same after NFC, too.
bool source_scan(Job *job, Pool *pool, const FsRoot *root,
                 const SourceDirs *dirs, SourceSet *out);

// Loads src->text: valid UTF-8 (an error has line and column), no NUL, NFC,
// CRLF and CR as LF, BOM dropped. At most `max` bytes. A content file that was
// not NFC gets a W-NFC warning.
bool source_load(Job *job, const FsRoot *root, size_t max, Source *src);
void source_drop_text(Source *src);
void source_drop_all(SourceSet *set); // the texts of all of them

// A single file by path, such as loa.yaml, of at most 4 MiB; its text lies in
// job->keep. *exists tells a missing one.
bool source_open(Job *job, const FsRoot *root, Str path, SourceKind kind,
                 bool *exists, Source *out);

Pos source_pos(const Source *src, uint32_t line, uint32_t col);
// The same for a byte offset into src->text; counts lines and code points.
Pos source_pos_at(const Source *src, size_t offset);

#endif
