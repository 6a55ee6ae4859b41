// Where the outputs are written: none in the way of another, in the order of
// their paths.
//
// Sorted by bytes, what has the same path stands side by side, and what lies in
// a folder behind all that begins with its name: so one walk tells whether
// there is anything to complain about. Only then is it sorted once more, with
// each folder behind the file that takes its place.
#include <stdlib.h>

#include "base/text.h"
#include "plan/planner.h"

typedef struct {
    Str key; // case-folded
    Output *out;
} Place;

static int in_order(const Place *a, const Place *b) {
    return (a->out > b->out) - (a->out < b->out); // as they were planned
}

static int by_key(const void *a, const void *b) {
    const Place *x = a, *y = b;
    int c = str_cmp(x->key, y->key);
    return c ? c : in_order(x, y);
}

// '/' sorts before every other byte, so that what lies in a folder follows it.
static int by_folder(const void *a, const void *b) {
    const Place *p = a, *q = b;
    Str x = p->key, y = q->key;
    size_t n = x.len < y.len ? x.len : y.len;
    for (size_t i = 0; i < n; i++) {
        if (x.ptr[i] == y.ptr[i])
            continue;
        int c = x.ptr[i] == '/' ? 0 : (unsigned char)x.ptr[i];
        int d = y.ptr[i] == '/' ? 0 : (unsigned char)y.ptr[i];
        return c - d;
    }
    if (x.len != y.len)
        return x.len < y.len ? -1 : 1;
    return in_order(p, q);
}

// --- clashes

// The key of its front matter that an output owes its address to.
static Str key_of(const Output *out) {
    const Page *page = out->page;
    if (out->kind == OUT_ALIAS)
        return S("aliases");
    if (page->url_wish.len)
        return S("url");
    return value_get(&page->meta, S("slug")) ? S("slug") : S("title");
}

static Pos source_of(const Output *out) {
    if (out->file)
        return source_pos(out->file, 0, 0);
    if (out->page)
        return page_pos(out->page, key_of(out));
    return (Pos){.path = out->url};
}

enum { MAX_CLASHES = 100 };

static bool is_word(const Output *out) {
    return out->page && out->page->witness;
}

static bool has_wish(const Output *out) {
    return out->page && out->kind != OUT_ALIAS && out->page->url_wish.len;
}

// The feed of a page clashes when the page does.
static bool is_said(const Output *a, const Output *b, const Output *last_a,
                    const Output *last_b) {
    return last_a && a->page && b->page && a->page == last_a->page &&
           b->page == last_b->page && a->kind != OUT_ALIAS &&
           b->kind != OUT_ALIAS;
}

static void complain_clash(Planner *p, const Output *a, const Output *b) {
    Pos pos = source_of(a), other = source_of(b);
    if (!pos.line) { // a page without a file, or a file that is copied
        Pos swap = pos;
        pos = other;
        other = swap;
    }
    p->ok = diag_error(p->job->diags, "E-PATH", pos,
                       _("'%.*s' and '%.*s' of %.*s cannot both be written"),
                       STR_ARG(a->path), STR_ARG(b->path), STR_ARG(other.path));
    if (is_word(a) && is_word(b))
        diag_hint(p->job->diags,
                  _("'%.*s' and '%.*s' give the same address: write them "
                    "alike, or make a file content/%.*s/OTHER-NAME/_index.md "
                    "with the line title: \"%.*s\""),
                  STR_ARG(a->page->title), STR_ARG(b->page->title),
                  STR_ARG(b->page->plural), STR_ARG(b->page->title));
    else if (has_wish(a) || has_wish(b))
        diag_hint(p->job->diags,
                  _("write another address in the line url: of one of the two, "
                    "or delete that line"));
    else
        diag_hint(p->job->diags, _("give one of the two another file name or "
                                   "a line slug: ..."));
}

static bool is_below(Str path, Str file) {
    return path.len > file.len && path.ptr[file.len] == '/' &&
           str_starts(path, file);
}

