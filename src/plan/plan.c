// The complete list of outputs: pages and their numbered pages, feeds,
// calendars, stubs, copies and the files at the root.

#include "plan/plan.h"

#include <string.h>

#include "plan/planner.h"

Output *planner_add(Planner *p, const Output *out) {
    if (p->len == p->cap) {
        size_t pages = p->site->pages.len; // an output, feeds, parts of lists
        size_t cap = p->cap ? 2 * p->cap : pages + pages / 2 + 64;
        Output *items =
            arena_room(p->job->keep, cap, sizeof *items, alignof(Output));
        if (p->len)
            memcpy(items, p->items, p->len * sizeof *items);
        p->items = items;
        p->cap = cap;
    }
    Output *made = &p->items[p->len++];
    *made = *out;
    made->path = out->kind == OUT_COPY // also without extension
                     ? str_slice(out->url, 1, out->url.len)
                     : url_to_path(p->job->keep, out->url);
    return made;
}

// --- pages

static void note_bodies(Planner *p, const Selection *s) {
    if (!s->wants_body)
        return;
    for (size_t i = 0; i < s->items.len; i++)
        p->needs_body[s->items.items[i]->index] = true;
    for (size_t g = 0; g < s->ngroups; g++)
        for (size_t i = 0; i < s->groups[g].items.len; i++)
            p->needs_body[s->groups[g].items.items[i]->index] = true;
}

static Selection *run_selects(Planner *p, const Layout *layout,
                              const Page *page) {
    const Selects *selects = &layout->selects;
    Selection *out = ARENA_ARRAY(p->job->keep, Selection, selects->len);
    for (size_t i = 0; i < selects->len; i++) {
        const Select *s = &selects->items[i];
        out[i] = s->is_constant
                     ? s->constant[page->lang]
                     : select_run(p->job, p->site, s, page, page->lang);
        note_bodies(p, &out[i]);
    }
    return out;
}

// The addresses of the head and of the numbered pages.
static Str *numbered_urls(Planner *p, const Page *page, size_t total) {
    Arena *tmp = p->job->scratch;
    Str *out = arena_room(tmp, total + 1, sizeof *out, alignof(Str));
    Str folder = str_cat(tmp, p->site->cfg->pager_path, S("/"), (Str){0});
    out[0] = page->url;
    for (size_t i = 1; i <= total; i++) {
        char digits[24];
        size_t at = sizeof digits;
        digits[--at] = '/';
        for (size_t n = i; n; n /= 10)
            digits[--at] = (char)('0' + n % 10);
        Str number = {digits + at, sizeof digits - at};
        Str name = str_cat(tmp, folder, number, (Str){0});
        out[i] = url_below(p->job->keep, page->url, name);
    }
    return out;
}

// Page `number` of the list: 0 is the head, then from the oldest.
static Pages numbered_part(Pages all, size_t per_page, size_t total,
                           size_t number) {
    size_t head = all.len - total * per_page;
    if (number == 0)
        return (Pages){all.items, head};
    size_t from = head + (total - number) * per_page;
    return (Pages){all.items + from, per_page};
}

static const Pager *pager_of(Planner *p, const Str *urls, Pager pager) {
    Pager *out = ARENA_NEW(p->job->keep, Pager);
    size_t n = pager.number;
    *out = pager;
    if (n) {
        out->head = urls[0];
        out->newer = urls[n < pager.total ? n + 1 : 0];
    }
    size_t older = n ? n - 1 : pager.total;
    if (older)
        out->older = urls[older];
    return out;
}

