// urls.tsv: the record of what has been published, a line for each address a
// piece has ever had:
//
//     type/id TAB /address/ TAB first published
//
// Lines are only added; of two for one address the later counts, and when the
// pieces of both are there it is an E-REDIRECT. What begins with # says
// nothing. Addresses are without the path of baseURL.
//
// The id stays when a file moves to another folder; in another language than
// the default one it ends in @ and the language: "article/le-phat-dong@en".
#ifndef LOA_MODEL_RECORD_H
#define LOA_MODEL_RECORD_H

#include "model/site.h"

typedef struct {
    Str id, url;
    Date first;
    uint32_t line;
} RecordRow;

struct Record {
    const Source *src;
    RecordRow *items; // as they stand
    size_t len;
};

// False after an error: every line that is wrong is said with its place.
// `zone` is that of dates without one.
bool record_read(Job *job, const Source *src, int16_t zone, Record *out);

// An address that was published and where nothing lives now.
typedef struct {
    const RecordRow *row;
    const Page *to;             // where its piece is; NULL: gone
    const RecordRow *rival_row; // an earlier row, of another piece that is
    const Page *rival;          // there; NULL: none
} RecordOld;

// A piece whose address is not recorded.
typedef struct {
    const Page *page;
    Str id;
    Str was;               // the address it had last; empty: it is new
    const RecordRow *twin; // gone, and published at the same instant
} RecordNew;

typedef struct {
    RecordOld *old; // in the order of the lines, each address once
    size_t nold;
    RecordNew *news; // oldest first
    size_t nnews;
} RecordState;

// What the record says of the site as it is. An address that a piece had and
// that is now another's, while the first lives elsewhere, is an E-REDIRECT.
// Without a record all is new.
void record_compare(Job *job, const Site *site, RecordState *out);

// When a piece was published first, as far as it says so itself.
Date record_first(const Site *site, const Page *page);

// The lines for `news`, as they are added to the file.
void record_write(Buf *out, const Site *site, const RecordState *state);

#endif
