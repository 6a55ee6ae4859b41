// Type files, and the rules of a whole piece.
#include "type_run.h"

static void test_required(void **state) {
    (void)state;
    const char *type = "fields:\n"
                       "  start: {kind: datetime, required: true, label: {vi: "
                       "Bắt đầu, en: Start}}\n"
                       "  tags2: {kind: text, many: true, required: true}\n"
                       "  end: {kind: datetime, not_before: start}\n";
    Run r;
    check_with(&r, type, "---\ntitle: a\ntags2: []\n---\n", true);
    assert_false(r.ok);
    assert_int_equal(r.diags.len, 2);
    assert_string_equal(r.diags.items[0].code, "E-REQUIRED");
    assert_int_equal(r.diags.items[0].line, 2);
    assert_has(r.diags.items[0].message, "'start' (Bắt đầu)");
    assert_has(r.diags.items[0].hint, "start: 2026-11-21 08:30");
    arena_free(r.arena);
    check_with(&r, type, "---\ntitle: a\n---\n", false); // a draft
    assert_true(r.ok);
    arena_free(r.arena);
    check_with(&r, type, "---\nstart: ~\ntags2: ''\n---\n", true);
    assert_int_equal(r.diags.len, 2);
    arena_free(r.arena);
    check_with(&r, type, "---\n---\n", true);
    assert_int_equal(r.diags.len, 2);
    arena_free(r.arena);
    check_with(&r, type,
               "---\nstart: 2026-11-21 08:30\nend: 2026-11-21\n"
               "tags2: a\n---\n",
               true);
    assert_true(r.ok);
    arena_free(r.arena);
    check_with(&r, type,
               "---\nstart: 2026-11-21 08:30\nend: 2026-11-20\n"
               "tags2: a\n---\n",
               true);
    assert_false(r.ok);
    assert_string_equal(first_diag(&r)->code, "E-DATE-ORDER");
    assert_int_equal(first_diag(&r)->line, 3);
    assert_int_equal(first_diag(&r)->col, 6);
    arena_free(r.arena);
}

static void test_unknown_key(void **state) {
    (void)state;
    Run r;
    check_with(&r, "fields: {start: datetime}\n",
               "---\ntitle: a\nstrat: 2026-01-01\nparams: {x: 1}\n---\n", true);
    assert_false(r.ok);
    assert_int_equal(r.diags.len, 1);
    assert_string_equal(first_diag(&r)->code, "E-KEY");
    assert_int_equal(first_diag(&r)->line, 3);
    assert_int_equal(first_diag(&r)->col, 1);
    assert_has(first_diag(&r)->hint, "'start'");
    arena_free(r.arena);
    check_with(&r, "fields: {}\n", "---\ntitel: a\n---\n", true);
    assert_has(first_diag(&r)->hint, "'title'");
    arena_free(r.arena);
    check_with(&r, "open: true\n", "---\nanything: a\n---\n", true);
    assert_true(r.ok);
    arena_free(r.arena);
    check_with(&r,
               "fields: {x: {kind: choice, of: {hoi-nghi: {vi: Hội "
               "nghị}}}}\n",
               "---\nx: Hội Nghị\n---\n", true);
    assert_has(first_diag(&r)->hint, "'hoi-nghi'");
    arena_free(r.arena);
}

static void test_date_column(void **state) {
    (void)state;
    Run r;
    check_field(&r, "date", "\"2026-13-01\"");
    assert_string_equal(first_diag(&r)->code, "E-DATE");
    assert_true(first_diag(&r)->col > 4);
    arena_free(r.arena);
}

static void test_load(void **state) {
    (void)state;
    static const File files[] = {
        {"_shared.yaml", "fields:\n  sapo: {kind: text, max: 9}\n"
                         "  unit: {kind: ref, to: unit}\n"},
        {"event.yaml",
         "type: event\nlabel: {vi: Sự kiện}\nsection: su-kien\nfields:\n"
         "  start: datetime\n  end: {kind: datetime, not_before: start}\n"
         "  sapo: {required: true}\nwindow: {start: start, end: end}\n"
         "card: [start, unit]\ncalendar: true\ndated: yes\n"
         "schema_org: Event\n"},
        {"unit.yaml", "section: don-vi\nfields:\n"
                      "  parent: {kind: ref, to: unit}\ntree: parent\n"
                      "taxonomy: true\nfeed: true\n"},
    };
    Run r;
    load(&r, files, 3);
    if (!r.ok)
        fail_msg("%.*s", STR_ARG(first_diag(&r)->message));
    assert_int_equal(r.types.len, 3);
    const Type *t = type_find(&r.types, S("event"));
    assert_true(t->calendar && t->dated && !t->open);
    assert_text(t->window_words, "event");
    assert_text(t->window_end, "end");
    assert_int_equal(t->fields.len, 4);
    const Field *f = field_find(&t->fields, S("sapo"));
    assert_true(f->required && f->max == 9);
    assert_false(field_find(&type_find(&r.types, S("unit"))->fields, S("sapo"))
                     ->required);
    assert_text(t->fields.items[3].name, "unit");
    assert_ptr_equal(map_get(&r.types.by_section, S("su-kien")), t);
    t = type_find(&r.types, S("page"));
    assert_true(t && t->open && t->fields.len == 2);
    arena_free(r.arena);
    load(&r, NULL, 0);
    assert_true(r.ok && type_find(&r.types, S("page")));
    arena_free(r.arena);
}

