// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <string.h>

#include "base/json.h"

typedef struct {
    Arena *arena;
    Diags diags;
    Job job;
} Test;

static int setup(void **state) {
    static Test t;
    t = (Test){.arena = arena_new()};
    t.diags.arena = t.arena;
    t.job = (Job){.keep = t.arena, .scratch = t.arena, .diags = &t.diags};
    *state = &t;
    return 0;
}

static int teardown(void **state) {
    Test *t = *state;
    arena_free(t->arena);
    return 0;
}

// What is read and written again.
static void expect(Test *t, const char *in, int indent, const char *out) {
    Value v;
    assert_true(json_parse(&t->job, t->arena, S("a.json"), str_from(in), &v));
    Buf b = {.arena = t->arena};
    json_write(&b, &v, indent);
    if (!str_eq(buf_str(&b), str_from(out)))
        print_error("got %.*s\n", STR_ARG(buf_str(&b)));
    assert_true(str_eq(buf_str(&b), str_from(out)));
}

static void reads_and_writes_everything(void **state) {
    Test *t = *state;
    expect(t, " null ", 0, "null");
    expect(t, "[true, false, -7, 0.1, 1e3, \"đ\\n\"]", 0,
           "[true,false,-7,0.1,1000.0,\"đ\\n\"]");
    expect(t, "{}", 2, "{}");
    expect(t, "[ ]", 2, "[]");
    expect(t, "[9223372036854775807,-9223372036854775808]", 0,
           "[9223372036854775807,-9223372036854775808]");
    expect(t, "[1.5e300,1e-5,3.141592653589793,100.0]", 0,
           "[1.5e+300,1e-05,3.141592653589793,100.0]");
    expect(t, "{\"a\": [1, {\"b\": null}]}", 2,
           "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ]\n}");
}

static void order_of_keys_is_kept(void **state) {
    Test *t = *state;
    expect(t, "{\"z\":1,\"a\":2,\"m\":3,\"b\":4,\"y\":5,\"c\":6,\"x\":7}", 0,
           "{\"z\":1,\"a\":2,\"m\":3,\"b\":4,\"y\":5,\"c\":6,\"x\":7}");
}

static void kinds_come_out(void **state) {
    Test *t = *state;
    Value v;
    Str text = S("{\"i\":1,\"f\":1.0,\"s\":\"x\"}");
    assert_true(json_parse(&t->job, t->arena, S("a"), text, &v));
    assert_int_equal(value_get(&v, S("i"))->kind, VALUE_INT);
    assert_int_equal(value_get(&v, S("f"))->kind, VALUE_FLOAT);
    assert_true(str_eq(value_get_str(&v, S("s")), S("x")));
}

static void values_without_json_are_written(void **state) {
    Test *t = *state;
    Value items[] = {
        {.kind = VALUE_REF},
        {.kind = VALUE_OBJ},
        {.kind = VALUE_EMPTY},
        {.kind = VALUE_RANGE, .as.range = {1, 5}},
        {.kind = VALUE_MAP},
        {.kind = VALUE_FLOAT, .as.f = __builtin_nan("")},
        value_str(S("</script>")),
    };
    Value list = value_list(items, sizeof items / sizeof *items);
    Buf b = {.arena = t->arena};
    json_write(&b, &list, 0);
    assert_true(str_eq(buf_str(&b), S("[null,null,\"\",\"1..5\",{},null,"
                                      "\"\\u003c/script\\u003e\"]")));
    b.len = 0;
    json_write(&b, NULL, 0);
    assert_true(str_eq(buf_str(&b), S("null")));
}

static void dates_are_rfc3339(void **state) {
    Test *t = *state;
    Value v = value_date((Date){0, 420, DATE_SECOND});
    Buf b = {.arena = t->arena};
    json_write(&b, &v, 0);
    assert_true(str_eq(buf_str(&b), S("\"1970-01-01T07:00:00+07:00\"")));
}

static void errors_have_words_and_place(void **state) {
    Test *t = *state;
    static const struct {
        const char *text, *message;
        size_t len; // 0: strlen
        uint32_t line;
    } cases[] = {
        {"", "the JSON ends in the middle", 0, 1},
        {"{\"a\": [1,", "the JSON ends in the middle", 0, 1},
        {"{\n\"a\": x}", "this is not valid JSON", 0, 2},
        {"{\n\n\"a\" 1}", "this is not valid JSON", 0, 3},
        {"[1,]", "this is not valid JSON", 0, 1},
        {"{} {}", "there is something after the end of the JSON", 0, 1},
        {"{\"a\":1,\n\"a\":2}", "this key stands twice in the same braces", 0,
         2},
        {"[9223372036854775808]", "this number is too large", 0, 1},
        {"[1e999]", "this number is too large", 0, 1},
        {"[\"\\u0000\"]",
         "A text holds the character \\u0000, which is not allowed", 0, 1},
        {"{\"\\u0000\":1}",
         "A text holds the character \\u0000, which is not allowed", 0, 1},
        {"[\"\xC3\x28\"]", "the JSON is not UTF-8 text", 0, 1},
        {"[\"a\0b\"]", "this is not valid JSON", 7, 1},
        {"'a'", "this is not valid JSON", 0, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Str text = str_from(cases[i].text);
        if (cases[i].len)
            text.len = cases[i].len;
        t->diags.len = 0;
        Value v = value_int(77);
        assert_false(json_parse(&t->job, t->arena, S("a.json"), text, &v));
        assert_int_equal(t->diags.len, 1);
        const Diag *d = &t->diags.items[0];
        if (!str_eq(d->message, str_from(cases[i].message)))
            print_error("%s: %.*s\n", cases[i].text, STR_ARG(d->message));
        assert_true(str_eq(d->message, str_from(cases[i].message)));
        assert_int_equal(d->line, cases[i].line);
        assert_true(d->hint.len > 0);
        assert_true(str_eq(d->path, S("a.json")));
        assert_int_equal(v.as.i, 77);
    }
}

static void depth_is_limited(void **state) {
    Test *t = *state;
    for (size_t depth = 63; depth < 100000;
         depth += depth < 67 ? 1 : depth / 2) {
        Buf b = {.arena = t->arena};
        for (size_t i = 0; i < depth; i++)
            buf_putc(&b, '[');
        buf_putc(&b, '1');
        for (size_t i = 0; i < depth; i++)
            buf_putc(&b, ']');
        Value v;
        assert_int_equal(json_parse(&t->job, t->arena, S("a"), buf_str(&b), &v),
                         depth <= 64);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_and_writes_everything, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(order_of_keys_is_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(kinds_come_out, setup, teardown),
        cmocka_unit_test_setup_teardown(values_without_json_are_written, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(dates_are_rfc3339, setup, teardown),
        cmocka_unit_test_setup_teardown(errors_have_words_and_place, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(depth_is_limited, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
