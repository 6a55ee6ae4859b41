#include "write/manifest.h"

#include "base/pack.h"

static const Str MARK = {"loa manifest 2\n", 15};

static bool unpack_files(Job *job, Unpack *u, Manifest *m) {
    uint64_t n = unpack_int(u);
    if (n > u->rest.len) // an entry takes more than a byte
        return false;
    m->files = ARENA_ARRAY(job->keep, ManifestFile, (size_t)n);
    for (; m->len < n && !u->is_bad; m->len++) {
        ManifestFile *f = &m->files[m->len];
        f->content.hash.hi = unpack_int(u);
        f->content.hash.lo = unpack_int(u);
        f->content.size = unpack_int(u);
        f->mtime_ns = (int64_t)unpack_int(u);
        f->path = unpack_str(u);
        if (m->len && str_cmp(f[-1].path, f->path) >= 0)
            return false;
    }
    return !u->is_bad;
}

static bool unpack_dirs(Job *job, Unpack *u, Manifest *m) {
    uint64_t n = unpack_int(u);
    if (n > u->rest.len)
        return false;
    m->dirs.items = ARENA_ARRAY(job->keep, Str, (size_t)n);
    for (; m->dirs.len < n && !u->is_bad; m->dirs.len++)
        m->dirs.items[m->dirs.len] = unpack_str(u);
    return !u->is_bad;
}

static bool unpack(Job *job, Str file, Manifest *m) {
    Unpack u;
    return unpack_open(file, &u) && str_eq(unpack_str(&u), MARK) &&
           unpack_files(job, &u, m) && unpack_dirs(job, &u, m) &&
           u.rest.len == 0;
}

bool manifest_load_as(Job *job, const State *s, const char *name,
                      Manifest *out) {
    bool exists;
    Str file = {0};
    if (!state_read(job, s, name, &exists, &file))
        return false;
    Manifest m = {.bytes = file, .is_known = true};
    if (exists && !unpack(job, file, &m)) {
        m = (Manifest){0};
        diag_warn(job->diags, "E-MANIFEST", (Pos){.path = s->path},
                  _("the list of published files is damaged, so old files "
                    "are left in place this time"));
        diag_hint(job->diags, _("look through the output folder for pages "
                                "that should be gone, or empty the folder "
                                "and build again"));
    }
    *out = m;
    return true;
}

bool manifest_load(Job *job, const State *s, Manifest *out) {
    return manifest_load_as(job, s, MANIFEST_NAME, out);
}

bool manifest_is_same(const ManifestFile *a, const ManifestFile *b) {
    return a->content.size == b->content.size && a->mtime_ns == b->mtime_ns &&
           hash_eq(a->content.hash, b->content.hash);
}

// Steps that double lead away from the guess until `path` is passed.
const ManifestFile *manifest_find(const Manifest *m, Str path, size_t guess) {
    size_t lo = guess < m->len ? guess : 0, hi = lo, step = 1;
    if (guess < m->len && str_eq(m->files[guess].path, path))
        return &m->files[guess];
    while (lo > 0 && str_cmp(m->files[lo].path, path) > 0) {
        hi = lo;
        lo = lo > step ? lo - step : 0;
        step *= 2;
    }
    while (hi < m->len && str_cmp(m->files[hi].path, path) <= 0) {
        lo = hi;
        hi = m->len - hi > step ? hi + step : m->len;
        step *= 2;
    }
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int c = str_cmp(m->files[mid].path, path);
        if (c == 0)
            return &m->files[mid];
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

// Entries that stand together in the old list are copied in one go.
typedef struct {
    Buf *to;
    const Manifest *old;
    const char *from, *end; // that are to be copied
} Copy;

static void copy(Copy *c, const char *from, const char *end) {
    if (from != c->end) {
        if (c->from)
            buf_put(c->to, (Str){c->from, (size_t)(c->end - c->from)});
        c->from = from;
    }
    c->end = end;
}

// Whether the entry that ends with this text, of `fixed` bytes more, could be
// copied from the old list.
static bool copy_entry(Copy *c, Str text, size_t fixed) {
    const char *all = c->old->bytes.ptr;
    size_t head = fixed + (text.len < 128 ? 1 : 2); // as pack_small has it
    if (!all || text.ptr < all || text.ptr >= all + c->old->bytes.len)
        return false;
    copy(c, text.ptr - head, text.ptr + text.len);
    return true;
}

static void pack_file(Copy *c, const ManifestFile *f) {
    bool is_old = f >= c->old->files && f < c->old->files + c->old->len;
    if (is_old && copy_entry(c, f->path, 4 * sizeof(uint64_t)))
        return;
    copy(c, NULL, NULL);
    pack_int(c->to, f->content.hash.hi);
    pack_int(c->to, f->content.hash.lo);
    pack_int(c->to, f->content.size);
    pack_int(c->to, (uint64_t)f->mtime_ns);
    pack_str(c->to, f->path);
}

Str manifest_pack(Arena *a, const Manifest *old,
                  const ManifestFile *const *files, size_t n,
                  const Strs *dirs) {
    Buf b = {.arena = a};
    Copy c = {.to = &b, .old = old};
    buf_reserve(&b, 128 * n + 64 * dirs->len + 64);
    pack_str(&b, MARK);
    pack_int(&b, n);
    for (size_t i = 0; i < n; i++)
        pack_file(&c, files[i]);
    copy(&c, NULL, NULL);
    pack_int(&b, dirs->len);
    for (size_t i = 0; i < dirs->len; i++)
        if (!copy_entry(&c, dirs->items[i], 0)) {
            copy(&c, NULL, NULL);
            pack_str(&b, dirs->items[i]);
        }
    copy(&c, NULL, NULL);
    pack_seal(&b);
    return buf_str(&b);
}
