// Inside the Liquid parser: what its files share. Nothing here is for others.
//
//   liquid_token.c  the template's text to texts, outputs and tags
//   liquid_lex.c    what stands inside {{ }} and {% %} to words and signs
//   liquid_expr.c   these to expressions, pipelines and conditions
//   liquid_block.c  tags that have an end
//   liquid_tags.c   the other tags, and the table of all of them
//   liquid.c        a list of nodes, and the whole template
#ifndef LOA_PARSE_LIQUID_PARSER_H
#define LOA_PARSE_LIQUID_PARSER_H

#include "parse/liquid_ast.h"

enum {
    LIQUID_MAX_BLOCKS = 100,
    LIQUID_MAX_BRACKETS = 50,
    LIQUID_MAX_NAMED = 8, // named arguments of one filter
};

typedef enum { TOKEN_END, TOKEN_TEXT, TOKEN_OUTPUT, TOKEN_TAG } TokenKind;

typedef struct {
    TokenKind kind;
    Str text;      // of a text, without what {%- and -%} take away; what is
                   // between {{ and }}; a tag's words after its name
    Str name;      // of a tag
    bool is_white; // of a text
} Token;

typedef struct {
    Job *job;
    const Source *src;
    LiquidMode mode;
    size_t at, end; // what is still to be read, in bytes of src->text
    bool is_lines;  // inside {% liquid %}: every line is a tag
    bool trims;     // the tag before ended in -%}
    Token token;    // read last
    unsigned blocks, brackets;
    Map globals, includes; // name -> anything, name -> uint32_t *
    bool has_dynamic;
    bool has_failed; // an error was added, though parsing went on
} Parser;

typedef enum {
    LEX_END,
    LEX_NAME,
    LEX_TEXT,  // quoted; the lexeme is without its quotes
    LEX_INT,   // digits, perhaps with a minus
    LEX_FLOAT, // with a fraction
    LEX_DOTS,  // ..
    LEX_COMPARE,
    LEX_SIGN, // one of . , : | [ ] ( ) =
    LEX_BAD,  // anything else: one character
} LexKind;

typedef struct {
    LexKind kind;
    Str text;
} Lexeme;

typedef struct {
    Parser *p;
    Str rest;
    Lexeme now;
} Lexer;

// A list of nodes under construction.
typedef struct {
    Node *first, *last;
    bool is_blank;
} Nodes;

// --- liquid_token.c ---

uint32_t parser_at(const Parser *p, const char *where);
// Always false.
bool parser_error(Parser *p, const char *code, const char *where,
                  const char *fmt, ...) __attribute__((format(printf, 4, 5)));

// Reads the next token into p->token; at the end of the text TOKEN_END.
bool token_next(Parser *p);
// Takes everything up to {% endNAME %}, unread, as the token's text.
bool token_raw(Parser *p, Token opener);
// Passes over everything up to the end of a comment; they nest.
bool token_comment(Parser *p, Token opener);
bool token_is_white(Str s);

// --- liquid_lex.c ---

Lexer lex_start(Parser *p, Str text); // at the first lexeme
void lex_next(Lexer *lx);
bool lex_is(const Lexer *lx, char sign);
bool lex_is_word(const Lexer *lx, Str word);
// Goes on when the sign is there.
bool lex_take(Lexer *lx, char sign);
bool lex_take_word(Lexer *lx, Str word);
// The error that the lexeme cannot stand here. Always false.
bool lex_unexpected(Lexer *lx, const char *wanted);
// The same when something is left.
bool lex_expect_end(Lexer *lx);
// Where the lexeme begins in the source, quotes included.
const char *lex_where(const Lexer *lx);

// --- liquid_expr.c ---

bool expr_parse(Lexer *lx, const Expr **out);
bool expr_pipeline(Lexer *lx, Pipeline *out);
bool expr_condition(Lexer *lx, const Condition **out);
// name: value, separated by commas that may be left out; to the end.
bool expr_named(Lexer *lx, const Arg **out);
// Appends to a list of arguments and gives the place of the next one.
const Arg **arg_append(Parser *p, const Arg **end, Str name, const Expr *value);

// --- liquid_block.c, liquid_tags.c, liquid.c ---

Node *node_add(Parser *p, Nodes *to, NodeKind kind, const char *where);
// A node that writes something: what holds it is not blank.
void nodes_mark(Nodes *nodes, Node *node, bool is_blank);
// Takes the white space out of a blank body.
void nodes_strip(Node **first);

// Nodes up to the tag that ends `opener` or one that divides it ("else when");
// p->token is that tag then.
bool nodes_parse(Parser *p, Token opener, Str dividers, Nodes *out);
// The same up to the end of the text.
bool nodes_parse_all(Parser *p, Nodes *out);

typedef bool TagFn(Parser *p, Token tag, Nodes *to);
TagFn tag_if, tag_case, tag_for, tag_tablerow, tag_capture, tag_ifchanged,
    tag_raw, tag_comment, tag_doc, tag_liquid;

// Parses the tag in p->token. After an error in one that is no block, parsing
// may go on.
bool tag_parse(Parser *p, Nodes *to, bool *is_block);
bool tag_output(Parser *p, Token output, Nodes *to);

#endif
