// The table of contents of loa: read, parse, model (load.c), plan, render,
// write. A stage reads what the stages above it left and writes only its own
// fields.

#include "build.h"

#include <string.h>

#include "load.h"
#include "render/body.h"
#include "render/render.h"

typedef struct {
    const BuildOptions *opt;
    BuildStats *stats;
    Map excluded; // --keep-going: content files left out so far
    Loaded *l;
    Plan plan;
    World world;
    Tree *tree; // NULL: nothing is written, only problems are looked for
    bool is_busy;
} Build;

// --- render

// What a job of a wave does: an output, or only the facts of a page.
typedef struct {
    const Output *out;
    const Page *page;
    size_t slot;
} Step;

typedef struct {
    Build *b;
    Step *steps;
    size_t len;
} Wave;

static OutputOrder order_of(const Output *out) {
    if (out->kind == OUT_COPY)
        return OUTPUT_ASSET;
    return out->kind == OUT_PAGE && out->page->kind == PAGE_REGULAR
               ? OUTPUT_PAGE
               : OUTPUT_LIST;
}

static void make_output(Job *job, Build *b, const Step *step) {
    const Output *out = step->out;
    OutputFile file = {out->path, order_of(out)};
    Str bytes;
    if (out->kind == OUT_COPY) {
        if (b->tree)
            output_copy(job, b->tree, step->slot, file, &b->l->root,
                        out->file->path);
    } else if (render_output(job, &b->world, out, &bytes) && b->tree) {
        output_put(job, b->tree, step->slot, file, bytes);
    }
}

static void drop_text(const Build *b, const Page *page) {
    const Loaded *l = b->l;
    const Facts *facts = &b->world.facts[page->index];
    if (!page->src || b->plan.needs_body[page->index] || facts->nlinks)
        return; // rendered again, or quoted when a heading is missing
    source_drop_text(&l->sources.items[page->src - l->sources.items]);
}

static void run_step(Job *job, size_t i, void *ctx) {
    Wave *w = ctx;
    const Step *step = &w->steps[i];
    if (step->out)
        make_output(job, w->b, step);
    else
        render_facts(job, &w->b->world, step->page);
    if (step->page)
        drop_text(w->b, step->page);
}

static void run_wave(Job *job, Pool *pool, Build *b, Wave *w) {
    const Source **files = ARENA_ARRAY(job->keep, const Source *, w->len);
    for (size_t i = 0; i < w->len; i++)
        files[i] = w->steps[i].page  ? w->steps[i].page->src
                   : w->steps[i].out ? w->steps[i].out->file
                                     : NULL;
    Watch watch = {b->opt, STAGE_RENDER, files};
    PoolWatch pw = load_watch(&watch);
    pool_each_watched(pool, job->diags, w->len, run_step, w, &pw);
}

static Wave first_wave(Job *job, Build *b) {
    const Pages *pages = &b->l->site.pages;
    Wave w = {.b = b};
    w.steps = ARENA_ARRAY(job->keep, Step, b->plan.len + pages->len);
    bool *has_output = ARENA_ARRAY(job->scratch, bool, pages->len);
    for (size_t i = 0; i < b->plan.len; i++) {
        const Output *out = &b->plan.items[i];
        if (!out->is_first_wave)
            continue;
        has_output[out->page->index] = true;
        w.steps[w.len++] = (Step){out, out->page, i};
    }
    for (size_t i = 0; i < pages->len; i++)
        if (!has_output[i] && pages->items[i]->body.len)
            w.steps[w.len++] = (Step){NULL, pages->items[i], 0};
    return w;
}

static Wave second_wave(Job *job, Build *b) {
    Wave w = {.b = b};
    w.steps = ARENA_ARRAY(job->keep, Step, b->plan.len);
    for (size_t i = 0; i < b->plan.len; i++)
        if (!b->plan.items[i].is_first_wave)
            w.steps[w.len++] = (Step){&b->plan.items[i], NULL, i};
    return w;
}

static void render_all(Job *job, Pool *pool, Build *b) {
    world_init(job, &b->l->site, &b->plan, &b->l->layouts, &b->world);
    Wave first = first_wave(job, b);
    run_wave(job, pool, b, &first);
    body_check_fragments(job, &b->world);
    Wave second = second_wave(job, b);
    run_wave(job, pool, b, &second);
}

// --- write

static bool begin_tree(Job *job, Build *b) {
    OutputOptions opt = {.dir = b->stats->publish_dir,
                         .is_mass_removal_ok = b->opt->is_mass_removal_ok,
                         .no_wait = b->opt->no_wait};
    b->tree = output_begin(job, &opt, b->plan.len, &b->is_busy);
    return b->tree != NULL;
}

static bool write_all(Job *job, Build *b) {
    if (!b->tree)
        return false;
    if (job->diags->errors) {
        output_abort(job, b->tree);
        return false;
    }
    return output_commit(job, b->tree, &b->stats->files);
}

static bool is_within(Str path, Str folder) {
    return str_eq(path, folder) ||
           (str_starts(path, folder) && path.len > folder.len &&
            path.ptr[folder.len] == '/');
}

