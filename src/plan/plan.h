// Every file the site will have, before any is rendered. The list is complete:
// nothing later adds to it, so it can be counted, split over cores, compared
// with the last build and shown.
#ifndef LOA_PLAN_PLAN_H
#define LOA_PLAN_PLAN_H

#include "plan/reads.h"
#include "plan/redirects.h"
#include "plan/select.h"

typedef enum {
    OUT_PAGE,
    OUT_RSS,
    OUT_ATOM,
    OUT_JSONFEED,
    OUT_ICAL,
    OUT_SITEMAP,
    OUT_SITEMAP_INDEX,
    OUT_SITEMAP_NEWS,
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

// One address in a sitemap, or one file in the index of sitemaps.
typedef struct {
    Str path, url; // path: what they are sorted by
    const Page *page;
    Date lastmod;
} SitemapUrl;

typedef struct {
    SitemapUrl *items;
    size_t len;
} SitemapUrls;

typedef struct {
    OutputKind kind;
    bool is_first_wave; // needs no body-derived field of others
    Str path, url;
    const Page *page;       // whose output this is
    const Template *layout; // OUT_PAGE
    Hash layout_hash;       // with all it includes
    ClockUse clock;         // what of the clock it reads
    unsigned reads;         // READS_* of its layout
    Selection *selections;
    size_t nselections;
    const Pager *pager;
    Pages items;        // of a feed, a calendar, the sitemap of news
    Str title;          // of the feed of a choice; empty: the page's
    SitemapUrls urls;   // of a sitemap
    const Source *file; // OUT_COPY
    bool is_recorded;   // OUT_ALIAS from urls.tsv: gives way to all others
} Output;

typedef struct {
    Output *items; // sorted by path
    size_t len;
    size_t first_wave; // how many of them
    Clock clock;       // the site's, and what the plan asked of it
    bool *needs_body;  // by Page.index: a body rendered again in wave 2
    Redirects redirects;
} Plan;

// Two outputs on one path, case-folded, or a file where another needs a
// folder, are an error that names both.
bool plan_build(Job *job, const Site *site, const TemplateSet *layouts,
                Plan *out);
const char *plan_kind_name(OutputKind kind);

typedef enum { FEED_RSS, FEED_ATOM, FEED_JSON, FEED_NFORMATS } FeedFormat;

// Where the feed and the calendar of a page are, or {0} when it has none.
Str plan_feed_url(Arena *a, const Site *site, const Page *page,
                  FeedFormat format);
Str plan_ical_url(Arena *a, const Site *site, const Page *page);

// The feeds of `feeds: {by: [topics]}`: one for each value of the field, in
// the order of the types. {0}: the format is disabled.
typedef struct {
    Str field, value, label;
    uint8_t lang;
} ChoiceFeed;

typedef struct {
    ChoiceFeed *items;
    size_t len;
} ChoiceFeeds;

ChoiceFeeds plan_choice_feeds(Arena *a, const Site *site, uint8_t lang);
Str plan_choice_feed_url(Arena *a, const Site *site, const ChoiceFeed *feed,
                         FeedFormat format);

bool plan_has_news(const Site *site); // whether there is a sitemap of news

// The lead image of a page when it is a file of the site: only then is its
// size known. False: there is none.
typedef struct {
    Str url, type; // site path; "image/jpeg"
    int64_t size;
} Enclosure;

bool plan_enclosure(Arena *a, const Site *site, const Page *page,
                    Enclosure *out);

#endif
