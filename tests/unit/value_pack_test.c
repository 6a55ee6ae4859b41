// Values as bytes and back, and bytes that are none.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <string.h>

#include "base/value_pack.h"

static Value sample(Arena *a) {
    Value map = value_map(a), inner = value_map(a);
    Value *items = ARENA_ARRAY(a, Value, 3);
    items[0] = value_int(INT64_MIN);
    items[1] = value_int(INT64_MAX);
    items[2] = (Value){.kind = VALUE_FLOAT, .as.f = -0.25};
    Value text = value_html(S("Công đoàn \"A\"\n"));
    text.line = 3;
    text.col = 70000;
    value_set(a, &inner, S("ngày"),
              value_date((Date){-62135596800, -720, DATE_SECOND}));
    value_set(a, &inner, S(""), value_bool(true));
    value_set(a, &map, S("tiêu đề"), text);
    value_set(a, &map, S("số"), value_list(items, 3));
    value_set(a, &map, S("trong"), inner);
    value_set(a, &map, S("không"), (Value){0});
    value_set(a, &map, S("rỗng"), value_str((Str){0}));
    return map;
}

static Str packed(Arena *a, const Value *v) {
    Buf b = {.arena = a};
    value_pack(&b, v);
    return buf_str(&b);
}

static void test_round_trip(void **state) {
    (void)state;
    Arena *a = arena_new();
    Value v = sample(a);
    Unpack u = {.rest = packed(a, &v)};
    Value back = value_unpack(a, &u);
    assert_false(u.is_bad);
    assert_int_equal(u.rest.len, 0);
    Str first = packed(a, &v), second = packed(a, &back);
    assert_int_equal(first.len, second.len);
    assert_memory_equal(first.ptr, second.ptr, first.len);
    const Value *text = value_get(&back, S("tiêu đề"));
    assert_int_equal(text->line, 3);
    assert_int_equal(text->col, 70000);
    assert_int_equal(text->flags, VALUE_HTML);
    const Value *day = value_path(&back, S("trong.ngày"));
    assert_int_equal(day->as.date.offset_minutes, -720);
    arena_free(a);
}

// Every cut is noticed, and no flipped byte is read beyond the end.
static void test_damage(void **state) {
    (void)state;
    Arena *a = arena_new();
    Value v = sample(a);
    Str bytes = packed(a, &v);
    for (size_t n = 0; n < bytes.len; n++) {
        Unpack u = {.rest = str_copy(a, str_slice(bytes, 0, n))};
        value_unpack(a, &u);
        assert_true(u.is_bad);
    }
    for (size_t i = 0; i < bytes.len * 8; i++) {
        Str copy = str_copy(a, bytes);
        char *p = arena_bytes(a, copy.len);
        memcpy(p, copy.ptr, copy.len);
        p[i / 8] = (char)(p[i / 8] ^ (1 << (int)(i % 8)));
        Unpack u = {.rest = {p, copy.len}};
        value_unpack(a, &u);
    }
    arena_free(a);
}

// Behind what did not fit comes nothing, whatever is asked for.
static void test_rest(void **state) {
    (void)state;
    Unpack u = {.rest = S("\x09 short")};
    assert_int_equal(unpack_str(&u).len, 0);
    assert_true(u.is_bad);
    assert_int_equal(unpack_small(&u), 0);
    assert_int_equal(unpack_int(&u), 0);
    assert_int_equal(unpack_str(&u).len, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
