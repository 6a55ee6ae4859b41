// strftime after Ruby's manner, which Liquid's `date` filter promises, and the
// fixed forms for feeds, calendars and Vietnamese offices.
#include <string.h>

#include "base/date.h"

enum { WIDTH_MAX = 1000 };

// One conversion: %, flags, width, colons, letter.
typedef struct {
    char pad; // '-' none, '_' spaces, '0' zeros, 0 as usual
    bool upper, swap;
    size_t width, colons;
} Spec;

static const Str weekdays[] = {
    S_INIT("Sunday"),    S_INIT("Monday"),   S_INIT("Tuesday"),
    S_INIT("Wednesday"), S_INIT("Thursday"), S_INIT("Friday"),
    S_INIT("Saturday"),
};

static const Str months[] = {
    S_INIT("January"), S_INIT("February"), S_INIT("March"),
    S_INIT("April"),   S_INIT("May"),      S_INIT("June"),
    S_INIT("July"),    S_INIT("August"),   S_INIT("September"),
    S_INIT("October"), S_INIT("November"), S_INIT("December"),
};

static const Str thu[] = {
    S_INIT("Chủ Nhật"), S_INIT("Thứ Hai"), S_INIT("Thứ Ba"),  S_INIT("Thứ Tư"),
    S_INIT("Thứ Năm"),  S_INIT("Thứ Sáu"), S_INIT("Thứ Bảy"),
};

static void put_fill(Buf *out, size_t n, char c) {
    while (n-- > 0)
        buf_putc(out, c);
}

