// What each key of a type file says, for type.c. Names of fields are taken as
// they are written: whether there are such fields is known when all is read.
#ifndef LOA_PARSE_TYPE_KEYS_H
#define LOA_PARSE_TYPE_KEYS_H

#include "parse/type.h"

typedef struct {
    Job *job;
    const Source *src;
    const Fields *shared;
} TypeReader;

// Sets what `key` of the file is about. False after an error.
bool type_set_key(const TypeReader *r, Str key, const Value *v, Type *t);

#endif
