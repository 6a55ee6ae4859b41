#include "model/cascade.h"

#include "model/glob.h"

static bool complain(Job *job, const Source *src, const Value *v,
                     const char *want) {
    diag_error(job->diags, "E-CASCADE", source_pos(src, v->line, v->col),
               _("cascade must be %s"), want);
    diag_hint(job->diags,
              _("write cascade: {type: news}, or a list of such maps, each "
                "with target: {path: /tin-tuc/**} if it is for some pages"));
    return false;
}

// A place in another file would point anywhere in this one.
static void forget_places(Value *v) {
    v->line = v->col = 0;
    for (size_t i = 0; v->kind == VALUE_LIST && i < v->as.list.len; i++)
        forget_places(&v->as.list.items[i]);
    for (size_t i = 0; v->kind == VALUE_MAP && v->as.map && i < v->as.map->len;
         i++)
        forget_places(v->as.map->items[i].val);
}

static bool read_target(Job *job, const Source *src, const Value *v,
                        Cascade *out) {
    if (v->kind == VALUE_NULL)
        return true;
    if (v->kind != VALUE_MAP)
        return complain(job, src, v, _("a map whose target is a map"));
    for (size_t i = 0; v->as.map && i < v->as.map->len; i++) {
        const MapItem *item = &v->as.map->items[i];
        const Value *val = item->val;
        Str key = str_lower(job->keep, item->key);
        Str *to = str_eq(key, S("path"))          ? &out->path
                  : str_eq(key, S("kind"))        ? &out->kind
                  : str_eq(key, S("environment")) ? &out->environment
                  : str_eq(key, S("lang"))        ? &out->lang
                                                  : NULL;
        if (!to || val->kind != VALUE_STR)
            return complain(job, src, val,
                            _("a map whose target has only path, kind, lang "
                              "and environment, each a text"));
        *to = val->as.s;
    }
    return true;
}

static bool read_one(Job *job, const Source *src, const Value *v,
                     Cascade *out) {
    *out = (Cascade){.values = value_map(job->keep)};
    if (v->kind != VALUE_MAP)
        return complain(job, src, v, _("a map or a list of maps"));
    bool ok = true;
    for (size_t i = 0; v->as.map && i < v->as.map->len; i++) {
        const MapItem *item = &v->as.map->items[i];
        Str key = str_lower(job->keep, item->key);
        if (str_eq(key, S("target")) || str_eq(key, S("_target"))) {
            ok &= read_target(job, src, item->val, out);
            continue;
        }
        const Value *val = item->val;
        bool is_params = str_eq(key, S("params")) && val->kind != VALUE_NULL;
        if (is_params && val->kind != VALUE_MAP) {
            ok = complain(job, src, val, _("a map whose params is a map"));
            continue;
        }
        Value copy = value_copy(job->keep, val);
        forget_places(&copy);
        value_set(job->keep, &out->values, key, copy);
    }
    return ok;
}

bool cascade_read(Job *job, const Source *src, const Value *v, Cascades *out) {
    const Value *items = v->kind == VALUE_LIST ? v->as.list.items : v;
    size_t n = v->kind == VALUE_LIST ? v->as.list.len : 1;
    *out = (Cascades){0};
    if (v->kind == VALUE_NULL)
        return true;
    out->items = ARENA_ARRAY(job->keep, Cascade, n);
    bool ok = true;
    for (size_t i = 0; i < n; i++)
        if (read_one(job, src, &items[i], &out->items[out->len]))
            out->len++;
        else
            ok = false;
    return ok;
}

// Patterns are written with a slash in front or without.
static bool is_path(Str pattern, Str path) {
    char with_slash[1100];
    if (glob_match(pattern, path))
        return true;
    if (path.len + 1 > sizeof with_slash)
        return false;
    with_slash[0] = '/';
    for (size_t i = 0; i < path.len; i++)
        with_slash[i + 1] = path.ptr[i];
    return glob_match(pattern, (Str){with_slash, path.len + 1});
}

bool cascade_applies(const Cascade *c, const CascadeTarget *to) {
    return (!c->kind.len || glob_match(c->kind, to->kind)) &&
           (!c->lang.len || glob_match(c->lang, to->lang)) &&
           (!c->environment.len ||
            glob_match(c->environment, to->cfg->environment)) &&
           (!c->path.len || is_path(c->path, to->path));
}

void cascade_fill(Arena *a, const Value *values, Value *into) {
    for (size_t i = 0; values->as.map && i < values->as.map->len; i++) {
        const MapItem *item = &values->as.map->items[i];
        const Value *have = value_get(into, item->key), *val = item->val;
        if (!have)
            value_set(a, into, item->key, *val);
        else if (str_eq(item->key, S("params")) && have->kind == VALUE_MAP &&
                 val->kind == VALUE_MAP) {
            Value merged = value_copy(a, have);
            cascade_fill(a, val, &merged);
            value_set(a, into, item->key, merged);
        }
    }
}
