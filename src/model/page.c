// From one content file's front matter to a Page: cascade first, then the core
// keys, then the fields of its type.

#include "model/page.h"

#include <string.h>

#include "base/escape.h"
#include "base/text.h"
#include "model/front_get.h"
#include "model/hugo.h"
#include "model/url.h"

// A config made by hand has no list of languages.
static Str page_language(const Config *cfg, const Page *page) {
    return page->lang ? config_language(cfg, page->lang)->key : cfg->lang;
}

// A map that may be added to; what is in it stays where it is.
static Value open_copy(Arena *a, const Value *map) {
    Value out = value_map(a);
    out.line = map->line;
    out.col = map->col;
    for (size_t i = 0; map->as.map && i < map->as.map->len; i++)
        map_append(out.as.map, map->as.map->items[i].key,
                   map->as.map->items[i].val);
    return out;
}

// The front matter with what is cascaded into it; gives its hash.
static Hash find_meta(Arena *a, const Config *cfg, const Draft *draft,
                      const Cascades *cascade, Page *page) {
    bool is_own = true;
    Hasher h = {0};
    CascadeTarget to = {cfg, str_from(page_kind_name(page->kind)), page->path,
                        page_language(cfg, page)};
    page->meta = draft->meta;
    for (size_t i = 0; i < cascade->len; i++) {
        if (!cascade_applies(&cascade->items[i], &to))
            continue;
        if (is_own)
            page->meta = open_copy(a, &page->meta);
        is_own = false;
        cascade_fill(a, &cascade->items[i].values, &page->meta);
    }
    if (is_own)
        return draft->meta_hash;
    value_hash(&h, &page->meta);
    return h.sum;
}

// --- dates

// Each key is read once, so that its mistake is said once.
typedef struct {
    FrontReader *r;
    struct {
        int key;
        Date date;
    } seen[32];
    size_t nseen;
} DateReader;

static bool is_digits(Str s) {
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return true;
}

static bool is_clock(Str s) { // -HH-MM-SS
    return s.len == 9 && is_digits(str_slice(s, 1, 3)) && s.ptr[3] == '-' &&
           is_digits(str_slice(s, 4, 6)) && s.ptr[6] == '-' &&
           is_digits(str_slice(s, 7, 9));
}

// 2025-03-01-ten-bai or 2025-03-01-08-30-00-ten-bai; *rest is what follows.
static bool date_of_name(Arena *a, Str name, int16_t zone, Date *out,
                         Str *rest) {
    size_t at, n = 10;
    const char *why;
    Str day = str_slice(name, 0, 10), clock = str_slice(name, 10, 19);
    if (name.len < 10 || !is_digits(str_slice(day, 0, 4)) ||
        !date_parse(day, zone, false, out, &at, &why))
        return false;
    if (is_clock(clock)) {
        Str full = str_fmt(a, "%.*sT%.2s:%.2s:%.2s", STR_ARG(day),
                           clock.ptr + 1, clock.ptr + 4, clock.ptr + 7);
        if (date_parse(full, zone, false, out, &at, &why))
            n = 19;
    }
    *rest = str_slice(name, n, name.len);
    while (rest->len && strchr(" -_", rest->ptr[0]))
        *rest = str_slice(*rest, 1, rest->len);
    while (rest->len && strchr(" -_", rest->ptr[rest->len - 1]))
        rest->len--;
    return true;
}

static bool is_switch(const Value *v) {
    bool b;
    return v && value_to_bool(v, &b);
}

static Date date_of_key(DateReader *d, int key) {
    for (size_t i = 0; i < d->nseen; i++)
        if (d->seen[i].key == key)
            return d->seen[i].date;
    Date date = {0};
    // also: published: false
    if (key != KEY_PUBLISHED || !is_switch(d->r->at[key]))
        front_date(d->r, key, &date);
    if (d->nseen < sizeof d->seen / sizeof *d->seen) {
        d->seen[d->nseen].key = key;
        d->seen[d->nseen++].date = date;
    }
    return date;
}

// The date in the name of the file; what follows it is the slug if the date is
// the page's own.
static Date name_date(DateReader *d, Page *page, const DateChain *chain) {
    Date date = {0};
    Str rest = {0};
    bool is_main = chain == &d->r->keys->date;
    if (date_of_name(d->r->job->keep, path_base(page->path), d->r->zone, &date,
                     &rest) &&
        is_main && !page->slug.len)
        page->slug = rest;
    return date;
}

