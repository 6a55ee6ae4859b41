#include "parse/shortcode.h"

#include <string.h>

#include "base/diag.h"

enum { MAX_ARGS = 200 };

typedef struct {
    Arena *arena;
    Str text;
    size_t start, at;
    bool is_percent;
    ShortcodeTag *out;
    ShortcodeError *error;
    Value *items; // positional
    size_t nitems, cap;
} Tag;

static char peek(const Tag *t, size_t ahead) {
    size_t i = t->at + ahead;
    return i < t->text.len ? t->text.ptr[i] : '\0';
}

static bool looking_at(const Tag *t, Str what) {
    return str_starts(str_slice(t->text, t->at, t->text.len), what);
}

static Str end_mark(const Tag *t) {
    return t->is_percent ? S("%}}") : S(">}}");
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_space(Tag *t) {
    while (t->at < t->text.len && is_space(t->text.ptr[t->at]))
        t->at++;
}

static bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// The rest of the line is passed over, so that one mistake is one message.
static bool fail(Tag *t, size_t at, const char *why, const char *hint) {
    *t->error = (ShortcodeError){why, hint, at};
    Str rest = str_slice(t->text, at, t->text.len);
    size_t line = str_find(rest, S("\n"), 0);
    size_t mark = str_find(str_slice(rest, 0, line), end_mark(t), 0);
    size_t skip = mark != SIZE_MAX ? mark + 3 : line;
    t->out->end = at + (skip < rest.len ? skip : rest.len);
    return false;
}

static bool not_ended(Tag *t) {
    return fail(t, t->start, N_("this shortcode has no end"),
                t->is_percent ? N_("write %}} at its end")
                              : N_("write >}} at its end"));
}

// ---- arguments

static Value content(Str s) {
    Value v = value_str(s);
    v.flags |= VALUE_CONTENT;
    return v;
}

// "..." with \" and \\; no newline in it.
static bool quoted(Tag *t, Value *out) {
    size_t from = t->at++;
    Buf b = {.arena = t->arena};
    for (; t->at < t->text.len && peek(t, 0) != '"'; t->at++) {
        char next = peek(t, 1);
        if (peek(t, 0) == '\n')
            break;
        if (peek(t, 0) == '\\' && (next == '"' || next == '\\'))
            t->at++;
        buf_putc(&b, peek(t, 0));
    }
    if (peek(t, 0) != '"')
        return fail(t, from, N_("this quote has no end on its line"),
                    N_("write \" at its end, or ` at both ends of a text of "
                       "several lines"));
    t->at++;
    *out = content(buf_str(&b));
    return true;
}

// `...`, as it is, over lines.
static bool raw(Tag *t, Value *out) {
    size_t from = t->at + 1;
    const char *p = memchr(t->text.ptr + from, '`', t->text.len - from);
    if (!p)
        return fail(t, t->at, N_("this ` has no end"),
                    N_("write ` at the end of the text, too"));
    size_t to = (size_t)(p - t->text.ptr);
    t->at = to + 1;
    *out = content(str_slice(t->text, from, to));
    return true;
}

static Value word_value(Str s) {
    int64_t i;
    double f;
    if (str_eq(s, S("true")) || str_eq(s, S("false")))
        return value_bool(s.ptr[0] == 't');
    if (str_to_int(s, &i))
        return value_int(i);
    if (str_to_float(s, &f))
        return (Value){.kind = VALUE_FLOAT, .as.f = f};
    return content(s);
}

static bool at_end(const Tag *t) {
    return looking_at(t, end_mark(t)) ||
           (peek(t, 0) == '/' &&
            str_starts(str_slice(t->text, t->at + 1, t->text.len),
                       end_mark(t)));
}

// “ and ”, which text processors make of ".
static bool is_curly(const Tag *t) {
    return looking_at(t, S("\xE2\x80\x9C")) || looking_at(t, S("\xE2\x80\x9D"));
}

static bool bare(Tag *t, Value *out) {
    size_t from = t->at;
    while (t->at < t->text.len && !is_space(peek(t, 0)) && !at_end(t)) {
        if (peek(t, 0) == '"' || peek(t, 0) == '`')
            return fail(t, t->at, N_("a quote stands inside a word"),
                        N_("put the whole value between quotes, and a blank "
                           "before the next one"));
        t->at++;
    }
    if (t->at == from)
        return fail(t, from, N_("a value is missing here"),
                    N_("write it behind the sign =, between quotes"));
    *out = word_value(str_slice(t->text, from, t->at));
    return true;
}

static bool value(Tag *t, Value *out) {
    if (is_curly(t))
        return fail(t, t->at, N_("curly quotes are no quotes here"),
                    N_("write straight ones: \""));
    if (peek(t, 0) == '"')
        return quoted(t, out);
    if (peek(t, 0) == '`')
        return raw(t, out);
    return bare(t, out);
}

// name = value: the name, and the place behind the sign; else nothing moves.
static bool key(Tag *t, Str *out) {
    size_t from = t->at, to = from;
    while (to < t->text.len && is_name_char(t->text.ptr[to]))
        to++;
    size_t i = to;
    while (i < t->text.len && is_space(t->text.ptr[i]))
        i++;
    if (to == from || i == t->text.len || t->text.ptr[i] != '=')
        return false;
    *out = str_slice(t->text, from, to);
    t->at = i + 1;
    skip_space(t);
    return true;
}

static bool mixed(Tag *t, size_t at) {
    return fail(t, at,
                N_("values with a name and values without one are mixed"),
                N_("give every value a name, as src=\"anh.jpg\", or none"));
}

static bool add_named(Tag *t, size_t at, Str name, Value v) {
    Value *args = &t->out->args;
    if (t->nitems)
        return mixed(t, at);
    if (args->kind != VALUE_MAP)
        *args = value_map(t->arena);
    if (value_get(args, name))
        return fail(t, at, N_("this name is written twice"),
                    N_("take one of the two away"));
    value_set(t->arena, args, name, v);
    return true;
}

static bool add_item(Tag *t, size_t at, Value v) {
    if (t->out->args.kind == VALUE_MAP)
        return mixed(t, at);
    t->items =
        arena_grow(t->arena, t->items, t->nitems, &t->cap, sizeof *t->items);
    t->items[t->nitems++] = v;
    return true;
}

static bool argument(Tag *t) {
    size_t at = t->at;
    Str name;
    Value v = {0};
    bool is_named = key(t, &name);
    if (!value(t, &v))
        return false;
    if (t->at < t->text.len && !is_space(peek(t, 0)) && !at_end(t))
        return fail(t, t->at, N_("a blank is missing between two values"),
                    N_("write a blank behind the quote"));
    return is_named ? add_named(t, at, name, v) : add_item(t, at, v);
}

static bool arguments(Tag *t) {
    for (size_t n = 0;; n++) {
        skip_space(t);
        if (t->at == t->text.len)
            return not_ended(t);
        if (at_end(t))
            break;
        if (n == MAX_ARGS)
            return fail(t, t->at, N_("this shortcode has too many values"),
                        N_("write >}} at the end of the shortcode"));
        if (!argument(t))
            return false;
    }
    if (t->nitems)
        t->out->args = value_list(t->items, t->nitems);
    return true;
}

// ---- the tag

static bool name(Tag *t) {
    size_t from = t->at;
    while (is_name_char(peek(t, 0)) || peek(t, 0) == '/') {
        if (at_end(t))
            break;
        t->at++;
    }
    t->out->name = str_slice(t->text, from, t->at);
    bool is_good = t->at > from && t->text.ptr[from] != '/' &&
                   str_find(t->out->name, S("//"), 0) == SIZE_MAX &&
                   !str_ends(t->out->name, S("/"));
    if (is_good && (is_space(peek(t, 0)) || at_end(t)))
        return true;
    if (t->at == t->text.len)
        return not_ended(t);
    return fail(t, from, N_("the name of a shortcode is missing or wrong"),
                N_("a name has letters without marks, digits, - and _; in "
                   "text, write {{</* and */>}} to show the signs"));
}

// "/*" ... "*/" and the end mark.
static bool literal(Tag *t) {
    Str end = t->is_percent ? S("*/%}}") : S("*/>}}");
    size_t from = t->at + 2, to = str_find(t->text, end, from);
    if (to == SIZE_MAX)
        return fail(t, t->at,
                    N_("this shortcode that is only shown has no end"),
                    N_("write */>}} or */%}} at its end"));
    t->out->kind = SHORTCODE_LITERAL;
    t->out->inside = str_slice(t->text, from, to);
    t->out->end = to + end.len;
    return true;
}

static bool close(Tag *t) {
    t->at++;
    skip_space(t);
    t->out->kind = SHORTCODE_CLOSE;
    if (!name(t))
        return false;
    skip_space(t);
    if (!looking_at(t, end_mark(t)))
        return t->at == t->text.len
                   ? not_ended(t)
                   : fail(t, t->at, N_("a closing shortcode has only its name"),
                          N_("take away what stands behind the name"));
    t->out->end = t->at + 3;
    return true;
}

static bool open(Tag *t) {
    if (!name(t) || !arguments(t))
        return false;
    bool is_self = peek(t, 0) == '/';
    t->out->kind = is_self ? SHORTCODE_SELF : SHORTCODE_OPEN;
    t->out->end = t->at + 3 + is_self;
    return true;
}

bool shortcode_parse(Arena *a, Str text, size_t at, ShortcodeTag *out,
                     ShortcodeError *error) {
    *out = (ShortcodeTag){.is_percent = text.ptr[at + 2] == '%'};
    Tag t = {.arena = a,
             .text = text,
             .start = at,
             .at = at + 3,
             .is_percent = out->is_percent,
             .out = out,
             .error = error};
    if (looking_at(&t, S("/*")))
        return literal(&t);
    skip_space(&t);
    if (peek(&t, 0) == '/' && !at_end(&t))
        return close(&t);
    return open(&t);
}

bool shortcode_is_at(Str text, size_t at) {
    return at + 2 < text.len && text.ptr[at] == '{' &&
           text.ptr[at + 1] == '{' &&
           (text.ptr[at + 2] == '<' || text.ptr[at + 2] == '%');
}

size_t shortcode_find(Str text, size_t from) {
    for (size_t i = from; i < text.len; i++) {
        const char *p = memchr(text.ptr + i, '{', text.len - i);
        if (!p)
            break;
        i = (size_t)(p - text.ptr);
        if (shortcode_is_at(text, i))
            return i;
    }
    return SIZE_MAX;
}
