// Which pages are the same in other languages: files with one logical path, or
// with one translationKey, or one that names another in translation_of.

#include "base/nearest.h"
#include "model/builder.h"

typedef struct {
    Builder *b;
    Map by_path; // of the default language: path -> Page *
    Map by_ref;  // likewise: type/id -> Page *
} Originals;

static bool has_twins(const Page *p) {
    return p->kind != PAGE_YEAR && p->kind != PAGE_MONTH && p->kind != PAGE_404;
}

static Str usual_group(Arena *a, const Page *p) {
    return str_fmt(a, "%s:%.*s", page_kind_name(p->kind), STR_ARG(p->path));
}

static Str ref_of(Arena *a, const Page *p, Str id) {
    return str_fmt(a, "%.*s/%.*s", STR_ARG(p->type->name), STR_ARG(id));
}

static void index_originals(Originals *o, Page **files, size_t n) {
    Arena *a = o->b->job->scratch;
    o->by_path.arena = o->by_ref.arena = a;
    for (size_t i = 0; i < n; i++) {
        Page *p = files[i];
        if (p->lang)
            continue;
        map_add(&o->by_path, p->path, p);
        if (p->kind == PAGE_REGULAR)
            map_add(&o->by_ref, ref_of(a, p, p->id), p);
    }
}

// By id, by path from content/ or by the name of a file in the same folder.
static const Page *find_original(Originals *o, const Page *p) {
    Arena *a = o->b->job->scratch;
    Str want = p->translation_of;
    const Page *found = map_get(&o->by_ref, ref_of(a, p, want));
    bool is_absolute = str_starts(want, S("/"));
    while (str_starts(want, S("/")))
        want = str_slice(want, 1, want.len);
    while (str_ends(want, S("/")))
        want.len--;
    if (str_ends(want, S(".md")))
        want.len -= 3;
    if (!found && !is_absolute && p->dir.len)
        found = map_get(&o->by_path, path_join(a, p->dir, want));
    return found ? found : map_get(&o->by_path, want);
}

static void complain(Originals *o, const Page *p) {
    Builder *b = o->b;
    if (p->skip & SKIP_BROKEN)
        return;
    b->ok = diag_error(b->job->diags, "E-TRANSLATION",
                       page_pos(p, S("translation_of")),
                       _("there is no piece '%.*s' that this is a translation "
                         "of"),
                       STR_ARG(p->translation_of));
    diag_hint(b->job->diags,
              _("write the name of the file of that piece without .md, or "
                "call this file like it: ten-bai.en.md"));
}

static Str group_of(Originals *o, const Page *p) {
    Arena *a = o->b->job->keep;
    if (p->translation_key.len)
        return str_fmt(a, "key:%.*s", STR_ARG(p->translation_key));
    if (!p->lang || !p->translation_of.len)
        return usual_group(a, p);
    const Page *original = find_original(o, p);
    if (!original)
        complain(o, p);
    if (!original || original->kind != p->kind)
        return usual_group(a, p);
    return original->group;
}

// The originals come first: the others take their group and id.
void translations_link(Builder *b, Page **files, size_t n) {
    if (b->in->cfg->nlanguages < 2)
        return;
    ArenaMark mark = arena_mark(b->job->scratch);
    Originals o = {.b = b};
    Map groups = {.arena = b->job->scratch};
    index_originals(&o, files, n);
    for (size_t i = 0; i < n; i++)
        if (!files[i]->lang) {
            files[i]->group = group_of(&o, files[i]);
            map_add(&groups, files[i]->group, files[i]);
        }
    for (size_t i = 0; i < n; i++) {
        Page *p = files[i];
        if (!p->lang)
            continue;
        p->group = group_of(&o, p);
        const Page *original = map_get(&groups, p->group);
        if (original && p->kind == PAGE_REGULAR) {
            p->id = original->id;
            p->id_hash = original->id_hash;
        }
    }
    arena_reset(b->job->scratch, mark);
}

// --- the lists

typedef struct {
    const Page **by_lang;
    size_t len;
} Twins;

static void add_twin(Builder *b, Map *all, Page *p, bool is_last) {
    Arena *a = b->job->scratch;
    if (!p->group.len)
        p->group = usual_group(b->job->keep, p);
    Twins *t = map_get(all, p->group);
    if (!t) {
        t = ARENA_NEW(a, Twins);
        t->by_lang = ARENA_ARRAY(a, const Page *, b->in->cfg->nlanguages);
        map_add(all, p->group, t);
    }
    const Page **place = &t->by_lang[p->lang];
    if (!*place) {
        *place = p;
        t->len++;
        return;
    }
    if (*place == p || !is_last || !p->src || !(*place)->src ||
        (!p->translation_key.len && !p->translation_of.len))
        return; // of one path: the addresses clash, which is said there
    diag_warn(b->job->diags, "W-TRANSLATION", page_pos(p, S("title")),
              _("%.*s is the same piece in the same language"),
              STR_ARG((*place)->src->path));
    diag_hint(b->job->diags,
              _("a piece has one translation in each language; correct "
                "translationKey or translation_of"));
}

static void set_twins(Builder *b, Page *p, const Twins *t) {
    bool is_second = t->by_lang[p->lang] != p;
    p->translations = (Pages){0};
    if (t->len < 2 || is_second)
        return;
    p->translations = pages_new(b->job->keep, t->len - 1);
    size_t n = 0;
    for (size_t i = 0; i < b->in->cfg->nlanguages; i++)
        if (t->by_lang[i] && t->by_lang[i] != p)
            p->translations.items[n++] = t->by_lang[i];
}

void translations_build(Builder *b, bool is_last) {
    if (b->in->cfg->nlanguages < 2)
        return;
    ArenaMark mark = arena_mark(b->job->scratch);
    Map all = {.arena = b->job->scratch};
    for (size_t i = 0; i < b->len; i++)
        if (has_twins(b->all[i]))
            add_twin(b, &all, b->all[i], is_last);
    for (size_t i = 0; i < b->len; i++)
        if (has_twins(b->all[i]))
            set_twins(b, b->all[i], map_get(&all, b->all[i]->group));
    arena_reset(b->job->scratch, mark);
}
