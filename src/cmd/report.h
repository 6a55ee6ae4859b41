// What `loa build` says when it is over: for people, or as JSON
// (docs/json.md).
#ifndef LOA_CMD_REPORT_H
#define LOA_CMD_REPORT_H

#include "build.h"

// Adds each difference that --verify found, up to a number, as an error.
void report_differences(Job *job, const BuildStats *s);

void report_summary(Job *job, const BuildOptions *opt, const BuildStats *s);
// What was asked with --explain.
void report_explained(const BuildStats *s);
void report_json(Job *job, const BuildOptions *opt, const BuildStats *s,
                 BuildResult result);

#endif
