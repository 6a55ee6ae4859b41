// loa completion: what a shell may offer after `loa`, from the table of
// commands. The names in the table are ASCII words; only the explanations are
// quoted with care.
#include <stdio.h>
#include <string.h>

#include "cmd/args.h"

// Inside '...' of bash, zsh and fish: an apostrophe ends the quotes, is
// written by itself and begins them again. fish also reads \ inside them.
static void put_quoted(const char *text, const char *also_escape) {
    for (const char *c = text; *c; c++) {
        if (*c == '\'')
            fputs("'\\''", stdout);
        else if (strchr(also_escape, *c))
            printf("\\%c", *c);
        else
            putchar(*c);
    }
}

static bool is_dir(const CmdOption *o) {
    return o->value && !strcmp(o->value, "DIR");
}

static bool is_file(const CmdOption *o) {
    return o->value && !strcmp(o->value, "FILE");
}

static bool is_help(const Command *c) {
    return c->run == cmd_help;
}

static void put_commands(const char *between) {
    for (const Command *c = cmd_table; c->name; c++)
        printf("%s%s", c == cmd_table ? "" : between, c->name);
}

// --- bash

static void bash_command(const Command *c) {
    printf("    %s)\n        options='", c->name);
    for (const CmdOption *o = c->options; o->name; o++) {
        printf("%s ", o->name);
        if (o->letter)
            printf("-%c ", o->letter);
    }
    printf("--help'\n        words='");
    if (is_help(c))
        put_commands(" ");
    else
        fputs(c->words ? c->words : "", stdout);
    printf("'\n        ;;\n");
}

// The patterns of all options with a value of one kind.
static void bash_values(bool (*is_kind)(const CmdOption *)) {
    bool is_first = true;
    for (const Command *c = cmd_table; c->name; c++)
        for (const CmdOption *o = c->options; o->name; o++)
            if (is_kind(o)) {
                printf("%s%s", is_first ? "" : " | ", o->name);
                if (o->letter)
                    printf(" | -%c", o->letter);
                is_first = false;
            }
}

static bool is_other(const CmdOption *o) {
    return o->value && !is_dir(o) && !is_file(o);
}

static void put_bash(void) {
    puts("# bash completion of loa\n"
         "_loa() {\n"
         "    local word=${COMP_WORDS[COMP_CWORD]} options= words=\n"
         "    local before=${COMP_WORDS[COMP_CWORD - 1]}\n"
         "    COMPREPLY=()\n"
         "    case $before in");
    fputs("    ", stdout);
    bash_values(is_dir);
    puts(")\n        mapfile -t COMPREPLY < <(compgen -d -- \"$word\")\n"
         "        return\n        ;;");
    fputs("    ", stdout);
    bash_values(is_file);
    puts(")\n        mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
         "        return\n        ;;");
    fputs("    ", stdout);
    bash_values(is_other);
    puts(")\n        return\n        ;;\n    esac\n"
         "    case ${COMP_WORDS[1]-} in");
    for (const Command *c = cmd_table; c->name; c++)
        bash_command(c);
    puts("    esac");
    fputs("    ((COMP_CWORD > 1)) || words='", stdout);
    put_commands(" ");
    puts(" --help --version'\n"
         "    case $word in\n"
         "    -*) words=$options ;;\n"
         "    esac\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
         "}\n"
         "complete -o bashdefault -o default -F _loa loa");
}

// --- zsh

static void zsh_value(const CmdOption *o) {
    printf(":%s:", o->value);
    if (is_dir(o))
        fputs("_files -/", stdout);
    else if (is_file(o))
        fputs("_files", stdout);
    else
        putchar(' ');
}

static void zsh_option(const CmdOption *o) {
    fputs(" \\\n            ", stdout);
    if (o->letter)
        printf("'(-%c %s)'{-%c%s,%s%s}", o->letter, o->name, o->letter,
               o->value ? "+" : "", o->name, o->value ? "=" : "");
    else
        printf("%s%s", o->name, o->value ? "=" : "");
    fputs("'[", stdout);
    put_quoted(_(o->help), "[]:\\");
    putchar(']');
    if (o->value)
        zsh_value(o);
    putchar('\'');
}

