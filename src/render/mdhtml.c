// The tree to HTML, in the same layout of lines as CommonMark's examples. Not
// recursive: nesting is the author's.
#include "base/bytes.h"
#include "base/escape.h"
#include "base/text.h"
#include "render/md.h"

// ---- text

enum { PUT, ENTITY, DROP, LOOK };

static const uint8_t KINDS[256] = {
    [0x00] = DROP,  [0x01] = DROP,  [0x02] = DROP,  [0x03] = DROP,
    [0x04] = DROP,  [0x05] = DROP,  [0x06] = DROP,  [0x07] = DROP,
    [0x08] = DROP,  [0x0B] = DROP,  [0x0C] = DROP,  [0x0E] = DROP,
    [0x0F] = DROP,  [0x10] = DROP,  [0x11] = DROP,  [0x12] = DROP,
    [0x13] = DROP,  [0x14] = DROP,  [0x15] = DROP,  [0x16] = DROP,
    [0x17] = DROP,  [0x18] = DROP,  [0x19] = DROP,  [0x1A] = DROP,
    [0x1B] = DROP,  [0x1C] = DROP,  [0x1D] = DROP,  [0x1E] = DROP,
    [0x1F] = DROP,  ['&'] = ENTITY, ['<'] = ENTITY, ['>'] = ENTITY,
    ['"'] = ENTITY, [0x7F] = DROP,  [0xC2] = LOOK,  [0xEF] = LOOK,
    [0xF0] = LOOK,  [0xF1] = LOOK,  [0xF2] = LOOK,  [0xF3] = LOOK,
    [0xF4] = LOOK,  [0xF8] = DROP,  [0xF9] = DROP,  [0xFA] = DROP,
    [0xFB] = DROP,  [0xFC] = DROP,  [0xFD] = DROP,  [0xFE] = DROP,
    [0xFF] = DROP,
};

static Str entity(char c) {
    switch (c) {
    case '&':
        return S("&amp;");
    case '<':
        return S("&lt;");
    case '>':
        return S("&gt;");
    default:
        return S("&quot;");
    }
}

static uint8_t byte_at(Str s, size_t i) {
    return i < s.len ? (uint8_t)s.ptr[i] : 0;
}

// Bytes to drop at a lead byte: C1 controls and noncharacters, of which our
// marks are some.
static size_t unfit_len(Str s, size_t i) {
    uint8_t b[4];
    for (size_t k = 0; k < 4; k++)
        b[k] = byte_at(s, i + k);
    if (b[0] == 0xC2)
        return b[1] >= 0x80 && b[1] < 0xA0 ? 2 : 0;
    if (b[0] == 0xEF)
        return (b[1] == 0xB7 && b[2] >= 0x90 && b[2] <= 0xAF) ||
                       (b[1] == 0xBF && b[2] >= 0xBE)
                   ? 3
                   : 0;
    return (b[1] & 0x0F) == 0x0F && b[2] == 0xBF && b[3] >= 0xBE ? 4 : 0;
}

// Whether sixteen bytes are all PUT; a tab gets a look, too.
static bool is_put_run(const char *p) {
    Bytes c = bytes_at(p); // < and > differ in one bit
    Bytes is_control = (Bytes)((c & 0xE0) == 0) & ~(Bytes)(c == '\n');
    return bytes_are_zero(is_control | (Bytes)(c == 0x7F) | (Bytes)(c == '&') |
                          (Bytes)(c == '"') | (Bytes)((c | 2) == '>') |
                          (Bytes)(c == 0xC2) | (Bytes)(c >= 0xEF));
}

// Past bytes that stay as they are, nearly all of a text.
static size_t skip_put(Str s, size_t i) {
    while (s.len - i >= BYTES && is_put_run(s.ptr + i))
        i += BYTES;
    bool is_end = s.len >= BYTES && s.len - i < BYTES; // looked at twice
    if (is_end && is_put_run(s.ptr + s.len - BYTES))
        return s.len;
    while (i < s.len && KINDS[(uint8_t)s.ptr[i]] == PUT)
        i++;
    return i;
}

// cmark's text is valid UTF-8 but for the bytes FE and FF, which it writes for
// &#xFFFE; and &#xFFFF;.
void mdhtml_text(Buf *out, Str s) {
    size_t done = 0;
    for (size_t i = skip_put(s, 0); i < s.len; i = skip_put(s, i)) {
        uint8_t kind = KINDS[(uint8_t)s.ptr[i]];
        size_t skip = kind == LOOK ? unfit_len(s, i) : 1;
        if (!skip) {
            i++;
            continue;
        }
        buf_put(out, str_slice(s, done, i));
        if (kind == ENTITY)
            buf_put(out, entity(s.ptr[i]));
        i += skip;
        done = i;
    }
    buf_put(out, str_slice(s, done, s.len));
}

