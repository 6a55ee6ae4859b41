// Values of structured data: dates, addresses, people, places. Only jsonld.c
// uses it.
#ifndef LOA_RENDER_JSONLD_PART_H
#define LOA_RENDER_JSONLD_PART_H

#include "render/world.h"

typedef struct {
    Job *job;
    const World *world;
    const Page *page;
} Ld;

// Sets a key, unless the value is empty.
void ld_set(const Ld *l, Value *map, const char *key, Value v);
Value ld_object(const Ld *l, const char *class); // {"@type": class}
Value ld_absolute(const Ld *l, Str path);        // null without a path
// What stands in href already: encoded, with the path of baseURL.
Value ld_href(const Ld *l, Str href);

// As precise as it was written: 2026-12-05 or 2026-12-05T08:00:00+07:00.
Value ld_date(const Ld *l, Date d);
Value ld_instant(const Ld *l, Date d); // always with time and zone

const Value *ld_field(const Ld *l, const char *name); // never internal; or NULL
Value ld_text(const Ld *l, const char *name); // also of Markdown, without marks
Value ld_from(const Ld *l, const char *name); // a date, or a period's start

const Language *ld_language(const Ld *l); // of the page

// {"@type", "name", "url"} of a page; null for a value that is no page.
Value ld_stub(const Ld *l, const Page *page, const char *class);
Value ld_publisher(const Ld *l);
// Of the piece: its unit, else the publisher.
Value ld_unit(const Ld *l);
Value ld_authors(const Ld *l);
Value ld_images(const Ld *l); // absolute addresses
Value ld_place(const Ld *l);

// {"@type": "Question"}
Value ld_question(const Ld *l, Str question, Str answer);

#endif
