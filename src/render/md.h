// What the Markdown files share: the tree and the state of one render. The
// tree is our own, made from cmark's once, so that passes can change it and
// nothing but markdown.c needs cmark.
#ifndef LOA_RENDER_MD_H
#define LOA_RENDER_MD_H

#include "render/markdown.h"
#include "render/mdscan.h"

typedef enum {
    MD_DOCUMENT,
    MD_QUOTE,
    MD_CALLOUT, // a quote with a mark; `number` is its sort
    MD_LIST,
    MD_ITEM,
    MD_CODE_BLOCK,
    MD_HTML_BLOCK,
    MD_PARAGRAPH,
    MD_HEADING,
    MD_RULE,
    MD_TABLE,
    MD_ROW,
    MD_CELL,
    MD_NOTE, // a footnote's body; no part of the document's tree
    MD_TEXT,
    MD_SOFTBREAK,
    MD_LINEBREAK,
    MD_CODE,
    MD_HTML,
    MD_EMPH,
    MD_STRONG,
    MD_STRIKE,
    MD_LINK,
    MD_IMAGE,
    MD_NOTE_REF,
    MD_CALL, // a shortcode, in a line or between blocks
} MdKind;

enum {
    MD_ORDERED = 1, // of a list
    MD_TIGHT = 2,
    MD_FIGURE = 4, // of a paragraph
    MD_HEAD = 8,   // of a row
    MD_BARE = 16,  // of a paragraph: it is nothing but shortcodes
    MD_SPLIT = 32, // of a paragraph: a block stands in it
    MD_TITLE = 64, // of a paragraph: a callout's title
    MD_TASK = 128, // of an item; MD_DONE: its box is ticked
    MD_DONE = 2,
};

typedef struct MdNode MdNode;
typedef struct MdTag MdTag; // render/mdcall.h
struct MdNode {
    MdNode *parent, *first, *last, *next;
    Str text;         // literal; address of a link or image
    Str extra;        // its title; a fence's info string; a heading's id
    LinkResult *link; // what became of it, once asked
    uint32_t line;    // of the text, from 1
    uint32_t number;  // level, first number, table or note (from 0), which
    uint32_t nth;     // use of the note (from 1), column
    uint8_t kind, flags;
};

// A footnote's definition.
typedef struct {
    Str label;
    uint32_t line;
    MdNode *body;    // NULL until found in the tree
    uint32_t number; // in order of use, from 1; 0: not used
    uint32_t uses;
    bool is_double; // another of this label came before
} MdNote;

// Where the last thing looked for was found: columns are counted from there,
// so that many in one long line cost no more than the line.
typedef struct {
    uint32_t line, col;
    size_t at;
} MdCursor;

typedef struct {
    Job *job;
    const Source *src; // may be NULL
    Str text;          // as the author wrote it
    uint32_t first_line;
    const MarkdownOptions *opt;
    MarkdownOut *out;
    Arena *tmp; // dropped when the render ends
    MdScan scan;
    MdNode *root;
    uint32_t kinds; // of cmark's nodes, a bit each
    MdNote *notes;  // in order of the text
    MdNote **used;  // in order of use
    size_t nused;
    size_t max_html;
    size_t title_bytes; // of links to documents
    Buf html;
    // shortcodes
    Str call_text; // in which their places are
    MdTag *tags;
    uint32_t ntags;
    MdScan call_lines; // only its runs
    size_t call_bytes; // of their HTML
    // looking for places
    size_t *starts; // of the lines of `text`, made when first needed
    size_t nlines;
    size_t search_left;
    MdCursor cursor;
    unsigned nwarnings, nerrors;
} Md;

// ---- mdtree.c

typedef struct {
    MdNode *root, *node;
    bool is_exit;
} MdWalk;

// Every node below and with `root`, on the way in and, if it may have
// children, on the way out. No recursion: nesting is the author's.
MdWalk md_walk(MdNode *root);
bool md_walk_next(MdWalk *w);
void md_walk_skip(MdWalk *w); // past the children and the way out

MdNode *md_node(Arena *a, MdKind kind, uint32_t line);
// The document (0) and then each note's body, which may be NULL.
size_t md_ntrees(const Md *md);
MdNode *md_tree(const Md *md, size_t i);
bool md_has_inlines(const MdNode *n);
void md_append(MdNode *parent, MdNode *child);
// A new node behind `before`, on its line.
MdNode *md_insert(Md *md, MdNode *before, MdKind kind, Str text);
bool md_is_tight(const MdNode *paragraph);
// Its text as plain text, without marks.
void md_plain(Buf *out, MdNode *root);
Str md_unmark(Arena *a, Str s); // without marks
// str_find for what begins with a rare byte.
size_t md_search(Str s, Str what, size_t from);

// ---- mdplace.c

// The line of the source for a line of the rewritten text; both from 1.
uint32_t md_scan_line(const MdScan *scan, uint32_t line);
Pos md_line(const Md *md, uint32_t line);
// The place of `what` on that line or the next; the line alone if not found.
Pos md_find(Md *md, uint32_t line, Str what);
// A text has only so many of them, however long it is.
bool md_may_warn(Md *md);
bool md_may_err(Md *md);

// ---- mdpass*.c

void mdpass_blocks(Md *md);   // tables and notes out of their marks
void mdpass_calls(Md *md);    // shortcodes out of their marks
void mdpass_callouts(Md *md); // > [!NOTE]
void mdpass_tasks(Md *md);    // - [ ]
void mdpass_links(Md *md);    // bare addresses
void mdpass_strike(Md *md);   // ~~x~~ and ~x~
void mdpass_notes(Md *md);    // [^x]
void mdpass_headings(Md *md); // ids, {#id}
void mdpass_figures(Md *md);
void mdpass_facts(Md *md);   // excerpt, words; leftover **
void mdpass_smart(Md *md);   // quotes, dashes, blanks that do not break
void mdpass_numbers(Md *md); // of documents, that become links

// ---- mdcall.c

// The text with marks for its shortcodes. False when there are too many.
bool mdcall_scan(Md *md, Str *text);
// The line of the prepared text for one of that.
uint32_t mdcall_line(const Md *md, uint32_t line);
void mdcall_misplaced(Md *md, uint32_t number);
void mdcall_check_placed(Md *md);
void mdcall_tag(Md *md, MdNode *call, bool is_exit);
void mdcall_in_html(Md *md, Str s); // the marks in raw HTML
Str mdcall_in_url(Md *md, Str url); // with what they give
bool mdcall_is_in_url(Str url);

// ---- mdhtml.c, mdlink.c, mdtable.c

// False when it grows past max_html.
bool mdhtml_render(Md *md, MdNode *root);
void mdhtml_text(Buf *out, Str s);           // & < > "; drops what is unfit
void mdhtml_attribute(Md *md, Str s);        // what stands between quotes
void mdhtml_newline(Md *md);                 // unless at a line's start
void mdlink_resolve(Md *md, MdNode *node);   // sets node->link
void mdlink_url(Md *md, const MdNode *node); // escaped, between quotes
void mdtable_tag(Md *md, const MdNode *node, bool is_exit);
bool mdnote_render(Md *md); // the list at the end
void mdnote_ref(Md *md, const MdNode *ref, bool in_link);

#endif
