// The model in order. Every list below is made from `regular`, which is sorted
// newest first, so that all of them are in that order without sorting again.

#include "model/site.h"

#include <stdlib.h>

#include "model/builder.h"
#include "model/rules.h"

// The page itself, not a copy.
static void take(Builder *b, Page *p) {
    b->all = arena_grow(b->job->keep, b->all, b->len, &b->cap, sizeof *b->all);
    p->index = (uint32_t)b->len;
    b->all[b->len++] = p;
}

Page *builder_add(Builder *b, const Page *page) {
    Page *p = ARENA_NEW(b->job->keep, Page);
    *p = *page;
    take(b, p);
    return p;
}

Page *builder_page(const Builder *b, const Page *page) {
    return b->all[page->index];
}

const Page *builder_home(const Builder *b, const Page *page) {
    return b->site->editions[page->lang].home;
}

DateParts builder_parts(const Builder *b, Date d) {
    d.offset_minutes = b->in->cfg->zone;
    return date_parts(d);
}

Pages pages_new(Arena *a, size_t len) {
    return (Pages){ARENA_ROOM(a, const Page *, len), len};
}

static int newest_first(const void *a, const void *b) {
    const Page *x = *(const Page *const *)a, *y = *(const Page *const *)b;
    int c = date_cmp(y->date, x->date);
    if (!c)
        c = str_cmp(x->id, y->id);
    if (!c)
        c = str_cmp(x->path, y->path);
    return c ? c : x->lang - y->lang;
}

void pages_sort(Pages *pages) {
    if (pages->len)
        qsort(pages->items, pages->len, sizeof *pages->items, newest_first);
}

// A page with what mostly tells its place.
typedef struct {
    int64_t when;
    const Page *page;
} Dated;

static int latest_first(const void *a, const void *b) {
    const Dated *x = a, *y = b;
    if (x->when != y->when)
        return x->when > y->when ? -1 : 1;
    return newest_first(&x->page, &y->page);
}

// A piece of the type `page` counts when it has a date and lies in a section.
bool page_is_dated(const Page *p) {
    if (p->kind != PAGE_REGULAR || p->is_unlisted || p->is_unrendered)
        return false;
    return p->type->dated ||
           (p->type->open && date_is_set(p->date) && p->dir.len &&
            !(p->is_bundle && str_find(p->dir, S("/"), 0) == SIZE_MAX));
}

// As map_add, with a hash that was taken before.
static void *add_hashed(Map *m, Str key, uint32_t hash, Page *p) {
    uint32_t at = map_place(m, key, hash);
    void *old = m->items[at].val;
    if (!old)
        m->items[at].val = p;
    return old;
}

// The pieces of one type in one language, by id.
static Map *refs_of(const Site *site, const Type *type, uint8_t lang) {
    size_t at = (size_t)(type - site->types->items);
    return &site->refs[lang * site->types->len + at];
}

static bool has_own_id(const Page *p) {
    return !p->type->open || value_get(&p->meta, S("id")) ||
           p->translation_of.len || p->translation_key.len;
}

// Ordinary pages, as in a site of Hugo's, have the same names in different
// folders: their paths are their ids then.
static bool part_by_path(Builder *b, Page *p, Page *old) {
    if (has_own_id(p) || has_own_id(old) || str_eq(p->path, old->path))
        return false;
    Map *refs = refs_of(b->site, p->type, p->lang);
    old->id = old->path;
    p->id = p->path;
    map_add(refs, old->id, old);
    map_add(refs, p->id, p);
    return true;
}

static void add_by_ref(Builder *b, Page *p) {
    Map *refs = refs_of(b->site, p->type, p->lang);
    Page *old = add_hashed(refs, p->id, p->id_hash, p);
    if (!old || part_by_path(b, p, old))
        return;
    b->ok = diag_error(b->job->diags, "E-ID", page_pos(p, S("id")),
                       _("the id '%.*s' is already that of %.*s"),
                       STR_ARG(p->id), STR_ARG(old->src->path));
    diag_hint(b->job->diags,
              _("give one of the two another file name or a line id: ..."));
}

