// The template's text to tokens, of which a template is a flat row: texts,
// outputs and tags. White space that {%- or -%} takes away is gone here
// already. Inside {% liquid %} each line is a tag; the same functions read
// both.
#include <stdarg.h>
#include <string.h>

#include "parse/liquid_parser.h"

uint32_t parser_at(const Parser *p, const char *where) {
    return (uint32_t)(where - p->src->text.ptr);
}

bool parser_error(Parser *p, const char *code, const char *where,
                  const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    Str message = str_vfmt(p->job->keep, fmt, ap);
    va_end(ap);
    p->has_failed = true;
    Pos pos = source_pos_at(p->src, parser_at(p, where));
    return diag_error(p->job->diags, code, pos, "%.*s", STR_ARG(message));
}

static bool is_white(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static Str trim_front(Str s) {
    while (s.len && is_white(s.ptr[0]))
        s = str_slice(s, 1, s.len);
    return s;
}

static Str trim_back(Str s) {
    while (s.len && is_white(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool token_is_white(Str s) {
    return trim_back(s).len == 0;
}

static Str all_left(const Parser *p) {
    return str_slice(p->src->text, p->at, p->end);
}

// The length of what comes before the next {{ or {%.
static size_t text_len(Str s) {
    size_t at = 0;
    while (at + 1 < s.len) {
        const char *brace = memchr(s.ptr + at, '{', s.len - 1 - at);
        if (!brace)
            return s.len;
        at = (size_t)(brace - s.ptr);
        if (brace[1] == '{' || brace[1] == '%')
            return at;
        at++;
    }
    return s.len;
}

static void take_text(Parser *p, Str s, size_t len) {
    Str text = str_slice(s, 0, len);
    if (p->trims)
        text = trim_front(text);
    if (s.len > len + 2 && s.ptr[len + 2] == '-')
        text = trim_back(text);
    p->at += len;
    p->trims = false;
    p->token = (Token){TOKEN_TEXT, text, .is_white = trim_back(text).len == 0};
}

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_';
}

// name words: `#` is a name by itself.
static void split_tag(Token *token, Str s) {
    s = trim_back(trim_front(s));
    size_t n = 0;
    if (s.len && s.ptr[0] == '#')
        n = 1;
    else
        while (n < s.len && is_word(s.ptr[n]))
            n++;
    token->name = str_slice(s, 0, n);
    token->text = trim_front(str_slice(s, n, s.len));
}

static bool not_closed(Parser *p, const char *where, bool is_tag) {
    parser_error(p, "E-LIQUID", where,
                 is_tag ? _("'{%%' is never closed")
                        : _("'{{' is never closed"));
    diag_hint(p->job->diags,
              is_tag ? _("end it with '%%}'") : _("end it with '}}'"));
    p->at = p->end;
    return false;
}

// {{ ... }} or {% ... %}; `s` begins with it.
static bool take_braces(Parser *p, Str s) {
    bool is_tag = s.ptr[1] == '%';
    size_t close = str_find(s, is_tag ? S("%}") : S("}}"), 2);
    if (close == SIZE_MAX)
        return not_closed(p, s.ptr, is_tag);
    Str inner = str_slice(s, 2, close);
    if (str_starts(inner, S("-")))
        inner = str_slice(inner, 1, inner.len);
    p->trims = str_ends(inner, S("-"));
    if (p->trims)
        inner.len--;
    p->at += close + 2;
    p->token = (Token){is_tag ? TOKEN_TAG : TOKEN_OUTPUT, inner, {0}, false};
    if (is_tag)
        split_tag(&p->token, inner);
    if (is_tag && !p->token.name.len)
        return parser_error(p, "E-LIQUID", s.ptr, _("this tag has no name"));
    return true;
}

// A line of {% liquid %}. Empty ones are passed over.
static bool take_line(Parser *p) {
    Str rest = all_left(p), line;
    while (str_cut(&rest, '\n', &line)) {
        p->at += line.len + (rest.ptr != NULL);
        line = trim_back(trim_front(line));
        if (!line.len)
            continue;
        p->token = (Token){.kind = TOKEN_TAG};
        split_tag(&p->token, line);
        if (!p->token.name.len)
            return parser_error(p, "E-LIQUID", line.ptr,
                                _("this line begins with no tag"));
        return true;
    }
    p->at = p->end;
    p->token = (Token){.kind = TOKEN_END};
    return true;
}

bool token_next(Parser *p) {
    if (p->is_lines)
        return take_line(p);
    Str s = all_left(p);
    if (!s.len) {
        p->token = (Token){.kind = TOKEN_END};
        return true;
    }
    size_t len = text_len(s);
    if (!len)
        return take_braces(p, s);
    take_text(p, s, len);
    return true;
}

static bool never_ended(Parser *p, Token opener) {
    parser_error(p, "E-LIQUID", opener.name.ptr, _("'%.*s' is never ended"),
                 STR_ARG(opener.name));
    diag_hint(p->job->diags, _("add '{%% end%.*s %%}' where it ends"),
              STR_ARG(opener.name));
    p->at = p->end;
    return false;
}

// Whether `s` begins with {% endNAME %}; then *len is how long that is.
static bool is_end_tag(Str s, Str name, size_t *len, bool *trims) {
    Str rest = trim_front(str_slice(s, 2 + str_starts(s, S("{%-")), s.len));
    if (!str_starts(rest, S("end")))
        return false;
    rest = str_slice(rest, 3, rest.len);
    if (!str_starts(rest, name))
        return false;
    rest = trim_front(str_slice(rest, name.len, rest.len));
    *trims = str_starts(rest, S("-%}"));
    rest = str_slice(rest, *trims, rest.len);
    if (!str_starts(rest, S("%}")))
        return false;
    *len = (size_t)(rest.ptr + 2 - s.ptr);
    return true;
}

bool token_raw(Parser *p, Token opener) {
    Str s = all_left(p);
    size_t at = p->is_lines ? SIZE_MAX : str_find(s, S("{%"), 0);
    for (; at != SIZE_MAX; at = str_find(s, S("{%"), at + 1)) {
        size_t len;
        if (!is_end_tag(str_slice(s, at, s.len), opener.name, &len, &p->trims))
            continue;
        p->token = (Token){TOKEN_TEXT, str_slice(s, 0, at), {0}, false};
        p->at += at + len;
        return true;
    }
    return never_ended(p, opener);
}

// The next tag inside a comment, whatever else is there.
static bool next_tag(Parser *p) {
    if (p->is_lines)
        return take_line(p) && p->token.kind == TOKEN_TAG;
    Str s = all_left(p);
    size_t at = str_find(s, S("{%"), 0);
    size_t close = at == SIZE_MAX ? at : str_find(s, S("%}"), at + 2);
    if (close == SIZE_MAX)
        return false;
    Str inner = str_slice(s, at + 2, close);
    if (str_starts(inner, S("-")))
        inner = str_slice(inner, 1, inner.len);
    p->trims = str_ends(inner, S("-"));
    if (p->trims)
        inner.len--;
    p->at += close + 2;
    p->token = (Token){.kind = TOKEN_TAG};
    split_tag(&p->token, inner);
    return true;
}

bool token_comment(Parser *p, Token opener) {
    for (size_t depth = 1; depth;) {
        if (!next_tag(p))
            return never_ended(p, opener);
        Str name = p->token.name;
        if (str_eq(name, S("comment")))
            depth++;
        else if (str_eq(name, S("endcomment")))
            depth--;
        else if (!p->is_lines && str_eq(name, S("raw")) &&
                 !token_raw(p, p->token))
            return false;
    }
    return true;
}
