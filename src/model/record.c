// Reading checks each line by itself. Comparing goes by address: who lives
// there now, else which of its owners, the last first, is published elsewhere.
#include "model/record.h"

#include <string.h>

#include "base/text.h"

enum { MAX_SAID = 100, NCOLUMNS = 3 };

// --- reading

typedef struct {
    Job *job;
    const Source *src;
    int16_t zone;
    uint32_t line;
    size_t said;
} Reader;

// `at` is a byte of the line.
static bool complain(Reader *r, Str line, size_t at, const char *what) {
    uint32_t col = (uint32_t)text_count(str_slice(line, 0, at)) + 1;
    r->said++;
    return diag_error(r->job->diags, "E-RECORD",
                      source_pos(r->src, r->line, col), "%s", what);
}

static bool is_merge_mark(Str line) {
    static const Str marks[] = {S_INIT("<<<<<<<"), S_INIT("======="),
                                S_INIT(">>>>>>>"), S_INIT("|||||||")};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (str_starts(line, marks[i]))
            return true;
    return false;
}

static bool check_merge(Reader *r, Str line) {
    if (!is_merge_mark(line))
        return true;
    complain(r, line, 0, _("this line is left from a merge of two versions"));
    diag_hint(r->job->diags,
              _("keep the lines of both versions and delete those that begin "
                "with <<<<<<<, ======= and >>>>>>>"));
    return false;
}

static bool split(Reader *r, Str line, Str *columns) {
    Str rest = line;
    size_t n = 0;
    for (Str column; str_cut(&rest, '\t', &column); n++)
        if (n < NCOLUMNS)
            columns[n] = column;
    if (n == NCOLUMNS)
        return true;
    size_t at = n < NCOLUMNS ? line.len
                             : (size_t)(columns[NCOLUMNS - 1].ptr - line.ptr) +
                                   columns[NCOLUMNS - 1].len;
    complain(r, line, at, _("a line has three columns with tabs between them"));
    diag_hint(r->job->diags,
              _("write it as type/id, the address and the date, or take the "
                "line back from an older version of the file"));
    return false;
}

static bool check_id(Reader *r, Str line, Str id) {
    size_t slash = str_find(id, S("/"), 0);
    if (slash != SIZE_MAX && slash > 0 && slash + 1 < id.len)
        return true;
    complain(r, line, 0, _("the first column is no type and id"));
    diag_hint(r->job->diags, _("write it as article/ten-bai"));
    return false;
}

static Str path_part(Str url) {
    Str rest = url, path;
    return str_cut(&rest, '?', &path) ? path : url;
}

static bool check_url(Reader *r, Str line, Str url) {
    Arena *tmp = r->job->scratch;
    ArenaMark mark = arena_mark(tmp);
    Str path = path_part(url);
    bool ok = str_starts(url, S("/")) && str_find(url, S("#"), 0) == SIZE_MAX &&
              path_is_safe(url_to_path(tmp, path));
    arena_reset(tmp, mark);
    if (ok)
        return true;
    complain(r, line, (size_t)(url.ptr - line.ptr),
             _("the second column is no address of this site"));
    diag_hint(r->job->diags, _("write it from the root of the site, such as "
                               "/tin-tuc/ten-bai/"));
    return false;
}

static bool check_first(Reader *r, Str line, Str text, Date *out) {
    size_t at;
    const char *why;
    if (date_parse(text, r->zone, true, out, &at, &why))
        return true;
    complain(r, line, (size_t)(text.ptr - line.ptr) + at,
             _("the third column is no date"));
    diag_hint(r->job->diags, _("write it as 2026-11-21T08:00:00+07:00"));
    return false;
}

static bool read_line(Reader *r, Str line, RecordRow *out) {
    Str c[NCOLUMNS] = {{0}};
    Date first;
    if (!check_merge(r, line) || !split(r, line, c) ||
        !check_id(r, line, c[0]) || !check_url(r, line, c[1]) ||
        !check_first(r, line, c[2], &first))
        return false;
    *out = (RecordRow){c[0], c[1], first, r->line};
    return true;
}

static size_t count_lines(Str text) {
    size_t n = 1;
    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == '\n';
    return n;
}

bool record_read(Job *job, const Source *src, int16_t zone, Record *out) {
    Reader r = {.job = job, .src = src, .zone = zone};
    Str rest = src->text, line;
    *out = (Record){.src = src};
    out->items = ARENA_ARRAY(job->keep, RecordRow, count_lines(src->text));
    while (r.said < MAX_SAID && str_cut(&rest, '\n', &line)) {
        r.line++;
        if (!str_trim(line).len || line.ptr[0] == '#')
            continue;
        if (read_line(&r, line, &out->items[out->len]))
            out->len++;
    }
    return !r.said;
}

