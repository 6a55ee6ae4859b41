// Variables, paths and conditions.
#include <string.h>

#include "base/text.h"
#include "render/eval_run.h"

// --- Paths ---

static bool refused(Eval *e, Str name, const ObjClass *cls, uint32_t at) {
    eval_error(e, "E-REFUSED", at, _("'%.*s' of a %s cannot be read here"),
               STR_ARG(name), cls->name);
    diag_hint(e->job->diags,
              _("put '%.*s' under card: in the file of its type, in types/"),
              STR_ARG(name));
    return false;
}

static bool is_internal(Eval *e, Str name, uint32_t at) {
    eval_error(e, "E-REFUSED", at, _("the field '%.*s' is internal"),
               STR_ARG(name));
    diag_hint(e->job->diags,
              _("take it out of the layout: what its type keeps internal "
                "leaves for no page, feed or list"));
    return false;
}

static bool get(Eval *e, Value *v, Str name, uint32_t at) {
    if (v->kind == VALUE_MAP) {
        const Value *found = value_get(v, name);
        *v = found ? *found : (Value){0};
        return true;
    }
    if (v->kind != VALUE_OBJ) {
        *v = (Value){0};
        return true;
    }
    const ObjClass *cls = v->as.obj.cls;
    Value out = {0};
    ObjResult found = cls->get(e->arena, v->as.obj.self, name, &out);
    if (found == OBJ_REFUSED)
        return refused(e, name, cls, at);
    if (found == OBJ_INTERNAL)
        return is_internal(e, name, at);
    *v = found == OBJ_FOUND ? out : (Value){0};
    return true;
}

static Value end_item(Eval *e, const Value *v, bool is_last) {
    uint64_t n = walk_size(v);
    if (v->kind == VALUE_STR) {
        Str s = v->as.s;
        size_t last = s.len;
        text_before(s, &last);
        Str c = is_last ? str_slice(s, last, s.len)
                        : str_slice(s, 0, text_offset(s, 1));
        Value out = value_str(c);
        out.flags = v->flags & VALUE_CONTENT;
        return out;
    }
    if (!n || (v->kind == VALUE_MAP && is_last))
        return (Value){0};
    Walk walk = {.of = *v, .count = n};
    return walk_item(e, &walk, is_last ? n - 1 : 0);
}

// size, first and last of what has them; else *v is left as it is.
static bool command(Eval *e, Value *v, Str name) {
    bool is_walked = v->kind == VALUE_LIST || v->kind == VALUE_RANGE ||
                     v->kind == VALUE_MAP || v->kind == VALUE_STR;
    if (!is_walked || (v->kind == VALUE_MAP && value_get(v, name)))
        return false;
    if (str_eq(name, S("size"))) {
        uint64_t n = v->kind == VALUE_STR ? text_count(v->as.s) : walk_size(v);
        *v = value_int((int64_t)n);
        return true;
    }
    bool is_last = str_eq(name, S("last"));
    if (!is_last && !str_eq(name, S("first")))
        return false;
    *v = end_item(e, v, is_last);
    return true;
}

// v[key]
static bool index_by(Eval *e, Value *v, const Value *key, uint32_t at) {
    if (key->kind == VALUE_STR)
        return get(e, v, key->as.s, at);
    int64_t i = key->as.i;
    Value list = *v;
    *v = (Value){0};
    if (list.kind != VALUE_LIST || key->kind != VALUE_INT)
        return true;
    int64_t n = (int64_t)list.as.list.len;
    if (i < 0)
        i += n;
    if (i >= 0 && i < n)
        *v = list.as.list.items[i];
    return true;
}

static bool step(Eval *e, const Step *s, Value *v) {
    if (s->name.len)
        return command(e, v, s->name) || get(e, v, s->name, s->at);
    Value key;
    return eval_expr(e, s->index, &key) && index_by(e, v, &key, s->at);
}

static bool eval_path(Eval *e, const Expr *x, Value *out) {
    if (x->as.path.root) {
        Value name;
        if (!eval_expr(e, x->as.path.root, &name))
            return false;
        if (!scope_get(e, eval_str(e, &name), x->at, out))
            return false;
    } else if (!scope_get(e, x->as.path.name, x->at, out)) {
        return false;
    }
    for (const Step *s = x->as.path.steps; s; s = s->next)
        if (!step(e, s, out))
            return false;
    if (out->kind == VALUE_OBJ)
        *out = loop_snapshot(e, *out);
    return true;
}

static bool eval_range(Eval *e, const Expr *x, Value *out) {
    Value from, to;
    if (!eval_expr(e, x->as.range.from, &from) ||
        !eval_expr(e, x->as.range.to, &to))
        return false;
    *out = (Value){.kind = VALUE_RANGE};
    out->as.range.from = number_to_int(&from);
    out->as.range.to = number_to_int(&to);
    return true;
}

bool eval_expr(Eval *e, const Expr *x, Value *out) {
    switch (x->kind) {
    case EXPR_LITERAL:
        *out = x->as.literal;
        return true;
    case EXPR_PATH:
        return eval_path(e, x, out);
    default:
        return eval_range(e, x, out);
    }
}

