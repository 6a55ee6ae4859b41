#include "base/value.h"

#include <assert.h>
#include <string.h>

const char *value_kind_name(ValueKind kind) {
    static const char *const names[] = {
        "null", "bool",  "integer", "number", "text",  "date", "list",
        "map",  "range", "page",    "object", "empty", "blank"};
    return kind < sizeof names / sizeof *names ? names[kind] : "?";
}

Value value_str(Str s) {
    return (Value){.kind = VALUE_STR, .as.s = s};
}

Value value_html(Str s) {
    return (Value){.kind = VALUE_STR, .flags = VALUE_HTML, .as.s = s};
}

Value value_int(int64_t i) {
    return (Value){.kind = VALUE_INT, .as.i = i};
}

Value value_bool(bool b) {
    return (Value){.kind = VALUE_BOOL, .as.b = b};
}

Value value_date(Date d) {
    return (Value){.kind = VALUE_DATE, .as.date = d};
}

Value value_list(Value *items, size_t len) {
    return (Value){.kind = VALUE_LIST, .as.list = {items, len}};
}

Value value_obj(const ObjClass *cls, const void *self) {
    return (Value){.kind = VALUE_OBJ, .as.obj = {cls, self}};
}

Value value_map(Arena *a) {
    Map *map = ARENA_NEW(a, Map);
    map->arena = a;
    return (Value){.kind = VALUE_MAP, .as.map = map};
}

void value_set(Arena *a, Value *map, Str key, Value v) {
    assert(map->kind == VALUE_MAP);
    if (!map->as.map)
        map->as.map = value_map(a).as.map;
    Value *copy = ARENA_NEW(a, Value);
    *copy = v;
    map_set(map->as.map, key, copy);
}

const Value *value_get(const Value *map, Str key) {
    return map && map->kind == VALUE_MAP ? map_get(map->as.map, key) : NULL;
}

Str value_get_str(const Value *map, Str key) {
    const Value *v = value_get(map, key);
    return v && v->kind == VALUE_STR ? v->as.s : (Str){0};
}

const Value *value_path(const Value *map, Str dotted) {
    Str key;
    while (map && str_cut(&dotted, '.', &key))
        map = value_get(map, key);
    return map;
}

bool value_refers(const Value *v, const struct Page *to) {
    if (v->kind == VALUE_REF)
        return !to || v->as.ref == to;
    for (size_t i = 0; v->kind == VALUE_LIST && i < v->as.list.len; i++)
        if (value_refers(&v->as.list.items[i], to))
            return true;
    for (size_t i = 0; v->kind == VALUE_MAP && v->as.map && i < v->as.map->len;
         i++)
        if (value_refers(v->as.map->items[i].val, to))
            return true;
    return false;
}

bool value_is_truthy(const Value *v) {
    if (!v || v->kind == VALUE_NULL)
        return false;
    return v->kind != VALUE_BOOL || v->as.b;
}

// --- Equality ---

static size_t map_len(const Value *v) {
    return v->as.map ? v->as.map->len : 0;
}

static bool is_empty(const Value *v) {
    switch (v->kind) {
    case VALUE_STR:
        return v->as.s.len == 0;
    case VALUE_LIST:
        return v->as.list.len == 0;
    case VALUE_MAP:
        return map_len(v) == 0;
    default:
        return v->kind == VALUE_EMPTY;
    }
}

static bool is_blank(const Value *v) {
    if (v->kind == VALUE_STR)
        return str_trim(v->as.s).len == 0;
    return v->kind == VALUE_BLANK || !value_is_truthy(v) || is_empty(v);
}

static bool is_number(const Value *v) {
    return v->kind == VALUE_INT || v->kind == VALUE_FLOAT;
}

// The integer nearest a double may be another one: both ways must agree.
static bool int_eq_float(int64_t i, double f) {
    return (double)i == f && f >= -0x1p63 && f < 0x1p63 && (int64_t)f == i;
}

static bool number_eq(const Value *a, const Value *b) {
    if (a->kind == b->kind)
        return a->kind == VALUE_INT ? a->as.i == b->as.i : a->as.f == b->as.f;
    return a->kind == VALUE_INT ? int_eq_float(a->as.i, b->as.f)
                                : int_eq_float(b->as.i, a->as.f);
}

static bool list_eq(ValueList a, ValueList b) {
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (!value_eq(&a.items[i], &b.items[i]))
            return false;
    return true;
}

