// Front matter against its type: every field through the function of its kind,
// then what concerns several fields.

#include <string.h>

#include "base/nearest.h"
#include "base/text.h"
#include "parse/type_kinds.h"
#include "parse/type_lunar.h"
#include "parse/type_rules.h"
#include "parse/yaml.h"

// What is the same for all fields of one map, and of the maps in it.
typedef struct {
    Job *job;
    const Source *src;
    const TypeCheck *how;
    Str path; // "" or "person": the keys above
} Check;

static KindFn *const kind_fns[FIELD_NKINDS] = {
    [FIELD_TEXT] = kind_text,     [FIELD_MARKDOWN] = kind_markdown,
    [FIELD_NUMBER] = kind_number, [FIELD_BOOL] = kind_bool,
    [FIELD_DATE] = kind_date,     [FIELD_DATETIME] = kind_datetime,
    [FIELD_PERIOD] = kind_period, [FIELD_CHOICE] = kind_choice,
    [FIELD_REF] = kind_ref,       [FIELD_LAW] = kind_law,
    [FIELD_URL] = kind_url,       [FIELD_FILE] = kind_file,
    [FIELD_IMAGE] = kind_image,   [FIELD_PERSON_NAME] = kind_person,
    [FIELD_PHONE] = kind_phone,   [FIELD_EMAIL] = kind_email,
    [FIELD_DOCNUM] = kind_docnum,
};

static bool check_map(const Check *c, const Fields *fields, const Value *v,
                      Value *out);

static Str path_of(const Check *c, Str name) {
    if (!c->path.len)
        return name;
    return str_fmt(c->job->scratch, "%.*s.%.*s", STR_ARG(c->path),
                   STR_ARG(name));
}

static KindCheck kind_check(const Check *c, const Field *f) {
    return (KindCheck){c->job, c->src, c->how, f, c->path};
}

// Null, ~, empty text: the key might as well not be there.
static bool is_absent(const Value *v) {
    if (!v || v->kind == VALUE_NULL)
        return true;
    if (v->kind != VALUE_STR)
        return false;
    Str s = str_trim(v->as.s);
    bool is_null = str_eq(s, S("~")) || str_eq(s, S("null"));
    return !s.len || (v->flags & VALUE_PLAIN && is_null);
}

// --- one value

static bool read_list(const KindCheck *k, const Value *v, Value *out) {
    if (v->kind != VALUE_LIST)
        return kind_wrong(k, v, _("a list"));
    *out = value_resolve_plain(k->job->keep, v);
    return k->field->many || kind_limits(k, v, (double)v->as.list.len);
}

static bool read_map(const Check *c, const KindCheck *k, const Value *v,
                     Value *out) {
    if (v->kind != VALUE_MAP)
        return kind_wrong(k, v, _("a map of keys and values"));
    if (!k->field->fields.len) {
        *out = value_resolve_plain(k->job->keep, v);
        return true;
    }
    Check inner = *c;
    inner.job = k->job;
    inner.path = path_of(c, k->field->name);
    return check_map(&inner, &k->field->fields, v, out);
}

static bool try_kind(const Check *c, const KindCheck *k, unsigned kind,
                     const Value *v, Value *out) {
    if (kind == FIELD_LIST)
        return read_list(k, v, out);
    if (kind == FIELD_MAP)
        return read_map(c, k, v, out);
    return kind_fns[kind](k, v, out);
}

// Whether a value of this shape can be of the kind at all.
static bool fits(unsigned kind, const Value *v) {
    if (v->kind == VALUE_MAP)
        return kind == FIELD_MAP || kind == FIELD_IMAGE || kind == FIELD_PERIOD;
    if (v->kind == VALUE_LIST)
        return kind == FIELD_LIST;
    return kind != FIELD_LIST && kind != FIELD_MAP;
}

