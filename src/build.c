// The table of contents of loa: read, parse, model (load.c), plan, render,
// write. A stage reads what the stages above it left and writes only its own
// fields.

#include "build.h"

#include <stdatomic.h>
#include <string.h>

#include "base/loaded.h"
#include "base/text.h"
#include "base/version.h"
#include "explain.h"
#include "idle.h"
#include "load.h"
#include "model/collate.h"
#include "parse/yaml.h"
#include "render/body.h"
#include "render/render.h"

typedef struct {
    const BuildOptions *opt;
    BuildStats *stats;
    Map excluded; // --keep-going: content files left out so far
    Loaded *l;
    Plan plan;
    World world;
    Tree *tree;       // NULL: nothing is written, only problems are looked for
    Compare *compare; // instead of the tree: --verify
    int attempts;
    bool is_busy, is_idle, is_published;
    atomic_bool was_disturbed; // a file changed while the site was made

    Cache *cache;   // with the lock of the site
    Recall *recall; // NULL: everything is made
    Prints prints;
    const CacheRecord **of_pages, **of_outputs; // by page, by output
    bool *is_fresh;                             // by output
    bool *wants_text;                           // by page
    Explanations explained;
} Build;

// --- what is known of the last build

static RecallWorld recall_world(const Build *b) {
    return (RecallWorld){b->recall, &b->world, &b->prints};
}

static const CacheRecord *record_of(Build *b, CacheTable table, Str key) {
    return b->recall ? cache_find(&b->recall->records[table], key) : NULL;
}

// Records of outputs and pages that are not there any more.
static void drop_records(Job *job, Build *b) {
    for (int t = CACHE_FACTS; b->recall && t <= CACHE_OUTPUTS; t++) {
        const CacheRecords *all = &b->recall->records[t];
        bool *is_there = ARENA_ARRAY(job->scratch, bool, all->len);
        const CacheRecord **own =
            t == CACHE_FACTS ? b->of_pages : b->of_outputs;
        size_t n = t == CACHE_FACTS ? b->l->site.pages.len : b->plan.len;
        for (size_t i = 0; i < n; i++)
            if (own[i])
                is_there[own[i] - all->items] = true;
        recall_drop(b->recall, (CacheTable)t, is_there);
    }
}

static void find_records(Job *job, Build *b) {
    const Pages *pages = &b->l->site.pages;
    b->of_pages = ARENA_ARRAY(job->keep, const CacheRecord *, pages->len);
    b->of_outputs = ARENA_ARRAY(job->keep, const CacheRecord *, b->plan.len);
    b->is_fresh = ARENA_ARRAY(job->keep, bool, b->plan.len);
    if (!b->recall)
        return;
    recall_environment(job, b->recall, &b->world);
    for (size_t i = 0; i < pages->len; i++)
        if (pages->items[i]->src)
            b->of_pages[i] =
                record_of(b, CACHE_FACTS, pages->items[i]->src->path);
    for (size_t i = 0; i < b->plan.len; i++)
        b->of_outputs[i] = record_of(b, CACHE_OUTPUTS, b->plan.items[i].path);
    drop_records(job, b);
}

// For --explain; nothing when nobody asked about the output.
static void note_doubt(Job *job, Build *b, size_t i, Doubt doubt) {
    Explained *e = b->explained.by_output ? b->explained.by_output[i] : NULL;
    RecallWorld rw = recall_world(b);
    OutputRecord known;
    if (!e)
        return;
    const Output *out = &b->plan.items[i];
    Fingerprint print = fingerprint_output(job->scratch, &b->prints, out);
    e->doubt = doubt;
    if (doubt == DOUBT_PRINT && recall_output(b->of_outputs[i], &known))
        e->parts = explain_parts(&known.print, &print);
    if (doubt == DOUBT_ANSWERS)
        e->asked = recall_asked(job, &rw, b->of_outputs[i], out);
}

