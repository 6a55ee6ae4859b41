// Expressions. What each function takes stands above it.
#include "parse/liquid_parser.h"

// --- What the template reads: Template.globals ---

static void note_global(Parser *p, Str name) {
    map_add(&p->globals, name, p);
}

// "clock", and "clock.year" or, when more than a named part is read, "clock.*".
static void note_path(Parser *p, const Expr *path) {
    Str name = path->as.path.name;
    const Step *step = path->as.path.steps;
    Str part = step && step->name.len ? step->name : S("*");
    note_global(p, name);
    note_global(
        p, str_fmt(p->job->keep, "%.*s.%.*s", STR_ARG(name), STR_ARG(part)));
}

// --- Literals ---

static Expr *expr_new(Lexer *lx, ExprKind kind) {
    Expr *x = ARENA_NEW(lx->p->job->keep, Expr);
    x->kind = kind;
    x->at = parser_at(lx->p, lex_where(lx));
    return x;
}

static bool number(Lexer *lx, Value *out) {
    Str text = lx->now.text;
    out->kind = VALUE_INT;
    if (lx->now.kind == LEX_INT && str_to_int(text, &out->as.i))
        return true;
    out->kind = VALUE_FLOAT;
    if (str_to_float(text, &out->as.f))
        return true;
    return parser_error(lx->p, "E-LIQUID", text.ptr,
                        _("this number is too large"));
}

static bool keyword(Str word, Value *out) {
    static const struct {
        Str word;
        Value value;
    } words[] = {
        {{"true", 4}, {.kind = VALUE_BOOL, .as.b = true}},
        {{"false", 5}, {.kind = VALUE_BOOL}},
        {{"nil", 3}, {.kind = VALUE_NULL}},
        {{"null", 4}, {.kind = VALUE_NULL}},
        {{"empty", 5}, {.kind = VALUE_EMPTY}},
        {{"blank", 5}, {.kind = VALUE_BLANK}},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!str_eq(word, words[i].word))
            continue;
        *out = words[i].value;
        return true;
    }
    return false;
}

static bool literal(Lexer *lx, Expr *x) {
    switch (lx->now.kind) {
    case LEX_TEXT:
        x->as.literal = value_str(lx->now.text);
        return true;
    case LEX_INT:
    case LEX_FLOAT:
        return number(lx, &x->as.literal);
    default:
        return keyword(lx->now.text, &x->as.literal);
    }
}

// --- Paths ---

// [ expression ]; the bracket is taken already.
static bool bracketed(Lexer *lx, const Expr **out) {
    if (++lx->p->brackets > LIQUID_MAX_BRACKETS)
        return parser_error(lx->p, "E-LIQUID", lex_where(lx),
                            _("brackets are nested more than %d deep"),
                            LIQUID_MAX_BRACKETS);
    if (!expr_parse(lx, out))
        return false;
    lx->p->brackets--;
    return lex_take(lx, ']') ||
           lex_unexpected(lx, _("close the bracket with ']'"));
}

static bool dotted(Lexer *lx, Step *step) {
    if (lx->now.kind != LEX_NAME)
        return lex_unexpected(lx, _("write a name after the dot, such as "
                                    "page.title, or a number in brackets, "
                                    "such as list[0]"));
    step->name = lx->now.text;
    lex_next(lx);
    return true;
}

// A bracketed text is a name, though `size` is not the list's size then.
static bool steps(Lexer *lx, const Step **end) {
    while (lex_is(lx, '.') || lex_is(lx, '[')) {
        Step *step = ARENA_NEW(lx->p->job->keep, Step);
        bool is_dot = lex_is(lx, '.');
        lex_next(lx);
        step->at = parser_at(lx->p, lex_where(lx));
        if (!(is_dot ? dotted(lx, step) : bracketed(lx, &step->index)))
            return false;
        *end = step;
        end = &step->next;
    }
    return true;
}

// name | [expression], then .name and [expression]
static bool path(Lexer *lx, Expr *x) {
    if (lex_take(lx, '[')) {
        if (!bracketed(lx, &x->as.path.root) || !steps(lx, &x->as.path.steps))
            return false;
        const Expr *root = x->as.path.root;
        if (root->kind != EXPR_LITERAL || root->as.literal.kind != VALUE_STR)
            return true;
        x->as.path.name = root->as.literal.as.s;
        x->as.path.root = NULL;
        note_path(lx->p, x);
        return true;
    }
    x->as.path.name = lx->now.text;
    lex_next(lx);
    if (!steps(lx, &x->as.path.steps))
        return false;
    note_path(lx->p, x);
    return true;
}

