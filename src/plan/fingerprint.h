// What decides whether an output has to be made: a hash over everything it is
// a function of.
#ifndef LOA_PLAN_FINGERPRINT_H
#define LOA_PLAN_FINGERPRINT_H

#include "plan/layout.h"
#include "plan/plan.h"

// Config, i18n, menus, data and the list of assets; nothing that grows with
// content.
Hash fingerprint_site(Job *job, const Site *site);

// One hash a page: what others may see of it.
Hash *fingerprint_cards(Job *job, const Site *site);
// The same for those who only name it.
Hash *fingerprint_stubs(Job *job, const Site *site);

typedef struct {
    const Site *site;
    Arena *scratch;
    Hash site_hash;
    const Hash *cards, *stubs; // by Page.index
} FingerprintInput;

Hash fingerprint_output(const FingerprintInput *in, const Layout *layout,
                        const Output *out);

#endif