// In any order.
static bool map_eq(const Value *a, const Value *b) {
    if (map_len(a) != map_len(b))
        return false;
    for (size_t i = 0; i < map_len(a); i++) {
        const MapItem *item = &a->as.map->items[i];
        const Value *other = map_get(b->as.map, item->key);
        if (!other || !value_eq(item->val, other))
            return false;
    }
    return true;
}

static bool same_kind_eq(const Value *a, const Value *b) {
    switch (a->kind) {
    case VALUE_BOOL:
        return a->as.b == b->as.b;
    case VALUE_STR:
        return str_eq(a->as.s, b->as.s);
    case VALUE_DATE: // by instant
        return a->as.date.unix_seconds == b->as.date.unix_seconds;
    case VALUE_LIST:
        return list_eq(a->as.list, b->as.list);
    case VALUE_MAP:
        return map_eq(a, b);
    case VALUE_RANGE:
        return a->as.range.from == b->as.range.from &&
               a->as.range.to == b->as.range.to;
    case VALUE_REF:
        return a->as.ref == b->as.ref;
    case VALUE_OBJ:
        return a->as.obj.cls == b->as.obj.cls &&
               a->as.obj.self == b->as.obj.self;
    default:
        return true;
    }
}

bool value_eq(const Value *a, const Value *b) {
    static const Value null = {0};
    a = a ? a : &null;
    b = b ? b : &null;
    if (a->kind == VALUE_BLANK || b->kind == VALUE_BLANK)
        return is_blank(a) && is_blank(b);
    if (a->kind == VALUE_EMPTY || b->kind == VALUE_EMPTY)
        return is_empty(a) && is_empty(b);
    if (is_number(a) && is_number(b))
        return number_eq(a, b);
    return a->kind == b->kind && same_kind_eq(a, b);
}

// --- Copies ---

// A copy of everything below `v`, each scalar passed through `leaf`.
typedef Value Leaf(Arena *a, const Value *v);

static Value rebuild(Arena *a, const Value *v, Leaf *leaf) {
    Value out = *v;
    if (v->kind == VALUE_LIST) {
        out.as.list.items = ARENA_ARRAY(a, Value, v->as.list.len);
        for (size_t i = 0; i < v->as.list.len; i++)
            out.as.list.items[i] = rebuild(a, &v->as.list.items[i], leaf);
        return out;
    }
    if (v->kind != VALUE_MAP)
        return leaf(a, v);
    out.as.map = value_map(a).as.map;
    for (size_t i = 0; i < map_len(v); i++) {
        const MapItem *item = &v->as.map->items[i];
        value_set(a, &out, str_copy(a, item->key), rebuild(a, item->val, leaf));
    }
    return out;
}

static Value copy_leaf(Arena *a, const Value *v) {
    Value out = *v;
    if (v->kind == VALUE_STR)
        out.as.s = str_copy(a, v->as.s);
    return out;
}

Value value_copy(Arena *a, const Value *v) {
    return rebuild(a, v, copy_leaf);
}

// --- YAML 1.2's core schema ---

static bool is_one_of(Str s, const char *const *words) {
    for (; *words; words++)
        if (str_eq(s, str_from(*words)))
            return true;
    return false;
}

