// Structured data for search engines (schema.org, JSON-LD), from what the
// page's type says: `schema_org` is the class, the fields fill it.
#ifndef LOA_RENDER_JSONLD_H
#define LOA_RENDER_JSONLD_H

#include "render/world.h"

// A list of objects as one JSON text that may stand inside <script>: < > & and
// U+2028, U+2029 are \u escapes. Empty for pages that have none (404).
Str jsonld_page(Job *job, const World *w, const Page *page);

#endif
