// Home, sections and what lies in them. A folder at the top is a section even
// without _index.md; a deeper one only with it.

#include "model/builder.h"

// A section whose own page is left out (a draft, say) has no list; its pieces
// belong to the section above.
static bool is_left_out(const Builder *b, Str path) {
    const Pages *skipped = &b->site->skipped;
    for (size_t i = 0; i < skipped->len; i++)
        if (skipped->items[i]->kind == PAGE_SECTION &&
            str_eq(skipped->items[i]->path, path))
            return true;
    return false;
}

static void register_sections(Builder *b) {
    for (size_t i = 0; i < b->len; i++) {
        Page *p = b->all[i];
        if (p->kind == PAGE_HOME || p->kind == PAGE_SECTION)
            map_add(&b->sections, p->path, p);
    }
}

static void add_home(Builder *b) {
    Page *home = map_get(&b->sections, (Str){"", 0});
    if (!home) {
        const Config *cfg = b->in->cfg;
        Page p = {.kind = PAGE_HOME,
                  .type = type_find(b->in->types, S("page")),
                  .path = S(""),
                  .title = cfg->title,
                  .link_title = cfg->title,
                  .url = S("/")};
        home = builder_add(b, &p);
        map_add(&b->sections, home->path, home);
    }
    if (!home->title.len)
        home->title = home->link_title = b->in->cfg->title;
    b->site->home = home;
}

static Page *top_section(Builder *b, const Page *p) {
    Str rest = p->path, top;
    if (str_find(rest, S("/"), 0) == SIZE_MAX)
        return NULL; // at the content root
    str_cut(&rest, '/', &top);
    Page *section = map_get(&b->sections, top);
    if (section || map_get(&b->hidden, top))
        return section;
    if (is_left_out(b, top)) {
        map_add(&b->hidden, top, b);
        return NULL;
    }
    Page made = {.kind = PAGE_SECTION,
                 .type = type_find(b->in->types, S("page")),
                 .id = top,
                 .path = top,
                 .dir = top,
                 .title = top,
                 .link_title = top};
    made.url = str_fmt(b->job->keep, "/%.*s/",
                       STR_ARG(url_slug(b->job->scratch, b->in->cfg, top)));
    section = builder_add(b, &made);
    map_add(&b->sections, top, section);
    return section;
}

// The nearest section above a page's own folder.
static Page *section_of(Builder *b, const Page *p) {
    top_section(b, p);
    Page *found = NULL;
    for (Str dir = path_dir(p->path); !found; dir = path_dir(dir)) {
        found = map_get(&b->sections, dir);
        if (!dir.len)
            break;
    }
    return found ? found : builder_page(b, b->site->home);
}

static void name_untitled(Page *p) {
    if (!p->title.len)
        p->title = path_base(p->path);
    if (!p->link_title.len)
        p->link_title = p->title;
}

// Pages are added while walking: the length is read anew each time.
static void set_sections(Builder *b) {
    for (size_t i = 0; i < b->len; i++) {
        Page *p = b->all[i];
        if (p->kind == PAGE_REGULAR || p->kind == PAGE_SECTION)
            p->section = section_of(b, p);
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
    add_home(b);
    set_sections(b);
    fill_members(b);
}

// Older and newer piece of the same top section.
void neighbours_build(Builder *b) {
    for (size_t i = 0; i < b->len; i++) {
        const Page *s = b->all[i];
        if (s->kind != PAGE_SECTION || s->section != b->site->home)
            continue;
        for (size_t k = 0; k < s->dated.len; k++) {
            Page *p = builder_page(b, s->dated.items[k]);
            p->next = k ? s->dated.items[k - 1] : NULL;
            p->prev = k + 1 < s->dated.len ? s->dated.items[k + 1] : NULL;
        }
    }
}
