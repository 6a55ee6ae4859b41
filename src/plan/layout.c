#include "plan/layout.h"

// --- a layout with everything that belongs to it

typedef struct {
    Layouts *l;
    Hasher hash;
    Map seen, globals;
    unsigned reads;
} Closure;

static void close_over(Closure *c, const Template *t, int depth) {
    if (map_add(&c->seen, t->name, c) || depth > 32)
        return;
    hasher_str(&c->hash, t->name);
    hasher_hash(&c->hash, t->src->hash);
    c->reads |= reads_of(t);
    for (size_t i = 0; i < t->globals.len; i++)
        map_add(&c->globals, t->globals.items[i], c);
    for (size_t i = 0; i < t->includes.len; i++) {
        const Template *inner =
            template_find(c->l->templates, t->includes.items[i]);
        if (inner)
            close_over(c, inner, depth + 1);
    }
    const Template *outer =
        t->layout.len ? template_find(c->l->templates, t->layout) : NULL;
    if (outer)
        close_over(c, outer, depth + 1);
}

Hash layout_hash(Job *job, const TemplateSet *templates, const Template *t,
                 unsigned *reads) {
    Layouts l = {.job = job, .templates = templates};
    Closure c = {.l = &l};
    c.seen.arena = c.globals.arena = job->scratch;
    close_over(&c, t, 0);
    *reads |= reads_together(c.reads) |
              (c.reads & READS_OWN_COUNT ? READS_COUNT : 0u);
    return c.hash.sum;
}

static ClockUse clock_use(const Map *globals) {
    if (map_get(globals, S("clock.*")) || map_get(globals, S("clock.date")))
        return CLOCK_DAY;
    return map_get(globals, S("clock.year")) ? CLOCK_YEAR : CLOCK_NONE;
}

static const Layout *make(Layouts *l, const Template *t) {
    Arena *a = l->job->keep;
    Layout *out = ARENA_NEW(a, Layout);
    Closure c = {.l = l};
    c.seen.arena = c.globals.arena = l->job->scratch;
    close_over(&c, t, 0);
    out->t = t;
    out->hash = c.hash.sum;
    out->reads = reads_together(c.reads);
    out->clock = clock_use(&c.globals);
    l->ok &= select_compile(l->job, l->site, l->templates, t, &out->selects);
    out->has_select = out->selects.len > 0;
    return out;
}

static const Layout *find(Layouts *l, Str name) {
    const Layout *known = map_get(&l->by_name, name);
    if (known)
        return known;
    const Template *t = map_get(&l->templates->by_name, name);
    if (!t)
        return NULL;
    known = make(l, t);
    // make() may have been asked for the same name only by this call.
    union {
        const Layout *from;
        void *to;
    } p = {known};
    map_add(&l->by_name, str_copy(l->job->keep, name), p.to);
    return known;
}

// --- lookup

typedef struct {
    Layouts *l;
    const Layout *found;
    Buf *tried; // NULL: the names are not asked for
} Search;

static void try_name(Search *s, Str folder, Str name) {
    if (s->found || !name.len)
        return;
    Str full = folder.len ? path_join(s->l->job->scratch, folder, name) : name;
    s->found = find(s->l, full);
    if (!s->tried)
        return;
    if (s->tried->len)
        buf_put(s->tried, S(", "));
    buf_put(s->tried, full);
}

static void try_piece(Search *s, const Page *p) {
    try_name(s, p->type->name, p->layout);
    try_name(s, (Str){0}, p->layout);
    try_name(s, p->type->name, S("single"));
    try_name(s, (Str){0}, S("single"));
}

static void try_list(Search *s, const Page *p, Str folder, Str kind) {
    try_name(s, (Str){0}, p->layout);
    if (folder.len)
        try_name(s, folder, S("list"));
    try_name(s, (Str){0}, kind);
    try_name(s, (Str){0}, S("list"));
}

static void try_section(Search *s, const Page *p) {
    const Type *type = map_get(&s->l->site->types->by_section, p->path);
    try_list(s, p, type ? type->name : p->path, S("section"));
}

static void try_all(Search *s, const Page *page) {
    switch (page->kind) {
    case PAGE_REGULAR:
        try_piece(s, page);
        break;
    case PAGE_SECTION:
        try_section(s, page);
        break;
    case PAGE_HOME:
        try_list(s, page, (Str){0}, S("home"));
        break;
    case PAGE_TAXONOMY:
        try_name(s, page->plural, S("taxonomy"));
        try_list(s, page, page->plural, S("taxonomy"));
        break;
    case PAGE_TERM:
        try_name(s, page->plural, S("term"));
        try_list(s, page, page->plural, S("term"));
        break;
    case PAGE_YEAR:
    case PAGE_MONTH:
        try_list(s, page, (Str){0}, S("archive"));
        break;
    case PAGE_404:
        try_name(s, (Str){0}, S("404"));
        break;
    default:
        break;
    }
}

static void warn_layout(Layouts *l, const Page *page, const Layout *found) {
    diag_warn(l->job->diags, "W-LAYOUT", page_pos(page, S("layout")),
              _("there is no layout '%.*s'; the page is made with %.*s"),
              STR_ARG(page->layout), STR_ARG(found->t->name));
    diag_hint(l->job->diags,
              _("delete the line layout:, or make the file layouts/%.*s.html"),
              STR_ARG(page->layout));
}

// Whether the same names are tried for both. Pages of one kind and type stand
// one behind the other.
static bool is_alike(const Page *a, const Page *b) {
    return a && a->kind == b->kind && a->kind != PAGE_SECTION &&
           a->type == b->type && !a->layout.len && !b->layout.len &&
           str_eq(a->plural, b->plural);
}

const Layout *layout_of(Layouts *l, const Page *page) {
    if (is_alike(l->last, page))
        return l->of_last;
    Search s = {.l = l};
    try_all(&s, page);
    if (page->layout.len && s.found &&
        !str_ends(s.found->t->name, page->layout))
        warn_layout(l, page, s.found);
    l->last = page;
    l->of_last = s.found;
    return s.found;
}

Str layout_names(Layouts *l, const Page *page) {
    Buf tried = {.arena = l->job->scratch};
    Search s = {.l = l, .tried = &tried};
    try_all(&s, page);
    return buf_str(&tried);
}
