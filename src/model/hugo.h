// Pages that were written for Hugo: what of its front matter loa has no use
// for is said, so that nothing is lost in silence. docs/hugo.md is the list.
#ifndef LOA_MODEL_HUGO_H
#define LOA_MODEL_HUGO_H

#include "model/front_get.h"
#include "model/page.h"

// Says that there is no such type, and which there are. Returns false.
bool hugo_unknown_type(const FrontReader *r, const TypeSet *types, Str name);

// Keys that do nothing here, another markup, Markdown where text is read.
// Clears r->ok for what cannot be published.
void hugo_check_page(FrontReader *r, const Draft *draft, const Page *p);

// Files below content/ that are in a bundle and therefore no pages. `is_twin`:
// there are an index.md and an _index.md in the folder.
void hugo_warn_in_bundle(Job *job, const Draft *draft, bool is_twin);

// Whether a file of layouts/ is one of loa's. A template of Hugo's is an error,
// another file than .html a note.
bool hugo_is_layout(Job *job, const Source *src);

// A file of data/ or i18n/ in a form that is not read.
void hugo_note_data(Job *job, const Source *src);

#endif
