// The table of contents: a list in a list for every level, whatever levels the
// author left out.
#include "base/escape.h"
#include "render/markdown.h"

enum { MAX_LEVELS = 8 };

typedef struct {
    Buf out;
    int levels[MAX_LEVELS]; // of the open items
    size_t depth;
} Toc;

static void put_entry(Toc *t, const Heading *h) {
    buf_put(&t->out, S("<a href=\"#"));
    escape_html(&t->out, h->id);
    buf_put(&t->out, S("\">"));
    escape_html(&t->out, h->text);
    buf_put(&t->out, S("</a>"));
}

static void close_item(Toc *t, bool is_list_done) {
    buf_put(&t->out, S("</li>\n"));
    if (is_list_done)
        buf_put(&t->out, S("</ul>\n"));
}

static void add(Toc *t, const Heading *h) {
    while (t->depth > 1 && t->levels[t->depth - 2] >= h->level) {
        close_item(t, true);
        t->depth--;
    }
    if (t->depth && t->levels[t->depth - 1] >= h->level) {
        close_item(t, false);
    } else {
        buf_put(&t->out, t->depth ? S("\n<ul>\n") : S("<ul>\n"));
        t->depth++;
    }
    t->levels[t->depth - 1] = h->level;
    buf_put(&t->out, S("<li>"));
    put_entry(t, h);
}

static bool is_wanted(const Heading *h, int from, int to) {
    return h->level >= from && h->level <= to && h->level >= 1 && h->level <= 6;
}

Str markdown_toc(Arena *a, const Heading *headings, size_t n, int from,
                 int to) {
    Toc t = {.out = {.arena = a}};
    size_t wanted = 0;
    for (size_t i = 0; i < n; i++)
        wanted += is_wanted(&headings[i], from, to);
    if (wanted < 2)
        return (Str){0};
    for (size_t i = 0; i < n; i++)
        if (is_wanted(&headings[i], from, to))
            add(&t, &headings[i]);
    for (; t.depth; t.depth--)
        close_item(&t, true);
    return buf_str(&t.out);
}
