#include <stdio.h>

#include "base/json.h"
#include "cmd/args.h"
#include "load.h"

// Which pieces are wanted: 0 is the published ones.
typedef struct {
    Str word;
    unsigned skips;
    bool published;
} Choice;

static const Choice choices[] = {
    {S_INIT("drafts"), SKIP_DRAFT, false},
    {S_INIT("future"), SKIP_FUTURE, false},
    {S_INIT("expired"), SKIP_EXPIRED, false},
    {S_INIT("published"), 0, true},
    {S_INIT("all"), ~0u, true},
};

static const Choice *find_choice(Job *job, Str word) {
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        if (str_eq(choices[i].word, word))
            return &choices[i];
    diag_error(job->diags, "E-USAGE", (Pos){0},
               _("loa list does not know '%.*s'"), STR_ARG(word));
    diag_hint(job->diags, _("write drafts, future, expired, published or all"));
    return NULL;
}

static Str date_text(Arena *a, Date d) {
    Buf b = {.arena = a};
    if (date_is_set(d))
        date_rfc3339(&b, d);
    return buf_str(&b);
}

// The files that have errors: they are not published, whatever they say.
static Map broken_files(const Job *job) {
    Map out = {.arena = job->keep};
    for (size_t i = 0; i < job->diags->len; i++) {
        Diag *d = &job->diags->items[i];
        if (d->level == DIAG_ERROR)
            map_add(&out, d->path, d);
    }
    return out;
}

static Str state_of(Arena *a, const Page *p) {
    static const Str names[] = {S_INIT("draft"), S_INIT("future"),
                                S_INIT("expired"), S_INIT("internal"),
                                S_INIT("broken")};
    Buf b = {.arena = a};
    if (!p->skip)
        return S("published");
    for (unsigned i = 0; i < 5; i++)
        if (p->skip & (1u << i)) {
            if (b.len)
                buf_putc(&b, '+');
            buf_put(&b, names[i]);
        }
    return buf_str(&b);
}

static Value row(Arena *a, const Page *p, bool is_broken) {
    Value map = value_map(a);
    value_set(a, &map, S("path"), value_str(p->src->path));
    value_set(a, &map, S("state"),
              value_str(is_broken ? S("broken") : state_of(a, p)));
    value_set(a, &map, S("type"), value_str(p->type->name));
    value_set(a, &map, S("date"), value_str(date_text(a, p->date)));
    value_set(a, &map, S("publishDate"), value_str(date_text(a, p->publish)));
    value_set(a, &map, S("expiryDate"), value_str(date_text(a, p->expiry)));
    value_set(a, &map, S("url"), value_str(p->url));
    value_set(a, &map, S("title"), value_str(p->title));
    return map;
}

// A comma separated line (RFC 4180), as `hugo list` gives.
static void print_csv(const Value *row_map, bool is_head, Arena *a) {
    Buf b = {.arena = a};
    const Map *map = row_map->as.map;
    for (size_t i = 0; i < map->len; i++) {
        Str s = is_head ? map->items[i].key
                        : ((const Value *)map->items[i].val)->as.s;
        bool is_quoted = str_find(s, S(","), 0) != SIZE_MAX ||
                         str_find(s, S("\""), 0) != SIZE_MAX ||
                         str_find(s, S("\n"), 0) != SIZE_MAX;
        if (i)
            buf_putc(&b, ',');
        if (is_quoted)
            buf_putc(&b, '"');
        for (size_t k = 0; k < s.len; k++) {
            if (s.ptr[k] == '"')
                buf_putc(&b, '"');
            buf_putc(&b, s.ptr[k]);
        }
        if (is_quoted)
            buf_putc(&b, '"');
    }
    printf("%.*s\n", STR_ARG(buf_str(&b)));
}

static size_t collect(const Job *job, const Site *site, const Choice *choice,
                      Value *rows) {
    size_t n = 0;
    Map broken = broken_files(job);
    bool is_all = choice->published && choice->skips;
    for (size_t i = 0; i < site->regular.len && choice->published; i++) {
        const Page *p = site->regular.items[i];
        bool is_broken = map_get(&broken, p->src->path) != NULL;
        if (is_all || !is_broken)
            rows[n++] = row(job->keep, p, is_broken);
    }
    for (size_t i = 0; i < site->skipped.len; i++) {
        const Page *p = site->skipped.items[i];
        if ((p->skip & choice->skips) && p->kind == PAGE_REGULAR)
            rows[n++] = row(job->keep, p, false);
    }
    return n;
}

static void print_rows(Arena *a, Value *rows, size_t n, bool is_json) {
    if (is_json) {
        Value list = value_list(rows, n);
        Buf b = {.arena = a};
        json_write(&b, &list, 2);
        printf("%.*s\n", STR_ARG(buf_str(&b)));
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (!i)
            print_csv(&rows[i], true, a);
        print_csv(&rows[i], false, a);
    }
}

int cmd_list(Job *job, int argc, char **argv) {
    Args args;
    BuildOptions opt;
    unsigned threads;
    if (!args_parse(job, argc, argv, 1, &args) ||
        !args_build_options(job, &args, &opt, &threads))
        return EXIT_USAGE;
    const Choice *choice =
        find_choice(job, args.nrest ? args.rest[0] : S("all"));
    if (!choice)
        return EXIT_USAGE;
    Pool *pool = pool_new(threads);
    Loaded loaded;
    BuildResult result = build_load(job, pool, &opt, &loaded);
    if (result != BUILD_SYSTEM) {
        size_t max = loaded.site.regular.len + loaded.site.skipped.len;
        Value *rows = ARENA_ARRAY(job->keep, Value, max);
        size_t n = collect(job, &loaded.site, choice, rows);
        print_rows(job->keep, rows, n, args_has(&args, "--json"));
    }
    load_free(&loaded);
    pool_free(pool);
    return (int)result;
}
