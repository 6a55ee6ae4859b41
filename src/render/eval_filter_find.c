// Filters that choose from a list or sort it.
#include <string.h>

#include "render/eval_run.h"

// --- where, reject, has, find, find_index ---

typedef enum { YES, NO, UNFIT, FAILED } Match;

// Whether the property is the value looked for or, without one, true.
static Match match(Eval *e, const FilterArgs *args, const Value *item) {
    Value v;
    switch (filter_property(e, args, item, &args->pos[0], &v)) {
    case PROPERTY_NONE:
        return UNFIT;
    case PROPERTY_ERROR:
        return FAILED;
    default:
        break;
    }
    if (args->n > 1 && args->pos[1].kind != VALUE_NULL)
        return eval_eq(&v, &args->pos[1]) ? YES : NO;
    return value_is_truthy(&v) ? YES : NO;
}

// Items that match, or those that do not.
static bool choose(Eval *e, const FilterArgs *args, Value *v, Match wanted) {
    ValueList list;
    if (!filter_items(e, args, v, &list) ||
        !filter_room(e, args, list.len * sizeof(Value)))
        return false;
    Value *out = ARENA_ARRAY(e->arena, Value, list.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < list.len; i++) {
        Match m = match(e, args, &list.items[i]);
        if (m == FAILED)
            return false;
        if (m == UNFIT) {
            *v = (Value){0};
            return true;
        }
        if (m == wanted)
            out[n++] = list.items[i];
    }
    *v = value_list(out, n);
    return true;
}

bool filter_where(Eval *e, const FilterArgs *args, Value *v) {
    return choose(e, args, v, YES);
}

bool filter_reject(Eval *e, const FilterArgs *args, Value *v) {
    return choose(e, args, v, NO);
}

typedef struct {
    bool is_unfit; // an item on the way has no properties
    size_t at;     // of the first that matches
    ValueList list;
} Found;

static bool search(Eval *e, const FilterArgs *args, const Value *v,
                   Found *out) {
    *out = (Found){.at = SIZE_MAX};
    if (!filter_items(e, args, v, &out->list))
        return false;
    for (size_t i = 0; i < out->list.len; i++) {
        Match m = match(e, args, &out->list.items[i]);
        if (m == FAILED)
            return false;
        out->is_unfit = m == UNFIT;
        if (m == YES)
            out->at = i;
        if (m != NO)
            return true;
    }
    return true;
}

bool filter_has(Eval *e, const FilterArgs *args, Value *v) {
    Found found;
    if (!search(e, args, v, &found))
        return false;
    *v = value_bool(found.at != SIZE_MAX);
    if (found.is_unfit)
        *v = (Value){0};
    return true;
}

bool filter_find(Eval *e, const FilterArgs *args, Value *v) {
    Found found;
    if (!search(e, args, v, &found))
        return false;
    *v = (Value){0};
    if (found.at != SIZE_MAX)
        *v = found.list.items[found.at];
    return true;
}

bool filter_find_index(Eval *e, const FilterArgs *args, Value *v) {
    Found found;
    if (!search(e, args, v, &found))
        return false;
    *v = (Value){0};
    if (found.at != SIZE_MAX)
        *v = value_int((int64_t)found.at);
    return true;
}

// --- sort, sort_natural ---

typedef struct {
    Value key, item;
} Keyed;

// Gives the order of two keys; false when they have none.
typedef bool Compare(Eval *e, const Value *a, const Value *b, int *out);

static bool is_number(const Value *v) {
    return v->kind == VALUE_INT || v->kind == VALUE_FLOAT;
}

// What is nothing comes last.
static bool nil_last(const Value *a, const Value *b, int *out) {
    *out = (a->kind == VALUE_NULL) - (b->kind == VALUE_NULL);
    return a->kind == VALUE_NULL || b->kind == VALUE_NULL;
}

