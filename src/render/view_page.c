// `page`: what a template may ask of the page it makes. A key is a row of the
// table of functions; what is not there is on the card, or a field of the type.
#include "render/view_page.h"

#include "render/body.h"
#include "render/card.h"
#include "render/jsonld.h"

typedef Value GetFn(Arena *a, const View *v);

static Value cards_of(Arena *a, const View *v, const Pages *pages) {
    return card_list(a, v->world, pages, CARD_PLAIN);
}

// HTML that says what content says: `raw` stays refused on its text.
static Value content_html(Str html) {
    Value v = value_html(html);
    v.flags |= VALUE_CONTENT;
    return v;
}

static Value get_content(Arena *a, const View *v) {
    (void)a;
    return content_html(v->html);
}

static Value get_toc(Arena *a, const View *v) {
    const Facts *f = &v->world->facts[v->out->page->index];
    const Config *cfg = v->world->site->cfg;
    Str toc = markdown_toc(a, f->headings, f->nheadings, (int)cfg->toc_from,
                           (int)cfg->toc_to);
    return toc.len ? content_html(toc) : (Value){0};
}

static Value get_excerpt(Arena *a, const View *v) {
    (void)a;
    Value out = value_str(v->world->facts[v->out->page->index].excerpt);
    out.flags |= VALUE_CONTENT;
    return out;
}

static Value get_summary(Arena *a, const View *v) {
    (void)a;
    Value out = value_str(card_summary(v->world, v->out->page));
    out.flags |= VALUE_CONTENT;
    return out;
}

static Value get_description(Arena *a, const View *v) {
    (void)a;
    Value out = value_str(v->out->page->description);
    out.flags |= VALUE_CONTENT;
    return out.as.s.len ? out : (Value){0};
}

// A numbered page is its own address.
static Value get_url(Arena *a, const View *v) {
    return value_str(url_href(a, v->world->site->cfg, v->out->url));
}

static Value get_permalink(Arena *a, const View *v) {
    return value_str(url_permalink(a, v->world->site->cfg, v->out->url));
}

static Value get_publish(Arena *a, const View *v) {
    (void)a;
    Date d = v->out->page->publish;
    return date_is_set(d) ? value_date(d) : (Value){0};
}

static Value get_expiry(Arena *a, const View *v) {
    (void)a;
    Date d = v->out->page->expiry;
    return date_is_set(d) ? value_date(d) : (Value){0};
}

static Value get_breadcrumbs(Arena *a, const View *v) {
    size_t n = 0;
    const Page *up = page_above(v->out->page);
    for (const Page *p = up; p; p = page_above(p))
        n++;
    Value *items = ARENA_ARRAY(a, Value, n);
    size_t at = n;
    for (const Page *p = up; p; p = page_above(p))
        items[--at] = card_value(v->world, p, CARD_STUB);
    return value_list(items, n);
}

static Value get_terms(Arena *a, const View *v) {
    const Config *cfg = v->world->site->cfg;
    Value map = value_map(a);
    for (size_t i = 0; v->out->page->terms && i < cfg->ntaxonomies; i++)
        value_set(a, &map, cfg->taxonomies[i].plural,
                  card_list(a, v->world, &v->out->page->terms[i], CARD_STUB));
    return map;
}

static Value one_card(const View *v, const Page *p) {
    return p ? card_value(v->world, p, CARD_PLAIN) : (Value){0};
}

static Value get_prev(Arena *a, const View *v) {
    (void)a;
    return one_card(v, v->out->page->prev);
}

static Value get_next(Arena *a, const View *v) {
    (void)a;
    return one_card(v, v->out->page->next);
}

static Value get_related(Arena *a, const View *v) {
    return cards_of(a, v, &v->out->page->related);
}

static Value get_children(Arena *a, const View *v) {
    return cards_of(a, v, &v->out->page->children);
}

static Value get_ancestors(Arena *a, const View *v) {
    size_t n = 0;
    for (const Page *p = v->out->page->parent; p; p = p->parent)
        n++;
    Value *items = ARENA_ARRAY(a, Value, n);
    size_t at = n;
    for (const Page *p = v->out->page->parent; p; p = p->parent)
        items[--at] = card_value(v->world, p, CARD_PLAIN);
    return value_list(items, n);
}

// By the field that refers here.
static Value get_inverse(Arena *a, const View *v) {
    const Page *p = v->out->page;
    Value map = value_map(a);
    for (size_t i = 0; i < p->ninverse; i++) {
        Str field = p->inverse[i].field;
        if (value_get(&map, field))
            continue;
        Value *items = ARENA_ARRAY(a, Value, p->ninverse - i);
        size_t n = 0;
        for (size_t k = i; k < p->ninverse; k++)
            if (str_eq(p->inverse[k].field, field))
                items[n++] =
                    card_value(v->world, p->inverse[k].page, CARD_PLAIN);
        value_set(a, &map, field, value_list(items, n));
    }
    return map;
}

