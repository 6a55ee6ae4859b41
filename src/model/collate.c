#include "model/collate.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/ustring.h>

typedef struct {
    Str key; // ICU's sort key: compares as bytes
    size_t index;
} Item;

static int by_key(const void *a, const void *b) {
    const Item *x = a, *y = b;
    int c = str_cmp(x->key, y->key);
    return c ? c : (x->index > y->index) - (x->index < y->index);
}

static Str sort_key(Arena *a, const UCollator *coll, Str name) {
    UErrorCode err = U_ZERO_ERROR;
    int32_t len = 0;
    int32_t cap = (int32_t)(name.len < 4096 ? name.len : 4096) + 1;
    UChar *wide = ARENA_ROOM(a, UChar, (size_t)cap);
    u_strFromUTF8WithSub(wide, cap, &len, name.ptr ? name.ptr : "", cap - 1,
                         0xFFFD, NULL, &err);
    if (U_FAILURE(err))
        return name;
    uint8_t usual[256]; // a name that is longer is asked for twice
    int32_t need = ucol_getSortKey(coll, wide, len, usual, sizeof usual);
    uint8_t *key = ARENA_ROOM(a, uint8_t, (size_t)need);
    if ((size_t)need <= sizeof usual)
        memcpy(key, usual, (size_t)need);
    else
        ucol_getSortKey(coll, wide, len, key, need);
    return (Str){(const char *)key, (size_t)need};
}

void collate_order(Job *job, Str lang, const Str *names, size_t n,
                   size_t *order) {
    ArenaMark mark = arena_mark(job->scratch);
    Item *items = ARENA_ARRAY(job->scratch, Item, n);
    UErrorCode err = U_ZERO_ERROR;
    UCollator *coll = ucol_open(str_cstr(job->scratch, lang), &err);
    bool has_icu = U_SUCCESS(err);
    if (has_icu)
        ucol_setAttribute(coll, UCOL_NUMERIC_COLLATION, UCOL_ON, &err);
    for (size_t i = 0; i < n; i++)
        items[i] = (Item){
            has_icu ? sort_key(job->scratch, coll, names[i]) : names[i], i};
    if (has_icu)
        ucol_close(coll);
    if (n)
        qsort(items, n, sizeof *items, by_key);
    for (size_t i = 0; i < n; i++)
        order[i] = items[i].index;
    arena_reset(job->scratch, mark);
}

Str collate_version(Arena *a) {
    UVersionInfo v;
    char text[U_MAX_VERSION_STRING_LENGTH];
    u_getVersion(v);
    u_versionToString(v, text);
    return str_fmt(a, "icu %s", text);
}
