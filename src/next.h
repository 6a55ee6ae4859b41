// When the output changes with no edit, and why.
#ifndef LOA_NEXT_H
#define LOA_NEXT_H

#include "build.h"

typedef struct {
    ClockWhy why;
    Str path, field, title; // of the piece; empty: of no single one
} NextReason;

typedef struct {
    Date at;
    size_t changed, added, removed; // outputs
    bool is_broken; // from then on the site cannot be built as it is
    NextReason *reasons;
    size_t nreasons;
} NextChange;

typedef struct {
    Date now, until;   // what was looked at
    NextChange *items; // in order of time
    size_t len, cap;
} NextChanges;

typedef struct {
    BuildOptions build;
    unsigned threads;
    bool is_all; // those of a year from now; else the first
} NextOptions;

// With errors in the content nothing is found.
BuildResult next_find(Job *job, const NextOptions *opt, NextChanges *out);

// The name of a reason in JSON, and what it says to people.
const char *next_why_name(ClockWhy why);
Str next_why_text(Arena *a, const NextReason *reason);

#endif
