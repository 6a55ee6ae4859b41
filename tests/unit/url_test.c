// Addresses: slugs, permalinks, baseURL with a path.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <stdio.h>
#include <string.h>

#include "model/url.h"

typedef struct {
    Arena *arena;
    Diags diags;
    Job job;
    Config cfg;
} Run;

static int start(void **state) {
    Arena *a = arena_new();
    Run *r = ARENA_NEW(a, Run);
    r->arena = a;
    r->diags.arena = a;
    r->job = (Job){.keep = a, .scratch = a, .diags = &r->diags};
    r->cfg.host = S("https://tin.example");
    r->cfg.base_path = S("/cd");
    *state = r;
    return 0;
}

static int end(void **state) {
    arena_free(((Run *)*state)->arena);
    return 0;
}

#define assert_text(s, expected)                                               \
    do {                                                                       \
        Str got_ = (s);                                                        \
        if (!str_eq(got_, str_from(expected)))                                 \
            fail_msg("got '%.*s', not '%s'", STR_ARG(got_), expected);         \
    } while (0)

static void base_path_everywhere(void **state) {
    Run *r = *state;
    Arena *a = r->arena;
    assert_text(url_relative(a, &r->cfg, S("/")), "/cd/");
    assert_text(url_relative(a, &r->cfg, S("/a b/")), "/cd/a%20b/");
    assert_text(url_relative(a, &r->cfg, S("https://x.example/")),
                "https://x.example/");
    assert_text(url_relative(a, &r->cfg, S("//x.example/")), "//x.example/");
    assert_text(url_relative(a, &r->cfg, S("#muc")), "#muc");
    assert_text(url_absolute(a, &r->cfg, S("/đ/")),
                "https://tin.example/cd/%C4%91/");
    assert_text(url_absolute(a, &r->cfg, S("mailto:a@b.example")),
                "mailto:a@b.example");
}

static void names_are_letters(void **state) {
    Run *r = *state;
    Arena *a = r->arena;
    assert_text(url_href(a, &r->cfg, S("/a/b.pdf")), "/cd/a/b.pdf");
    assert_text(url_href(a, &r->cfg, S("/s #1, 5%?")),
                "/cd/s%20%231,%205%25%3F");
    assert_text(url_href(a, &r->cfg, S("/đ%41/")), "/cd/%C4%91%2541/");
    assert_text(url_permalink(a, &r->cfg, S("/a/")),
                "https://tin.example/cd/a/");
    assert_text(url_permalink(a, &r->cfg, S("/a?b/")),
                "https://tin.example/cd/a%3Fb/");
}

static void files_of_addresses(void **state) {
    Run *r = *state;
    Arena *a = r->arena;
    assert_text(url_to_path(a, S("/")), "index.html");
    assert_text(url_to_path(a, S("/a/")), "a/index.html");
    assert_text(url_to_path(a, S("/a")), "a/index.html");
    assert_text(url_to_path(a, S("/a.html")), "a.html");
    assert_text(url_to_path(a, S("/v1.2/")), "v1.2/index.html");
    assert_text(url_below(a, S("/a/"), S("lich.ics")), "/a/lich.ics");
    assert_text(url_below(a, S("/a.html"), S("lich.ics")), "/a.html.lich.ics");
}

static Page piece(const char *path, const char *dir) {
    Page p = {.kind = PAGE_REGULAR};
    p.path = str_from(path);
    p.dir = str_from(dir);
    return p;
}

static void plain_addresses(void **state) {
    Run *r = *state;
    Str url;
    Page p = piece("Tin Tức/Đại hội", "Tin Tức");
    assert_true(url_of_page(&r->job, &r->cfg, &p, &url));
    assert_text(url, "/tin-tuc/dai-hoi/");
    p.slug = S("Công nhân: 10%");
    assert_true(url_of_page(&r->job, &r->cfg, &p, &url));
    assert_text(url, "/tin-tuc/cong-nhan-10/");
    p.kind = PAGE_SECTION; // its pieces would not follow
    assert_true(url_of_page(&r->job, &r->cfg, &p, &url));
    assert_text(url, "/tin-tuc/dai-hoi/");
    r->cfg.slug_unicode = true;
    p.kind = PAGE_REGULAR;
    p.slug = (Str){0};
    assert_true(url_of_page(&r->job, &r->cfg, &p, &url));
    assert_text(url, "/tin-tức/đại-hội/");
}

