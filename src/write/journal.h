// A publication that is decided: the steps from what is in the output folder
// to what is to be there. All bytes are staged when it is written; what is
// left is to rename and to remove, and that can be done twice without harm, so
// whoever finds a journal plays it from the start.
#ifndef LOA_WRITE_JOURNAL_H
#define LOA_WRITE_JOURNAL_H

#include "write/state.h"

typedef enum {
    STEP_REMOVE, // a file
    STEP_LEAVE,  // a folder, if it is empty now
    STEP_FOLDER, // staging/d<slot> becomes the folder `path`; "" is the root
    STEP_FILE,   // staging/<slot> becomes the file `path`
    STEP_PLACED, // JOURNAL_ROOT/path became it, with the root
} StepKind;

typedef struct {
    StepKind kind;
    size_t slot;
    Str path;
} Step;

typedef struct {
    const char *staging; // its folder, in the state folder
    Step *steps;         // in order; the new manifest is staging/manifest
    size_t len;
} Journal;

typedef enum {
    JOURNAL_DONE,
    JOURNAL_UNDECIDED, // nothing has happened; the staging may go
    JOURNAL_PENDING,   // decided but not finished: the next command does
} JournalResult;

// Syncs what is staged, decides, and plays.
JournalResult journal_commit(Job *job, State *s, const Journal *j);

// Plays the journal that was left behind, if there is one. A damaged one is
// dropped with a warning.
bool journal_recover(Job *job, State *s);

// The first staged folder, which becomes the output when there is none.
#define JOURNAL_ROOT "d0"

// The name of a staged file or folder.
typedef struct {
    char text[24];
} StagedName;
StagedName journal_name(StepKind kind, size_t slot);

#endif
