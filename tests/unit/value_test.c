// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include "base/value.h"

static int setup(void **state) {
    *state = arena_new();
    return 0;
}

static int teardown(void **state) {
    arena_free(*state);
    return 0;
}

static Value plain(const char *text) {
    Value v = value_str(str_from(text));
    v.flags = VALUE_PLAIN;
    return v;
}

static void maps_get_and_set(void **state) {
    Arena *a = *state;
    Value map = value_map(a), inner = value_map(a);
    value_set(a, &inner, S("y"), value_str(S("deep")));
    value_set(a, &map, S("a"), value_int(1));
    value_set(a, &map, S("a"), value_int(2));
    value_set(a, &map, S("x"), inner);
    assert_int_equal(map.as.map->len, 2);
    assert_int_equal(value_get(&map, S("a"))->as.i, 2);
    assert_null(value_get(&map, S("b")));
    assert_null(value_get(NULL, S("b")));
    assert_null(value_get(value_get(&map, S("a")), S("b")));
    assert_true(str_eq(value_get_str(&inner, S("y")), S("deep")));
    assert_int_equal(value_get_str(&map, S("a")).len, 0);
    assert_true(str_eq(value_path(&map, S("x.y"))->as.s, S("deep")));
    assert_null(value_path(&map, S("x.z.y")));
    assert_null(value_path(&map, S("a.b")));
    Value empty = {.kind = VALUE_MAP};
    assert_null(value_get(&empty, S("a")));
    value_set(a, &empty, S("a"), value_bool(true));
    assert_true(value_get(&empty, S("a"))->as.b);
}

static void truth_is_liquids(void **state) {
    (void)state;
    Value null = {0}, no = value_bool(false), yes = value_bool(true);
    Value zero = value_int(0), text = value_str((Str){0});
    assert_false(value_is_truthy(NULL));
    assert_false(value_is_truthy(&null));
    assert_false(value_is_truthy(&no));
    assert_true(value_is_truthy(&yes));
    assert_true(value_is_truthy(&zero));
    assert_true(value_is_truthy(&text));
}

static bool eq(Value a, Value b) {
    assert_int_equal(value_eq(&a, &b), value_eq(&b, &a));
    return value_eq(&a, &b);
}

static void scalars_are_equal(void **state) {
    (void)state;
    Value half = {.kind = VALUE_FLOAT, .as.f = 0.5};
    Value one = {.kind = VALUE_FLOAT, .as.f = 1};
    Value huge = {.kind = VALUE_FLOAT, .as.f = 9223372036854775808.0};
    assert_true(eq(value_int(1), one));
    assert_false(eq(value_int(1), half));
    assert_false(eq(value_int(0), half));
    assert_false(eq(value_int(INT64_MAX), huge));
    assert_false(eq(value_int(1), value_str(S("1"))));
    assert_true(eq(value_str(S("a")), value_html(S("a"))));
    assert_false(eq(value_bool(false), (Value){0}));
    assert_true(eq((Value){0}, (Value){0}));
    assert_true(value_eq(NULL, &(Value){0}));
    Date day = {.unix_seconds = 60, .precision = DATE_DAY};
    Date other = {
        .unix_seconds = 60, .offset_minutes = 420, .precision = DATE_SECOND};
    assert_true(eq(value_date(day), value_date(other)));
    other.unix_seconds++;
    assert_false(eq(value_date(day), value_date(other)));
    Value range = {.kind = VALUE_RANGE, .as.range = {1, 5}}, longer = range;
    assert_true(eq(range, longer));
    longer.as.range.to = 6;
    assert_false(eq(range, longer));
}

