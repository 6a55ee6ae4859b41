// Vietnamese typography in running text: which blanks may not break, and what
// is an address that is left as it is.
#ifndef LOA_RENDER_MDSMART_H
#define LOA_RENDER_MDSMART_H

#include "base/str.h"

// Whether the blank at `at` stands inside "Điều 5", "50.000 đồng", "ông Nam".
bool mdsmart_keeps(Str s, size_t at);

#endif
