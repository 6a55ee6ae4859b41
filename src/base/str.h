// Text. A Str is a slice: a pointer into bytes that somebody else owns, and a
// length. It is passed by value, is never NUL-terminated by promise, and the
// empty Str {0} is valid everywhere. A Buf is a Str under construction.
#ifndef LOA_BASE_STR_H
#define LOA_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

typedef struct {
    const char *ptr;
    size_t len;
} Str;

typedef struct {
    Str *items;
    size_t len;
} Strs;

#define S(literal) ((Str){"" literal, sizeof(literal) - 1})

// The same as the initialiser of a static table.
#define S_INIT(literal)                                                        \
    { "" literal, sizeof(literal) - 1 }

// For printf: ("%.*s", STR_ARG(s)).
#define STR_ARG(s) (int)(s).len, (s).ptr ? (s).ptr : ""

Str str_from(const char *cstr);
bool str_eq(Str a, Str b);
bool str_eq_nocase(Str a, Str b); // ASCII letters only
int str_cmp(Str a, Str b);        // byte order
bool str_starts(Str s, Str prefix);
bool str_ends(Str s, Str suffix);
Str str_trim(Str s); // ASCII white space at both ends
Str str_slice(Str s, size_t from, size_t to);

// Byte offset of the first `needle` at or after `from`; SIZE_MAX if none.
size_t str_find(Str s, Str needle, size_t from);

// Takes the text before `sep` off the front of *rest. False once *rest is
// used up: while (str_cut(&rest, ',', &item)) ...
bool str_cut(Str *rest, char sep, Str *head);

uint64_t str_hash(Str s);
Str str_copy(Arena *a, Str s);
Str str_lower(Arena *a, Str s); // ASCII letters only; text.h has Unicode
const char *str_cstr(Arena *a, Str s);
// x, y and z behind one another; any of them may be empty.
Str str_cat(Arena *a, Str x, Str y, Str z);
Str str_fmt(Arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
Str str_vfmt(Arena *a, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

// The whole of `s` as a decimal integer, sign allowed. False on anything else
// and on overflow.
bool str_to_int(Str s, int64_t *out);

// The same for a decimal number: 1, -1.5, .5, 2e3. The point is a point in
// every locale.
bool str_to_float(Str s, double *out);

typedef struct {
    Arena *arena;
    char *ptr;
    size_t len, cap;
} Buf;

void buf_put(Buf *b, Str s);
void buf_putc(Buf *b, char c);
void buf_fmt(Buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
Str buf_str(const Buf *b);

// Makes room for `more` bytes, so that a known size is copied only once.
void buf_reserve(Buf *b, size_t more);

#endif