static void wished_addresses(void **state) {
    static const struct {
        const char *wish, *url; // NULL: refused
    } rows[] = {
        {"/a/b/", "/a/b/"},
        {"a", "/a/"},
        {"/Trang.html", "/Trang.html"},
        {"https://x/", NULL},
        {"/../a/", NULL},
        {"/a/../../b", NULL},
        {"/.git/config", NULL},
        {"/a//b/", NULL},
        {"/a\\b/", NULL},
        {"/a%20b/", "/a b/"}, // as copied from a browser
        {"/%C4%91%E1%BB%99c/", "/độc/"},
        {"/%2e%2e/a/", NULL},
        {"/a%2F..%2F..%2Fb/", NULL},
        {"/a%00b/", NULL},
        {"/a%23b/", NULL},
        {"/a?b/", NULL},
    };
    Run *r = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Page p = piece("tin/a", "tin");
        Str url;
        p.url_wish = str_from(rows[i].wish);
        bool ok = url_of_page(&r->job, &r->cfg, &p, &url);
        if (ok != (rows[i].url != NULL))
            fail_msg("%s", rows[i].wish);
        if (ok)
            assert_text(url, rows[i].url);
    }
    Page list = piece("tin", "tin");
    list.kind = PAGE_SECTION;
    list.url_wish = S("/tin.html");
    Str url;
    assert_false(url_of_page(&r->job, &r->cfg, &list, &url));
}

static void nameless(void **state) {
    Run *r = *state;
    Page p = piece("tin/!!!", "tin");
    Str url;
    assert_false(url_of_page(&r->job, &r->cfg, &p, &url));
    assert_int_equal(r->diags.errors, 1);
}

static void permalinks(void **state) {
    static const struct {
        const char *pattern, *url;
    } rows[] = {
        {"/:section/:year/:month/:slug/", "/tin-tuc/2026/02/bai-viet/"},
        {":sections/:day/:contentbasename", "/tin-tuc/con/09/bai-viet/"},
        {"/:year/:monthname/:weekdayname/", "/2026/february/monday/"},
        {"/x/:slugorfilename", "/x/bai-viet/"},
    };
    Run *r = *state;
    Page p = piece("Tin Tức/Con/Bài viết", "Tin Tức/Con");
    DateParts d = {.year = 2026, .month = 2, .day = 9};
    p.date = date_from_parts(d, 420, DATE_DAY);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Permalink link = {S("tin tức"), str_from(rows[i].pattern)};
        Str url, unknown;
        link.section = S("Tin Tức");
        r->cfg.permalinks = &link;
        r->cfg.npermalinks = 1;
        assert_true(url_pattern_is_known(link.pattern, &unknown));
        assert_true(url_of_page(&r->job, &r->cfg, &p, &url));
        assert_text(url, rows[i].url);
    }
    Str unknown;
    assert_false(url_pattern_is_known(S("/:year/:nam/"), &unknown));
    assert_text(unknown, "nam");
    p.date = (Date){0};
    Permalink link = {S("Tin Tức"), S("/:year/:slug/")};
    Str url;
    r->cfg.permalinks = &link;
    assert_false(url_of_page(&r->job, &r->cfg, &p, &url));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(base_path_everywhere, start, end),
        cmocka_unit_test_setup_teardown(names_are_letters, start, end),
        cmocka_unit_test_setup_teardown(files_of_addresses, start, end),
        cmocka_unit_test_setup_teardown(plain_addresses, start, end),
        cmocka_unit_test_setup_teardown(wished_addresses, start, end),
        cmocka_unit_test_setup_teardown(nameless, start, end),
        cmocka_unit_test_setup_teardown(permalinks, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
