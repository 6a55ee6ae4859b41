// Dates: every day of ten thousand years against the C library, each form
// that is read, and each that is refused with the place and the reason.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/date.h"

enum { VIET_NAM = 420 };

typedef struct {
    const char *in, *out;
} Pair;

static Date must_parse(const char *text) {
    Date d = {0};
    size_t at = 0;
    const char *why = "";
    if (!date_parse(str_from(text), VIET_NAM, true, &d, &at, &why))
        fail_msg("'%s' is refused at %zu: %s", text, at, why);
    return d;
}

static void same(Str got, const char *want, const char *in) {
    if (!str_eq(got, str_from(want)))
        fail_msg("'%s': '%.*s', expected '%s'", in, STR_ARG(got), want);
}

static void every_day_agrees(void **state) {
    (void)state;
    for (time_t t = INT64_C(-62135596800); t < INT64_C(253402300800);
         t += 86400 + 1) {
        struct tm tm;
        gmtime_r(&t, &tm);
        Date d = {t, 0, DATE_SECOND};
        DateParts p = date_parts(d);
        if (p.year != tm.tm_year + 1900 || p.month != tm.tm_mon + 1 ||
            p.day != tm.tm_mday || p.hour != tm.tm_hour ||
            p.minute != tm.tm_min || p.second != tm.tm_sec ||
            p.weekday != tm.tm_wday || p.yearday != tm.tm_yday + 1)
            fail_msg("%lld", (long long)t);
        if (date_from_parts(p, 0, DATE_SECOND).unix_seconds != t)
            fail_msg("%lld there and back", (long long)t);
    }
}

static void far_away_dates_do_not_overflow(void **state) {
    (void)state;
    Arena *a = arena_new();
    static const int64_t far[] = {INT64_MIN, INT64_MAX, -1, 0};
    for (size_t i = 0; i < sizeof far / sizeof *far; i++)
        for (int zone = -1440; zone <= 1440; zone += 480) {
            Date d = {far[i], (int16_t)zone, DATE_DAY};
            DateParts p = date_parts(d);
            assert_in_range(p.month, 1, 12);
            assert_in_range(p.day, 1, 31);
            (void)date_end(d);
            Buf b = {.arena = a};
            date_format(&b, d, S("%c %G %V %C %s %10z"));
        }
    DateParts odd = {.year = 2024, .month = 14, .day = 31};
    DateParts p = date_parts(date_from_parts(odd, 0, DATE_DAY));
    assert_int_equal(p.year, 2025);
    assert_int_equal(p.month, 3);
    assert_int_equal(p.day, 3);
    arena_free(a);
}

static void reads_every_form(void **state) {
    (void)state;
    static const Pair pairs[] = {
        {"2025-03-01", "2025-03-01"},
        {"2025-3-1", "2025-03-01"},
        {" 2025-03-01\n", "2025-03-01"},
        {"2024-02-29", "2024-02-29"},
        {"2000-02-29", "2000-02-29"},
        {"0001-01-01", "0001-01-01"},
        {"9999-12-31", "9999-12-31"},
        {"2025-03-01T08:30:00", "2025-03-01T08:30:00+07:00"},
        {"2025-03-01t08:30:00z", "2025-03-01T08:30:00+00:00"},
        {"2025-03-01T08:30:00Z", "2025-03-01T08:30:00+00:00"},
        {"2025-03-01T08:30:00+07:00", "2025-03-01T08:30:00+07:00"},
        {"2025-03-01T08:30:00+0700", "2025-03-01T08:30:00+07:00"},
        {"2025-03-01T08:30:00-03:30", "2025-03-01T08:30:00-03:30"},
        {"2025-03-01 08:30:00", "2025-03-01T08:30:00+07:00"},
        {"2025-03-01 08:30:00 +0900", "2025-03-01T08:30:00+09:00"},
        {"2025-03-01 08:30:00 +09:00", "2025-03-01T08:30:00+09:00"},
        {"2025-03-01 08:30:00.123456789", "2025-03-01T08:30:00+07:00"},
        {"2025-03-01 08:30:00,5 Z", "2025-03-01T08:30:00+00:00"},
        {"2026-11-21T02:31:00.000+00:00", "2026-11-21T02:31:00+00:00"},
        {"2025-03-01 08:30", "2025-03-01T08:30+07:00"},
        {"2025-03-01T08:30", "2025-03-01T08:30+07:00"},
        {"2025-03-01T08:30Z", "2025-03-01T08:30+00:00"},
        {"2025-3-1  23:59", "2025-03-01T23:59+07:00"},
        {"01/03/2025", "2025-03-01"},
        {"1/3/2025", "2025-03-01"},
        {"15/08/2025 21:40", "2025-08-15T21:40+07:00"},
        {"15/08/2025 21:40:05", "2025-08-15T21:40:05+07:00"},
        {"2025", "2025"},
        {"2025-03", "2025-03"},
        {"04/2023", "2023-04"},
        {"4/2023", "2023-04"},
    };
    Arena *a = arena_new();
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        Buf b = {.arena = a};
        date_iso(&b, must_parse(pairs[i].in));
        same(buf_str(&b), pairs[i].out, pairs[i].in);
    }
    arena_free(a);
}

