// A server reads old addresses as configuration, so whatever is no harmless
// byte of an address is kept apart here.
//
// Servers compare without regard to case (old sites on Windows did, too).
// Where that would catch a page of the site, or two old addresses differ only
// so, the address is compared exactly.
#include "plan/redirects.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    Job *job;
    const Site *site;
    Redirects *out;
    Map live;    // lower-case address of each page -> Live *
    Map by_key;  // lower case -> Redirect *: the first of its kind
    Map by_from; // as written -> Redirect *
    Map hosts;
    bool ok;
} Collector;

typedef struct {
    Str url; // as by_from has it
    const Page *page;
} Live;

// One old address, and who named it.
typedef struct {
    Str from;       // as a server sees it
    Str written;    // for messages
    Str stub;       // see Redirect
    const Page *to; // NULL: gone
    Pos pos;
    bool is_recorded;
} Old;

static bool is_harmless(Str s) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       (c >= '0' && c <= '9');
        if (!is_word && (!c || !strchr("._~/%?=&-", c)))
            return false;
    }
    return s.len > 0 && s.ptr[0] == '/';
}

static Str without_slash(Str path) {
    while (path.len > 1 && path.ptr[path.len - 1] == '/')
        path.len--;
    return path;
}

// As it stands in a request.
static Str as_asked(const Collector *c, Str path) {
    Arena *a = c->job->keep;
    return url_href(a, c->site->cfg, path);
}

// Takes scheme and host off; the host is remembered.
static Str path_of(Collector *c, Str url) {
    size_t host = str_find(url, S("://"), 0);
    if (host == SIZE_MAX || str_starts(url, S("/")))
        return url;
    size_t slash = str_find(url, S("/"), host + 3);
    if (slash == SIZE_MAX)
        slash = url.len;
    Str name = str_slice(url, host + 3, slash);
    if (!str_starts(c->site->cfg->host, str_slice(url, 0, slash)))
        map_add(&c->hosts, str_lower(c->job->keep, name), c);
    return slash < url.len ? str_slice(url, slash, url.len) : S("/");
}

static bool is_host(Str s) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '.' &&
            c != '-')
            return false;
    }
    return s.len > 0;
}

// --- claims

static Str name_of(const Page *page) {
    return page->src ? page->src->path : page->url;
}

static void complain_live(Collector *c, const Old *old, const Page *page) {
    c->ok = diag_error(c->job->diags, "E-REDIRECT", old->pos,
                       _("'%.*s' is the address of %.*s, not an old one"),
                       STR_ARG(old->written), STR_ARG(name_of(page)));
    diag_hint(c->job->diags, _("take it out of the old addresses"));
}

static void complain_twice(Collector *c, const Old *old, const Redirect *r) {
    c->ok = diag_error(c->job->diags, "E-REDIRECT", old->pos,
                       _("the old address '%.*s' is also one of %.*s"),
                       STR_ARG(old->written), STR_ARG(name_of(r->page)));
    diag_hint(c->job->diags, _("name it in one of the two pieces only"));
}

static void complain_recorded(Collector *c, const Redirect *r,
                              const RecordOld *old) {
    Pos pos = page_pos(r->page, S("aliases"));
    if (!value_get(&r->page->meta, S("aliases")))
        pos = page_pos(r->page, S("legacy"));
    c->ok = diag_error(c->job->diags, "E-REDIRECT", pos,
                       _("the old address '%.*s' is that of %.*s, as urls.tsv "
                         "says in line %u"),
                       STR_ARG(old->row->url), STR_ARG(name_of(old->to)),
                       (unsigned)old->row->line);
    diag_hint(c->job->diags,
              _("take it out of this piece; if it is to lead here, delete that "
                "line"));
}

static void complain_rivals(Collector *c, const Old *old,
                            const RecordOld *both) {
    c->ok = diag_error(c->job->diags, "E-REDIRECT", old->pos,
                       _("the old address '%.*s' is that of %.*s, and in line "
                         "%u that of %.*s"),
                       STR_ARG(both->row->url), STR_ARG(name_of(both->to)),
                       (unsigned)both->rival_row->line,
                       STR_ARG(name_of(both->rival)));
    diag_hint(c->job->diags,
              _("delete the line of the piece to which it is not to lead"));
}