// The kinds of `f` that fit the shape of `v`; all of them when none does, so
// that there is a message.
static uint32_t candidates(const Field *f, const Value *v) {
    uint32_t set = 0;
    for (unsigned kind = 0; kind < FIELD_NKINDS; kind++) {
        if (f->kinds & 1u << kind && fits(kind, v))
            set |= 1u << kind;
    }
    return set ? set : f->kinds;
}

// Tries the kinds in order. Only what the last one says is kept: the first
// that takes the value ends the search.
static bool check_one(const Check *c, const Field *f, const Value *v,
                      Value *out) {
    uint32_t left = candidates(f, v);
    KindCheck k = kind_check(c, f);
    for (unsigned kind = 0; left; kind++) {
        if (!(left & 1u << kind))
            continue;
        left &= ~(1u << kind);
        Diags unheard = {.arena = c->job->keep,
                         .levels = c->job->diags->levels};
        Job quiet = *c->job;
        if (left) {
            quiet.diags = &unheard;
            k.job = &quiet;
        } else {
            k.job = c->job;
        }
        if (!try_kind(c, &k, kind, v, out))
            continue;
        diags_append(c->job->diags, &unheard); // its warnings
        out->line = v->line;
        out->col = v->col;
        return true;
    }
    return false;
}

static const Value *get_nocase(const Value *map, Str key) {
    const Value *v = value_get(map, key);
    for (size_t i = 0; !v && map->as.map && i < map->as.map->len; i++) {
        if (str_eq_nocase(map->as.map->items[i].key, key))
            v = map->as.map->items[i].val;
    }
    return v;
}

// --- one field

static void warn_comma(const Check *c, const Field *f, const Value *v) {
    const uint32_t words =
        1u << FIELD_TEXT | 1u << FIELD_REF | 1u << FIELD_PERSON_NAME;
    if (v->kind != VALUE_STR || !(f->kinds & words) ||
        str_find(v->as.s, S(","), 0) == SIZE_MAX)
        return;
    diag_warn(c->job->diags, "W-COMMA", source_pos(c->src, v->line, v->col),
              _("'%.*s' is read as one value with a comma in it"),
              STR_ARG(v->as.s));
    diag_hint(c->job->diags, _("for several values write %.*s: [one, two]"),
              STR_ARG(f->name));
}

static bool check_many(const Check *c, const Field *f, const Value *v,
                       Value *out) {
    bool is_list = v->kind == VALUE_LIST;
    size_t n = is_list ? v->as.list.len : 1, len = 0;
    const Value *from = is_list ? v->as.list.items : v;
    Value *items = ARENA_ARRAY(c->job->keep, Value, n);
    bool ok = true;
    warn_comma(c, f, v);
    for (size_t i = 0; i < n; i++) {
        if (is_absent(&from[i]))
            continue;
        if (check_one(c, f, &from[i], &items[len]))
            len++;
        else
            ok = false;
    }
    *out = value_list(items, len);
    out->line = v->line;
    out->col = v->col;
    KindCheck k = kind_check(c, f);
    bool is_checked = ok && (len > 0 || f->required);
    ok = ok && type_rules_items(c->job, c->src, f, out);
    return ok && (!is_checked || kind_limits(&k, v, (double)len));
}

static bool missing(const Check *c, const Field *f, const Value *map) {
    KindCheck k = kind_check(c, f);
    Str name = kind_name(&k), example = kind_example(f);
    uint32_t line = map->line ? map->line : 1;
    diag_error(c->job->diags, "E-REQUIRED",
               source_pos(c->src, line, map->col ? map->col : 1),
               _("%.*s is missing"), STR_ARG(name));
    diag_hint(c->job->diags, _("add it: %.*s: %.*s"), STR_ARG(f->name),
              STR_ARG(example));
    return kind_is_soft(c->job, "E-REQUIRED");
}

