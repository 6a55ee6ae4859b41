// What an event says comes from the window and the fields of its type: start,
// end, place, state. Nothing depends on when the calendar was made.

#include "render/ical.h"

#include "base/escape.h"
#include "base/text.h"
#include "render/card.h"

enum { FOLD = 75 }; // octets a line, without CRLF (RFC 5545 3.1)

// Folds before an octet that would be the 76th, never inside a character.
static void put_line(Buf *to, Str line) {
    size_t room = FOLD;
    while (line.len > room) {
        size_t n = room;
        while (n && ((unsigned char)line.ptr[n] & 0xC0) == 0x80)
            n--;
        buf_put(to, str_slice(line, 0, n));
        buf_put(to, S("\r\n "));
        line = str_slice(line, n, line.len);
        room = FOLD - 1; // the blank counts
    }
    buf_put(to, line);
    buf_put(to, S("\r\n"));
}

// NAME:text, the text escaped.
static void put_text(Job *job, Buf *to, const char *name, Str text) {
    Buf line = {.arena = job->scratch};
    buf_fmt(&line, "%s:", name);
    escape_ical(&line, text);
    put_line(to, buf_str(&line));
}

static void put_raw(Job *job, Buf *to, const char *name, Str value) {
    put_line(to, str_fmt(job->scratch, "%s:%.*s", name, STR_ARG(value)));
}

// --- dates

// VTIMEZONE: Viet Nam has had no other offset since 1975.
static void put_zone(Job *job, const Config *cfg, Buf *to) {
    int minutes = cfg->zone < 0 ? -cfg->zone : cfg->zone;
    Str offset = str_fmt(job->scratch, "%c%02d%02d", cfg->zone < 0 ? '-' : '+',
                         minutes / 60, minutes % 60);
    put_line(to, S("BEGIN:VTIMEZONE"));
    put_raw(job, to, "TZID", cfg->zone_name);
    put_line(to, S("BEGIN:STANDARD"));
    put_line(to, S("DTSTART:19700101T000000"));
    put_raw(job, to, "TZOFFSETFROM", offset);
    put_raw(job, to, "TZOFFSETTO", offset);
    put_line(to, S("END:STANDARD"));
    put_line(to, S("END:VTIMEZONE"));
}

static bool has_time(Date d) {
    return d.precision >= DATE_MINUTE;
}

// A zone needs letters: an offset such as +07:00 is no TZID.
static bool has_named_zone(const Config *cfg) {
    return cfg->zone_name.len && cfg->zone_name.ptr[0] != '+' &&
           cfg->zone_name.ptr[0] != '-' && !str_eq(cfg->zone_name, S("UTC"));
}

static void put_date(Job *job, const Config *cfg, Buf *to, const char *name,
                     Date d) {
    Buf b = {.arena = job->scratch};
    buf_put(&b, str_from(name));
    d.offset_minutes = cfg->zone;
    if (!has_time(d)) {
        buf_put(&b, S(";VALUE=DATE:"));
        date_format(&b, d, S("%Y%m%d"));
    } else if (has_named_zone(cfg)) {
        buf_fmt(&b, ";TZID=%.*s:", STR_ARG(cfg->zone_name));
        date_format(&b, d, S("%Y%m%dT%H%M%S"));
    } else {
        buf_putc(&b, ':');
        date_ical(&b, d);
    }
    put_line(to, buf_str(&b));
}

static Date field_date(const Page *p, Str name, Str part) {
    const Value *v = value_get(&p->fields, name);
    if (v && v->kind == VALUE_MAP)
        v = value_get(v, part);
    return v && v->kind == VALUE_DATE ? v->as.date : (Date){0};
}

// DTEND is exclusive: a last day of the 3rd ends on the 4th. When only one of
// the two has a time, both are taken as instants.
static void put_window(Job *job, const Config *cfg, const Page *p, Buf *to) {
    Date start = field_date(p, p->type->window_start, S("from"));
    Date end = field_date(p, p->type->window_end, S("to"));
    if (!date_is_set(end) && start.precision < DATE_DAY)
        end = start; // the whole month or year
    bool is_timed = has_time(start) || (date_is_set(end) && has_time(end));
    if (is_timed && !has_time(start))
        start.precision = DATE_MINUTE;
    put_date(job, cfg, to, "DTSTART", start);
    if (!date_is_set(end))
        return;
    if (!has_time(end)) {
        end = date_end(end);
        end.precision = is_timed ? DATE_MINUTE : DATE_DAY;
    }
    if (date_cmp(end, start) > 0)
        put_date(job, cfg, to, "DTEND", end);
}

