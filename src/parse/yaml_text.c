#include "parse/yaml_text.h"

#include "base/text.h"

enum { MAX_FRONT = 64 * 1024, MAX_DATA = 4 * 1024 * 1024 };

Pos yaml_text_pos(const YamlText *t, uint32_t line, uint32_t col) {
    return source_pos(t->src, t->first_line + line,
                      col + 1 + (line ? 0 : t->first_col));
}

Pos yaml_text_pos_at(const YamlText *t, size_t at) {
    uint32_t line = 0;
    size_t start = 0;
    for (size_t i = 0; i < at && i < t->text.len; i++) {
        if (t->text.ptr[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    uint32_t col = 0;
    for (size_t i = start; i < at && i < t->text.len; i++)
        col += (t->text.ptr[i] & 0xc0) != 0x80;
    return yaml_text_pos(t, line, col);
}

static bool check_size(const YamlText *t, YamlMode mode) {
    size_t max = mode == YAML_FRONT ? MAX_FRONT : MAX_DATA;
    Diags *d = t->job->diags;
    if (t->text.len <= max)
        return true;
    diag_error(d, "E-YAML-SIZE", yaml_text_pos(t, 0, 0),
               mode == YAML_FRONT ? _("the front matter has more than %zu KiB")
                                  : _("the data file has more than %zu KiB"),
               max / 1024);
    diag_hint(d, mode == YAML_FRONT
                     ? _("move long text below the closing --- line")
                     : _("divide it into several files"));
    return false;
}

static bool check_utf8(const YamlText *t) {
    size_t at = text_invalid_at(t->text);
    if (at == SIZE_MAX)
        return true;
    diag_error(t->job->diags, "E-YAML-UTF8", yaml_text_pos_at(t, at),
               _("the text is not valid UTF-8 here"));
    diag_hint(t->job->diags, _("save the file with the encoding UTF-8"));
    return false;
}

// Directives cost libyaml the square of their number, before its first event:
// no line may begin with '%'.
static bool check_directives(const YamlText *t) {
    Str rest = t->text, line;
    for (uint32_t no = 0; str_cut(&rest, '\n', &line); no++) {
        if (!str_starts(line, S("%")))
            continue;
        diag_error(t->job->diags, "E-YAML-DIRECTIVE", yaml_text_pos(t, no, 0),
                   _("a line may not begin with '%%'"));
        diag_hint(t->job->diags,
                  _("write 'key: value'; put a value that begins with %% in "
                    "quotes"));
        return false;
    }
    return true;
}

static uint32_t odd_break(Str text, size_t *at) {
    static const char *const breaks[] = {"\xc2\x85", "\xe2\x80\xa8",
                                         "\xe2\x80\xa9"};
    static const uint32_t code_points[] = {0x85, 0x2028, 0x2029};
    for (size_t i = 0; i < 3; i++) {
        *at = str_find(text, str_from(breaks[i]), 0);
        if (*at != SIZE_MAX)
            return code_points[i];
    }
    return 0;
}

static void warn_breaks(const YamlText *t) {
    size_t at;
    uint32_t c = odd_break(t->text, &at);
    if (!c)
        return;
    diag_warn(t->job->diags, "W-YAML-BREAK", yaml_text_pos_at(t, at),
              _("an invisible line break (U+%04X) stands here"), (unsigned)c);
    diag_hint(t->job->diags,
              _("delete it: put the cursor after it and press Backspace"));
}

static uint32_t column_before(const Source *src, Str text) {
    Str all = src->text;
    if (!text.ptr || !all.ptr || text.ptr < all.ptr ||
        text.ptr > all.ptr + all.len)
        return 0;
    uint32_t col = 0;
    for (const char *p = text.ptr; p > all.ptr && p[-1] != '\n'; p--)
        col += (p[-1] & 0xc0) != 0x80;
    return col;
}

YamlText yaml_text(Job *job, const Source *src, Str text, uint32_t first_line) {
    return (YamlText){job, src, text, first_line, column_before(src, text)};
}

bool yaml_text_check(const YamlText *t, YamlMode mode) {
    if (!check_size(t, mode) || !check_utf8(t) || !check_directives(t))
        return false;
    warn_breaks(t);
    return true;
}