// --- comparing

typedef struct {
    Job *job;
    const Site *site;
    Map by_id;      // of Page *: pieces, also those left out
    Map files;      // addresses of files that are copied
    Map of_url;     // -> the last RecordRow of that address
    Map known;      // "id TAB url" of each row
    Map last_of;    // id -> its last RecordRow
    bool is_broken; // files were left out: who is missing may be among them
} Compare;

// What the file could not hold becomes a blank.
static Str clean_id(Arena *a, Str id) {
    char *to = arena_bytes(a, id.len);
    for (size_t i = 0; i < id.len; i++)
        to[i] = (unsigned char)id.ptr[i] < 0x20 ? ' ' : id.ptr[i];
    return (Str){to, id.len};
}

static Str id_of(Arena *a, const Site *site, const Page *p) {
    Str id = str_cat(a, p->type->name, S("/"), p->id);
    if (p->lang)
        id = str_cat(a, id, S("@"), config_language(site->cfg, p->lang)->key);
    return clean_id(a, id);
}

static void add_pieces(Compare *c, const Pages *pages) {
    for (size_t i = 0; i < pages->len; i++) {
        const Page *p = pages->items[i];
        c->is_broken |= (p->skip & SKIP_BROKEN) != 0;
        if (p->kind == PAGE_REGULAR)
            map_add(&c->by_id, id_of(c->job->keep, c->site, p), (void *)p);
    }
}

static void add_files(Compare *c) {
    const Site *site = c->site;
    for (size_t i = 0; i < site->nresources; i++)
        if (site->resource_items[i].url.len)
            map_add(&c->files, site->resource_items[i].url, c);
}

static void add_rows(Compare *c, const Record *record) {
    for (size_t i = 0; i < record->len; i++) {
        RecordRow *row = &record->items[i];
        map_set(&c->of_url, row->url, row);
        map_set(&c->last_of, row->id, row);
        // The two stand side by side, with the tab between them.
        size_t len = (size_t)(row->url.ptr + row->url.len - row->id.ptr);
        map_add(&c->known, (Str){row->id.ptr, len}, row);
    }
}

static bool has_address(const Site *site, const Page *p) {
    return p->kind == PAGE_REGULAR && !p->skip && p->url.len &&
           !p->is_unrendered && page_wants(p, S("html")) &&
           !config_is_disabled(site->cfg, S("page"));
}

static bool is_known(const Compare *c, Str id, Str url) {
    Arena *tmp = c->job->scratch;
    ArenaMark mark = arena_mark(tmp);
    Str key = str_cat(tmp, id, S("\t"), url);
    bool known = map_get(&c->known, key) != NULL;
    arena_reset(tmp, mark);
    return known;
}

// The piece of a row, when it is published.
static const Page *published(const Compare *c, const RecordRow *row) {
    const Page *p = map_get(&c->by_id, row->id);
    return p && has_address(c->site, p) ? p : NULL;
}

static void complain_taken(const Compare *c, const Page *now,
                           const RecordRow *row, const Page *owner) {
    diag_error(c->job->diags, "E-REDIRECT",
               page_pos(now, now->url_wish.len ? S("url") : S("title")),
               _("'%.*s' was the address of %.*s, which is at %.*s now"),
               STR_ARG(row->url), STR_ARG(owner->src->path),
               STR_ARG(owner->url));
    diag_hint(c->job->diags,
              _("give this piece another file name or a line slug: ...; if old "
                "links to '%.*s' may lead to this piece from now on, delete "
                "line %u of urls.tsv"),
              STR_ARG(row->url), (unsigned)row->line);
}

// An address that somebody has: another piece's, recorded as such?
static void check_taken(const Compare *c, const Page *now,
                        const RecordRow *row) {
    const Page *owner = published(c, row);
    if (now->src && owner && owner != now && owner->src)
        complain_taken(c, now, row, owner);
}

static bool may_come_back(const Compare *c, const RecordRow *row) {
    const Page *p = map_get(&c->by_id, row->id);
    return p ? !(p->skip & ~(SKIP_FUTURE | SKIP_BROKEN)) : c->is_broken;
}

// Who among the rows of one address is to have it: the last that is there.
typedef struct {
    RecordOld old;
    bool is_waiting;
} Owner;

