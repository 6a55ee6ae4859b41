// Which layout makes which page; the table is in docs/theme.md.
#ifndef LOA_PLAN_LAYOUT_H
#define LOA_PLAN_LAYOUT_H

#include "plan/reads.h"
#include "plan/select.h"

typedef struct {
    const Template *t;
    Selects selects;
    Hash hash;       // the template and all it includes and is put into
    Strs globals;    // of all of these, sorted
    unsigned reads;  // READS_* of all of these
    bool has_select; // or reads what a body says of others
} Layout;

typedef struct {
    Job *job;
    const Site *site;
    const TemplateSet *templates;
    Map by_name; // of Layout *
    bool ok;
} Layouts;

// A template with all it includes and is put into.
// Its READS_* are added to *reads.
Hash layout_hash(Job *job, const TemplateSet *templates, const Template *t,
                 unsigned *reads);

// NULL when there is none; then *tried lists the names, for a message.
const Layout *layout_of(Layouts *l, const Page *page, Str *tried);

#endif
