// Markdown: what loa adds to CommonMark, and its messages. tests/markdown/ has
// the rest.
#include "markdown_run.h"

static void expect_diag(const char *text, const char *code, uint32_t line,
                        uint32_t col) {
    Run r = run_new(str_from(text));
    r.opt.must_have_alt = true;
    run(&r);
    assert_true(r.is_made);
    check_diag(&r, 0, code, line, col);
    check_diag(&r, 1, NULL, 0, 0);
    run_free(&r);
}

static void expect_quiet(const char *text) {
    Run r = run_new(str_from(text));
    run(&r);
    check_diag(&r, 0, NULL, 0, 0);
    run_free(&r);
}

#define TABLE(n)                                                               \
    "<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"Bảng " n \
    "\">\n<table>\n"

static void tables(void **state) {
    (void)state;
    expect("| a | b |\n|--:|---|\n| 1 |\n",
           TABLE("1") "<thead>\n<tr>\n<th scope=\"col\" class=\"a-right\">a"
                      "</th>\n<th scope=\"col\">b</th>\n</tr>\n</thead>\n"
                      "<tbody>\n<tr>\n<td class=\"a-right\">1</td>\n"
                      "<td></td>\n</tr>\n</tbody>\n</table>\n</div>\n");
    expect("- a\n\n  | b |\n  |---|\n\n| c |\n|:-|\n",
           "<ul>\n<li>\n<p>a</p>\n" TABLE(
               "1") "<thead>\n<tr>\n<th scope=\"col\">b</th>\n</tr>\n"
                    "</thead>\n</table>\n</div>\n</li>\n</ul>\n" TABLE(
                        "2") "<thead>\n<tr>\n<th scope=\"col\" "
                             "class=\"a-left\">c</th>\n</tr>\n</thead>\n"
                             "</table>\n</div>\n");
}

static void footnotes(void **state) {
    (void)state;
    expect("a[^x] b[^x]\n\n[^x]: n\n",
           "<p>a<sup class=\"footnote-ref\"><a href=\"#fn-1\" id=\"fnref-1\" "
           "role=\"doc-noteref\">1</a></sup> b<sup class=\"footnote-ref\">"
           "<a href=\"#fn-1\" id=\"fnref-1-2\" role=\"doc-noteref\">1</a>"
           "</sup></p>\n<section class=\"footnotes\" role=\"doc-endnotes\" "
           "aria-label=\"Chú thích\">\n<ol>\n<li id=\"fn-1\">\n<p>n "
           "<a href=\"#fnref-1\" class=\"footnote-backref\" "
           "role=\"doc-backlink\" aria-label=\"Về chỗ có chú thích 1\">↩</a> "
           "<a href=\"#fnref-1-2\" class=\"footnote-backref\" "
           "role=\"doc-backlink\" aria-label=\"Về chỗ có chú thích 1-2\">↩"
           "<sup>2</sup></a></p>\n</li>\n</ol>\n</section>\n");
    expect_diag("một\n\nhai[^x] ba\n", "W-FOOTNOTE", 3, 4);
    expect_diag("một\n\n[^x]: hai\n", "W-FOOTNOTE", 3, 0);
    expect_diag("a[^x]\n\n[^x]: b\n\n[^x]: c\n\n", "W-FOOTNOTE", 5, 0);
}

static void words_of_readers(void **state) {
    (void)state;
    Run r = run_new(S("a[^1]\n\n[^1]: b\n\n|a|\n|-|\n"));
    r.opt.words = (MarkdownWords){
        .table = S("Table"), .notes = S("Notes"), .back = S("Back to \"x\"")};
    run(&r);
    assert_true(str_find(r.out.html, S("\"Table 1\""), 0) != SIZE_MAX);
    assert_true(str_find(r.out.html, S("\"Notes\""), 0) != SIZE_MAX);
    assert_true(str_find(r.out.html, S("Back to &quot;x&quot; 1"), 0) !=
                SIZE_MAX);
    run_free(&r);
}

static void strikethrough(void **state) {
    (void)state;
    expect("~~a *b*~~ ~c~ \\~~d~~\n",
           "<p><del>a <em>b</em></del> <del>c</del> ~~d~~</p>\n");
    expect("~~a ~b~ c~~\n", "<p><del>a <del>b</del> c</del></p>\n");
}