// Maps of the size that is needed.
static void make_refs(Builder *b, Page **files, size_t n) {
    Site *site = b->site;
    size_t nmaps = site->cfg->nlanguages * site->types->len;
    site->refs = ARENA_ARRAY(b->job->keep, Map, nmaps);
    size_t *count = ARENA_ARRAY(b->job->scratch, size_t, nmaps);
    for (size_t i = 0; i < n; i++)
        if (files[i]->kind == PAGE_REGULAR)
            count[refs_of(site, files[i]->type, files[i]->lang) - site->refs]++;
    for (size_t i = 0; i < nmaps; i++) {
        site->refs[i].arena = b->job->keep;
        map_reserve(&site->refs[i], count[i]);
    }
}

// Pages from files, without those that wait, have ended or are drafts.
static void add_pages(Builder *b) {
    size_t nskipped = 0;
    const SiteInput *in = b->in;
    Pages skipped = pages_new(b->job->keep, in->npages);
    Page **files = ARENA_ARRAY(b->job->keep, Page *, in->npages);
    size_t nfiles = 0;
    for (size_t i = 0; i < in->npages; i++) {
        Page *p = &in->pages[i];
        if (!p->src)
            continue;
        if (p->kind == PAGE_REGULAR && !rules_is_public(p))
            p->skip |= SKIP_INTERNAL;
        page_select(in->cfg, b->clock, p);
        page_phase(in->cfg, b->clock, p);
        if (p->kind == PAGE_REGULAR)
            rules_time(b, p);
        if (!p->skip)
            take(b, p);
        else
            skipped.items[nskipped++] = p;
        add_hashed(&b->site->by_file, p->src->rel, p->file_hash, p);
        files[nfiles++] = p;
    }
    translations_link(b, files, nfiles);
    make_refs(b, files, nfiles);
    for (size_t i = 0; i < nfiles; i++)
        if (files[i]->kind == PAGE_REGULAR)
            add_by_ref(b, files[i]);
    skipped.len = nskipped;
    b->site->skipped = skipped;
}

// The pieces of one language, in the same order.
static void set_regular(Builder *b, uint8_t lang) {
    const Pages *all = &b->site->regular;
    Pages own = pages_new(b->job->keep, all->len);
    own.len = 0;
    for (size_t i = 0; i < all->len; i++)
        if (all->items[i]->lang == lang)
            own.items[own.len++] = all->items[i];
    b->site->editions[lang].regular = own;
}

static void sort_regular(Builder *b) {
    ArenaMark mark = arena_mark(b->job->scratch);
    Dated *order = ARENA_ROOM(b->job->scratch, Dated, b->len);
    size_t n = 0;
    for (size_t i = 0; i < b->len; i++) {
        const Page *p = b->all[i];
        bool has_date = date_is_set(p->date);
        if (p->kind == PAGE_REGULAR)
            order[n++] =
                (Dated){has_date ? p->date.unix_seconds : INT64_MIN, p};
    }
    if (n)
        qsort(order, n, sizeof *order, latest_first);
    Pages regular = pages_new(b->job->keep, n);
    for (size_t i = 0; i < n; i++)
        regular.items[i] = order[i].page;
    arena_reset(b->job->scratch, mark);
    b->site->regular = regular;
    size_t nlanguages = b->in->cfg->nlanguages;
    if (nlanguages == 1)
        b->site->editions[0].regular = regular;
    for (size_t i = 0; nlanguages > 1 && i < nlanguages; i++)
        set_regular(b, (uint8_t)i);
}

static void add_not_found(Builder *b, uint8_t lang) {
    const Page *home = b->site->editions[lang].home;
    Page p = {
        .kind = PAGE_404,
        .lang = lang,
        .type = type_find(b->in->types, S("page")),
        .id = S("404"),
        .path = S("404"),
        .title = S("404"),
        .link_title = S("404"),
        .url = url_in_language(b->job->keep, b->in->cfg, lang, S("/404.html")),
        .section = home ? home : b->site->home};
    const Page *page = builder_add(b, &p);
    if (!lang)
        b->site->not_found = page;
}

