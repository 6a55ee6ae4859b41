// Reads a date as people and programs write it. There is one way to read each
// form: with dashes the year comes first, with slashes the day does, and what
// fits neither is an error with the byte where it went wrong.
#include "base/date.h"
#include "base/diag.h"

typedef struct {
    Str s; // without white space at the end
    size_t at;
    bool coarse;
    DateParts parts;
    DatePrecision precision;
    size_t error_at;
    const char *why;
} Reader;

static bool fail(Reader *in, size_t at, const char *why) {
    in->error_at = at;
    in->why = why;
    return false;
}

static char peek(const Reader *in) {
    return in->at < in->s.len ? in->s.ptr[in->at] : '\0';
}

static bool at_end(const Reader *in) {
    return in->at >= in->s.len;
}

// How many digits there are; more than nine of them have no value of use.
static size_t digits(Reader *in, int *value) {
    size_t from = in->at;
    *value = 0;
    for (; peek(in) >= '0' && peek(in) <= '9'; in->at++)
        if (in->at - from < 9)
            *value = *value * 10 + (peek(in) - '0');
    return in->at - from;
}

static bool check_year(Reader *in, size_t at, size_t n, int year) {
    if (n != 4)
        return fail(in, at, N_("the year must have four digits"));
    if (year < 1)
        return fail(in, at, N_("the year must be 1 to 9999"));
    in->parts.year = year;
    return true;
}

static bool check_month(Reader *in, size_t at, size_t n, int month,
                        const char *why) {
    if (n < 1 || n > 2 || month < 1 || month > 12)
        return fail(in, at, why);
    in->parts.month = month;
    return true;
}

// Last of the three: whether there is such a day depends on the others.
static bool check_day(Reader *in, size_t at, size_t n, int day) {
    if (n < 1 || n > 2 || day < 1 || day > 31)
        return fail(in, at, N_("the day must be 1 to 31"));
    if (day > date_days_in_month(in->parts.year, in->parts.month))
        return fail(in, at, N_("this day does not exist in this month"));
    in->parts.day = day;
    in->precision = DATE_DAY;
    return true;
}

// year-first = YYYY "-" M [ "-" D ]
static bool read_year_first(Reader *in, size_t from, int year) {
    int month, day;
    if (!check_year(in, from, 4, year))
        return false;
    size_t at = ++in->at;
    size_t n = digits(in, &month);
    if (!check_month(in, at, n, month, N_("the month must be 1 to 12")))
        return false;
    if (at_end(in)) {
        in->precision = DATE_MONTH;
        return in->coarse || fail(in, in->at, N_("the day is missing"));
    }
    if (peek(in) != '-')
        return fail(in, in->at, N_("a dash must follow the month"));
    at = ++in->at;
    n = digits(in, &day);
    return check_day(in, at, n, day);
}

// day-first = D "/" M "/" YYYY | M "/" YYYY
static bool read_day_first(Reader *in, size_t from, size_t len, int first) {
    static const char *const why =
        N_("the month must be 1 to 12, and the day comes before it");
    int second, year;
    size_t at = ++in->at;
    size_t n = digits(in, &second);
    if (n == 4 && peek(in) != '/') {
        in->precision = DATE_MONTH;
        if (!in->coarse)
            return fail(in, from, N_("the day is missing"));
        return check_month(in, from, len, first,
                           N_("the month must be 1 to 12")) &&
               check_year(in, at, n, second);
    }
    if (!check_month(in, at, n, second, why))
        return false;
    if (peek(in) != '/')
        return fail(in, in->at, N_("a slash and the year must follow"));
    at = ++in->at;
    n = digits(in, &year);
    return check_year(in, at, n, year) && check_day(in, from, len, first);
}

static bool read_year_alone(Reader *in, size_t from, int year) {
    in->precision = DATE_YEAR;
    if (!in->coarse)
        return fail(in, in->at, N_("the month and the day are missing"));
    return check_year(in, from, 4, year);
}

