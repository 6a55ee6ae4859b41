#include "base/hash.h"

#include <xxhash.h>

static Hash of(const void *p, size_t n, uint64_t seed) {
    XXH128_hash_t x = XXH3_128bits_withSeed(p, n, seed);
    return (Hash){x.high64, x.low64};
}

Hash hash_bytes(Str bytes) {
    return of(bytes.ptr ? bytes.ptr : "", bytes.len, 0);
}

bool hash_eq(Hash a, Hash b) {
    return a.hi == b.hi && a.lo == b.lo;
}

// What has been fed so far, the kind of the part and the part's own hash and
// length: hashed as numbers of fixed size, so no two sequences of parts run
// into one another.
static void feed(Hasher *h, char kind, Hash part, uint64_t len) {
    uint64_t words[] = {h->sum.hi, h->sum.lo, part.hi,
                        part.lo,   len,       (uint64_t)kind};
    h->sum = of(words, sizeof words, 0);
}

void hasher_str(Hasher *h, Str s) {
    feed(h, 's', hash_bytes(s), s.len);
}

void hasher_int(Hasher *h, int64_t n) {
    feed(h, 'i', (Hash){0, (uint64_t)n}, sizeof n);
}

void hasher_hash(Hasher *h, Hash x) {
    feed(h, 'h', x, sizeof x);
}

Str hash_hex(Arena *a, Hash h) {
    static const char digits[] = "0123456789abcdef";
    char *p = arena_bytes(a, 32);
    for (unsigned i = 0; i < 16; i++) {
        p[i] = digits[h.hi >> (60 - 4 * i) & 15];
        p[16 + i] = digits[h.lo >> (60 - 4 * i) & 15];
    }
    return (Str){p, 32};
}
