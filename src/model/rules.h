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

// What exists for a time (rules_life.c): refs to a page that is not there on
// the day, a page that outlives the one above it, one that has ended without
// reason or successor.
void rules_lives(Builder *b);

// Posts that persons hold (posts.c): one that two hold at a time, a role that
// asks for a post today.
void rules_posts(Builder *b);

// The date in a field, or the `from` or `to` of a period there; may be unset.
Date rules_date(const Page *p, Str field, Str side);

#endif
