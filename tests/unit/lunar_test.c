// The table of Tết, against dates that were published and against the moon:
// mùng 1 is the day, at UTC+7, on which the moon is new.
// clang-format off
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include "base/lunar.h"

enum { ZONE = 7 * 60 };

static const double DEGREE = 3.14159265358979323846 / 180;

static DateParts tet(int year) {
    Date d;
    assert_true(lunar_tet(year, ZONE, &d));
    assert_int_equal(d.precision, DATE_DAY);
    assert_int_equal(d.offset_minutes, ZONE);
    return date_parts(d);
}

static void is_published_date(void **state) {
    static const int dates[][3] = {{2020, 1, 25}, {2023, 1, 22}, {2024, 2, 10},
                                   {2025, 1, 29}, {2026, 2, 17}, {2027, 2, 6},
                                   {2030, 2, 2}};
    (void)state;
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        DateParts p = tet(dates[i][0]);
        assert_int_equal(p.year, dates[i][0]);
        assert_int_equal(p.month, dates[i][1]);
        assert_int_equal(p.day, dates[i][2]);
    }
}

// China, an hour ahead, has 03/02/2030: there the moon is new after midnight.
static void differs_from_china_in_2030(void **state) {
    (void)state;
    assert_int_equal(tet(2030).month, 2);
    assert_int_equal(tet(2030).day, 2);
}

static void is_day(int year, int month, int day, int iso) {
    Date d = {0};
    assert_true(lunar_day((LunarDay){year, month, day}, ZONE, &d));
    DateParts p = date_parts(d);
    assert_int_equal(p.year * 10000 + p.month * 100 + p.day, iso);
}

static void has_published_days(void **state) {
    (void)state;
    is_day(2023, 3, 10, 20230429); // Giỗ Tổ, after the leap month 2
    is_day(2024, 3, 10, 20240418);
    is_day(2025, 3, 10, 20250407);
    is_day(2026, 3, 10, 20260426);
    is_day(2026, 12, 29, 20270205); // the eve of Tết 2027
    is_day(2023, 12, 30, 20240209);
    is_day(2033, 12, 30, 20340218); // after the leap month 11
}

// From 2025 to 2032 the year ends with a day 29: much written about.
static void has_no_thirtieth_for_eight_years(void **state) {
    Date d;
    (void)state;
    for (int tet_year = 2025; tet_year <= 2032; tet_year++)
        assert_int_equal(lunar_month_length(tet_year - 1, 12), 29);
    assert_int_equal(lunar_month_length(2023, 12), 30);
    assert_int_equal(lunar_month_length(2032, 12), 30);
    assert_false(lunar_day((LunarDay){2026, 12, 30}, ZONE, &d));
    assert_false(lunar_day((LunarDay){2026, 13, 1}, ZONE, &d));
    assert_false(lunar_day((LunarDay){2026, 1, 0}, ZONE, &d));
    assert_int_equal(lunar_month_length(LUNAR_FIRST - 1, 12), 0);
}

// The months of a year fill it: the day after its last is the next Tết.
static void joins_the_years(void **state) {
    (void)state;
    for (int year = LUNAR_FIRST; year < LUNAR_LAST; year++) {
        Date last = {0}, next = {0};
        LunarDay end = {year, 12, lunar_month_length(year, 12)};
        assert_true(lunar_day(end, ZONE, &last));
        assert_true(lunar_tet(year + 1, ZONE, &next));
        assert_int_equal(date_cmp(date_end(last), next), 0);
    }
}

static void has_limits(void **state) {
    Date d = {.unix_seconds = 5};
    (void)state;
    assert_false(lunar_tet(LUNAR_FIRST - 1, ZONE, &d));
    assert_false(lunar_tet(LUNAR_LAST + 1, ZONE, &d));
    assert_false(lunar_tet(-1, ZONE, &d));
    assert_int_equal(d.unix_seconds, 5);
}

// Seconds since 1970 of new moon number k after the first of 2000: the mean
// moon and the larger terms of its true motion (Meeus, Astronomical
// Algorithms, chapter 49), good to about two minutes.
static double new_moon(double k) {
    double t = k / 1236.85, e = 1 - 0.002516 * t;
    double sun = (2.5534 + 29.1053567 * k) * DEGREE;
    double moon = (201.5643 + 385.81693528 * k) * DEGREE;
    double node = (160.7108 + 390.67050284 * k) * DEGREE;
    double day = 2451550.09766 + 29.530588861 * k + 0.00015437 * t * t;
    day += -0.4072 * sin(moon) + 0.17241 * e * sin(sun) +
           0.01608 * sin(2 * moon) + 0.01039 * sin(2 * node) +
           0.00739 * e * sin(moon - sun) - 0.00514 * e * sin(moon + sun) +
           0.00208 * e * e * sin(2 * sun) - 0.00111 * sin(moon - 2 * node) -
           0.00057 * sin(moon + 2 * node) + 0.00056 * e * sin(2 * moon + sun) -
           0.00042 * sin(3 * moon) + 0.00042 * e * sin(sun + 2 * node) +
           0.00038 * e * sin(sun - 2 * node) -
           0.00024 * e * sin(2 * moon - sun);
    return (day - 2440587.5) * 86400 - 72; // 72 s: from dynamical time
}

static void is_a_new_moon(void **state) {
    (void)state;
    for (int year = LUNAR_FIRST; year <= LUNAR_LAST; year++) {
        Date d;
        bool is_found = false;
        assert_true(lunar_tet(year, ZONE, &d));
        for (int k = 12 * (year - 2000); k < 13 * (year - 1999); k++) {
            double after = new_moon(k) - (double)d.unix_seconds;
            is_found |= after >= 0 && after < 86400;
        }
        assert_true(is_found);
    }
}

static void lies_between_great_cold_and_rain_water(void **state) {
    (void)state;
    for (int year = LUNAR_FIRST; year <= LUNAR_LAST; year++) {
        int yearday = tet(year).yearday;
        assert_in_range(yearday, 21, 51);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_published_date),
        cmocka_unit_test(differs_from_china_in_2030),
        cmocka_unit_test(has_published_days),
        cmocka_unit_test(has_no_thirtieth_for_eight_years),
        cmocka_unit_test(joins_the_years),
        cmocka_unit_test(has_limits),
        cmocka_unit_test(is_a_new_moon),
        cmocka_unit_test(lies_between_great_cold_and_rain_water),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
