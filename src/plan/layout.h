// Which layout makes which page; the table is in docs/theme.md.
#ifndef LOA_PLAN_LAYOUT_H
#define LOA_PLAN_LAYOUT_H

#include "plan/reads.h"
#include "plan/select.h"

typedef struct {
    const Template *t;
    Selects selects;
    Hash hash;       // the template and all it includes and is put into
    ClockUse clock;  // what of the clock these read
    unsigned reads;  // READS_* of all of these
    bool has_select; // or reads what a body says of others
} Layout;

typedef struct {
    Job *job;
    const Site *site;
    const TemplateSet *templates;
    Map by_name;      // of Layout *
    const Page *last; // the page that was asked for last, and its layout
    const Layout *of_last;
    bool ok;
} Layouts;

// A template with all it includes and is put into.
// Its READS_* are added to *reads.
Hash layout_hash(Job *job, const TemplateSet *templates, const Template *t,
                 unsigned *reads);

const Layout *layout_of(Layouts *l, const Page *page); // NULL: there is none
// The names that were tried then, for a message; in job->scratch.
Str layout_names(Layouts *l, const Page *page);

#endif
