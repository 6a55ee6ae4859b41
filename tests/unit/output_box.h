// What the tests of the writing side share: a folder of one's own, with what is
// published in it.
#ifndef LOA_TESTS_OUTPUT_BOX_H
#define LOA_TESTS_OUTPUT_BOX_H

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // needs the four before it
// clang-format on

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pack.h"
#include "base/pool.h"
#include "write/io.h"
#include "write/output.h"

// A folder of its own for each test, and one job. `dir` is "DIR/public".
typedef struct {
    Job job;
    Diags diags;
    char top[64];
    Str dir;
    OutputStats stats;
} Box;

static inline int set_up(void **state) {
    Box *box = test_calloc(1, sizeof *box);
    box->job.keep = arena_new();
    box->job.scratch = arena_new();
    box->diags.arena = box->job.keep;
    box->job.diags = &box->diags;
    // Hundreds of commits: where flushing costs nothing, if there is such a
    // place. tests/faults and tests/publish.sh have a real disk.
    bool is_in_memory = access("/dev/shm", W_OK) == 0;
    strcpy(box->top, is_in_memory ? "/dev/shm/loa-output.XXXXXX"
                                  : "/tmp/loa-output.XXXXXX");
    assert_non_null(mkdtemp(box->top));
    box->dir = str_fmt(box->job.keep, "%s/public", box->top);
    *state = box;
    return 0;
}

static inline int tear_down(void **state) {
    Box *box = *state;
    char cmd[128];
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", box->top);
    int rc = system(cmd);
    arena_free(box->job.keep);
    arena_free(box->job.scratch);
    test_free(box);
    return rc;
}

static inline const char *in_box(Box *box, const char *path) {
    return str_cstr(box->job.keep,
                    str_fmt(box->job.keep, "%s/%s", box->top, path));
}

static inline void write_file(Box *box, const char *path, const char *text) {
    FILE *f = fopen(in_box(box, path), "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static inline bool exists(Box *box, const char *path) {
    struct stat st;
    return lstat(in_box(box, path), &st) == 0;
}

static inline struct stat stat_of(Box *box, const char *path) {
    struct stat st;
    assert_int_equal(lstat(in_box(box, path), &st), 0);
    return st;
}

static inline void assert_file(Box *box, const char *path, const char *text) {
    char buf[4096];
    FILE *f = fopen(in_box(box, path), "r");
    if (!f)
        fail_msg("%s is missing", path);
    size_t n = fread(buf, 1, sizeof buf - 1, f);
    buf[n] = 0;
    fclose(f);
    assert_string_equal(buf, text);
}

// Runs `command` in the box; it must succeed.
static inline void shell(Box *box, const char *command) {
    Str line = str_fmt(box->job.keep, "cd '%s' && %s", box->top, command);
    if (system(str_cstr(box->job.keep, line)) != 0)
        fail_msg("failed: %s", command);
}

// Nothing is left in the state folder but what belongs there.
static inline void assert_tidy(Box *box) {
    shell(box, "test -z \"$(ls -A .public.loa | "
               "grep -vxE 'lock|manifest')\"");
}

static inline const Diag *last_diag(Box *box) {
    assert_true(box->diags.len > 0);
    return &box->diags.items[box->diags.len - 1];
}

static inline void assert_code(Box *box, const char *code) {
    assert_string_equal(last_diag(box)->code, code);
}

static inline Tree *begin(Box *box, size_t n) {
    OutputOptions opt = {.dir = box->dir, .wait = {.no_wait = true}};
    return output_begin(&box->job, &opt, n, NULL);
}

static inline OutputFile page(const char *path) {
    return (OutputFile){str_from(path), OUTPUT_PAGE};
}

// Keeps the file if it is as it was published, with this text.
static inline bool keep(Job *job, Tree *t, size_t slot, OutputFile file,
                        Str text) {
    Content c = io_content(text);
    return output_keep(job, t, slot, file, c.hash, c.size);
}

// Path and text in turn, NULL at the end.
static inline Tree *put_all(Box *box, const char *const files[]) {
    size_t n = 0;
    while (files[n])
        n++;
    Tree *t = begin(box, n / 2);
    assert_non_null(t);
    for (size_t i = 0; i < n / 2; i++)
        assert_true(output_put(&box->job, t, i, page(files[2 * i]),
                               str_from(files[2 * i + 1])));
    return t;
}

static inline bool publish(Box *box, const char *const files[]) {
    return output_commit(&box->job, put_all(box, files), &box->stats);
}

#define FILES(...) ((const char *const[]){__VA_ARGS__, NULL})

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
