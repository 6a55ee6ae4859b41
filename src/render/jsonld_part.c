#include "render/jsonld_part.h"

#include "base/text.h"
#include "render/body.h"
#include "render/card.h"

void ld_set(const Ld *l, Value *map, const char *key, Value v) {
    if (v.kind == VALUE_STR)
        v.as.s = text_clean(l->job->scratch, v.as.s);
    bool is_empty = v.kind == VALUE_NULL ||
                    (v.kind == VALUE_STR && !v.as.s.len) ||
                    (v.kind == VALUE_LIST && !v.as.list.len);
    if (!is_empty)
        value_set(l->job->scratch, map, str_from(key), v);
}

Value ld_object(const Ld *l, const char *class) {
    Value map = value_map(l->job->scratch);
    value_set(l->job->scratch, &map, S("@type"), value_str(str_from(class)));
    return map;
}

Value ld_absolute(const Ld *l, Str path) {
    Arena *a = l->job->scratch;
    return path.len ? value_str(url_permalink(a, l->world->site->cfg, path))
                    : (Value){0};
}

Value ld_href(const Ld *l, Str href) {
    if (str_starts(href, S("/")))
        href = str_fmt(l->job->scratch, "%.*s%.*s",
                       STR_ARG(l->world->site->cfg->host), STR_ARG(href));
    return value_str(href);
}

// --- dates

Value ld_instant(const Ld *l, Date d) {
    Buf b = {.arena = l->job->scratch};
    if (!date_is_set(d))
        return (Value){0};
    d.offset_minutes = l->world->site->cfg->zone;
    date_rfc3339(&b, d);
    return value_str(buf_str(&b));
}

Value ld_date(const Ld *l, Date d) {
    Buf b = {.arena = l->job->scratch};
    if (!date_is_set(d) || d.precision >= DATE_MINUTE)
        return ld_instant(l, d);
    date_iso(&b, d);
    return value_str(buf_str(&b));
}

// --- fields

const Value *ld_field(const Ld *l, const char *name) {
    const Field *f = field_find(&l->page->type->fields, str_from(name));
    const Value *v = value_get(&l->page->fields, str_from(name));
    return f && !f->internal && v && v->kind != VALUE_NULL ? v : NULL;
}

// HTML as our own renderer writes it: tags go, five entities come back.
static Str text_of_html(Arena *a, Str html) {
    static const Str entities[][2] = {{S_INIT("&amp;"), S_INIT("&")},
                                      {S_INIT("&lt;"), S_INIT("<")},
                                      {S_INIT("&gt;"), S_INIT(">")},
                                      {S_INIT("&quot;"), S_INIT("\"")},
                                      {S_INIT("&#39;"), S_INIT("'")}};
    Buf b = {.arena = a};
    for (size_t i = 0; i < html.len; i++) {
        Str rest = str_slice(html, i, html.len);
        if (rest.ptr[0] == '<') {
            size_t end = str_find(rest, S(">"), 0);
            i += end == SIZE_MAX ? rest.len : end;
            continue;
        }
        size_t k = 0;
        while (k < 5 && !str_starts(rest, entities[k][0]))
            k++;
        buf_put(&b, k < 5 ? entities[k][1] : str_slice(rest, 0, 1));
        i += k < 5 ? entities[k][0].len - 1 : 0;
    }
    return str_trim(buf_str(&b));
}

static Str plain_text(const Ld *l, Str markdown) {
    Str html;
    if (!body_render_text(l->job, l->world, l->page, markdown, false, &html))
        return (Str){0};
    return text_of_html(l->job->scratch, html);
}

Value ld_text(const Ld *l, const char *name) {
    const Value *v = ld_field(l, name);
    const Field *f = field_find(&l->page->type->fields, str_from(name));
    if (v && v->kind == VALUE_MAP) // the number of a document
        v = value_get(v, S("text"));
    if (!v || v->kind != VALUE_STR)
        return (Value){0};
    bool is_markdown = (f->kinds & (1u << FIELD_MARKDOWN)) != 0;
    return value_str(is_markdown ? plain_text(l, v->as.s) : v->as.s);
}

Value ld_from(const Ld *l, const char *name) {
    const Value *v = ld_field(l, name);
    if (v && v->kind == VALUE_MAP)
        v = value_get(v, S("from"));
    return v && v->kind == VALUE_DATE ? ld_date(l, v->as.date) : (Value){0};
}

// --- who

const Language *ld_language(const Ld *l) {
    return config_language(l->world->site->cfg, l->page->lang);
}

