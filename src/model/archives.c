// Years and months of the site and of each section. Members are newest first,
// so a year and a month are slices of the list they belong to.

#include "model/builder.h"

static Pages slice(Pages p, size_t from, size_t to) {
    return (Pages){p.items + from, to - from};
}

static void set_dated(Builder *b, Page *list) {
    size_t n = 0;
    for (size_t i = 0; i < list->members.len; i++)
        n += page_is_dated(list->members.items[i]);
    if (n == list->members.len) {
        list->dated = list->members;
        return;
    }
    list->dated = pages_new(b->job->keep, n);
    n = 0;
    for (size_t i = 0; i < list->members.len; i++)
        if (page_is_dated(list->members.items[i]))
            list->dated.items[n++] = list->members.items[i];
}

static Page *add_archive(Builder *b, const Page *owner, DateParts d,
                         bool is_month) {
    Arena *a = b->job->keep;
    Str base = str_fmt(b->job->scratch, "%.*s%.*s/", STR_ARG(owner->url),
                       STR_ARG(b->in->cfg->archive_path));
    Page p = {.kind = is_month ? PAGE_MONTH : PAGE_YEAR,
              .lang = owner->lang,
              .type = owner->type,
              .owner = owner,
              .section = owner,
              .year = d.year,
              .month = is_month ? d.month : 0};
    p.url = is_month
                ? str_fmt(a, "%.*s%04d/%02d/", STR_ARG(base), d.year, d.month)
                : str_fmt(a, "%.*s%04d/", STR_ARG(base), d.year);
    p.title = is_month ? str_fmt(a, "%d/%04d", d.month, d.year)
                       : str_fmt(a, "%04d", d.year);
    p.link_title = p.title;
    p.path = p.id = str_slice(p.url, 1, p.url.len - 1);
    return builder_add(b, &p);
}

static size_t run_end(Builder *b, Pages list, size_t from, bool is_month) {
    DateParts first = builder_parts(b, list.items[from]->date);
    size_t to = from + 1;
    for (; to < list.len; to++) {
        DateParts d = builder_parts(b, list.items[to]->date);
        if (d.year != first.year || (is_month && d.month != first.month))
            break;
    }
    return to;
}

// The runs of one length (a year or a month) in a list, as pages.
static Pages add_runs(Builder *b, const Page *owner, Pages list,
                      bool is_month) {
    size_t n = 0;
    for (size_t i = 0; i < list.len; i = run_end(b, list, i, is_month))
        n++;
    Pages out = pages_new(b->job->keep, n);
    n = 0;
    for (size_t i = 0; i < list.len;) {
        size_t to = run_end(b, list, i, is_month);
        Page *p = add_archive(b, owner, builder_parts(b, list.items[i]->date),
                              is_month);
        p->members = p->dated = slice(list, i, to);
        out.items[n++] = p;
        i = to;
    }
    return out;
}

static void add_archives(Builder *b, Page *list) {
    Pages dated = list->dated;
    while (dated.len && !date_is_set(dated.items[dated.len - 1]->date))
        dated.len--; // undated ones sort last
    list->archives = add_runs(b, list, dated, false);
    for (size_t i = 0; i < list->archives.len; i++) {
        Page *year = builder_page(b, list->archives.items[i]);
        year->archives = add_runs(b, list, year->members, true);
        for (size_t k = 0; k < year->archives.len; k++)
            builder_page(b, year->archives.items[k])->section = year;
    }
}

void archives_build(Builder *b) {
    size_t n = b->len; // archives have none of their own
    for (size_t i = 0; i < n; i++)
        set_dated(b, b->all[i]);
    if (!b->in->cfg->archives)
        return;
    for (size_t i = 0; i < n; i++)
        if (b->all[i]->kind == PAGE_HOME || b->all[i]->kind == PAGE_SECTION)
            add_archives(b, b->all[i]);
}
