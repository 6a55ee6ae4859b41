#include <string.h>

#include "render/md.h"

MdWalk md_walk(MdNode *root) {
    return (MdWalk){.root = root};
}

bool md_walk_next(MdWalk *w) {
    if (!w->node) {
        w->node = w->root;
        return w->node != NULL;
    }
    bool is_leaf = w->node->kind == MD_TEXT || w->node->kind == MD_SOFTBREAK;
    if (!w->is_exit && !is_leaf) {
        if (w->node->first)
            w->node = w->node->first;
        else
            w->is_exit = true;
        return true;
    }
    if (w->node == w->root)
        return false;
    w->is_exit = !w->node->next;
    w->node = w->node->next ? w->node->next : w->node->parent;
    return true;
}

void md_walk_skip(MdWalk *w) {
    w->is_exit = true;
}

// Far quicker than memmem where the first byte is rare.
size_t md_search(Str s, Str what, size_t from) {
    for (size_t i = from; i < s.len; i++) {
        const char *p = memchr(s.ptr + i, what.ptr[0], s.len - i);
        if (!p)
            break;
        i = (size_t)(p - s.ptr);
        if (what.len <= s.len - i && !memcmp(p, what.ptr, what.len))
            return i;
    }
    return SIZE_MAX;
}

MdNode *md_node(Arena *a, MdKind kind, uint32_t line) {
    MdNode *n = ARENA_NEW(a, MdNode);
    n->kind = (uint8_t)kind;
    n->line = line;
    return n;
}

size_t md_ntrees(const Md *md) {
    return 1 + (md->notes ? md->scan.nnotes : 0);
}

MdNode *md_tree(const Md *md, size_t i) {
    return i ? md->notes[i - 1].body : md->root;
}

bool md_has_inlines(const MdNode *n) {
    return n->kind == MD_PARAGRAPH || n->kind == MD_HEADING ||
           n->kind == MD_CELL || n->kind == MD_EMPH || n->kind == MD_STRONG ||
           n->kind == MD_STRIKE || n->kind == MD_LINK || n->kind == MD_IMAGE ||
           n->kind == MD_CALL;
}

void md_append(MdNode *parent, MdNode *child) {
    child->parent = parent;
    child->next = NULL;
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
}

MdNode *md_insert(Md *md, MdNode *before, MdKind kind, Str text) {
    MdNode *n = md_node(md->tmp, kind, before->line);
    n->text = text;
    n->parent = before->parent;
    n->next = before->next;
    before->next = n;
    if (n->parent->last == before)
        n->parent->last = n;
    return n;
}

bool md_is_tight(const MdNode *paragraph) {
    const MdNode *item = paragraph->parent;
    return item && item->kind == MD_ITEM && item->parent &&
           item->parent->flags & MD_TIGHT;
}

// The marks are three bytes, EF B7 90 to AF.
static bool is_mark(Str s, size_t i) {
    return i + 2 < s.len && s.ptr[i] == '\xEF' && s.ptr[i + 1] == '\xB7' &&
           (uint8_t)s.ptr[i + 2] >= 0x90 && (uint8_t)s.ptr[i + 2] <= 0xAF;
}

static void put_unmarked(Buf *out, Str s) {
    for (;;) {
        const char *p = s.len ? memchr(s.ptr, 0xEF, s.len) : NULL;
        size_t i = p ? (size_t)(p - s.ptr) : s.len;
        buf_put(out, str_slice(s, 0, i));
        if (!p)
            return;
        bool drops = is_mark(s, i);
        if (!drops)
            buf_putc(out, *p);
        s = str_slice(s, i + (drops ? MARK_LEN : 1), s.len);
    }
}

Str md_unmark(Arena *a, Str s) {
    if (!s.len || !memchr(s.ptr, 0xEF, s.len))
        return s;
    Buf out = {.arena = a};
    put_unmarked(&out, s);
    return buf_str(&out);
}

void md_plain(Buf *out, MdNode *root) {
    for (MdWalk w = md_walk(root); md_walk_next(&w);) {
        if (w.is_exit)
            continue;
        if (w.node->kind == MD_TEXT || w.node->kind == MD_CODE)
            put_unmarked(out, w.node->text);
        else if (w.node->kind == MD_SOFTBREAK || w.node->kind == MD_LINEBREAK)
            buf_putc(out, ' ');
    }
}
