// Sixteen bytes at once, as the vectors of gcc and clang, which become what the
// machine has. A comparison gives FF where it holds and 00 where not.
#ifndef LOA_BASE_BYTES_H
#define LOA_BASE_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { BYTES = 16 };

typedef unsigned char Bytes __attribute__((vector_size(BYTES)));
typedef signed char SignedBytes __attribute__((vector_size(BYTES)));

static inline Bytes bytes_at(const void *p) {
    Bytes v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline bool bytes_are_zero(Bytes v) {
    uint64_t half[2];
    memcpy(half, &v, sizeof half);
    return (half[0] | half[1]) == 0;
}

#endif
