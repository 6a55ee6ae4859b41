// Files out, all or nothing.
//
//   output_recover(job, dir);            first of all, in every command
//   Tree *t = output_begin(job, &opt, n);
//   output_put(job, t, i, file, bytes);  what was rendered
//   output_copy(job, t, i, file, ...);   what is copied as it is
//   output_keep(job, t, i, file, ...);   what is still fresh
//   output_commit(job, t, &stats);       or output_abort(job, t)
//
// Nothing in `dir` changes before the commit, and a build that fails, is killed
// or runs out of disk leaves it as it was. Bytes that equal the file already
// there are not written. The commit has everything staged and synced, writes
// the journal, makes folders, then only renames and removes, in the order
// assets, articles, lists, removals; whoever comes next finishes a journal left
// behind. Only files in the manifest are ever removed.
//
// Staging, journal, manifest and lock lie beside the output, in ".NAME.loa" of
// the folder that holds NAME (inside it as ".loa" when NAME is a mount point,
// or when that folder may not be written).
//
// A program that calls this ignores SIGXFSZ, else a file size limit kills it
// before the message is printed.
#ifndef LOA_WRITE_OUTPUT_H
#define LOA_WRITE_OUTPUT_H

#include "base/fs.h"
#include "base/hash.h"
#include "base/pool.h"

typedef struct Tree Tree;
typedef struct OutputLook OutputLook;

typedef enum {
    OUTPUT_ASSET,
    OUTPUT_PAGE,
    OUTPUT_LIST, // lists, feeds, calendars, sitemaps, aliases
} OutputOrder;

typedef struct {
    Str path; // below the output folder, path_is_safe
    OutputOrder order;
} OutputFile;

// What to do while another build has the output.
typedef struct {
    bool no_wait; // fail at once
    // Told before waiting, with the process that has it; may be NULL.
    void (*say)(void *ctx, Str process);
    void *ctx;
} OutputWait;

typedef struct {
    Str dir;
    bool is_mass_removal_ok; // else more than a fifth and 20 files: refused
    OutputWait wait;
    OutputLook *look; // may be NULL
} OutputOptions;

// What has changed since a publication, by its manifest.
typedef struct {
    Strs changed; // paths below the output folder: new, or written again
    Strs removed;
    uint64_t manifest; // which one there is now
    uint64_t since;    // which one there was; 0: all of this is not known
} Changes;

typedef struct {
    size_t files;              // in the output now: written and unchanged
    size_t written, unchanged; // unchanged: the same bytes, or kept
    size_t removed;
    uint64_t bytes; // of all files
    Hash manifest;  // of the list of them
    Changes made;   // known when what was there before had been told of
} OutputStats;

// Finishes the journal that a killed commit left in `dir`'s state folder, or
// drops the staging of one that never reached it. Good when there is nothing.
bool output_recover(Job *job, Str dir);

// Begins to look at what is published, on a thread of its own and without the
// lock: a tree begun afterwards waits for it and has to look at less. To be
// ended when what the commit told is not needed any more. NULL is allowed.
OutputLook *output_look(Str dir);
void output_look_end(OutputLook *look);

// `n` slots; slot i is used by at most one put, copy or keep, from any thread.
// Takes the lock. NULL after an error. *busy (may be NULL) is set when it
// failed because another build runs. Paths must stay where they are until the
// commit.
Tree *output_begin(Job *job, const OutputOptions *opt, size_t n, bool *busy);
bool output_put(Job *job, Tree *t, size_t slot, OutputFile file, Str bytes);
bool output_copy(Job *job, Tree *t, size_t slot, OutputFile file,
                 const FsRoot *root, Str from);

// Keeps the file if it is there as it was published, with these bytes. False,
// without a message: it has to be put. The file is not looked at again; who
// changes it from then on changes what the next build finds.
bool output_keep(Job *job, Tree *t, size_t slot, OutputFile file, Hash hash,
                 uint64_t size);

// What a slot holds after a put, copy or keep. False: it was not used.
bool output_content(const Tree *t, size_t slot, Hash *hash, uint64_t *size);

// Whether the output is just as the commit left it whose list of files had this
// hash: every file by size and time. Nothing is begun. *stats is what a commit
// that changes nothing would say.
bool output_is_as_left(Job *job, Pool *pool, Str dir, Hash manifest,
                       OutputStats *stats);

// Both end the tree and give the lock back; abort after commit does nothing.
// A slot that was not used is a file that is not wanted any more; a put that
// failed makes the commit fail. When the commit fails after its decision, the
// message says that the next command finishes it.
bool output_commit(Job *job, Tree *t, OutputStats *stats);
void output_abort(Job *job, Tree *t);

#endif
