// Where variables live. There are few in a template, so they are looked for one
// by one; the globals are a map.

#include "render/eval_run.h"

// The last one of that name.
static Value *find(const Bindings *b, Str name) {
    for (size_t i = b->len; i > 0; i--)
        if (str_eq(b->items[i - 1].name, name))
            return &b->items[i - 1].value;
    return NULL;
}

const Value *binding_get(const Bindings *b, Str name) {
    return find(b, name);
}

void binding_push(Arena *a, Bindings *b, Str name, Value v) {
    b->items = arena_grow(a, b->items, b->len, &b->cap, sizeof *b->items);
    b->items[b->len++] = (Binding){name, v};
}

void binding_set(Arena *a, Bindings *b, Str name, Value v) {
    Value *old = find(b, name);
    if (old)
        *old = v;
    else
        binding_push(a, b, name, v);
}

static bool refused(Eval *e, Str name, uint32_t at) {
    eval_error(e, "E-REFUSED", at, _("'%.*s' cannot be read here"),
               STR_ARG(name));
    return false;
}

static bool global(Eval *e, Str name, uint32_t at, Value *out) {
    const Value *g = e->globals;
    *out = (Value){0};
    if (g->kind == VALUE_MAP) {
        const Value *v = value_get(g, name);
        if (v)
            *out = *v;
        return true;
    }
    if (g->kind != VALUE_OBJ)
        return true;
    ObjResult found = g->as.obj.cls->get(e->arena, g->as.obj.self, name, out);
    if (found == OBJ_NIL)
        *out = (Value){0};
    return found != OBJ_REFUSED || refused(e, name, at);
}

static bool is_shared(Str name) {
    return str_eq(name, S("site")) || str_eq(name, S("clock")) ||
           str_eq(name, S("lang"));
}

bool scope_get(Eval *e, Str name, uint32_t at, Value *out) {
    const Scope *s = e->scope;
    const Value *v = find(&s->stack, name);
    if (!v)
        v = find(&s->locals, name);
    if (!v && s->counters.len)
        v = find(&s->counters, name);
    if (v) {
        *out = *v;
        return true;
    }
    if (!s->is_isolated || is_shared(name))
        return global(e, name, at, out);
    *out = (Value){0};
    return true;
}
