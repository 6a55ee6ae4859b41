#include "parse/type_field.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "parse/yaml.h"

enum { MAX_MAPS = 8 };

static const Str kind_names[FIELD_NKINDS] = {
    [FIELD_TEXT] = S_INIT("text"),     [FIELD_MARKDOWN] = S_INIT("markdown"),
    [FIELD_NUMBER] = S_INIT("number"), [FIELD_BOOL] = S_INIT("bool"),
    [FIELD_DATE] = S_INIT("date"),     [FIELD_DATETIME] = S_INIT("datetime"),
    [FIELD_PERIOD] = S_INIT("period"), [FIELD_CHOICE] = S_INIT("choice"),
    [FIELD_LIST] = S_INIT("list"),     [FIELD_MAP] = S_INIT("map"),
    [FIELD_REF] = S_INIT("ref"),       [FIELD_LAW] = S_INIT("law"),
    [FIELD_URL] = S_INIT("url"),       [FIELD_FILE] = S_INIT("file"),
    [FIELD_IMAGE] = S_INIT("image"),   [FIELD_PERSON_NAME] = S_INIT("person"),
    [FIELD_PHONE] = S_INIT("phone"),   [FIELD_EMAIL] = S_INIT("email"),
    [FIELD_DOCNUM] = S_INIT("docnum"),
};

Str field_kind_name(FieldKind kind) {
    return kind < FIELD_NKINDS ? kind_names[kind] : S("?");
}

Str field_label(const Field *field) {
    const Value *label = &field->label;
    if (label->kind == VALUE_STR)
        return label->as.s;
    Str vi = value_get_str(label, S("vi"));
    if (vi.len || label->kind != VALUE_MAP || !label->as.map->len)
        return vi;
    const Value *any = label->as.map->items[0].val;
    return any->kind == VALUE_STR ? any->as.s : (Str){0};
}

Str field_title(Arena *a, Str above, const Field *field) {
    Str label = field_label(field), dot = above.len ? S(".") : (Str){0};
    if (!label.len)
        return str_fmt(a, "'%.*s%.*s%.*s'", STR_ARG(above), STR_ARG(dot),
                       STR_ARG(field->name));
    return str_fmt(a, "'%.*s%.*s%.*s' (%.*s)", STR_ARG(above), STR_ARG(dot),
                   STR_ARG(field->name), STR_ARG(label));
}

// --- messages

bool type_file_error(Job *job, const Source *src, const Value *v,
                     const char *fmt, ...) {
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    diag_error(job->diags, "E-TYPE-FILE", source_pos(src, v->line, v->col),
               "%s", text);
    diag_hint(job->diags, _("docs/types.md says what may stand here"));
    return false;
}

bool type_unknown_key(Job *job, const Source *src, Str key, const Value *v,
                      Strs known) {
    Str near = nearest(key, known);
    diag_error(job->diags, "E-TYPE-FILE", yaml_key_pos(src, key, v),
               _("a type file has no key '%.*s' here"), STR_ARG(key));
    if (near.len)
        diag_hint(job->diags, _("did you mean '%.*s'?"), STR_ARG(near));
    else
        diag_hint(job->diags, _("docs/types.md lists the keys"));
    return false;
}

bool type_read_bool(Job *job, const Source *src, const Value *v, bool *out) {
    return value_to_bool(v, out) ||
           type_file_error(job, src, v, _("this must be true or false"));
}

bool type_read_text(Job *job, const Source *src, const Value *v, Str *out) {
    if (v->kind != VALUE_STR || !str_trim(v->as.s).len)
        return type_file_error(job, src, v, _("this must be text"));
    *out = str_trim(v->as.s);
    return true;
}

static bool bad(const FieldReader *r, const Value *v, const char *what) {
    return type_file_error(r->job, r->src, v, "%s", what);
}

// --- the keys of a field

typedef bool Setter(const FieldReader *r, const Value *v, Field *f);

static bool add_kind(const FieldReader *r, const Value *v, Field *f) {
    Str word;
    if (!type_read_text(r->job, r->src, v, &word))
        return false;
    for (unsigned k = 0; k < FIELD_NKINDS; k++) {
        if (str_eq(kind_names[k], word)) {
            f->kinds |= 1u << k;
            return true;
        }
    }
    Str names[FIELD_NKINDS];
    memcpy(names, kind_names, sizeof names);
    Str near = nearest(word, (Strs){names, FIELD_NKINDS});
    type_file_error(r->job, r->src, v, _("there is no kind of field '%.*s'"),
                    STR_ARG(word));
    if (near.len)
        diag_hint(r->job->diags, _("did you mean '%.*s'?"), STR_ARG(near));
    else
        diag_hint(r->job->diags, _("docs/types.md lists the kinds"));
    return false;
}

