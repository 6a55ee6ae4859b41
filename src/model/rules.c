// What types demand of the whole site, and what it works out for them: inverse
// fields, lineages, validity, documents by number, uniqueness. Runs when refs
// are resolved.

#include "model/rules.h"

#include <string.h>

#include "model/library.h"

static Value *field_value(Page *p, Str name) {
    return p->fields.kind == VALUE_MAP && p->fields.as.map
               ? map_get(p->fields.as.map, name)
               : NULL;
}

static const Field *type_field(const Page *p, Str name) {
    return name.len ? field_find(&p->type->fields, name) : NULL;
}

bool field_holds(const Field *f, uint32_t kinds) {
    bool holds = f->kinds & kinds;
    for (size_t i = 0; i < f->fields.len && !holds; i++)
        holds = field_holds(&f->fields.items[i], kinds);
    return holds;
}

// --- lists of refs

static bool list_has(const Value *list, const Page *page) {
    for (size_t i = 0; i < list->as.list.len; i++)
        if (list->as.list.items[i].kind == VALUE_REF &&
            list->as.list.items[i].as.ref == page)
            return true;
    return false;
}

// Adds a page to a list of refs of another, once.
static void add_ref(Builder *b, Page *to, Str name, const Page *page) {
    Arena *a = b->job->keep;
    Value *list = field_value(to, name);
    Value ref = {.kind = VALUE_REF, .as.ref = page};
    if (!list || list->kind != VALUE_LIST) {
        Value *items = ARENA_NEW(a, Value);
        *items = ref;
        value_set(a, &to->fields, name, value_list(items, 1));
        return;
    }
    if (list_has(list, page))
        return;
    size_t n = list->as.list.len;
    Value *items = ARENA_ARRAY(a, Value, n + 1);
    memcpy(items, list->as.list.items, n * sizeof *items);
    items[n] = ref;
    list->as.list.items = items;
    list->as.list.len = n + 1;
}

typedef void RefFn(Builder *b, Page *from, const Field *f, const Value *ref);

static void each_ref_in(Builder *b, Page *p, const Field *f, const Value *v,
                        RefFn *fn) {
    if (v->kind == VALUE_REF)
        fn(b, p, f, v);
    for (size_t i = 0; v->kind == VALUE_LIST && i < v->as.list.len; i++)
        each_ref_in(b, p, f, &v->as.list.items[i], fn);
}

// The refs in the fields of pieces themselves; those inside maps are others'.
static void each_ref(Builder *b, RefFn *fn) {
    for (size_t i = 0; i < b->site->regular.len; i++) {
        Page *p = builder_page(b, b->site->regular.items[i]);
        for (size_t k = 0; k < p->type->fields.len; k++) {
            const Field *f = &p->type->fields.items[k];
            const Value *v =
                f->kinds & 1u << FIELD_REF ? field_value(p, f->name) : NULL;
            // A copy: fn may add to the very list.
            Value now = v ? *v : (Value){0};
            each_ref_in(b, p, f, &now, fn);
        }
    }
}

// --- inverse fields

// Every translation of a piece learns of it too, in its own language.
static void add_back(Builder *b, const Page *to, Str name, const Page *from) {
    if (to->lang == from->lang)
        add_ref(b, builder_page(b, to), name, from);
    for (size_t i = 0; !from->lang && i < to->translations.len; i++) {
        const Page *twin = to->translations.items[i];
        add_ref(b, builder_page(b, twin), name, page_in(from, twin->lang));
    }
}

static void add_inverse(Builder *b, Page *from, const Field *f,
                        const Value *ref) {
    if (f->inverse.len)
        add_back(b, ref->as.ref, f->inverse, from);
}

static void add_lineage(Builder *b, Page *from, const Field *f,
                        const Value *ref) {
    const Type *t = from->type;
    if (ref->as.ref->type != t || !t->next.len || !t->prev.len)
        return;
    if (str_eq(f->name, t->next))
        add_back(b, ref->as.ref, t->prev, from);
    else if (str_eq(f->name, t->prev))
        add_back(b, ref->as.ref, t->next, from);
}

