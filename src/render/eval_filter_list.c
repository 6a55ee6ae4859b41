// Filters that take a list. What they give are the same values: none is made
// text, so HTML stays HTML.
#include <string.h>

#include "base/escape.h"
#include "base/text.h"
#include "render/eval_run.h"

// --- The input as a list ---

static size_t flat_len(const ValueList *list, unsigned depth) {
    size_t n = 0;
    for (size_t i = 0; i < list->len; i++) {
        const Value *v = &list->items[i];
        n += v->kind == VALUE_LIST && depth < EVAL_MAX_INSPECT
                 ? flat_len(&v->as.list, depth + 1)
                 : 1;
    }
    return n;
}

static Value *flatten(const ValueList *list, unsigned depth, Value *out) {
    for (size_t i = 0; i < list->len; i++) {
        const Value *v = &list->items[i];
        if (v->kind == VALUE_LIST && depth < EVAL_MAX_INSPECT)
            out = flatten(&v->as.list, depth + 1, out);
        else
            *out++ = *v;
    }
    return out;
}

static bool is_flat(const ValueList *list) {
    for (size_t i = 0; i < list->len; i++)
        if (list->items[i].kind == VALUE_LIST)
            return false;
    return true;
}

static bool room_for(Eval *e, const FilterArgs *args, uint64_t n,
                     ValueList *out) {
    if (n > UINT32_MAX || !filter_room(e, args, n * sizeof(Value)))
        return n > UINT32_MAX && filter_room(e, args, UINT64_MAX);
    *out = (ValueList){ARENA_ARRAY(e->arena, Value, n + 1), (size_t)n};
    return true;
}

static bool numbers(Eval *e, const FilterArgs *args, const Value *v,
                    ValueList *out) {
    Walk walk = {.of = *v, .count = walk_size(v)};
    if (!room_for(e, args, walk.count, out))
        return false;
    for (size_t i = 0; i < out->len; i++)
        out->items[i] = walk_item(e, &walk, i);
    return true;
}

static bool only(Eval *e, const Value *v, ValueList *out) {
    *out = (ValueList){ARENA_NEW(e->arena, Value), 1};
    out->items[0] = *v;
    return true;
}

bool filter_items(Eval *e, const FilterArgs *args, const Value *v,
                  ValueList *out) {
    *out = (ValueList){0};
    switch (v->kind) {
    case VALUE_NULL:
        return true;
    case VALUE_RANGE:
        return numbers(e, args, v, out);
    case VALUE_LIST:
        *out = v->as.list;
        if (is_flat(out))
            return true;
        if (!room_for(e, args, flat_len(&v->as.list, 0), out))
            return false;
        flatten(&v->as.list, 0, out->items);
        return true;
    default:
        return only(e, v, out);
    }
}

Property filter_property(Eval *e, const FilterArgs *args, const Value *item,
                         const Value *key, Value *out) {
    *out = (Value){0};
    switch (item->kind) {
    case VALUE_MAP:
    case VALUE_OBJ:
        break;
    case VALUE_STR:
        if (key->kind == VALUE_STR)
            break;
        filter_error(e, args, _("a text has no such property"));
        return PROPERTY_ERROR;
    case VALUE_INT:
        filter_error(e, args, _("a number has no properties"));
        return PROPERTY_ERROR;
    default:
        return PROPERTY_NONE;
    }
    return eval_property(e, item, key, args->at, out) ? PROPERTY_FOUND
                                                      : PROPERTY_ERROR;
}

// --- join, size, first, last ---

static void put(Buf *out, FilterText text, bool is_html) {
    if (is_html && !(text.flags & VALUE_HTML))
        escape_html(out, text.s);
    else
        buf_put(out, text.s);
}

static unsigned flags_of(const ValueList *list, const Value *glue) {
    unsigned flags = glue->kind == VALUE_STR ? glue->flags : 0;
    for (size_t i = 0; i < list->len; i++) {
        const Value *v = &list->items[i];
        if (v->kind == VALUE_STR)
            flags |= v->flags;
        else if (v->kind == VALUE_MAP || v->kind == VALUE_OBJ)
            flags |= VALUE_CONTENT;
    }
    return flags & (VALUE_HTML | VALUE_CONTENT);
}

bool filter_join(Eval *e, const FilterArgs *args, Value *v) {
    ValueList list;
    if (!filter_items(e, args, v, &list))
        return false;
    Value glue = args->n ? args->pos[0] : value_str(S(" "));
    unsigned flags = flags_of(&list, &glue);
    FilterText between = filter_text(e, &glue);
    Buf out = {.arena = e->arena};
    for (size_t i = 0; i < list.len; i++) {
        if (i)
            put(&out, between, flags & VALUE_HTML);
        put(&out, filter_text(e, &list.items[i]), flags & VALUE_HTML);
        if (out.len > e->max_bytes)
            return filter_room(e, args, out.len);
    }
    filter_give(v, buf_str(&out));
    v->flags = (uint8_t)flags;
    return true;
}

