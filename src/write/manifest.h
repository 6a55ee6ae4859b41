// What was published: the files, each with what it held, and the folders that
// were made for them. Only what stands here is ever removed.
//
// A manifest that cannot be believed is as good as none: `is_known` is false,
// every file is compared by its content and nothing is removed.
#ifndef LOA_WRITE_MANIFEST_H
#define LOA_WRITE_MANIFEST_H

#include "write/io.h"
#include "write/state.h"

#define MANIFEST_NAME "manifest" // in the state folder

typedef struct {
    Str path; // as it was read: who removes it asks path_is_safe first
    Content content;
    int64_t mtime_ns; // as we left it; anything else means another hand
} ManifestFile;

typedef struct {
    Str bytes;           // the file it was read from
    ManifestFile *files; // sorted by path
    size_t len;
    Strs dirs; // sorted
    bool is_known;
} Manifest;

// No manifest at all is an empty one that is known; a damaged one a warning.
bool manifest_load(Job *job, const State *s, Manifest *out);
// One that is kept under another name.
bool manifest_load_as(Job *job, const State *s, const char *name,
                      Manifest *out);

// Whether nobody has written the file in between.
bool manifest_is_same(const ManifestFile *a, const ManifestFile *b);

// The entry of `path`, or NULL. Fast when it is near number `guess`.
const ManifestFile *manifest_find(const Manifest *m, Str path, size_t guess);

// The bytes of a list with these files and folders, which are sorted; those of
// `old` are quick.
Str manifest_pack(Arena *a, const Manifest *old,
                  const ManifestFile *const *files, size_t n, const Strs *dirs);

#endif
