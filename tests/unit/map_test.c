// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include "base/hash.h"
#include "base/map.h"

static int setup(void **state) {
    *state = arena_new();
    return 0;
}

static int teardown(void **state) {
    arena_free(*state);
    return 0;
}

static void empty_map_has_nothing(void **state) {
    (void)state;
    Map m = {0};
    assert_null(map_get(&m, S("a")));
    assert_null(map_get(NULL, S("a")));
}

static void add_does_not_overwrite(void **state) {
    Map m = {.arena = *state};
    int one = 1, two = 2;
    assert_null(map_add(&m, S("k"), &one));
    assert_ptr_equal(map_add(&m, S("k"), &two), &one);
    assert_ptr_equal(map_get(&m, S("k")), &one);
    assert_int_equal(m.len, 1);
}

static void set_overwrites_in_place(void **state) {
    Map m = {.arena = *state};
    int one = 1, two = 2;
    map_set(&m, S("a"), &one);
    map_set(&m, S("b"), &one);
    map_set(&m, S("a"), &two);
    assert_int_equal(m.len, 2);
    assert_ptr_equal(m.items[0].val, &two);
    assert_ptr_equal(map_get(&m, S("a")), &two);
}

static void tells_the_place_of_a_key(void **state) {
    Arena *a = *state;
    Map m = {.arena = a};
    for (uint32_t i = 0; i < 100; i++) {
        Str key = str_fmt(a, "key-%u", i);
        assert_int_equal(map_place(&m, key, map_hash(key)), i);
        assert_null(m.items[i].val);
    }
    for (uint32_t i = 0; i < 100; i++) {
        Str key = str_fmt(a, "key-%u", i);
        assert_int_equal(map_place(&m, key, map_hash(key)), i);
    }
    assert_int_equal(m.len, 100);
}

// A map that was moved has no room left; the next key may bring slots.
static void grows_after_it_was_settled(void **state) {
    Arena *a = *state;
    Map m = {.arena = a};
    int n[60];
    for (int i = 0; i < 60; i++) {
        if (i == 11 || i == 30)
            map_settle(&m, a);
        assert_null(map_add(&m, str_fmt(a, "key-%d", i), &n[i]));
    }
    for (int i = 0; i < 60; i++)
        assert_ptr_equal(map_get(&m, str_fmt(a, "key-%d", i)), &n[i]);
}

static void keeps_many_in_order(void **state) {
    enum { N = 20000 };
    Arena *a = *state;
    Map m = {.arena = a};
    size_t *numbers = ARENA_ARRAY(a, size_t, N);
    for (size_t i = 0; i < N; i++) {
        Str key = str_fmt(a, "key-%zu", i * 7919 % N);
        assert_null(map_get(&m, key));
        assert_null(map_add(&m, key, &numbers[i]));
        assert_ptr_equal(map_get(&m, key), &numbers[i]);
    }
    assert_int_equal(m.len, N);
    for (size_t i = 0; i < N; i++) {
        Str key = str_fmt(a, "key-%zu", i * 7919 % N);
        assert_true(str_eq(m.items[i].key, key));
        assert_ptr_equal(map_add(&m, key, a), &numbers[i]);
    }
    assert_null(map_get(&m, S("key-20000")));
}

static void empty_key_is_a_key(void **state) {
    Map m = {.arena = *state};
    int one = 1;
    assert_null(map_add(&m, (Str){0}, &one));
    assert_ptr_equal(map_get(&m, S("")), &one);
}

// Few keys have no slots, many have; both may grow again.
static void settles_in_another_arena(void **state) {
    for (size_t n = 0; n < 40; n++) {
        Arena *tmp = arena_new();
        Map m = {.arena = tmp};
        for (size_t i = 0; i < n; i++)
            map_add(&m, str_fmt(*state, "k%zu", i), &m);
        map_settle(&m, *state);
        arena_free(tmp);
        assert_null(map_add(&m, S("new"), state));
        assert_ptr_equal(map_get(&m, S("new")), state);
        assert_int_equal(m.len, n + 1);
        for (size_t i = 0; i < n; i++)
            assert_ptr_equal(map_get(&m, str_fmt(*state, "k%zu", i)), &m);
    }
}

static void reserves_room(void **state) {
    Map m = {.arena = *state};
    map_reserve(&m, 100);
    const MapItem *items = m.items;
    for (size_t i = 0; i < 100; i++)
        assert_null(map_add(&m, str_fmt(*state, "a longer key %zu", i), &m));
    assert_ptr_equal(m.items, items);
    assert_ptr_equal(map_get(&m, S("a longer key 99")), &m);
    assert_null(map_get(&m, S("a longer key 100")));
    map_reserve(&m, 3);
    assert_int_equal(m.len, 100);
}

static void hashes_tell_parts_apart(void **state) {
    Hasher a = {0}, b = {0}, c = {0}, d = {0};
    hasher_str(&a, S("ab"));
    hasher_str(&a, S("c"));
    hasher_str(&b, S("a"));
    hasher_str(&b, S("bc"));
    assert_false(hash_eq(a.sum, b.sum));
    hasher_int(&c, 5);
    hasher_hash(&d, (Hash){0, 5});
    assert_false(hash_eq(c.sum, d.sum));
    Hasher f = {0}, g = {0};
    hasher_int(&f, 1);
    hasher_int(&f, 2);
    hasher_int(&g, 2);
    hasher_int(&g, 1);
    assert_false(hash_eq(f.sum, g.sum));
    Hasher none = {0}, one = {0};
    hasher_int(&one, 0);
    assert_false(hash_eq(none.sum, one.sum));
    Hasher two = one;
    hasher_int(&two, 0);
    assert_false(hash_eq(one.sum, two.sum));
    Hasher e = {0};
    hasher_str(&e, (Str){0});
    assert_false(hash_eq(e.sum, (Hasher){0}.sum));
    Hasher again = {0};
    hasher_str(&again, S("ab"));
    hasher_str(&again, S("c"));
    assert_true(hash_eq(again.sum, a.sum));
    assert_true(hash_eq(hash_bytes((Str){0}), hash_bytes(S(""))));
    assert_false(hash_eq(hash_bytes(S("a")), hash_bytes(S("b"))));
    (void)state;
}

// XXH3-128 of nothing, as its specification gives it.
static void hash_is_xxh3(void **state) {
    assert_true(str_eq(hash_hex(*state, hash_bytes(S(""))),
                       S("99aa06d3014798d86001c324468d497f")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_map_has_nothing),
        cmocka_unit_test(add_does_not_overwrite),
        cmocka_unit_test(set_overwrites_in_place),
        cmocka_unit_test(tells_the_place_of_a_key),
        cmocka_unit_test(grows_after_it_was_settled),
        cmocka_unit_test(keeps_many_in_order),
        cmocka_unit_test(empty_key_is_a_key),
        cmocka_unit_test(settles_in_another_arena),
        cmocka_unit_test(reserves_room),
        cmocka_unit_test(hashes_tell_parts_apart),
        cmocka_unit_test(hash_is_xxh3),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
