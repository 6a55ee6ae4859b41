// What templates write: the escaping table of docs/filters.md row by row, our
// own filters, limits, and what must be refused. Liquid itself is tested by
// the conformance suite (tests/liquid).
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <stdio.h>
#include <string.h>

#include "render/eval.h"

typedef struct {
    Arena *keep, *scratch;
    Diags diags;
    Job job;
    TemplateSet set;
    EvalEnv env;
    EvalHost host;
    Value data;
    Str what;
} World;

// --- A page and a card, to be read through their class ---

static ObjResult card_get(Arena *a, const void *self, Str key, Value *out) {
    (void)a, (void)self;
    *out = value_str(S("Thẻ"));
    if (str_eq(key, S("title")))
        return OBJ_FOUND;
    return str_eq(key, S("body")) ? OBJ_REFUSED : OBJ_NIL;
}

static Str card_text(Arena *a, const void *self) {
    (void)a, (void)self;
    return S("<thẻ>");
}

static const ObjClass card_class = {"card", card_get, card_text, false};

// --- The site ---

static bool translate(Job *job, void *ctx, Str key, const Value *args,
                      Value *out) {
    (void)ctx;
    const Value *count = value_get(args, S("count"));
    *out = value_str(str_fmt(job->scratch, "%.*s <%lld>", STR_ARG(key),
                             count ? (long long)count->as.i : -1));
    return true;
}

static Str url(Arena *a, void *ctx, Str path, bool is_absolute) {
    (void)ctx;
    return str_fmt(a, "%s/cd%.*s", is_absolute ? "https://x.vn" : "",
                   STR_ARG(path));
}

static bool markdown(Job *job, void *ctx, Str text, bool is_inline, Str *html) {
    (void)ctx;
    *html = str_fmt(job->scratch, is_inline ? "<em>%.*s</em>" : "<p>%.*s</p>",
                    STR_ARG(text));
    return true;
}

static Value flagged(Str s, unsigned flags) {
    Value v = value_str(s);
    v.flags = (uint8_t)flags;
    return v;
}

static int set_up(void **state) {
    World *w = test_calloc(1, sizeof *w);
    w->keep = arena_new();
    w->scratch = arena_new();
    w->diags.arena = w->keep;
    w->job = (Job){.keep = w->keep, .scratch = w->scratch, .diags = &w->diags};
    w->set.by_name.arena = w->keep;
    w->host = (EvalHost){NULL, translate, url, markdown};
    w->env = (EvalEnv){
        .templates = &w->set, .host = &w->host, .lang = S("vi"), .zone = 420};
    w->data = value_map(w->keep);
    Value html = flagged(S("<b>An</b>"), VALUE_HTML | VALUE_CONTENT);
    Value *list = ARENA_ARRAY(w->keep, Value, 2);
    list[0] = html;
    list[1] = value_str(S("<i>"));
    value_set(w->keep, &w->data, S("html"), html);
    value_set(w->keep, &w->data, S("list"), value_list(list, 2));
    value_set(w->keep, &w->data, S("text"), value_str(S("Lê & <An>")));
    value_set(w->keep, &w->data, S("title"),
              flagged(S("Lê & <An>"), VALUE_CONTENT));
    value_set(w->keep, &w->data, S("lines"), value_str(S("a<\r\nb\n")));
    value_set(w->keep, &w->data, S("card"), value_obj(&card_class, NULL));
    *state = w;
    return 0;
}

static int tear_down(void **state) {
    World *w = *state;
    arena_free(w->scratch);
    arena_free(w->keep);
    test_free(w);
    return 0;
}

static void add(World *w, const char *name, const char *text) {
    Template *t = ARENA_NEW(w->keep, Template);
    Source *src = ARENA_NEW(w->keep, Source);
    *src = (Source){
        .path = str_from(name), .rel = str_from(name), .text = str_from(text)};
    assert_true(liquid_parse(&w->job, src, LIQUID_SITE, t));
    map_set(&w->set.by_name, str_from(name), t);
}

