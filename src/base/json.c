// jansson reads into its own tree, which is copied into an arena and freed in
// the same function.
#include "base/json.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/date.h"
#include "base/escape.h"

enum { MAX_DEPTH = 64 };

// --- In ---

typedef struct {
    Job *job;
    Arena *arena;
    Pos whole; // the file: jansson's tree knows no lines
} Reader;

static bool convert(Reader *r, json_t *from, int depth, Value *out);

static bool convert_list(Reader *r, json_t *from, int depth, Value *out) {
    size_t n = json_array_size(from);
    *out = value_list(ARENA_ARRAY(r->arena, Value, n), n);
    for (size_t i = 0; i < n; i++)
        if (!convert(r, json_array_get(from, i), depth + 1,
                     &out->as.list.items[i]))
            return false;
    return true;
}

// jansson walks an object in the order its keys were written.
static bool convert_map(Reader *r, json_t *from, int depth, Value *out) {
    *out = value_map(r->arena);
    for (void *it = json_object_iter(from); it;
         it = json_object_iter_next(from, it)) {
        Value v;
        if (!convert(r, json_object_iter_value(it), depth + 1, &v))
            return false;
        const char *key = json_object_iter_key(it);
        value_set(r->arena, out, str_copy(r->arena, str_from(key)), v);
    }
    return true;
}

static bool convert(Reader *r, json_t *from, int depth, Value *out) {
    bool is_nesting = json_is_object(from) || json_is_array(from);
    if (is_nesting && depth == MAX_DEPTH) {
        diag_error(r->job->diags, "E-JSON", r->whole,
                   _("the JSON is nested more than %d levels deep"), MAX_DEPTH);
        diag_hint(r->job->diags, _("use fewer brackets inside brackets"));
        return false;
    }
    switch (json_typeof(from)) {
    case JSON_OBJECT:
        return convert_map(r, from, depth, out);
    case JSON_ARRAY:
        return convert_list(r, from, depth, out);
    case JSON_STRING:
        *out = value_str(str_copy(r->arena, (Str){json_string_value(from),
                                                  json_string_length(from)}));
        return true;
    case JSON_INTEGER:
        *out = value_int(json_integer_value(from));
        return true;
    case JSON_REAL:
        *out = (Value){.kind = VALUE_FLOAT, .as.f = json_real_value(from)};
        return true;
    case JSON_TRUE:
    case JSON_FALSE:
        *out = value_bool(json_is_true(from));
        return true;
    default:
        *out = (Value){0};
        return true;
    }
}

// What went wrong, in words of ours; jansson's are for programmers.
static const char *reason(enum json_error_code code) {
    switch (code) {
    case json_error_premature_end_of_input:
        return N_("the JSON ends in the middle");
    case json_error_end_of_input_expected:
        return N_("there is something after the end of the JSON");
    case json_error_duplicate_key:
        return N_("this key stands twice in the same braces");
    case json_error_numeric_overflow:
        return N_("this number is too large");
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return N_("A text holds the character \\u0000, which is not allowed");
    case json_error_invalid_utf8:
        return N_("the JSON is not UTF-8 text");
    case json_error_stack_overflow:
        return N_("the JSON is nested too deep");
    default:
        return N_("this is not valid JSON");
    }
}

static const char *remedy(enum json_error_code code) {
    switch (code) {
    case json_error_premature_end_of_input:
        return N_("look for a missing } ] or quotation mark");
    case json_error_end_of_input_expected:
        return N_("take away what follows the last } or ]");
    case json_error_duplicate_key:
        return N_("keep one of the two");
    case json_error_numeric_overflow:
        return N_("put the number in quotation marks to keep it as text");
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return N_("take \\u0000 away");
    case json_error_invalid_utf8:
        return N_("save the file again with the encoding UTF-8");
    case json_error_stack_overflow:
        return N_("use fewer brackets inside brackets");
    default:
        return N_("look for a missing comma, colon or quotation mark just "
                  "before this place");
    }
}

