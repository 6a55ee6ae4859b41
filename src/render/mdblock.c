#include "render/mdblock.h"

#include <string.h>

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// '\n' stands for the end of the line.
static char at(Str s, size_t i) {
    return i < s.len ? s.ptr[i] : '\n';
}

static size_t run(Str s, size_t from, char c) {
    size_t i = from;
    while (i < s.len && s.ptr[i] == c)
        i++;
    return i - from;
}

static size_t skip_blanks(Str s, size_t i) {
    while (i < s.len && is_blank(s.ptr[i]))
        i++;
    return i;
}

static bool ends_at(Str s, size_t i) {
    return skip_blanks(s, i) == s.len;
}

bool mdblock_heading(Str s) {
    size_t n = run(s, 0, '#');
    return n >= 1 && n <= 6 && (n == s.len || is_blank(s.ptr[n]));
}

bool mdblock_setext(Str s) {
    size_t n = run(s, 0, '=');
    n = n ? n : run(s, 0, '-');
    return n && ends_at(s, n);
}

bool mdblock_rule(Str s) {
    char c = at(s, 0);
    if (c != '*' && c != '-' && c != '_')
        return false;
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == c)
            n++;
        else if (!is_blank(s.ptr[i]))
            return false;
    }
    return n >= 3;
}

size_t mdblock_fence(Str s) {
    char c = at(s, 0);
    if (c != '`' && c != '~')
        return 0;
    size_t n = run(s, 0, c);
    if (n < 3 || (c == '`' && memchr(s.ptr + n, '`', s.len - n)))
        return 0;
    return n;
}

bool mdblock_fence_end(Str s, char fence, size_t len) {
    size_t n = run(s, 0, fence);
    return n >= 3 && n >= len && ends_at(s, n);
}

static const char *const BLOCK_TAGS[] = {
    "address",  "article",    "aside",  "base",     "basefont", "blockquote",
    "body",     "caption",    "center", "col",      "colgroup", "dd",
    "details",  "dialog",     "dir",    "div",      "dl",       "dt",
    "fieldset", "figcaption", "figure", "footer",   "form",     "frame",
    "frameset", "h1",         "h2",     "h3",       "h4",       "h5",
    "h6",       "head",       "header", "hr",       "html",     "iframe",
    "legend",   "li",         "link",   "main",     "menu",     "menuitem",
    "nav",      "noframes",   "ol",     "optgroup", "option",   "p",
    "param",    "section",    "source", "title",    "summary",  "table",
    "tbody",    "td",         "tfoot",  "th",       "thead",    "tr",
    "track",    "ul",
};

static const char *const RAW_TAGS[] = {"script", "pre", "textarea", "style"};

static bool is_name_in(Str name, const char *const *list, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(name, str_from(list[i])))
            return true;
    return false;
}

static Str tag_name(Str s, size_t from) {
    size_t i = from;
    while (i < s.len && (is_letter(s.ptr[i]) || is_digit(s.ptr[i])))
        i++;
    return str_slice(s, from, i);
}

static bool is_raw_start(Str s) {
    Str name = tag_name(s, 1);
    char next = at(s, 1 + name.len);
    return (is_blank(next) || next == '>' || next == '\n') &&
           is_name_in(name, RAW_TAGS, sizeof RAW_TAGS / sizeof *RAW_TAGS);
}

static bool is_block_start(Str s) {
    size_t from = at(s, 1) == '/' ? 2 : 1;
    Str name = tag_name(s, from);
    size_t i = from + name.len;
    char next = at(s, i);
    return (is_blank(next) || next == '>' || next == '\n' ||
            (next == '/' && at(s, i + 1) == '>')) &&
           is_name_in(name, BLOCK_TAGS, sizeof BLOCK_TAGS / sizeof *BLOCK_TAGS);
}

static bool is_attribute_char(char c) {
    return is_letter(c) || is_digit(c) || c == '_' || c == ':' || c == '.' ||
           c == '-';
}

// attribute value: unquoted, '...' or "..."; the place behind it, 0: none.
static size_t attribute_value(Str s, size_t i) {
    char quote = at(s, i);
    size_t from = i;
    if (quote == '"' || quote == '\'') {
        const char *p = memchr(s.ptr + i + 1, quote, s.len - i - 1);
        return p ? (size_t)(p - s.ptr) + 1 : 0;
    }
    while (i < s.len && !memchr(" \t\"'=<>`", s.ptr[i], 8))
        i++;
    return i > from ? i : 0;
}

// attribute: name, then optionally = and a value; the place behind it.
static size_t attribute(Str s, size_t i) {
    if (!is_letter(at(s, i)) && at(s, i) != '_' && at(s, i) != ':')
        return 0;
    while (is_attribute_char(at(s, i)))
        i++;
    size_t equals = skip_blanks(s, i);
    if (at(s, equals) != '=')
        return i;
    return attribute_value(s, skip_blanks(s, equals + 1));
}

