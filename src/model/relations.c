// Refs become pages, and pages learn who refers to them. The fields of a type
// say where refs are; they may stand in lists and maps.

#include <string.h>

#include "base/nearest.h"
#include "model/builder.h"
#include "model/collate.h"

// A guess looks at every id: for the first mistakes only.
enum { MAX_HINTS = 20 };

typedef struct {
    const Page *target, *from;
    Str field;
} Use;

typedef struct {
    Builder *b;
    Page *page;
    Str field; // top-level name
    Use *uses;
    size_t len, cap;
} Walk;

static void add_use(Walk *w, const Page *target) {
    w->uses = arena_grow(w->b->job->scratch, w->uses, w->len, &w->cap,
                         sizeof *w->uses);
    w->uses[w->len++] = (Use){target, w->page, w->field};
}

static Strs ids_of_type(Builder *b, Str type) {
    const SiteInput *in = b->in;
    Str *ids = ARENA_ARRAY(b->job->scratch, Str, in->npages);
    size_t n = 0;
    for (size_t i = 0; i < in->npages; i++) {
        const Page *p = &in->pages[i];
        if (p->src && p->kind == PAGE_REGULAR && str_eq(p->type->name, type))
            ids[n++] = p->id;
    }
    return (Strs){ids, n};
}

static void complain_dangling(Walk *w, const Field *f, const Value *v) {
    Builder *b = w->b;
    ArenaMark mark = arena_mark(b->job->scratch);
    Str title = field_title(b->job->scratch, S(""), f);
    b->ok = diag_error(b->job->diags, "E-REF",
                       source_pos(w->page->src, v->line, v->col),
                       _("%.*s: there is no %.*s with the id '%.*s'"),
                       STR_ARG(title), STR_ARG(f->to), STR_ARG(v->as.s));
    Str near = {0};
    if (b->job->diags->errors < MAX_HINTS)
        near = nearest(v->as.s, ids_of_type(b, f->to));
    if (near.len)
        diag_hint(b->job->diags, _("did you mean %.*s?"), STR_ARG(near));
    else
        diag_hint(b->job->diags,
                  _("the id is the name of the file without .md"));
    arena_reset(b->job->scratch, mark);
}

static void warn_draft(Walk *w, const Field *f, const Value *v) {
    Diags *diags = w->b->job->diags;
    Str title = field_title(w->b->job->scratch, S(""), f);
    diag_warn(diags, "W-REF-DRAFT", source_pos(w->page->src, v->line, v->col),
              _("%.*s: '%.*s' is not published"), STR_ARG(title),
              STR_ARG(v->as.s));
    diag_hint(diags, _("publish it (delete its line draft: true) or take it "
                       "out here; until then the page is made without it"));
}

// A page that waits, has ended or is a draft is not there for readers, and time
// alone must not break a build: the reference is empty.
static void resolve(Walk *w, const Field *f, Value *v) {
    Builder *b = w->b;
    const Page *target = site_ref(b->site, f->to, v->as.s, w->page->lang);
    bool has_other_kind = (f->kinds & ~(1u << FIELD_REF)) != 0;
    if (!target && has_other_kind)
        return;
    if (!target) {
        complain_dangling(w, f, v);
        return;
    }
    if (target->skip) {
        if (target->skip & SKIP_DRAFT)
            warn_draft(w, f, v);
        v->kind = VALUE_NULL;
        return;
    }
    v->kind = VALUE_REF;
    v->as.ref = target;
    add_use(w, target);
}

static const Target *complain_file(Walk *w, const Field *f, const Value *v,
                                   Str path) {
    Builder *b = w->b;
    Str title = field_title(b->job->scratch, S(""), f);
    b->ok = diag_error(
        b->job->diags, "E-FILE", source_pos(w->page->src, v->line, v->col),
        _("%.*s: there is no file '%.*s'"), STR_ARG(title), STR_ARG(path));
    diag_hint(b->job->diags,
              _("write the path from this file's folder, or from content/ "
                "with a slash in front"));
    return NULL;
}

static bool is_outside(Str path) {
    return str_starts(path, S("https://")) || str_starts(path, S("http://"));
}