static void refuse(Collector *c, const Old *old) {
    Redirects *out = c->out;
    out->refused[out->nrefused++] = (Refused){old->written, old->pos};
}

static Redirect *find(const Collector *c, Str from) {
    return map_get(&c->by_from, from);
}

static void add(Collector *c, const Old *old) {
    Arena *a = c->job->keep;
    Str rest = old->from, path;
    str_cut(&rest, '?', &path);
    bool has_query = path.len < old->from.len;
    Str from = has_query ? old->from : without_slash(old->from);
    Str key = str_lower(a, from);
    const Live *live = map_get(&c->live, key);
    if (live && str_eq(live->url, from)) {
        if (!old->is_recorded)
            complain_live(c, old, live->page);
        return;
    }
    const Redirect *same = find(c, from);
    if (same) {
        if (same->page != old->to)
            complain_twice(c, old, same);
        return;
    }
    Redirect *r = ARENA_NEW(a, Redirect);
    *r = (Redirect){.from = from,
                    .page = old->to,
                    .stub = old->stub,
                    .has_query = has_query,
                    .is_exact = live != NULL,
                    .is_recorded = old->is_recorded};
    if (old->to)
        r->to = as_asked(c, old->to->url);
    r->is_refused = !is_harmless(from) || (r->page && !is_harmless(r->to));
    if (r->is_refused)
        refuse(c, old);
    Redirect *like = map_add(&c->by_key, key, r);
    if (like)
        r->is_exact = like->is_exact = true;
    map_add(&c->by_from, from, r);
}

// --- what names old addresses

static void note_live(Collector *c, const Page *page) {
    if (!page->url.len)
        return;
    Live *live = ARENA_NEW(c->job->keep, Live);
    *live = (Live){without_slash(as_asked(c, page->url)), page};
    map_add(&c->live, str_lower(c->job->keep, live->url), live);
}

static bool complain_alias(Collector *c, const Page *page, Str alias) {
    c->ok = diag_error(c->job->diags, "E-ALIAS", page_pos(page, S("aliases")),
                       _("the alias '%.*s' is no path of this site"),
                       STR_ARG(alias));
    diag_hint(c->job->diags, _("write the old path, such as "
                               "/tin-cu/bai-viet/"));
    return false;
}

// As a path of the site; from the folder that the page is in.
static bool resolve_alias(Collector *c, const Page *page, Str alias, Str *out) {
    Arena *a = c->job->keep;
    Str rel, dir = path_dir(str_slice(page->url, 1, page->url.len - 1));
    bool is_path = str_find(alias, S("?"), 0) == SIZE_MAX &&
                   str_find(alias, S("#"), 0) == SIZE_MAX &&
                   str_find(alias, S(":"), 0) == SIZE_MAX;
    if (!is_path || !path_resolve(a, dir, url_decoded(a, alias), &rel) ||
        !rel.len)
        return complain_alias(c, page, alias);
    bool is_file = path_ext(path_base(rel)).len > 0;
    *out = str_fmt(a, "/%.*s%s", STR_ARG(rel), is_file ? "" : "/");
    if (path_is_safe(url_to_path(c->job->scratch, *out)))
        return true;
    c->ok = diag_error(c->job->diags, "E-ALIAS", page_pos(page, S("aliases")),
                       _("the alias '%.*s' cannot be written as a file"),
                       STR_ARG(alias));
    return false;
}

static void add_aliases(Collector *c, const Page *page) {
    for (size_t i = 0; i < page->aliases.len; i++) {
        Old old = {.written = page->aliases.items[i],
                   .to = page,
                   .pos = page_pos(page, S("aliases"))};
        if (!resolve_alias(c, page, old.written, &old.stub))
            continue;
        old.from = as_asked(c, old.stub);
        add(c, &old);
    }
}

static void add_legacy(Collector *c, const Page *page) {
    const Value *urls = value_path(&page->fields, S("legacy.urls"));
    for (size_t i = 0;
         urls && urls->kind == VALUE_LIST && i < urls->as.list.len; i++) {
        const Value *v = &urls->as.list.items[i];
        Old old = {.to = page, .pos = page_pos(page, S("legacy"))};
        if (page->src && v->line)
            old.pos = source_pos(page->src, v->line, v->col);
        old.written = v->kind == VALUE_STR ? v->as.s : (Str){0};
        old.from = path_of(c, old.written);
        add(c, &old);
    }
}

