// Running a select: candidates, conditions, order, cut, groups.

#include "plan/select.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/collate.h"
#include "plan/group.h"

typedef struct {
    Job *job;
    const Site *site;
    const Select *s;
    const Page *page;
    size_t lang; // of what is listed; past the last: no language of the site
    Pages kin;   // the page and, with `lineage`, those it came from
} Run;

// --- conditions

static bool is_text(const Value *v, Str want) {
    switch (v->kind) {
    case VALUE_STR:
        return str_eq(v->as.s, want);
    case VALUE_REF:
        return str_eq(((const Page *)v->as.ref)->id, want);
    case VALUE_BOOL: {
        bool b;
        Value word = value_str(want);
        word.flags = VALUE_PLAIN;
        return value_to_bool(&word, &b) && b == v->as.b;
    }
    case VALUE_FLOAT: {
        double f;
        return str_to_float(want, &f) && f == v->as.f;
    }
    case VALUE_INT: {
        int64_t n;
        return str_to_int(want, &n) && n == v->as.i;
    }
    default:
        return false;
    }
}

static bool has_text(const Value *v, Str want) {
    if (v->kind != VALUE_LIST)
        return is_text(v, want);
    for (size_t i = 0; i < v->as.list.len; i++)
        if (is_text(&v->as.list.items[i], want))
            return true;
    return false;
}

static bool shares(const Value *have, const Value *want) {
    if (want->kind == VALUE_LIST) {
        for (size_t i = 0; i < want->as.list.len; i++)
            if (shares(have, &want->as.list.items[i]))
                return true;
        return false;
    }
    if (want->kind == VALUE_REF)
        return value_refers(have, want->as.ref);
    return want->kind == VALUE_STR && has_text(have, want->as.s);
}

static bool has_page(const Pages *pages, const Page *page) {
    for (size_t i = 0; i < pages->len; i++)
        if (pages->items[i] == page)
            return true;
    return false;
}

// By its address or its name, in any spelling.
static bool is_term(const Run *r, const Page *term, Str want) {
    ArenaMark mark = arena_mark(r->job->scratch);
    bool is = str_eq(term->id, want) || str_eq(path_base(term->path), want) ||
              str_eq(text_key(r->job->scratch, term->title),
                     text_key(r->job->scratch, want));
    arena_reset(r->job->scratch, mark);
    return is;
}

static bool matches_terms(const Run *r, const Where *w, const Pages *terms) {
    if (w->kind == WHERE_TERM || w->kind == WHERE_PAGE_ID)
        return r->page && has_page(terms, r->page);
    if (w->kind == WHERE_PAGE_FIELD) {
        const Pages *want = group_terms(r->site, r->page, w->name);
        for (size_t i = 0; want && i < want->len; i++)
            if (has_page(terms, want->items[i]))
                return true;
        return false;
    }
    for (size_t i = 0; i < terms->len; i++)
        for (size_t k = 0; k < w->want.len; k++)
            if (is_term(r, terms->items[i], w->want.items[k]))
                return true;
    return false;
}

// Whether a value names the page or, with `lineage`, one it came from.
static bool has_kin(const Run *r, const Value *v) {
    for (size_t i = 0; i < r->kin.len; i++)
        if (value_refers(v, r->kin.items[i]))
            return true;
    return false;
}

static bool matches_value(const Run *r, const Where *w, const Page *p,
                          const Value *v) {
    if (w->kind == WHERE_PAGE_ID || w->kind == WHERE_TERM)
        return has_kin(r, v);
    if (w->kind == WHERE_PAGE_FIELD) {
        Value of_page;
        const Value *want =
            r->page ? group_field(r->page, w->name, &of_page) : NULL;
        return want && p != r->page && shares(v, want);
    }
    for (size_t i = 0; i < w->want.len; i++)
        if (has_text(v, w->want.items[i]))
            return true;
    return false;
}

// `unit.level`: through a ref, a map, or any of a list of them.
static bool matches_then(const Run *r, const Where *w, const Page *p,
                         const Value *v) {
    if (v->kind == VALUE_LIST) {
        for (size_t i = 0; i < v->as.list.len; i++)
            if (matches_then(r, w, p, &v->as.list.items[i]))
                return true;
        return false;
    }
    Value made;
    const Value *inner = v->kind == VALUE_REF
                             ? group_field(v->as.ref, w->then, &made)
                             : value_get(v, w->then);
    return inner && matches_value(r, w, p, inner);
}

