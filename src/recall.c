#include "recall.h"

#include <string.h>
#include <time.h>

// A file system that keeps whole seconds, or pairs of them, rounds down.
static const int64_t COARSE_NS = INT64_C(2000000000);

enum { WAS_NFC = 1, HAS_SAID = 2, IS_VOLATILE = 4, HAS_SHORTCODES = 8 };

static Str environment_key(void) {
    return S("\x01");
}

// --- beginning

// The clock that the kernel stamps files with.
static int64_t file_clock(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME_COARSE, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

void recall_begin(Job *job, const CacheOptions *opt, Recall *out) {
    *out = (Recall){.now_ns = file_clock()};
    out->cache = cache_open(job, opt, &out->state);
}

static void read_table(Job *job, size_t t, void *ctx) {
    Recall *r = ctx;
    if (!r->records[t].items)
        r->records[t] = cache_read(job, r->cache, (CacheTable)t);
}

void recall_read(Job *job, Pool *pool, Recall *r) {
    pool_each(pool, job->diags, CACHE_NTABLES, read_table, r);
}

static bool never_wait(void *ctx, Str process) {
    (void)ctx;
    (void)process;
    return false;
}

static CacheRecords copy_records(Arena *a, const CacheRecords *from) {
    CacheRecords to = {ARENA_ARRAY(a, CacheRecord, from->len), from->len, 0};
    for (size_t i = 0; i < to.len; i++)
        to.items[i] = (CacheRecord){str_copy(a, from->items[i].key),
                                    str_copy(a, from->items[i].value)};
    return to;
}

void recall_borrow(Job *job, const CacheOptions *opt, Recall *out) {
    CacheOptions own = *opt;
    own.wait = never_wait;
    recall_begin(job, &own, out);
    recall_read(job, opt->pool, out);
    out->records[CACHE_SOURCES] = (CacheRecords){0};
    for (int t = CACHE_FACTS; t <= CACHE_OUTPUTS; t++)
        out->records[t] = copy_records(job->keep, &out->records[t]);
    cache_close(out->cache);
    out->cache = NULL;
}

void recall_set_levels(Recall *r, Hash config) {
    Hasher h = {config};
    hasher_str(&h, diag_catalogue());
    r->said_by = h.sum;
}

// --- diagnostics

void recall_pack_said(Buf *b, const Recall *r, const Diags *d, size_t from) {
    pack_hash(b, r->said_by);
    pack_small(b, d->len - from);
    for (size_t i = from; i < d->len; i++) {
        const Diag *diag = &d->items[i];
        pack_small(b, diag->level);
        pack_str(b, str_from(diag->code));
        pack_str(b, diag->path);
        pack_small(b, diag->line);
        pack_small(b, diag->col);
        pack_str(b, diag->message);
        pack_str(b, diag->quote);
        pack_small(b, diag->caret);
        pack_str(b, diag->hint);
    }
}

// Texts stay where the bytes are; the code is no C string yet.
static Diag unpack_diag(Unpack *u, Str *code) {
    uint64_t level = unpack_small(u);
    u->is_bad = u->is_bad || level > DIAG_ERROR;
    Diag d = {.level = u->is_bad ? DIAG_NOTE : (DiagLevel)level};
    *code = unpack_str(u);
    d.path = unpack_str(u);
    d.line = (uint32_t)unpack_small(u);
    d.col = (uint32_t)unpack_small(u);
    d.message = unpack_str(u);
    d.quote = unpack_str(u);
    d.caret = (uint32_t)unpack_small(u);
    d.hint = unpack_str(u);
    return d;
}

bool recall_can_say(const Recall *r, Unpack u) {
    Str code;
    bool is_alike = hash_eq(unpack_hash(&u), r->said_by);
    uint64_t n = unpack_small(&u);
    for (uint64_t i = 0; is_alike && i < n && !u.is_bad; i++)
        unpack_diag(&u, &code);
    return is_alike && !u.is_bad;
}

void recall_say(Job *job, Unpack u) {
    Arena *a = job->diags->arena;
    Str code;
    unpack_hash(&u);
    uint64_t n = unpack_small(&u);
    for (uint64_t i = 0; i < n && !u.is_bad; i++) {
        Diag d = unpack_diag(&u, &code);
        if (u.is_bad)
            return;
        d.code = str_cstr(a, code);
        d.path = str_copy(a, d.path);
        d.message = str_copy(a, d.message);
        d.quote = str_copy(a, d.quote);
        d.hint = str_copy(a, d.hint);
        Diags one = {.items = &d, .len = 1, .errors = d.level == DIAG_ERROR};
        diags_append(job->diags, &one);
    }
}

// --- sources

typedef struct {
    uint64_t size, inode, flags;
    int64_t mtime_ns, ctime_ns, seen_ns;
    Hash hash;
    Str kept;
    Unpack said;
} SourceRecord;

static bool unpack_source(const CacheRecord *record, SourceRecord *out) {
    if (!record)
        return false;
    Unpack u = {.rest = record->value};
    *out = (SourceRecord){.flags = unpack_small(&u)};
    out->size = unpack_small(&u);
    out->inode = unpack_small(&u);
    out->mtime_ns = (int64_t)unpack_int(&u);
    out->ctime_ns = (int64_t)unpack_int(&u);
    out->seen_ns = (int64_t)unpack_int(&u);
    out->hash = unpack_hash(&u);
    out->kept = unpack_str(&u);
    out->said = u;
    return !u.is_bad;
}

bool recall_is_settled(const FsEntry *e, int64_t seen_ns) {
    if (e->mtime_ns % INT64_C(1000000000) == 0)
        seen_ns -= COARSE_NS;
    return e->mtime_ns < seen_ns && e->ctime_ns < seen_ns;
}

static bool looks_same(const SourceRecord *k, const FsEntry *e) {
    return k->size == e->size && k->mtime_ns == e->mtime_ns &&
           k->ctime_ns == e->ctime_ns && k->inode == e->inode &&
           recall_is_settled(e, k->seen_ns);
}

static bool use_source(Job *job, const Recall *r, const SourceRecord *k,
                       Str *kept) {
    bool has_said = k->flags & HAS_SAID;
    if (has_said && !recall_can_say(r, k->said))
        return false;
    if (has_said)
        recall_say(job, k->said);
    *kept = k->kept;
    return true;
}

bool recall_source(Job *job, const Recall *r, const CacheRecord *record,
                   Source *src, Str *kept) {
    SourceRecord k;
    if (!unpack_source(record, &k) || !looks_same(&k, &src->entry) ||
        !use_source(job, r, &k, kept))
        return false;
    src->hash = k.hash;
    src->was_nfc = k.flags & WAS_NFC;
    return true;
}

bool recall_loaded(Job *job, const Recall *r, const CacheRecord *record,
                   const Source *src, Str *kept) {
    SourceRecord k;
    (void)job;
    if (!unpack_source(record, &k) || !hash_eq(k.hash, src->hash) ||
        ((k.flags & HAS_SAID) && !recall_can_say(r, k.said)))
        return false;
    *kept = k.kept; // what loading says has been said just now
    return true;
}

void recall_keep_source(Job *job, const Recall *r, const Source *src, Str kept,
                        size_t from) {
    Buf b = {.arena = job->scratch};
    bool has_said = job->diags->len > from;
    buf_reserve(&b, kept.len + 96);
    pack_small(&b, (src->was_nfc ? WAS_NFC : 0) | (has_said ? HAS_SAID : 0));
    pack_small(&b, src->entry.size);
    pack_small(&b, src->entry.inode);
    pack_int(&b, (uint64_t)src->entry.mtime_ns);
    pack_int(&b, (uint64_t)src->entry.ctime_ns);
    pack_int(&b, (uint64_t)r->now_ns);
    pack_hash(&b, src->hash);
    pack_str(&b, kept);
    if (has_said)
        recall_pack_said(&b, r, job->diags, from);
    cache_put(r->cache, CACHE_SOURCES, src->path, buf_str(&b));
}

// --- answers

static bool is_volatile(const Trace *t, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (t->items[i].kind == ASK_PAGE || t->items[i].kind == ASK_TABLE ||
            t->items[i].kind == ASK_BEFORE)
            return true;
    return false;
}

// The answers, whether they have to be asked for each time, and the questions.
static void pack_asked(Job *job, Buf *b, const RecallWorld *rw, size_t n,
                       const Page *own) {
    Trace none = {0};
    Trace *t = job->trace ? job->trace : &none;
    pack_hash(b, n ? trace_answers(job, rw->world, t, n) : (Hash){0});
    trace_pack(b, t, n, own);
}

static bool is_answered_alike(Job *job, const RecallWorld *rw, bool is_volatile,
                              const Page *own, Unpack *u) {
    Hash want = unpack_hash(u);
    if (rw->recall->is_same_env && !is_volatile) {
        trace_skip(u);
        return !u->is_bad;
    }
    Trace t;
    return trace_unpack(job->scratch, rw->world, own, u, &t) &&
           (!t.len || hash_eq(trace_answers(job, rw->world, &t, t.len), want));
}

// --- what bodies say

static void pack_headings(Buf *b, const Facts *f) {
    pack_small(b, f->nheadings);
    for (size_t i = 0; i < f->nheadings; i++) {
        pack_small(b, f->headings[i].level);
        pack_str(b, f->headings[i].id);
        pack_str(b, f->headings[i].text);
        pack_small(b, f->headings[i].line);
    }
}

static bool unpack_headings(Arena *a, Unpack *u, Facts *f) {
    uint64_t n = unpack_small(u);
    if (n > u->rest.len)
        return false;
    f->headings = ARENA_ARRAY(a, Heading, (size_t)n);
    for (; f->nheadings < n && !u->is_bad; f->nheadings++) {
        Heading *h = &f->headings[f->nheadings];
        uint64_t level = unpack_small(u);
        u->is_bad = u->is_bad || level < 1 || level > 6;
        h->level = (uint8_t)level;
        h->id = unpack_str(u);
        h->text = unpack_str(u);
        h->line = (uint32_t)unpack_small(u);
    }
    return !u->is_bad;
}

static void pack_uses(Buf *b, const Facts *f, const Page *own) {
    pack_small(b, f->nlinks);
    for (size_t i = 0; i < f->nlinks; i++) {
        const LinkUse *use = &f->links[i];
        pack_str(b, use->target == own ? (Str){0} : use->target->url);
        pack_str(b, use->fragment);
        pack_small(b, use->line);
        pack_small(b, use->col);
    }
}

static bool unpack_uses(Arena *a, const World *w, const Page *own, Unpack *u,
                        Facts *f) {
    uint64_t n = unpack_small(u);
    if (n > u->rest.len)
        return false;
    f->links = ARENA_ARRAY(a, LinkUse, (size_t)n);
    for (; f->nlinks < n && !u->is_bad; f->nlinks++) {
        LinkUse *use = &f->links[f->nlinks];
        Str url = unpack_str(u);
        use->target = url.len ? site_page_by_url(w->site, url) : own;
        use->fragment = unpack_str(u);
        use->line = (uint32_t)unpack_small(u);
        use->col = (uint32_t)unpack_small(u);
        if (!use->target)
            return false;
    }
    return !u->is_bad;
}

Str recall_pack_facts(Job *job, const RecallWorld *rw, const Page *page,
                      size_t from) {
    const Facts *f = &rw->world->facts[page->index];
    const Diags *d = job->diags;
    bool changes = job->trace && is_volatile(job->trace, f->nasked);
    unsigned flags = (d->len > from ? HAS_SAID : 0) |
                     (changes ? IS_VOLATILE : 0) |
                     (f->has_shortcodes ? HAS_SHORTCODES : 0);
    Buf b = {.arena = job->scratch};
    buf_reserve(&b, 512);
    pack_small(&b, flags);
    pack_hash(&b, fingerprint_facts(rw->prints, page, f->has_shortcodes));
    pack_asked(job, &b, rw, f->nasked, page);
    pack_str(&b, f->excerpt);
    pack_small(&b, f->words);
    pack_headings(&b, f);
    pack_uses(&b, f, page);
    if (flags & HAS_SAID)
        recall_pack_said(&b, rw->recall, d, from);
    return buf_str(&b);
}

bool recall_facts(Job *job, const RecallWorld *rw, const CacheRecord *record,
                  const Page *page, bool say, Facts *out) {
    if (!record)
        return false;
    Unpack u = {.rest = record->value};
    Facts f = {.is_known = true};
    uint64_t flags = unpack_small(&u);
    f.has_shortcodes = flags & HAS_SHORTCODES;
    Hash key = fingerprint_facts(rw->prints, page, f.has_shortcodes);
    if (!hash_eq(unpack_hash(&u), key) ||
        !is_answered_alike(job, rw, flags & IS_VOLATILE, page, &u))
        return false;
    f.excerpt = unpack_str(&u);
    f.words = (size_t)unpack_small(&u);
    if (!unpack_headings(job->keep, &u, &f) ||
        !unpack_uses(job->keep, rw->world, page, &u, &f))
        return false;
    if (flags & HAS_SAID) {
        if (say && !recall_can_say(rw->recall, u))
            return false;
        if (say)
            recall_say(job, u);
    }
    *out = f;
    return true;
}

// --- outputs

static void unpack_made(Unpack *u, OutputRecord *out) {
    out->print.sum = unpack_hash(u);
    for (int i = 0; i < PRINT_NPARTS; i++)
        out->print.parts[i] = unpack_int(u);
    out->hash = unpack_hash(u);
    out->size = unpack_small(u);
    out->seen_ns = (int64_t)unpack_int(u);
}

bool recall_output(const CacheRecord *record, OutputRecord *out) {
    if (!record)
        return false;
    Unpack u = {.rest = record->value};
    unpack_small(&u);
    unpack_made(&u, out);
    return !u.is_bad;
}

Doubt recall_doubt(Job *job, const RecallWorld *rw, const CacheRecord *record,
                   const Output *out, const Fingerprint *print) {
    OutputRecord made;
    if (!record)
        return rw->recall && rw->recall->state == CACHE_USED ? DOUBT_NEW
                                                             : DOUBT_UNKNOWN;
    Unpack u = {.rest = record->value};
    uint64_t flags = unpack_small(&u);
    unpack_made(&u, &made);
    if (u.is_bad || !hash_eq(made.print.sum, print->sum))
        return DOUBT_PRINT;
    if (out->file && !recall_is_settled(&out->file->entry, made.seen_ns))
        return DOUBT_MOMENT;
    if (!is_answered_alike(job, rw, flags & IS_VOLATILE, out->page, &u))
        return DOUBT_ANSWERS;
    bool is_silent = !(flags & HAS_SAID) || recall_can_say(rw->recall, u);
    return is_silent ? DOUBT_NONE : DOUBT_MESSAGES;
}

Strs recall_asked(Job *job, const RecallWorld *rw, const CacheRecord *record,
                  const Output *out) {
    enum { MAX_SHOWN = 5 };
    Strs keys = {ARENA_ARRAY(job->keep, Str, MAX_SHOWN), 0};
    OutputRecord made;
    Trace t;
    Unpack u = {.rest = record->value};
    unpack_small(&u);
    unpack_made(&u, &made);
    unpack_hash(&u);
    trace_unpack(job->scratch, rw->world, out->page, &u, &t); // as far as good
    for (size_t i = 0; i < t.len && keys.len < MAX_SHOWN; i++)
        if (t.items[i].kind != ASK_BEFORE)
            keys.items[keys.len++] = str_copy(job->keep, t.items[i].key);
    return keys;
}

void recall_say_output(Job *job, const CacheRecord *record) {
    OutputRecord made;
    Unpack u = {.rest = record->value};
    uint64_t flags = unpack_small(&u);
    unpack_made(&u, &made);
    unpack_hash(&u);
    trace_skip(&u);
    if (flags & HAS_SAID && !u.is_bad)
        recall_say(job, u);
}

Str recall_pack_output(Job *job, const RecallWorld *rw, const Output *out,
                       const OutputRecord *made, size_t from) {
    const Diags *d = job->diags;
    size_t n = job->trace ? job->trace->len : 0;
    bool changes = n && is_volatile(job->trace, n);
    unsigned flags =
        (d->len > from ? HAS_SAID : 0) | (changes ? IS_VOLATILE : 0);
    Buf b = {.arena = job->scratch};
    buf_reserve(&b, 256);
    pack_small(&b, flags);
    pack_hash(&b, made->print.sum);
    for (int i = 0; i < PRINT_NPARTS; i++)
        pack_int(&b, made->print.parts[i]);
    pack_hash(&b, made->hash);
    pack_small(&b, made->size);
    pack_int(&b, (uint64_t)made->seen_ns);
    if (n && out->is_first_wave) // the body's come first; facts want them too
        trace_answers(job, rw->world, job->trace,
                      rw->world->facts[out->page->index].nasked);
    pack_asked(job, &b, rw, n, out->page);
    if (flags & HAS_SAID)
        recall_pack_said(&b, rw->recall, d, from);
    return buf_str(&b);
}

Date recall_next(Job *job, const RecallWorld *rw, const CacheRecord *record,
                 const Output *out) {
    OutputRecord made;
    Trace t;
    if (!record)
        return (Date){0};
    Unpack u = {.rest = record->value};
    uint64_t flags = unpack_small(&u);
    unpack_made(&u, &made);
    unpack_hash(&u);
    if (!(flags & IS_VOLATILE) ||
        !trace_unpack(job->scratch, rw->world, out->page, &u, &t))
        return (Date){0};
    return trace_next(rw->world, &t);
}

// --- the rest

void recall_environment(Job *job, Recall *r, Hash now) {
    CacheRecords *records = &r->records[CACHE_FACTS];
    const CacheRecord *before = cache_find(records, environment_key());
    Buf b = {.arena = job->keep};
    pack_hash(&b, now);
    r->is_same_env = before && str_eq(before->value, buf_str(&b));
    if (!r->is_same_env && r->cache)
        cache_put(r->cache, CACHE_FACTS, environment_key(), buf_str(&b));
}

void recall_drop(Recall *r, CacheTable table, const bool *is_there) {
    const CacheRecords *records = &r->records[table];
    for (size_t i = 0; i < records->len; i++)
        if (!is_there[i] && records->items[i].key.ptr[0] != '\x01')
            cache_put(r->cache, table, records->items[i].key, (Str){0});
}
