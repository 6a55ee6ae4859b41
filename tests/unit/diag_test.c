// What is kept of a complaint, and how it looks on a terminal.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/diag.h"

typedef struct {
    Arena *arena;
    Diags diags;
} Test;

static int setup(void **state) {
    static Test test;
    test = (Test){.arena = arena_new()};
    test.diags.arena = test.arena;
    *state = &test;
    return 0;
}

static int teardown(void **state) {
    Test *t = *state;
    arena_free(t->arena);
    return 0;
}

static Str print(Test *t, bool colour) {
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    diags_print(&t->diags, to, colour);
    fclose(to);
    Str out = str_copy(t->arena, (Str){text, size});
    free(text);
    return out;
}

static void expect(Test *t, const char *text) {
    Str out = print(t, false);
    if (!str_eq(out, str_from(text)))
        fprintf(stderr, "got:\n%.*swanted:\n%s", STR_ARG(out), text);
    assert_true(str_eq(out, str_from(text)));
    t->diags.len = 0;
}

static Pos at(const char *text, uint32_t line, uint32_t col) {
    return (Pos){S("a.md"), str_from(text), line, col};
}

static void error_has_place_line_caret_and_hint(void **state) {
    Test *t = *state;
    assert_false(diag_error(&t->diags, "E-DATE", at("---\nngày: mai\n", 2, 7),
                            "'%s' is not a date", "mai"));
    diag_hint(&t->diags, "write it as %d", 2024);
    assert_int_equal(t->diags.errors, 1);
    expect(t, "a.md:2:7: error: 'mai' is not a date [E-DATE]\n"
              "    ngày: mai\n"
              "          ^\n"
              "    write it as 2024\n");
}

static void parts_may_be_missing(void **state) {
    Test *t = *state;
    diag_warn(&t->diags, "W-X", (Pos){0}, "nowhere");
    expect(t, "warning: nowhere [W-X]\n");
    diag_note(&t->diags, NULL, at("text", 0, 0), "somewhere");
    expect(t, "a.md: note: somewhere\n");
    diag_warn(&t->diags, "W-X", at("text", 1, 0), "a line");
    expect(t, "a.md:1: warning: a line [W-X]\n    text\n");
    diag_warn(&t->diags, "W-X", at("text", 9, 1), "no such line");
    expect(t, "a.md:9:1: warning: no such line [W-X]\n");
    diag_hint(&t->diags, "a hint for nothing");
    expect(t, "");
    assert_int_equal(t->diags.errors, 0);
}

static void caret_stands_by_display_width(void **state) {
    Test *t = *state;
    diag_warn(&t->diags, "W", at("\tô\t한국 x\r\nb", 1, 7), "m");
    expect(t, "a.md:1:7: warning: m [W]\n"
              "    \tô\t한국 x\n"
              "    \t \t     ^\n");
    diag_warn(&t->diags, "W", at("o\xCC\x82y", 1, 3), "combining");
    expect(t, "a.md:1:3: warning: combining [W]\n"
              "    o\xCC\x82y\n"
              "     ^\n");
    diag_warn(&t->diags, "W", at("ab", 1, 3), "at the end");
    expect(t, "a.md:1:3: warning: at the end [W]\n    ab\n      ^\n");
    diag_warn(&t->diags, "W", at("ab", 1, 4000000000), "beyond");
    expect(t, "a.md:1:4000000000: warning: beyond [W]\n    ab\n      ^\n");
}

static void control_characters_are_shown(void **state) {
    Test *t = *state;
    Pos pos = {S("a\033[2J.md"), S("x\033y"), 1, 3};
    diag_warn(&t->diags, "W", pos, "%s", "m\033\n");
    diag_hint(&t->diags, "%s", "h\033");
    Str out = print(t, false);
    assert_true(str_find(out, S("\033"), 0) == SIZE_MAX);
    assert_true(str_find(out, S("    x\\x1by\n         ^\n"), 0) != SIZE_MAX);
    size_t lines = 0;
    for (size_t i = 0; i < out.len; i++)
        lines += out.ptr[i] == '\n';
    assert_int_equal(lines, 4);
}

