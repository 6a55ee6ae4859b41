#include "model/url.h"

#include "base/escape.h"
#include "base/text.h"

Str url_slug(Arena *a, const Config *cfg, Str text) {
    return cfg->slug_unicode ? text_slug_unicode(a, text) : text_slug(a, text);
}

// Most names of files are slugs.
static void put_segment(Buf *out, const Config *cfg, Str segment) {
    Str slug =
        text_is_slug(segment) ? segment : url_slug(out->arena, cfg, segment);
    if (!slug.len)
        return;
    buf_put(out, slug);
    buf_putc(out, '/');
}

static void put_path(Buf *out, const Config *cfg, Str path) {
    Str segment;
    while (path.len && str_cut(&path, '/', &segment))
        put_segment(out, cfg, segment);
}

// A slug is for pieces: what lies in a section keeps the section's folder.
static Str last_name(const Page *page) {
    bool is_piece = page->kind == PAGE_REGULAR;
    return is_piece && page->slug.len ? page->slug : path_base(page->path);
}

// --- permalink patterns

typedef struct {
    Job *job;
    const Config *cfg;
    const Page *page;
} Expand;

static bool date_pattern(Str token, Str *pattern) {
    static const struct {
        Str token, pattern;
    } names[] = {{S_INIT("monthname"), S_INIT("%B")},
                 {S_INIT("weekday"), S_INIT("%w")},
                 {S_INIT("weekdayname"), S_INIT("%A")}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(names[i].token, token)) {
            *pattern = names[i].pattern;
            return true;
        }
    return false;
}

static void put_lower(Buf *out, Date d, Str pattern) {
    Buf name = {.arena = out->arena};
    date_format(&name, d, pattern);
    buf_put(out, str_lower(out->arena, buf_str(&name)));
}

static bool token_value(const Expand *e, Str token, Buf *out) {
    const Page *p = e->page;
    DateParts d = date_parts(p->date);
    Str section, rest = p->dir, name = {0};
    str_cut(&rest, '/', &section);
    if (str_eq(token, S("year")))
        buf_fmt(out, "%04d", d.year);
    else if (str_eq(token, S("month")))
        buf_fmt(out, "%02d", d.month);
    else if (str_eq(token, S("day")))
        buf_fmt(out, "%02d", d.day);
    else if (str_eq(token, S("yearday")))
        buf_fmt(out, "%d", d.yearday);
    else if (date_pattern(token, &name))
        put_lower(out, p->date, name);
    else if (str_eq(token, S("section")))
        buf_put(out, url_slug(out->arena, e->cfg, section));
    else if (str_eq(token, S("sections")))
        put_path(out, e->cfg, p->is_bundle ? path_dir(p->dir) : p->dir);
    else if (str_eq(token, S("slug")) ||
             str_eq(token, S("slugorcontentbasename")) ||
             str_eq(token, S("slugorfilename")))
        buf_put(out, url_slug(out->arena, e->cfg, last_name(p)));
    else if (str_eq(token, S("contentbasename")) ||
             str_eq(token, S("filename")))
        buf_put(out, url_slug(out->arena, e->cfg, path_base(p->path)));
    else
        return false;
    return true;
}

static bool is_date_token(Str t) {
    Str pattern;
    return date_pattern(t, &pattern) || str_eq(t, S("year")) ||
           str_eq(t, S("month")) || str_eq(t, S("day")) ||
           str_eq(t, S("yearday"));
}

static bool expand(const Expand *e, Str pattern, Buf *out) {
    for (size_t i = 0; i < pattern.len;) {
        if (pattern.ptr[i] != ':') {
            buf_putc(out, pattern.ptr[i++]);
            continue;
        }
        size_t from = ++i;
        while (i < pattern.len && pattern.ptr[i] >= 'a' &&
               pattern.ptr[i] <= 'z')
            i++;
        Str token = str_slice(pattern, from, i);
        if (is_date_token(token) && !date_is_set(e->page->date)) {
            diag_error(e->job->diags, "E-PERMALINK",
                       page_pos(e->page, S("date")),
                       _("the permalink needs a date and the piece has none"));
            diag_hint(e->job->diags, _("add a line such as date: 2026-11-21"));
            return false;
        }
        if (!token_value(e, token, out))
            return diag_error(
                e->job->diags, "E-PERMALINK", source_pos(e->cfg->src, 0, 0),
                _("unknown word :%.*s in a permalink"), STR_ARG(token));
    }
    if (out->len && out->ptr[out->len - 1] != '/')
        buf_putc(out, '/');
    return true;
}

