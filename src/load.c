#include "load.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/value_pack.h"
#include "model/hugo.h"
#include "parse/front.h"

enum {
    WATCHDOG_SECONDS = 20,
    MAX_CONTENT = 1024 * 1024,
    MAX_OTHER = 4 * 1024 * 1024,
    MAX_RECORD = 64 * 1024 * 1024,
    TOGETHER = 128,              // pages whose memory is asked for at once
    MAX_HELD = 64 * 1024 * 1024, // texts held until they are rendered
};

typedef struct LoadWork {
    const Load *load;
    Draft *drafts; // by content source
    Page *pages;   // likewise
    size_t n;
    size_t nheld;                // drafts whose texts are held
    bool makes_pages;            // false: the drafts are looked at, no more
    Template *templates;         // by layout source
    const CacheRecord **records; // by source
    Map cascades;                // folder -> Cascades *: of its _index.md
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

// The text of a layout, a type, words or data; it is what is remembered.
static void load_one(Job *job, size_t i, void *ctx) {
    Work *w = ctx;
    const Loaded *l = w->load->out;
    size_t at = l->sources.first[SOURCE_LAYOUT] + i, from = job->diags->len;
    Source *src = &l->sources.items[at];
    const Recall *r = w->load->recall;
    if (r && recall_source(job, r, w->records[at], src, &src->text))
        return;
    if (source_load(job, &l->root, MAX_OTHER, src) && r)
        recall_keep_source(job, r, src, src->text, from);
}

static void find_records(Job *job, Pool *pool, Work *w) {
    SourceSet *set = &w->load->out->sources;
    w->records = ARENA_ARRAY(job->keep, const CacheRecord *, set->len);
    Recall *r = w->load->recall;
    if (!r)
        return;
    recall_read(job, pool, r);
    CacheRecords *known = &r->records[CACHE_SOURCES];
    bool *is_there = ARENA_ARRAY(job->scratch, bool, known->len);
    for (size_t i = 0; i < set->len; i++) {
        w->records[i] = cache_find(known, set->items[i].path);
        if (w->records[i])
            is_there[w->records[i] - known->items] = true;
    }
    recall_drop(r, CACHE_SOURCES, is_there);
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

bool load_scan(Job *job, Pool *pool, const Load *load) {
    Loaded *l = load->out;
    double start = load_clock();
    const BuildOptions *opt = load->opt;
    if (!fs_open_root(job, opt->source, &l->root) ||
        !config_load(job, &l->root, &opt->flags, opt->env, &l->cfg))
        return false;
    job->diags->levels = &l->cfg.levels;
    if (load->recall)
        recall_set_levels(load->recall, l->cfg.hash);
    bool ok = source_scan(job, pool, &l->root, &l->cfg.dirs, &l->sources) &&
              has_content(job, l) && read_clock(opt, &l->cfg, &l->now);
    load->seconds[STAGE_READ] = load_clock() - start;
    return ok;
}

// urls.tsv, when there is one.
static bool read_record(Job *job, Loaded *l) {
    SourceSet *set = &l->sources;
    Source *src = &set->items[set->first[SOURCE_RECORD]];
    if (set->first[SOURCE_RECORD] == set->first[SOURCE_RECORD + 1])
        return true;
    l->record = ARENA_NEW(job->keep, Record);
    return source_load(job, &l->root, MAX_RECORD, src) &&
           record_read(job, src, l->cfg.zone, l->record);
}

static bool read_texts(Job *job, Pool *pool, Work *w) {
    const Loaded *l = w->load->out;
    // Layouts, types, i18n and data stand together in the order of kinds.
    size_t n =
        l->sources.first[SOURCE_DATA + 1] - l->sources.first[SOURCE_LAYOUT];
    size_t errors = job->diags->errors;
    find_records(job, pool, w);
    pool_each(pool, job->diags, n, load_one, w);
    return job->diags->errors == errors;
}

// --- parse

static bool is_excluded(const Load *load, Str path) {
    return load->excluded && map_get(load->excluded, path);
}

static Str pack_front(Arena *a, const Draft *d) {
    Buf b = {.arena = a};
    pack_small(&b, d->body_at);
    pack_small(&b, d->body_len);
    pack_small(&b, d->body_line);
    pack_hash(&b, d->meta_hash);
    pack_hash(&b, d->head_hash);
    pack_hash(&b, d->body_hash);
    value_pack(&b, &d->meta);
    return buf_str(&b);
}

static bool unpack_front(Arena *a, Str kept, Draft *d) {
    Unpack u = {.rest = kept};
    d->body_at = (size_t)unpack_small(&u);
    d->body_len = (size_t)unpack_small(&u);
    d->body_line = (uint32_t)unpack_small(&u);
    d->meta_hash = unpack_hash(&u);
    d->head_hash = unpack_hash(&u);
    d->body_hash = unpack_hash(&u);
    d->meta = value_unpack(a, &u);
    return !u.is_bad &&
           (d->meta.kind == VALUE_MAP || d->meta.kind == VALUE_NULL);
}

static bool read_front(Job *job, const Source *src, Draft *d) {
    Front front;
    if (!front_parse(job, src, &front))
        return false;
    Hasher meta = {0};
    value_hash(&meta, &front.meta);
    d->meta = front.meta;
    d->meta_hash = meta.sum;
    d->body_at = front.body.len ? (size_t)(front.body.ptr - src->text.ptr) : 0;
    d->body_len = front.body.len;
    d->body_line = front.body_line;
    d->head_hash = hash_bytes(d->body_len ? str_slice(src->text, 0, d->body_at)
                                          : src->text);
    d->body_hash = hash_bytes(front.body);
    return true;
}

// From the file, or from what is known of it.
static bool know_front(Job *job, Work *w, size_t at, Draft *d) {
    const Loaded *l = w->load->out;
    const Recall *r = w->load->recall;
    Source *src = &l->sources.items[at];
    const CacheRecord *record = w->records[at];
    size_t from = job->diags->len, errors = job->diags->errors;
    Str kept;
    if (r && recall_source(job, r, record, src, &kept) &&
        unpack_front(job->keep, kept, d))
        return true;
    job->diags->len = from; // what a record said that is no good
    job->diags->errors = errors;
    if (!source_load(job, &l->root, MAX_CONTENT, src))
        return false;
    bool is_known = r && recall_loaded(job, r, record, src, &kept) &&
                    unpack_front(job->keep, kept, d);
    if (!is_known && !read_front(job, src, d))
        return false;
    if (r && job->diags->errors == errors)
        recall_keep_source(job, r, src,
                           is_known ? kept : pack_front(job->scratch, d), from);
    return true;
}

// Of a large site only the first texts are held; the others are read again
// when they are rendered. Which ones depends on no thread.
static size_t count_held(const Source *const *files, size_t n) {
    uint64_t size = 0;
    for (size_t i = 0; i < n; i++) {
        size += files[i]->entry.size;
        if (size > MAX_HELD)
            return i;
    }
    return n;
}

static void parse_front(Job *job, Work *w, size_t i) {
    Draft *d = &w->drafts[i];
    size_t at = w->load->out->sources.first[SOURCE_CONTENT] + i;
    Diags none = {.arena = job->scratch};
    Job silent = {job->keep, job->scratch, &none, NULL};
    bool was_said = is_excluded(w->load, d->src->path);
    d->is_read = know_front(was_said ? &silent : job, w, at, d);
}

// What the name says. An _index.md is read at once: its cascade is for others.
static void begin_draft(Job *job, size_t i, void *ctx) {
    Work *w = ctx;
    const Loaded *l = w->load->out;
    Draft *d = &w->drafts[i];
    const Source *src = &l->sources.items[l->sources.first[SOURCE_CONTENT] + i];
    if (i % TOGETHER == 0) {
        size_t left = w->n - i;
        arena_ask(&w->pages[i],
                  (left < TOGETHER ? left : TOGETHER) * sizeof(Page));
    }
    uint8_t lang; // _index.vi.md
    Str base =
        config_split_language(&l->cfg, path_stem(path_base(src->rel)), &lang);
    *d = (Draft){.src = src,
                 .is_section = str_eq(base, S("_index")),
                 .is_bundle = str_eq(base, S("index"))};
    if (d->is_section)
        parse_front(job, w, i);
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
    Job silent = {job->keep, job->scratch, &none, NULL};
    w->cascades.arena = job->keep;
    for (size_t i = 0; i < w->n; i++) {
        const Draft *d = &w->drafts[i];
        if (!d->is_section || !d->is_read)
            continue;
        const Value *v = value_get(&d->meta, S("cascade"));
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
    if (!more->len || !out->len) {
        *out = out->len ? *out : *more;
        return;
    }
    Cascade *grown = ARENA_ARRAY(a, Cascade, out->len + more->len);
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
    if (!w->cascades.len)
        return w->of_config;
    config_split_language(&w->load->out->cfg, path_stem(path_base(d->src->rel)),
                          &lang);
    for (;;) {
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

static Source *own_source(const Loaded *l, const Source *src) {
    return &l->sources.items[src - l->sources.items];
}

bool load_text(Job *job, const Loaded *l, const Source *src) {
    Source *own = own_source(l, src);
    Hash was = own->hash;
    Diags none = {.arena = job->scratch};
    Job silent = {job->keep, job->scratch, &none, NULL};
    if (own->own)
        return true;
    bool ok = source_load(&silent, &l->root, MAX_CONTENT, own) &&
              hash_eq(was, own->hash);
    own->hash = was;
    if (!ok) // what it holds now is not what the page was made of
        source_drop_text(own);
    return ok;
}

// A message may point at a key, or into a text, and such a place is looked for
// in the file: then it has to be there.
static void read_page(Job *job, const Loaded *l, const Draft *d,
                      const Cascades *cascades, Page *page) {
    Diags said = {.arena = job->diags->arena, .levels = job->diags->levels};
    Job own = *job;
    own.diags = &said;
    page_from_draft(&own, &l->cfg, &l->types, d, cascades, page);
    if (said.len && !d->src->own && load_text(job, l, d->src)) {
        said.len = said.errors = 0;
        page_from_draft(&own, &l->cfg, &l->types, d, cascades, page);
    }
    diags_append(job->diags, &said);
}

static void make_page(Job *job, size_t i, void *ctx) {
    Work *w = ctx;
    Loaded *l = w->load->out;
    const Draft *d = &w->drafts[i];
    Page *page = &w->pages[i];
    if (d->is_resource) {
        *page = (Page){0};
        return;
    }
    Cascades cascades = cascades_for(job, w, d);
    bool is_out = !d->is_read || is_excluded(w->load, d->src->path);
    if (!is_out)
        read_page(job, l, d, &cascades, page);
    // With errors the page stays, so that its links are looked at as well;
    // nothing is published then.
    if (is_out || (!page->url.len && !page->is_unrendered))
        page_broken(job, &l->cfg, &l->types, d, page);
    page_note(job->keep, &l->cfg, page);
}

static void parse_piece(Job *job, size_t i, void *ctx) {
    Work *w = ctx;
    Loaded *l = w->load->out;
    if (!w->drafts[i].is_section)
        parse_front(job, w, i);
    if (w->makes_pages)
        make_page(job, i, w);
    if (i >= w->nheld)
        source_drop_text(
            &l->sources.items[l->sources.first[SOURCE_CONTENT] + i]);
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
    w->nheld = count_held(files, w->n);
    PoolWatch pw = load_watch(&watch);
    w->drafts = ARENA_ROOM(job->keep, Draft, w->n);
    w->pages = ARENA_ROOM(job->keep, Page, w->n);
    bool ok = parse_layouts(job, pool, w);
    ok &= read_record(job, l);
    ok &= type_load(job, &l->sources, &l->types);
    pool_each_watched(pool, job->diags, w->n, begin_draft, w, &pw);
    if (ok) {
        l->cfg.front_keys = front_keys_make(job->keep, &l->cfg);
        mark_resources(job, w);
        collect_cascades(job, w);
    }
    w->makes_pages = ok;
    pool_each_watched(pool, job->diags, w->n, parse_piece, w, &pw);
    return ok;
}

static const Source *content_at(const Loaded *l, Str path) {
    const SourceSet *set = &l->sources;
    for (size_t i = set->first[SOURCE_CONTENT];
         i < set->first[SOURCE_CONTENT + 1]; i++)
        if (str_eq(set->items[i].path, path))
            return &set->items[i];
    return NULL;
}

void load_quotes(Job *job, const Loaded *l, Diags *d) {
    for (size_t i = 0; l->sources.items && i < d->len; i++) {
        Diag *diag = &d->items[i];
        if (!diag->line || diag->quote.len)
            continue;
        const Source *src = content_at(l, diag->path);
        if (src && load_text(job, l, src))
            diag_quote(d, i, src->text);
    }
}

void load_free(Loaded *l) {
    source_drop_all(&l->sources);
    if (l->root.fd > 0)
        fs_close_root(&l->root);
}

// --- model

static void build_model(Job *job, const Work *w, Date now, Site *out) {
    const Loaded *l = w->load->out;
    SiteInput in = {.cfg = &l->cfg,
                    .types = &l->types,
                    .sources = &l->sources,
                    .record = l->record,
                    .pages = w->pages,
                    .npages = w->n,
                    .now = now};
    site_build(job, &in, out);
}

bool load_parse(Job *job, Pool *pool, const Load *load) {
    Loaded *l = load->out;
    Work *w = ARENA_NEW(job->keep, Work);
    w->load = load;
    l->work = w;
    double start = load_clock();
    if (!read_texts(job, pool, w))
        return false;
    load->seconds[STAGE_READ] += load_clock() - start;
    start = load_clock();
    if (!parse_all(job, pool, w))
        return false;
    load->seconds[STAGE_PARSE] = load_clock() - start;
    return true;
}

void load_model(Job *job, const Load *load) {
    Loaded *l = load->out;
    double start = load_clock();
    build_model(job, l->work, l->now, &l->site);
    load->seconds[STAGE_MODEL] = load_clock() - start;
}

bool load_site(Job *job, Pool *pool, const Load *load) {
    if (!load_parse(job, pool, load))
        return false;
    load_model(job, load);
    return true;
}

void load_again(Job *job, Pool *pool, const Loaded *l, Date now, Site *out) {
    Work w = *l->work;
    w.pages = ARENA_ROOM(job->keep, Page, w.n);
    pool_each(pool, job->diags, w.n, make_page, &w);
    build_model(job, &w, now, out);
}
