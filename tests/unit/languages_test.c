// Languages: which are there, what a file name says, where pages lie.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <string.h>

#include "model/config_keys.h"
#include "model/url.h"
#include "parse/yaml.h"

typedef struct {
    Arena *arena;
    Diags diags;
    Job job;
    Source src;
    Config cfg;
    bool ok;
} Run;

// loa.yaml with `languages` as given.
static void start(Run *r, const char *yaml) {
    *r = (Run){.arena = arena_new()};
    r->diags.arena = r->arena;
    r->job = (Job){.keep = r->arena, .scratch = r->arena, .diags = &r->diags};
    r->src = (Source){.path = S("loa.yaml"), .text = str_from(yaml)};
    r->cfg =
        (Config){.lang = S("vi"), .locale = S("vi-VN"), .title = S("Cổng")};
    r->cfg.params = value_map(r->arena);
    r->cfg.menus = value_map(r->arena);
    r->cfg.languages_said = value_map(r->arena);
    r->cfg.languages_more = value_map(r->arena);
    Value v, map = value_map(r->arena);
    assert_true(yaml_to_value(&r->job, &r->src, r->src.text, 1, YAML_DATA, &v));
    if (v.kind == VALUE_MAP)
        value_set(r->arena, &map, S("languages"), v);
    r->ok = config_apply(&r->job, &r->src, &map, &r->cfg);
    config_set_languages(&r->job, &r->cfg);
}

static void assert_str(Str have, const char *want) {
    if (!str_eq(have, str_from(want)))
        fail_msg("'%.*s' is not '%s'", STR_ARG(have), want);
}

static void one_language(void **state) {
    (void)state;
    Run r;
    start(&r, "");
    assert_int_equal(r.cfg.nlanguages, 1);
    assert_str(config_language(&r.cfg, 0)->key, "vi");
    assert_str(config_language(&r.cfg, 0)->title, "Cổng");
    assert_str(config_language(&r.cfg, 7)->key, "vi"); // never out of bounds
    arena_free(r.arena);
}

static void order_and_values(void **state) {
    (void)state;
    Run r;
    start(&r, "ko: {weight: 3}\n"
              "ja:\n"
              "vi: {title: Trang, label: Tiếng Việt, weight: 9}\n"
              "en: {label: English, locale: en-GB, weight: 2, "
              "params: {deep: {b: x}}, title: Portal}\n");
    assert_true(r.ok);
    static const char *const order[] = {"vi", "en", "ko", "ja"};
    assert_int_equal(r.cfg.nlanguages, 4);
    for (size_t i = 0; i < 4; i++) // the default first, then by weight
        assert_str(config_language(&r.cfg, i)->key, order[i]);
    const Language *en = config_language(&r.cfg, 1);
    assert_str(en->locale, "en-GB");
    assert_str(en->title, "Portal");
    assert_str(value_get_str(value_get(&en->params, S("deep")), S("b")), "x");
    assert_null(value_get(&r.cfg.params, S("deep")));
    assert_str(config_language(&r.cfg, 2)->locale, "ko");
    assert_str(config_language(&r.cfg, 2)->title, "Cổng");
    assert_str(r.cfg.title, "Trang");
    arena_free(r.arena);
}

static void suffixes(void **state) {
    static const struct {
        const char *stem, *rest;
        uint8_t lang;
    } rows[] = {
        {"bai", "bai", 0},
        {"bai.vi", "bai", 0},
        {"bai.en", "bai", 1},
        {"_index.en", "_index", 1},
        {"index.zh-hans", "index", 2},
        {"bai.EN", "bai.EN", 0},
        {"bai.fr", "bai.fr", 0},
        {"en", "en", 0},
        {".en", ".en", 0},
        {"baien", "baien", 0},
        {"bai.en.en", "bai.en", 1},
        {"bai.1.en", "bai.1", 1},
        {"bai.en.vi", "bai.en", 0},
        {"", "", 0},
        {"bai.", "bai.", 0},
    };
    (void)state;
    Run r;
    start(&r, "{en: {weight: 1}, zh-hans: {weight: 2}}");
    assert_int_equal(r.cfg.nlanguages, 3);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t lang = 9;
        Str rest = config_split_language(&r.cfg, str_from(rows[i].stem), &lang);
        assert_str(rest, rows[i].rest);
        assert_int_equal(lang, rows[i].lang);
    }
    arena_free(r.arena);
}

static void mistakes(void **state) {
    static const char *const wrong[] = {
        "[en]",
        "text",
        "{e: {}}",
        "{'../x': {}}",
        "{en: [a]}",
        "{en: {title: [a]}}",
        "{en: {weight: much}}",
        "{en: {params: a}}",
        "{en: {contentDir: x}}",
        "{en: {disabled: perhaps}}",
        "{en/x: {}}",
        "{'1en': {}}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        Run r = {.arena = arena_new()};
        r.diags.arena = r.arena;
        Job job = {.keep = r.arena, .scratch = r.arena, .diags = &r.diags};
        Source src = {.path = S("loa.yaml"), .text = str_from(wrong[i])};
        Config cfg = {.languages_said = value_map(r.arena)};
        Value v, map = value_map(r.arena);
        assert_true(yaml_to_value(&job, &src, src.text, 1, YAML_DATA, &v));
        value_set(r.arena, &map, S("languages"), v);
        if (config_apply(&job, &src, &map, &cfg) || !r.diags.errors)
            fail_msg("taken: %s", wrong[i]);
        arena_free(r.arena);
    }
}

static void addresses(void **state) {
    static const struct {
        const char *path, *wish;
        uint8_t lang;
        PageKind kind;
        const char *url;
    } rows[] = {
        {"tin/bai", "", 0, PAGE_REGULAR, "/tin/bai/"},
        {"tin/bai", "", 1, PAGE_REGULAR, "/en/tin/bai/"},
        {"", "", 1, PAGE_HOME, "/en/"},
        {"tin", "", 1, PAGE_SECTION, "/en/tin/"},
        {"tin/bai", "x/y", 1, PAGE_REGULAR, "/en/x/y/"},
        {"tin/bai", "/x/y", 1, PAGE_REGULAR, "/x/y/"},
        {"tin/bai", "x.html", 1, PAGE_REGULAR, "/en/x.html"},
    };
    (void)state;
    Run r;
    start(&r, "{en: {}}");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Page p = {.kind = rows[i].kind,
                  .lang = rows[i].lang,
                  .path = str_from(rows[i].path),
                  .url_wish = str_from(rows[i].wish)};
        Str url;
        assert_true(url_of_page(&r.job, &r.cfg, &p, &url));
        assert_str(url, rows[i].url);
    }
    arena_free(r.arena);
}

static void twins(void **state) {
    (void)state;
    Page vi = {.lang = 0}, en = {.lang = 1}, alone = {.lang = 1};
    const Page *of_vi[] = {&en}, *of_en[] = {&vi};
    vi.translations = (Pages){of_vi, 1};
    en.translations = (Pages){of_en, 1};
    assert_ptr_equal(page_translation(&vi, 1), &en);
    assert_ptr_equal(page_translation(&en, 0), &vi);
    assert_ptr_equal(page_translation(&en, 1), &en);
    assert_null(page_translation(&vi, 2));
    assert_ptr_equal(page_in(&vi, 2), &vi);
    assert_null(page_translation(&alone, 0));
    assert_ptr_equal(page_in(&alone, 0), &alone);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_language), cmocka_unit_test(order_and_values),
        cmocka_unit_test(suffixes),     cmocka_unit_test(mistakes),
        cmocka_unit_test(addresses),    cmocka_unit_test(twins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
