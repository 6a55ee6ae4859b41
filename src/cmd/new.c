// loa new: a portal, or one piece.
#include <stdio.h>
#include <time.h>

#include "cmd/starter.h"
#include "load.h"

enum { MAX_TYPE = 4 * 1024 * 1024 };

static Date instant(const BuildOptions *opt, int16_t zone) {
    size_t at;
    const char *why;
    Date now = {(int64_t)time(NULL), zone, DATE_SECOND};
    if (opt->clock.len) // the options have checked it
        date_parse(opt->clock, zone, false, &now, &at, &why);
    if (now.precision < DATE_SECOND)
        now.precision = DATE_SECOND;
    return now;
}

// --- a portal

static int new_site(Job *job, const Args *args, const BuildOptions *opt) {
    int16_t zone = 0;
    date_zone(S("Asia/Ho_Chi_Minh"), &zone);
    if (args->nrest < 2) {
        diag_error(job->diags, "E-USAGE", (Pos){0},
                   _("loa new site needs the name of a folder"));
        diag_hint(job->diags, _("write it as: loa new site my-union"));
        return EXIT_USAGE;
    }
    Str dir = args->rest[1];
    while (dir.len > 1 && str_ends(dir, S("/")))
        dir.len--;
    if (!starter_site(job, dir, args_get(args, "--themes"), instant(opt, zone)))
        return EXIT_CONTENT;
    printf(_("The portal is in %.*s. To see it: loa serve --source %.*s\n"),
           STR_ARG(dir), STR_ARG(dir));
    return EXIT_GOOD;
}

// --- a piece

// The path below content/, with .md; what is typed may begin with content/.
static Str piece_path(Arena *a, const Config *cfg, Str path) {
    Str content = str_fmt(a, "%.*s/", STR_ARG(cfg->dirs.content));
    if (str_starts(path, S("./")))
        path = str_slice(path, 2, path.len);
    if (str_starts(path, content))
        path = str_slice(path, content.len, path.len);
    if (str_eq(path_ext(path), S("md")))
        return path;
    return str_fmt(a, "%.*s.md", STR_ARG(path));
}

static const Type *piece_type(const TypeSet *types, Str path) {
    Str folder;
    bool has_folder = str_find(path, S("/"), 0) < path.len;
    bool is_section = str_eq(path_base(path), S("_index.md"));
    str_cut(&path, '/', &folder);
    const Type *type =
        has_folder && !is_section ? map_get(&types->by_section, folder) : NULL;
    return type ? type : type_find(types, S("page"));
}

// A piece in a folder of its own is called as the folder is.
static Str piece_name(Str path) {
    Str stem = path_stem(path_base(path));
    bool is_folder = str_eq(stem, S("index")) || str_eq(stem, S("_index"));
    return is_folder && path_dir(path).len ? path_base(path_dir(path)) : stem;
}

static bool read_types(Job *job, const BuildOptions *opt, Loaded *l) {
    if (!fs_open_root(job, opt->source, &l->root) ||
        !config_load(job, &l->root, &opt->flags, opt->env, &l->cfg) ||
        !source_scan(job, NULL, &l->root, &l->cfg.dirs, &l->sources))
        return false;
    bool ok = true;
    for (size_t i = l->sources.first[SOURCE_TYPE];
         i < l->sources.first[SOURCE_TYPE + 1]; i++)
        ok &= source_load(job, &l->root, MAX_TYPE, &l->sources.items[i]);
    return ok && type_load(job, &l->sources, &l->types);
}

static int write_piece(Job *job, const BuildOptions *opt, const Loaded *l,
                       Str wish) {
    Arena *a = job->keep;
    Str rel = piece_path(a, &l->cfg, wish);
    Str path = path_join(a, l->cfg.dirs.content, rel);
    bool exists;
    FsEntry entry;
    if (!path_is_safe(rel)) {
        diag_error(job->diags, "E-USAGE", (Pos){0},
                   _("'%.*s' cannot be the name of a piece"), STR_ARG(wish));
        diag_hint(job->diags,
                  _("write it as: loa new tin-tuc/ten-bai-viet.md"));
        return EXIT_USAGE;
    }
    if (!fs_stat(job, &l->root, path, &exists, &entry))
        return EXIT_SYSTEM;
    if (exists) {
        diag_error(job->diags, "E-NEW", (Pos){.path = path},
                   _("this file is there already"));
        diag_hint(job->diags, _("choose another name"));
        return EXIT_USAGE;
    }
    const Type *type = piece_type(&l->types, rel);
    Str text = starter_piece(a, &l->types, type, piece_name(rel),
                             instant(opt, l->cfg.zone));
    if (!starter_write(job, path_join(a, opt->source, path), text))
        return EXIT_SYSTEM;
    printf(_("%.*s was made, a piece of type %.*s\n"), STR_ARG(path),
           STR_ARG(type->name));
    return EXIT_GOOD;
}

static int new_piece(Job *job, const BuildOptions *opt, Str wish) {
    Loaded l = {.root.fd = -1};
    int code = EXIT_CONTENT;
    if (read_types(job, opt, &l))
        code = write_piece(job, opt, &l, wish);
    source_drop_all(&l.sources);
    fs_close_root(&l.root);
    return code;
}

int cmd_new(Job *job, int argc, char **argv) {
    Args args;
    BuildOptions opt;
    unsigned threads;
    if (!args_parse(job, argc, argv, 2, &args) ||
        !args_build_options(job, &args, &opt, &threads))
        return EXIT_USAGE;
    bool is_site = args.nrest && str_eq(args.rest[0], S("site"));
    if (is_site)
        return new_site(job, &args, &opt);
    if (args.nrest == 1)
        return new_piece(job, &opt, args.rest[0]);
    if (args.nrest)
        diag_error(job->diags, "E-USAGE", (Pos){0},
                   _("loa new does not know what to do with '%.*s'"),
                   STR_ARG(args.rest[1]));
    else
        diag_error(job->diags, "E-USAGE", (Pos){0},
                   _("loa new needs the name of a file"));
    diag_hint(job->diags, _("see: loa help new"));
    return EXIT_USAGE;
}
