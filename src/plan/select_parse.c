// The keys of `select`, checked.

#include <string.h>

#include "base/nearest.h"
#include "plan/select.h"

enum { MAX_COUNT = 1000000 };

typedef struct {
    Job *job;
    const Template *t;
    Select *out;
    bool ok;
} Reader;

static Pos at(const Reader *r, const Value *v) {
    return source_pos(r->t->src, v->line, v->col);
}

static void wrong(Reader *r, const Value *v, const char *key,
                  const char *want) {
    r->ok = diag_error(r->job->diags, "E-SELECT", at(r, v),
                       _("%s in select must be %s"), key, want);
}

static Strs text_list(Reader *r, const Value *v, const char *key) {
    const Value *items = v->kind == VALUE_LIST ? v->as.list.items : v;
    size_t n = v->kind == VALUE_LIST ? v->as.list.len : 1;
    Strs out = {ARENA_ARRAY(r->job->keep, Str, n), n};
    for (size_t i = 0; i < n; i++) {
        if (items[i].kind != VALUE_STR) {
            wrong(r, v, key, _("text or a list of texts"));
            return (Strs){0};
        }
        out.items[i] = items[i].as.s;
    }
    return out;
}

static Str text(Reader *r, const Value *v, const char *key) {
    if (v->kind == VALUE_STR)
        return v->as.s;
    wrong(r, v, key, _("text"));
    return (Str){0};
}

static int64_t count(Reader *r, const Value *v, const char *key) {
    int64_t n = 0;
    if (v->kind == VALUE_STR && str_to_int(v->as.s, &n) && n >= 0 &&
        n <= MAX_COUNT)
        return n;
    wrong(r, v, key, _("a whole number"));
    return 0;
}

static void read_in(Reader *r, const Value *v) {
    Str s = text(r, v, "in");
    r->out->in_page = str_eq(s, S("$page"));
    if (r->out->in_page)
        return;
    while (str_starts(s, S("/")))
        s = str_slice(s, 1, s.len);
    while (str_ends(s, S("/")))
        s.len--;
    r->out->in = s;
}

static void read_condition(Reader *r, const MapItem *item, Where *w) {
    const Value *v = item->val;
    Str field = item->key, head;
    str_cut(&field, '.', &head);
    *w = (Where){.field = head, .then = field};
    if (v->kind != VALUE_STR || !str_starts(v->as.s, S("$"))) {
        w->want = text_list(r, v, "where");
    } else if (str_eq(v->as.s, S("$page.id"))) {
        w->kind = WHERE_PAGE_ID;
    } else if (str_eq(v->as.s, S("$term"))) {
        w->kind = WHERE_TERM;
    } else if (str_starts(v->as.s, S("$page."))) {
        w->kind = WHERE_PAGE_FIELD;
        w->name = str_slice(v->as.s, 6, v->as.s.len);
    } else {
        wrong(r, v, "where", _("a value, $page.FIELD, $page.id or $term"));
    }
}

static void read_where(Reader *r, const Value *v) {
    if (v->kind != VALUE_MAP) {
        wrong(r, v, "where", _("a map from field to value"));
        return;
    }
    size_t n = v->as.map ? v->as.map->len : 0;
    r->out->where = ARENA_ARRAY(r->job->keep, Where, n);
    r->out->nwhere = n;
    for (size_t i = 0; i < n; i++)
        read_condition(r, &v->as.map->items[i], &r->out->where[i]);
}

static void read_when(Reader *r, const Value *v) {
    static const Str words[] = {S_INIT("upcoming"), S_INIT("running"),
                                S_INIT("past"),     S_INIT("open"),
                                S_INIT("closed"),   S_INIT("awaiting")};
    Str s = text(r, v, "when");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(words[i], s)) {
            r->out->when = words[i];
            return;
        }
    wrong(r, v, "when", _("upcoming, running, past, open, closed or awaiting"));
}

// sort = field | "-" field | "-pinned" | ["-pinned", field | "-" field]
static void read_sort(Reader *r, const Value *v) {
    Strs keys = text_list(r, v, "sort");
    bool is_pinned = keys.len && str_eq(keys.items[0], S("-pinned"));
    if (!keys.len)
        return;
    if (keys.len != 1 && !(keys.len == 2 && is_pinned)) {
        wrong(r, v, "sort", _("a field, -field or [-pinned, field]"));
        return;
    }
    r->out->is_pinned_first = is_pinned;
    if (keys.len == 1 && is_pinned)
        return; // and then as usual
    Str s = keys.items[keys.len - 1];
    r->out->is_descending = str_starts(s, S("-"));
    r->out->sort = r->out->is_descending ? str_slice(s, 1, s.len) : s;
}

static void read_body(Reader *r, const Value *v) {
    if (!value_to_bool(v, &r->out->wants_body))
        wrong(r, v, "body", _("true or false"));
}