static bool is_clash(const Place *before, const Place *next) {
    return str_eq(next->key, before->key) || is_below(next->key, before->key);
}

// An address known from urls.tsv alone gives way; the server knows it, too.
static bool gives_way(Output *out) {
    if (out->is_recorded)
        out->path = (Str){0};
    return out->is_recorded;
}

static void check_clashes(Planner *p, const Place *places, size_t n) {
    const Output *x = NULL, *y = NULL;
    const Place *before = places;
    size_t said = 0; // a folder that is there twice clashes file by file
    for (size_t i = 1; i < n && said < MAX_CLASHES; i++) {
        const Place *last = before, *next = &places[i];
        bool clash = is_clash(last, next);
        if (clash && gives_way(next->out))
            continue;
        before = next;
        if (!clash || gives_way(last->out))
            continue;
        if (!is_said(last->out, next->out, x, y)) {
            complain_clash(p, last->out, next->out);
            said++;
        }
        x = last->out;
        y = next->out;
    }
}

// Whether there is a clash at all, of places that are sorted by key.
static bool has_clash(Arena *tmp, const Place *places, size_t n) {
    // The nearest before it that it begins with, plus one; 0: none.
    size_t *before = arena_room(tmp, n, sizeof *before, alignof(size_t));
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        while (at && !str_starts(places[i].key, places[at - 1].key))
            at = before[at - 1];
        before[i] = at;
        for (; at; at = before[at - 1])
            if (is_clash(&places[at - 1], &places[i]))
                return true;
    }
    return false;
}

// --- the order

static bool is_ascii(Str s) {
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 0x80)
            return false;
    return true;
}

// False: its key is another than its path.
static bool set_place(Planner *p, Output *out, Place *place) {
    Arena *tmp = p->job->scratch;
    Str path = out->path;
    *place = (Place){path, out};
    if (path_is_plain(path))
        return true;
    place->key = is_ascii(path) ? str_lower(tmp, path) : text_lower(tmp, path);
    if (!path_is_safe(path))
        p->ok = diag_error(p->job->diags, "E-PATH", source_of(out),
                           _("'%.*s' cannot be the name of a file on "
                             "the site"),
                           STR_ARG(path));
    return str_eq(place->key, path);
}

static void sort(Place *places, size_t n,
                 int (*order)(const void *, const void *)) {
    if (n)
        qsort(places, n, sizeof *places, order);
}

// By path, without those that gave way.
static void sort_again(Planner *p, Place *places) {
    size_t n = 0;
    for (size_t i = 0; i < p->len; i++) {
        if (!p->items[i].path.len)
            continue;
        p->items[n] = p->items[i];
        places[n] = (Place){p->items[n].path, &p->items[n]};
        n++;
    }
    p->len = n;
    sort(places, n, by_key);
}

// Moves each output to where its place is: round after round, since a place
// that is taken has to be left first.
static void move_outputs(Output *items, Place *places, size_t n) {
    for (size_t i = 0; i < n; i++) {
        Output first = items[i];
        size_t to = i, from;
        while ((from = (size_t)(places[to].out - items)) != i) {
            items[to] = items[from];
            places[to].out = &items[to];
            to = from;
        }
        items[to] = first;
        places[to].out = &items[to];
    }
}

void planner_paths(Planner *p) {
    Arena *tmp = p->job->scratch;
    ArenaMark mark = arena_mark(tmp);
    Place *places = arena_room(tmp, p->len, sizeof *places, alignof(Place));
    bool is_sorted = true;
    for (size_t i = 0; i < p->len; i++)
        is_sorted &= set_place(p, &p->items[i], &places[i]);
    sort(places, p->len, by_key);
    if (has_clash(tmp, places, p->len)) {
        is_sorted = false;
        sort(places, p->len, by_folder);
        check_clashes(p, places, p->len);
    }
    if (!is_sorted)
        sort_again(p, places);
    move_outputs(p->items, places, p->len);
    arena_reset(tmp, mark);
}
