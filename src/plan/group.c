#include "plan/group.h"

#include <string.h>

typedef struct {
    Job *job;
    const Site *site;
    const Select *s;
    const Page *page;
    uint8_t lang;
} Run;

// One piece in one group.
typedef struct {
    Str key, label, url;
    const Page *page;
} Entry;

typedef struct {
    Entry *items;
    size_t len, cap;
} Entries;

const Value *group_field(const Page *p, Str name, Value *made) {
    const Value *v = value_get(&p->fields, name);
    if (v)
        return v;
    if (str_eq(name, S("id")))
        *made = value_str(p->id);
    else if (str_eq(name, S("type")))
        *made = value_str(p->type->name);
    else if (str_eq(name, S("title")))
        *made = value_str(p->title);
    else if (str_eq(name, S("pinned")))
        *made = (Value){.kind = VALUE_BOOL, .as.b = p->is_pinned};
    else if (str_eq(name, S("section")))
        *made = value_str(p->section ? p->section->path : (Str){0});
    else if (str_eq(name, S("params")))
        return &p->params;
    else
        return value_get(&p->params, name);
    return made;
}

Str group_label(const Site *site, const Field *f, Str value) {
    return group_label_in(site, 0, f, value);
}

Str group_label_in(const Site *site, uint8_t lang, const Field *f, Str value) {
    const Value *label = f ? value_get(&f->of_labels, value) : NULL;
    if (label && label->kind == VALUE_MAP) {
        const Value *own = value_get(label, site->editions[lang].language->key);
        label = own ? own : value_get(label, S("vi"));
    }
    return label && label->kind == VALUE_STR ? label->as.s : value;
}

static void add(Arena *a, Entries *to, Entry entry) {
    if (to->len == to->cap) {
        size_t cap = to->cap ? 2 * to->cap : 64;
        Entry *grown = ARENA_ARRAY(a, Entry, cap);
        if (to->len)
            memcpy(grown, to->items, to->len * sizeof *grown);
        to->items = grown;
        to->cap = cap;
    }
    to->items[to->len++] = entry;
}

const Pages *group_terms(const Site *site, const Page *p, Str name) {
    for (size_t i = 0; p && p->terms && i < site->cfg->ntaxonomies; i++)
        if (str_eq(site->cfg->taxonomies[i].plural, name))
            return &p->terms[i];
    return NULL;
}

static void add_date(const Run *r, const Page *p, bool is_month, Entries *to) {
    Arena *a = r->job->keep;
    Date d = p->date;
    d.offset_minutes = r->site->cfg->zone;
    DateParts parts = date_parts(d);
    Entry e = {.page = p};
    if (date_is_set(d)) {
        e.label = is_month ? str_fmt(a, "%d/%04d", parts.month, parts.year)
                           : str_fmt(a, "%04d", parts.year);
        e.key = is_month ? str_fmt(a, "%04d-%02d", parts.year, parts.month)
                         : e.label;
    }
    add(r->job->scratch, to, e);
}

// The date the list is in the order of; a period counts from its start.
static Date sort_date(const Run *r, const Page *p) {
    Str field = r->s->sort;
    if (str_eq(field, S("date")))
        return p->date;
    if (str_eq(field, S("lastmod")))
        return p->lastmod;
    Value made;
    const Value *v = group_field(p, field, &made);
    if (v && v->kind == VALUE_MAP)
        v = value_get(v, S("from"));
    return v && v->kind == VALUE_DATE ? v->as.date : (Date){0};
}

static void add_day(const Run *r, const Page *p, Entries *to) {
    Entry e = {.page = p};
    Date d = sort_date(r, p);
    if (date_is_set(d)) {
        d.offset_minutes = r->site->cfg->zone;
        if (d.precision > DATE_DAY)
            d.precision = DATE_DAY;
        Buf key = {.arena = r->job->keep}, label = {.arena = r->job->keep};
        date_iso(&key, d);
        date_admin(&label, d);
        e.key = buf_str(&key);
        e.label = buf_str(&label);
    }
    add(r->job->scratch, to, e);
}

