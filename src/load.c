#include "load.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "model/hugo.h"
#include "parse/front.h"

enum {
    WATCHDOG_SECONDS = 20,
    MAX_CONTENT = 1024 * 1024,
    MAX_OTHER = 4 * 1024 * 1024,
};

typedef struct {
    const Load *load;
    Draft *drafts; // by content source
    Page *pages;   // likewise
    size_t n;
    Template *templates; // by layout source
    Map cascades;        // folder -> Cascades *: of its _index.md
    Cascades of_config;
} Work;

double load_clock(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

// --- watching

static void tick(size_t done, size_t total, void *ctx) {
    const Watch *w = ctx;
    if (w->opt->progress)
        w->opt->progress(w->opt->progress_ctx, w->stage, done, total);
}

// The one place that ends the process from inside: the thread cannot be
// stopped, and nothing has been published.
static void stuck(size_t i, void *ctx) {
    const Watch *w = ctx;
    Arena *a = arena_new();
    Diags d = {.arena = a};
    Pos pos = {0};
    if (w->files && w->files[i])
        pos.path = w->files[i]->path;
    diag_error(&d, "E-WATCHDOG", pos, _("this file takes too long to process"));
    diag_hint(&d, _("the build was stopped and nothing was published; take "
                    "the file out or make it simpler"));
    diags_print(&d, stderr, isatty(2));
    _exit(1);
}

PoolWatch load_watch(Watch *watch) {
    return (PoolWatch){.tick = tick,
                       .tick_ctx = watch,
                       .watchdog_seconds = WATCHDOG_SECONDS,
                       .stuck = stuck,
                       .stuck_ctx = watch};
}

// --- read

static void load_one(Job *job, size_t i, void *ctx) {
    const Loaded *l = ctx;
    size_t first = l->sources.first[SOURCE_LAYOUT];
    source_load(job, &l->root, MAX_OTHER, &l->sources.items[first + i]);
}

// A folder that is not there is a wrong setting, not a portal without pieces:
// the published one must not be emptied.
static bool has_content(Job *job, const Loaded *l) {
    bool exists = false;
    FsEntry entry;
    if (!fs_stat(job, &l->root, l->cfg.dirs.content, &exists, &entry))
        return false;
    if (exists)
        return true;
    diag_error(job->diags, "E-NO-CONTENT", (Pos){.path = l->cfg.dirs.content},
               _("there is no folder of this name in the site"));
    diag_hint(job->diags, _("the pieces lie in content/, or where contentDir "
                            "in loa.yaml says"));
    return false;
}

static bool read_all(Job *job, Pool *pool, const Load *load) {
    Loaded *l = load->out;
    const BuildOptions *opt = load->opt;
    if (!fs_open_root(job, opt->source, &l->root) ||
        !config_load(job, &l->root, &opt->flags, opt->env, &l->cfg))
        return false;
    job->diags->levels = &l->cfg.levels;
    if (!source_scan(job, &l->root, &l->cfg.dirs, &l->sources) ||
        !has_content(job, l))
        return false;
    // Layouts, types, i18n and data stand together in the order of kinds.
    size_t n =
        l->sources.first[SOURCE_DATA + 1] - l->sources.first[SOURCE_LAYOUT];
    size_t errors = job->diags->errors;
    pool_each(pool, job->diags, n, load_one, l);
    return job->diags->errors == errors;
}

// --- parse

static bool is_excluded(const Load *load, Str path) {
    return load->excluded && map_get(load->excluded, path);
}

static void parse_front(Job *job, size_t i, void *ctx) {
    Work *w = ctx;
    Loaded *l = w->load->out;
    Source *src = &l->sources.items[l->sources.first[SOURCE_CONTENT] + i];
    Draft *d = &w->drafts[i];
    uint8_t lang; // _index.vi.md
    Str base =
        config_split_language(&l->cfg, path_stem(path_base(src->rel)), &lang);
    d->src = src;
    d->is_section = str_eq(base, S("_index"));
    d->is_bundle = str_eq(base, S("index"));
    Diags none = {.arena = job->scratch};
    Job silent = {job->keep, job->scratch, &none};
    bool was_said = is_excluded(w->load, src->path);
    Job *on = was_said ? &silent : job;
    d->is_read = source_load(on, &l->root, MAX_CONTENT, src) &&
                 front_parse(on, src, &d->front);
}

// Markdown inside a bundle belongs to it and is no page of its own.
static void mark_resources(Job *job, Work *w) {
    Map bundles = {.arena = job->scratch};
    for (size_t i = 0; i < w->n; i++)
        if (w->drafts[i].is_bundle)
            map_add(&bundles, path_dir(w->drafts[i].src->rel), w);
    for (size_t i = 0; i < w->n && bundles.len; i++) {
        Draft *d = &w->drafts[i];
        Str dir = path_dir(d->src->rel);
        if (d->is_bundle)
            dir = path_dir(dir); // a bundle inside a bundle is none
        bool is_twin = d->is_section && map_get(&bundles, dir);
        for (; dir.len && !d->is_resource; dir = path_dir(dir))
            d->is_resource = map_get(&bundles, dir) != NULL;
        if (d->is_resource && !is_excluded(w->load, d->src->path))
            hugo_warn_in_bundle(job, d, is_twin);
    }
}

static Str dir_in(Arena *a, Str dir, uint8_t lang) {
    return lang ? str_fmt(a, "%c%.*s", lang, STR_ARG(dir)) : dir;
}

// Folder and language of an _index.md.
static Str cascade_key(Arena *a, const Config *cfg, const Source *src) {
    uint8_t lang;
    config_split_language(cfg, path_stem(path_base(src->rel)), &lang);
    return dir_in(a, path_dir(src->rel), lang);
}

static void collect_cascades(Job *job, Work *w) {
    const Config *cfg = &w->load->out->cfg;
    Diags none = {.arena = job->scratch};
    Job silent = {job->keep, job->scratch, &none};
    w->cascades.arena = job->keep;
    for (size_t i = 0; i < w->n; i++) {
        const Draft *d = &w->drafts[i];
        if (!d->is_section || !d->is_read)
            continue;
        const Value *v = value_get(&d->front.meta, S("cascade"));
        if (!v)
            continue;
        Cascades *own = ARENA_NEW(job->keep, Cascades);
        bool was_said = is_excluded(w->load, d->src->path);
        cascade_read(was_said ? &silent : job, d->src, v, own);
        map_add(&w->cascades, cascade_key(job->keep, cfg, d->src), own);
    }
    cascade_read(job, cfg->src, &cfg->cascade, &w->of_config);
}

static void add_cascades(Arena *a, const Cascades *more, Cascades *out) {
    if (!more->len)
        return;
    Cascade *grown = ARENA_ARRAY(a, Cascade, out->len + more->len);
    if (out->len)
        memcpy(grown, out->items, out->len * sizeof *grown);
    memcpy(grown + out->len, more->items, more->len * sizeof *grown);
    *out = (Cascades){grown, out->len + more->len};
}

// The cascades that apply to a file, the nearest first, the config's last. In
// each folder that of its own language comes before the default one's.
static Cascades cascades_for(Job *job, const Work *w, const Draft *d) {
    Cascades out = {0};
    Str dir = path_dir(d->src->rel);
    uint8_t lang;
    config_split_language(&w->load->out->cfg, path_stem(path_base(d->src->rel)),
                          &lang);
    while (w->cascades.len) {
        const Cascades *own =
            map_get(&w->cascades, dir_in(job->scratch, dir, lang));
        if (own)
            add_cascades(job->scratch, own, &out);
        own = lang ? map_get(&w->cascades, dir) : NULL;
        if (own)
            add_cascades(job->scratch, own, &out);
        if (!dir.len)
            break;
        dir = path_dir(dir);
    }
    add_cascades(job->scratch, &w->of_config, &out);
    return out;
}

static void make_page(Job *job, size_t i, void *ctx) {
    Work *w = ctx;
    Loaded *l = w->load->out;
    const Draft *d = &w->drafts[i];
    if (d->is_resource)
        return;
    Cascades cascades = cascades_for(job, w, d);
    Page *page = &w->pages[i];
    bool is_out = !d->is_read || is_excluded(w->load, d->src->path);
    if (!is_out)
        page_from_draft(job, &l->cfg, &l->types, d, &cascades, page);
    // With errors the page stays, so that its links are looked at as well;
    // nothing is published then.
    if (is_out || (!page->url.len && !page->is_unrendered))
        page_broken(job, &l->cfg, &l->types, d, page);
}

static void parse_layout(Job *job, size_t i, void *ctx) {
    Work *w = ctx;
    const SourceSet *set = &w->load->out->sources;
    const Source *src = &set->items[set->first[SOURCE_LAYOUT] + i];
    if (hugo_is_layout(job, src))
        liquid_parse(job, src, LIQUID_SITE, &w->templates[i]);
}

static bool parse_layouts(Job *job, Pool *pool, Work *w) {
    Loaded *l = w->load->out;
    size_t n =
        l->sources.first[SOURCE_LAYOUT + 1] - l->sources.first[SOURCE_LAYOUT];
    size_t errors = job->diags->errors;
    w->templates = ARENA_ARRAY(job->keep, Template, n);
    pool_each(pool, job->diags, n, parse_layout, w);
    l->layouts.by_name.arena = job->keep;
    for (size_t i = 0; i < n; i++)
        if (w->templates[i].src)
            map_add(&l->layouts.by_name, w->templates[i].name,
                    &w->templates[i]);
    return job->diags->errors == errors && template_link(job, &l->layouts);
}

static bool parse_all(Job *job, Pool *pool, Work *w) {
    Loaded *l = w->load->out;
    Watch watch = {w->load->opt, STAGE_PARSE, NULL};
    size_t from = l->sources.first[SOURCE_CONTENT];
    w->n = l->sources.first[SOURCE_CONTENT + 1] - from;
    const Source **files = ARENA_ARRAY(job->keep, const Source *, w->n);
    for (size_t i = 0; i < w->n; i++)
        files[i] = &l->sources.items[from + i];
    watch.files = files;
    PoolWatch pw = load_watch(&watch);
    w->drafts = ARENA_ARRAY(job->keep, Draft, w->n);
    w->pages = ARENA_ARRAY(job->keep, Page, w->n);
    bool ok = parse_layouts(job, pool, w);
    ok &= type_load(job, &l->sources, &l->types);
    pool_each_watched(pool, job->diags, w->n, parse_front, w, &pw);
    if (!ok)
        return false;
    mark_resources(job, w);
    collect_cascades(job, w);
    pool_each_watched(pool, job->diags, w->n, make_page, w, &pw);
    return true;
}

void load_free(Loaded *l) {
    source_drop_all(&l->sources);
    if (l->root.fd > 0)
        fs_close_root(&l->root);
}

// --- model

// The zone of the site, for an instant without one.
static bool read_clock(const BuildOptions *opt, const Config *cfg, Date *now) {
    size_t at;
    const char *why;
    if (!opt->clock.len) {
        *now = (Date){(int64_t)time(NULL), cfg->zone, DATE_SECOND};
        return true;
    }
    // The command has checked it; only the zone was not known then.
    return date_parse(opt->clock, cfg->zone, false, now, &at, &why);
}

bool load_site(Job *job, Pool *pool, const Load *load) {
    Loaded *l = load->out;
    Work *w = ARENA_NEW(job->keep, Work);
    w->load = load;
    Date now;
    double start = load_clock();
    if (!read_all(job, pool, load) || !read_clock(load->opt, &l->cfg, &now))
        return false;
    load->seconds[STAGE_READ] = load_clock() - start;
    start = load_clock();
    if (!parse_all(job, pool, w))
        return false;
    load->seconds[STAGE_PARSE] = load_clock() - start;
    start = load_clock();
    SiteInput in = {.cfg = &l->cfg,
                    .types = &l->types,
                    .sources = &l->sources,
                    .pages = w->pages,
                    .npages = w->n,
                    .now = now};
    site_build(job, &in, &l->site);
    load->seconds[STAGE_MODEL] = load_clock() - start;
    return true;
}
