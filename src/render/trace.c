#include "render/trace.h"

#include <stdio.h>

#include "parse/csv.h"
#include "render/body.h"
#include "render/shortcode.h"

enum { LOOK_BACK = 16 };

static bool is_same(const Ask *ask, AskKind kind, const Page *from, Str key) {
    return ask->kind == kind && ask->from == from && str_eq(ask->key, key);
}

static Ask *add(Trace *t) {
    t->items =
        arena_grow(t->arena, t->items, t->len, &t->cap, sizeof *t->items);
    return &t->items[t->len++];
}

// The same question often comes twice in a row: from a link and its check.
void trace_note(Job *job, AskKind kind, const Page *from, Str key) {
    Trace *t = job->trace;
    if (!t)
        return;
    t->asked++;
    size_t first = t->len > LOOK_BACK ? t->len - LOOK_BACK : 0;
    for (size_t i = first; i < t->len; i++)
        if (is_same(&t->items[i], kind, from, key))
            return;
    *add(t) = (Ask){kind, from, str_copy(t->arena, key)};
}

bool trace_is_before(Job *job, const World *w, const Page *from, Date when) {
    char text[24];
    int n = snprintf(text, sizeof text, "%lld", (long long)when.unix_seconds);
    trace_note(job, ASK_BEFORE, from, (Str){text, (size_t)n});
    return w->site->now.unix_seconds < when.unix_seconds;
}

// --- answers

static const Source *file_of(Arena *a, const World *w, const Ask *ask) {
    Target t = site_resolve(a, w->site, ask->from, ask->key);
    return t.resource ? t.resource->src : t.file;
}

static void answer_link(Hasher *h, Job *job, const World *w, const Ask *ask) {
    LinkResult r =
        body_link(job, w, ask->from, ask->key, ask->kind == ASK_IMAGE);
    hasher_int(h, r.action);
    hasher_str(h, r.url);
    hasher_int(h, (int64_t)r.width << 32 | r.height);
    hasher_int(h, r.is_external);
}

static void answer_number(Hasher *h, Job *job, const World *w, const Ask *ask) {
    NumberLink link = {0};
    body_number(job, w, ask->from, ask->key, &link);
    hasher_str(h, link.url);
    hasher_str(h, link.title);
}

static void answer_file(Hasher *h, Job *job, const World *w, const Ask *ask) {
    const Source *src = file_of(job->scratch, w, ask);
    hasher_str(h, src ? src->rel : (Str){0});
    hasher_int(h, src ? (int64_t)src->entry.size : -1);
}

static void answer_table(Hasher *h, Job *job, const World *w, const Ask *ask) {
    const Source *src = file_of(job->scratch, w, ask);
    Str bytes = {0};
    if (src)
        fs_read(job, job->scratch, &w->site->sources->root, src->path,
                CSV_MAX_BYTES, &bytes);
    hasher_str(h, bytes);
}

static void answer(Hasher *h, Job *job, const World *w, const Ask *ask) {
    Value page;
    int64_t when;
    switch (ask->kind) {
    case ASK_LINK:
    case ASK_IMAGE:
        answer_link(h, job, w, ask);
        break;
    case ASK_PAGE:
        page = shortcode_page(job, w, ask->from, ask->key);
        value_hash(h, &page);
        break;
    case ASK_NUMBER:
        answer_number(h, job, w, ask);
        break;
    case ASK_FILE:
        answer_file(h, job, w, ask);
        break;
    case ASK_TABLE:
        answer_table(h, job, w, ask);
        break;
    case ASK_BEFORE:
        hasher_int(h, str_to_int(ask->key, &when) &&
                          w->site->now.unix_seconds < when);
        break;
    case ASK_NKINDS:
        break;
    }
}

// What the answer would have said is part of it.
static void hash_messages(Hasher *h, const Diags *d) {
    for (size_t i = 0; i < d->len; i++) {
        hasher_str(h, d->items[i].message);
        hasher_str(h, d->items[i].hint);
    }
}

