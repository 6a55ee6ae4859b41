// Feeds: of pages that are lists, and of the values of a field of choices. A
// value has its feeds whether or not a piece has it yet, so that readers can
// subscribe early and an address never goes away with the last piece.

#include "plan/group.h"
#include "plan/planner.h"

static const struct {
    OutputKind kind;
    Str file, word; // word: in `outputs` and disableKinds
} formats[FEED_NFORMATS] = {
    {OUT_RSS, S_INIT("index.xml"), S_INIT("rss")},
    {OUT_ATOM, S_INIT("atom.xml"), S_INIT("atom")},
    {OUT_JSONFEED, S_INIT("feed.json"), S_INIT("jsonfeed")},
};

static bool may_have_feed(const Page *page) {
    if (page->kind == PAGE_REGULAR)
        return page->type->feed || page->type->taxonomy;
    return page->kind == PAGE_HOME || page->kind == PAGE_SECTION ||
           page->kind == PAGE_TERM;
}

// Hugo's kind RSS: a site that wants no RSS wants no feed at all.
static bool is_off(const Config *cfg, FeedFormat format) {
    return config_is_disabled(cfg, S("rss")) ||
           config_is_disabled(cfg, formats[format].word);
}

Str plan_feed_url(Arena *a, const Site *site, const Page *page,
                  FeedFormat format) {
    if (!may_have_feed(page) || !page->url.len ||
        !page_wants(page, formats[format].word) || is_off(site->cfg, format))
        return (Str){0};
    return url_below(a, page->url, formats[format].file);
}

static void add_feed(Planner *p, FeedFormat format, Output out) {
    const Config *cfg = p->site->cfg;
    out.kind = formats[format].kind;
    if (out.items.len > (size_t)cfg->feed_limit)
        out.items.len = (size_t)cfg->feed_limit;
    for (size_t i = 0; i < out.items.len && cfg->feed_full; i++)
        p->needs_body[out.items.items[i]->index] = true;
    planner_add(p, &out);
}

void planner_feeds(Planner *p, const Page *page) {
    for (int f = 0; f < FEED_NFORMATS; f++) {
        Output out = {.page = page, .items = page->dated};
        out.url = plan_feed_url(p->job->keep, p->site, page, (FeedFormat)f);
        if (out.url.len)
            add_feed(p, (FeedFormat)f, out);
    }
}

// --- by the values of a field

static Str choice_folder(Arena *a, const Site *site, const ChoiceFeed *feed) {
    const Config *cfg = site->cfg;
    Str folder = str_fmt(a, "/%.*s/%.*s/%.*s/", STR_ARG(cfg->feed_path),
                         STR_ARG(url_slug(a, cfg, feed->field)),
                         STR_ARG(url_slug(a, cfg, feed->value)));
    return url_in_language(a, cfg, feed->lang, folder);
}

Str plan_choice_feed_url(Arena *a, const Site *site, const ChoiceFeed *feed,
                         FeedFormat format) {
    if (is_off(site->cfg, format))
        return (Str){0};
    return str_fmt(a, "%.*s%.*s", STR_ARG(choice_folder(a, site, feed)),
                   STR_ARG(formats[format].file));
}

static size_t count_values(const Site *site) {
    const Strs *by = &site->cfg->feed_by;
    size_t n = 0;
    for (size_t i = 0; i < by->len; i++)
        for (size_t t = 0; t < site->types->len; t++) {
            const Field *f =
                field_find(&site->types->items[t].fields, by->items[i]);
            n += f ? f->of.len : 0;
        }
    return n;
}

static void add_values(Arena *a, const Site *site, uint8_t lang, Str name,
                       ChoiceFeeds *out) {
    Map seen = {.arena = a};
    for (size_t t = 0; t < site->types->len; t++) {
        const Field *f = field_find(&site->types->items[t].fields, name);
        for (size_t i = 0; f && !f->internal && i < f->of.len; i++) {
            Str value = f->of.items[i];
            if (!map_add(&seen, value, out))
                out->items[out->len++] = (ChoiceFeed){
                    name, value, group_label(site, lang, f, value), lang};
        }
    }
}

