// sitemap.xml: one file, or an index and numbered parts when there is more than
// one may hold (sitemaps.org: 50,000 addresses, 50 MB). Beside it one for news
// search: what was published in the last two days.

#include <stdlib.h>

#include "base/escape.h"
#include "plan/planner.h"

enum {
    MAX_BYTES = 50 * 1024 * 1024 - 4096, // less what stands round the entries
    ENTRY_BYTES = 128,                   // tags and date of one entry
    MAX_ESCAPED = 6,                     // "&apos;"
    NEWS_SECONDS = 48 * 60 * 60,
    NEWS_MAX = 1000,
};

// A list changes when its newest member does.
static Date lastmod_of(const Page *p) {
    Date d = p->lastmod;
    for (size_t i = 0; page_is_list(p) && i < p->dated.len; i++)
        if (!date_is_set(d) || date_cmp(p->dated.items[i]->lastmod, d) > 0)
            d = p->dated.items[i]->lastmod;
    return d;
}

static bool is_listed(const Output *out) {
    return out->kind == OUT_PAGE && out->page->kind != PAGE_404 &&
           !(out->pager && out->pager->number) && !out->page->is_off_sitemap;
}

static int by_path(const void *a, const void *b) {
    return str_cmp(((const SitemapUrl *)a)->path,
                   ((const SitemapUrl *)b)->path);
}

static SitemapUrls collect(Planner *p) {
    Arena *a = p->job->keep;
    SitemapUrls out = {0};
    out.items = arena_room(a, p->len, sizeof *out.items, alignof(SitemapUrl));
    for (size_t i = 0; i < p->len; i++) {
        const Output *o = &p->items[i];
        if (is_listed(o))
            out.items[out.len++] = (SitemapUrl){.path = o->path,
                                                .url = o->url,
                                                .page = o->page,
                                                .lastmod = lastmod_of(o->page)};
    }
    return out;
}

static size_t link_size(Planner *p, Str url) {
    Arena *a = p->job->scratch;
    ArenaMark mark = arena_mark(a);
    Buf b = {.arena = a};
    escape_xml(&b, url_permalink(a, p->site->cfg, url));
    arena_reset(a, mark);
    return b.len + ENTRY_BYTES;
}

// At most what the entry takes in the file: its translations stand in it, it
// itself and the default language's once more.
static size_t entry_size(Planner *p, const SitemapUrl *u) {
    size_t size = link_size(p, u->url);
    const Pages *twins = &u->page->translations;
    for (size_t i = 0; i < twins->len; i++)
        size += 2 * link_size(p, twins->items[i]->url);
    return twins->len ? size + 2 * link_size(p, u->url) : size;
}

// At most what a link takes: each byte of it as the longest that stands for
// one.
static size_t most_of(const Planner *p, Str url) {
    const Config *cfg = p->site->cfg;
    return (cfg->host.len + cfg->base_path.len + url.len) * MAX_ESCAPED +
           ENTRY_BYTES;
}

// Whether the entries have to be counted and measured one by one.
static bool may_need_parts(const Planner *p) {
    size_t n = 0, bytes = 0;
    for (size_t i = 0; i < p->len; i++) {
        const Output *out = &p->items[i];
        if (!is_listed(out))
            continue;
        const Pages *twins = &out->page->translations;
        n++;
        bytes += (twins->len ? 3 : 1) * most_of(p, out->url);
        for (size_t k = 0; k < twins->len; k++)
            bytes += 2 * most_of(p, twins->items[k]->url);
    }
    return n > (size_t)p->site->cfg->sitemap_max || bytes > MAX_BYTES;
}

// How many of the entries from `from` on fit into one file.
static size_t part_len(Planner *p, const SitemapUrls *all, size_t from) {
    size_t n = 0, bytes = 0, max = (size_t)p->site->cfg->sitemap_max;
    while (from + n < all->len && n < max) {
        bytes += entry_size(p, &all->items[from + n]);
        if (bytes > MAX_BYTES && n)
            break;
        n++;
    }
    return n;
}

static void add_parts(Planner *p, const SitemapUrls *all) {
    Arena *a = p->job->keep;
    SitemapUrls parts = {ARENA_ARRAY(a, SitemapUrl, all->len), 0};
    for (size_t from = 0; from < all->len;) {
        size_t n = part_len(p, all, from);
        SitemapUrl *part = &parts.items[parts.len++];
        part->url = str_fmt(a, "/sitemap-%zu.xml", parts.len);
        Output out = {.kind = OUT_SITEMAP,
                      .url = part->url,
                      .urls = {all->items + from, n}};
        planner_add(p, &out);
        for (size_t i = from; i < from + n; i++)
            if (date_cmp(all->items[i].lastmod, part->lastmod) > 0)
                part->lastmod = all->items[i].lastmod;
        from += n;
    }
    Output index = {
        .kind = OUT_SITEMAP_INDEX, .url = S("/sitemap.xml"), .urls = parts};
    planner_add(p, &index);
}

// --- news

bool plan_has_news(const Site *site) {
    if (!site->cfg->host.len || config_is_disabled(site->cfg, S("sitemap")) ||
        config_is_disabled(site->cfg, S("newssitemap")))
        return false;
    for (size_t i = 0; i < site->types->len; i++)
        if (site->types->items[i].dated)
            return true;
    return false;
}

static bool may_be_news(const Page *page) {
    return page->type->dated && date_is_set(page->date) && page->url.len &&
           !page->is_unrendered && !page->is_unlisted &&
           !page->is_off_sitemap && page_wants(page, S("html"));
}

// A piece of exactly two days still counts.
static bool is_news(Clock *clock, const Page *page) {
    Reason begins = {CLOCK_IS_NEWS, page, S("date")};
    Reason ends = {CLOCK_NO_NEWS, page, S("date")};
    Date end = page->date;
    end.unix_seconds += NEWS_SECONDS + 1;
    end.precision = DATE_SECOND;
    return may_be_news(page) && !clock_is_before(clock, page->date, begins) &&
           clock_is_before(clock, end, ends);
}

// Those of all languages, newest first.
static void add_news(Planner *p) {
    const Pages *all = &p->site->regular;
    size_t n = all->len < NEWS_MAX ? all->len : NEWS_MAX;
    Output out = {.kind = OUT_SITEMAP_NEWS, .url = S("/sitemap-news.xml")};
    out.items.items = ARENA_ARRAY(p->job->keep, const Page *, n);
    for (size_t i = 0; i < all->len && out.items.len < n; i++)
        if (is_news(&p->clock, all->items[i]))
            out.items.items[out.items.len++] = all->items[i];
    planner_add(p, &out);
}

void planner_sitemaps(Planner *p) {
    const Config *cfg = p->site->cfg;
    if (!cfg->host.len || config_is_disabled(cfg, S("sitemap")))
        return;
    Output whole = {.kind = OUT_SITEMAP, .url = S("/sitemap.xml")};
    SitemapUrls all = {0};
    if (may_need_parts(p)) {
        all = collect(p);
        qsort(all.items, all.len, sizeof *all.items, by_path);
    }
    if (part_len(p, &all, 0) == all.len)
        planner_add(p, &whole); // gets them when all outputs are sorted
    else
        add_parts(p, &all);
    if (plan_has_news(p->site))
        add_news(p);
}

void planner_fill_sitemap(Planner *p) {
    for (size_t i = 0; i < p->len; i++)
        if (p->items[i].kind == OUT_SITEMAP && !p->items[i].urls.items)
            p->items[i].urls = collect(p);
}
