#include <string.h>

#include "cmd/cmd.h"

#define SITE_OPTIONS                                                           \
    {"--source", 's', N_("DIR"), N_("the site's folder (default: this one)")}, \
        {"--environment", 'e', N_("NAME"),                                     \
         N_("read config/NAME/ on top (default: production)")},                \
        {"--buildDrafts", 'D', NULL, N_("include drafts")},                    \
        {"--buildFuture", 'F', NULL,                                           \
         N_("include pieces whose time has not come")},                        \
        {"--buildExpired", 'E', NULL, N_("include pieces that have expired")}, \
        {"--clock", 0, N_("TIME"), N_("build as if it were this instant")}, {  \
        "--jobs", 'j', N_("N"), N_("threads (default: one for each core)")     \
    }

#define WRITE_OPTIONS                                                          \
    {"--destination", 'd', N_("DIR"),                                          \
     N_("where to write (default: publishDir)")},                              \
    {                                                                          \
        "--baseURL", 'b', N_("URL"), N_("the address of the site")             \
    }

static const CmdOption build_options[] = {
    SITE_OPTIONS,
    WRITE_OPTIONS,
    {"--quiet", 'q', NULL, N_("say nothing but problems")},
    {"--record", 0, NULL, N_("add the addresses that are new to urls.tsv")},
    {"--keep-going", 0, NULL,
     N_("leave files with errors out and publish the rest")},
    {"--allow-mass-removal", 0, NULL,
     N_("allow more than a fifth of the files to be removed")},
    {"--no-wait", 0, NULL, N_("do not wait for another build")},
    {"--ignoreCache", 0, NULL,
     N_("make everything, as if nothing were known of the last build")},
    {"--explain", 0, "URL...",
     N_("say why the files of this page were made or kept")},
    {"--verify", 0, NULL,
     N_("write nothing: compare what is published with what is made")},
    {"--json", 0, NULL, N_("print the summary as JSON")},
    {NULL, 0, NULL, NULL}};

static const CmdOption list_options[] = {
    SITE_OPTIONS, {"--json", 0, NULL, N_("print JSON")}, {NULL, 0, NULL, NULL}};

static const CmdOption next_options[] = {
    SITE_OPTIONS,
    {"--all", 0, NULL, N_("all instants of a year, one line each")},
    {"--json", 0, NULL, N_("print JSON")},
    {NULL, 0, NULL, NULL}};

static const CmdOption serve_options[] = {
    SITE_OPTIONS,
    WRITE_OPTIONS,
    {"--port", 'p', N_("N"), N_("the port (default: 1313)")},
    {"--no-build", 0, NULL, N_("serve what is there")},
    {NULL, 0, NULL, NULL}};

static const CmdOption template_options[] = {
    {"--data", 0, N_("FILE"), N_("the data, as JSON")},
    {"--templates", 0, N_("DIR"), N_("where include and render look")},
    {"--no-escape", 0, NULL, N_("print values as they are")},
    {NULL, 0, NULL, NULL}};

static const CmdOption config_options[] = {
    SITE_OPTIONS,
    WRITE_OPTIONS,
    {"--root", 0, N_("DIR"),
     N_("where the site lies on the server (default: where it is built)")},
    {"--maps", 0, N_("DIR"),
     N_("nginx: read old addresses from DIR, a copy of .loa/server")},
    {"--listen", 0, N_("ADDRESS"), N_("address and port (default: 80)")},
    {NULL, 0, NULL, NULL}};

static const CmdOption new_options[] = {
    {"--source", 's', N_("DIR"), N_("the site's folder (default: this one)")},
    {"--environment", 'e', N_("NAME"),
     N_("read config/NAME/ on top (default: production)")},
    {"--clock", 0, N_("TIME"), N_("the date of the piece (default: now)")},
    {"--themes", 0, N_("DIR"), N_("where the theme is copied from")},
    {NULL, 0, NULL, NULL}};

static const CmdOption no_options[] = {{NULL, 0, NULL, NULL}};

const Command cmd_table[] = {
    {"build", N_("loa build [options]"), N_("make the site"), build_options,
     cmd_build, ""},
    {"list", N_("loa list [drafts|future|expired|published|all] [options]"),
     N_("list the pieces and their state"), list_options, cmd_list,
     "drafts future expired published all"},
    {"next", N_("loa next [options]"),
     N_("say when the site changes by itself, and why"), next_options, cmd_next,
     ""},
    {"serve", N_("loa serve [options]"),
     N_("make the site and show it at http://localhost:1313/"), serve_options,
     cmd_serve, ""},
    {"new", N_("loa new site DIR | loa new FILE [options]"),
     N_("begin a portal, or a piece from its content type"), new_options,
     cmd_new, "site"},
    {"config", N_("loa config nginx|caddy [options]"),
     N_("print a web server's configuration for the site"), config_options,
     cmd_config, "nginx caddy"},
    {"template", N_("loa template FILE --data DATA.json [options]"),
     N_("render one template"), template_options, cmd_template, NULL},
    {"man", "loa man", N_("print the manual page"), no_options, cmd_man, ""},
    {"completion", "loa completion bash|zsh|fish",
     N_("print the completion for a shell"), no_options, cmd_completion,
     "bash zsh fish"},
    {"version", "loa version", N_("say which version this is"), no_options,
     cmd_version, ""},
    {"help", N_("loa help [command]"), N_("explain a command"), no_options,
     cmd_help, ""},
    {NULL, NULL, NULL, NULL, NULL, NULL}};

const Command *cmd_find(Str name) {
    for (const Command *c = cmd_table; c->name; c++)
        if (str_eq(name, str_from(c->name)))
            return c;
    return NULL;
}
