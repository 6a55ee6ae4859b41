// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include "model/page.h"

enum { ZONE = 420 };

static Date at(const char *text) {
    Date d = {0};
    size_t where;
    const char *why = "";
    if (!date_parse(str_from(text), ZONE, true, &d, &where, &why))
        fail_msg("%s: %s", text, why);
    return d;
}

static void assert_at(Date d, const char *text) {
    assert_int_equal(d.unix_seconds, at(text).unix_seconds);
}

static void the_earliest_after_now(void **state) {
    Clock c = {.now = at("2026-11-21T08:00:00")};
    Page a = {0}, b = {0};
    Reason begins = {CLOCK_BEGINS, &a, S("start")};
    Reason ends = {CLOCK_ENDS, &b, S("end")};
    (void)state;
    assert_false(clock_is_before(&c, at("2026-11-21T08:00:00"), begins));
    assert_false(clock_is_before(&c, at("2025-01-01"), begins));
    assert_false(date_is_set(c.next));
    assert_true(clock_is_before(&c, at("2026-12-01"), begins));
    assert_true(clock_is_before(&c, at("2026-11-22"), begins));
    assert_true(clock_is_before(&c, at("2026-11-23"), ends));
    assert_at(c.next, "2026-11-22");
    assert_int_equal(c.nreasons, 1);
    assert_true(clock_is_before(&c, at("2026-11-22"), ends));
    assert_true(clock_is_before(&c, at("2026-11-22"), ends)); // again
    assert_int_equal(c.nreasons, 2);
    assert_ptr_equal(c.reasons[0].page, &a);
    assert_ptr_equal(c.reasons[1].page, &b);
}

static void no_date_is_never(void **state) {
    Clock c = {.now = at("2026-11-21")};
    (void)state;
    clock_note(&c, (Date){0}, (Reason){0});
    assert_false(date_is_set(c.next));
}

// Of a page that is left out for good nothing is seen.
static void pages_left_out(void **state) {
    static const struct {
        unsigned skip;
        ClockWhy why;
        bool is_noted;
    } rows[] = {
        {0, CLOCK_BEGINS, true},
        {SKIP_DRAFT, CLOCK_PUBLISHED, false},
        {SKIP_INTERNAL, CLOCK_BEGINS, false},
        {SKIP_BROKEN, CLOCK_EXPIRES, false},
        {SKIP_EXPIRED, CLOCK_PUBLISHED, false},
        {SKIP_FUTURE, CLOCK_BEGINS, false},
        {SKIP_FUTURE, CLOCK_PUBLISHED, true},
        {SKIP_FUTURE, CLOCK_EXPIRES, true},
        {SKIP_FUTURE | SKIP_DRAFT, CLOCK_PUBLISHED, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Clock c = {.now = at("2026-11-21")};
        Page page = {.skip = (uint8_t)rows[i].skip};
        clock_note(&c, at("2026-11-22"), (Reason){rows[i].why, &page, {0}});
        assert_int_equal(date_is_set(c.next), rows[i].is_noted);
    }
}

static void days_and_years(void **state) {
    Clock c = {.now = at("2026-12-31T16:59:59Z")}; // 23:59:59 here
    (void)state;
    assert_at(clock_next_day(&c, ZONE), "2027-01-01");
    assert_at(clock_next_year(&c, ZONE), "2027-01-01");
    c.now = at("2026-12-31T17:00:00Z"); // 2027 here
    assert_at(clock_next_day(&c, ZONE), "2027-01-02");
    assert_at(clock_next_year(&c, ZONE), "2028-01-01");
    assert_at(clock_next_year(&c, 0), "2027-01-01T00:00:00Z");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_earliest_after_now),
        cmocka_unit_test(no_date_is_never),
        cmocka_unit_test(pages_left_out),
        cmocka_unit_test(days_and_years),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
