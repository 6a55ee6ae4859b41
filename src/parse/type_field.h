// One field of a type file, from its map to a Field.
#ifndef LOA_PARSE_TYPE_FIELD_H
#define LOA_PARSE_TYPE_FIELD_H

#include "parse/type.h"

typedef struct {
    Job *job;
    const Source *src;    // the type file
    const Fields *shared; // a field without `kind` takes it from here; may be
                          // NULL
    unsigned depth;       // of maps in maps
} FieldReader;

// The map below `fields:`.
bool fields_read(const FieldReader *r, const Value *map, Fields *out);

// A field with `like`, now that `other` is known: that one, and on top of it
// what the field says itself.
bool field_complete(const FieldReader *r, const Field *other, Field *f);

// For the keys of type files: at the key, with the nearest of `known`.
bool type_unknown_key(Job *job, const Source *src, Str key, const Value *v,
                      Strs known);
// "E-TYPE-FILE" at a value of a type file, with a hint where to read on.
bool type_file_error(Job *job, const Source *src, const Value *v,
                     const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
bool type_read_bool(Job *job, const Source *src, const Value *v, bool *out);
bool type_read_text(Job *job, const Source *src, const Value *v, Str *out);

#endif