static void reads_the_instant(void **state) {
    (void)state;
    Date d = must_parse("2024-02-29T12:00:00+07:00");
    assert_int_equal(d.unix_seconds, 1709182800);
    assert_int_equal(d.offset_minutes, 420);
    assert_int_equal(must_parse("2024-02-29 12:00").unix_seconds, 1709182800);
    assert_int_equal(must_parse("2024-02-29 05:00:00Z").unix_seconds,
                     1709182800);
    assert_int_equal(must_parse("1970").unix_seconds, -420 * 60);
}

static const struct {
    const char *in;
    size_t at;
    const char *why; // a part of it
    bool coarse;
} refused[] = {
    {"", 0, "numbers", false},
    {"tomorrow", 0, "numbers", false},
    {"-2025", 0, "numbers", false},
    {"2025-02-30", 8, "does not exist", false},
    {"2023-02-29", 8, "does not exist", false},
    {"1900-02-29", 8, "does not exist", false},
    {"31/4/2025", 0, "does not exist", false},
    {"2025-13-01", 5, "1 to 12", false},
    {"2025-00-01", 5, "1 to 12", false},
    {"2025-001-01", 5, "1 to 12", false},
    {"2025--01", 5, "1 to 12", false},
    {"2025-01-32", 8, "1 to 31", false},
    {"2025-01-00", 8, "1 to 31", false},
    {"2025-01-", 8, "1 to 31", false},
    {"2025-01", 7, "day is missing", false},
    {"2025", 4, "month and the day", false},
    {"4/2023", 0, "day is missing", false},
    {"13/2023", 0, "1 to 12", true},
    {"0/2023", 0, "1 to 12", true},
    {"1/2023/05", 2, "1 to 12", true},
    {"2025-13", 5, "1 to 12", true},
    {"0000", 0, "1 to 9999", true},
    {"0000-01-01", 0, "1 to 9999", false},
    {"03/15/2025", 3, "1 to 12", false},
    {"32/01/2025", 0, "1 to 31", false},
    {"00/01/2025", 0, "1 to 31", false},
    {"01/03/25", 6, "four digits", false},
    {"1/3", 3, "slash", false},
    {"1/3/", 4, "four digits", false},
    {"25-03-01", 2, "year comes first", false},
    {"15-03-2025", 2, "year comes first", false},
    {"15.03.2025", 2, "year comes first", false},
    {"2025/03/15", 4, "day comes first", false},
    {"2025.03.15", 4, "day comes first", false},
    {"20250301", 0, "four digits", false},
    {"1741000000", 0, "four digits", false},
    {"99999999999999999999999", 0, "four digits", false},
    {"15 Mar 2025", 2, "dashes", false},
    {"Sat, 15 Mar 2025 08:30:00 +0700", 0, "numbers", false},
    {"Sat Mar 15 08:30:00 2025", 0, "numbers", false},
    {"2025-03-01X", 10, "between date and time", false},
    {"2025-03-01Z", 10, "between date and time", false},
    {"2025-03-01+07:00", 10, "between date and time", false},
    {"2025-03-01T", 11, "HH:MM", false},
    {"2025-03-01 x", 11, "HH:MM", false},
    {"2025-03-01 8:30", 11, "HH:MM", false},
    {"2025-03-01 8h30", 11, "HH:MM", false},
    {"2025-03-01 08", 13, "HH:MM", false},
    {"2025-03-01 08:3", 14, "HH:MM", false},
    {"2025-03-01 24:00", 11, "0 to 23", false},
    {"2025-03-01 08:60", 14, "0 to 59", false},
    {"2025-03-01 08:30:60", 17, "0 to 59", false},
    {"2016-12-31T23:59:60Z", 17, "0 to 59", false},
    {"2025-03-01 08:30:", 17, "HH:MM", false},
    {"2025-03-01 08:30:00.", 20, "digits", false},
    {"2025-03-01 08:30 x", 17, "zone", false},
    {"2025-03-01 08:30 PM", 17, "zone", false},
    {"2025-03-01 08:30  Z", 17, "zone", false},
    {"2025-03-01T08:30:00+7", 19, "zone", false},
    {"2025-03-01T08:30:00+07", 19, "zone", false},
    {"2025-03-01T08:30:00+24:00", 19, "zone", false},
    {"2025-03-01T08:30:00+07:60", 19, "zone", false},
    {"2025-03-01T08:30:00 Asia/Ho_Chi_Minh", 20, "zone", false},
    {"2025-03-01T08:30:00ZZ", 19, "zone", false},
    {"2025-03-01 08:30:00.5.5", 21, "zone", false},
    {"2025 08:30", 4, "dash", true},
    {"2025-03 08:30", 7, "dash", true},
    {"04/2023 08:30", 7, "nothing may follow", true},
    {"2025-03-01/2025-03-02", 10, "between", false},
    {"２０２５-03-01", 0, "numbers", false},
};

