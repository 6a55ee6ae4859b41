// Loops. What is walked is never copied: a range of a billion numbers costs
// nothing until its steps are taken, and these are counted.
#include <string.h>

#include "render/eval_run.h"

// --- Walking ---

uint64_t walk_size(const Value *v) {
    switch (v->kind) {
    case VALUE_LIST:
        return v->as.list.len;
    case VALUE_MAP:
        return v->as.map ? v->as.map->len : 0;
    case VALUE_RANGE: {
        if (v->as.range.to < v->as.range.from)
            return 0;
        uint64_t n = (uint64_t)v->as.range.to - (uint64_t)v->as.range.from;
        return n < INT64_MAX ? n + 1 : INT64_MAX;
    }
    case VALUE_STR:
        return v->as.s.len > 0;
    default:
        return 0;
    }
}

static Value pair(Eval *e, const MapItem *item) {
    Value *two = ARENA_ARRAY(e->arena, Value, 2);
    two[0] = value_str(item->key);
    two[0].flags = VALUE_CONTENT;
    two[1] = *(const Value *)item->val;
    return value_list(two, 2);
}

Value walk_item(Eval *e, const Walk *w, uint64_t i) {
    i = w->from + (w->is_reversed ? w->count - 1 - i : i);
    switch (w->of.kind) {
    case VALUE_LIST:
        return w->of.as.list.items[i];
    case VALUE_MAP:
        return pair(e, &w->of.as.map->items[i]);
    case VALUE_RANGE:
        return value_int((int64_t)((uint64_t)w->of.as.range.from + i));
    default:
        return w->of;
    }
}

bool eval_step(Eval *e, uint32_t at) {
    if (++e->steps <= e->max_steps)
        return true;
    eval_error(e, "E-LIMIT", at, _("loops have taken more than %llu steps"),
               (unsigned long long)e->max_steps);
    diag_hint(e->job->diags, _("set limit: on the loop"));
    return false;
}

// --- forloop, tablerowloop ---

typedef enum {
    PART_NONE,
    PART_INDEX,
    PART_INDEX0,
    PART_RINDEX,
    PART_RINDEX0,
    PART_FIRST,
    PART_LAST,
    PART_LENGTH,
    PART_NAME,
    PART_PARENT,
    PART_COL,
    PART_COL0,
    PART_COL_FIRST,
    PART_COL_LAST,
    PART_ROW,
} Part;

static Part part_of(Str key, bool is_table) {
    static const struct {
        Str name;
        Part part;
    } parts[] = {
        {{"index", 5}, PART_INDEX},        {{"first", 5}, PART_FIRST},
        {{"last", 4}, PART_LAST},          {{"index0", 6}, PART_INDEX0},
        {{"length", 6}, PART_LENGTH},      {{"rindex", 6}, PART_RINDEX},
        {{"rindex0", 7}, PART_RINDEX0},    {{"name", 4}, PART_NAME},
        {{"parentloop", 10}, PART_PARENT}, {{"col", 3}, PART_COL},
        {{"col0", 4}, PART_COL0},          {{"col_first", 9}, PART_COL_FIRST},
        {{"col_last", 8}, PART_COL_LAST},  {{"row", 3}, PART_ROW},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!str_eq(key, parts[i].name))
            continue;
        bool is_for =
            parts[i].part == PART_NAME || parts[i].part == PART_PARENT;
        bool is_col = parts[i].part >= PART_COL;
        return (is_table ? is_for : is_col) ? PART_NONE : parts[i].part;
    }
    return PART_NONE;
}

static Value part_value(const LoopState *s, Part part) {
    int64_t i = (int64_t)s->index, n = (int64_t)s->length;
    switch (part) {
    case PART_INDEX:
        return value_int(i + 1);
    case PART_INDEX0:
        return value_int(i);
    case PART_RINDEX:
        return value_int(n - i);
    case PART_RINDEX0:
        return value_int(n - i - 1);
    case PART_FIRST:
        return value_bool(i == 0);
    case PART_LAST:
        return value_bool(i == n - 1);
    case PART_LENGTH:
        return value_int(n);
    case PART_NAME:
        return value_str(s->name);
    case PART_PARENT:
        return s->parent ? loop_value(s->parent) : (Value){0};
    case PART_COL:
        return value_int((int64_t)s->col + 1);
    case PART_COL0:
        return value_int((int64_t)s->col);
    case PART_COL_FIRST:
        return value_bool(s->col == 0);
    case PART_COL_LAST:
        return value_bool(s->col + 1 == s->cols);
    case PART_ROW:
        return value_int((int64_t)s->row);
    default:
        return (Value){0};
    }
}

