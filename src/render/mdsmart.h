// Vietnamese typography in running text: which blanks may not break, and what
// is an address that is left as it is.
#ifndef LOA_RENDER_MDSMART_H
#define LOA_RENDER_MDSMART_H

#include "base/str.h"

// Whether the blank at `at` stands inside "Điều 5", "50.000 đồng", "ông Nam".
bool mdsmart_keeps(Str s, size_t at);

// From `at`, which is 5 or more, past bytes none of which is a quote, one of
// several points or hyphens, or a blank that mdsmart_keeps would take.
size_t mdsmart_skip(Str s, size_t at);

#endif
