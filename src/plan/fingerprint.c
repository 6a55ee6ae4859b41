#include "plan/fingerprint.h"

#include "base/version.h"

static void hash_map_values(Hasher *h, const Map *map) {
    for (size_t i = 0; i < map->len; i++) {
        hasher_str(h, map->items[i].key);
        value_hash(h, map->items[i].val);
    }
}

static void hash_entries(Hasher *h, const MenuEntry *items, size_t n) {
    hasher_int(h, (int64_t)n);
    for (size_t i = 0; i < n; i++) {
        hasher_str(h, items[i].name);
        hasher_str(h, items[i].url);
        hasher_str(h, items[i].page ? items[i].page->url : (Str){0});
        hasher_int(h, items[i].lang * 2 + items[i].is_foreign);
        hash_entries(h, items[i].children, items[i].nchildren);
    }
}

static void hash_edition(Hasher *h, const Edition *edition) {
    hash_map_values(h, &edition->i18n);
    hasher_str(h, edition->home ? edition->home->url : (Str){0});
    for (size_t i = 0; i < edition->nmenus; i++) {
        hasher_str(h, edition->menus[i].name);
        hash_entries(h, edition->menus[i].items, edition->menus[i].len);
    }
}

Hash fingerprint_site(Job *job, const Site *site) {
    Hasher h = {0};
    (void)job;
    hasher_str(&h, S(LOA_VERSION));
    hasher_hash(&h, site->cfg->hash);
    hasher_str(&h, site->cfg->host);
    hasher_str(&h, site->cfg->base_path);
    value_hash(&h, &site->data);
    for (size_t i = 0; i < site->cfg->nlanguages; i++)
        hash_edition(&h, &site->editions[i]);
    for (size_t i = 0; i < site->statics.len; i++)
        hasher_str(&h, site->statics.items[i].key);
    for (size_t i = 0; i < site->types->len; i++)
        if (site->types->items[i].src)
            hasher_hash(&h, site->types->items[i].src->hash);
    return h.sum;
}

// --- cards

static void hash_stub(Hasher *h, const Page *p) {
    hasher_str(h, p->id);
    hasher_str(h, p->type->name);
    hasher_str(h, p->title);
    hasher_str(h, p->link_title);
    hasher_str(h, p->url);
    hasher_int(h, p->phase);
    const Value *end = value_get(&p->fields, p->type->valid_to);
    if (end)
        value_hash(h, end);
    const Value *shortened = value_get(&p->fields, S("short"));
    if (shortened)
        value_hash(h, shortened);
}

static void hash_field(Hasher *h, const Value *v) {
    if (v->kind == VALUE_REF) {
        hash_stub(h, v->as.ref);
    } else if (v->kind == VALUE_LIST) {
        hasher_int(h, (int64_t)v->as.list.len);
        for (size_t i = 0; i < v->as.list.len; i++)
            hash_field(h, &v->as.list.items[i]);
    } else if (v->kind == VALUE_MAP && v->as.map) {
        hasher_int(h, (int64_t)v->as.map->len);
        for (size_t i = 0; i < v->as.map->len; i++) {
            hasher_str(h, v->as.map->items[i].key);
            hash_field(h, v->as.map->items[i].val);
        }
    } else {
        value_hash(h, v);
    }
}

static void hash_date(Hasher *h, Date d) {
    hasher_int(h, d.unix_seconds);
    hasher_int(h, d.offset_minutes * 16 + d.precision);
}

static Hash hash_card(const Page *p) {
    Hasher h = {0};
    hasher_str(&h, p->type->name);
    hash_stub(&h, p);
    hasher_str(&h, p->link_title);
    hasher_str(&h, p->sapo);
    hasher_str(&h, p->description);
    if (!p->sapo.len) // an excerpt is taken from the body
        hasher_hash(&h, p->body_hash);
    hash_date(&h, p->date);
    hash_date(&h, p->lastmod);
    hasher_int(&h, p->phase);
    hasher_int(&h, p->is_pinned);
    hasher_int(&h, p->kind);
    hasher_int(&h, p->section != NULL);
    if (p->section)
        hash_stub(&h, p->section);
    hasher_int(&h, (int64_t)p->members.len);
    for (size_t i = 0; i < p->type->card.len; i++) {
        const Value *v = value_get(&p->fields, p->type->card.items[i]);
        hasher_int(&h, v != NULL);
        if (v)
            hash_field(&h, v);
    }
    const Value *image = value_get(&p->fields, S("image"));
    const Value *images = value_get(&p->fields, S("images"));
    if (image)
        hash_field(&h, image);
    if (images)
        hash_field(&h, images);
    return h.sum;
}