// (from..to)
static bool range(Lexer *lx, Expr *x) {
    lex_next(lx);
    if (++lx->p->brackets > LIQUID_MAX_BRACKETS)
        return parser_error(lx->p, "E-LIQUID", lex_where(lx),
                            _("brackets are nested more than %d deep"),
                            LIQUID_MAX_BRACKETS);
    if (!expr_parse(lx, &x->as.range.from))
        return false;
    if (lx->now.kind != LEX_DOTS)
        return lex_unexpected(lx, _("a range is written (1..5)"));
    lex_next(lx);
    if (!expr_parse(lx, &x->as.range.to))
        return false;
    lx->p->brackets--;
    return lex_take(lx, ')') ||
           lex_unexpected(lx, _("close the range with ')'"));
}

bool expr_parse(Lexer *lx, const Expr **out) {
    Expr *x = expr_new(lx, EXPR_PATH);
    *out = x;
    if (lex_is(lx, '(')) {
        x->kind = EXPR_RANGE;
        return range(lx, x);
    }
    if (lex_is(lx, '['))
        return path(lx, x);
    if (lx->now.kind == LEX_NAME || lx->now.kind == LEX_TEXT ||
        lx->now.kind == LEX_INT || lx->now.kind == LEX_FLOAT) {
        Expr tried = {.kind = EXPR_LITERAL, .at = x->at};
        if (literal(lx, &tried)) {
            *x = tried;
            lex_next(lx);
            return true;
        }
        return lx->now.kind == LEX_NAME && path(lx, x);
    }
    return lex_unexpected(lx, _("write a variable, a number or a text in "
                                "quotes"));
}

// --- Filters ---

const Arg **arg_append(Parser *p, const Arg **end, Str name,
                       const Expr *value) {
    Arg *arg = ARENA_NEW(p->job->keep, Arg);
    arg->name = name;
    arg->value = value;
    *end = arg;
    return &arg->next;
}

// Whether a name and a colon come next; then both are taken.
static bool take_label(Lexer *lx, Str *name) {
    if (lx->now.kind != LEX_NAME)
        return false;
    Lexer ahead = *lx;
    lex_next(&ahead);
    if (!lex_take(&ahead, ':'))
        return false;
    *name = lx->now.text;
    *lx = ahead;
    return true;
}

typedef struct {
    size_t positional, named;
} ArgCount;

// value, name: value, ...
static bool filter_args(Lexer *lx, FilterCall *call, ArgCount *count) {
    const Arg **end = &call->args;
    do {
        Str name = {0};
        const Expr *value;
        bool is_named = take_label(lx, &name);
        if (!expr_parse(lx, &value))
            return false;
        end = arg_append(lx->p, end, name, value);
        count->named += is_named;
        count->positional += !is_named;
    } while (lex_take(lx, ','));
    return true;
}

static bool unknown_filter(Parser *p, Str name) {
    parser_error(p, "E-FILTER", name.ptr, _("there is no filter '%.*s'"),
                 STR_ARG(name));
    Str near = filter_nearest(name);
    if (near.len)
        diag_hint(p->job->diags, _("did you mean '%.*s'?"), STR_ARG(near));
    else
        diag_hint(p->job->diags,
                  _("docs/filters.md lists the filters there are"));
    return false;
}

static bool check_args(Parser *p, Str name, FilterId id, ArgCount n) {
    const FilterSpec *spec = filter_spec(id);
    if (n.positional < spec->min)
        parser_error(p, "E-FILTER", name.ptr,
                     _("the filter '%.*s' needs an argument"), STR_ARG(name));
    else if (n.positional > spec->max)
        parser_error(p, "E-FILTER", name.ptr,
                     _("the filter '%.*s' is given too many arguments"),
                     STR_ARG(name));
    else if (n.named > ((spec->flags & FILTER_N) ? LIQUID_MAX_NAMED : 0))
        parser_error(p, "E-FILTER", name.ptr,
                     _("the filter '%.*s' cannot take this named argument"),
                     STR_ARG(name));
    else
        return true;
    if (spec->min == spec->max)
        diag_hint(p->job->diags, _("the number of its arguments is %d"),
                  spec->min);
    else
        diag_hint(p->job->diags, _("the number of its arguments is %d to %d"),
                  spec->min, spec->max);
    return false;
}

