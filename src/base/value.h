// The one dynamic type: what YAML says and what a template sees.
//
// A scalar from YAML is always VALUE_STR; a content type's field decides what
// it becomes, so `no` stays a language code. Where there is no schema
// (params, data files) value_resolve_plain gives the plain ones their YAML 1.2
// core type.
#ifndef LOA_BASE_VALUE_H
#define LOA_BASE_VALUE_H

#include "base/date.h"
#include "base/hash.h"
#include "base/map.h"

typedef enum {
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_INT,
    VALUE_FLOAT,
    VALUE_STR,
    VALUE_DATE,
    VALUE_LIST,
    VALUE_MAP,
    VALUE_RANGE, // Liquid's (1..5)
    VALUE_REF,   // a page of the site, set by the model
    VALUE_OBJ,   // computed on demand through its class
    VALUE_EMPTY, // Liquid's literals `empty` and `blank`
    VALUE_BLANK,
} ValueKind;

enum {
    VALUE_PLAIN = 1,   // an unquoted YAML scalar
    VALUE_HTML = 2,    // a VALUE_STR that is HTML already
    VALUE_CONTENT = 4, // a VALUE_STR that came from content: never `raw`
};

typedef struct Value Value;
typedef struct ObjClass ObjClass;
struct Page;

typedef struct {
    Value *items;
    size_t len;
} ValueList;

struct Value {
    uint8_t kind; // ValueKind
    uint8_t flags;
    uint32_t line, col; // where it was written; 0 when it was computed
    union {
        bool b;
        int64_t i;
        double f;
        Str s;
        Date date;
        ValueList list;
        Map *map; // of Value *; NULL is an empty map
        struct {
            int64_t from, to; // both included
        } range;
        const struct Page *ref;
        struct {
            const ObjClass *cls;
            const void *self;
        } obj;
    } as;
};

typedef enum {
    OBJ_NIL,      // no such key: Liquid's nil
    OBJ_FOUND,    // *out is set
    OBJ_REFUSED,  // the key exists but may not be read here: an error
    OBJ_INTERNAL, // it leaves for no output at all: an error
} ObjResult;

// A lazily computed map; a template sees no difference. What `get` makes lies
// in the arena it is given.
struct ObjClass {
    const char *name; // for messages: "card", "page"
    ObjResult (*get)(Arena *a, const void *self, Str key, Value *out);
    // What {{ obj }} prints and `join` uses; may be NULL: nothing.
    Str (*text)(Arena *a, const void *self);
    // `self` stands for the same thing, which says the same, as long as
    // anything is rendered.
    bool is_fixed;
};

const char *value_kind_name(ValueKind kind);
Value value_str(Str s);
Value value_html(Str s);
Value value_int(int64_t i);
Value value_bool(bool b);
Value value_date(Date d);
Value value_list(Value *items, size_t len);
Value value_obj(const ObjClass *cls, const void *self);

// A new, empty map value in `a`.
Value value_map(Arena *a);
// Adds or replaces. The map must be one made in an arena that lives as long.
void value_set(Arena *a, Value *map, Str key, Value v);

// The value under a key of a map, or NULL (also when `map` is NULL or not a
// map). Keys compare byte for byte.
const Value *value_get(const Value *map, Str key);
Str value_get_str(const Value *map, Str key); // {0} when absent or not text
const Value *value_path(const Value *map, Str dotted);

// Whether it is a reference to this page (NULL: to any), or holds one.
bool value_refers(const Value *v, const struct Page *to);
bool value_is_truthy(const Value *v); // Liquid: only nil and false are not
bool value_eq(const Value *a, const Value *b);

// Deep copy into an arena.
Value value_copy(Arena *a, const Value *v);
// Plain scalars become null, bool, int or float by the YAML 1.2 core schema,
// at any depth.
Value value_resolve_plain(Arena *a, const Value *v);
// Whether that would give nothing but a copy.
bool value_is_resolved(const Value *v);
// true/false/yes/no/on/off, for known boolean keys.
bool value_to_bool(const Value *v, bool *out);
// Feeds everything the value says into a hash; references count by id only.
void value_hash(Hasher *h, const Value *v);

#endif