static int digit_of(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

static bool based_int(Str digits, int base, int64_t *out) {
    int64_t n = 0;
    for (size_t i = 0; i < digits.len; i++) {
        int digit = digit_of(digits.ptr[i]);
        if (digit >= base || __builtin_mul_overflow(n, base, &n) ||
            __builtin_add_overflow(n, digit, &n))
            return false;
    }
    *out = n;
    return digits.len > 0;
}

// 0236 3822 is a telephone number more often than it is 2363822; as text
// nothing of it is lost.
static bool has_leading_zero(Str s) {
    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+'))
        s = str_slice(s, 1, s.len);
    return s.len > 1 && s.ptr[0] == '0' && digit_of(s.ptr[1]) < 10;
}

static bool is_int_text(Str s) {
    for (size_t i = 0; i < s.len; i++)
        if (digit_of(s.ptr[i]) > 9 &&
            (i || (s.ptr[0] != '-' && s.ptr[0] != '+')))
            return false;
    return true;
}

static bool number_of(Str s, Value *out) {
    int64_t i;
    double f;
    bool is_int =
        str_starts(s, S("0x"))   ? based_int(str_slice(s, 2, s.len), 16, &i)
        : str_starts(s, S("0o")) ? based_int(str_slice(s, 2, s.len), 8, &i)
                                 : !has_leading_zero(s) && str_to_int(s, &i);
    if (is_int) {
        out->kind = VALUE_INT;
        out->as.i = i;
        return true;
    }
    if (has_leading_zero(s) || is_int_text(s) || !str_to_float(s, &f))
        return false;
    out->kind = VALUE_FLOAT;
    out->as.f = f;
    return true;
}

// Few texts begin like one that says a type.
static bool may_say_type(Str s) {
    return !s.len || strchr("~nNtTfF+-.0123456789", s.ptr[0]);
}

// What a plain scalar says by its form; false: it is text.
static bool resolve(Str s, Value *out) {
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const yes[] = {"true", "True", "TRUE", NULL};
    static const char *const no[] = {"false", "False", "FALSE", NULL};
    if (!may_say_type(s))
        return false;
    bool is_true = is_one_of(s, yes);
    if (is_one_of(s, nulls)) {
        out->kind = VALUE_NULL;
    } else if (is_true || is_one_of(s, no)) {
        out->kind = VALUE_BOOL;
        out->as.b = is_true;
    } else {
        return number_of(s, out);
    }
    return true;
}

static bool is_plain(const Value *v) {
    return v->kind == VALUE_STR && v->flags & VALUE_PLAIN;
}

static Value resolve_leaf(Arena *a, const Value *v) {
    Value out = *v;
    return is_plain(v) && resolve(v->as.s, &out) ? out : copy_leaf(a, v);
}

Value value_resolve_plain(Arena *a, const Value *v) {
    return rebuild(a, v, resolve_leaf);
}

bool value_is_resolved(const Value *v) {
    Value out;
    for (size_t i = 0; v->kind == VALUE_LIST && i < v->as.list.len; i++)
        if (!value_is_resolved(&v->as.list.items[i]))
            return false;
    for (size_t i = 0; v->kind == VALUE_MAP && i < map_len(v); i++)
        if (!value_is_resolved(v->as.map->items[i].val))
            return false;
    return !is_plain(v) || !resolve(v->as.s, &out);
}

bool value_to_bool(const Value *v, bool *out) {
    static const char *const yes[] = {"true", "yes", "on"};
    static const char *const no[] = {"false", "no", "off"};
    if (!v || (v->kind != VALUE_BOOL && v->kind != VALUE_STR))
        return false;
    if (v->kind == VALUE_BOOL) {
        *out = v->as.b;
        return true;
    }
    for (size_t i = 0; i < 3; i++) {
        bool is_yes = str_eq_nocase(v->as.s, str_from(yes[i]));
        if (is_yes || str_eq_nocase(v->as.s, str_from(no[i]))) {
            *out = is_yes;
            return true;
        }
    }
    return false;
}

// --- Hash ---

static void hash_float(Hasher *h, double f) {
    int64_t bits;
    memcpy(&bits, &f, sizeof bits);
    hasher_int(h, bits);
}

static void hash_map(Hasher *h, const Value *v) {
    hasher_int(h, (int64_t)map_len(v));
    for (size_t i = 0; i < map_len(v); i++) {
        hasher_str(h, v->as.map->items[i].key);
        value_hash(h, v->as.map->items[i].val);
    }
}

static void hash_list(Hasher *h, ValueList list) {
    hasher_int(h, (int64_t)list.len);
    for (size_t i = 0; i < list.len; i++)
        value_hash(h, &list.items[i]);
}

// Where it was written says nothing; whether it was quoted does, as long as
// nothing has given the scalar a type.
void value_hash(Hasher *h, const Value *v) {
    if (!v) {
        hasher_int(h, VALUE_NULL);
        return;
    }
    hasher_int(h, v->kind | (v->flags & (VALUE_HTML | VALUE_PLAIN)) << 8);
    switch (v->kind) {
    case VALUE_BOOL:
        hasher_int(h, v->as.b);
        break;
    case VALUE_INT:
        hasher_int(h, v->as.i);
        break;
    case VALUE_FLOAT:
        hash_float(h, v->as.f);
        break;
    case VALUE_STR:
        hasher_str(h, v->as.s);
        break;
    case VALUE_DATE:
        hasher_int(h, v->as.date.unix_seconds);
        hasher_int(h, v->as.date.offset_minutes);
        hasher_int(h, v->as.date.precision);
        break;
    case VALUE_LIST:
        hash_list(h, v->as.list);
        break;
    case VALUE_MAP:
        hash_map(h, v);
        break;
    case VALUE_RANGE:
        hasher_int(h, v->as.range.from);
        hasher_int(h, v->as.range.to);
        break;
    default:
        break;
    }
}