static void index_urls(Builder *b) {
    Site *site = b->site;
    map_reserve(&site->by_url, b->len);
    site->pages = pages_new(b->job->keep, b->len);
    for (size_t i = 0; i < b->len; i++) {
        Page *p = b->all[i];
        site->pages.items[i] = p;
        uint32_t hash = p->src ? p->url_hash : map_hash(p->url);
        if (p->url.len)
            add_hashed(&site->by_url, p->url, hash, p);
    }
}

// The page of a bundle: in the first language in which it is published.
static const Page *bundle_of(Builder *b, Str dir) {
    Arena *tmp = b->job->scratch;
    ArenaMark mark = arena_mark(tmp);
    const Map *files = &b->site->by_file;
    const Page *found = map_get(files, path_join(tmp, dir, S("index.md")));
    for (size_t i = 0; i < b->in->cfg->nlanguages && (!found || found->skip);
         i++) {
        const Page *p =
            map_get(files, str_fmt(tmp, "%.*s/index.%.*s.md", STR_ARG(dir),
                                   STR_ARG(b->in->cfg->languages[i].key)));
        if (p && (!found || !p->skip))
            found = p;
    }
    arena_reset(tmp, mark);
    return found;
}

// A file in a bundle goes with the page; any other keeps its path.
static void add_resource(Builder *b, const Source *src, Resource *out) {
    Arena *a = b->job->keep;
    Str dir = path_dir(src->rel), rest = path_base(src->rel);
    const Page *owner = NULL;
    while (dir.len && !owner) {
        owner = bundle_of(b, dir);
        if (owner)
            break;
        rest = path_join(a, path_base(dir), rest);
        dir = path_dir(dir);
    }
    *out = (Resource){src, owner, {0}};
    bool is_plain = !owner || owner->is_unrendered; // headless: files only
    if (!is_plain && !owner->url.len)               // left out
        return;
    if (is_plain) {
        out->url = str_fmt(a, "/%.*s", STR_ARG(src->rel));
        return;
    }
    Str url = owner->url; // of /a/tin.html the files lie in /a/
    while (!str_ends(url, S("/")))
        url.len--;
    out->url = str_fmt(a, "%.*s%.*s", STR_ARG(url), STR_ARG(rest));
}

static void resources_build(Builder *b) {
    const SourceSet *set = b->in->sources;
    size_t from = set->first[SOURCE_RESOURCE];
    size_t n = set->first[SOURCE_RESOURCE + 1] - from;
    Site *site = b->site;
    site->resource_items = ARENA_ARRAY(b->job->keep, Resource, n);
    for (size_t i = 0; i < n; i++) {
        Resource *r = &site->resource_items[site->nresources];
        add_resource(b, &set->items[from + i], r);
        if (r->page && r->page->skip)
            r->url = (Str){0}; // goes with its page; links to it are known
        map_add(&site->resources, r->src->rel, r);
        site->nresources++;
    }
    from = set->first[SOURCE_STATIC];
    n = set->first[SOURCE_STATIC + 1] - from;
    for (size_t i = 0; i < n; i++) {
        Source *src = &set->items[from + i];
        map_add(&site->statics,
                str_fmt(b->job->keep, "/%.*s", STR_ARG(src->rel)), src);
    }
}

bool site_build(Job *job, const SiteInput *in, Site *out) {
    *out = (Site){.cfg = in->cfg,
                  .types = in->types,
                  .sources = in->sources,
                  .record = in->record,
                  .now = in->now,
                  .clock = {.now = in->now}};
    out->by_url.arena = out->by_file.arena = job->keep;
    out->statics.arena = out->resources.arena = job->keep;
    out->library.arena = job->keep;
    map_reserve(&out->by_file, in->npages);
    Builder b = {
        .job = job, .in = in, .site = out, .clock = &out->clock, .ok = true};
    b.sections.arena = b.hidden.arena = job->keep;
    out->editions = ARENA_ARRAY(job->keep, Edition, in->cfg->nlanguages);
    for (size_t i = 0; i < in->cfg->nlanguages; i++)
        out->editions[i] = (Edition){.language = &in->cfg->languages[i],
                                     .i18n = {.arena = job->keep}};
    add_pages(&b);
    sort_regular(&b);
    resources_build(&b);
    sections_build(&b);
    translations_build(&b, false);
    relations_build(&b);
    rules_build(&b);
    taxonomies_build(&b);
    translations_build(&b, true);
    archives_build(&b);
    neighbours_build(&b);
    related_build(&b);
    for (size_t i = 0; i < in->cfg->nlanguages; i++)
        if (!i || out->editions[i].home)
            add_not_found(&b, (uint8_t)i);
    index_urls(&b);
    menus_build(&b);
    i18n_build(&b);
    return b.ok;
}

