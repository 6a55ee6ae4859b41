#include "render/card.h"

#include "plan/group.h"

Value card_value(const World *w, const Page *page, CardLevel level);

static Value text_of_content(Str s) {
    Value v = value_str(s);
    v.flags |= VALUE_CONTENT;
    return s.len ? v : (Value){0};
}

static Value date_or_nil(Date d) {
    return date_is_set(d) ? value_date(d) : (Value){0};
}

Str card_type_label(const World *w, const Page *page) {
    const Type *type = page->type;
    const Value *label = &type->label;
    if (label->kind == VALUE_MAP) {
        const Value *own =
            value_get(label, w->site->editions[page->lang].language->key);
        label = own ? own : value_get(label, S("vi"));
    }
    return label && label->kind == VALUE_STR ? label->as.s : type->name;
}

Str card_summary(const World *w, const Page *page) {
    return page->sapo.len ? page->sapo : w->facts[page->index].excerpt;
}

// --- fields

// --- names of another time

// A card that knows the day of the page that refers to it.
typedef struct {
    const Card *card;
    Date day;
} DatedCard;

static Date end_of(const Value *v) {
    if (v && v->kind == VALUE_MAP)
        v = value_get(v, S("to"));
    return v && v->kind == VALUE_DATE ? date_end(v->as.date) : (Date){0};
}

// The first former name that had not ended on the day: they are in order.
static const Value *former_name(const Page *p, Date day) {
    const Value *list = value_get(&p->fields, p->type->names);
    for (size_t i = 0;
         list && list->kind == VALUE_LIST && i < list->as.list.len; i++) {
        const Value *item = &list->as.list.items[i];
        Date end = end_of(value_get(item, S("to")));
        if (date_is_set(end) && date_cmp(day, end) < 0)
            return item;
    }
    return NULL;
}

// Fields hold cards and cards have fields: the two call each other.
static ObjResult card_get(Arena *a, const void *self, Str key, Value *out);

static ObjResult dated_get(Arena *a, const void *self, Str key, Value *out) {
    const DatedCard *c = self;
    bool is_name = str_eq(key, S("name_then"));
    if (!is_name && !str_eq(key, S("short_then")))
        return card_get(a, c->card, key, out);
    const Value *former = former_name(c->card->page, c->day);
    Str name = value_get_str(former, is_name ? S("name") : S("short"));
    if (!name.len) // never today's short name beside the old one
        name = value_get_str(former, S("name"));
    if (!name.len)
        return card_get(a, c->card, is_name ? S("title") : S("short"), out);
    *out = value_str(name);
    out->flags |= VALUE_CONTENT;
    return OBJ_FOUND;
}

static Str dated_text(Arena *a, const void *self) {
    (void)a;
    return ((const DatedCard *)self)->card->page->title;
}

static const ObjClass dated_class = {"card", dated_get, dated_text, false};

static Value dated_card(Arena *a, const World *w, const Page *page,
                        CardLevel level, Date day) {
    DatedCard *c = ARENA_NEW(a, DatedCard);
    *c = (DatedCard){&w->cards[level][page->index], day};
    return value_obj(&dated_class, c);
}

Value card_field(Arena *a, const World *w, const Value *v, CardLevel level,
                 const Page *from) {
    if (v->kind == VALUE_REF && v->as.ref->type->names.len && from)
        return dated_card(a, w, v->as.ref, level, from->date);
    if (v->kind == VALUE_REF)
        return card_value(w, v->as.ref, level);
    if (!value_refers(v, NULL))
        return *v;
    if (v->kind == VALUE_LIST) {
        Value *items = ARENA_ARRAY(a, Value, v->as.list.len);
        for (size_t i = 0; i < v->as.list.len; i++)
            items[i] = card_field(a, w, &v->as.list.items[i], level, from);
        return value_list(items, v->as.list.len);
    }
    Value map = value_map(a);
    for (size_t i = 0; i < v->as.map->len; i++)
        value_set(a, &map, v->as.map->items[i].key,
                  card_field(a, w, v->as.map->items[i].val, level, from));
    return map;
}

Value card_image(Arena *a, const World *w, const Page *page) {
    const Value *v = value_get(&page->fields, S("image"));
    if (!v)
        v = value_get(&page->fields, S("images"));
    if (v && v->kind == VALUE_LIST)
        v = v->as.list.len ? &v->as.list.items[0] : NULL;
    return v ? card_field(a, w, v, CARD_STUB, NULL) : (Value){0};
}

// --- keys

typedef Value GetFn(Arena *a, const Card *c);

static Value get_id(Arena *a, const Card *c) {
    (void)a;
    return value_str(c->page->id);
}

static Value get_title(Arena *a, const Card *c) {
    (void)a;
    return text_of_content(c->page->title);
}

static Value get_link_title(Arena *a, const Card *c) {
    (void)a;
    return text_of_content(c->page->link_title);
}

