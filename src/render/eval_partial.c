// include and render: one template inside another.
#include "render/eval_memo.h"
#include "render/trace.h"

static bool missing(Eval *e, Str name, uint32_t at) {
    eval_error(e, "E-TEMPLATE", at, _("there is no template '%.*s'"),
               STR_ARG(name));
    diag_hint(e->job->diags,
              _("correct the name, or make a file of that name"));
    return false;
}

static const Template *find(Eval *e, const Partial *p, Str *name) {
    Value v;
    if (!eval_expr(e, p->name, &v))
        return NULL;
    if (v.kind != VALUE_STR) {
        eval_error(e, "E-TEMPLATE", p->name->at,
                   _("the name of a template must be a text"));
        return NULL;
    }
    *name = v.as.s;
    const Template *t =
        e->env->templates ? template_find(e->env->templates, *name) : NULL;
    if (!t)
        missing(e, *name, p->name->at);
    return t;
}

// What the bound value is called: `as`, else the last part of the name.
static Str bound_name(const Partial *p, Str name) {
    Str part;
    if (p->alias.len)
        return p->alias;
    for (Str rest = name; str_cut(&rest, '/', &part);)
        name = part;
    return name;
}

static Flow run(Eval *e, const Template *t, uint32_t at) {
    if (e->depth >= EVAL_MAX_DEPTH) {
        eval_error(e, "E-LIMIT", at,
                   _("templates include one another more than %d deep"),
                   EVAL_MAX_DEPTH);
        return FLOW_ERROR;
    }
    const Template *before = e->t;
    e->t = t;
    e->depth++;
    Flow flow = eval_nodes(e, t->root);
    e->depth--;
    e->t = before;
    return flow;
}

static bool bind_args(Eval *e, const Arg *args, Bindings *to) {
    for (; args; args = args->next) {
        Value v;
        if (!eval_expr(e, args->value, &v))
            return false;
        binding_push(e->keep, to, args->name, v);
    }
    return true;
}

// --- include: sees and changes the variables of what includes it ---

static Flow include_each(Eval *e, const Node *node, const Template *t,
                         const Value *bound, size_t slot) {
    Walk walk = {.of = *bound, .count = walk_size(bound)};
    for (uint64_t i = 0; i < walk.count; i++) {
        if (!eval_step(e, node->at))
            return FLOW_ERROR;
        e->scope->stack.items[slot].value = walk_item(e, &walk, i);
        Flow flow = run(e, t, node->at);
        if (flow != FLOW_NEXT)
            return flow;
    }
    return FLOW_NEXT;
}

static Flow include(Eval *e, const Node *node, const Template *t, Str name) {
    const Partial *p = node->as.partial;
    Bindings *stack = &e->scope->stack, args = {0};
    Value bound = {0};
    if ((p->bound && !eval_expr(e, p->bound, &bound)) ||
        !bind_args(e, p->args, &args))
        return FLOW_ERROR;
    for (size_t i = 0; i < args.len; i++)
        binding_push(e->keep, stack, args.items[i].name, args.items[i].value);
    if (!p->bound)
        return run(e, t, node->at);
    size_t slot = stack->len;
    binding_push(e->keep, stack, bound_name(p, name), bound);
    if (bound.kind == VALUE_LIST)
        return include_each(e, node, t, &bound, slot);
    return run(e, t, node->at);
}

Flow eval_include(Eval *e, const Node *node) {
    Str name;
    const Template *t = find(e, node->as.partial, &name);
    if (!t)
        return FLOW_ERROR;
    size_t base = e->scope->stack.len;
    Flow flow = include(e, node, t, name);
    e->scope->stack.len = base;
    return flow;
}

// --- render: sees only what is given to it ---

// A `break` inside ends what is rendered, not the loop around.
static Flow render_one(Eval *e, const Node *node, const Template *t,
                       Scope *inner) {
    Scope *outer = e->scope;
    e->scope = inner;
    Flow flow = run(e, t, node->at);
    e->scope = outer;
    return flow == FLOW_ERROR ? FLOW_ERROR : FLOW_NEXT;
}

static Flow render_each(Eval *e, const Node *node, const Template *t,
                        const Binding *each) {
    Walk walk = {.of = each->value, .count = walk_size(&each->value)};
    LoopState state = {.name = each->name, .length = walk.count};
    for (; state.index < walk.count; state.index++) {
        Scope inner = {.is_isolated = true};
        if (!eval_step(e, node->at) ||
            !bind_args(e, node->as.partial->args, &inner.locals))
            return FLOW_ERROR;
        binding_push(e->keep, &inner.locals, S("forloop"), loop_value(&state));
        binding_push(e->keep, &inner.locals, each->name,
                     walk_item(e, &walk, state.index));
        if (render_one(e, node, t, &inner) == FLOW_ERROR)
            return FLOW_ERROR;
    }
    return FLOW_NEXT;
}

// The same, unless it was rendered with the same values before.
static Flow render_again(Eval *e, const Node *node, const Template *t,
                         Scope *inner) {
    Hash key;
    if (!memo_key(e, node, &inner->locals, &key))
        return render_one(e, node, t, inner);
    if (memo_put(e, key))
        return FLOW_NEXT;
    Eval before = *e;
    size_t from = e->out->len, said = e->job->diags->len;
    size_t asked = e->job->trace ? e->job->trace->asked : 0;
    e->saw_content = false;
    Flow flow = render_one(e, node, t, inner);
    // What asks the site asks for each output.
    bool has_asked = e->job->trace && e->job->trace->asked > asked;
    if (flow == FLOW_NEXT && e->job->diags->len == said && !has_asked)
        memo_keep(e, key, &before, from);
    e->saw_content |= before.saw_content;
    return flow;
}

Flow eval_render(Eval *e, const Node *node) {
    const Partial *p = node->as.partial;
    Str name;
    Value bound = {0};
    const Template *t = find(e, p, &name);
    if (!t || (p->bound && !eval_expr(e, p->bound, &bound)))
        return FLOW_ERROR;
    Binding each = {bound_name(p, name), bound};
    bool is_many = bound.kind == VALUE_LIST || bound.kind == VALUE_RANGE ||
                   bound.kind == VALUE_MAP;
    if (p->is_for && p->bound && is_many)
        return render_each(e, node, t, &each);
    Scope inner = {.is_isolated = true};
    if (!bind_args(e, p->args, &inner.locals))
        return FLOW_ERROR;
    if (p->bound)
        binding_push(e->keep, &inner.locals, each.name, each.value);
    return render_again(e, node, t, &inner);
}
