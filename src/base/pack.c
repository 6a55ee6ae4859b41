#include "base/pack.h"

#include <string.h>

void pack_int(Buf *b, uint64_t n) {
    buf_put(b, (Str){(const char *)&n, sizeof n});
}

// Seven bits a byte, the low ones first; the highest bit says that more come.
void pack_small(Buf *b, uint64_t n) {
    char bytes[10];
    size_t len = 0;
    for (; n > 127; n >>= 7)
        bytes[len++] = (char)(n | 128);
    bytes[len++] = (char)n;
    buf_put(b, (Str){bytes, len});
}

void pack_hash(Buf *b, Hash h) {
    pack_int(b, h.hi);
    pack_int(b, h.lo);
}

void pack_str(Buf *b, Str s) {
    pack_small(b, s.len);
    buf_put(b, s);
}

void pack_seal(Buf *b) {
    pack_hash(b, hash_bytes(buf_str(b)));
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

uint64_t unpack_small(Unpack *u) {
    uint64_t n = 0;
    for (unsigned shift = 0; u->rest.len && shift < 64; shift += 7) {
        unsigned char byte = (unsigned char)*u->rest.ptr;
        u->rest = (Str){u->rest.ptr + 1, u->rest.len - 1};
        n |= (uint64_t)(byte & 127) << shift;
        if (byte < 128)
            return n;
    }
    u->is_bad = true;
    u->rest = (Str){0};
    return 0;
}

Hash unpack_hash(Unpack *u) {
    Hash h = {.hi = unpack_int(u)};
    h.lo = unpack_int(u);
    return h;
}

Str unpack_str(Unpack *u) {
    uint64_t len = unpack_small(u);
    u->is_bad = u->is_bad || len > u->rest.len;
    if (u->is_bad)
        return (Str){0};
    Str s = {u->rest.ptr, (size_t)len};
    u->rest = (Str){u->rest.ptr + len, u->rest.len - (size_t)len};
    return s;
}

bool unpack_open(Str file, Unpack *out) {
    if (file.len < sizeof(Hash))
        return false;
    size_t end = file.len - sizeof(Hash);
    Unpack seal = {.rest = str_slice(file, end, file.len)};
    Hash want = unpack_hash(&seal);
    Str body = str_slice(file, 0, end);
    *out = (Unpack){.rest = body};
    return hash_eq(hash_bytes(body), want);
}
