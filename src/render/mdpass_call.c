// Marks of shortcodes in running text become nodes; what stands between the
// two marks of a pair becomes their children. A paragraph that has nothing
// else is no paragraph.
#include <string.h>

#include "render/mdcall.h"

typedef struct {
    Md *md;
    MdNode *parent; // where children go now
} Builder;

static void add_text(Builder *b, const MdNode *from, Str text) {
    if (!text.len)
        return;
    MdNode *n = md_node(b->md->tmp, MD_TEXT, from->line);
    n->text = text;
    md_append(b->parent, n);
}

static void add_mark(Builder *b, const MdNode *from, uint8_t kind,
                     uint32_t number) {
    bool closes = kind == (uint8_t)MARK_CLOSE[MARK_LEN - 1];
    if (closes && b->parent->kind == MD_CALL && b->parent->number == number) {
        b->parent = b->parent->parent;
        return;
    }
    if (closes) {
        mdcall_misplaced(b->md, number);
        return;
    }
    MdNode *call = md_node(b->md->tmp, MD_CALL, from->line);
    call->number = number;
    md_append(b->parent, call);
    if (kind == (uint8_t)MARK_OPEN[MARK_LEN - 1])
        b->parent = call;
}

static void split_text(Builder *b, const MdNode *n) {
    size_t done = 0, len;
    Str s = n->text;
    for (size_t i = 0; (i = md_search(s, S("\xEF\xB7"), i)) != SIZE_MAX;) {
        uint32_t number;
        uint8_t kind = mdcall_mark(s, i, &len, &number);
        if (!kind || number >= b->md->ntags) {
            i += 2;
            continue;
        }
        add_text(b, n, str_slice(s, done, i));
        add_mark(b, n, kind, number);
        i = done = i + len;
    }
    add_text(b, n, str_slice(s, done, s.len));
}

static bool has_mark(const MdNode *parent) {
    for (const MdNode *n = parent->first; n; n = n->next)
        if (n->kind == MD_TEXT && n->text.len &&
            md_search(n->text, S("\xEF\xB7"), 0) != SIZE_MAX)
            return true;
    return false;
}

static void build_children(Md *md, MdNode *parent) {
    Builder b = {.md = md, .parent = parent};
    MdNode *n = parent->first;
    parent->first = parent->last = NULL;
    for (MdNode *next; n; n = next) {
        next = n->next;
        if (n->kind == MD_TEXT)
            split_text(&b, n);
        else
            md_append(b.parent, n);
    }
    for (; b.parent != parent; b.parent = b.parent->parent)
        mdcall_misplaced(md, b.parent->number);
}

static bool is_blank(const MdNode *n) {
    return n->kind == MD_SOFTBREAK ||
           (n->kind == MD_TEXT && !str_trim(n->text).len);
}

static bool is_all_calls(const MdNode *paragraph) {
    bool has_call = false;
    for (const MdNode *n = paragraph->first; n; n = n->next) {
        if (n->kind != MD_CALL && !is_blank(n))
            return false;
        has_call |= n->kind == MD_CALL;
    }
    return has_call;
}

// Marks in the text of an image are dropped with it, and said to be.
static void build_tree(Md *md, MdNode *root) {
    for (MdWalk w = md_walk(root); md_walk_next(&w);) {
        MdNode *n = w.node;
        if (w.is_exit)
            continue;
        if (n->kind == MD_IMAGE) {
            md_walk_skip(&w);
            continue;
        }
        if (md_has_inlines(n) && has_mark(n))
            build_children(md, n);
        if (n->kind == MD_PARAGRAPH && is_all_calls(n))
            n->flags |= MD_BARE;
    }
}

void mdpass_calls(Md *md) {
    for (size_t i = 0; i < md_ntrees(md); i++)
        if (md_tree(md, i))
            build_tree(md, md_tree(md, i));
}