Hash *fingerprint_cards(Job *job, const Site *site) {
    Hash *cards = ARENA_ARRAY(job->keep, Hash, site->pages.len);
    for (size_t i = 0; i < site->pages.len; i++)
        cards[i] = hash_card(site->pages.items[i]);
    return cards;
}

Hash *fingerprint_stubs(Job *job, const Site *site) {
    Hash *stubs = ARENA_ARRAY(job->keep, Hash, site->pages.len);
    for (size_t i = 0; i < site->pages.len; i++) {
        Hasher h = {0};
        hash_stub(&h, site->pages.items[i]);
        stubs[i] = h.sum;
    }
    return stubs;
}

// --- outputs

static void hash_page_ref(Hasher *h, const FingerprintInput *in,
                          const Page *p) {
    hasher_int(h, p != NULL);
    if (p)
        hasher_hash(h, in->cards[p->index]);
}

static void hash_pages(Hasher *h, const FingerprintInput *in,
                       const Pages *pages, bool wants_body) {
    hasher_int(h, (int64_t)pages->len);
    for (size_t i = 0; i < pages->len; i++) {
        hash_page_ref(h, in, pages->items[i]);
        if (wants_body)
            hasher_hash(h, pages->items[i]->body_hash);
    }
}

static void hash_refs(Hasher *h, const FingerprintInput *in, const Value *v) {
    if (v->kind == VALUE_REF)
        hash_page_ref(h, in, v->as.ref);
    for (size_t i = 0; v->kind == VALUE_LIST && i < v->as.list.len; i++)
        hash_refs(h, in, &v->as.list.items[i]);
    for (size_t i = 0; v->kind == VALUE_MAP && v->as.map && i < v->as.map->len;
         i++)
        hash_refs(h, in, v->as.map->items[i].val);
}

static bool reads(const Layout *layout, Str global) {
    for (size_t i = 0; i < layout->globals.len; i++)
        if (str_eq(layout->globals.items[i], global))
            return true;
    return false;
}

static void hash_inverse(Hasher *h, const FingerprintInput *in, const Page *p) {
    hasher_int(h, (int64_t)p->ninverse);
    for (size_t i = 0; i < p->ninverse; i++) {
        hasher_str(h, p->inverse[i].field);
        hash_page_ref(h, in, p->inverse[i].page);
    }
}

static void hash_archives(Hasher *h, const Page *p) {
    for (size_t i = 0; i < p->archives.len; i++) {
        const Page *year = p->archives.items[i];
        hasher_str(h, year->url);
        hasher_int(h, (int64_t)year->members.len);
        hash_archives(h, year);
    }
}

// By name only: the piece does not say how many others have the word.
static void hash_terms(Hasher *h, const FingerprintInput *in, const Page *p) {
    for (size_t i = 0; p->terms && i < in->site->cfg->ntaxonomies; i++) {
        hasher_int(h, (int64_t)p->terms[i].len);
        for (size_t k = 0; k < p->terms[i].len; k++)
            hasher_hash(h, in->stubs[p->terms[i].items[k]->index]);
    }
}

static void hash_twins(Hasher *h, const Page *p) {
    for (size_t i = 0; p && i < p->translations.len; i++)
        hash_stub(h, p->translations.items[i]);
}

