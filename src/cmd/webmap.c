// Old addresses and where they lead. A server reads them as configuration, so
// whatever is no harmless byte of an address is refused here.
//
// Servers compare without regard to case (old sites on Windows did, too).
// Where that would catch a page of the site, or two old addresses differ only
// so, the address is compared exactly.
#include <stdlib.h>
#include <string.h>

#include "cmd/webserver.h"

enum { MAX_MAP_FILE = 64 * 1024 * 1024 };

typedef struct {
    Job *job;
    const Loaded *l;
    Map live;    // lower-case address of each page -> its address, as Str *
    Map by_key;  // lower case -> Redirect *: the first of its kind
    Map by_from; // as written -> Redirect *
    Map hosts;
} Collector;

// One old address, and who named it.
typedef struct {
    Str from, to;
    Pos pos;
    bool is_file; // from .loa/server/: what the site says now wins
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

static void refuse(Collector *c, const Old *old, Str url) {
    diag_error(c->job->diags, "E-SERVER-URL", old->pos,
               _("'%.*s' cannot stand in the configuration of a web "
                 "server"),
               STR_ARG(url));
    diag_hint(c->job->diags,
              _("an old address has only letters, digits and . _ ~ / %% ? = & "
                "-; write other characters as %%XX"));
}

static Str without_slash(Str path) {
    while (path.len > 1 && path.ptr[path.len - 1] == '/')
        path.len--;
    return path;
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
    if (!str_starts(c->l->cfg.host, str_slice(url, 0, slash)))
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

// Whether the address is, or looks like, a page of the site. *is_same: it is.
static bool is_live(const Collector *c, Str key, Str from, bool *is_same) {
    const Str *url = map_get(&c->live, key);
    *is_same = url && str_eq(*url, from);
    return url != NULL;
}

static void complain_live(Collector *c, const Old *old) {
    if (old->is_file)
        return;
    diag_error(c->job->diags, "E-SERVER-URL", old->pos,
               _("'%.*s' is a page of the site, not an old address"),
               STR_ARG(old->from));
    diag_hint(c->job->diags, _("take it out of the old addresses"));
}

static void complain_twice(Collector *c, const Old *old, const Redirect *r) {
    if (old->is_file)
        return;
    diag_error(c->job->diags, "E-SERVER-URL", old->pos,
               _("the old address '%.*s' leads to %.*s already"),
               STR_ARG(old->from), STR_ARG(r->to));
    diag_hint(c->job->diags, _("name it in one of the two pieces only"));
}

static void add(Collector *c, const Old *old) {
    Arena *a = c->job->keep;
    Str from = path_of(c, old->from), path;
    Str rest = from;
    str_cut(&rest, '?', &path);
    bool has_query = path.len < from.len, is_same = false;
    if (!is_harmless(from) || (old->to.len && !is_harmless(old->to))) {
        refuse(c, old, is_harmless(from) ? old->to : old->from);
        return;
    }
    if (!has_query)
        from = without_slash(from);
    Str key = str_lower(a, from);
    bool is_near = is_live(c, key, from, &is_same);
    if (is_same) {
        complain_live(c, old);
        return;
    }
    const Redirect *same = map_get(&c->by_from, from);
    if (same) {
        if (!str_eq(same->to, old->to))
            complain_twice(c, old, same);
        return;
    }
    Redirect *r = ARENA_NEW(a, Redirect);
    *r = (Redirect){from, str_copy(a, old->to), has_query, is_near};
    Redirect *like = map_add(&c->by_key, key, r);
    if (like)
        r->is_exact = like->is_exact = true;
    map_add(&c->by_from, from, r);
}

// --- what names old addresses

static void note_live(Collector *c, const Page *page) {
    if (!page->url.len)
        return;
    Str *url = ARENA_NEW(c->job->keep, Str);
    *url = without_slash(url_relative(c->job->keep, &c->l->cfg, page->url));
    map_add(&c->live, str_lower(c->job->keep, *url), url);
}

// An alias is a path from the page's folder, as in plan.c.
static void add_alias(Collector *c, const Page *page, Str alias, Str to) {
    Arena *a = c->job->keep;
    Old old = {.from = alias, .to = to, .pos = page_pos(page, S("aliases"))};
    Str rel, dir = path_dir(str_slice(page->url, 1, page->url.len));
    if (!path_resolve(a, dir, alias, &rel) || !rel.len) {
        refuse(c, &old, alias);
        return;
    }
    old.from = url_relative(a, &c->l->cfg, str_fmt(a, "/%.*s", STR_ARG(rel)));
    add(c, &old);
}

static void add_page(Collector *c, const Page *page) {
    if (!page->url.len)
        return;
    Str to = url_relative(c->job->keep, &c->l->cfg, page->url);
    for (size_t i = 0; i < page->aliases.len; i++)
        add_alias(c, page, page->aliases.items[i], to);
    const Value *urls = value_path(&page->fields, S("legacy.urls"));
    for (size_t i = 0;
         urls && urls->kind == VALUE_LIST && i < urls->as.list.len; i++) {
        const Value *v = &urls->as.list.items[i];
        Old old = {.to = to, .pos = page_pos(page, S("legacy"))};
        if (page->src && v->line)
            old.pos = source_pos(page->src, v->line, v->col);
        old.from = v->kind == VALUE_STR ? v->as.s : (Str){0};
        add(c, &old);
    }
}

static void add_lines(Collector *c, Str path, Str text) {
    Str line, from;
    for (uint32_t n = 1; str_cut(&text, '\n', &line); n++) {
        line = str_trim(line);
        if (!line.len || line.ptr[0] == '#')
            continue;
        str_cut(&line, '\t', &from);
        Old old = {.from = from,
                   .to = str_trim(line),
                   .is_file = true,
                   .pos = {.path = path, .line = n}};
        add(c, &old);
    }
}

// What earlier builds left: moved pages, and pages that are gone for good.
static void add_file(Collector *c, Str path) {
    bool exists;
    FsEntry entry;
    Str text;
    if (fs_stat(c->job, &c->l->root, path, &exists, &entry) && exists &&
        fs_read(c->job, c->job->keep, &c->l->root, path, MAX_MAP_FILE, &text))
        add_lines(c, path, text);
}

// --- the result

static int by_from(const void *a, const void *b) {
    return str_cmp(((const Redirect *)a)->from, ((const Redirect *)b)->from);
}

static int by_name(const void *a, const void *b) {
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

static void finish(Collector *c, WebMap *out) {
    Arena *a = c->job->keep;
    *out = (WebMap){.items = ARENA_ARRAY(a, Redirect, c->by_from.len),
                    .old_hosts.items = ARENA_ARRAY(a, Str, c->hosts.len)};
    for (size_t i = 0; i < c->by_from.len; i++)
        out->items[out->len++] = *(const Redirect *)c->by_from.items[i].val;
    for (size_t i = 0; i < c->hosts.len; i++)
        if (is_host(c->hosts.items[i].key))
            out->old_hosts.items[out->old_hosts.len++] = c->hosts.items[i].key;
    if (out->len)
        qsort(out->items, out->len, sizeof *out->items, by_from);
    if (out->old_hosts.len)
        qsort(out->old_hosts.items, out->old_hosts.len, sizeof(Str), by_name);
}

bool webmap_collect(Job *job, const Loaded *l, WebMap *out) {
    Arena *a = job->keep;
    Collector c = {.job = job,
                   .l = l,
                   .live.arena = a,
                   .by_key.arena = a,
                   .by_from.arena = a,
                   .hosts.arena = a};
    size_t errors = job->diags->errors;
    const Pages *pages = &l->site.pages;
    for (size_t i = 0; i < pages->len; i++)
        note_live(&c, pages->items[i]);
    for (size_t i = 0; i < pages->len; i++)
        add_page(&c, pages->items[i]);
    add_file(&c, S(".loa/server/redirects.tsv"));
    add_file(&c, S(".loa/server/gone.tsv"));
    finish(&c, out);
    return job->diags->errors == errors;
}
