// How it works: each line is first matched against the open containers, then
// looked at for new ones, exactly as CommonMark's appendix on parsing says; of
// leaf blocks only the kind of the open one is kept. What is not rewritten is
// not touched: the text is copied in runs between the rewritten lines.
#include "render/mdscan.h"

#include <string.h>

#include "render/mdblock.h"

typedef enum { BOX_QUOTE, BOX_ITEM, BOX_NOTE } BoxKind;

typedef struct {
    uint8_t kind;
    bool has_child;
    size_t indent; // columns a line must have to belong to an item or note
} Box;

typedef enum {
    LEAF_NONE,
    LEAF_PARAGRAPH,
    LEAF_FENCE,
    LEAF_INDENTED,
    LEAF_HTML,
    LEAF_TABLE,
} Leaf;

typedef struct {
    Arena *arena;
    Str text;
    bool rewrites;
    MdScan *out;
    Buf buf; // the rewritten text up to `done`
    size_t done;
    uint32_t done_line; // of the source, at `done`
    uint32_t out_line;  // of the rewritten text, at its end
    // the line
    uint32_t line;
    size_t start, end;
    size_t offset, column;      // of the rest; inside a tab offset stays on it
    size_t first, first_column; // of the first character that is no blank
    size_t indent;
    bool is_looked, is_blank;
    // what is open
    Box boxes[MD_MAX_DEPTH];
    size_t depth, matched;
    Leaf leaf;
    char fence;
    size_t fence_len;
    int html;
    // the paragraph's last line: a table's heads, perhaps
    size_t row_at, row_start, row_end;
    uint32_t row_line;
    bool row_opens; // the line stands behind the marks of its containers
    // this line
    bool is_settled, in_paragraph, may_be_lazy, is_done, has_opened;
    uint8_t kind; // MdLineKind
    ScanResult result;
} Scan;

// ---- the line

static void look(Scan *s) {
    if (!s->is_looked || s->first < s->offset) {
        s->first = s->offset;
        s->first_column = s->column;
        for (; s->first < s->end; s->first++) {
            if (s->text.ptr[s->first] == '\t')
                s->first_column += 4 - s->first_column % 4;
            else if (s->text.ptr[s->first] == ' ')
                s->first_column++;
            else
                break;
        }
        s->is_looked = true;
    }
    s->indent = s->first_column - s->column;
    s->is_blank = s->first == s->end;
}

static void advance(Scan *s, size_t columns) {
    while (columns && s->offset < s->end) {
        bool is_tab = s->text.ptr[s->offset] == '\t';
        size_t width = is_tab ? 4 - s->column % 4 : 1;
        size_t step = width < columns ? width : columns;
        s->column += step;
        s->offset += step == width;
        columns -= step;
    }
}

static void advance_to_first(Scan *s) {
    s->offset = s->first;
    s->column = s->first_column;
}

static Str rest(const Scan *s) {
    return str_slice(s->text, s->first, s->end);
}

static bool is_blank_at(const Scan *s, size_t i) {
    return i < s->end && (s->text.ptr[i] == ' ' || s->text.ptr[i] == '\t');
}

// ---- writing

static void add_run(Scan *s, uint32_t source_line) {
    MdScan *o = s->out;
    o->runs =
        arena_grow(s->arena, o->runs, o->nruns, &o->cap_runs, sizeof *o->runs);
    o->runs[o->nruns++] = (MdLineRun){s->out_line, source_line};
}

// Copies the source up to a place on line `line`.
static void copy_to(Scan *s, size_t to, uint32_t line) {
    if (!s->buf.cap)
        buf_reserve(&s->buf, s->text.len + s->text.len / 2);
    buf_put(&s->buf, str_slice(s->text, s->done, to));
    s->out_line += line - s->done_line;
    s->done = to;
    s->done_line = line;
}

