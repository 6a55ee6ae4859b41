// Free words as terms: spellings that differ only in case, Unicode form or
// spacing are one term. Shown is its page's title, else the oldest piece's
// spelling.

#include "base/text.h"
#include "model/builder.h"
#include "model/collate.h"

typedef struct {
    Str name; // the oldest piece's spelling
    Page *page;
    size_t count;
    const Page *last; // the piece counted last: a term twice in one counts once
    const Page *oldest;
} Term;

typedef struct {
    Builder *b;
    size_t at; // index of the taxonomy in the config
    uint8_t lang;
    Str plural, base_url;
    Map terms;     // text_key -> Term *
    Map spellings; // as written -> Term *: folding each name once is enough
    Term **uses;   // of each piece, one behind the other
} Taxo;

static Term *find_term(Taxo *t, Str name) {
    Term *term = map_get(&t->spellings, name);
    if (term)
        return term;
    Arena *a = t->b->job->keep;
    Str key = text_key(a, name);
    term = map_get(&t->terms, key);
    if (!term) {
        term = ARENA_NEW(a, Term);
        map_add(&t->terms, key, term);
    }
    map_add(&t->spellings, name, term);
    return term;
}

static Strs names_of(const Taxo *t, const Page *p) {
    return p->is_unlisted ? (Strs){0} : p->term_names[t->at];
}

static size_t count_uses(const Taxo *t, const Pages *regular) {
    size_t n = 0;
    for (size_t i = 0; i < regular->len; i++)
        n += names_of(t, regular->items[i]).len;
    return n;
}

static void count_terms(Taxo *t) {
    const Pages *regular = &t->b->site->editions[t->lang].regular;
    size_t n = 0;
    t->uses = ARENA_ARRAY(t->b->job->scratch, Term *, count_uses(t, regular));
    for (size_t i = 0; i < regular->len; i++) {
        const Page *p = regular->items[i];
        Strs names = names_of(t, p);
        for (size_t k = 0; k < names.len; k++) {
            Term *term = find_term(t, names.items[k]);
            t->uses[n++] = term;
            term->name = names.items[k];
            term->oldest = p;
            term->count += term->last != p;
            term->last = p;
        }
    }
}

// `tags/luong/_index.md` is the page of the term whose slug, or whose name as
// its title, it has.
static void adopt_pages(Taxo *t) {
    Builder *b = t->b;
    Map by_slug = {.arena = b->job->scratch};
    for (size_t i = 0; i < t->terms.len; i++) {
        Term *term = t->terms.items[i].val;
        map_add(&by_slug, url_slug(b->job->scratch, b->in->cfg, term->name),
                term);
    }
    for (size_t i = 0; i < b->len; i++) {
        Page *p = b->all[i];
        if (p->kind != PAGE_TERM || p->lang != t->lang ||
            !str_eq(p->plural, t->plural))
            continue;
        Term *term = map_get(&t->terms, text_key(b->job->scratch, p->title));
        if (!term)
            term = map_get(&by_slug, url_slug(b->job->scratch, b->in->cfg,
                                              path_base(p->path)));
        if (term && !term->page)
            term->page = p;
        if (!p->title.len)
            p->title = term ? term->name : path_base(p->path);
        if (!p->link_title.len)
            p->link_title = p->title;
    }
}

// Two blanks in a row are one, as they are for the key.
static Str squeeze(Arena *a, Str name) {
    Buf b = {.arena = a};
    bool was_space = true;
    for (size_t at = 0, from = 0; at < name.len; from = at) {
        bool is_space = text_is_space(text_next(name, &at));
        if (!is_space)
            buf_put(&b, str_slice(name, from, at));
        else if (!was_space)
            buf_putc(&b, ' ');
        was_space = is_space;
    }
    return buf_str(&b);
}

static Page *add_term(Taxo *t, const Term *term) {
    Builder *b = t->b;
    Arena *a = b->job->keep;
    Str slug = url_slug(a, b->in->cfg, term->name);
    Str name = squeeze(a, term->name);
    if (!slug.len) {
        b->ok = diag_error(
            b->job->diags, "E-TERM", page_pos(term->oldest, t->plural),
            _("no address can be made of the word '%.*s'"), STR_ARG(name));
        diag_hint(b->job->diags, _("write it with letters or digits"));
        slug = S("-"); // for the rest of this build
    }
    Page p = {.kind = PAGE_TERM,
              .lang = t->lang,
              .type = type_find(b->in->types, S("page")),
              .id = slug,
              .plural = t->plural,
              .title = name,
              .link_title = name,
              .witness = term->oldest};
    p.path = str_cat(a, t->plural, S("/"), slug);
    p.url = str_cat(a, t->base_url, slug, S("/"));
    return builder_add(b, &p);
}

