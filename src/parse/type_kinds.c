#include "parse/type_kinds.h"

#include <string.h>

#include "base/escape.h"
#include "base/nearest.h"
#include "base/text.h"
#include "parse/yaml.h"

// --- helpers

Pos kind_pos(const KindCheck *k, const Value *v) {
    return source_pos(k->src, v->line, v->col);
}

Str kind_name(const KindCheck *k) {
    return field_title(k->job->scratch, k->path, k->field);
}

bool kind_wrong(const KindCheck *k, const Value *v, const char *what) {
    Str name = kind_name(k);
    diag_error(k->job->diags, "E-KIND", kind_pos(k, v), _("%.*s must be %s"),
               STR_ARG(name), what);
    Str example = kind_example(k->field);
    diag_hint(k->job->diags, _("write it like this: %.*s: %.*s"),
              STR_ARG(k->field->name), STR_ARG(example));
    return false;
}

bool kind_scalar(const KindCheck *k, const Value *v, const char *what,
                 Str *out) {
    if (v->kind != VALUE_STR)
        return kind_wrong(k, v, what);
    *out = str_trim(v->as.s);
    return true;
}

Value kind_str(const Value *v, Str s) {
    Value out = value_str(s);
    out.flags = v->flags & VALUE_CONTENT;
    return out;
}

bool kind_is_soft(const Job *job, const char *code) {
    return diag_level(job->diags, code, DIAG_ERROR) != DIAG_ERROR;
}

static bool limit_error(const KindCheck *k, const Value *v, bool is_min) {
    const Field *f = k->field;
    double limit = is_min ? f->min : f->max;
    bool is_number = f->kinds == 1u << FIELD_NUMBER && !f->many;
    bool is_items = f->many || f->kinds == 1u << FIELD_LIST;
    const char *fmt = is_min ? _("%.*s has fewer than %g characters")
                             : _("%.*s has more than %g characters");
    if (is_number)
        fmt = is_min ? _("%.*s is less than %g") : _("%.*s is more than %g");
    else if (is_items)
        fmt = is_min ? _("%.*s has fewer than %g items")
                     : _("%.*s has more than %g items");
    Str name = kind_name(k);
    diag_error(k->job->diags, "E-LENGTH", kind_pos(k, v), fmt, STR_ARG(name),
               limit);
    if (is_number)
        diag_hint(k->job->diags, _("check the number"));
    else
        diag_hint(k->job->diags,
                  is_min ? _("add to it, or leave it out") : _("shorten it"));
    return false;
}

bool kind_limits(const KindCheck *k, const Value *v, double n) {
    const Field *f = k->field;
    if (f->min == 0 && f->max == 0)
        return true;
    if (n < f->min)
        return limit_error(k, v, true);
    if (f->max != 0 && n > f->max)
        return limit_error(k, v, false);
    return true;
}

// Of a single value: the items of `many` are counted elsewhere.
static bool text_limits(const KindCheck *k, const Value *v, Str s) {
    const Field *f = k->field;
    return f->many || (f->min == 0 && f->max == 0) ||
           kind_limits(k, v, (double)text_count(s));
}

static const Str examples[FIELD_NKINDS] = {
    [FIELD_TEXT] = S_INIT("\"...\""),
    [FIELD_MARKDOWN] = S_INIT("\"...\""),
    [FIELD_NUMBER] = S_INIT("120"),
    [FIELD_BOOL] = S_INIT("true"),
    [FIELD_DATE] = S_INIT("2026-11-21"),
    [FIELD_DATETIME] = S_INIT("2026-11-21 08:30"),
    [FIELD_PERIOD] = S_INIT("04/2026"),
    [FIELD_LIST] = S_INIT("[..., ...]"),
    [FIELD_MAP] = S_INIT("{...: ...}"),
    [FIELD_REF] = S_INIT("ten-tep"),
    [FIELD_LAW] = S_INIT("\"Điều 105 Bộ luật Lao động 45/2019/QH14\""),
    [FIELD_URL] = S_INIT("https://..."),
    [FIELD_FILE] = S_INIT("ke-hoach.pdf"),
    [FIELD_IMAGE] = S_INIT("{file: anh.jpg, alt: \"...\"}"),
    [FIELD_PERSON_NAME] = S_INIT("\"Nguyễn Văn An\""),
    [FIELD_PHONE] = S_INIT("\"0263 3822 345\""),
    [FIELD_EMAIL] = S_INIT("ten@tinh.vn"),
    [FIELD_DOCNUM] = S_INIT("438/KH-LĐLĐ"),
};

