// Walks the tree of a template and writes. A node does what it says and gives a
// Flow: go on, a `break` or `continue` on its way to its loop, or an error,
// after which everything stops.
//
// Values that an output makes on the way are forgotten when it is written
// (Eval.brief); those that a variable may hold live until the job ends.
#include "render/eval.h"

#include <stdarg.h>

#include "render/eval_run.h"

enum { MAX_STEPS = 10 * 1000 * 1000, MAX_BYTES = 64 * 1024 * 1024 };

bool eval_error(Eval *e, const char *code, uint32_t at, const char *fmt, ...) {
    Arena *a = e->job->diags->arena;
    va_list ap;
    va_start(ap, fmt);
    Str message = str_vfmt(a, fmt, ap);
    va_end(ap);
    Pos pos = source_pos_at(e->t->src, at);
    if (!e->what.len)
        return diag_error(e->job->diags, code, pos, "%.*s", STR_ARG(message));
    return diag_error(e->job->diags, code, pos, _("%.*s (while making %.*s)"),
                      STR_ARG(message), STR_ARG(e->what));
}

static bool check_bytes(Eval *e, uint32_t at) {
    if (e->bytes <= e->max_bytes)
        return true;
    return eval_error(e, "E-LIMIT", at,
                      _("this page has become larger than %llu bytes"),
                      (unsigned long long)e->max_bytes);
}

static Flow output(Eval *e, const Node *node) {
    Value v;
    e->arena = e->brief;
    ArenaMark mark = arena_mark(e->brief);
    bool good = eval_pipeline(e, &node->as.output, &v);
    if (good)
        eval_write(e, &v);
    arena_reset(e->brief, mark);
    e->arena = e->keep;
    return good && check_bytes(e, node->at) ? FLOW_NEXT : FLOW_ERROR;
}

static Flow assign(Eval *e, const Node *node) {
    Value v;
    if (!eval_pipeline(e, &node->as.assign.value, &v))
        return FLOW_ERROR;
    binding_set(e->keep, &e->scope->locals, node->as.assign.name, v);
    return FLOW_NEXT;
}

// What the nodes write, instead of writing it.
static Flow catch_output(Eval *e, const Node *body, Value *out) {
    Buf buf = {.arena = e->keep}, *before = e->out;
    bool saw_content = e->saw_content;
    e->out = &buf;
    e->saw_content = false;
    Flow flow = eval_nodes(e, body);
    e->out = before;
    *out = value_str(buf_str(&buf));
    if (!e->env->no_escape)
        out->flags = VALUE_HTML;
    if (e->saw_content)
        out->flags |= VALUE_CONTENT;
    e->saw_content |= saw_content;
    return flow;
}

static Flow capture(Eval *e, const Node *node) {
    Value v;
    Flow flow = catch_output(e, node->as.capture.body, &v);
    if (flow != FLOW_ERROR)
        binding_set(e->keep, &e->scope->locals, node->as.capture.name, v);
    return flow;
}

static Flow if_changed(Eval *e, const Node *node) {
    Value v;
    Flow flow = catch_output(e, node->as.body, &v);
    if (flow == FLOW_ERROR || str_eq(v.as.s, e->scope->changed))
        return flow;
    e->scope->changed = v.as.s;
    buf_put(e->out, v.as.s);
    return flow;
}

static Flow if_node(Eval *e, const Node *node) {
    for (const Branch *b = node->as.branches; b; b = b->next) {
        bool is_true = true;
        if (b->condition && !eval_condition(e, b->condition, &is_true))
            return FLOW_ERROR;
        if (is_true != b->is_negated)
            return eval_nodes(e, b->body);
    }
    return FLOW_NEXT;
}

// Every value that fits shows its branch, so one branch may be shown twice; an
// `else` is shown if nothing before it was.
static Flow case_node(Eval *e, const Node *node) {
    Value value, option;
    bool has_matched = false;
    if (!eval_expr(e, node->as.choice.value, &value))
        return FLOW_ERROR;
    for (const Branch *b = node->as.choice.branches; b; b = b->next) {
        Flow flow =
            b->values || has_matched ? FLOW_NEXT : eval_nodes(e, b->body);
        for (const Arg *v = b->values; v && flow == FLOW_NEXT; v = v->next) {
            if (!eval_expr(e, v->value, &option))
                return FLOW_ERROR;
            if (!eval_eq(&value, &option))
                continue;
            has_matched = true;
            flow = eval_nodes(e, b->body);
        }
        if (flow != FLOW_NEXT)
            return flow;
    }
    return FLOW_NEXT;
}