static Value archive_value(Arena *a, const View *v, const Page *p) {
    Value map = value_map(a);
    bool is_month = p->kind == PAGE_MONTH;
    value_set(a, &map, S("year"), value_int(p->year));
    if (is_month)
        value_set(a, &map, S("month"), value_int(p->month));
    value_set(a, &map, S("url"),
              value_str(url_href(a, v->world->site->cfg, p->url)));
    value_set(a, &map, S("count"), value_int((int64_t)p->members.len));
    if (is_month)
        return map;
    Value *months = ARENA_ARRAY(a, Value, p->archives.len);
    for (size_t i = 0; i < p->archives.len; i++)
        months[i] = archive_value(a, v, p->archives.items[i]);
    value_set(a, &map, S("months"), value_list(months, p->archives.len));
    return map;
}

static Value get_archives(Arena *a, const View *v) {
    const Pages *list = &v->out->page->archives;
    Value *items = ARENA_ARRAY(a, Value, list->len);
    for (size_t i = 0; i < list->len; i++)
        items[i] = archive_value(a, v, list->items[i]);
    return value_list(items, list->len);
}

static Value feed_url(Arena *a, const View *v, FeedFormat format) {
    return view_url(a, v,
                    plan_feed_url(a, v->world->site, v->out->page, format));
}

static Value get_feed_url(Arena *a, const View *v) {
    return feed_url(a, v, FEED_RSS);
}

static Value get_atom_url(Arena *a, const View *v) {
    return feed_url(a, v, FEED_ATOM);
}

static Value get_jsonfeed_url(Arena *a, const View *v) {
    return feed_url(a, v, FEED_JSON);
}

static Value get_ical_url(Arena *a, const View *v) {
    return view_url(a, v, plan_ical_url(a, v->world->site, v->out->page));
}

static Value get_words(Arena *a, const View *v) {
    (void)a;
    return value_int((int64_t)v->world->facts[v->out->page->index].words);
}

static Value get_params(Arena *a, const View *v);

static Value get_jsonld(Arena *a, const View *v) {
    (void)a;
    Str json = jsonld_page(v->job, v->world, v->out->page);
    return json.len ? value_html(json) : (Value){0};
}

static Value get_labels(Arena *a, const View *v) {
    return card_labels(a, v->world, v->out->page, true);
}

static Value twin_value(Arena *a, const View *v, const Page *p) {
    const Site *site = v->world->site;
    const Language *l = site->editions[p->lang].language;
    Value map = value_map(a);
    value_set(a, &map, S("lang"), value_str(l->key));
    value_set(a, &map, S("label"), value_str(l->label));
    value_set(a, &map, S("direction"), value_str(l->direction));
    value_set(a, &map, S("title"), value_str(p->title));
    value_set(a, &map, S("url"), value_str(url_href(a, site->cfg, p->url)));
    value_set(a, &map, S("permalink"),
              value_str(url_permalink(a, site->cfg, p->url)));
    value_set(a, &map, S("is_default"),
              (Value){.kind = VALUE_BOOL, .as.b = p->lang == 0});
    return map;
}

static Value get_translations(Arena *a, const View *v) {
    const Pages *twins = &v->out->page->translations;
    Value *items = ARENA_ARRAY(a, Value, twins->len);
    size_t n = 0;
    for (size_t i = 0; i < twins->len; i++)
        if (twins->items[i]->url.len)
            items[n++] = twin_value(a, v, twins->items[i]);
    return value_list(items, n);
}

// For <link rel="alternate" hreflang>: the page itself too, and the default
// language's again as x-default. Empty when there is only the page.
static Value get_alternates(Arena *a, const View *v) {
    const Page *page = v->out->page;
    size_t n = 0, max = v->world->site->cfg->nlanguages;
    Value *items = ARENA_ARRAY(a, Value, max + 1);
    for (size_t i = 0; i < max && page->translations.len; i++) {
        const Page *p = page_translation(page, (uint8_t)i);
        if (p && p->url.len)
            items[n++] = twin_value(a, v, p);
    }
    if (n < 2)
        return (Value){0};
    const Page *original = page_translation(page, 0);
    if (original && original->url.len) {
        items[n] = twin_value(a, v, original);
        value_set(a, &items[n++], S("lang"), value_str(S("x-default")));
    }
    return value_list(items, n);
}

static Value get_weight(Arena *a, const View *v) {
    (void)a;
    return value_int(v->out->page->weight);
}

static Value get_year(Arena *a, const View *v) {
    (void)a;
    return v->out->page->year ? value_int(v->out->page->year) : (Value){0};
}

static Value get_month(Arena *a, const View *v) {
    (void)a;
    return v->out->page->month ? value_int(v->out->page->month) : (Value){0};
}

static Value get_plural(Arena *a, const View *v) {
    (void)a;
    return v->out->page->plural.len ? value_str(v->out->page->plural)
                                    : (Value){0};
}

