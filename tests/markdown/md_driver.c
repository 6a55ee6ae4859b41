// Markdown from standard input to HTML on standard output, for the tests in
// this folder. Messages go to standard error.
//
//   md_driver [--spec] [--inline] [--alt] [--many]
//
// --many reads texts that end with a NUL and ends each of its answers with
// one, so that a test need not start a process for each.
#include <string.h>

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
    Job job = {keep, scratch, &diags};
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

int main(int argc, char **argv) {
    (void)argc;
    MarkdownOptions opt = {.spec_mode = has_flag(argv, "--spec"),
                           .is_inline = has_flag(argv, "--inline"),
                           .must_have_alt = has_flag(argv, "--alt")};
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
