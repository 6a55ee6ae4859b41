#include "render/view.h"

#include "render/body.h"
#include "render/card.h"
#include "render/view_page.h"

static CardLevel level_of(const View *v) {
    return v->out->is_first_wave ? CARD_PLAIN : CARD_FULL;
}

Value view_url(Arena *a, const View *v, Str url) {
    return url.len ? value_str(url_href(a, v->world->site->cfg, url))
                   : (Value){0};
}

// --- selections and pages of lists

static Value body_cards(const View *v, const Pages *pages) {
    Arena *a = v->job->scratch;
    Value *items = ARENA_ARRAY(a, Value, pages->len);
    for (size_t i = 0; i < pages->len; i++) {
        Str html;
        body_render(v->job, v->world, pages->items[i], false, NULL, &html);
        items[i] = card_with_body(a, v->world, pages->items[i], html);
    }
    return value_list(items, pages->len);
}

static Value cards_for(const View *v, const Selection *s, const Pages *pages) {
    if (s->wants_body)
        return body_cards(v, pages);
    return card_list(v->job->scratch, v->world, pages, level_of(v));
}

static Value group_value(Arena *a, const View *v, const Group *g,
                         const Selection *s) {
    Value map = value_map(a);
    value_set(a, &map, S("key"), value_str(g->key));
    value_set(a, &map, S("label"), value_str(g->label));
    value_set(a, &map, S("url"), view_url(a, v, g->url));
    value_set(a, &map, S("count"), value_int((int64_t)g->count));
    if (!s->is_counts)
        value_set(a, &map, S("items"), cards_for(v, s, &g->items));
    return map;
}

static Value selection_value(const View *v, const Selection *s) {
    Arena *a = v->job->scratch;
    if (!s->is_grouped)
        return cards_for(v, s, &s->items);
    Value *items = ARENA_ARRAY(a, Value, s->ngroups);
    for (size_t i = 0; i < s->ngroups; i++)
        items[i] = group_value(a, v, &s->groups[i], s);
    return value_list(items, s->ngroups);
}

static Value pager_value(const View *v, const Pager *p) {
    Arena *a = v->job->scratch;
    Value map = value_map(a);
    value_set(a, &map, S("number"), value_int((int64_t)p->number));
    value_set(a, &map, S("total"), value_int((int64_t)p->total));
    value_set(a, &map, S("count"), value_int((int64_t)p->count));
    value_set(a, &map, S("newer_url"), view_url(a, v, p->newer));
    value_set(a, &map, S("older_url"), view_url(a, v, p->older));
    value_set(a, &map, S("head_url"), view_url(a, v, p->head));
    return map;
}

Value view_globals(View *v) {
    Arena *a = v->job->scratch;
    Value map = value_map(a);
    uint8_t lang = v->out->page->lang;
    value_set(a, &map, S("site"), v->world->site_values[lang]);
    value_set(a, &map, S("clock"), v->world->clock);
    value_set(a, &map, S("lang"),
              value_str(v->world->site->editions[lang].language->key));
    value_set(a, &map, S("page"), view_page(v));
    if (v->out->pager)
        value_set(a, &map, S("paginator"), pager_value(v, v->out->pager));
    for (size_t i = 0; i < v->out->nselections; i++)
        value_set(a, &map, v->out->selections[i].name,
                  selection_value(v, &v->out->selections[i]));
    return map;
}

// --- `site`, `clock`

static Value menu_value(Arena *a, const Site *site, const MenuEntry *items,
                        size_t n) {
    Value *out = ARENA_ARRAY(a, Value, n);
    for (size_t i = 0; i < n; i++) {
        const MenuEntry *e = &items[i];
        Str url = e->page ? url_href(a, site->cfg, e->page->url)
                          : url_relative(a, site->cfg, e->url);
        out[i] = value_map(a);
        value_set(a, &out[i], S("name"), value_str(e->name));
        value_set(a, &out[i], S("url"), value_str(url));
        value_set(a, &out[i], S("lang"),
                  value_str(site->editions[e->lang].language->key));
        uint8_t to = e->page ? e->page->lang : e->lang;
        value_set(a, &out[i], S("hreflang"),
                  value_str(site->editions[to].language->key));
        value_set(a, &out[i], S("is_foreign"),
                  (Value){.kind = VALUE_BOOL, .as.b = e->is_foreign});
        value_set(a, &out[i], S("children"),
                  menu_value(a, site, e->children, e->nchildren));
    }
    return value_list(out, n);
}

