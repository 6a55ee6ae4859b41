#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

Str str_from(const char *cstr) {
    return cstr ? (Str){cstr, strlen(cstr)} : (Str){0};
}

// Most names that differ do so in the length or the first byte.
bool str_eq(Str a, Str b) {
    if (a.len != b.len || a.len == 0)
        return a.len == b.len;
    return a.ptr[0] == b.ptr[0] && memcmp(a.ptr, b.ptr, a.len) == 0;
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool str_eq_nocase(Str a, Str b) {
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}

int str_cmp(Str a, Str b) {
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n ? memcmp(a.ptr, b.ptr, n) : 0;
    return c ? c : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(Str s, Str prefix) {
    return s.len >= prefix.len && str_eq(str_slice(s, 0, prefix.len), prefix);
}

bool str_ends(Str s, Str suffix) {
    return s.len >= suffix.len &&
           str_eq(str_slice(s, s.len - suffix.len, s.len), suffix);
}

Str str_slice(Str s, size_t from, size_t to) {
    to = to < s.len ? to : s.len;
    from = from < to ? from : to;
    return s.ptr ? (Str){s.ptr + from, to - from} : s;
}

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

Str str_trim(Str s) {
    size_t from = 0, to = s.len;
    while (from < to && is_space(s.ptr[from]))
        from++;
    while (to > from && is_space(s.ptr[to - 1]))
        to--;
    return str_slice(s, from, to);
}

size_t str_find(Str s, Str needle, size_t from) {
    if (from > s.len || needle.len > s.len - from)
        return SIZE_MAX;
    if (!needle.len)
        return from;
    if (needle.len == 1 && from == s.len)
        return SIZE_MAX;
    const char *p =
        needle.len == 1
            ? memchr(s.ptr + from, needle.ptr[0], s.len - from)
            : memmem(s.ptr + from, s.len - from, needle.ptr, needle.len);
    return p ? (size_t)(p - s.ptr) : SIZE_MAX;
}

bool str_cut(Str *rest, char sep, Str *head) {
    if (!rest->ptr)
        return false;
    const char *p = rest->len ? memchr(rest->ptr, sep, rest->len) : NULL;
    if (!p) {
        *head = *rest;
        *rest = (Str){0};
        return true;
    }
    size_t n = (size_t)(p - rest->ptr);
    *head = str_slice(*rest, 0, n);
    *rest = str_slice(*rest, n + 1, rest->len);
    return true;
}

// Eight bytes at a time, each mixed by a multiplication whose upper half is
// folded back.
uint64_t str_hash(Str s) {
    const uint64_t odd = 0x9e3779b97f4a7c15;
    uint64_t h = s.len * odd, word;
    for (; s.len >= sizeof word; s = str_slice(s, sizeof word, s.len)) {
        memcpy(&word, s.ptr, sizeof word);
        h = (h ^ word) * odd;
        h ^= h >> 32;
    }
    word = 0;
    if (s.len)
        memcpy(&word, s.ptr, s.len);
    h = (h ^ word) * odd;
    return h ^ h >> 29;
}

static char *copy(Arena *a, Str s) {
    char *p = arena_bytes(a, s.len + 1);
    if (s.len)
        memcpy(p, s.ptr, s.len);
    p[s.len] = '\0';
    return p;
}

const char *str_cstr(Arena *a, Str s) {
    return copy(a, s);
}

Str str_copy(Arena *a, Str s) {
    return (Str){copy(a, s), s.len};
}

Str str_lower(Arena *a, Str s) {
    char *p = copy(a, s);
    for (size_t i = 0; i < s.len; i++)
        p[i] = lower(p[i]);
    return (Str){p, s.len};
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool str_to_int(Str s, int64_t *out) {
    bool is_negative = s.len && s.ptr[0] == '-';
    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+'))
        s = str_slice(s, 1, s.len);
    if (!s.len)
        return false;
    int64_t n = 0; // counts down: the negative range is the larger one
    for (size_t i = 0; i < s.len; i++)
        if (!is_digit(s.ptr[i]) || __builtin_mul_overflow(n, 10, &n) ||
            __builtin_sub_overflow(n, s.ptr[i] - '0', &n))
            return false;
    if (!is_negative && __builtin_sub_overflow(0, n, &n))
        return false;
    *out = n;
    return true;
}

// The digits of a decimal number without its point: mantissa * 10^exponent.
typedef struct {
    uint64_t mantissa;
    int64_t exponent;
    size_t digits;
} Decimal;

// What does not fit into 19 digits only moves the exponent.
static size_t read_digits(Str s, size_t at, bool is_fraction, Decimal *d) {
    for (; at < s.len && is_digit(s.ptr[at]); at++) {
        d->digits++;
        bool fits = d->mantissa < UINT64_MAX / 10 - 1;
        if (fits)
            d->mantissa = d->mantissa * 10 + (uint64_t)(s.ptr[at] - '0');
        d->exponent += !fits - is_fraction;
    }
    return at;
}

static bool read_decimal(Str s, Decimal *d) {
    size_t at = read_digits(s, 0, false, d);
    if (at < s.len && s.ptr[at] == '.')
        at = read_digits(s, at + 1, true, d);
    if (!d->digits)
        return false;
    if (at < s.len && (s.ptr[at] == 'e' || s.ptr[at] == 'E')) {
        int64_t e;
        if (!str_to_int(str_slice(s, at + 1, s.len), &e))
            return false;
        e = e > 100000 ? 100000 : e < -100000 ? -100000 : e;
        d->exponent += e;
        at = s.len;
    }
    return at == s.len;
}

// One rounding when the mantissa and the power of ten are exact, which holds
// for every number people write; within one unit in the last place else.
static double scale(Decimal d) {
    long double x = (long double)d.mantissa, power = 1, base = 10;
    int64_t e = d.exponent < 0 ? -d.exponent : d.exponent;
    if (e > 400 && d.exponent < 0 && d.mantissa) { // towards denormals
        x /= 1e300L;
        e -= 300;
    }
    if (!d.mantissa || e > 400)
        return !d.mantissa || d.exponent < 0 ? 0 : __builtin_inf();
    for (; e; e >>= 1, base *= base)
        if (e & 1)
            power *= base;
    bool is_exact = d.mantissa <= (uint64_t)1 << 53 && d.exponent >= -22 &&
                    d.exponent <= 22;
    if (is_exact)
        return d.exponent < 0 ? (double)d.mantissa / (double)power
                              : (double)d.mantissa * (double)power;
    return (double)(d.exponent < 0 ? x / power : x * power);
}

bool str_to_float(Str s, double *out) {
    bool is_negative = s.len && s.ptr[0] == '-';
    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+'))
        s = str_slice(s, 1, s.len);
    Decimal d = {0};
    if (!read_decimal(s, &d))
        return false;
    double x = scale(d);
    if (__builtin_isinf(x))
        return false;
    *out = is_negative ? -x : x;
    return true;
}

static void grow(Buf *b, size_t more) {
    size_t grow = b->cap + more + 64;
    if (b->cap && arena_extend(b->arena, b->ptr, b->cap, grow)) {
        b->cap += grow;
        return;
    }
    char *p = arena_bytes(b->arena, b->cap + grow);
    if (b->len)
        memcpy(p, b->ptr, b->len);
    b->ptr = p;
    b->cap += grow;
}

void buf_reserve(Buf *b, size_t more) {
    if (more > b->cap - b->len)
        grow(b, more);
}

void buf_put(Buf *b, Str s) {
    if (s.len > b->cap - b->len)
        grow(b, s.len);
    if (s.len)
        memcpy(b->ptr + b->len, s.ptr, s.len);
    b->len += s.len;
}

void buf_putc(Buf *b, char c) {
    if (b->len == b->cap)
        grow(b, 1);
    b->ptr[b->len++] = c;
}

__attribute__((format(printf, 2, 0))) static void
buf_vfmt(Buf *b, const char *fmt, va_list ap) {
    va_list again;
    va_copy(again, ap);
    buf_reserve(b, 64);
    size_t room = b->cap - b->len;
    int n = vsnprintf(b->ptr + b->len, room, fmt, ap);
    if (n > 0 && (size_t)n >= room) {
        buf_reserve(b, (size_t)n + 1);
        vsnprintf(b->ptr + b->len, (size_t)n + 1, fmt, again);
    }
    b->len += n > 0 ? (size_t)n : 0;
    va_end(again);
}

void buf_fmt(Buf *b, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    buf_vfmt(b, fmt, ap);
    va_end(ap);
}

Str buf_str(const Buf *b) {
    return (Str){b->ptr, b->len};
}

// Most texts are short: they are made here and take no more room than they
// need.
Str str_vfmt(Arena *a, const char *fmt, va_list ap) {
    char room[256];
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(room, sizeof room, fmt, ap);
    Buf b = {.arena = a};
    if (n >= (int)sizeof room)
        buf_vfmt(&b, fmt, again);
    va_end(again);
    if (n >= (int)sizeof room)
        return buf_str(&b);
    return str_copy(a, (Str){room, n > 0 ? (size_t)n : 0});
}

Str str_cat(Arena *a, Str x, Str y, Str z) {
    char *p = arena_bytes(a, x.len + y.len + z.len + 1), *to = p;
    const Str parts[] = {x, y, z};
    for (size_t i = 0; i < 3; i++) {
        if (parts[i].len)
            memcpy(to, parts[i].ptr, parts[i].len);
        to += parts[i].len;
    }
    *to = '\0';
    return (Str){p, (size_t)(to - p)};
}

Str str_fmt(Arena *a, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    Str s = str_vfmt(a, fmt, ap);
    va_end(ap);
    return s;
}
