#include "render/jsonld.h"

#include "base/json.h"
#include "render/card.h"
#include "render/jsonld_part.h"
#include "render/trace.h"

enum { MAX_OBJECTS = 3 };

// --- classes

static void put_dates(const Ld *l, Value *map) {
    Date published = l->page->date, changed = l->page->lastmod;
    if (date_cmp(changed, published) < 0)
        changed = published;
    ld_set(l, map, "datePublished", ld_instant(l, published));
    ld_set(l, map, "dateModified", ld_instant(l, changed));
}

static void article(const Ld *l, Value *map) {
    const Value *source = ld_field(l, "source");
    put_dates(l, map);
    ld_set(l, map, "headline", value_str(l->page->title));
    ld_set(l, map, "author", ld_authors(l));
    ld_set(l, map, "publisher", ld_publisher(l));
    ld_set(l, map, "mainEntityOfPage", ld_absolute(l, l->page->url));
    ld_set(l, map, "isAccessibleForFree", value_bool(true));
    ld_set(l, map, "isBasedOn", value_str(value_get_str(source, S("url"))));
}

static void gallery(const Ld *l, Value *map) {
    put_dates(l, map);
    ld_set(l, map, "author", ld_authors(l));
    ld_set(l, map, "publisher", ld_publisher(l));
}

static Date part_date(const Value *v, Str name) {
    v = value_get(v, name);
    return v && v->kind == VALUE_DATE ? v->as.date : (Date){0};
}

// From the first window of the page to the last.
static void put_window(const Ld *l, Value *map) {
    const Type *t = l->page->type;
    const Value *each = value_get(&l->page->fields, t->window_each);
    Date start = part_date(&l->page->fields, t->window_start);
    Date end = part_date(&l->page->fields, t->window_end);
    for (size_t i = 0;
         each && each->kind == VALUE_LIST && i < each->as.list.len; i++) {
        const Value *item = &each->as.list.items[i];
        Date from = part_date(item, t->window_start);
        Date to = part_date(item, t->window_end);
        if (!date_is_set(start) || date_cmp(from, start) < 0)
            start = from;
        if (date_cmp(to, end) > 0)
            end = to;
    }
    ld_set(l, map, "startDate", ld_date(l, start));
    ld_set(l, map, "endDate", ld_date(l, end));
}

static Value organiser(const Ld *l) {
    const Value *v = ld_field(l, "organiser");
    if (v && v->kind == VALUE_REF)
        return ld_stub(l, v->as.ref, "Organization");
    if (!v || v->kind != VALUE_STR)
        return ld_unit(l);
    Value map = ld_object(l, "Organization");
    ld_set(l, &map, "name", *v);
    return map;
}

static Value event_status(const Ld *l) {
    Str state = value_get_str(&l->page->fields, S("state"));
    if (str_eq(state, S("cancelled")))
        return value_str(S("https://schema.org/EventCancelled"));
    if (str_eq(state, S("postponed")))
        return value_str(S("https://schema.org/EventPostponed"));
    return value_str(S("https://schema.org/EventScheduled"));
}

static Value attendance(const Value *location) {
    if (location->kind == VALUE_LIST)
        return value_str(S("https://schema.org/MixedEventAttendanceMode"));
    Str class = value_get_str(location, S("@type"));
    return value_str(str_eq(class, S("Place"))
                         ? S("https://schema.org/OfflineEventAttendanceMode")
                         : S("https://schema.org/OnlineEventAttendanceMode"));
}

static void event(const Ld *l, Value *map) {
    Value location = ld_place(l);
    put_window(l, map);
    ld_set(l, map, "eventStatus", event_status(l));
    ld_set(l, map, "eventAttendanceMode", attendance(&location));
    ld_set(l, map, "location", location);
    ld_set(l, map, "organizer", organiser(l));
}

