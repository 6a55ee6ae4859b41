// What a Tree is, for the files of this folder only.
#ifndef LOA_WRITE_TREE_H
#define LOA_WRITE_TREE_H

#include "write/manifest.h"
#include "write/output.h"

typedef enum {
    SLOT_UNUSED,
    SLOT_KEPT,   // the file on disk stays
    SLOT_STAGED, // staging/<slot> replaces it
    SLOT_FAILED, // an error was reported; nothing will be committed
} SlotState;

typedef struct {
    OutputFile file;
    SlotState state;
    bool is_over_folder; // a folder stands where the file is to be
    bool is_placed;      // staged where it will lie
    bool is_recorded;    // kept, and `old` says exactly what it is
    const ManifestFile *old;
    ManifestFile now;
} Slot;

struct Tree {
    State state;
    Manifest old;
    const bool *is_there; // what a look found, by file of `old`; may be NULL
    OutputOptions opt;
    Slot *slots;
    size_t n;
    bool is_fresh;       // there is no output folder yet: what is staged may
                         // lie where it will be
    const char *staging; // the name of this build's staging folder
    int staging_fd;
    bool needs_chmod; // the umask takes away what readers need
    bool is_over;     // committed or aborted
};

#endif
