#include "cmd/args.h"
#include "cmd/progress.h"
#include "cmd/publish.h"
#include "cmd/report.h"

int cmd_build(Job *job, int argc, char **argv) {
    Args args;
    BuildOptions opt;
    unsigned threads;
    if (!args_parse(job, argc, argv, 0, &args) ||
        !args_build_options(job, &args, &opt, &threads))
        return EXIT_USAGE;
    opt.flags.publish_dir = args_get(&args, "--destination");
    opt.flags.base_url = args_get(&args, "--baseURL");
    opt.keep_going = args_has(&args, "--keep-going");
    opt.is_mass_removal_ok = args_has(&args, "--allow-mass-removal");
    opt.no_wait = args_has(&args, "--no-wait");
    opt.is_cache_ignored = args_has(&args, "--ignoreCache");
    opt.explain = args_all(job, &args, "--explain");
    opt.is_verify = args_has(&args, "--verify");
    Publish publish = {.opt = &opt};
    if (!publish_options(job, &args, &opt, &publish))
        return EXIT_USAGE;
    bool is_quiet = args_has(&args, "--quiet");
    bool is_json = args_has(&args, "--json");
    Progress progress = progress_new();
    if (!is_quiet) {
        opt.progress = progress_tick;
        opt.progress_ctx = &progress;
        opt.waits = progress_wait;
    }
    BuildStats stats;
    Pool *pool = pool_new(threads);
    BuildResult result = build_run(job, pool, &opt, &stats);
    progress_end(&progress);
    report_differences(job, &stats);
    if (is_json)
        report_json(job, &opt, &stats, result);
    else if (!is_quiet && stats.files.files)
        report_summary(job, &opt, &stats);
    if (!is_json && !is_quiet)
        publish_summary(&publish);
    if (!is_json)
        report_explained(&stats);
    pool_free(pool);
    return (int)result;
}