// Ends a line of ours; what follows stands for `source_line`.
static void end_line(Scan *s, uint32_t source_line) {
    buf_putc(&s->buf, '\n');
    s->out_line++;
    add_run(s, source_line);
}

// The source goes on at `from`, which is on line `line`.
static void skip_to(Scan *s, size_t from, uint32_t line) {
    s->done = from;
    s->done_line = line;
}

// What a line needs to belong to the first `depth` containers. Returns its
// length, which is its columns too.
static size_t put_prefix(Scan *s, size_t depth) {
    size_t before = s->buf.len;
    for (size_t i = 0; i < depth; i++) {
        if (s->boxes[i].kind == BOX_QUOTE)
            buf_put(&s->buf, S("> "));
        for (size_t k = 0; k < s->boxes[i].indent; k++)
            buf_putc(&s->buf, ' ');
    }
    return s->buf.len - before;
}

static void put_separator(Scan *s) {
    copy_to(s, s->start, s->line);
    add_run(s, s->line);
    put_prefix(s, s->matched);
    buf_put(&s->buf, S("# " MARK_NOTHING));
    end_line(s, s->line);
}

// ---- containers

// Closes what this line has left, before something new is opened. A note is a
// list item for cmark, and a list of the author's must not go on with it.
static void settle(Scan *s) {
    if (s->is_settled)
        return;
    s->is_settled = true;
    if (s->matched < s->depth && s->boxes[s->matched].kind == BOX_NOTE)
        put_separator(s);
    s->depth = s->matched;
    s->leaf = LEAF_NONE;
}

static void add_child(Scan *s) {
    if (s->depth)
        s->boxes[s->depth - 1].has_child = true;
}

static void refuse(Scan *s, ScanResult why) {
    s->result = why;
    s->out->bad_line = s->line;
}

static void open_leaf(Scan *s, Leaf leaf) {
    settle(s);
    add_child(s);
    s->leaf = leaf;
    s->is_done = true;
}

static void push(Scan *s, BoxKind kind, size_t indent) {
    add_child(s);
    if (s->depth == MD_MAX_DEPTH) {
        refuse(s, SCAN_TOO_DEEP);
        return;
    }
    s->boxes[s->depth++] = (Box){.kind = (uint8_t)kind, .indent = indent};
    s->matched = s->depth;
    s->in_paragraph = s->may_be_lazy = false;
    s->has_opened = true;
}

static bool match_quote(Scan *s) {
    if (s->indent > 3 || s->is_blank || s->text.ptr[s->first] != '>')
        return false;
    advance(s, s->indent + 1);
    if (is_blank_at(s, s->offset))
        advance(s, 1);
    return true;
}

static bool match_box(Scan *s, const Box *box) {
    look(s);
    if (box->kind == BOX_QUOTE)
        return match_quote(s);
    if (s->indent >= box->indent) {
        advance(s, box->indent);
        return true;
    }
    if (!s->is_blank || !box->has_child)
        return false;
    advance_to_first(s);
    return true;
}

static void match_boxes(Scan *s) {
    s->matched = 0;
    while (s->matched < s->depth && match_box(s, &s->boxes[s->matched]))
        s->matched++;
    look(s);
}

static bool open_quote(Scan *s) {
    if (s->text.ptr[s->first] != '>')
        return false;
    settle(s);
    match_quote(s);
    push(s, BOX_QUOTE, 0);
    return true;
}

// List item: mark, then one to four columns; five or more belong to the item's
// first block, which is code then.
static bool open_item(Scan *s) {
    size_t mark = mdblock_list(rest(s), s->in_paragraph);
    if (!mark)
        return false;
    settle(s);
    size_t indent = s->indent + mark;
    advance_to_first(s);
    advance(s, mark);
    size_t offset = s->offset, from = s->column;
    while (s->column - from <= 5 && is_blank_at(s, s->offset))
        advance(s, 1);
    size_t gap = s->column - from;
    if (gap >= 5 || gap < 1 || s->offset == s->end) {
        s->offset = offset;
        s->column = from;
        advance(s, gap ? 1 : 0);
        gap = 1;
    }
    s->is_looked = false;
    push(s, BOX_ITEM, indent + gap);
    return true;
}