static Hash answer_one(Job *job, const World *w, const Ask *ask, Hash before) {
    Hasher h = {before};
    ArenaMark mark = arena_mark(job->scratch);
    Diags said = {.arena = job->scratch, .levels = job->diags->levels};
    Job quiet = {.keep = job->scratch, .scratch = job->scratch, .diags = &said};
    answer(&h, &quiet, w, ask);
    hash_messages(&h, &said);
    arena_reset(job->scratch, mark);
    return h.sum;
}

Hash trace_answers(Job *job, const World *w, Trace *trace, size_t n) {
    bool goes_on = trace->nanswered <= n;
    size_t i = goes_on ? trace->nanswered : 0;
    Hash sum = goes_on ? trace->answers : (Hash){0};
    for (; i < n; i++)
        sum = answer_one(job, w, &trace->items[i], sum);
    if (!trace->nanswered) {
        trace->nanswered = n;
        trace->answers = sum;
    }
    return sum;
}

// --- kept

void trace_pack(Buf *b, const Trace *trace, size_t n, const Page *own) {
    pack_small(b, n);
    for (size_t i = 0; i < n; i++) {
        const Ask *ask = &trace->items[i];
        pack_small(b, ask->kind);
        Str url = ask->from->url; // without one it is not found again
        pack_str(b, ask->from == own ? (Str){0} : url.len ? url : S("?"));
        pack_str(b, ask->key);
    }
}

bool trace_unpack(Arena *a, const World *w, const Page *own, Unpack *u,
                  Trace *out) {
    uint64_t n = unpack_small(u);
    *out = (Trace){.arena = a};
    if (n > u->rest.len)
        return false;
    out->items = ARENA_ARRAY(a, Ask, (size_t)n);
    for (; out->len < n && !u->is_bad; out->len++) {
        Ask *ask = &out->items[out->len];
        uint64_t kind = unpack_small(u);
        Str url = unpack_str(u);
        ask->from = url.len ? site_page_by_url(w->site, url) : own;
        ask->key = unpack_str(u);
        ask->kind = (AskKind)kind;
        if (!ask->from || kind >= ASK_NKINDS)
            return false;
    }
    return !u->is_bad;
}

void trace_skip(Unpack *u) {
    uint64_t n = unpack_small(u);
    for (uint64_t i = 0; i < n && !u->is_bad; i++) {
        unpack_small(u);
        unpack_str(u);
        unpack_str(u);
    }
}

static void hash_file(Hasher *h, Str key, Str url, const Source *src) {
    hasher_str(h, key);
    hasher_str(h, url);
    hasher_int(h, (int64_t)src->entry.size);
}

Hash trace_site(const Site *site) {
    Hasher h = {0};
    for (size_t i = 0; i < site->by_file.len; i++) {
        const Page *page = site->by_file.items[i].val;
        hasher_str(&h, site->by_file.items[i].key);
        hasher_str(&h, page->url);
        hasher_int(&h, page->skip);
        for (size_t k = 0; k < page->translations.len; k++)
            hasher_str(&h, page->translations.items[k]->url);
    }
    hasher_int(&h, (int64_t)site->resources.len);
    for (size_t i = 0; i < site->resources.len; i++) {
        const Resource *r = site->resources.items[i].val;
        hash_file(&h, site->resources.items[i].key, r->url, r->src);
    }
    for (size_t i = 0; i < site->statics.len; i++)
        hash_file(&h, site->statics.items[i].key, (Str){0},
                  site->statics.items[i].val);
    site_hash_library(&h, site);
    return h.sum;
}

Hash trace_environment(Hash site, const Plan *plan) {
    Hasher h = {site};
    for (size_t i = 0; i < plan->len; i++)
        hasher_str(&h, plan->items[i].path);
    return h.sum;
}

Date trace_next(const World *w, const Trace *trace) {
    Date next = {0};
    for (size_t i = 0; i < trace->len; i++) {
        int64_t when;
        if (trace->items[i].kind == ASK_BEFORE &&
            str_to_int(trace->items[i].key, &when) &&
            when > w->site->now.unix_seconds &&
            (!date_is_set(next) || when < next.unix_seconds))
            next = (Date){when, w->site->cfg->zone, DATE_SECOND};
    }
    return next;
}
