// A table's tags. The box around it takes the focus and scrolls, so that a
// wide table never makes the page wider than the screen (WCAG 1.4.10, 2.1.1).
#include "render/md.h"

static void put(Md *md, Str s) {
    buf_put(&md->html, s);
}

static const MdTable *table_of(const Md *md, const MdNode *table) {
    return &md->scan.tables[table->number];
}

static void table_tag(Md *md, const MdNode *n, bool is_exit) {
    if (is_exit) {
        put(md, n->first != n->last ? S("</tbody>\n") : S(""));
        put(md, S("</table>\n</div>\n"));
        return;
    }
    Str label = md->opt->words.table;
    mdhtml_newline(md);
    put(md, S("<div class=\"table\" tabindex=\"0\" role=\"region\" "
              "aria-label=\""));
    mdhtml_attribute(md, label.len ? label : S("Bảng"));
    buf_fmt(&md->html, " %u\">\n<table>\n", n->number + 1);
}

static void open_cell(Md *md, MdAlign align, bool is_head) {
    static const char *const NAMES[] = {"", "left", "center", "right"};
    put(md, is_head ? S("<th scope=\"col\"") : S("<td"));
    if (align != ALIGN_NONE)
        buf_fmt(&md->html, " class=\"a-%s\"", NAMES[align]);
    put(md, S(">"));
}

static void cell_tag(Md *md, const MdNode *n, bool is_exit) {
    bool is_head = n->flags & MD_HEAD;
    const MdTable *t = table_of(md, n->parent->parent);
    if (is_exit)
        put(md, is_head ? S("</th>\n") : S("</td>\n"));
    else
        open_cell(md, n->nth < t->ncols ? t->align[n->nth] : ALIGN_NONE,
                  is_head);
}

// A short row is filled up; the output's limit holds here too, since a wide
// head over many short rows grows with the square of the text.
static void fill_row(Md *md, const MdNode *row) {
    const MdTable *t = table_of(md, row->parent);
    uint32_t n = row->last ? row->last->nth + 1 : 0;
    for (; n < t->ncols && md->html.len <= md->max_html; n++) {
        open_cell(md, t->align[n], false);
        put(md, S("</td>\n"));
    }
}

static void row_tag(Md *md, const MdNode *n, bool is_exit) {
    bool is_head = n->flags & MD_HEAD;
    if (!is_exit) {
        put(md, is_head ? S("<thead>\n") : S(""));
        put(md, n == n->parent->first->next ? S("<tbody>\n") : S(""));
        put(md, S("<tr>\n"));
        return;
    }
    fill_row(md, n);
    put(md, S("</tr>\n"));
    put(md, is_head ? S("</thead>\n") : S(""));
}

void mdtable_tag(Md *md, const MdNode *n, bool is_exit) {
    if (n->kind == MD_TABLE)
        table_tag(md, n, is_exit);
    else if (n->kind == MD_ROW)
        row_tag(md, n, is_exit);
    else
        cell_tag(md, n, is_exit);
}