bool eval_pipeline(Eval *e, const Pipeline *p, Value *out) {
    *out = (Value){0};
    if (p->value && !eval_expr(e, p->value, out))
        return false;
    for (const FilterCall *f = p->filters; f; f = f->next)
        if (!filter_apply(e, f, out))
            return false;
    return true;
}

// 'abc'['b'] is 'b', as in Ruby: that is how `where` finds parts of texts.
static void part_of_text(Value *v, const Value *key) {
    Str s = v->as.s;
    bool has = key->kind == VALUE_STR && str_find(s, key->as.s, 0) != SIZE_MAX;
    *v = has ? *key : (Value){0};
}

bool eval_property(Eval *e, const Value *v, const Value *key, uint32_t at,
                   Value *out) {
    *out = *v;
    if (v->kind != VALUE_STR)
        return index_by(e, out, key, at);
    part_of_text(out, key);
    return true;
}

// --- Conditions ---

static bool is_word(const Value *v) {
    return v->kind == VALUE_EMPTY || v->kind == VALUE_BLANK;
}

// `empty` and `blank` compare with values, not with one another.
bool eval_eq(const Value *a, const Value *b) {
    if (is_word(a) && is_word(b))
        return false;
    return value_eq(a, b);
}

static bool is_number(const Value *v) {
    return v->kind == VALUE_INT || v->kind == VALUE_FLOAT;
}

static bool is_true_order(CompareOp op, int order) {
    switch (op) {
    case OP_LT:
        return order < 0;
    case OP_GT:
        return order > 0;
    case OP_LE:
        return order <= 0;
    default:
        return order >= 0;
    }
}

// Text beside a date is read as one, so that a literal can be compared with.
static bool as_date(const Eval *e, const Value *v, Date *out) {
    size_t at;
    const char *why;
    if (v->kind == VALUE_DATE)
        *out = v->as.date;
    return v->kind == VALUE_DATE ||
           (v->kind == VALUE_STR &&
            date_parse(v->as.s, e->env->zone, true, out, &at, &why));
}

static bool order_of(const Eval *e, const Value *a, const Value *b,
                     int *order) {
    Date da, db;
    if (is_number(a) && is_number(b))
        *order = number_cmp(number_of(a), number_of(b));
    else if (a->kind == VALUE_STR && b->kind == VALUE_STR)
        *order = str_cmp(a->as.s, b->as.s);
    else if ((a->kind == VALUE_DATE || b->kind == VALUE_DATE) &&
             as_date(e, a, &da) && as_date(e, b, &db))
        *order = date_cmp(da, db);
    else
        return false;
    return true;
}

static bool has_order(const Value *v) {
    return is_number(v) || v->kind == VALUE_STR || v->kind == VALUE_DATE;
}

static bool compare(Eval *e, const Condition *c, const Value *a, const Value *b,
                    bool *out) {
    int order;
    *out = false;
    if (!has_order(a) || !has_order(b))
        return true;
    if (!order_of(e, a, b, &order)) {
        eval_error(e, "E-COMPARE", c->at,
                   _("the kinds '%s' and '%s' cannot be compared"),
                   value_kind_name(a->kind), value_kind_name(b->kind));
        diag_hint(e->job->diags, _("'| plus: 0' makes a number of a text"));
        return false;
    }
    *out = is_true_order(c->op, order);
    return true;
}

static bool list_has(const ValueList *list, const Value *v) {
    for (size_t i = 0; i < list->len; i++)
        if (eval_eq(&list->items[i], v))
            return true;
    return false;
}

static bool contains(Eval *e, const Value *a, const Value *b) {
    if (!value_is_truthy(b))
        return false;
    switch (a->kind) {
    case VALUE_STR:
        return str_find(a->as.s, eval_str(e, b), 0) != SIZE_MAX;
    case VALUE_LIST:
        return list_has(&a->as.list, b);
    case VALUE_MAP:
        return b->kind == VALUE_STR && value_get(a, b->as.s);
    case VALUE_RANGE:
        return b->kind == VALUE_INT && b->as.i >= a->as.range.from &&
               b->as.i <= a->as.range.to;
    default:
        return false;
    }
}

static bool test(Eval *e, const Condition *c, bool *out) {
    Value a, b;
    if (!eval_expr(e, c->left, &a))
        return false;
    if (c->op == OP_NONE) {
        *out = value_is_truthy(&a);
        return true;
    }
    if (!eval_expr(e, c->right, &b))
        return false;
    switch (c->op) {
    case OP_EQ:
        *out = eval_eq(&a, &b);
        return true;
    case OP_NE:
        *out = !eval_eq(&a, &b);
        return true;
    case OP_CONTAINS:
        *out = contains(e, &a, &b);
        return true;
    default:
        return compare(e, c, &a, &b, out);
    }
}

// `and` and `or` bind to the right, so the first that decides is the result.
bool eval_condition(Eval *e, const Condition *c, bool *out) {
    Arena *before = e->arena;
    e->arena = e->brief;
    ArenaMark mark = arena_mark(e->brief);
    bool good;
    for (;; c = c->next) {
        good = test(e, c, out);
        if (!good || !c->next || *out == c->is_or)
            break;
    }
    arena_reset(e->brief, mark);
    e->arena = before;
    return good;
}
