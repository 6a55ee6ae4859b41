// Cards: all that an output may see of another page (docs/theme.md).
#ifndef LOA_RENDER_CARD_H
#define LOA_RENDER_CARD_H

#include "render/world.h"

Value card_value(const World *w, const Page *page, CardLevel level);
Value card_list(Arena *a, const World *w, const Pages *pages, CardLevel level);

// Whether every card has this key, whatever the type.
bool card_has_key(Str key);

// A card that also has `content`.
Value card_with_body(Arena *a, const World *w, const Page *page, Str html);

// A typed field as templates see it: refs as cards of this level.
// `from`: the page whose field it is; a unit has the name of that page's day.
Value card_field(Arena *a, const World *w, const Value *v, CardLevel level,
                 const Page *from);

// What the choices of a page are called, by field: the card's fields, or all
// when the page is the output's own.
Value card_labels(Arena *a, const World *w, const Page *page, bool is_own);

// `params` of a page: those of its front matter (its own output's only), and
// the fields whose names loa itself has taken: params.kind.
Value card_params(Arena *a, const World *w, const Page *page,
                  bool (*is_taken)(Str key));

// The lead image of a page, or null.
Value card_image(Arena *a, const World *w, const Page *page);

// Label of a page's type in the page's language.
Str card_type_label(const World *w, const Page *page);

// sapo, else the excerpt.
Str card_summary(const World *w, const Page *page);

#endif
