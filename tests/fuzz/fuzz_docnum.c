// Numbers in running text: the scanner goes on, stays inside the text, gives
// its readings from the longest to the shortest, and each of them read alone
// is a number with that key.
#include <stdlib.h>

#include "base/text.h"
#include "parse/docnum.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok) {
    if (!ok)
        abort();
}

static void check_reading(Arena *a, Str s, const DocNumSpot *spot, size_t i) {
    DocNum n;
    Str read = str_slice(s, spot->start, spot->ends[i]);
    must(spot->ends[i] > spot->start && spot->ends[i] <= s.len);
    must(i == 0 || spot->ends[i] < spot->ends[i - 1]);
    must(docnum_parse(a, read, &n));
    must(str_eq(docnum_key(a, n.number), spot->keys[i]));
    must(spot->has_year == (n.year != 0));
    must(str_eq(docnum_key(a, spot->keys[i]), spot->keys[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new();
    Str s = {(const char *)data, size};
    DocNumSpot spot;
    bool may_be = docnum_may_be_in(s);
    for (size_t at = 0; docnum_scan(a, s, at, &spot);) {
        must(may_be && spot.start >= at);
        must(spot.n > 0 && spot.n <= DOCNUM_READINGS);
        for (size_t i = 0; i < spot.n; i++)
            check_reading(a, s, &spot, i);
        at = spot.ends[spot.n - 1];
    }
    int year = docnum_year_after(s);
    must(year >= 0 && year <= 9999);
    DocNum n;
    if (docnum_find(a, s, &n))
        must(n.number.len && n.symbol.len && n.form);
    arena_free(a);
    return 0;
}
