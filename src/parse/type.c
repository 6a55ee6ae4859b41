// Loading of type files: each is YAML, read key by key, then all are checked
// against one another (a ref names a type).

#include "parse/type.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "parse/type_field.h"
#include "parse/yaml.h"

#define SHARED_FILE "_shared"

enum { MAX_MAPS = 16 };

typedef struct {
    Job *job;
    const Source *src;
    const Fields *shared;
} TypeReader;

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

// --- the keys of a type file

typedef bool Setter(const TypeReader *r, const Value *v, Type *t);

static bool set_name(const TypeReader *r, const Value *v, Type *t) {
    Str name;
    if (!type_read_text(r->job, r->src, v, &name))
        return false;
    if (str_eq(name, t->name))
        return true;
    type_file_error(r->job, r->src, v,
                    _("the type is called '%.*s' here and '%.*s' by its file"),
                    STR_ARG(name), STR_ARG(t->name));
    diag_hint(r->job->diags, _("rename the file or change the name"));
    return false;
}

static bool set_label(const TypeReader *r, const Value *v, Type *t) {
    if (v->kind != VALUE_STR && v->kind != VALUE_MAP)
        return type_file_error(r->job, r->src, v,
                               _("this must be text, or a map from language "
                                 "to text"));
    t->label = *v;
    return true;
}

static bool set_section(const TypeReader *r, const Value *v, Type *t) {
    return type_read_text(r->job, r->src, v, &t->section);
}

// Its own fields, then the shared ones it does not name itself.
static bool set_fields(const TypeReader *r, const Value *v, Type *t) {
    FieldReader fr = {r->job, r->src, r->shared, 0};
    Fields own;
    if (!fields_read(&fr, v, &own))
        return false;
    size_t n = own.len + r->shared->len;
    Fields all = {ARENA_ARRAY(r->job->keep, Field, n), own.len};
    if (own.len)
        memcpy(all.items, own.items, own.len * sizeof *all.items);
    for (size_t i = 0; i < r->shared->len; i++) {
        if (!field_find(&own, r->shared->items[i].name))
            all.items[all.len++] = r->shared->items[i];
    }
    t->fields = all;
    return true;
}

static bool read_names(const TypeReader *r, const Value *v, Strs *out) {
    if (v->kind != VALUE_LIST)
        return type_file_error(r->job, r->src, v,
                               _("this must be a list of field names"));
    *out = (Strs){ARENA_ARRAY(r->job->keep, Str, v->as.list.len), 0};
    for (size_t i = 0; i < v->as.list.len; i++) {
        if (!type_read_text(r->job, r->src, &v->as.list.items[i],
                            &out->items[out->len]))
            return false;
        out->len++;
    }
    return true;
}

static bool set_card(const TypeReader *r, const Value *v, Type *t) {
    return read_names(r, v, &t->card);
}

// A map from a few known keys to names.
typedef struct {
    Str key;
    Str *into;
} NameKey;

static bool read_name_map(const TypeReader *r, const Value *v,
                          const NameKey *keys, size_t n) {
    Str names[8];
    if (v->kind != VALUE_MAP)
        return type_file_error(r->job, r->src, v,
                               _("this must be a map from key to field"));
    for (size_t i = 0; i < n; i++)
        names[i] = keys[i].key;
    for (size_t i = 0; v->as.map && i < v->as.map->len; i++) {
        const MapItem *item = &v->as.map->items[i];
        size_t k = 0;
        while (k < n && !str_eq(item->key, keys[k].key))
            k++;
        if (k == n)
            return type_unknown_key(r->job, r->src, item->key, item->val,
                                    (Strs){names, n});
        if (!type_read_text(r->job, r->src, item->val, keys[k].into))
            return false;
    }
    return true;
}

static bool set_window(const TypeReader *r, const Value *v, Type *t) {
    const NameKey keys[] = {{S("start"), &t->window_start},
                            {S("end"), &t->window_end},
                            {S("words"), &t->window_words},
                            {S("each"), &t->window_each},
                            {S("results"), &t->window_results}};
    if (v->kind != VALUE_MAP || !value_get(v, S("start")))
        return type_file_error(r->job, r->src, v,
                               _("'window' is a map {start: FIELD, end: "
                                 "FIELD}"));
    if (!read_name_map(r, v, keys, 5))
        return false;
    if (!t->window_words.len)
        t->window_words = S("event");
    if (str_eq(t->window_words, S("event")) ||
        str_eq(t->window_words, S("open")))
        return true;
    return type_file_error(r->job, r->src, v,
                           _("'words' of a window is event or open"));
}

