// XXH3-128, the one hash of loa: content hashes, fingerprints, cache checks.
// Numbers and hashes among them are mixed in as by MurmurHash3.
// Not for adversaries, and not for maps (str_hash).
#ifndef LOA_BASE_HASH_H
#define LOA_BASE_HASH_H

#include "base/str.h"

typedef struct {
    uint64_t hi, lo;
} Hash;

// A running hash. Every part is preceded by its length, so that
// ("ab","c") and ("a","bc") differ.
typedef struct {
    Hash sum;
} Hasher;

Hash hash_bytes(Str bytes);
bool hash_eq(Hash a, Hash b);
void hasher_str(Hasher *h, Str s);
void hasher_int(Hasher *h, int64_t n);
void hasher_hash(Hasher *h, Hash x);
Str hash_hex(Arena *a, Hash h); // 32 lower case digits

#endif
