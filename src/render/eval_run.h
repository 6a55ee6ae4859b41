// Inside the evaluator: what its files share. Nothing here is for others.
//
//   eval.c            nodes, one after the other; layouts
//   eval_loop.c       for, tablerow, cycle
//   eval_partial.c    include, render
//   eval_expr.c       variables, paths, conditions
//   eval_scope.c      where variables live
//   eval_value.c      values to text and to the output
//   eval_number.c     arithmetic as Ruby's
//   eval_filter.c     calls a filter; eval_filter_*.c are the filters
#ifndef LOA_RENDER_EVAL_RUN_H
#define LOA_RENDER_EVAL_RUN_H

#include "parse/liquid_ast.h"
#include "render/eval.h"

enum { EVAL_MAX_DEPTH = 32, EVAL_MAX_INSPECT = 64 };

typedef struct {
    Str name;
    Value value;
} Binding;

typedef struct {
    Binding *items;
    size_t len, cap;
} Bindings;

// What forloop and tablerowloop show.
typedef struct LoopState LoopState;
struct LoopState {
    Str name;
    uint64_t index, length;  // index from 0
    uint64_t cols, col, row; // tablerowloop; col from 0, row from 1
    const LoopState *parent;
};

// Variables of one template and what it includes; `render` starts a new one.
typedef struct {
    Bindings stack;    // loop variables and arguments, innermost last
    Bindings locals;   // assign, capture
    Bindings counters; // increment, decrement
    Bindings cycles, offsets;
    Str changed; // what ifchanged wrote last
    const LoopState *loop;
    bool is_isolated; // sees only site, clock and lang of the globals
} Scope;

typedef struct {
    Job *job;
    const EvalEnv *env;
    const Template *t; // the one that is being read, for messages
    const Value *globals;
    Str what;
    Arena *keep;  // for what lives as long as the evaluation
    Arena *brief; // for what is forgotten when a value has been written
    Arena *arena; // one of the two: where values are made now
    Scope *scope;
    Buf *out;
    uint64_t steps, bytes; // spent
    uint64_t max_steps, max_bytes;
    unsigned depth;   // of include and render
    bool saw_content; // something from content was written
} Eval;

typedef enum { FLOW_NEXT, FLOW_BREAK, FLOW_CONTINUE, FLOW_ERROR } Flow;

