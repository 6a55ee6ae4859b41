#include "moment.h"

#include <stdatomic.h>

#include "render/body.h"
#include "render/render.h"

// Of an output, or of what a body says.
typedef struct {
    CacheRecord record;
    Hash bytes;
    unsigned seen; // the last moment in which it was there
} Known;

typedef struct {
    const Output *out;
    const Page *page; // whose facts are wanted
    const Known *known, *known_facts;
    Hash bytes;
    Str made_output, made_facts; // new records
    bool is_fresh;
    Date next;
} Step;

typedef struct {
    Memory *memory;
    Moment *moment;
    Site site;
    Plan plan;
    World world;
    Prints prints;
    Recall recall;
    Step *steps;
    size_t len, first;         // of the first wave
    atomic_bool was_disturbed; // a file changed since it was read
} Making;

static RecallWorld recall_world(const Making *m) {
    return (RecallWorld){&m->recall, &m->world, &m->prints};
}

static const CacheRecord *record_of(const Known *k) {
    return k && k->record.value.len ? &k->record : NULL;
}

// --- one step

static bool know_facts(Job *job, Making *m, const Step *step) {
    RecallWorld rw = recall_world(m);
    return !step->page->body_len ||
           recall_facts(job, &rw, record_of(step->known_facts), step->page,
                        true, &m->world.facts[step->page->index]);
}

static bool is_fresh(Job *job, const Making *m, const Step *step) {
    const CacheRecord *record = record_of(step->known);
    if (!record)
        return false;
    RecallWorld rw = recall_world(m);
    Fingerprint print = fingerprint_output(job->scratch, &m->prints, step->out);
    return recall_doubt(job, &rw, record, step->out, &print) == DOUBT_NONE;
}

static void make_output(Job *job, Making *m, Step *step) {
    size_t from = job->diags->len;
    Str bytes;
    if (!render_output(job, &m->world, step->out, &bytes))
        return;
    RecallWorld rw = recall_world(m);
    OutputRecord made = {
        .print = fingerprint_output(job->scratch, &m->prints, step->out),
        .hash = hash_bytes(bytes),
        .size = bytes.len};
    step->bytes = made.hash;
    step->made_output = recall_pack_output(job, &rw, step->out, &made, from);
}

static void keep_output(Job *job, const Making *m, Step *step) {
    RecallWorld rw = recall_world(m);
    step->bytes = step->known->bytes;
    step->next = recall_next(job, &rw, record_of(step->known), step->out);
}

// Of a large site, or one that the cache knows, it may not be there yet.
static bool want_text(Job *job, Making *m, const Page *page) {
    if (!page->body_len || load_text(job, m->memory->l, page->src))
        return true;
    atomic_store(&m->was_disturbed, true);
    return false;
}

static void want_body(Job *job, size_t i, void *ctx) {
    Making *m = ctx;
    if (m->plan.needs_body[i])
        want_text(job, m, m->site.pages.items[i]);
}

static void make_own(Job *job, Making *m, Step *step) {
    size_t from = job->diags->len;
    if (!want_text(job, m, step->page))
        return;
    if (step->out)
        make_output(job, m, step);
    else
        render_facts(job, &m->world, step->page);
    if (!step->page->body_len)
        return;
    RecallWorld rw = recall_world(m);
    step->made_facts = recall_pack_facts(job, &rw, step->page, from);
}

static void run_own(Job *job, Making *m, Step *step) {
    bool is_kept = !step->out || is_fresh(job, m, step);
    if (!is_kept || !know_facts(job, m, step)) {
        make_own(job, m, step);
        return;
    }
    step->is_fresh = step->out != NULL;
    if (step->out)
        keep_output(job, m, step);
}

static void run_other(Job *job, Making *m, Step *step) {
    step->is_fresh = is_fresh(job, m, step);
    if (step->is_fresh)
        keep_output(job, m, step);
    else
        make_output(job, m, step);
}

static void run_step(Job *job, Making *m, Step *step) {
    job->trace = ARENA_NEW(job->scratch, Trace);
    job->trace->arena = job->scratch;
    if (step->out && step->out->kind == OUT_COPY)
        step->bytes = hash_bytes(step->out->file->path);
    else if (step->page)
        run_own(job, m, step);
    else
        run_other(job, m, step);
    if (!step->is_fresh)
        step->next = trace_next(&m->world, job->trace);
}

static void run_first(Job *job, size_t i, void *ctx) {
    Making *m = ctx;
    run_step(job, m, &m->steps[i]);
}

static void run_second(Job *job, size_t i, void *ctx) {
    Making *m = ctx;
    run_step(job, m, &m->steps[m->first + i]);
}

// --- what is known

static const Known *known_in(const Memory *memory, const Map *map, Str key) {
    const Known *k = map_get(map, key);
    return k && k->seen == memory->count - 1 ? k : NULL;
}

static Known *remember(const Memory *memory, Map *map, Str key) {
    Known *k = map_get(map, key);
    if (k)
        return k;
    k = ARENA_NEW(memory->arena, Known);
    k->record.key = str_copy(memory->arena, key);
    map_add(map, k->record.key, k);
    return k;
}

static void note_record(const Memory *memory, Known *k, Str made) {
    if (made.len)
        k->record.value = str_copy(memory->arena, made);
    k->seen = memory->count;
}

static void absorb_output(Making *m, const Step *step) {
    Memory *memory = m->memory;
    Known *k = remember(memory, &memory->outputs, step->out->path);
    bool was_there = k->seen == memory->count - 1;
    m->moment->added += !was_there;
    m->moment->changed += was_there && !hash_eq(k->bytes, step->bytes);
    k->bytes = step->bytes;
    note_record(memory, k, step->made_output);
}

