// Interface texts and data files: merged key by key, the project's first.

#include "model/builder.h"
#include "model/hugo.h"
#include "parse/yaml.h"

static void add_texts(Edition *e, const Value *v) {
    for (size_t i = 0; v->kind == VALUE_MAP && v->as.map && i < v->as.map->len;
         i++)
        map_add(&e->i18n, v->as.map->items[i].key, v->as.map->items[i].val);
}

static void add_missing(Arena *a, const Value *from, Value *into) {
    for (size_t i = 0;
         from->kind == VALUE_MAP && from->as.map && i < from->as.map->len;
         i++) {
        const MapItem *item = &from->as.map->items[i];
        Value *have = map_get(into->as.map, item->key);
        if (!have)
            value_set(a, into, item->key, *(const Value *)item->val);
        else if (have->kind == VALUE_MAP)
            add_missing(a, item->val, have);
    }
}

// data/a/b.yaml stands at data.a.b.
static void add_data(Builder *b, const Source *src, Value v) {
    Arena *a = b->job->keep;
    v = value_resolve_plain(a, &v);
    Str path = src->rel;
    path.len -= path_ext(path).len + 1;
    while (path.len) {
        Value outer = value_map(a);
        value_set(a, &outer, path_base(path), v);
        v = outer;
        path = path_dir(path);
    }
    add_missing(a, &v, &b->site->data);
}

static bool is_yaml(Str rel) {
    Str ext = path_ext(rel);
    return str_eq(ext, S("yaml")) || str_eq(ext, S("yml")) ||
           str_eq(ext, S("json"));
}

static Edition *edition_of(Builder *b, Str rel) {
    Str stem = path_stem(rel);
    for (size_t i = 0; i < b->in->cfg->nlanguages; i++)
        if (str_eq(b->site->editions[i].language->key, stem))
            return &b->site->editions[i];
    return NULL;
}

void i18n_build(Builder *b) {
    const SourceSet *set = b->in->sources;
    b->site->data = value_map(b->job->keep);
    for (size_t i = set->first[SOURCE_I18N]; i < set->first[SOURCE_DATA + 1];
         i++) {
        const Source *src = &set->items[i];
        bool is_text = src->kind == SOURCE_I18N;
        Edition *edition = is_text ? edition_of(b, src->rel) : NULL;
        Value v;
        if (!is_yaml(src->rel))
            hugo_note_data(b->job, src);
        if (!is_yaml(src->rel) || (is_text && !edition))
            continue;
        if (!yaml_to_value(b->job, src, src->text, 1, YAML_DATA, &v))
            b->ok = false;
        else if (is_text)
            add_texts(edition, &v);
        else
            add_data(b, src, v);
        if (!is_text && str_eq(path_stem(src->rel), S("anniversaries")))
            anniversaries_read(b, src, &v);
    }
}
