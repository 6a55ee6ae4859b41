#include "render/body.h"

#include "base/escape.h"
#include "base/nearest.h"
#include "base/text.h"
#include "render/anniversary.h"
#include "render/shortcode.h"
#include "render/trace.h"

// A guess looks at the name of every file: for the first mistakes of a piece
// only, and not at all of them on a large site.
enum { MAX_HINTS = 20, SMALL_SITE = 2000 };

typedef struct {
    const World *world;
    const Page *page;
    bool is_absolute, is_first;
    LinkUse *uses;
    size_t nuses, cap;
    size_t nmissing; // links that led to nothing so far
} Resolver;

static const LinkResult as_text = {.action = LINK_TEXT};

static void note_use(Job *job, Resolver *r, const Page *target, Str fragment,
                     Pos pos) {
    if (!r->is_first || !fragment.len)
        return;
    r->uses =
        arena_grow(job->keep, r->uses, r->nuses, &r->cap, sizeof *r->uses);
    r->uses[r->nuses++] =
        (LinkUse){target, str_copy(job->keep, fragment), pos.line, pos.col};
}

// scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) ":" (RFC 3986 3.1)
static bool has_scheme(Str s) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == ':')
            return i > 0;
        bool is_letter = (c | 32) >= 'a' && (c | 32) <= 'z';
        bool is_other =
            (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
        if (!is_letter && !(i && is_other))
            return false;
    }
    return false;
}

static LinkResult refuse(Job *job, Str href, Pos pos) {
    diag_error(job->diags, "E-URL", pos, _("'%.*s' cannot be linked to"),
               STR_ARG(href));
    diag_hint(job->diags,
              _("use an address that begins with https://, http://, mailto: "
                "or tel:"));
    return as_text;
}

static LinkResult outside(Job *job, Str href, bool is_image, Pos pos) {
    LinkResult out = {.is_external = true};
    bool is_web = str_starts(href, S("http"));
    if (!escape_safe_url(job->scratch, href, &out.url) || (is_image && !is_web))
        return refuse(job, href, pos);
    return out;
}

static void add_near(Strs *out, Str folder, Str name) {
    if (!folder.ptr || str_eq(path_dir(name), folder))
        out->items[out->len++] = name;
}

// The files that may have been meant: on a large site those of the folder.
static Strs near_files(Job *job, const Site *site, Str rel) {
    size_t n = site->by_file.len + site->resources.len;
    Strs out = {ARENA_ARRAY(job->scratch, Str, n), 0};
    Str folder = n > SMALL_SITE ? path_dir(rel) : (Str){0};
    for (size_t i = 0; i < site->by_file.len; i++)
        add_near(&out, folder, site->by_file.items[i].key);
    for (size_t i = 0; i < site->resources.len; i++)
        add_near(&out, folder, site->resources.items[i].key);
    return out;
}

static LinkResult missing(Job *job, Resolver *r, Str href, Str path, Pos pos) {
    const Site *site = r->world->site;
    LinkResult keep = {0};
    if (diag_level(job->diags, "E-LINK", DIAG_ERROR) != DIAG_ERROR) {
        if (!escape_safe_url(job->scratch, href, &keep.url))
            return refuse(job, href, pos);
        keep.url = url_relative(job->scratch, site->cfg, keep.url);
    }
    if (diag_level(job->diags, "E-LINK", DIAG_ERROR) == DIAG_OFF)
        return keep;
    diag_error(job->diags, "E-LINK", pos,
               _("the link leads to '%.*s', and there is nothing"),
               STR_ARG(path));
    Str rel = {0}, near = {0};
    if (r->nmissing++ < MAX_HINTS &&
        path_resolve(job->scratch, r->page->dir, path, &rel) && rel.len)
        near = nearest(rel, near_files(job, site, rel));
    if (near.len)
        diag_hint(job->diags, _("did you mean /%.*s?"), STR_ARG(near));
    else
        diag_hint(job->diags,
                  _("write the path from this file's folder, or from content/ "
                    "with a slash in front"));
    if (keep.url.len)
        return keep;
    return as_text;
}

