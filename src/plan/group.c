#include "plan/group.h"

#include <string.h>

// One piece in one group.
typedef struct {
    Group *group;
    const Page *page;
} Entry;

typedef struct {
    Job *job;
    const Site *site;
    const Select *s;
    const Page *page;
    uint8_t lang;
    Map by_key;     // of Group *
    Entry *entries; // unless only the counts are wanted
    size_t len, cap;
    Group *period; // the one that was last, of this year and month
    int year, month;
    const Type *type;   // of the piece that was last
    const Field *field; // of that type, by which groups are made; or NULL
} Run;

static const Value *core_key(const Page *p, Str name, Value *made) {
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

const Value *group_field(const Page *p, Str name, Value *made) {
    const Value *v = value_get(&p->fields, name);
    return v ? v : core_key(p, name, made);
}

Str group_label(const Site *site, uint8_t lang, const Field *f, Str value) {
    const Value *label = f ? value_get(&f->of_labels, value) : NULL;
    if (label && label->kind == VALUE_MAP) {
        const Value *own = value_get(label, site->editions[lang].language->key);
        label = own ? own : value_get(label, S("vi"));
    }
    return label && label->kind == VALUE_STR ? label->as.s : value;
}

const Pages *group_terms(const Site *site, const Page *p, Str name) {
    for (size_t i = 0; p && p->terms && i < site->cfg->ntaxonomies; i++)
        if (str_eq(site->cfg->taxonomies[i].plural, name))
            return &p->terms[i];
    return NULL;
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

static void put(Run *r, Group *group, const Page *p) {
    group->count++;
    if (r->s->is_counts)
        return;
    r->entries = arena_grow(r->job->scratch, r->entries, r->len, &r->cap,
                            sizeof *r->entries);
    r->entries[r->len++] = (Entry){group, p};
}

// Into the group with that key, which `as` says what it is called.
static Group *add(Run *r, const Page *p, Group as) {
    Group *group = map_get(&r->by_key, as.key);
    if (!group) {
        group = ARENA_NEW(r->job->scratch, Group);
        *group = as;
        map_add(&r->by_key, as.key, group);
    }
    put(r, group, p);
    return group;
}

static void add_period(Run *r, const Page *p, bool is_month) {
    Arena *a = r->job->keep;
    Date d = p->date;
    d.offset_minutes = r->site->cfg->zone;
    DateParts parts = date_parts(d);
    if (!date_is_set(d)) {
        add(r, p, (Group){0});
        return;
    }
    int month = is_month ? parts.month : 0;
    if (!r->period || r->year != parts.year || r->month != month) {
        Group g = {.key = str_fmt(a, "%04d", parts.year)};
        g.label = g.key;
        if (is_month) {
            g.label = str_fmt(a, "%d/%04d", month, parts.year);
            g.key = str_fmt(a, "%04d-%02d", parts.year, month);
        }
        g.url = archive_url(r, g.key);
        r->year = parts.year;
        r->month = month;
        r->period = add(r, p, g);
        return;
    }
    put(r, r->period, p);
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

static void add_day(Run *r, const Page *p) {
    Group g = {0};
    Date d = sort_date(r, p);
    if (date_is_set(d)) {
        d.offset_minutes = r->site->cfg->zone;
        if (d.precision > DATE_DAY)
            d.precision = DATE_DAY;
        Buf key = {.arena = r->job->keep}, label = {.arena = r->job->keep};
        date_iso(&key, d);
        date_admin(&label, d);
        g.key = buf_str(&key);
        g.label = buf_str(&label);
    }
    add(r, p, g);
}

// False: it is none that a group is made of.
static bool add_value(Run *r, const Page *p, const Value *v) {
    Group g = {0};
    Buf date = {.arena = r->job->keep};
    bool is_any = false;
    switch (v->kind) {
    case VALUE_LIST:
        for (size_t i = 0; i < v->as.list.len; i++)
            is_any |= add_value(r, p, &v->as.list.items[i]);
        return is_any;
    case VALUE_REF:
        g.key = v->as.ref->id;
        g.label = v->as.ref->title;
        g.url = v->as.ref->url;
        break;
    case VALUE_STR:
        g.key = v->as.s;
        g.label = group_label(r->site, r->lang, r->field, v->as.s);
        break;
    case VALUE_INT:
        g.key = g.label = str_fmt(r->job->keep, "%lld", (long long)v->as.i);
        break;
    case VALUE_BOOL:
        g.key = g.label = v->as.b ? S("true") : S("false");
        break;
    case VALUE_DATE:
        date_iso(&date, v->as.date);
        g.key = g.label = buf_str(&date);
        break;
    default:
        return false;
    }
    add(r, p, g);
    return true;
}

static void add_piece(Run *r, const Page *p) {
    Str by = r->s->group_by;
    Value made;
    if (p->type != r->type) {
        r->type = p->type;
        r->field = field_find(&p->type->fields, by);
    }
    const Value *v =
        r->field ? group_field(p, by, &made) : core_key(p, by, &made);
    const Pages *terms = v ? NULL : group_terms(r->site, p, by);
    bool is_any = v ? add_value(r, p, v) : terms && terms->len;
    for (size_t i = 0; terms && i < terms->len; i++) {
        const Page *term = terms->items[i];
        Group g = {.key = term->id, .label = term->title, .url = term->url};
        add(r, p, g);
    }
    if (!is_any) // those without a value stand together
        add(r, p, (Group){0});
}

// By a field, or what stands for one. The pieces of a list lie all over the
// memory, and their params elsewhere: step by step, those of the next ones come
// while this one is looked at.
static void add_pieces(Run *r, Pages pages) {
    enum { STEP = 6 };
    for (size_t i = 0; i < pages.len; i++) {
        if (i + 3 * STEP < pages.len) {
            const Map *next = pages.items[i + STEP]->params.as.map;
            __builtin_prefetch(&pages.items[i + 3 * STEP]->params);
            __builtin_prefetch(pages.items[i + 2 * STEP]->params.as.map);
            __builtin_prefetch(next ? next->items : NULL);
        }
        add_piece(r, pages.items[i]);
    }
}

static void add_pages(Run *r, Pages pages) {
    Str by = r->s->group_by;
    bool is_month = str_eq(by, S("month")), is_year = str_eq(by, S("year"));
    bool is_day = str_eq(by, S("day"));
    if (!is_month && !is_year && !is_day)
        add_pieces(r, pages);
    else
        for (size_t i = 0; i < pages.len; i++)
            if (is_day)
                add_day(r, pages.items[i]);
            else
                add_period(r, pages.items[i], is_month);
}

void group_pages(Job *job, const Site *site, const Select *s, const Page *page,
                 uint8_t lang, Pages pages, Selection *out) {
    Run r = {.job = job, .site = site, .s = s, .page = page, .lang = lang};
    r.by_key.arena = job->scratch;
    add_pages(&r, pages);
    for (size_t i = 0; i < r.len; i++) {
        Group *g = r.entries[i].group;
        if (!g->items.items)
            g->items.items = ARENA_ARRAY(job->keep, const Page *, g->count);
        g->items.items[g->items.len++] = r.entries[i].page;
    }
    out->ngroups = r.by_key.len;
    out->groups = ARENA_ARRAY(job->keep, Group, out->ngroups);
    for (size_t i = 0; i < out->ngroups; i++)
        out->groups[i] = *(const Group *)r.by_key.items[i].val;
    out->is_grouped = true;
    out->is_counts = s->is_counts;
}