// 'now' | date in a site would make the output depend on the day it was built.
static bool check_now(Parser *p, const Expr *value, FilterId id) {
    bool is_date = id == FILTER_date || id == FILTER_date_admin ||
                   id == FILTER_date_iso || id == FILTER_date_weekday ||
                   id == FILTER_time;
    if (p->mode != LIQUID_SITE || !is_date || value->kind != EXPR_LITERAL ||
        value->as.literal.kind != VALUE_STR)
        return true;
    Str s = str_trim(value->as.literal.as.s);
    if (!str_eq_nocase(s, S("now")) && !str_eq_nocase(s, S("today")))
        return true;
    parser_error(p, "E-NOW", value->as.literal.as.s.ptr,
                 _("'%.*s' is not allowed in a site's layout"), STR_ARG(s));
    diag_hint(p->job->diags,
              _("use clock.date or clock.year: then a page is made again only "
                "on the day that changes it"));
    return false;
}

// name: arguments
static bool filter(Lexer *lx, const Expr *value, FilterCall *call) {
    Parser *p = lx->p;
    if (lx->now.kind != LEX_NAME)
        return lex_unexpected(lx, _("write the name of a filter after '|'"));
    Str name = lx->now.text;
    if (!filter_lookup(name, &call->id))
        return unknown_filter(p, name);
    call->at = parser_at(p, name.ptr);
    lex_next(lx);
    ArgCount count = {0};
    if (lex_take(lx, ':') && !filter_args(lx, call, &count))
        return false;
    if (lx->now.kind != LEX_END && !lex_is(lx, '|'))
        return lex_unexpected(lx, _("arguments come after a colon and have "
                                    "commas between them: | filter: 1, 2"));
    return check_args(p, name, call->id, count) &&
           (!value || check_now(p, value, call->id));
}

// expression | filter | filter
bool expr_pipeline(Lexer *lx, Pipeline *out) {
    *out = (Pipeline){0};
    if (lx->now.kind == LEX_END)
        return true;
    if (!expr_parse(lx, &out->value))
        return false;
    const FilterCall **end = &out->filters;
    while (lex_take(lx, '|')) {
        FilterCall *call = ARENA_NEW(lx->p->job->keep, FilterCall);
        if (!filter(lx, out->filters ? NULL : out->value, call))
            return false;
        *end = call;
        end = &call->next;
    }
    return lex_expect_end(lx);
}

// --- Conditions ---

static CompareOp compare_op(const Lexer *lx) {
    static const struct {
        Str text;
        CompareOp op;
    } ops[] = {
        {{"==", 2}, OP_EQ}, {{"!=", 2}, OP_NE},
        {{"<>", 2}, OP_NE}, {{"<=", 2}, OP_LE},
        {{">=", 2}, OP_GE}, {{"<", 1}, OP_LT},
        {{">", 1}, OP_GT},  {{"contains", 8}, OP_CONTAINS},
    };
    if (lx->now.kind != LEX_COMPARE && lx->now.kind != LEX_NAME)
        return OP_NONE;
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        if (str_eq(lx->now.text, ops[i].text))
            return ops[i].op;
    return OP_NONE;
}

static bool comparison(Lexer *lx, Condition *c) {
    if (!expr_parse(lx, &c->left))
        return false;
    c->at = c->left->at;
    c->op = compare_op(lx);
    if (c->op == OP_NONE)
        return true;
    c->at = parser_at(lx->p, lex_where(lx));
    lex_next(lx);
    return expr_parse(lx, &c->right);
}

// comparison and comparison or comparison
bool expr_condition(Lexer *lx, const Condition **out) {
    for (const Condition **end = out;;) {
        Condition *c = ARENA_NEW(lx->p->job->keep, Condition);
        *end = c;
        end = &c->next;
        if (!comparison(lx, c))
            return false;
        if (lx->now.kind == LEX_END)
            return true;
        c->is_or = lex_is_word(lx, S("or"));
        if (!c->is_or && !lex_is_word(lx, S("and")))
            return lex_unexpected(lx, _("join conditions with 'and' or 'or'; "
                                        "compare with ==, !=, <, >, <=, >= or "
                                        "contains"));
        lex_next(lx);
    }
}

// name: value, name: value
bool expr_named(Lexer *lx, const Arg **out) {
    const Arg **end = out;
    while (lx->now.kind != LEX_END) {
        Str name;
        const Expr *value;
        if (!take_label(lx, &name))
            return lex_unexpected(lx, _("arguments are written name: value"));
        if (!expr_parse(lx, &value))
            return false;
        end = arg_append(lx->p, end, name, value);
        lex_take(lx, ',');
    }
    return true;
}