static void containers_are_equal(void **state) {
    Arena *a = *state;
    Value one[] = {value_int(1), value_str(S("x"))};
    Value two[] = {value_int(1), value_str(S("y"))};
    assert_true(eq(value_list(one, 2), value_list(one, 2)));
    assert_false(eq(value_list(one, 2), value_list(two, 2)));
    assert_false(eq(value_list(one, 2), value_list(one, 1)));
    Value m = value_map(a), n = value_map(a);
    value_set(a, &m, S("p"), value_int(1));
    value_set(a, &m, S("q"), value_int(2));
    value_set(a, &n, S("q"), value_int(2));
    assert_false(eq(m, n));
    value_set(a, &n, S("p"), value_int(1));
    assert_true(eq(m, n));
    value_set(a, &n, S("p"), value_int(3));
    assert_false(eq(m, n));
}

static void empty_and_blank(void **state) {
    Arena *a = *state;
    Value empty = {.kind = VALUE_EMPTY}, blank = {.kind = VALUE_BLANK};
    assert_true(eq(empty, value_str((Str){0})));
    assert_true(eq(empty, value_list(NULL, 0)));
    assert_true(eq(empty, value_map(a)));
    assert_true(eq(empty, (Value){.kind = VALUE_MAP}));
    assert_false(eq(empty, value_str(S(" "))));
    assert_false(eq(empty, (Value){0}));
    assert_false(eq(empty, value_bool(false)));
    assert_true(eq(blank, value_str(S(" \n"))));
    assert_true(eq(blank, (Value){0}));
    assert_true(eq(blank, value_bool(false)));
    assert_true(eq(blank, value_list(NULL, 0)));
    assert_false(eq(blank, value_int(0)));
    assert_false(eq(blank, value_str(S("x"))));
}

static Value resolve(Arena *a, const char *text) {
    Value v = plain(text);
    return value_resolve_plain(a, &v);
}

static void plain_scalars_get_their_core_type(void **state) {
    Arena *a = *state;
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(resolve(a, nulls[i]).kind, VALUE_NULL);
    assert_true(resolve(a, "true").as.b);
    assert_int_equal(resolve(a, "FALSE").kind, VALUE_BOOL);
    assert_int_equal(resolve(a, "-12").as.i, -12);
    assert_int_equal(resolve(a, "0").kind, VALUE_INT);
    assert_int_equal(resolve(a, "0o17").as.i, 15);
    assert_int_equal(resolve(a, "0xfF").as.i, 255);
    assert_true(resolve(a, "1.5e3").as.f == 1500);
    assert_int_equal(resolve(a, "0.5").kind, VALUE_FLOAT);
    static const char *const texts[] = {"no",
                                        "yes",
                                        "on",
                                        "tRUE",
                                        "nULL",
                                        ".inf",
                                        ".nan",
                                        "0o8",
                                        "0xg",
                                        "0x",
                                        "0o",
                                        "1_000",
                                        "1e",
                                        "-",
                                        "+",
                                        ".",
                                        "1 2",
                                        "12:30",
                                        "010",
                                        "02363822222",
                                        "1.2.3",
                                        "2024-01-01",
                                        "99999999999999999999",
                                        "0xFFFFFFFFFFFFFFFFF"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Value v = resolve(a, texts[i]);
        assert_int_equal(v.kind, VALUE_STR);
        assert_true(str_eq(v.as.s, str_from(texts[i])));
        assert_true(value_is_resolved(&v));
    }
}

static void quoted_scalars_stay_text_at_any_depth(void **state) {
    Arena *a = *state;
    Value items[] = {plain("1"), value_str(S("1"))};
    items[0].line = 7;
    Value map = value_map(a);
    value_set(a, &map, S("list"), value_list(items, 2));
    Value out = value_resolve_plain(a, &map);
    const ValueList *list = &value_get(&out, S("list"))->as.list;
    assert_int_equal(list->items[0].kind, VALUE_INT);
    assert_int_equal(list->items[0].line, 7);
    assert_int_equal(list->items[1].kind, VALUE_STR);
    assert_int_equal(items[0].kind, VALUE_STR);
    assert_false(value_is_resolved(&map));
    assert_true(value_is_resolved(&out));
}