// Addresses of the unit elsewhere; not those of closed groups.
static Value channels(const Ld *l) {
    const Value *v = ld_field(l, "channels");
    size_t n = v && v->kind == VALUE_LIST ? v->as.list.len : 0, got = 0;
    Value *urls = ARENA_ARRAY(l->job->scratch, Value, n);
    for (size_t i = 0; i < n; i++) {
        const Value *item = &v->as.list.items[i];
        const Value *is_private = value_get(item, S("private"));
        Str url = value_get_str(item, S("url"));
        if (url.len && !(is_private && value_is_truthy(is_private)))
            urls[got++] = value_str(url);
    }
    return value_list(urls, got);
}

static void organization(const Ld *l, Value *map) {
    ld_set(l, map, "telephone", ld_text(l, "phone"));
    ld_set(l, map, "email", ld_text(l, "email"));
    ld_set(l, map, "address", ld_text(l, "address"));
    ld_set(l, map, "alternateName", ld_text(l, "short"));
    ld_set(l, map, "foundingDate", ld_from(l, "valid_from"));
    ld_set(l, map, "dissolutionDate", ld_from(l, "valid_to"));
    ld_set(l, map, "sameAs", channels(l));
    if (l->page->parent)
        ld_set(l, map, "parentOrganization",
               ld_stub(l, l->page->parent, "Organization"));
}

// The first position that has not ended.
static const Value *present_position(const Ld *l) {
    const Value *v = ld_field(l, "positions");
    size_t n = v && v->kind == VALUE_LIST ? v->as.list.len : 0;
    for (size_t i = 0; i < n; i++) {
        const Value *to = value_get(&v->as.list.items[i], S("to"));
        Date end = part_date(to, S("to"));
        if (!date_is_set(end) ||
            trace_is_before(l->job, l->world, l->page, date_end(end)))
            return &v->as.list.items[i];
    }
    return NULL;
}

static void person(const Ld *l, Value *map) {
    const Value *position = present_position(l);
    const Value *unit = value_get(position, S("unit"));
    ld_set(l, map, "honorificPrefix", ld_text(l, "honorific"));
    ld_set(l, map, "telephone", ld_text(l, "official_phone"));
    ld_set(l, map, "email", ld_text(l, "official_email"));
    ld_set(l, map, "jobTitle", value_str(value_get_str(position, S("title"))));
    if (unit && unit->kind == VALUE_REF)
        ld_set(l, map, "worksFor", ld_stub(l, unit->as.ref, "Organization"));
}

static void faq(const Ld *l, Value *map) {
    Value *item = ARENA_NEW(l->job->scratch, Value);
    *item = ld_question(l, value_get_str(&l->page->fields, S("question")),
                        value_get_str(&l->page->fields, S("answer")));
    put_dates(l, map);
    ld_set(l, map, "mainEntity", value_list(item, 1));
}

static void claim(const Ld *l, Value *map) {
    Value rating = ld_object(l, "Rating"), item = ld_object(l, "Claim");
    Value labels = card_labels(l->job->scratch, l->world, l->page, true);
    ld_set(l, &rating, "alternateName",
           value_str(value_get_str(&labels, S("verdict"))));
    ld_set(l, &item, "name", ld_text(l, "claim"));
    ld_set(l, &item, "datePublished", ld_from(l, "seen_at"));
    put_dates(l, map);
    ld_set(l, map, "claimReviewed", ld_text(l, "claim"));
    ld_set(l, map, "author", ld_publisher(l));
    ld_set(l, map, "reviewRating", rating);
    ld_set(l, map, "itemReviewed", item);
}

static void dataset(const Ld *l, Value *map) {
    const Value *file = ld_field(l, "data");
    Value download = ld_object(l, "DataDownload");
    Str url = value_get_str(file, S("url"));
    put_dates(l, map);
    ld_set(l, map, "creator", organiser(l));
    if (!url.len)
        return;
    ld_set(l, &download, "contentUrl", ld_href(l, url));
    ld_set(l, map, "distribution", download);
}

static void document(const Ld *l, Value *map) {
    const Value *issuer = ld_field(l, "issuer");
    ld_set(l, map, "identifier", ld_text(l, "number"));
    ld_set(l, map, "datePublished", ld_from(l, "issued"));
    if (issuer && issuer->kind == VALUE_REF)
        ld_set(l, map, "author", ld_stub(l, issuer->as.ref, "Organization"));
}

