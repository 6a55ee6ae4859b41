#include "render/sitemap.h"

#include "base/escape.h"
#include "render/xml.h"

// A list changes when its newest member does.
static Date lastmod_of(const Page *p) {
    Date d = p->lastmod;
    for (size_t i = 0; page_is_list(p) && i < p->dated.len; i++)
        if (!date_is_set(d) || date_cmp(p->dated.items[i]->lastmod, d) > 0)
            d = p->dated.items[i]->lastmod;
    return d;
}

void sitemap_xml(Job *job, const World *w, Buf *to) {
    xml_begin(to);
    buf_put(to, S("<urlset "
                  "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"));
    for (size_t i = 0; i < w->plan->len; i++) {
        const Output *out = &w->plan->items[i];
        if (out->kind != OUT_PAGE || out->page->kind == PAGE_404 ||
            (out->pager && out->pager->number) || out->page->is_off_sitemap)
            continue;
        xml_open(to, "url");
        xml_text(to, "loc",
                 url_absolute(job->scratch, w->site->cfg,
                              url_plain(job->scratch, out->url)));
        Date last = lastmod_of(out->page);
        if (date_is_set(last)) {
            Buf b = {.arena = job->scratch};
            date_rfc3339(&b, last);
            xml_text(to, "lastmod", buf_str(&b));
        }
        xml_close(to, "url");
    }
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
}

void sitemap_alias(Job *job, const World *w, const Page *page, Buf *to) {
    const Config *cfg = w->site->cfg;
    Str url =
        url_absolute(job->scratch, cfg, url_plain(job->scratch, page->url));
    buf_put(to, S("<!doctype html>\n<html lang=\""));
    escape_html(to, cfg->lang);
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