// A token that is empty (the sections of a page at the root) leaves two
// slashes behind.
static Str tidy(Arena *a, Str url) {
    Buf b = {.arena = a};
    for (size_t i = 0; i < url.len; i++)
        if (url.ptr[i] != '/' || !b.len || b.ptr[b.len - 1] != '/')
            buf_putc(&b, url.ptr[i]);
    return buf_str(&b);
}

bool url_pattern_is_known(Str pattern, Str *unknown) {
    static const Str words[] = {
        S_INIT("section"),        S_INIT("sections"),
        S_INIT("slug"),           S_INIT("slugorcontentbasename"),
        S_INIT("slugorfilename"), S_INIT("contentbasename"),
        S_INIT("filename")};
    for (size_t i = 0; i < pattern.len;) {
        if (pattern.ptr[i++] != ':')
            continue;
        size_t from = i, k = 0;
        while (i < pattern.len && pattern.ptr[i] >= 'a' &&
               pattern.ptr[i] <= 'z')
            i++;
        if (i == from || (i < pattern.len && pattern.ptr[i] == '[')) {
            size_t end = str_find(pattern, S("/"), i); // :2006, :sections[1:]
            *unknown = str_slice(pattern, from, end);
            return false;
        }
        *unknown = str_slice(pattern, from, i);
        while (k < sizeof words / sizeof *words && !str_eq(words[k], *unknown))
            k++;
        if (k == sizeof words / sizeof *words && !is_date_token(*unknown))
            return false;
    }
    return true;
}

static const Permalink *find_permalink(const Config *cfg, const Page *page) {
    Str rest = page->dir, section = {0};
    if (!page->is_bundle || str_find(rest, S("/"), 0) != SIZE_MAX)
        str_cut(&rest, '/', &section);
    for (size_t i = cfg->npermalinks; i-- > 0;)
        if (str_eq_nocase(cfg->permalinks[i].section, section))
            return &cfg->permalinks[i];
    return NULL;
}

// --- front matter `url`

static bool has_file_name(Str url) {
    return path_ext(path_base(url)).len > 0;
}

// In an address # ? and % would be read as something else.
static bool is_plain(Str url) {
    return str_find(url, S("#"), 0) == SIZE_MAX &&
           str_find(url, S("?"), 0) == SIZE_MAX &&
           str_find(url, S("%"), 0) == SIZE_MAX;
}

static bool refuse_wish(Job *job, const Page *page) {
    Str s = page->url_wish;
    diag_error(job->diags, "E-URL", page_pos(page, S("url")),
               _("'%.*s' cannot be the address of a page"), STR_ARG(s));
    if (str_find(s, S("://"), 0) != SIZE_MAX)
        diag_hint(job->diags, _("the page lies on this site: write only the "
                                "path, such as /gioi-thieu/"));
    else if (str_find(s, S(":"), 0) != SIZE_MAX)
        diag_hint(job->diags, _("words such as :year are not replaced here: "
                                "write the path out, as /2026/11/tin/"));
    else
        diag_hint(job->diags,
                  _("write a path such as /gioi-thieu/, without .. and "
                    "spaces"));
    return false;
}

static bool wished(Job *job, const Page *page, Str *out) {
    Str s = page->url_wish, decoded = url_decoded(job->scratch, s);
    if (page_is_list(page) && has_file_name(s)) {
        diag_error(job->diags, "E-URL", page_pos(page, S("url")),
                   _("the address of a list is a folder, not the file '%.*s'"),
                   STR_ARG(s));
        diag_hint(job->diags, _("write it with a slash at the end: /tin-tuc/"));
        return false;
    }
    Buf b = {.arena = job->keep};
    if (!str_starts(decoded, S("/")))
        buf_putc(&b, '/');
    buf_put(&b, decoded);
    if (!has_file_name(decoded) && !str_ends(decoded, S("/")))
        buf_putc(&b, '/');
    Str url = buf_str(&b), path = url_to_path(job->scratch, url);
    bool is_path = str_find(s, S(":"), 0) == SIZE_MAX; // no scheme, no :year
    if (is_path && path_is_safe(path) && is_plain(url)) {
        *out = url;
        return true;
    }
    return refuse_wish(job, page);
}

