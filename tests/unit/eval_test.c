// What templates write: our own filters, limits, and what must be refused.
// Liquid itself is tested by the conformance suite (tests/liquid).
#include "eval_world.h"

// --- Our filters ---

static void set_date(World *w, Str name, const char *text) {
    Date d;
    size_t at;
    const char *why;
    assert_true(date_parse(str_from(text), 420, true, &d, &at, &why));
    value_set(w->keep, &w->data, name, value_date(d));
}

static void dates(void **state) {
    World *w = *state;
    set_date(w, S("d"), "2023-05-01T08:30:00+07:00");
    set_date(w, S("minute"), "2023-05-01 08:30");
    set_date(w, S("day"), "2023-05-01");
    set_date(w, S("month"), "2023-04");
    set_date(w, S("year"), "2023");
    gives(w, "{{ d | date_admin }}", "01/5/2023");
    gives(w, "{{ month | date_admin }} {{ year | date_admin }}", "4/2023 2023");
    gives(w, "{{ d | date_weekday }}", "Thứ Hai, 01/5/2023");
    gives(w, "{{ d | date_iso }}", "2023-05-01T08:30:00+07:00");
    gives(w, "{{ minute | date_iso }} {{ minute }}",
          "2023-05-01T08:30:00+07:00 2023-05-01T08:30:00+07:00");
    gives(w, "{{ day | date_iso }} {{ month | date_iso }} {{ year }}",
          "2023-05-01 2023-04 2023");
    gives(w, "{{ d | time }}|{{ day | time }}", "08:30|");
    gives(w, "{{ d | date: '%d/%m/%Y %H:%M' }}", "01/05/2023 08:30");
    gives(w, "{{ '2023-05-01' | date_admin }}", "01/5/2023");
    gives(w, "{{ 1682904600 | date: '%H:%M' }}", "08:30");
    gives(w, "{{ 'March 14, 2016' | date: '%d/%m/%Y' }}", "14/03/2016");
    gives(w, "{{ 'Fri, 16 Jul 2004 01:00:00 +0000' | date: '%F %T' }}",
          "2004-07-16 01:00:00");
    gives(w, "{{ nothing | date_admin }}{{ 'mai' | date_admin }}", "mai");
    gives(w, "{% if d > '2023-04-30' and d < year %}a{% else %}b{% endif %}",
          "b");
}

static void now_is_for_single_templates(void **state) {
    World *w = *state;
    w->env.now = (Date){1682904600, 420, DATE_SECOND};
    gives_as(w, "{{ 'now' | date: '%Y' }}", LIQUID_PLAIN, "2023");
    value_set(w->keep, &w->data, S("word"), value_str(S("now")));
    refuses(w, "{{ word | date: '%Y' }}", "E-NOW");
}

static void numbers(void **state) {
    World *w = *state;
    gives(w, "{{ 171619 | number }} {{ 65.5 | number }}", "171.619 65,5");
    gives(w, "{{ -1234567.25 | number }} {{ 999 | number }}",
          "-1.234.567,25 999");
    gives(w, "{{ 2.345 | number: 1 }} {{ 3.0 | number }}", "2,3 3");
    gives(w, "{{ '1000' | number }} {{ 'nghìn' | number }}", "1.000 nghìn");
    gives(w, "{{ 50000 | money }}", "50.000 đồng");
    w->env.lang = S("en");
    gives(w, "{{ 171619 | number }} {{ 65.5 | number }} {{ 50000 | money }}",
          "171,619 65.5 50,000 VND");
}

static void addresses(void **state) {
    gives(*state, "{{ '/a/' | relative_url }} {{ '/a/' | absolute_url }}",
          "/cd/a/ https://x.vn/cd/a/");
    gives(*state, "{{ 'Đời sống' | slugify }}", "doi-song");
}

