// The table of contents of loa: read, parse, model (load.c), plan, render,
// write. A stage reads what the stages above it left and writes only its own
// fields.

#include "build.h"

#include <string.h>

#include "base/loaded.h"
#include "base/text.h"
#include "base/version.h"
#include "explain.h"
#include "idle.h"
#include "model/collate.h"
#include "parse/yaml.h"

typedef struct {
    const BuildOptions *opt;
    BuildStats *stats;
    Map excluded; // --keep-going: content files left out so far
    Loaded *l;
    Plan plan;
    Waves waves;
    OutputLook *look;
    Tree *tree;       // NULL: nothing is written, only problems are looked for
    Compare *compare; // instead of the tree: --verify
    int attempts;
    bool is_busy, is_idle, is_published;
    Cache *cache;   // with the lock of the site
    Recall *recall; // NULL: everything is made
    Explanations explained;
} Build;

// --- what is known of the last build

static const CacheRecord *record_of(const Build *b, CacheTable table, Str key) {
    return b->recall ? cache_find(&b->recall->records[table], key) : NULL;
}

static void mark(bool *is_there, const CacheRecords *all,
                 const CacheRecord *own) {
    if (own)
        is_there[own - all->items] = true;
}

// Records of outputs and pages that are not there any more.
static void drop_records(Job *job, Build *b) {
    CacheRecords *all = b->recall->records;
    bool *facts = ARENA_ARRAY(job->scratch, bool, all[CACHE_FACTS].len);
    bool *outputs = ARENA_ARRAY(job->scratch, bool, all[CACHE_OUTPUTS].len);
    for (size_t i = 0; i < b->waves.from[2]; i++) {
        mark(facts, &all[CACHE_FACTS], b->waves.steps[i].known_facts);
        mark(outputs, &all[CACHE_OUTPUTS], b->waves.steps[i].known);
    }
    recall_drop(b->recall, CACHE_FACTS, facts);
    recall_drop(b->recall, CACHE_OUTPUTS, outputs);
}

static void find_records(Job *job, Build *b) {
    if (!b->recall)
        return;
    recall_environment(job, b->recall, b->waves.environment);
    for (size_t i = 0; i < b->waves.from[2]; i++) {
        Step *step = &b->waves.steps[i];
        if (step->out)
            step->known = record_of(b, CACHE_OUTPUTS, step->out->path);
        if (step->page && step->page->src)
            step->known_facts =
                record_of(b, CACHE_FACTS, step->page->src->path);
    }
    drop_records(job, b);
}

static void count_made(Build *b, unsigned wave) {
    const Waves *w = &b->waves;
    for (size_t i = w->from[wave]; i < w->from[wave + 1]; i++) {
        const Step *step = &w->steps[i];
        b->stats->made += step_is_made(step);
        clock_note(
            &b->plan.clock, step->next,
            (Reason){CLOCK_ENDS, step->out ? step->out->page : NULL, {0}});
    }
}

// --- render

static OutputFile file_of(const Output *out) {
    bool is_page = out->kind == OUT_PAGE && out->page->kind == PAGE_REGULAR;
    return (OutputFile){out->path, out->kind == OUT_COPY ? OUTPUT_ASSET
                                   : is_page             ? OUTPUT_PAGE
                                                         : OUTPUT_LIST};
}

// Without a tree nothing is written, and only what would be said counts.
static bool keep_output(Job *job, void *ctx, const Step *step,
                        const OutputRecord *known) {
    const Build *b = ctx;
    return !b->tree || output_keep(job, b->tree, step->slot, file_of(step->out),
                                   known->hash, known->size);
}

static bool content_of(const Build *b, const Step *step, OutputRecord *made) {
    return b->tree &&
           output_content(b->tree, step->slot, &made->hash, &made->size);
}

