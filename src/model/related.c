// Related pieces: those that share the most telling field first (campaign, then
// unit, then topic), newest first among the ones not newer than the piece, so
// that a new piece rewrites no old page.

#include <string.h>

#include "base/text.h"
#include "model/builder.h"

typedef struct {
    const Page **items; // newest first
    size_t len, cap;
    size_t passed; // members at or before the piece at work
} Bucket;

typedef struct {
    Builder *b;
    Map buckets;    // field NUL value -> Bucket *; NUL is the language
    Bucket **terms; // by page: those of the pages of terms
    uint8_t lang;   // of the piece at work
    Bucket ***uses; // [piece in regular][n]: its buckets, by field; NULL ends a
                    // field, and there is one for each field
    Bucket **room;  // for those of one piece
} Index;

enum {
    MAX_PICKED = 16,  // related.limit is at most this
    MAX_VALUES = 100, // of one field of one piece; more say nothing
};

static void bucket_add(Arena *a, Bucket *bucket, const Page *p) {
    if (bucket->len && bucket->items[bucket->len - 1] == p)
        return;
    if (bucket->len == bucket->cap) {
        size_t cap = bucket->cap ? 2 * bucket->cap : 4;
        const Page **grown = ARENA_ARRAY(a, const Page *, cap);
        if (bucket->len)
            memcpy(grown, bucket->items, bucket->len * sizeof *grown);
        bucket->items = grown;
        bucket->cap = cap;
    }
    bucket->items[bucket->len++] = p;
}

static Bucket *bucket_of(Index *x, Str field, Str value) {
    Arena *a = x->b->job->scratch;
    Str key = str_fmt(a, "%.*s%c%.*s", STR_ARG(field), x->lang, STR_ARG(value));
    Bucket *bucket = map_get(&x->buckets, key);
    if (!bucket) {
        bucket = ARENA_NEW(a, Bucket);
        map_add(&x->buckets, key, bucket);
    }
    return bucket;
}

// A page of a term is of one taxonomy and one language.
static Bucket *bucket_of_term(Index *x, const Page *term) {
    Bucket **at = &x->terms[term->index];
    if (!*at)
        *at = ARENA_NEW(x->b->job->scratch, Bucket);
    return *at;
}

typedef struct {
    Bucket **items;
    size_t len, max; // max: where the field at work has to stop
} Found;

static void find_value(Index *x, Str field, const Value *v, Found *out) {
    if (out->len == out->max)
        return;
    if (v->kind == VALUE_LIST)
        for (size_t i = 0; i < v->as.list.len; i++)
            find_value(x, field, &v->as.list.items[i], out);
    else if (v->kind == VALUE_REF)
        out->items[out->len++] =
            bucket_of(x, field, ((const Page *)v->as.ref)->path);
    else if (v->kind == VALUE_STR)
        out->items[out->len++] =
            bucket_of(x, field, text_key(x->b->job->scratch, v->as.s));
}

static size_t taxonomy_at(const Config *cfg, Str field) {
    size_t i = 0;
    while (i < cfg->ntaxonomies && !str_eq(cfg->taxonomies[i].plural, field))
        i++;
    return i;
}

static void find_buckets(Index *x, const Page *p, Str field, Found *out) {
    const Config *cfg = x->b->in->cfg;
    size_t at = taxonomy_at(cfg, field);
    const Value *v = value_get(&p->fields, field);
    if (at < cfg->ntaxonomies) {
        for (size_t i = 0; i < p->terms[at].len && out->len < out->max; i++)
            out->items[out->len++] = bucket_of_term(x, p->terms[at].items[i]);
    } else if (v) {
        find_value(x, field, v, out);
    }
}

static void index_piece(Index *x, size_t i) {
    const Page *p = x->b->site->regular.items[i];
    Arena *a = x->b->job->scratch;
    Strs fields = x->b->in->cfg->related_fields;
    Found found = {.items = x->room};
    x->lang = p->lang;
    for (size_t f = 0; f < fields.len; f++) {
        size_t from = found.len;
        found.max = from + MAX_VALUES;
        if (page_is_dated(p))
            find_buckets(x, p, fields.items[f], &found);
        for (size_t k = from; k < found.len; k++)
            bucket_add(a, found.items[k], p);
        found.items[found.len++] = NULL;
    }
    x->uses[i] = ARENA_ARRAY(a, Bucket *, found.len);
    memcpy(x->uses[i], found.items, found.len * sizeof *found.items);
}

// --- picking

typedef struct {
    const Page *items[MAX_PICKED];
    size_t len, limit;
} Picked;

static bool is_newer(const Page *x, const Page *y) {
    int c = date_cmp(y->date, x->date);
    if (!c)
        c = str_cmp(x->id, y->id);
    return c ? c < 0 : str_cmp(x->path, y->path) < 0;
}

// Keeps items[from..] newest first and no longer than the limit.
static void pick(Picked *out, size_t from, const Page *p) {
    for (size_t i = 0; i < out->len; i++)
        if (out->items[i] == p)
            return;
    size_t at = out->len;
    while (at > from && is_newer(p, out->items[at - 1]))
        at--;
    if (at >= out->limit)
        return;
    if (out->len < out->limit)
        out->len++;
    memmove(out->items + at + 1, out->items + at,
            (out->len - 1 - at) * sizeof *out->items);
    out->items[at] = p;
}

static Pages pick_for(Index *x, size_t i) {
    Builder *b = x->b;
    const Page *self = b->site->regular.items[i];
    Picked out = {.limit = (size_t)b->in->cfg->related_limit};
    if (out.limit > MAX_PICKED)
        out.limit = MAX_PICKED;
    Bucket **at = x->uses[i];
    for (size_t f = 0; f < b->in->cfg->related_fields.len; f++, at++) {
        size_t from = out.len;
        for (; *at; at++) {
            Bucket *bucket = *at;
            if (bucket->passed < bucket->len &&
                bucket->items[bucket->passed] == self)
                bucket->passed++;
            for (size_t k = bucket->passed;
                 k < bucket->len && k < bucket->passed + out.limit; k++)
                pick(&out, from, bucket->items[k]);
        }
        if (out.len == out.limit)
            break;
    }
    Pages pages = pages_new(b->job->keep, out.len);
    if (out.len)
        memcpy(pages.items, out.items, out.len * sizeof *out.items);
    return pages;
}

// A field that was not looked at still has to be counted as passed.
static void pass_rest(Index *x, size_t i) {
    const Page *self = x->b->site->regular.items[i];
    Bucket **at = x->uses[i];
    for (size_t f = 0; f < x->b->in->cfg->related_fields.len; f++, at++)
        for (; *at; at++)
            if ((*at)->passed < (*at)->len &&
                (*at)->items[(*at)->passed] == self)
                (*at)->passed++;
}

void related_build(Builder *b) {
    ArenaMark mark = arena_mark(b->job->scratch);
    size_t n = b->site->regular.len;
    Index x = {.b = b};
    x.buckets.arena = b->job->scratch;
    x.terms = ARENA_ARRAY(b->job->scratch, Bucket *, b->len);
    x.uses = ARENA_ARRAY(b->job->scratch, Bucket **, n);
    x.room = ARENA_ARRAY(b->job->scratch, Bucket *,
                         b->in->cfg->related_fields.len * (MAX_VALUES + 1));
    for (size_t i = 0; i < n; i++)
        index_piece(&x, i);
    for (size_t i = 0; i < n; i++) {
        builder_page(b, b->site->regular.items[i])->related = pick_for(&x, i);
        pass_rest(&x, i);
    }
    arena_reset(b->job->scratch, mark);
}
