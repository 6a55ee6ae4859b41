// The block before a body. Only its marks are found here; what is between them
// goes to yaml.c, which also reads JSON.

#include "parse/front.h"

#include <string.h>

#include "base/text.h"
#include "parse/yaml.h"

// The lines of a source, one after the other.
typedef struct {
    Str rest;
    uint32_t no; // of the line given last, from 1
} Lines;

static bool next_line(Lines *l, Str *line) {
    if (!str_cut(&l->rest, '\n', line))
        return false;
    l->no++;
    return true;
}

static bool is_mark(Str line) {
    return str_eq(str_trim(line), S("---")) && line.ptr[0] == '-';
}

static uint32_t offset_of(const Source *src, Str part) {
    return (uint32_t)(part.ptr - src->text.ptr);
}

// Skips blank lines before the front matter, as Hugo does.
static Str first_line(Lines *l) {
    Str line = {0};
    while (next_line(l, &line) && !str_trim(line).len)
        ;
    return line;
}

// --- what is not read

static bool wrong_kind(Job *job, const Source *src, uint32_t line, Str first) {
    if (str_starts(first, S("+++"))) {
        diag_error(job->diags, "E-FRONT-TOML", source_pos(src, line, 1),
                   _("front matter in TOML (+++) is not read"));
        diag_hint(job->diags, _("write --- in place of +++ and 'key: value' in "
                                "place of 'key = value'"));
        return true;
    }
    bool is_org = first.len > 2 && str_starts(first, S("#+")) &&
                  (first.ptr[2] | 0x20) >= 'a' && (first.ptr[2] | 0x20) <= 'z';
    if (!is_org)
        return false;
    diag_error(job->diags, "E-FRONT-ORG", source_pos(src, line, 1),
               _("front matter of Org mode (#+) is not read"));
    diag_hint(job->diags,
              _("write a line ---, then 'key: value' lines, then ---"));
    return true;
}

static bool bad_mark(Job *job, const Source *src, uint32_t line) {
    diag_error(job->diags, "E-FRONT-MARK", source_pos(src, line, 4),
               _("a line that opens or closes the front matter must be "
                 "exactly ---"));
    diag_hint(job->diags, _("delete what follows the three hyphens; if this "
                            "line belongs to the text, close the front matter "
                            "above it"));
    return false;
}

static bool not_closed(Job *job, const Source *src, uint32_t line,
                       const char *mark) {
    diag_error(job->diags, "E-FRONT-END", source_pos(src, line, 1),
               _("the front matter that begins here is not closed with '%s'"),
               mark);
    diag_hint(job->diags, _("add a line '%s' below its last line"), mark);
    return false;
}

// --- keys

static bool has_capitals(const Value *meta) {
    for (size_t i = 0; meta->as.map && i < meta->as.map->len; i++) {
        Str key = meta->as.map->items[i].key;
        for (size_t k = 0; k < key.len; k++)
            if (key.ptr[k] >= 'A' && key.ptr[k] <= 'Z')
                return true;
    }
    return false;
}

static bool lower_keys(Job *job, const Source *src, Value *meta) {
    if (!has_capitals(meta))
        return true;
    Value lower = value_map(job->keep);
    bool ok = true;
    lower.line = meta->line;
    lower.col = meta->col;
    for (size_t i = 0; meta->as.map && i < meta->as.map->len; i++) {
        const MapItem *item = &meta->as.map->items[i];
        const Value *v = item->val;
        Str key = str_lower(job->keep, item->key);
        const Value *before = map_add(lower.as.map, key, item->val);
        if (!before)
            continue;
        ok = diag_error(
            job->diags, "E-YAML-DUP", yaml_key_pos(src, item->key, v),
            _("the key '%.*s' is written twice, first on line %u; "
              "capitals make no difference"),
            STR_ARG(key), (unsigned)yaml_key_pos(src, key, before).line);
        diag_hint(job->diags, _("keep one of the two"));
    }
    *meta = lower;
    return ok;
}

