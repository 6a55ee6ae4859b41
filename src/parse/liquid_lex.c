// Words and signs inside a tag or an output.
#include "parse/liquid_parser.h"

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
    return ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_';
}

// [a-zA-Z_][a-zA-Z0-9_-]*?
static size_t name_len(Str s) {
    size_t n = 0;
    while (n < s.len &&
           (is_letter(s.ptr[n]) || is_digit(s.ptr[n]) || s.ptr[n] == '-'))
        n++;
    return n + (n < s.len && s.ptr[n] == '?');
}

// -?[0-9]+(.[0-9]+)?; the dots of 1..5 are not a fraction.
static size_t number_len(Str s, LexKind *kind) {
    size_t n = s.ptr[0] == '-';
    while (n < s.len && is_digit(s.ptr[n]))
        n++;
    *kind = LEX_INT;
    if (n + 1 >= s.len || s.ptr[n] != '.' || !is_digit(s.ptr[n + 1]))
        return n;
    *kind = LEX_FLOAT;
    for (n++; n < s.len && is_digit(s.ptr[n]);)
        n++;
    return n;
}

static size_t compare_len(Str s) {
    static const char *const two[] = {"==", "!=", "<>", "<=", ">="};
    for (size_t i = 0; i < sizeof two / sizeof *two; i++)
        if (str_starts(s, str_from(two[i])))
            return 2;
    return s.ptr[0] == '<' || s.ptr[0] == '>';
}

static void take(Lexer *lx, LexKind kind, size_t len) {
    lx->now = (Lexeme){kind, str_slice(lx->rest, 0, len)};
    lx->rest = str_slice(lx->rest, len, lx->rest.len);
}

static bool is_quote(char c) {
    return c == '"' || c == '\'';
}

static void take_text(Lexer *lx) {
    Str s = lx->rest;
    size_t close = str_find(s, str_slice(s, 0, 1), 1);
    if (close == SIZE_MAX) {
        take(lx, LEX_BAD, s.len);
        return;
    }
    lx->now = (Lexeme){LEX_TEXT, str_slice(s, 1, close)};
    lx->rest = str_slice(s, close + 1, s.len);
}

// One whole character, so that a message does not cut it.
static void take_bad(Lexer *lx) {
    size_t n = 1;
    while (n < lx->rest.len && ((unsigned char)lx->rest.ptr[n] & 0xC0) == 0x80)
        n++;
    take(lx, LEX_BAD, n);
}

static bool is_number(Str s) {
    return is_digit(s.ptr[0]) ||
           (s.ptr[0] == '-' && s.len > 1 && is_digit(s.ptr[1]));
}

static void take_number(Lexer *lx, Str s) {
    LexKind kind;
    size_t len = number_len(s, &kind);
    take(lx, kind, len);
}

static bool is_sign(char c) {
    for (const char *sign = ".,:|[]()="; *sign; sign++)
        if (c == *sign)
            return true;
    return false;
}

static void take_one(Lexer *lx, Str s) {
    if (is_letter(s.ptr[0]))
        take(lx, LEX_NAME, name_len(s));
    else if (is_number(s))
        take_number(lx, s);
    else if (is_quote(s.ptr[0]))
        take_text(lx);
    else if (str_starts(s, S("..")))
        take(lx, LEX_DOTS, 2);
    else if (compare_len(s))
        take(lx, LEX_COMPARE, compare_len(s));
    else if (is_sign(s.ptr[0]))
        take(lx, LEX_SIGN, 1);
    else
        take_bad(lx);
}

void lex_next(Lexer *lx) {
    while (lx->rest.len && is_space(lx->rest.ptr[0]))
        lx->rest = str_slice(lx->rest, 1, lx->rest.len);
    if (lx->rest.len)
        take_one(lx, lx->rest);
    else
        take(lx, LEX_END, 0);
}

Lexer lex_start(Parser *p, Str text) {
    p->brackets = 0;
    Lexer lx = {.p = p, .rest = text};
    lex_next(&lx);
    return lx;
}

bool lex_is(const Lexer *lx, char sign) {
    return lx->now.kind == LEX_SIGN && lx->now.text.ptr[0] == sign;
}

bool lex_is_word(const Lexer *lx, Str word) {
    return lx->now.kind == LEX_NAME && str_eq(lx->now.text, word);
}

bool lex_take(Lexer *lx, char sign) {
    if (!lex_is(lx, sign))
        return false;
    lex_next(lx);
    return true;
}

bool lex_take_word(Lexer *lx, Str word) {
    if (!lex_is_word(lx, word))
        return false;
    lex_next(lx);
    return true;
}

const char *lex_where(const Lexer *lx) {
    return lx->now.text.ptr - (lx->now.kind == LEX_TEXT);
}

bool lex_unexpected(Lexer *lx, const char *wanted) {
    const char *where = lex_where(lx);
    if (lx->now.kind == LEX_BAD && is_quote(*where)) {
        parser_error(lx->p, "E-LIQUID", where,
                     _("this text has no closing quote"));
        diag_hint(lx->p->job->diags, _("write the same quote at its end"));
        return false;
    }
    if (lx->now.kind == LEX_END)
        parser_error(lx->p, "E-LIQUID", where, _("something is missing here"));
    else
        parser_error(lx->p, "E-LIQUID", where, _("'%.*s' cannot stand here"),
                     STR_ARG(lx->now.text));
    diag_hint(lx->p->job->diags, "%s", wanted);
    return false;
}

bool lex_expect_end(Lexer *lx) {
    if (lx->now.kind == LEX_END)
        return true;
    return lex_unexpected(lx, _("write nothing more here, or a filter after "
                                "'|' where one is possible"));
}
