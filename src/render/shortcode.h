// Shortcodes of a site: each a Liquid template, layouts/shortcodes/NAME.html
// or layouts/_shortcodes/NAME.html (docs/shortcodes.md says what it sees).
// Markdown knows nothing of it: it asks through Shortcodes.
#ifndef LOA_RENDER_SHORTCODE_H
#define LOA_RENDER_SHORTCODE_H

#include "render/world.h"

// For one body. What links and images of the text become, so do the addresses
// that templates ask for: `resolve` is the same as the text's.
typedef struct {
    const World *world;
    const Page *page;
    LinkResolver *resolve;
    void *resolve_ctx;
    bool was_called; // set when the body has a shortcode
} ShortcodeCtx;

// `ctx` is to live as long as the result is used.
Shortcodes shortcode_set(ShortcodeCtx *ctx);

// A ShortcodeRenderer: `ctx` is a ShortcodeCtx.
bool shortcode_render(Job *job, void *ctx, const ShortcodeCall *call,
                      Str *html);

// What pages[key] is to a shortcode of `from`; nil: nothing.
Value shortcode_page(Job *job, const World *w, const Page *from, Str key);

#endif
