// group_by and counts_by: a list cut by year, month or a field.
#ifndef LOA_PLAN_GROUP_H
#define LOA_PLAN_GROUP_H

#include "plan/select.h"

// Groups in the order of their first piece, items in the order of the list. A
// piece whose field has several values stands in each of their groups. Results
// lie in job->keep. `page` may be NULL.
void group_pages(Job *job, const Site *site, const Select *s, const Page *page,
                 uint8_t lang, Pages pages, Selection *out);

// The value of a field or of a core key that conditions and groups may name,
// or NULL; *made is room for one that is computed.
const Value *group_field(const Page *p, Str name, Value *made);

// The terms of a piece, when `name` is a taxonomy; else NULL.
const Pages *group_terms(const Site *site, const Page *p, Str name);

// What a choice is called in a language of the site; the value itself when the
// type gives no label.
Str group_label(const Site *site, uint8_t lang, const Field *f, Str value);

#endif