static void read_key(Reader *r, const MapItem *item) {
    static const Str names[] = {
        S_INIT("type"),      S_INIT("in"),       S_INIT("where"),
        S_INIT("when"),      S_INIT("sort"),     S_INIT("limit"),
        S_INIT("offset"),    S_INIT("per_page"), S_INIT("group_by"),
        S_INIT("counts_by"), S_INIT("body"),     S_INIT("lang"),
        S_INIT("lineage")};
    enum {
        TYPE,
        IN,
        WHERE,
        WHEN,
        SORT,
        LIMIT,
        OFFSET,
        PER_PAGE,
        GROUP,
        COUNTS,
        BODY,
        LANG,
        LINEAGE,
        NNAMES
    };
    const Value *v = item->val;
    Select *s = r->out;
    size_t k = 0;
    while (k < NNAMES && !str_eq(names[k], item->key))
        k++;
    switch (k) {
    case TYPE:
        s->types = text_list(r, v, "type");
        return;
    case IN:
        read_in(r, v);
        return;
    case WHERE:
        read_where(r, v);
        return;
    case WHEN:
        read_when(r, v);
        return;
    case SORT:
        read_sort(r, v);
        return;
    case LIMIT:
        s->limit = count(r, v, "limit");
        return;
    case OFFSET:
        s->offset = count(r, v, "offset");
        return;
    case PER_PAGE:
        s->per_page = count(r, v, "per_page");
        return;
    case GROUP:
        s->group_by = text(r, v, "group_by");
        return;
    case COUNTS:
        s->group_by = text(r, v, "counts_by");
        s->is_counts = true;
        return;
    case BODY:
        read_body(r, v);
        return;
    case LANG:
        s->lang = text(r, v, "lang");
        return;
    case LINEAGE:
        if (!value_to_bool(v, &s->is_lineage))
            wrong(r, v, "lineage", _("true or false"));
        return;
    default:
        break;
    }
    r->ok = diag_error(r->job->diags, "E-SELECT", at(r, v),
                       _("select has no key '%.*s'"), STR_ARG(item->key));
    union {
        const Str *from;
        Str *to;
    } list = {names};
    Str near = nearest(item->key, (Strs){list.to, NNAMES});
    if (near.len)
        diag_hint(r->job->diags, _("did you mean %.*s?"), STR_ARG(near));
}

static void check_types(Reader *r, const Site *site, const Value *v) {
    for (size_t i = 0; i < r->out->types.len; i++)
        if (!type_find(site->types, r->out->types.items[i]))
            wrong(r, v, "type", _("the name of a content type"));
}

// --- fields that a select names

static const Str own_fields[] = {
    S_INIT("id"),      S_INIT("type"),  S_INIT("title"),  S_INIT("params"),
    S_INIT("section"), S_INIT("date"),  S_INIT("weight"), S_INIT("lastmod"),
    S_INIT("year"),    S_INIT("month"), S_INIT("day"),    S_INIT("pinned")};
enum { NOWN = sizeof own_fields / sizeof *own_fields };

static size_t types_meant(const Select *s, const Site *site) {
    return s->types.len ? s->types.len : site->types->len;
}

static const Type *type_meant(const Select *s, const Site *site, size_t i) {
    return s->types.len ? type_find(site->types, s->types.items[i])
                        : &site->types->items[i];
}

static bool is_known_field(const Select *s, const Site *site, Str name) {
    for (size_t i = 0; i < NOWN; i++)
        if (str_eq(own_fields[i], name))
            return true;
    for (size_t i = 0; i < site->cfg->ntaxonomies; i++)
        if (str_eq(site->cfg->taxonomies[i].plural, name))
            return true;
    for (size_t i = 0; i < types_meant(s, site); i++) {
        const Type *type = type_meant(s, site, i);
        if (!type || type->open || field_find(&type->fields, name))
            return true;
    }
    return false;
}

static void check_field(Reader *r, const Site *site, Str name) {
    const Select *s = r->out;
    if (!name.len || is_known_field(s, site, name))
        return;
    r->ok = diag_error(r->job->diags, "E-SELECT", s->pos,
                       _("no piece that is listed here has a field '%.*s'"),
                       STR_ARG(name));
    size_t n = 0, len = 0;
    for (size_t i = 0; i < types_meant(s, site); i++)
        n += type_meant(s, site, i)->fields.len;
    Strs names = {ARENA_ARRAY(r->job->scratch, Str, n), n};
    for (size_t i = 0; i < types_meant(s, site); i++)
        for (size_t k = 0; k < type_meant(s, site, i)->fields.len; k++)
            names.items[len++] = type_meant(s, site, i)->fields.items[k].name;
    Str near = nearest(name, names);
    if (near.len)
        diag_hint(r->job->diags, _("did you mean %.*s?"), STR_ARG(near));
}

static void check_fields(Reader *r, const Site *site) {
    const Select *s = r->out;
    check_field(r, site, s->sort);
    check_field(r, site, s->group_by);
    for (size_t i = 0; i < s->nwhere; i++)
        check_field(r, site, s->where[i].field);
}

