// The languages of a site, from `languages` of loa.yaml.

#include <stdlib.h>
#include <string.h>

#include "model/config.h"
#include "model/config_get.h"

// --- checking

static bool is_language(Str key) {
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        bool is_letter = c >= 'a' && c <= 'z';
        if (!is_letter && (i < 2 || !((c >= '0' && c <= '9') || c == '-')))
            return false;
    }
    return key.len >= 2 && key.len <= 35;
}

static bool check_language_key(const Layer *l, const MapItem *item) {
    static const Str texts[] = {
        S_INIT("label"),     S_INIT("languagename"),
        S_INIT("locale"),    S_INIT("languagecode"),
        S_INIT("title"),     S_INIT("copyright"),
        S_INIT("direction"), S_INIT("languagedirection")};
    static const Str maps[] = {S_INIT("params"), S_INIT("menus"),
                               S_INIT("menu")};
    const Value *v = item->val;
    Str text;
    int64_t n;
    bool b;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (str_eq(texts[i], item->key))
            return config_text(l, item->key, v, &text);
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        if (str_eq(maps[i], item->key))
            return v->kind == VALUE_MAP || v->kind == VALUE_NULL ||
                   config_wrong(l, item->key, v, _("a map"));
    if (str_eq(item->key, S("weight")))
        return config_count(l, item->key, v, &n);
    if (str_eq(item->key, S("disabled")))
        return config_bool(l, item->key, v, &b);
    diag_error(l->job->diags, "E-CONFIG-KEY", config_at(l, v),
               _("'%.*s' is not a setting of a language"), STR_ARG(item->key));
    diag_hint(l->job->diags,
              _("a language has label, locale, title, weight, params, menus "
                "and disabled; its files are those that end in .en.md"));
    return false;
}

static bool check_language(const Layer *l, Str key, const Value *v) {
    if (!is_language(key))
        return config_wrong(l, S("languages"), v,
                            _("a map from languages such as en"));
    if (v->kind != VALUE_MAP && v->kind != VALUE_NULL)
        return config_wrong(l, key, v, _("a map"));
    bool ok = true;
    for (size_t i = 0; v->kind == VALUE_MAP && v->as.map && i < v->as.map->len;
         i++)
        ok &= check_language_key(l, &v->as.map->items[i]);
    return ok;
}

bool config_languages(const Layer *l, Str key, const Value *v, Value *into) {
    enum { MAX_LANGUAGES = 32 };
    if (v->kind != VALUE_MAP && v->kind != VALUE_NULL)
        return config_wrong(l, key, v, _("a map from languages such as en"));
    bool ok = true;
    for (size_t i = 0; v->kind == VALUE_MAP && v->as.map && i < v->as.map->len;
         i++)
        ok &=
            check_language(l, v->as.map->items[i].key, v->as.map->items[i].val);
    ok = ok && config_merge(l, key, v, into);
    if (ok && into->as.map->len > MAX_LANGUAGES)
        return config_wrong(l, key, v, _("at most 32 languages"));
    return ok;
}

// --- settling

// Every map of `over` lies over the one in `into`.
static void lay_over(Arena *a, const Value *over, Value *into) {
    if (!over || over->kind != VALUE_MAP || !over->as.map)
        return;
    for (size_t i = 0; i < over->as.map->len; i++) {
        const MapItem *item = &over->as.map->items[i];
        const Value *val = item->val;
        Value *old = map_get(into->as.map, item->key);
        if (old && old->kind == VALUE_MAP && val->kind == VALUE_MAP)
            lay_over(a, val, old);
        else
            value_set(a, into, item->key, value_copy(a, val));
    }
}

static void take_text(const Value *v, Str key, Str *out) {
    Str s = value_get_str(v, key);
    if (s.len)
        *out = s;
}

static void take_number(const Value *v, Str key, int64_t *out) {
    const Value *n = value_get(v, key);
    if (n && n->kind == VALUE_STR)
        str_to_int(n->as.s, out);
}