static bool set_kind(const FieldReader *r, const Value *v, Field *f) {
    f->kinds = 0;
    if (v->kind != VALUE_LIST)
        return add_kind(r, v, f);
    bool ok = v->as.list.len > 0 || bad(r, v, _("the list of kinds is empty"));
    for (size_t i = 0; i < v->as.list.len; i++)
        ok &= add_kind(r, &v->as.list.items[i], f);
    return ok;
}

static bool set_required(const FieldReader *r, const Value *v, Field *f) {
    return type_read_bool(r->job, r->src, v, &f->required);
}

static bool set_many(const FieldReader *r, const Value *v, Field *f) {
    return type_read_bool(r->job, r->src, v, &f->many);
}

static bool set_internal(const FieldReader *r, const Value *v, Field *f) {
    return type_read_bool(r->job, r->src, v, &f->internal);
}

static bool set_to(const FieldReader *r, const Value *v, Field *f) {
    return type_read_text(r->job, r->src, v, &f->to);
}

static bool set_not_before(const FieldReader *r, const Value *v, Field *f) {
    if (!type_read_text(r->job, r->src, v, &f->not_before))
        return false;
    f->not_before = str_lower(r->job->keep, f->not_before);
    return true;
}

static bool set_fields(const FieldReader *r, const Value *v, Field *f) {
    FieldReader inner = *r;
    inner.shared = NULL;
    inner.depth++;
    if (inner.depth > MAX_MAPS)
        return bad(r, v, _("maps in maps go too deep"));
    return fields_read(&inner, v, &f->fields);
}

static bool set_of_list(const FieldReader *r, const Value *v, Field *f) {
    f->of = (Strs){ARENA_ARRAY(r->job->keep, Str, v->as.list.len), 0};
    for (size_t i = 0; i < v->as.list.len; i++) {
        Str word;
        if (!type_read_text(r->job, r->src, &v->as.list.items[i], &word))
            return false;
        f->of.items[f->of.len++] = word;
    }
    return f->of.len > 0 || bad(r, v, _("the list of values is empty"));
}

static bool set_of(const FieldReader *r, const Value *v, Field *f) {
    if (v->kind == VALUE_LIST)
        return set_of_list(r, v, f);
    if (v->kind != VALUE_MAP || !v->as.map || !v->as.map->len)
        return bad(r, v,
                   _("'of' is a list of values, or a map from value to "
                     "label"));
    f->of = (Strs){ARENA_ARRAY(r->job->keep, Str, v->as.map->len), 0};
    for (size_t i = 0; i < v->as.map->len; i++)
        f->of.items[f->of.len++] = v->as.map->items[i].key;
    f->of_labels = *v;
    return true;
}

static bool read_limit(const FieldReader *r, const Value *v, double *out) {
    Value n = value_resolve_plain(r->job->scratch, v);
    if (n.kind == VALUE_INT)
        *out = (double)n.as.i;
    else if (n.kind == VALUE_FLOAT && n.as.f == n.as.f)
        *out = n.as.f;
    else
        return bad(r, v, _("this must be a number"));
    return true;
}

static bool set_min(const FieldReader *r, const Value *v, Field *f) {
    return read_limit(r, v, &f->min);
}

static bool set_max(const FieldReader *r, const Value *v, Field *f) {
    return read_limit(r, v, &f->max);
}

static bool read_words(const FieldReader *r, const Value *v, Value *out) {
    if (v->kind != VALUE_STR && v->kind != VALUE_MAP)
        return bad(r, v,
                   _("this must be text, or a map from language to "
                     "text"));
    *out = *v;
    return true;
}

static bool set_label(const FieldReader *r, const Value *v, Field *f) {
    return read_words(r, v, &f->label);
}

static bool set_help(const FieldReader *r, const Value *v, Field *f) {
    return read_words(r, v, &f->help);
}

static bool set_acyclic(const FieldReader *r, const Value *v, Field *f) {
    return type_read_bool(r->job, r->src, v, &f->acyclic);
}

// {day: lunar.from, year: year}
static bool set_lunar(const FieldReader *r, const Value *v, Field *f) {
    const Value *day = value_get(v, S("day")), *year = value_get(v, S("year"));
    if (v->kind != VALUE_MAP || !day || !year || v->as.map->len != 2)
        return bad(r, v, _("this is a map {day: FIELD, year: FIELD}"));
    return type_read_text(r->job, r->src, day, &f->lunar_day) &&
           type_read_text(r->job, r->src, year, &f->lunar_year);
}