static bool copy_output(Job *job, void *ctx, const Step *step,
                        OutputRecord *made) {
    Build *b = ctx;
    OutputFile file = file_of(step->out);
    const FsRoot *root = &b->l->root;
    Str from = step->out->file->path;
    if (b->compare)
        compare_copy(job, b->compare, step->slot, file.path, root, from);
    else if (b->tree)
        output_copy(job, b->tree, step->slot, file, root, from);
    return content_of(b, step, made);
}

static bool put_output(Job *job, void *ctx, const Step *step, Str bytes,
                       OutputRecord *made) {
    Build *b = ctx;
    OutputFile file = file_of(step->out);
    if (b->compare)
        compare_bytes(job, b->compare, step->slot, file.path, bytes);
    else if (b->tree)
        output_put(job, b->tree, step->slot, file, bytes);
    return content_of(b, step, made);
}

static void keep_record(Job *job, void *ctx, const Step *step, CacheTable table,
                        Str record) {
    const Build *b = ctx;
    (void)job;
    cache_put(b->cache, table,
              table == CACHE_FACTS ? step->page->src->path : step->out->path,
              record);
}

static void begin_waves(Build *b, const Pool *pool) {
    Waves *w = &b->waves;
    *w =
        (Waves){.opt = b->opt,
                .l = b->l,
                .site = &b->l->site,
                .plan = &b->plan,
                .recall = b->recall,
                .sink = {keep_output, put_output, copy_output, keep_record, b}};
    waves_begin(pool, w);
}

static void render_all(Job *job, Pool *pool, Build *b) {
    Waves *w = &b->waves;
    waves_plan(job, pool, w);
    find_records(job, b);
    for (unsigned wave = 0; wave < 2; wave++) {
        waves_run(job, pool, w, wave);
        count_made(b, wave);
    }
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
                         .wait = {b->opt->no_wait, say_wait, b},
                         .look = b->look};
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
    if (job->diags->errors || b->waves.was_disturbed)
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
    if (b->waves.was_disturbed) {
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
    begin_waves(b, pool);
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
        explain_end(job, &b->waves, &b->explained);
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
    bool is_loaded = is_there && load_parse(job, pool, &load);
    bool can_write =
        check_publish_dir(job, b) && output_recover(job, b->stats->publish_dir);
    if (!is_loaded)
        return;
    // Model and plan leave a core idle.
    output_look_end(b->look); // of another attempt
    b->look = NULL;
    if (can_write && b->recall && pool_threads(pool) > 1)
        b->look = output_look(b->stats->publish_dir);
    load_model(job, &load);
    if (can_write)
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
    if (b->waves.was_disturbed)
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
        waves_end(&b->waves);
        b->waves = (Waves){0};
        if (b->recall)
            cache_forget(b->recall->cache);
        attempt(job, pool, b);
        b->stats->left_out = b->excluded.len;
        if (!is_worth_again(job, b))
            break;
        if (!b->waves.was_disturbed) {
            load_quotes(job, b->l, job->diags);
            keep_errors(job, said, job->diags);
        }
        *job->diags = (Diags){.arena = job->diags->arena};
        load_free(b->l);
    }
    if (b->waves.was_disturbed) {
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
static bool begin_recall(Job *job, Pool *pool, Build *b) {
    Wait wait = {b->opt, {0}};
    CacheOptions opt = {.root = b->opt->source,
                        .made_by = build_versions(job->keep),
                        .is_fresh =
                            b->opt->is_cache_ignored || b->opt->is_verify,
                        .wait = wait_for,
                        .ctx = &wait,
                        .pool = pool};
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
    if (begin_recall(job, pool, &b))
        run_attempts(job, pool, &b, &said);
    diags_append(&said, job->diags);
    *job->diags = said;
    diags_sort(job->diags);
    keep_idle(job, &b);
    if (b.is_idle || b.is_published)
        changes_list(job, opt->source, &b.l->cfg, stats->publish_dir,
                     &stats->files.made, &stats->changes);
    output_look_end(b.look);
    waves_end(&b.waves);
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
