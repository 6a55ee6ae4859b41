// The instant of the build, and what is asked of it. Every comparison of the
// model and the plan with that instant goes through clock_is_before, so that
// the next one at which an answer changes is known: nothing does before it
// unless a file is edited. Render asks through trace_is_before.
//
// An instant hidden behind a condition need not be noted as long as that
// condition is fixed, or an earlier instant is noted at which it changes.
#ifndef LOA_MODEL_CLOCK_H
#define LOA_MODEL_CLOCK_H

#include "base/date.h"

typedef struct Page Page;

// What happens then.
typedef enum {
    CLOCK_PUBLISHED,
    CLOCK_EXPIRES,
    CLOCK_UNPINNED,
    CLOCK_BEGINS,
    CLOCK_ENDS,
    CLOCK_IN_FORCE,
    CLOCK_OUT_OF_FORCE,
    CLOCK_ITEM_BEGINS, // of a list whose items are there for a time
    CLOCK_ITEM_ENDS,
    CLOCK_IS_NEWS,
    CLOCK_NO_NEWS, // too old for the sitemap of news
    CLOCK_NEW_DAY,
    CLOCK_NEW_YEAR,
    CLOCK_NREASONS,
} ClockWhy;

typedef struct {
    ClockWhy why;
    const Page *page; // NULL: of no single one
    Str field;        // of its front matter, where one is known
} Reason;

enum { CLOCK_MAX_REASONS = 16 };

typedef struct {
    Date now;
    Date next; // the earliest instant after now that was asked about
    Reason reasons[CLOCK_MAX_REASONS]; // of it, in the order of asking
    size_t nreasons;
} Clock;

// now < t; notes t. What belongs to a page that is left out is not noted, but
// for the instants at which that may end.
bool clock_is_before(Clock *c, Date t, Reason reason);

// Notes it without asking.
void clock_note(Clock *c, Date t, Reason reason);

// c->next as the clock of that zone shows it; {0}: there is none.
Date clock_next(const Clock *c, int16_t zone);

// Midnight or New Year after now in that zone.
Date clock_next_day(const Clock *c, int16_t zone);
Date clock_next_year(const Clock *c, int16_t zone);

#endif
