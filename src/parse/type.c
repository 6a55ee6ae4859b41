// Loading of type files: each is YAML, read key by key, then all are checked
// against one another (a ref names a type).

#include "parse/type.h"

#include <stdlib.h>

#include "base/nearest.h"
#include "parse/type_field.h"
#include "parse/type_keys.h"
#include "parse/yaml.h"

#define SHARED_FILE "_shared"

enum { MAX_MAPS = 16 };

const Field *field_find(const Fields *fields, Str name) {
    for (size_t i = 0; i < fields->len; i++) {
        if (str_eq(fields->items[i].name, name))
            return &fields->items[i];
    }
    return NULL;
}

const Type *type_find(const TypeSet *types, Str name) {
    return map_get(&types->by_name, name);
}

// --- names of fields

static bool need_field(const TypeReader *r, const Type *t, const char *where,
                       Str name, uint32_t kinds) {
    const Field *f = field_find(&t->fields, name);
    if (!name.len || (f && (!kinds || f->kinds & kinds)))
        return true;
    const Value *v = value_get(&t->extra, str_from(where));
    Str *names = ARENA_ARRAY(r->job->scratch, Str, t->fields.len);
    for (size_t i = 0; i < t->fields.len; i++)
        names[i] = t->fields.items[i].name;
    Str near = nearest(name, (Strs){names, t->fields.len});
    type_file_error(r->job, r->src, v ? v : &t->extra,
                    f ? _("%s: the field '%.*s' has the wrong kind")
                      : _("%s: there is no field '%.*s'"),
                    where, STR_ARG(name));
    if (!f && near.len)
        diag_hint(r->job->diags, _("did you mean '%.*s'?"), STR_ARG(near));
    return false;
}

// Other pages may see what is on a card.
static bool need_open(const TypeReader *r, const Type *t, Str name) {
    const Field *f = field_find(&t->fields, name);
    if (!f || !f->internal)
        return true;
    type_file_error(r->job, r->src, value_get(&t->extra, S("card")),
                    _("card: the field '%.*s' is internal"), STR_ARG(name));
    diag_hint(r->job->diags, _("take it off the card"));
    return false;
}

static bool check_posts(const TypeReader *r, const Type *t) {
    const Field *list = field_find(&t->fields, t->posts);
    Type posts = *t; // they stand in the items of a list
    if (list)
        posts.fields = list->fields;
    return need_field(r, t, "posts", t->posts, 1u << FIELD_MAP) &&
           need_field(r, &posts, "posts", t->post_at, 1u << FIELD_REF) &&
           need_field(r, &posts, "posts", t->post_title, 1u << FIELD_TEXT) &&
           need_field(r, &posts, "posts", t->post_from, FIELD_DATES) &&
           need_field(r, &posts, "posts", t->post_to, FIELD_DATES);
}

static bool need_fields(const TypeReader *r, const Type *t, const char *where,
                        const Strs *names) {
    bool ok = true;
    for (size_t i = 0; i < names->len; i++) {
        Str rest = names->items[i], name; // or a part of it: issued.year
        str_cut(&rest, '.', &name);
        ok &= need_field(r, t, where, name, 0);
    }
    return ok;
}

// {field: value}; null has none.
static bool need_keys(const TypeReader *r, const Type *t, const char *where,
                      const Value *map) {
    bool ok = true;
    for (size_t i = 0;
         map && map->kind == VALUE_MAP && map->as.map && i < map->as.map->len;
         i++)
        ok &= need_field(r, t, where, map->as.map->items[i].key, 0);
    return ok;
}

static bool check_rules(const TypeReader *r, const Type *t) {
    static const Str keys[] = {S_INIT("require"), S_INIT("require_one")};
    size_t n = t->rules.kind == VALUE_LIST ? t->rules.as.list.len : 0;
    bool ok = true;
    for (size_t i = 0; i < n; i++) {
        const Value *rule = &t->rules.as.list.items[i];
        ok &= need_keys(r, t, "rules", value_get(rule, S("when")));
        for (size_t k = 0; k < 2; k++) {
            const Value *v = value_get(rule, keys[k]);
            for (size_t m = 0; v && m < v->as.list.len; m++)
                ok &= need_field(r, t, "rules", v->as.list.items[m].as.s, 0);
        }
    }
    return ok;
}