static void add_value(const Run *r, const Page *p, const Value *v,
                      Entries *to) {
    Entry e = {.page = p};
    Buf date = {.arena = r->job->keep};
    switch (v->kind) {
    case VALUE_LIST:
        for (size_t i = 0; i < v->as.list.len; i++)
            add_value(r, p, &v->as.list.items[i], to);
        return;
    case VALUE_REF:
        e.key = v->as.ref->id;
        e.label = v->as.ref->title;
        e.url = v->as.ref->url;
        break;
    case VALUE_STR:
        e.key = v->as.s;
        e.label = group_label_in(r->site, r->lang,
                                 field_find(&p->type->fields, r->s->group_by),
                                 v->as.s);
        break;
    case VALUE_INT:
        e.key = e.label = str_fmt(r->job->keep, "%lld", (long long)v->as.i);
        break;
    case VALUE_BOOL:
        e.key = e.label = v->as.b ? S("true") : S("false");
        break;
    case VALUE_DATE:
        date_iso(&date, v->as.date);
        e.key = e.label = buf_str(&date);
        break;
    default:
        return;
    }
    add(r->job->scratch, to, e);
}

static void add_piece(const Run *r, const Page *p, Entries *to) {
    Str by = r->s->group_by;
    size_t before = to->len;
    Value made;
    const Value *v = group_field(p, by, &made);
    const Pages *terms = v ? NULL : group_terms(r->site, p, by);
    if (v)
        add_value(r, p, v, to);
    for (size_t i = 0; terms && i < terms->len; i++) {
        const Page *term = terms->items[i];
        add(r->job->scratch, to, (Entry){term->id, term->title, term->url, p});
    }
    if (to->len == before) // those without a value stand together
        add(r->job->scratch, to, (Entry){.page = p});
}

static Entries entries_of(const Run *r, Pages pages) {
    Str by = r->s->group_by;
    bool is_month = str_eq(by, S("month")), is_year = str_eq(by, S("year"));
    bool is_day = str_eq(by, S("day"));
    Entries out = {0};
    for (size_t i = 0; i < pages.len; i++) {
        if (is_day)
            add_day(r, pages.items[i], &out);
        else if (is_month || is_year)
            add_date(r, pages.items[i], is_month, &out);
        else
            add_piece(r, pages.items[i], &out);
    }
    return out;
}

// Whose archives the groups lead to: those of the list that is cut, else of the
// site.
static const Page *archive_list(const Run *r) {
    if (!r->s->in_page)
        return r->s->in.len ? select_list(r->s, r->lang)
                            : r->site->editions[r->lang].home;
    bool is_archive =
        r->page && (r->page->kind == PAGE_YEAR || r->page->kind == PAGE_MONTH);
    return is_archive ? r->page->owner : r->page;
}

static Str archive_url(const Run *r, Str key) {
    const Page *list = archive_list(r);
    bool is_year = str_eq(r->s->group_by, S("year"));
    if (!list || !list->archives.len || key.len != (is_year ? 4 : 7))
        return (Str){0};
    Str year = str_slice(key, 0, 4), month = str_slice(key, 5, 7);
    Str url = str_fmt(r->job->scratch, "%.*s%.*s/%.*s/%.*s%s",
                      STR_ARG(list->url), STR_ARG(r->site->cfg->archive_path),
                      STR_ARG(year), STR_ARG(month), is_year ? "" : "/");
    const Page *archive = site_page_by_url(r->site, url);
    return archive ? archive->url : (Str){0};
}

static bool is_by_date(const Select *s) {
    return str_eq(s->group_by, S("year")) || str_eq(s->group_by, S("month"));
}

void group_pages(Job *job, const Site *site, const Select *s, const Page *page,
                 uint8_t lang, Pages pages, Selection *out) {
    Run r = {job, site, s, page, lang};
    Entries entries = entries_of(&r, pages);
    Map index = {.arena = job->scratch};
    out->groups = ARENA_ARRAY(job->keep, Group, entries.len);
    out->is_grouped = true;
    out->is_counts = s->is_counts;
    for (size_t i = 0; i < entries.len; i++) {
        const Entry *e = &entries.items[i];
        Group *g = map_get(&index, e->key);
        if (!g) {
            g = &out->groups[out->ngroups++];
            *g = (Group){.key = e->key, .label = e->label, .url = e->url};
            if (is_by_date(s))
                g->url = archive_url(&r, e->key);
            map_add(&index, e->key, g);
        }
        g->count++;
    }
    for (size_t i = 0; i < entries.len && !s->is_counts; i++) {
        Group *g = map_get(&index, entries.items[i].key);
        if (!g->items.items)
            g->items.items = ARENA_ARRAY(job->keep, const Page *, g->count);
        g->items.items[g->items.len++] = entries.items[i].page;
    }
}
