// Filters that take a text and give a text, code point by code point.
#include "base/text.h"
#include "render/eval_run.h"

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static Str trim_front(Str s) {
    while (s.len && is_space(s.ptr[0]))
        s = str_slice(s, 1, s.len);
    return s;
}

static Str trim_back(Str s) {
    while (s.len && is_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool filter_upcase(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    return filter_give(v, text_upper(e->arena, eval_str(e, v)));
}

bool filter_downcase(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    return filter_give(v, text_lower(e->arena, eval_str(e, v)));
}

bool filter_capitalize(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    return filter_give(v, text_capitalize(e->arena, eval_str(e, v)));
}

bool filter_slugify(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    return filter_give(v, text_slug(e->arena, eval_str(e, v)));
}

bool filter_strip(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    return filter_give(v, trim_back(trim_front(eval_str(e, v))));
}

bool filter_lstrip(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    return filter_give(v, trim_front(eval_str(e, v)));
}

bool filter_rstrip(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    return filter_give(v, trim_back(eval_str(e, v)));
}

bool filter_strip_newlines(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    Str s = eval_str(e, v);
    Buf out = {.arena = e->arena};
    for (size_t i = 0; i < s.len; i++) {
        bool is_crlf =
            s.ptr[i] == '\r' && i + 1 < s.len && s.ptr[i + 1] == '\n';
        if (s.ptr[i] != '\n' && !is_crlf)
            buf_putc(&out, s.ptr[i]);
    }
    return filter_give(v, buf_str(&out));
}

// --- truncate, truncatewords, slice ---

static bool whole(Eval *e, const FilterArgs *args, size_t i, int64_t *out) {
    return number_strict_int(&args->pos[i], out) ||
           filter_error(e, args, _("the argument must be a whole number"));
}

static Str ellipsis(Eval *e, const FilterArgs *args) {
    return args->n > 1 ? eval_str(e, &args->pos[1]) : S("...");
}

// The ellipsis is part of the length.
bool filter_truncate(Eval *e, const FilterArgs *args, Value *v) {
    int64_t length = 50;
    if (v->kind == VALUE_NULL)
        return true;
    if (args->n && !whole(e, args, 0, &length))
        return false;
    Str s = eval_str(e, v), end = ellipsis(e, args);
    if ((int64_t)text_count(s) <= length)
        return filter_give(v, s);
    int64_t left = length - (int64_t)text_count(end);
    Buf out = {.arena = e->arena};
    buf_put(&out, str_slice(s, 0, text_offset(s, left > 0 ? (size_t)left : 0)));
    buf_put(&out, end);
    return filter_give(v, buf_str(&out));
}

bool filter_truncatewords(Eval *e, const FilterArgs *args, Value *v) {
    int64_t words = 15;
    if (v->kind == VALUE_NULL)
        return true;
    if (args->n && !whole(e, args, 0, &words))
        return false;
    words = words > 0 ? words : 1;
    Str s = eval_str(e, v), rest = trim_front(s);
    Buf out = {.arena = e->arena};
    for (int64_t i = 0; i < words && rest.len; i++) {
        size_t n = 0;
        while (n < rest.len && !is_space(rest.ptr[n]))
            n++;
        if (i)
            buf_putc(&out, ' ');
        buf_put(&out, str_slice(rest, 0, n));
        rest = trim_front(str_slice(rest, n, rest.len));
    }
    if (!rest.len)
        return filter_give(v, s);
    buf_put(&out, ellipsis(e, args));
    return filter_give(v, buf_str(&out));
}

// Ruby's slice of n things: where, and how many. False: there are none.
static bool cut(int64_t n, int64_t *from, int64_t *count) {
    if (*from < 0)
        *from += n;
    if (*from < 0 || *from > n || *count < 0)
        return false;
    if (*count > n - *from)
        *count = n - *from;
    return true;
}

static void slice_list(Value *v, int64_t from, int64_t count) {
    ValueList list = v->as.list;
    bool good = cut((int64_t)list.len, &from, &count);
    *v = good ? value_list(list.items + from, (size_t)count)
              : value_list(NULL, 0);
}

bool filter_slice(Eval *e, const FilterArgs *args, Value *v) {
    int64_t from, count = 1;
    if (!whole(e, args, 0, &from))
        return false;
    if (args->n > 1 && args->pos[1].kind != VALUE_NULL &&
        !whole(e, args, 1, &count))
        return false;
    if (v->kind == VALUE_LIST) {
        slice_list(v, from, count);
        return true;
    }
    FilterText text = filter_text(e, v);
    if (!cut((int64_t)text_count(text.s), &from, &count))
        return filter_give(v, (Str){0});
    size_t start = text_offset(text.s, (size_t)from);
    Str rest = str_slice(text.s, start, text.s.len);
    filter_give(v, str_slice(rest, 0, text_offset(rest, (size_t)count)));
    v->flags = text.flags & VALUE_CONTENT;
    return true;
}

// --- split ---

// Parts under construction; those at the end that are empty fall away.
typedef struct {
    Value *items;
    size_t len, used;
    unsigned flags;
} Parts;

static void part(Parts *parts, Str s) {
    Value v = value_str(s);
    v.flags = (uint8_t)parts->flags;
    parts->items[parts->len++] = v;
    if (s.len)
        parts->used = parts->len;
}

static void split_words(Parts *parts, Str s) {
    for (s = trim_front(s); s.len; s = trim_front(s)) {
        size_t n = 0;
        while (n < s.len && !is_space(s.ptr[n]))
            n++;
        part(parts, str_slice(s, 0, n));
        s = str_slice(s, n, s.len);
    }
}

static void split_characters(Parts *parts, Str s) {
    for (size_t at = 0; at < s.len;) {
        size_t from = at;
        text_next(s, &at);
        part(parts, str_slice(s, from, at));
    }
}

static void split_at(Parts *parts, Str s, Str sep) {
    size_t from = 0, at;
    while ((at = str_find(s, sep, from)) != SIZE_MAX) {
        part(parts, str_slice(s, from, at));
        from = at + sep.len;
    }
    part(parts, str_slice(s, from, s.len));
}

static size_t count_parts(Str s, Str sep) {
    size_t n = 1;
    if (sep.len <= 1 && (!sep.len || sep.ptr[0] == ' '))
        return s.len + 1;
    for (size_t at = 0; (at = str_find(s, sep, at)) != SIZE_MAX; n++)
        at += sep.len;
    return n;
}

bool filter_split(Eval *e, const FilterArgs *args, Value *v) {
    FilterText text = filter_text(e, v);
    Str sep = eval_str(e, &args->pos[0]);
    size_t n = count_parts(text.s, sep);
    if (!filter_room(e, args, n * sizeof(Value)))
        return false;
    Parts parts = {.items = ARENA_ARRAY(e->arena, Value, n),
                   .flags = text.flags & VALUE_CONTENT};
    if (!sep.len)
        split_characters(&parts, text.s);
    else if (str_eq(sep, S(" ")))
        split_words(&parts, text.s);
    else
        split_at(&parts, text.s, sep);
    *v = value_list(parts.items, parts.used);
    return true;
}
