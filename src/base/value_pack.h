// A Value as bytes and back: every kind that is data, with where it was
// written. Not references, objects and Liquid's own literals: they are nil.
#ifndef LOA_BASE_VALUE_PACK_H
#define LOA_BASE_VALUE_PACK_H

#include "base/pack.h"
#include "base/value.h"

void value_pack(Buf *b, const Value *v);

// Lists and maps lie in `a`, texts where the bytes are. What does not fit sets
// u->is_bad.
Value value_unpack(Arena *a, Unpack *u);

#endif
