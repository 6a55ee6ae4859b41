// What a line begins: the recognisers of CommonMark's leaf blocks, list marks,
// table rows and footnote marks. Each looks at one line without its newline,
// from its first character that is no blank.
#ifndef LOA_RENDER_MDBLOCK_H
#define LOA_RENDER_MDBLOCK_H

#include "render/mdscan.h"

bool mdblock_heading(Str s); // "## "
bool mdblock_setext(Str s);  // === or ---
bool mdblock_rule(Str s);    // * * *

// Length of the fence, 0 when it is none.
size_t mdblock_fence(Str s);
bool mdblock_fence_end(Str s, char fence, size_t len);

// Kinds 1 to 7 of the specification, 0 when it is none.
int mdblock_html(Str s, bool in_paragraph);
bool mdblock_html_end(Str s, int kind);

// Length of the mark, 0 when it is none.
size_t mdblock_list(Str s, bool in_paragraph);

// Length of "[^label]:", 0 when it is none.
size_t mdblock_note(Str s, Str *label);

// Takes the next cell off a row; false at its end. Trimmed, `\|` still in it.
Str mdblock_row(Str line);
bool mdblock_cell(Str *row, Str *cell);

// A table's second line. Number of columns, 0 when it is none; `align`, when
// not NULL, has room for as many.
uint32_t mdblock_delimiter(Str line, uint8_t *align);

#endif