// The address of a file of the site, as it stands in href.
static bool file_url(Walk *w, const Field *f, const Value *v, Str path,
                     Target *out) {
    Builder *b = w->b;
    *out = site_resolve(b->job->scratch, b->site, w->page, path);
    if (out->page && out->page->skip) // time alone breaks no build
        return false;
    if (!out->resource && !out->file)
        return complain_file(w, f, v, path) != NULL;
    out->url = url_href(b->job->keep, b->in->cfg, out->url);
    return true;
}

static void resolve_image(Walk *w, const Field *f, Value *v) {
    Arena *a = w->b->job->keep;
    Target t = {0};
    const Value *file = value_get(v, S("file"));
    if (!file || file->kind != VALUE_STR)
        return;
    if (is_outside(file->as.s))
        t.url = file->as.s;
    else if (!file_url(w, f, file, file->as.s, &t)) {
        v->kind = VALUE_NULL;
        return;
    }
    value_set(a, v, S("url"), value_str(t.url));
}

static void resolve_file(Walk *w, const Field *f, Value *v) {
    Arena *a = w->b->job->keep;
    Target t;
    Str path = v->as.s;
    if (is_outside(path))
        return;
    if (!file_url(w, f, v, path, &t)) {
        v->kind = VALUE_NULL;
        return;
    }
    const Source *src = t.resource ? t.resource->src : t.file;
    Value map = value_map(a);
    value_set(a, &map, S("url"), value_str(t.url));
    value_set(a, &map, S("name"), value_str(path_base(src->rel)));
    value_set(a, &map, S("size"), value_int((int64_t)src->entry.size));
    map.line = v->line;
    map.col = v->col;
    *v = map;
}

static void walk_value(Walk *w, const Field *f, Value *v) {
    if (v->kind == VALUE_STR && (f->kinds & (1u << FIELD_REF))) {
        resolve(w, f, v);
    } else if (v->kind == VALUE_MAP && (f->kinds & (1u << FIELD_IMAGE))) {
        resolve_image(w, f, v);
    } else if (v->kind == VALUE_STR && (f->kinds & (1u << FIELD_FILE))) {
        resolve_file(w, f, v);
    } else if (v->kind == VALUE_LIST) {
        for (size_t i = 0; i < v->as.list.len; i++)
            walk_value(w, f, &v->as.list.items[i]);
    } else if (v->kind == VALUE_MAP && v->as.map) {
        for (size_t i = 0; i < f->fields.len; i++) {
            Value *inner = map_get(v->as.map, f->fields.items[i].name);
            if (inner)
                walk_value(w, &f->fields.items[i], inner);
        }
    }
}

static void walk_page(Walk *w, Page *p) {
    const uint32_t links =
        1u << FIELD_REF | 1u << FIELD_IMAGE | 1u << FIELD_FILE;
    if (p->fields.kind != VALUE_MAP || !p->fields.as.map)
        return;
    w->page = p;
    for (size_t i = 0; i < p->type->fields.len; i++) {
        const Field *f = &p->type->fields.items[i];
        bool has_link = field_holds(f, links);
        Value *v = has_link ? map_get(p->fields.as.map, f->name) : NULL;
        if (!v)
            continue;
        w->field = f->name;
        walk_value(w, f, v);
    }
}

// A page lists what is in its own language. The Vietnamese page of a unit that
// has no English one does not list the English pieces: it has the originals.
static bool is_listed(const Use *u) {
    return u->target->lang == u->from->lang;
}

// Uses come newest piece first; each target keeps that order.
static void share_out(Walk *w) {
    Builder *b = w->b;
    size_t *count = ARENA_ARRAY(b->job->scratch, size_t, b->len);
    for (size_t i = 0; i < w->len; i++)
        count[w->uses[i].target->index]++;
    for (size_t i = 0; i < w->len; i++) {
        const Use *u = &w->uses[i];
        if (!is_listed(u))
            continue;
        Page *p = builder_page(b, u->target);
        if (!p->inverse)
            p->inverse = ARENA_ARRAY(b->job->keep, Inverse, count[p->index]);
        const Inverse *last = p->inverse + p->ninverse;
        bool is_twice = p->ninverse && last[-1].page == u->from &&
                        str_eq(last[-1].field, u->field);
        if (!is_twice) // units: [a, a]
            p->inverse[p->ninverse++] = (Inverse){u->field, u->from};
    }
}

