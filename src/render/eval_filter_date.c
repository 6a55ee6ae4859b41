// Dates, for people and for machines.
#include "render/eval_run.h"

// --- Anything to a date ---

// Month names and the like, in any order: "March 14, 2016", "14 Mar 2016
// 10:20", "Fri, 16 Jul 2004 01:00:00 +0700".
typedef struct {
    DateParts parts;
    bool has_time;
    int16_t zone;
} Loose;

static bool is_letter(char c) {
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static Str take_while(Str *s, bool (*is)(char)) {
    size_t n = 0;
    while (n < s->len && is(s->ptr[n]))
        n++;
    Str out = str_slice(*s, 0, n);
    *s = str_slice(*s, n, s->len);
    return out;
}

// The place of a word in a list of names in three letters, from 1; else 0.
static int place_of(Str word, const char *names) {
    Str three = str_slice(word, 0, 3);
    for (int i = 1; *names; i++, names += 3)
        if (word.len >= 3 && str_eq_nocase(three, (Str){names, 3}))
            return i;
    return 0;
}

static bool loose_word(Str word, Loose *out) {
    int month = place_of(word, "janfebmaraprmayjunjulaugsepoctnovdec");
    if (month)
        out->parts.month = month;
    return month || place_of(word, "sunmontuewedthufrisat") ||
           str_eq_nocase(word, S("at")) || str_eq_nocase(word, S("t")) ||
           str_eq_nocase(word, S("utc")) || str_eq_nocase(word, S("gmt")) ||
           str_eq_nocase(word, S("z")) || str_eq_nocase(word, S("st")) ||
           str_eq_nocase(word, S("nd")) || str_eq_nocase(word, S("rd")) ||
           str_eq_nocase(word, S("th"));
}

static bool loose_time(Str *s, int hour, Loose *out) {
    int64_t minute, second = 0;
    *s = str_slice(*s, 1, s->len);
    if (!str_to_int(take_while(s, is_digit), &minute))
        return false;
    if (s->len && s->ptr[0] == ':') {
        *s = str_slice(*s, 1, s->len);
        if (!str_to_int(take_while(s, is_digit), &second))
            return false;
    }
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    out->parts.hour = hour;
    out->parts.minute = (int)minute;
    out->parts.second = (int)second;
    out->has_time = true;
    return true;
}

static bool loose_number(Str *s, Loose *out) {
    Str digits = take_while(s, is_digit);
    int64_t n;
    if (digits.len > 4 || !str_to_int(digits, &n))
        return false;
    if (s->len && s->ptr[0] == ':')
        return loose_time(s, (int)n, out);
    if (digits.len == 4 && !out->parts.year)
        out->parts.year = (int)n;
    else if (n >= 1 && n <= 31 && !out->parts.day)
        out->parts.day = (int)n;
    else
        return false;
    return true;
}

// +0700 after a time
static bool loose_zone(Str *s, Loose *out) {
    int sign = s->ptr[0] == '-' ? -1 : 1;
    *s = str_slice(*s, 1, s->len);
    Str digits = take_while(s, is_digit);
    int64_t n;
    if (digits.len != 4 || !str_to_int(digits, &n) || n > 1400)
        return false;
    out->zone = (int16_t)(sign * (n / 100 * 60 + n % 100));
    return true;
}

static bool loose_date(Str s, int16_t zone, Date *out) {
    Loose found = {.zone = zone};
    while (s.len) {
        char c = s.ptr[0];
        bool good = true;
        if (is_letter(c))
            good = loose_word(take_while(&s, is_letter), &found);
        else if (is_digit(c))
            good = loose_number(&s, &found);
        else if (found.has_time && (c == '+' || c == '-'))
            good = loose_zone(&s, &found);
        else if (c == ' ' || c == ',' || c == '.' || c == '-' || c == '/')
            s = str_slice(s, 1, s.len);
        else
            return false;
        if (!good)
            return false;
    }
    if (!found.parts.year || !found.parts.month || !found.parts.day)
        return false;
    *out = date_from_parts(found.parts, found.zone,
                           found.has_time ? DATE_SECOND : DATE_DAY);
    return true;
}

static bool from_seconds(const Eval *e, int64_t seconds, Date *out) {
    const int64_t far = INT64_C(100000000000); // some 3,000 years
    if (seconds > far || seconds < -far)
        return false;
    *out = (Date){seconds, e->env->zone, DATE_SECOND};
    return true;
}

static bool all_digits(Str s) {
    for (size_t i = 0; i < s.len; i++)
        if (!is_digit(s.ptr[i]))
            return false;
    return s.len > 0;
}

// Four digits are a year to our own filters and, as in Ruby, seconds to `date`.
static bool from_text(const Eval *e, Str s, bool is_ours, Date *out) {
    size_t at;
    const char *why;
    int64_t seconds;
    if (all_digits(s) && !(is_ours && s.len == 4))
        return str_to_int(s, &seconds) && from_seconds(e, seconds, out);
    return date_parse(s, e->env->zone, true, out, &at, &why) ||
           loose_date(s, e->env->zone, out);
}

typedef enum { NO_DATE, A_DATE, FORBIDDEN } Found;

static Found now(Eval *e, const FilterArgs *args, Date *out) {
    if (date_is_set(e->env->now) && e->t->mode == LIQUID_PLAIN) {
        *out = e->env->now;
        return A_DATE;
    }
    eval_error(e, "E-NOW", args->at,
               _("'now' is not allowed in a site's layout"));
    diag_hint(e->job->diags, _("use clock.date or clock.year"));
    return FORBIDDEN;
}

static Found to_date(Eval *e, const FilterArgs *args, const Value *v,
                     Date *out) {
    bool good = false;
    if (v->kind == VALUE_STR) {
        Str s = str_trim(v->as.s);
        if (str_eq_nocase(s, S("now")) || str_eq_nocase(s, S("today")))
            return now(e, args, out);
        good = from_text(e, s, args->id != FILTER_date, out);
    } else if (v->kind == VALUE_INT || v->kind == VALUE_FLOAT) {
        good = from_seconds(e, number_to_int(v), out);
    } else if (v->kind == VALUE_DATE) {
        *out = v->as.date;
        good = date_is_set(*out);
    }
    return good ? A_DATE : NO_DATE;
}

// --- The filters ---

typedef void Put(Buf *out, Date d);

// What is no date stays what it is, and a date not set shows nothing.
static bool format(Eval *e, const FilterArgs *args, Value *v, Put *put) {
    Date d;
    Found found = to_date(e, args, v, &d);
    if (found == FORBIDDEN)
        return false;
    if (found == NO_DATE)
        return v->kind != VALUE_DATE || filter_give(v, (Str){0});
    Buf out = {.arena = e->arena};
    put(&out, d);
    return filter_give(v, buf_str(&out));
}

static void put_time(Buf *out, Date d) {
    if (d.precision >= DATE_MINUTE)
        date_format(out, d, S("%H:%M"));
}

bool filter_date(Eval *e, const FilterArgs *args, Value *v) {
    Date d;
    Str pattern = eval_str(e, &args->pos[0]);
    Found found = pattern.len ? to_date(e, args, v, &d) : NO_DATE;
    if (found != A_DATE)
        return found == NO_DATE;
    if (pattern.len > 10000)
        return filter_error(e, args, _("the pattern is too long"));
    Buf out = {.arena = e->arena};
    date_format(&out, d, pattern);
    return filter_give(v, buf_str(&out));
}

// --- In other languages: 1 May 2023, 2023년 5월 1일 ---

static void put_english(Buf *out, Date d) {
    date_format(out, d,
                d.precision >= DATE_DAY     ? S("%-d %B %Y")
                : d.precision == DATE_MONTH ? S("%B %Y")
                                            : S("%Y"));
}

static void put_english_weekday(Buf *out, Date d) {
    if (d.precision >= DATE_DAY)
        date_format(out, d, S("%A, "));
    put_english(out, d);
}

static void put_korean(Buf *out, Date d) {
    date_format(out, d,
                d.precision >= DATE_DAY     ? S("%Y년 %-m월 %-d일")
                : d.precision == DATE_MONTH ? S("%Y년 %-m월")
                                            : S("%Y년"));
}

static void put_korean_weekday(Buf *out, Date d) {
    static const Str names[] = {S_INIT("일"), S_INIT("월"), S_INIT("화"),
                                S_INIT("수"), S_INIT("목"), S_INIT("금"),
                                S_INIT("토")};
    put_korean(out, d);
    if (d.precision < DATE_DAY)
        return;
    buf_putc(out, ' ');
    buf_put(out, names[date_parts(d).weekday]);
    buf_put(out, S("요일"));
}

bool filter_date_admin(Eval *e, const FilterArgs *args, Value *v) {
    Str lang = e->env->lang;
    return format(e, args, v,
                  str_starts(lang, S("en"))   ? put_english
                  : str_starts(lang, S("ko")) ? put_korean
                                              : date_admin);
}

bool filter_date_weekday(Eval *e, const FilterArgs *args, Value *v) {
    Str lang = e->env->lang;
    return format(e, args, v,
                  str_starts(lang, S("en"))   ? put_english_weekday
                  : str_starts(lang, S("ko")) ? put_korean_weekday
                                              : date_admin_weekday);
}

bool filter_date_iso(Eval *e, const FilterArgs *args, Value *v) {
    return format(e, args, v, eval_put_date);
}

bool filter_time(Eval *e, const FilterArgs *args, Value *v) {
    return format(e, args, v, put_time);
}