// --- no circles

typedef struct {
    Builder *b;
    Str field;
    uint8_t *state; // by index: 0 new, 1 on the way, 2 done
} Circle;

// True when a page is reached that is on the way already. Depth is the length
// of a chain of documents or units: short, and bounded all the same.
static bool goes_round(Circle *c, const Page *p, int depth) {
    if (c->state[p->index])
        return c->state[p->index] == 1;
    if (depth > 500)
        return true;
    c->state[p->index] = 1;
    const Value *v = value_get(&p->fields, c->field);
    bool is_round =
        v && v->kind == VALUE_REF && goes_round(c, v->as.ref, depth + 1);
    for (size_t i = 0; v && v->kind == VALUE_LIST && i < v->as.list.len; i++)
        is_round |= v->as.list.items[i].kind == VALUE_REF &&
                    goes_round(c, v->as.list.items[i].as.ref, depth + 1);
    c->state[p->index] = 2;
    return is_round;
}

static void check_circle(Builder *b, const Type *type, Str field) {
    Circle c = {b, field, ARENA_ARRAY(b->job->scratch, uint8_t, b->len)};
    for (size_t i = 0; i < b->site->regular.len; i++) {
        const Page *p = b->site->regular.items[i];
        if (p->type != type || !goes_round(&c, p, 0))
            continue;
        b->ok = diag_error(b->job->diags, "E-CYCLE", page_pos(p, field),
                           _("%.*s leads back to this piece"), STR_ARG(field));
        diag_hint(b->job->diags, _("correct the line %.*s: in one of them"),
                  STR_ARG(field));
        return;
    }
}

static void check_circles(Builder *b) {
    const TypeSet *types = b->in->types;
    for (size_t i = 0; i < types->len; i++) {
        const Type *t = &types->items[i];
        for (size_t k = 0; k < t->fields.len; k++)
            if (t->fields.items[k].acyclic)
                check_circle(b, t, t->fields.items[k].name);
        if (t->next.len)
            check_circle(b, t, t->next);
    }
}

// --- unique

static void put_key(Buf *key, const Page *p, Str path) {
    Str rest = path, name;
    str_cut(&rest, '.', &name);
    const Value *v = value_get(&p->fields, name);
    if (v && v->kind == VALUE_MAP && value_get(v, S("key")))
        v = value_get(v, S("key"));
    if (v && v->kind == VALUE_REF)
        buf_put(key, v->as.ref->path);
    else if (v && v->kind == VALUE_STR)
        buf_put(key, v->as.s);
    else if (v && v->kind == VALUE_INT)
        buf_fmt(key, "%lld", (long long)v->as.i);
    else if (v && v->kind == VALUE_DATE)
        buf_fmt(key, "%d", date_parts(v->as.date).year);
    buf_putc(key, '\n');
}

// A piece without one of the fields, such as the number of a document that has
// none yet, is like no other.
static bool unique_key(Builder *b, const Page *p, Buf *key) {
    const Strs *names = &p->type->unique;
    if (!names->len)
        return false;
    *key = (Buf){.arena = b->job->scratch};
    buf_fmt(key, "%.*s\n%u\n", STR_ARG(p->type->name), (unsigned)p->lang);
    for (size_t i = 0; i < names->len; i++) {
        size_t before = key->len;
        put_key(key, p, names->items[i]);
        if (key->len == before + 1)
            return false;
    }
    return true;
}

// 'issued.year' (Ngày ban hành)
static Str title_of(Arena *a, const Type *type, Str name) {
    Str rest = name, first;
    str_cut(&rest, '.', &first);
    Field f = *field_find(&type->fields, first); // type_load has seen to it
    f.name = name;
    return field_title(a, S(""), &f);
}

