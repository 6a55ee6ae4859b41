// Front matter and the body after it.
#ifndef LOA_PARSE_FRONT_H
#define LOA_PARSE_FRONT_H

#include "base/value.h"
#include "read/source.h"

typedef struct {
    Value meta; // always a map; top-level keys in lower case
    Str body;   // a slice of src->text
    uint32_t body_line;
} Front;

// `---` or JSON's `{`. TOML and Org are errors that say how to convert. A
// missing closing `---` is an error at the opening one. No front matter at all
// is an empty map. Also used for layouts.
bool front_parse(Job *job, const Source *src, Front *out);

#endif
