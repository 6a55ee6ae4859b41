#include "changes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "model/url.h"
#include "write/changes.h"

// "a/index.html" is known to visitors as "/a/".
static Str url_of(Arena *a, const Config *cfg, Str path) {
    Str dir = path_dir(path);
    if (str_eq(path_base(path), S("index.html")))
        path = dir.len ? str_fmt(a, "%.*s/", STR_ARG(dir)) : dir;
    Str url = str_fmt(a, "/%.*s", STR_ARG(path));
    return url_permalink(a, cfg, url);
}

static int by_url(const void *a, const void *b) {
    const ChangedFile *x = a, *y = b;
    return str_cmp(x->url, y->url);
}

static ChangedFiles name_all(Arena *a, const Config *cfg, const Strs *paths) {
    ChangedFiles out = {ARENA_ARRAY(a, ChangedFile, paths->len), paths->len};
    for (size_t i = 0; i < out.len; i++)
        out.items[i] =
            (ChangedFile){url_of(a, cfg, paths->items[i]), paths->items[i]};
    if (out.len)
        qsort(out.items, out.len, sizeof *out.items, by_url);
    return out;
}

static bool save(Job *job, Str site, const char *name,
                 const ChangedFiles *list) {
    ArenaMark mark = arena_mark(job->scratch);
    Buf b = {.arena = job->scratch};
    for (size_t i = 0; i < list->len; i++) {
        buf_put(&b, list->items[i].url);
        buf_putc(&b, '\n');
    }
    bool ok = changes_save(job, site, name, buf_str(&b));
    int err = errno;
    arena_reset(job->scratch, mark);
    errno = err;
    return ok;
}

static void say(Job *job, Str site) {
    diag_warn(job->diags, "E-CHANGES",
              (Pos){.path = path_join(job->keep, site, S(".loa"))},
              _("the lists of changed and removed pages could not be written: "
                "%s"),
              strerror(errno));
    diag_hint(job->diags, _("copy the whole output folder to the server this "
                            "time; the next build lists the same again"));
}

void changes_list(Job *job, Str site, const Config *cfg, Str publish_dir,
                  const Changes *made, ChangeLists *out) {
    Changes c;
    if (!changes_since(job, publish_dir, made, &c))
        return;
    out->changed = name_all(job->keep, cfg, &c.changed);
    out->removed = name_all(job->keep, cfg, &c.removed);
    if (save(job, site, "changed.txt", &out->changed) &&
        save(job, site, "removed.txt", &out->removed))
        changes_told(job, publish_dir, &c);
    else
        say(job, site);
}
