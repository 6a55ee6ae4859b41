#include "cmd/report.h"

#include <stdio.h>

#include "base/json.h"
#include "cmd/progress.h"
#include "cmd/publish.h"
#include "explain.h"

static Str next_text(Arena *a, const BuildStats *s) {
    Buf b = {.arena = a};
    if (date_is_set(s->next))
        date_rfc3339(&b, s->next);
    return buf_str(&b);
}

// Why everything was made; NULL: it was not.
static const char *cache_line(const BuildStats *s) {
    if (s->cache == CACHE_READONLY)
        return _("everything was made: .loa/cache may not be written, so "
                 "nothing is known of the last build");
    if (s->is_unsaved)
        return _("what this build learned could not be saved in .loa/cache "
                 "(is the disk full?): the next one makes everything");
    switch (s->cache) {
    case CACHE_NONE:
        return _("everything was made: nothing is known of a last build yet");
    case CACHE_DAMAGED:
        return _("everything was made: what .loa/cache knew was damaged or "
                 "incomplete");
    case CACHE_FOREIGN:
        return _("everything was made: .loa/cache is of another version of "
                 "loa or of another site");
    case CACHE_IGNORED:
        return _("everything was made, as --ignoreCache asks");
    default:
        return NULL;
    }
}

static void say_built(Job *job, const BuildStats *s) {
    const OutputStats *f = &s->files;
    double total = 0;
    for (int i = 0; i < NSTAGES; i++)
        total += s->seconds[i];
    printf(_("%zu pages, %zu files, %.1f MB in %.*s: %zu made, %zu written, "
             "%zu unchanged, %zu removed\n"),
           s->pages, f->files, (double)f->bytes / 1e6, STR_ARG(s->publish_dir),
           s->made, f->written, f->unchanged, f->removed);
    printf(_("%.2f s:"), total);
    for (int i = 0; i < NSTAGES; i++)
        printf(" %s %.2f", progress_stage_name((Stage)i), s->seconds[i]);
    printf("\n");
    if (cache_line(s))
        printf("%s\n", cache_line(s));
    Str next = next_text(job->keep, s);
    if (next.len)
        printf(_("nothing changes by itself before %.*s (loa next tells "
                 "more)\n"),
               STR_ARG(next));
    if (s->left_out)
        printf(_("%zu files with errors were left out\n"), s->left_out);
}

static void say_verified(const BuildStats *s) {
    const char *text = s->differences.len
                           ? _("%zu files compared with %.*s: %zu differ\n")
                           : _("%zu files compared with %.*s: all are what is "
                               "made now\n");
    printf(text, s->files.files, STR_ARG(s->publish_dir), s->differences.len);
}

void report_summary(Job *job, const BuildOptions *opt, const BuildStats *s) {
    if (opt->is_verify)
        say_verified(s);
    else
        say_built(job, s);
}

// --- explanations

static void say_parts(const Explained *e) {
    for (unsigned p = 0; p < PRINT_NPARTS; p++)
        if (e->parts & 1u << p)
            printf("    - %s\n", _(explain_part_words((PrintPart)p)));
    for (size_t i = 0; i < e->asked.len; i++)
        printf("    ? %.*s\n", STR_ARG(e->asked.items[i]));
}

void report_explained(const BuildStats *s) {
    for (size_t i = 0; i < s->nexplained; i++) {
        const Explained *e = &s->explained[i];
        const char *text =
            e->is_made ? _("%.*s was made: %s\n") : _("%.*s was kept: %s\n");
        printf(text, STR_ARG(e->path), _(explain_doubt_words(e->doubt)));
        say_parts(e);
    }
}

static Value strings(Arena *a, const Strs *all) {
    Value *items = ARENA_ARRAY(a, Value, all->len);
    for (size_t i = 0; i < all->len; i++)
        items[i] = value_str(all->items[i]);
    return value_list(items, all->len);
}

static Value explained(Arena *a, const BuildStats *s) {
    Value *items = ARENA_ARRAY(a, Value, s->nexplained);
    for (size_t i = 0; i < s->nexplained; i++) {
        const Explained *e = &s->explained[i];
        Value *parts = ARENA_ARRAY(a, Value, PRINT_NPARTS);
        size_t n = 0;
        for (unsigned p = 0; p < PRINT_NPARTS; p++)
            if (e->parts & 1u << p)
                parts[n++] =
                    value_str(str_from(explain_part_name((PrintPart)p)));
        items[i] = value_map(a);
        value_set(a, &items[i], S("path"), value_str(e->path));
        value_set(a, &items[i], S("made"), value_bool(e->is_made));
        value_set(a, &items[i], S("reason"),
                  value_str(str_from(explain_doubt_name(e->doubt))));
        value_set(a, &items[i], S("parts"), value_list(parts, n));
        value_set(a, &items[i], S("asked"), strings(a, &e->asked));
    }
    return value_list(items, s->nexplained);
}

