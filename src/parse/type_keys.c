// The keys of a type file, a function each; `setters` is the list of them.
#include "parse/type_keys.h"

#include <string.h>

#include "parse/type_field.h"

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

static bool check_words(const TypeReader *r, const Value *v) {
    return v->kind == VALUE_STR || v->kind == VALUE_MAP ||
           type_file_error(r->job, r->src, v,
                           _("this must be text, or a map from language "
                             "to text"));
}

static bool set_label(const TypeReader *r, const Value *v, Type *t) {
    t->label = *v;
    return check_words(r, v);
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

static bool check_rule_key(const TypeReader *r, Str key, const Value *v) {
    Str keys[] = {S("when"), S("require"), S("require_one"), S("say")};
    Strs names;
    Value when;
    if (str_eq(key, keys[0]))
        return read_when(r, v, &when);
    if (str_eq(key, keys[1]) || str_eq(key, keys[2]))
        return read_names(r, v, &names);
    return str_eq(key, keys[3])
               ? check_words(r, v)
               : type_unknown_key(r->job, r->src, key, v, (Strs){keys, 4});
}

// So that who uses a rule need not look again.
static bool check_rule(const TypeReader *r, const Value *rule) {
    bool ok =
        rule->kind == VALUE_MAP ||
        type_file_error(r->job, r->src, rule,
                        _("a rule is a map such as {require_one: [a, b]}"));
    for (size_t i = 0; ok && i < rule->as.map->len; i++)
        ok = check_rule_key(r, rule->as.map->items[i].key,
                            rule->as.map->items[i].val);
    return ok;
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

bool type_set_key(const TypeReader *r, Str key, const Value *v, Type *t) {
    Str names[NSETTERS];
    for (size_t i = 0; i < NSETTERS; i++) {
        names[i] = setters[i].key;
        if (str_eq(key, setters[i].key))
            return setters[i].set(r, v, t);
    }
    return type_unknown_key(r->job, r->src, key, v, (Strs){names, NSETTERS});
}
