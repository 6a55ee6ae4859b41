// The escaping table of docs/filters.md, row by row.
#include "eval_world.h"

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

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(text_is_escaped),           TEST(html_is_not),
        TEST(escape_escapes_once),       TEST(escape_once_keeps_entities),
        TEST(newline_to_br_gives_html),  TEST(capture_gives_html),
        TEST(append_escapes_the_text),   TEST(prepend_escapes_the_text),
        TEST(join_escapes_the_text),     TEST(replace_escapes_the_text),
        TEST(other_filters_give_text),   TEST(strip_html_decodes_html_only),
        TEST(choosing_keeps_html),       TEST(lists_are_escaped_by_item),
        TEST(raw_is_for_the_theme),      TEST(raw_is_refused_on_content),
        TEST(markdownify_gives_html),    TEST(json_is_safe),
        TEST(translations_are_text),     TEST(objects_are_escaped),
        TEST(no_escape_writes_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