void mdhtml_attribute(Md *md, Str s) {
    if (md->opt->spec_mode)
        mdhtml_text(&md->html, s);
    else
        escape_html(&md->html, text_clean(md->tmp, md_unmark(md->tmp, s)));
}

void mdhtml_newline(Md *md) {
    Buf *out = &md->html;
    if (out->len && out->ptr[out->len - 1] != '\n')
        buf_putc(out, '\n');
}

// ---- state

typedef struct {
    Md *md;
    MdWalk walk;
    MdNode *node;
    bool is_exit;
    size_t in_link;
} Html;

static void put(Html *h, Str s) {
    buf_put(&h->md->html, s);
}

static void tag(Html *h, Str enter, Str leave) {
    put(h, h->is_exit ? leave : enter);
}

static Str void_end(const Html *h) {
    return h->md->opt->spec_mode ? S(" />") : S(">");
}

// ---- blocks

static void list(Html *h) {
    bool is_ordered = h->node->flags & MD_ORDERED;
    if (h->is_exit) {
        put(h, is_ordered ? S("</ol>\n") : S("</ul>\n"));
        return;
    }
    mdhtml_newline(h->md);
    if (is_ordered && h->node->number != 1)
        buf_fmt(&h->md->html, "<ol start=\"%u\">\n", h->node->number);
    else
        put(h, is_ordered ? S("<ol>\n") : S("<ul>\n"));
}

static void block(Html *h, Str enter, Str leave) {
    mdhtml_newline(h->md);
    tag(h, enter, leave);
}

static void task_box(Html *h) {
    const MarkdownWords *words = &h->md->opt->words;
    bool is_done = h->node->flags & MD_DONE;
    Str label = is_done ? words->done : words->todo;
    Str usual = is_done ? S("Đã xong") : S("Chưa xong");
    put(h, S("<input type=\"checkbox\" disabled"));
    put(h, is_done ? S(" checked aria-label=\"") : S(" aria-label=\""));
    mdhtml_attribute(h->md, label.len ? label : usual);
    put(h, S("\"> "));
}

static void item(Html *h) {
    bool is_task = h->node->flags & MD_TASK;
    if (!h->is_exit)
        mdhtml_newline(h->md);
    tag(h, is_task ? S("<li class=\"task\">") : S("<li>"), S("</li>\n"));
    if (is_task && !h->is_exit && md_is_tight(h->node->first))
        task_box(h);
}

// The box of a loose item stands in its first paragraph.
static void loose_box(Html *h) {
    MdNode *p = h->node, *above = p->parent;
    if (!above || above->kind != MD_ITEM || !(above->flags & MD_TASK) ||
        above->first != p)
        return;
    h->node = above;
    task_box(h);
    h->node = p;
}

// ---- callouts

static Str callout_class(uint32_t sort) {
    static const Str names[] = {S_INIT("note"), S_INIT("tip"),
                                S_INIT("important"), S_INIT("warning"),
                                S_INIT("caution")};
    return names[sort < 5 ? sort : 0];
}

static Str callout_word(const MarkdownWords *w, uint32_t sort) {
    static const Str usual[] = {S_INIT("Lưu ý"), S_INIT("Mẹo"),
                                S_INIT("Quan trọng"), S_INIT("Cảnh báo"),
                                S_INIT("Thận trọng")};
    const Str words[] = {w->note, w->tip, w->important, w->warning, w->caution};
    sort = sort < 5 ? sort : 0;
    return words[sort].len ? words[sort] : usual[sort];
}

static void callout(Html *h) {
    if (h->is_exit) {
        put(h, S("</div>\n"));
        return;
    }
    mdhtml_newline(h->md);
    put(h, S("<div class=\"callout "));
    put(h, callout_class(h->node->number));
    put(h, S("\" role=\"note\">\n"));
}

static void callout_title(Html *h) {
    if (!h->is_exit)
        put(h, S("<p class=\"callout-title\">"));
    if (!h->is_exit && !h->node->first)
        mdhtml_text(&h->md->html,
                    callout_word(&h->md->opt->words, h->node->parent->number));
    if (h->is_exit)
        put(h, S("</p>\n"));
}

static void heading(Html *h) {
    unsigned level = h->node->number;
    if (h->is_exit) {
        buf_fmt(&h->md->html, "</h%u>\n", level);
        return;
    }
    mdhtml_newline(h->md);
    buf_fmt(&h->md->html, "<h%u", level);
    if (h->node->extra.len) {
        put(h, S(" id=\""));
        mdhtml_attribute(h->md, h->node->extra);
        put(h, S("\""));
    }
    put(h, S(">"));
}