static bool check_names(const TypeReader *r, const Type *t) {
    bool ok = need_field(r, t, "window", t->window_each, 1u << FIELD_MAP);
    const Field *each = field_find(&t->fields, t->window_each);
    Type rounds = *t; // the windows stand in the items of a list
    if (each)
        rounds.fields = each->fields;
    ok &= need_field(r, &rounds, "window", t->window_start, FIELD_DATES);
    ok &= need_field(r, &rounds, "window", t->window_end, FIELD_DATES);
    ok &= need_field(r, t, "window", t->window_results, 0);
    ok &= need_field(r, t, "valid", t->valid_from, FIELD_DATES);
    ok &= need_field(r, t, "valid", t->valid_to, FIELD_DATES);
    ok &= need_field(r, t, "names", t->names, 1u << FIELD_MAP);
    ok &= need_field(r, t, "lineage", t->next, 1u << FIELD_REF);
    ok &= need_field(r, t, "lineage", t->prev, 1u << FIELD_REF);
    ok &= need_field(r, t, "lineage", t->reason, 0);
    ok &= need_field(r, t, "library", t->library, 1u << FIELD_DOCNUM);
    ok &= need_field(r, t, "library", t->library_issued, FIELD_DATES);
    ok &= need_field(r, t, "library", t->library_title, 1u << FIELD_TEXT);
    ok &= need_field(r, t, "law", t->law_basis, 1u << FIELD_LAW);
    ok &= need_field(r, t, "law", t->law_as_of, FIELD_DATES);
    ok &= need_field(r, t, "law", t->law_outdated, 1u << FIELD_REF);
    ok &= need_field(r, t, "validity", t->force, 1u << FIELD_CHOICE);
    ok &= need_field(r, t, "validity", t->force_from, FIELD_DATES);
    ok &= need_field(r, t, "validity", t->force_to, FIELD_DATES);
    ok &= need_field(r, t, "validity", t->replaced_by, 1u << FIELD_REF);
    ok &= need_field(r, t, "validity", t->amended_by, 1u << FIELD_REF);
    ok &= need_field(r, t, "tree", t->tree, 1u << FIELD_REF);
    ok &= check_posts(r, t);
    ok &= need_keys(r, t, "posts", &t->post_current);
    ok &= need_fields(r, t, "unique", &t->unique);
    ok &= need_keys(r, t, "public_when", &t->public_when);
    ok &= check_rules(r, t);
    for (size_t i = 0; i < t->card.len; i++)
        ok &= need_field(r, t, "card", t->card.items[i], 0) &&
              need_open(r, t, t->card.items[i]);
    return ok;
}

// A field with both kinds may refer to a missing type inside a map, too: a
// walk with its own stack.
static bool check_refs(Job *job, const Source *src, const Fields *fields,
                       const TypeSet *set) {
    const Fields *stack[MAX_MAPS * 4];
    size_t n = 0;
    bool ok = true;
    stack[n++] = fields;
    while (n) {
        const Fields *now = stack[--n];
        for (size_t i = 0; i < now->len; i++) {
            const Field *f = &now->items[i];
            if (f->fields.len && n < sizeof stack / sizeof *stack)
                stack[n++] = &f->fields;
            if (!f->to.len || type_find(set, f->to))
                continue;
            ok = type_file_error(job, src, f->written,
                                 _("'%.*s' refers to the type '%.*s', which "
                                   "does not exist"),
                                 STR_ARG(f->name), STR_ARG(f->to));
            diag_hint(job->diags, _("add types/%.*s.yaml, or make it text"),
                      STR_ARG(f->to));
        }
    }
    return ok;
}

// `like: explainer.law_topics`: as that field of another type.
static bool complete_like(Job *job, const TypeSet *set, const Type *t,
                          Field *f) {
    FieldReader r = {job, t->src, NULL, 0};
    Str name = f->like, type_name;
    str_cut(&name, '.', &type_name);
    const Type *type = type_find(set, type_name);
    const Field *other = type ? field_find(&type->fields, name) : NULL;
    if (other && !other->like.len)
        return field_complete(&r, other, f);
    type_file_error(job, t->src, f->written,
                    other ? _("like: '%.*s' is like another field itself")
                          : _("like: there is no field '%.*s'"),
                    STR_ARG(f->like));
    if (other)
        diag_hint(job->diags, _("name that one: %.*s"), STR_ARG(other->like));
    else
        diag_hint(job->diags,
                  _("write a type, a full stop and one of its fields"));
    return false;
}

static bool complete_fields(Job *job, const TypeSet *set) {
    bool ok = true;
    for (size_t i = 0; i < set->len; i++) {
        const Type *t = &set->items[i];
        for (size_t k = 0; k < t->fields.len; k++)
            if (t->fields.items[k].like.len)
                ok &= complete_like(job, set, t, &t->fields.items[k]);
    }
    return ok;
}

// --- files

static bool read_file(Job *job, const Source *src, Value *out) {
    if (!yaml_to_value(job, src, src->text, 1, YAML_DATA, out))
        return false;
    return out->kind == VALUE_MAP ||
           type_file_error(job, src, out, _("a type file is a map of keys"));
}

static bool is_type_file(const Source *src) {
    Str ext = path_ext(src->rel);
    return str_eq(ext, S("yaml")) || str_eq(ext, S("yml"));
}

static bool is_shared(const Source *src) {
    return str_eq(path_stem(path_base(src->rel)), S(SHARED_FILE));
}