static bool try(World *w, const char *text, LiquidMode mode, Str *out) {
    Template *t = ARENA_NEW(w->keep, Template);
    Source *src = ARENA_NEW(w->keep, Source);
    *src = (Source){
        .path = S("a.html"), .rel = S("a.html"), .text = str_from(text)};
    w->diags.len = w->diags.errors = 0;
    if (!liquid_parse(&w->job, src, mode, t))
        return false;
    Buf buf = {.arena = w->scratch};
    bool good = eval_template(&w->job, &w->env, t, &w->data, w->what, &buf);
    *out = buf_str(&buf);
    return good;
}

static void gives_as(World *w, const char *text, LiquidMode mode,
                     const char *expected) {
    Str out = {0};
    if (!try(w, text, mode, &out))
        print_error("%s: %.*s\n", text, STR_ARG(w->diags.items[0].message));
    if (!str_eq(out, str_from(expected)))
        print_error("%s\n", text);
    assert_string_equal(str_cstr(w->keep, out), expected);
}

static void gives(World *w, const char *text, const char *expected) {
    gives_as(w, text, LIQUID_SITE, expected);
}

static void refuses(World *w, const char *text, const char *code) {
    Str out;
    bool good = try(w, text, LIQUID_SITE, &out);
    if (good || strcmp(w->diags.items[0].code, code))
        print_error("%s: %.*s\n", text, STR_ARG(out));
    assert_false(good);
    assert_string_equal(w->diags.items[0].code, code);
    assert_true(w->diags.items[0].line > 0);
}

// --- The escaping table ---

static void text_is_escaped(void **state) {
    gives(*state, "{{ text }}", "Lê &amp; &lt;An&gt;");
}

static void html_is_not(void **state) {
    gives(*state, "{{ html }}", "<b>An</b>");
}

static void escape_escapes_once(void **state) {
    gives(*state, "{{ text | escape }}", "Lê &amp; &lt;An&gt;");
    gives(*state, "{{ text | escape | escape }}", "Lê &amp; &lt;An&gt;");
    gives(*state, "{{ html | escape }}", "<b>An</b>");
}

static void escape_once_keeps_entities(void **state) {
    gives(*state, "{{ '&lt; <' | escape_once }}", "&lt; &lt;");
    gives(*state, "{{ html | escape_once }}", "<b>An</b>");
}

static void newline_to_br_gives_html(void **state) {
    gives(*state, "{{ lines | newline_to_br }}", "a&lt;<br />\nb<br />\n");
    gives(*state, "{{ html | newline_to_br }}", "<b>An</b>");
}

static void capture_gives_html(void **state) {
    gives(*state, "{% capture c %}{{ text }}<i>{% endcapture %}{{ c }}",
          "Lê &amp; &lt;An&gt;<i>");
}

static void append_escapes_the_text(void **state) {
    gives(*state, "{{ text | append: html }}", "Lê &amp; &lt;An&gt;<b>An</b>");
    gives(*state, "{{ html | append: text }}", "<b>An</b>Lê &amp; &lt;An&gt;");
    gives(*state, "{{ '<' | append: '>' }}", "&lt;&gt;");
}

static void prepend_escapes_the_text(void **state) {
    gives(*state, "{{ text | prepend: html }}", "<b>An</b>Lê &amp; &lt;An&gt;");
    gives(*state, "{{ html | prepend: '<' }}", "&lt;<b>An</b>");
}

static void join_escapes_the_text(void **state) {
    gives(*state, "{{ list | join: ' < ' }}", "<b>An</b> &lt; &lt;i&gt;");
    gives(*state, "{{ '<a>,<b>' | split: ',' | join: html }}",
          "&lt;a&gt;<b>An</b>&lt;b&gt;");
    gives(*state, "{{ '<,>' | split: ',' | join: '-' }}", "&lt;-&gt;");
}