static void own(RecordOld *old, const RecordRow *row, const Page *to) {
    if (old->to && old->to != to) {
        old->rival_row = old->row;
        old->rival = old->to;
    }
    old->row = row;
    old->to = to;
}

static void find_owners(const Compare *c, Map *owners) {
    const Record *record = c->site->record;
    for (size_t i = 0; i < record->len; i++) {
        const RecordRow *row = &record->items[i];
        Owner *o = map_get(owners, row->url);
        if (!o) {
            o = ARENA_NEW(c->job->scratch, Owner);
            map_add(owners, row->url, o);
        }
        const Page *to = published(c, row);
        if (to || !o->old.to)
            own(&o->old, row, to);
        o->is_waiting |= !to && may_come_back(c, row);
    }
}

static void find_old(const Compare *c, RecordState *out) {
    const Site *site = c->site;
    ArenaMark mark = arena_mark(c->job->scratch);
    Map owners = {.arena = c->job->scratch};
    find_owners(c, &owners);
    out->old = ARENA_ARRAY(c->job->keep, RecordOld, owners.len);
    for (size_t i = 0; i < owners.len; i++) {
        const Owner *o = owners.items[i].val;
        Str url = o->old.row->url;
        const Page *now = site_page_by_url(site, url);
        if (now)
            check_taken(c, now, map_get(&c->of_url, url));
        if (now || map_get(&site->statics, url) || map_get(&c->files, url) ||
            (!o->old.to && o->is_waiting))
            continue;
        out->old[out->nold++] = o->old;
    }
    arena_reset(c->job->scratch, mark);
}

static Str twin_key(Arena *a, Str id, Date first) {
    Str type = {0};
    str_cut(&id, '/', &type);
    return str_fmt(a, "%.*s %lld", STR_ARG(type),
                   (long long)first.unix_seconds);
}

// Rows that are gone, by type and instant.
static Map gone_by_time(Arena *a, const RecordState *state) {
    Map gone = {.arena = a};
    for (size_t i = 0; i < state->nold; i++)
        if (!state->old[i].to)
            map_add(
                &gone,
                twin_key(a, state->old[i].row->id, state->old[i].row->first),
                (void *)state->old[i].row);
    return gone;
}

static void find_news(const Compare *c, RecordState *out) {
    const Pages *all = &c->site->regular;
    Arena *a = c->job->keep;
    Map gone = gone_by_time(a, out);
    out->news = ARENA_ARRAY(a, RecordNew, all->len);
    for (size_t i = all->len; i-- > 0;) {
        const Page *p = all->items[i];
        if (!has_address(c->site, p))
            continue;
        ArenaMark mark = arena_mark(a);
        Str id = id_of(a, c->site, p);
        if (is_known(c, id, p->url)) {
            arena_reset(a, mark);
            continue;
        }
        const RecordRow *last = map_get(&c->last_of, id);
        RecordNew *new = &out->news[out->nnews++];
        *new = (RecordNew){.page = p, .id = id};
        if (last)
            new->was = str_copy(a, last->url);
        if (!last && date_is_set(p->date))
            new->twin =
                map_get(&gone, twin_key(a, id, record_first(c->site, p)));
    }
}

void record_compare(Job *job, const Site *site, RecordState *out) {
    Arena *a = job->keep;
    Compare c = {.job = job,
                 .site = site,
                 .by_id.arena = a,
                 .files.arena = a,
                 .of_url.arena = a,
                 .known.arena = a,
                 .last_of.arena = a};
    *out = (RecordState){0};
    if (site->record) {
        add_pieces(&c, &site->regular);
        add_pieces(&c, &site->skipped);
        add_files(&c);
        add_rows(&c, site->record);
        find_old(&c, out);
    }
    find_news(&c, out);
}

// --- writing

Date record_first(const Site *site, const Page *p) {
    Date first = date_is_set(p->publish) ? p->publish : p->date;
    if (!date_is_set(first))
        return date_in_zone(site->now, site->cfg->zone);
    return date_in_zone(first, site->cfg->zone);
}

static void put_first(Buf *out, Date d) {
    if (d.precision >= DATE_MINUTE)
        date_rfc3339(out, d);
    else
        date_iso(out, d);
}

void record_write(Buf *out, const Site *site, const RecordState *state) {
    for (size_t i = 0; i < state->nnews; i++) {
        const RecordNew *new = &state->news[i];
        buf_fmt(out, "%.*s\t%.*s\t", STR_ARG(new->id), STR_ARG(new->page->url));
        put_first(out, record_first(site, new->page));
        buf_putc(out, '\n');
    }
}