static bool set_calendar(const TypeReader *r, const Value *v, Type *t) {
    return type_read_bool(r->job, r->src, v, &t->calendar);
}

static bool set_taxonomy(const TypeReader *r, const Value *v, Type *t) {
    return type_read_bool(r->job, r->src, v, &t->taxonomy);
}

static bool set_feed(const TypeReader *r, const Value *v, Type *t) {
    return type_read_bool(r->job, r->src, v, &t->feed);
}

static bool set_dated(const TypeReader *r, const Value *v, Type *t) {
    return type_read_bool(r->job, r->src, v, &t->dated);
}

static bool set_open(const TypeReader *r, const Value *v, Type *t) {
    return type_read_bool(r->job, r->src, v, &t->open);
}

static bool set_tree(const TypeReader *r, const Value *v, Type *t) {
    return type_read_text(r->job, r->src, v, &t->tree);
}

static bool set_valid(const TypeReader *r, const Value *v, Type *t) {
    const NameKey keys[] = {{S("from"), &t->valid_from},
                            {S("to"), &t->valid_to}};
    return read_name_map(r, v, keys, 2);
}

static bool read_when(const TypeReader *r, const Value *v, Value *out) {
    *out = *v;
    return v->kind == VALUE_MAP ||
           type_file_error(r->job, r->src, v,
                           _("this must be a map from field to value"));
}

// The map without two of its keys, whose values are no names of fields.
static Value without(const TypeReader *r, const Value *v, Str a, Str b) {
    Value rest = value_map(r->job->scratch);
    for (size_t i = 0; i < v->as.map->len; i++) {
        const MapItem *item = &v->as.map->items[i];
        if (!str_eq(item->key, a) && !str_eq(item->key, b))
            value_set(r->job->scratch, &rest, item->key,
                      *(const Value *)item->val);
    }
    return rest;
}

// `succeeded` is a list, the rest are names of fields.
static bool set_lineage(const TypeReader *r, const Value *v, Type *t) {
    const NameKey keys[] = {{S("next"), &t->next},
                            {S("prev"), &t->prev},
                            {S("reason"), &t->reason}};
    const Value *succeeded = value_get(v, S("succeeded"));
    if (!succeeded)
        return read_name_map(r, v, keys, 3);
    Value names = without(r, v, S("succeeded"), S(""));
    return read_name_map(r, &names, keys, 3) &&
           read_names(r, succeeded, &t->succeeded);
}

static bool set_posts(const TypeReader *r, const Value *v, Type *t) {
    const NameKey keys[] = {{S("list"), &t->posts},
                            {S("at"), &t->post_at},
                            {S("title"), &t->post_title},
                            {S("from"), &t->post_from},
                            {S("to"), &t->post_to}};
    const Value *single = value_get(v, S("single"));
    const Value *current = value_get(v, S("current"));
    if (v->kind != VALUE_MAP || !value_get(v, S("list")))
        return type_file_error(r->job, r->src, v,
                               _("'posts' is a map {list: FIELD, at: KEY, "
                                 "title: KEY, from: KEY, to: KEY}"));
    if (current && !read_when(r, current, &t->post_current))
        return false;
    Value names = without(r, v, S("single"), S("current"));
    return read_name_map(r, &names, keys, 5) &&
           (!single || read_names(r, single, &t->post_single));
}

static bool set_names(const TypeReader *r, const Value *v, Type *t) {
    return type_read_text(r->job, r->src, v, &t->names);
}

static bool set_library(const TypeReader *r, const Value *v, Type *t) {
    const NameKey keys[] = {{S("number"), &t->library},
                            {S("issued"), &t->library_issued},
                            {S("title"), &t->library_title}};
    if (v->kind == VALUE_MAP)
        return read_name_map(r, v, keys, 3);
    return type_read_text(r->job, r->src, v, &t->library);
}

