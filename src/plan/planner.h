// The list of outputs while it is made. Only plan/ uses it.
#ifndef LOA_PLAN_PLANNER_H
#define LOA_PLAN_PLANNER_H

#include "plan/layout.h"
#include "plan/plan.h"

typedef struct {
    Job *job;
    const Site *site;
    Layouts layouts;
    Clock clock; // of the site, and what the plan asks
    Output *items;
    size_t len, cap;
    bool *needs_body;
    bool is_off[PAGE_NKINDS]; // disableKinds
    bool ok;
} Planner;

// Sets its path; what it gives is good until the next is added.
Output *planner_add(Planner *p, const Output *out);

// Feeds of one page, and those of `feeds: {by: ...}`.
void planner_feeds(Planner *p, const Page *page);
void planner_choice_feeds(Planner *p);

// After all pages are in the list.
void planner_sitemaps(Planner *p);

// When all is in the list: sorts it by path, and checks that nothing is in the
// way of another.
void planner_paths(Planner *p);

// Then: sitemap.xml lists its addresses in that order.
void planner_fill_sitemap(Planner *p);

#endif
