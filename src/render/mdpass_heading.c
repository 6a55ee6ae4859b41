// Headings: their ids and the facts about them. An id that the author wrote,
// {#id}, wins; the others are made of the text and keep out of its way.
#include "base/map.h"
#include "base/text.h"
#include "render/md.h"

typedef struct {
    MdNode *node;
    Str text; // plain
} Found;

typedef struct {
    Md *md;
    Found *items;
    size_t len, cap;
    Map ids; // of uint32_t *: the last suffix tried
} Headings;

static void add_heading(Headings *h, MdNode *node) {
    h->items =
        arena_grow(h->md->tmp, h->items, h->len, &h->cap, sizeof *h->items);
    h->items[h->len++] = (Found){.node = node};
}

static bool is_id_char(char c) {
    return (uint8_t)c > ' ' && c != '"' && c != '\'' && c != '<' && c != '>' &&
           c != '&' && c != '{' && c != '}' && c != '#' && c != '`';
}

// "{#id}" at the end of the heading's last text is taken off it.
static Str take_id(MdNode *heading) {
    MdNode *last = heading->last;
    if (!last || last->kind != MD_TEXT)
        return (Str){0};
    Str s = str_trim(last->text);
    if (!str_ends(s, S("}")))
        return (Str){0};
    size_t at = s.len - 1;
    while (at && is_id_char(s.ptr[at - 1]))
        at--;
    if (at < 2 || at == s.len - 1 || s.ptr[at - 1] != '#' ||
        s.ptr[at - 2] != '{')
        return (Str){0};
    Str id = str_slice(s, at, s.len - 1), left = last->text;
    left.len = (size_t)(s.ptr + at - 2 - left.ptr);
    while (left.len && (left.ptr[left.len - 1] == ' '))
        left.len--;
    last->text = left;
    return id;
}

static bool add_id(Headings *h, Str id) {
    return !map_add(&h->ids, id, ARENA_NEW(h->md->tmp, uint32_t));
}

static void take_ids(Headings *h) {
    Md *md = h->md;
    for (size_t i = 0; i < h->len; i++) {
        MdNode *n = h->items[i].node;
        n->extra = text_clean(md->tmp, md_unmark(md->tmp, take_id(n)));
        if (!n->extra.len || add_id(h, n->extra) || !md_may_err(md))
            continue;
        diag_error(
            md->job->diags, "E-HEADING-ID", md_find(md, n->line, n->extra),
            _("the id '%.*s' is used twice on this page"), STR_ARG(n->extra));
        diag_hint(md->job->diags,
                  _("write another id between {# and }, or none: then one is "
                    "made from the heading"));
    }
}

static Str slug_of(Headings *h, Str text) {
    Str slug = h->md->opt->unicode_ids ? text_slug_unicode(h->md->tmp, text)
                                       : text_slug(h->md->tmp, text);
    return slug.len ? slug : S("muc");
}

static Str free_id(Headings *h, Str text) {
    Str slug = slug_of(h, text), id = slug;
    if (add_id(h, slug))
        return slug;
    uint32_t *suffix = map_get(&h->ids, slug);
    do
        id = str_fmt(h->md->tmp, "%.*s-%u", STR_ARG(slug), ++*suffix);
    while (!add_id(h, id));
    return id;
}

static void take_texts(Headings *h) {
    for (size_t i = 0; i < h->len; i++) {
        Found *f = &h->items[i];
        Buf text = {.arena = h->md->tmp};
        md_plain(&text, f->node);
        f->text = str_trim(text_clean(h->md->tmp, buf_str(&text)));
        if (!f->node->extra.len)
            f->node->extra = free_id(h, f->text);
    }
}

static void keep_facts(const Headings *h) {
    Arena *keep = h->md->job->keep;
    MarkdownOut *out = h->md->out;
    out->headings = ARENA_ARRAY(keep, Heading, h->len);
    out->nheadings = h->len;
    for (size_t i = 0; i < h->len; i++) {
        const Found *f = &h->items[i];
        out->headings[i] =
            (Heading){.level = (uint8_t)f->node->number,
                      .id = str_copy(keep, f->node->extra),
                      .text = str_copy(keep, f->text),
                      .line = h->md->first_line + f->node->line - 1};
    }
}

// The ids of footnotes are taken, whether a heading comes to them or not.
static void reserve_note_ids(Headings *h) {
    for (size_t i = 1; i <= h->md->nused; i++) {
        add_id(h, str_fmt(h->md->tmp, "fn-%zu", i));
        add_id(h, str_fmt(h->md->tmp, "fnref-%zu", i));
        for (uint32_t k = 2; k <= h->md->used[i - 1]->uses; k++)
            add_id(h, str_fmt(h->md->tmp, "fnref-%zu-%u", i, k));
    }
}

static void find_headings(Headings *h, MdNode *root) {
    for (MdWalk w = md_walk(root); md_walk_next(&w);) {
        if (w.is_exit)
            continue;
        if (w.node->kind == MD_HEADING)
            add_heading(h, w.node);
        if (w.node->kind >= MD_CODE_BLOCK && w.node->kind <= MD_CELL)
            md_walk_skip(&w);
    }
}

void mdpass_headings(Md *md) {
    Headings h = {.md = md, .ids = {.arena = md->tmp}};
    find_headings(&h, md->root);
    for (size_t i = 0; i < md->nused; i++)
        find_headings(&h, md->used[i]->body);
    if (!h.len)
        return;
    reserve_note_ids(&h);
    take_ids(&h);
    take_texts(&h);
    keep_facts(&h);
}