static bool set_law(const TypeReader *r, const Value *v, Type *t) {
    const NameKey keys[] = {{S("basis"), &t->law_basis},
                            {S("as_of"), &t->law_as_of},
                            {S("outdated"), &t->law_outdated}};
    return read_name_map(r, v, keys, 3);
}

static bool set_validity(const TypeReader *r, const Value *v, Type *t) {
    const NameKey keys[] = {{S("from"), &t->force_from},
                            {S("to"), &t->force_to},
                            {S("replaced_by"), &t->replaced_by},
                            {S("amended_by"), &t->amended_by},
                            {S("field"), &t->force}};
    return read_name_map(r, v, keys, 5);
}

static bool set_unique(const TypeReader *r, const Value *v, Type *t) {
    return read_names(r, v, &t->unique);
}

static bool set_public_when(const TypeReader *r, const Value *v, Type *t) {
    return read_when(r, v, &t->public_when);
}

// Lists of names only, so that who uses a rule need not look again.
static bool check_rule(const TypeReader *r, const Value *rule) {
    static const Str keys[] = {S_INIT("require_one"), S_INIT("require")};
    Strs names;
    if (rule->kind != VALUE_MAP)
        return type_file_error(r->job, r->src, rule,
                               _("a rule is a map such as {require_one: [a, "
                                 "b]}"));
    for (size_t i = 0; i < 2; i++) {
        const Value *v = value_get(rule, keys[i]);
        if (v && !read_names(r, v, &names))
            return false;
    }
    return true;
}

static bool set_rules(const TypeReader *r, const Value *v, Type *t) {
    bool ok =
        v->kind == VALUE_LIST ||
        type_file_error(r->job, r->src, v, _("this must be a list of rules"));
    for (size_t i = 0; ok && i < v->as.list.len; i++)
        ok = check_rule(r, &v->as.list.items[i]);
    t->rules = *v;
    return ok;
}

static bool set_schema_org(const TypeReader *r, const Value *v, Type *t) {
    return type_read_text(r->job, r->src, v, &t->schema_org);
}

static const struct {
    Str key;
    Setter *set;
} setters[] = {
    {S_INIT("type"), set_name},
    {S_INIT("label"), set_label},
    {S_INIT("section"), set_section},
    {S_INIT("fields"), set_fields},
    {S_INIT("window"), set_window},
    {S_INIT("card"), set_card},
    {S_INIT("calendar"), set_calendar},
    {S_INIT("taxonomy"), set_taxonomy},
    {S_INIT("feed"), set_feed},
    {S_INIT("dated"), set_dated},
    {S_INIT("open"), set_open},
    {S_INIT("tree"), set_tree},
    {S_INIT("schema_org"), set_schema_org},
    {S_INIT("valid"), set_valid},
    {S_INIT("lineage"), set_lineage},
    {S_INIT("names"), set_names},
    {S_INIT("posts"), set_posts},
    {S_INIT("library"), set_library},
    {S_INIT("law"), set_law},
    {S_INIT("validity"), set_validity},
    {S_INIT("unique"), set_unique},
    {S_INIT("public_when"), set_public_when},
    {S_INIT("rules"), set_rules},
};

enum { NSETTERS = sizeof setters / sizeof *setters };

