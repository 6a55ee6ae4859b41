#include "waves.h"

#include "render/body.h"
#include "render/render.h"

RecallWorld waves_recall(const Waves *w) {
    return (RecallWorld){w->recall, &w->world, &w->prints};
}

// --- plan

static void add_step(Waves *w, size_t slot, const Page *page) {
    const Output *out = slot < w->plan->len ? &w->plan->items[slot] : NULL;
    w->steps[w->from[2]++] =
        (Step){.out = out, .page = page, .slot = slot, .doubt = DOUBT_UNKNOWN};
}

static void plan_steps(Job *job, Waves *w) {
    const Plan *plan = w->plan;
    const Pages *pages = &w->site->pages;
    w->steps = ARENA_ARRAY(job->keep, Step, plan->len + pages->len);
    bool *has_output = ARENA_ARRAY(job->keep, bool, pages->len);
    for (size_t i = 0; i < plan->len; i++)
        if (plan->items[i].is_first_wave) {
            has_output[plan->items[i].page->index] = true;
            add_step(w, i, plan->items[i].page);
        }
    for (size_t i = 0; i < pages->len; i++)
        if (!has_output[i] && pages->items[i]->body_len)
            add_step(w, plan->len, pages->items[i]);
    w->from[1] = w->from[2];
    for (size_t i = 0; i < plan->len; i++)
        if (!plan->items[i].is_first_wave)
            add_step(w, i, NULL);
}

static void hash_site(Job *job, Pool *pool, Waves *w) {
    prints_make(job, pool, w->site, &w->l->layouts, &w->prints);
    w->environment = trace_site(w->site);
}

static void hash_aside(Job *job, void *ctx) {
    hash_site(job, NULL, ctx);
}

void waves_begin(const Pool *pool, Waves *w) {
    if (pool_threads(pool) > 1)
        w->hashing = aside_begin(hash_aside, w);
}

void waves_plan(Job *job, Pool *pool, Waves *w) {
    world_init(job, w->site, w->plan, &w->l->layouts, &w->world);
    if (w->hashing)
        aside_wait(w->hashing);
    else
        hash_site(job, pool, w);
    w->environment = trace_environment(w->environment, w->plan);
    w->excerpts = ARENA_ARRAY(job->keep, Hash, w->site->pages.len);
    plan_steps(job, w);
}

// --- what is fresh

// The facts of a page as the last build found them.
static bool know_facts(Job *job, Waves *w, const Step *step, bool say) {
    RecallWorld rw = waves_recall(w);
    const Page *page = step->page;
    return !page->body_len ||
           (w->recall && recall_facts(job, &rw, step->known_facts, page, say,
                                      &w->world.facts[page->index]));
}

static Doubt find_doubt(Job *job, Waves *w, Step *step) {
    RecallWorld rw = waves_recall(w);
    OutputRecord known;
    if (!recall_output(step->known, &known))
        return recall_doubt(job, &rw, NULL, step->out, NULL);
    Fingerprint print = fingerprint_output(job->scratch, &w->prints, step->out);
    Doubt doubt = recall_doubt(job, &rw, step->known, step->out, &print);
    if (doubt != DOUBT_NONE)
        return doubt;
    if (step->page && !know_facts(job, w, step, false))
        return DOUBT_FACTS;
    step->bytes = known.hash;
    return w->sink.keep(job, w->sink.ctx, step, &known) ? DOUBT_NONE
                                                        : DOUBT_FILE;
}

// True: it is as it was, and what there is to say of it has been said.
static bool stays(Job *job, Waves *w, Step *step) {
    RecallWorld rw = waves_recall(w);
    step->doubt = find_doubt(job, w, step);
    if (step->doubt != DOUBT_NONE)
        return false;
    recall_say_output(job, step->known);
    step->next = recall_next(job, &rw, step->known, step->out);
    return true;
}

// --- what is made

static bool write_output(Job *job, Waves *w, const Step *step,
                         OutputRecord *made) {
    const Sink *sink = &w->sink;
    Str bytes;
    if (step->out->kind == OUT_COPY)
        return sink->copy(job, sink->ctx, step, made);
    return render_output(job, &w->world, step->out, &bytes) &&
           sink->put(job, sink->ctx, step, bytes, made);
}

static void make_output(Job *job, Waves *w, Step *step) {
    size_t from = job->diags->len;
    OutputRecord made = {0};
    if (!write_output(job, w, step, &made))
        return;
    step->bytes = made.hash;
    if (!w->recall)
        return;
    RecallWorld rw = waves_recall(w);
    made.print = fingerprint_output(job->scratch, &w->prints, step->out);
    made.seen_ns = w->recall->now_ns;
    w->sink.record(job, w->sink.ctx, step, CACHE_OUTPUTS,
                   recall_pack_output(job, &rw, step->out, &made, from));
}

// A file that changes while it is read is read again, by another attempt.
static bool want_text(Job *job, Waves *w, const Page *page) {
    if (!page->body_len || load_text(job, w->l, page->src))
        return true;
    atomic_store(&w->was_disturbed, true);
    return false;
}

