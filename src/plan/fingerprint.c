#include "plan/fingerprint.h"

#include "base/version.h"

// Prints.has: what a page need not be asked for when it has it not.
enum { HAS_SAPO = 1, HAS_REFS = 2, HAS_IMAGE = 4 };

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

static bool is_shortcode(const Template *t) {
    return str_starts(t->name, S("shortcodes/")) ||
           str_starts(t->name, S("_shortcodes/"));
}

// Any body may use any shortcode: their templates count for all outputs.
static Hash hash_shortcodes(Job *job, const TemplateSet *layouts,
                            unsigned *reads) {
    Hasher h = {0};
    for (size_t i = 0; i < layouts->by_name.len; i++) {
        const Template *t = layouts->by_name.items[i].val;
        if (is_shortcode(t))
            hasher_hash(&h, layout_hash(job, layouts, t, reads));
    }
    return h.sum;
}

static Hash hash_site(const Site *site, Hash shortcodes) {
    Hasher h = {0};
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
    hasher_hash(&h, shortcodes);
    return h.sum;
}

static Hash hash_clock(const Site *site, ClockUse use) {
    Hasher h = {0};
    Date now = site->now;
    now.offset_minutes = site->cfg->zone;
    DateParts d = date_parts(now);
    hasher_int(&h, use ? d.year : 0);
    hasher_int(&h, use == CLOCK_DAY ? d.yearday : 0);
    return h.sum;
}

// --- cards

static Hash hash_stub(const Page *p) {
    Hasher h = {0};
    hasher_str(&h, p->id);
    hasher_str(&h, p->type->name);
    hasher_str(&h, p->title);
    if (p->link_title.ptr == p->title.ptr && p->link_title.len == p->title.len)
        hasher_int(&h, 0); // as it is nearly always
    else
        hasher_str(&h, p->link_title);
    hasher_str(&h, p->url);
    hasher_int(&h, p->phase);
    const Str shown[] = {p->type->valid_to, S("short"), p->type->names};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        const Value *v = value_get(&p->fields, shown[i]);
        hasher_int(&h, v != NULL);
        if (v)
            value_hash(&h, v);
    }
    return h.sum;
}

static void hash_field(Hasher *h, const Prints *in, const Value *v) {
    if (v->kind == VALUE_REF) {
        hasher_hash(h, in->stubs[v->as.ref->index]);
    } else if (v->kind == VALUE_LIST) {
        hasher_int(h, (int64_t)v->as.list.len);
        for (size_t i = 0; i < v->as.list.len; i++)
            hash_field(h, in, &v->as.list.items[i]);
    } else if (v->kind == VALUE_MAP && v->as.map) {
        hasher_int(h, (int64_t)v->as.map->len);
        for (size_t i = 0; i < v->as.map->len; i++) {
            hasher_str(h, v->as.map->items[i].key);
            hash_field(h, in, v->as.map->items[i].val);
        }
    } else {
        value_hash(h, v);
    }
}

static void hash_date(Hasher *h, Date d) {
    hasher_int(h, d.unix_seconds);
    hasher_int(h, d.offset_minutes * 16 + d.precision);
}

// But for the stub of its section.
static Hash hash_card(const Prints *in, const Page *p) {
    Hasher h = {in->stubs[p->index]};
    hasher_str(&h, p->sapo);
    hasher_str(&h, p->description);
    hash_date(&h, p->date);
    hash_date(&h, p->lastmod);
    hasher_int(&h, p->is_pinned);
    hasher_int(&h, p->kind);
    for (size_t i = 0; i < p->type->card.len; i++) {
        const Value *v = value_get(&p->fields, p->type->card.items[i]);
        hasher_int(&h, v != NULL);
        if (v)
            hash_field(&h, in, v);
    }
    const Value *image = value_get(&p->fields, S("image"));
    const Value *images = value_get(&p->fields, S("images"));
    if (image)
        hash_field(&h, in, image);
    if (images)
        hash_field(&h, in, images);
    return h.sum;
}