// What the pieces say themselves goes first, but does not take what is known to
// have been another's.
static void add_recorded(Collector *c, const RecordOld *old) {
    Str rest = old->row->url, path;
    str_cut(&rest, '?', &path);
    bool has_query = path.len < old->row->url.len;
    Old one = {.from = as_asked(c, path),
               .written = old->row->url,
               .stub = has_query || !old->to ? (Str){0} : path,
               .to = old->to,
               .pos = source_pos(c->site->record->src, old->row->line, 1),
               .is_recorded = true};
    if (has_query)
        one.from = str_fmt(c->job->keep, "%.*s?%.*s", STR_ARG(one.from),
                           STR_ARG(rest));
    const Redirect *claimed =
        find(c, has_query ? one.from : without_slash(one.from));
    if (!claimed && old->rival)
        complain_rivals(c, &one, old);
    else if (!claimed)
        add(c, &one);
    else if (old->to && claimed->page != old->to && !claimed->is_recorded)
        complain_recorded(c, claimed, old);
}

// --- the result

static int by_from(const void *a, const void *b) {
    return str_cmp(((const Redirect *)a)->from, ((const Redirect *)b)->from);
}

static int by_name(const void *a, const void *b) {
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

static void finish(Collector *c) {
    Arena *a = c->job->keep;
    Redirects *out = c->out;
    out->items = ARENA_ARRAY(a, Redirect, c->by_from.len);
    out->stubs = ARENA_ARRAY(a, Redirect, c->by_from.len);
    out->old_hosts.items = ARENA_ARRAY(a, Str, c->hosts.len);
    for (size_t i = 0; i < c->by_from.len; i++) {
        const Redirect *r = c->by_from.items[i].val;
        if (!r->is_refused)
            out->items[out->len++] = *r;
        if (r->stub.len)
            out->stubs[out->nstubs++] = *r;
    }
    for (size_t i = 0; i < c->hosts.len; i++)
        if (is_host(c->hosts.items[i].key))
            out->old_hosts.items[out->old_hosts.len++] = c->hosts.items[i].key;
    if (out->len)
        qsort(out->items, out->len, sizeof *out->items, by_from);
    if (out->old_hosts.len)
        qsort(out->old_hosts.items, out->old_hosts.len, sizeof(Str), by_name);
}

static bool may_have_legacy(const Site *site) {
    for (size_t i = 0; i < site->types->len; i++)
        if (field_find(&site->types->items[i].fields, S("legacy")))
            return true;
    return false;
}

static size_t count_claims(const Site *site) {
    const Pages *pages = &site->pages;
    bool has_legacy = may_have_legacy(site);
    size_t n = 0;
    for (size_t i = 0; i < pages->len; i++) {
        n += pages->items[i]->aliases.len;
        if (!has_legacy)
            continue;
        const Value *urls =
            value_path(&pages->items[i]->fields, S("legacy.urls"));
        n += urls && urls->kind == VALUE_LIST ? urls->as.list.len : 0;
    }
    return n;
}

bool redirects_collect(Job *job, const Site *site, Redirects *out) {
    Arena *a = job->keep;
    const Pages *pages = &site->pages;
    *out = (Redirects){0};
    Collector c = {.job = job,
                   .site = site,
                   .out = out,
                   .live.arena = a,
                   .by_key.arena = a,
                   .by_from.arena = a,
                   .hosts.arena = a,
                   .ok = true};
    if (site->record)
        record_compare(job, site, &out->state);
    size_t n = count_claims(site) + out->state.nold;
    if (!n)
        return true;
    out->refused = ARENA_ARRAY(a, Refused, n);
    for (size_t i = 0; i < pages->len; i++)
        note_live(&c, pages->items[i]);
    for (size_t i = 0; i < pages->len; i++) {
        if (!pages->items[i]->url.len)
            continue;
        add_aliases(&c, pages->items[i]);
        add_legacy(&c, pages->items[i]);
    }
    for (size_t i = 0; i < out->state.nold; i++)
        add_recorded(&c, &out->state.old[i]);
    finish(&c);
    return c.ok;
}
