// Related pieces: those that share the most telling field first (campaign, then
// unit, then topic), newest first among the ones not newer than the piece, so
// that a new piece rewrites no old page.

#include <string.h>

#include "base/text.h"
#include "model/builder.h"

// The pieces with one value, by their places in `regular`: newest first.
typedef struct {
    uint32_t *items;
    size_t len, cap;
} Bucket;

// A piece in a bucket: those behind it are not newer.
typedef struct {
    const Bucket *bucket; // NULL ends a field
    size_t next;
} Use;

typedef struct {
    Builder *b;
    size_t *taxonomies; // by field: which one of the config it is, if any
    Map buckets;        // field NUL value -> Bucket *; NUL is the language
    Bucket **terms;     // by page: those of the pages of terms
    uint8_t lang;       // of the piece at work
    Use **uses;         // [piece in regular]: by field
} Index;

enum {
    MAX_PICKED = 16,  // related.limit is at most this
    MAX_VALUES = 100, // of one field of one piece; more say nothing
};

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

static void find_buckets(Index *x, const Page *p, size_t f, Found *out) {
    const Config *cfg = x->b->in->cfg;
    Str field = cfg->related_fields.items[f];
    size_t at = x->taxonomies[f];
    if (at < cfg->ntaxonomies) {
        for (size_t i = 0; i < p->terms[at].len && out->len < out->max; i++)
            out->items[out->len++] = bucket_of_term(x, p->terms[at].items[i]);
        return;
    }
    const Value *v = value_get(&p->fields, field);
    if (v)
        find_value(x, field, v, out);
}

// A value twice in one piece counts once.
static Use add_piece(Arena *a, Bucket *bucket, uint32_t piece) {
    if (bucket->len && bucket->items[bucket->len - 1] == piece)
        return (Use){bucket, bucket->len};
    bucket->items = arena_grow(a, bucket->items, bucket->len, &bucket->cap,
                               sizeof *bucket->items);
    bucket->items[bucket->len++] = piece;
    return (Use){bucket, bucket->len};
}

static void index_piece(Index *x, uint32_t piece, Found *found) {
    const Page *p = x->b->site->regular.items[piece];
    Arena *a = x->b->job->scratch;
    size_t nfields = x->b->in->cfg->related_fields.len;
    if (!page_is_dated(p))
        return;
    found->len = 0;
    x->lang = p->lang;
    for (size_t f = 0; f < nfields; f++) {
        found->max = found->len + MAX_VALUES;
        find_buckets(x, p, f, found);
        found->items[found->len++] = NULL;
    }
    Use *uses = ARENA_ROOM(a, Use, found->len);
    for (size_t i = 0; i < found->len; i++)
        uses[i] =
            found->items[i] ? add_piece(a, found->items[i], piece) : (Use){0};
    x->uses[piece] = uses;
}

// --- picking

typedef struct {
    uint32_t items[MAX_PICKED];
    size_t len, limit;
} Picked;

// Keeps items[from..] newest first and no longer than the limit.
static void pick(Picked *out, size_t from, uint32_t piece) {
    for (size_t i = 0; i < out->len; i++)
        if (out->items[i] == piece)
            return;
    size_t at = out->len;
    while (at > from && piece < out->items[at - 1])
        at--;
    if (at >= out->limit)
        return;
    if (out->len < out->limit)
        out->len++;
    memmove(out->items + at + 1, out->items + at,
            (out->len - 1 - at) * sizeof *out->items);
    out->items[at] = piece;
}

static void pick_from(Picked *out, const Use *use, size_t from) {
    const Bucket *bucket = use->bucket;
    size_t end = use->next + out->limit;
    for (size_t k = use->next; k < bucket->len && k < end; k++)
        pick(out, from, bucket->items[k]);
}

static Pages pick_for(const Builder *b, const Use *use) {
    Picked out = {.limit = (size_t)b->in->cfg->related_limit};
    if (out.limit > MAX_PICKED)
        out.limit = MAX_PICKED;
    for (size_t f = 0;
         f < b->in->cfg->related_fields.len && out.len < out.limit;
         f++, use++) {
        size_t from = out.len;
        for (; use->bucket; use++)
            pick_from(&out, use, from);
    }
    Pages pages = pages_new(b->job->keep, out.len);
    for (size_t i = 0; i < out.len; i++)
        pages.items[i] = b->site->regular.items[out.items[i]];
    return pages;
}

void related_build(Builder *b) {
    Arena *tmp = b->job->scratch;
    ArenaMark mark = arena_mark(tmp);
    Strs fields = b->in->cfg->related_fields;
    const Pages *regular = &b->site->regular;
    Index x = {.b = b};
    x.buckets.arena = tmp;
    x.terms = ARENA_ARRAY(tmp, Bucket *, b->len);
    x.uses = ARENA_ARRAY(tmp, Use *, regular->len);
    x.taxonomies = ARENA_ARRAY(tmp, size_t, fields.len);
    for (size_t f = 0; f < fields.len; f++)
        x.taxonomies[f] = taxonomy_at(b->in->cfg, fields.items[f]);
    Found found = {
        .items = ARENA_ARRAY(tmp, Bucket *, fields.len * (MAX_VALUES + 1))};
    for (size_t i = 0; i < regular->len; i++)
        index_piece(&x, (uint32_t)i, &found);
    for (size_t i = 0; i < regular->len; i++)
        if (x.uses[i])
            builder_page(b, regular->items[i])->related =
                pick_for(b, x.uses[i]);
    arena_reset(tmp, mark);
}
