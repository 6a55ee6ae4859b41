// The site as a template sees it: the only door from a template to the model.
#ifndef LOA_RENDER_VIEW_H
#define LOA_RENDER_VIEW_H

#include "render/world.h"

typedef struct {
    Job *job;
    const World *world;
    const Output *out;
    Str html; // the body of out->page
} View;

// The root variables of one output, in job->scratch.
Value view_globals(View *view);

// An address of the site, below the path of its base; nil for none.
Value view_url(Arena *a, const View *v, Str url);

// `site` and `clock`, made once; and what filters ask.
void view_init(Job *job, World *w);

#endif
