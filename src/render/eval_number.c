// Arithmetic the way Ruby's Liquid does it: integers stay integers, and a
// number with a fraction is a decimal number, so that 10.1 plus 2.2 is 12.3.
// Results become doubles again, printed with the fewest digits that give the
// same double back.
#include <math.h>
#include <stdio.h>

#include "render/eval_run.h"

enum { MAX_SCALE = 18 };

static Int128 power_of_ten(int n) {
    Int128 power = 1;
    while (n-- > 0)
        power *= 10;
    return power;
}

// --- Doubles to digits and back ---

typedef struct {
    char digits[20]; // without a point, no zeros at the end
    int n;
    int exponent; // of the first digit
    bool is_negative;
} Digits;

// "d.ddde+XX" to digits.
static void read_digits(const char *text, Digits *out) {
    *out = (Digits){.is_negative = *text == '-'};
    text += out->is_negative;
    for (; *text && *text != 'e'; text++)
        if (*text != '.' && out->n < 18)
            out->digits[out->n++] = *text;
    int64_t exponent = 0;
    if (*text == 'e')
        str_to_int(str_from(text + 1), &exponent);
    out->exponent = (int)exponent;
    while (out->n > 1 && out->digits[out->n - 1] == '0')
        out->n--;
}

static void shortest(double f, Digits *out) {
    char text[40];
    for (int precision = 14; precision <= 16; precision++) {
        double back;
        snprintf(text, sizeof text, "%.*e", precision, f);
        if (str_to_float(str_from(text), &back) && back == f)
            break;
    }
    read_digits(text, out);
}

static void put_fixed(Buf *out, const Digits *d) {
    int point = d->exponent + 1; // digits before it
    if (point <= 0)
        buf_put(out, S("0."));
    for (int i = point; i < 0; i++)
        buf_putc(out, '0');
    for (int i = 0; i < d->n || i <= point; i++) {
        if (i == point && i > 0)
            buf_putc(out, '.');
        if (i < d->n || i <= point)
            buf_putc(out, i < d->n ? d->digits[i] : '0');
    }
}

static void put_exponent(Buf *out, const Digits *d) {
    buf_putc(out, d->digits[0]);
    buf_putc(out, '.');
    buf_put(out, d->n > 1 ? (Str){d->digits + 1, (size_t)d->n - 1} : S("0"));
    buf_fmt(out, "e%+03d", d->exponent);
}

void number_put_float(Buf *out, double f) {
    if (f != f) {
        buf_put(out, S("NaN"));
        return;
    }
    if (f - f != 0) {
        buf_put(out, f > 0 ? S("Infinity") : S("-Infinity"));
        return;
    }
    Digits d;
    shortest(f, &d);
    if (d.is_negative)
        buf_putc(out, '-');
    if (d.exponent >= -4 && d.exponent < 16)
        put_fixed(out, &d);
    else
        put_exponent(out, &d);
}

// --- Values to numbers ---

static Number of_int(int64_t i) {
    return (Number){.kind = NUMBER_INT, .i = i, .coef = i, .f = (double)i};
}

