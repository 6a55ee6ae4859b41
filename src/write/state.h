// Where the output stands and what is remembered about it: the folder itself,
// the state folder beside it, and the lock in there.
#ifndef LOA_WRITE_STATE_H
#define LOA_WRITE_STATE_H

#include "base/job.h"
#include "write/output.h"

typedef struct {
    Str dir;          // the output folder as given, for messages
    Str path;         // the state folder, for messages
    const char *name; // of the output folder in `parent`
    int parent;       // the folder that holds it
    int root;         // the output folder, -1 while there is none
    int folder;       // the state folder, -1 while there is none
    int lock;         // -1 while not held
} State;

typedef enum { LOCK_HELD, LOCK_BUSY, LOCK_FAILED } LockResult;

// Finds everything; makes the state folder if `make`. Opens nothing through a
// link, save the folder that the user named. Nothing stays open on failure.
bool state_open(Job *job, Str dir, bool make, State *out);
void state_close(State *s);

// LOCK_BUSY only without `wait` or with its no_wait, and then says nothing.
LockResult state_lock(Job *job, State *s, const OutputWait *wait);

// Adds the error that another build is running, and which process it is.
bool state_say_busy(Job *job, const State *s);

// A file of the state folder, whole, in job->keep. Missing is *exists = false.
bool state_read(Job *job, const State *s, const char *name, bool *exists,
                Str *out);

// Makes the file `name` in `dir`, the state folder or one in it. Not synced.
bool state_write(Job *job, const State *s, int dir, const char *name,
                 Str bytes);

// Which file of the state folder has this name; 0: there is none.
uint64_t state_file_id(const State *s, const char *name);

// Whether something temporary lies in the state folder.
bool state_has_leftovers(const State *s);

// Removes what is temporary. It is in nobody's way, so a failure is a warning.
void state_sweep(Job *job, const State *s);

// "dir/path" as the user would write it, in job->keep.
Str state_shown(Job *job, const State *s, Str path);

#endif