static bool refuse_computed(const Check *c, const Field *f, const Value *v) {
    diag_error(c->job->diags, "E-KEY", source_pos(c->src, v->line, v->col),
               _("'%.*s' is worked out by loa and cannot be written"),
               STR_ARG(f->name));
    diag_hint(c->job->diags, _("delete it"));
    return false;
}

// A day written in both calendars is one too many: they would part in the next
// edition.
static bool check_lunar(const Check *c, const Field *f, const Value *map,
                        const Value *lunar, Value *out) {
    KindCheck k = kind_check(c, f);
    const Value *v = get_nocase(map, f->name);
    Value typed;
    if (!is_absent(v)) {
        diag_error(c->job->diags, "E-LUNAR",
                   source_pos(c->src, v->line, v->col),
                   _("%.*s is there twice: as a solar and as a lunar day"),
                   STR_ARG(f->name));
        diag_hint(c->job->diags, _("delete one of the two"));
        return false;
    }
    if (!type_lunar(&k, map, lunar, &typed))
        return false;
    value_set(c->job->keep, out, f->name, typed);
    return true;
}

static bool check_field(const Check *c, const Field *f, const Value *map,
                        const Value *v, Value *out) {
    bool is_needed = f->required && c->how->is_complete;
    if (f->computed && !is_absent(v))
        return refuse_computed(c, f, v);
    bool is_empty =
        is_absent(v) || (v->kind == VALUE_LIST && f->many && !v->as.list.len);
    Value typed = {0};
    KindCheck k = kind_check(c, f);
    const Value *lunar = f->lunar_day.len ? type_lunar_value(&k, map) : NULL;
    if (lunar)
        return check_lunar(c, f, map, lunar, out);
    if (is_empty)
        return !is_needed || missing(c, f, map);
    if (f->many ? !check_many(c, f, v, &typed) : !check_one(c, f, v, &typed))
        return false;
    if (f->many && !typed.as.list.len)
        return !is_needed || missing(c, f, map);
    value_set(c->job->keep, out, f->name, typed);
    return true;
}

// --- several fields

static bool date_of(const Value *v, Str side, Date *out) {
    if (v && v->kind == VALUE_MAP)
        v = value_get(v, side);
    if (!v || v->kind != VALUE_DATE)
        return false;
    *out = v->as.date;
    return true;
}

// A day is not before a time on it.
static bool is_before(Date d, Date other) {
    if (d.precision <= DATE_DAY)
        return date_cmp(date_end(d), other) <= 0;
    return date_cmp(d, other) < 0;
}

static bool check_order(const Check *c, const Fields *fields,
                        const Value *typed) {
    bool ok = true;
    for (size_t i = 0; i < fields->len; i++) {
        const Field *f = &fields->items[i];
        if (!f->not_before.len)
            continue;
        const Field *first = field_find(fields, f->not_before);
        const Value *v = value_get(typed, f->name);
        Date a, b;
        if (!first || !date_of(v, S("to"), &b) ||
            !date_of(value_get(typed, first->name), S("from"), &a) ||
            !is_before(b, a))
            continue;
        KindCheck k = kind_check(c, f), k2 = kind_check(c, first);
        Str name = kind_name(&k), other = kind_name(&k2);
        ok = diag_error(
            c->job->diags, "E-DATE-ORDER", source_pos(c->src, v->line, v->col),
            _("%.*s is before %.*s"), STR_ARG(name), STR_ARG(other));
        diag_hint(c->job->diags, _("change one of the two dates"));
    }
    return ok;
}

static Str nearest_key(Arena *a, const Fields *fields, const Strs *known,
                       Str key) {
    size_t n = fields->len, more = known ? known->len : 0;
    Str *names = ARENA_ARRAY(a, Str, n + more);
    for (size_t i = 0; i < n; i++)
        names[i] = fields->items[i].name;
    if (more)
        memcpy(names + n, known->items, more * sizeof *names);
    return nearest(key, (Strs){names, n + more});
}