// The feeds of `feeds: {by: ...}`.
static Value choice_feeds(Arena *a, const Site *site, uint8_t lang) {
    static const char *const names[FEED_NFORMATS] = {"feed_url", "atom_url",
                                                     "jsonfeed_url"};
    ChoiceFeeds all = plan_choice_feeds(a, site, lang);
    Value *items = ARENA_ARRAY(a, Value, all.len);
    for (size_t i = 0; i < all.len; i++) {
        const ChoiceFeed *feed = &all.items[i];
        items[i] = value_map(a);
        value_set(a, &items[i], S("field"), value_str(feed->field));
        value_set(a, &items[i], S("value"), value_str(feed->value));
        value_set(a, &items[i], S("label"), value_str(feed->label));
        for (int f = 0; f < FEED_NFORMATS; f++) {
            Str url = plan_choice_feed_url(a, site, feed, (FeedFormat)f);
            if (url.len)
                value_set(a, &items[i], str_from(names[f]),
                          value_str(url_href(a, site->cfg, url)));
        }
    }
    return value_list(items, all.len);
}

static Value language_value(Arena *a, const Site *site, const Edition *e) {
    const Language *l = e->language;
    Value map = value_map(a);
    value_set(a, &map, S("lang"), value_str(l->key));
    value_set(a, &map, S("label"), value_str(l->label));
    value_set(a, &map, S("locale"), value_str(l->locale));
    value_set(a, &map, S("direction"), value_str(l->direction));
    value_set(a, &map, S("title"), value_str(l->title));
    value_set(a, &map, S("url"),
              value_str(url_href(a, site->cfg, e->home->url)));
    return map;
}

// Those in which there is anything.
static Value languages_value(Arena *a, const Site *site) {
    size_t n = 0;
    Value *items = ARENA_ARRAY(a, Value, site->cfg->nlanguages);
    for (size_t i = 0; i < site->cfg->nlanguages; i++)
        if (site->editions[i].home)
            items[n++] = language_value(a, site, &site->editions[i]);
    return value_list(items, n);
}

static Value site_value(Arena *a, const Site *site, const Edition *e) {
    const Config *cfg = site->cfg;
    const Language *l = e->language;
    Str home = e->home ? e->home->url : S("/");
    Value map = value_map(a), menus = value_map(a);
    for (size_t i = 0; i < e->nmenus; i++)
        value_set(a, &menus, e->menus[i].name,
                  menu_value(a, site, e->menus[i].items, e->menus[i].len));
    value_set(a, &map, S("title"), value_str(l->title));
    value_set(a, &map, S("url"), value_str(url_absolute(a, cfg, home)));
    value_set(a, &map, S("home"), value_str(url_relative(a, cfg, home)));
    value_set(a, &map, S("lang"), value_str(l->key));
    value_set(a, &map, S("locale"), value_str(l->locale));
    value_set(a, &map, S("languages"), languages_value(a, site));
    value_set(a, &map, S("copyright"), value_str(l->copyright));
    value_set(a, &map, S("params"), l->params);
    value_set(a, &map, S("menus"), menus);
    value_set(a, &map, S("data"), site->data);
    value_set(a, &map, S("feeds"),
              choice_feeds(a, site, (uint8_t)(e - site->editions)));
    return map;
}

static Value clock_value(Arena *a, const Site *site) {
    Date now = site->now;
    now.offset_minutes = site->cfg->zone;
    DateParts d = date_parts(now);
    Value map = value_map(a);
    value_set(a, &map, S("year"), value_int(d.year));
    value_set(a, &map, S("date"),
              value_date(date_from_parts(d, site->cfg->zone, DATE_DAY)));
    return map;
}

