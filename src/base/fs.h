// Files beneath a root. Every open goes through openat2 with RESOLVE_BENEATH
// and RESOLVE_NO_SYMLINKS: no link is followed and nothing outside the root is
// reached, whatever a path says.
//
// Paths use '/', are relative to the root, and hold no "." or "..".
#ifndef LOA_BASE_FS_H
#define LOA_BASE_FS_H

#include "base/pool.h"

typedef struct {
    int fd;   // the folder, or -1
    Str path; // as given, for messages
} FsRoot;

typedef enum { FS_FILE, FS_DIR, FS_LINK, FS_OTHER } FsKind;

typedef struct {
    Str path; // from the root
    FsKind kind;
    uint32_t mode; // st_mode
    uint64_t size, inode;
    int64_t mtime_ns, ctime_ns;
} FsEntry;

typedef struct {
    FsEntry *items; // sorted by path, byte order
    size_t len;
} FsList;

// The root itself may be reached through links: it is the user's word.
bool fs_open_root(Job *job, Str path, FsRoot *out);
void fs_close_root(FsRoot *root);

// True and *exists = false when there is no such file.
bool fs_stat(Job *job, const FsRoot *root, Str path, bool *exists,
             FsEntry *out);

// The whole file into `arena`. More than `max` bytes is an error that says so.
// A link, FIFO, device or folder is an error that names it.
bool fs_read(Job *job, Arena *arena, const FsRoot *root, Str path, size_t max,
             Str *out);

// All entries below `dir` (files, and links and others so that the caller can
// refuse them), in job->keep, skipping names that begin with '.' or '#' or end
// in '~'. A missing `dir` is an empty list. At most 64 levels, 200,000 files.
bool fs_walk(Job *job, const FsRoot *root, Str dir, FsList *out);
// The same on all cores, folder by folder. `pool` may be NULL.
bool fs_walk_wide(Job *job, Pool *pool, const FsRoot *root, Str dir,
                  FsList *out);

// The error for an entry that is no ordinary file. Returns false.
bool fs_refuse(Job *job, const FsEntry *entry);

// The path of a folder with every link followed, whose last part need not
// exist yet. Empty when what is before it does not exist.
Str fs_true_path(Arena *a, Str path);

Str path_join(Arena *a, Str dir, Str name);
Str path_dir(Str path);  // "a/b.md" -> "a"; "b.md" -> ""
Str path_base(Str path); // "a/b.md" -> "b.md"
Str path_stem(Str path); // "a/b.vi.md" -> "b.vi"
Str path_ext(Str path);  // "a/b.md" -> "md"

// `path` taken relative to the folder `from` ("/" at its start: from the
// root), with "." and ".." resolved. False when it would leave the root.
bool path_resolve(Arena *a, Str from, Str path, Str *out);

// A path that may be written below public/: no empty, "." or ".." segment, no
// backslash, NUL, control character or ':', no dot file, at most 255 bytes a
// segment and 1,024 in all.
bool path_is_safe(Str path);
// Whether it is so at first sight: of a-z, 0-9, hyphens, underscores, dots and
// slashes, as most are.
bool path_is_plain(Str path);

#endif