Value ld_stub(const Ld *l, const Page *page, const char *class) {
    Value map = ld_object(l, class);
    ld_set(l, &map, "name", value_str(page->title));
    ld_set(l, &map, "url", ld_absolute(l, page->url));
    return map;
}

Value ld_publisher(const Ld *l) {
    const Config *cfg = l->world->site->cfg;
    Value map = ld_object(l, "Organization");
    Str logo = value_get_str(&cfg->params, S("logo"));
    const Page *home = l->world->site->editions[l->page->lang].home;
    ld_set(l, &map, "name", value_str(ld_language(l)->title));
    ld_set(l, &map, "url", ld_absolute(l, home ? home->url : S("/")));
    ld_set(l, &map, "logo",
           value_str(url_absolute(l->job->scratch, cfg, logo)));
    return map;
}

Value ld_unit(const Ld *l) {
    const Value *unit = ld_field(l, "unit");
    return unit && unit->kind == VALUE_REF
               ? ld_stub(l, unit->as.ref, "Organization")
               : ld_publisher(l);
}

// A name, or a page about the person. Null when there is neither.
static Value one_author(const Ld *l, const Value *v) {
    if (v->kind == VALUE_MAP) {
        const Value *who = value_get(v, S("person"));
        v = who && who->kind != VALUE_NULL ? who : value_get(v, S("name"));
    }
    if (v && v->kind == VALUE_REF)
        return ld_stub(l, v->as.ref, "Person");
    if (!v || v->kind != VALUE_STR)
        return (Value){0};
    Value map = ld_object(l, "Person");
    ld_set(l, &map, "name", *v);
    return map;
}

Value ld_authors(const Ld *l) {
    const Value *v = ld_field(l, "authors");
    size_t n = v && v->kind == VALUE_LIST ? v->as.list.len : 0, got = 0;
    Value *items = ARENA_ARRAY(l->job->scratch, Value, n);
    for (size_t i = 0; i < n; i++) {
        Value one = one_author(l, &v->as.list.items[i]);
        if (one.kind == VALUE_MAP)
            items[got++] = one;
    }
    return got ? value_list(items, got) : ld_unit(l);
}

// --- pictures and places

Value ld_images(const Ld *l) {
    static const char *const names[] = {"image", "images", "photo"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const Value *v = ld_field(l, names[i]);
        bool is_list = v && v->kind == VALUE_LIST;
        size_t n = !v ? 0 : is_list ? v->as.list.len : 1, got = 0;
        Value *urls = ARENA_ARRAY(l->job->scratch, Value, n);
        for (size_t k = 0; k < n; k++) {
            Str url =
                value_get_str(is_list ? &v->as.list.items[k] : v, S("url"));
            if (url.len)
                urls[got++] = ld_href(l, url);
        }
        if (got)
            return value_list(urls, got);
    }
    return (Value){0};
}

static Value real_place(const Ld *l, const Value *v) {
    Value map = ld_object(l, "Place");
    Str name = v->kind == VALUE_STR ? v->as.s : value_get_str(v, S("name"));
    Str address = value_get_str(v, S("address"));
    ld_set(l, &map, "name", value_str(name));
    ld_set(l, &map, "address", value_str(address.len ? address : name));
    return map;
}

static Value virtual_place(const Ld *l, Str url) {
    Value map = ld_object(l, "VirtualLocation");
    ld_set(l, &map, "url", value_str(url));
    return map;
}

// Where it is, where to follow it, or both. What is neither (a contest) is to
// be found on its own page.
Value ld_place(const Ld *l) {
    Value online = ld_text(l, "online_url"), *both;
    const Value *v = ld_field(l, "place");
    if (online.kind == VALUE_NULL)
        online = ld_text(l, "entry_url");
    if (v && online.kind == VALUE_NULL)
        return real_place(l, v);
    if (!v && online.kind == VALUE_NULL)
        online = ld_absolute(l, l->page->url);
    if (!v)
        return virtual_place(l, online.as.s);
    both = ARENA_ARRAY(l->job->scratch, Value, 2);
    both[0] = real_place(l, v);
    both[1] = virtual_place(l, online.as.s);
    return value_list(both, 2);
}

// --- questions

Value ld_question(const Ld *l, Str question, Str answer) {
    Value q = ld_object(l, "Question"), a = ld_object(l, "Answer");
    ld_set(l, &a, "text", value_str(plain_text(l, answer)));
    ld_set(l, &q, "name", value_str(question));
    ld_set(l, &q, "acceptedAnswer", a);
    return q;
}
