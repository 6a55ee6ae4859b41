#include <stdio.h>

#include "base/version.h"
#include "cmd/cmd.h"

static void print_overview(FILE *to) {
    fprintf(to, _("loa makes the website of a trade union from Markdown "
                  "files.\n\nusage: loa COMMAND [options]\n\n"));
    for (const Command *c = cmd_table; c->name; c++)
        fprintf(to, "  %-10s %s\n", c->name, _(c->help));
    fprintf(to, _("\nloa help COMMAND explains one of them.\n"));
}

// Characters: a byte that continues one is none of its own.
static int columns(const char *text) {
    int n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static void print_option(const CmdOption *o, FILE *to) {
    char left[96], letter[5] = "    ";
    if (o->letter)
        snprintf(letter, sizeof letter, "-%c, ", o->letter);
    snprintf(left, sizeof left, "%s%s%s%s", letter, o->name,
             o->value ? " " : "", o->value ? _(o->value) : "");
    int blanks = 30 - columns(left);
    fprintf(to, "  %s%*s %s\n", left, blanks > 0 ? blanks : 0, "", _(o->help));
}

static void print_command(const Command *c, FILE *to) {
    fprintf(to, _("loa %s: %s\n\nusage: %s\n"), c->name, _(c->help),
            _(c->usage));
    if (c->options->name)
        fprintf(to, _("\noptions:\n"));
    for (const CmdOption *o = c->options; o->name; o++)
        print_option(o, to);
}

int cmd_help(Job *job, int argc, char **argv) {
    if (argc < 2) {
        print_overview(stdout);
        return EXIT_GOOD;
    }
    const Command *c = cmd_find(str_from(argv[1]));
    if (!c) {
        diag_error(job->diags, "E-USAGE", (Pos){0},
                   _("there is no command '%s'"), argv[1]);
        diag_hint(job->diags, _("see: loa help"));
        return EXIT_USAGE;
    }
    print_command(c, stdout);
    return EXIT_GOOD;
}

int cmd_version(Job *job, int argc, char **argv) {
    (void)job;
    (void)argc;
    (void)argv;
    printf("loa %s\n", LOA_VERSION);
    return EXIT_GOOD;
}
