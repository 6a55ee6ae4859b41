// What every output may read: the site, the plan, and the facts of bodies.
#ifndef LOA_RENDER_WORLD_H
#define LOA_RENDER_WORLD_H

#include "plan/plan.h"
#include "render/eval.h"
#include "render/markdown.h"
#include "render/page_names.h"

// A link to a heading, checked when the facts of all pages are known.
typedef struct {
    const Page *target; // one with a url
    Str fragment;
    uint32_t line, col;
} LinkUse;

// What a body says, beside its HTML.
typedef struct {
    Str excerpt;
    Heading *headings;
    size_t nheadings;
    LinkUse *links;
    size_t nlinks;
    size_t words;
    size_t nasked;       // questions of the body, in the trace of its job
    bool has_shortcodes; // which may read the page's front matter
    bool is_known;
} Facts;

typedef enum {
    CARD_FULL,  // with what the body says
    CARD_PLAIN, // front matter only: prev, next, related
    CARD_STUB,  // id, title, short, url
    CARD_NLEVELS,
} CardLevel;

typedef struct World World;

typedef struct {
    const World *world;
    const Page *page;
    CardLevel level;
} Card;

struct World {
    const Site *site;
    const Plan *plan;
    const TemplateSet *layouts;
    Facts *facts;              // by Page.index
    Card *cards[CARD_NLEVELS]; // by Page.index
    Value clock;
    // By language.
    Value *site_values;
    EvalHost *hosts;
    EvalMemo *memo;
    PageNames *names;
};

// What `ctx` of a host is.
typedef struct {
    const World *world;
    uint8_t lang;
} HostView;

// Fills everything but facts, which start empty.
void world_init(Job *job, const Site *site, const Plan *plan,
                const TemplateSet *layouts, World *out);

#endif
