// Pages that exist for a time: the `valid` and `lineage` of types, and `within`
// of their fields. Units are founded, closed and followed by others.

#include "model/rules.h"

Date rules_date(const Page *p, Str field, Str side) {
    const Value *v = value_get(&p->fields, field);
    if (v && v->kind == VALUE_MAP)
        v = value_get(v, side);
    return v && v->kind == VALUE_DATE ? v->as.date : (Date){0};
}

static Date begin_of(const Page *p) {
    return rules_date(p, p->type->valid_from, S("from"));
}

// Half open: a page that is there to the end of a day ends when the next
// begins. Unset while no end is known.
static Date end_of(const Page *p) {
    Date to = rules_date(p, p->type->valid_to, S("to"));
    return date_is_set(to) ? date_end(to) : to;
}

// At some instant of a day, month or year.
static bool is_there(const Page *p, Date at) {
    Date from = begin_of(p), end = end_of(p);
    if (date_is_set(from) && date_cmp(date_end(at), from) <= 0)
        return false;
    return !date_is_set(end) || date_cmp(at, end) < 0;
}

static Str day_of(Builder *b, Date at) {
    Buf day = {.arena = b->job->scratch};
    at.offset_minutes = b->in->cfg->zone;
    date_admin(&day, at);
    return buf_str(&day);
}

// --- on its date

static Date map_date(const Value *map, Str field) {
    const Value *v = value_get(map, field);
    if (v && v->kind == VALUE_MAP)
        v = value_get(v, S("from"));
    return v && v->kind == VALUE_DATE ? v->as.date : (Date){0};
}

// `in`: the map the ref stands in, the fields of the page or an item of a
// list. Inside an item only a day that is named beside it counts.
static Date day_of_use(const Page *from, const Field *f, const Value *in) {
    if (f->on.len)
        return map_date(in, f->on);
    return in == &from->fields && page_is_dated(from) ? from->date : (Date){0};
}

typedef struct {
    Builder *b;
    const Page *from;
    const Field *f;
    const Value *in; // the map it stands in
} Use;

static void check_date(const Use *u, const Value *ref) {
    Builder *b = u->b;
    const Page *from = u->from, *to = ref->as.ref;
    Date at = day_of_use(from, u->f, u->in);
    if (!to->type->valid_to.len || to->type == from->type || !date_is_set(at) ||
        is_there(to, at))
        return;
    Str title = field_title(b->job->scratch, S(""), u->f);
    b->ok = diag_error(b->job->diags, "E-UNIT-DATE",
                       source_pos(from->src, ref->line, ref->col),
                       _("%.*s: '%.*s' did not exist on %.*s"), STR_ARG(title),
                       STR_ARG(to->title), STR_ARG(day_of(b, at)));
    diag_hint(b->job->diags,
              _("name the unit of that day, or correct the dates of the "
                "unit"));
}

// --- within the life of the page above

// A workplace is often older than the union it belongs to since the last
// reorganisation, so an early beginning is none of our business; a page left
// below one that has closed is.
static void check_within(Builder *b, const Page *from, const Field *f,
                         const Value *ref) {
    const Page *up = ref->as.ref;
    Date end = end_of(up), own_end = end_of(from), begin = begin_of(up);
    bool is_before = date_is_set(own_end) && date_is_set(begin) &&
                     date_cmp(own_end, begin) <= 0;
    bool outlives = date_is_set(end) &&
                    (!date_is_set(own_end) || date_cmp(own_end, end) > 0);
    if (!is_before && !outlives)
        return;
    Pos pos = source_pos(from->src, ref->line, ref->col);
    Str title = field_title(b->job->scratch, S(""), f);
    if (is_before)
        diag_warn(b->job->diags, "W-PARENT-DATE", pos,
                  _("%.*s: '%.*s' began when '%.*s' had ended already"),
                  STR_ARG(title), STR_ARG(up->title), STR_ARG(from->title));
    else
        diag_warn(b->job->diags, "W-PARENT-DATE", pos,
                  _("%.*s: '%.*s' ended before '%.*s'"), STR_ARG(title),
                  STR_ARG(up->title), STR_ARG(from->title));
    diag_hint(b->job->diags,
              _("name the unit it belongs to now, or say when it ended "
                "itself (%.*s)"),
              STR_ARG(from->type->valid_to));
}

