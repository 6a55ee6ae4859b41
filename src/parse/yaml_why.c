// Each check knows one mistake. They are tried in order, the surest first, each
// on every line from where the trouble began to where libyaml noticed.

#include "parse/yaml_why.h"

#include <string.h>

#include "base/text.h"

enum { MAX_LINES = 400 };

// One line of the kind "  - key: value".
typedef struct {
    Str all;
    uint32_t no;     // from 0
    size_t indent;   // bytes of white space
    bool has_key;    // "key:" followed by a space or the end
    bool has_dash;   // "- " before what there is
    size_t key_at;   // of the key, or of the text that is none
    size_t colon_at; // if it has a key
    size_t value_at; // of the value; the end of the line if there is none
    Str value;       // trimmed at its end
} Line;

typedef struct {
    const YamlText *t;
    const YamlTrouble *trouble;
} Why;

typedef bool Check(const Why *w, const Line *l);

// --- lines

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static size_t skip_blanks(Str s, size_t at) {
    while (at < s.len && is_blank(s.ptr[at]))
        at++;
    return at;
}

// The end of a quoted text that begins at `at`, after its quote; SIZE_MAX when
// it is not closed on the line.
static size_t quote_end(Str s, size_t at) {
    char q = s.ptr[at];
    for (size_t i = at + 1; i < s.len; i++) {
        if (q == '"' && s.ptr[i] == '\\')
            i++;
        else if (s.ptr[i] == q && q == '\'' && i + 1 < s.len &&
                 s.ptr[i + 1] == q)
            i++;
        else if (s.ptr[i] == q)
            return i + 1;
    }
    return SIZE_MAX;
}

// A colon followed by a blank or the end, at or after `from`.
static size_t find_colon(Str s, size_t from) {
    for (size_t i = from; i < s.len; i++) {
        if (s.ptr[i] == ':' && (i + 1 == s.len || is_blank(s.ptr[i + 1])))
            return i;
    }
    return SIZE_MAX;
}

static bool is_quote(Str s, size_t at) {
    return at < s.len && (s.ptr[at] == '"' || s.ptr[at] == '\'');
}

static Line line_parse(Str all, uint32_t no) {
    Line l = {.all = all, .no = no, .indent = skip_blanks(all, 0)};
    size_t at = l.indent;
    while (at + 1 < all.len && all.ptr[at] == '-' &&
           is_blank(all.ptr[at + 1])) {
        l.has_dash = true;
        at = skip_blanks(all, at + 1);
    }
    l.key_at = l.value_at = at;
    size_t from = at;
    if (is_quote(all, at)) {
        size_t end = quote_end(all, at);
        from = end == SIZE_MAX ? all.len : skip_blanks(all, end);
        if (from < all.len && all.ptr[from] != ':')
            from = all.len; // the value of a list item, not a key
    }
    size_t colon = find_colon(all, from);
    if (colon != SIZE_MAX && !strchr("#[{", at < all.len ? all.ptr[at] : '#')) {
        l.has_key = true;
        l.colon_at = colon;
        l.value_at = skip_blanks(all, colon + 1);
    }
    l.value = str_trim(str_slice(all, l.value_at, all.len));
    return l;
}

static Pos line_pos(const Why *w, const Line *l, size_t at) {
    return yaml_text_pos(w->t, l->no,
                         (uint32_t)text_count(str_slice(l->all, 0, at)));
}

static bool has_value(const Line *l) {
    return (l->has_key || l->has_dash) && l->value.len;
}

static Str key_of(const Line *l) {
    return l->has_key ? str_trim(str_slice(l->all, l->key_at, l->colon_at))
                      : S("- ");
}

// The line as it should be; in single quotes when the value has double ones.
static void hint_quotes(const Why *w, const Line *l) {
    bool has_double = str_find(l->value, S("\""), 0) != SIZE_MAX;
    bool has_single = str_find(l->value, S("'"), 0) != SIZE_MAX;
    const char *quote = has_double ? "'" : "\"";
    Str key = key_of(l);
    const char *colon = l->has_key ? ": " : "";
    if (has_double && has_single)
        diag_hint(w->t->job->diags,
                  _("put the value in single quotes and write '' for each ' "
                    "inside it"));
    else
        diag_hint(w->t->job->diags,
                  _("put the value in quotes: %.*s%s%s%.*s%s"), STR_ARG(key),
                  colon, quote, STR_ARG(l->value), quote);
}