static bool matches(const Run *r, const Where *w, const Page *p) {
    const Pages *terms = group_terms(r->site, p, w->field);
    if (terms && !w->then.len && !value_get(&p->fields, w->field))
        return matches_terms(r, w, terms);
    Value made;
    const Value *v = group_field(p, w->field, &made);
    if (!v)
        return false;
    return w->then.len ? matches_then(r, w, p, v) : matches_value(r, w, p, v);
}

static bool is_of_type(const Select *s, const Page *p) {
    for (size_t i = 0; i < s->types.len; i++)
        if (str_eq(s->types.items[i], p->type->name))
            return true;
    return s->types.len == 0;
}

// In a section; what a taxonomy or a term has are the candidates already.
static bool is_below(const Page *p, const Page *list) {
    if (!list)
        return false;
    if (list->kind != PAGE_HOME && list->kind != PAGE_SECTION)
        return true;
    const Page *up = p->section;
    while (up && up != list)
        up = up->section;
    return up != NULL;
}

static bool is_wanted(const Run *r, const Page *p) {
    const Select *s = r->s;
    if (p->is_unlisted || !is_of_type(s, p) ||
        (s->in.len && !is_below(p, select_list(s, (uint8_t)r->lang))))
        return false;
    if (s->when.len && !str_eq(s->when, page_phase_name(p)))
        return false;
    for (size_t i = 0; i < s->nwhere; i++)
        if (!matches(r, &s->where[i], p))
            return false;
    return true;
}

// --- candidates

// The page and those before it, each once: two that became one and parted again
// meet in a forebear. `pages` grows while it is walked.
static void add_forebears(const Page *page, Pages *pages, size_t cap) {
    const Value *before = value_get(&page->fields, page->type->prev);
    size_t n = !before                      ? 0
               : before->kind == VALUE_LIST ? before->as.list.len
                                            : 1;
    for (size_t i = 0; i < n && pages->len < cap; i++) {
        const Value *v =
            before->kind == VALUE_LIST ? &before->as.list.items[i] : before;
        if (v->kind == VALUE_REF && !has_page(pages, v->as.ref))
            pages->items[pages->len++] = v->as.ref;
    }
}

enum { MAX_KIN = 256 };

static Pages kin_of(const Run *r) {
    size_t cap = !r->page ? 0 : r->s->is_lineage ? MAX_KIN : 1;
    Pages out = {ARENA_ARRAY(r->job->scratch, const Page *, cap), 0};
    if (cap)
        out.items[out.len++] = r->page;
    for (size_t i = 0; cap > 1 && i < out.len; i++)
        if (out.items[i]->type)
            add_forebears(out.items[i], &out, cap);
    return out;
}

// Who refers to the page or its forebears: the only pages a `$page.id`
// condition can mean. Those of one page are in order and need no sorting.
static Pages referrers(const Run *r) {
    Arena *a = r->job->scratch;
    size_t n = 0;
    for (size_t i = 0; i < r->kin.len; i++)
        n += r->kin.items[i]->ninverse;
    Pages out = {ARENA_ARRAY(a, const Page *, n), 0};
    for (size_t k = 0; k < r->kin.len; k++) {
        const Page *page = r->kin.items[k];
        for (size_t i = 0; i < page->ninverse; i++)
            out.items[out.len++] = page->inverse[i].page;
    }
    if (r->kin.len > 1)
        pages_sort(&out);
    n = out.len;
    out.len = 0;
    for (size_t i = 0; i < n; i++) // one that names two of them, or one twice
        if (!out.len || out.items[out.len - 1] != out.items[i])
            out.items[out.len++] = out.items[i];
    return out;
}

static bool asks_for_page(const Run *r) {
    for (size_t i = 0; r->page && i < r->s->nwhere; i++) {
        const Where *w = &r->s->where[i];
        if (w->kind == WHERE_PAGE_ID && !w->then.len &&
            r->page->kind == PAGE_REGULAR)
            return true;
    }
    return false;
}