static void code_block(Html *h) {
    if (h->is_exit)
        return;
    mdhtml_newline(h->md);
    put(h, S("<pre><code"));
    Str info = h->node->extra;
    size_t n = 0;
    while (n < info.len && (uint8_t)info.ptr[n] > ' ')
        n++;
    if (n) {
        put(h, S(" class=\"language-"));
        mdhtml_attribute(h->md, str_slice(info, 0, n));
        put(h, S("\""));
    }
    put(h, S(">"));
    mdhtml_text(&h->md->html, h->node->text);
    put(h, S("</code></pre>\n"));
}

static MdNode *figure_image(const MdNode *paragraph) {
    MdNode *n = paragraph->first;
    return n->kind == MD_LINK ? n->first : n;
}

// A figure whose image may not be shown is a paragraph with its text.
static void check_figure(Html *h) {
    if (h->is_exit || !(h->node->flags & MD_FIGURE))
        return;
    if (h->node->first->kind == MD_LINK)
        mdlink_resolve(h->md, h->node->first);
    MdNode *image = figure_image(h->node);
    mdlink_resolve(h->md, image);
    if (image->link->action == LINK_TEXT)
        h->node->flags &= (uint8_t)~MD_FIGURE;
}

static void figure(Html *h) {
    if (!h->is_exit) {
        mdhtml_newline(h->md);
        put(h, S("<figure>"));
        return;
    }
    Str title = figure_image(h->node)->extra;
    if (title.len) {
        put(h, S("<figcaption>"));
        mdhtml_text(&h->md->html, title);
        put(h, S("</figcaption>"));
    }
    put(h, S("</figure>\n"));
}

static void paragraph(Html *h) {
    check_figure(h);
    if (h->node->flags & MD_FIGURE) {
        figure(h);
        return;
    }
    if (h->node->flags & MD_TITLE) {
        callout_title(h);
        return;
    }
    if (h->node->flags & MD_BARE) {
        mdhtml_newline(h->md);
        return;
    }
    if (md_is_tight(h->node) || h->md->opt->is_inline)
        return;
    if (!h->is_exit)
        mdhtml_newline(h->md);
    if (h->is_exit && h->node->flags & MD_SPLIT &&
        str_ends(buf_str(&h->md->html), S("<p>"))) {
        h->md->html.len -= 3;
        return;
    }
    tag(h, S("<p>"), S("</p>\n"));
    if (!h->is_exit)
        loose_box(h);
}

// ---- raw HTML

static bool is_comment(Str s) {
    s = str_trim(s);
    size_t end = str_find(s, S("-->"), 0);
    return str_starts(s, S("<!--")) && (end == SIZE_MAX || end + 3 == s.len);
}

static void warn_html(Md *md, const MdNode *n) {
    Str s = str_trim(n->text);
    if (is_comment(s) || str_starts(s, S("</")) || !md_may_warn(md))
        return;
    size_t end = str_find(s, S("\n"), 0);
    Str line = str_slice(s, 0, end < 60 ? end : text_offset(s, 60));
    line = text_clean(md->tmp, md_unmark(md->tmp, line));
    diag_warn(md->job->diags, "W-HTML", md_find(md, n->line, line),
              _("HTML is not allowed here and was left out: %.*s"),
              STR_ARG(line));
    diag_hint(md->job->diags,
              _("write it as Markdown, or write \\< for the sign itself"));
}

static void html(Html *h) {
    bool is_block = h->node->kind == MD_HTML_BLOCK;
    if (h->is_exit)
        return;
    if (!h->md->opt->spec_mode) {
        warn_html(h->md, h->node);
        if (h->md->ntags)
            mdcall_in_html(h->md, h->node->text);
        return;
    }
    if (is_block)
        mdhtml_newline(h->md);
    put(h, S("<!-- raw HTML omitted -->"));
    if (is_block)
        mdhtml_newline(h->md);
}

// ---- inlines

static void code(Html *h) {
    if (h->is_exit)
        return;
    put(h, S("<code>"));
    mdhtml_text(&h->md->html, h->node->text);
    put(h, S("</code>"));
}

// None behind a block that a shortcode has put into the paragraph.
static void soft_break(Html *h) {
    if (!(h->node->parent->flags & MD_SPLIT) ||
        !str_ends(buf_str(&h->md->html), S("<p>")))
        put(h, S("\n"));
}

static void line_break(Html *h) {
    if (h->is_exit)
        return;
    put(h, S("<br"));
    put(h, void_end(h));
    put(h, S("\n"));
}

static void put_title(Html *h, Str s) {
    if (!s.len)
        return;
    put(h, S(" title=\""));
    mdhtml_attribute(h->md, s);
    put(h, S("\""));
}