static void copies_are_deep(void **state) {
    Arena *a = *state, *other = arena_new();
    Value map = value_map(other);
    Str text = str_copy(other, S("text"));
    Value *items = ARENA_ARRAY(other, Value, 1);
    items[0] = value_str(text);
    value_set(other, &map, str_copy(other, S("key")), value_list(items, 1));
    Value copy = value_copy(a, &map);
    assert_true(value_eq(&copy, &map));
    arena_free(other);
    const Value *list = value_get(&copy, S("key"));
    assert_true(str_eq(list->as.list.items[0].as.s, S("text")));
}

static void known_booleans(void **state) {
    (void)state;
    bool b = false;
    Value v = value_str(S("Yes"));
    assert_true(value_to_bool(&v, &b) && b);
    v = value_str(S("off"));
    assert_true(value_to_bool(&v, &b) && !b);
    v = value_bool(true);
    assert_true(value_to_bool(&v, &b) && b);
    v = value_str(S("maybe"));
    assert_false(value_to_bool(&v, &b));
    v = value_int(1);
    assert_false(value_to_bool(&v, &b));
    assert_false(value_to_bool(NULL, &b));
}

static Hash hash_of(Value v) {
    Hasher h = {0};
    value_hash(&h, &v);
    return h.sum;
}

static void hash_says_what_the_value_says(void **state) {
    Arena *a = *state;
    Value m = value_map(a), n = value_map(a);
    value_set(a, &m, S("p"), value_str(S("x")));
    value_set(a, &n, S("p"), value_str(S("x")));
    m.line = 3;
    assert_true(hash_eq(hash_of(m), hash_of(n)));
    value_set(a, &n, S("q"), (Value){0});
    assert_false(hash_eq(hash_of(m), hash_of(n)));
    assert_false(hash_eq(hash_of(value_int(1)), hash_of(value_str(S("1")))));
    assert_false(hash_eq(hash_of(value_int(0)), hash_of(value_bool(false))));
    assert_false(
        hash_eq(hash_of(value_str(S("a"))), hash_of(value_html(S("a")))));
    Value ab[] = {value_str(S("a")), value_str(S("b"))};
    Value inner[] = {value_list(ab, 2)};
    assert_false(
        hash_eq(hash_of(value_list(ab, 2)), hash_of(value_list(inner, 1))));
    Value x = {.kind = VALUE_FLOAT, .as.f = 0.5}, y = x;
    y.as.f = 0.25;
    assert_false(hash_eq(hash_of(x), hash_of(y)));
}

static void kinds_have_names(void **state) {
    (void)state;
    for (int k = VALUE_NULL; k <= VALUE_BLANK; k++)
        assert_true(str_from(value_kind_name((ValueKind)k)).len > 2);
    assert_string_equal(value_kind_name(VALUE_BLANK), "blank");
    assert_string_equal(value_kind_name(VALUE_STR), "text");
}

static void references(void **state) {
    (void)state;
    Arena *a = arena_new();
    char pages[2]; // only their places count
    const struct Page *one = (const void *)&pages[0];
    const struct Page *two = (const void *)&pages[1];
    Value items[] = {value_int(1), {.kind = VALUE_REF, .as.ref = one}};
    Value map = value_map(a), nothing = {.kind = VALUE_MAP};
    value_set(a, &map, S("of"), value_list(items, 2));
    assert_true(value_refers(&map, NULL));
    assert_true(value_refers(&map, one));
    assert_false(value_refers(&map, two));
    assert_false(value_refers(&items[0], NULL));
    assert_false(value_refers(&nothing, NULL));
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references),
        cmocka_unit_test(maps_get_and_set),
        cmocka_unit_test(truth_is_liquids),
        cmocka_unit_test(scalars_are_equal),
        cmocka_unit_test(containers_are_equal),
        cmocka_unit_test(empty_and_blank),
        cmocka_unit_test(plain_scalars_get_their_core_type),
        cmocka_unit_test(quoted_scalars_stay_text_at_any_depth),
        cmocka_unit_test(copies_are_deep),
        cmocka_unit_test(known_booleans),
        cmocka_unit_test(hash_says_what_the_value_says),
        cmocka_unit_test(kinds_have_names),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
