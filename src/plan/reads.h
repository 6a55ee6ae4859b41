// What the text of a template may read of other pages beyond what nearly all
// read: that is left out of the fingerprints of those that do not. Found by the
// words that stand in it, so now and then something is named that is not read.
#ifndef LOA_PLAN_READS_H
#define LOA_PLAN_READS_H

#include "parse/liquid.h"

enum {
    READS_COUNT = 1,   // how many members a term or unit has
    READS_EXCERPT = 2, // the excerpt of a page that has a sapo as well
    READS_ALL = 3,
    READS_OWN_COUNT = 4, // of what is called `page`,
    READS_OWN_EXCERPT = 8,
    PASSES_PAGE = 16, // which may be another page in a partial
};

typedef enum { CLOCK_NONE, CLOCK_YEAR, CLOCK_DAY, CLOCK_NUSES } ClockUse;

// What stands in the template alone.
unsigned reads_of(const Template *t);

// What that means, when it is known of all templates that belong together.
unsigned reads_together(unsigned reads);

#endif
