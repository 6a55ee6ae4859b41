// Calls a filter, and keeps the marks on texts right whatever it did: a text
// made of content is content, and only filters that know HTML may give HTML.
#include <stdarg.h>

#include "render/eval_run.h"

static FilterFn *const functions[FILTER_COUNT] = {
#define FUNCTION(name, min, max, flags) filter_##name,
    LIQUID_FILTERS(FUNCTION)
#undef FUNCTION
};

bool filter_error(Eval *e, const FilterArgs *args, const char *fmt, ...) {
    Arena *a = e->job->diags->arena;
    va_list ap;
    va_start(ap, fmt);
    Str message = str_vfmt(a, fmt, ap);
    va_end(ap);
    Str name = filter_spec(args->id)->name;
    return eval_error(e, "E-FILTER", args->at, "%.*s: %.*s", STR_ARG(name),
                      STR_ARG(message));
}

bool filter_room(Eval *e, const FilterArgs *args, uint64_t bytes) {
    e->bytes += bytes < e->max_bytes ? bytes : e->max_bytes + 1;
    if (e->bytes <= e->max_bytes)
        return true;
    return eval_error(e, "E-LIMIT", args->at,
                      _("this page needs more than %llu bytes"),
                      (unsigned long long)e->max_bytes);
}

bool filter_give(Value *v, Str s) {
    *v = value_str(s);
    return true;
}

static unsigned content_of(const Value *v) {
    switch (v->kind) {
    case VALUE_STR:
        return v->flags & VALUE_CONTENT;
    case VALUE_LIST:
    case VALUE_MAP:
    case VALUE_OBJ:
        return VALUE_CONTENT;
    default:
        return 0;
    }
}

FilterText filter_text(Eval *e, const Value *v) {
    unsigned html = v->kind == VALUE_STR ? v->flags & VALUE_HTML : 0;
    return (FilterText){eval_str(e, v), html | content_of(v)};
}

void filter_set_html(const Eval *e, Value *v) {
    if (!e->env->no_escape)
        v->flags |= VALUE_HTML;
}

// Whether one of the arguments came from content.
static bool collect(Eval *e, const FilterCall *call, FilterArgs *out,
                    unsigned *content) {
    *out = (FilterArgs){.id = call->id, .at = call->at};
    for (const Arg *arg = call->args; arg; arg = arg->next) {
        Value v;
        if (!eval_expr(e, arg->value, &v))
            return false;
        *content |= content_of(&v);
        if (!arg->name.len) {
            out->pos[out->n++] = v;
            continue;
        }
        if (out->named.kind == VALUE_NULL)
            out->named = value_map(e->arena);
        value_set(e->arena, &out->named, arg->name, v);
    }
    return true;
}

bool filter_apply(Eval *e, const FilterCall *call, Value *v) {
    FilterArgs args;
    bool knows_html = filter_spec(call->id)->flags & FILTER_H;
    bool is_text = v->kind == VALUE_STR;
    unsigned content = is_text || !knows_html ? content_of(v) : 0;
    if (!collect(e, call, &args, &content) || !functions[call->id](e, &args, v))
        return false;
    if (v->kind != VALUE_STR)
        return true;
    v->flags |= (uint8_t)content;
    if (!knows_html)
        v->flags &= (uint8_t)~VALUE_HTML;
    return filter_room(e, &args, v->as.s.len);
}
