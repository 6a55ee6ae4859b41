// Publishes the files below SRC as the output folder OUT, the way a build does
// but with nothing around it, so that run.sh can fail each of its system calls.
//
//   driver SRC OUT [--no-wait] [--allow-mass-removal]
//
// Exit codes are those of loa: 1 an error, 4 another build is running.
#include <signal.h>

#include "base/pool.h"
#include "write/output.h"

typedef struct {
    FsRoot src;
    FsList list;
    Tree *tree;
    bool *ok;
} Work;

static OutputOrder order_of(Str path) {
    Str ext = path_ext(path);
    if (str_eq(ext, S("html")))
        return OUTPUT_PAGE;
    return str_eq(ext, S("xml")) ? OUTPUT_LIST : OUTPUT_ASSET;
}

// Every second file goes the way of what is rendered, the others are copied.
static void publish(Job *job, size_t i, void *ctx) {
    Work *w = ctx;
    Str path = w->list.items[i].path, bytes;
    OutputFile file = {path, order_of(path)};
    if (i % 2)
        w->ok[i] = output_copy(job, w->tree, i, file, &w->src, path);
    else
        w->ok[i] = fs_read(job, job->scratch, &w->src, path, 1 << 24, &bytes) &&
                   output_put(job, w->tree, i, file, bytes);
}

static bool publish_all(Job *job, Work *w) {
    Pool *pool = pool_new(1); // so that the n-th call is always the same one
    pool_each(pool, job->diags, w->list.len, publish, w);
    pool_free(pool);
    bool ok = true;
    for (size_t i = 0; i < w->list.len; i++)
        ok = ok && w->ok[i];
    OutputStats stats;
    if (ok)
        return output_commit(job, w->tree, &stats);
    output_abort(job, w->tree);
    return false;
}

static int run(Job *job, Str src, const OutputOptions *opt) {
    Work w = {0};
    if (!output_recover(job, opt->dir) || !fs_open_root(job, src, &w.src))
        return 3;
    bool busy = false, ok = fs_walk(job, &w.src, (Str){0}, &w.list);
    w.ok = ARENA_ARRAY(job->keep, bool, w.list.len);
    if (ok) {
        w.tree = output_begin(job, opt, w.list.len, &busy);
        ok = w.tree && publish_all(job, &w);
    }
    fs_close_root(&w.src);
    return ok ? 0 : busy ? 4 : 3;
}

int main(int argc, char **argv) {
    signal(SIGXFSZ, SIG_IGN);
    OutputOptions opt = {0};
    Str names[2];
    int n = 0;
    for (int i = 1; i < argc; i++) {
        Str word = str_from(argv[i]);
        if (str_eq(word, S("--no-wait")))
            opt.wait.no_wait = true;
        else if (str_eq(word, S("--allow-mass-removal")))
            opt.is_mass_removal_ok = true;
        else if (n < 2)
            names[n++] = word;
    }
    if (n != 2)
        return 2;
    opt.dir = names[1];
    Arena *keep = arena_new(), *scratch = arena_new();
    Diags diags = {.arena = keep};
    Job job = {keep, scratch, &diags, NULL};
    int rc = run(&job, names[0], &opt);
    diags_print(&diags, stderr, false);
    arena_free(scratch);
    arena_free(keep);
    return rc;
}
