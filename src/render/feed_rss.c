// RSS 2.0, by the profile of the RSS Advisory Board.

#include "base/escape.h"
#include "render/feed.h"
#include "render/xml.h"

static Str rfc822(Arena *a, Date d) {
    Buf b = {.arena = a};
    date_rfc822(&b, d);
    return buf_str(&b);
}

// Readers show an item's description as HTML: text has to look like itself.
static Str html_of(Arena *a, Str text) {
    Buf b = {.arena = a};
    escape_html(&b, text);
    return buf_str(&b);
}

static void put_enclosure(Arena *a, const Enclosure *e, Buf *to) {
    const Str attrs[] = {
        S("url"),  e->url,  S("length"), str_fmt(a, "%lld", (long long)e->size),
        S("type"), e->type, {0}};
    xml_element(to, "enclosure", attrs, (Str){0});
}

static void put_item(Arena *a, const FeedEntry *e, Buf *to) {
    const Str mark[] = {S("isPermaLink"), S("false"), {0}};
    xml_open(to, "item");
    xml_text(to, "title", e->title);
    xml_text(to, "link", e->url);
    xml_element(to, "guid", mark, e->id);
    if (date_is_set(e->published))
        xml_text(to, "pubDate", rfc822(a, e->published));
    xml_text(to, "description", html_of(a, e->summary));
    for (size_t i = 0; i < e->authors.len; i++)
        xml_text(to, "dc:creator", e->authors.items[i]);
    for (size_t i = 0; i < e->categories.len; i++)
        xml_text(to, "category", e->categories.items[i]);
    if (e->has_enclosure)
        put_enclosure(a, &e->enclosure, to);
    if (e->html.len)
        xml_text(to, "content:encoded", e->html);
    xml_close(to, "item");
}

void feed_rss(const Feed *feed, Job *job, Buf *to) {
    Arena *a = job->scratch;
    xml_begin(to);
    buf_put(to, S("<rss version=\"2.0\" "
                  "xmlns:atom=\"http://www.w3.org/2005/Atom\" "
                  "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
                  "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"));
    xml_open(to, "channel");
    xml_text(to, "title", feed->title);
    xml_text(to, "link", feed->url);
    xml_text(to, "description", feed->description);
    xml_text(to, "language", feed->lang);
    if (feed->len && date_is_set(feed->updated))
        xml_text(to, "lastBuildDate", rfc822(a, feed->updated));
    const Str self[] = {S("href"), feed->self, S("rel"),
                        S("self"), S("type"),  S("application/rss+xml"),
                        {0}};
    xml_element(to, "atom:link", self, (Str){0});
    for (size_t i = 0; i < feed->len; i++)
        put_item(a, &feed->entries[i], to);
    xml_close(to, "channel");
    buf_put(to, S("</rss>\n"));
}