static bool read_meta(Job *job, const Source *src, Str text, uint32_t line,
                      Front *out) {
    return yaml_to_value(job, src, text, line, YAML_FRONT, &out->meta) &&
           lower_keys(job, src, &out->meta);
}

// --- YAML

static bool yaml_front(Job *job, const Source *src, Lines *l, Front *out) {
    uint32_t opening = l->no;
    Str inside = l->rest, line;
    while (next_line(l, &line)) {
        if (!str_starts(line, S("---")))
            continue;
        if (!is_mark(line))
            return bad_mark(job, src, l->no);
        out->body = l->rest;
        out->body_line = l->no + 1;
        Str text = {inside.ptr, (size_t)(line.ptr - inside.ptr)};
        return read_meta(job, src, text, opening + 1, out);
    }
    return not_closed(job, src, opening, "---");
}

// --- JSON

// True when the text begins a JSON object rather than a Liquid tag or a word
// in braces.
static bool looks_like_json(const Source *src, Str text) {
    if (src->kind == SOURCE_LAYOUT || !str_starts(text, S("{")))
        return false;
    Str rest = str_trim(str_slice(text, 1, text.len));
    return str_starts(rest, S("\"")) || str_starts(rest, S("}"));
}

// The byte after the brace that closes the one at the start; SIZE_MAX if none.
static size_t json_end(Str text) {
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '{' || c == '['))
            depth++;
        else if (!quoted && (c == '}' || c == ']') && --depth == 0)
            return i + 1;
    }
    return SIZE_MAX;
}

static uint32_t count_lines(Str s) {
    uint32_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += s.ptr[i] == '\n';
    return n;
}

static bool json_front(Job *job, const Source *src, Str text, uint32_t line,
                       Front *out) {
    size_t end = json_end(text);
    if (end == SIZE_MAX)
        return not_closed(job, src, line, "}");
    Str json = str_slice(text, 0, end);
    Str rest = str_slice(text, end, text.len), tail = {0};
    out->body = rest;
    str_cut(&out->body, '\n', &tail);
    out->body_line = line + count_lines(json) + 1;
    if (str_trim(tail).len) {
        size_t at = offset_of(src, tail);
        diag_error(job->diags, "E-FRONT-MARK", source_pos_at(src, at),
                   _("the line that ends with the closing brace goes on"));
        diag_hint(job->diags, _("begin the text on a new line"));
        return false;
    }
    return read_meta(job, src, json, line, out);
}

// `title: ...` as the first thing in a piece: the hyphens were forgotten.
static bool looks_like_key(const Source *src, Str line) {
    static const Str keys[] = {S_INIT("title:"), S_INIT("date:"),
                               S_INIT("type:"), S_INIT("draft:")};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (src->kind == SOURCE_CONTENT && line.len >= keys[i].len &&
            str_eq_nocase(str_slice(line, 0, keys[i].len), keys[i]))
            return true;
    return false;
}

static bool no_mark(Job *job, const Source *src, uint32_t line) {
    diag_error(job->diags, "E-FRONT-MARK", source_pos(src, line, 1),
               _("the file does not begin with a line of three hyphens"));
    diag_hint(job->diags, _("put a line with --- above this one, and another "
                            "below the last key"));
    return false;
}

bool front_parse(Job *job, const Source *src, Front *out) {
    Front f = {.meta = value_map(job->keep), .body = src->text, .body_line = 1};
    Lines l = {src->text, 0};
    Str line = first_line(&l);
    Str lead = str_trim(line);
    bool ok = true;
    if (!lead.len) {
        *out = f;
        return true;
    }
    size_t at = offset_of(src, lead);
    if (wrong_kind(job, src, l.no, lead))
        return false;
    if (str_eq(lead, S("---")))
        ok = yaml_front(job, src, &l, &f);
    else if (str_starts(lead, S("---")))
        ok = bad_mark(job, src, l.no);
    else if (looks_like_key(src, lead))
        ok = no_mark(job, src, l.no);
    else if (looks_like_json(src, str_slice(src->text, at, src->text.len)))
        ok = json_front(job, src, str_slice(src->text, at, src->text.len), l.no,
                        &f);
    if (ok)
        *out = f;
    return ok;
}