static Pages candidates(const Run *r) {
    const Select *s = r->s;
    if (r->lang >= r->site->cfg->nlanguages)
        return (Pages){0};
    if (s->in_page && s->lang.len && r->page) {
        const Page *page = page_translation(r->page, (uint8_t)r->lang);
        return page ? page->members : (Pages){0};
    }
    if (s->in_page)
        return r->page ? r->page->members : (Pages){0};
    if (asks_for_page(r))
        return referrers(r);
    if (!s->in.len)
        return r->site->editions[r->lang].regular;
    const Page *list = select_list(s, (uint8_t)r->lang);
    return list ? list->members : (Pages){0};
}

static size_t language_of(const Site *site, const Select *s, size_t usual) {
    size_t i = 0;
    if (!s->lang.len)
        return usual;
    while (i < site->cfg->nlanguages &&
           !str_eq(site->editions[i].language->key, s->lang))
        i++;
    return i;
}

const Page *select_list(const Select *s, uint8_t lang) {
    return s->list ? page_translation(s->list, lang) : NULL;
}

// --- order

typedef struct {
    const Page *page;
    double number;
    Str text;
    size_t at;
    bool is_missing;
} Item;

static int by_value(const Item *x, const Item *y) {
    if (x->is_missing != y->is_missing)
        return 0;
    int c = (x->number > y->number) - (x->number < y->number);
    return c ? c : str_cmp(x->text, y->text);
}

// Pages without the field come last, whatever the direction.
static int compare(const Item *x, const Item *y, int sign) {
    int c = x->is_missing - y->is_missing;
    if (!c)
        c = sign * by_value(x, y);
    if (!c)
        c = str_cmp(x->page->id, y->page->id);
    return c ? c : (x->at > y->at) - (x->at < y->at);
}

static int ascending(const void *a, const void *b) {
    return compare(a, b, 1);
}

static int descending(const void *a, const void *b) {
    return compare(a, b, -1);
}

static void set_date(Item *item, Date d) {
    item->number = (double)d.unix_seconds;
    item->is_missing = !date_is_set(d);
}

// By year, then number: a law has its year in the number, the others that of
// the date that goes with it.
static bool set_number(Item *item, const Value *v) {
    const Page *p = item->page;
    const Value *n = value_get(v, S("sequence"));
    if (!n || n->kind != VALUE_INT)
        return false;
    const Value *year = value_get(v, S("year"));
    const Value *issued = value_get(&p->fields, p->type->library_issued);
    Date d = issued && issued->kind == VALUE_DATE ? issued->as.date : p->date;
    int64_t y =
        year && year->kind == VALUE_INT ? year->as.i : date_parts(d).year;
    item->number = (double)y * 1e7 + (double)n->as.i;
    item->text = value_get_str(v, S("key"));
    return true;
}

static void set_key(Item *item, Str field) {
    const Page *p = item->page;
    Value made;
    if (str_eq(field, S("date"))) {
        set_date(item, p->date);
        return;
    }
    if (str_eq(field, S("lastmod"))) {
        set_date(item, p->lastmod);
        return;
    }
    if (str_eq(field, S("weight"))) {
        item->number = (double)p->weight;
        item->is_missing = p->weight == 0;
        return;
    }
    const Value *v = group_field(p, field, &made);
    if (v && v->kind == VALUE_MAP && set_number(item, v))
        return;
    if (v && v->kind == VALUE_MAP)
        v = value_get(v, S("from"));
    item->is_missing = !v || v->kind == VALUE_NULL;
    if (v && v->kind == VALUE_DATE)
        item->number = (double)v->as.date.unix_seconds;
    else if (v && v->kind == VALUE_INT)
        item->number = (double)v->as.i;
    else if (v && v->kind == VALUE_FLOAT)
        item->number = v->as.f;
    else if (v && v->kind == VALUE_BOOL)
        item->number = v->as.b;
    else if (v && v->kind == VALUE_STR)
        item->text = v->as.s;
}

