// Tags without an end, and the table of all tags.
#include "base/nearest.h"
#include "parse/liquid_parser.h"

bool tag_output(Parser *p, Token output, Nodes *to) {
    Lexer lx = lex_start(p, output.text);
    Pipeline pipeline;
    if (!expr_pipeline(&lx, &pipeline))
        return false;
    Node *node = node_add(p, to, NODE_OUTPUT, output.text.ptr);
    node->as.output = pipeline;
    nodes_mark(to, node, false);
    return true;
}

static bool tag_echo(Parser *p, Token tag, Nodes *to) {
    return tag_output(p, tag, to);
}

// A name that can be given: letters, digits, - and _; not a- dotted path.
static bool target(Lexer *lx, Str *out) {
    Str name = lx->now.text;
    bool is_name = lx->now.kind == LEX_NAME || lx->now.kind == LEX_INT;
    if (!is_name || str_starts(name, S("-")) || str_ends(name, S("?")))
        return lex_unexpected(lx, _("write the name of a variable, of "
                                    "letters, digits, - and _"));
    *out = name;
    lex_next(lx);
    return true;
}

// name = pipeline
static bool tag_assign(Parser *p, Token tag, Nodes *to) {
    Lexer lx = lex_start(p, tag.text);
    Str name;
    if (!target(&lx, &name))
        return false;
    if (!lex_take(&lx, '='))
        return lex_unexpected(&lx, _("write assign NAME = VALUE"));
    Pipeline value;
    if (lx.now.kind == LEX_END)
        return lex_unexpected(&lx, _("write a value after '='"));
    if (!expr_pipeline(&lx, &value))
        return false;
    Node *node = node_add(p, to, NODE_ASSIGN, tag.name.ptr);
    node->as.assign.name = name;
    node->as.assign.value = value;
    nodes_mark(to, node, true);
    return true;
}

static bool counter(Parser *p, Token tag, Nodes *to) {
    bool is_up = str_eq(tag.name, S("increment"));
    Lexer lx = lex_start(p, tag.text);
    Str name;
    if (!target(&lx, &name) || !lex_expect_end(&lx))
        return false;
    Node *node =
        node_add(p, to, is_up ? NODE_INCREMENT : NODE_DECREMENT, tag.name.ptr);
    node->as.counter = name;
    nodes_mark(to, node, false);
    return true;
}

static bool jump(Parser *p, Token tag, Nodes *to) {
    bool is_break = str_eq(tag.name, S("break"));
    Node *node =
        node_add(p, to, is_break ? NODE_BREAK : NODE_CONTINUE, tag.name.ptr);
    nodes_mark(to, node, true);
    return true;
}

static bool remark(Parser *p, Token tag, Nodes *to) {
    (void)p, (void)tag, (void)to;
    return true;
}

static bool cycle_values(Lexer *lx, Node *node) {
    const Arg **end = &node->as.cycle.values;
    while (lx->now.kind != LEX_END) {
        const Expr *value;
        if (!expr_parse(lx, &value))
            return false;
        end = arg_append(lx->p, end, (Str){0}, value);
        node->is_constant &= value->kind == EXPR_LITERAL;
        if (!lex_take(lx, ',') && lx->now.kind != LEX_END)
            return lex_unexpected(lx, _("separate values with commas"));
    }
    return true;
}

// name: value, value
static bool tag_cycle(Parser *p, Token tag, Nodes *to) {
    Node *node = node_add(p, to, NODE_CYCLE, tag.name.ptr);
    node->is_constant = true;
    node->as.cycle.text = tag.text;
    nodes_mark(to, node, false);
    Lexer lx = lex_start(p, tag.text);
    if (lx.now.kind == LEX_END)
        return lex_unexpected(&lx, _("write values to take turns"));
    Lexer values = lx;
    const Expr *name;
    if (!expr_parse(&lx, &name))
        return false;
    if (lex_take(&lx, ':')) {
        node->as.cycle.name = name;
        values = lx;
    }
    return cycle_values(&values, node);
}

// --- include, render ---

static void note_include(Parser *p, const Expr *name) {
    uint32_t *at = ARENA_NEW(p->job->keep, uint32_t);
    *at = name->at;
    map_add(&p->includes, name->as.literal.as.s, at);
}

static bool partial_name(Lexer *lx, Token tag, Partial *out) {
    Parser *p = lx->p;
    out->is_literal = lx->now.kind == LEX_TEXT;
    if (!out->is_literal &&
        (p->mode == LIQUID_SITE || str_eq(tag.name, S("render"))))
        return lex_unexpected(lx, _("write the name of a template in quotes: "
                                    "which templates a page is made of must "
                                    "be known before it is made"));
    if (!expr_parse(lx, &out->name))
        return false;
    if (out->is_literal)
        note_include(p, out->name);
    p->has_dynamic |= !out->is_literal;
    return true;
}

