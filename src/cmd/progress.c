#include "cmd/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { QUIET_SECONDS = 5 }; // elsewhere than on a terminal

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

const char *progress_stage_name(Stage stage) {
    static const char *const names[] = {N_("reading"),  N_("parsing"),
                                        N_("ordering"), N_("planning"),
                                        N_("making"),   N_("writing")};
    return _(names[stage]);
}

Progress progress_new(void) {
    double t = now();
    return (Progress){
        .is_terminal = isatty(STDERR_FILENO), .start = t, .last = t};
}

void progress_tick(void *ctx, Stage stage, size_t done, size_t total) {
    Progress *p = ctx;
    double t = now();
    if (stage != p->stage) {
        p->stage = stage;
        p->start = t;
    }
    double pause = p->is_terminal ? 0.1 : QUIET_SECONDS;
    if (t - p->last < pause || !done || !total)
        return;
    p->last = t;
    double left = (t - p->start) * (double)(total - done) / (double)done;
    fprintf(stderr, "%s", p->is_terminal ? "\r\033[K" : "");
    fprintf(stderr, _("%s: %zu of %zu, about %.0f s left"),
            progress_stage_name(stage), done, total, left);
    fprintf(stderr, "%s", p->is_terminal ? "" : "\n");
    p->is_shown = p->is_terminal;
}

void progress_end(Progress *p) {
    if (p->is_shown)
        fprintf(stderr, "\r\033[K");
    p->is_shown = false;
}

void progress_wait(void *ctx, Str folder, Str process) {
    progress_end(ctx);
    if (folder.len)
        fprintf(stderr,
                _("waiting for another build that writes to %.*s (process "
                  "%.*s)\n"),
                STR_ARG(folder), STR_ARG(process));
    else
        fprintf(stderr,
                _("waiting for another build of this site (process %.*s)\n"),
                STR_ARG(process));
}