static bool read_shared(Job *job, const Source *src, Fields *out) {
    Value file;
    bool ok = read_file(job, src, &file);
    Str known[] = {S_INIT("fields")};
    if (!ok)
        return false;
    for (size_t i = 0; i < file.as.map->len; i++) {
        const MapItem *item = &file.as.map->items[i];
        FieldReader r = {job, src, NULL, 0};
        if (str_eq(item->key, S("fields")))
            ok &= fields_read(&r, item->val, out);
        else
            ok = type_unknown_key(job, src, item->key, item->val,
                                  (Strs){known, 1});
    }
    return ok;
}

static bool read_type(const TypeReader *r, Type *t) {
    *t = (Type){.name = path_stem(path_base(r->src->rel)), .src = r->src};
    t->fields = *r->shared;
    if (!read_file(r->job, r->src, &t->extra))
        return false;
    bool ok = true;
    const Map *map = t->extra.as.map;
    for (size_t i = 0; i < map->len; i++)
        ok &= type_set_key(r, map->items[i].key, map->items[i].val, t);
    return ok && check_names(r, t);
}

// --- the set

static int by_name(const void *a, const void *b) {
    return str_cmp(((const Type *)a)->name, ((const Type *)b)->name);
}

static bool index_types(Job *job, TypeSet *set) {
    bool ok = true;
    qsort(set->items, set->len, sizeof *set->items, by_name);
    set->by_name = (Map){.arena = job->keep};
    set->by_section = (Map){.arena = job->keep};
    for (size_t i = 0; i < set->len; i++) {
        Type *t = &set->items[i];
        if (map_add(&set->by_name, t->name, t)) {
            ok = diag_error(job->diags, "E-TYPE-FILE", source_pos(t->src, 1, 1),
                            _("the type '%.*s' is there twice"),
                            STR_ARG(t->name));
            diag_hint(job->diags, _("delete one of the two files"));
        }
        const Type *before =
            t->section.len ? map_add(&set->by_section, t->section, t) : NULL;
        if (!before)
            continue;
        const Value *v = value_get(&t->extra, S("section"));
        ok = type_file_error(job, t->src, v ? v : &t->extra,
                             _("the section '%.*s' already belongs to the type "
                               "'%.*s'"),
                             STR_ARG(t->section), STR_ARG(before->name));
        diag_hint(job->diags, _("give one of the two types another section"));
    }
    return ok;
}

static void add_page(TypeSet *set, const Fields *shared) {
    for (size_t i = 0; i < set->len; i++) {
        if (str_eq(set->items[i].name, S("page")))
            return;
    }
    set->items[set->len++] =
        (Type){.name = S("page"), .fields = *shared, .open = true};
}

static bool read_all(Job *job, const SourceSet *sources, const Fields *shared,
                     TypeSet *set) {
    size_t from = sources->first[SOURCE_TYPE];
    size_t to = sources->first[SOURCE_TYPE + 1];
    bool ok = true;
    set->items = ARENA_ARRAY(job->keep, Type, to - from + 1);
    for (size_t i = from; i < to; i++) {
        const Source *src = &sources->items[i];
        TypeReader r = {job, src, shared};
        if (!is_type_file(src) || is_shared(src))
            continue;
        if (read_type(&r, &set->items[set->len]))
            set->len++;
        else
            ok = false;
    }
    return ok;
}

static bool check_all_refs(Job *job, const TypeSet *set, const Source *shared,
                           const Fields *shared_fields) {
    bool ok = true;
    if (shared)
        ok &= check_refs(job, shared, shared_fields, set);
    for (size_t i = 0; i < set->len; i++) {
        const Type *t = &set->items[i];
        Fields own = {t->fields.items, 0};
        const Value *v = value_get(&t->extra, S("fields"));
        if (v && v->kind == VALUE_MAP)
            own.len = v->as.map->len;
        ok &= check_refs(job, t->src, &own, set);
    }
    return ok;
}

bool type_load(Job *job, const SourceSet *sources, TypeSet *out) {
    TypeSet set = {0};
    Fields *shared = ARENA_NEW(job->keep, Fields);
    const Source *shared_src = NULL;
    bool ok = true;
    for (size_t i = sources->first[SOURCE_TYPE];
         i < sources->first[SOURCE_TYPE + 1]; i++) {
        if (is_type_file(&sources->items[i]) && is_shared(&sources->items[i]))
            shared_src = &sources->items[i];
    }
    if (shared_src)
        ok &= read_shared(job, shared_src, shared);
    ok &= read_all(job, sources, shared, &set);
    add_page(&set, shared);
    ok &= index_types(job, &set);
    ok = ok && complete_fields(job, &set);
    if (ok) // a type that could not be read would be missed here
        ok = check_all_refs(job, &set, shared_src, shared);
    *out = set;
    return ok;
}