// What this moment found out is what the next compares with.
static void absorb(Making *m) {
    Memory *memory = m->memory;
    size_t before = 0;
    for (size_t i = 0; i < memory->outputs.len; i++)
        before += ((const Known *)memory->outputs.items[i].val)->seen ==
                  memory->count - 1;
    for (size_t i = 0; i < m->len; i++) {
        const Step *step = &m->steps[i];
        const Page *page = step->out ? step->out->page : step->page;
        clock_note(&m->plan.clock, step->next, (Reason){CLOCK_ENDS, page, {0}});
        if (step->out)
            absorb_output(m, step);
        if (step->page && step->page->body_len)
            note_record(memory,
                        remember(memory, &memory->facts, step->page->src->path),
                        step->made_facts);
    }
    m->moment->removed = before + m->moment->added - m->plan.len;
    m->moment->clock = m->plan.clock;
}

// --- the steps

static void add_step(Making *m, const Output *out, const Page *page) {
    const Memory *memory = m->memory;
    Step *step = &m->steps[m->len++];
    *step = (Step){.out = out, .page = page};
    if (out)
        step->known = known_in(memory, &memory->outputs, out->path);
    if (page && page->src)
        step->known_facts = known_in(memory, &memory->facts, page->src->path);
}

static void plan_steps(Job *job, Making *m) {
    const Plan *plan = &m->plan;
    const Pages *pages = &m->site.pages;
    m->steps = ARENA_ARRAY(job->keep, Step, plan->len + pages->len);
    bool *has_output = ARENA_ARRAY(job->keep, bool, pages->len);
    for (size_t i = 0; i < plan->len; i++)
        if (plan->items[i].is_first_wave) {
            has_output[plan->items[i].page->index] = true;
            add_step(m, &plan->items[i], plan->items[i].page);
        }
    for (size_t i = 0; i < pages->len; i++)
        if (!has_output[i] && pages->items[i]->body_len)
            add_step(m, NULL, pages->items[i]);
    m->first = m->len;
    for (size_t i = 0; i < plan->len; i++)
        if (!plan->items[i].is_first_wave)
            add_step(m, &plan->items[i], NULL);
}

static void hash_excerpts(Job *job, Making *m) {
    const Pages *pages = &m->site.pages;
    Hash *excerpts = ARENA_ARRAY(job->keep, Hash, pages->len);
    for (size_t i = 0; i < pages->len; i++)
        if (!pages->items[i]->sapo.len)
            excerpts[i] = hash_bytes(m->world.facts[i].excerpt);
    m->prints.excerpts = excerpts;
}

static void compare_environment(Job *job, Making *m) {
    Memory *memory = m->memory;
    Hash now = trace_environment(&m->world);
    m->recall = memory->recall;
    if (memory->count == 1)
        recall_environment(job, &m->recall, &m->world);
    else
        m->recall.is_same_env = hash_eq(now, memory->environment);
    memory->environment = now;
}

static void make_all(Job *job, Pool *pool, Making *m) {
    const TemplateSet *layouts = &m->memory->l->layouts;
    plan_build(job, &m->site, layouts, &m->plan);
    m->moment->clock = m->plan.clock;
    if (job->diags->errors)
        return;
    world_init(job, &m->site, &m->plan, layouts, &m->world);
    prints_make(job, pool, &m->site, layouts, &m->prints);
    compare_environment(job, m);
    plan_steps(job, m);
    pool_each(pool, job->diags, m->first, run_first, m);
    if (!m->was_disturbed)
        body_check_fragments(job, &m->world);
    hash_excerpts(job, m);
    pool_each(pool, job->diags, m->site.pages.len, want_body, m);
    if (!m->was_disturbed)
        pool_each(pool, job->diags, m->len - m->first, run_second, m);
    if (m->was_disturbed) {
        diag_error(job->diags, "E-DISTURBED", (Pos){0},
                   _("files of the site keep changing while it is built"));
        diag_hint(job->diags, _("build again when nothing is being saved"));
        return;
    }
    absorb(m);
}

// --- moments

Moment *moment_make(Memory *memory, Date now) {
    Arena *a = arena_new(), *scratch = arena_new();
    Moment *moment = ARENA_NEW(a, Moment);
    *moment = (Moment){.arena = a, .pool = pool_new(memory->threads)};
    moment->diags = (Diags){.arena = a, .levels = &memory->l->cfg.levels};
    Job job = {.keep = a, .scratch = scratch, .diags = &moment->diags};
    Making *m = ARENA_NEW(a, Making);
    *m = (Making){.memory = memory, .moment = moment};
    memory->count++;
    if (memory->count == 1)
        m->site = memory->l->site;
    else
        load_again(&job, moment->pool, memory->l, now, &m->site);
    make_all(&job, moment->pool, m);
    arena_free(scratch);
    return moment;
}

void moment_free(Moment *m) {
    pool_free(m->pool);
    arena_free(m->arena);
}

static void remember_all(const Memory *memory, CacheTable table, Map *map) {
    const CacheRecords *all = &memory->recall.records[table];
    for (size_t i = 0; i < all->len; i++) {
        Known *k = remember(memory, map, all->items[i].key);
        OutputRecord made;
        k->record = all->items[i];
        if (table == CACHE_OUTPUTS && recall_output(&k->record, &made))
            k->bytes = made.hash;
    }
}

void memory_begin(Job *job, const Loaded *l, const Recall *recall,
                  unsigned threads, Memory *out) {
    *out = (Memory){.arena = job->keep,
                    .l = l,
                    .recall = *recall,
                    .threads = threads,
                    .outputs = {.arena = job->keep},
                    .facts = {.arena = job->keep}};
    remember_all(out, CACHE_FACTS, &out->facts);
    remember_all(out, CACHE_OUTPUTS, &out->outputs);
}
