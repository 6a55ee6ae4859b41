// `loa build --explain URL`: which outputs are meant, and why each was made or
// kept. The reasons come from waves.c, which decides.
#ifndef LOA_EXPLAIN_H
#define LOA_EXPLAIN_H

#include "waves.h"

typedef struct Explained {
    Str path;
    bool is_made;
    Doubt doubt;
    unsigned parts; // DOUBT_PRINT: a bit for each PrintPart that differs
    Strs asked;     // DOUBT_ANSWERS: some of what it asks of the site
} Explained;

typedef struct {
    Explained *items; // sorted by path
    size_t len;
    Explained **by_output; // NULL: nobody asked about it
} Explanations;

// The outputs that `urls` mean: an address that ends in "/" is a page with its
// feeds and calendar, any other one file. False after an error: one is not of
// this site.
bool explain_find(Job *job, const Site *site, const Plan *plan,
                  const Strs *urls, Explanations *out);

// When all is decided: fills items.
void explain_end(Job *job, const Waves *w, Explanations *e);

// For programs: "front", "new"; and for people.
const char *explain_part_name(PrintPart part);
const char *explain_doubt_name(Doubt doubt);
const char *explain_part_words(PrintPart part); // msgid
const char *explain_doubt_words(Doubt doubt);   // msgid

#endif
