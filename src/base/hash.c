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

// Half of what has been fed so far seeds the hash of the text, and all of that
// is mixed into what comes out, in an order that counts. The length is in the
// seed, so no two sequences of texts run into one another.
void hasher_str(Hasher *h, Str s) {
    const uint64_t odd = 0x9e3779b97f4a7c15;
    Hash was = h->sum;
    Hash now = of(s.ptr ? s.ptr : "", s.len, was.lo + 's' * odd + s.len);
    h->sum.lo = now.lo ^ (was.hi << 23 | was.hi >> 41);
    h->sum.hi = now.hi + was.hi * odd + was.lo;
}

static uint64_t turn(uint64_t x, int bits) {
    return x << bits | x >> (64 - bits);
}

// 16 bytes, as MurmurHash3 takes in a block: for each sum another block gives
// another sum, and each sum with the same block, too. A quarter of the time
// that XXH3 takes for so little.
static void mix(Hasher *h, uint64_t lo, uint64_t hi) {
    const uint64_t a = 0x87c37b91114253d5, b = 0x4cf5ad432745937f;
    uint64_t x = h->sum.lo ^ turn(lo * a, 31) * b;
    uint64_t y = h->sum.hi ^ turn(hi * b, 33) * a;
    x = (turn(x, 27) + h->sum.hi) * 5 + 0x52dce729;
    h->sum.lo = x;
    h->sum.hi = (turn(y, 31) + x) * 5 + 0x38495ab5;
}

void hasher_int(Hasher *h, int64_t n) {
    mix(h, (uint64_t)n, 'i');
}

void hasher_hash(Hasher *h, Hash x) {
    mix(h, x.lo, x.hi);
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
