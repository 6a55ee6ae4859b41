// A portal from the theme's folder start/, which is itself a small site. What
// git wants has a point before its name there, and stays as it is in a
// repository.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/starter.h"
#include "write/io.h"

enum { MAX_FILE = 64 * 1024 * 1024 };

// --- writing

static bool make_folders(Job *job, Str path) {
    Arena *a = job->scratch;
    for (size_t i = 1; i <= path.len; i++) {
        if (i < path.len && path.ptr[i] != '/')
            continue;
        Str part = str_slice(path, 0, i);
        if (mkdir(str_cstr(a, part), 0777) && errno != EEXIST)
            return diag_system(job->diags, part, _("make the folder"), errno);
    }
    return true;
}

bool starter_write(Job *job, Str path, Str bytes) {
    Str dir = path_dir(path);
    if (dir.len && !make_folders(job, dir))
        return false;
    int fd = open(str_cstr(job->scratch, path),
                  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0)
        return diag_system(job->diags, path, _("make the file"), errno);
    bool ok = io_write(fd, bytes);
    int err = errno;
    if (close(fd) && ok) {
        ok = false;
        err = errno;
    }
    return ok || diag_system(job->diags, path, _("write the file"), err);
}

// --- where the theme is

static Str program_folder(Arena *a) {
    char path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path);
    if (n <= 0)
        return S(".");
    return path_dir(str_copy(a, (Str){path, (size_t)n}));
}

static bool has_start(Arena *a, Str themes) {
    Str file = path_join(a, themes, S("congdoan/start/loa.yaml"));
    return access(str_cstr(a, file), R_OK) == 0;
}

// Beside the program when it is installed; above it in the source tree.
static bool find_themes(Job *job, Str wish, Str *out) {
    static const Str places[] = {S_INIT("../share/loa/themes"),
                                 S_INIT("../themes"), S_INIT("../../themes")};
    Arena *a = job->keep;
    *out = wish;
    if (wish.len && has_start(a, wish))
        return true;
    Str exe = program_folder(a);
    for (size_t i = 0; !wish.len && i < sizeof places / sizeof *places; i++) {
        *out = path_join(a, exe, places[i]);
        if (has_start(a, *out))
            return true;
    }
    diag_error(job->diags, "E-THEME", (Pos){.path = wish},
               _("the theme congdoan was not found"));
    diag_hint(job->diags, _("say where the folder of themes is: --themes DIR"));
    return false;
}

// --- copying

static void put_date(Buf *out, Date now, int days, DatePrecision precision) {
    Date d = now;
    d.unix_seconds += (int64_t)days * 86400;
    DateParts parts = date_parts(d);
    if (precision == DATE_DAY)
        parts.hour = parts.minute = parts.second = 0;
    date_rfc3339(out, date_from_parts(parts, d.offset_minutes, DATE_SECOND));
    if (precision == DATE_DAY)
        out->len -= strlen("T00:00:00+07:00");
}

// @NOW@, @TODAY@, @SOON@ (four weeks later), @LATER@ (a year), @YEAR@.
static Str fill(Arena *a, Str text, Date now) {
    Buf out = {.arena = a};
    buf_reserve(&out, text.len);
    while (text.len) {
        size_t at = str_find(text, S("@"), 0);
        at = at < text.len ? at : text.len;
        buf_put(&out, str_slice(text, 0, at));
        text = str_slice(text, at, text.len);
        Str word = {0}, rest = str_slice(text, 1, text.len);
        str_cut(&rest, '@', &word);
        size_t used = word.len + 2;
        if (str_eq(word, S("NOW")))
            put_date(&out, now, 0, DATE_SECOND);
        else if (str_eq(word, S("TODAY")))
            put_date(&out, now, 0, DATE_DAY);
        else if (str_eq(word, S("SOON")))
            put_date(&out, now, 28, DATE_DAY);
        else if (str_eq(word, S("LATER")))
            put_date(&out, now, 365, DATE_DAY);
        else if (str_eq(word, S("YEAR")))
            buf_fmt(&out, "%d", date_parts(now).year);
        else if (text.len) {
            buf_putc(&out, '@');
            used = 1;
        }
        text = str_slice(text, used, text.len);
    }
    return buf_str(&out);
}

static bool is_text(Str path) {
    Str ext = path_ext(path);
    return str_eq(ext, S("md")) || str_eq(ext, S("yaml"));
}

typedef struct {
    FsRoot theme; // themes/congdoan
    Str to;
    Date now;
} Copy;

static bool copy_file(Job *job, const Copy *c, Str from, Str to) {
    Str text;
    if (!fs_read(job, job->keep, &c->theme, from, MAX_FILE, &text))
        return false;
    if (str_starts(from, S("start/")) && is_text(from))
        text = fill(job->keep, text, c->now);
    return starter_write(job, to, text);
}

// Where a file of the theme goes.
static Str place_of(Arena *a, const Copy *c, Str from) {
    Str start = S("start/");
    if (!str_starts(from, start))
        return path_join(a, path_join(a, c->to, S("themes/congdoan")), from);
    Str name = str_slice(from, start.len, from.len);
    if (str_starts(name, S("git")))
        name = str_fmt(a, ".%.*s", STR_ARG(name));
    return path_join(a, c->to, name);
}

static bool copy_all(Job *job, const Copy *c) {
    FsList files;
    if (!fs_walk(job, &c->theme, (Str){0}, &files))
        return false;
    for (size_t i = 0; i < files.len; i++) {
        const FsEntry *f = &files.items[i];
        if (f->kind == FS_DIR)
            continue;
        if (f->kind != FS_FILE)
            return fs_refuse(job, f);
        Str to = place_of(job->keep, c, f->path);
        bool is_kept = str_starts(path_base(to), S("."));
        if (is_kept && !access(str_cstr(job->scratch, to), F_OK))
            continue;
        if (!copy_file(job, c, f->path, to))
            return false;
    }
    return true;
}

// Names that begin with a point do not count: the folder may be a repository.
static bool is_empty(Job *job, Str dir) {
    FsRoot root;
    FsList files = {0};
    struct stat st;
    if (stat(str_cstr(job->scratch, dir), &st) && errno == ENOENT)
        return true;
    if (!fs_open_root(job, dir, &root))
        return false;
    bool ok = fs_walk(job, &root, (Str){0}, &files);
    fs_close_root(&root);
    if (!ok || !files.len)
        return ok;
    diag_error(job->diags, "E-NEW", (Pos){.path = dir},
               _("this folder is not empty"));
    diag_hint(job->diags, _("give the name of a new folder"));
    return false;
}

bool starter_site(Job *job, Str dir, Str themes, Date now) {
    Copy c = {.to = dir, .now = now};
    if (!is_empty(job, dir) || !find_themes(job, themes, &themes))
        return false;
    Str theme = path_join(job->keep, themes, S("congdoan"));
    if (!fs_open_root(job, theme, &c.theme))
        return false;
    bool ok = copy_all(job, &c);
    fs_close_root(&c.theme);
    return ok;
}