// ---- footnotes

static void add_note(Scan *s, Str label) {
    MdScan *o = s->out;
    o->notes = arena_grow(s->arena, o->notes, o->nnotes, &o->cap_notes,
                          sizeof *o->notes);
    o->notes[o->nnotes++] = (MdMark){label, s->line};
}

// "[^1]: text" becomes a heading that is only a mark, and "+   text". An empty
// one needs a block of its own, or the item would end with the next line.
static bool open_note(Scan *s) {
    Str label;
    size_t len = s->rewrites ? mdblock_note(rest(s), &label) : 0;
    if (!len)
        return false;
    settle(s);
    add_note(s, label);
    copy_to(s, s->first, s->line);
    buf_fmt(&s->buf, "# " MARK_NOTE "%zu", s->out->nnotes - 1);
    end_line(s, s->line);
    s->column = put_prefix(s, s->depth) + 4;
    s->offset = s->first + len;
    while (is_blank_at(s, s->offset))
        s->offset++;
    s->is_looked = false;
    buf_put(&s->buf, S("+   "));
    if (s->offset == s->end)
        buf_put(&s->buf, S("# " MARK_NOTHING));
    skip_to(s, s->offset, s->line);
    push(s, BOX_NOTE, 4);
    if (s->depth && s->boxes[s->depth - 1].kind == BOX_NOTE)
        s->boxes[s->depth - 1].has_child = true;
    return true;
}

// ---- tables

static MdTable *add_table(Scan *s, uint32_t ncols) {
    MdScan *o = s->out;
    o->tables = arena_grow(s->arena, o->tables, o->ntables, &o->cap_tables,
                           sizeof *o->tables);
    MdTable *t = &o->tables[o->ntables++];
    *t = (MdTable){ncols, ARENA_ARRAY(s->arena, uint8_t, ncols)};
    return t;
}

// The cell's text, with `\|` as `|`. A mark at the end keeps a '#' from being
// taken for the end of the heading that the cell is for cmark.
static void put_cell(Scan *s, Str mark, Str cell) {
    buf_put(&s->buf, S("# "));
    buf_put(&s->buf, mark);
    buf_putc(&s->buf, ' ');
    for (size_t i = 0; i < cell.len; i++) {
        bool is_pipe = i + 1 < cell.len && cell.ptr[i + 1] == '|';
        if (cell.ptr[i] != '\\' || !is_pipe)
            buf_putc(&s->buf, cell.ptr[i]);
    }
    if (str_ends(cell, S("#")))
        buf_put(&s->buf, S(" " MARK_PROTECT));
}

// The cells of one row, each on a line; the first stands where the row did.
static void put_row(Scan *s, Str line, Str mark, uint32_t line_number) {
    const MdTable *t = &s->out->tables[s->out->ntables - 1];
    Str row = mdblock_row(line), cell = {0};
    bool has_cell = mdblock_cell(&row, &cell);
    put_cell(s, mark, cell);
    for (uint32_t n = 1; has_cell && n < t->ncols; n++) {
        if (!mdblock_cell(&row, &cell))
            break;
        end_line(s, line_number);
        put_prefix(s, s->depth);
        put_cell(s, S(MARK_CELL), cell);
    }
    end_line(s, line_number + 1);
}

static uint32_t count_cells(Str line) {
    Str row = mdblock_row(line), cell;
    uint32_t n = 0;
    while (mdblock_cell(&row, &cell))
        n++;
    return n;
}

static size_t next_line(const Scan *s) {
    return s->end < s->text.len ? s->end + 1 : s->end;
}