Str kind_example(const Field *field) {
    if (field->kinds & 1u << FIELD_CHOICE && field->of.len)
        return field->of.items[0];
    for (unsigned i = 0; i < FIELD_NKINDS; i++) {
        if (field->kinds & 1u << i)
            return examples[i];
    }
    return S("...");
}

// --- text, numbers, truth

bool kind_text(const KindCheck *k, const Value *v, Value *out) {
    Str s = {0};
    if (!kind_scalar(k, v, _("text"), &s) || !text_limits(k, v, s))
        return false;
    *out = kind_str(v, k->field->verbatim ? v->as.s : s);
    return true;
}

bool kind_markdown(const KindCheck *k, const Value *v, Value *out) {
    if (v->kind != VALUE_STR)
        return kind_wrong(k, v, _("text"));
    if (!text_limits(k, v, v->as.s))
        return false;
    *out = kind_str(v, v->as.s);
    return true;
}

// 1.500 is one and a half to YAML and fifteen hundred to the editor.
static bool has_thousands(Str s) {
    size_t dot = str_find(s, S("."), 0);
    if (dot == SIZE_MAX || dot < 1 || dot > 3 || s.ptr[0] == '0')
        return false;
    bool is_group = (s.len - dot) % 4 == 0;
    for (size_t i = 0; i < s.len && is_group; i++)
        is_group = (s.ptr[i] >= '0' && s.ptr[i] <= '9') ||
                   (s.ptr[i] == '.' && (i - dot) % 4 == 0 && i >= dot);
    return is_group;
}

bool kind_number(const KindCheck *k, const Value *v, Value *out) {
    Str s = {0};
    if (!kind_scalar(k, v, _("a number"), &s))
        return false;
    Value plain = {.kind = VALUE_STR, .flags = VALUE_PLAIN, .as.s = s};
    Value n = value_resolve_plain(k->job->keep, &plain);
    bool is_float = n.kind == VALUE_FLOAT && n.as.f - n.as.f == 0; // no inf
    if ((n.kind != VALUE_INT && !is_float) || has_thousands(s)) {
        kind_wrong(k, v, _("a number"));
        diag_hint(k->job->diags,
                  _("write 1500 or 65.5, without spaces, unit or thousands "
                    "dots"));
        return false;
    }
    *out = n;
    out->flags = 0;
    return k->field->many ||
           kind_limits(k, v, is_float ? n.as.f : (double)n.as.i);
}

bool kind_bool(const KindCheck *k, const Value *v, Value *out) {
    bool b;
    if (!value_to_bool(v, &b))
        return kind_wrong(k, v, _("true or false"));
    *out = value_bool(b);
    return true;
}

// --- dates

static bool read_date(const KindCheck *k, const Value *v, Date *out) {
    Str s = {0};
    size_t at = 0;
    const char *why = "";
    if (!kind_scalar(k, v, _("a date"), &s))
        return false;
    if (date_parse(s, k->how->zone, false, out, &at, &why))
        return true;
    Str name = kind_name(k);
    diag_error(k->job->diags, "E-DATE", yaml_pos_in(k->src, v, at),
               _("%.*s: '%.*s' is not a date: %s"), STR_ARG(name), STR_ARG(s),
               _(why));
    diag_hint(k->job->diags,
              _("write it as 2026-11-21, 2026-11-21 08:30 or 21/11/2026"));
    return false;
}

bool kind_datetime(const KindCheck *k, const Value *v, Value *out) {
    Date d;
    if (!read_date(k, v, &d))
        return false;
    *out = value_date(date_in_zone(d, k->how->zone));
    return true;
}

bool kind_date(const KindCheck *k, const Value *v, Value *out) {
    Date d;
    if (!read_date(k, v, &d))
        return false;
    if (d.precision > DATE_DAY) {
        Str name = kind_name(k);
        diag_error(k->job->diags, "E-DATE", kind_pos(k, v),
                   _("%.*s is a day and takes no time"), STR_ARG(name));
        diag_hint(k->job->diags, _("leave out the hours and minutes"));
        return false;
    }
    *out = value_date(d);
    return true;
}

// --- words of a list, references

static Str choice_by_label(Arena *scratch, const Field *f, Str s) {
    Str key = text_fold(scratch, s);
    for (size_t i = 0; i < f->of.len; i++) {
        const Value *label = value_get(&f->of_labels, f->of.items[i]);
        Str text = label && label->kind == VALUE_STR
                       ? label->as.s
                       : value_get_str(label, S("vi"));
        if (text.len && str_eq(text_fold(scratch, text), key))
            return f->of.items[i];
    }
    return (Str){0};
}

static Str list_of(Arena *a, const Strs *words) {
    Buf b = {.arena = a};
    for (size_t i = 0; i < words->len && b.len < 200; i++)
        buf_fmt(&b, "%s%.*s", i ? ", " : "", STR_ARG(words->items[i]));
    if (b.len >= 200)
        buf_put(&b, S(", ..."));
    return buf_str(&b);
}