// --- what filters ask

static const Value *text_for(const Value *v, const Value *args) {
    if (v->kind != VALUE_MAP)
        return v;
    const Value *count = value_get(args, S("count"));
    bool is_one = count && count->kind == VALUE_INT && count->as.i == 1;
    const Value *one = value_get(v, S("one"));
    return is_one && one ? one : value_get(v, S("other"));
}

static void put_argument(Buf *out, const Value *args, Str name) {
    const Value *v = value_get(args, name);
    if (v && v->kind == VALUE_INT)
        buf_fmt(out, "%lld", (long long)v->as.i);
    else if (v && v->kind == VALUE_STR)
        buf_put(out, v->as.s);
}

// {name} in a text stands for the argument of that name.
static bool translate(Job *job, void *ctx, Str key, const Value *args,
                      Value *out) {
    const HostView *host = ctx;
    const Edition *editions = host->world->site->editions;
    const Value *v = map_get(&editions[host->lang].i18n, key);
    if (!v) // not translated yet
        v = map_get(&editions[0].i18n, key);
    v = v ? text_for(v, args) : NULL;
    if (!v || v->kind != VALUE_STR)
        return false;
    Str text = v->as.s, rest = text, head, name;
    if (str_find(text, S("{"), 0) == SIZE_MAX) {
        *out = value_str(text);
        return true;
    }
    Buf b = {.arena = job->scratch};
    while (str_cut(&rest, '{', &head)) {
        buf_put(&b, head);
        if (rest.ptr && str_cut(&rest, '}', &name))
            put_argument(&b, args, str_trim(name));
    }
    *out = value_str(buf_str(&b));
    return true;
}

static Str host_url(Arena *a, void *ctx, Str path, bool is_absolute) {
    const Config *cfg = ((const HostView *)ctx)->world->site->cfg;
    if (path.len && path.ptr[0] != '/' && path.ptr[0] != '#' &&
        str_find(path, S(":"), 0) == SIZE_MAX)
        path = str_fmt(a, "/%.*s", STR_ARG(path));
    return is_absolute ? url_absolute(a, cfg, path)
                       : url_relative(a, cfg, path);
}

static bool host_markdown(Job *job, void *ctx, Str text, bool is_inline,
                          Str *html) {
    const HostView *host = ctx;
    const World *w = host->world;
    const Page *home = w->site->editions[host->lang].home;
    return body_render_text(job, w, home, text, is_inline, html);
}

void view_init(Job *job, World *w) {
    size_t n = w->site->cfg->nlanguages;
    w->site_values = ARENA_ARRAY(job->keep, Value, n);
    w->hosts = ARENA_ARRAY(job->keep, EvalHost, n);
    HostView *views = ARENA_ARRAY(job->keep, HostView, n);
    for (size_t i = 0; i < n; i++) {
        views[i] = (HostView){w, (uint8_t)i};
        w->hosts[i] = (EvalHost){&views[i], translate, host_url, host_markdown};
        w->site_values[i] =
            site_value(job->keep, w->site, &w->site->editions[i]);
    }
    w->clock = clock_value(job->keep, w->site);
}

void world_init(Job *job, const Site *site, const Plan *plan,
                const TemplateSet *layouts, World *out) {
    size_t n = site->pages.len;
    *out = (World){.site = site, .plan = plan, .layouts = layouts};
    out->facts = ARENA_ARRAY(job->keep, Facts, n);
    for (int level = 0; level < CARD_NLEVELS; level++) {
        out->cards[level] = ARENA_ARRAY(job->keep, Card, n);
        for (size_t i = 0; i < n; i++)
            out->cards[level][i] =
                (Card){out, site->pages.items[i], (CardLevel)level};
    }
    out->memo = eval_memo_new(job->keep, n);
    out->names = page_names_new(job->keep, &site->by_file);
    view_init(job, out);
}
