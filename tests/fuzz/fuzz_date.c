// The first byte chooses the zone and whether coarse dates are read; the rest,
// up to the first line feed, is a date, what follows it a pattern.
#include <stdlib.h>

#include "base/date.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_failure(Str s, size_t at, const char *why) {
    if (at > s.len || !why || !*why)
        abort();
}

// What was read must be written as something that reads as the same.
static void check_success(Arena *a, Date d, int16_t zone) {
    DateParts p = date_parts(d);
    if (p.year < 1 || p.year > 9999 || p.month < 1 || p.month > 12 ||
        p.day < 1 || p.day > date_days_in_month(p.year, p.month) ||
        p.hour > 23 || p.minute > 59 || p.second > 59 || p.weekday > 6 ||
        p.yearday < 1 || p.yearday > 366 || !date_is_set(d))
        abort();
    if (date_cmp(date_end(d), d) < 0)
        abort();
    Date again;
    size_t at;
    const char *why;
    Buf full = {.arena = a}, iso = {.arena = a};
    date_rfc3339(&full, d);
    if (!date_parse(buf_str(&full), 0, false, &again, &at, &why) ||
        date_cmp(d, again) != 0 || again.offset_minutes != d.offset_minutes)
        abort();
    date_iso(&iso, d);
    if (!date_parse(buf_str(&iso), zone, true, &again, &at, &why) ||
        date_cmp(d, again) != 0 || again.precision != d.precision)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new();
    Str all = {(const char *)data, size};
    int16_t zone = 0;
    bool coarse = size && (data[0] & 1);
    if (size)
        zone = (int16_t)((data[0] >> 1) * 15 - 945);
    Str rest = str_slice(all, 1, size), line = {0};
    (void)str_cut(&rest, '\n', &line);
    Date d = {0};
    size_t at = SIZE_MAX;
    const char *why = NULL;
    if (date_parse(line, zone, coarse, &d, &at, &why))
        check_success(a, d, zone);
    else
        check_failure(line, at, why);
    int16_t offset;
    if (date_zone(line, &offset) && (offset < -1439 || offset > 1439))
        abort();
    if (!date_is_set(d))
        d = (Date){(int64_t)text_count(line) * 77777777 - 77777777777, zone,
                   DATE_SECOND};
    Buf out = {.arena = a};
    date_format(&out, d, rest);
    date_rfc822(&out, d);
    date_ical(&out, d);
    date_admin_weekday(&out, d);
    arena_free(a);
    return 0;
}
