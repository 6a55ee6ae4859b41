// Values to text, as Ruby's Liquid prints them, and to the output.
#include "base/escape.h"
#include "render/eval_run.h"

// With a time it is RFC 3339, which wants seconds.
void eval_put_date(Buf *out, Date d) {
    if (d.precision <= DATE_DAY)
        date_iso(out, d);
    else
        date_rfc3339(out, d);
}

static void put_inner(Eval *e, const Value *v, unsigned depth, Buf *out);

// "a" with quotes and backslashes, as Ruby's inspect.
static void put_quoted(Str s, Buf *out) {
    buf_putc(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"' || s.ptr[i] == '\\')
            buf_putc(out, '\\');
        if (s.ptr[i] == '\n')
            buf_put(out, S("\\n"));
        else
            buf_putc(out, s.ptr[i]);
    }
    buf_putc(out, '"');
}

static void put_map(Eval *e, const Map *map, unsigned depth, Buf *out) {
    buf_putc(out, '{');
    for (size_t i = 0; map && i < map->len; i++) {
        if (i)
            buf_put(out, S(", "));
        put_quoted(map->items[i].key, out);
        buf_put(out, S("=>"));
        put_inner(e, map->items[i].val, depth + 1, out);
    }
    buf_putc(out, '}');
}

static void put_list(Eval *e, ValueList list, unsigned depth, Buf *out) {
    buf_putc(out, '[');
    for (size_t i = 0; i < list.len; i++) {
        if (i)
            buf_put(out, S(", "));
        put_inner(e, &list.items[i], depth + 1, out);
    }
    buf_putc(out, ']');
}

// Inside a map or a list that is shown as such.
static void put_inner(Eval *e, const Value *v, unsigned depth, Buf *out) {
    if (depth > EVAL_MAX_INSPECT)
        buf_put(out, S("..."));
    else if (v->kind == VALUE_NULL)
        buf_put(out, S("nil"));
    else if (v->kind == VALUE_STR)
        put_quoted(v->as.s, out);
    else if (v->kind == VALUE_LIST)
        put_list(e, v->as.list, depth, out);
    else if (v->kind == VALUE_MAP)
        put_map(e, v->as.map, depth, out);
    else
        eval_text(e, v, out);
}

static void put_obj(Eval *e, const Value *v, Buf *out) {
    const ObjClass *cls = v->as.obj.cls;
    if (cls->text)
        buf_put(out, cls->text(e->arena, v->as.obj.self));
}

static void text_at(Eval *e, const Value *v, unsigned depth, Buf *out);

static void join_list(Eval *e, ValueList list, unsigned depth, Buf *out) {
    for (size_t i = 0; i < list.len && depth < EVAL_MAX_INSPECT; i++)
        text_at(e, &list.items[i], depth + 1, out);
}

static void text_at(Eval *e, const Value *v, unsigned depth, Buf *out) {
    switch ((ValueKind)v->kind) {
    case VALUE_BOOL:
        buf_put(out, v->as.b ? S("true") : S("false"));
        break;
    case VALUE_INT:
        buf_fmt(out, "%lld", (long long)v->as.i);
        break;
    case VALUE_FLOAT:
        number_put_float(out, v->as.f);
        break;
    case VALUE_STR:
        buf_put(out, v->as.s);
        break;
    case VALUE_DATE:
        eval_put_date(out, v->as.date);
        break;
    case VALUE_LIST:
        join_list(e, v->as.list, depth, out);
        break;
    case VALUE_MAP:
        put_map(e, v->as.map, depth, out);
        break;
    case VALUE_RANGE:
        buf_fmt(out, "%lld..%lld", (long long)v->as.range.from,
                (long long)v->as.range.to);
        break;
    case VALUE_OBJ:
        put_obj(e, v, out);
        break;
    case VALUE_NULL:
    case VALUE_REF:
    case VALUE_EMPTY:
    case VALUE_BLANK:
        break;
    }
}

void eval_text(Eval *e, const Value *v, Buf *out) {
    text_at(e, v, 0, out);
}

Str eval_str(Eval *e, const Value *v) {
    if (v->kind == VALUE_STR)
        return v->as.s;
    Buf out = {.arena = e->arena};
    eval_text(e, v, &out);
    return buf_str(&out);
}

// --- Output ---

void eval_put(Eval *e, Str s) {
    buf_put(e->out, s);
    e->bytes += s.len;
}

static void write_text(Eval *e, Str s, unsigned flags) {
    e->saw_content |= (flags & VALUE_CONTENT) != 0;
    if (e->env->no_escape || (flags & VALUE_HTML)) {
        eval_put(e, s);
        return;
    }
    size_t before = e->out->len;
    escape_html(e->out, s);
    e->bytes += e->out->len - before;
}

// Each item by itself: some may be HTML.
static void write_list(Eval *e, ValueList list, unsigned depth) {
    for (size_t i = 0; i < list.len && depth < EVAL_MAX_INSPECT; i++) {
        if (e->bytes > e->max_bytes)
            return;
        if (list.items[i].kind == VALUE_LIST)
            write_list(e, list.items[i].as.list, depth + 1);
        else
            eval_write(e, &list.items[i]);
    }
}

void eval_write(Eval *e, const Value *v) {
    if (v->kind == VALUE_STR)
        write_text(e, v->as.s, v->flags);
    else if (v->kind == VALUE_LIST)
        write_list(e, v->as.list, 0);
    else if (v->kind != VALUE_NULL)
        write_text(e, eval_str(e, v),
                   v->kind == VALUE_MAP || v->kind == VALUE_OBJ ? VALUE_CONTENT
                                                                : 0);
}

// --- JSON ---

static void json_map(Eval *e, const Map *map, unsigned depth, Buf *out) {
    buf_putc(out, '{');
    for (size_t i = 0; map && i < map->len; i++) {
        if (i)
            buf_putc(out, ',');
        escape_json(out, map->items[i].key);
        buf_putc(out, ':');
        eval_json(e, map->items[i].val, depth + 1, out);
    }
    buf_putc(out, '}');
}

static void json_list(Eval *e, ValueList list, unsigned depth, Buf *out) {
    buf_putc(out, '[');
    for (size_t i = 0; i < list.len; i++) {
        if (i)
            buf_putc(out, ',');
        eval_json(e, &list.items[i], depth + 1, out);
    }
    buf_putc(out, ']');
}

static void json_float(double f, Buf *out) {
    if (f - f == 0)
        number_put_float(out, f);
    else
        buf_put(out, S("null"));
}

// Dates and ranges as texts; what has no value in JSON is null.
void eval_json(Eval *e, const Value *v, unsigned depth, Buf *out) {
    if (depth > EVAL_MAX_INSPECT)
        buf_put(out, S("null"));
    else if (v->kind == VALUE_LIST)
        json_list(e, v->as.list, depth, out);
    else if (v->kind == VALUE_MAP)
        json_map(e, v->as.map, depth, out);
    else if (v->kind == VALUE_FLOAT)
        json_float(v->as.f, out);
    else if (v->kind == VALUE_INT || v->kind == VALUE_BOOL)
        eval_text(e, v, out);
    else if (v->kind == VALUE_STR || v->kind == VALUE_DATE ||
             v->kind == VALUE_RANGE ||
             (v->kind == VALUE_OBJ && v->as.obj.cls->text))
        escape_json(out, eval_str(e, v));
    else
        buf_put(out, S("null"));
}