static void heading_ids(void **state) {
    (void)state;
    expect("# Đoàn viên *mới*\n\n## Đoàn viên mới\n\n## B {#doan-vien-moi-1}\n"
           "\n### Đoàn viên mới\n\n### !!!\n",
           "<h1 id=\"doan-vien-moi\">Đoàn viên <em>mới</em></h1>\n"
           "<h2 id=\"doan-vien-moi-2\">Đoàn viên mới</h2>\n"
           "<h2 id=\"doan-vien-moi-1\">B</h2>\n"
           "<h3 id=\"doan-vien-moi-3\">Đoàn viên mới</h3>\n"
           "<h3 id=\"muc\">!!!</h3>\n");
    expect("# A {#x\"y}\n\n# B \\{#z}\n\n# {#c}\n\nD {#d}\n===\n",
           "<h1 id=\"a-x-y\">A {#x&quot;y}</h1>\n"
           "<h1 id=\"b-z\">B {#z}</h1>\n<h1 id=\"c\"></h1>\n"
           "<h1 id=\"d\">D</h1>\n");
    expect_diag("# A {#x}\n\n## B {#x}\n", "E-HEADING-ID", 3, 8);
}

static void note_ids_are_taken(void **state) {
    (void)state;
    Run r = run_new(S("# Fn 1\n\n# Fnref 1\n\na[^1]\n\n[^1]: b\n"));
    run(&r);
    assert_int_equal(r.out.nheadings, 2);
    assert_string_equal(cstr(&r, r.out.headings[0].id), "fn-1-1");
    assert_string_equal(cstr(&r, r.out.headings[1].id), "fnref-1-1");
    run_free(&r);
}

static void figures(void **state) {
    (void)state;
    expect("![Lễ](a.jpg \"Ảnh: \\\"X\\\"\")\n\nx ![b](c.png \"t\")\n",
           "<figure><img src=\"a.jpg\" alt=\"Lễ\" loading=\"lazy\" "
           "decoding=\"async\"><figcaption>Ảnh: &quot;X&quot;</figcaption>"
           "</figure>\n<p>x <img src=\"c.png\" alt=\"b\" title=\"t\" "
           "loading=\"lazy\" decoding=\"async\"></p>\n");
    expect("![a](javascript:1 \"t\")\n", "<p>a</p>\n");
}

static LinkResult resolve(Job *job, void *ctx, Str href, bool is_image,
                          Pos pos) {
    Str *seen = ctx;
    *seen = str_fmt(job->scratch, "%.*s%.*s@%u:%u ", STR_ARG(*seen),
                    STR_ARG(href), pos.line, pos.col);
    if (str_eq(href, S("../xoa.md")))
        return (LinkResult){.action = LINK_TEXT};
    return (LinkResult){.url = S("/a/?b=1&c=\"2\""),
                        .width = is_image ? 640 : 0,
                        .height = is_image ? 480 : 0,
                        .is_external = !is_image};
}

static void resolver(void **state) {
    (void)state;
    Str seen = {0};
    Run r = run_new(S("Đọc [kế\nhoạch](../kh.md#muc-2) và [x](../xoa.md).\n\n"
                      "| a |\n|---|\n| **b** |\n| ![c](d.jpg) |\n"));
    r.opt.resolve = resolve;
    r.opt.ctx = &seen;
    run(&r);
    assert_string_equal(cstr(&r, seen),
                        "../kh.md#muc-2@2:8 ../xoa.md@2:31 d.jpg@7:8 ");
    assert_true(str_starts(r.out.html,
                           S("<p>Đọc <a href=\"/a/?b=1&amp;c=&quot;2&quot;\" "
                             "rel=\"noopener\">kế\nhoạch</a> và x.</p>\n")));
    assert_true(str_find(r.out.html,
                         S("alt=\"c\" width=\"640\" height=\"480\""),
                         0) != SIZE_MAX);
    run_free(&r);
}

static void messages(void **state) {
    (void)state;
    expect_diag("một\nhai [ba](javascript:alert) bốn\n", "E-URL", 2, 10);
    expect_diag("một\n\n![](a.jpg)\n", "E-ALT", 3, 5);
    expect_diag("một <b>x</b>\n", "W-HTML", 1, 5);
    expect_diag("một\n\n<div>\nx\n</div>\n", "W-HTML", 3, 1);
    expect_diag("**Công đoàn.**Tiếp\n", "W-BOLD", 1, 1);
    expect_diag("| a |\n|---|\n| b |\n| [c](x:y) |\n", "E-URL", 4, 7);
    expect_diag("> - a\n>\n>   [^1]: [c](x:y)\n\n[^1]\n", "E-URL", 3, 15);
    expect_quiet("<!-- ghi chú -->\n\na <!-- b --> c \\*\\* d\n");
}

// Two faults of one image stand at one place.
static void messages_of_one_image(void **state) {
    (void)state;
    Run r = run_new(S("một ![](x:y)\n"));
    r.opt.must_have_alt = true;
    run(&r);
    check_diag(&r, 0, "E-ALT", 1, 9);
    check_diag(&r, 1, "E-URL", 1, 9);
    check_diag(&r, 2, NULL, 0, 0);
    run_free(&r);
}