bool kind_choice(const KindCheck *k, const Value *v, Value *out) {
    Str s = {0};
    const Strs *of = &k->field->of;
    if (!kind_scalar(k, v, _("one word of a list"), &s))
        return false;
    for (size_t i = 0; i < of->len; i++) {
        if (str_eq_nocase(of->items[i], s)) {
            *out = kind_str(v, of->items[i]);
            return true;
        }
    }
    Str name = kind_name(k);
    diag_error(k->job->diags, "E-CHOICE", kind_pos(k, v),
               _("%.*s cannot be '%.*s'"), STR_ARG(name), STR_ARG(s));
    Str near = choice_by_label(k->job->scratch, k->field, s);
    if (!near.len)
        near = nearest(s, *of);
    if (near.len)
        diag_hint(k->job->diags, _("did you mean '%.*s'?"), STR_ARG(near));
    else
        diag_hint(k->job->diags, _("choose one of: %.*s"),
                  STR_ARG(list_of(k->job->scratch, of)));
    return false;
}

bool kind_ref(const KindCheck *k, const Value *v, Value *out) {
    Str s = {0};
    if (!kind_scalar(k, v, _("the name of a page"), &s))
        return false;
    if (str_ends(s, S(".md")))
        s.len -= 3; // `unit: ldld-tinh.md` is meant so
    *out = kind_str(v, s);
    return true;
}

// --- addresses and files

bool kind_url(const KindCheck *k, const Value *v, Value *out) {
    Str s = {0}, safe;
    if (!kind_scalar(k, v, _("a link"), &s))
        return false;
    if (!escape_safe_url(k->job->keep, s, &safe)) {
        Str name = kind_name(k);
        diag_error(k->job->diags, "E-URL", kind_pos(k, v),
                   _("%.*s: '%.*s' is not a link that may be shown"),
                   STR_ARG(name), STR_ARG(s));
        diag_hint(k->job->diags,
                  _("write the whole address, https:// included"));
        return false;
    }
    *out = kind_str(v, safe);
    return text_limits(k, v, safe);
}