static void hash_own(Hasher *h, const FingerprintInput *in,
                     const Layout *layout, const Page *p) {
    hasher_hash(h, p->front_hash);
    hasher_hash(h, p->body_hash);
    hasher_str(h, p->url);
    hasher_str(h, p->title);
    hasher_int(h, p->phase);
    hasher_int(h, p->is_pinned);
    hash_refs(h, in, &p->fields);
    hash_page_ref(h, in, p->prev);
    hash_page_ref(h, in, p->next);
    hash_pages(h, in, &p->related, false);
    hash_pages(h, in, &p->children, false);
    for (const Page *up = p->section; up; up = up->section)
        hasher_hash(h, in->stubs[up->index]);
    for (const Page *up = page_above(p); up; up = page_above(up))
        hasher_hash(h, in->stubs[up->index]);
    for (const Page *up = p->parent; up; up = up->parent)
        hash_page_ref(h, in, up);
    hash_terms(h, in, p);
    hash_twins(h, p);
    if (layout) { // a partial may be given the page under any name
        hasher_int(h, (int64_t)p->members.len);
        hash_inverse(h, in, p);
        hash_archives(h, p);
    }
}

static void hash_clock(Hasher *h, const Site *site, const Layout *layout) {
    Date now = site->now;
    now.offset_minutes = site->cfg->zone;
    DateParts d = date_parts(now);
    if (reads(layout, S("clock.*")) || reads(layout, S("clock.date"))) {
        hasher_int(h, d.year);
        hasher_int(h, d.yearday);
    } else if (reads(layout, S("clock.year"))) {
        hasher_int(h, d.year);
    }
}

static void hash_selection(Hasher *h, const FingerprintInput *in,
                           const Selection *s) {
    hasher_str(h, s->name);
    hash_pages(h, in, &s->items, s->wants_body);
    hasher_int(h, (int64_t)s->ngroups);
    for (size_t i = 0; i < s->ngroups; i++) {
        hasher_str(h, s->groups[i].key);
        hasher_str(h, s->groups[i].label);
        hasher_int(h, (int64_t)s->groups[i].count);
        hash_pages(h, in, &s->groups[i].items, s->wants_body);
    }
}

static bool is_feed(const Output *out) {
    return out->kind == OUT_RSS || out->kind == OUT_ATOM ||
           out->kind == OUT_JSONFEED;
}

// Authors, categories, the window, the picture: more than is on the card.
static void hash_entries_of(Hasher *h, const FingerprintInput *in,
                            const Output *out) {
    Arena *a = in->scratch;
    for (size_t i = 0; i < out->items.len; i++) {
        const Page *p = out->items.items[i];
        Enclosure e = {0};
        hasher_hash(h, p->front_hash);
        hash_refs(h, in, &p->fields);
        hash_terms(h, in, p);
        ArenaMark mark = arena_mark(a);
        if (is_feed(out) && plan_enclosure(a, in->site, p, &e))
            hasher_int(h, e.size);
        arena_reset(a, mark);
    }
}

Hash fingerprint_output(const FingerprintInput *in, const Layout *layout,
                        const Output *out) {
    Hasher h = {in->site_hash};
    hasher_int(&h, out->kind);
    hasher_str(&h, out->path);
    if (layout) {
        hasher_hash(&h, layout->hash);
        hash_clock(&h, in->site, layout);
    }
    if (out->page)
        hash_own(&h, in, layout, out->page);
    if (out->pager) {
        hasher_int(&h, (int64_t)out->pager->number);
        hasher_int(&h, (int64_t)out->pager->total);
        hasher_int(&h, (int64_t)out->pager->count);
    }
    for (size_t i = 0; i < out->nselections; i++)
        hash_selection(&h, in, &out->selections[i]);
    hash_pages(&h, in, &out->items, in->site->cfg->feed_full);
    if (is_feed(out) || out->kind == OUT_ICAL)
        hash_entries_of(&h, in, out);
    hasher_str(&h, out->title);
    for (size_t i = 0; i < out->urls.len; i++) {
        hasher_str(&h, out->urls.items[i].url);
        hash_twins(&h, out->urls.items[i].page);
        hash_date(&h, out->urls.items[i].lastmod);
    }
    if (out->file) {
        hasher_int(&h, (int64_t)out->file->entry.size);
        hasher_int(&h, out->file->entry.mtime_ns);
    }
    return h.sum;
}
