#include <stdio.h>

#include "base/json.h"
#include "cmd/args.h"
#include "cmd/progress.h"

static Str next_text(Arena *a, const BuildStats *s) {
    Buf b = {.arena = a};
    if (date_is_set(s->next))
        date_rfc3339(&b, s->next);
    return buf_str(&b);
}

static void print_summary(Job *job, const BuildStats *s) {
    const OutputStats *f = &s->files;
    double total = 0;
    for (int i = 0; i < NSTAGES; i++)
        total += s->seconds[i];
    printf(_("%zu pages, %zu files, %.1f MB in %.*s: %zu written, %zu "
             "unchanged, %zu removed\n"),
           s->pages, f->files, (double)f->bytes / 1e6, STR_ARG(s->publish_dir),
           f->written, f->unchanged, f->removed);
    printf(_("%.2f s:"), total);
    for (int i = 0; i < NSTAGES; i++)
        printf(" %s %.2f", progress_stage_name((Stage)i), s->seconds[i]);
    printf("\n");
    Str next = next_text(job->keep, s);
    if (next.len)
        printf(_("nothing changes by itself before %.*s (loa next tells "
                 "more)\n"),
               STR_ARG(next));
    if (s->left_out)
        printf(_("%zu files with errors were left out\n"), s->left_out);
}

static Value messages(Arena *a, const Diags *d) {
    static const char *const levels[] = {"note", "warning", "error", "off"};
    Value *items = ARENA_ARRAY(a, Value, d->len);
    for (size_t i = 0; i < d->len; i++) {
        const Diag *m = &d->items[i];
        items[i] = value_map(a);
        value_set(a, &items[i], S("level"),
                  value_str(str_from(levels[m->level])));
        value_set(a, &items[i], S("code"), value_str(str_from(m->code)));
        value_set(a, &items[i], S("path"), value_str(m->path));
        value_set(a, &items[i], S("line"), value_int(m->line));
        value_set(a, &items[i], S("column"), value_int(m->col));
        value_set(a, &items[i], S("message"), value_str(m->message));
        value_set(a, &items[i], S("hint"), value_str(m->hint));
    }
    return value_list(items, d->len);
}

static void set_count(Arena *a, Value *map, Str key, size_t n) {
    value_set(a, map, key, value_int((int64_t)n));
}

static void print_json(Job *job, const BuildStats *s, BuildResult result) {
    static const char *const stages[] = {"read", "parse",  "model",
                                         "plan", "render", "write"};
    Arena *a = job->keep;
    Value out = value_map(a), times = value_map(a);
    for (int i = 0; i < NSTAGES; i++) {
        Value seconds = {.kind = VALUE_FLOAT, .as.f = s->seconds[i]};
        value_set(a, &times, str_from(stages[i]), seconds);
    }
    value_set(a, &out, S("result"), value_int(result));
    value_set(a, &out, S("destination"), value_str(s->publish_dir));
    set_count(a, &out, S("pages"), s->pages);
    set_count(a, &out, S("files"), s->files.files);
    set_count(a, &out, S("bytes"), s->files.bytes);
    set_count(a, &out, S("written"), s->files.written);
    set_count(a, &out, S("unchanged"), s->files.unchanged);
    set_count(a, &out, S("removed"), s->files.removed);
    set_count(a, &out, S("left_out"), s->left_out);
    value_set(a, &out, S("next"), value_str(next_text(a, s)));
    value_set(a, &out, S("seconds"), times);
    value_set(a, &out, S("messages"), messages(a, job->diags));
    Buf b = {.arena = a};
    json_write(&b, &out, 2);
    printf("%.*s\n", STR_ARG(buf_str(&b)));
}

int cmd_build(Job *job, int argc, char **argv) {
    Args args;
    BuildOptions opt;
    unsigned threads;
    if (!args_parse(job, argc, argv, 0, &args) ||
        !args_build_options(job, &args, &opt, &threads))
        return EXIT_USAGE;
    opt.flags.publish_dir = args_get(&args, "--destination");
    opt.flags.base_url = args_get(&args, "--baseURL");
    opt.keep_going = args_has(&args, "--keep-going");
    opt.is_mass_removal_ok = args_has(&args, "--allow-mass-removal");
    opt.no_wait = args_has(&args, "--no-wait");
    bool is_quiet = args_has(&args, "--quiet");
    bool is_json = args_has(&args, "--json");
    Progress progress = progress_new();
    if (!is_quiet) {
        opt.progress = progress_tick;
        opt.progress_ctx = &progress;
    }
    BuildStats stats;
    Pool *pool = pool_new(threads);
    BuildResult result = build_run(job, pool, &opt, &stats);
    progress_end(&progress);
    if (is_json)
        print_json(job, &stats, result);
    else if (!is_quiet && stats.files.files)
        print_summary(job, &stats);
    pool_free(pool);
    return (int)result;
}