static bool set_key(const TypeReader *r, Str key, const Value *v, Type *t) {
    Str names[NSETTERS];
    for (size_t i = 0; i < NSETTERS; i++) {
        names[i] = setters[i].key;
        if (str_eq(key, setters[i].key))
            return setters[i].set(r, v, t);
    }
    return type_unknown_key(r->job, r->src, key, v, (Strs){names, NSETTERS});
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

static bool check_posts(const TypeReader *r, const Type *t, uint32_t dates) {
    const Field *list = field_find(&t->fields, t->posts);
    Type posts = *t; // they stand in the items of a list
    if (list)
        posts.fields = list->fields;
    return need_field(r, t, "posts", t->posts, 1u << FIELD_MAP) &&
           need_field(r, &posts, "posts", t->post_at, 1u << FIELD_REF) &&
           need_field(r, &posts, "posts", t->post_title, 1u << FIELD_TEXT) &&
           need_field(r, &posts, "posts", t->post_from, dates) &&
           need_field(r, &posts, "posts", t->post_to, dates);
}

static bool check_names(const TypeReader *r, const Type *t) {
    const uint32_t dates =
        1u << FIELD_DATE | 1u << FIELD_DATETIME | 1u << FIELD_PERIOD;
    bool ok = need_field(r, t, "window", t->window_each, 1u << FIELD_MAP);
    const Field *each = field_find(&t->fields, t->window_each);
    Type rounds = *t; // the windows stand in the items of a list
    if (each)
        rounds.fields = each->fields;
    ok &= need_field(r, &rounds, "window", t->window_start, dates);
    ok &= need_field(r, &rounds, "window", t->window_end, dates);
    ok &= need_field(r, t, "window", t->window_results, 0);
    ok &= need_field(r, t, "valid", t->valid_from, dates);
    ok &= need_field(r, t, "valid", t->valid_to, dates);
    ok &= need_field(r, t, "names", t->names, 1u << FIELD_MAP);
    ok &= need_field(r, t, "lineage", t->next, 1u << FIELD_REF);
    ok &= need_field(r, t, "lineage", t->prev, 1u << FIELD_REF);
    ok &= need_field(r, t, "lineage", t->reason, 0);
    ok &= need_field(r, t, "library", t->library, 1u << FIELD_DOCNUM);
    ok &= need_field(r, t, "library", t->library_issued, dates);
    ok &= need_field(r, t, "library", t->library_title, 1u << FIELD_TEXT);
    ok &= need_field(r, t, "law", t->law_basis, 1u << FIELD_LAW);
    ok &= need_field(r, t, "law", t->law_as_of, dates);
    ok &= need_field(r, t, "law", t->law_outdated, 1u << FIELD_REF);
    ok &= need_field(r, t, "validity", t->force, 1u << FIELD_CHOICE);
    ok &= need_field(r, t, "validity", t->force_from, dates);
    ok &= need_field(r, t, "validity", t->force_to, dates);
    ok &= need_field(r, t, "validity", t->replaced_by, 1u << FIELD_REF);
    ok &= need_field(r, t, "validity", t->amended_by, 1u << FIELD_REF);
    ok &= need_field(r, t, "tree", t->tree, 1u << FIELD_REF);
    ok &= check_posts(r, t, dates);
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
            Value at = {.line = f->line};
            ok = type_file_error(job, src, &at,
                                 _("'%.*s' refers to the type '%.*s', which "
                                   "does not exist"),
                                 STR_ARG(f->name), STR_ARG(f->to));
            diag_hint(job->diags, _("add types/%.*s.yaml, or make it text"),
                      STR_ARG(f->to));
        }
    }
    return ok;
}

// `like: explainer.law_topics`: kind, values and limits of another type's
// field; what the field says itself stays.
static bool complete_like(Job *job, const TypeSet *set, const Type *t,
                          Field *f) {
    Str name = f->like, type_name;
    str_cut(&name, '.', &type_name);
    const Type *type = type_find(set, type_name);
    const Field *other = type ? field_find(&type->fields, name) : NULL;
    Value at = {.line = f->line};
    if (!other || other->like.len)
        return type_file_error(job, t->src, &at,
                               _("like: there is no field '%.*s'"),
                               STR_ARG(f->like));
    Field own = *f;
    *f = *other;
    f->name = own.name;
    f->line = own.line;
    f->required |= own.required;
    if (own.label.kind != VALUE_NULL)
        f->label = own.label;
    return true;
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
        ok &= set_key(r, map->items[i].key, map->items[i].val, t);
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
        if (map_add(&set->by_name, t->name, t))
            ok = diag_error(job->diags, "E-TYPE-FILE", source_pos(t->src, 1, 1),
                            _("the type '%.*s' is there twice"),
                            STR_ARG(t->name));
        const Type *before =
            t->section.len ? map_add(&set->by_section, t->section, t) : NULL;
        if (!before)
            continue;
        const Value *v = value_get(&t->extra, S("section"));
        ok = type_file_error(job, t->src, v ? v : &t->extra,
                             _("the section '%.*s' already belongs to the type "
                               "'%.*s'"),
                             STR_ARG(t->section), STR_ARG(before->name));
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