static const struct {
    Str key;
    GetFn *get;
} keys[] = {
    {S_INIT("alternates"), get_alternates},
    {S_INIT("ancestors"), get_ancestors},
    {S_INIT("archives"), get_archives},
    {S_INIT("atom_url"), get_atom_url},
    {S_INIT("breadcrumbs"), get_breadcrumbs},
    {S_INIT("children"), get_children},
    {S_INIT("content"), get_content},
    {S_INIT("description"), get_description},
    {S_INIT("excerpt"), get_excerpt},
    {S_INIT("expirydate"), get_expiry},
    {S_INIT("feed_url"), get_feed_url},
    {S_INIT("ical_url"), get_ical_url},
    {S_INIT("inverse"), get_inverse},
    {S_INIT("jsonfeed_url"), get_jsonfeed_url},
    {S_INIT("jsonld"), get_jsonld},
    {S_INIT("labels"), get_labels},
    {S_INIT("month"), get_month},
    {S_INIT("next"), get_next},
    {S_INIT("params"), get_params},
    {S_INIT("permalink"), get_permalink},
    {S_INIT("prev"), get_prev},
    {S_INIT("publishdate"), get_publish},
    {S_INIT("related"), get_related},
    {S_INIT("summary"), get_summary},
    {S_INIT("taxonomy"), get_plural},
    {S_INIT("terms"), get_terms},
    {S_INIT("toc"), get_toc},
    {S_INIT("translations"), get_translations},
    {S_INIT("url"), get_url},
    {S_INIT("weight"), get_weight},
    {S_INIT("wordcount"), get_words},
    {S_INIT("year"), get_year},
};

static GetFn *find_key(Str key) {
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (str_eq(key, keys[i].key))
            return keys[i].get;
    return NULL;
}

static bool is_taken(Str key) {
    return find_key(key) || card_has_key(key);
}

static Value get_params(Arena *a, const View *v) {
    return card_params(a, v->world, v->out->page, is_taken);
}

static bool has_markdown(const Field *f) {
    bool has = f->kinds & (1u << FIELD_MARKDOWN);
    for (size_t i = 0; i < f->fields.len; i++)
        has = has || has_markdown(&f->fields.items[i]);
    return has;
}

static Value own_field(Arena *a, const View *v, const Field *f,
                       const Value *value);

static Value own_map(Arena *a, const View *v, const Field *f,
                     const Value *value) {
    Value map = value_map(a);
    for (size_t i = 0; value->as.map && i < value->as.map->len; i++) {
        const MapItem *item = &value->as.map->items[i];
        const Field *below = field_find(&f->fields, item->key);
        value_set(a, &map, item->key,
                  below ? own_field(a, v, below, item->val)
                        : card_field(a, v->world, item->val, CARD_PLAIN,
                                     v->out->page));
    }
    return map;
}

// Markdown, also that in the maps of a field, becomes HTML.
static Value own_field(Arena *a, const View *v, const Field *f,
                       const Value *value) {
    Str html;
    if (!has_markdown(f))
        return card_field(a, v->world, value, CARD_PLAIN, v->out->page);
    if (value->kind == VALUE_MAP)
        return own_map(a, v, f, value);
    if (value->kind == VALUE_STR && (f->kinds & (1u << FIELD_MARKDOWN)) &&
        body_render_field(v->job, v->world, v->out->page, value, &html))
        return content_html(html);
    if (value->kind == VALUE_LIST) {
        Value *items = ARENA_ARRAY(a, Value, value->as.list.len);
        for (size_t i = 0; i < value->as.list.len; i++)
            items[i] = own_field(a, v, f, &value->as.list.items[i]);
        return value_list(items, value->as.list.len);
    }
    return card_field(a, v->world, value, CARD_PLAIN, v->out->page);
}

// What only lists and archives have by these names a type may call a field.
static bool type_may_own(const Page *p, Str key) {
    return p->kind == PAGE_REGULAR && field_find(&p->type->fields, key) &&
           (str_eq(key, S("related")) || str_eq(key, S("year")) ||
            str_eq(key, S("month")));
}

static ObjResult page_get(Arena *a, const void *self, Str key, Value *out) {
    const View *v = self;
    const Page *p = v->out->page;
    GetFn *get = type_may_own(p, key) ? NULL : find_key(key);
    if (get) {
        *out = get(a, v);
        return OBJ_FOUND;
    }
    // The rest is on the card as well: title, date, section, image ...
    Value card = card_value(v->world, p, CARD_FULL);
    if (card_has_key(key))
        return card.as.obj.cls->get(a, card.as.obj.self, key, out);
    const Value *value = value_get(&p->fields, key);
    const Field *f = field_find(&p->type->fields, key);
    if (f && f->internal)
        return OBJ_INTERNAL;
    if (value && f) {
        *out = own_field(a, v, f, value);
        return OBJ_FOUND;
    }
    return OBJ_NIL;
}

static Str page_text(Arena *a, const void *self) {
    (void)a;
    return ((const View *)self)->out->page->title;
}

static const ObjClass page_class = {"page", page_get, page_text, false};

Value view_page(const View *v) {
    return value_obj(&page_class, v);
}