static LinkResult left_out(Job *job, const Target *t, Str path, Pos pos) {
    if (!(t->page->skip & SKIP_DRAFT))
        return as_text;
    diag_warn(job->diags, "W-LINK-DRAFT", pos,
              _("'%.*s' is not published, so the link is only text"),
              STR_ARG(path));
    diag_hint(job->diags,
              _("publish it (delete its line draft: true) or take the link "
                "out; it becomes a link by itself once the page is there"));
    return as_text;
}

static Str site_url(Arena *a, const Resolver *r, Str url) {
    const Config *cfg = r->world->site->cfg;
    return r->is_absolute ? url_permalink(a, cfg, url) : url_href(a, cfg, url);
}

static Str join_tail(Arena *a, Str url, Str query, Str fragment) {
    Buf b = {.arena = a};
    buf_put(&b, url);
    if (query.len) {
        buf_putc(&b, '?');
        escape_url(&b, query);
    }
    if (fragment.len) {
        buf_putc(&b, '#');
        escape_url(&b, fragment);
    }
    return buf_str(&b);
}

// Feeds, calendars and numbered pages are no content, but may be linked to:
// the plan knows them all.
static bool find_output(Arena *a, const Resolver *r, Str path, Str *url) {
    const Plan *plan = r->world->plan;
    if (!str_starts(path, S("/")) || str_starts(path, S("//")))
        return false;
    Str file = url_to_path(a, path);
    size_t lo = 0, hi = plan ? plan->len : 0;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int c = str_cmp(file, plan->items[mid].path);
        if (c == 0) {
            *url = plan->items[mid].url;
            return true;
        }
        if (c < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return false;
}

static LinkResult inside(Job *job, Resolver *r, Str href, bool is_image,
                         Pos pos) {
    Arena *a = job->scratch;
    Str fragment = href, query, path;
    str_cut(&fragment, '#', &query);
    Str rest = query;
    str_cut(&rest, '?', &path);
    query = rest;
    path = url_decoded(a, path);
    fragment = url_decoded(a, fragment);
    const Site *site = r->world->site;
    if (!path.len) { // a heading of this page
        note_use(job, r, r->page, fragment, pos);
        Str here = r->is_absolute ? site_url(a, r, r->page->url) : (Str){0};
        return (LinkResult){.url = join_tail(a, here, query, fragment)};
    }
    Target t = site_resolve(a, site, r->page, path);
    if (t.page && (t.page->skip || !t.page->url.len))
        return left_out(job, &t, path, pos);
    bool is_file = t.resource || t.file;
    if (!t.page && !is_file && !is_image && find_output(a, r, path, &t.url))
        return (LinkResult){
            .url = join_tail(a, site_url(a, r, t.url), query, fragment)};
    if (!t.page && !is_file)
        return missing(job, r, href, path, pos);
    if (is_image && !is_file)
        return missing(job, r, href, path, pos);
    if (t.page)
        note_use(job, r, t.page, fragment, pos);
    return (LinkResult){
        .url = join_tail(a, site_url(a, r, t.url), query, fragment)};
}

static LinkResult resolve(Job *job, void *ctx, Str href, bool is_image,
                          Pos pos) {
    Resolver *r = ctx;
    href = str_trim(href);
    trace_note(job, is_image ? ASK_IMAGE : ASK_LINK, r->page, href);
    if (has_scheme(href) || str_starts(href, S("//")) ||
        str_find(href, S("\\"), 0) != SIZE_MAX)
        return outside(job, href, is_image, pos);
    return inside(job, r, href, is_image, pos);
}

static Str number_title(const Page *doc) {
    const Value *v = value_get(&doc->fields, doc->type->library_title);
    return v && v->kind == VALUE_STR ? v->as.s : doc->title;
}

static bool link_number(Job *job, Resolver *r, const NumberUse *number,
                        NumberLink *out) {
    const Page *doc =
        site_document(r->world->site, number->key, number->year, r->page->lang);
    if (!doc || doc == r->page || !doc->url.len)
        return false;
    *out = (NumberLink){site_url(job->scratch, r, doc->url), number_title(doc)};
    return true;
}

static bool find_number(Job *job, void *ctx, const NumberUse *number,
                        NumberLink *out) {
    Resolver *r = ctx;
    Str asked =
        str_fmt(job->scratch, "%d %.*s", number->year, STR_ARG(number->key));
    trace_note(job, ASK_NUMBER, r->page, asked);
    return link_number(job, r, number, out);
}

bool body_number(Job *job, const World *w, const Page *from, Str asked,
                 NumberLink *out) {
    Resolver r = {.world = w, .page = from};
    NumberUse number = {.key = asked};
    Str year;
    int64_t n = 0;
    if (!str_cut(&number.key, ' ', &year) || !str_to_int(year, &n))
        return false;
    number.year = (int)n;
    return link_number(job, &r, &number, out);
}

LinkResult body_link(Job *job, const World *w, const Page *from, Str href,
                     bool is_image) {
    Resolver r = {.world = w, .page = from};
    return resolve(job, &r, href, is_image, (Pos){0});
}

static Str word(const World *w, const Page *page, Str key) {
    const Value *v = map_get(&w->site->editions[page->lang].i18n, key);
    return v && v->kind == VALUE_STR ? v->as.s : (Str){0};
}

// In the language of the page, from i18n/; what is missing is Vietnamese.
static MarkdownWords words_of(const World *w, const Page *page) {
    return (MarkdownWords){.table = word(w, page, S("body_table")),
                           .notes = word(w, page, S("body_notes")),
                           .back = word(w, page, S("body_back")),
                           .done = word(w, page, S("task_done")),
                           .todo = word(w, page, S("task_todo")),
                           .note = word(w, page, S("callout_note")),
                           .tip = word(w, page, S("callout_tip")),
                           .important = word(w, page, S("callout_important")),
                           .warning = word(w, page, S("callout_warning")),
                           .caution = word(w, page, S("callout_caution"))};
}

static MarkdownMarkup markup_of(const MarkupConfig *use) {
    return (MarkdownMarkup){.tasks = use->task_list,
                            .bare_links = use->linkify,
                            .callouts = use->callouts,
                            .smart = use->typographer,
                            .no_break = use->no_break};
}

static MarkdownOptions options_for(const World *w, Resolver *r) {
    const Config *cfg = w->site->cfg;
    return (MarkdownOptions){.resolve = resolve,
                             .ctx = r,
                             .summary_words = (size_t)cfg->summary_words,
                             .words = words_of(w, r->page),
                             .unicode_ids = cfg->slug_unicode,
                             .must_have_alt = true,
                             .markup = markup_of(&cfg->markup)};
}

// Feeds are read elsewhere: marks inside the page need its address.
static Str absolute_marks(Arena *a, Str html, Str url) {
    Str mark = S("href=\"#");
    size_t at = str_find(html, mark, 0), from = 0;
    if (at == SIZE_MAX)
        return html;
    Buf b = {.arena = a};
    for (; at != SIZE_MAX; at = str_find(html, mark, from)) {
        buf_put(&b, str_slice(html, from, at + 6));
        escape_html(&b, url);
        from = at + 6;
    }
    buf_put(&b, str_slice(html, from, html.len));
    return buf_str(&b);
}

bool body_render(Job *job, const World *w, const Page *page, bool is_absolute,
                 Facts *facts, Str *html) {
    Resolver r = {.world = w,
                  .page = page,
                  .is_absolute = is_absolute,
                  .is_first = facts != NULL};
    Diags silent = {.arena = job->scratch, .levels = job->diags->levels};
    Job again = {job->scratch, job->scratch, &silent, job->trace};
    MarkdownOptions opt = options_for(w, &r);
    ShortcodeCtx calls = {w, page, resolve, &r, false};
    Shortcodes shortcodes = shortcode_set(&calls);
    MarkdownOut out;
    *html = (Str){0};
    if (facts)
        facts->is_known = true;
    opt.shortcodes = &shortcodes;
    opt.find_number = find_number;
    if (facts && page->src)
        anniversary_check(job, w, page);
    if (!page->src || !page->body_len)
        return true;
    if (!markdown_render(facts ? job : &again, page->src, page_body(page),
                         page->body_line, &opt, &out))
        return facts == NULL;
    *html = out.html;
    if (is_absolute)
        *html = absolute_marks(
            job->scratch, out.html,
            url_permalink(job->scratch, w->site->cfg, page->url));
    if (facts)
        *facts = (Facts){.excerpt = out.excerpt,
                         .headings = out.headings,
                         .nheadings = out.nheadings,
                         .links = r.uses,
                         .nlinks = r.nuses,
                         .words = out.words,
                         .nasked = job->trace ? job->trace->len : 0,
                         .has_shortcodes = calls.was_called,
                         .is_known = true};
    return true;
}

bool body_render_text(Job *job, const World *w, const Page *page, Str text,
                      bool is_inline, Str *html) {
    Resolver r = {.world = w, .page = page};
    MarkdownOptions opt = options_for(w, &r);
    MarkdownOut out;
    opt.is_inline = is_inline;
    Source nowhere = {.path = page->src ? page->src->path : page->url};
    if (!markdown_render(job, &nowhere, text, 1, &opt, &out))
        return false;
    *html = out.html;
    return true;
}

bool body_render_field(Job *job, const World *w, const Page *page,
                       const Value *field, Str *html) {
    size_t before = job->diags->len;
    bool ok = body_render_text(job, w, page, field->as.s, false, html);
    for (size_t i = before; i < job->diags->len; i++) {
        job->diags->items[i].line = field->line;
        job->diags->items[i].col = field->col;
    }
    return ok;
}

// --- fragments

static bool has_heading(const Facts *facts, Str id) {
    for (size_t i = 0; i < facts->nheadings; i++)
        if (str_eq(facts->headings[i].id, id))
            return true;
    return false;
}

static bool complain_fragment(Job *job, const World *w, const Page *from,
                              const LinkUse *use) {
    const Facts *facts = &w->facts[use->target->index];
    Strs ids = {ARENA_ARRAY(job->scratch, Str, facts->nheadings),
                facts->nheadings};
    for (size_t i = 0; i < ids.len; i++)
        ids.items[i] = facts->headings[i].id;
    diag_error(
        job->diags, "E-FRAGMENT", source_pos(from->src, use->line, use->col),
        _("'%.*s' has no heading #%.*s"),
        STR_ARG(use->target->src ? use->target->src->path : use->target->url),
        STR_ARG(use->fragment));
    Str near = nearest(use->fragment, ids);
    if (near.len)
        diag_hint(job->diags, _("did you mean #%.*s?"), STR_ARG(near));
    else
        diag_hint(job->diags,
                  _("write {#%.*s} at the end of the heading that is meant"),
                  STR_ARG(use->fragment));
    return false;
}

bool body_check_fragments(Job *job, const World *w) {
    bool ok = true;
    const Pages *pages = &w->site->pages;
    for (size_t i = 0; i < pages->len; i++) {
        const Facts *facts = &w->facts[i];
        for (size_t k = 0; k < facts->nlinks; k++) {
            const LinkUse *use = &facts->links[k];
            if (!has_heading(&w->facts[use->target->index], use->fragment))
                ok &= complain_fragment(job, w, pages->items[i], use);
        }
    }
    return ok;
}