// date = year-first | day-first | YYYY
static bool read_date(Reader *in) {
    int first;
    size_t from = in->at, n = digits(in, &first);
    if (n == 0)
        return fail(in, from,
                    N_("a date is written in numbers, YYYY-MM-DD or "
                       "DD/MM/YYYY"));
    if (n != 1 && n != 2 && n != 4)
        return fail(in, from, N_("the year must have four digits"));
    if (n == 4 && peek(in) == '-')
        return read_year_first(in, from, first);
    if (n == 4 && at_end(in))
        return read_year_alone(in, from, first);
    if (n < 4 && peek(in) == '/')
        return read_day_first(in, from, n, first);
    if (n == 4)
        return fail(in, in->at,
                    N_("a dash must follow the year; with slashes the day "
                       "comes first"));
    return fail(in, in->at,
                N_("with dashes the year comes first, with slashes the day "
                   "does"));
}

static bool read_two(Reader *in, int max, const char *why, int *value) {
    size_t at = in->at;
    if (digits(in, value) != 2)
        return fail(in, at, N_("a time is written HH:MM, two digits each"));
    return *value <= max || fail(in, at, why);
}

// clock = HH ":" MM [ ":" SS [ ("." | ",") digits ] ]
static bool read_clock(Reader *in) {
    int fraction;
    if (!read_two(in, 23, N_("the hour must be 0 to 23"), &in->parts.hour))
        return false;
    if (peek(in) != ':')
        return fail(in, in->at, N_("a time is written HH:MM, two digits each"));
    in->at++;
    if (!read_two(in, 59, N_("the minute must be 0 to 59"), &in->parts.minute))
        return false;
    in->precision = DATE_MINUTE;
    if (peek(in) != ':')
        return true;
    in->at++;
    in->precision = DATE_SECOND;
    if (!read_two(in, 59, N_("the second must be 0 to 59"), &in->parts.second))
        return false;
    if (peek(in) != '.' && peek(in) != ',')
        return true;
    in->at++;
    return digits(in, &fraction) > 0 ||
           fail(in, in->at, N_("digits must follow the point"));
}

// zone = [ " " ] ( "Z" | sign HH ":" MM | sign HHMM )
static bool read_zone(Reader *in, int16_t *zone) {
    if (at_end(in))
        return true;
    size_t from = in->at + (peek(in) == ' ');
    Str name = str_slice(in->s, from, in->s.len);
    bool is_offset = str_eq_nocase(name, S("Z")) || str_starts(name, S("+")) ||
                     str_starts(name, S("-"));
    if (is_offset && date_zone(name, zone))
        return true;
    return fail(in, from,
                N_("only a time zone may follow the time, Z or +07:00"));
}

// value = date [ ("T" | spaces) clock [ zone ] ]
static bool read_value(Reader *in, int16_t *zone) {
    if (!read_date(in))
        return false;
    if (at_end(in))
        return true;
    if (in->precision < DATE_DAY)
        return fail(in, in->at, N_("nothing may follow the year"));
    if (peek(in) == 'T' || peek(in) == 't') {
        in->at++;
    } else if (peek(in) == ' ') {
        while (peek(in) == ' ')
            in->at++;
    } else {
        return fail(in, in->at,
                    N_("a space or T must come between date and time"));
    }
    return read_clock(in) && read_zone(in, zone);
}

static bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool date_parse(Str s, int16_t zone, bool coarse, Date *out, size_t *error_at,
                const char **why) {
    Reader in = {.s = s, .coarse = coarse};
    while (in.s.len && is_blank(in.s.ptr[in.s.len - 1]))
        in.s.len--;
    while (in.at < in.s.len && is_blank(in.s.ptr[in.at]))
        in.at++;
    if (!read_value(&in, &zone)) {
        *error_at = in.error_at;
        *why = in.why;
        return false;
    }
    *out = date_from_parts(in.parts, zone, in.precision);
    return true;
}