static void check_name(Reader *r) {
    static const Str taken[] = {S_INIT("site"),      S_INIT("page"),
                                S_INIT("clock"),     S_INIT("lang"),
                                S_INIT("paginator"), S_INIT("content")};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (str_eq(taken[i], r->out->name))
            r->ok = diag_error(r->job->diags, "E-SELECT", r->out->pos,
                               _("a list cannot be called '%.*s': templates "
                                 "have something else of this name"),
                               STR_ARG(taken[i]));
}

static const Page *find_list(const Site *site, Str path) {
    for (size_t i = 0; path.len && i < site->pages.len; i++) {
        const Page *p = site->pages.items[i];
        Str url = str_slice(p->url, 1, p->url.len - 1);
        if (page_is_list(p) && (str_eq(p->path, path) || str_eq(url, path)))
            return p;
    }
    return NULL;
}

static bool is_constant(const Select *s) {
    if (s->in_page)
        return false;
    for (size_t i = 0; i < s->nwhere; i++)
        if (s->where[i].kind != WHERE_LITERAL)
            return false;
    return true;
}

static bool read_select(Job *job, const Site *site, const Template *t,
                        const MapItem *item, Select *out) {
    const Value *v = item->val;
    Reader r = {job, t, out, true};
    *out = (Select){.name = item->key,
                    .limit = -1,
                    .sort = S("date"),
                    .is_descending = true,
                    .pos = source_pos(t->src, v->line, v->col)};
    if (v->kind != VALUE_MAP) {
        wrong(&r, v, "an entry", _("a map such as {type: news, limit: 5}"));
        return false;
    }
    for (size_t i = 0; v->as.map && i < v->as.map->len; i++)
        read_key(&r, &v->as.map->items[i]);
    check_types(&r, site, v);
    check_name(&r);
    if (r.ok)
        check_fields(&r, site);
    out->list = find_list(site, out->in);
    out->is_constant = is_constant(out);
    return r.ok;
}

// --- a layout with all it includes

typedef struct {
    Job *job;
    const Site *site;
    const TemplateSet *layouts;
    Map seen;    // template name -> anything
    Map selects; // name -> Select *
    bool ok;
} Lift;

static void lift(Lift *l, const Template *t, int depth);

static void lift_by_name(Lift *l, Str name, int depth) {
    const Template *t = template_find(l->layouts, name);
    if (t && depth < 32)
        lift(l, t, depth + 1);
}

static void lift_own(Lift *l, const Template *t) {
    const Value *v = value_get(&t->front, S("select"));
    if (!v)
        return;
    if (v->kind != VALUE_MAP) {
        l->ok = diag_error(l->job->diags, "E-SELECT",
                           source_pos(t->src, v->line, v->col),
                           _("select must be a map from names to lists"));
        return;
    }
    for (size_t i = 0; v->as.map && i < v->as.map->len; i++) {
        Select *s = ARENA_NEW(l->job->keep, Select);
        l->ok &= read_select(l->job, l->site, t, &v->as.map->items[i], s);
        if (!map_add(&l->selects, s->name, s))
            continue;
        l->ok = diag_error(l->job->diags, "E-SELECT", s->pos,
                           _("two lists of this layout are called '%.*s'"),
                           STR_ARG(s->name));
        diag_hint(l->job->diags,
                  _("a partial's select belongs to every layout that uses it"));
    }
}

static void lift(Lift *l, const Template *t, int depth) {
    if (map_add(&l->seen, t->name, l))
        return;
    lift_own(l, t);
    for (size_t i = 0; i < t->includes.len; i++)
        lift_by_name(l, t->includes.items[i], depth);
    if (t->layout.len)
        lift_by_name(l, t->layout, depth);
}

static void run_constant(Job *job, const Site *site, Select *s) {
    size_t n = site->cfg->nlanguages;
    s->constant = ARENA_ARRAY(job->keep, Selection, n);
    for (size_t i = 0; i < n; i++)
        s->constant[i] = select_run(job, site, s, NULL, (uint8_t)i);
}

bool select_compile(Job *job, const Site *site, const TemplateSet *layouts,
                    const Template *t, Selects *out) {
    Lift l = {.job = job, .site = site, .layouts = layouts, .ok = true};
    l.seen.arena = l.selects.arena = job->keep;
    lift(&l, t, 0);
    out->len = l.selects.len;
    out->items = ARENA_ARRAY(job->keep, Select, out->len);
    out->paged = NULL;
    for (size_t i = 0; i < out->len; i++) {
        Select *s = &out->items[i];
        *s = *(const Select *)l.selects.items[i].val;
        if (s->per_page && out->paged)
            l.ok = diag_error(job->diags, "E-SELECT", s->pos,
                              _("a layout can have only one per_page"));
        if (s->per_page)
            out->paged = s;
        if (s->is_constant)
            run_constant(job, site, s);
    }
    return l.ok;
}
