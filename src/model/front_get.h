// Reading single keys of front matter, with messages at their place.
#ifndef LOA_MODEL_FRONT_GET_H
#define LOA_MODEL_FRONT_GET_H

#include "base/value.h"
#include "read/source.h"

typedef struct {
    Job *job;
    const Source *src;
    const Value *meta;
    int16_t zone;
    bool ok; // false after the first error
} FrontReader;

// Each leaves *out alone when the key is absent or null.
void front_text(FrontReader *r, Str key, Str *out);
void front_bool(FrontReader *r, Str key, bool *out);
void front_int(FrontReader *r, Str key, int64_t *out);
void front_date(FrontReader *r, Str key, Date *out);
// One text or a list of texts.
void front_list(FrontReader *r, Str key, Strs *out);

Pos front_pos(const FrontReader *r, const Value *v);

#endif
