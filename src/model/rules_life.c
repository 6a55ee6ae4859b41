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

static bool is_there(const Page *p, Date at) {
    Date from = begin_of(p), end = end_of(p);
    if (date_is_set(from) && date_cmp(at, from) < 0)
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

static Date day_of_use(const Page *from, const Field *f) {
    if (f->on.len)
        return rules_date(from, f->on, S("from"));
    return page_is_dated(from) ? from->date : (Date){0};
}

static void check_date(Builder *b, const Page *from, const Field *f,
                       const Value *ref) {
    const Page *to = ref->as.ref;
    Date at = day_of_use(from, f);
    if (!to->type->valid_to.len || to->type == from->type || !date_is_set(at) ||
        is_there(to, at))
        return;
    b->ok =
        diag_error(b->job->diags, "E-UNIT-DATE",
                   source_pos(from->src, ref->line, ref->col),
                   _("%.*s: '%.*s' did not exist on %.*s"), STR_ARG(f->name),
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
    if (is_before)
        diag_warn(b->job->diags, "W-PARENT-DATE", pos,
                  _("%.*s: '%.*s' began when '%.*s' had ended already"),
                  STR_ARG(f->name), STR_ARG(up->title), STR_ARG(from->title));
    else
        diag_warn(b->job->diags, "W-PARENT-DATE", pos,
                  _("%.*s: '%.*s' ended before '%.*s'"), STR_ARG(f->name),
                  STR_ARG(up->title), STR_ARG(from->title));
    diag_hint(b->job->diags,
              _("name the unit it belongs to now, or say when it ended "
                "itself (%.*s)"),
              STR_ARG(from->type->valid_to));
}

static void check_ref(Builder *b, const Page *from, const Field *f,
                      const Value *v) {
    if (v->kind == VALUE_REF) {
        check_date(b, from, f, v);
        if (f->within)
            check_within(b, from, f, v);
    }
    for (size_t i = 0; v->kind == VALUE_LIST && i < v->as.list.len; i++)
        check_ref(b, from, f, &v->as.list.items[i]);
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
        for (size_t k = 0; k < p->type->fields.len; k++) {
            const Field *f = &p->type->fields.items[k];
            const Value *v = f->kinds & 1u << FIELD_REF
                                 ? value_get(&p->fields, f->name)
                                 : NULL;
            if (v)
                check_ref(b, p, f, v);
        }
        check_end(b, p);
    }
}
