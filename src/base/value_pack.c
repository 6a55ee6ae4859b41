#include "base/value_pack.h"

#include <string.h>

enum {
    MAX_DEPTH = 64, // of front matter; deeper ones were not packed by us
    KIND_BITS = 4,  // the flags lie above them
};

// Signed numbers near zero stay short.
static uint64_t folded(int64_t n) {
    return (uint64_t)n << 1 ^ (n < 0 ? UINT64_MAX : 0);
}

static int64_t unfolded(uint64_t n) {
    return (int64_t)(n >> 1) ^ -(int64_t)(n & 1);
}

static void pack_date(Buf *b, Date d) {
    pack_small(b, folded(d.unix_seconds));
    pack_small(b, folded(d.offset_minutes));
    pack_small(b, (uint64_t)d.precision);
}

static Date unpack_date(Unpack *u) {
    Date d = {.unix_seconds = unfolded(unpack_small(u))};
    int64_t offset = unfolded(unpack_small(u));
    uint64_t precision = unpack_small(u);
    if (offset < -24 * 60 || offset > 24 * 60 || precision > DATE_SECOND) {
        *u = (Unpack){.is_bad = true};
        return (Date){0};
    }
    d.offset_minutes = (int16_t)offset;
    d.precision = (uint8_t)precision;
    return d;
}

static void pack_list(Buf *b, const ValueList *list) {
    pack_small(b, list->len);
    for (size_t i = 0; i < list->len; i++)
        value_pack(b, &list->items[i]);
}

static void pack_map(Buf *b, const Map *map) {
    size_t n = map ? map->len : 0;
    pack_small(b, n);
    for (size_t i = 0; i < n; i++) {
        pack_str(b, map->items[i].key);
        value_pack(b, map->items[i].val);
    }
}

static bool is_data(const Value *v) {
    return v->kind <= VALUE_RANGE;
}

void value_pack(Buf *b, const Value *v) {
    unsigned kind = is_data(v) ? v->kind : VALUE_NULL;
    pack_small(b, kind | (unsigned)v->flags << KIND_BITS);
    pack_small(b, v->line);
    pack_small(b, v->col);
    uint64_t bits;
    switch (v->kind) {
    case VALUE_BOOL:
        pack_small(b, v->as.b);
        break;
    case VALUE_INT:
        pack_small(b, folded(v->as.i));
        break;
    case VALUE_FLOAT:
        memcpy(&bits, &v->as.f, sizeof bits);
        pack_int(b, bits);
        break;
    case VALUE_STR:
        pack_str(b, v->as.s);
        break;
    case VALUE_DATE:
        pack_date(b, v->as.date);
        break;
    case VALUE_LIST:
        pack_list(b, &v->as.list);
        break;
    case VALUE_MAP:
        pack_map(b, v->as.map);
        break;
    case VALUE_RANGE:
        pack_small(b, folded(v->as.range.from));
        pack_small(b, folded(v->as.range.to));
        break;
    default:
        break;
    }
}

static Value unpack_at(Arena *a, Unpack *u, int depth);

// Every item takes three bytes at least.
static size_t unpack_len(Unpack *u, int depth) {
    uint64_t n = unpack_small(u);
    if (n <= u->rest.len / 3 && depth < MAX_DEPTH)
        return (size_t)n;
    *u = (Unpack){.is_bad = true};
    return 0;
}

static ValueList unpack_list(Arena *a, Unpack *u, int depth) {
    ValueList out = {.len = unpack_len(u, depth)};
    out.items = ARENA_ROOM(a, Value, out.len);
    for (size_t i = 0; i < out.len; i++)
        out.items[i] = unpack_at(a, u, depth + 1);
    return out;
}

static Map *unpack_map(Arena *a, Unpack *u, int depth) {
    size_t n = unpack_len(u, depth);
    Value *values = ARENA_ROOM(a, Value, n);
    Map *map = ARENA_NEW(a, Map);
    map->arena = a;
    map_reserve(map, n);
    for (size_t i = 0; i < n; i++) {
        Str key = unpack_str(u);
        values[i] = unpack_at(a, u, depth + 1);
        map_append(map, key, &values[i]);
    }
    return map;
}

static Value unpack_at(Arena *a, Unpack *u, int depth) {
    uint64_t shape = unpack_small(u);
    Value v = {.kind = shape & ((1u << KIND_BITS) - 1),
               .flags = (uint8_t)(shape >> KIND_BITS)};
    v.line = (uint32_t)unpack_small(u);
    v.col = (uint32_t)unpack_small(u);
    uint64_t bits;
    switch (v.kind) {
    case VALUE_NULL:
        break;
    case VALUE_BOOL:
        v.as.b = unpack_small(u) != 0;
        break;
    case VALUE_INT:
        v.as.i = unfolded(unpack_small(u));
        break;
    case VALUE_FLOAT:
        bits = unpack_int(u);
        memcpy(&v.as.f, &bits, sizeof v.as.f);
        break;
    case VALUE_STR:
        v.as.s = unpack_str(u);
        break;
    case VALUE_DATE:
        v.as.date = unpack_date(u);
        break;
    case VALUE_LIST:
        v.as.list = unpack_list(a, u, depth);
        break;
    case VALUE_MAP:
        v.as.map = unpack_map(a, u, depth);
        break;
    case VALUE_RANGE:
        v.as.range.from = unfolded(unpack_small(u));
        v.as.range.to = unfolded(unpack_small(u));
        break;
    default:
        *u = (Unpack){.is_bad = true};
    }
    return u->is_bad ? (Value){0} : v;
}

Value value_unpack(Arena *a, Unpack *u) {
    return unpack_at(a, u, 0);
}