static void refuses_the_rest(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        Date d = {7, 7, 7};
        size_t at = 999;
        const char *why = NULL;
        if (date_parse(str_from(refused[i].in), VIET_NAM, refused[i].coarse, &d,
                       &at, &why))
            fail_msg("'%s' is read", refused[i].in);
        assert_non_null(why);
        if (at != refused[i].at || !strstr(why, refused[i].why))
            fail_msg("'%s': %zu: %s", refused[i].in, at, why);
        assert_int_equal(d.unix_seconds, 7);
    }
    Date d;
    size_t at;
    const char *why;
    assert_false(date_parse((Str){0}, 0, false, &d, &at, &why));
    assert_false(date_parse(S("2025-03-01\0"), 0, false, &d, &at, &why));
}

static void ends_are_half_open(void **state) {
    (void)state;
    static const Pair pairs[] = {
        {"2025-02-28", "2025-03-01"},
        {"2024-12-31", "2025-01-01"},
        {"2024-12", "2025-01"},
        {"2025", "2026"},
        {"2025-03-01 08:30", "2025-03-01T08:30+07:00"},
        {"2025-03-01 08:30:01", "2025-03-01T08:30:01+07:00"},
    };
    Arena *a = arena_new();
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        Buf b = {.arena = a};
        date_iso(&b, date_end(must_parse(pairs[i].in)));
        same(buf_str(&b), pairs[i].out, pairs[i].in);
    }
    arena_free(a);
    assert_false(date_is_set(date_end((Date){0})));
}

static void compares_by_instant(void **state) {
    (void)state;
    Date none = {0};
    Date early = must_parse("2025-03-01T08:00:00+09:00");
    Date late = must_parse("2025-03-01T07:00:00+07:00");
    assert_int_equal(date_cmp(early, late), -1);
    assert_int_equal(date_cmp(late, early), 1);
    assert_int_equal(date_cmp(late, late), 0);
    assert_int_equal(date_cmp(none, must_parse("1960")), -1);
    assert_int_equal(date_cmp(must_parse("1960"), none), 1);
    assert_int_equal(date_cmp(none, none), 0);
    assert_true(date_is_set(must_parse("1970-01-01T00:00:00Z")));
}

