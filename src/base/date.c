// Civil days by arithmetic of our own (the proleptic Gregorian calendar), and
// zones as fixed offsets: nothing here asks the system.
#include "base/date.h"

enum { DAY_SECONDS = 86400, DAYS_TO_1970 = 719162, DAYS_IN_400_YEARS = 146097 };

// Beyond this many seconds a year no longer fits an int.
#define FAR_AWAY INT64_C(8000000000000000)

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

static bool is_leap(int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int date_days_in_month(int year, int month) {
    if (month == 2)
        return is_leap(year) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Days from 1 January of year 1.
static int64_t days_before_year(int64_t year) {
    int64_t y = year - 1;
    return 365 * y + floor_div(y, 4) - floor_div(y, 100) + floor_div(y, 400);
}

// Days of the year before that month.
static int days_before_month(int64_t year, int64_t month) {
    static const int16_t days[] = {0,   31,  59,  90,  120, 151,
                                   181, 212, 243, 273, 304, 334};
    return days[month - 1] + (month > 2 && is_leap(year));
}

// Months and days outside their range count on: month 13 is next January.
static int64_t days_before(int64_t year, int64_t month, int64_t day) {
    year += floor_div(month - 1, 12);
    month -= floor_div(month - 1, 12) * 12;
    return days_before_year(year) + days_before_month(year, month) + day - 1;
}

Date date_from_parts(DateParts p, int16_t zone, DatePrecision precision) {
    int64_t month = precision >= DATE_MONTH ? p.month : 1;
    int64_t day = precision >= DATE_DAY ? p.day : 1;
    int64_t days = days_before(p.year, month, day) - DAYS_TO_1970;
    int64_t time = 0;
    if (precision >= DATE_MINUTE)
        time = (int64_t)p.hour * 3600 + (int64_t)p.minute * 60;
    if (precision >= DATE_SECOND)
        time += p.second;
    return (Date){days * DAY_SECONDS + time - zone * 60, zone,
                  (uint8_t)precision};
}

static int64_t local_seconds(Date d) {
    int64_t t = d.unix_seconds;
    t = t > FAR_AWAY ? FAR_AWAY : t < -FAR_AWAY ? -FAR_AWAY : t;
    return t + d.offset_minutes * 60;
}

// The year is guessed from the mean length and moved by at most one; the month
// likewise.
static DateParts parts_of_day(int64_t days) {
    int64_t year = floor_div(days * 400, DAYS_IN_400_YEARS) + 1;
    int64_t start = days_before_year(year);
    if (days < start)
        start = days_before_year(--year);
    else if (days >= start + 365 + is_leap(year))
        start = days_before_year(++year);
    int yearday = (int)(days - start);
    int month = yearday < 12 * 29 ? yearday / 29 + 1 : 12; // or the one before
    while (yearday < days_before_month(year, month))
        month--;
    int day = yearday - days_before_month(year, month);
    int weekday = (int)(days + 1 - floor_div(days + 1, 7) * 7);
    return (DateParts){.year = (int)year,
                       .month = month,
                       .day = day + 1,
                       .weekday = weekday,
                       .yearday = yearday + 1};
}

DateParts date_parts(Date d) {
    int64_t t = local_seconds(d);
    int64_t days = floor_div(t, DAY_SECONDS);
    int second = (int)(t - days * DAY_SECONDS);
    DateParts p = parts_of_day(days + DAYS_TO_1970);
    p.hour = second / 3600;
    p.minute = second / 60 % 60;
    p.second = second % 60;
    return p;
}

Date date_in_zone(Date d, int16_t zone) {
    if (d.precision >= DATE_MINUTE)
        d.offset_minutes = zone;
    return d;
}

bool date_is_set(Date d) {
    return d.precision != DATE_NONE;
}

int date_cmp(Date a, Date b) {
    if (date_is_set(a) != date_is_set(b))
        return date_is_set(a) ? 1 : -1;
    return (a.unix_seconds > b.unix_seconds) -
           (a.unix_seconds < b.unix_seconds);
}

Date date_end(Date d) {
    DateParts p = date_parts(d);
    switch ((DatePrecision)d.precision) {
    case DATE_YEAR:
        p.year++;
        break;
    case DATE_MONTH:
        p.month++;
        break;
    case DATE_DAY:
        p.day++;
        break;
    default:
        return d;
    }
    return date_from_parts(p, d.offset_minutes, (DatePrecision)d.precision);
}

// --- Zones ---

typedef struct {
    Str name;
    int16_t minutes;
} Zone;

// Zones that have kept one offset for decades and have no summer time.
static const Zone zones[] = {
    {S_INIT("Asia/Ho_Chi_Minh"), 420},
    {S_INIT("Asia/Saigon"), 420},
    {S_INIT("Asia/Hanoi"), 420},
    {S_INIT("Asia/Bangkok"), 420},
    {S_INIT("Asia/Vientiane"), 420},
    {S_INIT("Asia/Phnom_Penh"), 420},
    {S_INIT("Asia/Jakarta"), 420},
    {S_INIT("Asia/Seoul"), 540},
    {S_INIT("Asia/Tokyo"), 540},
    {S_INIT("Asia/Singapore"), 480},
    {S_INIT("Asia/Kuala_Lumpur"), 480},
    {S_INIT("Asia/Manila"), 480},
    {S_INIT("Asia/Shanghai"), 480},
    {S_INIT("Asia/Hong_Kong"), 480},
    {S_INIT("Asia/Taipei"), 480},
    {S_INIT("Asia/Yangon"), 390},
    {S_INIT("Asia/Kolkata"), 330},
    {S_INIT("Asia/Dubai"), 240},
    {S_INIT("UTC"), 0},
    {S_INIT("Etc/UTC"), 0},
    {S_INIT("Etc/GMT"), 0},
    {S_INIT("GMT"), 0},
    {S_INIT("Z"), 0},
};

static int two_digits(const char *p) {
    bool ok = p[0] >= '0' && p[0] <= '9' && p[1] >= '0' && p[1] <= '9';
    return ok ? (p[0] - '0') * 10 + p[1] - '0' : 100;
}

// "+07:00" or "+0700"
static bool zone_offset(Str s, int16_t *minutes) {
    bool has_colon = s.len == 6 && s.ptr[3] == ':';
    if (!has_colon && s.len != 5)
        return false;
    if (s.ptr[0] != '+' && s.ptr[0] != '-')
        return false;
    int hour = two_digits(s.ptr + 1);
    int minute = two_digits(s.ptr + (has_colon ? 4 : 3));
    if (hour > 23 || minute > 59)
        return false;
    int total = hour * 60 + minute;
    *minutes = (int16_t)(s.ptr[0] == '-' ? -total : total);
    return true;
}

bool date_zone(Str name, int16_t *offset_minutes) {
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (str_eq_nocase(name, zones[i].name)) {
            *offset_minutes = zones[i].minutes;
            return true;
        }
    return zone_offset(name, offset_minutes);
}
