// What the body says besides its HTML: how many words, its beginning as plain
// text, and the stars that an editor meant as bold and that stayed stars.
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "render/md.h"

enum { DEFAULT_WORDS = 70 };

typedef struct {
    Md *md;
    Buf excerpt;
    size_t excerpt_words;
    bool may_have_more; // <!--more--> is somewhere in the text
    bool is_open;       // the excerpt still grows
    bool in_paragraph, in_word;
    int in_image; // depth: alternative text is read by nobody here
} Facts;

static bool is_more(Str html) {
    Str s = str_trim(html);
    return str_eq(s, S("<!--more-->")) || str_eq(s, S("<!-- more -->"));
}

// The text of paragraphs; that of headings, tables and code is no part of an
// excerpt.
static bool takes(const Facts *f) {
    return f->is_open && f->in_paragraph && !f->in_image;
}

static bool is_space(char c) {
    return (uint8_t)c <= ' ' && (c == ' ' || (c >= '\t' && c <= '\r'));
}

static Bytes are_space(const char *p) {
    Bytes c = bytes_at(p);
    return (Bytes)(c == ' ') | (Bytes)((Bytes)(c - '\t') <= '\r' - '\t');
}

// Words that begin behind the first byte, in whole runs of sixteen; *at is
// moved behind them. A comparison that holds is -1.
static size_t words_in_runs(Str s, size_t *at) {
    enum { MOST = 255 }; // one more would not fit
    size_t n = 0;
    while (s.len - *at >= BYTES) {
        Bytes sums = {0};
        for (int k = 0; k < MOST && s.len - *at >= BYTES; k++, *at += BYTES)
            sums -= are_space(s.ptr + *at - 1) & ~are_space(s.ptr + *at);
        for (size_t k = 0; k < BYTES; k++)
            n += sums[k];
    }
    return n;
}

// A word is what stands between blanks; it may go on in the next node.
static void count_words(Facts *f, Str s) {
    if (!s.len)
        return;
    size_t n = !f->in_word && !is_space(s.ptr[0]), i = 1;
    n += words_in_runs(s, &i);
    for (; i < s.len; i++)
        n += is_space(s.ptr[i - 1]) && !is_space(s.ptr[i]);
    f->in_word = !is_space(s.ptr[s.len - 1]);
    f->md->out->words += n;
    f->excerpt_words += takes(f) ? n : 0;
}

static bool line_holds(const Md *md, uint32_t line, Str what) {
    if (!md->starts || line < 1 || line > md->nlines)
        return false;
    size_t to = line < md->nlines ? md->starts[line] : md->text.len;
    Str s = str_slice(md->text, md->starts[line - 1], to);
    return str_find(str_slice(s, 0, 64 * 1024), what, 0) != SIZE_MAX;
}

// cmark follows CommonMark: `**Công đoàn.**Tiếp` is not bold. Stars that were
// escaped are meant.
static void check_stars(Md *md, const MdNode *n) {
    const char *star = memchr(n->text.ptr, '*', n->text.len);
    if (!star || str_find(n->text, S("**"), 0) == SIZE_MAX || !md_may_warn(md))
        return;
    Pos pos = md_find(md, n->line, S("**"));
    if (line_holds(md, n->line, S("\\*")))
        return;
    diag_warn(md->job->diags, "W-BOLD", pos,
              _("the stars ** are shown as they are, the text is not bold"));
    diag_hint(md->job->diags,
              _("leave no blank inside the stars, and one outside when a full "
                "stop or comma is inside: **Công đoàn.** Tiếp"));
}

static void take_text(Facts *f, const MdNode *n) {
    if (n->kind == MD_TEXT)
        check_stars(f->md, n);
    if (takes(f))
        buf_put(&f->excerpt, n->text);
    count_words(f, n->text);
}

static void take_html(Facts *f, const MdNode *n) {
    if (!f->may_have_more || !is_more(n->text))
        return;
    f->md->out->has_more = true;
    f->may_have_more = f->is_open = false;
}

static size_t wanted_words(const Md *md) {
    return md->opt->summary_words ? md->opt->summary_words : DEFAULT_WORDS;
}

static void end_paragraph(Facts *f) {
    f->in_paragraph = false;
    if (f->is_open && f->excerpt.len)
        buf_putc(&f->excerpt, ' ');
    if (!f->may_have_more && f->excerpt_words > wanted_words(f->md))
        f->is_open = false;
}

static void enter(Facts *f, const MdNode *n) {
    switch (n->kind) {
    case MD_PARAGRAPH:
        f->in_paragraph = true;
        break;
    case MD_TEXT:
    case MD_CODE:
        take_text(f, n);
        break;
    case MD_SOFTBREAK:
    case MD_LINEBREAK:
        f->in_word = false;
        if (takes(f))
            buf_putc(&f->excerpt, ' ');
        break;
    case MD_HTML:
    case MD_HTML_BLOCK:
        take_html(f, n);
        break;
    default:
        break;
    }
}

static void keep_excerpt(Facts *f) {
    Md *md = f->md;
    Str s = md_unmark(md->tmp, buf_str(&f->excerpt));
    s = str_trim(text_clean(md->tmp, s));
    if (!md->out->has_more)
        s = text_truncate_words(md->tmp, s, wanted_words(md));
    md->out->excerpt = str_copy(md->job->keep, s);
}

void mdpass_facts(Md *md) {
    Facts f = {.md = md, .excerpt = {.arena = md->tmp}, .is_open = true};
    f.may_have_more = md_search(md->text, S("<!--more-->"), 0) != SIZE_MAX ||
                      md_search(md->text, S("<!-- more -->"), 0) != SIZE_MAX;
    for (MdWalk w = md_walk(md->root); md_walk_next(&w);) {
        if (w.node->kind < MD_TEXT)
            f.in_word = false;
        if (w.node->kind == MD_IMAGE)
            f.in_image += w.is_exit ? -1 : 1;
        if (!w.is_exit)
            enter(&f, w.node);
        else if (w.node->kind == MD_PARAGRAPH)
            end_paragraph(&f);
    }
    keep_excerpt(&f);
}