static const struct {
    Str class;
    void (*fill)(const Ld *l, Value *map);
} classes[] = {
    {S_INIT("Article"), article},
    {S_INIT("ClaimReview"), claim},
    {S_INIT("CreativeWorkSeries"), put_window},
    {S_INIT("Dataset"), dataset},
    {S_INIT("DigitalDocument"), document},
    {S_INIT("Event"), event},
    {S_INIT("FAQPage"), faq},
    {S_INIT("ImageGallery"), gallery},
    {S_INIT("NewsArticle"), article},
    {S_INIT("Organization"), organization},
    {S_INIT("Person"), person},
    {S_INIT("Report"), article},
};

static Str class_of(const Page *page) {
    if (page->kind == PAGE_HOME)
        return S("WebSite");
    if (page_is_list(page))
        return S("CollectionPage");
    return page->type->schema_org.len ? page->type->schema_org : S("WebPage");
}

static Value main_object(const Ld *l) {
    Str class = class_of(l->page);
    Value map = ld_object(l, str_cstr(l->job->scratch, class));
    Str about = l->page->description;
    if (!about.len || l->page->kind == PAGE_REGULAR)
        about = card_summary(l->world, l->page);
    ld_set(l, &map, "name", value_str(l->page->title));
    ld_set(l, &map, "url", ld_absolute(l, l->page->url));
    ld_set(l, &map, "inLanguage", value_str(ld_language(l)->key));
    ld_set(l, &map, "description", value_str(about));
    ld_set(l, &map, "image", ld_images(l));
    if (l->page->kind == PAGE_HOME)
        ld_set(l, &map, "publisher", ld_publisher(l));
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (str_eq(classes[i].class, class))
            classes[i].fill(l, &map);
    return map;
}

// --- beside the page itself

// Positions from 1, the page itself last; what has no address stands aside.
static Value breadcrumbs(const Ld *l) {
    size_t n = 0;
    for (const Page *p = l->page; p; p = page_above(p))
        n += p->url.len > 0;
    Value *items = ARENA_ARRAY(l->job->scratch, Value, n);
    size_t at = n;
    for (const Page *p = l->page; p; p = page_above(p)) {
        if (!p->url.len)
            continue;
        Value item = ld_object(l, "ListItem");
        ld_set(l, &item, "position", value_int((int64_t)at));
        ld_set(l, &item, "name", value_str(p->title));
        ld_set(l, &item, "item", ld_absolute(l, p->url));
        items[--at] = item;
    }
    Value map = ld_object(l, "BreadcrumbList");
    ld_set(l, &map, "itemListElement", value_list(items, n));
    return map;
}

// The questions and answers inside a longer piece. False: it has none.
static bool questions(const Ld *l, Value *map) {
    const Value *v = ld_field(l, "qa");
    if (!v || v->kind != VALUE_LIST || !v->as.list.len)
        return false;
    Value *items = ARENA_ARRAY(l->job->scratch, Value, v->as.list.len);
    for (size_t i = 0; i < v->as.list.len; i++)
        items[i] =
            ld_question(l, value_get_str(&v->as.list.items[i], S("question")),
                        value_get_str(&v->as.list.items[i], S("answer")));
    *map = ld_object(l, "FAQPage");
    ld_set(l, map, "mainEntity", value_list(items, v->as.list.len));
    return true;
}

Str jsonld_page(Job *job, const World *w, const Page *page) {
    Ld l = {job, w, page};
    if (page->kind == PAGE_404)
        return (Str){0};
    Value graph[MAX_OBJECTS] = {main_object(&l)};
    size_t n = 1;
    if (page->kind != PAGE_HOME)
        graph[n++] = breadcrumbs(&l);
    n += questions(&l, &graph[n]);
    Value map = value_map(job->scratch);
    ld_set(&l, &map, "@context", value_str(S("https://schema.org")));
    ld_set(&l, &map, "@graph", value_list(graph, n));
    Buf b = {.arena = job->scratch};
    json_write(&b, &map, 0); // no < > & in it, as escape_json promises
    return buf_str(&b);
}
