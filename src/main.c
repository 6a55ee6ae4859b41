// Pick the command, run it, print what it had to say.

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "cmd/cmd.h"

static void set_language(void) {
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n <= 0)
        return;
    path[n] = 0;
    char *slash = strrchr(path, '/');
    if (slash)
        *slash = 0;
    diag_set_language(path);
}

static int complain_unknown(Job *job, const char *name) {
    Str names[16];
    size_t n = 0;
    for (const Command *c = cmd_table; c->name && n < 16; c++)
        names[n++] = str_from(c->name);
    diag_error(job->diags, "E-USAGE", (Pos){0}, _("there is no command '%s'"),
               name);
    Str near = nearest(str_from(name), (Strs){names, n});
    if (near.len)
        diag_hint(job->diags, _("did you mean %.*s?"), STR_ARG(near));
    else
        diag_hint(job->diags, _("see: loa help"));
    return EXIT_USAGE;
}

static bool wants_help(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
            return true;
    return false;
}

static int run(Job *job, int argc, char **argv) {
    const Command *c = cmd_find(str_from(argv[0]));
    bool is_flag = !strcmp(argv[0], "--help") || !strcmp(argv[0], "-h");
    char *help[] = {(char[]){"help"}, argv[0], NULL};
    if (is_flag)
        return cmd_help(job, 1, help);
    if (!strcmp(argv[0], "--version"))
        return cmd_version(job, 1, help);
    if (!c)
        return complain_unknown(job, argv[0]);
    if (wants_help(argc, argv))
        return cmd_help(job, 2, help);
    return c->run(job, argc, argv);
}

int main(int argc, char **argv) {
    // Threads' heaps begin large: each growth of one is a system call.
    mallopt(M_TOP_PAD, 16 * 1024 * 1024);
    Arena *keep = arena_new(), *scratch = arena_new();
    Diags diags = {.arena = keep};
    Job job = {keep, scratch, &diags, NULL};
    set_language();
    signal(SIGXFSZ, SIG_IGN); // a file too large is an error of write(2)
    char *help[] = {(char[]){"help"}, NULL};
    int status;
    if (argc < 2) {
        cmd_help(&job, 1, help);
        status = EXIT_USAGE;
    } else {
        status = run(&job, argc - 1, argv + 1);
    }
    if (fflush(stdout) || ferror(stdout)) {
        diag_error(&diags, "E-SYSTEM", (Pos){0},
                   _("the output could not be written"));
        status = EXIT_SYSTEM;
    }
    diags_print(&diags, stderr, isatty(STDERR_FILENO));
    arena_free(scratch);
    arena_free(keep);
    return status;
}