// --- the mistakes

static bool why_tab(const Why *w, const Line *l) {
    Str indent = str_slice(l->all, 0, l->indent);
    size_t at = str_find(indent, S("\t"), 0);
    if (at == SIZE_MAX || l->indent == l->all.len)
        return false;
    diag_error(w->t->job->diags, "E-YAML-TAB", line_pos(w, l, at),
               _("a Tab is used to indent this line"));
    diag_hint(w->t->job->diags, _("use spaces instead of the Tab"));
    return true;
}

static bool odd_indent(Str line, uint32_t *col) {
    static const char *const odd[] = {"\xc2\xa0",     "\xe3\x80\x80",
                                      "\xe2\x80\x83", "\xe2\x80\xaf",
                                      "\xe2\x80\x8b", "\xef\xbb\xbf"};
    size_t at = skip_blanks(line, 0);
    Str rest = str_slice(line, at, line.len);
    *col = (uint32_t)at;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        if (str_starts(rest, str_from(odd[i])))
            return true;
    }
    return false;
}

static bool why_nbsp(const Why *w, const Line *l) {
    uint32_t col;
    if (!odd_indent(l->all, &col))
        return false;
    diag_error(w->t->job->diags, "E-YAML-NBSP", yaml_text_pos(w->t, l->no, col),
               _("this line begins with an invisible space that is not an "
                 "ordinary one"));
    diag_hint(w->t->job->diags,
              _("delete what stands before the text and type ordinary "
                "spaces"));
    return true;
}

// An opening quote whose line ends before it is closed, above lines that look
// like keys.
static bool why_open_quote(const Why *w, const Line *l) {
    bool is_scalar = strstr(w->trouble->context, "quoted scalar") &&
                     (strstr(w->trouble->problem, "end of stream") ||
                      strstr(w->trouble->problem, "document indicator"));
    bool is_start = is_scalar && l->no == w->trouble->from_line;
    bool is_open = has_value(l) && is_quote(l->all, l->value_at) &&
                   quote_end(l->all, l->value_at) == SIZE_MAX;
    if (!is_start && !(is_open && l->no < w->trouble->line))
        return false;
    Pos pos = is_open ? line_pos(w, l, l->value_at)
                      : yaml_text_pos(w->t, l->no, w->trouble->from_col);
    diag_error(w->t->job->diags, "E-YAML-QUOTE", pos,
               _("the quote that opens here is not closed"));
    diag_hint(w->t->job->diags, _("add the same quote at the end of the text"));
    return true;
}

static bool why_escape(const Why *w, const Line *l) {
    const char *problem = w->trouble->problem;
    Diags *d = w->t->job->diags;
    if (!strstr(w->trouble->context, "quoted scalar") ||
        l->no != w->trouble->line)
        return false;
    Pos pos = yaml_text_pos(w->t, l->no, w->trouble->col);
    if (strstr(problem, "Unicode character escape")) {
        diag_error(d, "E-YAML-ESCAPE", pos,
                   _("this \\u escape stands for no character by itself"));
        diag_hint(d, _("type the character itself, such as the emoji, in "
                       "place of \\ud83d\\ude00"));
        return true;
    }
    if (!strstr(problem, "escape") && !strstr(problem, "hex"))
        return false;
    diag_error(d, "E-YAML-ESCAPE", pos,
               _("a backslash in double quotes begins an escape, and this is "
                 "none"));
    diag_hint(d, _("write \\\\ for a backslash, or use single quotes"));
    return true;
}

static bool why_smart_key(const Why *w, const Line *l) {
    Str rest = str_slice(l->all, l->key_at, l->all.len);
    if (!str_starts(rest, S("\xe2\x80\x9c")) &&
        !str_starts(rest, S("\xe2\x80\x98")) &&
        !str_starts(rest, S("\xe2\x80\x9d")))
        return false;
    diag_error(w->t->job->diags, "E-YAML-QUOTES", line_pos(w, l, l->key_at),
               _("typographic quotes around a key are part of the key"));
    diag_hint(w->t->job->diags, _("write the key without quotes"));
    return true;
}

