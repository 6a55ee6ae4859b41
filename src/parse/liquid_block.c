// Tags that have an end.
#include "parse/liquid_parser.h"

// --- if, unless, case ---

// A row of branches under construction.
typedef struct {
    Branch *first, **end;
    bool is_blank;
} Branches;

static bool branch_body(Parser *p, Token opener, Str dividers, Branch *b) {
    Nodes body = {.is_blank = true};
    if (!nodes_parse(p, opener, dividers, &body))
        return false;
    b->body = body.first;
    return true;
}

static Branch *branch_add(Parser *p, Branches *row) {
    Branch *b = ARENA_NEW(p->job->keep, Branch);
    *row->end = b;
    row->end = &b->next;
    return b;
}

// White space in a block that shows nothing is not shown either.
static void seal(Nodes *to, Node *node, Branches *row) {
    for (const Branch *b = row->first; b; b = b->next)
        for (const Node *n = b->body; n; n = n->next)
            row->is_blank &= n->is_blank;
    for (Branch *b = row->first; b && row->is_blank; b = b->next)
        nodes_strip(&b->body);
    nodes_mark(to, node, row->is_blank);
}

// Everywhere but in a site, what stands after `else` is not looked at.
static bool check_else(Parser *p, Token tag) {
    if (p->mode != LIQUID_SITE || !tag.text.len)
        return true;
    parser_error(p, "E-LIQUID", tag.text.ptr,
                 _("nothing may stand after 'else'"));
    diag_hint(p->job->diags, _("write 'elsif' for another condition"));
    return false;
}

static bool if_branch(Parser *p, Token tag, Branch *b) {
    if (str_eq(tag.name, S("else")))
        return check_else(p, tag);
    b->is_negated = str_eq(tag.name, S("unless"));
    Lexer lx = lex_start(p, tag.text);
    return expr_condition(&lx, &b->condition);
}

bool tag_if(Parser *p, Token tag, Nodes *to) {
    Node *node = node_add(p, to, NODE_IF, tag.name.ptr);
    Branches row = {NULL, &row.first, true};
    for (Token now = tag; !str_starts(now.name, S("end")); now = p->token) {
        Branch *b = branch_add(p, &row);
        if (!if_branch(p, now, b) || !branch_body(p, tag, S("elsif else"), b))
            return false;
    }
    node->as.branches = row.first;
    seal(to, node, &row);
    return true;
}

// value, value or value
static bool when(Parser *p, Token tag, Branch *b) {
    if (str_eq(tag.name, S("else")))
        return check_else(p, tag);
    Lexer lx = lex_start(p, tag.text);
    const Arg **end = &b->values;
    do {
        const Expr *value;
        if (!expr_parse(&lx, &value))
            return false;
        end = arg_append(p, end, (Str){0}, value);
    } while (lex_take(&lx, ',') || lex_take_word(&lx, S("or")));
    return lx.now.kind == LEX_END ||
           lex_unexpected(&lx, _("separate values with commas or 'or'"));
}

// What stands before the first `when` is never shown.
bool tag_case(Parser *p, Token tag, Nodes *to) {
    Node *node = node_add(p, to, NODE_CASE, tag.name.ptr);
    Lexer lx = lex_start(p, tag.text);
    Branch before = {0};
    if (!expr_parse(&lx, &node->as.choice.value) || !lex_expect_end(&lx) ||
        !branch_body(p, tag, S("when else"), &before))
        return false;
    Branches row = {NULL, &row.first, true};
    for (Token now = p->token; !str_starts(now.name, S("end"));
         now = p->token) {
        Branch *b = branch_add(p, &row);
        if (!when(p, now, b) || !branch_body(p, tag, S("when else"), b))
            return false;
    }
    node->as.choice.branches = row.first;
    seal(to, node, &row);
    return true;
}

// --- for, tablerow ---

static bool loop_offset(Lexer *lx, Loop *loop) {
    if (lex_take_word(lx, S("continue"))) {
        loop->is_continued = true;
        return true;
    }
    return expr_parse(lx, &loop->offset);
}

// reversed, limit: n, offset: n, offset: continue, cols: n
static bool loop_option(Lexer *lx, Loop *loop, bool is_table) {
    static const char hint[] =
        N_("what may follow is reversed, limit: and offset:");
    static const char table_hint[] =
        N_("what may follow is cols:, limit: and offset:");
    Lexer before = *lx;
    if (!is_table && lex_take_word(lx, S("reversed"))) {
        loop->is_reversed = true;
        return true;
    }
    Str word = lx->now.kind == LEX_NAME ? lx->now.text : (Str){0};
    if (word.len)
        lex_next(lx);
    if (word.len && lex_take(lx, ':')) {
        if (str_eq(word, S("limit")))
            return expr_parse(lx, &loop->limit);
        if (str_eq(word, S("offset")))
            return loop_offset(lx, loop);
        if (is_table && str_eq(word, S("cols")))
            return expr_parse(lx, &loop->cols);
    }
    *lx = before;
    return lex_unexpected(lx, is_table ? _(table_hint) : _(hint));
}

