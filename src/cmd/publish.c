#include "cmd/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/webserver.h"
#include "write/io.h"

enum { MAX_SAID = 20, MAX_FILE = 64 * 1024 * 1024 };

static Str record_name(void) {
    return S("urls.tsv");
}

// --- what is not recorded

static void say_moved(Job *job, const RecordNew *new) {
    diag_note(job->diags, "N-MOVED", (Pos){.path = new->page->src->path},
              _("this piece has moved from '%.*s' to '%.*s'; the old address "
                "leads to the new one"),
              STR_ARG(new->was), STR_ARG(new->page->url));
}

// Without type and language.
static Str bare_id(const Site *site, const RecordNew *new) {
    Str id = new->twin->id, type;
    Str key = config_language(site->cfg, new->page->lang)->key;
    str_cut(&id, '/', &type);
    bool has_key = new->page->lang &&id.len > key.len + 1 &&
                   str_ends(id, key) && id.ptr[id.len - key.len - 1] == '@';
    return has_key ? str_slice(id, 0, id.len - key.len - 1) : id;
}

static void say_twin(Job *job, const Site *site, const RecordNew *new) {
    diag_note(job->diags, "N-RENAMED", (Pos){.path = new->page->src->path},
              _("this piece is new, and one of the same time is gone: '%.*s'"),
              STR_ARG(new->twin->url));
    diag_hint(job->diags,
              _("if it is the same piece in a file with another name, write "
                "id: %.*s in its front matter, and the old address leads here"),
              STR_ARG(bare_id(site, new)));
}

static void say_news(Job *job, const Site *site, const RecordState *state) {
    size_t said = 0;
    for (size_t i = 0; i < state->nnews && said < MAX_SAID; i++) {
        const RecordNew *new = &state->news[i];
        said += new->was.len || new->twin;
        if (new->was.len)
            say_moved(job, new);
        else if (new->twin)
            say_twin(job, site, new);
    }
}

static void say_unrecorded(Job *job, size_t n) {
    diag_note(job->diags, "N-RECORD", (Pos){.path = record_name()},
              _("addresses that are not recorded yet: %zu"), n);
    diag_hint(job->diags, _("once they are public, run: loa build --record"));
}

// --- --record

static bool complain_changed(Job *job) {
    diag_error(job->diags, "E-DISTURBED", (Pos){.path = record_name()},
               _("the file was changed while the site was built; nothing was "
                 "added"));
    diag_hint(job->diags, _("build again when nothing is being saved"));
    return false;
}

// What the file holds now, which must be what was read.
static bool read_again(Job *job, const Loaded *l, Str *out) {
    bool exists = false;
    FsEntry entry;
    if (!fs_stat(job, &l->root, record_name(), &exists, &entry))
        return false;
    if (exists != (l->record != NULL))
        return complain_changed(job);
    if (!exists) {
        *out = S("# id\turl\tfirst published\n");
        return true;
    }
    if (!fs_read(job, job->keep, &l->root, record_name(), MAX_FILE, out))
        return false;
    return hash_eq(hash_bytes(*out), l->record->src->hash) ||
           complain_changed(job);
}

// As the lines before them end.
static void put_lines(Buf *out, Str lines, bool is_crlf) {
    Str line;
    while (str_cut(&lines, '\n', &line))
        if (line.len)
            buf_fmt(out, "%.*s%s", STR_ARG(line), is_crlf ? "\r\n" : "\n");
}

static bool append(Job *job, const Loaded *l, const RecordState *state) {
    Str old;
    if (!read_again(job, l, &old))
        return false;
    Buf lines = {.arena = job->keep}, out = {.arena = job->keep};
    bool is_crlf = str_find(old, S("\r\n"), 0) != SIZE_MAX;
    record_write(&lines, &l->site, state);
    buf_put(&out, old);
    if (old.len && !str_ends(old, S("\n")))
        buf_put(&out, is_crlf ? S("\r\n") : S("\n"));
    put_lines(&out, buf_str(&lines), is_crlf);
    if (io_replace(l->root.fd, "urls.tsv", buf_str(&out)))
        return true;
    return diag_system(job->diags, record_name(), _("write the file"), errno);
}

static void record(Job *job, const Loaded *l, Publish *p) {
    if (!p->state.nnews && l->record)
        return;
    if (!l->record)
        record_compare(job, &l->site, &p->state);
    if (append(job, l, &p->state)) {
        p->added = p->state.nnews;
        p->is_kept = true;
    }
}

// --- .loa/server/

typedef struct {
    Job *job;
    const FsRoot *root;
    int dir;
    int err; // of the first that failed
} Maps;

static int open_folder(int parent, const char *name) {
    if (mkdirat(parent, name, 0777) != 0 && errno != EEXIST)
        return -1;
    return io_open(parent, name, O_RDONLY | O_DIRECTORY);
}

