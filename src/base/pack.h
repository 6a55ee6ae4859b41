// Small sealed files: numbers and texts one after the other, and the hash of
// all of them at the end. A file that was cut or changed is recognised before
// anything in it is believed. For this machine only: native byte order.
#ifndef LOA_BASE_PACK_H
#define LOA_BASE_PACK_H

#include "base/hash.h"

void pack_int(Buf *b, uint64_t n);
void pack_str(Buf *b, Str s);
void pack_small(Buf *b, uint64_t n); // the smaller, the fewer bytes
void pack_hash(Buf *b, Hash h);

// The last thing: after it `b` is the whole file.
void pack_seal(Buf *b);

typedef struct {
    Str rest;
    bool is_bad; // something did not fit; all that follows is zero
} Unpack;

// False when the seal is broken.
bool unpack_open(Str file, Unpack *out);
uint64_t unpack_int(Unpack *u);
Str unpack_str(Unpack *u);       // points into the file
uint64_t unpack_long(Unpack *u); // what more than a byte says
Hash unpack_hash(Unpack *u);

static inline uint64_t unpack_small(Unpack *u) {
    if (!u->rest.len || *u->rest.ptr & 0x80)
        return unpack_long(u);
    u->rest.len--;
    return (uint64_t)*u->rest.ptr++;
}

#endif