bool filter_size(Eval *e, const FilterArgs *args, Value *v) {
    (void)e, (void)args;
    uint64_t n = v->kind == VALUE_STR ? text_count(v->as.s) : walk_size(v);
    *v = value_int((int64_t)n);
    return true;
}

static bool end_of(Eval *e, Value *v, bool is_last) {
    if (v->kind == VALUE_STR) {
        Str s = v->as.s;
        size_t n = text_count(s);
        size_t from = is_last && n ? text_offset(s, n - 1) : 0;
        size_t to = is_last ? s.len : text_offset(s, 1);
        return filter_give(v, str_slice(s, from, to));
    }
    uint64_t n = walk_size(v);
    Walk walk = {.of = *v, .count = n};
    *v = (Value){0};
    if (n && !(walk.of.kind == VALUE_MAP && is_last))
        *v = walk_item(e, &walk, is_last ? n - 1 : 0);
    return true;
}

bool filter_first(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    return end_of(e, v, false);
}

bool filter_last(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    return end_of(e, v, true);
}

// --- reverse, concat, compact, uniq, map, sum ---

bool filter_reverse(Eval *e, const FilterArgs *args, Value *v) {
    ValueList list, out;
    if (!filter_items(e, args, v, &list) || !room_for(e, args, list.len, &out))
        return false;
    for (size_t i = 0; i < list.len; i++)
        out.items[i] = list.items[list.len - 1 - i];
    *v = value_list(out.items, out.len);
    return true;
}

bool filter_concat(Eval *e, const FilterArgs *args, Value *v) {
    const Value *more = &args->pos[0];
    ValueList a, out;
    if (more->kind != VALUE_LIST)
        return filter_error(e, args, _("the argument must be a list"));
    ValueList b = more->as.list;
    if (!filter_items(e, args, v, &a) ||
        !room_for(e, args, (uint64_t)a.len + b.len, &out))
        return false;
    if (a.len)
        memcpy(out.items, a.items, a.len * sizeof(Value));
    if (b.len)
        memcpy(out.items + a.len, b.items, b.len * sizeof(Value));
    *v = value_list(out.items, out.len);
    return true;
}

// The property of each item, or the items themselves without an argument.
static bool keys_of(Eval *e, const FilterArgs *args, const ValueList *list,
                    ValueList *out) {
    if (!args->n) {
        *out = *list;
        return true;
    }
    if (!room_for(e, args, list->len, out))
        return false;
    for (size_t i = 0; i < list->len; i++)
        if (filter_property(e, args, &list->items[i], &args->pos[0],
                            &out->items[i]) == PROPERTY_ERROR)
            return false;
    return true;
}

bool filter_map(Eval *e, const FilterArgs *args, Value *v) {
    ValueList list, out;
    if (!filter_items(e, args, v, &list) || !keys_of(e, args, &list, &out))
        return false;
    *v = value_list(out.items, out.len);
    return true;
}

bool filter_compact(Eval *e, const FilterArgs *args, Value *v) {
    ValueList list, keys, out;
    if (!filter_items(e, args, v, &list) || !keys_of(e, args, &list, &keys) ||
        !room_for(e, args, list.len, &out))
        return false;
    size_t n = 0;
    for (size_t i = 0; i < list.len; i++)
        if (keys.items[i].kind != VALUE_NULL)
            out.items[n++] = list.items[i];
    *v = value_list(out.items, n);
    return true;
}

// Texts are found by hash; other keys, of which there are few, one by one.
typedef struct {
    Map texts;
    ValueList others;
} Seen;

static bool is_new(Eval *e, Seen *seen, Value *key) {
    if (key->kind == VALUE_STR)
        return !map_add(&seen->texts, key->as.s, key);
    for (size_t i = 0; i < seen->others.len; i++, e->steps++)
        if (value_eq(&seen->others.items[i], key))
            return false;
    seen->others.items[seen->others.len++] = *key;
    return true;
}

bool filter_uniq(Eval *e, const FilterArgs *args, Value *v) {
    ValueList list, keys, out;
    Seen seen = {.texts.arena = e->arena};
    if (!filter_items(e, args, v, &list) || !keys_of(e, args, &list, &keys) ||
        !room_for(e, args, list.len, &out) ||
        !room_for(e, args, list.len, &seen.others))
        return false;
    size_t n = 0;
    seen.others.len = 0;
    for (size_t i = 0; i < list.len; i++) {
        if (is_new(e, &seen, &keys.items[i]))
            out.items[n++] = list.items[i];
        if (e->steps > e->max_steps)
            return eval_step(e, args->at);
    }
    *v = value_list(out.items, n);
    return true;
}

bool filter_sum(Eval *e, const FilterArgs *args, Value *v) {
    ValueList list, keys;
    if (!filter_items(e, args, v, &list) || !keys_of(e, args, &list, &keys))
        return false;
    Number sum = {.kind = NUMBER_INT};
    for (size_t i = 0; i < keys.len; i++) {
        sum = number_add(sum, number_of(&keys.items[i]));
    }
    *v = number_value(sum);
    return true;
}
