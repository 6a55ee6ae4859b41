// Free words as terms: spellings that differ only in case, Unicode form or
// spacing are one term. Shown is its page's title, else the oldest piece's
// spelling.

#include "base/text.h"
#include "model/builder.h"
#include "model/collate.h"

typedef struct {
    Str name;      // the oldest piece's spelling
    Page *page;    // set when all are counted
    Pages members; // newest first
    size_t count;
    const Page *last; // the piece counted last: a term twice in one counts once
    const Page *oldest;
} Term;

// One taxonomy in one language.
typedef struct {
    Builder *b;
    uint8_t lang;
    Str plural, base_url;
    Map terms;     // text_key -> Term *
    Map spellings; // as written -> Term *: each is folded once
} Taxo;

// All of them.
typedef struct {
    Builder *b;
    size_t n;      // taxonomies
    Taxo *items;   // [language][taxonomy]
    uint32_t *ids; // of each piece and taxonomy: how many, and their places
    size_t nids;   // without how many
    size_t *from;  // by index of a page: where its ids begin
} Work;

static Taxo *taxos_of(const Work *w, const Page *p) {
    return &w->items[p->lang * w->n];
}

static size_t count_names(const Work *w) {
    const Pages *regular = &w->b->site->regular;
    size_t n = 0;
    for (size_t i = 0; i < regular->len; i++)
        for (size_t at = 0; at < w->n; at++)
            n += 1 + regular->items[i]->term_names[at].len;
    return n;
}

// In the order of files, as their names lie in memory.
static void number_names(Work *w) {
    const Builder *b = w->b;
    size_t n = 0;
    for (size_t i = 0; i < b->len; i++) {
        const Page *p = b->all[i];
        if (p->kind != PAGE_REGULAR)
            continue;
        Taxo *taxos = taxos_of(w, p);
        const uint32_t *hash = p->term_hashes;
        w->from[i] = n;
        for (size_t at = 0; at < w->n; at++) {
            Strs names = p->is_unlisted ? (Strs){0} : p->term_names[at];
            w->ids[n++] = (uint32_t)names.len;
            w->nids += names.len;
            for (size_t k = 0; k < names.len; k++)
                w->ids[n++] =
                    map_place(&taxos[at].spellings, names.items[k], *hash++);
        }
    }
}

static Term *find_term(Taxo *t, MapItem *spelling) {
    if (spelling->val)
        return spelling->val;
    Arena *a = t->b->job->scratch;
    Str key = text_key(a, spelling->key);
    Term *term = map_get(&t->terms, key);
    if (!term) {
        term = ARENA_NEW(a, Term);
        map_add(&t->terms, key, term);
    }
    spelling->val = term;
    return term;
}

// Newest first: a term keeps the place of its newest piece.
static void count_terms(Work *w) {
    const Pages *regular = &w->b->site->regular;
    for (size_t i = 0; i < regular->len; i++) {
        const Page *p = regular->items[i];
        const uint32_t *id = w->ids + w->from[p->index];
        for (size_t at = 0; at < w->n; at++) {
            Taxo *t = taxos_of(w, p) + at;
            for (uint32_t k = *id++; k; k--) {
                MapItem *spelling = &t->spellings.items[*id++];
                Term *term = find_term(t, spelling);
                term->name = spelling->key;
                term->oldest = p;
                term->count += term->last != p;
                term->last = p;
            }
        }
    }
}

static Map by_slug(const Taxo *t) {
    Arena *tmp = t->b->job->scratch;
    Map out = {.arena = tmp};
    for (size_t i = 0; i < t->terms.len; i++) {
        Term *term = t->terms.items[i].val;
        map_add(&out, url_slug(tmp, t->b->in->cfg, term->name), term);
    }
    return out;
}

