// Type files from strings, and front matter checked against them.
#ifndef LOA_TESTS_TYPE_RUN_H
#define LOA_TESTS_TYPE_RUN_H

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <stdio.h>
#include <string.h>

#include "parse/type.h"

typedef struct {
    const char *rel, *text;
} File;

typedef struct {
    Arena *arena;
    Job job;
    Diags diags;
    SourceSet set;
    TypeSet types;
    Source src;
    Front front;
    Value out;
    bool ok;
} Run;

static inline void start(Run *r) {
    *r = (Run){.arena = arena_new()};
    r->diags.arena = r->arena;
    r->job = (Job){.keep = r->arena, .scratch = r->arena, .diags = &r->diags};
}

static inline void load(Run *r, const File *files, size_t n) {
    start(r);
    r->set.items = ARENA_ARRAY(r->arena, Source, n);
    r->set.len = n;
    for (size_t i = 0; i < n; i++)
        r->set.items[i] = (Source){.kind = SOURCE_TYPE,
                                   .path = str_from(files[i].rel),
                                   .rel = str_from(files[i].rel),
                                   .text = str_from(files[i].text)};
    for (size_t k = SOURCE_TYPE + 1; k <= SOURCE_CONFIG + 1; k++)
        r->set.first[k] = n;
    r->ok = type_load(&r->job, &r->set, &r->types);
}

static inline const Diag *first_diag(const Run *r) {
    return r->diags.len ? &r->diags.items[0] : NULL;
}

#define assert_text(s, expected)                                               \
    do {                                                                       \
        Str got_ = (s);                                                        \
        const char *want_ = (expected);                                        \
        if (got_.len != strlen(want_) ||                                       \
            (got_.len && memcmp(got_.ptr, want_, got_.len)))                   \
            fail_msg("'%.*s' is not '%s'", STR_ARG(got_), want_);              \
    } while (0)

#define assert_has(s, part)                                                    \
    do {                                                                       \
        Str got_ = (s);                                                        \
        if (str_find(got_, str_from(part), 0) == SIZE_MAX)                     \
            fail_msg("'%.*s' has no '%s'", STR_ARG(got_), part);               \
    } while (0)

// Checks "x: ..." against a type with the field x as given.
static inline void check_with(Run *r, const char *fields, const char *front,
                              bool is_complete) {
    Str core[] = {S("title"), S("date")};
    Strs known = {core, 2};
    File files[] = {{"t.yaml", fields}, {"unit.yaml", "type: unit\n"}};
    load(r, files, 2);
    if (!r->ok)
        fail_msg("%s: %.*s", fields, STR_ARG(first_diag(r)->message));
    r->src = (Source){.kind = SOURCE_CONTENT, .path = S("a.md")};
    r->src.text = str_from(front);
    assert_true(front_parse(&r->job, &r->src, &r->front));
    r->diags.len = 0;
    TypeCheck how = {420, &known, is_complete};
    r->ok = type_check(&r->job, &r->types, type_find(&r->types, S("t")),
                       &r->src, &r->front.meta, &how, &r->out);
}

static inline void check_field(Run *r, const char *field, const char *value) {
    char fields[300], front[300];
    snprintf(fields, sizeof fields, "fields:\n  x: %s\n", field);
    snprintf(front, sizeof front, "---\nx: %s\n---\n", value);
    check_with(r, fields, front, true);
}

// The typed value as text, to compare: maps as key=value.
static inline void show(Buf *b, const Value *v) {
    switch ((ValueKind)v->kind) {
    case VALUE_STR:
        buf_put(b, v->as.s);
        break;
    case VALUE_INT:
        buf_fmt(b, "%lld", (long long)v->as.i);
        break;
    case VALUE_FLOAT:
        buf_fmt(b, "%g", v->as.f);
        break;
    case VALUE_BOOL:
        buf_put(b, v->as.b ? S("true") : S("false"));
        break;
    case VALUE_DATE: {
        DateParts p = date_parts(v->as.date);
        buf_fmt(b, "%d-%d-%d %d:%d/%d", p.year, p.month, p.day, p.hour,
                p.minute, v->as.date.precision);
        break;
    }
    case VALUE_LIST:
        for (size_t i = 0; i < v->as.list.len; i++) {
            buf_put(b, i ? S("|") : S(""));
            show(b, &v->as.list.items[i]);
        }
        break;
    case VALUE_MAP:
        for (size_t i = 0; v->as.map && i < v->as.map->len; i++) {
            buf_fmt(b, "%s%.*s=", i ? ";" : "",
                    STR_ARG(v->as.map->items[i].key));
            show(b, v->as.map->items[i].val);
        }
        break;
    default:
        buf_put(b, S("?"));
    }
}

typedef struct {
    const char *field, *value;
    const char *shown; // NULL: an error
    const char *code;
} Case;

static inline void run_cases(const Case *cases, size_t n) {
    for (size_t i = 0; i < n; i++) {
        Run r;
        check_field(&r, cases[i].field, cases[i].value);
        const Diag *d = first_diag(&r);
        const Value *x = value_get(&r.out, S("x"));
        Buf b = {.arena = r.arena};
        if (x)
            show(&b, x);
        if (r.ok != (cases[i].shown != NULL))
            fail_msg("%s <- %s: %s %.*s", cases[i].field, cases[i].value,
                     r.ok ? "taken as" : "refused",
                     STR_ARG(r.ok ? buf_str(&b) : d->message));
        if (cases[i].shown) {
            assert_text(buf_str(&b), cases[i].shown);
            assert_int_equal(x->line, 2);
        }
        if (cases[i].code) {
            if (!d)
                fail_msg("%s <- %s: no message", cases[i].field,
                         cases[i].value);
            assert_string_equal(d->code, cases[i].code);
            assert_int_equal(d->line, 2);
            assert_true(d->hint.len > 0);
        }
        if (!cases[i].code && d)
            fail_msg("%s <- %s: %s", cases[i].field, cases[i].value, d->code);
        arena_free(r.arena);
    }
}

#define CASES(table) run_cases(table, sizeof table / sizeof *table)

#endif
