// Markdown's guards: texts made to hurt, and many threads at once.
#include "base/pool.h"
#include "markdown_run.h"

// ---- hostile texts

// `first`, then `part` until the text has `size` bytes, then `last`.
typedef struct {
    const char *first, *part, *last;
    const char *code; // refused with this, or NULL
    uint32_t line;
} Hostile;

static Str build(Arena *a, const Hostile *h, size_t size) {
    Buf b = {.arena = a};
    buf_put(&b, str_from(h->first));
    while (b.len + strlen(h->part) + strlen(h->last) <= size)
        buf_put(&b, str_from(h->part));
    buf_put(&b, str_from(h->last));
    return buf_str(&b);
}

static void try_hostile(const Hostile *h, size_t size) {
    Run r = run_new((Str){0});
    r.src.text = build(r.keep, h, size);
    run(&r);
    if (r.is_made == (h->code != NULL))
        print_message("%s%s%s\n", h->first, h->part, h->last);
    assert_true(r.is_made == !h->code);
    if (h->code) {
        const Diag *d = &r.diags.items[r.diags.len - 1];
        assert_string_equal(d->code, h->code);
        assert_int_equal(d->line, h->line);
        assert_true(d->hint.len > 0);
        assert_int_equal(r.out.html.len, 0);
    }
    assert_true(r.out.html.len <= 32 * size + 65536);
    assert_true(text_invalid_at(r.out.html) == SIZE_MAX);
    run_free(&r);
}

static void hostile(void **state) {
    (void)state;
    static const Hostile TEXTS[] = {
        {"", "*a ", "", NULL, 0},
        {"", "_a ", "", NULL, 0},
        {"", "*a_ ", "", NULL, 0},
        {"", "[a", "", NULL, 0},
        {"", "a]", "", NULL, 0},
        {"", "[ (](", "", NULL, 0},
        {"", "[a](<b", "", NULL, 0},
        {"", "a <![CDATA[ ", "", "E-MD-IMAGES", 1},
        {"", "a <? ", "", NULL, 0},
        {"</", "<!--", "", NULL, 0},
        {"", "![[]()", "", "E-MD-IMAGES", 1},
        {"a\n\n", "- ", "x\n", "E-MD-DEPTH", 3},
        {"a\n\n> ", "- ", "x\n", "E-MD-DEPTH", 3},
        {"", ">", "a", "E-MD-DEPTH", 1},
        {"", "- - - - - - - - ", "x", "E-MD-DEPTH", 1},
        {"\n", "\t", "a", "E-MD-INDENT", 2},
        {"```\n", "\t", "a", NULL, 0},
        {"|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|\n"
         "|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|\n",
         "|\xC4\x91\n", "", "E-MD-OUTPUT", 1},
        {"|a|b|\n|-|-|\n", "|a|b|\n", "", NULL, 0},
        {"", "|a|b|\n|-|-|\n", "", NULL, 0},
        {"|", "\\|", "|\n|-|\n", NULL, 0},
        {"", "[^a] ", "\n\n[^a]: x\n", "E-MD-OUTPUT", 1},
        {"", "[^a]:\n", "", NULL, 0},
        {"", "[^a]: ", "", "E-MD-DEPTH", 1},
        {"", "[^", "", NULL, 0},
        {"", "~~a ~b", "", NULL, 0},
        {"", "~a~ b~~ ~~~c~~~", "", NULL, 0},
        {"", "a\n=\n", "", NULL, 0},
        {"", "# a {#b}\n", "", NULL, 0},
        {"", "```\na\n````\n", "", NULL, 0},
        {"", "<b>", "", NULL, 0},
        {"", "[a](x:y) ", "", NULL, 0},
        {"", "\xff\xfe", "", NULL, 0},
        {"", "&#xFDD1;", "", NULL, 0},
        {"", "\xEF\xB7\x91", "", NULL, 0},
        {"", "* * * * a\n", "", NULL, 0},
    };
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        try_hostile(&TEXTS[i], 100 * 1000);
}

static void sizes(void **state) {
    (void)state;
    static const Hostile LONG = {"", "Công đoàn\n\n", "", NULL, 0};
    static const Hostile LONGER = {"", "Công đoàn\n\n", "", "E-MD-SIZE", 1};
    Run r = run_new((Str){0});
    r.src.text = build(r.keep, &LONG, 300 * 1024);
    run(&r);
    assert_true(r.is_made);
    check_diag(&r, 0, "W-MD-SIZE", 1, 0);
    run_free(&r);
    try_hostile(&LONGER, 1024 * 1024 + 100);
}

// A table of nearly nothing but cells needs more nodes than the budget has.
static void memory(void **state) {
    (void)state;
    enum { COLUMNS = 50 * 1000, SIZE = 1024 * 1024 };
    Run r = run_new((Str){0});
    Buf b = {.arena = r.keep};
    for (int i = 0; i <= COLUMNS; i++)
        buf_putc(&b, '|');
    buf_putc(&b, '\n');
    for (int i = 0; i < COLUMNS; i++)
        buf_put(&b, S("|-"));
    buf_putc(&b, '\n');
    while (b.len < SIZE)
        buf_putc(&b, b.len % COLUMNS ? '|' : '\n');
    r.src.text = buf_str(&b);
    run(&r);
    assert_false(r.is_made);
    assert_string_equal(r.diags.items[r.diags.len - 1].code, "E-MD-MEMORY");
    run_free(&r);
}

// ---- threads

static const char MANY[] =
    "# Hội nghị {#hn}\n\n| a | b |\n|:-:|--:|\n| *c* | ~~d~~ |\n\n"
    "> - e[^1]\n> - [f](https://a.vn/?x=1&y)\n\n[^1]: g **h** `i`\n\n"
    "![ảnh](a.jpg \"Chú\")\n\n**x.**y <b>\n";

static void render_one(Job *job, size_t i, void *ctx) {
    Str *results = ctx;
    Source src = {.path = S("m.md"), .text = str_from(MANY)};
    MarkdownOptions opt = {0};
    MarkdownOut out;
    // Every third gives up in the middle, as a refused text does.
    if (i % 3 == 0)
        markdown_render(job, &src, S("a ![](x) > > >"), 1, &opt, &out);
    markdown_render(job, &src, src.text, 1, &opt, &out);
    results[i] = str_copy(job->keep, out.html);
}

static void threads(void **state) {
    (void)state;
    enum { N = 600 };
    Str results[N];
    Arena *a = arena_new();
    Diags diags = {.arena = a};
    Pool *pool = pool_new(4);
    pool_each(pool, &diags, N, render_one, results);
    assert_true(results[0].len > 500);
    for (size_t i = 1; i < N; i++)
        assert_true(str_eq(results[0], results[i]));
    pool_free(pool);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile),
        cmocka_unit_test(sizes),
        cmocka_unit_test(memory),
        cmocka_unit_test(threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
