// Footnotes: the number in the text and the list at the end. Every number and
// every way back has its own id, so that a reader comes back to where he was.
#include "render/md.h"

static void put(Md *md, Str s) {
    buf_put(&md->html, s);
}

// fnref-3, and from the second use on fnref-3-2.
static void put_ref_id(Md *md, uint32_t number, uint32_t nth) {
    buf_fmt(&md->html, "fnref-%u", number);
    if (nth > 1)
        buf_fmt(&md->html, "-%u", nth);
}

// A link inside a link is no HTML: there the number alone stands.
void mdnote_ref(Md *md, const MdNode *ref, bool in_link) {
    uint32_t number = ref->number + 1;
    put(md, S("<sup class=\"footnote-ref\""));
    if (in_link) {
        put(md, S(" id=\""));
        put_ref_id(md, number, ref->nth);
        buf_fmt(&md->html, "\">%u</sup>", number);
        return;
    }
    buf_fmt(&md->html, "><a href=\"#fn-%u\" id=\"", number);
    put_ref_id(md, number, ref->nth);
    buf_fmt(&md->html, "\" role=\"doc-noteref\">%u</a></sup>", number);
}

static void put_back(Md *md, uint32_t number, uint32_t nth) {
    Str label = md->opt->words.back;
    put(md, S(" <a href=\"#"));
    put_ref_id(md, number, nth);
    put(md, S("\" class=\"footnote-backref\" role=\"doc-backlink\" "
              "aria-label=\""));
    mdhtml_attribute(md, label.len ? label : S("Về chỗ có chú thích"));
    buf_fmt(&md->html, " %u", number);
    if (nth > 1)
        buf_fmt(&md->html, "-%u", nth);
    put(md, S("\">↩"));
    if (nth > 1)
        buf_fmt(&md->html, "<sup>%u</sup>", nth);
    put(md, S("</a>"));
}

// The ways back stand at the end of the note's last paragraph.
static bool put_note(Md *md, const MdNote *note) {
    buf_fmt(&md->html, "<li id=\"fn-%u\">\n", note->number);
    if (!mdhtml_render(md, note->body))
        return false;
    bool in_paragraph = note->body->last &&
                        note->body->last->kind == MD_PARAGRAPH &&
                        str_ends(buf_str(&md->html), S("</p>\n"));
    if (in_paragraph)
        md->html.len -= sizeof "</p>\n" - 1;
    for (uint32_t i = 1; i <= note->uses; i++) {
        put_back(md, note->number, i);
        if (md->html.len > md->max_html)
            return false;
    }
    put(md, in_paragraph ? S("</p>\n") : S("\n"));
    put(md, S("</li>\n"));
    return true;
}

bool mdnote_render(Md *md) {
    if (!md->nused)
        return true;
    Str label = md->opt->words.notes;
    mdhtml_newline(md);
    put(md, S("<section class=\"footnotes\" role=\"doc-endnotes\" "
              "aria-label=\""));
    mdhtml_attribute(md, label.len ? label : S("Chú thích"));
    put(md, S("\">\n<ol>\n"));
    for (size_t i = 0; i < md->nused; i++)
        if (!put_note(md, md->used[i]))
            return false;
    put(md, S("</ol>\n</section>\n"));
    return md->html.len <= md->max_html;
}