static void make_own(Job *job, Waves *w, Step *step) {
    size_t from = job->diags->len;
    if (!want_text(job, w, step->page))
        return;
    if (step->out)
        make_output(job, w, step);
    else
        render_facts(job, &w->world, step->page);
    if (!w->recall || !step->page->body_len)
        return;
    RecallWorld rw = waves_recall(w);
    w->sink.record(job, w->sink.ctx, step, CACHE_FACTS,
                   recall_pack_facts(job, &rw, step->page, from));
}

static void drop_text(const Waves *w, const Page *page) {
    if (page->src && !w->keeps_texts && !w->plan->needs_body[page->index])
        source_drop_text(&w->l->sources.items[page->src - w->l->sources.items]);
}

static void begin_trace(Job *job) {
    job->trace = ARENA_NEW(job->scratch, Trace);
    job->trace->arena = job->scratch;
}

// Of what was made only: what a kept output asks stands in its record, and
// bodies do not ask for the time.
static void end_trace(const Job *job, const Waves *w, Step *step) {
    step->next = trace_next(&w->world, job->trace);
}

// --- the waves

static void run_first(Job *job, size_t i, void *ctx) {
    Waves *w = ctx;
    Step *step = &w->steps[i];
    size_t at = step->page->index;
    begin_trace(job);
    if (step->out ? !stays(job, w, step) : !know_facts(job, w, step, true)) {
        make_own(job, w, step);
        end_trace(job, w, step);
    }
    w->excerpts[at] = hash_bytes(w->world.facts[at].excerpt);
    drop_text(w, step->page);
}

static void look_at_second(Job *job, size_t i, void *ctx) {
    Waves *w = ctx;
    stays(job, w, &w->steps[w->from[1] + i]);
}

// The steps or pages of a round of jobs that not all of them have to do with.
typedef struct {
    Waves *w;
    Step **steps; // or
    const Page **pages;
    size_t len;
} Some;

static void run_second(Job *job, size_t i, void *ctx) {
    const Some *some = ctx;
    begin_trace(job);
    make_output(job, some->w, some->steps[i]);
    end_trace(job, some->w, some->steps[i]);
}

static void load_body(Job *job, size_t i, void *ctx) {
    const Some *some = ctx;
    want_text(job, some->w, some->pages[i]);
}

static void want_bodies(bool *wanted, const Pages *pages) {
    for (size_t i = 0; i < pages->len; i++)
        wanted[pages->items[i]->index] = true;
}

// Which bodies an output of the second wave shows.
static void want_bodies_of(const Waves *w, const Output *out, bool *wanted) {
    if (out->kind == OUT_PAGE)
        wanted[out->page->index] = true;
    if (w->l->cfg.feed_full)
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

static void load_bodies(Job *job, Pool *pool, const Some *made) {
    Waves *w = made->w;
    const Pages *all = &w->site->pages;
    bool *wanted = ARENA_ARRAY(job->scratch, bool, all->len);
    Some some = {.w = w};
    some.pages = ARENA_ARRAY(job->scratch, const Page *, all->len);
    for (size_t i = 0; i < made->len; i++)
        want_bodies_of(w, made->steps[i]->out, wanted);
    for (size_t i = 0; i < all->len; i++)
        if (wanted[i] && w->plan->needs_body[i])
            some.pages[some.len++] = all->items[i];
    pool_each(pool, job->diags, some.len, load_body, &some);
}

static const Source *file_of(const Step *step) {
    if (step->page)
        return step->page->src;
    return step->out->file;
}

static void run_watched(Job *job, Pool *pool, const Waves *w,
                        const Source **files, size_t n, PoolFn *fn, void *ctx) {
    Watch watch = {w->opt, STAGE_RENDER, files};
    PoolWatch pw = load_watch(&watch);
    pool_each_watched(pool, job->diags, n, fn, ctx, w->opt ? &pw : NULL);
}

static void first_wave(Job *job, Pool *pool, Waves *w) {
    size_t n = w->from[1];
    const Source **files = ARENA_ARRAY(job->scratch, const Source *, n);
    for (size_t i = 0; i < n; i++)
        files[i] = file_of(&w->steps[i]);
    run_watched(job, pool, w, files, n, run_first, w);
    if (!w->was_disturbed)
        body_check_fragments(job, &w->world);
}

// What bodies say can be read by all from now on.
static void second_wave(Job *job, Pool *pool, Waves *w) {
    size_t n = w->from[2] - w->from[1];
    Some some = {.w = w, .steps = ARENA_ARRAY(job->scratch, Step *, n)};
    const Source **files = ARENA_ARRAY(job->scratch, const Source *, n);
    prints_learn(job, w->excerpts, &w->prints);
    pool_each(pool, job->diags, n, look_at_second, w);
    for (size_t i = w->from[1]; i < w->from[2]; i++)
        if (w->steps[i].doubt != DOUBT_NONE) {
            files[some.len] = file_of(&w->steps[i]);
            some.steps[some.len++] = &w->steps[i];
        }
    load_bodies(job, pool, &some);
    if (!w->was_disturbed)
        run_watched(job, pool, w, files, some.len, run_second, &some);
}

void waves_run(Job *job, Pool *pool, Waves *w, unsigned wave) {
    ArenaMark mark = arena_mark(job->scratch);
    if (wave == 0)
        first_wave(job, pool, w);
    else if (!w->was_disturbed)
        second_wave(job, pool, w);
    arena_reset(job->scratch, mark);
}

void waves_end(Waves *w) {
    aside_free(w->hashing);
    w->hashing = NULL;
}