// Without a tree nothing is written, and only what would be said counts.
static Doubt find_doubt(Job *job, Build *b, size_t i) {
    const Output *out = &b->plan.items[i];
    const CacheRecord *record = b->of_outputs[i];
    RecallWorld rw = recall_world(b);
    OutputRecord known;
    if (!recall_output(record, &known))
        return recall_doubt(job, &rw, NULL, out, NULL);
    Fingerprint print = fingerprint_output(job->scratch, &b->prints, out);
    Doubt doubt = recall_doubt(job, &rw, record, out, &print);
    bool is_there = !b->tree || output_holds(job, b->tree, out->path,
                                             known.hash, known.size);
    return doubt == DOUBT_NONE && !is_there ? DOUBT_FILE : doubt;
}

// Whether the output need not be made.
static bool is_fresh(Job *job, Build *b, size_t i) {
    Doubt doubt = find_doubt(job, b, i);
    note_doubt(job, b, i, doubt);
    return doubt == DOUBT_NONE;
}

// --- render

// What a job of a wave does: an output, or only the facts of a page.
typedef struct {
    const Output *out;
    const Page *page;
    size_t slot;
    Str made_output, made_facts; // new records
    Date next; // when something it asked is answered otherwise
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

static bool copy_output(Job *job, Build *b, const Step *step) {
    OutputFile file = {step->out->path, OUTPUT_ASSET};
    const FsRoot *root = &b->l->root;
    Str from = step->out->file->path;
    if (b->compare)
        return compare_copy(job, b->compare, step->slot, file.path, root, from);
    return b->tree && output_copy(job, b->tree, step->slot, file, root, from);
}

static bool put_output(Job *job, Build *b, const Step *step, Str bytes) {
    OutputFile file = {step->out->path, order_of(step->out)};
    if (b->compare)
        return compare_bytes(job, b->compare, step->slot, file.path, bytes);
    return b->tree && output_put(job, b->tree, step->slot, file, bytes);
}

static bool write_output(Job *job, Build *b, const Step *step) {
    Str bytes;
    if (step->out->kind == OUT_COPY)
        return copy_output(job, b, step);
    return render_output(job, &b->world, step->out, &bytes) &&
           put_output(job, b, step, bytes);
}

static void make_output(Job *job, Build *b, Step *step) {
    size_t from = job->diags->len;
    OutputRecord made = {0};
    if (!write_output(job, b, step) || !b->recall ||
        !output_content(b->tree, step->slot, &made.hash, &made.size))
        return;
    RecallWorld rw = recall_world(b);
    made.print = fingerprint_output(job->scratch, &b->prints, step->out);
    made.seen_ns = b->recall->now_ns;
    step->made_output = recall_pack_output(job, &rw, step->out, &made, from);
}

static void keep_output(Job *job, Build *b, const Step *step) {
    OutputFile file = {step->out->path, order_of(step->out)};
    recall_say_output(job, b->of_outputs[step->slot]);
    if (b->tree)
        output_keep(job, b->tree, step->slot, file);
}

static void drop_text(const Build *b, const Page *page) {
    const Loaded *l = b->l;
    if (page->src && !b->plan.needs_body[page->index])
        source_drop_text(&l->sources.items[page->src - l->sources.items]);
}

// The facts of a page as the last build found them.
static bool know_facts(Job *job, Build *b, const Page *page, bool say) {
    RecallWorld rw = recall_world(b);
    return !page->body_len ||
           (b->recall && recall_facts(job, &rw, b->of_pages[page->index], page,
                                      say, &b->world.facts[page->index]));
}

// A file that changes while it is read is read again, by another attempt.
static bool want_text(Job *job, Build *b, const Page *page) {
    if (!page->body_len || load_text(job, b->l, page->src))
        return true;
    atomic_store(&b->was_disturbed, true);
    return false;
}

static void make_facts(Job *job, Build *b, Step *step) {
    size_t from = job->diags->len;
    RecallWorld rw = recall_world(b);
    render_facts(job, &b->world, step->page);
    if (b->recall)
        step->made_facts = recall_pack_facts(job, &rw, step->page, from);
}

static void run_own_step(Job *job, Build *b, Step *step) {
    size_t from = job->diags->len;
    if (!step->out && know_facts(job, b, step->page, true))
        return;
    if (step->out && is_fresh(job, b, step->slot)) {
        if (know_facts(job, b, step->page, false)) {
            b->is_fresh[step->slot] = true;
            keep_output(job, b, step);
            return;
        }
        note_doubt(job, b, step->slot, DOUBT_FACTS);
    }
    if (!want_text(job, b, step->page))
        return;
    if (!step->out) {
        make_facts(job, b, step);
        return;
    }
    make_output(job, b, step);
    if (b->recall && step->page->body_len) {
        RecallWorld rw = recall_world(b);
        step->made_facts = recall_pack_facts(job, &rw, step->page, from);
    }
}

// Facts that are kept need no looking at: bodies do not ask for the time.
static Date next_of(Job *job, const Build *b, const Step *step) {
    RecallWorld rw = recall_world(b);
    if (step->out && b->is_fresh[step->slot])
        return recall_next(job, &rw, b->of_outputs[step->slot], step->out);
    return job->trace ? trace_next(&b->world, job->trace) : (Date){0};
}

static void run_step(Job *job, size_t i, void *ctx) {
    Wave *w = ctx;
    Step *step = &w->steps[i];
    job->trace = ARENA_NEW(job->scratch, Trace);
    job->trace->arena = job->scratch;
    if (step->page) {
        run_own_step(job, w->b, step);
        drop_text(w->b, step->page);
    } else if (w->b->is_fresh[step->slot]) {
        keep_output(job, w->b, step);
    } else {
        make_output(job, w->b, step);
    }
    step->next = next_of(job, w->b, step);
}

static void keep_records(Build *b, const Wave *w) {
    for (size_t i = 0; i < w->len; i++) {
        const Step *step = &w->steps[i];
        b->stats->made += step->out && !b->is_fresh[step->slot];
        clock_note(
            &b->plan.clock, step->next,
            (Reason){CLOCK_ENDS, step->out ? step->out->page : NULL, {0}});
        if (!b->recall)
            continue;
        if (step->made_output.len)
            cache_put(b->recall->cache, CACHE_OUTPUTS, step->out->path,
                      step->made_output);
        if (step->made_facts.len)
            cache_put(b->recall->cache, CACHE_FACTS, step->page->src->path,
                      step->made_facts);
    }
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
    keep_records(b, w);
}

static Wave first_wave(Job *job, Build *b) {
    const Pages *pages = &b->l->site.pages;
    Wave w = {.b = b};
    w.steps = ARENA_ARRAY(job->keep, Step, b->plan.first_wave + pages->len);
    bool *has_output = ARENA_ARRAY(job->scratch, bool, pages->len);
    for (size_t i = 0; i < b->plan.len; i++) {
        const Output *out = &b->plan.items[i];
        if (!out->is_first_wave)
            continue;
        has_output[out->page->index] = true;
        w.steps[w.len++] = (Step){.out = out, .page = out->page, .slot = i};
    }
    for (size_t i = 0; i < pages->len; i++)
        if (!has_output[i] && pages->items[i]->body_len)
            w.steps[w.len++] = (Step){.page = pages->items[i]};
    return w;
}

static Wave second_wave(Job *job, Build *b) {
    Wave w = {.b = b};
    w.steps = ARENA_ARRAY(job->keep, Step, b->plan.len - b->plan.first_wave);
    for (size_t i = 0; i < b->plan.len; i++)
        if (!b->plan.items[i].is_first_wave)
            w.steps[w.len++] = (Step){.out = &b->plan.items[i], .slot = i};
    return w;
}

// What bodies say can be read by all from now on.
static void hash_excerpts(Job *job, Build *b) {
    const Pages *pages = &b->l->site.pages;
    Hash *excerpts = ARENA_ARRAY(job->keep, Hash, pages->len);
    for (size_t i = 0; i < pages->len; i++)
        excerpts[i] = hash_bytes(b->world.facts[i].excerpt);
    b->prints.excerpts = excerpts;
}

static void look_at_output(Job *job, size_t i, void *ctx) {
    const Wave *w = ctx;
    size_t slot = w->steps[i].slot;
    w->b->is_fresh[slot] = is_fresh(job, w->b, slot);
}

static void want_bodies(bool *wanted, const Pages *pages) {
    for (size_t i = 0; i < pages->len; i++)
        wanted[pages->items[i]->index] = true;
}

// Which bodies an output of the second wave shows.
static void want_bodies_of(const Build *b, const Output *out, bool *wanted) {
    if (out->kind == OUT_PAGE)
        wanted[out->page->index] = true;
    if (b->l->cfg.feed_full)
        want_bodies(wanted, &out->items);
    for (size_t i = 0; i < out->nselections; i++) {
        const Selection *s = &out->selections[i];
        if (!s->wants_body)
            continue;
        want_bodies(wanted, &s->items);
        for (size_t g = 0; g < s->ngroups; g++)
            want_bodies(wanted, &s->groups[g].items);
    }
}

static void load_body(Job *job, size_t i, void *ctx) {
    const Wave *w = ctx;
    Build *b = w->b;
    if (b->wants_text[i] && b->plan.needs_body[i])
        want_text(job, b, b->l->site.pages.items[i]);
}

// Which outputs have to be made, and the texts they need.
static void look_ahead(Job *job, Pool *pool, Build *b, Wave *w) {
    const Pages *pages = &b->l->site.pages;
    hash_excerpts(job, b);
    if (b->recall)
        pool_each(pool, job->diags, w->len, look_at_output, w);
    b->wants_text = ARENA_ARRAY(job->keep, bool, pages->len);
    for (size_t i = 0; i < w->len; i++)
        if (!b->is_fresh[w->steps[i].slot])
            want_bodies_of(b, w->steps[i].out, b->wants_text);
    pool_each(pool, job->diags, pages->len, load_body, w);
}

static void render_all(Job *job, Pool *pool, Build *b) {
    world_init(job, &b->l->site, &b->plan, &b->l->layouts, &b->world);
    prints_make(job, pool, &b->l->site, &b->l->layouts, &b->prints);
    find_records(job, b);
    Wave first = first_wave(job, b);
    run_wave(job, pool, b, &first);
    body_check_fragments(job, &b->world);
    Wave second = second_wave(job, b);
    look_ahead(job, pool, b, &second);
    run_wave(job, pool, b, &second);
}

// --- write

static void say_wait(void *ctx, Str process) {
    const Build *b = ctx;
    if (b->opt->waits)
        b->opt->waits(b->opt->progress_ctx, b->stats->publish_dir, process);
}

static bool begin_tree(Job *job, Build *b) {
    Str dir = b->stats->publish_dir;
    OutputOptions opt = {.dir = dir,
                         .is_mass_removal_ok = b->opt->is_mass_removal_ok,
                         .wait = {b->opt->no_wait, say_wait, b}};
    if (b->opt->is_verify)
        b->compare =
            compare_begin(job, dir, b->plan.len, &opt.wait, &b->is_busy);
    else
        b->tree = output_begin(job, &opt, b->plan.len, &b->is_busy);
    return b->tree || b->compare;
}

// What differs counts only when the site is good.
static void end_compare(Job *job, Build *b) {
    Differences found;
    compare_end(job, b->compare, &found);
    b->compare = NULL;
    if (job->diags->errors || b->was_disturbed)
        return;
    b->stats->differences = found;
    b->stats->files.files = found.files;
    b->stats->files.bytes = found.bytes;
}

static bool write_all(Job *job, Build *b) {
    if (b->compare)
        end_compare(job, b);
    if (!b->tree)
        return false;
    if (job->diags->errors) {
        output_abort(job, b->tree);
        return false;
    }
    if (b->was_disturbed) {
        output_abort(job, b->tree);
        return false;
    }
    return output_commit(job, b->tree, &b->stats->files);
}

// Last of all: a build that is killed before this makes more again, no less.
static void save(Job *job, Build *b, bool is_written) {
    if (b->recall && is_written)
        b->stats->is_unsaved = !cache_save(job, b->recall->cache);
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

static Idle idle_of(const Build *b) {
    return (Idle){.opt = b->opt,
                  .recall = b->recall,
                  .cfg = &b->l->cfg,
                  .sources = &b->l->sources,
                  .now = b->l->now,
                  .publish_dir = b->stats->publish_dir};
}

// Whether there is nothing to be done. Files left out before are no reason.
static bool is_idle(Job *job, Pool *pool, Build *b) {
    if (!b->recall || b->excluded.len || b->attempts > 1 || b->opt->is_record ||
        b->opt->explain.len)
        return false;
    Idle idle = idle_of(b);
    b->is_idle = idle_is(job, pool, &idle, b->stats);
    return b->is_idle;
}

static void make_all(Job *job, Pool *pool, Build *b) {
    double *seconds = b->stats->seconds, start = load_clock();
    plan_build(job, &b->l->site, &b->l->layouts, &b->plan);
    seconds[STAGE_PLAN] = load_clock() - start;
    b->explained = (Explanations){0};
    if (b->opt->explain.len)
        explain_find(job, &b->l->site, &b->plan, &b->opt->explain,
                     &b->explained);
    start = load_clock();
    if (job->diags->errors || begin_tree(job, b))
        render_all(job, pool, b);
    seconds[STAGE_RENDER] = load_clock() - start;
    b->stats->next = clock_next(&b->plan.clock, b->l->cfg.zone);
    start = load_clock();
    b->is_published = write_all(job, b);
    save(job, b, b->is_published);
    if (b->is_published && b->opt->published && !b->opt->is_verify)
        b->opt->published(b->opt->published_ctx, job, b->l, &b->plan.redirects);
    seconds[STAGE_WRITE] = load_clock() - start;
    b->stats->pages = b->l->site.pages.len;
    b->stats->outputs = b->plan.len;
    if (b->is_published && b->opt->explain.len)
        explain_end(job, &b->plan, b->is_fresh, &b->explained);
    b->stats->explained = b->explained.items;
    b->stats->nexplained = b->explained.len;
}

static void attempt(Job *job, Pool *pool, Build *b) {
    Load load = {b->opt, b->recall, &b->excluded, b->stats->seconds, b->l};
    bool is_there = load_scan(job, pool, &load);
    if (!b->l->cfg.is_good)
        return;
    b->stats->publish_dir = publish_dir(job, b);
    if (is_there && is_idle(job, pool, b))
        return;
    bool is_loaded = is_there && load_site(job, pool, &load);
    if (check_publish_dir(job, b) &&
        output_recover(job, b->stats->publish_dir) && is_loaded)
        make_all(job, pool, b);
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
    if (b->stats && b->stats->differences.len)
        return BUILD_DIFFERS;
    return d->errors ? BUILD_CONTENT : BUILD_GOOD;
}

BuildResult build_result(const Diags *d) {
    return result_of(&(Build){0}, d);
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

// Whether there is reason to try once more: files that changed meanwhile, or
// files with errors that can be left out.
static bool is_worth_again(Job *job, Build *b) {
    enum { MAX_DISTURBED = 5 };
    if (b->was_disturbed)
        return b->attempts < MAX_DISTURBED;
    return b->opt->keep_going && result_of(b, job->diags) == BUILD_CONTENT &&
           exclude_broken(job, b, job->diags) && !is_too_much(job, b);
}

static void run_attempts(Job *job, Pool *pool, Build *b, Diags *said) {
    for (b->attempts = 1;; b->attempts++) {
        *b->stats = (BuildStats){.cache = b->stats->cache};
        b->l = ARENA_NEW(job->keep, Loaded);
        b->tree = NULL;
        b->is_published = false;
        b->was_disturbed = false;
        if (b->recall)
            cache_forget(b->recall->cache);
        attempt(job, pool, b);
        b->stats->left_out = b->excluded.len;
        if (!is_worth_again(job, b))
            break;
        if (!b->was_disturbed)
            keep_errors(job, said, job->diags);
        *job->diags = (Diags){.arena = job->diags->arena};
        load_free(b->l);
    }
    if (b->was_disturbed) {
        diag_error(job->diags, "E-DISTURBED", (Pos){0},
                   _("files of the site keep changing while it is built"));
        diag_hint(job->diags, _("build again when nothing is being saved"));
    }
    if (!b->is_idle)
        load_quotes(job, b->l, job->diags);
}

// What the next build compares first; only a build that left nothing out, and
// nothing to be recorded.
static void keep_idle(Job *job, const Build *b) {
    if (b->is_idle || b->is_busy || job->diags->errors || b->excluded.len ||
        !b->tree || (b->l->record && b->plan.redirects.state.nnews))
        return;
    Idle idle = idle_of(b);
    idle_keep(job, &idle, b->stats);
}

Str build_versions(Arena *a) {
    return str_fmt(a, "loa %s of %.*s; %.*s; %.*s; %.*s; %.*s", LOA_VERSION,
                   STR_ARG(hash_hex(a, loaded_hash())),
                   STR_ARG(markdown_version()), STR_ARG(yaml_version()),
                   STR_ARG(text_version()), STR_ARG(collate_version(a)));
}

typedef struct {
    const BuildOptions *opt;
    Str process;
} Wait;

static bool wait_for(void *ctx, Str process) {
    Wait *w = ctx;
    w->process = process;
    if (!w->opt->no_wait && w->opt->waits)
        w->opt->waits(w->opt->progress_ctx, (Str){0}, process);
    return !w->opt->no_wait;
}

// False: another build has the site, and must not be waited for.
static bool begin_recall(Job *job, Build *b) {
    Wait wait = {b->opt, {0}};
    CacheOptions opt = {.root = b->opt->source,
                        .made_by = build_versions(job->keep),
                        .is_fresh =
                            b->opt->is_cache_ignored || b->opt->is_verify,
                        .wait = wait_for,
                        .ctx = &wait};
    Recall *recall = ARENA_NEW(job->keep, Recall);
    recall_begin(job, &opt, recall);
    b->cache = recall->cache;
    b->recall = b->opt->is_verify ? NULL : recall;
    b->stats->cache = recall->state;
    b->is_busy = recall->state == CACHE_BUSY;
    if (!b->is_busy)
        return true;
    diag_error(job->diags, "E-BUSY", (Pos){.path = b->opt->source},
               _("another build is writing here (process %.*s)"),
               STR_ARG(wait.process));
    diag_hint(job->diags, _("wait until it has ended, then try again"));
    return false;
}

BuildResult build_run(Job *job, Pool *pool, const BuildOptions *opt,
                      BuildStats *stats) {
    Build b = {.opt = opt, .stats = stats};
    b.excluded.arena = job->keep;
    *stats = (BuildStats){0};
    Diags said = {.arena = job->keep}; // errors of files left out
    if (begin_recall(job, &b))
        run_attempts(job, pool, &b, &said);
    diags_append(&said, job->diags);
    *job->diags = said;
    diags_sort(job->diags);
    keep_idle(job, &b);
    if (b.is_idle || b.is_published)
        changes_list(job, opt->source, &b.l->cfg, stats->publish_dir,
                     &stats->changes);
    if (b.l)
        load_free(b.l);
    cache_close(b.cache);
    return result_of(&b, job->diags);
}

BuildResult build_load(Job *job, Pool *pool, const BuildOptions *opt,
                       Loaded *out) {
    double seconds[NSTAGES];
    Load load = {opt, NULL, NULL, seconds, out};
    *out = (Loaded){0};
    if (load_scan(job, pool, &load))
        load_site(job, pool, &load);
    Build b = {0};
    return result_of(&b, job->diags);
}