static void arithmetic(void **state) {
    World *w = *state;
    gives(w, "{{ 10 | divided_by: 3 }} {{ -7 | divided_by: 2 }}", "3 -4");
    gives(w, "{{ 20 | divided_by: 7.0 }}", "2.857142857142857");
    gives(w, "{{ 183.357 | times: 12 }} {{ 10.1 | plus: 2.2 }}",
          "2200.284 12.3");
    gives(w, "{{ 24 | modulo: -7 }} {{ 3.5 | modulo: 1 }}", "-4 0.5");
    gives(w, "{{ 2.5 | round }} {{ -2.5 | round }} {{ 1.005 | round: 2 }}",
          "3 -3 1.01");
    gives(w, "{{ 9223372036854775807 | plus: 1 }}", "9.223372036854776e+18");
    gives(w, "{{ 1.0 | times: 100000000000000000 }} {{ 0.00001 | plus: 0 }}",
          "1.0e+17 1.0e-05");
    gives(w, "{{ 0.0001 | plus: 0 }} {{ 1234567890123456.0 | plus: 0 }}",
          "0.0001 1234567890123456.0");
    refuses(w, "{{ 1 | divided_by: 0.0 }}", "E-FILTER");
    gives(w,
          "{{ -9223372036854775807 | minus: 1 | divided_by: -1 }} "
          "{{ -9223372036854775807 | minus: 1 | abs }} "
          "{{ -9223372036854775807 | minus: 1 | modulo: -1 }}",
          "9.223372036854776e+18 9.223372036854776e+18 0");
}

// --- Templates in templates ---

static void layouts(void **state) {
    World *w = *state;
    add(w, "base", "---\nlayout: html\n---\n<main>{{ content }}{{ x }}</main>");
    add(w, "html", "<html>{{ content }}</html>");
    gives(w, "---\nlayout: base\n---\n{% assign x = 1 %}{{ text }}",
          "<html><main>Lê &amp; &lt;An&gt;</main></html>");
    refuses(w, "---\nlayout: bas\n---\nx", "E-TEMPLATE");
}

static void render_sees_what_it_is_given(void **state) {
    World *w = *state;
    value_set(w->keep, &w->data, S("lang"), value_str(S("vi")));
    add(w, "partials/card", "[{{ item }}{{ text }}{{ lang }}]");
    gives(w, "{% render 'card', item: text %}", "[Lê &amp; &lt;An&gt;vi]");
    gives(w, "{% render 'card' for list as item %}",
          "[<b>An</b>vi][&lt;i&gt;vi]");
}

static void loops_may_be_kept(void **state) {
    gives(*state,
          "{% for a in (1..2) %}{% for b in (1..3) %}{% if b == 2 %}"
          "{% assign f = forloop %}{% endif %}{% endfor %}{% endfor %}"
          "{{ f.index }}{{ f.parentloop.index }}{{ f.length }}",
          "223");
}

// --- What is refused ---

static void cards_are_not_pages(void **state) {
    World *w = *state;
    gives(w, "{{ card.title }}{{ card.nothing }}", "Thẻ");
    refuses(w, "x\n{{ card.body }}", "E-REFUSED");
    assert_int_equal(w->diags.items[0].line, 2);
    assert_int_equal(w->diags.items[0].col, 9);
    assert_true(str_find(w->diags.items[0].hint, S("card:"), 0) != SIZE_MAX);
    refuses(w, "{{ card | map: 'body' }}", "E-REFUSED");
}

static void errors_name_the_page(void **state) {
    World *w = *state;
    w->what = S("content/a.md");
    refuses(w, "{{ 1 | divided_by: 0 }}", "E-FILTER");
    assert_true(str_find(w->diags.items[0].message, S("content/a.md"), 0) !=
                SIZE_MAX);
}

static void errors_are_in_the_partial(void **state) {
    World *w = *state;
    add(w, "partials/bad", "\n{{ 1 | modulo: 0 }}");
    refuses(w, "{% render 'bad' %}", "E-FILTER");
    assert_string_equal(str_cstr(w->keep, w->diags.items[0].path),
                        "partials/bad");
    assert_int_equal(w->diags.items[0].line, 2);
}

