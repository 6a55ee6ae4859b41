// The model notes each instant that it compares with its own (model/clock.h).
// The site is made in memory at the earliest of them, and compared; if nothing
// differs the search goes on from there.

#include "next.h"

#include "moment.h"

enum { LOOK_AHEAD_YEARS = 10 };

static Str source_of(const Page *page) {
    return page->src ? page->src->path : page->url;
}

static void add_reasons(Arena *a, const Clock *clock, NextChange *out) {
    out->reasons = ARENA_ARRAY(a, NextReason, clock->nreasons);
    for (size_t i = 0; i < clock->nreasons; i++) {
        const Reason *r = &clock->reasons[i];
        NextReason *made = &out->reasons[out->nreasons++];
        *made = (NextReason){.why = r->why, .field = str_copy(a, r->field)};
        if (!r->page)
            continue;
        made->path = str_copy(a, source_of(r->page));
        made->title = str_copy(a, r->page->title);
    }
}

static NextChange *add_change(Arena *a, NextChanges *out) {
    out->items =
        arena_grow(a, out->items, out->len, &out->cap, sizeof *out->items);
    return &out->items[out->len++];
}

// What `to` shows that `from` did not; false: nothing.
static bool note_change(Job *job, const Loaded *l, const Clock *from,
                        const Moment *to, NextChanges *out) {
    bool is_broken = to->diags.errors > 0;
    if (!is_broken && !to->changed && !to->added && !to->removed)
        return false;
    NextChange *change = add_change(job->keep, out);
    *change = (NextChange){.at = clock_next(from, l->cfg.zone),
                           .is_broken = is_broken,
                           .changed = to->changed,
                           .added = to->added,
                           .removed = to->removed};
    add_reasons(job->keep, from, change);
    return true;
}

static Date years_after(Date now, int16_t zone, int years) {
    now.offset_minutes = zone;
    DateParts p = date_parts(now);
    p.year += years;
    if (p.day > date_days_in_month(p.year, p.month)) // 29 February
        p.day = 28;
    return date_from_parts(p, zone, DATE_SECOND);
}

static void say_errors(Job *job, const Moment *m) {
    Arena *a = job->keep;
    for (size_t i = 0; i < m->diags.len; i++) {
        Diag d = m->diags.items[i];
        if (d.level != DIAG_ERROR)
            continue;
        d.code = str_cstr(a, str_from(d.code));
        d.path = str_copy(a, d.path);
        d.message = str_copy(a, d.message);
        d.quote = str_copy(a, d.quote);
        d.hint = str_copy(a, d.hint);
        Diags one = {.items = &d, .len = 1, .errors = 1};
        diags_append(job->diags, &one);
    }
}

static void walk(Job *job, Memory *memory, bool is_all, NextChanges *out) {
    const Loaded *l = memory->l;
    Moment *m = moment_make(memory, out->now);
    while (!m->diags.errors && date_is_set(m->clock.next) &&
           date_cmp(m->clock.next, out->until) <= 0) {
        Moment *to = moment_make(memory, m->clock.next);
        bool is_found = note_change(job, l, &m->clock, to, out);
        moment_free(m);
        m = to;
        if (is_found && !is_all)
            break;
    }
    say_errors(job, m);
    moment_free(m);
}

// Sources are read afresh, so that nobody has to wait for the cache; of it only
// what it knows of outputs is used.
static bool load(Job *job, Pool *pool, const Load *how, Recall *recall) {
    CacheOptions cache = {.root = how->opt->source,
                          .made_by = build_versions(job->keep),
                          .pool = pool};
    if (!load_scan(job, pool, how))
        return false;
    recall_borrow(job, &cache, recall);
    recall_set_levels(recall, how->out->cfg.hash);
    return load_site(job, pool, how) && !job->diags->errors;
}

static void look(Job *job, const NextOptions *opt, const Loaded *l,
                 const Recall *recall, NextChanges *out) {
    Memory memory;
    int years = opt->is_all ? 1 : LOOK_AHEAD_YEARS;
    memory_begin(job, l, recall, opt->threads, &memory);
    out->now = l->now;
    out->until = years_after(l->now, l->cfg.zone, years);
    walk(job, &memory, opt->is_all, out);
}

BuildResult next_find(Job *job, const NextOptions *opt, NextChanges *out) {
    double seconds[NSTAGES] = {0};
    Loaded l = {0};
    Recall recall = {0};
    Load how = {.opt = &opt->build, .seconds = seconds, .out = &l};
    Pool *pool = pool_new(opt->threads); // the pages lie in it
    *out = (NextChanges){0};
    if (load(job, pool, &how, &recall))
        look(job, opt, &l, &recall, out);
    BuildResult result = build_result(job->diags);
    load_free(&l);
    pool_free(pool);
    return result;
}

// --- in words

static const struct {
    const char *name, *text; // text: a msgid
} whys[CLOCK_NREASONS] = {
    [CLOCK_PUBLISHED] = {"published", N_("is published")},
    [CLOCK_EXPIRES] = {"expires", N_("expires")},
    [CLOCK_UNPINNED] = {"unpinned", N_("is not pinned any more")},
    [CLOCK_BEGINS] = {"begins", N_("begins")},
    [CLOCK_ENDS] = {"ends", N_("ends")},
    [CLOCK_IN_FORCE] = {"in-force", N_("comes into force")},
    [CLOCK_OUT_OF_FORCE] = {"out-of-force", N_("is not in force any more")},
    [CLOCK_ITEM_BEGINS] = {"item-begins", N_("shows one thing more")},
    [CLOCK_ITEM_ENDS] = {"item-ends", N_("shows one thing less")},
    [CLOCK_IS_NEWS] = {"news", N_("comes into the sitemap of news")},
    [CLOCK_NO_NEWS] = {"no-news", N_("is too old for the sitemap of news")},
    [CLOCK_NEW_DAY] = {"new-day", N_("a new day begins")},
    [CLOCK_NEW_YEAR] = {"new-year", N_("a new year begins")},
};

const char *next_why_name(ClockWhy why) {
    return whys[why].name;
}

Str next_why_text(Arena *a, const NextReason *r) {
    Buf b = {.arena = a};
    if (r->why == CLOCK_NEW_DAY || r->why == CLOCK_NEW_YEAR)
        return str_from(_(whys[r->why].text));
    // The title of a piece and what happens to it.
    buf_fmt(&b, _("'%.*s' %s"), STR_ARG(r->title), _(whys[r->why].text));
    buf_fmt(&b, " (%.*s", STR_ARG(r->path));
    if (r->field.len)
        buf_fmt(&b, ": %.*s", STR_ARG(r->field));
    buf_putc(&b, ')');
    return buf_str(&b);
}
