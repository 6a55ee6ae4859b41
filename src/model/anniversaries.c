// data/anniversaries.yaml: the days a site counts years from, so that a wrong
// count in a text is found. Templates read the same file as
// site.data.anniversaries.
#include <string.h>

#include "base/text.h"
#include "model/builder.h"

static bool bad_item(Builder *b, const Source *src, const Value *item) {
    b->ok = diag_error(b->job->diags, "E-DATA",
                       source_pos(src, item->line, item->col),
                       _("this is no anniversary"));
    diag_hint(b->job->diags,
              _("write it like this: - {name: Ngày Quốc tế Lao động, since: "
                "1886-05-01}"));
    return false;
}

static void add_name(Builder *b, const Value *name, int year) {
    Site *site = b->site;
    size_t n = site->nanniversaries;
    Anniversary *grown = ARENA_ARRAY(b->job->keep, Anniversary, n + 1);
    if (n)
        memcpy(grown, site->anniversaries, n * sizeof *grown);
    grown[n] = (Anniversary){.name = name->as.s,
                             .key = text_key(b->job->keep, name->as.s),
                             .year = year};
    site->anniversaries = grown;
    site->nanniversaries = n + 1;
}

static bool read_item(Builder *b, const Source *src, const Value *item) {
    const Value *name = value_get(item, S("name"));
    const Value *also = value_get(item, S("also"));
    const Value *since = value_get(item, S("since"));
    Date day;
    size_t at;
    const char *why;
    if (!name || name->kind != VALUE_STR || !name->as.s.len || !since ||
        since->kind != VALUE_STR || (also && also->kind != VALUE_LIST) ||
        !date_parse(since->as.s, b->in->cfg->zone, false, &day, &at, &why))
        return bad_item(b, src, item);
    int year = builder_parts(b, day).year;
    add_name(b, name, year);
    for (size_t i = 0; also && i < also->as.list.len; i++) {
        const Value *other = &also->as.list.items[i];
        if (other->kind != VALUE_STR || !other->as.s.len)
            return bad_item(b, src, item);
        add_name(b, other, year);
    }
    return true;
}

void anniversaries_read(Builder *b, const Source *src, const Value *v) {
    if (v->kind != VALUE_LIST) {
        bad_item(b, src, v);
        return;
    }
    for (size_t i = 0; i < v->as.list.len; i++)
        if (!read_item(b, src, &v->as.list.items[i]))
            return;
}