static Str loop_name(Parser *p, const Loop *loop, const char *from,
                     const char *to) {
    Str written = str_trim((Str){from, (size_t)(to - from)});
    return str_fmt(p->job->keep, "%.*s-%.*s", STR_ARG(loop->var),
                   STR_ARG(written));
}

// var in collection, options
static bool loop_head(Parser *p, Token tag, Loop *loop) {
    bool is_table = str_eq(tag.name, S("tablerow"));
    Lexer lx = lex_start(p, tag.text);
    if (lx.now.kind != LEX_NAME)
        return lex_unexpected(&lx, _("write for NAME in LIST"));
    loop->var = lx.now.text;
    lex_next(&lx);
    if (!lex_take_word(&lx, S("in")))
        return lex_unexpected(&lx, _("write for NAME in LIST"));
    const char *from = lex_where(&lx);
    if (!expr_parse(&lx, &loop->collection))
        return false;
    loop->name = loop_name(p, loop, from, lex_where(&lx));
    while (lx.now.kind != LEX_END) {
        if (lex_take(&lx, ','))
            continue;
        if (!loop_option(&lx, loop, is_table))
            return false;
    }
    return true;
}

bool tag_for(Parser *p, Token tag, Nodes *to) {
    Node *node = node_add(p, to, NODE_FOR, tag.name.ptr);
    Loop *loop = ARENA_NEW(p->job->keep, Loop);
    node->as.loop = loop;
    Nodes body = {.is_blank = true}, otherwise = {.is_blank = true};
    if (!loop_head(p, tag, loop) || !nodes_parse(p, tag, S("else"), &body))
        return false;
    while (str_eq(p->token.name, S("else")))
        if (!check_else(p, p->token) ||
            !nodes_parse(p, tag, S("else"), &otherwise))
            return false;
    loop->body = body.first;
    loop->otherwise = otherwise.first;
    bool is_blank = body.is_blank && otherwise.is_blank;
    if (is_blank) {
        nodes_strip(&loop->body);
        nodes_strip(&loop->otherwise);
    }
    nodes_mark(to, node, is_blank);
    return true;
}

bool tag_tablerow(Parser *p, Token tag, Nodes *to) {
    Node *node = node_add(p, to, NODE_TABLEROW, tag.name.ptr);
    node->as.loop = ARENA_NEW(p->job->keep, Loop);
    Nodes body = {.is_blank = true};
    if (!loop_head(p, tag, node->as.loop) ||
        !nodes_parse(p, tag, (Str){0}, &body))
        return false;
    node->as.loop->body = body.first;
    nodes_mark(to, node, false);
    return true;
}

// --- capture, ifchanged ---

bool tag_capture(Parser *p, Token tag, Nodes *to) {
    Node *node = node_add(p, to, NODE_CAPTURE, tag.name.ptr);
    Lexer lx = lex_start(p, tag.text);
    if ((lx.now.kind != LEX_NAME && lx.now.kind != LEX_TEXT &&
         lx.now.kind != LEX_INT) ||
        str_ends(lx.now.text, S("?")) || str_starts(lx.now.text, S("-")))
        return lex_unexpected(&lx, _("write capture NAME"));
    node->as.capture.name = lx.now.text;
    lex_next(&lx);
    Nodes body = {.is_blank = true};
    if (!lex_expect_end(&lx) || !nodes_parse(p, tag, (Str){0}, &body))
        return false;
    node->as.capture.body = body.first;
    nodes_mark(to, node, true);
    return true;
}

bool tag_ifchanged(Parser *p, Token tag, Nodes *to) {
    Node *node = node_add(p, to, NODE_IFCHANGED, tag.name.ptr);
    Nodes body = {.is_blank = true};
    if (!nodes_parse(p, tag, (Str){0}, &body))
        return false;
    node->as.body = body.first;
    nodes_mark(to, node, body.is_blank);
    return true;
}

// --- raw, comment, doc, liquid ---

bool tag_raw(Parser *p, Token tag, Nodes *to) {
    if (!token_raw(p, tag))
        return false;
    Node *node = node_add(p, to, NODE_TEXT, p->token.text.ptr);
    node->as.text = p->token.text;
    nodes_mark(to, node, !node->as.text.len);
    return true;
}

bool tag_comment(Parser *p, Token tag, Nodes *to) {
    (void)to;
    return token_comment(p, tag);
}

bool tag_doc(Parser *p, Token tag, Nodes *to) {
    (void)to;
    if (tag.text.len)
        return parser_error(p, "E-LIQUID", tag.text.ptr,
                            _("nothing may stand after 'doc'"));
    return token_raw(p, tag);
}

// Each line a tag; they go where the tag stands.
bool tag_liquid(Parser *p, Token tag, Nodes *to) {
    Parser outer = *p;
    p->at = parser_at(p, tag.text.ptr);
    p->end = p->at + tag.text.len;
    p->is_lines = true;
    bool good = nodes_parse_all(p, to);
    p->at = outer.at;
    p->end = outer.end;
    p->is_lines = outer.is_lines;
    p->trims = outer.trims;
    return good;
}