static bool why_after_quote(const Why *w, const Line *l) {
    if (!has_value(l) || !is_quote(l->all, l->value_at))
        return false;
    size_t end = quote_end(l->all, l->value_at);
    size_t at = end == SIZE_MAX ? l->all.len : skip_blanks(l->all, end);
    if (at >= l->all.len || (l->all.ptr[at] == '#' && at > end))
        return false;
    diag_error(w->t->job->diags, "E-YAML-QUOTE", line_pos(w, l, at),
               _("text goes on after the closing quote"));
    diag_hint(w->t->job->diags,
              l->all.ptr[l->value_at] == '"'
                  ? _("put single quotes around the whole value, or write \\\" "
                      "for a quote inside it")
                  : _("put double quotes around the whole value, or write '' "
                      "for a quote inside it"));
    return true;
}

// "- ", "? ", "| x", "> x", and the characters no plain value begins with.
static bool is_reserved(Str v) {
    char c = v.ptr[0], next = v.len > 1 ? v.ptr[1] : ' ';
    if (strchr("@`%*&!,]}", c))
        return true;
    if (strchr("-?:", c))
        return is_blank(next);
    if (!strchr("|>", c))
        return false;
    size_t i = 1;
    while (i < v.len && strchr("+-123456789", v.ptr[i]))
        i++;
    i = skip_blanks(v, i);
    return i < v.len && v.ptr[i] != '#';
}

static void start_error(const Why *w, const Line *l, size_t at) {
    Str value = str_slice(l->all, l->value_at, l->all.len);
    Str first = str_slice(value, 0, 1);
    diag_error(w->t->job->diags, "E-YAML-START", line_pos(w, l, at),
               _("a value that begins with '%.*s' means something else in "
                 "YAML"),
               STR_ARG(first));
    hint_quotes(w, l);
}

static bool why_start(const Why *w, const Line *l) {
    if (!has_value(l) || !is_reserved(l->value))
        return false;
    start_error(w, l, l->value_at);
    return true;
}

// Where the bracket that opens at `at` closes on the line; SIZE_MAX if not.
static size_t bracket_end(Str s, size_t at) {
    size_t depth = 0;
    for (size_t i = at; i < s.len; i++) {
        if (is_quote(s, i) && (i == at || strchr(" [{,:", s.ptr[i - 1]))) {
            size_t end = quote_end(s, i);
            if (end == SIZE_MAX)
                return SIZE_MAX;
            i = end - 1;
        } else if (s.ptr[i] == '[' || s.ptr[i] == '{') {
            depth++;
        } else if ((s.ptr[i] == ']' || s.ptr[i] == '}') && --depth == 0) {
            return i + 1;
        }
    }
    return SIZE_MAX;
}

static bool why_bracket(const Why *w, const Line *l) {
    if (!has_value(l) || !strchr("[{", l->value.ptr[0]))
        return false;
    size_t end = bracket_end(l->all, l->value_at);
    if (end != SIZE_MAX) {
        size_t at = skip_blanks(l->all, end);
        if (at >= l->all.len || l->all.ptr[at] == '#')
            return false;
        start_error(w, l, l->value_at);
        return true;
    }
    diag_error(w->t->job->diags, "E-YAML-BRACKET", line_pos(w, l, l->value_at),
               _("the bracket that opens here is not closed"));
    diag_hint(w->t->job->diags,
              _("close it with '%s'; if it belongs to the text, put the value "
                "in quotes"),
              l->value.ptr[0] == '[' ? "]" : "}");
    return true;
}

static bool why_colon(const Why *w, const Line *l) {
    if (!l->has_key || !l->value.len || strchr("\"'[{|>", l->value.ptr[0]))
        return false;
    size_t colon = find_colon(l->all, l->value_at);
    if (colon == SIZE_MAX)
        return false;
    Diags *d = w->t->job->diags;
    diag_error(d, "E-YAML-COLON", line_pos(w, l, colon),
               _("a value with a colon and a space in it must be in quotes"));
    hint_quotes(w, l);
    return true;
}

static size_t word_end(Str s, size_t at) {
    while (at < s.len && ((s.ptr[at] | 0x20) >= 'a'
                              ? (s.ptr[at] | 0x20) <= 'z'
                              : strchr("0123456789_-", s.ptr[at]) && s.ptr[at]))
        at++;
    return at;
}

