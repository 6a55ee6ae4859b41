// The first day of the Vietnamese lunar year, from a table: simpler and safer
// than code, and right where the Chinese calendar differs (2030).
#ifndef LOA_BASE_LUNAR_H
#define LOA_BASE_LUNAR_H

#include "base/date.h"

enum { LUNAR_FIRST = 2020, LUNAR_LAST = 2040 };

// Tết (mùng 1) of a solar year, as a day at `zone`. False outside the table.
bool lunar_tet(int year, int16_t zone, Date *out);

#endif
