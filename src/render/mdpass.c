// Puts together what the scanner took apart: headings that begin with a mark
// become cells, rows and tables, or fetch a note's body out of the list behind
// them. Then the small passes over blocks.
#include <string.h>

#include "render/mdcall.h"

static uint8_t last_byte(const char *mark) {
    return (uint8_t)mark[MARK_LEN - 1];
}

// The mark that a heading begins with, as its last byte; 0: none.
static uint8_t mark_of(const MdNode *n) {
    if (n->kind != MD_HEADING || !n->first || n->first->kind != MD_TEXT)
        return 0;
    Str s = n->first->text;
    bool is_mark = s.len >= MARK_LEN && !memcmp(s.ptr, MARK_TABLE, 2);
    uint8_t last = is_mark ? (uint8_t)s.ptr[2] : 0;
    return last <= last_byte(MARK_NOTHING) || last == last_byte(MARK_ALONE)
               ? last
               : 0;
}

// The number behind a mark; takes both and the blank behind them off the text.
static size_t take_mark(MdNode *n) {
    Str s = n->first->text;
    size_t i = MARK_LEN, number = 0;
    for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++)
        number = 10 * number + (size_t)(s.ptr[i] - '0');
    i += i < s.len && s.ptr[i] == ' ';
    n->first->text = str_slice(s, i, s.len);
    if (n->last->kind == MD_TEXT &&
        str_ends(n->last->text, S(" " MARK_PROTECT)))
        n->last->text.len -= MARK_LEN + 1;
    return number;
}

typedef struct {
    Md *md;
    MdNode *parent, *table, *row;
} Group;

static void add_row(Group *g, uint32_t line) {
    g->row = md_node(g->md->tmp, MD_ROW, line);
    if (!g->table->first)
        g->row->flags = MD_HEAD;
    md_append(g->table, g->row);
}

static void add_table(Group *g, uint32_t line, size_t number) {
    g->table = md_node(g->md->tmp, MD_TABLE, line);
    g->table->number = (uint32_t)number;
    md_append(g->parent, g->table);
    add_row(g, line);
}

static void add_cell(Group *g, MdNode *heading) {
    heading->kind = MD_CELL;
    heading->nth = g->row->last ? g->row->last->nth + 1 : 0;
    heading->flags = g->row->flags;
    md_append(g->row, heading);
}

// The list behind a note's mark gives its item's children to the note.
// Returns what comes behind the list.
static MdNode *take_note(Group *g, MdNode *heading) {
    size_t number = take_mark(heading);
    MdNode *list = heading->next;
    if (number >= g->md->scan.nnotes || !list || list->kind != MD_LIST)
        return list;
    MdNode *body = md_node(g->md->tmp, MD_NOTE, heading->line);
    for (MdNode *n = list->first->first, *next; n; n = next) {
        next = n->next;
        md_append(body, n);
    }
    g->md->notes[number].body = body;
    return list->next;
}

// What follows is inside the shortcode, up to its end.
static bool take_call(Group *g, const MdNode *heading) {
    size_t len;
    uint32_t number;
    uint8_t kind = mdcall_mark(heading->first->text, MARK_LEN, &len, &number);
    if (!kind || number >= g->md->ntags)
        return false;
    g->table = NULL;
    if (kind == last_byte(MARK_OPEN)) {
        MdNode *call = md_node(g->md->tmp, MD_CALL, heading->line);
        call->number = number;
        md_append(g->parent, call);
        g->parent = call;
    } else if (g->parent->kind == MD_CALL && g->parent->number == number) {
        g->parent = g->parent->parent;
    } else {
        mdcall_misplaced(g->md, number);
    }
    return true;
}

// One child of the container; returns the one to look at next.
static MdNode *group_child(Group *g, MdNode *n) {
    uint8_t mark = mark_of(n);
    MdNode *next = n->next;
    if (mark == last_byte(MARK_NOTE))
        return take_note(g, n);
    if (mark == last_byte(MARK_NOTHING) ||
        (mark == last_byte(MARK_ALONE) && take_call(g, n)))
        return next;
    if (mark == last_byte(MARK_TABLE)) {
        size_t number = take_mark(n);
        if (number >= g->md->scan.ntables)
            return next;
        add_table(g, n->line, number);
        add_cell(g, n);
    } else if (mark && g->table) {
        if (mark == last_byte(MARK_ROW))
            add_row(g, n->line);
        take_mark(n);
        add_cell(g, n);
    } else {
        g->table = NULL;
        md_append(g->parent, n);
    }
    return next;
}

static void group_children(Md *md, MdNode *parent) {
    Group g = {.md = md, .parent = parent};
    MdNode *n = parent->first;
    parent->first = parent->last = NULL;
    while (n)
        n = group_child(&g, n);
    for (; g.parent != parent; g.parent = g.parent->parent)
        mdcall_misplaced(md, g.parent->number);
}

static void group_tree(Md *md, MdNode *root) {
    for (MdWalk w = md_walk(root); md_walk_next(&w);) {
        uint8_t kind = w.node->kind;
        if (!w.is_exit && (kind == MD_DOCUMENT || kind == MD_QUOTE ||
                           kind == MD_ITEM || kind == MD_NOTE))
            group_children(md, w.node);
        else if (!w.is_exit && kind != MD_LIST && kind != MD_CALL)
            md_walk_skip(&w);
    }
}

static void init_notes(Md *md) {
    size_t n = md->scan.nnotes;
    md->notes = ARENA_ARRAY(md->tmp, MdNote, n);
    md->used = ARENA_ARRAY(md->tmp, MdNote *, n);
    for (size_t i = 0; i < n; i++)
        md->notes[i] =
            (MdNote){.label = md->scan.notes[i].label,
                     .line = mdcall_line(md, md->scan.notes[i].line)};
}

// A note in a note comes later in the text than the outer one.
void mdpass_blocks(Md *md) {
    if (!md->scan.nnotes && !md->scan.ntables && !md->ntags)
        return;
    init_notes(md);
    group_tree(md, md->root);
    for (size_t i = 0; i < md->scan.nnotes; i++)
        if (md->notes[i].body)
            group_tree(md, md->notes[i].body);
}

// A paragraph of nothing but an image, which may be a link.
void mdpass_figures(Md *md) {
    for (MdWalk w = md_walk(md->root); md_walk_next(&w);) {
        MdNode *n = w.node;
        if (w.is_exit || n->kind != MD_PARAGRAPH)
            continue;
        const MdNode *only = n->first;
        if (only && only->kind == MD_LINK && !only->next)
            only = only->first;
        if (only && only->kind == MD_IMAGE && !only->next && !n->first->next &&
            !md_is_tight(n))
            n->flags |= MD_FIGURE;
    }
}
