// Menus: from the config, from front matter, and the sections when
// sectionPagesMenu names a menu. Order: weight, then name, then identifier.
//
// Another language has the menus that are written for it. Of the others it has
// those of the default language: each entry leads to the translation of its
// page, or to the page itself, and says so.
//
// All entries are found first; then each menu is put together from the top,
// and every entry takes those that name it as their parent.

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "model/builder.h"

enum { MAX_DEPTH = 16 };

typedef struct Found {
    Str menu;
    MenuEntry entry;
    Pos pos;
    bool is_placed, is_borrowed;
    struct Found *next; // with the same parent
} Found;

// Those with one parent, in the order they were found.
typedef struct {
    Found *first, *last;
    size_t len;
} Group;

// The first page with a path.
typedef struct {
    const Page *own;   // in the language at work
    const Page *other; // in the default one; for that one, in any
} Place;

typedef struct {
    Builder *b;
    uint8_t lang;
    bool is_borrowed; // the entries at work are the default language's
    Map places;       // path that a pageRef names -> Place *
    uint64_t lengths; // of those paths, as bits: see bit_of
    Map groups;       // menu NUL parent -> Group *
    Map names;        // menu NUL id or name -> Found *
    Map menus;        // name -> Found *
    Found *first, *last;
} List;

static void add(List *l, const Found *found) {
    Found *f = ARENA_NEW(l->b->job->scratch, Found);
    *f = *found;
    f->is_borrowed = l->is_borrowed;
    if (l->last)
        l->last->next = f;
    else
        l->first = f;
    l->last = f;
    map_add(&l->menus, f->menu, f);
}

static bool complain(List *l, Pos pos, const char *what) {
    l->b->ok = diag_error(l->b->job->diags, "E-MENU", pos,
                          _("this menu entry is not understood: %s"), what);
    diag_hint(l->b->job->diags,
              _("write entries as - {name: Tin tức, pageRef: /tin-tuc, "
                "weight: 10}"));
    return false;
}

// --- where an entry leads

// "/tin-tuc/", "tin-tuc/_index.md" and "tin-tuc" are one place.
static Str clean_ref(Str ref) {
    static const Str tails[] = {S_INIT(".md"), S_INIT("/index"),
                                S_INIT("/_index"), S_INIT("/")};
    while (str_starts(ref, S("/")))
        ref = str_slice(ref, 1, ref.len);
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++)
        while (str_ends(ref, tails[i]))
            ref.len -= tails[i].len;
    return str_eq(ref, S("_index")) ? (Str){0} : ref;
}

static uint64_t bit_of(Str path) {
    return UINT64_C(1) << (path.len < 63 ? path.len : 63);
}

static void want_places(List *l, const Value *menus) {
    for (size_t i = 0; menus->as.map && i < menus->as.map->len; i++) {
        const Value *items = menus->as.map->items[i].val;
        for (size_t k = 0; items->kind == VALUE_LIST && k < items->as.list.len;
             k++) {
            Str ref = value_get_str(&items->as.list.items[k], S("pageref"));
            Str path = clean_ref(ref);
            l->lengths |= ref.len ? bit_of(path) : 0;
            if (ref.len && !map_get(&l->places, path))
                map_add(&l->places, path, ARENA_NEW(l->b->job->scratch, Place));
        }
    }
}

// Most pages are told by the length of their path.
static void find_places(List *l) {
    Builder *b = l->b;
    for (size_t i = 0; i < b->len && l->places.len; i++) {
        const Page *p = b->all[i];
        bool may_be = l->lengths & bit_of(p->path) && p->kind != PAGE_404;
        Place *place = may_be ? map_get(&l->places, p->path) : NULL;
        if (!place)
            continue;
        if (p->lang == l->lang && !place->own)
            place->own = p;
        if (p->lang != l->lang && (!p->lang || !l->lang) && !place->other)
            place->other = p;
    }
}

static bool is_skipped(const Builder *b, Str ref) {
    for (size_t i = 0; i < b->site->skipped.len; i++)
        if (str_eq(b->site->skipped.items[i]->path, ref))
            return true;
    return false;
}

static void lead_to(List *l, const Page *page, Found *f) {
    f->entry.page = page_in(page, l->lang);
    f->entry.is_foreign = f->entry.page->lang != l->lang;
}