static const Value *menus_of(const Value *v) {
    const Value *menus = value_get(v, S("menus"));
    return menus ? menus : value_get(v, S("menu"));
}

static Language make_language(Arena *a, const Config *cfg, Str key) {
    const Value *said = value_get(&cfg->languages_said, key);
    const Value *more = value_get(&cfg->languages_more, key);
    bool is_main = str_eq(key, cfg->lang);
    Language out = {.key = key,
                    .label = key,
                    .locale = is_main ? cfg->locale : key,
                    .title = cfg->title,
                    .copyright = cfg->copyright,
                    .direction = S("ltr"),
                    .weight = INT64_MAX};
    take_text(said, S("languagename"), &out.label);
    take_text(said, S("label"), &out.label);
    take_text(said, S("languagecode"), &out.locale);
    take_text(said, S("locale"), &out.locale);
    take_text(said, S("languagedirection"), &out.direction);
    take_text(said, S("direction"), &out.direction);
    take_text(said, S("title"), &out.title);
    take_text(said, S("copyright"), &out.copyright);
    take_number(said, S("weight"), &out.weight);
    const Value *off = value_get(said, S("disabled"));
    if (off)
        value_to_bool(off, &out.is_disabled);
    const Value *params = value_get(said, S("params"));
    Value plain = params ? value_resolve_plain(a, params) : (Value){0};
    out.params = value_copy(a, &cfg->params);
    lay_over(a, &plain, &out.params);
    params = value_get(more, S("params"));
    plain = params ? value_resolve_plain(a, params) : (Value){0};
    lay_over(a, &plain, &out.params);
    out.menus = is_main ? value_copy(a, &cfg->menus) : value_map(a);
    lay_over(a, menus_of(said), &out.menus);
    lay_over(a, menus_of(more), &out.menus);
    return out;
}

static int by_weight(const void *a, const void *b) {
    const Language *x = a, *y = b;
    int c = (x->weight > y->weight) - (x->weight < y->weight);
    return c ? c : str_cmp(x->key, y->key);
}

// `locale: pt-BR` is the language pt-br when there is one, else pt.
static void settle_default(Job *job, Config *cfg) {
    Str whole = str_lower(job->keep, cfg->locale);
    if (value_get(&cfg->languages_said, whole))
        cfg->lang = whole;
}

void config_set_languages(Job *job, Config *cfg) {
    const Map *said = cfg->languages_said.as.map;
    size_t n = said ? said->len : 0;
    settle_default(job, cfg);
    cfg->languages = ARENA_ARRAY(job->keep, Language, n + 1);
    cfg->languages[0] = make_language(job->keep, cfg, cfg->lang);
    cfg->nlanguages = 1;
    for (size_t i = 0; i < n; i++)
        if (!str_eq(said->items[i].key, cfg->lang))
            cfg->languages[cfg->nlanguages++] =
                make_language(job->keep, cfg, said->items[i].key);
    qsort(cfg->languages + 1, cfg->nlanguages - 1, sizeof *cfg->languages,
          by_weight);
    const Language *main = &cfg->languages[0];
    cfg->title = main->title;
    cfg->locale = main->locale;
    cfg->copyright = main->copyright;
    cfg->params = main->params;
    cfg->menus = main->menus;
}

const Language *config_language(const Config *cfg, size_t at) {
    return &cfg->languages[at < cfg->nlanguages ? at : 0];
}

static bool has_suffix(Str stem, Str lang) {
    return stem.len > lang.len + 1 && str_ends(stem, lang) &&
           stem.ptr[stem.len - lang.len - 1] == '.';
}

Str config_split_language(const Config *cfg, Str stem, uint8_t *lang) {
    *lang = 0;
    for (size_t i = 1; i < cfg->nlanguages; i++)
        if (has_suffix(stem, cfg->languages[i].key)) {
            *lang = (uint8_t)i;
            stem.len -= cfg->languages[i].key.len + 1;
            return stem;
        }
    if (has_suffix(stem, cfg->lang))
        stem.len -= cfg->lang.len + 1;
    return stem;
}