// A thousand faults are told thirty times, not a thousand.
static void messages_end(void **state) {
    (void)state;
    Run r = run_new((Str){0});
    Buf text = {.arena = r.keep};
    for (int i = 0; i < 1000; i++)
        buf_put(&text, S("<b> [a](x:y)\n"));
    r.src.text = buf_str(&text);
    run(&r);
    assert_int_equal(r.diags.len, 60);
    run_free(&r);
}

static void facts(void **state) {
    (void)state;
    Run r = run_new(S("# Tựa\n\nMột *hai* ba[^1].\nBốn năm.\n\n"
                      "<!-- more -->\n\nSáu `bảy` tám\n\n[^1]: x\n"));
    run(&r);
    assert_string_equal(cstr(&r, r.out.excerpt), "Một hai ba. Bốn năm.");
    assert_true(r.out.has_more);
    assert_int_equal(r.out.words, 9);
    assert_int_equal(r.out.headings[0].line, 1);
    run_free(&r);

    r = run_new(S("Một hai ba bốn năm sáu.\n\nBảy.\n"));
    r.opt.summary_words = 3;
    run(&r);
    assert_string_equal(cstr(&r, r.out.excerpt), "Một hai ba…");
    assert_false(r.out.has_more);
    run_free(&r);
}

static void inline_mode(void **state) {
    (void)state;
    static const char *const TEXTS[][2] = {
        {"1. *Công đoàn*", "1. <em>Công đoàn</em>"},
        {"# a\n\n- b | c\n-|-\n", "# a - b | c -|-"},
        {"    a [b](/c/)", "a <a href=\"/c/\">b</a>"},
        {"[x]: /y/", "[x]: /y/"},
        {"_a_ ~~b~~", "<em>a</em> <del>b</del>"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        Run r = run_new(str_from(TEXTS[i][0]));
        r.opt.is_inline = true;
        run(&r);
        assert_string_equal(cstr(&r, r.out.html), TEXTS[i][1]);
        run_free(&r);
    }
}

// hardening 1.6: nothing leaves that XML or HTML forbids, and no mark of ours
// can be forged.
static void fit_characters(void **state) {
    (void)state;
    expect("a&#xFFFE;b&#1;c&#xFFFF;d&#x85;e\x01"
           "f\xC2\x85g\xEF\xBF\xBEh\n",
           "<p>abcdefgh</p>\n");
    expect("# \xEF\xB7\x91"
           "0 a\n\n# &#xFDD1;0 b\n\n\xEF\xB7\x91x\n",
           "<h1 id=\"0-a\">0 a</h1>\n"
           "<h1 id=\"xfdd1-0-b\">&amp;#xFDD1;0 b</h1>\n<p>x</p>\n");
    // Halves that come together when what is between them goes.
    expect("# \xEF\xB7\xEF\xB7\x91\x91"
           "0\n",
           "<h1 id=\"0\">\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
           "0</h1>\n");
    expect("``` a\"b\xEF\xB7\x92\n```\n",
           "<pre><code class=\"language-a&quot;b\"></code></pre>\n");
    expect("[l](/u '\"><script>')\n",
           "<p><a href=\"/u\" title=\"&quot;&gt;&lt;script&gt;\">l</a></p>\n");
}

static void toc(void **state) {
    (void)state;
    Run r = run_new(S("## A & B\n#### C\n### D\n## E\n# F\n"));
    run(&r);
    Str s = markdown_toc(r.scratch, r.out.headings, r.out.nheadings, 2, 4);
    assert_string_equal(
        cstr(&r, s),
        "<ul>\n<li><a href=\"#a-b\">A &amp; B</a>\n<ul>\n"
        "<li><a href=\"#c\">C</a></li>\n<li><a href=\"#d\">D</a></li>\n"
        "</ul>\n</li>\n<li><a href=\"#e\">E</a></li>\n</ul>\n");
    s = markdown_toc(r.scratch, r.out.headings, r.out.nheadings, 1, 1);
    assert_int_equal(s.len, 0);
    run_free(&r);
}

// ---- a text is looked through in runs of bytes: signs at every place

static void at_every_place(const char *sign, const char *html) {
    enum { PLACES = 40 };
    for (int before = 0; before < PLACES; before++) {
        for (int behind = 0; behind < PLACES; behind += 3) {
            char text[256], want[256];
            char a[PLACES + 1] = {0}, b[PLACES + 1] = {0};
            memset(a, 'a', (size_t)before);
            memset(b, 'b', (size_t)behind);
            snprintf(text, sizeof text, "%sx %s x%s", a, sign, b);
            snprintf(want, sizeof want, "<p>%sx %s x%s</p>\n", a, html, b);
            Run r = run_new(str_from(text));
            r.opt.markup = (MarkdownMarkup){true, true, true, true, true};
            run(&r);
            assert_string_equal(cstr(&r, r.out.html), want);
            run_free(&r);
        }
    }
}

static void signs_at_every_place(void **state) {
    (void)state;
    at_every_place("a & <", "a &amp; &lt;");
    at_every_place("\"a\" ... -- 5'", "“a” … – 5'");
    at_every_place("\\\"a\" .. --- b.-", "&quot;a&quot; .. --- b.-");
    at_every_place("a\x01\x7F\xC2\x85\xEF\xBF\xBE"
                   "b\tc",
                   "ab\tc");
    at_every_place("\xC2\xA0\xEF\xAC\x81", "\xC2\xA0\xEF\xAC\x81");
    at_every_place("Điều 5, 7 kg", "Điều\xC2\xA0"
                                   "5, 7\xC2\xA0kg");
    at_every_place("ông Nam, bà Ánh", "ông\xC2\xA0Nam, bà\xC2\xA0Ánh");
    at_every_place("Ông Đỗ", "Ông\xC2\xA0Đỗ");
    at_every_place("công Nam và Ánh", "công Nam và Ánh");
    at_every_place("CHƯƠNG IV, mục c", "CHƯƠNG\xC2\xA0IV, mục\xC2\xA0"
                                       "c");
    at_every_place("điểm đ, điểm b", "điểm đ, điểm\xC2\xA0"
                                     "b");
    at_every_place("www.a.vn",
                   "<a href=\"http://www.a.vn\" rel=\"noopener\">www.a.vn</a>");
    at_every_place("HTTPS://a.vn", "<a href=\"HTTPS://a.vn\">HTTPS://a.vn</a>");
}

// As many words as a count byte by byte gives, also over 255 runs.
static void words_at_every_place(void **state) {
    (void)state;
    enum { MOST = 10000 };
    Arena *a = arena_new();
    Buf text = {.arena = a};
    for (size_t n = 0; text.len < MOST; n++) {
        buf_put(&text, str_slice(S("abcdefgh\xC4\x91ijklmnop"), 0, n % 17 + 1));
        buf_put(&text, n % 7 ? S(" ") : S(" \t "));
        if (n > 60 && n % 97)
            continue;
        Run r = run_new(str_trim(buf_str(&text)));
        run(&r);
        assert_int_equal(r.out.words, n + 1);
        run_free(&r);
    }
    arena_free(a);
}

// ---- numbers of documents

static bool find_number(Job *job, void *ctx, const NumberUse *number,
                        NumberLink *out) {
    (void)job;
    (void)ctx;
    *out = (NumberLink){S("/vb/?a&b"), S("Quy \"chế\"")};
    return str_eq(number->key, S("1669 tld")) && number->year != 2020;
}

// Found or not, every reading is noted once; the first link has the title.
static void test_numbers(void **state) {
    (void)state;
    Run r = run_new(S("1669/TLĐ và 1669/TLĐ, *1669/TLĐ* năm 2020.\n\n"
                      "5/KH - Kế hoạch, 45/2019/QH14 ngày 20/11/2019\n"));
    r.opt.find_number = find_number;
    run(&r);
    assert_string_equal(
        cstr(&r, r.out.html),
        "<p><a href=\"/vb/?a&amp;b\" title=\"Quy "
        "&quot;chế&quot;\">1669/TLĐ</a> "
        "và <a href=\"/vb/?a&amp;b\">1669/TLĐ</a>, <em>1669/TLĐ</em> năm "
        "2020.</p>\n<p>5/KH - Kế hoạch, 45/2019/QH14 ngày 20/11/2019</p>\n");
    const NumberUse want[] = {{S("1669 tld"), 0},
                              {S("1669 tld"), 2020},
                              {S("5 kh ke"), 0},
                              {S("5 kh"), 0},
                              {S("45 2019 qh14"), 0}};
    assert_int_equal(r.out.nnumbers, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(cstr(&r, r.out.numbers[i].key),
                            cstr(&r, want[i].key));
        assert_int_equal(r.out.numbers[i].year, want[i].year);
    }
    run_free(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables),
        cmocka_unit_test(footnotes),
        cmocka_unit_test(strikethrough),
        cmocka_unit_test(heading_ids),
        cmocka_unit_test(note_ids_are_taken),
        cmocka_unit_test(words_of_readers),
        cmocka_unit_test(figures),
        cmocka_unit_test(resolver),
        cmocka_unit_test(messages),
        cmocka_unit_test(messages_of_one_image),
        cmocka_unit_test(messages_end),
        cmocka_unit_test(facts),
        cmocka_unit_test(inline_mode),
        cmocka_unit_test(fit_characters),
        cmocka_unit_test(toc),
        cmocka_unit_test(signs_at_every_place),
        cmocka_unit_test(words_at_every_place),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
