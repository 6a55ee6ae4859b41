#include "model/library.h"

static Value *field_value(Page *p, Str name) {
    return p->fields.kind == VALUE_MAP && p->fields.as.map
               ? map_get(p->fields.as.map, name)
               : NULL;
}

static int year_of(const Builder *b, const Page *p) {
    const Value *v = value_get(&p->fields, p->type->library_issued);
    if (v && v->kind == VALUE_MAP)
        v = value_get(v, S("from"));
    return v && v->kind == VALUE_DATE ? builder_parts(b, v->as.date).year : 0;
}

// Behind those that are there: pages come newest first.
static void add_key(Builder *b, const Page *p, Str key) {
    Arena *a = b->job->keep;
    Shelf *first = map_get(&b->site->library, key), *last = first;
    for (Shelf *s = first; s; s = s->next) {
        if (s->page == p)
            return;
        last = s;
    }
    Shelf *shelf = ARENA_NEW(a, Shelf);
    *shelf = (Shelf){.page = p, .year = year_of(b, p)};
    if (last)
        last->next = shelf;
    else
        map_add(&b->site->library, key, shelf);
}

static void add_number(Builder *b, const Page *p, const Value *v) {
    const Value *key = value_get(v, S("key"));
    if (key && key->kind == VALUE_STR)
        add_key(b, p, key->as.s);
    for (size_t i = 0; v && v->kind == VALUE_LIST && i < v->as.list.len; i++)
        add_number(b, p, &v->as.list.items[i]);
}

static void fill(Builder *b) {
    for (size_t i = 0; i < b->site->regular.len; i++) {
        const Page *p = b->site->regular.items[i];
        bool is_twin = p->lang && page_translation(p, 0);
        if (!p->type->library.len || is_twin) // found by way of the original
            continue;
        add_number(b, p, value_get(&p->fields, p->type->library));
        add_number(
            b, p,
            value_get(&p->fields, str_fmt(b->job->scratch, "%.*s_aliases",
                                          STR_ARG(p->type->library))));
    }
}

static void link_number(Builder *b, uint8_t lang, Value *v) {
    if (v->kind == VALUE_LIST) {
        for (size_t i = 0; i < v->as.list.len; i++)
            link_number(b, lang, &v->as.list.items[i]);
        return;
    }
    const Value *key = v->kind == VALUE_MAP ? value_get(v, S("key")) : NULL;
    const Shelf *shelf = key && key->kind == VALUE_STR
                             ? map_get(&b->site->library, key->as.s)
                             : NULL;
    if (!shelf)
        return;
    const Page *page = page_in(shelf->page, lang);
    Arena *a = b->job->keep;
    value_set(a, v, S("url"), value_str(url_href(a, b->in->cfg, page->url)));
    value_set(a, v, S("document"), (Value){.kind = VALUE_REF, .as.ref = page});
}

static void link_numbers(Builder *b) {
    const uint32_t numbers = 1u << FIELD_LAW | 1u << FIELD_DOCNUM;
    for (size_t i = 0; b->site->library.len && i < b->site->regular.len; i++) {
        Page *p = builder_page(b, b->site->regular.items[i]);
        for (size_t k = 0; k < p->type->fields.len; k++) {
            const Field *f = &p->type->fields.items[k];
            Value *v = f->kinds & numbers ? field_value(p, f->name) : NULL;
            if (v && !str_eq(f->name, p->type->library))
                link_number(b, p->lang, v);
        }
    }
}

void library_build(Builder *b) {
    fill(b);
    link_numbers(b);
}

// Unions number their documents anew each year: with a year it must be that
// year's, without one there must be no second of the number.
const Page *site_document(const Site *site, Str key, int year, uint8_t lang) {
    const Shelf *first = map_get(&site->library, key);
    if (!first || (!year && first->next))
        return NULL;
    for (const Shelf *s = first; s; s = s->next)
        if (!year || s->year == year || (!s->year && !first->next))
            return page_in(s->page, lang);
    return NULL;
}

static void hash_document(Hasher *h, const Page *p) {
    hasher_str(h, p->url);
    hasher_hash(h, p->front_hash);
}

void site_hash_library(Hasher *h, const Site *site) {
    for (size_t i = 0; i < site->library.len; i++) {
        hasher_str(h, site->library.items[i].key);
        for (const Shelf *s = site->library.items[i].val; s; s = s->next) {
            hasher_int(h, s->year);
            hash_document(h, s->page);
            for (size_t k = 0; k < s->page->translations.len; k++)
                hash_document(h, s->page->translations.items[k]);
        }
    }
}
