// Rules of types over the whole site. Only site.c uses it.
#ifndef LOA_MODEL_RULES_H
#define LOA_MODEL_RULES_H

#include "model/builder.h"

// Whether `public_when` of its type lets the page be published.
bool rules_is_public(const Page *p);

// Drops the items and fields that are not there at this instant; after the
// phase is known.
void rules_time(Builder *b, Page *p);

// After refs are resolved: inverse fields, lineage, circles, validity on
// dates, uniqueness, documents by number, force.
void rules_build(Builder *b);

// Whether a page whose type has `valid` exists at this instant.
bool rules_is_valid(const Page *p, Date at);

#endif
