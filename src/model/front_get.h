// Reading single keys of front matter, with messages at their place. A key is
// given by its number.
#ifndef LOA_MODEL_FRONT_GET_H
#define LOA_MODEL_FRONT_GET_H

#include "model/front_keys.h"

typedef struct {
    Job *job;
    const Source *src;
    const Value *meta; // keys in lower case
    int16_t zone;
    bool ok; // false after the first error
    const FrontKeys *keys;
    const Value **at;        // by number; NULL: it is not there
    const uint16_t *numbers; // by item of meta; KEY_NONE: nobody reads it
} FrontReader;

// Lives as long as job->scratch.
FrontReader front_begin(Job *job, const Config *cfg, const Source *src,
                        const Value *meta);

// Each leaves *out alone when the key is absent or null.
void front_text(FrontReader *r, int key, Str *out);
void front_bool(FrontReader *r, int key, bool *out);
void front_int(FrontReader *r, int key, int64_t *out);
void front_date(FrontReader *r, int key, Date *out);
// One text or a list of texts.
void front_list(FrontReader *r, int key, Strs *out);

Pos front_pos(const FrontReader *r, const Value *v);

#endif
