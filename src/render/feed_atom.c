// Atom 1.0 (RFC 4287). Titles and summaries are text, bodies are HTML.

#include "base/escape.h"
#include "render/feed.h"
#include "render/xml.h"

// A feed and its entries must say when they changed; one without a date says
// so with the first day there is.
static void put_date(Arena *a, Buf *to, const char *name, Date d) {
    Buf b = {.arena = a};
    if (date_is_set(d))
        date_rfc3339(&b, d);
    else
        buf_put(&b, S("1970-01-01T00:00:00Z"));
    xml_text(to, name, buf_str(&b));
}

static void put_link(Buf *to, Str rel, Str type, Str href) {
    const Str attrs[] = {S("rel"), rel, S("type"), type, S("href"), href, {0}};
    xml_element(to, "link", attrs, (Str){0});
}

static void put_author(Buf *to, Str name) {
    xml_open(to, "author");
    xml_text(to, "name", name);
    xml_close(to, "author");
}

static void put_enclosure(Arena *a, Buf *to, const Enclosure *e) {
    const Str attrs[] = {
        S("rel"),  S("enclosure"), S("type"),
        e->type,   S("length"),    str_fmt(a, "%lld", (long long)e->size),
        S("href"), e->url,         {0}};
    xml_element(to, "link", attrs, (Str){0});
}

static void put_entry(Arena *a, const FeedEntry *e, Buf *to) {
    xml_open(to, "entry");
    xml_text(to, "id", e->id);
    xml_text(to, "title", e->title);
    put_link(to, S("alternate"), S("text/html"), e->url);
    if (e->has_enclosure)
        put_enclosure(a, to, &e->enclosure);
    if (date_is_set(e->published))
        put_date(a, to, "published", e->published);
    put_date(a, to, "updated", e->updated);
    for (size_t i = 0; i < e->authors.len; i++)
        put_author(to, e->authors.items[i]);
    for (size_t i = 0; i < e->categories.len; i++) {
        const Str term[] = {S("term"), e->categories.items[i], {0}};
        xml_element(to, "category", term, (Str){0});
    }
    if (e->summary.len)
        xml_text(to, "summary", e->summary);
    const Str html[] = {S("type"), S("html"), {0}};
    if (e->html.len)
        xml_element(to, "content", html, e->html);
    xml_close(to, "entry");
}

void feed_atom(const Feed *feed, Job *job, Buf *to) {
    Arena *a = job->scratch;
    xml_begin(to);
    buf_put(to, S("<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\""));
    escape_xml(to, feed->lang);
    buf_put(to, S("\">\n"));
    xml_text(to, "id", feed->id);
    xml_text(to, "title", feed->title);
    xml_text(to, "subtitle", feed->description);
    put_link(to, S("self"), S("application/atom+xml"), feed->self);
    put_link(to, S("alternate"), S("text/html"), feed->url);
    put_date(a, to, "updated", feed->updated);
    put_author(to, feed->author);
    for (size_t i = 0; i < feed->len; i++)
        put_entry(a, &feed->entries[i], to);
    xml_close(to, "feed");
}