// --- differences

static void say_difference(Diags *d, Pos pos, const Difference *found) {
    switch (found->kind) {
    case DIFFERENCE_BYTES:
        diag_error(d, "E-VERIFY", pos,
                   _("this is not what is made now: the first byte that "
                     "differs is number %llu"),
                   (unsigned long long)found->byte);
        break;
    case DIFFERENCE_MISSING:
        diag_error(d, "E-VERIFY", pos, _("this file should be here"));
        break;
    case DIFFERENCE_NO_FILE:
        diag_error(d, "E-VERIFY", pos,
                   _("a file should be here, not a folder, a link or a "
                     "device"));
        break;
    case DIFFERENCE_EXTRA:
        diag_error(d, "E-VERIFY", pos,
                   _("this was published once and should not be here any "
                     "more"));
        break;
    case DIFFERENCE_NONE:
        break;
    }
}

void report_differences(Job *job, const BuildStats *s) {
    enum { MAX_NAMED = 20 };
    const Differences *d = &s->differences;
    for (size_t i = 0; i < d->len && i < MAX_NAMED; i++) {
        const Difference *found = &d->items[i];
        Pos pos = {.path = path_join(job->keep, s->publish_dir, found->path),
                   .line = (uint32_t)found->line};
        say_difference(job->diags, pos, found);
    }
    if (d->len > MAX_NAMED)
        diag_error(job->diags, "E-VERIFY", (Pos){.path = s->publish_dir},
                   _("%zu more files differ"), d->len - MAX_NAMED);
    if (d->len)
        diag_hint(job->diags,
                  _("loa build puts right what is out of date or was changed "
                    "by another hand; if a difference stays, remove "
                    ".loa/cache and build again"));
}

static Value changed_files(Arena *a, const ChangedFiles *list) {
    Value *items = ARENA_ARRAY(a, Value, list->len);
    for (size_t i = 0; i < list->len; i++) {
        items[i] = value_map(a);
        value_set(a, &items[i], S("url"), value_str(list->items[i].url));
        value_set(a, &items[i], S("path"), value_str(list->items[i].path));
    }
    return value_list(items, list->len);
}

static Value changes(Arena *a, const ChangeLists *lists) {
    Value out = value_map(a);
    value_set(a, &out, S("changed"), changed_files(a, &lists->changed));
    value_set(a, &out, S("removed"), changed_files(a, &lists->removed));
    return out;
}

static Value differences(Arena *a, const Differences *d) {
    static const char *const kinds[] = {"", "bytes", "missing", "no-file",
                                        "extra"};
    Value *items = ARENA_ARRAY(a, Value, d->len);
    for (size_t i = 0; i < d->len; i++) {
        const Difference *found = &d->items[i];
        items[i] = value_map(a);
        value_set(a, &items[i], S("path"), value_str(found->path));
        value_set(a, &items[i], S("kind"),
                  value_str(str_from(kinds[found->kind])));
        value_set(a, &items[i], S("byte"), value_int((int64_t)found->byte));
        value_set(a, &items[i], S("line"), value_int((int64_t)found->line));
    }
    return value_list(items, d->len);
}

// --- JSON

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

void report_json(Job *job, const BuildOptions *opt, const BuildStats *s,
                 BuildResult result) {
    static const char *const stages[] = {"read", "parse",  "model",
                                         "plan", "render", "write"};
    static const char *const caches[] = {
        "used", "none", "damaged", "foreign", "readonly", "ignored", "busy"};
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
    set_count(a, &out, S("made"), s->made);
    value_set(a, &out, S("cache"),
              value_str(s->is_unsaved && s->cache != CACHE_READONLY
                            ? S("unsaved")
                            : str_from(caches[s->cache])));
    value_set(a, &out, S("next"), value_str(next_text(a, s)));
    if (!opt->is_verify)
        value_set(a, &out, S("changes"), changes(a, &s->changes));
    if (opt->explain.len)
        value_set(a, &out, S("explained"), explained(a, s));
    if (opt->is_verify)
        value_set(a, &out, S("differences"), differences(a, &s->differences));
    value_set(a, &out, S("seconds"), times);
    if (opt->published_ctx)
        publish_json(a, opt->published_ctx, &out);
    value_set(a, &out, S("messages"), messages(a, job->diags));
    Buf b = {.arena = a};
    json_write(&b, &out, 2);
    printf("%.*s\n", STR_ARG(buf_str(&b)));
}
