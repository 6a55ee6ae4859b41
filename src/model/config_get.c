#include "model/config_get.h"

Pos config_at(const Layer *l, const Value *v) {
    return source_pos(l->src, v->line, v->col);
}

bool config_wrong(const Layer *l, Str key, const Value *v, const char *want) {
    return diag_error(l->job->diags, "E-CONFIG", config_at(l, v),
                      _("%.*s must be %s"), STR_ARG(key), want);
}

bool config_text(const Layer *l, Str key, const Value *v, Str *out) {
    if (v->kind == VALUE_NULL) {
        *out = (Str){0};
        return true;
    }
    if (v->kind != VALUE_STR)
        return config_wrong(l, key, v, _("text"));
    *out = v->as.s;
    return true;
}

bool config_bool(const Layer *l, Str key, const Value *v, bool *out) {
    return value_to_bool(v, out) || config_wrong(l, key, v, _("true or false"));
}

bool config_count(const Layer *l, Str key, const Value *v, int64_t *out) {
    int64_t n;
    if (v->kind != VALUE_STR || !str_to_int(v->as.s, &n) || n < 0 ||
        n > CONFIG_MAX)
        return config_wrong(l, key, v, _("a whole number"));
    *out = n;
    return true;
}

// A text is a list of one.
bool config_list(const Layer *l, Str key, const Value *v, Strs *out) {
    const Value *items = v->kind == VALUE_LIST ? v->as.list.items : v;
    size_t n = v->kind == VALUE_LIST ? v->as.list.len : 1;
    if (v->kind == VALUE_NULL)
        n = 0;
    Str *list = ARENA_ARRAY(l->job->keep, Str, n);
    for (size_t i = 0; i < n; i++)
        if (!config_text(l, key, &items[i], &list[i]))
            return false;
    *out = (Strs){list, n};
    return true;
}

bool config_folder(const Layer *l, Str key, const Value *v, Str *out) {
    Str s;
    if (!config_text(l, key, v, &s))
        return false;
    while (str_ends(s, S("/")))
        s.len--;
    if (!path_is_safe(s))
        return config_wrong(l, key, v, _("a folder below the site's root"));
    *out = s;
    return true;
}

bool config_merge(const Layer *l, Str key, const Value *v, Value *into) {
    if (v->kind == VALUE_NULL)
        return true;
    if (v->kind != VALUE_MAP)
        return config_wrong(l, key, v, _("a map"));
    for (size_t i = 0; v->as.map && i < v->as.map->len; i++) {
        const MapItem *item = &v->as.map->items[i];
        const Value *val = item->val;
        Value *old = (Value *)map_get(into->as.map, item->key);
        if (old && old->kind == VALUE_MAP && val->kind == VALUE_MAP)
            config_merge(l, key, val, old);
        else if (val->kind != VALUE_NULL || !old) // `main:` alone adds nothing
            value_set(l->job->keep, into, item->key,
                      value_copy(l->job->keep, val));
    }
    return true;
}
