// JSON Feed 1.1 (jsonfeed.org).

#include "base/json.h"
#include "base/text.h"
#include "render/feed.h"

static void set(Arena *a, Value *map, const char *key, Str text) {
    text = text_clean(a, text);
    if (text.len)
        value_set(a, map, str_from(key), value_str(text));
}

static void set_date(Arena *a, Value *map, const char *key, Date d) {
    Buf b = {.arena = a};
    if (!date_is_set(d))
        return;
    date_rfc3339(&b, d);
    set(a, map, key, buf_str(&b));
}

static void set_authors(Arena *a, Value *map, Strs names) {
    Value *items = ARENA_ARRAY(a, Value, names.len);
    for (size_t i = 0; i < names.len; i++) {
        items[i] = value_map(a);
        set(a, &items[i], "name", names.items[i]);
    }
    if (names.len)
        value_set(a, map, S("authors"), value_list(items, names.len));
}

static void set_tags(Arena *a, Value *map, Strs tags) {
    Value *items = ARENA_ARRAY(a, Value, tags.len);
    for (size_t i = 0; i < tags.len; i++)
        items[i] = value_str(text_clean(a, tags.items[i]));
    if (tags.len)
        value_set(a, map, S("tags"), value_list(items, tags.len));
}

// An item must have content, be it only its title again.
static void set_content(Arena *a, Value *map, const FeedEntry *e) {
    if (e->html.len)
        set(a, map, "content_html", e->html);
    else
        set(a, map, "content_text", e->summary.len ? e->summary : e->title);
}

static Value item_of(Arena *a, const FeedEntry *e) {
    Value map = value_map(a);
    set(a, &map, "id", e->id);
    set(a, &map, "url", e->url);
    set(a, &map, "title", e->title);
    set_content(a, &map, e);
    set(a, &map, "summary", e->summary);
    set(a, &map, "image", e->image);
    set_date(a, &map, "date_published", e->published);
    if (date_cmp(e->updated, e->published) > 0)
        set_date(a, &map, "date_modified", e->updated);
    set_authors(a, &map, e->authors);
    set_tags(a, &map, e->categories);
    return map;
}

void feed_json(const Feed *feed, Job *job, Buf *to) {
    Arena *a = job->scratch;
    Value map = value_map(a), *items = ARENA_ARRAY(a, Value, feed->len);
    Str author = feed->author;
    set(a, &map, "version", S("https://jsonfeed.org/version/1.1"));
    set(a, &map, "title", feed->title);
    set(a, &map, "home_page_url", feed->url);
    set(a, &map, "feed_url", feed->self);
    set(a, &map, "description", feed->description);
    set(a, &map, "language", feed->lang);
    set_authors(a, &map, (Strs){&author, 1});
    for (size_t i = 0; i < feed->len; i++)
        items[i] = item_of(a, &feed->entries[i]);
    value_set(a, &map, S("items"), value_list(items, feed->len));
    json_write(to, &map, 1);
    buf_putc(to, '\n');
}
