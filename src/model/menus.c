// Menus: from the config, from front matter, and the sections when
// sectionPagesMenu names a menu. Order: weight, then name, then identifier.

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "model/builder.h"

typedef struct {
    Str menu;
    MenuEntry entry;
    Pos pos;
} Found;

typedef struct {
    Builder *b;
    Found *items;
    size_t len, cap;
} List;

static void add(List *l, const Found *found) {
    Arena *a = l->b->job->scratch;
    if (l->len == l->cap) {
        size_t cap = l->cap ? 2 * l->cap : 32;
        Found *grown = ARENA_ARRAY(a, Found, cap);
        if (l->len)
            memcpy(grown, l->items, l->len * sizeof *grown);
        l->items = grown;
        l->cap = cap;
    }
    l->items[l->len++] = *found;
}

static const Page *page_at(Builder *b, Str ref) {
    while (str_starts(ref, S("/")))
        ref = str_slice(ref, 1, ref.len);
    while (str_ends(ref, S("/")))
        ref.len--;
    if (str_ends(ref, S(".md")))
        ref.len -= 3;
    for (size_t i = 0; i < b->len; i++)
        if (str_eq(b->all[i]->path, ref) && b->all[i]->kind != PAGE_404)
            return b->all[i];
    return NULL;
}

static bool is_skipped(Builder *b, Str ref) {
    while (str_starts(ref, S("/")))
        ref = str_slice(ref, 1, ref.len);
    for (size_t i = 0; i < b->site->skipped.len; i++)
        if (str_eq(b->site->skipped.items[i]->path, ref))
            return true;
    return false;
}

static int64_t weight_of(const Value *v) {
    Str s = value_get_str(v, S("weight"));
    int64_t n = 0;
    return str_to_int(s, &n) ? n : 0;
}

static void set_address(List *l, const Value *v, Found *f) {
    Builder *b = l->b;
    Str ref = value_get_str(v, S("pageref")), url = value_get_str(v, S("url"));
    if (ref.len) {
        f->entry.page = page_at(b, ref);
        if (!f->entry.page && !is_skipped(b, ref)) {
            b->ok = diag_error(b->job->diags, "E-MENU", f->pos,
                               _("the menu points to '%.*s', which is no page"),
                               STR_ARG(ref));
            diag_hint(b->job->diags,
                      _("pageRef is a path in content/, such as /tin-tuc"));
        }
        return;
    }
    Str safe;
    if (!url.len || escape_safe_url(b->job->keep, url, &safe)) {
        f->entry.url = url.len ? safe : (Str){0};
        return;
    }
    b->ok = diag_error(b->job->diags, "E-URL", f->pos,
                       _("'%.*s' cannot be linked to"), STR_ARG(url));
    diag_hint(b->job->diags,
              _("use an address that begins with https://, http://, mailto: "
                "or tel:"));
}

static void add_from_config(List *l, Str menu, const Value *v) {
    const Source *src = l->b->in->cfg->src;
    for (size_t i = 0; v->kind == VALUE_LIST && i < v->as.list.len; i++) {
        const Value *item = &v->as.list.items[i];
        Found f = {.menu = menu, .pos = source_pos(src, item->line, item->col)};
        f.entry = (MenuEntry){.name = value_get_str(item, S("name")),
                              .id = value_get_str(item, S("identifier")),
                              .parent = value_get_str(item, S("parent")),
                              .weight = weight_of(item)};
        set_address(l, item, &f);
        if (!f.entry.page && !f.entry.url.len && value_get(item, S("pageref")))
            continue; // its page is not published
        if (!f.entry.name.len && f.entry.page)
            f.entry.name = f.entry.page->link_title;
        add(l, &f);
    }
}

static void add_from_page(List *l, const Page *p, Str menu, const Value *v) {
    Found f = {.menu = menu, .pos = page_pos(p, S("menus"))};
    f.entry = (MenuEntry){.name = value_get_str(v, S("name")),
                          .id = value_get_str(v, S("identifier")),
                          .parent = value_get_str(v, S("parent")),
                          .weight = weight_of(v),
                          .page = p};
    if (!f.entry.name.len)
        f.entry.name = p->link_title;
    if (!f.entry.weight)
        f.entry.weight = p->weight;
    add(l, &f);
}

static void add_from_front(List *l, const Page *p) {
    const Value *v = value_get(&p->meta, S("menus"));
    if (!v)
        v = value_get(&p->meta, S("menu"));
    if (!v)
        return;
    if (v->kind == VALUE_STR)
        add_from_page(l, p, v->as.s, NULL);
    for (size_t i = 0; v->kind == VALUE_LIST && i < v->as.list.len; i++)
        if (v->as.list.items[i].kind == VALUE_STR)
            add_from_page(l, p, v->as.list.items[i].as.s, NULL);
    for (size_t i = 0; v->kind == VALUE_MAP && v->as.map && i < v->as.map->len;
         i++)
        add_from_page(l, p, v->as.map->items[i].key, v->as.map->items[i].val);
}

static int by_order(const void *a, const void *b) {
    const MenuEntry *x = a, *y = b;
    int64_t p = x->weight ? x->weight : INT64_MAX;
    int64_t q = y->weight ? y->weight : INT64_MAX;
    int c = (p > q) - (p < q);
    if (!c)
        c = str_cmp(x->name, y->name);
    return c ? c : str_cmp(x->id, y->id);
}

static bool is_child_of(const MenuEntry *child, const MenuEntry *parent) {
    return child->parent.len &&
           str_eq(child->parent, parent->id.len ? parent->id : parent->name);
}

// Entries of one menu whose parent is `up` (NULL: those at the top).
static size_t collect(const List *l, Str menu, const MenuEntry *up,
                      MenuEntry **out) {
    MenuEntry *items = ARENA_ARRAY(l->b->job->keep, MenuEntry, l->len);
    size_t n = 0;
    for (size_t i = 0; i < l->len; i++) {
        const MenuEntry *e = &l->items[i].entry;
        if (str_eq(l->items[i].menu, menu) &&
            (up ? is_child_of(e, up) : !e->parent.len))
            items[n++] = *e;
    }
    if (n)
        qsort(items, n, sizeof *items, by_order);
    *out = items;
    return n;
}

static void add_menu(const List *l, Str name, Menu *out) {
    out->name = name;
    out->len = collect(l, name, NULL, &out->items);
    for (size_t i = 0; i < out->len; i++)
        out->items[i].nchildren =
            collect(l, name, &out->items[i], &out->items[i].children);
}

void menus_build(Builder *b) {
    List l = {.b = b};
    const Config *cfg = b->in->cfg;
    const Map *menus = cfg->menus.as.map;
    for (size_t i = 0; menus && i < menus->len; i++)
        add_from_config(&l, menus->items[i].key, menus->items[i].val);
    for (size_t i = 0; i < b->len; i++) {
        const Page *p = b->all[i];
        if (p->meta.kind == VALUE_MAP)
            add_from_front(&l, p);
        if (cfg->section_menu.len && p->kind == PAGE_SECTION &&
            p->section == b->site->home)
            add_from_page(&l, p, cfg->section_menu, NULL);
    }
    Map names = {.arena = b->job->scratch};
    for (size_t i = 0; i < l.len; i++)
        map_add(&names, l.items[i].menu, &l.items[i]);
    b->site->menus = ARENA_ARRAY(b->job->keep, Menu, names.len);
    b->site->nmenus = names.len;
    for (size_t i = 0; i < names.len; i++)
        add_menu(&l, names.items[i].key, &b->site->menus[i]);
}
