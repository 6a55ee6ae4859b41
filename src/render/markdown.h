// A page's Markdown to HTML and facts. The only file that knows cmark is
// markdown.c; its line scanner is mdscan.c and its passes are mdpass*.c.
//
// Guards (hardening 1.3): 1 MiB a text, 64 levels, 128 columns of indentation,
// 2,000 `![`, 256 MiB for cmark, output at most 32 times the input + 64 KiB.
// Raw HTML is dropped with a warning, comments silently.
#ifndef LOA_RENDER_MARKDOWN_H
#define LOA_RENDER_MARKDOWN_H

#include "read/source.h"

typedef struct {
    uint8_t level;
    Str id, text; // plain text
    uint32_t line;
} Heading;

typedef enum { LINK_KEEP, LINK_TEXT } LinkAction;

// What became of one link or image.
typedef struct {
    LinkAction action; // LINK_TEXT: only its text stays
    Str url;           // for href or src, not yet escaped for the attribute
    uint32_t width, height; // of an image; 0: not known
    bool is_external;
} LinkResult;

// Asked for every link and image; adds its own diagnostics. Called on the
// thread that renders, in order of the text; those in footnotes come last.
typedef LinkResult LinkResolver(Job *job, void *ctx, Str href, bool is_image,
                                Pos pos);

// The words of ours that readers hear; an empty one is Vietnamese.
typedef struct {
    Str table; // "Bảng": a number follows
    Str notes; // "Chú thích"
    Str back;  // "Về chỗ có chú thích": a number follows
} MarkdownWords;

typedef struct {
    LinkResolver *resolve; // NULL: escape_safe_url only
    void *ctx;
    size_t summary_words; // length of an excerpt without <!--more-->
    bool unicode_ids;     // heading ids Hugo's way
    bool is_inline;       // a field: one paragraph, without <p>, no ids
    bool must_have_alt;   // E-ALT for an image without alternative text
    bool spec_mode;       // no passes of ours: for the CommonMark examples
    MarkdownWords words;
} MarkdownOptions;

typedef struct {
    Str html;    // all text valid UTF-8, no character XML forbids
    Str excerpt; // plain text: what is before <!--more-->, or the first
                 // paragraphs cut at a word
    Heading *headings;
    size_t nheadings;
    size_t words;
    bool has_more;
} MarkdownOut;

// `text` is a slice of src->text whose first line is line `first_line` of the
// file. Results lie in job->keep except html, which lies in job->scratch.
//
// False only when a guard refuses the text: *out is empty then. A bad link, a
// missing alternative text and the like are errors in job->diags, and the rest
// of the page is still made.
bool markdown_render(Job *job, const Source *src, Str text, uint32_t first_line,
                     const MarkdownOptions *opt, MarkdownOut *out);

// Nested <ul> of the headings from level `from` to `to`; empty when there are
// fewer than two.
Str markdown_toc(Arena *a, const Heading *headings, size_t n, int from, int to);

#endif
