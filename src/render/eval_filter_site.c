// Filters of a site: numbers and money as its language writes them, addresses,
// translations; and `default`.
#include "render/eval_run.h"

// --- number, money ---

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Whether a text is a number and nothing else.
static bool is_numeric(const Value *v) {
    double f;
    return v->kind == VALUE_INT || v->kind == VALUE_FLOAT ||
           (v->kind == VALUE_STR && str_to_float(str_trim(v->as.s), &f));
}

bool eval_has_point(Str lang) {
    static const Str langs[] = {S_INIT("en"), S_INIT("ko"), S_INIT("ja"),
                                S_INIT("zh")};
    for (size_t i = 0; i < sizeof langs / sizeof *langs; i++)
        if (str_starts(lang, langs[i]))
            return true;
    return false;
}

// 1234567.5 to 1.234.567,5 in Vietnamese, 1,234,567.5 in English.
static void put_grouped(const Eval *e, Str plain, Buf *out) {
    bool has_point = eval_has_point(e->env->lang);
    char group = has_point ? ',' : '.', point = has_point ? '.' : ',';
    size_t i = 0;
    if (str_starts(plain, S("-")))
        buf_putc(out, plain.ptr[i++]);
    size_t end = i;
    while (end < plain.len && is_digit(plain.ptr[end]))
        end++;
    for (; i < end; i++) {
        buf_putc(out, plain.ptr[i]);
        if (end - i > 1 && (end - i) % 3 == 1)
            buf_putc(out, group);
    }
    Str rest = str_slice(plain, end, plain.len);
    if (!str_starts(rest, S("."))) {
        buf_put(out, rest);
        return;
    }
    buf_putc(out, point);
    buf_put(out, str_slice(rest, 1, rest.len));
}

static void put_number(Eval *e, const FilterArgs *args, const Value *v,
                       Buf *out) {
    Number n = number_of(v);
    if (args->n)
        n = number_round(n, number_to_int(&args->pos[0]));
    Value shown = number_value(n);
    Str plain = eval_str(e, &shown);
    if (str_ends(plain, S(".0")))
        plain.len -= 2;
    put_grouped(e, plain, out);
}

bool filter_number(Eval *e, const FilterArgs *args, Value *v) {
    if (!is_numeric(v))
        return true;
    Buf out = {.arena = e->arena};
    put_number(e, args, v, &out);
    return filter_give(v, buf_str(&out));
}

bool filter_money(Eval *e, const FilterArgs *args, Value *v) {
    if (!is_numeric(v))
        return true;
    Buf out = {.arena = e->arena};
    put_number(e, args, v, &out);
    buf_put(&out, eval_has_point(e->env->lang) ? S(" VND") : S(" đồng"));
    return filter_give(v, buf_str(&out));
}

// --- relative_url, absolute_url, t ---

static bool url(Eval *e, Value *v, bool is_absolute) {
    const EvalHost *host = e->env->host;
    if (v->kind == VALUE_NULL)
        return true;
    Str path = eval_str(e, v);
    if (host && host->url)
        path = host->url(e->arena, host->ctx, path, is_absolute);
    return filter_give(v, path);
}

bool filter_relative_url(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    return url(e, v, false);
}

bool filter_absolute_url(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    return url(e, v, true);
}

// Without a site, the key itself.
bool filter_t(Eval *e, const FilterArgs *args, Value *v) {
    const EvalHost *host = e->env->host;
    Str key = eval_str(e, v);
    Value out = value_str(key);
    if (host && host->translate &&
        !host->translate(e->job, host->ctx, key, &args->named, &out))
        return filter_error(e, args, _("there is no text '%.*s' in i18n/"),
                            STR_ARG(key));
    if (e->env->no_escape)
        out.flags &= (uint8_t)~VALUE_HTML;
    *v = out;
    return true;
}

// --- default ---

static bool is_missing(const Value *v, bool allow_false) {
    switch (v->kind) {
    case VALUE_NULL:
        return true;
    case VALUE_BOOL:
        return !v->as.b && !allow_false;
    case VALUE_STR:
        return v->as.s.len == 0;
    case VALUE_LIST:
    case VALUE_MAP:
        return walk_size(v) == 0;
    case VALUE_DATE:
        return !date_is_set(v->as.date);
    default:
        return false;
    }
}

bool filter_default(Eval *e, const FilterArgs *args, Value *v) {
    (void)e;
    const Value *allow = value_get(&args->named, S("allow_false"));
    if (is_missing(v, value_is_truthy(allow)))
        *v = args->n ? args->pos[0] : value_str((Str){0});
    return true;
}