static Number of_double(double f) {
    Number n = {.kind = NUMBER_DOUBLE, .f = f};
    Digits d;
    if (f - f != 0)
        return n;
    shortest(f, &d);
    int scale = d.n - 1 - d.exponent;
    if (scale > MAX_SCALE || d.exponent > MAX_SCALE - 1)
        return n;
    for (int i = 0; i < d.n; i++)
        n.coef = n.coef * 10 + (d.digits[i] - '0');
    if (scale < 0)
        n.coef *= power_of_ten(-scale);
    if (d.is_negative)
        n.coef = -n.coef;
    n.scale = scale < 0 ? 0 : scale;
    n.kind = NUMBER_DECIMAL;
    return n;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Ruby's to_i: the digits a text begins with.
static Number leading_int(Str s) {
    size_t n = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+');
    while (n < s.len && is_digit(s.ptr[n]))
        n++;
    int64_t i;
    double f;
    Str digits = str_slice(s, 0, n);
    if (str_to_int(digits, &i))
        return of_int(i);
    return str_to_float(digits, &f) ? of_double(f) : of_int(0);
}

// -?[0-9]+\.[0-9]+
static bool is_decimal(Str s) {
    size_t at = s.len && s.ptr[0] == '-', first = at;
    while (at < s.len && is_digit(s.ptr[at]))
        at++;
    if (at == first || at >= s.len || s.ptr[at] != '.')
        return false;
    for (first = ++at; at < s.len && is_digit(s.ptr[at]);)
        at++;
    return at == s.len && at > first;
}

static Number of_text(Str s) {
    s = str_trim(s);
    double f;
    if (is_decimal(s) && str_to_float(s, &f))
        return of_double(f);
    return leading_int(s);
}

Number number_of(const Value *v) {
    switch (v->kind) {
    case VALUE_INT:
        return of_int(v->as.i);
    case VALUE_FLOAT:
        return of_double(v->as.f);
    case VALUE_STR:
        return of_text(v->as.s);
    default:
        return of_int(0);
    }
}

// --- Numbers to values ---

static double to_double(Number n) {
    if (n.kind == NUMBER_INT)
        return (double)n.i;
    if (n.kind == NUMBER_DOUBLE)
        return n.f;
    Int128 power = power_of_ten(n.scale);
    Int128 limit = (Int128)1 << 53;
    if (n.coef < limit && n.coef > -limit && n.scale <= 22)
        return (double)n.coef / (double)power;
    return (double)((long double)n.coef / (long double)power);
}

Value number_value(Number n) {
    if (n.kind == NUMBER_INT)
        return value_int(n.i);
    return (Value){.kind = VALUE_FLOAT, .as.f = to_double(n)};
}

static int64_t double_to_int(double f) {
    if (f != f)
        return 0;
    if (f >= 0x1p63)
        return INT64_MAX;
    return f < -0x1p63 ? INT64_MIN : (int64_t)f;
}

int64_t number_to_int(const Value *v) {
    if (v->kind == VALUE_INT)
        return v->as.i;
    if (v->kind == VALUE_FLOAT)
        return double_to_int(v->as.f);
    if (v->kind != VALUE_STR)
        return 0;
    Number n = leading_int(str_trim(v->as.s));
    return n.kind == NUMBER_INT ? n.i : double_to_int(to_double(n));
}

bool number_strict_int(const Value *v, int64_t *out) {
    if (v->kind == VALUE_STR)
        return str_to_int(str_trim(v->as.s), out);
    if (v->kind == VALUE_INT)
        *out = v->as.i;
    return v->kind == VALUE_INT;
}

// --- Operations ---

static Number double_of(double f) {
    return (Number){.kind = NUMBER_DOUBLE, .f = f};
}

// Both with the same scale. False: they are integers or doubles.
static bool align(Number *a, Number *b) {
    if (a->kind == NUMBER_DOUBLE || b->kind == NUMBER_DOUBLE ||
        (a->kind == NUMBER_INT && b->kind == NUMBER_INT))
        return false;
    int scale = a->scale > b->scale ? a->scale : b->scale;
    a->coef *= power_of_ten(scale - a->scale);
    b->coef *= power_of_ten(scale - b->scale);
    a->scale = b->scale = scale;
    a->kind = b->kind = NUMBER_DECIMAL;
    return true;
}

static bool are_ints(Number a, Number b) {
    return a.kind == NUMBER_INT && b.kind == NUMBER_INT;
}

Number number_add(Number a, Number b) {
    int64_t i;
    if (are_ints(a, b) && !__builtin_add_overflow(a.i, b.i, &i))
        return of_int(i);
    if (!align(&a, &b))
        return double_of(to_double(a) + to_double(b));
    a.coef += b.coef;
    return a;
}

static Number negated(Number n) {
    int64_t i;
    if (n.kind == NUMBER_INT && !__builtin_sub_overflow(0, n.i, &i))
        return of_int(i);
    if (n.kind != NUMBER_DECIMAL)
        return double_of(-to_double(n));
    n.coef = -n.coef;
    return n;
}

Number number_sub(Number a, Number b) {
    int64_t i;
    if (are_ints(a, b) && !__builtin_sub_overflow(a.i, b.i, &i))
        return of_int(i);
    return number_add(a, negated(b));
}

Number number_mul(Number a, Number b) {
    int64_t i;
    if (are_ints(a, b) && !__builtin_mul_overflow(a.i, b.i, &i))
        return of_int(i);
    if (are_ints(a, b) || a.kind == NUMBER_DOUBLE || b.kind == NUMBER_DOUBLE)
        return double_of(to_double(a) * to_double(b));
    if (__builtin_mul_overflow(a.coef, b.coef, &a.coef))
        return double_of(to_double(a) * to_double(b));
    a.scale += b.scale;
    a.kind = NUMBER_DECIMAL;
    return a;
}

static bool is_zero(Number n) {
    return to_double(n) == 0;
}

// Towards minus infinity; b is not 0.
static Int128 floor_div(Int128 a, Int128 b) {
    Int128 q = a / b;
    return q - (a % b != 0 && (a < 0) != (b < 0));
}

static Number of_wide(Int128 i) {
    if (i >= INT64_MIN && i <= INT64_MAX)
        return of_int((int64_t)i);
    return double_of((double)i);
}

bool number_div(Number a, Number b, Number *out) {
    if (is_zero(b))
        return false;
    if (are_ints(a, b)) {
        *out = of_wide(floor_div(a.i, b.i));
        return true;
    }
    Int128 limit = (Int128)1 << 53;
    if (!align(&a, &b))
        *out = double_of(to_double(a) / to_double(b));
    else if (a.coef < limit && a.coef > -limit && b.coef < limit &&
             b.coef > -limit)
        *out = double_of((double)a.coef / (double)b.coef);
    else
        *out = double_of((double)((long double)a.coef / (long double)b.coef));
    return true;
}

bool number_mod(Number a, Number b, Number *out) {
    if (is_zero(b))
        return false;
    if (are_ints(a, b)) {
        *out = of_wide(a.i - floor_div(a.i, b.i) * b.i);
        return true;
    }
    if (!align(&a, &b)) {
        double x = to_double(a), y = to_double(b);
        *out = double_of(x - floor(x / y) * y);
        return true;
    }
    a.coef -= floor_div(a.coef, b.coef) * b.coef;
    *out = a;
    return true;
}

int number_cmp(Number a, Number b) {
    if (are_ints(a, b))
        return (a.i > b.i) - (a.i < b.i);
    if (align(&a, &b))
        return (a.coef > b.coef) - (a.coef < b.coef);
    double x = to_double(a), y = to_double(b);
    return (x > y) - (x < y);
}

// --- Rounding ---

// coef / power, half away from zero.
static Int128 round_div(Int128 coef, Int128 power) {
    Int128 half = power / 2;
    return coef < 0 ? -((-coef + half) / power) : (coef + half) / power;
}

static Number round_int(Number n, int64_t digits) {
    if (digits >= 0)
        return n;
    if (digits < -MAX_SCALE)
        return of_int(0);
    Int128 power = power_of_ten((int)-digits);
    return of_wide(round_div(n.coef, power) * power);
}

Number number_round(Number n, int64_t digits) {
    if (n.kind == NUMBER_INT)
        return round_int(n, digits);
    if (n.kind == NUMBER_DOUBLE) // has no digits to round, or all of them
        return fabs(n.f) < 1 && digits <= 0 ? of_int(0) : n;
    if (digits > 0) {
        if (digits >= n.scale)
            return n;
        n.coef = round_div(n.coef, power_of_ten(n.scale - (int)digits));
        n.scale = (int)digits;
        return n;
    }
    n.coef = round_div(n.coef, power_of_ten(n.scale));
    return round_int(of_wide(n.coef), digits);
}

Number number_floor(Number n) {
    if (n.kind == NUMBER_DECIMAL)
        return of_wide(floor_div(n.coef, power_of_ten(n.scale)));
    return n.kind == NUMBER_DOUBLE && fabs(n.f) < 1 ? of_int(n.f < 0 ? -1 : 0)
                                                    : n;
}

Number number_ceil(Number n) {
    return negated(number_floor(negated(n)));
}
