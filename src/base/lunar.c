#include "base/lunar.h"

bool lunar_tet(int year, int16_t zone, Date *out) {
    static const struct {
        int8_t month, day;
    } first[] = {{1, 25}, {2, 12}, {2, 1},  {1, 22}, {2, 10}, {1, 29}, {2, 17},
                 {2, 6},  {1, 26}, {2, 13}, {2, 2},  {1, 23}, {2, 11}, {1, 31},
                 {2, 19}, {2, 8},  {1, 28}, {2, 15}, {2, 4},  {1, 24}, {2, 12}};
    if (year < LUNAR_FIRST || year > LUNAR_LAST)
        return false;
    DateParts parts = {.year = year,
                       .month = first[year - LUNAR_FIRST].month,
                       .day = first[year - LUNAR_FIRST].day};
    *out = date_from_parts(parts, zone, DATE_DAY);
    return true;
}