static void long_lines_are_shown_around_the_column(void **state) {
    Test *t = *state;
    Buf line = {.arena = t->arena};
    for (int i = 0; i < 100000; i++)
        buf_put(&line, S("ệ"));
    memcpy(line.ptr + 3 * 50000, "<!>", 3);
    Pos pos = {S("a"), buf_str(&line), 1, 50001};
    diag_warn(&t->diags, "W", pos, "m");
    Str quote = t->diags.items[0].quote;
    assert_true(str_starts(quote, S("…ệ")));
    assert_true(str_ends(quote, S("ệ…")));
    assert_true(quote.len < 600);
    assert_int_equal(t->diags.items[0].caret, 102);
    assert_int_equal(str_find(quote, S("<!>"), 0), 3 * 101);
    pos.col = 1;
    diag_warn(&t->diags, "W", pos, "m");
    assert_true(str_starts(t->diags.items[1].quote, S("ệệ")));
    assert_int_equal(t->diags.items[1].caret, 1);
    pos.col = 99999;
    diag_warn(&t->diags, "W", pos, "m");
    assert_true(str_ends(t->diags.items[2].quote, S("ệ")));
    pos.col = 0;
    diag_warn(&t->diags, "W", pos, "m");
    assert_int_equal(t->diags.items[3].caret, 0);
}

static void long_messages_are_cut(void **state) {
    Test *t = *state;
    Buf text = {.arena = t->arena};
    for (int i = 0; i < 100000; i++)
        buf_put(&text, S("ệ"));
    diag_warn(&t->diags, "W", (Pos){0}, "%.*s", STR_ARG(buf_str(&text)));
    Str message = t->diags.items[0].message;
    assert_true(message.len < 5000 && message.len % 3 == 0);
}

static void levels_lower_and_turn_off(void **state) {
    Test *t = *state;
    DiagLevel off = DIAG_OFF, warning = DIAG_WARNING, error = DIAG_ERROR;
    Map levels = {.arena = t->arena};
    map_set(&levels, S("E-OFF"), &off);
    map_set(&levels, S("E-LOW"), &warning);
    map_set(&levels, S("W-HIGH"), &error);
    t->diags.levels = &levels;
    diag_error(&t->diags, "E-LOW", (Pos){0}, "low");
    assert_false(diag_error(&t->diags, "E-OFF", (Pos){0}, "off"));
    diag_hint(&t->diags, "of what is off");
    assert_int_equal(t->diags.len, 1);
    assert_int_equal(t->diags.items[0].hint.len, 0);
    assert_int_equal(t->diags.errors, 0);
    diag_warn(&t->diags, "W-HIGH", (Pos){0}, "high");
    diag_hint(&t->diags, "of what is high");
    assert_int_equal(t->diags.errors, 1);
    assert_int_equal(diag_level(&t->diags, "E-OFF", DIAG_ERROR), DIAG_OFF);
    assert_int_equal(diag_level(&t->diags, "E-NEW", DIAG_NOTE), DIAG_NOTE);
    expect(t, "warning: low [E-LOW]\n"
              "error: high [W-HIGH]\n    of what is high\n");
}

static void append_keeps_order_and_counts(void **state) {
    Test *t = *state;
    Diags more = {.arena = t->arena};
    for (int i = 0; i < 100; i++)
        diag_error(&more, "E", (Pos){0}, "%d", i);
    diags_append(&t->diags, &more);
    diags_append(&t->diags, &more);
    assert_int_equal(t->diags.len, 200);
    assert_int_equal(t->diags.errors, 200);
    assert_true(str_eq(t->diags.items[199].message, S("99")));
}

static void quote_outlives_its_source(void **state) {
    Test *t = *state;
    char *text = strdup("a line");
    char *path = strdup("file");
    diag_warn(&t->diags, "W", (Pos){str_from(path), str_from(text), 1, 1}, "m");
    free(text);
    free(path);
    expect(t, "file:1:1: warning: m [W]\n    a line\n    ^\n");
}

static void system_errors_name_what_was_tried(void **state) {
    Test *t = *state;
    assert_false(diag_system(&t->diags, S("public"), "make a folder", 28));
    expect(t, "public: error: cannot make a folder: "
              "No space left on device [E-SYSTEM]\n");
}

static void the_same_trouble_is_said_once(void **state) {
    Test *t = *state;
    diag_system(&t->diags, S("a"), "write the file", 28);
    diag_system(&t->diags, S("b"), "make a folder", 28);
    diag_system(&t->diags, S("c"), "write the file", 28);
    diag_system(&t->diags, S("d"), "write the file", 28);
    diag_error(&t->diags, "E", (Pos){0}, "m");
    diag_error(&t->diags, "E", (Pos){0}, "m");
    expect(t, "a: error: cannot write the file: No space left on device "
              "[E-SYSTEM]\n"
              "    the same for 2 more files\n"
              "b: error: cannot make a folder: No space left on device "
              "[E-SYSTEM]\n"
              "error: m [E]\nerror: m [E]\n");
}

