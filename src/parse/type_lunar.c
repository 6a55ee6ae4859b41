// `lunar: {day: lunar.from, year: year}` of a date field: when the field is not
// written, its day is worked out from a lunar day such as 15/12. A campaign for
// Tết 2027 begins before it and ends after it, so months 11 and 12 are those
// that end with the Tết of the year.

#include "parse/type_lunar.h"

#include "base/lunar.h"

const Value *type_lunar_value(const KindCheck *k, const Value *map) {
    Str rest = k->field->lunar_day, name;
    const Value *v = map;
    while (v && rest.len) {
        str_cut(&rest, '.', &name);
        v = value_get(v, name);
    }
    bool is_empty = !v || v->kind == VALUE_NULL ||
                    (v->kind == VALUE_STR && !str_trim(v->as.s).len);
    return is_empty ? NULL : v;
}

static bool complain(const KindCheck *k, const Value *v) {
    diag_error(k->job->diags, "E-LUNAR", source_pos(k->src, v->line, v->col),
               _("this is no day of the lunar calendar"));
    diag_hint(k->job->diags, _("write day and month, such as 15/12"));
    return false;
}

static bool complain_table(const KindCheck *k, const Value *v) {
    diag_error(k->job->diags, "E-LUNAR", source_pos(k->src, v->line, v->col),
               _("the lunar calendar is known from %d to %d only"), LUNAR_FIRST,
               LUNAR_LAST);
    diag_hint(k->job->diags,
              _("write %.*s with a day of the solar calendar instead"),
              STR_ARG(k->field->name));
    return false;
}

static bool complain_length(const KindCheck *k, const Value *v, LunarDay d) {
    int len = lunar_month_length(d.year, d.month);
    diag_error(k->job->diags, "E-LUNAR", source_pos(k->src, v->line, v->col),
               _("this lunar month has %d days"), len);
    diag_hint(k->job->diags, _("write %d/%d at the latest"), len, d.month);
    return false;
}

static bool read_day(const Value *v, LunarDay *out) {
    if (v->kind != VALUE_STR)
        return false;
    Str rest = str_trim(v->as.s), day;
    int64_t d, m;
    if (!str_cut(&rest, '/', &day) || !str_to_int(str_trim(day), &d) ||
        !str_to_int(str_trim(rest), &m) || d < 1 || d > 30 || m < 1 || m > 12)
        return false;
    out->day = (int)d;
    out->month = (int)m;
    return true;
}

bool type_lunar(const KindCheck *k, const Value *map, const Value *v,
                Value *out) {
    const Value *written = value_get(map, k->field->lunar_year);
    int64_t year;
    LunarDay d = {0};
    Date date;
    if (!read_day(v, &d))
        return complain(k, v);
    if (!written || written->kind != VALUE_STR ||
        !str_to_int(str_trim(written->as.s), &year) || year < LUNAR_FIRST ||
        year > LUNAR_LAST)
        return complain_table(k, v);
    d.year = (int)year - (d.month >= 11);
    int len = lunar_month_length(d.year, d.month);
    if (!len)
        return complain_table(k, v);
    if (d.day > len || !lunar_day(d, k->how->zone, &date))
        return complain_length(k, v, d);
    *out = value_date(date);
    out->line = v->line;
    out->col = v->col;
    return true;
}