// --- one event

static Str place_of(Job *job, const Page *p) {
    const Value *v = value_get(&p->fields, S("place"));
    if (!v)
        return (Str){0};
    if (v->kind == VALUE_STR)
        return v->as.s;
    Str name = value_get_str(v, S("name"));
    Str address = value_get_str(v, S("address"));
    if (!name.len || !address.len)
        return name.len ? name : address;
    return str_fmt(job->scratch, "%.*s, %.*s", STR_ARG(name), STR_ARG(address));
}

static Str status_of(const Page *p) {
    Str state = value_get_str(&p->fields, S("state"));
    if (str_eq(state, S("cancelled")))
        return S("CANCELLED");
    return str_eq(state, S("postponed")) ? S("TENTATIVE") : S("CONFIRMED");
}

// Minutes between first publication and last change, and one more when the
// event was put off or called off: grows with every change and needs no counter
// in the file.
static int64_t sequence_of(const Page *p) {
    int64_t minutes = (p->lastmod.unix_seconds - p->date.unix_seconds) / 60;
    bool is_known = date_is_set(p->lastmod) && date_is_set(p->date);
    bool is_off = !str_eq(status_of(p), S("CONFIRMED"));
    if (!is_known || minutes < 0)
        minutes = 0;
    return is_off + (minutes < INT32_MAX ? minutes : INT32_MAX - 1);
}

static Str host_of(const Config *cfg) {
    size_t at = str_find(cfg->host, S("//"), 0);
    return at == SIZE_MAX ? S("localhost")
                          : str_slice(cfg->host, at + 2, cfg->host.len);
}

static Date stamp_of(const Page *p) {
    if (date_is_set(p->lastmod))
        return p->lastmod;
    if (date_is_set(p->date))
        return p->date;
    return field_date(p, p->type->window_start, S("from"));
}

static void put_event(Job *job, const World *w, const Page *p, Buf *to) {
    Arena *a = job->scratch;
    const Config *cfg = w->site->cfg;
    Buf stamp = {.arena = a};
    date_ical(&stamp, stamp_of(p));
    put_line(to, S("BEGIN:VEVENT"));
    Str uid = str_fmt(a, "%.*s-%.*s@%.*s", STR_ARG(p->type->name),
                      STR_ARG(p->id), STR_ARG(host_of(cfg)));
    if (p->lang) // it has the id of what it translates
        uid =
            str_fmt(a, "%.*s-%.*s", STR_ARG(config_language(cfg, p->lang)->key),
                    STR_ARG(uid));
    put_text(job, to, "UID", uid);
    put_raw(job, to, "DTSTAMP", buf_str(&stamp));
    put_raw(job, to, "SEQUENCE", str_fmt(a, "%lld", (long long)sequence_of(p)));
    put_window(job, cfg, p, to);
    put_text(job, to, "SUMMARY", p->title);
    Str place = place_of(job, p), summary = card_summary(w, p);
    if (place.len)
        put_text(job, to, "LOCATION", place);
    if (summary.len)
        put_text(job, to, "DESCRIPTION", summary);
    put_raw(job, to, "URL", url_permalink(a, cfg, p->url));
    put_raw(job, to, "STATUS", status_of(p));
    put_line(to, S("END:VEVENT"));
}

static bool any_time(const Pages *items) {
    for (size_t i = 0; i < items->len; i++) {
        const Page *p = items->items[i];
        if (has_time(field_date(p, p->type->window_start, S("from"))) ||
            has_time(field_date(p, p->type->window_end, S("to"))))
            return true;
    }
    return false;
}

void ical_calendar(Job *job, const World *w, const Output *out, Buf *to) {
    const Config *cfg = w->site->cfg;
    put_line(to, S("BEGIN:VCALENDAR"));
    put_line(to, S("VERSION:2.0"));
    put_line(to, S("PRODID:-//loa//loa//VI"));
    put_line(to, S("CALSCALE:GREGORIAN"));
    put_line(to, S("METHOD:PUBLISH"));
    put_text(job, to, "X-WR-CALNAME",
             out->page->kind == PAGE_HOME
                 ? config_language(cfg, out->page->lang)->title
                 : out->page->title);
    if (any_time(&out->items) && has_named_zone(cfg))
        put_zone(job, cfg, to);
    for (size_t i = 0; i < out->items.len; i++)
        put_event(job, w, out->items.items[i], to);
    put_line(to, S("END:VCALENDAR"));
}