static bool set_page(List *l, Str ref, Found *f) {
    Builder *b = l->b;
    Str path = clean_ref(ref);
    const Place *place = map_get(&l->places, path);
    const Page *page = place->own ? place->own : place->other;
    if (page)
        lead_to(l, page, f);
    if (page || is_skipped(b, path))
        return page != NULL;
    b->ok = diag_error(b->job->diags, "E-MENU", f->pos,
                       _("the menu points to '%.*s', which is no page"),
                       STR_ARG(ref));
    diag_hint(b->job->diags,
              _("pageRef is a path in content/, such as /tin-tuc"));
    return false;
}

static bool set_url(List *l, Str url, Found *f) {
    Builder *b = l->b;
    if (!escape_safe_url(b->job->keep, url, &f->entry.url)) {
        b->ok = diag_error(b->job->diags, "E-URL", f->pos,
                           _("'%.*s' cannot be linked to"), STR_ARG(url));
        diag_hint(b->job->diags,
                  _("use an address that begins with https://, http://, "
                    "mailto: or tel:"));
        return false;
    }
    Str safe = f->entry.url;
    bool is_relative = safe.len && safe.ptr[0] != '/' && safe.ptr[0] != '#' &&
                       str_find(safe, S(":"), 0) == SIZE_MAX;
    if (is_relative) // from the home page, wherever the menu stands
        f->entry.url = str_fmt(b->job->keep, "/%.*s", STR_ARG(safe));
    return true;
}

// False when the entry is to be left out.
static bool set_address(List *l, const Value *v, Found *f) {
    Str ref = value_get_str(v, S("pageref")), url = value_get_str(v, S("url"));
    if (ref.len)
        return set_page(l, ref, f);
    return !url.len || set_url(l, url, f);
}

// --- entries

// Hugo's entries hold more; what nobody shows is better not written.
static void check_keys(List *l, const Value *v, Pos pos) {
    static const Str known[] = {S_INIT("name"),       S_INIT("pageref"),
                                S_INIT("url"),        S_INIT("weight"),
                                S_INIT("identifier"), S_INIT("parent")};
    enum { NKNOWN = sizeof known / sizeof *known };
    for (size_t i = 0; v && v->kind == VALUE_MAP && v->as.map &&
                       i < v->as.map->len && !l->is_borrowed;
         i++) {
        Str key = v->as.map->items[i].key;
        size_t k = 0;
        while (k < NKNOWN && !str_eq_nocase(known[k], key))
            k++;
        if (k < NKNOWN)
            continue;
        diag_warn(l->b->job->diags, "W-MENU", pos,
                  _("nothing is done with '%.*s' of a menu entry"),
                  STR_ARG(key));
        diag_hint(l->b->job->diags,
                  _("an entry has name, pageRef, url, weight, identifier and "
                    "parent"));
    }
}

static bool read_entry(List *l, const Value *v, Found *f) {
    check_keys(l, v, f->pos);
    f->entry.name = value_get_str(v, S("name"));
    f->entry.id = value_get_str(v, S("identifier"));
    f->entry.parent = value_get_str(v, S("parent"));
    const Value *weight = value_get(v, S("weight"));
    if (!weight || weight->kind == VALUE_NULL)
        return true;
    if (weight->kind == VALUE_STR && str_to_int(weight->as.s, &f->entry.weight))
        return true;
    return complain(l, f->pos, _("weight must be a whole number"));
}

// A translated page brings its own name; the children of the entry still know
// it by the one in the menu.
static void name_entry(const List *l, Found *f) {
    MenuEntry *e = &f->entry;
    bool is_translated = l->is_borrowed && e->page && !e->is_foreign;
    e->lang = l->is_borrowed && !is_translated ? 0 : l->lang;
    if (!e->page)
        return;
    if (is_translated && !e->id.len)
        e->id = e->name.len ? e->name : page_in(e->page, 0)->link_title;
    if (is_translated || !e->name.len) {
        e->name = e->page->link_title;
        e->lang = e->page->lang;
    }
}

