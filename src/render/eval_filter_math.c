// Arithmetic.
#include "render/eval_run.h"

static bool give(Value *v, Number n) {
    *v = number_value(n);
    return true;
}

bool filter_abs(Eval *e, const FilterArgs *args, Value *v) {
    (void)e, (void)args;
    Number n = number_of(v), zero = {.kind = NUMBER_INT};
    return give(v, number_cmp(n, zero) < 0 ? number_sub(zero, n) : n);
}

bool filter_plus(Eval *e, const FilterArgs *args, Value *v) {
    (void)e;
    return give(v, number_add(number_of(v), number_of(&args->pos[0])));
}

bool filter_minus(Eval *e, const FilterArgs *args, Value *v) {
    (void)e;
    return give(v, number_sub(number_of(v), number_of(&args->pos[0])));
}

bool filter_times(Eval *e, const FilterArgs *args, Value *v) {
    (void)e;
    return give(v, number_mul(number_of(v), number_of(&args->pos[0])));
}

bool filter_divided_by(Eval *e, const FilterArgs *args, Value *v) {
    Number out;
    if (!number_div(number_of(v), number_of(&args->pos[0]), &out))
        return filter_error(e, args, _("a number cannot be divided by 0"));
    return give(v, out);
}

bool filter_modulo(Eval *e, const FilterArgs *args, Value *v) {
    Number out;
    if (!number_mod(number_of(v), number_of(&args->pos[0]), &out))
        return filter_error(e, args, _("a number cannot be divided by 0"));
    return give(v, out);
}

bool filter_at_least(Eval *e, const FilterArgs *args, Value *v) {
    (void)e;
    Number n = number_of(v), least = number_of(&args->pos[0]);
    return give(v, number_cmp(n, least) < 0 ? least : n);
}

bool filter_at_most(Eval *e, const FilterArgs *args, Value *v) {
    (void)e;
    Number n = number_of(v), most = number_of(&args->pos[0]);
    return give(v, number_cmp(n, most) > 0 ? most : n);
}

bool filter_floor(Eval *e, const FilterArgs *args, Value *v) {
    (void)e, (void)args;
    return give(v, number_floor(number_of(v)));
}

bool filter_ceil(Eval *e, const FilterArgs *args, Value *v) {
    (void)e, (void)args;
    return give(v, number_ceil(number_of(v)));
}

bool filter_round(Eval *e, const FilterArgs *args, Value *v) {
    (void)e;
    int64_t digits = args->n ? number_to_int(&args->pos[0]) : 0;
    return give(v, number_round(number_of(v), digits));
}