static Date first_date(DateReader *d, Page *page, const DateChain *chain) {
    Date date = {0};
    for (size_t i = 0; i < chain->len && !date_is_set(date); i++) {
        int key = chain->items[i];
        if (key == CHAIN_FILENAME)
            date = name_date(d, page, chain);
        else if (key == CHAIN_FILEMODTIME)
            date = (Date){page->src->entry.mtime_ns / 1000000000, d->r->zone,
                          DATE_SECOND};
        else if (d->r->at[key] &&
                 !field_find(&page->type->fields, d->r->keys->names[key]))
            // a type's own field of that name is the type's
            date = date_of_key(d, key);
    }
    return date;
}

static void read_dates(FrontReader *r, Page *p) {
    DateReader d;
    d.r = r;
    d.nseen = 0;
    p->date = first_date(&d, p, &r->keys->date);
    p->lastmod = first_date(&d, p, &r->keys->lastmod);
    p->publish = first_date(&d, p, &r->keys->publish);
    p->expiry = first_date(&d, p, &r->keys->expiry);
}

// --- core keys

static void read_status(FrontReader *r, Page *p) {
    static const Str early[] = {S_INIT("draft"), S_INIT("edited"),
                                S_INIT("reviewed"), S_INIT("approved")};
    bool draft = false, published = true;
    const Value *said = r->at[KEY_PUBLISHED];
    if (said && value_to_bool(said, &published)) // Jekyll's word for draft
        draft = !published;
    Str status = {0}, visibility = {0};
    front_bool(r, KEY_DRAFT, &draft);
    front_text(r, KEY_STATUS, &status);
    front_text(r, KEY_VISIBILITY, &visibility);
    for (size_t i = 0; i < sizeof early / sizeof *early; i++)
        draft |= str_eq(status, early[i]);
    if (draft)
        p->skip |= SKIP_DRAFT;
    if (str_eq(status, S("withdrawn")) ||
        (visibility.len && !str_eq(visibility, S("public"))))
        p->skip |= SKIP_INTERNAL;
}

// A word that loa has no output for is dropped; none left is as if unsaid.
static void check_outputs(FrontReader *r, Page *p) {
    static const Str known[] = {S_INIT("html"), S_INIT("rss"), S_INIT("atom"),
                                S_INIT("jsonfeed"), S_INIT("calendar")};
    enum { NKNOWN = sizeof known / sizeof *known };
    size_t n = 0;
    for (size_t i = 0; i < p->outputs.len; i++) {
        Str word = p->outputs.items[i];
        size_t k = 0;
        while (k < NKNOWN && !str_eq_nocase(known[k], word))
            k++;
        if (k < NKNOWN) {
            p->outputs.items[n++] = word;
            continue;
        }
        diag_warn(r->job->diags, "W-OUTPUTS", page_pos(p, S("outputs")),
                  _("there is no output called '%.*s'"), STR_ARG(word));
        diag_hint(r->job->diags,
                  _("outputs are html, rss, atom, jsonfeed and calendar"));
    }
    p->outputs.len = n;
}

static void read_texts(FrontReader *r, Page *p) {
    front_text(r, KEY_TITLE, &p->title);
    front_text(r, KEY_LINKTITLE, &p->link_title);
    front_text(r, KEY_DESCRIPTION, &p->description);
    front_text(r, KEY_SUMMARY, &p->sapo);
    front_text(r, KEY_SAPO, &p->sapo);
    front_text(r, KEY_LAYOUT, &p->layout);
    front_text(r, KEY_SLUG, &p->slug);
    front_text(r, KEY_URL, &p->url_wish);
    front_text(r, KEY_TRANSLATIONKEY, &p->translation_key);
    front_text(r, KEY_TRANSLATION_OF, &p->translation_of);
    front_text(r, KEY_ID, &p->id);
    front_int(r, KEY_WEIGHT, &p->weight);
    front_list(r, KEY_ALIASES, &p->aliases);
    front_list(r, KEY_OUTPUTS, &p->outputs);
    check_outputs(r, p);
    if (!p->id.len)
        p->id = path_base(p->path);
    if (!p->link_title.len)
        p->link_title = p->title;
}

static const Value *unless_null(const Value *v) {
    return v && v->kind != VALUE_NULL ? v : NULL;
}

static const Value *part(const Value *map, Str key) {
    return unless_null(value_get(map, key));
}

