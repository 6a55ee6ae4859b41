// Patterns of cascade.target.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <stdio.h>

#include "model/glob.h"

static void matches(void **state) {
    static const struct {
        const char *pattern, *path;
        bool is;
    } rows[] = {
        {"", "", true},
        {"", "a", false},
        {"a", "a", true},
        {"a", "A", false},
        {"*", "abc", true},
        {"*", "", true},
        {"*", "a/b", false},
        {"a*c", "abbbc", true},
        {"a*c", "ab/c", false},
        {"?", "a", true},
        {"?", "/", false},
        {"?", "", false},
        {"**", "a/b/c", true},
        {"/tin/**", "/tin/a", true},
        {"/tin/**", "/tin/con/a", true},
        {"/tin/**", "/tin", false},
        {"/tin/**", "/tinh/a", false},
        {"/tin/*", "/tin/con/a", false},
        {"/*/a", "/tin/a", true},
        {"{tin,su-kien}/*", "su-kien/a", true},
        {"{tin,su-kien}/*", "don-vi/a", false},
        {"{/a,/b/**}", "/b/c/d", true},
        {"{a", "{a", false}, // a brace has to be closed
        {"{}", "", true},
        {"page", "page", true},
        {"**/bai-*-2026", "tin/con/bai-x-2026", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (glob_match(str_from(rows[i].pattern), str_from(rows[i].path)) !=
            rows[i].is)
            fail_msg("'%s' and '%s'", rows[i].pattern, rows[i].path);
}

// Gives up instead of trying every way to share out the letters.
static void many_stars_end(void **state) {
    char pattern[401] = {0}, path[201] = {0};
    (void)state;
    for (size_t i = 0; i < 400; i++)
        pattern[i] = i % 2 ? 'a' : '*';
    for (size_t i = 0; i < 200; i++)
        path[i] = i == 150 ? 'b' : 'a';
    assert_false(glob_match(str_from(pattern), str_from(path)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches),
        cmocka_unit_test(many_stars_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