static bool set_within(const FieldReader *r, const Value *v, Field *f) {
    return type_read_bool(r->job, r->src, v, &f->within);
}

static bool set_computed(const FieldReader *r, const Value *v, Field *f) {
    return type_read_bool(r->job, r->src, v, &f->computed);
}

static bool set_like(const FieldReader *r, const Value *v, Field *f) {
    return type_read_text(r->job, r->src, v, &f->like);
}

static bool set_verbatim(const FieldReader *r, const Value *v, Field *f) {
    return type_read_bool(r->job, r->src, v, &f->verbatim);
}

static bool set_inverse(const FieldReader *r, const Value *v, Field *f) {
    return type_read_text(r->job, r->src, v, &f->inverse);
}

static bool set_on(const FieldReader *r, const Value *v, Field *f) {
    return type_read_text(r->job, r->src, v, &f->on);
}

static bool set_while_phase(const FieldReader *r, const Value *v, Field *f) {
    return type_read_text(r->job, r->src, v, &f->while_phase);
}

static bool set_distinct(const FieldReader *r, const Value *v, Field *f) {
    return type_read_text(r->job, r->src, v, &f->distinct);
}

// {from: FIELD, to: FIELD}
static bool read_span(const FieldReader *r, const Value *v, Str *from,
                      Str *to) {
    const Value *a = value_get(v, S("from")), *b = value_get(v, S("to"));
    if (v->kind != VALUE_MAP || !a || !b || v->as.map->len != 2)
        return bad(r, v, _("this is a map {from: FIELD, to: FIELD}"));
    return type_read_text(r->job, r->src, a, from) &&
           type_read_text(r->job, r->src, b, to);
}

static bool set_while(const FieldReader *r, const Value *v, Field *f) {
    return read_span(r, v, &f->while_from, &f->while_to);
}

// {start: KEY, end: KEY}, of which one may be left out.
static bool set_window(const FieldReader *r, const Value *v, Field *f) {
    const Value *start = value_get(v, S("start")),
                *end = value_get(v, S("end"));
    size_t n = (start ? 1u : 0u) + (end ? 1u : 0u);
    if (v->kind != VALUE_MAP || !n || v->as.map->len != n)
        return bad(r, v, _("this is a map {start: KEY, end: KEY}"));
    return (!start ||
            type_read_text(r->job, r->src, start, &f->window_start)) &&
           (!end || type_read_text(r->job, r->src, end, &f->window_end));
}

static bool set_ordered(const FieldReader *r, const Value *v, Field *f) {
    return read_span(r, v, &f->ordered_from, &f->ordered_to);
}

static const struct {
    Str key;
    Setter *set;
} setters[] = {
    {S_INIT("acyclic"), set_acyclic},
    {S_INIT("within"), set_within},
    {S_INIT("lunar"), set_lunar},
    {S_INIT("computed"), set_computed},
    {S_INIT("like"), set_like},
    {S_INIT("verbatim"), set_verbatim},
    {S_INIT("inverse"), set_inverse},
    {S_INIT("on"), set_on},
    {S_INIT("while"), set_while},
    {S_INIT("while_phase"), set_while_phase},
    {S_INIT("window"), set_window},
    {S_INIT("distinct"), set_distinct},
    {S_INIT("ordered"), set_ordered},
    {S_INIT("kind"), set_kind},
    {S_INIT("required"), set_required},
    {S_INIT("many"), set_many},
    {S_INIT("internal"), set_internal},
    {S_INIT("to"), set_to},
    {S_INIT("of"), set_of},
    {S_INIT("fields"), set_fields},
    {S_INIT("not_before"), set_not_before},
    {S_INIT("min"), set_min},
    {S_INIT("max"), set_max},
    {S_INIT("label"), set_label},
    {S_INIT("help"), set_help},
};

enum { NSETTERS = sizeof setters / sizeof *setters };

static bool set_key(const FieldReader *r, Str key, const Value *v, Field *f) {
    Str names[NSETTERS];
    for (size_t i = 0; i < NSETTERS; i++) {
        names[i] = setters[i].key;
        if (str_eq(key, setters[i].key))
            return setters[i].set(r, v, f);
    }
    return type_unknown_key(r->job, r->src, key, v, (Strs){names, NSETTERS});
}

// --- a whole field