// What others see of a page; when the facts of all are known, its excerpt, too.
static void hash_shown(Hasher *h, const Prints *in, const Page *p) {
    hasher_hash(h, p ? in->shown[p->index] : (Hash){0});
    if (p && in->reads & READS_COUNT)
        hasher_int(h, (int64_t)p->members.len);
    if (p && in->excerpts && in->reads & READS_EXCERPT)
        hasher_hash(h, in->excerpts[p->index]);
}

static void hash_refs_in(Hasher *h, const Prints *in, const Value *v) {
    if (v->kind == VALUE_REF)
        hash_shown(h, in, v->as.ref);
    for (size_t i = 0; v->kind == VALUE_LIST && i < v->as.list.len; i++)
        hash_refs_in(h, in, &v->as.list.items[i]);
    for (size_t i = 0; v->kind == VALUE_MAP && v->as.map && i < v->as.map->len;
         i++)
        hash_refs_in(h, in, v->as.map->items[i].val);
}

// The cards of whom its fields name.
static void hash_refs(Hasher *h, const Prints *in, const Page *p) {
    if (in->has[p->index] & HAS_REFS)
        hash_refs_in(h, in, &p->fields);
}

// What the page's own front matter says: all its text counts, since messages
// tell the line.
static Hash hash_front(const Prints *in, const Page *p) {
    Hasher h = {0};
    hasher_hash(&h, p->head_hash);
    hasher_hash(&h, p->front_hash);
    hasher_hash(&h, in->stubs[p->index]);
    hash_field(&h, in, &p->fields);
    hasher_int(&h, p->phase);
    hasher_int(&h, p->is_pinned);
    return h.sum;
}

// By name only: the piece does not say how many others have the word.
static Hash hash_terms(const Prints *in, const Page *p) {
    Hasher h = {0};
    for (size_t i = 0; p->terms && i < in->site->cfg->ntaxonomies; i++) {
        hasher_int(&h, (int64_t)p->terms[i].len);
        for (size_t k = 0; k < p->terms[i].len; k++)
            hasher_hash(&h, in->stubs[p->terms[i].items[k]->index]);
    }
    return h.sum;
}

static unsigned char parts_of(const Page *p) {
    bool has_image =
        value_get(&p->fields, S("image")) || value_get(&p->fields, S("images"));
    return (unsigned char)((p->sapo.len ? HAS_SAPO : 0) |
                           (value_refers(&p->fields, NULL) ? HAS_REFS : 0) |
                           (has_image ? HAS_IMAGE : 0));
}

typedef struct {
    const Site *site;
    Prints *prints;
} Round;

static void print_page(Prints *out, const Page *p) {
    out->cards[p->index] = hash_card(out, p);
    out->fronts[p->index] = hash_front(out, p);
}

static void print_own(Job *job, size_t i, void *ctx) {
    const Round *r = ctx;
    const Page *p = r->site->pages.items[i];
    Prints *out = r->prints;
    (void)job;
    out->stubs[i] = hash_stub(p);
    out->has[i] = parts_of(p);
    if (!(out->has[i] & HAS_REFS))
        print_page(out, p);
}

// What the stubs of others are in.
static void print_linked(Job *job, size_t i, void *ctx) {
    const Round *r = ctx;
    const Page *p = r->site->pages.items[i];
    Prints *out = r->prints;
    (void)job;
    if (out->has[i] & HAS_REFS)
        print_page(out, p);
    Hasher card = {out->cards[i]};
    hasher_hash(&card, p->section ? out->stubs[p->section->index] : (Hash){0});
    out->cards[i] = card.sum;
    out->terms[i] = hash_terms(out, p);
}

void prints_learn(Job *job, const Hash *excerpts, Prints *prints) {
    size_t n = prints->site->pages.len;
    prints->excerpts = excerpts;
    prints->shown = prints->cards;
    if (!excerpts)
        return;
    Hash *shown = ARENA_ARRAY(job->keep, Hash, n);
    for (size_t i = 0; i < n; i++) {
        Hasher h = {prints->cards[i]};
        if (!(prints->has[i] & HAS_SAPO))
            hasher_hash(&h, excerpts[i]);
        shown[i] = h.sum;
    }
    prints->shown = shown;
}

