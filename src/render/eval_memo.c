#include "render/eval_memo.h"

#include <stdatomic.h>

enum {
    OUT_MAX = 16 * 1024,
    SLOTS_MAX = 64 * 1024,
    BYTES_MAX = 32 * 1024 * 1024,
    TRIES = 4,
};

struct EvalMemo {
    _Atomic(const Memo *) *slots;
    size_t mask;
    atomic_size_t *bytes; // of all that is kept
};

EvalMemo *eval_memo_new(Arena *a, size_t calls) {
    size_t n = 256;
    while (n < SLOTS_MAX && n < 2 * calls)
        n *= 2;
    EvalMemo *m = ARENA_NEW(a, EvalMemo);
    m->slots = arena_alloc(a, n, sizeof *m->slots, alignof(void *));
    m->mask = n - 1;
    m->bytes = arena_alloc(a, 1, sizeof *m->bytes, alignof(atomic_size_t));
    return m;
}

// --- Keys ---

static bool add_value(Hasher *h, const Value *v) {
    hasher_int(h, v->kind << 8 | v->flags);
    switch (v->kind) {
    case VALUE_NULL:
        return true;
    case VALUE_BOOL:
        hasher_int(h, v->as.b);
        return true;
    case VALUE_INT:
        hasher_int(h, v->as.i);
        return true;
    case VALUE_STR:
        hasher_str(h, v->as.s);
        return true;
    case VALUE_OBJ:
        hasher_int(h, (intptr_t)v->as.obj.cls);
        hasher_int(h, (intptr_t)v->as.obj.self);
        return v->as.obj.cls->is_fixed;
    default:
        return false;
    }
}

bool memo_key(const Eval *e, const Node *node, const Bindings *args,
              Hash *out) {
    if (!e->env->memo)
        return false;
    Hasher h = {0};
    hasher_int(&h, (intptr_t)node);
    hasher_int(&h, (intptr_t)e->env->host);
    for (size_t i = 0; i < args->len; i++)
        if (!add_value(&h, &args->items[i].value))
            return false;
    *out = h.sum;
    return true;
}

// --- Slots ---

bool memo_put(Eval *e, Hash key) {
    const EvalMemo *memo = e->env->memo;
    for (size_t i = 0; i < TRIES; i++) {
        const Memo *m = atomic_load_explicit(
            &memo->slots[(key.lo + i) & memo->mask], memory_order_acquire);
        if (!m)
            return false;
        if (!hash_eq(m->key, key))
            continue;
        if (e->steps + m->steps > e->max_steps ||
            e->bytes + m->bytes > e->max_bytes || e->depth >= EVAL_MAX_DEPTH)
            return false;
        buf_put(e->out, m->out);
        e->steps += m->steps;
        e->bytes += m->bytes;
        e->saw_content |= m->saw_content;
        return true;
    }
    return false;
}

// Whether there is a place for it, and it is not there yet.
static bool has_room(const EvalMemo *memo, Hash key) {
    if (atomic_load_explicit(memo->bytes, memory_order_relaxed) > BYTES_MAX)
        return false;
    for (size_t i = 0; i < TRIES; i++) {
        const Memo *m = atomic_load_explicit(
            &memo->slots[(key.lo + i) & memo->mask], memory_order_acquire);
        if (!m || hash_eq(m->key, key))
            return !m;
    }
    return false;
}

void memo_keep(const Eval *e, Hash key, const Eval *before, size_t from) {
    Str out = str_slice(buf_str(e->out), from, e->out->len);
    if (out.len > OUT_MAX || !has_room(e->env->memo, key))
        return;
    Memo *m = ARENA_NEW(e->job->keep, Memo);
    *m = (Memo){key, str_copy(e->job->keep, out), e->steps - before->steps,
                e->bytes - before->bytes, e->saw_content};
    const EvalMemo *memo = e->env->memo;
    atomic_fetch_add_explicit(memo->bytes, sizeof *m + out.len,
                              memory_order_relaxed);
    for (size_t i = 0; i < TRIES; i++) {
        const Memo *none = NULL;
        if (atomic_compare_exchange_strong(
                &memo->slots[(key.lo + i) & memo->mask], &none, m) ||
            hash_eq(none->key, key))
            return;
    }
}
