// Dates of any precision, as plans and reports write them: a year, a month, a
// day, a quarter, a range of these, a term of office.
//
//   period = [words] side [dash side]
//   side   = what date_parse takes | quarter
// The left side of a range may lack what the right one says: 04-06/2023,
// 05-07/5/2025, 28/4 - 02/5/2025.

#include <string.h>

#include "base/text.h"
#include "parse/type_kinds.h"
#include "parse/yaml.h"

// Words before a date that say nothing more than the date does.
static const Str words[] = {
    S_INIT("từ"),   S_INIT("tháng"),    S_INIT("năm học"),  S_INIT("năm"),
    S_INIT("ngày"), S_INIT("nhiệm kỳ"), S_INIT("nhiệm kì"), S_INIT("giai đoạn"),
};

static Str skip_words(Str s) {
    for (size_t i = 0; i < sizeof words / sizeof *words;) {
        Str rest = str_slice(s, words[i].len, s.len);
        if (str_starts(s, words[i]) && str_starts(rest, S(" "))) {
            s = str_trim(rest);
            i = 0;
        } else {
            i++;
        }
    }
    return s;
}

// "quý iii/2025", "quý 3/2025": the first month of the quarter; 0 if none.
static int quarter(Str s, Str *year) {
    static const Str roman[] = {S_INIT("iv"), S_INIT("iii"), S_INIT("ii"),
                                S_INIT("i"),  S_INIT("4"),   S_INIT("3"),
                                S_INIT("2"),  S_INIT("1")};
    static const int number[] = {4, 3, 2, 1, 4, 3, 2, 1};
    if (!str_starts(s, S("quý ")))
        return 0;
    s = str_trim(str_slice(s, sizeof "quý " - 1, s.len));
    for (size_t i = 0; i < 8; i++) {
        if (!str_starts(s, roman[i]))
            continue;
        Str rest = str_trim(str_slice(s, roman[i].len, s.len));
        if (str_starts(rest, S("/")))
            rest = str_slice(rest, 1, rest.len);
        *year = skip_words(str_trim(rest));
        return number[i] * 3 - 2;
    }
    return 0;
}

typedef struct {
    const KindCheck *k;
    Date from, to;
    size_t at; // where the last failure was, in the trimmed text
    const char *why;
} Period;

static bool read_quarter(Period *p, Str s) {
    Str year;
    int month = quarter(s, &year);
    Date d;
    if (!month || year.len != 4 ||
        !date_parse(year, p->k->how->zone, true, &d, &p->at, &p->why))
        return false;
    DateParts parts = date_parts(d);
    parts.month = month;
    p->from = date_from_parts(parts, p->k->how->zone, DATE_MONTH);
    parts.month = month + 2;
    p->to = date_from_parts(parts, p->k->how->zone, DATE_MONTH);
    return true;
}

static bool read_side(Period *p, Str s, Date *out) {
    return date_parse(skip_words(str_trim(s)), p->k->how->zone, true, out,
                      &p->at, &p->why);
}

// What the left side of a range lacks, from the right: as many parts between
// slashes as it takes to be as long.
static Str complete(Arena *a, Str left, Str right) {
    size_t l = 0, r = 0;
    for (size_t i = 0; i < left.len; i++)
        l += left.ptr[i] == '/';
    for (size_t i = 0; i < right.len; i++)
        r += right.ptr[i] == '/';
    Str rest = right, part;
    for (size_t i = 0; i <= l; i++)
        str_cut(&rest, '/', &part);
    if (l >= r || !rest.len)
        return left;
    return str_fmt(a, "%.*s/%.*s", STR_ARG(left), STR_ARG(rest));
}

static bool read_range(Period *p, Str left, Str right) {
    left = skip_words(str_trim(left));
    right = skip_words(str_trim(right));
    if (!left.len || !right.len || !read_side(p, right, &p->to))
        return false;
    left = complete(p->k->job->scratch, left, right);
    return read_side(p, left, &p->from) && date_cmp(p->from, p->to) <= 0;
}

static bool try_dash(Period *p, Str s, Str dash) {
    for (size_t at = 0;; at++) {
        at = str_find(s, dash, at);
        if (at == SIZE_MAX)
            return false;
        if (read_range(p, str_slice(s, 0, at),
                       str_slice(s, at + dash.len, s.len)))
            return true;
    }
}

static bool read_text(Period *p, Str s) {
    static const Str dashes[] = {S_INIT(".."), S_INIT("–"), S_INIT("—"),
                                 S_INIT(" đến "), S_INIT("-")};
    s = text_lower(p->k->job->scratch, s);
    if (s.len > 100)
        return false;
    if (read_quarter(p, s))
        return true;
    if (read_side(p, s, &p->from)) {
        p->to = p->from;
        return true;
    }
    size_t at = p->at;
    const char *why = p->why;
    for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++) {
        if (try_dash(p, s, dashes[i]))
            return true;
    }
    p->at = at;
    p->why = why;
    return false;
}

static Value period_value(const KindCheck *k, const Value *v, const Period *p,
                          Str text) {
    Value out = value_map(k->job->keep);
    value_set(k->job->keep, &out, S("from"), value_date(p->from));
    value_set(k->job->keep, &out, S("to"), value_date(p->to));
    value_set(k->job->keep, &out, S("text"), kind_str(v, text));
    return out;
}

// {from: 2025-04, to: 2025-06}
static bool read_map(const Value *v, Str from, Str to, Period *p) {
    return v->as.map->len == 2 && read_side(p, from, &p->from) &&
           read_side(p, to, &p->to) && date_cmp(p->from, p->to) <= 0;
}

// As offices write dates, in any language: 19/11/2026 – 15/12/2026, 4/2025 –
// 6/2025, 2023-2028.
static Str map_text(Arena *a, const Period *p) {
    Buf b = {.arena = a};
    bool are_years =
        p->from.precision == DATE_YEAR && p->to.precision == DATE_YEAR;
    bool is_one =
        date_cmp(p->from, p->to) == 0 && p->from.precision == p->to.precision;
    date_admin(&b, p->from);
    if (is_one)
        return buf_str(&b);
    buf_put(&b, are_years ? S("-") : S(" – "));
    date_admin(&b, p->to);
    return buf_str(&b);
}

static bool hint(const KindCheck *k) {
    diag_hint(k->job->diags,
              _("write a year, a month or a day, or a range of them: 2026, "
                "04/2026, 21/11/2026, 04-06/2026, 2023-2028"));
    return false;
}

bool kind_period(const KindCheck *k, const Value *v, Value *out) {
    Period p = {.k = k, .why = ""};
    Str from = value_get_str(v, S("from")), to = value_get_str(v, S("to")), s;
    bool ok;
    if (v->kind == VALUE_STR) {
        s = str_trim(v->as.s);
        ok = read_text(&p, s);
    } else if (from.len && to.len) {
        ok = read_map(v, from, to, &p);
        s = ok ? map_text(k->job->keep, &p)
               : str_fmt(k->job->scratch, "%.*s - %.*s", STR_ARG(from),
                         STR_ARG(to));
    } else {
        kind_wrong(k, v, _("a date or a span of time"));
        return hint(k);
    }
    if (ok) {
        *out = period_value(k, v, &p, s);
        return true;
    }
    Str name = kind_name(k);
    diag_error(k->job->diags, "E-DATE", kind_pos(k, v),
               _("%.*s: '%.*s' is neither a date nor a span of time"),
               STR_ARG(name), STR_ARG(s));
    return hint(k);
}