void prints_make(Job *job, Pool *pool, const Site *site,
                 const TemplateSet *layouts, Prints *out) {
    size_t n = site->pages.len;
    Round r = {site, out};
    *out = (Prints){.site = site};
    out->site_hash =
        hash_site(site, hash_shortcodes(job, layouts, &out->reads));
    out->stubs = ARENA_ARRAY(job->keep, Hash, n);
    out->cards = ARENA_ARRAY(job->keep, Hash, n);
    out->fronts = ARENA_ARRAY(job->keep, Hash, n);
    out->terms = ARENA_ARRAY(job->keep, Hash, n);
    out->has = ARENA_ARRAY(job->keep, unsigned char, n);
    for (int use = 0; use < CLOCK_NUSES; use++)
        out->clocks[use] = hash_clock(site, (ClockUse)use);
    pool_each_or_here(pool, job, n, print_own, &r);
    pool_each_or_here(pool, job, n, print_linked, &r);
    prints_learn(job, NULL, out);
}

// --- outputs

static void hash_pages(Hasher *h, const Prints *in, const Pages *pages,
                       bool wants_body) {
    hasher_int(h, (int64_t)pages->len);
    for (size_t i = 0; i < pages->len; i++) {
        const Page *p = pages->items[i];
        hash_shown(h, in, p);
        if (wants_body) { // its shortcodes may show its own front matter
            hasher_hash(h, p->body_hash);
            hasher_hash(h, in->fronts[p->index]);
            hash_refs(h, in, p);
        }
    }
}

