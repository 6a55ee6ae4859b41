// What decides whether an output has to be made: a hash over everything it is
// a function of, but for what it asks of the site while it is made (where its
// links lead; render/trace.h).
#ifndef LOA_PLAN_FINGERPRINT_H
#define LOA_PLAN_FINGERPRINT_H

#include "base/pool.h"
#include "plan/layout.h"
#include "plan/plan.h"

// What a fingerprint is made of; their names are those of `loa build
// --explain`.
typedef enum {
    PRINT_SITE,   // config, words, menus, data, types, list of assets, and
                  // shortcodes; nothing that grows with content
    PRINT_LAYOUT, // with all it includes
    PRINT_CLOCK,  // the year or day, where the layout reads it
    PRINT_FRONT,  // the page's file
    PRINT_BODY,
    PRINT_AROUND, // the cards of whom it names and who names it, neighbours
    PRINT_LIST,   // the cards it lists
    PRINT_FILE,   // what is copied
    PRINT_NPARTS,
} PrintPart;

typedef struct {
    Hash sum;
    uint64_t parts[PRINT_NPARTS];
} Fingerprint;

// Hashes that are needed more than once.
typedef struct {
    const Site *site;
    Hash site_hash;
    Hash clocks[CLOCK_NUSES];
    // By Page.index: what others may see of a page, what is seen by those who
    // only name it, its own file, the stubs of its terms.
    Hash *cards, *stubs, *fronts, *terms;
    unsigned char *has; // what a page has: of the others nothing is looked up
    // What its body says; NULL while that is not known of all pages.
    const Hash *excerpts;
    const Hash *shown; // the cards; with the excerpts of those without a sapo
    unsigned reads;    // READS_* of the templates of shortcodes
} Prints;

// Without a pool on the calling thread.
void prints_make(Job *job, Pool *pool, const Site *site,
                 const TemplateSet *layouts, Prints *out);

// What bodies say is known, or, with NULL, not any more: by Page.index, the
// hashes of excerpts. They count from now on for those who show them.
void prints_learn(Job *job, const Hash *excerpts, Prints *prints);

// On any thread. For an output of the second wave prints_learn comes first.
Fingerprint fingerprint_output(Arena *scratch, const Prints *all,
                               const Output *out);

// The same for the facts of a body. `is_own_read`: it has shortcodes, and they
// may read the page's front matter.
Hash fingerprint_facts(const Prints *in, const Page *page, bool is_own_read);

#endif