// increment shows the number before it counts, decrement after.
static Flow counter(Eval *e, const Node *node) {
    Str name = node->as.counter;
    bool is_up = node->kind == NODE_INCREMENT;
    const Value *now = binding_get(&e->scope->counters, name);
    int64_t i = now ? now->as.i : 0, next = is_up ? i + 1 : i - 1;
    binding_set(e->keep, &e->scope->counters, name, value_int(next));
    Value shown = value_int(is_up ? i : next);
    eval_write(e, &shown);
    return FLOW_NEXT;
}

static Flow text(Eval *e, const Node *node) {
    eval_put(e, node->as.text);
    return check_bytes(e, node->at) ? FLOW_NEXT : FLOW_ERROR;
}

static Flow eval_node(Eval *e, const Node *node) {
    switch ((NodeKind)node->kind) {
    case NODE_TEXT:
        return text(e, node);
    case NODE_OUTPUT:
        return output(e, node);
    case NODE_ASSIGN:
        return assign(e, node);
    case NODE_CAPTURE:
        return capture(e, node);
    case NODE_IF:
        return if_node(e, node);
    case NODE_CASE:
        return case_node(e, node);
    case NODE_FOR:
        return eval_for(e, node);
    case NODE_TABLEROW:
        return eval_tablerow(e, node);
    case NODE_BREAK:
        return FLOW_BREAK;
    case NODE_CONTINUE:
        return FLOW_CONTINUE;
    case NODE_CYCLE:
        return eval_cycle(e, node);
    case NODE_INCREMENT:
    case NODE_DECREMENT:
        return counter(e, node);
    case NODE_INCLUDE:
        return eval_include(e, node);
    case NODE_RENDER:
        return eval_render(e, node);
    case NODE_IFCHANGED:
        return if_changed(e, node);
    }
    return FLOW_NEXT;
}

Flow eval_nodes(Eval *e, const Node *first) {
    for (const Node *node = first; node; node = node->next) {
        Flow flow = eval_node(e, node);
        if (flow != FLOW_NEXT)
            return flow;
    }
    return FLOW_NEXT;
}

// --- Layouts ---

static const Template *layout_of(Eval *e) {
    const TemplateSet *set = e->env->templates;
    const Template *t = set ? template_find(set, e->t->layout) : NULL;
    if (t)
        return t;
    const Value *v = value_get(&e->t->front, S("layout"));
    Pos pos = source_pos(e->t->src, v ? v->line : 0, v ? v->col : 0);
    diag_error(e->job->diags, "E-TEMPLATE", pos,
               _("there is no template '%.*s'"), STR_ARG(e->t->layout));
    return NULL;
}

// One template, into `out`.
static bool eval_one(Eval *e, const Value *content, Buf *out) {
    e->scope = ARENA_NEW(e->keep, Scope);
    e->out = out;
    if (content)
        binding_push(e->keep, &e->scope->locals, S("content"), *content);
    return eval_nodes(e, e->t->root) != FLOW_ERROR;
}

// The template, then what it is put into, and so on; the last writes to `out`.
static bool eval_chain(Eval *e, Buf *out) {
    Value content = {0};
    for (unsigned depth = 0; e->t->layout.len; depth++) {
        Buf buf = {.arena = e->keep};
        if (depth >= EVAL_MAX_DEPTH)
            return eval_error(e, "E-LIMIT", 0,
                              _("layouts are put into one another more than "
                                "%d deep"),
                              EVAL_MAX_DEPTH);
        if (!eval_one(e, depth ? &content : NULL, &buf))
            return false;
        content = value_html(buf_str(&buf));
        content.flags |= VALUE_CONTENT;
        e->t = layout_of(e);
        if (!e->t)
            return false;
    }
    return eval_one(e, content.kind ? &content : NULL, out);
}

bool eval_template(Job *job, const EvalEnv *env, const Template *t,
                   const Value *globals, Str what, Buf *out) {
    Eval e = {.job = job,
              .env = env,
              .t = t,
              .globals = globals,
              .what = what,
              .keep = job->scratch,
              .brief = arena_new(),
              .arena = job->scratch,
              .max_steps = env->max_steps ? env->max_steps : MAX_STEPS,
              .max_bytes = env->max_bytes ? env->max_bytes : MAX_BYTES};
    bool good = eval_chain(&e, out);
    arena_free(e.brief);
    return good;
}