static bool by_value(Eval *e, const Value *a, const Value *b, int *out) {
    (void)e;
    if (nil_last(a, b, out))
        return true;
    if (is_number(a) && is_number(b))
        *out = number_cmp(number_of(a), number_of(b));
    else if (a->kind == VALUE_STR && b->kind == VALUE_STR)
        *out = str_cmp(a->as.s, b->as.s);
    else if (a->kind == VALUE_DATE && b->kind == VALUE_DATE)
        *out = date_cmp(a->as.date, b->as.date);
    else
        return value_eq(a, b);
    return true;
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

// ASCII case does not count.
static bool by_text(Eval *e, const Value *a, const Value *b, int *out) {
    if (nil_last(a, b, out))
        return true;
    Str x = eval_str(e, a), y = eval_str(e, b);
    for (size_t i = 0; i < x.len && i < y.len; i++) {
        unsigned char p = (unsigned char)lower(x.ptr[i]);
        unsigned char q = (unsigned char)lower(y.ptr[i]);
        if (p != q) {
            *out = p < q ? -1 : 1;
            return true;
        }
    }
    *out = (x.len > y.len) - (x.len < y.len);
    return true;
}

// Merges two sorted halves of `items`; `tmp` has room for the first.
static bool merge(Eval *e, Keyed *items, size_t half, size_t n, Keyed *tmp,
                  Compare *compare) {
    memcpy(tmp, items, half * sizeof *items);
    size_t i = 0, j = half, k = 0;
    while (i < half && j < n) {
        int order = 0;
        if (!compare(e, &tmp[i].key, &items[j].key, &order))
            return false;
        items[k++] = order <= 0 ? tmp[i++] : items[j++];
    }
    while (i < half)
        items[k++] = tmp[i++];
    return true;
}

// Stable, so that equal ones stay in the order they came.
static bool sort(Eval *e, Keyed *items, size_t n, Keyed *tmp,
                 Compare *compare) {
    size_t half = n / 2;
    if (n < 2)
        return true;
    return sort(e, items, half, tmp, compare) &&
           sort(e, items + half, n - half, tmp, compare) &&
           merge(e, items, half, n, tmp, compare);
}

// *fits is false when an item can have no property.
static bool set_keys(Eval *e, const FilterArgs *args, Keyed *items, size_t n,
                     bool *fits) {
    const Value *key = args->n ? &args->pos[0] : NULL;
    *fits = true;
    for (size_t i = 0; i < n; i++) {
        if (!key || key->kind == VALUE_NULL) {
            items[i].key = items[i].item;
            continue;
        }
        Property p =
            filter_property(e, args, &items[i].item, key, &items[i].key);
        if (p == PROPERTY_ERROR)
            return false;
        *fits &= p == PROPERTY_FOUND;
    }
    return true;
}

static bool sort_filter(Eval *e, const FilterArgs *args, Value *v,
                        Compare *compare) {
    ValueList list;
    bool fits;
    if (!filter_items(e, args, v, &list) ||
        !filter_room(e, args, 3 * list.len * sizeof(Keyed)))
        return false;
    Keyed *items = ARENA_ARRAY(e->arena, Keyed, list.len + 1);
    Keyed *tmp = ARENA_ARRAY(e->arena, Keyed, list.len + 1);
    for (size_t i = 0; i < list.len; i++)
        items[i].item = list.items[i];
    if (!set_keys(e, args, items, list.len, &fits))
        return false;
    if (!fits) {
        *v = (Value){0};
        return true;
    }
    if (!sort(e, items, list.len, tmp, compare))
        return filter_error(e, args, _("these values have no order"));
    Value *out = ARENA_ARRAY(e->arena, Value, list.len + 1);
    for (size_t i = 0; i < list.len; i++)
        out[i] = items[i].item;
    *v = value_list(out, list.len);
    return true;
}

bool filter_sort(Eval *e, const FilterArgs *args, Value *v) {
    return sort_filter(e, args, v, by_value);
}

bool filter_sort_natural(Eval *e, const FilterArgs *args, Value *v) {
    return sort_filter(e, args, v, by_text);
}