static void colour_paints_the_level_only(void **state) {
    Test *t = *state;
    diag_error(&t->diags, "E", (Pos){0}, "m");
    assert_true(str_eq(print(t, true), S("\033[31merror:\033[0m m [E]\n")));
}

// --- Language, each in a process of its own ---

static void put32(FILE *f, uint32_t n) {
    fwrite(&n, sizeof n, 1, f);
}

// A catalogue of one message.
static void write_catalogue(const char *path) {
    FILE *f = fopen(path, "w");
    const uint32_t head[] = {0x950412de, 0, 2, 28, 44, 0, 60};
    fwrite(head, sizeof head, 1, f);
    const char *ids = "\0error", *header = "Content-Type: text/plain; "
                                           "charset=UTF-8\n";
    uint32_t len = (uint32_t)strlen(header);
    put32(f, 0), put32(f, 60), put32(f, 5), put32(f, 61);
    put32(f, len), put32(f, 67), put32(f, 5), put32(f, 67 + len + 1);
    fwrite(ids, 7, 1, f);
    fwrite(header, len + 1, 1, f);
    fwrite("lỗi", 6, 1, f);
    fclose(f);
}

static int speak(Test *t, const char *dir, const char *const *env) {
    unsetenv("LC_ALL");
    unsetenv("LC_MESSAGES");
    unsetenv("LANG");
    unsetenv("LOA_LANG");
    unsetenv("LANGUAGE");
    for (; *env; env += 2)
        setenv(env[0], env[1], 1);
    diag_set_language(dir);
    diag_error(&t->diags, "E", (Pos){0}, "%.1f", 1.5);
    Str out = print(t, false);
    return str_eq(out, S("lỗi: 1.5 [E]\n"))     ? 'v'
           : str_eq(out, S("error: 1.5 [E]\n")) ? 'e'
                                                : '?';
}

static int language_of(Test *t, const char *dir, const char *const *env) {
    pid_t child = fork();
    if (!child) {
        int code = speak(t, dir, env);
        arena_free(t->arena);
        _exit(code);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : '!';
}

static void language_is_chosen(void **state) {
    Test *t = *state;
    char dir[] = "/tmp/loa-diag-XXXXXX", path[128];
    assert_non_null(mkdtemp(dir));
    static const char *const folders[] = {"share", "share/locale",
                                          "share/locale/vi",
                                          "share/locale/vi/LC_MESSAGES"};
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, folders[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    snprintf(path, sizeof path, "%s/share/locale/vi/LC_MESSAGES/loa.mo", dir);
    write_catalogue(path);
    static const struct {
        const char *env[5];
        int language;
    } cases[] = {
        {{NULL}, 'v'},
        {{"LANG", "C.UTF-8", NULL}, 'v'},
        {{"LANG", "vi_VN.UTF-8", NULL}, 'v'},
        {{"LANG", "en_US.UTF-8", NULL}, 'e'},
        {{"LC_ALL", "C", "LANG", "en_GB", NULL}, 'e'},
        {{"LOA_LANG", "en", NULL}, 'e'},
        {{"LOA_LANG", "vi", "LC_ALL", "en_US.UTF-8", NULL}, 'v'},
        {{"LANGUAGE", "en", NULL}, 'v'},
        {{"LOA_LANG", "vi/../../etc", NULL}, 'v'},
        {{"LOA_LANG", "../etc", "LANG", "en", NULL}, 'e'},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(language_of(t, dir, cases[i].env), cases[i].language);
    assert_int_equal(language_of(t, "/nonexistent", cases[0].env), 'e');
    snprintf(path, sizeof path, "rm -r %s", dir);
    assert_int_equal(system(path), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(error_has_place_line_caret_and_hint,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(parts_may_be_missing, setup, teardown),
        cmocka_unit_test_setup_teardown(caret_stands_by_display_width, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(control_characters_are_shown, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(long_lines_are_shown_around_the_column,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(long_messages_are_cut, setup, teardown),
        cmocka_unit_test_setup_teardown(levels_lower_and_turn_off, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(append_keeps_order_and_counts, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(quote_outlives_its_source, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(system_errors_name_what_was_tried,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_trouble_is_said_once, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(colour_paints_the_level_only, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(language_is_chosen, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