static ObjResult loop_get(Arena *a, const void *self, Str key, Value *out) {
    (void)a;
    Part part = part_of(key, false);
    *out = part_value(self, part);
    return part ? OBJ_FOUND : OBJ_NIL;
}

static ObjResult table_get(Arena *a, const void *self, Str key, Value *out) {
    (void)a;
    Part part = part_of(key, true);
    *out = part_value(self, part);
    return part ? OBJ_FOUND : OBJ_NIL;
}

static const ObjClass loop_class = {"forloop", loop_get, NULL, false};
static const ObjClass table_class = {"tablerowloop", table_get, NULL, false};

Value loop_value(const LoopState *loop) {
    return value_obj(&loop_class, loop);
}

Value table_value(const LoopState *loop) {
    return value_obj(&table_class, loop);
}

Value loop_snapshot(Eval *e, Value v) {
    if (v.as.obj.cls != &loop_class && v.as.obj.cls != &table_class)
        return v;
    LoopState *copy = ARENA_NEW(e->keep, LoopState);
    *copy = *(const LoopState *)v.as.obj.self;
    v.as.obj.self = copy;
    for (LoopState *s = copy; s->parent;) {
        LoopState *parent = ARENA_NEW(e->keep, LoopState);
        *parent = *s->parent;
        s->parent = parent;
        s = parent;
    }
    return v;
}

// --- for ---

// limit or offset of a `for`: an integer, or a text that is one.
static bool whole(Eval *e, const Expr *x, int64_t *out) {
    Value v;
    if (!eval_expr(e, x, &v))
        return false;
    if (v.kind == VALUE_NULL || number_strict_int(&v, out))
        return true;
    return eval_error(e, "E-LIQUID", x->at,
                      _("limit and offset must be whole numbers"));
}

// The same for a `tablerow`, which takes what it can.
static bool about(Eval *e, const Expr *x, int64_t *out) {
    Value v;
    if (!eval_expr(e, x, &v))
        return false;
    if (v.kind != VALUE_NULL)
        *out = number_to_int(&v);
    return true;
}

typedef bool ReadInt(Eval *e, const Expr *x, int64_t *out);

// What a loop goes over, after offset and limit.
static bool segment(Eval *e, const Loop *loop, ReadInt *read, Walk *out) {
    *out = (Walk){.is_reversed = loop->is_reversed};
    int64_t offset = 0, limit = INT64_MAX;
    if (loop->is_continued) {
        const Value *v = binding_get(&e->scope->offsets, loop->name);
        offset = v ? v->as.i : 0;
    }
    if (!eval_expr(e, loop->collection, &out->of) ||
        (loop->offset && !read(e, loop->offset, &offset)) ||
        (loop->limit && !read(e, loop->limit, &limit)))
        return false;
    uint64_t size = walk_size(&out->of);
    out->from = offset < 0 ? 0 : (uint64_t)offset;
    out->from = out->from < size ? out->from : size;
    out->count = size - out->from;
    uint64_t most = limit < 0 ? 0 : (uint64_t)limit;
    out->count = out->count < most ? out->count : most;
    return true;
}

static Flow loop_body(Eval *e, const Node *node, const Walk *walk,
                      LoopState *state) {
    Scope *scope = e->scope;
    const Loop *loop = node->as.loop;
    size_t base = scope->stack.len;
    Flow flow = FLOW_NEXT;
    binding_push(e->keep, &scope->stack, S("forloop"), loop_value(state));
    binding_push(e->keep, &scope->stack, loop->var, (Value){0});
    for (; state->index < walk->count; state->index++) {
        scope->stack.items[base + 1].value = walk_item(e, walk, state->index);
        flow = eval_step(e, node->at) ? eval_nodes(e, loop->body) : FLOW_ERROR;
        if (flow == FLOW_BREAK || flow == FLOW_ERROR)
            break;
    }
    scope->stack.len = base;
    return flow == FLOW_ERROR ? FLOW_ERROR : FLOW_NEXT;
}