ChoiceFeeds plan_choice_feeds(Arena *a, const Site *site, uint8_t lang) {
    const Strs *by = &site->cfg->feed_by;
    ChoiceFeeds out = {ARENA_ARRAY(a, ChoiceFeed, count_values(site)), 0};
    for (size_t i = 0; i < by->len; i++)
        add_values(a, site, lang, by->items[i], &out);
    return out;
}

static bool holds(const Value *v, Str value) {
    if (v && v->kind == VALUE_STR)
        return str_eq(v->as.s, value);
    for (size_t i = 0; v && v->kind == VALUE_LIST && i < v->as.list.len; i++)
        if (holds(&v->as.list.items[i], value))
            return true;
    return false;
}

static Pages pieces_with(Planner *p, const ChoiceFeed *feed) {
    const Pages *all = &p->site->editions[feed->lang].home->dated;
    size_t n = 0;
    for (size_t i = 0; i < all->len; i++)
        n += holds(value_get(&all->items[i]->fields, feed->field), feed->value);
    Pages out = {ARENA_ARRAY(p->job->keep, const Page *, n), 0};
    for (size_t i = 0; i < all->len; i++)
        if (holds(value_get(&all->items[i]->fields, feed->field), feed->value))
            out.items[out.len++] = all->items[i];
    return out;
}

static void check_fields(Planner *p) {
    const Config *cfg = p->site->cfg;
    for (size_t i = 0; i < cfg->feed_by.len; i++) {
        Str name = cfg->feed_by.items[i];
        bool is_choice = false;
        for (size_t t = 0; t < p->site->types->len; t++) {
            const Field *f = field_find(&p->site->types->items[t].fields, name);
            is_choice |= f && !f->internal && f->of.len;
        }
        if (is_choice)
            continue;
        p->ok = diag_error(p->job->diags, "E-FEEDS", cfg->feed_by_at,
                           _("feeds by '%.*s': no type has a field of choices "
                             "with this name"),
                           STR_ARG(name));
        diag_hint(p->job->diags,
                  _("name fields of kind choice, such as topics"));
    }
}

static void add_choices(Planner *p, uint8_t lang) {
    ChoiceFeeds all = plan_choice_feeds(p->job->keep, p->site, lang);
    for (size_t i = 0; i < all.len; i++) {
        Output out = {.page = p->site->editions[lang].home,
                      .items = pieces_with(p, &all.items[i]),
                      .title = all.items[i].label};
        for (int f = 0; f < FEED_NFORMATS; f++) {
            out.url = plan_choice_feed_url(p->job->keep, p->site, &all.items[i],
                                           (FeedFormat)f);
            if (out.url.len)
                add_feed(p, (FeedFormat)f, out);
        }
    }
}

void planner_choice_feeds(Planner *p) {
    check_fields(p);
    for (size_t i = 0; i < p->site->cfg->nlanguages; i++)
        if (p->site->editions[i].home)
            add_choices(p, (uint8_t)i);
}

// --- the picture of an entry

static Str media_type(Str name) {
    static const Str types[][2] = {
        {S_INIT("avif"), S_INIT("image/avif")},
        {S_INIT("gif"), S_INIT("image/gif")},
        {S_INIT("jpeg"), S_INIT("image/jpeg")},
        {S_INIT("jpg"), S_INIT("image/jpeg")},
        {S_INIT("png"), S_INIT("image/png")},
        {S_INIT("svg"), S_INIT("image/svg+xml")},
        {S_INIT("webp"), S_INIT("image/webp")},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_eq_nocase(types[i][0], path_ext(name)))
            return types[i][1];
    return (Str){0};
}

static const Value *lead_image(const Page *page) {
    const Value *v = value_get(&page->fields, S("image"));
    if (!v)
        v = value_get(&page->fields, S("images"));
    if (v && v->kind == VALUE_LIST)
        v = v->as.list.len ? &v->as.list.items[0] : NULL;
    return v;
}

bool plan_enclosure(Arena *a, const Site *site, const Page *page,
                    Enclosure *out) {
    Str file = value_get_str(lead_image(page), S("file"));
    if (!file.len || str_starts(file, S("http")))
        return false;
    Target t = site_resolve(a, site, page, file);
    const Source *src = t.resource ? t.resource->src : t.file;
    if (!src || !t.url.len)
        return false;
    *out = (Enclosure){t.url, media_type(src->rel), (int64_t)src->entry.size};
    return out->type.len > 0;
}