static void replace_escapes_the_text(void **state) {
    gives(*state, "{{ html | replace: 'An', text }}",
          "<b>Lê &amp; &lt;An&gt;</b>");
    gives(*state, "{{ text | replace: 'Lê', html }}",
          "<b>An</b> &amp; &lt;An&gt;");
    gives(*state, "{{ text | replace_first: 'Lê', html }}",
          "<b>An</b> &amp; &lt;An&gt;");
    gives(*state, "{{ text | replace_last: 'An>', html }}",
          "Lê &amp; &lt;<b>An</b>");
    gives(*state, "{{ '<>' | replace: '', html }}",
          "<b>An</b>&lt;<b>An</b>&gt;<b>An</b>");
}

static void other_filters_give_text(void **state) {
    gives(*state, "{{ html | upcase }}", "&lt;B&gt;AN&lt;/B&gt;");
    gives(*state, "{{ html | remove: 'A' }}", "&lt;b&gt;n&lt;/b&gt;");
    gives(*state, "{{ html | strip }}", "&lt;b&gt;An&lt;/b&gt;");
    gives(*state, "{{ html | truncate: 4, '' }}", "&lt;b&gt;A");
    gives(*state, "{{ html | slice: 0, 3 }}", "&lt;b&gt;");
    gives(*state, "{{ html | split: 'A' | first }}", "&lt;b&gt;");
    gives(*state, "{{ html | first }}", "&lt;");
    gives(*state, "{{ html | date: '%Y' }}", "&lt;b&gt;An&lt;/b&gt;");
}

static void strip_html_decodes_html_only(void **state) {
    gives(*state, "{{ html | strip_html }}", "An");
    gives(*state, "{{ text | strip_html }}", "Lê &amp; ");
    gives(*state,
          "{% capture c %}<p>{{ text }}</p>{% endcapture %}"
          "{{ c | strip_html }}",
          "Lê &amp; &lt;An&gt;");
    gives(*state, "{{ '&lt;' | strip_html }}", "&amp;lt;");
}

static void choosing_keeps_html(void **state) {
    gives(*state, "{{ html | default: 'x' }}", "<b>An</b>");
    gives(*state, "{{ nothing | default: html }}", "<b>An</b>");
    gives(*state, "{{ list | first }}", "<b>An</b>");
    gives(*state, "{{ list | last }}", "&lt;i&gt;");
    gives(*state, "{{ list | reverse | concat: list | uniq }}",
          "&lt;i&gt;<b>An</b>");
    gives(*state, "{{ list | slice: 0, 1 }}", "<b>An</b>");
}

static void lists_are_escaped_by_item(void **state) {
    gives(*state, "{{ list }}", "<b>An</b>&lt;i&gt;");
}

static void raw_is_for_the_theme(void **state) {
    gives(*state, "{{ '<hr>' | raw }}", "<hr>");
    gives(*state, "{{ text | raw }}", "Lê & <An>");
    gives(*state, "{{ html | raw }}", "<b>An</b>");
    gives(*state, "{{ nothing | raw }}", "");
}