static void add_numbered(Planner *p, const Output *base, const Layout *layout,
                         size_t at) {
    Arena *a = p->job->keep;
    ArenaMark mark = arena_mark(p->job->scratch);
    Pages all = base->selections[at].items;
    size_t per_page = (size_t)layout->selects.items[at].per_page;
    size_t total = all.len / per_page;
    total = total > 1 ? total - 1 : 0;
    const Str *urls = numbered_urls(p, base->page, total);
    for (size_t number = 0; number <= total; number++) {
        Output out = *base;
        Pager pager = {.number = number, .total = total, .count = all.len};
        out.pager = pager_of(p, urls, pager);
        out.selections = ARENA_ARRAY(a, Selection, base->nselections);
        memcpy(out.selections, base->selections,
               base->nselections * sizeof *out.selections);
        Pages part = numbered_part(all, per_page, total, number);
        out.selections[at].items =
            number ? part : select_pinned_first(a, all, part);
        out.url = urls[number];
        planner_add(p, &out);
    }
    arena_reset(p->job->scratch, mark);
}

static bool may_lack_layout(PageKind kind) {
    return kind != PAGE_HOME && kind != PAGE_SECTION && kind != PAGE_REGULAR;
}

static void complain_layout(Planner *p, const Page *page) {
    ArenaMark mark = arena_mark(p->job->scratch);
    Str tried = layout_names(&p->layouts, page);
    p->ok = diag_error(p->job->diags, "E-LAYOUT", page_pos(page, S("layout")),
                       _("no layout makes this page"));
    diag_hint(p->job->diags,
              _("one of these files has to be in layouts/, ending in .html: "
                "%.*s"),
              STR_ARG(tried));
    arena_reset(p->job->scratch, mark);
}

static void note_clock(Planner *p, ClockUse use) {
    int16_t zone = p->site->cfg->zone;
    if (use == CLOCK_DAY)
        clock_note(&p->clock, clock_next_day(&p->clock, zone),
                   (Reason){.why = CLOCK_NEW_DAY});
    else if (use == CLOCK_YEAR)
        clock_note(&p->clock, clock_next_year(&p->clock, zone),
                   (Reason){.why = CLOCK_NEW_YEAR});
}

static const Layout *find_layout(Planner *p, const Page *page) {
    ArenaMark mark = arena_mark(p->job->scratch);
    const Layout *layout = layout_of(&p->layouts, page);
    arena_reset(p->job->scratch, mark);
    if (!layout && !may_lack_layout(page->kind))
        complain_layout(p, page);
    return layout;
}

static void add_page(Planner *p, const Page *page) {
    if (page->is_unrendered || p->is_off[page->kind] ||
        !page_wants(page, S("html")))
        return;
    const Layout *layout = find_layout(p, page);
    if (!layout)
        return;
    Output out = {.kind = OUT_PAGE,
                  .url = page->url,
                  .page = page,
                  .layout = layout->t,
                  .layout_hash = layout->hash,
                  .clock = layout->clock,
                  .reads = layout->reads,
                  .nselections = layout->selects.len,
                  .is_first_wave =
                      page->kind == PAGE_REGULAR && !layout->has_select};
    note_clock(p, out.clock);
    out.selections = run_selects(p, layout, page);
    const Select *paged = layout->selects.paged;
    if (!out.is_first_wave && page->body_len)
        p->needs_body[page->index] = true;
    if (!paged)
        planner_add(p, &out);
    else
        add_numbered(p, &out, layout, (size_t)(paged - layout->selects.items));
}

// --- calendars

static bool is_event(const Page *page) {
    return page->kind == PAGE_REGULAR && page->type->calendar &&
           page->phase != PHASE_NONE && page->type->window_start.len;
}

static size_t count_events(const Page *list) {
    size_t n = 0;
    for (size_t i = 0; i < list->members.len; i++)
        n += is_event(list->members.items[i]);
    return n;
}

// The home page has the calendar of all events, a section and a unit theirs.
static bool may_have_calendar(const Page *page) {
    return is_event(page) || page->kind == PAGE_HOME ||
           page->kind == PAGE_SECTION ||
           (page->kind == PAGE_REGULAR && page->type->taxonomy);
}

Str plan_ical_url(Arena *a, const Site *site, const Page *page) {
    if (!may_have_calendar(page) || !page->url.len ||
        !page_wants(page, S("calendar")) ||
        config_is_disabled(site->cfg, S("ical")))
        return (Str){0};
    if (!is_event(page) && !count_events(page))
        return (Str){0};
    return url_below(a, page->url, S("lich.ics"));
}