static void check_ref(const Use *u, const Value *v) {
    if (v->kind == VALUE_REF) {
        check_date(u, v);
        if (u->f->within)
            check_within(u->b, u->from, u->f, v);
    }
    for (size_t i = 0; v->kind == VALUE_LIST && i < v->as.list.len; i++)
        check_ref(u, &v->as.list.items[i]);
}

static void check_map(Builder *b, const Page *from, const Fields *fields,
                      const Value *map);

static void check_items(Builder *b, const Page *from, const Fields *fields,
                        const Value *v) {
    if (v->kind == VALUE_MAP)
        check_map(b, from, fields, v);
    for (size_t i = 0; v->kind == VALUE_LIST && i < v->as.list.len; i++)
        check_items(b, from, fields, &v->as.list.items[i]);
}

// The refs among the values of a map, and in the maps inside it.
static void check_map(Builder *b, const Page *from, const Fields *fields,
                      const Value *map) {
    for (size_t i = 0; i < fields->len; i++) {
        const Field *f = &fields->items[i];
        bool has_ref = field_holds(f, 1u << FIELD_REF);
        const Value *v = has_ref ? value_get(map, f->name) : NULL;
        if (v && f->kinds & 1u << FIELD_REF)
            check_ref(&(Use){b, from, f, map}, v);
        if (v && f->fields.len)
            check_items(b, from, &f->fields, v);
    }
}

// --- the end

static void check_reason(Builder *b, const Page *p) {
    b->ok =
        diag_error(b->job->diags, "E-REQUIRED", page_pos(p, p->type->valid_to),
                   _("'%.*s' has ended, and %.*s does not say why"),
                   STR_ARG(p->title), STR_ARG(p->type->reason));
    diag_hint(b->job->diags, _("add it: %.*s: %.*s"), STR_ARG(p->type->reason),
              STR_ARG(p->type->succeeded.len ? p->type->succeeded.items[0]
                                             : S("\"...\"")));
}

static bool asks_for_successor(const Page *p, const Value *reason) {
    const Strs *of = &p->type->succeeded;
    for (size_t i = 0; reason->kind == VALUE_STR && i < of->len; i++)
        if (str_eq(of->items[i], reason->as.s))
            return true;
    return false;
}

// A successor may be a page that waits or is broken: it is not missing.
static bool may_be_left_out(const Builder *b, const Page *p) {
    for (size_t i = 0; i < b->site->skipped.len; i++)
        if (b->site->skipped.items[i]->type == p->type)
            return true;
    return false;
}

static void check_end(Builder *b, const Page *p) {
    const Type *t = p->type;
    const Value *reason =
        t->reason.len ? value_get(&p->fields, t->reason) : NULL;
    if (!t->reason.len || !value_get(&p->fields, t->valid_to))
        return;
    if (!reason) {
        check_reason(b, p);
        return;
    }
    const Value *next = value_get(&p->fields, t->next);
    if (!asks_for_successor(p, reason) || may_be_left_out(b, p) ||
        (next && (next->kind != VALUE_LIST || next->as.list.len)))
        return;
    b->ok = diag_error(b->job->diags, "E-SUCCESSOR", page_pos(p, t->reason),
                       _("'%.*s' has ended, and no piece says what came "
                         "after it"),
                       STR_ARG(p->title));
    diag_hint(b->job->diags,
              _("add it: %.*s: [...], or name this piece under %.*s of the "
                "one that came after"),
              STR_ARG(t->next), STR_ARG(t->prev));
}

void rules_lives(Builder *b) {
    for (size_t i = 0; i < b->site->regular.len; i++) {
        const Page *p = b->site->regular.items[i];
        check_map(b, p, &p->type->fields, &p->fields);
        check_end(b, p);
    }
}