const Page *site_ref(const Site *site, Str type, Str id, uint8_t lang) {
    const Page *waiting = NULL;
    const Type *t = type_find(site->types, type);
    size_t n = t ? site->cfg->nlanguages : 0;
    for (size_t i = 0; i < n + 2; i++) { // its own, the default one, any
        size_t at = i == 0 ? lang : i - 1;
        if (at >= n)
            break;
        const Page *p = map_get(refs_of(site, t, (uint8_t)at), id);
        if (p && !p->skip)
            return p;
        if (!waiting)
            waiting = p;
    }
    return waiting;
}

// bai.vi.md is bai.md: how a piece in another language links to the original.
static const Page *find_original(const Site *site, Arena *a, Str name) {
    uint8_t lang;
    Str stem = config_split_language(site->cfg, name, &lang);
    if (lang || stem.len == name.len)
        return NULL;
    return map_get(&site->by_file, str_fmt(a, "%.*s.md", STR_ARG(stem)));
}

// A link to "bai.md" in an English piece means bai.en.md when it is there.
static const Page *find_file(const Site *site, Arena *a, Str name,
                             uint8_t lang) {
    const Page *page = map_get(&site->by_file, name);
    if (page && !page->skip && !page->lang)
        return page_in(page, lang);
    if (page || !lang || !str_ends(name, S(".md")))
        return page;
    name.len -= 3;
    Str key = site->editions[lang].language->key;
    page = map_get(&site->by_file,
                   str_fmt(a, "%.*s.%.*s.md", STR_ARG(name), STR_ARG(key)));
    return page ? page : find_original(site, a, name);
}

static bool find_content(const Site *site, Arena *a, Str rel, uint8_t lang,
                         Target *out) {
    static const Str tails[] = {S_INIT(""), S_INIT(".md"), S_INIT("/index.md"),
                                S_INIT("/_index.md")};
    while (str_ends(rel, S("/")))
        rel.len--;
    out->resource = map_get(&site->resources, rel);
    if (out->resource) {
        out->url = out->resource->url;
        if (!out->url.len) { // as its page: left out
            out->page = out->resource->page;
            out->resource = NULL;
        }
        return true;
    }
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        Str name = i ? str_cat(a, rel, tails[i], (Str){0}) : rel;
        if (str_starts(name, S("/")))
            name = str_slice(name, 1, name.len);
        out->page = find_file(site, a, name, lang);
        if (!out->page)
            continue;
        out->url = out->page->skip ? (Str){0} : out->page->url;
        return true;
    }
    return false;
}

// As the address of a page or file that will be published.
static bool find_url(const Site *site, Arena *a, Str url, Target *out) {
    out->file = map_get(&site->statics, url);
    if (!out->file && !str_ends(url, S("/")) && !path_ext(path_base(url)).len)
        url = str_cat(a, url, S("/"), (Str){0});
    if (!out->file)
        out->page = site_page_by_url(site, url);
    out->url = url;
    return out->file || out->page;
}

Target site_resolve(Arena *a, const Site *site, const Page *from, Str path) {
    Target t = {0};
    Str rel, url = path;
    if (path_resolve(a, from->dir, path, &rel) &&
        find_content(site, a, rel, from->lang, &t))
        return t;
    if (!str_starts(path, S("/"))) {
        Str here = str_slice(from->url, 1, from->url.len);
        if (!path_resolve(a, here, path, &url))
            return (Target){0};
        bool is_folder = str_ends(path, S("/")) && url.len;
        url = str_cat(a, S("/"), url, is_folder ? S("/") : (Str){0});
    }
    return find_url(site, a, url, &t) ? t : (Target){0};
}

const Page *site_page_by_url(const Site *site, Str url) {
    return map_get(&site->by_url, url);
}
