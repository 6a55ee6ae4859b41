#include "render/sitemap.h"

#include "base/escape.h"
#include "render/xml.h"

static Str whole_url(Job *job, const World *w, Str path) {
    return url_permalink(job->scratch, w->site->cfg, path);
}

static void put_date(Job *job, const World *w, Buf *to, const char *name,
                     Date d) {
    Buf b = {.arena = job->scratch};
    if (!date_is_set(d))
        return;
    d.offset_minutes = w->site->cfg->zone;
    date_rfc3339(&b, d);
    xml_text(to, name, buf_str(&b));
}

// <url> or <sitemap>: where, and when it changed.
static void put_place(Job *job, const World *w, Buf *to, const SitemapUrl *u) {
    xml_text(to, "loc", whole_url(job, w, u->url));
    put_date(job, w, to, "lastmod", u->lastmod);
}

// --- in other languages

static void put_alternate(Job *job, const World *w, Buf *to, Str lang,
                          const Page *page) {
    const Str attrs[] = {S("rel"), S("alternate"), S("hreflang"),
                         lang,     S("href"),      whole_url(job, w, page->url),
                         {0}};
    xml_element(to, "xhtml:link", attrs, (Str){0});
}

static bool has_alternates(const Page *page) {
    for (size_t i = 0; i < page->translations.len; i++)
        if (page->translations.items[i]->url.len)
            return true;
    return false;
}

// The page itself too, and the default language's again as x-default.
static void put_alternates(Job *job, const World *w, Buf *to,
                           const Page *page) {
    const Config *cfg = w->site->cfg;
    if (!has_alternates(page))
        return;
    for (size_t i = 0; i < cfg->nlanguages; i++) {
        const Page *p = page_translation(page, (uint8_t)i);
        if (p && p->url.len)
            put_alternate(job, w, to, config_language(cfg, i)->key, p);
    }
    const Page *original = page_translation(page, 0);
    if (original && original->url.len)
        put_alternate(job, w, to, S("x-default"), original);
}

void sitemap_xml(Job *job, const World *w, const Output *out, Buf *to) {
    bool has_any = false;
    for (size_t i = 0; i < out->urls.len; i++)
        has_any |= has_alternates(out->urls.items[i].page);
    xml_begin(to);
    buf_put(to, S("<urlset "
                  "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\""));
    if (has_any)
        buf_put(to, S(" xmlns:xhtml=\"http://www.w3.org/1999/xhtml\""));
    buf_put(to, S(">\n"));
    for (size_t i = 0; i < out->urls.len; i++) {
        xml_open(to, "url");
        put_place(job, w, to, &out->urls.items[i]);
        put_alternates(job, w, to, out->urls.items[i].page);
        xml_close(to, "url");
    }
    buf_put(to, S("</urlset>\n"));
}

void sitemap_index(Job *job, const World *w, const Output *out, Buf *to) {
    xml_begin(to);
    buf_put(to, S("<sitemapindex "
                  "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"));
    for (size_t i = 0; i < out->urls.len; i++) {
        xml_open(to, "sitemap");
        put_place(job, w, to, &out->urls.items[i]);
        xml_close(to, "sitemap");
    }
    buf_put(to, S("</sitemapindex>\n"));
}

static void put_news(Job *job, const World *w, const Page *page, Buf *to) {
    const Language *in = config_language(w->site->cfg, page->lang);
    xml_open(to, "url");
    xml_text(to, "loc", whole_url(job, w, page->url));
    xml_open(to, "news:news");
    xml_open(to, "news:publication");
    xml_text(to, "news:name", in->title);
    xml_text(to, "news:language", in->key);
    xml_close(to, "news:publication");
    put_date(job, w, to, "news:publication_date", page->date);
    xml_text(to, "news:title", page->title);
    xml_close(to, "news:news");
    xml_close(to, "url");
}

void sitemap_news(Job *job, const World *w, const Output *out, Buf *to) {
    xml_begin(to);
    buf_put(to,
            S("<urlset "
              "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" "
              "xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">"
              "\n"));
    for (size_t i = 0; i < out->items.len; i++)
        put_news(job, w, out->items.items[i], to);
    buf_put(to, S("</urlset>\n"));
}

void sitemap_robots(Job *job, const World *w, Buf *to) {
    const Config *cfg = w->site->cfg;
    buf_put(to, S("User-agent: *\nAllow: /\n"));
    if (!cfg->host.len || config_is_disabled(cfg, S("sitemap")))
        return;
    buf_put(to, S("Sitemap: "));
    buf_put(to, url_absolute(job->scratch, cfg, S("/sitemap.xml")));
    buf_putc(to, '\n');
    if (!plan_has_news(w->site))
        return;
    buf_put(to, S("Sitemap: "));
    buf_put(to, url_absolute(job->scratch, cfg, S("/sitemap-news.xml")));
    buf_putc(to, '\n');
}

void sitemap_alias(Job *job, const World *w, const Page *page, Buf *to) {
    const Config *cfg = w->site->cfg;
    Str url = url_permalink(job->scratch, cfg, page->url);
    buf_put(to, S("<!doctype html>\n<html lang=\""));
    escape_html(to, config_language(cfg, page->lang)->key);
    buf_put(to, S("\">\n<head>\n<meta charset=\"utf-8\">\n<title>"));
    escape_html(to, page->title);
    buf_put(to, S("</title>\n<meta name=\"robots\" content=\"noindex\">\n"
                  "<link rel=\"canonical\" href=\""));
    escape_html(to, url);
    buf_put(to, S("\">\n<meta http-equiv=\"refresh\" content=\"0; url="));
    escape_html(to, url);
    buf_put(to, S("\">\n</head>\n<body>\n<p><a href=\""));
    escape_html(to, url);
    buf_put(to, S("\">"));
    escape_html(to, page->title);
    buf_put(to, S("</a></p>\n</body>\n</html>\n"));
}
