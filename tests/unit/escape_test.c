// One table for each context, and the traps of URLs.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/text.h"

typedef struct {
    const char *in, *out;
} Pair;

static void same(Str got, const char *want, const char *in) {
    if (!str_eq(got, str_from(want)))
        fail_msg("'%s': '%.*s', expected '%s'", in, STR_ARG(got), want);
}

static void check_pairs(void (*f)(Buf *, Str), const Pair *pairs, size_t n) {
    Arena *a = arena_new();
    for (size_t i = 0; i < n; i++) {
        Buf b = {.arena = a};
        f(&b, str_from(pairs[i].in));
        same(buf_str(&b), pairs[i].out, pairs[i].in);
    }
    arena_free(a);
}

#define CHECK_PAIRS(f, pairs)                                                  \
    check_pairs((f), (pairs), sizeof(pairs) / sizeof *(pairs))

static void html(void **state) {
    (void)state;
    static const Pair pairs[] = {
        {"", ""},
        {"Công đoàn", "Công đoàn"},
        {"<a href=\"x\">'&amp;'",
         "&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;&#39;"},
        {"&", "&amp;"},
        {"'\"><script>", "&#39;&quot;&gt;&lt;script&gt;"},
    };
    CHECK_PAIRS(escape_html, pairs);
}

static void xml(void **state) {
    (void)state;
    static const Pair pairs[] = {
        {"<Đ & \"'>", "&lt;Đ &amp; &quot;&#39;&gt;"},
        {"a\x01\x0B\x1F\x7F"
         "b\t\r\n",
         "ab\t\r\n"},
        {"\xEF\xBF\xBE\xEF\xBF\xBFx", "x"},
        {"a\xFF"
         "b\xE1\xBB",
         "a\xEF\xBF\xBD"
         "b\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"]]>", "]]&gt;"},
    };
    CHECK_PAIRS(escape_xml, pairs);
}

static void json(void **state) {
    (void)state;
    static const Pair pairs[] = {
        {"", "\"\""},
        {"Đ\"\\/", "\"Đ\\\"\\\\/\""},
        {"</script><!--&", "\"\\u003c/script\\u003e\\u003c!--\\u0026\""},
        {"\b\f\n\r\t\x01\x1F\x7F", "\"\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\""},
        {"\xE2\x80\xA8\xE2\x80\xA9", "\"\\u2028\\u2029\""},
        {"a\xC3", "\"a\xEF\xBF\xBD\""},
        {"🎉", "\"🎉\""},
        {"bfnrt", "\"bfnrt\""},
    };
    CHECK_PAIRS(escape_json, pairs);
    Arena *a = arena_new();
    Buf b = {.arena = a};
    escape_json(&b, S("\0"));
    same(buf_str(&b), "\"\\u0000\"", "NUL");
    arena_free(a);
}

static void ical(void **state) {
    (void)state;
    static const Pair pairs[] = {
        {"a;b,c\\d:\"e\"", "a\\;b\\,c\\\\d:\"e\""},
        {"1\n2\r\n3\r4", "1\\n2\\n3\\n4"},
        {"\x01\tĐ\x7F", "\tĐ"},
        {"\xFF", "\xEF\xBF\xBD"},
        {"END:VEVENT\r\nX", "END:VEVENT\\nX"},
    };
    CHECK_PAIRS(escape_ical, pairs);
}

static void terminal(void **state) {
    (void)state;
    static const Pair pairs[] = {
        {"Đ \x1B[31m\n\t\x7F", "Đ \\x1b[31m\\x0a\\x09\\x7f"},
        {"a\xFF", "a\\xff"},
        {"\xC2\x9B", "\\u009b"},
        {"\xE2\x80\xAE", "\\u202e"},
        {"\xEF\xBF\xBD", "\xEF\xBF\xBD"},
    };
    CHECK_PAIRS(escape_terminal, pairs);
}

static void url(void **state) {
    (void)state;
    static const Pair pairs[] = {
        {"/tin tức/?q=a b#x y", "/tin%20t%E1%BB%A9c/?q=a%20b#x%20y"},
        {"%41%zz%4", "%41%25zz%254"},
        {"a\"<>\\^`{|}[]", "a%22%3C%3E%5C%5E%60%7B%7C%7D%5B%5D"},
        {"http://[::1]:80/[x]", "http://[::1]:80/%5Bx%5D"},
        {"#a#b", "#a%23b"},
        {"-._~!$&'()*+,;=:@/?", "-._~!$&'()*+,;=:@/?"},
        {"\n\x7F\xFF", "%0A%7F%FF"},
    };
    static const Pair parts[] = {
        {"a b/c?d=e&f#g%20", "a%20b%2Fc%3Fd%3De%26f%23g%2520"},
        {"Đ-._~", "%C4%90-._~"},
    };
    CHECK_PAIRS(escape_url, pairs);
    CHECK_PAIRS(escape_url_part, parts);
}

// Every byte at every place: what is called plain is written as it is.
static void plain_urls(void **state) {
    (void)state;
    Arena *a = arena_new();
    for (size_t at = 0; at < 40; at++)
        for (int c = 0; c < 256; c++) {
            char bytes[] = "/tin-tuc/2024/Le-phat-dong/09_az.html~@!";
            bytes[at] = (char)c;
            Str s = {bytes, 40};
            Buf b = {.arena = a};
            escape_url(&b, s);
            bool is_plain = str_eq(buf_str(&b), s) && !(c && strchr("?#%", c));
            assert_int_equal(escape_is_plain_url(s), is_plain);
        }
    arena_free(a);
}