static void hash_inverse(Hasher *h, const Prints *in, const Page *p) {
    hasher_int(h, (int64_t)p->ninverse);
    for (size_t i = 0; i < p->ninverse; i++) {
        hasher_str(h, p->inverse[i].field);
        hash_shown(h, in, p->inverse[i].page);
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

static void hash_twins(Hasher *h, const Prints *in, const Page *p) {
    for (size_t i = 0; p && i < p->translations.len; i++)
        hasher_hash(h, in->stubs[p->translations.items[i]->index]);
}

// What stands round a page: whom it refers to, its neighbours, where it is.
static Hash hash_around(const Prints *in, const Output *out) {
    Hasher h = {0};
    const Page *p = out->page;
    hash_refs(&h, in, p);
    hash_shown(&h, in, p->prev);
    hash_shown(&h, in, p->next);
    hash_pages(&h, in, &p->related, false);
    hash_pages(&h, in, &p->children, false);
    hash_twins(&h, in, p);
    for (const Page *up = p->section; up; up = up->section)
        hasher_hash(&h, in->stubs[up->index]);
    for (const Page *up = page_above(p); up; up = page_above(up))
        hasher_hash(&h, in->stubs[up->index]);
    for (const Page *up = p->parent; up; up = up->parent)
        hash_shown(&h, in, up);
    hasher_hash(&h, in->terms[p->index]);
    if (p->owner)
        hasher_hash(&h, in->stubs[p->owner->index]);
    if (out->layout || in->reads & READS_COUNT)
        hasher_int(&h, (int64_t)p->members.len);
    if (out->layout) { // a partial may be given the page under any name
        hash_inverse(&h, in, p);
        hash_archives(&h, p);
    }
    return h.sum;
}

static void hash_selection(Hasher *h, const Prints *in, const Selection *s) {
    hasher_str(h, s->name);
    hash_pages(h, in, &s->items, s->wants_body);
    hasher_int(h, (int64_t)s->ngroups);
    for (size_t i = 0; i < s->ngroups; i++) {
        hasher_str(h, s->groups[i].key);
        hasher_str(h, s->groups[i].label);
        hasher_str(h, s->groups[i].url);
        hasher_int(h, (int64_t)s->groups[i].count);
        hash_pages(h, in, &s->groups[i].items, s->wants_body);
    }
}

static bool is_feed(const Output *out) {
    return out->kind == OUT_RSS || out->kind == OUT_ATOM ||
           out->kind == OUT_JSONFEED;
}

// Authors, categories, the window, the picture: more than is on the card.
static void hash_entries_of(Hasher *h, Arena *a, const Prints *in,
                            const Output *out) {
    for (size_t i = 0; i < out->items.len; i++) {
        const Page *p = out->items.items[i];
        Enclosure e = {0};
        hasher_hash(h, in->fronts[p->index]);
        hash_refs(h, in, p);
        hasher_hash(h, in->terms[p->index]);
        ArenaMark mark = arena_mark(a);
        if (is_feed(out) && in->has[p->index] & HAS_IMAGE &&
            plan_enclosure(a, in->site, p, &e))
            hasher_int(h, e.size);
        arena_reset(a, mark);
    }
}

static Hash hash_list(Arena *a, const Prints *in, const Output *out) {
    Hasher h = {0};
    if (out->pager) {
        hasher_int(&h, (int64_t)out->pager->number);
        hasher_int(&h, (int64_t)out->pager->total);
        hasher_int(&h, (int64_t)out->pager->count);
    }
    for (size_t i = 0; i < out->nselections; i++)
        hash_selection(&h, in, &out->selections[i]);
    hash_pages(&h, in, &out->items, in->site->cfg->feed_full);
    if (is_feed(out) || out->kind == OUT_ICAL)
        hash_entries_of(&h, a, in, out);
    hasher_str(&h, out->title);
    for (size_t i = 0; i < out->urls.len; i++) {
        hasher_str(&h, out->urls.items[i].url);
        hash_twins(&h, in, out->urls.items[i].page);
        hash_date(&h, out->urls.items[i].lastmod);
    }
    return h.sum;
}

static Hash hash_file(const Source *file) {
    Hasher h = {0};
    hasher_int(&h, (int64_t)file->entry.size);
    hasher_int(&h, file->entry.mtime_ns);
    hasher_int(&h, file->entry.ctime_ns);
    hasher_int(&h, (int64_t)file->entry.inode);
    return h.sum;
}

static Hash hash_body(const Page *p) {
    Hasher h = {p->body_hash};
    hasher_int(&h, p->body_line);
    return h.sum;
}

Fingerprint fingerprint_output(Arena *scratch, const Prints *all,
                               const Output *out) {
    Prints own = *all;
    const Prints *in = &own;
    own.reads |= out->reads;
    Hash parts[PRINT_NPARTS] = {
        [PRINT_SITE] = in->site_hash, [PRINT_LAYOUT] = out->layout_hash};
    if (out->layout)
        parts[PRINT_CLOCK] = in->clocks[out->clock];
    if (out->page) {
        parts[PRINT_FRONT] = in->fronts[out->page->index];
        parts[PRINT_BODY] = hash_body(out->page);
        parts[PRINT_AROUND] = hash_around(in, out);
    }
    parts[PRINT_LIST] = hash_list(scratch, in, out);
    if (out->file)
        parts[PRINT_FILE] = hash_file(out->file);
    Hasher h = {0};
    Fingerprint print;
    hasher_int(&h, out->kind);
    hasher_str(&h, out->path);
    for (int i = 0; i < PRINT_NPARTS; i++) {
        hasher_hash(&h, parts[i]);
        print.parts[i] = parts[i].lo;
    }
    print.sum = h.sum;
    return print;
}

Hash fingerprint_facts(const Prints *in, const Page *page, bool is_own_read) {
    Hasher h = {in->site_hash};
    hasher_hash(&h, page->head_hash);
    hasher_hash(&h, page->body_hash);
    hasher_hash(&h, page->front_hash); // cascaded keys, too
    hasher_hash(&h, in->stubs[page->index]);
    if (is_own_read) {
        Output out = {.page = page};
        hasher_hash(&h, in->fronts[page->index]);
        hasher_hash(&h, hash_around(in, &out));
    }
    return h.sum;
}
