// Days of the lunar calendar in front matter. Only type_check.c uses it.
#ifndef LOA_PARSE_TYPE_LUNAR_H
#define LOA_PARSE_TYPE_LUNAR_H

#include "parse/type_kinds.h"

// The value in `map` (front matter as written) that the field's `lunar` names;
// NULL: there is none.
const Value *type_lunar_value(const KindCheck *k, const Value *map);

// The solar date of the lunar day `v`. False after a message.
bool type_lunar(const KindCheck *k, const Value *map, const Value *v,
                Value *out);

#endif