// 'name' with value as alias, name: value
static bool partial_rest(Lexer *lx, Partial *out) {
    out->is_for = lex_is_word(lx, S("for"));
    if (out->is_for || lex_is_word(lx, S("with"))) {
        Lexer before = *lx;
        lex_next(lx);
        if (lex_is(lx, ':')) { // an argument of that name
            *lx = before;
            out->is_for = false;
        } else if (!expr_parse(lx, &out->bound)) {
            return false;
        }
    }
    if (out->bound && lex_take_word(lx, S("as"))) {
        if (lx->now.kind != LEX_NAME)
            return lex_unexpected(lx, _("write a name after 'as'"));
        out->alias = lx->now.text;
        lex_next(lx);
    }
    lex_take(lx, ',');
    return expr_named(lx, &out->args);
}

static bool partial(Parser *p, Token tag, Nodes *to) {
    bool is_render = str_eq(tag.name, S("render"));
    Partial *out = ARENA_NEW(p->job->keep, Partial);
    Lexer lx = lex_start(p, tag.text);
    if (!partial_name(&lx, tag, out) || !partial_rest(&lx, out))
        return false;
    Node *node =
        node_add(p, to, is_render ? NODE_RENDER : NODE_INCLUDE, tag.name.ptr);
    node->as.partial = out;
    nodes_mark(to, node, false);
    return true;
}

// --- All tags ---

static const struct {
    Str name;
    TagFn *parse;
    bool is_block;
} tags[] = {
    {{"#", 1}, remark, false},          {{"assign", 6}, tag_assign, false},
    {{"break", 5}, jump, false},        {{"capture", 7}, tag_capture, true},
    {{"case", 4}, tag_case, true},      {{"comment", 7}, tag_comment, true},
    {{"continue", 8}, jump, false},     {{"cycle", 5}, tag_cycle, false},
    {{"decrement", 9}, counter, false}, {{"doc", 3}, tag_doc, true},
    {{"echo", 4}, tag_echo, false},     {{"for", 3}, tag_for, true},
    {{"if", 2}, tag_if, true},          {{"ifchanged", 9}, tag_ifchanged, true},
    {{"include", 7}, partial, false},   {{"increment", 9}, counter, false},
    {{"liquid", 6}, tag_liquid, true},  {{"raw", 3}, tag_raw, true},
    {{"render", 6}, partial, false},    {{"tablerow", 8}, tag_tablerow, true},
    {{"unless", 6}, tag_if, true},
};

enum { TAGS = sizeof tags / sizeof *tags };

static bool is_divider(Str name) {
    return str_eq(name, S("else")) || str_eq(name, S("elsif")) ||
           str_eq(name, S("when"));
}

static bool unknown_tag(Parser *p, Str name) {
    if (is_divider(name))
        return parser_error(p, "E-TAG", name.ptr,
                            _("'%.*s' does not belong here"), STR_ARG(name));
    if (str_starts(name, S("end")))
        return parser_error(p, "E-TAG", name.ptr, _("'%.*s' ends nothing here"),
                            STR_ARG(name));
    parser_error(p, "E-TAG", name.ptr, _("there is no tag '%.*s'"),
                 STR_ARG(name));
    Str words[TAGS];
    for (size_t i = 0; i < TAGS; i++)
        words[i] = tags[i].name;
    Str near = nearest(name, (Strs){words, TAGS});
    if (near.len)
        diag_hint(p->job->diags, _("did you mean '%.*s'?"), STR_ARG(near));
    return false;
}

static bool block(Parser *p, TagFn *parse, Nodes *to) {
    Token tag = p->token;
    if (p->blocks >= LIQUID_MAX_BLOCKS)
        return parser_error(p, "E-LIQUID", tag.name.ptr,
                            _("tags are nested more than %d deep"),
                            LIQUID_MAX_BLOCKS);
    p->blocks++;
    bool good = parse(p, tag, to);
    p->blocks--;
    return good;
}

bool tag_parse(Parser *p, Nodes *to, bool *is_block) {
    *is_block = true;
    Str name = p->token.name;
    for (size_t i = 0; i < TAGS; i++) {
        if (!str_eq(name, tags[i].name))
            continue;
        *is_block = tags[i].is_block;
        return *is_block ? block(p, tags[i].parse, to)
                         : tags[i].parse(p, p->token, to);
    }
    return unknown_tag(p, name);
}
