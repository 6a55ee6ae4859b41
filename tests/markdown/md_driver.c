// Markdown from standard input to HTML on standard output, for the tests in
// this folder. Messages go to standard error.
//
//   md_driver [--spec] [--inline] [--alt] [--markup] [--calls] [--many]
//
// --markup switches on tasks, bare links, callouts and typography; --calls
// knows the shortcodes `leaf`, `pair` and `md`, which say what they were given.
// --many reads texts that end with a NUL and ends each of its answers with
// one, so that a test need not start a process for each.
#include <string.h>

#include "base/escape.h"
#include "render/markdown.h"

static Str read_all(Arena *a) {
    Buf in = {.arena = a};
    char part[4096];
    for (size_t n; (n = fread(part, 1, sizeof part, stdin)) > 0;)
        buf_put(&in, (Str){part, n});
    return buf_str(&in);
}

static bool render(Str text, const MarkdownOptions *opt) {
    Arena *keep = arena_new(), *scratch = arena_new();
    Diags diags = {.arena = keep};
    Job job = {keep, scratch, &diags, NULL};
    Source src = {.path = S("stdin"), .text = text};
    MarkdownOut out;
    bool is_made = markdown_render(&job, &src, text, 1, opt, &out);
    if (is_made)
        fwrite(out.html.ptr ? out.html.ptr : "", 1, out.html.len, stdout);
    diags_print(&diags, stderr, false);
    arena_free(scratch);
    arena_free(keep);
    return is_made;
}

static bool has_flag(char **argv, const char *name) {
    for (; *argv; argv++)
        if (!strcmp(*argv, name))
            return true;
    return false;
}

static void put_value(Buf *out, const Value *v) {
    if (v->kind == VALUE_STR)
        escape_html(out, v->as.s);
    else if (v->kind == VALUE_INT)
        buf_fmt(out, "#%lld", (long long)v->as.i);
    else if (v->kind == VALUE_BOOL)
        buf_put(out, v->as.b ? S("yes") : S("no"));
    for (size_t i = 0; v->kind == VALUE_LIST && i < v->as.list.len; i++) {
        put_value(out, &v->as.list.items[i]);
        buf_putc(out, '|');
    }
    for (size_t i = 0; v->kind == VALUE_MAP && i < v->as.map->len; i++) {
        buf_fmt(out, "%.*s=", STR_ARG(v->as.map->items[i].key));
        put_value(out, v->as.map->items[i].val);
        buf_putc(out, '|');
    }
}

static bool call_find(void *ctx, Str name, ShortcodeInfo *out) {
    (void)ctx;
    bool is_md = str_eq(name, S("md"));
    *out = (ShortcodeInfo){str_eq(name, S("pair")) || is_md, is_md};
    return is_md || out->takes_inner || str_eq(name, S("leaf")) ||
           str_eq(name, S("url"));
}

static bool call_render(Job *job, void *ctx, const ShortcodeCall *call,
                        Str *html) {
    (void)ctx;
    Buf out = {.arena = job->scratch};
    bool is_url = str_eq(call->name, S("url"));
    if (!is_url)
        buf_put(&out, call->has_inner ? S("<div>") : S("<b>"));
    put_value(&out, call->args);
    buf_put(&out, call->inner);
    if (!is_url)
        buf_put(&out, call->has_inner ? S("</div>") : S("</b>"));
    *html = buf_str(&out);
    return true;
}

int main(int argc, char **argv) {
    (void)argc;
    static const Shortcodes calls = {NULL, call_render, call_find, NULL};
    MarkdownOptions opt = {.spec_mode = has_flag(argv, "--spec"),
                           .is_inline = has_flag(argv, "--inline"),
                           .must_have_alt = has_flag(argv, "--alt")};
    if (has_flag(argv, "--markup"))
        opt.markup = (MarkdownMarkup){true, true, true, true, true};
    if (has_flag(argv, "--calls"))
        opt.shortcodes = &calls;
    Arena *a = arena_new();
    Str all = read_all(a), text;
    int rc = 0;
    if (!has_flag(argv, "--many")) {
        rc = !render(all, &opt);
        all = (Str){0};
    }
    while (str_cut(&all, '\0', &text) && all.ptr) {
        render(text, &opt);
        putchar('\0');
    }
    arena_free(a);
    return rc;
}
