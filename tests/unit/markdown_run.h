// One text of Markdown, rendered, for the tests of it.
#ifndef LOA_TESTS_MARKDOWN_RUN_H
#define LOA_TESTS_MARKDOWN_RUN_H

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "render/markdown.h"

// One render and what it said.
typedef struct {
    Arena *keep, *scratch;
    Diags diags;
    Job job;
    Source src;
    MarkdownOptions opt;
    MarkdownOut out;
    bool is_made;
} Run;

static inline Run run_new(Str text) {
    Run r = {.keep = arena_new(), .scratch = arena_new()};
    r.src = (Source){.path = S("tin.md"), .text = text};
    return r;
}

static inline void run(Run *r) {
    r->diags = (Diags){.arena = r->keep};
    r->job = (Job){.keep = r->keep, .scratch = r->scratch, .diags = &r->diags};
    r->is_made =
        markdown_render(&r->job, &r->src, r->src.text, 1, &r->opt, &r->out);
}

static inline void run_free(Run *r) {
    arena_free(r->keep);
    arena_free(r->scratch);
}

static inline const char *cstr(Run *r, Str s) {
    return str_cstr(r->scratch, s);
}

static inline void expect(const char *text, const char *html) {
    Run r = run_new(str_from(text));
    run(&r);
    assert_true(r.is_made);
    assert_string_equal(cstr(&r, r.out.html), html);
    run_free(&r);
}

// The n-th message: its code and place. line 0: there is no such message.
static inline void check_diag(Run *r, size_t n, const char *code, uint32_t line,
                              uint32_t col) {
    if (!line) {
        assert_int_equal(r->diags.len, n);
        return;
    }
    assert_true(r->diags.len > n);
    const Diag *d = &r->diags.items[n];
    assert_string_equal(d->code, code);
    assert_int_equal(d->line, line);
    assert_int_equal(d->col, col);
    assert_true(d->message.len > 0);
    assert_true(d->hint.len > 0);
}

#endif
