// Dates, without the C library's locale or time zone tables: a build gives the
// same bytes on every machine. A zone is a fixed offset; Viet Nam has had one
// since 1975.
#ifndef LOA_BASE_DATE_H
#define LOA_BASE_DATE_H

#include "base/str.h"

typedef enum {
    DATE_NONE, // all-zero: no date at all
    DATE_YEAR,
    DATE_MONTH,
    DATE_DAY,
    DATE_MINUTE, // written without seconds
    DATE_SECOND,
} DatePrecision;

typedef struct {
    int64_t unix_seconds;   // start of the year, month or day when coarser
    int16_t offset_minutes; // east of UTC
    uint8_t precision;      // DatePrecision
} Date;

typedef struct {
    int year, month, day; // month and day from 1
    int hour, minute, second;
    int weekday; // 0 is Sunday
    int yearday; // from 1
} DateParts;

// The offset of a zone named in loa.yaml: "Asia/Ho_Chi_Minh", "UTC", "+07:00"
// and the other names of zones without daylight saving that it knows.
bool date_zone(Str name, int16_t *offset_minutes);

// ISO 8601 and RFC 3339 forms (with T or a space, fractions, Z, +07:00,
// +0700), "YYYY-MM-DD HH:MM", "YYYY-M-D", "DD/MM/YYYY [HH:MM]", years 1 to
// 9999. With `coarse` also "YYYY", "YYYY-MM" and "MM/YYYY". A value without a
// zone is in `zone` minutes; a fraction of a second is read and dropped. On
// failure *error_at is the byte where it stopped making sense (at most the
// length) and *why a short English reason for `_()`; *out is untouched.
bool date_parse(Str s, int16_t zone, bool coarse, Date *out, size_t *error_at,
                const char **why);

// The same instant as a clock in `zone` shows it. A date without a time is a
// day wherever it is, and stays.
Date date_in_zone(Date d, int16_t zone);

bool date_is_set(Date d);
DateParts date_parts(Date d);
Date date_from_parts(DateParts p, int16_t zone, DatePrecision precision);
int date_cmp(Date a, Date b); // by instant; no date comes before all others
int date_days_in_month(int year, int month);

// The instant just after: the next day, month or year for a coarse date, the
// same instant for one with a time. Windows are half open.
Date date_end(Date d);

// strftime's patterns (C locale), as Liquid's `date` filter wants them: flags
// - 0 ^ _ #, a width (at most 1000) and colons before z, as in %-d, %^a, %10A,
// %3N and %:z. What is no pattern stays as it is written. %Z is "UTC" or the
// offset, as in the zone database: "+07". Writes nothing for no date.
void date_format(Buf *out, Date d, Str pattern);
void date_iso(Buf *out, Date d);     // as precise as it is: 2024-02
void date_rfc3339(Buf *out, Date d); // Atom, JSON Feed, sitemap, <time>
void date_rfc822(Buf *out, Date d);  // RSS, English names
void date_ical(Buf *out, Date d); // 20240229T050000Z, in UTC (RFC 5545 3.3.5)

// The administrative way (domain rules): the day padded, months 1 and 2
// padded: 01/5/2023, 02/02/2023; a month is 4/2023, a year 2023.
void date_admin(Buf *out, Date d);
void date_admin_weekday(Buf *out, Date d); // Thứ Hai, 01/5/2023

#endif
