// Time and pages: what is published, and the phase of what has a window.
// Windows are half open: the first instant belongs to them, the last does not.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <stdio.h>
#include <string.h>

#include "model/page.h"

enum { ZONE = 420 };

typedef struct {
    Arena *arena;
    Config cfg;
    Type type;
    Page page;
} Run;

static Date at(const char *text) {
    Date d = {0};
    size_t where;
    const char *why;
    if (!date_parse(str_from(text), ZONE, true, &d, &where, &why))
        fail_msg("%s: %s", text, why);
    return d;
}

static void start(Run *r) {
    *r = (Run){.arena = arena_new()};
    r->cfg.zone = ZONE;
    r->type.window_start = S("start");
    r->type.window_end = S("end");
    r->type.window_words = S("event");
    r->page.kind = PAGE_REGULAR;
    r->page.type = &r->type;
    r->page.fields = value_map(r->arena);
}

static const char *phase(const char *from, const char *to, const char *now) {
    Run r;
    start(&r);
    value_set(r.arena, &r.page.fields, S("start"), value_date(at(from)));
    if (to)
        value_set(r.arena, &r.page.fields, S("end"), value_date(at(to)));
    page_phase(&r.cfg, &(Clock){.now = at(now)}, &r.page);
    const char *name = page_phase_name(&r.page).ptr;
    arena_free(r.arena);
    return name;
}

static void phases(void **state) {
    static const struct {
        const char *from, *to, *now, *phase;
    } rows[] = {
        // instants
        {"2026-11-21 08:00", "2026-11-21 10:00", "2026-11-21T07:59:59",
         "upcoming"},
        {"2026-11-21 08:00", "2026-11-21 10:00", "2026-11-21T08:00:00",
         "running"},
        {"2026-11-21 08:00", "2026-11-21 10:00", "2026-11-21T09:59:59",
         "running"},
        {"2026-11-21 08:00", "2026-11-21 10:00", "2026-11-21T10:00:00", "past"},
        // days: the last one counts whole
        {"2026-11-20", "2026-11-21", "2026-11-19T23:59:59", "upcoming"},
        {"2026-11-20", "2026-11-21", "2026-11-20T00:00:00", "running"},
        {"2026-11-20", "2026-11-21", "2026-11-21T23:59:59", "running"},
        {"2026-11-20", "2026-11-21", "2026-11-22T00:00:00", "past"},
        // months and years
        {"2026-02", "2026-02", "2026-02-28T23:59:59", "running"},
        {"2026-02", "2026-02", "2026-03-01T00:00:00", "past"},
        {"2025", "2026", "2026-12-31T23:59:59", "running"},
        {"2025", "2026", "2027-01-01T00:00:00", "past"},
        // no end: the day, month or year it starts in
        {"2026-11-21 08:00", NULL, "2026-11-21T23:59:59", "running"},
        {"2026-11-21 08:00", NULL, "2026-11-22T00:00:00", "past"},
        {"2026-11-21", NULL, "2026-11-21T23:59:59", "running"},
        {"2026-02", NULL, "2026-02-15T00:00:00", "running"},
        {"2026", NULL, "2026-12-31T23:59:59", "running"},
        {"2026", NULL, "2027-01-01T00:00:00", "past"},
        // the day is that of the site: 20:00Z is 3 o'clock of the 22nd
        {"2026-11-21T20:00:00Z", NULL, "2026-11-22T23:59:59", "running"},
        {"2026-11-21T20:00:00Z", NULL, "2026-11-23T00:00:00", "past"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = phase(rows[i].from, rows[i].to, rows[i].now);
        if (strcmp(got, rows[i].phase))
            fail_msg("row %zu: %s, not %s", i, got, rows[i].phase);
    }
}

static void period_has_its_own_end(void **state) {
    Run r;
    (void)state;
    start(&r);
    r.type.window_words = S("open");
    r.type.window_end = (Str){0};
    Value period = value_map(r.arena);
    value_set(r.arena, &period, S("from"), value_date(at("2026-11")));
    value_set(r.arena, &period, S("to"), value_date(at("2026-12")));
    value_set(r.arena, &r.page.fields, S("start"), period);
    page_phase(&r.cfg, &(Clock){.now = at("2026-12-31T23:59:59")}, &r.page);
    assert_string_equal(page_phase_name(&r.page).ptr, "open");
    page_phase(&r.cfg, &(Clock){.now = at("2027-01-01")}, &r.page);
    assert_string_equal(page_phase_name(&r.page).ptr, "closed");
    arena_free(r.arena);
}

static unsigned skip_of(const char *publish, const char *expiry,
                        const char *now, const Config *cfg) {
    Page p = {.kind = PAGE_REGULAR};
    if (publish)
        p.publish = at(publish);
    if (expiry)
        p.expiry = at(expiry);
    page_select(cfg, &(Clock){.now = at(now)}, &p);
    return p.skip;
}

static void publication(void **state) {
    Config cfg = {.zone = ZONE}, all = {.future = true, .expired = true};
    const char *now = "2026-11-21T08:00:00+07:00";
    (void)state;
    assert_int_equal(skip_of(NULL, NULL, now, &cfg), 0);
    assert_int_equal(skip_of("2026-11-21 08:00", NULL, now, &cfg), 0);
    assert_int_equal(skip_of("2026-11-21T08:00:01", NULL, now, &cfg),
                     SKIP_FUTURE);
    assert_int_equal(skip_of("2026-11-21", NULL, now, &cfg), 0);
    assert_int_equal(skip_of(NULL, "2026-11-21 08:00", now, &cfg),
                     SKIP_EXPIRED);
    assert_int_equal(skip_of(NULL, "2026-11-21T08:00:01", now, &cfg), 0);
    assert_int_equal(skip_of(NULL, "2026-11-21", now, &cfg), 0); // to its end
    assert_int_equal(skip_of(NULL, "2026-11-20", now, &cfg), SKIP_EXPIRED);
    assert_int_equal(skip_of("2027-01-01", "2026-01-01", now, &all), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phases),
        cmocka_unit_test(period_has_its_own_end),
        cmocka_unit_test(publication),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