static void zsh_command(const Command *c) {
    printf("    %s)\n        _arguments -s", c->name);
    for (const CmdOption *o = c->options; o->name; o++)
        zsh_option(o);
    if (is_help(c)) {
        fputs(" \\\n            '1:command:(", stdout);
        put_commands(" ");
        fputs(")'", stdout);
    } else if (c->words && *c->words) {
        printf(" \\\n            '1:word:(%s)' '*:file:_files'", c->words);
    } else if (!c->words) {
        fputs(" \\\n            '*:file:_files'", stdout);
    }
    fputs(" \\\n            '--help[", stdout);
    put_quoted(_("explain a command"), "[]:\\");
    puts("]'\n        ;;");
}

static void put_zsh(void) {
    puts("#compdef loa\n"
         "_loa() {\n"
         "    if ((CURRENT == 2)); then\n"
         "        local -a commands\n"
         "        commands=(");
    for (const Command *c = cmd_table; c->name; c++) {
        printf("            '%s:", c->name);
        put_quoted(_(c->help), ":\\");
        puts("'");
    }
    puts("        )\n"
         "        _describe command commands\n"
         "        return\n"
         "    fi\n"
         "    local command=${words[2]}\n"
         "    shift words\n"
         "    ((CURRENT--))\n"
         "    case $command in");
    for (const Command *c = cmd_table; c->name; c++)
        zsh_command(c);
    puts("    esac\n"
         "}\n"
         "if [ \"${funcstack[1]-}\" = _loa ]; then\n"
         "    _loa \"$@\"\n"
         "else\n"
         "    compdef _loa loa\n"
         "fi");
}

// --- fish

static void fish_text(const char *text) {
    fputs(" -d '", stdout);
    put_quoted(text, "\\");
    puts("'");
}

static void fish_option(const Command *c, const CmdOption *o) {
    printf("complete -c loa -n '__fish_seen_subcommand_from %s' -l %s", c->name,
           o->name + 2);
    if (o->letter)
        printf(" -s %c", o->letter);
    if (is_dir(o))
        fputs(" -x -a '(__fish_complete_directories)'", stdout);
    else if (o->value)
        fputs(is_file(o) ? " -r -F" : " -x", stdout);
    fish_text(_(o->help));
}

static void fish_command(const Command *c) {
    printf("complete -c loa -n __fish_use_subcommand -f -a %s", c->name);
    fish_text(_(c->help));
    for (const CmdOption *o = c->options; o->name; o++)
        fish_option(c, o);
    if (is_help(c) || (c->words && *c->words)) {
        printf("complete -c loa -n '__fish_seen_subcommand_from %s'%s -a '",
               c->name, c->run == cmd_new ? "" : " -f");
        if (is_help(c))
            put_commands(" ");
        else
            fputs(c->words, stdout);
        puts("'");
    }
}

static void put_fish(void) {
    puts("# fish completion of loa");
    for (const Command *c = cmd_table; c->name; c++)
        fish_command(c);
}

// --- the command

int cmd_completion(Job *job, int argc, char **argv) {
    Args args;
    if (!args_parse(job, argc, argv, 1, &args))
        return EXIT_USAGE;
    Str shell = args.nrest ? args.rest[0] : (Str){0};
    if (str_eq(shell, S("bash")))
        put_bash();
    else if (str_eq(shell, S("zsh")))
        put_zsh();
    else if (str_eq(shell, S("fish")))
        put_fish();
    else {
        diag_error(job->diags, "E-USAGE", (Pos){0},
                   _("loa completion needs the name of a shell"));
        diag_hint(job->diags, _("write bash, zsh or fish"));
        return EXIT_USAGE;
    }
    return EXIT_GOOD;
}
