// Bodies: Markdown with its links resolved against the site.
#ifndef LOA_RENDER_BODY_H
#define LOA_RENDER_BODY_H

#include "render/world.h"

// Renders the body of a page; html lies in job->scratch. With `facts` (first
// time) fills them into job->keep and complains about links; without, renders
// again in silence. `is_absolute`: every address with scheme and host, for
// feeds. The text of page->src has to be loaded.
bool body_render(Job *job, const World *w, const Page *page, bool is_absolute,
                 Facts *facts, Str *html);

// A field of `page` that is Markdown. Its messages stand where the field does.
bool body_render_field(Job *job, const World *w, const Page *page,
                       const Value *field, Str *html);

// Any other text of Markdown, its links as from `page`.
bool body_render_text(Job *job, const World *w, const Page *page, Str text,
                      bool is_inline, Str *html);

// Where a link or image of `from` leads, asked outside of a text.
LinkResult body_link(Job *job, const World *w, const Page *from, Str href,
                     bool is_image);

// What the number of a document in a text of `from` becomes; `asked` is as in
// ASK_NUMBER.
bool body_number(Job *job, const World *w, const Page *from, Str asked,
                 NumberLink *out);

// Every link to a heading leads to one. After the facts of all are known.
bool body_check_fragments(Job *job, const World *w);

#endif
