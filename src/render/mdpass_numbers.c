// Numbers of documents in running text become links to their documents: every
// one, not in headings, links, code and shortcodes. The text stays as it is.
// The last pass, so that the others see whole texts.
//
// What is asked for is noted whether it was found or not: another library
// would give other links.

#include "base/map.h"
#include "parse/docnum.h"
#include "render/md.h"

typedef struct {
    Md *md;
    Map seen;   // key and year -> anything
    Map titled; // address -> anything: the first link to it has the title
    size_t cap;
} Numbers;

static void note(Numbers *n, const NumberUse *use) {
    MarkdownOut *out = n->md->out;
    Arena *keep = n->md->job->keep;
    Str id = str_fmt(n->md->tmp, "%.*s/%d", STR_ARG(use->key), use->year);
    if (map_add(&n->seen, id, n))
        return;
    out->numbers = arena_grow(keep, out->numbers, out->nnumbers, &n->cap,
                              sizeof *out->numbers);
    out->numbers[out->nnumbers++] =
        (NumberUse){str_copy(keep, use->key), use->year};
}

// What is read after the node: the rest of the line, or the next one. A number
// in bold has its date outside.
static Str text_behind(const MdNode *n) {
    while (!n->next && n->parent && n->parent->kind > MD_TEXT)
        n = n->parent;
    n = n->next;
    if (n && n->kind == MD_SOFTBREAK)
        n = n->next;
    return n && n->kind == MD_TEXT ? n->text : (Str){0};
}

static int year_behind(const MdNode *n, const DocNumSpot *spot, size_t i) {
    if (spot->has_year)
        return 0;
    Str rest = str_slice(n->text, spot->ends[i], n->text.len);
    return docnum_year_after(str_trim(rest).len ? rest : text_behind(n));
}

// The longest reading that the library knows; 0: none, else its end.
static size_t find(Numbers *n, const MdNode *node, const DocNumSpot *spot,
                   NumberLink *link) {
    size_t end = 0;
    for (size_t i = 0; i < spot->n; i++) {
        NumberUse use = {spot->keys[i], year_behind(node, spot, i)};
        note(n, &use);
        const MarkdownOptions *opt = n->md->opt;
        if (!end && opt->find_number(n->md->job, opt->ctx, &use, link))
            end = spot->ends[i];
    }
    return end;
}

// Returns the text behind the link.
static MdNode *put_link(Md *md, MdNode *n, size_t start, size_t end,
                        const NumberLink *to) {
    Str s = n->text;
    MdNode *link = md_insert(md, n, MD_LINK, to->url);
    MdNode *rest = md_insert(md, link, MD_TEXT, str_slice(s, end, s.len));
    MdNode *shown = md_node(md->tmp, MD_TEXT, n->line);
    n->text = str_slice(s, 0, start);
    shown->text = str_slice(s, start, end);
    link->extra = to->title;
    link->link = ARENA_NEW(md->tmp, LinkResult);
    link->link->url = to->url;
    md_append(link, shown);
    return rest;
}

// Once a document. A list of short numbers has long titles: they are not held
// against it.
static void take_title(Numbers *n, NumberLink *link) {
    if (map_add(&n->titled, link->url, n))
        link->title = (Str){0};
    n->md->title_bytes += link->title.len;
}

// Returns the last of the nodes that the text has become.
static MdNode *link_text(Numbers *n, MdNode *node) {
    DocNumSpot spot;
    NumberLink link = {0};
    for (size_t at = 0; docnum_scan(n->md->tmp, node->text, at, &spot);) {
        size_t end = find(n, node, &spot, &link);
        at = spot.ends[spot.n - 1];
        if (!end)
            continue;
        take_title(n, &link);
        node = put_link(n->md, node, spot.start, end, &link);
        at = 0;
    }
    return node;
}

static bool is_passed_over(const MdNode *n) {
    return n->kind == MD_HEADING || n->kind == MD_LINK || n->kind == MD_IMAGE ||
           n->kind == MD_CALL ||
           (n->kind == MD_PARAGRAPH && n->flags & MD_TITLE);
}

static void numbers_of(Numbers *n, MdNode *root) {
    for (MdWalk w = md_walk(root); md_walk_next(&w);) {
        if (w.is_exit)
            continue;
        if (is_passed_over(w.node))
            md_walk_skip(&w);
        else if (w.node->kind == MD_TEXT && docnum_may_be_in(w.node->text))
            w.node = link_text(n, w.node);
    }
}

void mdpass_numbers(Md *md) {
    Numbers n = {
        .md = md, .seen = {.arena = md->tmp}, .titled = {.arena = md->tmp}};
    for (size_t i = 0; i < md_ntrees(md); i++)
        if (md_tree(md, i))
            numbers_of(&n, md_tree(md, i));
}
