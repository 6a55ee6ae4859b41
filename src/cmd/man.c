// loa man: the manual page, from the table of commands. In man(7), which both
// groff and mandoc read.
#include <stdio.h>

#include "base/version.h"
#include "cmd/cmd.h"

// Text as roff: a backslash and a hyphen are meant as they are, and a line
// that begins with a point or an apostrophe would be a request.
static void put(const char *text) {
    bool is_start = true;
    for (const char *c = text; *c; c++) {
        if (is_start && (*c == '.' || *c == '\''))
            fputs("\\&", stdout);
        if (*c == '\\')
            fputs("\\e", stdout);
        else if (*c == '-')
            fputs("\\-", stdout);
        else
            putchar(*c);
        is_start = *c == '\n';
    }
}

static void put_line(const char *text) {
    put(text);
    putchar('\n');
}

static void section(const char *title) {
    fputs(".SH ", stdout);
    put_line(title);
}

// An item of a list: what it is, in bold, and what it means.
static void item(const char *name, const char *text) {
    fputs(".TP\n.B ", stdout);
    put_line(name);
    put_line(text);
}

static void put_option(const CmdOption *o) {
    fputs(".TP\n.BR ", stdout);
    if (o->letter)
        printf("\\-%c \", \" ", o->letter);
    put(o->name);
    if (o->value) {
        fputs(" \" \\fI", stdout);
        put(_(o->value));
        fputs("\\fR\"", stdout);
    }
    putchar('\n');
    put_line(_(o->help));
}

static void put_command(const Command *c) {
    fputs(".SS ", stdout);
    put_line(_(c->usage));
    put_line(_(c->help));
    for (const CmdOption *o = c->options; o->name; o++)
        put_option(o);
}

static void put_exit_codes(void) {
    section(_("EXIT STATUS"));
    item("0", _("good"));
    item("1", _("the content has errors"));
    item("2", _("wrong usage"));
    item("3", _("the system failed"));
    item("4", _("another build is running"));
    item("5", _("loa build --verify found a difference"));
}

static void put_environment(void) {
    section(_("ENVIRONMENT"));
    item("LOA_LANG", _("the language of messages: vi or en"));
    item("LOA_*",
         _("keys of loa.yaml, such as LOA_BASEURL; nested ones with two "
           "underscores in between"));
}

static void put_files(void) {
    section(_("FILES"));
    item("loa.yaml", _("the configuration of the site"));
    item("content/", _("the pieces, in Markdown"));
    item("layouts/, themes/", _("how the pages look"));
    item("static/", _("files that are copied as they are"));
    item("public/", _("the site as made"));
    item(".loa/changed.txt, .loa/removed.txt",
         _("the addresses that the last build changed and removed"));
}

int cmd_man(Job *job, int argc, char **argv) {
    (void)job;
    (void)argc;
    (void)argv;
    printf(".TH LOA 1 \"\" \"loa %s\" \"loa\"\n", LOA_VERSION);
    section(_("NAME"));
    fputs("loa \\- ", stdout);
    put_line(_("static websites for trade unions"));
    section(_("SYNOPSIS"));
    printf(".B loa\n.I %s\n.RI [ \"%s\" ]\n", _("COMMAND"), _("options"));
    section(_("DESCRIPTION"));
    put_line(_("loa makes the website of a trade union from Markdown files: "
               "pages, feeds, calendars and a sitemap."));
    section(_("COMMANDS"));
    for (const Command *c = cmd_table; c->name; c++)
        put_command(c);
    put_exit_codes();
    put_environment();
    put_files();
    return EXIT_GOOD;
}
