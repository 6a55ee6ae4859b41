// Home, sections and what lies in them. A folder at the top is a section even
// without _index.md; a deeper one only with it.

#include "model/builder.h"

// A section whose own page is left out (a draft, say) has no list; its pieces
// belong to the section above.
static bool is_left_out(const Builder *b, Str path, uint8_t lang) {
    const Pages *skipped = &b->site->skipped;
    for (size_t i = 0; i < skipped->len; i++)
        if (skipped->items[i]->kind == PAGE_SECTION &&
            skipped->items[i]->lang == lang &&
            str_eq(skipped->items[i]->path, path))
            return true;
    return false;
}

// Sections of all languages stand in one map.
static Str key_of(Arena *a, Str path, uint8_t lang) {
    return lang ? str_fmt(a, "%c%.*s", lang, STR_ARG(path)) : path;
}

static Page *find_section(Builder *b, Str path, uint8_t lang) {
    return map_get(&b->sections, key_of(b->job->scratch, path, lang));
}

static void add_section(Builder *b, Page *p) {
    map_add(&b->sections, key_of(b->job->keep, p->path, p->lang), p);
}

static void register_sections(Builder *b) {
    for (size_t i = 0; i < b->len; i++) {
        Page *p = b->all[i];
        if (p->kind == PAGE_HOME || p->kind == PAGE_SECTION)
            add_section(b, p);
    }
}

static void add_home(Builder *b, uint8_t lang) {
    Page *home = find_section(b, (Str){"", 0}, lang);
    const Language *language = config_language(b->in->cfg, lang);
    if (!home) {
        Page p = {.kind = PAGE_HOME,
                  .lang = lang,
                  .type = type_find(b->in->types, S("page")),
                  .path = S(""),
                  .title = language->title,
                  .link_title = language->title,
                  .url =
                      url_in_language(b->job->keep, b->in->cfg, lang, S("/"))};
        home = builder_add(b, &p);
        add_section(b, home);
    }
    if (!home->title.len)
        home->title = home->link_title = language->title;
    b->site->editions[lang].home = home;
}

// A language has a home page when anything is in it.
static void add_homes(Builder *b) {
    add_home(b, 0);
    b->site->home = b->site->editions[0].home;
    for (size_t i = 0; i < b->len; i++)
        if (!b->site->editions[b->all[i]->lang].home)
            add_home(b, b->all[i]->lang);
}

static Page *make_section(Builder *b, Str path, uint8_t lang) {
    const Page *original = lang ? find_section(b, path, 0) : NULL;
    Str title = original && original->title.len ? original->title : path;
    Page made = {.kind = PAGE_SECTION,
                 .lang = lang,
                 .type = type_find(b->in->types, S("page")),
                 .id = path,
                 .path = path,
                 .dir = path,
                 .title = title,
                 .link_title = title};
    Str url = str_fmt(b->job->keep, "/%.*s/",
                      STR_ARG(url_slug(b->job->scratch, b->in->cfg, path)));
    made.url = url_in_language(b->job->keep, b->in->cfg, lang, url);
    Page *section = builder_add(b, &made);
    add_section(b, section);
    return section;
}

static bool is_taxonomy(const Builder *b, Str folder) {
    const Config *cfg = b->in->cfg;
    for (size_t i = 0; i < cfg->ntaxonomies; i++)
        if (str_eq(cfg->taxonomies[i].plural, folder))
            return true;
    return false;
}

static Page *top_section(Builder *b, const Page *p) {
    Str rest = p->path, top;
    if (str_find(rest, S("/"), 0) == SIZE_MAX)
        return NULL; // at the content root
    str_cut(&rest, '/', &top);
    if (is_taxonomy(b, top)) // its page is the list of terms
        return NULL;
    Page *section = find_section(b, top, p->lang);
    Str key = key_of(b->job->keep, top, p->lang);
    if (section || map_get(&b->hidden, key))
        return section;
    if (is_left_out(b, top, p->lang)) {
        map_add(&b->hidden, key, b);
        return NULL;
    }
    return make_section(b, top, p->lang);
}

// The nearest section above a page's own folder. Pages of one folder follow one
// another: `last` is of the one before.
typedef struct {
    Str dir;
    uint8_t lang;
    Page *section; // NULL: there is none before
} Last;

static Page *section_of(Builder *b, const Page *p, Last *last) {
    bool is_folder = p->kind == PAGE_SECTION || p->is_bundle;
    Str dir = is_folder ? path_dir(p->dir) : p->dir;
    if (last->section && last->lang == p->lang && str_eq(last->dir, dir))
        return last->section;
    ArenaMark mark = arena_mark(b->job->scratch);
    *last = (Last){dir, p->lang, NULL};
    top_section(b, p);
    Page *found = NULL;
    for (; !found; dir = path_dir(dir)) {
        found = find_section(b, dir, p->lang);
        if (!dir.len)
            break;
    }
    arena_reset(b->job->scratch, mark);
    last->section = found ? found : builder_page(b, builder_home(b, p));
    return last->section;
}

static void name_untitled(Page *p) {
    if (!p->title.len)
        p->title = path_base(p->path);
    if (!p->link_title.len)
        p->link_title = p->title;
}

// Pages are added while walking: the length is read anew each time.
static void set_sections(Builder *b) {
    Last last = {0};
    for (size_t i = 0; i < b->len; i++) {
        Page *p = b->all[i];
        if (p->kind == PAGE_REGULAR || p->kind == PAGE_SECTION)
            p->section = section_of(b, p, &last);
        if (p->kind != PAGE_REGULAR)
            name_untitled(p);
    }
}

static const Page *list_of(const Page *p) {
    return p->is_unlisted ? NULL : p->section;
}

static void fill_members(Builder *b) {
    Arena *a = b->job->keep;
    const Pages *regular = &b->site->regular;
    size_t *count = ARENA_ARRAY(b->job->scratch, size_t, b->len);
    for (size_t i = 0; i < regular->len; i++)
        for (const Page *s = list_of(regular->items[i]); s; s = s->section)
            count[s->index]++;
    for (size_t i = 0; i < b->len; i++)
        if (count[i]) {
            b->all[i]->members = pages_new(a, count[i]);
            b->all[i]->members.len = 0;
        }
    for (size_t i = 0; i < regular->len; i++)
        for (const Page *s = list_of(regular->items[i]); s; s = s->section) {
            Pages *m = &builder_page(b, s)->members;
            m->items[m->len++] = regular->items[i];
        }
}

void sections_build(Builder *b) {
    register_sections(b);
    add_homes(b);
    set_sections(b);
    fill_members(b);
}

// Older and newer piece of the same top section.
void neighbours_build(Builder *b) {
    for (size_t i = 0; i < b->len; i++) {
        const Page *s = b->all[i];
        if (s->kind != PAGE_SECTION || !s->section ||
            s->section->kind != PAGE_HOME)
            continue;
        for (size_t k = 0; k < s->dated.len; k++) {
            Page *p = builder_page(b, s->dated.items[k]);
            p->next = k ? s->dated.items[k - 1] : NULL;
            p->prev = k + 1 < s->dated.len ? s->dated.items[k + 1] : NULL;
        }
    }
}