static bool has_window(const Field *f, Str name) {
    const Field *date = name.len ? field_find(&f->fields, name) : NULL;
    return !name.len || (date && date->kinds & FIELD_DATES &&
                         !field_find(&f->fields, S("phase")));
}

// Kinds and their keys go together.
static bool check_field(const FieldReader *r, const Value *v, const Field *f) {
    bool is_ref = f->kinds & 1u << FIELD_REF;
    bool is_choice = f->kinds & 1u << FIELD_CHOICE;
    bool has_map = f->kinds & 1u << FIELD_MAP;
    if (!f->kinds)
        return bad(r, v, _("the field has no 'kind'"));
    if (is_ref != (f->to.len > 0))
        return bad(r, v,
                   is_ref ? _("a ref needs 'to': the name of a type")
                          : _("'to' belongs to the kind ref only"));
    if (is_choice != (f->of.len > 0))
        return bad(r, v,
                   is_choice ? _("a choice needs 'of': the list of its values")
                             : _("'of' belongs to the kind choice only"));
    if (f->fields.len && !has_map)
        return bad(r, v, _("'fields' belongs to the kind map only"));
    if (!has_window(f, f->window_start) || !has_window(f, f->window_end))
        return bad(r, v,
                   _("'window' of a field names keys of its map that are "
                     "dates"));
    if (f->max < f->min && f->max != 0)
        return bad(r, v, _("'max' is less than 'min'"));
    return true;
}

static bool set_keys(const FieldReader *r, const Value *v, Field *f) {
    bool ok = true;
    for (size_t i = 0; v->kind == VALUE_MAP && i < v->as.map->len; i++) {
        const MapItem *item = &v->as.map->items[i];
        ok &= set_key(r, item->key, item->val, f);
    }
    return ok;
}

static bool field_read(const FieldReader *r, Str name, const Value *v,
                       Field *out) {
    const Field *shared = r->shared ? field_find(r->shared, name) : NULL;
    bool ok = true;
    Field f = {0};
    // A type may change just a part of a shared field: `sapo: {required: yes}`
    if (shared && v->kind == VALUE_MAP && !value_get(v, S("kind")))
        f = *shared;
    f.name = name;
    f.written = v;
    if (v->kind == VALUE_STR || v->kind == VALUE_LIST)
        ok = set_kind(r, v, &f); // `kicker: text`
    else if (v->kind != VALUE_MAP)
        return bad(r, v, _("a field is a map such as {kind: text}"));
    ok &= set_keys(r, v, &f);
    *out = f;
    if (!f.like.len)
        return ok && check_field(r, v, &f);
    if (r->depth) // it could hold itself
        return bad(r, v,
                   _("'like' belongs to the fields of a type, not to the keys "
                     "of a map"));
    return ok; // made whole when all types are read
}

bool field_complete(const FieldReader *r, const Field *other, Field *f) {
    Field own = *f;
    *f = *other;
    f->name = own.name;
    f->written = own.written;
    return set_keys(r, own.written, f) && check_field(r, own.written, f);
}

static bool is_name(Str s) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_')
            return false;
    }
    return s.len && s.ptr[0] >= 'a';
}

static bool check_siblings(const FieldReader *r, const Value *map,
                           const Fields *all) {
    bool ok = true;
    for (size_t i = 0; i < all->len; i++) {
        const Field *f = &all->items[i];
        const Field *other = field_find(all, f->not_before);
        if (!other && r->shared)
            other = field_find(r->shared, f->not_before);
        if (!f->not_before.len || (other && other->kinds & FIELD_DATES))
            continue;
        const Value *v = map->as.map->items[i].val;
        ok = type_file_error(r->job, r->src, v,
                             _("not_before: '%.*s' is no date field here"),
                             STR_ARG(f->not_before));
    }
    return ok;
}

bool fields_read(const FieldReader *r, const Value *map, Fields *out) {
    bool ok = true;
    if (map->kind != VALUE_MAP)
        return bad(r, map, _("'fields' is a map from name to field"));
    size_t n = map->as.map ? map->as.map->len : 0;
    Fields all = {ARENA_ARRAY(r->job->keep, Field, n), n};
    for (size_t i = 0; i < n; i++) {
        const MapItem *item = &map->as.map->items[i];
        Str name = str_lower(r->job->keep, item->key);
        all.items[i].name = name;
        if (!is_name(name))
            ok = bad(r, item->val,
                     _("the name of a field is made of letters "
                       "a-z, digits and _"));
        ok &= field_read(r, name, item->val, &all.items[i]);
    }
    ok &= check_siblings(r, map, &all);
    *out = all;
    return ok;
}
