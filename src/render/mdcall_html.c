// What shortcodes give, where they stand. HTML that is a block ends the
// paragraph it stands in, and what comes behind it is another.
#include <string.h>

#include "base/escape.h"
#include "base/text.h"
#include "render/mdblock.h"
#include "render/mdcall.h"

// Together, for one text.
static const size_t MAX_BYTES = (size_t)16 * 1024 * 1024;

// What the tags of a pair in text have between them.
static Str inner_text(Md *md, const MdTag *t) {
    if (t->partner == CALL_NONE)
        return (Str){0};
    size_t to = md->tags[t->partner].at;
    return md_unmark(md->tmp, str_slice(md->call_text, t->tag.end, to));
}

static void put_literal(Buf *out, const MdTag *t) {
    buf_put(out, t->tag.is_percent ? S("{{%") : S("{{&lt;"));
    mdhtml_text(out, t->tag.inside);
    buf_put(out, t->tag.is_percent ? S("%}}") : S("&gt;}}"));
}

// Escaped text with the shortcodes in it. CALL_DEPTH bounds the recursion.
static Str text_html(Md *md, uint32_t number) {
    const MdTag *t = &md->tags[number];
    Buf out = {.arena = md->tmp};
    size_t done = t->tag.end;
    for (uint32_t i = number + 1; i < t->partner;) {
        MdTag *inner = &md->tags[i];
        mdhtml_text(&out, str_slice(md->call_text, done, inner->at));
        uint32_t last = i;
        if (inner->tag.kind == SHORTCODE_LITERAL) {
            put_literal(&out, inner);
        } else if (!inner->is_bad) {
            last = inner->partner != CALL_NONE ? inner->partner : i;
            buf_put(&out, mdcall_html(md, i, (Str){0}));
        }
        done = md->tags[last].tag.end;
        i = last + 1;
    }
    size_t to = md->tags[t->partner].at;
    mdhtml_text(&out, str_slice(md->call_text, done, to));
    return str_trim(buf_str(&out));
}

static void unmark_value(Md *md, Value *v) {
    if (v->kind == VALUE_STR)
        v->as.s = text_clean(md->tmp, md_unmark(md->tmp, v->as.s));
    for (size_t i = 0; v->kind == VALUE_LIST && i < v->as.list.len; i++)
        unmark_value(md, &v->as.list.items[i]);
    for (size_t i = 0; v->kind == VALUE_MAP && i < v->as.map->len; i++)
        unmark_value(md, v->as.map->items[i].val);
}

static bool is_too_much(Md *md, MdTag *t, size_t more) {
    md->call_bytes += more;
    if (md->call_bytes <= MAX_BYTES)
        return false;
    if (md->call_bytes - more <= MAX_BYTES && md_may_err(md)) {
        diag_error(md->job->diags, "E-SHORTCODE-SIZE", mdcall_pos(md, t),
                   _("the shortcodes of this text give more than 16 MiB"));
        diag_hint(md->job->diags, _("split it into several pages"));
    }
    return true;
}

Str mdcall_html(Md *md, uint32_t number, Str inner) {
    MdTag *t = &md->tags[number];
    const Shortcodes *s = md->opt->shortcodes;
    bool is_pair = t->partner != CALL_NONE;
    Str html = {0};
    t->is_placed = true;
    if (md->call_bytes > MAX_BYTES)
        return html;
    if (is_pair && !t->in_place)
        inner = text_html(md, number);
    unmark_value(md, &t->tag.args);
    ShortcodeCall call = {.name = t->tag.name,
                          .args = &t->tag.args,
                          .has_inner = is_pair,
                          .inner = inner,
                          .inner_text = inner_text(md, t),
                          .ordinal = number,
                          .pos = mdcall_pos(md, t)};
    if (!s->render(md->job, s->ctx, &call, &html))
        return (Str){0};
    html = text_clean(md->tmp, html);
    return is_too_much(md, t, html.len) ? (Str){0} : html;
}

// ---- in the tree

static bool is_block(Str html) {
    int kind = mdblock_html(html, true);
    return kind == 1 || kind == 6;
}

static bool is_block_parent(const MdNode *n) {
    return n->kind < MD_PARAGRAPH || n->kind == MD_NOTE ||
           (n->kind == MD_PARAGRAPH && n->flags & MD_BARE);
}

static void trim_end(Buf *out) {
    while (out->len && strchr(" \t\n", out->ptr[out->len - 1]))
        out->len--;
}

// Between the two halves of its paragraph.
static void put_split(Md *md, MdNode *paragraph, Str html) {
    Buf *out = &md->html;
    trim_end(out);
    if (str_ends(buf_str(out), S("<p>")))
        out->len -= 3;
    else
        buf_put(out, S("</p>\n"));
    buf_put(out, html);
    buf_put(out, S("\n<p>"));
    paragraph->flags |= MD_SPLIT;
}