static bool usual(Job *job, const Config *cfg, const Page *page, Str *out) {
    Buf b = {.arena = job->scratch};
    buf_reserve(&b, page->path.len + 64);
    buf_putc(&b, '/');
    const Permalink *link =
        page->kind == PAGE_REGULAR ? find_permalink(cfg, page) : NULL;
    if (link) {
        Expand e = {job, cfg, page};
        Str pattern = link->pattern;
        if (str_starts(pattern, S("/")))
            pattern = str_slice(pattern, 1, pattern.len);
        if (!expand(&e, pattern, &b))
            return false;
        *out = str_copy(job->keep, tidy(job->scratch, buf_str(&b)));
        return true;
    }
    if (page->path.len) {
        put_path(&b, cfg, path_dir(page->path));
        size_t before = b.len;
        put_segment(&b, cfg, last_name(page));
        if (b.len == before) {
            diag_error(job->diags, "E-URL", page_pos(page, S("slug")),
                       _("no address can be made of the name '%.*s'"),
                       STR_ARG(last_name(page)));
            diag_hint(job->diags,
                      _("give the file a name with letters or digits, or "
                        "write a line slug: ten-bai"));
            return false;
        }
    }
    *out = str_copy(job->keep, buf_str(&b));
    return true;
}

bool url_of_page(Job *job, const Config *cfg, const Page *page, Str *out) {
    bool is_wish = page->url_wish.len > 0;
    if (!(is_wish ? wished(job, page, out) : usual(job, cfg, page, out)))
        return false;
    if (!is_wish || !str_starts(page->url_wish, S("/")))
        *out = url_in_language(job->keep, cfg, page->lang, *out);
    return true;
}

Str url_in_language(Arena *a, const Config *cfg, uint8_t lang, Str url) {
    if (!lang)
        return url;
    return str_fmt(a, "/%.*s%.*s", STR_ARG(config_language(cfg, lang)->key),
                   STR_ARG(url));
}

Str url_below(Arena *a, Str url, Str name) {
    return str_cat(a, url, str_ends(url, S("/")) ? (Str){0} : S("."), name);
}

Str url_to_path(Arena *a, Str url) {
    if (str_starts(url, S("/")))
        url = str_slice(url, 1, url.len);
    if (url.len && !str_ends(url, S("/")) && has_file_name(url))
        return url;
    bool is_folder = !url.len || str_ends(url, S("/"));
    return str_cat(a, url, is_folder ? (Str){0} : S("/"), S("index.html"));
}

static bool is_site_path(Str url) {
    return str_starts(url, S("/")) && !str_starts(url, S("//"));
}

// Most addresses need nothing and are not copied.
static Str with_prefix(Arena *a, Str host, Str base, Str url) {
    Buf b = {.arena = a};
    if (!host.len && !base.len && escape_is_plain_url(url))
        return url;
    buf_reserve(&b, host.len + base.len + url.len);
    buf_put(&b, host);
    buf_put(&b, base);
    escape_url(&b, url);
    return buf_str(&b);
}

Str url_decoded(Arena *a, Str s) {
    Buf b = {.arena = a};
    for (size_t i = 0; i < s.len; i++) {
        int byte = escape_byte(s, i);
        if (byte > 0) {
            buf_putc(&b, (char)byte);
            i += 2;
        } else {
            buf_putc(&b, s.ptr[i]);
        }
    }
    return text_nfc(a, text_clean(a, buf_str(&b)), NULL);
}

// In a file's name # ? and % are letters like any other.
static Str mask(Arena *a, Str path) {
    Buf b = {.arena = a};
    if (is_plain(path))
        return path;
    for (size_t i = 0; i < path.len; i++) {
        char c = path.ptr[i];
        if (c == '#' || c == '?' || c == '%')
            buf_fmt(&b, "%%%02X", (unsigned)c);
        else
            buf_putc(&b, c);
    }
    return buf_str(&b);
}

// Nearly all paths need nothing: one look tells.
static Str path_link(Arena *a, Str host, Str base, Str path) {
    if (is_site_path(path) && escape_is_plain_url(path))
        return host.len || base.len ? str_cat(a, host, base, path) : path;
    Str url = mask(a, path);
    return is_site_path(url) ? with_prefix(a, host, base, url) : url;
}

Str url_href(Arena *a, const Config *cfg, Str path) {
    return path_link(a, (Str){0}, cfg->base_path, path);
}

Str url_permalink(Arena *a, const Config *cfg, Str path) {
    return path_link(a, cfg->host, cfg->base_path, path);
}

Str url_relative(Arena *a, const Config *cfg, Str url) {
    return is_site_path(url) ? with_prefix(a, (Str){0}, cfg->base_path, url)
                             : url;
}

Str url_absolute(Arena *a, const Config *cfg, Str url) {
    return is_site_path(url) ? with_prefix(a, cfg->host, cfg->base_path, url)
                             : url;
}