// The pieces of other types that refer to a page whose type is a taxonomy.
static void set_members(Builder *b, Page *p) {
    Pages m = pages_new(b->job->keep, p->ninverse);
    m.len = 0;
    for (size_t i = 0; i < p->ninverse; i++) {
        const Page *from = p->inverse[i].page;
        bool is_new = !m.len || m.items[m.len - 1] != from;
        if (is_new && from->type != p->type && !from->is_unlisted)
            m.items[m.len++] = from;
    }
    p->members = m;
}

// --- trees

static const Page *first_ref(const Value *v) {
    if (!v)
        return NULL;
    if (v->kind == VALUE_REF)
        return v->as.ref;
    if (v->kind == VALUE_LIST && v->as.list.len)
        return first_ref(&v->as.list.items[0]);
    for (size_t i = 0; v->kind == VALUE_MAP && v->as.map && i < v->as.map->len;
         i++) {
        const Page *p = first_ref(v->as.map->items[i].val);
        if (p)
            return p;
    }
    return NULL;
}

static void check_cycle(Builder *b, Page *p) {
    const Page *up = p->parent;
    for (size_t steps = 0; up; up = up->parent)
        if (up == p || steps++ > b->len) {
            b->ok = diag_error(
                b->job->diags, "E-CYCLE", page_pos(p, p->type->tree),
                _("'%.*s' is above itself in the tree"), STR_ARG(p->title));
            diag_hint(b->job->diags, _("correct the line %.*s: in one of them"),
                      STR_ARG(p->type->tree));
            p->parent = NULL;
            return;
        }
}

static int by_weight(const Page *x, const Page *y) {
    int64_t a = x->weight ? x->weight : INT64_MAX;
    int64_t b = y->weight ? y->weight : INT64_MAX;
    return (a > b) - (a < b);
}

// By weight, then by name. Insertion sort: it is stable and lists are short.
static void sort_children(Builder *b, uint8_t lang, Pages *list) {
    Str *names = ARENA_ARRAY(b->job->scratch, Str, list->len);
    size_t *order = ARENA_ARRAY(b->job->scratch, size_t, list->len);
    for (size_t i = 0; i < list->len; i++)
        names[i] = list->items[i]->title;
    collate_order(b->job, config_language(b->in->cfg, lang)->key, names,
                  list->len, order);
    const Page **sorted = ARENA_ARRAY(b->job->keep, const Page *, list->len);
    for (size_t i = 0; i < list->len; i++) {
        const Page *p = list->items[order[i]];
        size_t k = i;
        for (; k && by_weight(sorted[k - 1], p) > 0; k--)
            sorted[k] = sorted[k - 1];
        sorted[k] = p;
    }
    list->items = sorted;
}

static void build_trees(Builder *b) {
    for (size_t i = 0; i < b->len; i++) {
        Page *p = b->all[i];
        if (p->kind == PAGE_REGULAR && p->type->tree.len)
            p->parent = first_ref(value_get(&p->fields, p->type->tree));
    }
    size_t *count = ARENA_ARRAY(b->job->scratch, size_t, b->len);
    for (size_t i = 0; i < b->len; i++) {
        check_cycle(b, b->all[i]);
        if (b->all[i]->parent)
            count[b->all[i]->parent->index]++;
    }
    for (size_t i = 0; i < b->len; i++) {
        Page *p = b->all[i];
        if (!p->parent || p->parent->lang != p->lang)
            continue;
        Page *up = builder_page(b, p->parent);
        if (!up->children.items) {
            up->children = pages_new(b->job->keep, count[up->index]);
            up->children.len = 0;
        }
        up->children.items[up->children.len++] = p;
    }
    for (size_t i = 0; i < b->len; i++)
        if (b->all[i]->children.len > 1)
            sort_children(b, b->all[i]->lang, &b->all[i]->children);
}

void relations_build(Builder *b) {
    Walk w = {.b = b};
    for (size_t i = 0; i < b->site->regular.len; i++)
        walk_page(&w, builder_page(b, b->site->regular.items[i]));
    share_out(&w);
    for (size_t i = 0; i < b->len; i++)
        if (b->all[i]->kind == PAGE_REGULAR && b->all[i]->type->taxonomy)
            set_members(b, b->all[i]);
    build_trees(b);
}
