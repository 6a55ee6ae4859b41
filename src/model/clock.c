#include "model/clock.h"

#include "model/page.h"

static bool is_lasting(Reason r) {
    enum { FOR_GOOD = SKIP_DRAFT | SKIP_EXPIRED | SKIP_INTERNAL | SKIP_BROKEN };
    if (!r.page || !r.page->skip)
        return false;
    return (r.page->skip & FOR_GOOD) ||
           (r.why != CLOCK_PUBLISHED && r.why != CLOCK_EXPIRES);
}

static bool is_noted(const Clock *c, Reason r) {
    for (size_t i = 0; i < c->nreasons; i++)
        if (c->reasons[i].why == r.why && c->reasons[i].page == r.page &&
            str_eq(c->reasons[i].field, r.field))
            return true;
    return false;
}

void clock_note(Clock *c, Date t, Reason reason) {
    int order = date_is_set(c->next) ? date_cmp(t, c->next) : -1;
    if (!date_is_set(t) || date_cmp(t, c->now) <= 0 || order > 0 ||
        is_lasting(reason))
        return;
    if (order < 0) {
        c->next = t;
        c->nreasons = 0;
    }
    if (c->nreasons < CLOCK_MAX_REASONS && !is_noted(c, reason))
        c->reasons[c->nreasons++] = reason;
}

bool clock_is_before(Clock *c, Date t, Reason reason) {
    clock_note(c, t, reason);
    return date_cmp(c->now, t) < 0;
}

Date clock_next(const Clock *c, int16_t zone) {
    if (!date_is_set(c->next))
        return (Date){0};
    return (Date){c->next.unix_seconds, zone, DATE_SECOND};
}

static DateParts today(const Clock *c, int16_t zone) {
    Date now = c->now;
    now.offset_minutes = zone;
    DateParts p = date_parts(now);
    p.hour = p.minute = p.second = 0;
    return p;
}

Date clock_next_day(const Clock *c, int16_t zone) {
    return date_end(date_from_parts(today(c, zone), zone, DATE_DAY));
}

Date clock_next_year(const Clock *c, int16_t zone) {
    DateParts p = today(c, zone);
    p.month = p.day = 1;
    return date_end(date_from_parts(p, zone, DATE_YEAR));
}