// `always` and `never`, and what old sites write: true and false. `local` and
// `link` are taken for never: nobody meets the page by chance.
static bool is_never(FrontReader *r, const Value *v) {
    bool b = true;
    if (!v || value_to_bool(v, &b))
        return !b;
    static const Str words[] = {S_INIT("always"), S_INIT("never"),
                                S_INIT("local"), S_INIT("link")};
    size_t i = 0;
    while (i < 4 && !(v->kind == VALUE_STR && str_eq(v->as.s, words[i])))
        i++;
    if (i == 4)
        r->ok = diag_error(r->job->diags, "E-KIND", front_pos(r, v),
                           _("%.*s must be %s"), 5, "build",
                           _("{list: always or never, render: always or "
                             "never}"));
    return i > 0;
}

static void read_build(FrontReader *r, Page *p) {
    const Value *build = unless_null(r->at[KEY_BUILD]);
    if (!build)
        build = unless_null(r->at[KEY_UNDERSCORE_BUILD]);
    bool is_headless = false, is_disabled = false;
    front_bool(r, KEY_HEADLESS, &is_headless);
    p->is_unlisted = is_headless || is_never(r, part(build, S("list")));
    p->is_unrendered = p->kind == PAGE_REGULAR &&
                       (is_headless || is_never(r, part(build, S("render"))));
    if (build && build->kind != VALUE_MAP)
        is_never(r, build);
    const Value *sitemap = part(r->at[KEY_SITEMAP], S("disable"));
    if (sitemap && value_to_bool(sitemap, &is_disabled))
        p->is_off_sitemap = is_disabled;
}

static void read_terms(FrontReader *r, const Config *cfg, Page *p) {
    p->term_names = ARENA_ARRAY(r->job->keep, Strs, cfg->ntaxonomies);
    for (size_t i = 0; i < cfg->ntaxonomies; i++)
        front_list(r, r->keys->taxonomies[i], &p->term_names[i]);
}

// content/index.md is a bundle whose folder is all of content/.
static bool want_place(FrontReader *r, const Page *p) {
    if (p->path.len || p->kind != PAGE_REGULAR)
        return true;
    diag_error(r->job->diags, "E-INDEX", source_pos(r->src, 0, 0),
               _("a piece cannot take the place of the home page"));
    diag_hint(r->job->diags,
              _("the text of the home page is the file _index.md: rename "
                "index.md"));
    return false;
}

static bool want_title(FrontReader *r, const Page *p) {
    const Value *said = unless_null(r->at[KEY_TITLE]);
    if (p->title.len || p->kind != PAGE_REGULAR)
        return true;
    if (said && said->kind != VALUE_STR) // said already
        return false;
    diag_error(r->job->diags, "E-TITLE", source_pos(r->src, 1, 1),
               _("the piece has no title"));
    diag_hint(r->job->diags,
              _("add the line title: \"...\" at the top, between the two lines "
                "of three hyphens"));
    return false;
}

// Whether it is internal or has such a key in its map; maps in maps end in
// parse/type_field.c.
static bool holds_internal(const Field *f) {
    for (size_t i = 0; f && !f->internal && i < f->fields.len; i++)
        if (holds_internal(&f->fields.items[i]))
            return true;
    return f && f->internal;
}

// A value that has its types already is not copied.
static void add_param(Arena *a, Value *params, const MapItem *item) {
    if (value_is_resolved(item->val))
        map_add(params->as.map, item->key, item->val);
    else if (!value_get(params, item->key))
        value_set(a, params, item->key, value_resolve_plain(a, item->val));
}

// Of an open type all other keys are params, too, save what may not leave.
static bool is_param(const FrontReader *r, const Page *p, const MapItem *item,
                     size_t at) {
    return r->numbers[at] >= KEY_NCORE &&
           !holds_internal(field_find(&p->type->fields, item->key));
}

// Room for all that read_params may find.
static Value params_map(const FrontReader *r, const Page *p, const Value *own) {
    size_t n = r->at[KEY_KEYWORDS] ? 1 : 0;
    if (own && own->kind == VALUE_MAP && own->as.map)
        n += own->as.map->len;
    if (p->type->open && p->meta.kind == VALUE_MAP && p->meta.as.map)
        for (size_t i = 0; i < p->meta.as.map->len; i++)
            n += r->numbers[i] >= KEY_NCORE;
    Value out = value_map(r->job->keep);
    map_reserve(out.as.map, n);
    return out;
}

