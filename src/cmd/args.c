#include "cmd/args.h"

#include <string.h>

#include "base/nearest.h"

extern char **environ;

typedef struct {
    Job *job;
    int argc;
    char **argv;
    int at;
    Args *out;
} Parser;

static Pos usage_pos(void) {
    return (Pos){0};
}

static size_t find_name(const Command *c, Str name) {
    size_t i = 0;
    while (c->options[i].name &&
           !str_eq_nocase(str_from(c->options[i].name), name))
        i++;
    return i;
}

static size_t find_letter(const Command *c, char letter) {
    size_t i = 0;
    while (c->options[i].name && c->options[i].letter != letter)
        i++;
    return i;
}

static bool complain_unknown(Parser *p, Str option) {
    const Command *c = p->out->command;
    Str names[ARGS_MAX];
    size_t n = 0;
    for (; n < ARGS_MAX && c->options[n].name; n++)
        names[n] = str_from(c->options[n].name);
    diag_error(p->job->diags, "E-USAGE", usage_pos(),
               _("loa %s has no option '%.*s'"), c->name, STR_ARG(option));
    Str near = nearest(option, (Strs){names, n});
    if (near.len)
        diag_hint(p->job->diags, _("did you mean %.*s?"), STR_ARG(near));
    else
        diag_hint(p->job->diags, _("see: loa help %s"), c->name);
    return false;
}

// The value of option `i`: what is joined to it, or the next argument.
static bool take_value(Parser *p, size_t i, Str joined, bool has_joined) {
    const CmdOption *o = &p->out->command->options[i];
    if (!has_joined && p->at + 1 >= p->argc) {
        diag_error(p->job->diags, "E-USAGE", usage_pos(),
                   _("the option %s needs a value: %s"), o->name, o->value);
        diag_hint(p->job->diags, _("see: loa help %s"), p->out->command->name);
        return false;
    }
    Str value = has_joined ? joined : str_from(p->argv[++p->at]);
    Str before = p->out->values[i];
    if (before.len && str_ends(str_from(o->value), S("...")))
        value = str_fmt(p->job->keep, "%.*s\n%.*s", STR_ARG(before),
                        STR_ARG(value));
    p->out->values[i] = value.ptr ? value : S("");
    return true;
}

static bool parse_long(Parser *p, Str arg) {
    const Command *c = p->out->command;
    Str value = arg, name;
    bool has_value = str_find(arg, S("="), 0) != SIZE_MAX;
    str_cut(&value, '=', &name);
    size_t i = find_name(c, name);
    if (!c->options[i].name)
        return complain_unknown(p, name);
    if (c->options[i].value)
        return take_value(p, i, value, has_value);
    if (has_value && !str_eq(value, S("true"))) {
        diag_error(p->job->diags, "E-USAGE", usage_pos(),
                   _("the option %s takes no value"), c->options[i].name);
        return false;
    }
    p->out->values[i] = S("yes");
    return true;
}

static bool parse_short(Parser *p, Str arg) {
    const Command *c = p->out->command;
    for (size_t k = 1; k < arg.len; k++) {
        size_t i = find_letter(c, arg.ptr[k]);
        if (!c->options[i].name)
            return complain_unknown(p, arg);
        if (c->options[i].value)
            return take_value(p, i, str_slice(arg, k + 1, arg.len),
                              k + 1 < arg.len);
        p->out->values[i] = S("yes");
    }
    return true;
}

static bool add_rest(Parser *p, Str arg, size_t max_rest) {
    if (p->out->nrest < max_rest) {
        p->out->rest[p->out->nrest++] = arg;
        return true;
    }
    diag_error(p->job->diags, "E-USAGE", usage_pos(),
               _("loa %s does not know what to do with '%.*s'"),
               p->out->command->name, STR_ARG(arg));
    diag_hint(p->job->diags, _("see: loa help %s"), p->out->command->name);
    return false;
}

bool args_parse(Job *job, int argc, char **argv, size_t max_rest, Args *out) {
    *out = (Args){.command = cmd_find(str_from(argv[0]))};
    Parser p = {job, argc, argv, 1, out};
    bool is_over = false;
    for (; p.at < argc; p.at++) {
        Str arg = str_from(argv[p.at]);
        bool ok;
        if (!is_over && str_eq(arg, S("--"))) {
            is_over = true;
            continue;
        }
        if (is_over || arg.len < 2 || arg.ptr[0] != '-')
            ok = add_rest(&p, arg, max_rest);
        else if (arg.ptr[1] == '-')
            ok = parse_long(&p, arg);
        else
            ok = parse_short(&p, arg);
        if (!ok)
            return false;
    }
    return true;
}

Strs args_all(Job *job, const Args *args, const char *name) {
    Strs all = {0};
    Str text = args_get(args, name), one;
    all.items = ARENA_ARRAY(job->keep, Str, text.len);
    while (str_cut(&text, '\n', &one))
        all.items[all.len++] = one;
    return all;
}

Str args_get(const Args *args, const char *name) {
    return args->values[find_name(args->command, str_from(name))];
}

bool args_has(const Args *args, const char *name) {
    return args_get(args, name).ptr != NULL;
}

bool args_number(Job *job, const Args *args, const char *name, int64_t from,
                 int64_t to, int64_t *out) {
    int64_t n;
    if (!args_has(args, name))
        return true;
    if (str_to_int(args_get(args, name), &n) && n >= from && n <= to) {
        *out = n;
        return true;
    }
    return diag_error(job->diags, "E-USAGE", usage_pos(),
                      _("the option %s needs a number from %lld to %lld"), name,
                      (long long)from, (long long)to);
}

// Whether it is an instant at all; its zone, when it names none, is the site's.
static bool check_clock(Job *job, Str text) {
    Date now;
    size_t at;
    const char *why;
    if (!text.ptr || date_parse(text, 0, false, &now, &at, &why))
        return true;
    diag_error(job->diags, "E-CLOCK", (Pos){.path = S("--clock")},
               _("'%.*s' is not an instant: %s"), STR_ARG(text), _(why));
    diag_hint(job->diags, _("write it as 2026-11-21T08:00:00+07:00"));
    return false;
}

bool args_build_options(Job *job, const Args *args, BuildOptions *out,
                        unsigned *threads) {
    int64_t n = 0;
    if (!args_number(job, args, "--jobs", 1, 256, &n))
        return false;
    *threads = (unsigned)n;
    if (!check_clock(job, args_get(args, "--clock")))
        return false;
    Str source = args_get(args, "--source");
    *out =
        (BuildOptions){.source = source.len ? source : S("."),
                       .clock = args_get(args, "--clock"),
                       .env = environ,
                       .flags = {.environment = args_get(args, "--environment"),
                                 .drafts = args_has(args, "--buildDrafts"),
                                 .future = args_has(args, "--buildFuture"),
                                 .expired = args_has(args, "--buildExpired")}};
    return config_check_environment(job, &out->flags, out->env);
}