static bool complain(Job *job, Str path, Str text, const json_error_t *error) {
    enum json_error_code code = json_error_code(error);
    Pos pos = {.path = path, .text = text};
    pos.line = error->line > 0 ? (uint32_t)error->line : 0;
    pos.col = error->column > 0 ? (uint32_t)error->column : 0;
    diag_error(job->diags, "E-JSON", pos, "%s", _(reason(code)));
    diag_hint(job->diags, "%s", _(remedy(code)));
    return false;
}

bool json_parse(Job *job, Arena *arena, Str path, Str text, Value *out) {
    json_error_t error;
    json_t *tree = json_loadb(text.ptr ? text.ptr : "", text.len,
                              JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);
    if (!tree)
        return complain(job, path, text, &error);
    Reader r = {job, arena, {.path = path}};
    Value v;
    bool ok = convert(&r, tree, 0, &v);
    json_decref(tree);
    if (ok)
        *out = v;
    return ok;
}

// --- Out ---

// The fewest digits that read back as the same number.
static void write_float(Buf *out, double f) {
    if (!isfinite(f)) {
        buf_put(out, S("null"));
        return;
    }
    char digits[40];
    double again = 0;
    for (int n = 15; n <= 17; n++) {
        snprintf(digits, sizeof digits, "%.*g", n, f);
        if (str_to_float(str_from(digits), &again) &&
            memcmp(&again, &f, sizeof f) == 0)
            break;
    }
    buf_put(out, str_from(digits));
    if (!strpbrk(digits, ".e"))
        buf_put(out, S(".0"));
}

static void new_line(Buf *out, int indent, int depth) {
    if (!indent)
        return;
    buf_putc(out, '\n');
    for (int n = indent * depth; n > 0; n--)
        buf_putc(out, ' ');
}

static void write_value(Buf *out, const Value *v, int indent, int depth);

static void write_list(Buf *out, ValueList list, int indent, int depth) {
    buf_putc(out, '[');
    for (size_t i = 0; i < list.len; i++) {
        if (i)
            buf_putc(out, ',');
        new_line(out, indent, depth + 1);
        write_value(out, &list.items[i], indent, depth + 1);
    }
    if (list.len)
        new_line(out, indent, depth);
    buf_putc(out, ']');
}

static void write_map(Buf *out, const Map *map, int indent, int depth) {
    size_t n = map ? map->len : 0;
    buf_putc(out, '{');
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_putc(out, ',');
        new_line(out, indent, depth + 1);
        escape_json(out, map->items[i].key);
        buf_put(out, indent ? S(": ") : S(":"));
        write_value(out, map->items[i].val, indent, depth + 1);
    }
    if (n)
        new_line(out, indent, depth);
    buf_putc(out, '}');
}

static void write_value(Buf *out, const Value *v, int indent, int depth) {
    switch (v->kind) {
    case VALUE_BOOL:
        buf_put(out, v->as.b ? S("true") : S("false"));
        break;
    case VALUE_INT:
        buf_fmt(out, "%lld", (long long)v->as.i);
        break;
    case VALUE_FLOAT:
        write_float(out, v->as.f);
        break;
    case VALUE_STR:
        escape_json(out, v->as.s);
        break;
    case VALUE_DATE:
        buf_putc(out, '"');
        date_rfc3339(out, v->as.date);
        buf_putc(out, '"');
        break;
    case VALUE_LIST:
        write_list(out, v->as.list, indent, depth);
        break;
    case VALUE_MAP:
        write_map(out, v->as.map, indent, depth);
        break;
    case VALUE_RANGE:
        buf_fmt(out, "\"%lld..%lld\"", (long long)v->as.range.from,
                (long long)v->as.range.to);
        break;
    case VALUE_EMPTY:
    case VALUE_BLANK:
        buf_put(out, S("\"\""));
        break;
    default:
        buf_put(out, S("null"));
        break;
    }
}

void json_write(Buf *out, const Value *v, int indent) {
    static const Value null = {0};
    write_value(out, v ? v : &null, indent, 0);
}