typedef struct {
    const char *text;
    uint32_t line, col;
    const char *says;
} BadFile;

static void test_bad_files(void **state) {
    (void)state;
    static const BadFile cases[] = {
        {"fieldz: {}\n", 1, 1, "fieldz"},
        {"fields:\n  x: {kin: text}\n", 2, 7, "kin"},
        {"fields:\n  x: {kind: txt}\n", 2, 13, "txt"},
        {"fields:\n  x: {required: true}\n", 2, 6, "no 'kind'"},
        {"fields:\n  x: {kind: ref}\n", 2, 6, "'to'"},
        {"fields:\n  x: {kind: ref, to: nobody}\n", 2, 6, "nobody"},
        {"fields:\n  x: {kind: map, fields: {y: {kind: ref, to: no}}}\n", 2, 30,
         "'no'"},
        {"fields:\n  x: {kind: choice}\n", 2, 6, "'of'"},
        {"fields:\n  x: {kind: text, of: [a]}\n", 2, 6, "'of'"},
        {"fields:\n  x: {kind: text, fields: {}}\n  y: 3x\n", 3, 6, "3x"},
        {"fields:\n  x: {kind: text, min: 5, max: 2}\n", 2, 6, "'max'"},
        {"fields:\n  x: {kind: text, max: many}\n", 2, 24, "number"},
        {"fields:\n  x: {kind: text, many: perhaps}\n", 2, 25, "true"},
        {"fields:\n  x: {kind: date, not_before: y}\n", 2, 6, "'y'"},
        {"fields:\n  x-y: text\n", 2, 8, "a-z"},
        {"fields: [a]\n", 1, 9, "map"},
        {"card: [x]\n", 1, 7, "'x'"},
        {"window: {start: x}\n", 1, 9, "'x'"},
        {"fields: {x: text}\nwindow: {start: x}\n", 2, 9, "wrong kind"},
        {"fields: {x: date}\nwindow: {start: x, ende: x}\n", 2, 20, "ende"},
        {"fields: {x: date}\nwindow: {start: x, words: y}\n", 2, 9, "open"},
        {"tree: x\n", 1, 7, "'x'"},
        {"type: other\n", 1, 7, "other"},
        {"open: maybe\n", 1, 7, "true"},
        {"- a\n", 1, 1, "map"},
        {"a: b: c\n", 1, 5, "quotes"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Run r;
        File file = {"t.yaml", cases[i].text};
        load(&r, &file, 1);
        if (r.ok || !r.diags.len)
            fail_msg("%s was taken", cases[i].text);
        const Diag *d = first_diag(&r);
        if (d->line != cases[i].line || d->col != cases[i].col)
            fail_msg("%s: %u:%u %.*s", cases[i].text, d->line, d->col,
                     STR_ARG(d->message));
        assert_has(d->message, cases[i].says);
        arena_free(r.arena);
    }
}

// A lowered check takes the value, and the build goes on.
// As the other field, but for what it says itself.
static void test_like(void **state) {
    (void)state;
    File files[] = {
        {"a.yaml", "fields:\n"
                   "  x: {kind: text, many: yes, max: 3, help: kia}\n"},
        {"b.yaml", "fields:\n"
                   "  x: {like: a.x}\n"
                   "  y: {like: a.x, internal: yes, max: 2, help: đây}\n"}};
    Run r;
    load(&r, files, 2);
    assert_true(r.ok);
    const Fields *fields = &type_find(&r.types, S("b"))->fields;
    const Field *x = field_find(fields, S("x")),
                *y = field_find(fields, S("y"));
    assert_int_equal(x->kinds, 1u << FIELD_TEXT);
    assert_true(x->many && !x->internal && x->max == 3);
    assert_int_equal(y->kinds, 1u << FIELD_TEXT);
    assert_true(y->many && y->internal && y->max == 2);
    assert_text(y->help.as.s, "đây");
    arena_free(r.arena);
}

static void test_levels(void **state) {
    (void)state;
    Run r;
    DiagLevel off = DIAG_OFF;
    File file = {"t.yaml", "fields: {x: image}\n"};
    load(&r, &file, 1);
    Map levels = {.arena = r.arena};
    map_add(&levels, S("E-ALT"), &off);
    map_add(&levels, S("E-KEY"), &off);
    r.diags.levels = &levels;
    r.src = (Source){.kind = SOURCE_CONTENT, .path = S("a.md")};
    r.src.text = S("---\nx: a.jpg\nz: 1\n---\n");
    assert_true(front_parse(&r.job, &r.src, &r.front));
    TypeCheck how = {420, NULL, true};
    assert_true(type_check(&r.job, &r.types, type_find(&r.types, S("t")),
                           &r.src, &r.front.meta, &how, &r.out));
    assert_int_equal(r.diags.len, 0);
    assert_text(value_path(&r.out, S("x.file"))->as.s, "a.jpg");
    arena_free(r.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_required),    cmocka_unit_test(test_unknown_key),
        cmocka_unit_test(test_date_column), cmocka_unit_test(test_load),
        cmocka_unit_test(test_bad_files),   cmocka_unit_test(test_levels),
        cmocka_unit_test(test_like),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