static bool is_path(Str s) {
    for (size_t i = 0; i < s.len; i++) {
        if ((unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == '\\')
            return false;
    }
    return s.len && str_find(s, S("://"), 0) == SIZE_MAX &&
           !str_starts(s, S("//")) && !str_ends(s, S("/")) && s.len <= 1024;
}

bool kind_file(const KindCheck *k, const Value *v, Value *out) {
    Str s = {0};
    if (!kind_scalar(k, v, _("the name of a file"), &s))
        return false;
    if (!is_path(s)) {
        Str name = kind_name(k);
        diag_error(k->job->diags, "E-FILE", kind_pos(k, v),
                   _("%.*s: '%.*s' is not the name of a file of this site"),
                   STR_ARG(name), STR_ARG(s));
        diag_hint(k->job->diags,
                  _("put the file beside the text and write its name; folders "
                    "are divided by /"));
        return false;
    }
    *out = kind_str(v, s);
    return true;
}

// --- people

static Str squeeze(Arena *a, Str s) {
    Buf b = {.arena = a};
    bool space = false;
    for (size_t at = 0; at < s.len;) {
        uint32_t c = text_next(s, &at);
        bool is_space = c == ' ' || c == '\t' || c == '\n' || c == 0xa0;
        if (!is_space) {
            if (space && b.len)
                buf_putc(&b, ' ');
            text_put(&b, c);
        }
        space = is_space;
    }
    return buf_str(&b);
}

bool kind_person(const KindCheck *k, const Value *v, Value *out) {
    Str s = {0};
    if (!kind_scalar(k, v, _("a name"), &s))
        return false;
    s = squeeze(k->job->keep, s);
    bool has_digit = false;
    for (size_t i = 0; i < s.len; i++)
        has_digit |= s.ptr[i] >= '0' && s.ptr[i] <= '9';
    if (!s.len || has_digit || str_find(s, S("@"), 0) != SIZE_MAX) {
        Str name = kind_name(k);
        diag_error(k->job->diags, "E-NAME", kind_pos(k, v),
                   _("%.*s: '%.*s' is not the name of a person"), STR_ARG(name),
                   STR_ARG(s));
        diag_hint(k->job->diags, _("write the name alone, without year, "
                                   "number or address"));
        return false;
    }
    *out = kind_str(v, s);
    return text_limits(k, v, s);
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Digits, with one space where there was any divider.
static bool phone_digits(Buf *out, Str s, bool *plus) {
    *plus = str_starts(s, S("+")) || str_starts(s, S("(+"));
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool is_plus = c == '+' && (i == 0 || (i == 1 && s.ptr[0] == '('));
        if (!is_digit(c) && !strchr(" .-()", c) && !is_plus)
            return false;
        if (is_digit(c))
            buf_putc(out, c);
        else if (out->len && out->ptr[out->len - 1] != ' ')
            buf_putc(out, ' ');
    }
    while (out->len && out->ptr[out->len - 1] == ' ')
        out->len--;
    return out->len > 0;
}

static size_t count_digits(Str s) {
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += is_digit(s.ptr[i]);
    return n;
}

// Landlines 02 and 9 more digits, mobiles 03 05 07 08 09 and 8 more, hotlines
// 1800 and 1900, short numbers 11x and 10xx. 0000 is for samples.
static bool is_vietnamese(Str s) {
    size_t n = count_digits(s);
    char second = s.len > 1 ? s.ptr[1] : '0';
    if (str_starts(s, S("1800")) || str_starts(s, S("1900")))
        return n >= 8 && n <= 10;
    if (str_starts(s, S("0000")))
        return n == 10;
    if (s.ptr[0] == '1')
        return n == 3 || n == 4;
    return s.ptr[0] == '0' &&
           (second == '2' ? n == 11 : strchr("35789", second) && n == 10);
}

// "+84 912 ..." and "84912..." as they are dialled at home: "0912 ...".
static Str phone_home(Arena *a, Str s, bool plus, bool *is_abroad) {
    Str rest = {0};
    if (str_starts(s, S("84")) && (plus || count_digits(s) >= 11))
        rest = str_slice(s, 2, s.len);
    else if (str_starts(s, S("0084")))
        rest = str_slice(s, 4, s.len);
    *is_abroad = plus && !rest.len;
    rest = str_trim(rest);
    if (!rest.len)
        return s;
    return rest.ptr[0] == '0' ? rest : str_fmt(a, "0%.*s", STR_ARG(rest));
}

bool kind_phone(const KindCheck *k, const Value *v, Value *out) {
    Str s = {0};
    bool plus, is_abroad = false, ok;
    Buf b = {.arena = k->job->keep};
    if (!kind_scalar(k, v, _("a telephone number"), &s))
        return false;
    ok = phone_digits(&b, s, &plus);
    Str number =
        ok ? phone_home(k->job->keep, buf_str(&b), plus, &is_abroad) : (Str){0};
    if (ok && is_abroad) {
        size_t n = count_digits(number);
        ok = n >= 8 && n <= 15;
        number = str_fmt(k->job->keep, "+%.*s", STR_ARG(number));
    } else if (ok) {
        ok = is_vietnamese(number);
    }
    if (ok) {
        *out = kind_str(v, number);
        return true;
    }
    Str name = kind_name(k);
    diag_error(k->job->diags, "E-PHONE", kind_pos(k, v),
               _("%.*s: '%.*s' is not a Vietnamese telephone number"),
               STR_ARG(name), STR_ARG(s));
    diag_hint(k->job->diags,
              _("write 0912 345 678, 0263 3822 345, 1900 1234 or, from "
                "abroad, +49 ..."));
    return false;
}

static bool is_mail_char(char c, bool is_domain) {
    bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                   is_digit(c) || c == '-' || c == '.';
    return is_word || (!is_domain && c && strchr("_+!#$%&'*/=?^`{|}~", c));
}

static bool is_mail_part(Str s, bool is_domain) {
    if (!s.len || s.len > 190 || s.ptr[0] == '.' || s.ptr[s.len - 1] == '.' ||
        str_find(s, S(".."), 0) != SIZE_MAX)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!is_mail_char(s.ptr[i], is_domain))
            return false;
    }
    return !is_domain || str_find(s, S("."), 0) != SIZE_MAX;
}

bool kind_email(const KindCheck *k, const Value *v, Value *out) {
    Str s = {0}, rest, user;
    if (!kind_scalar(k, v, _("an e-mail address"), &s))
        return false;
    rest = s;
    str_cut(&rest, '@', &user);
    if (is_mail_part(user, false) && is_mail_part(rest, true)) {
        Str domain = str_lower(k->job->scratch, rest);
        *out = kind_str(v, str_fmt(k->job->keep, "%.*s@%.*s", STR_ARG(user),
                                   STR_ARG(domain)));
        return true;
    }
    Str name = kind_name(k);
    diag_error(k->job->diags, "E-EMAIL", kind_pos(k, v),
               _("%.*s: '%.*s' is not an e-mail address"), STR_ARG(name),
               STR_ARG(s));
    diag_hint(k->job->diags, _("write it as name@example.vn"));
    return false;
}