// The output must not lie over what it is made from, nor hold it.
static bool check_publish_dir(Job *job, const Build *b) {
    const SourceDirs *dirs = &b->l->cfg.dirs;
    const Str fixed[] = {(Str){0},   dirs->content, dirs->layouts, dirs->types,
                         dirs->i18n, dirs->data,    dirs->themes,  S("config")};
    size_t nfixed = sizeof fixed / sizeof *fixed;
    Arena *a = job->keep;
    Str out = fs_true_path(a, b->stats->publish_dir);
    for (size_t i = 0; out.len && i < nfixed + dirs->statics.len; i++) {
        Str folder = b->opt->source;
        Str below = i < nfixed ? fixed[i] : dirs->statics.items[i - nfixed];
        if (below.len)
            folder = path_join(a, folder, below);
        Str source = fs_true_path(a, folder);
        bool is_inside = i > 0 && is_within(out, source);
        if (!source.len || (!is_within(source, out) && !is_inside))
            continue;
        diag_error(job->diags, "E-OUTPUT-DIR",
                   (Pos){.path = b->stats->publish_dir},
                   _("the site cannot be written over its own sources"));
        diag_hint(job->diags, _("choose another folder, such as public"));
        return false;
    }
    return true;
}

static Str publish_dir(Job *job, const Build *b) {
    Str dir = b->l->cfg.publish_dir;
    if (b->opt->flags.publish_dir.len || str_starts(dir, S("/")))
        return dir; // from the working folder, or absolute
    return path_join(job->keep, b->opt->source, dir);
}

static void attempt(Job *job, Pool *pool, Build *b) {
    double *seconds = b->stats->seconds;
    Load load = {b->opt, &b->excluded, seconds, b->l};
    bool is_loaded = load_site(job, pool, &load);
    if (!b->l->cfg.is_good)
        return;
    b->stats->publish_dir = publish_dir(job, b);
    if (!check_publish_dir(job, b) ||
        !output_recover(job, b->stats->publish_dir) || !is_loaded)
        return;
    double start = load_clock();
    plan_build(job, &b->l->site, &b->l->layouts, &b->plan);
    seconds[STAGE_PLAN] = load_clock() - start;
    start = load_clock();
    if (job->diags->errors || begin_tree(job, b))
        render_all(job, pool, b);
    seconds[STAGE_RENDER] = load_clock() - start;
    start = load_clock();
    write_all(job, b);
    seconds[STAGE_WRITE] = load_clock() - start;
    b->stats->pages = b->l->site.pages.len;
    b->stats->outputs = b->plan.len;
}

// --- results and --keep-going

static bool has_system_error(const Diags *d) {
    for (size_t i = 0; i < d->len; i++)
        if (d->items[i].level == DIAG_ERROR &&
            !strcmp(d->items[i].code, "E-SYSTEM"))
            return true;
    return false;
}

static BuildResult result_of(const Build *b, const Diags *d) {
    if (b->is_busy)
        return BUILD_BUSY;
    if (has_system_error(d))
        return BUILD_SYSTEM;
    return d->errors ? BUILD_CONTENT : BUILD_GOOD;
}

static bool is_content(const Build *b, Str path) {
    const SourceSet *set = &b->l->sources;
    for (size_t i = set->first[SOURCE_CONTENT];
         set->items && i < set->first[SOURCE_CONTENT + 1]; i++)
        if (str_eq(set->items[i].path, path))
            return true;
    return false;
}

// Adds the files that have errors to those left out. False when an error
// belongs to no content file, or nothing new was found.
static bool exclude_broken(Job *job, Build *b, const Diags *d) {
    size_t before = b->excluded.len;
    for (size_t i = 0; i < d->len; i++) {
        const Diag *diag = &d->items[i];
        if (diag->level != DIAG_ERROR)
            continue;
        if (!is_content(b, diag->path))
            return false;
        map_add(&b->excluded, str_copy(job->keep, diag->path), b);
    }
    return b->excluded.len > before;
}

// What was said about the files that the next attempt leaves out; the rest it
// will say again.
static void keep_errors(Job *job, Diags *said, const Diags *d) {
    Diags errors = {.arena = job->keep, .errors = d->errors};
    errors.items = ARENA_ARRAY(job->keep, Diag, d->len);
    for (size_t i = 0; i < d->len; i++)
        if (d->items[i].level == DIAG_ERROR)
            errors.items[errors.len++] = d->items[i];
    diags_append(said, &errors);
}

// At most 5 % may be left out.
static bool is_too_much(Job *job, const Build *b) {
    const SourceSet *set = &b->l->sources;
    size_t n = set->first[SOURCE_CONTENT + 1] - set->first[SOURCE_CONTENT];
    if (b->excluded.len * 20 <= n)
        return false;
    diag_error(job->diags, "E-KEEP-GOING", (Pos){0},
               _("%zu of %zu files have errors, more than --keep-going may "
                 "leave out (5 %%)"),
               b->excluded.len, n);
    return true;
}

BuildResult build_run(Job *job, Pool *pool, const BuildOptions *opt,
                      BuildStats *stats) {
    Build b = {.opt = opt, .stats = stats};
    b.excluded.arena = job->keep;
    Diags said = {.arena = job->keep}; // errors of files left out
    for (;;) {
        *stats = (BuildStats){0};
        b.l = ARENA_NEW(job->keep, Loaded);
        b.tree = NULL;
        attempt(job, pool, &b);
        stats->left_out = b.excluded.len;
        if (!opt->keep_going || result_of(&b, job->diags) != BUILD_CONTENT ||
            !exclude_broken(job, &b, job->diags) || is_too_much(job, &b))
            break;
        keep_errors(job, &said, job->diags);
        *job->diags = (Diags){.arena = job->diags->arena};
        load_free(b.l);
    }
    load_free(b.l);
    diags_append(&said, job->diags);
    *job->diags = said;
    diags_sort(job->diags);
    return result_of(&b, job->diags);
}

BuildResult build_load(Job *job, Pool *pool, const BuildOptions *opt,
                       Loaded *out) {
    double seconds[NSTAGES];
    Load load = {opt, NULL, seconds, out};
    *out = (Loaded){0};
    load_site(job, pool, &load);
    Build b = {0};
    return result_of(&b, job->diags);
}
