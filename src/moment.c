#include "moment.h"

#include "waves.h"
#include "write/io.h"

// Of an output, or of what a body says.
typedef struct {
    CacheRecord record;
    Hash bytes;
    unsigned seen; // the last moment in which it was there
} Known;

typedef struct {
    Memory *memory;
    Moment *moment;
    Site site;
    Plan plan;
    Recall recall;
    Waves waves;
    const Known **known;  // by step: its output
    Str *outputs, *facts; // by step: new records
} Making;

static const CacheRecord *record_of(const Known *k) {
    return k && k->record.value.len ? &k->record : NULL;
}

// --- nothing is written

static bool keep_output(Job *job, void *ctx, const Step *step,
                        const OutputRecord *known) {
    (void)job, (void)ctx, (void)step, (void)known;
    return true;
}

static bool put_output(Job *job, void *ctx, const Step *step, Str bytes,
                       OutputRecord *made) {
    (void)job, (void)ctx, (void)step;
    Content c = io_content(bytes); // as a build hashes what it writes
    made->hash = c.hash;
    made->size = c.size;
    return true;
}

// Time does not change what is in a file.
static bool copy_output(Job *job, void *ctx, const Step *step,
                        OutputRecord *made) {
    const Making *m = ctx;
    const Known *known = m->known[step - m->waves.steps];
    (void)job;
    made->hash = known ? known->bytes : hash_bytes(step->out->file->path);
    return true;
}

static void keep_record(Job *job, void *ctx, const Step *step, CacheTable table,
                        Str record) {
    const Making *m = ctx;
    Str *made = table == CACHE_FACTS ? m->facts : m->outputs;
    made[step - m->waves.steps] = str_copy(job->keep, record);
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

static void absorb_output(Making *m, const Step *step, Str made) {
    Memory *memory = m->memory;
    Known *k = remember(memory, &memory->outputs, step->out->path);
    bool was_there = k->seen == memory->count - 1;
    m->moment->added += !was_there;
    m->moment->changed += was_there && !hash_eq(k->bytes, step->bytes);
    k->bytes = step->bytes;
    note_record(memory, k, made);
}

// What this moment found out is what the next compares with.
static void absorb(Making *m) {
    Memory *memory = m->memory;
    size_t before = 0;
    for (size_t i = 0; i < memory->outputs.len; i++)
        before += ((const Known *)memory->outputs.items[i].val)->seen ==
                  memory->count - 1;
    for (size_t i = 0; i < m->waves.from[2]; i++) {
        const Step *step = &m->waves.steps[i];
        const Page *page = step->out ? step->out->page : step->page;
        clock_note(&m->plan.clock, step->next, (Reason){CLOCK_ENDS, page, {0}});
        if (step->out)
            absorb_output(m, step, m->outputs[i]);
        if (step->page && step->page->body_len)
            note_record(memory,
                        remember(memory, &memory->facts, step->page->src->path),
                        m->facts[i]);
    }
    m->moment->removed = before + m->moment->added - m->plan.len;
    m->moment->clock = m->plan.clock;
}

// --- the moment

static void find_known(Job *job, Making *m) {
    const Memory *memory = m->memory;
    Waves *w = &m->waves;
    m->known = ARENA_ARRAY(job->keep, const Known *, w->from[2]);
    m->outputs = ARENA_ARRAY(job->keep, Str, w->from[2]);
    m->facts = ARENA_ARRAY(job->keep, Str, w->from[2]);
    for (size_t i = 0; i < w->from[2]; i++) {
        Step *step = &w->steps[i];
        if (step->out)
            m->known[i] = known_in(memory, &memory->outputs, step->out->path);
        step->known = record_of(m->known[i]);
        if (step->page && step->page->src)
            step->known_facts = record_of(
                known_in(memory, &memory->facts, step->page->src->path));
    }
}

static void compare_environment(Job *job, Making *m) {
    Memory *memory = m->memory;
    Hash now = m->waves.environment;
    m->recall = memory->recall;
    if (memory->count == 1)
        recall_environment(job, &m->recall, now);
    else
        m->recall.is_same_env = hash_eq(now, memory->environment);
    memory->environment = now;
}

static void make_all(Job *job, Pool *pool, Making *m) {
    const Loaded *l = m->memory->l;
    Waves *w = &m->waves;
    *w = (Waves){.l = l,
                 .site = &m->site,
                 .plan = &m->plan,
                 .recall = &m->recall,
                 .sink = {keep_output, put_output, copy_output, keep_record, m},
                 .keeps_texts = true};
    waves_begin(pool, w);
    plan_build(job, &m->site, &l->layouts, &m->plan);
    m->moment->clock = m->plan.clock;
    if (job->diags->errors)
        return;
    waves_plan(job, pool, w);
    compare_environment(job, m);
    find_known(job, m);
    waves_run(job, pool, w, 0);
    waves_run(job, pool, w, 1);
    if (w->was_disturbed) {
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
    waves_end(&m->waves);
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