Flow eval_for(Eval *e, const Node *node) {
    const Loop *loop = node->as.loop;
    Walk walk;
    if (!segment(e, loop, whole, &walk))
        return FLOW_ERROR;
    binding_set(e->keep, &e->scope->offsets, loop->name,
                value_int((int64_t)(walk.from + walk.count)));
    if (!walk.count)
        return eval_nodes(e, loop->otherwise);
    LoopState state = {
        .name = loop->name, .length = walk.count, .parent = e->scope->loop};
    e->scope->loop = &state;
    Flow flow = loop_body(e, node, &walk, &state);
    e->scope->loop = state.parent;
    return flow;
}

// --- tablerow ---

static void put_row(Eval *e, uint64_t row, bool is_first) {
    Buf text = {.arena = e->brief};
    ArenaMark mark = arena_mark(e->brief);
    buf_fmt(&text, "%s<tr class=\"row%llu\">%s", is_first ? "" : "</tr>\n",
            (unsigned long long)row, is_first ? "\n" : "");
    eval_put(e, buf_str(&text));
    arena_reset(e->brief, mark);
}

static Flow put_cell(Eval *e, const Node *node, uint64_t col) {
    Buf text = {.arena = e->brief};
    ArenaMark mark = arena_mark(e->brief);
    buf_fmt(&text, "<td class=\"col%llu\">", (unsigned long long)col);
    eval_put(e, buf_str(&text));
    arena_reset(e->brief, mark);
    Flow flow = eval_step(e, node->at) ? eval_nodes(e, node->as.loop->body)
                                       : FLOW_ERROR;
    eval_put(e, S("</td>"));
    return flow;
}

static Flow rows(Eval *e, const Node *node, const Walk *walk,
                 LoopState *state) {
    Bindings *stack = &e->scope->stack;
    size_t base = stack->len;
    binding_push(e->keep, stack, S("tablerowloop"), table_value(state));
    binding_push(e->keep, stack, node->as.loop->var, (Value){0});
    Flow flow = FLOW_NEXT;
    for (; state->index < walk->count; state->index++) {
        stack->items[base + 1].value = walk_item(e, walk, state->index);
        flow = put_cell(e, node, state->col + 1);
        if (flow == FLOW_BREAK || flow == FLOW_ERROR)
            break;
        if (++state->col < state->cols)
            continue;
        state->col = 0;
        state->row++;
        if (state->index + 1 < walk->count)
            put_row(e, state->row, false);
    }
    stack->len = base;
    return flow == FLOW_ERROR ? FLOW_ERROR : FLOW_NEXT;
}

Flow eval_tablerow(Eval *e, const Node *node) {
    const Loop *loop = node->as.loop;
    Walk walk;
    if (!segment(e, loop, about, &walk))
        return FLOW_ERROR;
    if (!value_is_truthy(&walk.of))
        return FLOW_NEXT;
    int64_t cols = (int64_t)walk.count;
    if (loop->cols && !about(e, loop->cols, &cols))
        return FLOW_ERROR;
    LoopState state = {.length = walk.count,
                       .cols = cols > 0 ? (uint64_t)cols : UINT64_MAX,
                       .row = 1};
    put_row(e, 1, true);
    Flow flow = rows(e, node, &walk, &state);
    eval_put(e, S("</tr>\n"));
    return flow;
}

// --- cycle ---

// Cycles of one name take turns together, and so do unnamed ones written alike
// if their values are literals.
static bool cycle_key(Eval *e, const Node *node, Str *out) {
    if (!node->as.cycle.name) {
        *out =
            node->is_constant
                ? str_fmt(e->keep, "=%.*s", STR_ARG(node->as.cycle.text))
                : str_fmt(e->keep, "@%.*s:%u", STR_ARG(e->t->name), node->at);
        return true;
    }
    Value name;
    if (!eval_expr(e, node->as.cycle.name, &name))
        return false;
    Str text = eval_str(e, &name);
    *out = str_fmt(e->keep, "#%.*s", STR_ARG(text));
    return true;
}

Flow eval_cycle(Eval *e, const Node *node) {
    Str key;
    Value v = {0};
    if (!cycle_key(e, node, &key))
        return FLOW_ERROR;
    const Value *last = binding_get(&e->scope->cycles, key);
    int64_t turn = last ? last->as.i : 0, n = 0;
    for (const Arg *arg = node->as.cycle.values; arg; arg = arg->next, n++)
        if (n == turn && !eval_expr(e, arg->value, &v))
            return FLOW_ERROR;
    turn = turn + 1 < n ? turn + 1 : 0;
    binding_set(e->keep, &e->scope->cycles, key, value_int(turn));
    eval_write(e, &v);
    return FLOW_NEXT;
}