static void knows_zones(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int16_t minutes;
    } zones[] = {
        {"Asia/Ho_Chi_Minh", 420},
        {"asia/saigon", 420},
        {"UTC", 0},
        {"Etc/UTC", 0},
        {"GMT", 0},
        {"+07:00", 420},
        {"-03:30", -210},
        {"+0000", 0},
        {"Asia/Seoul", 540},
        {"Asia/Tokyo", 540},
        {"Asia/Taipei", 480},
    };
    int16_t minutes = 1;
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        assert_true(date_zone(str_from(zones[i].name), &minutes));
        assert_int_equal(minutes, zones[i].minutes);
    }
    static const char *const bad[] = {"",       "Europe/Paris", "+7",
                                      "+07:0",  "+25:00",       "07:00",
                                      "+07:60", "Asia/Hue",     "+07-00"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(date_zone(str_from(bad[i]), &minutes));
    assert_false(date_zone((Str){0}, &minutes));
}

static void formats_as_the_c_library(void **state) {
    (void)state;
    static const char *const patterns[] = {
        "%a %A %b %B %h",    "%C %y %Y %G %g", "%d %e %j %m",
        "%H %I %k %l %M %S", "%p %P %r %R %T", "%u %U %V %w %W",
        "%c|%D|%F|%x|%X",    "%n%t%%",
    };
    Arena *a = arena_new();
    for (time_t t = INT64_C(-30610224000); t < INT64_C(253402300800);
         t += 86400 * 29 + 40507) {
        ArenaMark mark = arena_mark(a);
        struct tm tm;
        gmtime_r(&t, &tm);
        for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
            char want[200];
            want[strftime(want, sizeof want - 1, patterns[i], &tm)] = '\0';
            Buf b = {.arena = a};
            date_format(&b, (Date){t, 0, DATE_SECOND}, str_from(patterns[i]));
            same(buf_str(&b), want, patterns[i]);
        }
        arena_reset(a, mark);
    }
    arena_free(a);
}

// As Ruby's Time#strftime.
static void formats_as_ruby(void **state) {
    (void)state;
    static const Pair pairs[] = {
        {"%b %d, %y", "Mar 04, 06"},
        {"%%%b %d, %y", "%Mar 04, 06"},
        {"%-d/%-m/%Y", "4/3/2006"},
        {"%_d|%0e|%-H|%-I|%-M", " 4|04|5|5|7"},
        {"%^a %^B %#b %#p %#Z", "SAT MARCH MAR am +07"},
        {"%P %p", "am AM"},
        {"%10A|%-10A|%010A|%^10a", "  Saturday|Saturday|00Saturday|       SAT"},
        {"%3d|%_5m|%06Y|%-5d", "004|    3|002006|4"},
        {"%z|%:z|%::z|%:::z", "+0700|+07:00|+07:00:00|+07"},
        {"%-z|%_z|%10z|%_10z|%10:z",
         "+700| +700|+000000700|      +700|+000007:00"},
        {"%Z", "+07"},
        {"%N|%3N|%L|%6L", "000000000|000|000|000000"},
        {"%s", "1141423629"},
        {"%C|%g|%G|%V|%u|%w|%U|%W|%j", "20|06|2006|09|6|6|09|09|063"},
        {"%D|%F|%T|%R|%r|%X|%x",
         "03/04/06|2006-03-04|05:07:09|05:07|05:07:09 AM|05:07:09|03/04/06"},
        {"%c", "Sat Mar  4 05:07:09 2006"},
        {"%v", " 4-MAR-2006"},
        {"%+", "Sat Mar  4 05:07:09 +07 2006"},
        {"%10F|%12F", "2006-03-04|  2006-03-04"},
        {"%h%n%t%%", "Mar\n\t%"},
        {"%Ey %Od %EY", "06 04 2006"},
        {"%Q %! %", "%Q %! %"},
        {"%:d %::::z %5", "%:d %::::z %5"},
        {"%E", "%E"},
        {"ngày %d tháng %m", "ngày 04 tháng 03"},
        {"", ""},
    };
    Arena *a = arena_new();
    Date d = must_parse("2006-03-04T05:07:09");
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        Buf b = {.arena = a};
        date_format(&b, d, str_from(pairs[i].in));
        same(buf_str(&b), pairs[i].out, pairs[i].in);
    }
    Buf b = {.arena = a};
    date_format(&b, d, S("%99999999999999999999Y"));
    assert_int_equal(b.len, 1000);
    Buf none = {.arena = a};
    date_format(&none, (Date){0}, S("%Y x"));
    assert_int_equal(none.len, 0);
    Buf noon = {.arena = a};
    date_format(&noon, must_parse("2006-03-04T12:00:00"), S("%I %l %p %k"));
    date_format(&noon, must_parse("2006-03-04T00:00:00"), S("/%I %l %p %k"));
    same(buf_str(&noon), "12 12 PM 12/12 12 AM  0", "noon");
    arena_free(a);
}

