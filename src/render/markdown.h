// A page's Markdown to HTML and facts. The only file that knows cmark is
// markdown.c; its line scanner is mdscan.c and its passes are mdpass*.c.
//
// Guards (hardening 1.3): 1 MiB a text, 64 levels, 128 columns of indentation,
// 2,000 `![`, 256 MiB for cmark, output at most 32 times the input + 64 KiB.
// Raw HTML is dropped with a warning, comments silently.
#ifndef LOA_RENDER_MARKDOWN_H
#define LOA_RENDER_MARKDOWN_H

#include "base/value.h"
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

// A number of a document as a text has it, and what a site made of it.
typedef struct {
    Str key;  // docnum_key
    int year; // of the date behind it; 0: none, or its own number says it
} NumberUse;

typedef struct {
    Str url, title; // title may be empty
} NumberLink;

// Asked for the numbers in running text, some of them only perhaps one. False:
// it stays text.
typedef bool NumberFinder(Job *job, void *ctx, const NumberUse *number,
                          NumberLink *out);

// One shortcode of the text: {{< name args >}}.
typedef struct {
    Str name;
    const Value *args; // null, a list of the positional or a map of the named
    bool has_inner;    // it is a pair
    Str inner;         // HTML of what is inside: Markdown of {{% %}}, escaped
                       // text of {{< >}}, shortcodes in it put in
    Str inner_text;    // as it was written; content
    uint32_t ordinal;  // counts the tags of the text from 0
    Pos pos;
} ShortcodeCall;

typedef struct {
    bool takes_inner; // it is closed by {{< /name >}}, or ends in />}}
    bool is_markdown; // what is inside is Markdown, between {{< >}} too
} ShortcodeInfo;

// Its HTML, which is put in as it is; it lies in job->scratch. False: it has
// added its own diagnostics, and nothing is put in. Called on the thread that
// renders, when the place of the shortcode is written.
typedef bool ShortcodeRenderer(Job *job, void *ctx, const ShortcodeCall *call,
                               Str *html);

typedef struct {
    void *ctx;
    ShortcodeRenderer *render;
    bool (*find)(void *ctx, Str name, ShortcodeInfo *out); // false: unknown
    Str (*near)(Job *job, void *ctx, Str name);            // may be NULL
} Shortcodes;

// What may be written beside CommonMark, tables, notes and ~~strikes~~.
typedef struct {
    bool tasks;      // - [ ] and - [x]
    bool bare_links; // https:// and www.
    bool callouts;   // > [!NOTE]
    bool smart; // “…” ‘…’ for straight quotes, … for ..., – for " -- "
    bool no_break; // Điều 5, 50.000 đồng, ông Nam stay on one line
} MarkdownMarkup;

// The words of ours that readers hear; an empty one is Vietnamese.
typedef struct {
    Str table;      // "Bảng": a number follows
    Str notes;      // "Chú thích"
    Str back;       // "Về chỗ có chú thích": a number follows
    Str done, todo; // of a task: "Đã xong", "Chưa xong"
    // titles of callouts: "Lưu ý", "Mẹo", "Quan trọng", "Cảnh báo", "Thận
    // trọng"
    Str note, tip, important, warning, caution;
} MarkdownWords;

typedef struct {
    LinkResolver *resolve;     // NULL: escape_safe_url only
    NumberFinder *find_number; // NULL: numbers are text like any other
    void *ctx;
    size_t summary_words; // length of an excerpt without <!--more-->
    bool unicode_ids;     // heading ids Hugo's way
    bool is_inline;       // a field: one paragraph, without <p>, no ids
    bool must_have_alt;   // E-ALT for an image without alternative text
    bool spec_mode;       // no passes of ours: for the CommonMark examples
    MarkdownWords words;
    MarkdownMarkup markup;
    const Shortcodes *shortcodes; // NULL: {{< is text like any other
} MarkdownOptions;

typedef struct {
    Str html;    // all text valid UTF-8, no character XML forbids
    Str excerpt; // plain text: what is before <!--more-->, or the first
                 // paragraphs cut at a word
    Heading *headings;
    size_t nheadings;
    NumberUse *numbers; // all that were asked for, and those not needed, once
    size_t nnumbers;
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

Str markdown_version(void); // of the library

// Nested <ul> of the headings from level `from` to `to`; empty when there are
// fewer than two.
Str markdown_toc(Arena *a, const Heading *headings, size_t n, int from, int to);

#endif