// The digits of a number from its end, without a sign.
static Str digits_of(int64_t value, char room[static 20]) {
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    size_t at = 20;
    do {
        room[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    return (Str){room + at, 20 - at};
}

// A number at least `width` wide, its sign before the zeros and behind the
// spaces.
static void put_padded(Buf *out, Spec spec, int64_t value, size_t width,
                       char usual) {
    char pad = spec.pad ? spec.pad : usual;
    width = pad == '-' ? 0 : spec.width ? spec.width : width;
    char room[20];
    Str digits = digits_of(value, room);
    bool has_sign = value < 0;
    size_t len = digits.len + has_sign;
    size_t fill = width > len ? width - len : 0;
    if (pad == '_')
        put_fill(out, fill, ' ');
    if (has_sign)
        buf_putc(out, '-');
    if (pad == '0')
        put_fill(out, fill, '0');
    buf_put(out, digits);
}

static void put_two(Buf *out, int n) {
    buf_putc(out, (char)('0' + n / 10 % 10));
    buf_putc(out, (char)('0' + n % 10));
}

static void put_number(Buf *out, Spec spec, int64_t value, size_t width) {
    put_padded(out, spec, value, width, '0');
}

static void swap_case(char *p, size_t n, bool to_lower) {
    for (size_t i = 0; i < n; i++) {
        bool is_upper = p[i] >= 'A' && p[i] <= 'Z';
        bool is_lower = p[i] >= 'a' && p[i] <= 'z';
        if (to_lower ? is_upper : is_lower)
            p[i] ^= 32;
    }
}

// Text is padded on the left with spaces. "#" means the other case: lower for
// what is written in capitals, else upper.
static void put_text(Buf *out, Spec spec, Str text, bool is_capitals) {
    size_t fill =
        spec.width > text.len && spec.pad != '-' ? spec.width - text.len : 0;
    put_fill(out, fill, spec.pad == '0' ? '0' : ' ');
    size_t start = out->len;
    buf_put(out, text);
    if (spec.upper || spec.swap)
        swap_case(out->ptr + start, text.len,
                  spec.swap && is_capitals && !spec.upper);
}

// Fractions are not kept, so every digit is a zero.
static void put_fraction(Buf *out, Spec spec, size_t usual) {
    put_fill(out, spec.width ? spec.width : usual, '0');
}

// +0700; with one colon +07:00, with two +07:00:00, with three no more than
// needed. Padding goes between the sign and the hour.
static void put_offset(Buf *out, Spec spec, Date d) {
    int minutes = d.offset_minutes < 0 ? -d.offset_minutes : d.offset_minutes;
    Buf rest = {.arena = out->arena};
    if (spec.colons && (spec.colons < 3 || minutes % 60))
        buf_putc(&rest, ':');
    if (spec.colons < 3 || minutes % 60)
        put_two(&rest, minutes % 60);
    if (spec.colons == 2)
        buf_put(&rest, S(":00"));
    bool is_bare = spec.pad == '-' || spec.pad == '_';
    size_t hour_len = is_bare && minutes < 600 ? 1 : 2;
    size_t len = 1 + hour_len + rest.len;
    size_t width = spec.width ? spec.width : 3 + rest.len;
    size_t fill = spec.pad != '-' && width > len ? width - len : 0;
    if (spec.pad == '_')
        put_fill(out, fill, ' ');
    buf_putc(out, d.offset_minutes < 0 ? '-' : '+');
    if (spec.pad != '_')
        put_fill(out, fill, '0');
    if (hour_len == 1)
        buf_putc(out, (char)('0' + minutes / 60));
    else
        put_two(out, minutes / 60);
    buf_put(out, buf_str(&rest));
}

static void put_zone(Buf *out, Spec spec, Date d) {
    Buf name = {.arena = out->arena};
    int minutes = d.offset_minutes < 0 ? -d.offset_minutes : d.offset_minutes;
    if (d.offset_minutes)
        buf_fmt(&name, "%c%02d", d.offset_minutes < 0 ? '-' : '+',
                minutes / 60);
    else
        buf_put(&name, S("UTC"));
    if (minutes % 60)
        buf_fmt(&name, "%02d", minutes % 60);
    put_text(out, spec, buf_str(&name), true);
}

// The ISO year and week: those of the week's Thursday.
static int iso_week(DateParts p, int *year) {
    int thursday = p.yearday + 3 - (p.weekday + 6) % 7;
    int length = 337 + date_days_in_month(p.year, 2);
    int before = 337 + date_days_in_month(p.year - 1, 2);
    *year = p.year;
    if (thursday < 1) {
        (*year)--;
        thursday += before;
    } else if (thursday > length) {
        (*year)++;
        thursday -= length;
    }
    return (thursday - 1) / 7 + 1;
}

static int floor_mod(int a, int b) {
    return (a % b + b) % b;
}

static int hour12(DateParts p) {
    return p.hour % 12 ? p.hour % 12 : 12;
}

static Str composite(char letter) {
    switch (letter) {
    case 'c':
        return S("%a %b %e %H:%M:%S %Y");
    case 'D':
    case 'x':
        return S("%m/%d/%y");
    case 'F':
        return S("%Y-%m-%d");
    case 'r':
        return S("%I:%M:%S %p");
    case 'R':
        return S("%H:%M");
    case 'T':
    case 'X':
        return S("%H:%M:%S");
    case 'v':
        return S("%e-%^b-%Y");
    case '+':
        return S("%a %b %e %H:%M:%S %Z %Y");
    default:
        return (Str){0};
    }
}

static bool put_year(Buf *out, Spec spec, DateParts p, char letter) {
    switch (letter) {
    case 'Y':
        put_number(out, spec, p.year, p.year < 0 ? 5 : 4);
        return true;
    case 'C':
        put_number(out, spec, (p.year - floor_mod(p.year, 100)) / 100, 2);
        return true;
    case 'y':
        put_number(out, spec, floor_mod(p.year, 100), 2);
        return true;
    default:
        return false;
    }
}

static bool put_week(Buf *out, Spec spec, DateParts p, char letter) {
    int iso_year;
    int week = iso_week(p, &iso_year);
    switch (letter) {
    case 'G':
        put_number(out, spec, iso_year, iso_year < 0 ? 5 : 4);
        return true;
    case 'g':
        put_number(out, spec, floor_mod(iso_year, 100), 2);
        return true;
    case 'V':
        put_number(out, spec, week, 2);
        return true;
    case 'U':
        put_number(out, spec, (p.yearday + 6 - p.weekday) / 7, 2);
        return true;
    case 'W':
        put_number(out, spec, (p.yearday + 6 - (p.weekday + 6) % 7) / 7, 2);
        return true;
    default:
        return false;
    }
}

static bool put_day(Buf *out, Spec spec, DateParts p, char letter) {
    switch (letter) {
    case 'm':
        put_number(out, spec, p.month, 2);
        return true;
    case 'd':
        put_number(out, spec, p.day, 2);
        return true;
    case 'e':
        put_padded(out, spec, p.day, 2, '_');
        return true;
    case 'j':
        put_number(out, spec, p.yearday, 3);
        return true;
    case 'u':
        put_number(out, spec, p.weekday ? p.weekday : 7, 1);
        return true;
    case 'w':
        put_number(out, spec, p.weekday, 1);
        return true;
    case 'A':
        put_text(out, spec, weekdays[p.weekday], false);
        return true;
    case 'a':
        put_text(out, spec, str_slice(weekdays[p.weekday], 0, 3), false);
        return true;
    case 'B':
        put_text(out, spec, months[p.month - 1], false);
        return true;
    case 'b':
    case 'h':
        put_text(out, spec, str_slice(months[p.month - 1], 0, 3), false);
        return true;
    default:
        return false;
    }
}

static bool put_time(Buf *out, Spec spec, DateParts p, char letter) {
    switch (letter) {
    case 'H':
        put_number(out, spec, p.hour, 2);
        return true;
    case 'k':
        put_padded(out, spec, p.hour, 2, '_');
        return true;
    case 'I':
        put_number(out, spec, hour12(p), 2);
        return true;
    case 'l':
        put_padded(out, spec, hour12(p), 2, '_');
        return true;
    case 'M':
        put_number(out, spec, p.minute, 2);
        return true;
    case 'S':
        put_number(out, spec, p.second, 2);
        return true;
    case 'L':
        put_fraction(out, spec, 3);
        return true;
    case 'N':
        put_fraction(out, spec, 9);
        return true;
    case 'p':
        put_text(out, spec, p.hour < 12 ? S("AM") : S("PM"), true);
        return true;
    case 'P':
        put_text(out, spec, p.hour < 12 ? S("am") : S("pm"), false);
        return true;
    default:
        return false;
    }
}

static bool put_other(Buf *out, Spec spec, Date d, char letter) {
    switch (letter) {
    case 's':
        put_number(out, spec, d.unix_seconds, 1);
        return true;
    case 'z':
        put_offset(out, spec, d);
        return true;
    case 'Z':
        put_zone(out, spec, d);
        return true;
    case 'n':
        put_text(out, spec, S("\n"), false);
        return true;
    case 't':
        put_text(out, spec, S("\t"), false);
        return true;
    case '%':
        put_text(out, spec, S("%"), false);
        return true;
    default:
        return false;
    }
}

// A date and what it is in its zone, which is worked out only once.
typedef struct {
    Date date;
    DateParts parts;
} Moment;

static void format(Buf *out, const Moment *m, Str pattern);

static bool put_conversion(Buf *out, Spec spec, const Moment *m, char letter) {
    DateParts p = m->parts;
    if (spec.colons && (letter != 'z' || spec.colons > 3))
        return false;
    Str pattern = composite(letter);
    if (pattern.len) {
        Buf text = {.arena = out->arena};
        format(&text, m, pattern); // no composite holds another
        put_text(out, spec, buf_str(&text), false);
        return true;
    }
    return put_year(out, spec, p, letter) || put_day(out, spec, p, letter) ||
           put_time(out, spec, p, letter) || put_week(out, spec, p, letter) ||
           put_other(out, spec, m->date, letter);
}

static bool read_flag(Spec *spec, char c) {
    switch (c) {
    case '-':
    case '_':
    case '0':
        spec->pad = c;
        return true;
    case '^':
        spec->upper = true;
        return true;
    case '#':
        spec->swap = true;
        return true;
    default:
        return false;
    }
}

// Flags, width, colons and the modifiers E and O, which change nothing in the
// C locale. Returns where the letter stands.
static size_t read_spec(Str s, size_t at, Spec *spec) {
    while (at < s.len && read_flag(spec, s.ptr[at]))
        at++;
    for (; at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9'; at++) {
        spec->width = spec->width * 10 + (size_t)(s.ptr[at] - '0');
        spec->width = spec->width < WIDTH_MAX ? spec->width : WIDTH_MAX;
    }
    for (; at < s.len && s.ptr[at] == ':'; at++)
        spec->colons++;
    if (at + 1 < s.len && (s.ptr[at] == 'E' || s.ptr[at] == 'O'))
        at++;
    return at;
}

static void format(Buf *out, const Moment *m, Str pattern) {
    for (size_t at = 0; at < pattern.len;) {
        size_t percent = str_find(pattern, S("%"), at);
        buf_put(out, str_slice(pattern, at, percent));
        if (percent >= pattern.len)
            return;
        Spec spec = {0};
        at = read_spec(pattern, percent + 1, &spec);
        bool done =
            at < pattern.len && put_conversion(out, spec, m, pattern.ptr[at]);
        at += done;
        if (!done)
            buf_put(out, str_slice(pattern, percent, at));
    }
}

void date_format(Buf *out, Date d, Str pattern) {
    if (date_is_set(d))
        format(out, &(Moment){d, date_parts(d)}, pattern);
}

void date_iso(Buf *out, Date d) {
    static const Str patterns[] = {
        [DATE_NONE] = S_INIT(""),           [DATE_YEAR] = S_INIT("%Y"),
        [DATE_MONTH] = S_INIT("%Y-%m"),     [DATE_DAY] = S_INIT("%F"),
        [DATE_MINUTE] = S_INIT("%FT%R%:z"), [DATE_SECOND] = S_INIT("%FT%T%:z"),
    };
    date_format(out, d, patterns[d.precision % 6]);
}

void date_rfc3339(Buf *out, Date d) {
    date_format(out, d, d.offset_minutes ? S("%FT%T%:z") : S("%FT%TZ"));
}

void date_rfc822(Buf *out, Date d) {
    date_format(out, d, S("%a, %d %b %Y %T %z"));
}

void date_ical(Buf *out, Date d) {
    d.offset_minutes = 0;
    date_format(out, d, S("%Y%m%dT%H%M%SZ"));
}

// Numbers that could be made others with one stroke get a zero before them:
// days below 10, and the months 1 and 2.
void date_admin(Buf *out, Date d) {
    if (!date_is_set(d))
        return;
    DateParts p = date_parts(d);
    if (d.precision >= DATE_DAY)
        buf_fmt(out, "%02d/", p.day);
    if (d.precision >= DATE_MONTH)
        buf_fmt(out, p.month < 3 ? "%02d/" : "%d/", p.month);
    buf_fmt(out, "%d", p.year);
}

void date_admin_weekday(Buf *out, Date d) {
    if (d.precision >= DATE_DAY) {
        buf_put(out, thu[date_parts(d).weekday]);
        buf_put(out, S(", "));
    }
    date_admin(out, d);
}