// The same for HTML, against one byte at a time.
static void html_everywhere(void **state) {
    (void)state;
    Arena *a = arena_new();
    for (size_t at = 0; at < 40; at++)
        for (int c = 0; c < 256; c++) {
            char bytes[] = "0123456789abcdef0123456789abcdef01234567";
            bytes[at] = (char)c;
            Buf all = {.arena = a}, one = {.arena = a};
            escape_html(&all, (Str){bytes, 40});
            for (size_t i = 0; i < 40; i++)
                escape_html(&one, (Str){bytes + i, 1});
            assert_true(str_eq(buf_str(&all), buf_str(&one)));
        }
    arena_free(a);
}

static void safe_urls_pass(void **state) {
    (void)state;
    static const Pair pairs[] = {
        {"", ""},
        {"#muc-2", "#muc-2"},
        {"?q=1", "?q=1"},
        {"/tin-tuc/", "/tin-tuc/"},
        {"../anh/ảnh 1.jpg", "../anh/%E1%BA%A3nh%201.jpg"},
        {"https://congdoan.vn/a?b=c&d#e", "https://congdoan.vn/a?b=c&d#e"},
        {"HTTPS://congdoan.vn", "HTTPS://congdoan.vn"},
        {"http://a.vn:8080/", "http://a.vn:8080/"},
        {"http://[2001:db8::1]:80/[a]", "http://[2001:db8::1]:80/%5Ba%5D"},
        {"https://tỉnh.vn/", "https://t%E1%BB%89nh.vn/"},
        {"mailto:a@b.vn?subject=Xin chào",
         "mailto:a@b.vn?subject=Xin%20ch%C3%A0o"},
        {"tel:+84 236 3822", "tel:+84%20236%203822"},
        {" \t\n/a \x01", "/a"},
        {"/a?b=c\\d#e\\", "/a?b=c%5Cd#e%5C"},
        {"50%", "50%25"},
        {"a/b:c", "a/b:c"},
        {"/x:y", "/x:y"},
        {"1:30", "1%3A30"},
        {"địa:chỉ?a:b", "%C4%91%E1%BB%8Ba%3Ach%E1%BB%89?a:b"},
        {"java script:x", "java%20script%3Ax"},
        {":x", "%3Ax"},
        {"./javascript:x", "./javascript:x"},
        {"/.//x", "/.//x"},
        {"a//b", "a//b"},
        {"?javascript:x", "?javascript:x"},
        {"#javascript:x", "#javascript:x"},
        {"/'\"><script>", "/'%22%3E%3Cscript%3E"},
    };
    Arena *a = arena_new();
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        Str out = {0};
        if (!escape_safe_url(a, str_from(pairs[i].in), &out))
            fail_msg("'%s' is refused", pairs[i].in);
        same(out, pairs[i].out, pairs[i].in);
        // What is safe stays so and does not change any more.
        Str again = {0};
        assert_true(escape_safe_url(a, out, &again));
        same(again, pairs[i].out, pairs[i].out);
    }
    arena_free(a);
}

static const char *const unsafe[] = {
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:x",
    "\x01javascript:x",
    "java\nscript:x",
    "java\tscript:x",
    "java\rscript:x",
    "javascript\n:x",
    "/\n/evil.example",
    "vbscript:x",
    "file:///etc/passwd",
    "data:text/html,x",
    "data:image/png;base64,AAAA",
    "data:image/svg+xml,x",
    "//evil.example",
    " //evil.example",
    "///evil",
    "\\\\evil",
    "/\\evil",
    "\\/evil",
    "a\\b",
    "https:\\\\evil",
    "https:evil",
    "https:/evil",
    "https://",
    "https:///evil",
    "http://:80/",
    "http://@/",
    "http://a b/",
    "http://a<b/",
    "http://[x]/",
    "http://[::1/",
    "http://[::1]x/",
    "http://]/",
    "blob:x",
    "view-source:x",
    "intent:x",
    "ws://x",
    "wss://x",
    "feed:javascript:x",
    "ftp://x",
    "about:blank",
    "zalo:x",
    "sms:1",
    "a+b-c.d:x",
    "/a\x7F",
    "/a\x1F/",
    "mailto:a\nb",
    "mailto:a\\b",
};

static void unsafe_urls_are_refused(void **state) {
    (void)state;
    Arena *a = arena_new();
    for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++) {
        Str out = {0};
        if (escape_safe_url(a, str_from(unsafe[i]), &out))
            fail_msg("'%s' passes as '%.*s'", unsafe[i], STR_ARG(out));
    }
    Str out;
    assert_false(escape_safe_url(a, S("a\0b"), &out));
    arena_free(a);
}

static void bytes(void **state) {
    (void)state;
    assert_int_equal(escape_byte(S("a%4a"), 1), 'J');
    assert_int_equal(escape_byte(S("%fF"), 0), 255);
    assert_int_equal(escape_byte(S("%00"), 0), 0);
    static const char *const none[] = {"",    "%",   "%4",  "4a0", "%g0",
                                       "%0g", "%:0", "%0@", "%%41"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(escape_byte(str_from(none[i]), 0), -1);
    assert_int_equal(escape_byte(S("%4a"), 3), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes),
        cmocka_unit_test(html),
        cmocka_unit_test(xml),
        cmocka_unit_test(json),
        cmocka_unit_test(ical),
        cmocka_unit_test(terminal),
        cmocka_unit_test(url),
        cmocka_unit_test(plain_urls),
        cmocka_unit_test(html_everywhere),
        cmocka_unit_test(safe_urls_pass),
        cmocka_unit_test(unsafe_urls_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