static void add_calendar(Planner *p, const Page *page) {
    Arena *a = p->job->keep;
    Output out = {
        .kind = OUT_ICAL, .page = page, .url = plan_ical_url(a, p->site, page)};
    if (!out.url.len)
        return;
    out.items.items = ARENA_ARRAY(a, const Page *, count_events(page) + 1);
    if (is_event(page)) // a campaign stands before what belongs to it
        out.items.items[out.items.len++] = page;
    for (size_t i = 0; i < page->members.len; i++)
        if (is_event(page->members.items[i]))
            out.items.items[out.items.len++] = page->members.items[i];
    planner_add(p, &out);
}

// --- stubs and copies

static void add_stubs(Planner *p, const Redirects *redirects) {
    for (size_t i = 0; i < redirects->nstubs; i++) {
        const Redirect *r = &redirects->stubs[i];
        Output out = {.kind = OUT_ALIAS,
                      .page = r->page,
                      .url = r->stub,
                      .is_recorded = r->is_recorded};
        planner_add(p, &out);
    }
}

static void add_copies(Planner *p) {
    const Site *site = p->site;
    for (size_t i = 0; i < site->nresources; i++) {
        const Resource *r = &site->resource_items[i];
        Output out = {.kind = OUT_COPY, .file = r->src, .url = r->url};
        if (r->url.len)
            planner_add(p, &out);
    }
    for (size_t i = 0; i < site->statics.len; i++) {
        Output out = {.kind = OUT_COPY,
                      .file = site->statics.items[i].val,
                      .url = site->statics.items[i].key};
        planner_add(p, &out);
    }
}

static void add_root_files(Planner *p) {
    const Config *cfg = p->site->cfg;
    planner_choice_feeds(p);
    planner_sitemaps(p);
    Output out = {.kind = OUT_ROBOTS, .url = S("/robots.txt")};
    if (cfg->robots && !config_is_disabled(cfg, S("robotstxt")) &&
        !map_get(&p->site->statics, S("/robots.txt")))
        planner_add(p, &out);
}

// --- the list

bool plan_build(Job *job, const Site *site, const TemplateSet *layouts,
                Plan *out) {
    Planner p = {.job = job,
                 .site = site,
                 .clock = site->clock,
                 .ok = true,
                 .layouts = {.job = job,
                             .site = site,
                             .templates = layouts,
                             .by_name = {.arena = job->keep},
                             .ok = true}};
    p.needs_body = ARENA_ARRAY(job->keep, bool, site->pages.len);
    for (int kind = 0; kind < PAGE_NKINDS; kind++)
        p.is_off[kind] = config_is_disabled(
            site->cfg, str_from(page_kind_name((PageKind)kind)));
    for (size_t i = 0; i < site->pages.len; i++) {
        const Page *page = site->pages.items[i];
        add_page(&p, page);
        planner_feeds(&p, page);
        add_calendar(&p, page);
    }
    Redirects redirects;
    p.ok &= redirects_collect(job, site, &redirects);
    if (!site->cfg->no_aliases)
        add_stubs(&p, &redirects);
    add_copies(&p);
    add_root_files(&p);
    planner_paths(&p);
    planner_fill_sitemap(&p);
    *out = (Plan){.items = p.items,
                  .len = p.len,
                  .clock = p.clock,
                  .needs_body = p.needs_body,
                  .redirects = redirects};
    for (size_t i = 0; i < p.len; i++)
        out->first_wave += p.items[i].is_first_wave;
    return p.ok && p.layouts.ok;
}

const char *plan_kind_name(OutputKind kind) {
    static const char *const names[] = {
        "page",   "rss",     "atom",          "jsonfeed",
        "ical",   "sitemap", "sitemap-index", "sitemap-news",
        "robots", "alias",   "copy"};
    return names[kind];
}