// What stands under `params`, then `keywords`, then the other keys.
static void read_params(const FrontReader *r, Page *p) {
    const Value *own = unless_null(r->at[KEY_PARAMS]);
    Arena *a = r->job->keep;
    p->params = params_map(r, p, own);
    if (own && own->kind != VALUE_MAP)
        diag_error(r->job->diags, "E-KIND", page_pos(p, S("params")),
                   _("%.*s must be %s"), 6, "params",
                   _("a map of keys and values"));
    const Map *map = own && own->kind == VALUE_MAP ? own->as.map : NULL;
    for (size_t i = 0; map && i < map->len; i++)
        add_param(a, &p->params, &map->items[i]);
    map = p->meta.kind == VALUE_MAP ? p->meta.as.map : NULL;
    bool has_keywords = unless_null(r->at[KEY_KEYWORDS]);
    for (size_t i = 0; has_keywords && i < map->len; i++)
        if (r->numbers[i] == KEY_KEYWORDS)
            add_param(a, &p->params, &map->items[i]);
    for (size_t i = 0; p->type->open && map && i < map->len; i++)
        if (is_param(r, p, &map->items[i], i))
            add_param(a, &p->params, &map->items[i]);
}

static bool read_type(FrontReader *r, const TypeSet *types, Page *p) {
    Str name = {0}, section = p->path;
    front_text(r, KEY_TYPE, &name);
    p->type = type_find(types, S("page"));
    if (p->kind != PAGE_REGULAR)
        return true;
    if (name.len) {
        const Type *type = type_find(types, name);
        if (type) {
            p->type = type;
            return true;
        }
        return hugo_unknown_type(r, types, name);
    }
    Str folder;
    if (str_find(section, S("/"), 0) == SIZE_MAX)
        return true;
    str_cut(&section, '/', &folder);
    const Type *type = map_get(&types->by_section, folder);
    if (type)
        p->type = type;
    return true;
}

// --- what the file is

static PageKind kind_of(const Config *cfg, const Draft *d, Str dir) {
    if (!d->is_section)
        return PAGE_REGULAR;
    if (!dir.len)
        return PAGE_HOME;
    Str rest = dir, top;
    str_cut(&rest, '/', &top);
    for (size_t i = 0; i < cfg->ntaxonomies; i++)
        if (str_eq(top, cfg->taxonomies[i].plural))
            return rest.len ? PAGE_TERM : PAGE_TAXONOMY;
    return PAGE_SECTION;
}

static void place(const Config *cfg, const Draft *d, Page *p) {
    Str rel = d->src->rel;
    p->src = d->src;
    p->dir = path_dir(rel);
    p->is_bundle = d->is_bundle;
    p->kind = kind_of(cfg, d, p->dir);
    p->body_at = d->body_at;
    p->body_len = d->body_len;
    p->body_line = d->body_line;
    p->head_hash = d->head_hash;
    p->body_hash = d->body_hash;
    Str stem = config_split_language(cfg, path_stem(path_base(rel)), &p->lang);
    size_t folder = p->dir.len ? p->dir.len + 1 : 0;
    p->path = d->is_section || d->is_bundle
                  ? p->dir
                  : str_slice(rel, 0, folder + stem.len);
    if (p->kind == PAGE_TAXONOMY || p->kind == PAGE_TERM) {
        Str rest = p->dir;
        str_cut(&rest, '/', &p->plural);
    }
}

Str page_body(const Page *page) {
    Str text = page->src ? page->src->text : (Str){0};
    return str_slice(text, page->body_at, page->body_at + page->body_len);
}

bool page_from_draft(Job *job, const Config *cfg, const TypeSet *types,
                     const Draft *draft, const Cascades *cascade, Page *p) {
    size_t errors = job->diags->errors;
    *p = (Page){0};
    place(cfg, draft, p);
    Hash meta = find_meta(job->keep, cfg, draft, cascade, p);
    FrontReader r = front_begin(job, cfg, draft->src, &p->meta);
    bool ok = read_type(&r, types, p);
    read_texts(&r, p);
    read_dates(&r, p);
    read_status(&r, p);
    read_build(&r, p);
    read_terms(&r, cfg, p);
    read_params(&r, p);
    ok &= want_title(&r, p) && want_place(&r, p);
    TypeCheck how = {cfg->zone, &r.keys->known,
                     p->kind == PAGE_REGULAR && !(p->skip & SKIP_DRAFT)};
    ok &= type_check(job, types, p->type, p->src, &p->meta, &how, &p->fields);
    if (!p->is_unrendered && (p->path.len || p->kind != PAGE_REGULAR))
        ok &= url_of_page(job, cfg, p, &p->url);
    Hasher h = {0};
    hasher_str(&h, p->type->name);
    hasher_hash(&h, meta);
    p->front_hash = h.sum;
    hugo_check_page(&r, draft, p);
    return ok && r.ok && job->diags->errors == errors;
}

