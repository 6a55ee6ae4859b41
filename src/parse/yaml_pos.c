// Where keys and parts of values stand: looked for in the text, so that a Value
// need not carry it.

#include <string.h>

#include "base/text.h"
#include "parse/yaml.h"

enum { MAX_KEY_LOOKBACK = 200 }; // lines

// The last place in `line` where `key` stands as a key; SIZE_MAX if none.
static size_t find_key(Str line, Str key) {
    size_t found = SIZE_MAX;
    for (size_t i = 0; i + key.len <= line.len; i++) {
        bool is_start = i == 0 || strchr(" {,[\"'", line.ptr[i - 1]);
        if (!is_start || !str_eq_nocase(str_slice(line, i, i + key.len), key))
            continue;
        size_t end = i + key.len;
        while (end < line.len && strchr("\"' ", line.ptr[end]))
            end++;
        if (end < line.len && line.ptr[end] == ':')
            found = i;
    }
    return found;
}

// The lines of `text` up to number `line` (from 1), the last ones of them.
static size_t last_lines(Str text, uint32_t line, Str *lines, size_t max) {
    Str rest = text, one;
    size_t n = 0;
    for (uint32_t no = 1; no <= line && str_cut(&rest, '\n', &one); no++)
        lines[n++ % max] = one;
    return n;
}

Pos yaml_key_pos(const Source *src, Str key, const Value *v) {
    Str lines[MAX_KEY_LOOKBACK];
    size_t n =
        v->line ? last_lines(src->text, v->line, lines, MAX_KEY_LOOKBACK) : 0;
    bool is_scalar = v->kind != VALUE_LIST && v->kind != VALUE_MAP;
    for (size_t i = 0; i < n && i < MAX_KEY_LOOKBACK && key.len; i++) {
        Str line = lines[(n - 1 - i) % MAX_KEY_LOOKBACK];
        if (i == 0 && is_scalar && v->col)
            line = str_slice(line, 0, text_offset(line, v->col - 1));
        size_t at = find_key(line, key);
        if (at != SIZE_MAX)
            return source_pos(src, v->line - (uint32_t)i,
                              (uint32_t)text_count(str_slice(line, 0, at)) + 1);
    }
    return source_pos(src, v->line, v->col);
}

Pos yaml_pos_in(const Source *src, const Value *v, size_t at) {
    Pos pos = source_pos(src, v->line, v->col);
    Str lines[1];
    if (!v->line || !v->col || v->kind != VALUE_STR ||
        last_lines(src->text, v->line, lines, 1) < v->line)
        return pos;
    Str line =
        str_slice(lines[0], text_offset(lines[0], v->col - 1), lines[0].len);
    bool is_quoted = str_starts(line, S("\"")) || str_starts(line, S("'"));
    line = str_slice(line, is_quoted, line.len);
    if (!str_starts(line, v->as.s))
        return pos;
    pos.col +=
        (uint32_t)is_quoted + (uint32_t)text_count(str_slice(v->as.s, 0, at));
    return pos;
}