// `tags/luong/_index.md` is the page of the term whose slug, or whose name as
// its title, it has.
static void adopt_pages(Taxo *t) {
    Builder *b = t->b;
    Map slugs = {0}; // made for the first such page
    for (size_t i = 0; i < b->len; i++) {
        Page *p = b->all[i];
        if (p->kind != PAGE_TERM || p->lang != t->lang ||
            !str_eq(p->plural, t->plural))
            continue;
        if (!slugs.arena)
            slugs = by_slug(t);
        Term *term = map_get(&t->terms, text_key(b->job->scratch, p->title));
        if (!term)
            term = map_get(&slugs, url_slug(b->job->scratch, b->in->cfg,
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

static void add_member(Term *term, const Page *p, Pages *mine) {
    Pages *m = &term->members;
    if (m->len && m->items[m->len - 1] == p)
        return;
    m->items[m->len++] = p;
    mine->items[mine->len++] = term->page;
}

static void fill_terms(Work *w) {
    Builder *b = w->b;
    const Pages *regular = &b->site->regular;
    Pages *mine = ARENA_ARRAY(b->job->keep, Pages, regular->len * w->n);
    const Page **room = pages_new(b->job->keep, w->nids).items;
    for (size_t i = 0; i < regular->len; i++) {
        Page *p = builder_page(b, regular->items[i]);
        const uint32_t *id = w->ids + w->from[p->index];
        p->terms = mine;
        for (size_t at = 0; at < w->n; at++, mine++) {
            const Map *spellings = &taxos_of(w, p)[at].spellings;
            mine->items = room;
            for (uint32_t k = *id++; k; k--)
                add_member(spellings->items[*id++].val, p, mine);
            room += mine->len;
        }
    }
    for (size_t i = 0; i < b->in->cfg->nlanguages * w->n; i++)
        for (size_t k = 0; k < w->items[i].terms.len; k++) {
            Term *term = w->items[i].terms.items[k].val;
            term->page->members = term->members;
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

// The pages of the taxonomy and its terms.
static Page *make_pages(Taxo *t) {
    Builder *b = t->b;
    Page *root = taxonomy_page(t);
    if (!root)
        return NULL;
    t->base_url = root->url;
    root->section = b->site->editions[t->lang].home;
    adopt_pages(t);
    for (size_t i = 0; i < t->terms.len; i++) {
        Term *term = t->terms.items[i].val;
        if (!term->page)
            term->page = add_term(t, term);
        term->page->owner = term->page->section = root;
        term->members = pages_new(b->job->keep, term->count);
        term->members.len = 0;
    }
    return root;
}

static void number_and_count(Work *w) {
    Builder *b = w->b;
    Arena *tmp = b->job->scratch;
    size_t nlanguages = b->in->cfg->nlanguages;
    w->items = ARENA_ARRAY(tmp, Taxo, nlanguages * w->n);
    for (size_t i = 0; i < nlanguages * w->n; i++)
        w->items[i] = (Taxo){.b = b,
                             .lang = (uint8_t)(i / w->n),
                             .plural = b->in->cfg->taxonomies[i % w->n].plural,
                             .terms.arena = tmp,
                             .spellings.arena = tmp};
    w->ids = ARENA_ROOM(tmp, uint32_t, count_names(w));
    w->from = ARENA_ROOM(tmp, size_t, b->len);
    number_names(w);
    count_terms(w);
}

void taxonomies_build(Builder *b) {
    ArenaMark mark = arena_mark(b->job->scratch);
    Work w = {.b = b, .n = b->in->cfg->ntaxonomies};
    size_t nlanguages = b->in->cfg->nlanguages;
    number_and_count(&w);
    Page **roots = ARENA_ARRAY(b->job->scratch, Page *, nlanguages * w.n);
    for (size_t at = 0; at < w.n; at++)
        for (size_t i = at; i < nlanguages * w.n; i += w.n)
            if (b->site->editions[w.items[i].lang].home)
                roots[i] = make_pages(&w.items[i]);
    fill_terms(&w);
    for (size_t i = 0; i < nlanguages * w.n; i++)
        if (roots[i])
            sort_terms(&w.items[i], roots[i]);
    for (size_t i = 0; i < b->len; i++) // a term page nobody uses
        if (b->all[i]->kind == PAGE_TERM && !b->all[i]->section)
            b->all[i]->section = builder_home(b, b->all[i]);
    arena_reset(b->job->scratch, mark);
}