static bool why_space(const Why *w, const Line *l) {
    size_t end = word_end(l->all, l->key_at);
    Str rest = str_slice(l->all, end, l->all.len);
    if (end == l->key_at || l->has_key || !str_starts(rest, S(":")) ||
        rest.len < 2 || str_starts(rest, S("://")))
        return false;
    Str key = str_slice(l->all, l->key_at, end);
    Str value = str_slice(rest, 1, rest.len);
    diag_error(w->t->job->diags, "E-YAML-SPACE", line_pos(w, l, end + 1),
               _("a space is missing after the colon"));
    diag_hint(w->t->job->diags, _("write '%.*s: %.*s'"), STR_ARG(key),
              STR_ARG(str_trim(value)));
    return true;
}

static bool why_wide_colon(const Why *w, const Line *l) {
    size_t end = word_end(l->all, l->key_at);
    if (end == l->key_at ||
        !str_starts(str_slice(l->all, end, l->all.len), S("\xef\xbc\x9a")))
        return false;
    diag_error(w->t->job->diags, "E-YAML-SPACE", line_pos(w, l, end),
               _("this is a wide colon from another keyboard"));
    diag_hint(w->t->job->diags,
              _("type an ordinary colon and a space after the key"));
    return true;
}

static bool why_indent(const Why *w, const Line *l) {
    const char *p = w->trouble->problem;
    bool fits = strstr(p, "mapping values") || strstr(p, "expected key") ||
                strstr(p, "'-' indicator");
    if (!fits || l->no != w->trouble->line || !l->no ||
        (!l->has_key && !l->has_dash))
        return false;
    diag_error(w->t->job->diags, "E-YAML-INDENT", line_pos(w, l, l->indent),
               _("this line is not in line with the ones above it"));
    diag_hint(w->t->job->diags,
              _("keys of one level begin at the same column; give this line as "
                "many spaces as its neighbours"));
    return true;
}

static bool why_no_key(const Why *w, const Line *l) {
    if (l->has_key || l->has_dash || l->indent == l->all.len ||
        l->all.ptr[l->indent] == '#')
        return false;
    diag_error(w->t->job->diags, "E-YAML-KEY", line_pos(w, l, l->indent),
               _("this line is not of the form 'key: value'"));
    diag_hint(w->t->job->diags,
              _("if the text of the piece begins here, close the front matter "
                "above it with a line ---"));
    return true;
}

static bool why_document(const Why *w, const Line *l) {
    if (!strstr(w->trouble->problem, "document start") ||
        !str_eq(str_trim(l->all), S("...")))
        return false;
    diag_error(w->t->job->diags, "E-YAML-DOCS", yaml_text_pos(w->t, l->no, 0),
               _("'...' does not end the front matter"));
    diag_hint(w->t->job->diags, _("write --- in place of the line '...'"));
    return true;
}

// --- finding the one

static bool try_lines(const Why *w, Check *check) {
    Str rest = w->t->text, text;
    uint32_t from = w->trouble->from_line, to = w->trouble->line;
    from = from < to ? from : to;
    for (uint32_t no = 0; no <= to && str_cut(&rest, '\n', &text); no++) {
        if (no < from || no > from + MAX_LINES)
            continue;
        Line l = line_parse(text, no);
        if (check(w, &l))
            return true;
    }
    return false;
}

static bool generic(const Why *w, bool is_json) {
    Diags *d = w->t->job->diags;
    const char *problem = w->trouble->problem;
    diag_error(d, is_json ? "E-YAML-JSON" : "E-YAML",
               yaml_text_pos(w->t, w->trouble->line, w->trouble->col),
               _("this cannot be read as front matter or data (%s)"),
               *problem ? problem : _("keys are expected"));
    diag_hint(d, is_json
                     ? _("look for a missing comma, quote or bracket before "
                         "this place")
                     : _("write one 'key: value' a line; put values with "
                         "punctuation in quotes"));
    return false;
}

bool yaml_explain(const YamlText *t, const YamlTrouble *trouble) {
    static Check *const checks[] = {
        why_tab,      why_nbsp,      why_escape,      why_open_quote,
        why_document, why_smart_key, why_after_quote, why_bracket,
        why_start,    why_colon,     why_space,       why_wide_colon,
        why_indent,   why_no_key,
    };
    Why w = {t, trouble};
    bool is_json = str_starts(str_trim(t->text), S("{"));
    size_t n = is_json ? 4 : sizeof checks / sizeof *checks;
    for (size_t i = is_json ? 2 : 0; i < n; i++) {
        if (try_lines(&w, checks[i]))
            return false;
    }
    return generic(&w, is_json);
}