static void add_from_config(List *l, Str menu, const Value *v) {
    const Source *src = l->b->in->cfg->src;
    Pos pos = source_pos(src, v->line, v->col);
    if (v->kind == VALUE_NULL)
        return;
    if (v->kind != VALUE_LIST) {
        complain(l, pos, _("a menu is a list"));
        return;
    }
    for (size_t i = 0; i < v->as.list.len; i++) {
        const Value *item = &v->as.list.items[i];
        Found f = {.menu = menu, .pos = source_pos(src, item->line, item->col)};
        if (item->kind != VALUE_MAP) {
            complain(l, f.pos, _("an entry is a map"));
            continue;
        }
        if (!read_entry(l, item, &f) || !set_address(l, item, &f))
            continue;
        name_entry(l, &f);
        if (f.entry.name.len)
            add(l, &f);
        else
            complain(l, f.pos, _("it has no name"));
    }
}

static bool is_written(const List *l, Str menu) {
    const Value *own = &config_language(l->b->in->cfg, l->lang)->menus;
    return value_get(own, menu) != NULL;
}

static void add_from_page(List *l, const Page *p, Str menu, const Value *v) {
    if (l->is_borrowed && is_written(l, menu))
        return;
    Str key = value_get(&p->meta, S("menus")) ? S("menus") : S("menu");
    Found f = {.menu = menu, .pos = page_pos(p, key)};
    if (v && v->kind != VALUE_MAP && v->kind != VALUE_NULL) {
        complain(l, f.pos, _("an entry is a map"));
        return;
    }
    if (!read_entry(l, v, &f))
        return;
    lead_to(l, p, &f);
    name_entry(l, &f);
    if (!f.entry.weight)
        f.entry.weight = p->weight;
    add(l, &f);
}

static void add_from_front(List *l, const Page *p) {
    if (!p->has_menu || !p->url.len)
        return;
    const Value *v = value_get(&p->meta, S("menus"));
    if (!v)
        v = value_get(&p->meta, S("menu"));
    if (v->kind == VALUE_STR)
        add_from_page(l, p, v->as.s, NULL);
    for (size_t i = 0; v->kind == VALUE_LIST && i < v->as.list.len; i++) {
        const Value *item = &v->as.list.items[i];
        if (item->kind == VALUE_STR)
            add_from_page(l, p, item->as.s, NULL);
        else
            complain(l, page_pos(p, S("menus")),
                     _("a list holds names of menus"));
    }
    for (size_t i = 0; v->kind == VALUE_MAP && v->as.map && i < v->as.map->len;
         i++)
        add_from_page(l, p, v->as.map->items[i].key, v->as.map->items[i].val);
}

// --- the menus

static Str key_of(List *l, Str menu, Str name) {
    return str_fmt(l->b->job->scratch, "%.*s%c%.*s", STR_ARG(menu), 0,
                   STR_ARG(name));
}

static Str name_of(const MenuEntry *e) {
    return e->id.len ? e->id : e->name;
}

static void warn_parent(List *l, const Found *f) {
    Diags *diags = l->b->job->diags;
    diag_warn(diags, "W-MENU", f->pos,
              _("the menu '%.*s' has no entry '%.*s' to be below"),
              STR_ARG(f->menu), STR_ARG(f->entry.parent));
    diag_hint(diags, _("parent is the identifier of an entry of this menu, or "
                       "its name if it has none; until it is there, this one "
                       "stands at the top"));
}

// Groups the entries by parent. A parent that is not there may be a page that
// waits: its entries move to the top.
static void group(List *l) {
    for (Found *f = l->first; f; f = f->next)
        map_add(&l->names, key_of(l, f->menu, name_of(&f->entry)), f);
    Found *next;
    for (Found *f = l->first; f; f = next) {
        next = f->next;
        Str parent = f->entry.parent;
        if (parent.len && !map_get(&l->names, key_of(l, f->menu, parent))) {
            if (!f->is_borrowed)
                warn_parent(l, f);
            parent = (Str){0};
        }
        Str key = key_of(l, f->menu, parent);
        Group *g = map_get(&l->groups, key);
        if (!g) {
            g = ARENA_NEW(l->b->job->scratch, Group);
            map_add(&l->groups, key, g);
        }
        f->next = NULL;
        if (g->last)
            g->last->next = f;
        else
            g->first = f;
        g->last = f;
        g->len++;
    }
}

