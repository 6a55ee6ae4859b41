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

// The next bytes; none when there are not so many: then nothing is left.
static Str take(Unpack *u, uint64_t len) {
    if (u->is_bad || len > u->rest.len) {
        *u = (Unpack){.is_bad = true};
        return (Str){0};
    }
    Str s = {u->rest.ptr, (size_t)len};
    u->rest = (Str){s.ptr + s.len, u->rest.len - s.len};
    return s;
}

uint64_t unpack_int(Unpack *u) {
    uint64_t n = 0;
    Str bytes = take(u, sizeof n);
    if (bytes.len)
        memcpy(&n, bytes.ptr, sizeof n);
    return n;
}

uint64_t unpack_long(Unpack *u) {
    uint64_t n = 0;
    for (unsigned shift = 0; u->rest.len && shift < 64; shift += 7) {
        unsigned char byte = (unsigned char)*u->rest.ptr;
        u->rest = (Str){u->rest.ptr + 1, u->rest.len - 1};
        n |= (uint64_t)(byte & 127) << shift;
        if (byte < 128)
            return n;
    }
    *u = (Unpack){.is_bad = true};
    return 0;
}

Hash unpack_hash(Unpack *u) {
    Hash h = {.hi = unpack_int(u)};
    h.lo = unpack_int(u);
    return h;
}

Str unpack_str(Unpack *u) {
    return take(u, unpack_small(u));
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
