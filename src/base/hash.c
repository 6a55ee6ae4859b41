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

// One hash a part: half of what has been fed so far seeds it, and all of that
// is mixed into what comes out, in an order that counts. The part's kind and
// length are in the seed, so no two sequences of parts run into one another.
static void feed(Hasher *h, char kind, const void *part, size_t len) {
    const uint64_t odd = 0x9e3779b97f4a7c15;
    Hash was = h->sum;
    Hash now = of(part, len, was.lo + (uint64_t)kind * odd + len);
    h->sum.lo = now.lo ^ (was.hi << 23 | was.hi >> 41);
    h->sum.hi = now.hi + was.hi * odd + was.lo;
}

void hasher_str(Hasher *h, Str s) {
    feed(h, 's', s.ptr ? s.ptr : "", s.len);
}

void hasher_int(Hasher *h, int64_t n) {
    feed(h, 'i', &n, sizeof n);
}

void hasher_hash(Hasher *h, Hash x) {
    feed(h, 'h', &x, sizeof x);
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
