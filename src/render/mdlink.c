// Links and images: what the resolver, or the one URL filter, makes of an
// address.
#include "base/escape.h"
#include "base/text.h"
#include "render/md.h"

// ---- as cmark writes it, for the examples of the specification

static bool is_kept(uint8_t c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') ||
           (c && str_find(S("-_.+!*(),%#@?=;:/,+$~"),
                          (Str){(const char *)&c, 1}, 0) != SIZE_MAX);
}

static void put_spec_url(Buf *out, Str url) {
    for (size_t i = 0; i < url.len; i++) {
        uint8_t c = (uint8_t)url.ptr[i];
        if (c == '&')
            buf_put(out, S("&amp;"));
        else if (c == '\'')
            buf_put(out, S("&#x27;"));
        else if (is_kept(c))
            buf_putc(out, (char)c);
        else
            buf_fmt(out, "%%%02X", c);
    }
}

static bool is_dangerous(Arena *a, Str url) {
    Str s = str_lower(a, str_slice(url, 0, 16));
    return str_starts(s, S("javascript:")) || str_starts(s, S("vbscript:")) ||
           str_starts(s, S("file:")) || str_starts(s, S("data:"));
}

static LinkResult spec_result(Md *md, const MdNode *n) {
    Buf url = {.arena = md->tmp};
    if (!is_dangerous(md->tmp, n->text))
        put_spec_url(&url, n->text);
    return (LinkResult){.url = buf_str(&url)};
}

// ---- ours

static bool is_external(Str url) {
    return str_starts(url, S("http://")) || str_starts(url, S("https://"));
}

static LinkResult refuse(Md *md, Pos pos, Str url) {
    LinkResult text = {.action = LINK_TEXT};
    if (!md_may_err(md))
        return text;
    Str shown = str_slice(url, 0, text_offset(url, 100));
    diag_error(md->job->diags, "E-URL", pos,
               _("the address '%.*s' is not allowed"), STR_ARG(shown));
    diag_hint(md->job->diags,
              _("write an address that begins with https:, http:, mailto: or "
                "tel:, or the path of a page of this site"));
    return text;
}

// What a shortcode such as `ref` gives is the address itself.
static LinkResult given(Md *md, const MdNode *n, Pos pos) {
    Str url = mdcall_in_url(md, n->text);
    LinkResult r = {0};
    if (!url.len)
        return (LinkResult){.action = LINK_TEXT};
    if (!escape_safe_url(md->job->scratch, url, &r.url))
        return refuse(md, pos, url);
    r.is_external = is_external(r.url);
    return r;
}

static LinkResult ask(Md *md, const MdNode *n, Pos pos, Str url) {
    if (md->ntags && mdcall_is_in_url(n->text))
        return given(md, n, pos);
    bool is_image = n->kind == MD_IMAGE;
    if (md->opt->resolve)
        return md->opt->resolve(md->job, md->opt->ctx,
                                str_copy(md->job->scratch, url), is_image, pos);
    LinkResult r = {0};
    if (!escape_safe_url(md->job->scratch, url, &r.url))
        return refuse(md, pos, url);
    r.is_external = is_external(r.url);
    return r;
}

static void check_alt(Md *md, MdNode *n, Pos pos) {
    Buf alt = {.arena = md->tmp};
    if (!md->opt->must_have_alt)
        return;
    md_plain(&alt, n);
    if (str_trim(buf_str(&alt)).len || !md_may_err(md))
        return;
    diag_error(md->job->diags, "E-ALT", pos,
               _("the image has no alternative text"));
    diag_hint(md->job->diags,
              _("write between [ and ] what the image shows, for readers who "
                "do not see it: ![Lễ phát động Tháng Công nhân](anh.jpg)"));
}

void mdlink_resolve(Md *md, MdNode *n) {
    if (n->link)
        return;
    n->link = ARENA_NEW(md->tmp, LinkResult);
    if (md->opt->spec_mode) {
        *n->link = spec_result(md, n);
        return;
    }
    Str url = text_clean(md->tmp, md_unmark(md->tmp, n->text));
    Pos pos = md_find(md, n->line, url); // once: each search goes on after it
    if (n->kind == MD_IMAGE)
        check_alt(md, n, pos);
    *n->link = ask(md, n, pos, url);
}

void mdlink_url(Md *md, const MdNode *n) {
    if (md->opt->spec_mode)
        buf_put(&md->html, n->link->url);
    else
        mdhtml_attribute(md, n->link->url);
}
