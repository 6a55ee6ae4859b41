// The Vietnamese lunar calendar, from a table: simpler and safer than code, and
// right where the Chinese calendar differs (2030).
#ifndef LOA_BASE_LUNAR_H
#define LOA_BASE_LUNAR_H

#include "base/date.h"

enum { LUNAR_FIRST = 2020, LUNAR_LAST = 2040 };

// `year` is the lunar year that begins with the Tết of that solar year; of a
// month that comes twice, the first is meant.
typedef struct {
    int year, month, day;
} LunarDay;

// Tết (mùng 1) of a solar year, as a day at `zone`. False outside the table.
bool lunar_tet(int year, int16_t zone, Date *out);

// The same day in the solar calendar. False when there is none, or outside the
// table.
bool lunar_day(LunarDay d, int16_t zone, Date *out);

// 29 or 30; 0 outside the table.
int lunar_month_length(int year, int month);

#endif
