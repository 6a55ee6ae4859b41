#include "next.h"

#include <stdio.h>

#include "base/json.h"
#include "cmd/args.h"

enum { MAX_SHOWN = 3 }; // reasons of one instant

static Str instant(Arena *a, Date d) {
    Buf b = {.arena = a};
    if (date_is_set(d))
        date_rfc3339(&b, d);
    return buf_str(&b);
}

// --- for people

static void print_reasons(Arena *a, const NextChange *c) {
    size_t n = c->nreasons < MAX_SHOWN ? c->nreasons : MAX_SHOWN;
    for (size_t i = 0; i < n; i++) {
        Str text = next_why_text(a, &c->reasons[i]);
        printf("%s%.*s", i ? "; " : " ", STR_ARG(text));
    }
    if (c->nreasons > n)
        printf(_("; and more"));
    printf("\n");
}

static void print_change(Arena *a, const NextChange *c) {
    printf("%.*s  ", STR_ARG(instant(a, c->at)));
    if (c->is_broken)
        printf(_("the site cannot be built any more:"));
    else
        printf(_("%zu changed, %zu new, %zu gone:"), c->changed, c->added,
               c->removed);
    print_reasons(a, c);
}

static void print_text(Arena *a, const NextChanges *found) {
    for (size_t i = 0; i < found->len; i++)
        print_change(a, &found->items[i]);
    if (!found->len && date_is_set(found->until))
        printf(_("nothing changes by itself before %.*s\n"),
               STR_ARG(instant(a, found->until)));
}

// --- for programs

static void set_count(Arena *a, Value *map, Str key, size_t n) {
    value_set(a, map, key, value_int((int64_t)n));
}

static Value reason_value(Arena *a, const NextReason *r) {
    Value map = value_map(a);
    value_set(a, &map, S("why"), value_str(str_from(next_why_name(r->why))));
    value_set(a, &map, S("path"), value_str(r->path));
    value_set(a, &map, S("field"), value_str(r->field));
    value_set(a, &map, S("title"), value_str(r->title));
    return map;
}

static Value change_value(Arena *a, const NextChange *c) {
    Value map = value_map(a);
    Value *reasons = ARENA_ARRAY(a, Value, c->nreasons);
    for (size_t i = 0; i < c->nreasons; i++)
        reasons[i] = reason_value(a, &c->reasons[i]);
    value_set(a, &map, S("at"), value_str(instant(a, c->at)));
    value_set(a, &map, S("broken"), value_bool(c->is_broken));
    set_count(a, &map, S("changed"), c->changed);
    set_count(a, &map, S("added"), c->added);
    set_count(a, &map, S("removed"), c->removed);
    value_set(a, &map, S("reasons"), value_list(reasons, c->nreasons));
    return map;
}

static void print_json(Arena *a, const NextChanges *found) {
    Value map = value_map(a), *items = ARENA_ARRAY(a, Value, found->len);
    for (size_t i = 0; i < found->len; i++)
        items[i] = change_value(a, &found->items[i]);
    value_set(a, &map, S("from"), value_str(instant(a, found->now)));
    value_set(a, &map, S("until"), value_str(instant(a, found->until)));
    value_set(a, &map, S("instants"), value_list(items, found->len));
    Buf b = {.arena = a};
    json_write(&b, &map, 2);
    printf("%.*s\n", STR_ARG(buf_str(&b)));
}

int cmd_next(Job *job, int argc, char **argv) {
    Args args;
    NextOptions opt = {0};
    NextChanges found;
    if (!args_parse(job, argc, argv, 0, &args) ||
        !args_build_options(job, &args, &opt.build, &opt.threads))
        return EXIT_USAGE;
    opt.is_all = args_has(&args, "--all");
    BuildResult result = next_find(job, &opt, &found);
    if (args_has(&args, "--json"))
        print_json(job->keep, &found);
    else
        print_text(job->keep, &found);
    return (int)result;
}