// Titles sort by the rules of the language: rank takes the place of text.
static void rank_titles(const Run *r, Item *items, size_t n) {
    Str *names = ARENA_ARRAY(r->job->scratch, Str, n);
    size_t *order = ARENA_ARRAY(r->job->scratch, size_t, n);
    for (size_t i = 0; i < n; i++)
        names[i] = items[i].page->title;
    collate_order(r->job, config_language(r->site->cfg, r->lang)->key, names, n,
                  order);
    for (size_t i = 0; i < n; i++) {
        items[order[i]].number = (double)i;
        items[order[i]].text = (Str){0};
        items[order[i]].is_missing = false;
    }
}

static void sort_pages(const Run *r, Pages *pages) {
    const Select *s = r->s;
    if (str_eq(s->sort, S("date")) && s->is_descending)
        return; // every list is in that order already
    Item *items = ARENA_ARRAY(r->job->scratch, Item, pages->len);
    for (size_t i = 0; i < pages->len; i++) {
        items[i] = (Item){.page = pages->items[i], .at = i};
        set_key(&items[i], s->sort);
    }
    if (str_eq(s->sort, S("title")))
        rank_titles(r, items, pages->len);
    if (pages->len)
        qsort(items, pages->len, sizeof *items,
              s->is_descending ? descending : ascending);
    for (size_t i = 0; i < pages->len; i++)
        pages->items[i] = items[i].page;
}

static Pages copy(Arena *a, Pages from, size_t start, size_t end) {
    size_t n = end > start ? end - start : 0;
    Pages out = {ARENA_ARRAY(a, const Page *, n), n};
    if (n)
        memcpy(out.items, from.items + start, n * sizeof *out.items);
    return out;
}

// A list that nothing filters is the members themselves, uncopied.
static bool is_whole(const Select *s) {
    return s->in_page && !s->lang.len && !s->types.len && !s->nwhere &&
           !s->when.len && str_eq(s->sort, S("date")) && s->is_descending &&
           !s->is_pinned_first && !s->offset;
}

Pages select_pinned_first(Arena *a, Pages all, Pages head) {
    size_t n = 0, k = 0;
    for (size_t i = 0; i < all.len; i++)
        n += all.items[i]->is_pinned;
    if (!n)
        return head;
    Pages out = {ARENA_ARRAY(a, const Page *, n + head.len), 0};
    for (size_t i = 0; k < n; i++)
        if (all.items[i]->is_pinned)
            out.items[k++] = all.items[i];
    for (size_t i = 0; i < head.len; i++)
        if (!head.items[i]->is_pinned)
            out.items[k++] = head.items[i];
    out.len = k;
    return out;
}

Selection select_run(Job *job, const Site *site, const Select *s,
                     const Page *page, uint8_t lang) {
    Selection out = {.name = s->name, .wants_body = s->wants_body};
    Run r = {job, site, s, page, language_of(site, s, page ? page->lang : lang),
             {0}};
    ArenaMark mark = arena_mark(job->scratch);
    r.kin = kin_of(&r);
    Pages all = candidates(&r), wanted = all;
    size_t limit = s->limit < 0 ? SIZE_MAX : (size_t)s->limit;
    size_t enough = SIZE_MAX; // sorted already: no need to look further
    if (str_eq(s->sort, S("date")) && s->is_descending && !s->is_pinned_first &&
        limit != SIZE_MAX)
        enough = limit + (size_t)s->offset;
    if (!is_whole(s)) {
        wanted = (Pages){ARENA_ARRAY(job->scratch, const Page *, all.len), 0};
        for (size_t i = 0; i < all.len && wanted.len < enough; i++)
            if (is_wanted(&r, all.items[i]))
                wanted.items[wanted.len++] = all.items[i];
        sort_pages(&r, &wanted);
        if (s->is_pinned_first)
            wanted = select_pinned_first(job->scratch, wanted, wanted);
    }
    size_t from =
        (size_t)s->offset < wanted.len ? (size_t)s->offset : wanted.len;
    size_t to = limit < wanted.len - from ? from + limit : wanted.len;
    if (s->group_by.len)
        group_pages(job, site, s, page, page ? page->lang : lang,
                    (Pages){wanted.items + from, to - from}, &out);
    else if (is_whole(s))
        out.items = (Pages){wanted.items, to};
    else
        out.items = copy(job->keep, wanted, from, to);
    arena_reset(job->scratch, mark);
    return out;
}
