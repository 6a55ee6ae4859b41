// From the slots of a tree to a journal: what is to be renamed, made and
// removed, in which order, and whether that can be done at all.
#ifndef LOA_WRITE_COMMIT_H
#define LOA_WRITE_COMMIT_H

#include "write/journal.h"
#include "write/tree.h"

JournalResult commit_run(Job *job, Tree *t, OutputStats *stats);

#endif
