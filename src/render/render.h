// One output to its bytes. Pure: it reads the World and writes only to `bytes`,
// so all outputs can be rendered at once. OUT_COPY is not rendered.
#ifndef LOA_RENDER_RENDER_H
#define LOA_RENDER_RENDER_H

#include "render/world.h"

// First wave: the body is rendered here and its facts are stored for the page.
// Bytes lie in job->scratch.
bool render_output(Job *job, World *w, const Output *out, Str *bytes);

// The facts of a page whose own output comes in the second wave.
bool render_facts(Job *job, World *w, const Page *page);

#endif