static Value get_short(Arena *a, const Card *c) {
    (void)a;
    const Value *v = value_get(&c->page->fields, S("short"));
    return v && v->kind == VALUE_STR ? *v : text_of_content(c->page->title);
}

// A page that is not rendered has no address.
static Value get_url(Arena *a, const Card *c) {
    if (!c->page->url.len)
        return (Value){0};
    return value_str(url_href(a, c->world->site->cfg, c->page->url));
}

static Value get_permalink(Arena *a, const Card *c) {
    if (!c->page->url.len)
        return (Value){0};
    return value_str(url_permalink(a, c->world->site->cfg, c->page->url));
}

static Value get_type(Arena *a, const Card *c) {
    (void)a;
    return value_str(c->page->type->name);
}

static Value get_type_label(Arena *a, const Card *c) {
    (void)a;
    return value_str(card_type_label(c->world, c->page));
}

static Value get_lang(Arena *a, const Card *c) {
    (void)a;
    return value_str(c->world->site->editions[c->page->lang].language->key);
}

static Value get_kind(Arena *a, const Card *c) {
    (void)a;
    return value_str(str_from(page_kind_name(c->page->kind)));
}

static Value get_sapo(Arena *a, const Card *c) {
    (void)a;
    return text_of_content(c->page->sapo);
}

static Value get_description(Arena *a, const Card *c) {
    (void)a;
    return text_of_content(c->page->description);
}

static Value get_excerpt(Arena *a, const Card *c) {
    (void)a;
    if (c->level != CARD_FULL)
        return (Value){0};
    return text_of_content(c->world->facts[c->page->index].excerpt);
}

static Value get_summary(Arena *a, const Card *c) {
    return c->page->sapo.len ? get_sapo(a, c) : get_excerpt(a, c);
}

static Value get_date(Arena *a, const Card *c) {
    (void)a;
    return date_or_nil(c->page->date);
}

static Value get_lastmod(Arena *a, const Card *c) {
    (void)a;
    return date_or_nil(c->page->lastmod);
}

static Value get_section(Arena *a, const Card *c) {
    (void)a;
    const Page *section = c->page->section;
    return section ? card_value(c->world, section, CARD_STUB) : (Value){0};
}

static Value get_image(Arena *a, const Card *c) {
    return card_image(a, c->world, c->page);
}

static Value get_phase(Arena *a, const Card *c) {
    (void)a;
    Str phase = page_phase_name(c->page);
    return phase.len ? value_str(phase) : (Value){0};
}

// The first day on which a page that exists for a time is not there any more.
static Value get_ended(Arena *a, const Card *c) {
    (void)a;
    const Page *p = c->page;
    Date end = p->phase == PHASE_PAST && p->type->valid_to.len
                   ? end_of(value_get(&p->fields, p->type->valid_to))
                   : (Date){0};
    if (date_is_set(end))
        end.precision = DATE_DAY;
    return date_or_nil(end);
}

static Value get_pinned(Arena *a, const Card *c) {
    (void)a;
    return (Value){.kind = VALUE_BOOL, .as.b = c->page->is_pinned};
}

static bool is_card_field(const Type *type, Str key) {
    for (size_t i = 0; i < type->card.len; i++)
        if (str_eq(type->card.items[i], key))
            return true;
    return false;
}

// What the choices of a piece are called: labels.kind, labels.law_topics.
static Value label_value(Arena *a, const Site *site, uint8_t lang,
                         const Field *f, const Value *v) {
    if (v->kind == VALUE_STR)
        return value_str(group_label(site, lang, f, v->as.s));
    if (v->kind != VALUE_LIST)
        return (Value){0};
    Value *items = ARENA_ARRAY(a, Value, v->as.list.len);
    for (size_t i = 0; i < v->as.list.len; i++)
        items[i] = label_value(a, site, lang, f, &v->as.list.items[i]);
    return value_list(items, v->as.list.len);
}

Value card_labels(Arena *a, const World *w, const Page *page, bool is_own) {
    const Fields *fields = &page->type->fields;
    Value map = value_map(a);
    for (size_t i = 0; i < fields->len; i++) {
        const Field *f = &fields->items[i];
        const Value *v = value_get(&page->fields, f->name);
        if (v && !f->internal && (f->kinds & (1u << FIELD_CHOICE)) &&
            (is_own || is_card_field(page->type, f->name)))
            value_set(a, &map, f->name,
                      label_value(a, w->site, page->lang, f, v));
    }
    return map;
}

static Value get_labels(Arena *a, const Card *c) {
    return card_labels(a, c->world, c->page, false);
}