// Adds an error at a byte of the template and returns false.
bool eval_error(Eval *e, const char *code, uint32_t at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
Flow eval_nodes(Eval *e, const Node *first);

// --- eval_scope.c ---

const Value *binding_get(const Bindings *b, Str name);
void binding_set(Arena *a, Bindings *b, Str name, Value v);
void binding_push(Arena *a, Bindings *b, Str name, Value v);
// A variable, by the rules of scope; null when there is none. False: it may
// not be read, and an error was added.
bool scope_get(Eval *e, Str name, uint32_t at, Value *out);

// --- eval_expr.c ---

bool eval_expr(Eval *e, const Expr *x, Value *out);
bool eval_condition(Eval *e, const Condition *c, bool *out);
bool eval_pipeline(Eval *e, const Pipeline *p, Value *out);
bool eval_eq(const Value *a, const Value *b); // Liquid's ==
// What v[key] is to a filter such as map or sort.
bool eval_property(Eval *e, const Value *v, const Value *key, uint32_t at,
                   Value *out);

// --- eval_loop.c, eval_partial.c ---

// Items of anything that can be walked, none of them copied.
typedef struct {
    Value of;
    uint64_t from, count;
    bool is_reversed;
} Walk;

uint64_t walk_size(const Value *v);
Value walk_item(Eval *e, const Walk *w, uint64_t i);
Value loop_value(const LoopState *loop);
Value table_value(const LoopState *loop);
// A copy of a forloop that outlives its loop; any other value as it is.
Value loop_snapshot(Eval *e, Value v);
bool eval_step(Eval *e, uint32_t at); // one more loop step

Flow eval_for(Eval *e, const Node *node);
Flow eval_tablerow(Eval *e, const Node *node);
Flow eval_cycle(Eval *e, const Node *node);
Flow eval_include(Eval *e, const Node *node);
Flow eval_render(Eval *e, const Node *node);

// --- eval_value.c ---

// What `v` is as text; a text itself is not copied.
Str eval_str(Eval *e, const Value *v);
void eval_text(Eval *e, const Value *v, Buf *out);
// Writes to the output, escaped unless it is HTML.
void eval_write(Eval *e, const Value *v);
void eval_put(Eval *e, Str s);
void eval_put_date(Buf *out, Date d); // as date_iso does
void eval_json(Eval *e, const Value *v, unsigned depth, Buf *out);

// --- eval_number.c ---

// An integer, a decimal number (coefficient / 10^scale, exact), or, when it is
// too large or small for these, a double.
__extension__ typedef __int128 Int128;

typedef enum { NUMBER_INT, NUMBER_DECIMAL, NUMBER_DOUBLE } NumberKind;

typedef struct {
    NumberKind kind;
    int64_t i;
    Int128 coef;
    int scale;
    double f;
} Number;

Number number_of(const Value *v); // anything; 0 when it is no number
Value number_value(Number n);
Number number_add(Number a, Number b);
Number number_sub(Number a, Number b);
Number number_mul(Number a, Number b);
bool number_div(Number a, Number b, Number *out); // false: by zero
bool number_mod(Number a, Number b, Number *out);
int number_cmp(Number a, Number b);
Number number_round(Number n, int64_t digits); // half away from zero
Number number_floor(Number n);
Number number_ceil(Number n);
void number_put_float(Buf *out, double f); // as Ruby prints it
int64_t number_to_int(const Value *v);     // Ruby's to_i
bool number_strict_int(const Value *v, int64_t *out);

// --- eval_filter*.c ---

typedef struct {
    FilterId id;
    uint32_t at;
    size_t n;
    Value pos[FILTER_MAX_ARGS];
    Value named; // a map, or null
} FilterArgs;

// Changes *v. Text it makes lies in e->arena.
typedef bool FilterFn(Eval *e, const FilterArgs *args, Value *v);

bool filter_apply(Eval *e, const FilterCall *call, Value *v);
// An error of a filter. False.
bool filter_error(Eval *e, const FilterArgs *args, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
// False, with an error, when a text or list would be longer than is allowed.
bool filter_room(Eval *e, const FilterArgs *args, uint64_t bytes);
// Makes *v a text. What it came from decides afterwards whether it is content.
bool filter_give(Value *v, Str s);

// A text and what is known of it; things that are no text are content.
typedef struct {
    Str s;
    unsigned flags;
} FilterText;

FilterText filter_text(Eval *e, const Value *v);
// Marks a text as HTML, except where nothing is escaped.
void filter_set_html(const Eval *e, Value *v);

// The input as a list: flat, a map as its only item, nothing as none. Not
// copied unless it must be.
bool filter_items(Eval *e, const FilterArgs *args, const Value *v,
                  ValueList *out);

typedef enum { PROPERTY_FOUND, PROPERTY_NONE, PROPERTY_ERROR } Property;

// item[key]; PROPERTY_NONE is an item that can have no properties.
Property filter_property(Eval *e, const FilterArgs *args, const Value *item,
                         const Value *key, Value *out);

FilterFn filter_abs, filter_absolute_url, filter_append, filter_at_least,
    filter_at_most, filter_base64_decode, filter_base64_encode,
    filter_base64_url_safe_decode, filter_base64_url_safe_encode,
    filter_capitalize, filter_ceil, filter_compact, filter_concat, filter_date,
    filter_date_admin, filter_date_iso, filter_date_weekday, filter_default,
    filter_divided_by, filter_downcase, filter_escape, filter_escape_once,
    filter_find, filter_find_index, filter_first, filter_floor, filter_has,
    filter_join, filter_json, filter_last, filter_lstrip, filter_map,
    filter_markdownify, filter_minus, filter_modulo, filter_money,
    filter_newline_to_br, filter_number, filter_plus, filter_prepend,
    filter_raw, filter_reject, filter_relative_url, filter_remove,
    filter_remove_first, filter_remove_last, filter_replace,
    filter_replace_first, filter_replace_last, filter_reverse, filter_round,
    filter_rstrip, filter_size, filter_slice, filter_slugify, filter_sort,
    filter_sort_natural, filter_split, filter_strip, filter_strip_html,
    filter_strip_newlines, filter_sum, filter_t, filter_time, filter_times,
    filter_truncate, filter_truncatewords, filter_uniq, filter_upcase,
    filter_url_decode, filter_url_encode, filter_where;

#endif