static bool is_same(Job *job, const FsRoot *root, Str path, Str bytes) {
    Diags none = {.arena = job->scratch};
    Job silent = {job->keep, job->scratch, &none, NULL};
    bool exists = false;
    FsEntry entry;
    Str old;
    return fs_stat(&silent, root, path, &exists, &entry) && exists &&
           entry.size == bytes.len &&
           fs_read(&silent, job->scratch, root, path, MAX_FILE, &old) &&
           str_eq(old, bytes);
}

static void keep_map(Maps *m, Str name, Str bytes) {
    ArenaMark mark = arena_mark(m->job->scratch);
    Str path = path_join(m->job->scratch, S(".loa/server"), name);
    if (!is_same(m->job, m->root, path, bytes) &&
        !io_replace(m->dir, str_cstr(m->job->scratch, name), bytes) && !m->err)
        m->err = errno;
    arena_reset(m->job->scratch, mark);
}

static void keep_tables(Maps *m, const Redirects *old) {
    Buf moved = {.arena = m->job->keep}, gone = {.arena = m->job->keep};
    for (size_t i = 0; i < old->len; i++) {
        const Redirect *r = &old->items[i];
        buf_put(r->to.len ? &moved : &gone, r->from);
        if (r->to.len)
            buf_fmt(&moved, "\t%.*s", STR_ARG(r->to));
        buf_putc(r->to.len ? &moved : &gone, '\n');
    }
    keep_map(m, S("redirects.tsv"), buf_str(&moved));
    keep_map(m, S("gone.tsv"), buf_str(&gone));
}

static void keep_maps(Maps *m, const Redirects *old) {
    for (int i = 0; i < 4; i++) {
        Buf b = {.arena = m->job->keep};
        nginx_map(&b, old, i < 2, i & 1);
        keep_map(m, nginx_map_name(i < 2, i & 1), buf_str(&b));
    }
    keep_tables(m, old);
}

// The site is published by now: what fails here is no more than said.
static void keep_server(Job *job, const Loaded *l, const Redirects *old) {
    Maps m = {.job = job, .root = &l->root, .dir = -1};
    int state = open_folder(l->root.fd, ".loa");
    if (state >= 0)
        m.dir = open_folder(state, "server");
    m.err = m.dir < 0 ? errno : 0;
    if (m.dir >= 0) {
        keep_maps(&m, old);
        close(m.dir);
    }
    if (state >= 0)
        close(state);
    // Without the folder nothing old is left there, either.
    if (m.err && (old->len || m.dir >= 0))
        diag_warn(job->diags, "W-SERVER", (Pos){.path = S(".loa/server")},
                  _("the maps of old addresses were not written: %s"),
                  strerror(m.err));
}

// --- the hook

static bool is_preview(const BuildOptions *opt) {
    return opt->flags.drafts || opt->flags.future || opt->flags.expired;
}

static void published(void *ctx, Job *job, const Loaded *l,
                      const Redirects *old) {
    Publish *p = ctx;
    p->state = old->state;
    p->is_kept = l->record != NULL;
    if (is_preview(p->opt))
        return;
    if (p->is_kept)
        say_news(job, &l->site, &old->state);
    if (p->opt->is_record)
        record(job, l, p);
    else if (p->is_kept && old->state.nnews)
        say_unrecorded(job, old->state.nnews);
    if (!p->opt->flags.base_url.len)
        keep_server(job, l, old);
}

bool publish_options(Job *job, const Args *args, BuildOptions *opt,
                     Publish *out) {
    *out = (Publish){.opt = opt};
    opt->is_record = args_has(args, "--record");
    opt->published = published;
    opt->published_ctx = out;
    if (!opt->is_record || (!is_preview(opt) && !opt->is_verify))
        return true;
    diag_error(job->diags, "E-USAGE", (Pos){0},
               _("--record records what is public: it does not go with "
                 "--buildDrafts, --buildFuture, --buildExpired or --verify"));
    diag_hint(job->diags, _("leave one of the two options out"));
    return false;
}

void publish_summary(const Publish *p) {
    if (p->added)
        printf(_("%zu addresses added to urls.tsv\n"), p->added);
}

void publish_json(Arena *a, const Publish *p, Value *out) {
    size_t n = p->is_kept ? p->state.nnews : 0;
    Value record = value_map(a), *items = ARENA_ARRAY(a, Value, n);
    for (size_t i = 0; i < n; i++) {
        const RecordNew *new = &p->state.news[i];
        items[i] = value_map(a);
        value_set(a, &items[i], S("id"), value_str(new->id));
        value_set(a, &items[i], S("url"), value_str(new->page->url));
        value_set(a, &items[i], S("was"), value_str(new->was));
    }
    value_set(a, &record, S("added"), value_int((int64_t)p->added));
    value_set(a, &record, S("new"), value_list(items, n));
    value_set(a, out, S("record"), record);
}