Value card_params(Arena *a, const World *w, const Page *page,
                  bool (*is_taken)(Str key)) {
    const Fields *fields = &page->type->fields;
    Value map = value_map(a);
    for (size_t i = 0; i < fields->len; i++) {
        const Field *f = &fields->items[i];
        if (f->internal || (is_taken ? !is_taken(f->name)
                                     : !card_has_key(f->name) ||
                                           !is_card_field(page->type, f->name)))
            continue;
        const Value *v = value_get(&page->fields, f->name);
        if (v)
            value_set(a, &map, f->name, card_field(a, w, v, CARD_STUB, page));
    }
    const Map *own = is_taken ? page->params.as.map : NULL;
    for (size_t i = 0; own && i < own->len; i++)
        value_set(a, &map, own->items[i].key,
                  *(const Value *)own->items[i].val);
    return map;
}

static Value get_params(Arena *a, const Card *c) {
    return card_params(a, c->world, c->page, NULL);
}

static Value get_count(Arena *a, const Card *c) {
    (void)a;
    return value_int((int64_t)c->page->members.len);
}

static const struct {
    Str key;
    GetFn *get;
    bool in_stub;
} keys[] = {
    {S_INIT("count"), get_count, false},
    {S_INIT("date"), get_date, false},
    {S_INIT("description"), get_description, false},
    {S_INIT("ended"), get_ended, true},
    {S_INIT("excerpt"), get_excerpt, false},
    {S_INIT("id"), get_id, true},
    {S_INIT("image"), get_image, false},
    {S_INIT("kind"), get_kind, false},
    {S_INIT("labels"), get_labels, false},
    {S_INIT("lang"), get_lang, true},
    {S_INIT("lastmod"), get_lastmod, false},
    {S_INIT("linktitle"), get_link_title, true},
    {S_INIT("name"), get_title, true},
    {S_INIT("params"), get_params, false},
    {S_INIT("permalink"), get_permalink, false},
    {S_INIT("phase"), get_phase, true},
    {S_INIT("pinned"), get_pinned, false},
    {S_INIT("sapo"), get_sapo, false},
    {S_INIT("section"), get_section, false},
    {S_INIT("short"), get_short, true},
    {S_INIT("summary"), get_summary, false},
    {S_INIT("title"), get_title, true},
    {S_INIT("type"), get_type, true},
    {S_INIT("type_label"), get_type_label, false},
    {S_INIT("url"), get_url, true},
};

static int find_key(Str key) {
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (str_eq(key, keys[i].key))
            return (int)i;
    return -1;
}

bool card_has_key(Str key) {
    return find_key(key) >= 0;
}

static ObjResult card_get(Arena *a, const void *self, Str key, Value *out) {
    const Card *c = self;
    int at = find_key(key);
    bool is_stub = c->level == CARD_STUB;
    if (at >= 0 && (!is_stub || keys[at].in_stub)) {
        *out = keys[at].get(a, c);
        return OBJ_FOUND;
    }
    const Type *type = c->page->type;
    if (!is_stub && is_card_field(type, key)) {
        const Value *v = value_get(&c->page->fields, key);
        if (!v)
            return OBJ_NIL;
        *out = card_field(a, c->world, v, CARD_STUB, c->page);
        return OBJ_FOUND;
    }
    const Field *f = field_find(&type->fields, key);
    if (at < 0 && f && f->internal)
        return OBJ_INTERNAL;
    // A field of another type is nil, so that mixed lists can be shown.
    bool is_known = at >= 0 || f || str_eq(key, S("content"));
    return is_known ? OBJ_REFUSED : OBJ_NIL;
}

static Str card_text(Arena *a, const void *self) {
    (void)a;
    return ((const Card *)self)->page->title;
}

static const ObjClass card_class = {"card", card_get, card_text, true};
static const ObjClass stub_class = {"stub", card_get, card_text, true};

Value card_value(const World *w, const Page *page, CardLevel level) {
    return value_obj(level == CARD_STUB ? &stub_class : &card_class,
                     &w->cards[level][page->index]);
}

Value card_list(Arena *a, const World *w, const Pages *pages, CardLevel level) {
    Value *items = ARENA_ARRAY(a, Value, pages->len);
    for (size_t i = 0; i < pages->len; i++)
        items[i] = card_value(w, pages->items[i], level);
    return value_list(items, pages->len);
}

// --- with a body

typedef struct {
    Card card;
    Str html;
} BodyCard;

static ObjResult body_get(Arena *a, const void *self, Str key, Value *out) {
    const BodyCard *c = self;
    if (!str_eq(key, S("content")))
        return card_get(a, &c->card, key, out);
    *out = value_html(c->html);
    out->flags |= VALUE_CONTENT;
    return OBJ_FOUND;
}

static const ObjClass body_class = {"card", body_get, card_text, false};

Value card_with_body(Arena *a, const World *w, const Page *page, Str html) {
    BodyCard *c = ARENA_NEW(a, BodyCard);
    *c = (BodyCard){{w, page, CARD_FULL}, html};
    return value_obj(&body_class, c);
}