// The paragraph's last line and this one are a table's first two.
static bool open_table(Scan *s) {
    if (!s->rewrites || !s->in_paragraph)
        return false;
    uint32_t ncols = mdblock_delimiter(rest(s), NULL);
    Str head = str_slice(s->text, s->row_at, s->row_end);
    if (!ncols || count_cells(head) != ncols)
        return false;
    mdblock_delimiter(rest(s), add_table(s, ncols)->align);
    copy_to(s, s->row_opens ? s->row_at : s->row_start, s->row_line);
    if (!s->row_opens)
        put_prefix(s, s->depth);
    Str mark = str_fmt(s->arena, MARK_TABLE "%zu", s->out->ntables - 1);
    put_row(s, head, mark, s->row_line);
    s->leaf = LEAF_TABLE;
    return true;
}

static bool add_row(Scan *s) {
    if (s->leaf != LEAF_TABLE || s->is_settled || s->matched < s->depth)
        return false;
    if (!mdblock_row(rest(s)).len) {
        settle(s); // a lone pipe is no row
        return false;
    }
    put_prefix(s, s->depth);
    put_row(s, rest(s), S(MARK_ROW), s->line);
    return true;
}

// After a table's line the source goes on with the next.
static bool table_line(Scan *s) {
    if (!open_table(s) && !add_row(s))
        return false;
    skip_to(s, next_line(s), s->line + 1);
    s->out->runs[s->out->nruns - 1].src = s->line + 1;
    s->is_done = true;
    return true;
}

// ---- lines

static bool open_fence(Scan *s) {
    size_t n = mdblock_fence(rest(s));
    if (!n)
        return false;
    s->fence = s->text.ptr[s->first];
    s->fence_len = n;
    open_leaf(s, LEAF_FENCE);
    return true;
}

static bool open_html(Scan *s) {
    int kind = mdblock_html(rest(s), s->in_paragraph);
    if (!kind)
        return false;
    s->html = kind;
    open_leaf(s, mdblock_html_end(rest(s), kind) ? LEAF_NONE : LEAF_HTML);
    return true;
}

// A shortcode alone on its line is a heading of its own for cmark, and so is
// each of several on one.
static bool open_call(Scan *s) {
    if (!s->rewrites || !str_starts(rest(s), S(MARK_ALONE)))
        return false;
    open_leaf(s, LEAF_NONE);
    for (size_t i = s->first; i < s->end; i++) {
        if (!str_starts(str_slice(s->text, i, s->end), S(MARK_ALONE)))
            continue;
        copy_to(s, i, s->line);
        if (i > s->first) {
            end_line(s, s->line);
            put_prefix(s, s->depth);
        }
        buf_put(&s->buf, S("# "));
    }
    return true;
}

static bool open_line_block(Scan *s) {
    Str r = rest(s);
    if (!mdblock_heading(r) && !(s->in_paragraph && mdblock_setext(r)) &&
        !mdblock_rule(r))
        return false;
    open_leaf(s, LEAF_NONE);
    return true;
}

// Most lines begin with a letter and open nothing.
static bool may_open(char c) {
    return (c > ' ' && c < 'A') || (c >= '[' && c <= '`') || c >= '{' ||
           c == *MARK_ALONE;
}

// One new block. True when it is a container, in which more may follow.
static bool open_block(Scan *s) {
    look(s);
    if (s->is_blank)
        return false;
    if (s->indent >= 4) {
        if (!s->may_be_lazy)
            open_leaf(s, LEAF_INDENTED);
        return false;
    }
    if (s->leaf != LEAF_TABLE && !may_open(s->text.ptr[s->first]))
        return false;
    if (open_quote(s))
        return true;
    if (open_fence(s) || open_html(s) || open_line_block(s) || open_call(s))
        return false;
    if (open_note(s) || open_item(s))
        return true;
    table_line(s);
    return false;
}