static void say_twice(Builder *b, const Page *p, const Page *old) {
    const Strs *names = &p->type->unique;
    Buf list = {.arena = b->job->scratch};
    for (size_t i = 0; i < names->len; i++) {
        if (i)
            buf_put(&list, S(", "));
        buf_put(&list, title_of(b->job->scratch, p->type, names->items[i]));
    }
    Str fields = buf_str(&list);
    b->ok = diag_error(b->job->diags, "E-TWICE", page_pos(p, names->items[0]),
                       _("%.*s is the same piece: it has the same %.*s"),
                       STR_ARG(old->src->path), STR_ARG(fields));
    diag_hint(b->job->diags, _("delete one of the two, or correct it"));
}

static void check_unique(Builder *b) {
    Map seen = {.arena = b->job->scratch};
    for (size_t i = 0; i < b->site->regular.len; i++) {
        Page *p = builder_page(b, b->site->regular.items[i]);
        Buf key;
        if (!unique_key(b, p, &key))
            continue;
        const Page *old = map_add(&seen, buf_str(&key), p);
        if (old)
            say_twice(b, p, old);
    }
}

// --- force of documents, and pieces that speak of a law that has changed

static Date force_date(const Page *p) {
    Date d = rules_date(p, p->type->force_from, S("from"));
    return date_is_set(d) ? d : rules_date(p, S("issued"), S("from"));
}

static bool is_in_force(const Page *p, Clock *clock) {
    Date from = force_date(p);
    Reason reason = {CLOCK_IN_FORCE, p, p->type->force_from};
    return !date_is_set(from) || !clock_is_before(clock, from, reason);
}

static bool any_in_force(const Page *p, Str field, Clock *clock) {
    const Value *v = field.len ? value_get(&p->fields, field) : NULL;
    for (size_t i = 0; v && v->kind == VALUE_LIST && i < v->as.list.len; i++)
        if (v->as.list.items[i].kind == VALUE_REF &&
            is_in_force(v->as.list.items[i].as.ref, clock))
            return true;
    return false;
}

// The order of the values of the choice that `validity.field` names.
typedef enum { IN_FORCE, NOT_YET, ENDED, PARTLY } Force;

static Force force_of(const Page *p, Clock *clock) {
    Reason ends = {CLOCK_OUT_OF_FORCE, p, p->type->force_to};
    Date to = rules_date(p, p->type->force_to, S("to"));
    if ((date_is_set(to) && !clock_is_before(clock, date_end(to), ends)) ||
        any_in_force(p, p->type->replaced_by, clock))
        return ENDED;
    if (!is_in_force(p, clock))
        return NOT_YET;
    return any_in_force(p, p->type->amended_by, clock) ? PARTLY : IN_FORCE;
}

// Documents in force now that came after `as_of` and replaced or changed one
// that the piece rests on.
static void add_outdated(Builder *b, Page *p, const Page *doc, Str field,
                         Date as_of) {
    const Value *v = field.len ? value_get(&doc->fields, field) : NULL;
    for (size_t i = 0; v && v->kind == VALUE_LIST && i < v->as.list.len; i++) {
        const Value *ref = &v->as.list.items[i];
        if (ref->kind != VALUE_REF || !is_in_force(ref->as.ref, b->clock))
            continue;
        Date since = force_date(ref->as.ref);
        if (date_is_set(since) && date_cmp(since, date_end(as_of)) >= 0)
            add_ref(b, p, p->type->law_outdated, ref->as.ref);
    }
}

static void find_outdated(Builder *b, Page *p) {
    const Value *basis = value_get(&p->fields, p->type->law_basis);
    Date as_of = rules_date(p, p->type->law_as_of, S("from"));
    if (!date_is_set(as_of) || !p->type->law_outdated.len)
        return;
    for (size_t i = 0;
         basis && basis->kind == VALUE_LIST && i < basis->as.list.len; i++) {
        const Value *doc = value_get(&basis->as.list.items[i], S("document"));
        if (!doc || doc->kind != VALUE_REF)
            continue;
        const Page *page = doc->as.ref;
        add_outdated(b, p, page, page->type->replaced_by, as_of);
        add_outdated(b, p, page, page->type->amended_by, as_of);
    }
}

