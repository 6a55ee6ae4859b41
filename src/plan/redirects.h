// Old addresses and where they lead: `aliases` and `legacy.urls` of pages, and
// what urls.tsv says of pieces that have moved or gone. The one place that
// knows; from here come the pages that lead on and the maps of web servers.
//
// Each leads to a page that is there, so there are no chains and no loops. An
// address that two pages claim, or that is a page of the site, is E-REDIRECT.
#ifndef LOA_PLAN_REDIRECTS_H
#define LOA_PLAN_REDIRECTS_H

#include "model/record.h"

// The bytes of `from` and `to` are harmless in a server's configuration.
typedef struct {
    Str from; // path without slash at its end, or path?query, percent-encoded
    Str to;   // with the path of baseURL; empty: gone for good
    const Page *page; // where it leads; NULL: gone
    Str stub;         // the address as a path of this site; empty: it is none
    bool has_query;
    bool is_exact;    // upper and lower case differ
    bool is_recorded; // known from urls.tsv alone
    bool is_refused;  // a server cannot be told
} Redirect;

// An address that a server would read as configuration.
typedef struct {
    Str url;
    Pos pos;
} Refused;

typedef struct {
    Redirect *items; // sorted by `from`; without those refused
    size_t len;
    Redirect *stubs; // those that can be a page of the site, refused or not
    size_t nstubs;
    Strs old_hosts; // of whole addresses, sorted
    Refused *refused;
    size_t nrefused;
    RecordState state; // nothing when the site keeps no record
} Redirects;

// False after an error; `out` is good even then.
bool redirects_collect(Job *job, const Site *site, Redirects *out);

#endif