static void unknown_key(const Check *c, const Fields *fields, const Strs *known,
                        const MapItem *item) {
    Str near = nearest_key(c->job->scratch, fields, known, item->key);
    Pos pos = yaml_key_pos(c->src, item->key, item->val);
    if (c->path.len)
        diag_error(c->job->diags, "E-KEY", pos, _("'%.*s' has no key '%.*s'"),
                   STR_ARG(c->path), STR_ARG(item->key));
    else
        diag_error(c->job->diags, "E-KEY", pos,
                   _("this type of piece has no key '%.*s'"),
                   STR_ARG(item->key));
    if (near.len)
        diag_hint(c->job->diags, _("did you mean '%.*s'?"), STR_ARG(near));
    else if (c->path.len)
        diag_hint(c->job->diags, _("delete it"));
    else
        diag_hint(c->job->diags,
                  _("delete it, or put it under params: if a layout needs "
                    "it"));
}

static const Field *find_nocase(const Fields *fields, Str key) {
    for (size_t i = 0; i < fields->len; i++) {
        if (str_eq_nocase(fields->items[i].name, key))
            return &fields->items[i];
    }
    return NULL;
}

static bool is_known(const Strs *known, Str key) {
    for (size_t i = 0; known && i < known->len; i++) {
        if (str_eq_nocase(known->items[i], key))
            return true;
    }
    return str_eq_nocase(key, S("params"));
}

// What each field is given: first by its name, else in other capitals.
static const Value **given_to(Arena *a, const Fields *fields, const Map *map) {
    const Value **given = ARENA_ARRAY(a, const Value *, fields->len);
    for (size_t i = 0; map && i < map->len; i++) {
        const MapItem *item = &map->items[i];
        for (size_t f = 0; f < fields->len; f++) {
            Str name = fields->items[f].name;
            if (name.len == item->key.len &&
                (str_eq(name, item->key) ||
                 (!given[f] && str_eq_nocase(name, item->key))))
                given[f] = item->val;
        }
    }
    return given;
}

static bool check_fields(const Check *c, const Fields *fields, const Value *v,
                         Value *out) {
    const Value **given = given_to(c->job->scratch, fields, v->as.map);
    bool ok = true;
    for (size_t i = 0; i < fields->len; i++)
        ok &= check_field(c, &fields->items[i], v, given[i], out);
    return check_order(c, fields, out) && ok;
}

// A map inside a piece: every key must be a field.
static bool check_map(const Check *c, const Fields *fields, const Value *v,
                      Value *out) {
    Value typed = value_map(c->job->keep);
    bool ok = true;
    for (size_t i = 0; v->as.map && i < v->as.map->len; i++) {
        if (find_nocase(fields, v->as.map->items[i].key))
            continue;
        unknown_key(c, fields, NULL, &v->as.map->items[i]);
        ok &= kind_is_soft(c->job, "E-KEY");
    }
    ok &= check_fields(c, fields, v, &typed);
    *out = typed;
    return ok;
}

bool type_check(Job *job, const TypeSet *types, const Type *type,
                const Source *src, const Value *meta, const TypeCheck *how,
                Value *out) {
    (void)types; // a ref is looked up by the model, which knows the pages
    Check c = {job, src, how, {0}};
    Value typed = {.kind = VALUE_MAP}; // most types have few fields, or none
    bool ok = true;
    *out = typed;
    if (meta->kind != VALUE_MAP)
        return true;
    for (size_t i = 0; !type->open && meta->as.map && i < meta->as.map->len;
         i++) {
        const MapItem *item = &meta->as.map->items[i];
        if (find_nocase(&type->fields, item->key) ||
            is_known(how->known, item->key))
            continue;
        unknown_key(&c, &type->fields, how->known, item);
        ok &= kind_is_soft(job, "E-KEY");
    }
    ok &= check_fields(&c, &type->fields, meta, &typed);
    if (ok && how->is_complete)
        ok = type_rules_check(job, src, type, &typed);
    *out = typed;
    return ok;
}
