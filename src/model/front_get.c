#include "model/front_get.h"

#include "parse/yaml.h"

Pos front_pos(const FrontReader *r, const Value *v) {
    return source_pos(r->src, v->line, v->col);
}

FrontReader front_begin(Job *job, const Config *cfg, const Source *src,
                        const Value *meta) {
    const FrontKeys *keys = cfg->front_keys;
    const Map *map = meta->kind == VALUE_MAP ? meta->as.map : NULL;
    size_t n = map ? map->len : 0;
    const Value **at = ARENA_ARRAY(job->scratch, const Value *, keys->len);
    uint16_t *numbers = ARENA_ROOM(job->scratch, uint16_t, n);
    for (size_t i = 0; i < n; i++) {
        numbers[i] = front_key(keys, map->items[i].key);
        if (numbers[i] != KEY_NONE)
            at[numbers[i]] = map->items[i].val;
    }
    return (FrontReader){job, src, meta, cfg->zone, true, keys, at, numbers};
}

// Null, ~ and empty text: the key might as well not be there.
static const Value *find(const FrontReader *r, int key) {
    const Value *v = r->at[key];
    if (!v || v->kind == VALUE_NULL)
        return NULL;
    Str s = v->kind == VALUE_STR ? str_trim(v->as.s) : S("x");
    bool is_null = str_eq(s, S("~")) || str_eq(s, S("null"));
    return !s.len || (v->flags & VALUE_PLAIN && is_null) ? NULL : v;
}

static void wrong(FrontReader *r, int key, const Value *v, const char *want) {
    r->ok =
        diag_error(r->job->diags, "E-KIND", front_pos(r, v),
                   _("%.*s must be %s"), STR_ARG(r->keys->names[key]), want);
}

void front_text(FrontReader *r, int key, Str *out) {
    const Value *v = find(r, key);
    if (v && v->kind != VALUE_STR)
        wrong(r, key, v, _("text"));
    else if (v)
        *out = str_trim(v->as.s);
}

void front_bool(FrontReader *r, int key, bool *out) {
    const Value *v = find(r, key);
    if (v && !value_to_bool(v, out))
        wrong(r, key, v, _("true or false"));
}

void front_int(FrontReader *r, int key, int64_t *out) {
    const Value *v = find(r, key);
    if (v && (v->kind != VALUE_STR || !str_to_int(v->as.s, out)))
        wrong(r, key, v, _("a whole number"));
}

void front_date(FrontReader *r, int key, Date *out) {
    const Value *v = find(r, key);
    size_t at;
    const char *why;
    if (!v)
        return;
    if (v->kind != VALUE_STR) {
        wrong(r, key, v, _("a date"));
        return;
    }
    if (date_parse(v->as.s, r->zone, false, out, &at, &why)) {
        *out = date_in_zone(*out, r->zone);
        return;
    }
    r->ok = diag_error(r->job->diags, "E-DATE", yaml_pos_in(r->src, v, at),
                       _("'%.*s' is not a date: %s"), STR_ARG(v->as.s), _(why));
    diag_hint(r->job->diags,
              _("write it as 2026-11-21, 2026-11-21 08:30 or 21/11/2026"));
}

static void warn_comma(FrontReader *r, int key, const Value *v) {
    if (str_find(v->as.s, S(","), 0) == SIZE_MAX)
        return;
    diag_warn(r->job->diags, "W-COMMA", front_pos(r, v),
              _("'%.*s' is read as one name with a comma in it"),
              STR_ARG(v->as.s));
    diag_hint(r->job->diags, _("for several names write %.*s: [one, two]"),
              STR_ARG(r->keys->names[key]));
}

void front_list(FrontReader *r, int key, Strs *out) {
    const Value *v = find(r, key);
    if (!v)
        return;
    const Value *items = v->kind == VALUE_LIST ? v->as.list.items : v;
    size_t n = v->kind == VALUE_LIST ? v->as.list.len : 1, len = 0;
    Str *list = ARENA_ARRAY(r->job->keep, Str, n);
    if (v->kind == VALUE_STR)
        warn_comma(r, key, v);
    for (size_t i = 0; i < n; i++) {
        if (items[i].kind != VALUE_STR) {
            wrong(r, key, &items[i], _("text or a list of texts"));
            return;
        }
        Str s = str_trim(items[i].as.s);
        if (s.len)
            list[len++] = s;
    }
    *out = (Strs){list, len};
}
