// loa template: one template and some data to text, without a site. What the
// conformance suite and curious authors use.
#include <stdio.h>
#include <time.h>

#include "base/json.h"
#include "base/text.h"
#include "cmd/args.h"
#include "render/eval.h"

enum { MAX_FILE = 64 * 1024 * 1024 };

// --- Files ---

// Where partials come from; none without --templates.
typedef struct {
    FsRoot root;
    FsList files;
    TemplateSet set;
} Library;

// Bytes as they are, for the conformance suite has carriage returns to keep;
// but the rest of loa relies on valid UTF-8.
static bool read_text(Job *job, const FsRoot *root, Str path, Source *out) {
    bool exists;
    *out = (Source){.kind = SOURCE_LAYOUT, .path = path, .rel = path};
    if (!fs_stat(job, root, path, &exists, &out->entry) || !exists ||
        !fs_read(job, job->keep, root, path, MAX_FILE, &out->text))
        return false;
    size_t bad = text_invalid_at(out->text);
    if (bad == SIZE_MAX)
        return true;
    diag_error(job->diags, "E-UTF8", source_pos_at(out, bad),
               _("this is not valid UTF-8"));
    diag_hint(job->diags, _("save the file as UTF-8"));
    return false;
}

static bool missing(Job *job, Str path) {
    diag_error(job->diags, "E-USAGE", (Pos){.path = path},
               _("there is no such file"));
    diag_hint(job->diags, _("see: loa help template"));
    return false;
}

// A file anywhere, by the path the user gave. *code is set when it fails.
static bool open_file(Job *job, Str path, Source *out, int *code) {
    Str dir = path_dir(path), slash = S("/");
    FsRoot root;
    if (!dir.len)
        dir = str_starts(path, slash) ? slash : S(".");
    *code = EXIT_USAGE;
    if (!fs_open_root(job, dir, &root))
        return false;
    bool exists;
    FsEntry entry;
    bool good = fs_stat(job, &root, path_base(path), &exists, &entry);
    if (good && !exists)
        good = missing(job, path);
    else if (good) {
        *code = EXIT_CONTENT;
        good = read_text(job, &root, path_base(path), out);
    }
    fs_close_root(&root);
    out->path = path;
    return good;
}

static bool read_data(Job *job, Str path, Value *out, int *code) {
    Source src = {0};
    *out = value_map(job->keep);
    if (!path.len)
        return true;
    if (!open_file(job, path, &src, code) ||
        !json_parse(job, job->keep, path, src.text, out))
        return false;
    if (out->kind == VALUE_MAP)
        return true;
    diag_error(job->diags, "E-JSON", (Pos){.path = path},
               _("the data must be an object with names"));
    diag_hint(job->diags, _("write {\"name\": value, ...}"));
    return false;
}

// --- Partials: only those that are named are read ---

static Str without_ext(Str path) {
    Str ext = path_ext(path);
    return ext.len ? str_slice(path, 0, path.len - ext.len - 1) : path;
}

static bool load(Job *job, Library *lib, Str path, const Template **out) {
    Source *src = ARENA_NEW(job->keep, Source);
    Template *t = ARENA_NEW(job->keep, Template);
    if (!read_text(job, &lib->root, path, src) ||
        !liquid_parse(job, src, LIQUID_PLAIN, t))
        return false;
    src->path = path_join(job->keep, lib->root.path, path);
    t->name = without_ext(path);
    map_add(&lib->set.by_name, t->name, t);
    *out = t;
    return true;
}

static bool load_named(Job *job, Library *lib, const Template *t);

// The file a name means; what is missing is an error where it is used.
static bool load_name(Job *job, Library *lib, Str name) {
    for (size_t i = 0; i < lib->files.len; i++) {
        const FsEntry *f = &lib->files.items[i];
        const Template *t;
        if (f->kind != FS_FILE || !str_eq(without_ext(f->path), name) ||
            map_get(&lib->set.by_name, name))
            continue;
        return load(job, lib, f->path, &t) && load_named(job, lib, t);
    }
    return true;
}

static bool load_all(Job *job, Library *lib) {
    bool good = true;
    for (size_t i = 0; i < lib->files.len; i++)
        good &= load_name(job, lib, without_ext(lib->files.items[i].path));
    return good;
}

static bool load_named(Job *job, Library *lib, const Template *t) {
    bool good = true;
    for (size_t i = 0; i < t->includes.len; i++) {
        Str name = t->includes.items[i], folder = S("partials");
        good &= load_name(job, lib, name) &&
                load_name(job, lib, path_join(job->keep, folder, name));
    }
    return good && (!t->has_dynamic || load_all(job, lib));
}

// --- The command ---

static bool run(Job *job, const Args *args, const Library *lib,
                const Template *t, const Value *data) {
    EvalEnv env = {.templates = &lib->set,
                   .lang = S("vi"),
                   .no_escape = args_has(args, "--no-escape")};
    date_zone(S("Asia/Ho_Chi_Minh"), &env.zone);
    env.now = (Date){(int64_t)time(NULL), env.zone, DATE_SECOND};
    Buf out = {.arena = job->keep};
    if (!eval_template(job, &env, t, data, (Str){0}, &out))
        return false;
    // main() checks that all of it could be written.
    fwrite(out.ptr ? out.ptr : "", 1, out.len, stdout);
    return true;
}

static int render(Job *job, const Args *args, Library *lib) {
    Source src = {0};
    Template t;
    Value data;
    int code;
    if (!read_data(job, args_get(args, "--data"), &data, &code) ||
        !open_file(job, args->rest[0], &src, &code))
        return code;
    bool good = liquid_parse(job, &src, LIQUID_PLAIN, &t) &&
                load_named(job, lib, &t) && run(job, args, lib, &t, &data);
    return good ? EXIT_GOOD : EXIT_CONTENT;
}

int cmd_template(Job *job, int argc, char **argv) {
    Args args;
    if (!args_parse(job, argc, argv, 1, &args))
        return EXIT_USAGE;
    if (!args.nrest) {
        diag_error(job->diags, "E-USAGE", (Pos){0},
                   _("loa template needs the name of a file"));
        diag_hint(job->diags, _("see: loa help template"));
        return EXIT_USAGE;
    }
    Library lib = {.root.fd = -1, .set.by_name.arena = job->keep};
    Str dir = args_get(&args, "--templates");
    if (dir.len && (!fs_open_root(job, dir, &lib.root) ||
                    !fs_walk(job, &lib.root, (Str){0}, &lib.files))) {
        fs_close_root(&lib.root);
        return EXIT_USAGE;
    }
    int code = render(job, &args, &lib);
    fs_close_root(&lib.root);
    return code;
}
