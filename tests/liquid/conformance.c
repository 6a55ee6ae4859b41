// Runs a suite of Liquid cases against the library.
//
//   conformance SUITE.json EXCEPTIONS.txt
//
// A case has a name, a template, data and templates (partials), and either
// what comes out (result, or results where several are right) or `invalid`: it
// must be refused. EXCEPTIONS.txt has a line NAME<TAB>REASON for each case that
// does not come out so. A case that fails without standing there is a failure,
// and so is one that stands there and passes, or a rate below 98 %.
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "render/eval.h"

enum { LEAST_PERCENT = 98 };

static Str read_file(Arena *a, const char *path) {
    FILE *f = fopen(path, "rb");
    Buf buf = {.arena = a};
    char part[4096];
    size_t n;
    if (!f)
        return (Str){0};
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        buf_put(&buf, (Str){part, n});
    fclose(f);
    return buf_str(&buf);
}

static Source *source(Arena *a, Str name, Str text) {
    Source *src = ARENA_NEW(a, Source);
    *src = (Source){
        .kind = SOURCE_LAYOUT, .path = name, .rel = name, .text = text};
    return src;
}

static bool parse_partials(Job *job, const Value *templates, TemplateSet *set) {
    const Map *map = templates ? templates->as.map : NULL;
    for (size_t i = 0; map && i < map->len; i++) {
        Str name = map->items[i].key;
        const Value *text = map->items[i].val;
        Template *t = ARENA_NEW(job->keep, Template);
        if (!liquid_parse(job, source(job->keep, name, text->as.s),
                          LIQUID_PLAIN, t))
            return false;
        map_add(&set->by_name, name, t);
    }
    return true;
}

// The output, or false when the template was refused.
static bool render(Job *job, const Value *test, Str *out) {
    TemplateSet set = {{.arena = job->keep}};
    Template t;
    Str text = value_get_str(test, S("template"));
    Source *src = source(job->keep, S("case"), text);
    if (!liquid_parse(job, src, LIQUID_PLAIN, &t) ||
        !parse_partials(job, value_get(test, S("templates")), &set))
        return false;
    Value none = value_map(job->keep);
    const Value *data = value_get(test, S("data"));
    EvalEnv env = {.templates = &set, .lang = S("en"), .no_escape = true};
    env.now = (Date){.unix_seconds = 1795219200, .precision = DATE_SECOND};
    Buf buf = {.arena = job->keep};
    if (!eval_template(job, &env, &t, data ? data : &none, (Str){0}, &buf))
        return false;
    *out = buf_str(&buf);
    return true;
}

static bool is_right(const Value *test, bool is_made, Str out) {
    const Value *invalid = value_get(test, S("invalid"));
    const Value *results = value_get(test, S("results"));
    if (value_is_truthy(invalid))
        return !is_made;
    if (!is_made)
        return false;
    if (!results)
        return str_eq(out, value_get_str(test, S("result")));
    for (size_t i = 0; i < results->as.list.len; i++)
        if (str_eq(out, results->as.list.items[i].as.s))
            return true;
    return false;
}

static void read_exceptions(Arena *a, const char *path, Map *out) {
    Str text = read_file(a, path), line, name;
    while (str_cut(&text, '\n', &line)) {
        if (!line.len || line.ptr[0] == '#')
            continue;
        str_cut(&line, '\t', &name);
        Str *reason = ARENA_NEW(a, Str);
        *reason = line;
        map_add(out, name, reason);
    }
}

static void show(Str name, const char *why, bool is_made, Str out,
                 const Diags *diags) {
    printf("FAIL  %.*s: %s\n", STR_ARG(name), why);
    if (is_made)
        printf("      came out: %.*s\n", STR_ARG(out));
    for (size_t i = 0; i < diags->len; i++)
        printf("      refused: %.*s\n", STR_ARG(diags->items[i].message));
}

static bool run_case(const Value *test, const Map *exceptions, bool *right) {
    Arena *keep = arena_new(), *scratch = arena_new();
    Diags diags = {.arena = keep};
    Job job = {keep, scratch, &diags, NULL};
    Str name = value_get_str(test, S("name")), out = {0};
    bool is_made = render(&job, test, &out);
    bool is_known = map_get(exceptions, name);
    *right = is_right(test, is_made, out);
    if (*right == is_known)
        show(name,
             is_known ? "passes, but stands among the exceptions"
                      : "not as the suite says",
             is_made, out, &diags);
    bool good = *right != is_known;
    arena_free(scratch);
    arena_free(keep);
    return good;
}

int main(int argc, char **argv) {
    Arena *keep = arena_new();
    Diags diags = {.arena = keep};
    Job job = {keep, keep, &diags, NULL};
    Map exceptions = {.arena = keep};
    Value suite;
    if (argc != 3 || !json_parse(&job, keep, str_from(argv[1]),
                                 read_file(keep, argv[1]), &suite)) {
        fputs("usage: conformance SUITE.json EXCEPTIONS.txt\n", stderr);
        arena_free(keep);
        return 2;
    }
    read_exceptions(keep, argv[2], &exceptions);
    const Value *tests = value_get(&suite, S("tests"));
    size_t passed = 0, failed = 0, right = 0;
    size_t n = tests ? tests->as.list.len : 0;
    for (size_t i = 0; i < n; i++) {
        bool is_right_now;
        if (run_case(&tests->as.list.items[i], &exceptions, &is_right_now))
            passed++;
        else
            failed++;
        right += is_right_now;
    }
    bool enough = n && right * 100 >= n * LEAST_PERCENT;
    printf("%zu of %zu cases come out as the suite says (%.2f %%), at least "
           "%d %% must\n",
           right, n, n ? 100.0 * (double)right / (double)n : 0.0,
           LEAST_PERCENT);
    printf("%zu passed, %zu failed\n", passed, failed + !enough);
    arena_free(keep);
    return failed || !enough;
}
