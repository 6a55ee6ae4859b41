// JSON in and out. The only file that knows jansson.
#ifndef LOA_BASE_JSON_H
#define LOA_BASE_JSON_H

#include "base/job.h"
#include "base/value.h"

// Parses one JSON text into `arena`; object order is kept. The error names
// path, line and column.
bool json_parse(Job *job, Arena *arena, Str path, Str text, Value *out);

// Compact when indent is 0. Dates as RFC 3339; objects and refs as null.
void json_write(Buf *out, const Value *v, int indent);

#endif
