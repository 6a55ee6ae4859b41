// Shortcodes in Markdown. Before cmark sees the text mdcall.c puts a mark in
// the place of each; mdpass_call.c finds the marks in the tree; mdcall_html.c
// asks the site for their HTML when the tree is written.
//
// What stands between {{< x >}} and {{< /x >}} is taken out with its tags, and
// is text. What is Markdown stays where it is, between two marks, so that its
// headings, notes and links are the page's.
#ifndef LOA_RENDER_MDCALL_H
#define LOA_RENDER_MDCALL_H

#include "parse/shortcode.h"
#include "render/md.h"

enum {
    CALL_MAX = 2000, // tags of one text
    CALL_DEPTH = 16, // in each other
};

#define CALL_NONE UINT32_MAX

// One tag; by its index it is known to the marks.
struct MdTag {
    ShortcodeTag tag;
    ShortcodeInfo info;
    size_t at;        // in the prepared text
    uint32_t line;    // from 1
    uint32_t partner; // the other tag of a pair, or CALL_NONE
    bool is_bad;      // said so: it is left out
    bool in_code;     // a literal in code
    bool in_place;    // what is inside is Markdown
    bool is_alone;    // a pair whose tags have their lines to themselves
    bool is_placed;   // its HTML stands somewhere
};

// The tag's place in the author's file.
Pos mdcall_pos(const Md *md, const MdTag *t);

// The kind of mark at a byte of a text, as its last byte, and its number; 0
// when there is none.
uint8_t mdcall_mark(Str s, size_t at, size_t *len, uint32_t *number);

// The HTML of one tag. `inner` is that of what is inside a pair in place.
Str mdcall_html(Md *md, uint32_t number, Str inner);

#endif
