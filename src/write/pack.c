#include "write/pack.h"

#include <string.h>

void pack_int(Buf *b, uint64_t n) {
    buf_put(b, (Str){(const char *)&n, sizeof n});
}

void pack_str(Buf *b, Str s) {
    uint32_t len = (uint32_t)s.len;
    buf_put(b, (Str){(const char *)&len, sizeof len});
    buf_put(b, s);
}

void pack_seal(Buf *b) {
    Hash h = hash_bytes(buf_str(b));
    pack_int(b, h.hi);
    pack_int(b, h.lo);
}

static void take(Unpack *u, void *to, size_t size) {
    u->is_bad = u->is_bad || size > u->rest.len;
    if (u->is_bad)
        return;
    memcpy(to, u->rest.ptr, size);
    u->rest = str_slice(u->rest, size, u->rest.len);
}

uint64_t unpack_int(Unpack *u) {
    uint64_t n = 0;
    take(u, &n, sizeof n);
    return n;
}

Str unpack_str(Unpack *u) {
    uint32_t len = 0;
    take(u, &len, sizeof len);
    u->is_bad = u->is_bad || len > u->rest.len;
    if (u->is_bad)
        return (Str){0};
    Str s = str_slice(u->rest, 0, len);
    u->rest = str_slice(u->rest, len, u->rest.len);
    return s;
}

bool unpack_open(Str file, Unpack *out) {
    if (file.len < sizeof(Hash))
        return false;
    size_t end = file.len - sizeof(Hash);
    Unpack seal = {.rest = str_slice(file, end, file.len)};
    Hash want = {.hi = unpack_int(&seal)};
    want.lo = unpack_int(&seal);
    Str body = str_slice(file, 0, end);
    *out = (Unpack){.rest = body};
    return hash_eq(hash_bytes(body), want);
}
