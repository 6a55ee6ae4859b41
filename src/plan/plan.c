// The complete list of outputs: pages and their numbered pages, feeds,
// calendars, stubs, copies and the files at the root.

#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "plan/planner.h"

Output *planner_add(Planner *p, const Output *out) {
    if (p->len == p->cap) {
        size_t pages = p->site->pages.len; // an output, feeds, parts of lists
        size_t cap = p->cap ? 2 * p->cap : pages + pages / 2 + 64;
        Output *items = ARENA_ARRAY(p->job->keep, Output, cap);
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

static Str numbered_url(Planner *p, const Page *page, size_t number) {
    if (number == 0)
        return page->url;
    Str name = str_fmt(p->job->scratch, "%.*s/%zu/",
                       STR_ARG(p->site->cfg->pager_path), number);
    return url_below(p->job->keep, page->url, name);
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

static void add_numbered(Planner *p, const Output *base, const Layout *layout,
                         size_t at) {
    Arena *a = p->job->keep;
    Pages all = base->selections[at].items;
    size_t per_page = (size_t)layout->selects.items[at].per_page;
    size_t total = all.len / per_page;
    total = total > 1 ? total - 1 : 0;
    for (size_t number = 0; number <= total; number++) {
        Output out = *base;
        Pager *pager = ARENA_NEW(a, Pager);
        *pager = (Pager){.number = number, .total = total, .count = all.len};
        if (number) {
            pager->head = base->page->url;
            pager->newer =
                numbered_url(p, base->page, number < total ? number + 1 : 0);
        }
        size_t older = number ? number - 1 : total;
        if (older)
            pager->older = numbered_url(p, base->page, older);
        out.selections = ARENA_ARRAY(a, Selection, base->nselections);
        memcpy(out.selections, base->selections,
               base->nselections * sizeof *out.selections);
        Pages part = numbered_part(all, per_page, total, number);
        out.selections[at].items =
            number ? part : select_pinned_first(a, all, part);
        out.pager = pager;
        out.url = numbered_url(p, base->page, number);
        planner_add(p, &out);
    }
}

static bool may_lack_layout(PageKind kind) {
    return kind != PAGE_HOME && kind != PAGE_SECTION && kind != PAGE_REGULAR;
}

static void complain_layout(Planner *p, const Page *page, Str tried) {
    Pos pos = page_pos(page, S("layout"));
    p->ok = diag_error(p->job->diags, "E-LAYOUT", pos,
                       _("no layout makes this page"));
    diag_hint(p->job->diags,
              _("one of these files has to be in layouts/, ending in .html: "
                "%.*s"),
              STR_ARG(tried));
}

static bool reads(const Layout *layout, Str global) {
    for (size_t i = 0; i < layout->globals.len; i++)
        if (str_eq(layout->globals.items[i], global))
            return true;
    return false;
}

static ClockUse clock_use(const Layout *layout) {
    if (reads(layout, S("clock.*")) || reads(layout, S("clock.date")))
        return CLOCK_DAY;
    return reads(layout, S("clock.year")) ? CLOCK_YEAR : CLOCK_NONE;
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

static void add_page(Planner *p, const Page *page) {
    if (page->is_unrendered || !page_wants(page, S("html")) ||
        config_is_disabled(p->site->cfg, str_from(page_kind_name(page->kind))))
        return;
    ArenaMark mark = arena_mark(p->job->scratch);
    Str tried;
    const Layout *layout = layout_of(&p->layouts, page, &tried);
    if (!layout && !may_lack_layout(page->kind))
        complain_layout(p, page, tried);
    arena_reset(p->job->scratch, mark);
    if (!layout)
        return;
    Output out = {.kind = OUT_PAGE,
                  .url = page->url,
                  .page = page,
                  .layout = layout->t,
                  .layout_hash = layout->hash,
                  .clock = clock_use(layout),
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

// --- paths

typedef struct {
    Str key; // case-folded
    Output *out;
} Place;

// '/' sorts before every other byte, so that what lies in a folder follows it.
static int by_path(const void *a, const void *b) {
    Str x = ((const Place *)a)->key, y = ((const Place *)b)->key;
    size_t n = x.len < y.len ? x.len : y.len;
    for (size_t i = 0; i < n; i++) {
        if (x.ptr[i] == y.ptr[i])
            continue;
        int p = x.ptr[i] == '/' ? 0 : (unsigned char)x.ptr[i];
        int q = y.ptr[i] == '/' ? 0 : (unsigned char)y.ptr[i];
        return p - q;
    }
    if (x.len != y.len)
        return x.len < y.len ? -1 : 1;
    const Output *p = ((const Place *)a)->out, *q = ((const Place *)b)->out;
    return (p > q) - (p < q); // in the order they were planned
}

static bool is_ascii(Str s) {
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 0x80)
            return false;
    return true;
}

// The key of its front matter that an output owes its address to.
static Str key_of(const Output *out) {
    const Page *page = out->page;
    if (out->kind == OUT_ALIAS)
        return S("aliases");
    if (page->url_wish.len)
        return S("url");
    return value_get(&page->meta, S("slug")) ? S("slug") : S("title");
}

static Pos source_of(const Output *out) {
    if (out->file)
        return source_pos(out->file, 0, 0);
    if (out->page)
        return page_pos(out->page, key_of(out));
    return (Pos){.path = out->url};
}

enum { MAX_CLASHES = 100 };

static bool is_word(const Output *out) {
    return out->page && out->page->witness;
}

static bool has_wish(const Output *out) {
    return out->page && out->kind != OUT_ALIAS && out->page->url_wish.len;
}

// The feed of a page clashes when the page does.
static bool is_said(const Output *a, const Output *b, const Output *last_a,
                    const Output *last_b) {
    return last_a && a->page && b->page && a->page == last_a->page &&
           b->page == last_b->page && a->kind != OUT_ALIAS &&
           b->kind != OUT_ALIAS;
}

static void complain_clash(Planner *p, const Output *a, const Output *b) {
    Pos pos = source_of(a), other = source_of(b);
    if (!pos.line) { // a page without a file, or a file that is copied
        Pos swap = pos;
        pos = other;
        other = swap;
    }
    p->ok = diag_error(p->job->diags, "E-PATH", pos,
                       _("'%.*s' and '%.*s' of %.*s cannot both be written"),
                       STR_ARG(a->path), STR_ARG(b->path), STR_ARG(other.path));
    if (is_word(a) && is_word(b))
        diag_hint(p->job->diags,
                  _("'%.*s' and '%.*s' give the same address: write them "
                    "alike, or make a file content/%.*s/OTHER-NAME/_index.md "
                    "with the line title: \"%.*s\""),
                  STR_ARG(a->page->title), STR_ARG(b->page->title),
                  STR_ARG(b->page->plural), STR_ARG(b->page->title));
    else if (has_wish(a) || has_wish(b))
        diag_hint(p->job->diags,
                  _("write another address in the line url: of one of the two, "
                    "or delete that line"));
    else
        diag_hint(p->job->diags, _("give one of the two another file name or "
                                   "a line slug: ..."));
}

static bool is_below(Str path, Str file) {
    return path.len > file.len && path.ptr[file.len] == '/' &&
           str_starts(path, file);
}

static bool is_clash(const Place *before, const Place *next) {
    return str_eq(next->key, before->key) || is_below(next->key, before->key);
}

// An address known from urls.tsv alone gives way; the server knows it, too.
static bool gives_way(Output *out) {
    if (out->is_recorded)
        out->path = (Str){0};
    return out->is_recorded;
}

static void drop_given_way(Planner *p) {
    size_t n = 0;
    for (size_t i = 0; i < p->len; i++)
        if (p->items[i].path.len)
            p->items[n++] = p->items[i];
    p->len = n;
}

static void check_paths(Planner *p) {
    Arena *a = p->job->scratch;
    ArenaMark mark = arena_mark(a);
    Place *places = ARENA_ARRAY(a, Place, p->len);
    for (size_t i = 0; i < p->len; i++) {
        Str path = p->items[i].path;
        places[i].out = &p->items[i];
        places[i].key =
            is_ascii(path) ? str_lower(a, path) : text_lower(a, path);
        if (!path_is_safe(path))
            p->ok = diag_error(p->job->diags, "E-PATH", source_of(&p->items[i]),
                               _("'%.*s' cannot be the name of a file on "
                                 "the site"),
                               STR_ARG(path));
    }
    if (p->len)
        qsort(places, p->len, sizeof *places, by_path);
    const Output *x = NULL, *y = NULL;
    const Place *before = places;
    size_t said = 0; // a folder that is there twice clashes file by file
    for (size_t i = 1; i < p->len && said < MAX_CLASHES; i++) {
        const Place *last = before, *next = &places[i];
        bool clash = is_clash(last, next);
        if (clash && gives_way(next->out))
            continue;
        before = next;
        if (!clash || gives_way(last->out))
            continue;
        if (!is_said(last->out, next->out, x, y)) {
            complain_clash(p, last->out, next->out);
            said++;
        }
        x = last->out;
        y = next->out;
    }
    drop_given_way(p);
    arena_reset(a, mark);
}

static int output_order(const void *a, const void *b) {
    return str_cmp(((const Output *)a)->path, ((const Output *)b)->path);
}

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
    check_paths(&p);
    if (p.len)
        qsort(p.items, p.len, sizeof *p.items, output_order);
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
