#include "render/feed.h"

#include "base/escape.h"
#include "render/body.h"
#include "render/card.h"
#include "render/xml.h"

static Str rfc822(Arena *a, Date d) {
    Buf b = {.arena = a};
    date_rfc822(&b, d);
    return buf_str(&b);
}

static Str channel_title(Arena *a, const World *w, const Page *page) {
    Str site = w->site->cfg->title;
    if (page->kind == PAGE_HOME || !page->title.len)
        return site.len ? site : page->title;
    return str_fmt(a, "%.*s – %.*s", STR_ARG(page->title), STR_ARG(site));
}

// Readers show an item's description as HTML: text has to look like itself.
static Str html_of(Arena *a, Str text) {
    Buf b = {.arena = a};
    escape_html(&b, text);
    return buf_str(&b);
}

static Str first_text(Str a, Str b, Str c) {
    return a.len ? a : b.len ? b : c;
}

// tag:HOST,YEAR:TYPE/ID (RFC 4151): stays when the address or title changes.
static Str guid(Arena *a, const World *w, const Page *page) {
    Str host = w->site->cfg->host;
    size_t at = str_find(host, S("//"), 0);
    host = at == SIZE_MAX ? S("localhost") : str_slice(host, at + 2, host.len);
    size_t colon = str_find(host, S(":"), 0);
    host = str_slice(host, 0, colon);
    Buf id = {.arena = a};
    escape_url_part(&id, page->id); // a URI is ASCII, a file name need not be
    return str_fmt(a, "tag:%.*s,%04d:%.*s/%.*s", STR_ARG(host),
                   date_parts(page->date).year, STR_ARG(page->type->name),
                   STR_ARG(buf_str(&id)));
}

static void put_author(Buf *to, const Value *v) {
    if (v->kind == VALUE_LIST) {
        for (size_t i = 0; i < v->as.list.len; i++)
            put_author(to, &v->as.list.items[i]);
        return;
    }
    if (v->kind == VALUE_MAP) {
        const Value *who = value_get(v, S("person"));
        v = who ? who : value_get(v, S("name"));
    }
    if (v && v->kind == VALUE_REF)
        xml_text(to, "dc:creator", ((const Page *)v->as.ref)->title);
    else if (v && v->kind == VALUE_STR && v->as.s.len)
        xml_text(to, "dc:creator", v->as.s);
}

static bool put_item(Job *job, const World *w, const Page *page, Buf *to) {
    Arena *a = job->scratch;
    const Config *cfg = w->site->cfg;
    xml_open(to, "item");
    xml_text(to, "title", page->title);
    xml_text(to, "link", url_absolute(a, cfg, url_plain(a, page->url)));
    const Str mark[] = {S("isPermaLink"), S("false"), {0}};
    xml_element(to, "guid", mark, guid(a, w, page));
    if (date_is_set(page->date))
        xml_text(to, "pubDate", rfc822(a, page->date));
    xml_text(to, "description", html_of(a, card_summary(w, page)));
    const Value *authors = value_get(&page->fields, S("authors"));
    if (authors)
        put_author(to, authors);
    for (size_t i = 0; page->terms && i < cfg->ntaxonomies; i++)
        for (size_t k = 0; k < page->terms[i].len; k++)
            xml_text(to, "category", page->terms[i].items[k]->title);
    if (cfg->feed_full) {
        Str html;
        if (!body_render(job, w, page, true, NULL, &html))
            return false;
        xml_text(to, "content:encoded", html);
    }
    xml_close(to, "item");
    return true;
}

static Date newest(const Pages *items) {
    Date d = {0};
    for (size_t i = 0; i < items->len; i++)
        if (!date_is_set(d) || date_cmp(items->items[i]->date, d) > 0)
            d = items->items[i]->date;
    return d;
}

bool feed_rss(Job *job, const World *w, const Output *out, Buf *to) {
    Arena *a = job->scratch;
    const Config *cfg = w->site->cfg;
    const Page *page = out->page;
    xml_begin(to);
    buf_put(to, S("<rss version=\"2.0\" "
                  "xmlns:atom=\"http://www.w3.org/2005/Atom\" "
                  "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
                  "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"));
    xml_open(to, "channel");
    xml_text(to, "title", channel_title(a, w, page));
    xml_text(to, "link", url_absolute(a, cfg, url_plain(a, page->url)));
    xml_text(to, "description",
             first_text(page->description, card_summary(w, page),
                        channel_title(a, w, page)));
    xml_text(to, "language", cfg->lang);
    Date last = newest(&out->items);
    if (date_is_set(last))
        xml_text(to, "lastBuildDate", rfc822(a, last));
    const Str self[] = {S("href"), url_absolute(a, cfg, url_plain(a, out->url)),
                        S("rel"),  S("self"),
                        S("type"), S("application/rss+xml"),
                        {0}};
    xml_element(to, "atom:link", self, (Str){0});
    for (size_t i = 0; i < out->items.len; i++)
        if (!put_item(job, w, out->items.items[i], to))
            return false;
    xml_close(to, "channel");
    buf_put(to, S("</rss>\n"));
    return true;
}
