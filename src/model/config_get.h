// Reading single values of loa.yaml, with messages at their place. Only the
// files config_*.c use it.
#ifndef LOA_MODEL_CONFIG_GET_H
#define LOA_MODEL_CONFIG_GET_H

#include "model/config.h"

enum { CONFIG_MAX = 1000000 }; // the largest number a setting may be

// What one file, folder or variable sets.
typedef struct {
    Job *job;
    const Source *src;
    Config *cfg;
} Layer;

Pos config_at(const Layer *l, const Value *v);
// "KEY must be WANT". Returns false.
bool config_wrong(const Layer *l, Str key, const Value *v, const char *want);

bool config_text(const Layer *l, Str key, const Value *v, Str *out);
bool config_bool(const Layer *l, Str key, const Value *v, bool *out);
bool config_count(const Layer *l, Str key, const Value *v, int64_t *out);
// A text is a list of one.
bool config_list(const Layer *l, Str key, const Value *v, Strs *out);
// A folder below the site's root.
bool config_folder(const Layer *l, Str key, const Value *v, Str *out);
// Lays the maps of `v` over those of `into`.
bool config_merge(const Layer *l, Str key, const Value *v, Value *into);
// Of Hugo's settings, those that do nothing here, and those keys of the others
// that do nothing: in config_hugo.c.
void config_say_ignored(const Layer *l, Str key, const Value *v);
void config_say_rest(const Layer *l, Str key, const Value *v);
// What is said of languages, checked, into a map of them.
bool config_languages(const Layer *l, Str key, const Value *v, Value *into);
// What stands under `markup`.
bool config_markup(const Layer *l, Str key, const Value *v);

#endif