static int by_order(const void *a, const void *b) {
    const MenuEntry *x = a, *y = b;
    int64_t p = x->weight ? x->weight : INT64_MAX;
    int64_t q = y->weight ? y->weight : INT64_MAX;
    int c = (p > q) - (p < q);
    if (!c)
        c = str_cmp(x->name, y->name);
    if (!c)
        c = str_cmp(x->id, y->id);
    if (!c && x->page && y->page)
        c = str_cmp(x->page->path, y->page->path);
    return c;
}

static size_t build(List *l, Str menu, Str parent, int depth, MenuEntry **out) {
    Group *g = map_get(&l->groups, key_of(l, menu, parent));
    if (!g || !g->len || depth > MAX_DEPTH)
        return 0;
    size_t n = g->len, i = 0;
    MenuEntry *items = ARENA_ARRAY(l->b->job->keep, MenuEntry, n);
    for (Found *f = g->first; f; f = f->next) {
        f->is_placed = true;
        items[i++] = f->entry;
    }
    g->len = 0; // of two entries with one name, the first has the children
    qsort(items, n, sizeof *items, by_order);
    for (i = 0; i < n; i++)
        items[i].nchildren =
            build(l, menu, name_of(&items[i]), depth + 1, &items[i].children);
    *out = items;
    return n;
}

static void check_placed(List *l) {
    for (size_t i = 0; i < l->groups.len; i++) {
        const Group *g = l->groups.items[i].val;
        for (const Found *f = g->first; f; f = f->next)
            if (!f->is_placed && !f->is_borrowed)
                complain(l, f->pos, _("it is below itself, or too deep"));
    }
}

static void add_configured(List *l, const Value *menus) {
    for (size_t i = 0; menus->as.map && i < menus->as.map->len; i++) {
        const MapItem *item = &menus->as.map->items[i];
        if (!l->is_borrowed || !is_written(l, item->key))
            add_from_config(l, item->key, item->val);
    }
}

static void add_from_pages(List *l, uint8_t lang) {
    Builder *b = l->b;
    const Config *cfg = b->in->cfg;
    for (size_t i = 0; i < b->len; i++) {
        const Page *p = b->all[i];
        if (p->lang != lang || (l->is_borrowed && page_translation(p, l->lang)))
            continue;
        add_from_front(l, p);
        if (cfg->section_menu.len && p->kind == PAGE_SECTION && p->section &&
            p->section->kind == PAGE_HOME)
            add_from_page(l, p, cfg->section_menu, NULL);
    }
}

// What is wrong with the default language's entries was said with its menus.
static void borrow(List *l) {
    Builder *b = l->b;
    Diags none = {.arena = b->job->scratch};
    Job silent = {b->job->keep, b->job->scratch, &none, NULL}, *job = b->job;
    bool ok = b->ok;
    l->is_borrowed = true;
    b->job = &silent;
    add_configured(l, &config_language(b->in->cfg, 0)->menus);
    add_from_pages(l, 0);
    b->job = job;
    b->ok = ok;
    l->is_borrowed = false;
}

static void build_edition(Builder *b, uint8_t lang) {
    List l = {.b = b, .lang = lang};
    Arena *a = b->job->scratch;
    ArenaMark mark = arena_mark(a);
    l.places.arena = l.groups.arena = l.names.arena = l.menus.arena = a;
    want_places(&l, &config_language(b->in->cfg, 0)->menus);
    want_places(&l, &config_language(b->in->cfg, lang)->menus);
    find_places(&l);
    add_configured(&l, &config_language(b->in->cfg, lang)->menus);
    add_from_pages(&l, lang);
    if (lang)
        borrow(&l);
    group(&l);
    Edition *edition = &b->site->editions[lang];
    edition->menus = ARENA_ARRAY(b->job->keep, Menu, l.menus.len);
    edition->nmenus = l.menus.len;
    for (size_t i = 0; i < l.menus.len; i++) {
        Menu *menu = &edition->menus[i];
        menu->name = l.menus.items[i].key;
        menu->len = build(&l, menu->name, (Str){0}, 0, &menu->items);
    }
    check_placed(&l);
    arena_reset(a, mark);
}

void menus_build(Builder *b) {
    for (size_t i = 0; i < b->in->cfg->nlanguages; i++)
        if (b->site->editions[i].home)
            build_edition(b, (uint8_t)i);
}
