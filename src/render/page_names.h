// Pages by the name of their file alone, as Hugo's ref finds them: "bai" or
// "bai.md" for tin/bai.md, "bai" for tin/bai/index.md.
#ifndef LOA_RENDER_PAGE_NAMES_H
#define LOA_RENDER_PAGE_NAMES_H

#include "base/map.h"

typedef struct PageNames PageNames;

// `files`: rel of a content file -> its page. Nothing is done before the first
// question: few sites ask.
PageNames *page_names_new(Arena *a, const Map *files);

// The rel of the only file with that name; empty: there is none, or several.
// From any thread.
Str page_names_find(PageNames *names, Str name);

#endif