// A whole tag and nothing else on the line (kind 7).
static bool is_lone_tag(Str s) {
    bool closes = at(s, 1) == '/';
    size_t i = closes ? 2 : 1;
    if (!is_letter(at(s, i)))
        return false;
    while (is_letter(at(s, i)) || is_digit(at(s, i)) || at(s, i) == '-')
        i++;
    for (size_t next = i; !closes; i = next) {
        size_t from = skip_blanks(s, i);
        next = from > i ? attribute(s, from) : 0;
        if (!next)
            break;
    }
    i = skip_blanks(s, i);
    if (!closes && at(s, i) == '/')
        i++;
    return at(s, i) == '>' && ends_at(s, i + 1);
}

int mdblock_html(Str s, bool in_paragraph) {
    if (at(s, 0) != '<')
        return 0;
    if (is_raw_start(s))
        return 1;
    if (str_starts(s, S("<!--")))
        return 2;
    if (at(s, 1) == '?')
        return 3;
    if (str_starts(s, S("<![CDATA[")))
        return 5;
    if (at(s, 1) == '!' && is_letter(at(s, 2)))
        return 4;
    if (is_block_start(s))
        return 6;
    return !in_paragraph && is_lone_tag(s) ? 7 : 0;
}

static bool holds_raw_end(Str s) {
    for (size_t i = 0; (i = str_find(s, S("</"), i)) != SIZE_MAX; i += 2) {
        Str name = tag_name(s, i + 2);
        if (at(s, i + 2 + name.len) == '>' &&
            is_name_in(name, RAW_TAGS, sizeof RAW_TAGS / sizeof *RAW_TAGS))
            return true;
    }
    return false;
}

bool mdblock_html_end(Str s, int kind) {
    static const char *const ENDS[] = {"-->", "?>", ">", "]]>"};
    if (kind == 1)
        return holds_raw_end(s);
    if (kind > 5)
        return false; // a blank line ends them
    return str_find(s, str_from(ENDS[kind - 2]), 0) != SIZE_MAX;
}

size_t mdblock_list(Str s, bool in_paragraph) {
    size_t n = 0;
    char c = at(s, 0);
    if (c == '*' || c == '-' || c == '+') {
        n = 1;
    } else {
        while (n < 9 && is_digit(at(s, n)))
            n++;
        if (!n || (at(s, n) != '.' && at(s, n) != ')'))
            return 0;
        // Only a list that begins with 1 may end a paragraph.
        int64_t start = 0;
        bool is_int = str_to_int(str_slice(s, 0, n), &start);
        if (in_paragraph && !(is_int && start == 1))
            return 0;
        n++;
    }
    if (n < s.len && !is_blank(s.ptr[n]))
        return 0;
    return in_paragraph && ends_at(s, n) ? 0 : n;
}

size_t mdblock_note(Str s, Str *label) {
    if (at(s, 0) != '[' || at(s, 1) != '^')
        return 0;
    size_t i = 2;
    while (i < s.len && !is_blank(s.ptr[i]) && s.ptr[i] != ']')
        i++;
    if (i == 2 || at(s, i) != ']' || at(s, i + 1) != ':')
        return 0;
    *label = str_slice(s, 2, i);
    return i + 2;
}

// Row: leading and trailing blanks and the first pipe are no part of it.
Str mdblock_row(Str line) {
    line = str_trim(line);
    return str_slice(line, at(line, 0) == '|', line.len);
}

bool mdblock_cell(Str *row, Str *cell) {
    if (!row->len)
        return false;
    size_t i = 0;
    while (i < row->len &&
           !(row->ptr[i] == '|' && !(i && row->ptr[i - 1] == '\\')))
        i++;
    *cell = str_trim(str_slice(*row, 0, i));
    *row = str_slice(*row, i + 1, row->len);
    return true;
}

// delimiter cell: [:] -+ [:]
static bool delimiter_cell(Str cell, uint8_t *align) {
    bool left = at(cell, 0) == ':';
    size_t n = run(cell, left, '-');
    bool right = at(cell, left + n) == ':';
    *align = (uint8_t)(left && right ? ALIGN_CENTER
                       : left        ? ALIGN_LEFT
                       : right       ? ALIGN_RIGHT
                                     : ALIGN_NONE);
    return n && left + n + right == cell.len;
}

uint32_t mdblock_delimiter(Str line, uint8_t *align) {
    Str row = mdblock_row(line), cell;
    uint32_t n = 0;
    uint8_t one;
    for (; mdblock_cell(&row, &cell); n++)
        if (!delimiter_cell(cell, align ? &align[n] : &one))
            return 0;
    return n;
}