void page_broken(Job *job, const Config *cfg, const TypeSet *types,
                 const Draft *draft, Page *p) {
    Diags none = {.arena = job->scratch}; // said already
    Job silent = {job->keep, job->scratch, &none, NULL};
    *p = (Page){.skip = SKIP_BROKEN};
    place(cfg, draft, p);
    p->meta = draft->is_read ? draft->meta : value_map(job->keep);
    FrontReader r = front_begin(&silent, cfg, draft->src, &p->meta);
    read_type(&r, types, p);
    read_texts(&r, p);
    p->fields = p->params = value_map(job->keep);
}

// --- time

// Half open: an end without a time is the end of that day.
static bool is_pinned(const Page *page, Clock *clock) {
    const Value *pin = value_get(&page->fields, S("pin"));
    const Value *until = pin ? value_get(pin, S("until")) : NULL;
    return until && until->kind == VALUE_DATE &&
           clock_is_before(clock, date_end(until->as.date),
                           (Reason){CLOCK_UNPINNED, page, S("pin")});
}

// The first key of the chain that the page has, as it is written there.
static Str written_key(const Page *page, const Strs *chain) {
    const Map *map = page->meta.kind == VALUE_MAP ? page->meta.as.map : NULL;
    for (size_t i = 0; i < chain->len; i++)
        for (size_t k = 0; map && k < map->len; k++)
            if (str_eq_nocase(map->items[k].key, chain->items[i]))
                return map->items[k].key;
    return (Str){0};
}

static bool is_before(Clock *clock, Date t, Reason r, const Strs *chain) {
    if (date_cmp(t, clock->now) > 0)
        r.field = written_key(r.page, chain);
    return clock_is_before(clock, t, r);
}

void page_select(const Config *cfg, Clock *clock, Page *page) {
    Reason waits = {CLOCK_PUBLISHED, page, {0}};
    Reason ends = {CLOCK_EXPIRES, page, {0}};
    if (page->lang && config_language(cfg, page->lang)->is_disabled)
        page->skip |= SKIP_INTERNAL;
    if (cfg->drafts)
        page->skip &= (uint8_t)~SKIP_DRAFT;
    if (!cfg->future && date_is_set(page->publish) &&
        is_before(clock, page->publish, waits, &cfg->publish_chain))
        page->skip |= SKIP_FUTURE;
    // Half open: an expiry without a time is the end of that day.
    if (!cfg->expired && date_is_set(page->expiry) &&
        !is_before(clock, date_end(page->expiry), ends, &cfg->expiry_chain))
        page->skip |= SKIP_EXPIRED;
    page->is_pinned = page->has_pin && is_pinned(page, clock);
}

const char *page_kind_name(PageKind kind) {
    static const char *const names[] = {"home", "section", "page",  "taxonomy",
                                        "term", "year",    "month", "404"};
    return names[kind];
}

const Page *page_above(const Page *page) {
    const Page *up = page->parent; // one in another language leads astray
    return up && up->lang == page->lang ? up : page->section;
}

bool page_is_list(const Page *page) {
    return page->kind != PAGE_REGULAR && page->kind != PAGE_404;
}

const Page *page_translation(const Page *page, uint8_t lang) {
    if (page->lang == lang)
        return page;
    for (size_t i = 0; i < page->translations.len; i++)
        if (page->translations.items[i]->lang == lang)
            return page->translations.items[i];
    return NULL;
}

const Page *page_in(const Page *page, uint8_t lang) {
    const Page *own = page_translation(page, lang);
    return own ? own : page;
}

bool page_wants(const Page *page, Str format) {
    bool is_listed = !page->outputs.len;
    for (size_t i = 0; i < page->outputs.len; i++)
        is_listed |= str_eq_nocase(page->outputs.items[i], format);
    return is_listed;
}

Pos page_pos(const Page *page, Str key) {
    if (!page->src && page->witness)
        return page_pos(page->witness, page->plural);
    if (!page->src)
        return (Pos){.path = page->url};
    const Value *v = value_get(&page->meta, key);
    return v && v->line ? source_pos(page->src, v->line, v->col)
                        : source_pos(page->src, 1, 0);
}