static void put_link(Html *h) {
    if (!h->is_exit)
        mdlink_resolve(h->md, h->node);
    if (h->node->link->action == LINK_TEXT)
        return;
    if (h->is_exit) {
        h->in_link--;
        put(h, S("</a>"));
        return;
    }
    h->in_link++;
    put(h, S("<a href=\""));
    mdlink_url(h->md, h->node);
    put(h, S("\""));
    put_title(h, h->node->extra);
    if (h->node->link->is_external)
        put(h, S(" rel=\"noopener\""));
    put(h, S(">"));
}

static bool is_in_figure(const MdNode *image) {
    const MdNode *p = image->parent;
    p = p && p->kind == MD_LINK ? p->parent : p;
    return p && p->kind == MD_PARAGRAPH && p->flags & MD_FIGURE;
}

static void image_tag(Html *h, Str alt) {
    const LinkResult *link = h->node->link;
    put(h, S("<img src=\""));
    mdlink_url(h->md, h->node);
    put(h, S("\" alt=\""));
    mdhtml_attribute(h->md, alt);
    put(h, S("\""));
    if (!is_in_figure(h->node))
        put_title(h, h->node->extra);
    if (link->width && link->height)
        buf_fmt(&h->md->html, " width=\"%u\" height=\"%u\"", link->width,
                link->height);
    if (!h->md->opt->spec_mode)
        put(h, S(" loading=\"lazy\" decoding=\"async\""));
    put(h, void_end(h));
}

static void put_image(Html *h) {
    if (h->is_exit)
        return;
    mdlink_resolve(h->md, h->node);
    Buf alt = {.arena = h->md->tmp};
    md_plain(&alt, h->node);
    if (h->node->link->action == LINK_TEXT)
        mdhtml_text(&h->md->html, buf_str(&alt));
    else
        image_tag(h, buf_str(&alt));
    md_walk_skip(&h->walk);
}

// ---- the walk

static void text(Html *h) {
    Str s = h->node->text;
    bool is_split = h->node->parent && h->node->parent->flags & MD_SPLIT;
    if (is_split && str_ends(buf_str(&h->md->html), S("<p>")))
        while (str_starts(s, S(" ")))
            s = str_slice(s, 1, s.len);
    mdhtml_text(&h->md->html, s);
}

static void put_inline(Html *h) {
    switch (h->node->kind) {
    case MD_TEXT:
        text(h);
        break;
    case MD_SOFTBREAK:
        soft_break(h);
        break;
    case MD_LINEBREAK:
        line_break(h);
        break;
    case MD_CODE:
        code(h);
        break;
    case MD_HTML:
        html(h);
        break;
    case MD_EMPH:
        tag(h, S("<em>"), S("</em>"));
        break;
    case MD_STRONG:
        tag(h, S("<strong>"), S("</strong>"));
        break;
    case MD_STRIKE:
        tag(h, S("<del>"), S("</del>"));
        break;
    case MD_LINK:
        put_link(h);
        break;
    case MD_IMAGE:
        put_image(h);
        break;
    case MD_NOTE_REF:
        if (!h->is_exit)
            mdnote_ref(h->md, h->node, h->in_link);
        break;
    case MD_CALL:
        mdcall_tag(h->md, h->node, h->is_exit);
        break;
    default:
        break;
    }
}

static void put_rule(Html *h) {
    if (h->is_exit)
        return;
    mdhtml_newline(h->md);
    put(h, S("<hr"));
    put(h, void_end(h));
    put(h, S("\n"));
}

static void put_block(Html *h) {
    switch (h->node->kind) {
    case MD_QUOTE:
        block(h, S("<blockquote>\n"), S("</blockquote>\n"));
        break;
    case MD_CALLOUT:
        callout(h);
        break;
    case MD_LIST:
        list(h);
        break;
    case MD_ITEM:
        item(h);
        break;
    case MD_CODE_BLOCK:
        code_block(h);
        break;
    case MD_HTML_BLOCK:
        html(h);
        break;
    case MD_PARAGRAPH:
        paragraph(h);
        break;
    case MD_HEADING:
        heading(h);
        break;
    case MD_RULE:
        put_rule(h);
        break;
    case MD_TABLE:
    case MD_ROW:
    case MD_CELL:
        mdtable_tag(h->md, h->node, h->is_exit);
        break;
    default:
        break;
    }
}

bool mdhtml_render(Md *md, MdNode *root) {
    Html h = {.md = md, .walk = md_walk(root)};
    while (md_walk_next(&h.walk)) {
        h.node = h.walk.node;
        h.is_exit = h.walk.is_exit;
        if (h.node->kind >= MD_TEXT)
            put_inline(&h);
        else
            put_block(&h);
        if (md->html.len > md->max_html)
            return false;
    }
    return true;
}