static void limits_hold(void **state) {
    World *w = *state;
    w->env.max_steps = 1000;
    w->env.max_bytes = 10000;
    refuses(w, "{% for i in (1..1000000000000) %}{% endfor %}", "E-LIMIT");
    refuses(w,
            "{% for i in (1..40) %}{% for j in (1..40) %}{% endfor %}"
            "{% endfor %}",
            "E-LIMIT");
    refuses(w, "{% tablerow i in (1..9999) %}{% endtablerow %}", "E-LIMIT");
    refuses(w, "{% for i in (1..900) %}{{ text }}{% endfor %}", "E-LIMIT");
    refuses(w, "{{ (1..1000000000) | join: '' }}", "E-LIMIT");
    refuses(w, "{{ (1..9223372036854775807) | reverse }}", "E-LIMIT");
    refuses(w,
            "{% assign a = 'aaaaaaaa' %}{% for i in (1..64) %}"
            "{% assign a = a | append: a %}{% endfor %}",
            "E-LIMIT");
    refuses(w,
            "{% assign a = list %}{% for i in (1..64) %}"
            "{% assign a = a | concat: a %}{% endfor %}",
            "E-LIMIT");
    refuses(w,
            "{% capture a %}xxxxxxxx{% endcapture %}{% for i in (1..64) %}"
            "{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}",
            "E-LIMIT");
    refuses(w,
            "{% capture a %}{% for i in (1..900) %}a{% endfor %}"
            "{% endcapture %}{{ a | replace: 'a', a }}",
            "E-LIMIT");
    gives(w, "{{ (1..1000000000) | size }}", "1000000000");
    gives(w, "{% for i in (1..1000000000) limit: 2 %}{{ i }}{% endfor %}",
          "12");
    gives(w,
          "{% assign r = (1..1000000000) %}{{ r.last }}"
          "{% if r contains 7 %}y{% endif %}",
          "1000000000y");
}

static void recursion_has_a_limit(void **state) {
    World *w = *state;
    add(w, "partials/self", "{% render 'self' %}");
    refuses(w, "{% render 'self' %}", "E-LIMIT");
}

// A card that counts how often it is asked.
typedef struct {
    int *asked;
} Counted;

static ObjResult counted_get(Arena *a, const void *self, Str key, Value *out) {
    (void)a, (void)key;
    *out = flagged(str_fmt(a, "<%d>", ++*((const Counted *)self)->asked),
                   VALUE_CONTENT);
    return OBJ_FOUND;
}

static const ObjClass fixed_class = {"card", counted_get, NULL, true};
static const ObjClass loose_class = {"card", counted_get, NULL, false};

static int asked_by(World *w, const ObjClass *cls, const char *text,
                    const char *expected) {
    int *asked = ARENA_NEW(w->keep, int);
    Counted *self = ARENA_NEW(w->keep, Counted);
    self->asked = asked;
    value_set(w->keep, &w->data, S("counted"), value_obj(cls, self));
    w->env.memo = eval_memo_new(w->keep, 1);
    gives_as(w, text, LIQUID_SITE, expected);
    w->env.memo = NULL;
    return *asked;
}

// With the same fixed values a partial is made once, and what it wrote
// counts as content each time.
static void renders_the_same_once(void **state) {
    World *w = *state;
    add(w, "partials/c", "{{ item.title }}{{ n }}{{ lang }} ");
    const char *same = "{% for i in (1..3) %}{% render 'c', item: counted, "
                       "n: 'a' %}{% endfor %}";
    const char *other = "{% for i in (1..3) %}{% render 'c', item: counted, "
                        "n: i %}{% endfor %}";
    assert_int_equal(
        asked_by(w, &fixed_class, same, "&lt;1&gt;a &lt;1&gt;a &lt;1&gt;a "),
        1);
    assert_int_equal(
        asked_by(w, &loose_class, same, "&lt;1&gt;a &lt;2&gt;a &lt;3&gt;a "),
        3);
    assert_int_equal(
        asked_by(w, &fixed_class, other, "&lt;1&gt;1 &lt;2&gt;2 &lt;3&gt;3 "),
        3);
    Str out;
    w->env.memo = eval_memo_new(w->keep, 1);
    for (int i = 0; i < 2; i++) {
        assert_false(try(w,
                         "{% capture x %}{% render 'c', item: counted %}"
                         "{% endcapture %}{{ x | strip_html | raw }}",
                         LIQUID_SITE, &out));
        assert_int_equal(w->diags.errors, 1);
    }
    w->env.memo = NULL;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(dates),
        TEST(now_is_for_single_templates),
        TEST(numbers),
        TEST(addresses),
        TEST(arithmetic),
        TEST(layouts),
        TEST(render_sees_what_it_is_given),
        TEST(loops_may_be_kept),
        TEST(cards_are_not_pages),
        TEST(errors_name_the_page),
        TEST(errors_are_in_the_partial),
        TEST(limits_hold),
        TEST(recursion_has_a_limit),
        TEST(renders_the_same_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
