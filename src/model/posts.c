// Who holds which post, from when to when: the `posts` of types. A post that
// only one person holds is not held twice on a day; who speaks for the house
// has a post today.
#include "model/rules.h"

typedef struct {
    const Page *page;
    const Value *item;
    const Page *at;
    Str single; // the word under `single` its title begins with
    Date from, end;
} Post;

static Date side(const Value *item, Str key, Str which) {
    const Value *v = value_get(item, key);
    if (v && v->kind == VALUE_MAP)
        v = value_get(v, which);
    return v && v->kind == VALUE_DATE ? v->as.date : (Date){0};
}

// "Trưởng ban" begins "Trưởng ban Tuyên giáo", but not "Trưởng bản".
static Str single_of(const Type *t, Str title) {
    for (size_t i = 0; i < t->post_single.len; i++) {
        Str word = t->post_single.items[i];
        if (str_starts(title, word) &&
            (title.len == word.len || title.ptr[word.len] == ' ' ||
             title.ptr[word.len] == ','))
            return word;
    }
    return (Str){0};
}

static Post post_of(const Page *p, const Value *item) {
    const Type *t = p->type;
    const Value *at = value_get(item, t->post_at);
    Date to = side(item, t->post_to, S("to"));
    return (Post){.page = p,
                  .item = item,
                  .at = at && at->kind == VALUE_REF ? at->as.ref : NULL,
                  .single = single_of(t, value_get_str(item, t->post_title)),
                  .from = side(item, t->post_from, S("from")),
                  .end = date_is_set(to) ? date_end(to) : to};
}

static bool is_over(const Post *post, Date at) {
    return date_is_set(post->end) && date_cmp(post->end, at) <= 0;
}

// A month in which one goes and the other comes belongs to both.
static bool overlap(const Post *a, const Post *b) {
    const Post *first = date_cmp(a->from, b->from) <= 0 ? a : b;
    const Post *then = first == a ? b : a;
    return !is_over(first, date_end(then->from));
}

static void say_two(Builder *b, const Post *post, const Post *other) {
    const Value *at = value_get(post->item, post->page->type->post_title);
    diag_warn(b->job->diags, "W-POST",
              source_pos(post->page->src, at->line, at->col),
              _("'%.*s' of '%.*s' is held by '%.*s' at the same time"),
              STR_ARG(post->single), STR_ARG(post->at->title),
              STR_ARG(other->page->title));
    diag_hint(b->job->diags,
              _("say until when the one before held it (%.*s), or correct the "
                "days"),
              STR_ARG(post->page->type->post_to));
}

// Under the unit and the word stands the latest holder so far; posts come in
// the order of pages, and most units have one or two.
static void check_single(Builder *b, Map *held, const Post *post) {
    if (!post->single.len || !post->at || !date_is_set(post->from))
        return;
    Str key = str_fmt(b->job->scratch, "%u\n%.*s", post->at->index,
                      STR_ARG(post->single));
    Post *kept = ARENA_NEW(b->job->scratch, Post);
    *kept = *post;
    for (int n = 0; kept && n < 1000; n++) {
        Str nth = str_fmt(b->job->scratch, "%.*s\n%d", STR_ARG(key), n);
        const Post *other = map_add(held, nth, kept);
        if (!other)
            return;
        if (other->page != post->page && overlap(post, other)) {
            say_two(b, post, other);
            return;
        }
    }
}

static bool has_value(const Value *have, Str want) {
    if (have && have->kind == VALUE_STR)
        return str_eq(have->as.s, want);
    for (size_t i = 0;
         have && have->kind == VALUE_LIST && i < have->as.list.len; i++)
        if (has_value(&have->as.list.items[i], want))
            return true;
    return false;
}

// The first of the fields of `current` that makes the page need a post now.
static Str needs_post(const Page *p) {
    const Value *when = &p->type->post_current;
    for (size_t i = 0;
         when->kind == VALUE_MAP && when->as.map && i < when->as.map->len;
         i++) {
        const MapItem *item = &when->as.map->items[i];
        const Value *want = item->val;
        if (want->kind == VALUE_STR &&
            has_value(value_get(&p->fields, item->key), want->as.s))
            return item->key;
    }
    return (Str){0};
}

static void say_none(Builder *b, const Page *p, Str field) {
    diag_warn(b->job->diags, "W-POST", page_pos(p, field),
              _("'%.*s' has this role, but holds no post today"),
              STR_ARG(p->title));
    diag_hint(b->job->diags,
              _("add the post held now under %.*s, or take the role away"),
              STR_ARG(p->type->posts));
}

static bool is_held_now(Builder *b, const Post *post) {
    Reason begins = {CLOCK_BEGINS, post->page, post->page->type->posts};
    Reason ends = {CLOCK_ENDS, post->page, post->page->type->posts};
    return date_is_set(post->from) &&
           !clock_is_before(b->clock, post->from, begins) &&
           (!date_is_set(post->end) ||
            clock_is_before(b->clock, post->end, ends));
}

static void check_page(Builder *b, Map *held, const Page *p) {
    const Value *list = value_get(&p->fields, p->type->posts);
    Str role = needs_post(p);
    bool has_post = !role.len;
    for (size_t i = 0;
         list && list->kind == VALUE_LIST && i < list->as.list.len; i++) {
        Post post = post_of(p, &list->as.list.items[i]);
        has_post = has_post || is_held_now(b, &post);
        check_single(b, held, &post);
    }
    if (!has_post)
        say_none(b, p, role);
}

void rules_posts(Builder *b) {
    Map held = {.arena = b->job->scratch};
    for (size_t i = 0; i < b->site->regular.len; i++) {
        const Page *p = b->site->regular.items[i];
        if (p->type->posts.len && !p->lang)
            check_page(b, &held, p);
    }
}