static void set_force(Builder *b) {
    for (size_t i = 0; i < b->site->regular.len; i++) {
        Page *p = builder_page(b, b->site->regular.items[i]);
        const Field *f = type_field(p, p->type->force);
        Force force = f ? force_of(p, b->clock) : IN_FORCE;
        if (f && force < f->of.len)
            value_set(b->job->keep, &p->fields, f->name,
                      value_str(f->of.items[force]));
        if (p->type->law_basis.len)
            find_outdated(b, p);
    }
}

// --- what is there only for a time

static bool is_now(Clock *clock, const Page *p, const Field *f,
                   const Value *item) {
    Reason begins = {CLOCK_ITEM_BEGINS, p, f->name};
    Reason ends = {CLOCK_ITEM_ENDS, p, f->name};
    const Value *from = value_get(item, f->while_from);
    const Value *to = value_get(item, f->while_to);
    if (from && from->kind == VALUE_DATE &&
        clock_is_before(clock, from->as.date, begins))
        return false;
    return !to || to->kind != VALUE_DATE ||
           clock_is_before(clock, date_end(to->as.date), ends);
}

static void keep_current(Builder *b, Page *p, const Field *f) {
    Value *v = field_value(p, f->name);
    if (!v || v->kind != VALUE_LIST)
        return;
    Value *items = ARENA_ARRAY(b->job->keep, Value, v->as.list.len);
    size_t n = 0;
    for (size_t i = 0; i < v->as.list.len; i++)
        if (is_now(b->clock, p, f, &v->as.list.items[i]))
            items[n++] = v->as.list.items[i];
    v->as.list.items = items;
    v->as.list.len = n;
}

// Internal fields stay in the front matter, for the editors' reports; what
// outputs can reach does not have them, at any depth.
static void hide_internal(const Fields *fields, Value *v) {
    if (v->kind == VALUE_LIST) {
        for (size_t i = 0; i < v->as.list.len; i++)
            hide_internal(fields, &v->as.list.items[i]);
        return;
    }
    for (size_t i = 0; v->kind == VALUE_MAP && v->as.map && i < fields->len;
         i++) {
        const Field *f = &fields->items[i];
        if (!f->internal && !f->fields.len)
            continue;
        Value *inner = map_get(v->as.map, f->name);
        if (inner && f->internal)
            *inner = (Value){0};
        else if (inner)
            hide_internal(&f->fields, inner);
    }
}

void rules_time(Builder *b, Page *p) {
    hide_internal(&p->type->fields, &p->fields);
    page_phase_items(b->job, b->in->cfg, b->clock, p);
    for (size_t k = 0; k < p->type->fields.len; k++) {
        const Field *f = &p->type->fields.items[k];
        if (f->while_from.len)
            keep_current(b, p, f);
        if (f->while_phase.len && !str_eq(f->while_phase, page_phase_name(p)) &&
            field_value(p, f->name))
            value_set(b->job->keep, &p->fields, f->name, (Value){0});
    }
}

bool rules_is_public(const Page *p) {
    const Value *when = &p->type->public_when;
    for (size_t i = 0;
         when->kind == VALUE_MAP && when->as.map && i < when->as.map->len;
         i++) {
        const Value *want = when->as.map->items[i].val;
        const Value *have = value_get(&p->fields, when->as.map->items[i].key);
        if (!have || have->kind != VALUE_STR || want->kind != VALUE_STR ||
            !str_eq(have->as.s, want->as.s))
            return false;
    }
    return true;
}

void rules_build(Builder *b) {
    each_ref(b, add_inverse);
    each_ref(b, add_lineage);
    check_circles(b);
    rules_lives(b);
    rules_posts(b);
    check_unique(b);
    library_build(b);
    set_force(b);
}
