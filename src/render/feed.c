#include "render/feed.h"

#include "base/escape.h"
#include "render/body.h"
#include "render/card.h"

static Str first_text(Str a, Str b, Str c) {
    return a.len ? a : b.len ? b : c;
}

static Str whole_url(Job *job, const World *w, Str path) {
    return url_permalink(job->scratch, w->site->cfg, path);
}

static Str host_name(const Config *cfg) {
    size_t at = str_find(cfg->host, S("//"), 0);
    Str host = at == SIZE_MAX ? S("localhost")
                              : str_slice(cfg->host, at + 2, cfg->host.len);
    return str_slice(host, 0, str_find(host, S(":"), 0));
}

// Stays when the address or the title changes.
static Str tag_uri(Arena *a, const World *w, const Page *page) {
    Buf id = {.arena = a};
    escape_url_part(&id, page->id); // a URI is ASCII, a file name need not be
    if (page->lang) {               // it has the id of what it translates
        buf_putc(&id, '.');
        buf_put(&id, config_language(w->site->cfg, page->lang)->key);
    }
    return str_fmt(a, "tag:%.*s,%04d:%.*s/%.*s",
                   STR_ARG(host_name(w->site->cfg)),
                   date_parts(page->date).year, STR_ARG(page->type->name),
                   STR_ARG(buf_str(&id)));
}

static Date local(const World *w, Date d) {
    d.offset_minutes = w->site->cfg->zone;
    return d;
}

// --- entries

static size_t count_authors(const Value *v) {
    return !v ? 0 : v->kind == VALUE_LIST ? v->as.list.len : 1;
}

static Str author_name(const Value *v) {
    if (v->kind == VALUE_MAP) {
        const Value *who = value_get(v, S("person"));
        v = who && who->kind != VALUE_NULL ? who : value_get(v, S("name"));
    }
    if (v && v->kind == VALUE_REF)
        return v->as.ref->title;
    return v && v->kind == VALUE_STR ? v->as.s : (Str){0};
}

static Strs authors_of(Job *job, const Page *page) {
    const Value *v = value_get(&page->fields, S("authors"));
    Strs out = {ARENA_ARRAY(job->scratch, Str, count_authors(v)), 0};
    for (size_t i = 0; i < count_authors(v); i++) {
        Str name =
            author_name(v->kind == VALUE_LIST ? &v->as.list.items[i] : v);
        if (name.len)
            out.items[out.len++] = name;
    }
    return out;
}

static Strs categories_of(Job *job, const World *w, const Page *page) {
    size_t n = 0, kinds = page->terms ? w->site->cfg->ntaxonomies : 0;
    for (size_t i = 0; i < kinds; i++)
        n += page->terms[i].len;
    Strs out = {ARENA_ARRAY(job->scratch, Str, n), 0};
    for (size_t i = 0; i < kinds; i++)
        for (size_t k = 0; k < page->terms[i].len; k++)
            out.items[out.len++] = page->terms[i].items[k]->title;
    return out;
}

static void set_image(Job *job, const World *w, const Page *page,
                      FeedEntry *e) {
    Value v = card_image(job->scratch, w, page);
    Str url = value_get_str(&v, S("url"));
    e->has_enclosure =
        plan_enclosure(job->scratch, w->site, page, &e->enclosure);
    if (e->has_enclosure)
        e->image = e->enclosure.url = whole_url(job, w, e->enclosure.url);
    else if (str_starts(url, S("http")))
        e->image = url;
}

static bool make_entry(Job *job, const World *w, const Page *page,
                       FeedEntry *e) {
    *e = (FeedEntry){.id = tag_uri(job->scratch, w, page),
                     .title = page->title,
                     .url = whole_url(job, w, page->url),
                     .summary = card_summary(w, page),
                     .authors = authors_of(job, page),
                     .categories = categories_of(job, w, page)};
    if (date_is_set(page->date))
        e->published = e->updated = local(w, page->date);
    if (date_is_set(page->lastmod) && date_cmp(page->lastmod, e->published) > 0)
        e->updated = local(w, page->lastmod);
    set_image(job, w, page, e);
    return !w->site->cfg->feed_full ||
           body_render(job, w, page, true, NULL, &e->html);
}

// --- the whole

static Str feed_title(Arena *a, const World *w, const Output *out) {
    Str site = config_language(w->site->cfg, out->page->lang)->title,
        title = out->title;
    if (!title.len && out->page->kind != PAGE_HOME)
        title = out->page->title;
    if (!title.len || !site.len)
        return title.len ? title : site.len ? site : out->page->title;
    return str_fmt(a, "%.*s – %.*s", STR_ARG(title), STR_ARG(site));
}

// When the last of the entries changed.
static Date newest(const Feed *feed) {
    Date d = {0};
    for (size_t i = 0; i < feed->len; i++)
        if (!date_is_set(d) || date_cmp(feed->entries[i].updated, d) > 0)
            d = feed->entries[i].updated;
    return d;
}

bool feed_make(Job *job, const World *w, const Output *out, Feed *feed) {
    const Page *page = out->page;
    const Language *in = config_language(w->site->cfg, page->lang);
    Str title = feed_title(job->scratch, w, out);
    Str about = out->title.len ? title
                               : first_text(page->description,
                                            card_summary(w, page), title);
    *feed = (Feed){.title = title,
                   .description = about,
                   .lang = in->key,
                   .author = first_text(in->title, title, title),
                   .url = whole_url(job, w, page->url),
                   .self = whole_url(job, w, out->url),
                   .len = out->items.len};
    feed->id = feed->self;
    feed->entries = ARENA_ARRAY(job->scratch, FeedEntry, feed->len);
    for (size_t i = 0; i < feed->len; i++)
        if (!make_entry(job, w, out->items.items[i], &feed->entries[i]))
            return false;
    feed->updated = newest(feed);
    if (!date_is_set(feed->updated))
        feed->updated = local(w, page->lastmod);
    return true;
}