static void put_html(Md *md, MdNode *call, Str html) {
    MdNode *parent = call->parent;
    Str trimmed = str_trim(html);
    bool is_own = parent->kind == MD_PARAGRAPH && !md_is_tight(parent) &&
                  !(parent->flags & (MD_BARE | MD_TITLE));
    md->max_html += html.len;
    if (is_own && is_block(trimmed)) {
        md->max_html += sizeof "</p>\n\n<p>";
        put_split(md, parent, trimmed);
    } else if (is_block_parent(parent)) {
        mdhtml_newline(md);
        buf_put(&md->html, trimmed);
        buf_putc(&md->html, '\n');
    } else {
        buf_put(&md->html, trimmed);
    }
}

void mdcall_tag(Md *md, MdNode *call, bool is_exit) {
    const MdTag *t = &md->tags[call->number];
    if (!is_exit) {
        call->nth = (uint32_t)md->html.len;
        return;
    }
    Str inner = str_slice(buf_str(&md->html), call->nth, md->html.len);
    inner = str_copy(md->tmp, str_trim(inner));
    md->html.len = call->nth;
    if (!t->is_bad)
        put_html(md, call, mdcall_html(md, call->number, inner));
}

// ---- elsewhere

void mdcall_in_html(Md *md, Str s) {
    uint32_t number;
    for (size_t i = 0, len; (i = md_search(s, S("\xEF\xB7"), i)) != SIZE_MAX;
         i += 2) {
        uint8_t kind = mdcall_mark(s, i, &len, &number);
        if (!kind || number >= md->ntags)
            continue;
        if (kind != (uint8_t)MARK_CALL[MARK_LEN - 1]) {
            mdcall_misplaced(md, number);
            continue;
        }
        Str html = mdcall_html(md, number, (Str){0});
        md->max_html += html.len;
        buf_put(&md->html, html);
    }
}

bool mdcall_is_in_url(Str url) {
    return url.len && md_search(url, S(MARK_CALL), 0) != SIZE_MAX;
}

// A text in an attribute, as a template wrote it.
static void put_unescaped(Buf *out, Str s) {
    static const struct {
        Str entity;
        char c;
    } table[] = {{S_INIT("&amp;"), '&'},  {S_INIT("&lt;"), '<'},
                 {S_INIT("&gt;"), '>'},   {S_INIT("&quot;"), '"'},
                 {S_INIT("&#39;"), '\''}, {S_INIT("&#x27;"), '\''}};
    for (size_t i = 0; i < s.len;) {
        size_t k = 0, n = sizeof table / sizeof *table;
        Str rest = str_slice(s, i, s.len);
        while (k < n && (s.ptr[i] != '&' || !str_starts(rest, table[k].entity)))
            k++;
        buf_putc(out, k < n ? table[k].c : s.ptr[i]);
        i += k < n ? table[k].entity.len : 1;
    }
}

Str mdcall_in_url(Md *md, Str url) {
    Buf out = {.arena = md->job->scratch};
    uint32_t number;
    for (size_t i = 0, len; i < url.len;) {
        uint8_t kind = mdcall_mark(url, i, &len, &number);
        if (kind == (uint8_t)MARK_CALL[MARK_LEN - 1] && number < md->ntags) {
            Str html = mdcall_html(md, number, (Str){0});
            md->max_html += html.len;
            put_unescaped(&out, str_trim(html));
            i += len;
        } else {
            buf_putc(&out, url.ptr[i++]);
        }
    }
    return text_clean(md->job->scratch, md_unmark(md->tmp, buf_str(&out)));
}

// ---- what has no place

void mdcall_misplaced(Md *md, uint32_t number) {
    if (number >= md->ntags || md->tags[number].is_bad)
        return;
    MdTag *t = &md->tags[number];
    t->is_bad = true;
    if (!md_may_err(md))
        return;
    diag_error(md->job->diags, "E-SHORTCODE-PLACE", mdcall_pos(md, t),
               _("the shortcode '%.*s' does not end in the paragraph, list "
                 "item or quote in which it begins"),
               STR_ARG(t->tag.name));
    diag_hint(md->job->diags,
              _("write its beginning and its end each on a line of its own, "
                "indented alike"));
}

void mdcall_check_placed(Md *md) {
    for (uint32_t i = 0; i < md->ntags; i++) {
        const MdTag *t = &md->tags[i];
        if (t->is_placed || t->is_bad || t->tag.kind == SHORTCODE_CLOSE ||
            t->tag.kind == SHORTCODE_LITERAL)
            continue;
        if (!t->in_place && t->partner != CALL_NONE)
            i = t->partner;
        if (!md_may_warn(md))
            return;
        diag_warn(md->job->diags, "W-SHORTCODE-PLACE", mdcall_pos(md, t),
                  _("the shortcode '%.*s' was left out: nothing can be put in "
                    "where it stands"),
                  STR_ARG(t->tag.name));
        diag_hint(md->job->diags,
                  _("take it out of the title or the alternative text, and "
                    "out of notes that are not referred to"));
    }
}
