// The keys of loa.yaml, one function each, in one table. Only config.c uses it.
#ifndef LOA_MODEL_CONFIG_KEYS_H
#define LOA_MODEL_CONFIG_KEYS_H

#include "model/config.h"

// Applies one layer: a map with keys in lower case.
bool config_apply(Job *job, const Source *src, const Value *map, Config *cfg);

// What a file such as params.en.yaml says: {en: {params: ...}}.
bool config_apply_language(Job *job, const Source *src, const Value *map,
                           Config *cfg);

bool config_key_is_known(Str lower);
Str config_key_nearest(Str lower); // {0}: none is like it

// Variables that begin with LOA but are not settings.
bool config_is_reserved_variable(Str name);

#endif
