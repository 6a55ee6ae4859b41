// The first byte chooses the options, the rest is Markdown. Whatever it is,
// the HTML must be fit to be sent, every tag closed where it was opened, and
// every table that the scanner saw must have come through cmark.
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/text.h"
#include "render/markdown.h"
#include "render/mdscan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_OPEN = 4096 };

typedef struct {
    Str open[MAX_OPEN];
    size_t depth, tables;
} Tags;

static bool is_void(Str name) {
    return str_eq(name, S("img")) || str_eq(name, S("br")) ||
           str_eq(name, S("hr")) || str_eq(name, S("input"));
}

static void check_tag(Tags *t, Str tag) {
    bool closes = str_starts(tag, S("/"));
    size_t from = closes, to = from;
    while (to < tag.len && tag.ptr[to] != ' ')
        to++;
    Str name = str_slice(tag, from, to);
    t->tables += !closes && str_eq(name, S("table"));
    if (is_void(name))
        return;
    if (!closes) {
        if (t->depth < MAX_OPEN)
            t->open[t->depth] = name;
        t->depth++;
        return;
    }
    if (!t->depth ||
        (t->depth <= MAX_OPEN && !str_eq(t->open[t->depth - 1], name)))
        abort();
    t->depth--;
}

// Attributes hold no '<' and no '>': the first one ends the tag.
static void check_html(Tags *t, Str html) {
    for (size_t at = 0; (at = str_find(html, S("<"), at)) != SIZE_MAX;) {
        size_t end = str_find(html, S(">"), at);
        if (end == SIZE_MAX)
            abort();
        check_tag(t, str_slice(html, at + 1, end));
        at = end;
    }
    if (t->depth)
        abort();
}

static LinkResult resolve(Job *job, void *ctx, Str href, bool is_image,
                          Pos pos) {
    (void)ctx;
    (void)pos;
    LinkResult r = {.width = is_image, .height = is_image};
    r.action =
        escape_safe_url(job->scratch, href, &r.url) ? LINK_KEEP : LINK_TEXT;
    r.is_external = href.len % 2;
    return r;
}

// `a` takes nothing inside, `b` text, `c` Markdown: what is inside stands
// twice in the result, which must not run away.
static bool call_find(void *ctx, Str name, ShortcodeInfo *out) {
    (void)ctx;
    char c = name.ptr[0];
    *out = (ShortcodeInfo){c != 'a', c == 'c'};
    return name.len == 1 && c >= 'a' && c <= 'c';
}

static bool call_render(Job *job, void *ctx, const ShortcodeCall *call,
                        Str *html) {
    (void)ctx;
    Buf out = {.arena = job->scratch};
    bool is_block = call->ordinal % 2;
    if (call->pos.line > 1 && call->args->kind == VALUE_BOOL)
        abort();
    buf_put(&out, is_block ? S("<div>") : S("<b>"));
    buf_put(&out, call->inner);
    buf_put(&out, call->inner);
    escape_html(&out, text_clean(job->scratch, call->inner_text));
    buf_put(&out, is_block ? S("</div>") : S("</b>"));
    *html = buf_str(&out);
    return out.len % 7 != 6;
}

static void check(Job *job, Str text, const MarkdownOptions *opt,
                  const MarkdownOut *out) {
    Arena *a = job->scratch;
    bool is_plain = !opt->shortcodes;
    if (is_plain && out->html.len > 32 * text.len + 65536)
        abort();
    if (text_clean(a, out->excerpt).ptr != out->excerpt.ptr)
        abort();
    for (size_t i = 0; i < out->nheadings; i++)
        if (!out->headings[i].id.len || out->headings[i].level > 6)
            abort();
    markdown_toc(a, out->headings, out->nheadings, 2, 4);
    if (opt->spec_mode)
        return;
    if (text_clean(a, out->html).ptr != out->html.ptr)
        abort();
    Tags *tags = ARENA_NEW(a, Tags);
    check_html(tags, out->html);
    MdScan scan = {0};
    if (!opt->is_inline && is_plain &&
        md_scan(a, md_prepare(a, text), true, &scan) == SCAN_OK &&
        !scan.nnotes && tags->tables != scan.ntables)
        abort();
}

// Some of what is beside CommonMark, a bit each.
static MarkdownMarkup markup(size_t bits) {
    return (MarkdownMarkup){bits & 1, bits & 2, bits & 4, bits & 8, bits & 16};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!size)
        return 0;
    Arena *keep = arena_new(), *scratch = arena_new();
    Diags diags = {.arena = keep};
    Job job = {keep, scratch, &diags, NULL};
    Str text = {(const char *)data + 1, size - 1};
    Source src = {.path = S("fuzz.md"), .text = text};
    static const Shortcodes calls = {NULL, call_render, call_find, NULL};
    MarkdownOptions opt = {.spec_mode = data[0] & 1,
                           .is_inline = data[0] & 2,
                           .must_have_alt = data[0] & 4,
                           .unicode_ids = data[0] & 8,
                           .resolve = data[0] & 16 ? resolve : NULL,
                           .summary_words = data[0] >> 7 ? 3 : 0};
    opt.markup = markup(data[0] & 32 ? 31 : size);
    if (data[0] & 64)
        opt.shortcodes = &calls;
    MarkdownOut out;
    if (markdown_render(&job, &src, text, 1, &opt, &out))
        check(&job, text, &opt, &out);
    arena_free(scratch);
    arena_free(keep);
    return 0;
}
