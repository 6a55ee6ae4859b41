// What cmark does not know is rewritten, before it sees the text, into plain
// blocks that it does know: a table's cells and a footnote's mark become
// one-line headings that begin with a private mark, a footnote's body becomes
// a list item. mdpass.c finds the marks in the tree and puts the pieces
// together. So cmark parses every cell and every note, in whatever list or
// quote they stand.
//
// The marks are Unicode noncharacters (U+FDD0 and on). md_prepare takes them
// out of the text first, so that nobody can forge one, and md_escape drops
// what is left of them, so that none leaves.
#ifndef LOA_RENDER_MDSCAN_H
#define LOA_RENDER_MDSCAN_H

#include "base/str.h"

#define MARK_PROTECT "\xEF\xB7\x90" // the character before it was escaped
#define MARK_TABLE                                                             \
    "\xEF\xB7\x91" // the first cell of a table; its number follows
#define MARK_ROW  "\xEF\xB7\x92" // the first cell of another row
#define MARK_CELL "\xEF\xB7\x93"
#define MARK_NOTE                                                              \
    "\xEF\xB7\x94" // the next list's item is the note of this number
#define MARK_NOTHING "\xEF\xB7\x95" // keeps two blocks apart
// Shortcodes; their number follows in digits that are marks themselves, so
// that what drops marks drops all of it.
#define MARK_CALL  "\xEF\xB7\x96" // the whole of one
#define MARK_OPEN  "\xEF\xB7\x97" // what follows, up to ...
#define MARK_CLOSE "\xEF\xB7\x98" // ... this, is inside it
#define MARK_ALONE "\xEF\xB7\x99" // the next mark has its line to itself
#define MARK_DIGIT "\xEF\xB7\xA0" // of 16

enum {
    MARK_LEN = 3,
    MD_MAX_DEPTH = 64,   // containers in each other
    MD_MAX_INDENT = 128, // columns before a line
};

typedef enum { ALIGN_NONE, ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT } MdAlign;

typedef struct {
    uint32_t ncols;
    uint8_t *align; // MdAlign
} MdTable;

typedef struct {
    Str label;
    uint32_t line;
} MdMark;

// From line `out` of the rewritten text on, lines come from `src` and on.
typedef struct {
    uint32_t out, src;
} MdLineRun;

// What a line is: for finding shortcodes.
typedef enum { LINE_TEXT, LINE_MORE_TEXT, LINE_CODE } MdLineKind;

typedef enum { SCAN_OK, SCAN_TOO_DEEP, SCAN_TOO_INDENTED } ScanResult;

typedef struct {
    Str text; // for cmark
    MdTable *tables;
    size_t ntables, cap_tables;
    MdMark *notes; // in order of the text
    size_t nnotes, cap_notes;
    MdLineRun *runs; // rising; none: line n is line n
    size_t nruns, cap_runs;
    uint32_t bad_line; // when refused
    uint8_t *kinds;    // MdLineKind by line from 0, when asked for; or NULL
} MdScan;

// Drops characters that XML forbids and the marks, makes CRLF and CR LF, and
// puts MARK_PROTECT behind escaped characters that mean something to our
// passes. Returns `text` itself when there is nothing to do.
Str md_prepare(Arena *a, Str text);

// Walks the lines as CommonMark's block phase does. Without `rewrites` only
// the guards act; out->kinds, when set, has room for a byte a line.
ScanResult md_scan(Arena *a, Str text, bool rewrites, MdScan *out);

#endif
