// Every file the site will have, before any is rendered. The list is complete:
// nothing later adds to it, so it can be counted, split over cores, compared
// with the last build and shown.
#ifndef LOA_PLAN_PLAN_H
#define LOA_PLAN_PLAN_H

#include "plan/select.h"

typedef enum {
    OUT_PAGE,
    OUT_RSS,
    OUT_ICAL,
    OUT_SITEMAP,
    OUT_ROBOTS,
    OUT_ALIAS,
    OUT_COPY,
    OUT_NKINDS,
} OutputKind;

// One page of a numbered list. The head shows the newest per_page to twice
// that less one; page N holds the N-th per_page pieces from the oldest and so
// never changes.
typedef struct {
    size_t number;          // 0: the head
    size_t total;           // numbered pages beside the head
    size_t count;           // pieces in all
    Str newer, older, head; // site paths; empty: there is none
} Pager;

typedef struct {
    OutputKind kind;
    bool is_first_wave; // needs no body-derived field of others
    Str path, url;
    const Page *page;       // whose output this is
    const Template *layout; // OUT_PAGE
    Selection *selections;
    size_t nselections;
    const Pager *pager;
    Pages items;        // of a feed or calendar
    const Source *file; // OUT_COPY
    Hash fingerprint;
} Output;

typedef struct {
    Output *items; // sorted by path
    size_t len;
    size_t first_wave; // how many of them
    Hash site_hash;
    bool *needs_body; // by Page.index: a body rendered again in wave 2
} Plan;

// Two outputs on one path, case-folded, or a file where another needs a
// folder, are an error that names both.
bool plan_build(Job *job, const Site *site, const TemplateSet *layouts,
                Plan *out);
const char *plan_kind_name(OutputKind kind);

// Where the feed and the calendar of a page are, or {0} when it has none.
Str plan_feed_url(Arena *a, const Site *site, const Page *page);
Str plan_ical_url(Arena *a, const Site *site, const Page *page);

#endif