static void fixed_forms(void **state) {
    (void)state;
    static const struct {
        const char *in, *rfc3339, *rfc822, *ical, *admin, *weekday;
    } cases[] = {
        {"2023-05-01", "2023-05-01T00:00:00+07:00",
         "Mon, 01 May 2023 00:00:00 +0700", "20230430T170000Z", "01/5/2023",
         "Thứ Hai, 01/5/2023"},
        {"2023-02-02T08:30:15Z", "2023-02-02T08:30:15Z",
         "Thu, 02 Feb 2023 08:30:15 +0000", "20230202T083015Z", "02/02/2023",
         "Thứ Năm, 02/02/2023"},
        {"2014-06-09 21:40", "2014-06-09T21:40:00+07:00",
         "Mon, 09 Jun 2014 21:40:00 +0700", "20140609T144000Z", "09/6/2014",
         "Thứ Hai, 09/6/2014"},
        {"2024-02-29T12:00:00+07:00", "2024-02-29T12:00:00+07:00",
         "Thu, 29 Feb 2024 12:00:00 +0700", "20240229T050000Z", "29/02/2024",
         "Thứ Năm, 29/02/2024"},
        {"4/2023", "2023-04-01T00:00:00+07:00",
         "Sat, 01 Apr 2023 00:00:00 +0700", "20230331T170000Z", "4/2023",
         "4/2023"},
        {"2/2023", "2023-02-01T00:00:00+07:00",
         "Wed, 01 Feb 2023 00:00:00 +0700", "20230131T170000Z", "02/2023",
         "02/2023"},
        {"2023", "2023-01-01T00:00:00+07:00", "Sun, 01 Jan 2023 00:00:00 +0700",
         "20221231T170000Z", "2023", "2023"},
        {"0099-12-31", "0099-12-31T00:00:00+07:00",
         "Thu, 31 Dec 0099 00:00:00 +0700", "00991230T170000Z", "31/12/99",
         "Thứ Năm, 31/12/99"},
    };
    typedef void Format(Buf *, Date);
    Format *const formats[] = {date_rfc3339, date_rfc822, date_ical, date_admin,
                               date_admin_weekday};
    Arena *a = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const want[] = {cases[i].rfc3339, cases[i].rfc822,
                                    cases[i].ical, cases[i].admin,
                                    cases[i].weekday};
        for (size_t k = 0; k < 5; k++) {
            Buf b = {.arena = a};
            formats[k](&b, must_parse(cases[i].in));
            same(buf_str(&b), want[k], cases[i].in);
            Buf none = {.arena = a};
            formats[k](&none, (Date){0});
            assert_int_equal(none.len, 0);
        }
    }
    arena_free(a);
}

static void names_the_weekdays(void **state) {
    (void)state;
    static const char *const want[] = {"Chủ Nhật", "Thứ Hai", "Thứ Ba",
                                       "Thứ Tư",   "Thứ Năm", "Thứ Sáu",
                                       "Thứ Bảy"};
    Arena *a = arena_new();
    for (int i = 0; i < 7; i++) {
        DateParts p = {.year = 2025, .month = 3, .day = 2 + i};
        Buf b = {.arena = a};
        date_admin_weekday(&b, date_from_parts(p, VIET_NAM, DATE_DAY));
        assert_true(str_starts(buf_str(&b), str_from(want[i])));
    }
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_agrees),
        cmocka_unit_test(far_away_dates_do_not_overflow),
        cmocka_unit_test(reads_every_form),
        cmocka_unit_test(reads_the_instant),
        cmocka_unit_test(refuses_the_rest),
        cmocka_unit_test(ends_are_half_open),
        cmocka_unit_test(compares_by_instant),
        cmocka_unit_test(knows_zones),
        cmocka_unit_test(formats_as_the_c_library),
        cmocka_unit_test(formats_as_ruby),
        cmocka_unit_test(fixed_forms),
        cmocka_unit_test(names_the_weekdays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
