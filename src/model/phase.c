// Phases: where the build's instant lies in the window of a page, of its life,
// or of each item of a list such as the rounds of a contest. Half open.
#include "model/page.h"

static Date date_in(const Value *map, Str name, bool is_end) {
    const Value *v = value_get(map, name);
    if (v && v->kind == VALUE_MAP)
        v = value_get(v, is_end ? S("to") : S("from"));
    return v && v->kind == VALUE_DATE ? v->as.date : (Date){0};
}

// Without an end: the end of the day it starts on, or of the month or year when
// that is all that is known.
// The end of a window that begins at `start`, from the same map.
static Date end_of(const Config *cfg, const Type *type, const Value *map,
                   Date start) {
    Date end = date_in(map, type->window_end, true);
    if (!date_is_set(end)) { // a start that is a period has its own end
        const Value *v = value_get(map, type->window_start);
        if (v && v->kind == VALUE_MAP)
            end = date_in(map, type->window_start, true);
    }
    if (date_is_set(end))
        return date_end(end);
    if (start.precision >= DATE_MINUTE) {
        start.offset_minutes = cfg->zone;
        start = date_from_parts(date_parts(start), cfg->zone, DATE_DAY);
    }
    return date_end(start);
}

// What the instant is asked for.
typedef struct {
    const Config *cfg;
    Clock *clock;
    const Page *page;
} Asked;

static bool is_before(const Asked *a, Date t, ClockWhy why, Str field) {
    return clock_is_before(a->clock, t, (Reason){why, a->page, field});
}

static Phase phase_of(const Asked *a, const Value *map) {
    const Type *type = a->page->type;
    Date start = date_in(map, type->window_start, false);
    if (!date_is_set(start))
        return PHASE_NONE;
    if (is_before(a, start, CLOCK_BEGINS, type->window_start))
        return PHASE_UPCOMING;
    Date end = end_of(a->cfg, type, map, start);
    Str field = type->window_end.len ? type->window_end : type->window_start;
    return is_before(a, end, CLOCK_ENDS, field) ? PHASE_RUNNING : PHASE_PAST;
}

// Several windows (rounds): one that runs decides, else one to come.
static Phase phase_of_each(const Asked *a, const Value *list) {
    bool has_past = false, has_next = false;
    for (size_t i = 0;
         list && list->kind == VALUE_LIST && i < list->as.list.len; i++) {
        Phase phase = phase_of(a, &list->as.list.items[i]);
        if (phase == PHASE_RUNNING)
            return phase;
        has_past |= phase == PHASE_PAST;
        has_next |= phase == PHASE_UPCOMING;
    }
    return has_next ? PHASE_UPCOMING : has_past ? PHASE_PAST : PHASE_NONE;
}

// A unit exists from, to: running unless it has ended or has yet to begin.
static Phase phase_of_life(const Asked *a) {
    const Page *p = a->page;
    Date from = date_in(&p->fields, p->type->valid_from, false);
    Date to = date_in(&p->fields, p->type->valid_to, true);
    if (date_is_set(from) &&
        is_before(a, from, CLOCK_BEGINS, p->type->valid_from))
        return PHASE_UPCOMING;
    bool is_over = date_is_set(to) &&
                   !is_before(a, date_end(to), CLOCK_ENDS, p->type->valid_to);
    return is_over ? PHASE_PAST : PHASE_RUNNING;
}

void page_phase(const Config *cfg, Clock *clock, Page *page) {
    Asked asked = {cfg, clock, page};
    const Type *type = page->type;
    page->phase = PHASE_NONE;
    if (!type || page->kind != PAGE_REGULAR)
        return;
    if (type->window_each.len)
        page->phase =
            phase_of_each(&asked, value_get(&page->fields, type->window_each));
    else if (type->window_start.len)
        page->phase = phase_of(&asked, &page->fields);
    else if (type->valid_to.len)
        page->phase = phase_of_life(&asked);
    if (page->phase == PHASE_PAST && type->window_results.len &&
        !value_get(&page->fields, type->window_results))
        page->phase = PHASE_AWAITING;
}

// Of a map whose field has a window; without a start it has begun long since.
static Phase phase_of_map(const Asked *a, const Field *f, const Value *map) {
    Date start = date_in(map, f->window_start, false);
    Date end = date_in(map, f->window_end, true);
    if (!date_is_set(start) && !date_is_set(end))
        return PHASE_NONE;
    if (date_is_set(start) && is_before(a, start, CLOCK_BEGINS, f->name))
        return PHASE_UPCOMING;
    return !date_is_set(end) || is_before(a, date_end(end), CLOCK_ENDS, f->name)
               ? PHASE_RUNNING
               : PHASE_PAST;
}

static Str phase_word(bool is_window, Phase phase) {
    static const Str event[] = {S_INIT(""), S_INIT("upcoming"),
                                S_INIT("running"), S_INIT("past"),
                                S_INIT("awaiting")};
    static const Str window[] = {S_INIT(""), S_INIT("upcoming"), S_INIT("open"),
                                 S_INIT("closed"), S_INIT("awaiting")};
    return (is_window ? window : event)[phase];
}

static Str phase_name(const Type *type, Phase phase) {
    bool is_window = type && str_eq(type->window_words, S("open"));
    return phase_word(is_window, phase);
}

Str page_phase_name(const Page *page) {
    return phase_name(page->type, page->phase);
}

// Past, and neither the item nor the page has results.
static bool is_awaiting(const Page *page, const Value *item, Phase phase) {
    Str results = page->type->window_results;
    return phase == PHASE_PAST && results.len && !value_get(item, results) &&
           !value_get(&page->fields, results);
}

static void set_phase(Job *job, Value *map, Str phase) {
    if (phase.len && map->kind == VALUE_MAP)
        value_set(job->keep, map, S("phase"), value_str(phase));
}

static Value *own_field(const Page *page, Str name) {
    return page->fields.kind == VALUE_MAP && page->fields.as.map
               ? map_get(page->fields.as.map, name)
               : NULL;
}

// The items of the list that the window of the type stands in.
static void each_item(Job *job, const Asked *a, const Page *page) {
    const Type *type = page->type;
    Str each = type->window_each;
    const Field *f = each.len ? field_find(&type->fields, each) : NULL;
    Value *list = f ? own_field(page, each) : NULL;
    if (!list || list->kind != VALUE_LIST || field_find(&f->fields, S("phase")))
        return;
    for (size_t i = 0; i < list->as.list.len; i++) {
        Value *item = &list->as.list.items[i];
        Phase phase = phase_of(a, item);
        if (is_awaiting(page, item, phase))
            phase = PHASE_AWAITING;
        set_phase(job, item, phase_name(type, phase));
    }
}

static void field_phase(Job *job, const Asked *a, const Field *f, Value *v) {
    if (v->kind == VALUE_MAP)
        set_phase(job, v, phase_word(true, phase_of_map(a, f, v)));
    for (size_t i = 0; v->kind == VALUE_LIST && i < v->as.list.len; i++)
        field_phase(job, a, f, &v->as.list.items[i]);
}

void page_phase_items(Job *job, const Config *cfg, Clock *clock, Page *page) {
    Asked asked = {cfg, clock, page};
    each_item(job, &asked, page);
    for (size_t i = 0; i < page->type->fields.len; i++) {
        const Field *f = &page->type->fields.items[i];
        bool has_window = f->window_start.len || f->window_end.len;
        Value *v = has_window ? own_field(page, f->name) : NULL;
        if (v)
            field_phase(job, &asked, f, v);
    }
}