static void raw_is_refused_on_content(void **state) {
    static const char *const templates[] = {
        "{{ title | raw }}",
        "{{ title | upcase | raw }}",
        "{{ title | downcase | strip | append: 'x' | raw }}",
        "{{ 'x' | append: title | raw }}",
        "{{ 'x' | prepend: title | raw }}",
        "{{ 'x' | replace: 'x', title | raw }}",
        "{{ title | replace: 'Lê', '' | raw }}",
        "{{ title | split: ' ' | last | raw }}",
        "{{ title | split: ' ' | join: ' ' | raw }}",
        "{{ title | split: ' ' | raw }}",
        "{{ title | split: ' ' | concat: list | upcase | raw }}",
        "{{ title | slice: 0, 5 | raw }}",
        "{{ title | truncate: 5 | raw }}",
        "{{ title | url_encode | url_decode | raw }}",
        "{{ title | base64_encode | base64_decode | raw }}",
        "{{ title | last | raw }}",
        "{{ title.first | raw }}",
        "{{ '' | default: title | raw }}",
        "{{ html | upcase | raw }}",
        "{{ html | strip_html | raw }}",
        "{{ title | escape | upcase | raw }}",
        "{% capture c %}{{ title }}{% endcapture %}{{ c | strip_html | raw }}",
        "{% capture c %}{% capture d %}{{ title }}{% endcapture %}{{ d }}"
        "{% endcapture %}{{ c | strip_html | raw }}",
        "{% assign x = title %}{{ x | raw }}",
        "{% for x in title %}{{ x | raw }}{% endfor %}",
        "{{ card | raw }}",
        "{{ title | markdownify | strip | raw }}",
    };
    for (size_t i = 0; i < sizeof templates / sizeof *templates; i++)
        refuses(*state, templates[i], "E-RAW");
    gives(*state, "{% capture c %}<b>x{% endcapture %}{{ c | strip | raw }}",
          "<b>x");
}

static void markdownify_gives_html(void **state) {
    gives(*state, "{{ 'x' | markdownify }}", "<p>x</p>");
    gives(*state, "{{ 'x' | markdownify: inline: true }}", "<em>x</em>");
    gives(*state, "{{ html | markdownify }}", "<b>An</b>");
}

static void json_is_safe(void **state) {
    World *w = *state;
    gives(w, "{{ text | json }}", "\"Lê \\u0026 \\u003cAn\\u003e\"");
    gives(w, "{{ \"</script>'\" | json }}", "\"\\u003c/script\\u003e\\u0027\"");
    Value map = value_map(w->keep);
    value_set(w->keep, &map, S("a"), value_int(1));
    value_set(w->keep, &map, S("b"), (Value){0});
    value_set(w->keep, &w->data, S("map"), map);
    gives(w, "{{ map | json }}", "{\"a\":1,\"b\":null}");
    gives(w, "{{ list | json }}",
          "[\"\\u003cb\\u003eAn\\u003c/b\\u003e\",\"\\u003ci\\u003e\"]");
    gives(w, "{{ 1.5 | json }}{{ nothing | json }}{{ true | json }}",
          "1.5nulltrue");
}

static void translations_are_text(void **state) {
    gives(*state, "{{ 'khoa' | t: count: 3 }}", "khoa &lt;3&gt;");
    gives(*state, "{{ 'khoa' | t }}", "khoa &lt;-1&gt;");
}

static void objects_are_escaped(void **state) {
    gives(*state, "{{ card }}", "&lt;thẻ&gt;");
}

static void no_escape_writes_as_it_is(void **state) {
    World *w = *state;
    w->env.no_escape = true;
    gives(w, "{{ text }}{{ title | raw }}", "Lê & <An>Lê & <An>");
    gives(w, "{{ '<' | escape | escape }}", "&amp;lt;");
    gives(w, "{% capture c %}<{% endcapture %}{{ c | append: '>' }}", "<>");
}

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
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(renders_the_same_once),
        TEST(text_is_escaped),
        TEST(html_is_not),
        TEST(escape_escapes_once),
        TEST(escape_once_keeps_entities),
        TEST(newline_to_br_gives_html),
        TEST(capture_gives_html),
        TEST(append_escapes_the_text),
        TEST(prepend_escapes_the_text),
        TEST(join_escapes_the_text),
        TEST(replace_escapes_the_text),
        TEST(other_filters_give_text),
        TEST(strip_html_decodes_html_only),
        TEST(choosing_keeps_html),
        TEST(lists_are_escaped_by_item),
        TEST(raw_is_for_the_theme),
        TEST(raw_is_refused_on_content),
        TEST(markdownify_gives_html),
        TEST(json_is_safe),
        TEST(translations_are_text),
        TEST(objects_are_escaped),
        TEST(no_escape_writes_as_it_is),
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