static Page *taxonomy_page(Taxo *t) {
    Builder *b = t->b;
    for (size_t i = 0; i < b->len; i++)
        if (b->all[i]->kind == PAGE_TAXONOMY && b->all[i]->lang == t->lang &&
            str_eq(b->all[i]->plural, t->plural))
            return b->all[i];
    if (t->lang && !t->terms.len) // only the words that are used
        return NULL;
    Buf title_buf = {.arena = b->job->keep};
    for (size_t i = 0; i < t->plural.len; i++)
        buf_putc(&title_buf, t->plural.ptr[i] == '-' ? ' ' : t->plural.ptr[i]);
    Str title = buf_str(&title_buf);
    Str url =
        str_fmt(b->job->keep, "/%.*s/",
                STR_ARG(url_slug(b->job->scratch, b->in->cfg, t->plural)));
    Page p = {.kind = PAGE_TAXONOMY,
              .lang = t->lang,
              .type = type_find(b->in->types, S("page")),
              .id = t->plural,
              .path = t->plural,
              .plural = t->plural,
              .title = title,
              .link_title = title,
              .url = url_in_language(b->job->keep, b->in->cfg, t->lang, url)};
    return builder_add(b, &p);
}

static void fill_terms(Taxo *t) {
    Builder *b = t->b;
    Arena *a = b->job->keep;
    const Pages *regular = &b->site->editions[t->lang].regular;
    Term **use = t->uses;
    for (size_t i = 0; i < regular->len; i++) {
        Page *p = builder_page(b, regular->items[i]);
        Strs names = names_of(t, p);
        Pages mine = pages_new(a, names.len);
        mine.len = 0;
        for (size_t k = 0; k < names.len; k++) {
            Page *term = (*use++)->page;
            Pages *m = &term->members;
            if (m->len && m->items[m->len - 1] == p)
                continue;
            m->items[m->len++] = p;
            mine.items[mine.len++] = term;
        }
        p->terms[t->at] = mine;
    }
}

static void sort_terms(Taxo *t, Page *root) {
    Builder *b = t->b;
    size_t n = t->terms.len;
    Str *titles = ARENA_ARRAY(b->job->scratch, Str, n);
    size_t *order = ARENA_ARRAY(b->job->scratch, size_t, n);
    for (size_t i = 0; i < n; i++)
        titles[i] = ((Term *)t->terms.items[i].val)->page->title;
    collate_order(b->job, config_language(b->in->cfg, t->lang)->key, titles, n,
                  order);
    root->members = pages_new(b->job->keep, n);
    for (size_t i = 0; i < n; i++)
        root->members.items[i] = ((Term *)t->terms.items[order[i]].val)->page;
}

static void build_one(Builder *b, size_t at, uint8_t lang) {
    Arena *a = b->job->keep;
    Taxo t = {.b = b,
              .at = at,
              .lang = lang,
              .plural = b->in->cfg->taxonomies[at].plural};
    t.terms.arena = t.spellings.arena = a;
    ArenaMark mark = arena_mark(b->job->scratch);
    count_terms(&t);
    Page *root = taxonomy_page(&t);
    if (!root) {
        arena_reset(b->job->scratch, mark);
        return;
    }
    t.base_url = root->url;
    root->section = b->site->editions[lang].home;
    adopt_pages(&t);
    for (size_t i = 0; i < t.terms.len; i++) {
        Term *term = t.terms.items[i].val;
        if (!term->page)
            term->page = add_term(&t, term);
        term->page->owner = term->page->section = root;
        term->page->members = pages_new(a, term->count);
        term->page->members.len = 0;
    }
    fill_terms(&t);
    sort_terms(&t, root);
    arena_reset(b->job->scratch, mark);
}

void taxonomies_build(Builder *b) {
    size_t n = b->in->cfg->ntaxonomies;
    const Pages *regular = &b->site->regular;
    for (size_t i = 0; i < regular->len; i++)
        builder_page(b, regular->items[i])->terms =
            ARENA_ARRAY(b->job->keep, Pages, n);
    for (size_t at = 0; at < n; at++)
        for (size_t lang = 0; lang < b->in->cfg->nlanguages; lang++)
            if (b->site->editions[lang].home)
                build_one(b, at, (uint8_t)lang);
    for (size_t i = 0; i < b->len; i++) // a term page nobody uses
        if (b->all[i]->kind == PAGE_TERM && !b->all[i]->section)
            b->all[i]->section = builder_home(b, b->all[i]);
}
