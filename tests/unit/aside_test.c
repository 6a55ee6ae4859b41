// One function beside what the caller does. Runs under the thread sanitizer
// too.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include "base/aside.h"

typedef struct {
    int from;
    int *made;
} Work;

static void make(Job *job, void *ctx) {
    Work *w = ctx;
    w->made = ARENA_ARRAY(job->keep, int, 1000);
    for (int i = 0; i < 1000; i++)
        w->made[i] = w->from + i;
    diag_warn(job->diags, "E-SYSTEM", (Pos){0}, "nobody hears this");
}

static void test_result(void **state) {
    (void)state;
    Work a = {.from = 1}, b = {.from = 2};
    Aside *one = aside_begin(make, &a), *two = aside_begin(make, &b);
    aside_wait(one);
    aside_wait(one);
    assert_int_equal(a.made[999], 1000);
    aside_wait(two);
    assert_int_equal(b.made[999], 1001);
    aside_free(one);
    aside_free(two);
}

static void test_free_waits(void **state) {
    (void)state;
    Work w = {.from = 3};
    aside_free(aside_begin(make, &w));
    assert_non_null(w.made);
    aside_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_result),
        cmocka_unit_test(test_free_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
