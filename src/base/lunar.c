// The lunisolar calendar of Viet Nam, year by year: mùng 1, the month that
// comes twice, and which months have 30 days. The table was made from the new
// moons and the sun's longitude at UTC+7; lunar_test.c works them out again.

#include "base/lunar.h"

static const struct {
    int8_t month, day; // of Tết
    int8_t leap;       // the month after which a leap one comes; 0: none
    uint16_t
        are_long; // bit i: month i from Tết, leap ones counted, has 30 days
} years[] = {{1, 25, 4, 0x192e}, {2, 12, 0, 0x0556},  {2, 1, 0, 0x0ab5},
             {1, 22, 2, 0x15b2}, {2, 10, 0, 0x06d2},  {1, 29, 6, 0x0ea5},
             {2, 17, 0, 0x0725}, {2, 6, 0, 0x064b},   {1, 26, 5, 0x0c97},
             {2, 13, 0, 0x04ab}, {2, 2, 0, 0x055b},   {1, 23, 3, 0x0ada},
             {2, 11, 0, 0x0b6a}, {1, 31, 11, 0x1752}, {2, 19, 0, 0x0b92},
             {2, 8, 0, 0x0b25},  {1, 28, 6, 0x1a4b},  {2, 15, 0, 0x0a4d},
             {2, 4, 0, 0x04ad},  {1, 24, 5, 0x095b},  {2, 12, 0, 0x05ad}};

bool lunar_tet(int year, int16_t zone, Date *out) {
    if (year < LUNAR_FIRST || year > LUNAR_LAST)
        return false;
    DateParts parts = {.year = year,
                       .month = years[year - LUNAR_FIRST].month,
                       .day = years[year - LUNAR_FIRST].day};
    *out = date_from_parts(parts, zone, DATE_DAY);
    return true;
}

static int length_of(int year, int at) {
    return years[year - LUNAR_FIRST].are_long >> at & 1 ? 30 : 29;
}

// How many months lie between Tết and this one.
static int place_of(int year, int month) {
    int leap = years[year - LUNAR_FIRST].leap;
    return month - 1 + (leap && month > leap);
}

int lunar_month_length(int year, int month) {
    if (year < LUNAR_FIRST || year > LUNAR_LAST || month < 1 || month > 12)
        return 0;
    return length_of(year, place_of(year, month));
}

bool lunar_day(LunarDay d, int16_t zone, Date *out) {
    if (d.day < 1 || d.day > lunar_month_length(d.year, d.month))
        return false;
    Date tet;
    if (!lunar_tet(d.year, zone, &tet))
        return false;
    int days = d.day - 1;
    for (int i = 0; i < place_of(d.year, d.month); i++)
        days += length_of(d.year, i);
    tet.unix_seconds += (int64_t)days * 86400;
    *out = tet;
    return true;
}