// True when the line belongs to the open leaf and nothing else can begin.
static bool continue_leaf(Scan *s) {
    switch (s->leaf) {
    case LEAF_FENCE:
        if (s->indent <= 3 && s->first < s->end &&
            s->text.ptr[s->first] == s->fence &&
            mdblock_fence_end(rest(s), s->fence, s->fence_len))
            s->leaf = LEAF_NONE;
        return true;
    case LEAF_HTML:
        if (s->html >= 6 && s->is_blank)
            break;
        if (mdblock_html_end(rest(s), s->html))
            s->leaf = LEAF_NONE;
        return true;
    case LEAF_INDENTED:
        if (s->indent >= 4 || s->is_blank)
            return true;
        break;
    case LEAF_PARAGRAPH:
        s->in_paragraph = !s->is_blank;
        if (!s->is_blank)
            return false;
        break;
    case LEAF_TABLE:
        if (!s->is_blank)
            return false;
        break;
    case LEAF_NONE:
        return false;
    }
    s->leaf = LEAF_NONE;
    return false;
}

static void remember_row(Scan *s) {
    s->row_at = s->first;
    s->row_start = s->start;
    s->row_end = s->end;
    s->row_line = s->line;
}

// What is left of the line is text of a paragraph, or nothing.
static void take_text(Scan *s) {
    bool is_lazy = !s->has_opened && s->matched < s->depth && !s->is_blank &&
                   s->leaf == LEAF_PARAGRAPH;
    if (s->matched < s->depth && !is_lazy)
        settle(s);
    if (s->is_blank)
        return;
    s->row_opens = !is_lazy && !s->in_paragraph;
    remember_row(s);
    if (is_lazy || s->in_paragraph) {
        s->kind = LINE_MORE_TEXT;
        return;
    }
    settle(s);
    add_child(s);
    s->leaf = LEAF_PARAGRAPH;
}

static void scan_line(Scan *s) {
    s->kind = LINE_TEXT;
    s->offset = s->start;
    s->column = 0;
    s->is_looked = false;
    s->is_settled = s->in_paragraph = s->is_done = s->has_opened = false;
    look(s);
    bool is_too_far = s->indent > MD_MAX_INDENT && !s->is_blank;
    match_boxes(s);
    bool is_all = s->matched == s->depth;
    if (is_too_far && !(is_all && s->leaf == LEAF_FENCE)) {
        refuse(s, SCAN_TOO_INDENTED);
        return;
    }
    s->may_be_lazy = s->leaf == LEAF_PARAGRAPH;
    bool was_code = s->leaf == LEAF_FENCE || s->leaf == LEAF_INDENTED;
    if (is_all && continue_leaf(s)) {
        s->kind = was_code && !s->is_blank ? LINE_CODE : LINE_TEXT;
        return;
    }
    while (!s->result && !s->is_done && open_block(s))
        continue;
    if (!s->is_done && !s->result)
        take_text(s);
    else if (s->leaf == LEAF_FENCE || s->leaf == LEAF_INDENTED)
        s->kind = LINE_CODE;
}

static void find_end(Scan *s) {
    const char *from = s->text.ptr + s->start;
    const char *p = memchr(from, '\n', s->text.len - s->start);
    s->end = p ? (size_t)(p - s->text.ptr) : s->text.len;
}

ScanResult md_scan(Arena *a, Str text, bool rewrites, MdScan *out) {
    *out = (MdScan){.text = text, .kinds = out->kinds};
    Scan *s = ARENA_NEW(a, Scan);
    *s = (Scan){.arena = a,
                .text = text,
                .rewrites = rewrites,
                .out = out,
                .buf = {.arena = a},
                .done_line = 1,
                .out_line = 1,
                .line = 1};
    for (; s->start < text.len; s->start = s->end + 1, s->line++) {
        find_end(s);
        scan_line(s);
        if (out->kinds)
            out->kinds[s->line - 1] = s->kind;
        if (s->result)
            return s->result;
    }
    if (s->buf.len) {
        copy_to(s, text.len, s->line);
        out->text = buf_str(&s->buf);
    }
    return SCAN_OK;
}
