// The tree of a template. Made by parse/liquid*.c, walked by render/eval*.c,
// and read by nobody else. Const once it is parsed: any number of threads may
// walk one tree.
//
// Names and text are slices of the template's source, literals included.
// Lists are linked in the order they were written. `at` is the byte in the
// source where something begins, for messages.
#ifndef LOA_PARSE_LIQUID_AST_H
#define LOA_PARSE_LIQUID_AST_H

#include "parse/liquid.h"
#include "parse/liquid_filters.h"

typedef enum { EXPR_LITERAL, EXPR_PATH, EXPR_RANGE } ExprKind;

typedef struct Expr Expr;
typedef struct Step Step;

// .name or [index]
struct Step {
    Str name;          // after a dot
    const Expr *index; // in brackets; NULL after a dot
    uint32_t at;
    const Step *next;
};

struct Expr {
    ExprKind kind;
    uint32_t at;
    union {
        Value literal;
        struct {
            Str name;         // the variable
            const Expr *root; // instead of a name: ['a name']
            const Step *steps;
        } path;
        struct {
            const Expr *from, *to;
        } range;
    } as;
};

// An argument; positional ones have no name.
typedef struct Arg Arg;
struct Arg {
    Str name;
    const Expr *value;
    const Arg *next;
};

typedef struct FilterCall FilterCall;
struct FilterCall {
    FilterId id;
    uint32_t at;
    const Arg *args;
    const FilterCall *next;
};

// value | filter | filter
typedef struct {
    const Expr *value; // NULL: nothing stands there, {{ }}
    const FilterCall *filters;
} Pipeline;

typedef enum {
    OP_NONE, // only `left`: is it truthy?
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_GT,
    OP_LE,
    OP_GE,
    OP_CONTAINS,
} CompareOp;

// a == b and c or d: `and` and `or` bind alike and to the right.
typedef struct Condition Condition;
struct Condition {
    CompareOp op;
    uint32_t at;
    const Expr *left, *right;
    bool is_or;            // what joins it to `next`
    const Condition *next; // NULL: the last
};

typedef enum {
    NODE_TEXT,
    NODE_OUTPUT, // {{ }} and echo; {% liquid %} leaves only what is in it
    NODE_ASSIGN,
    NODE_CAPTURE,
    NODE_IF, // and unless
    NODE_CASE,
    NODE_FOR,
    NODE_TABLEROW,
    NODE_BREAK,
    NODE_CONTINUE,
    NODE_CYCLE,
    NODE_INCREMENT,
    NODE_DECREMENT,
    NODE_INCLUDE,
    NODE_RENDER,
    NODE_IFCHANGED,
} NodeKind;

// A branch of if, unless and case. In an `if` one without a condition is the
// else; in a `case` one without values.
typedef struct Branch Branch;
struct Branch {
    const Condition *condition;
    bool is_negated; // unless
    const Arg *values;
    Node *body;
    Branch *next;
};

typedef struct {
    Str var;
    Str name; // "var-collection": forloop.name, and what offset:continue finds
    const Expr *collection;
    const Expr *limit, *offset, *cols;
    bool is_reversed, is_continued;
    Node *body, *otherwise;
} Loop;

typedef struct {
    const Expr *name;
    bool is_literal; // name is a literal text
    bool is_for;     // `for`, not `with`
    const Expr *bound;
    Str alias;
    const Arg *args;
} Partial;

struct Node {
    uint8_t kind;     // NodeKind
    bool is_blank;    // writes nothing that can be seen
    bool is_white;    // NODE_TEXT of white space only
    bool is_constant; // NODE_CYCLE whose values are all literals
    uint32_t at;
    Node *next;
    union {
        Str text;
        Pipeline output;
        struct {
            Str name;
            Pipeline value;
        } assign;
        struct {
            Str name;
            Node *body;
        } capture;
        Branch *branches; // if
        struct {
            const Expr *value;
            Branch *branches;
        } choice; // case
        Loop *loop;
        struct {
            const Expr *name; // NULL: none
            const Arg *values;
            Str text; // as it was written: cycles written alike are one
        } cycle;
        Str counter;
        const Partial *partial;
        Node *body; // ifchanged
    } as;
};

#endif
