// What a type demands of several fields together.
#ifndef LOA_PARSE_TYPE_RULES_H
#define LOA_PARSE_TYPE_RULES_H

#include "parse/type.h"

// `distinct` and `ordered` of a many map whose items are typed already. False
// with a diagnostic.
bool type_rules_items(Job *job, const Source *src, const Field *f,
                      const Value *list);

// `rules` of the type, on the typed map of a complete piece.
bool type_rules_check(Job *job, const Source *src, const Type *type,
                      const Value *typed);

#endif
