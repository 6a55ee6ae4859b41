// How the templates of a site hang together.
#include <string.h>

#include "parse/liquid_ast.h"

enum { MAX_DEPTH = 32 };

const Template *template_find(const TemplateSet *set, Str name) {
    const Template *t = map_get(&set->by_name, name);
    if (t || name.len > 200)
        return t;
    static const char *const folders[] = {"partials/", "_partials/"};
    char path[256];
    for (size_t i = 0; i < sizeof folders / sizeof *folders && !t; i++) {
        Str folder = str_from(folders[i]);
        memcpy(path, folder.ptr, folder.len);
        memcpy(path + folder.len, name.ptr, name.len);
        t = map_get(&set->by_name, (Str){path, folder.len + name.len});
    }
    return t;
}

// Where a walk from template to template stands.
typedef enum { NEW, OPEN, DONE } State;

typedef struct {
    Job *job;
    const TemplateSet *set;
    Map states; // name -> State *
    bool good;
} Link;

static State *state_of(Link *link, const Template *t) {
    State *state = map_get(&link->states, t->name);
    if (!state) {
        state = ARENA_NEW(link->job->scratch, State);
        map_add(&link->states, t->name, state);
    }
    return state;
}

static Pos include_pos(const Template *t, size_t i) {
    return source_pos_at(t->src, t->include_at[i]);
}

static void missing(Link *link, Pos pos, Str name) {
    link->good = diag_error(link->job->diags, "E-TEMPLATE", pos,
                            _("there is no template '%.*s'"), STR_ARG(name));
    diag_hint(link->job->diags,
              _("make layouts/partials/%.*s.html, or correct the name"),
              STR_ARG(name));
}

static void in_circles(Link *link, Pos pos, Str name) {
    link->good = diag_error(
        link->job->diags, "E-TEMPLATE", pos,
        _("'%.*s' includes itself, perhaps by way of others"), STR_ARG(name));
    diag_hint(link->job->diags, _("a list of lists can be shown with two "
                                  "nested loops"));
}

static void too_deep(Link *link, Pos pos) {
    link->good = diag_error(link->job->diags, "E-TEMPLATE", pos,
                            _("templates include one another more than %d "
                              "deep"),
                            MAX_DEPTH);
    diag_hint(link->job->diags, _("make one of several of them"));
}

static void visit(Link *link, const Template *t, unsigned depth) {
    State *state = state_of(link, t);
    if (*state == DONE)
        return;
    *state = OPEN;
    for (size_t i = 0; i < t->includes.len; i++) {
        Str name = t->includes.items[i];
        const Template *next = template_find(link->set, name);
        if (!next)
            missing(link, include_pos(t, i), name);
        else if (*state_of(link, next) == OPEN)
            in_circles(link, include_pos(t, i), name);
        else if (depth + 1 >= MAX_DEPTH)
            too_deep(link, include_pos(t, i));
        else
            visit(link, next, depth + 1);
    }
    *state = DONE;
}

// The layouts of layouts have no end: there are more than there are templates.
static bool is_endless(const Link *link, const Template *t) {
    size_t n = 0;
    while (t && t->layout.len && n++ <= link->set->by_name.len)
        t = template_find(link->set, t->layout);
    return n > link->set->by_name.len;
}

static void check_layouts(Link *link, const Template *t) {
    const Template *now = t;
    for (unsigned depth = 0; now->layout.len; depth++) {
        const Value *v = value_get(&now->front, S("layout"));
        Pos pos = source_pos(now->src, v ? v->line : 0, v ? v->col : 0);
        const Template *next = template_find(link->set, now->layout);
        if (!next) {
            if (now == t) // else reported with that one
                missing(link, pos, now->layout);
            return;
        }
        if (next == t) {
            in_circles(link, pos, now->layout);
            return;
        }
        if (depth >= MAX_DEPTH) {
            if (!is_endless(link, next)) // else those in the circle say so
                too_deep(link, pos);
            return;
        }
        now = next;
    }
}

bool template_link(Job *job, const TemplateSet *set) {
    Link link = {job, set, {.arena = job->scratch}, true};
    for (size_t i = 0; i < set->by_name.len; i++) {
        const Template *t = set->by_name.items[i].val;
        visit(&link, t, 0);
        check_layouts(&link, t);
    }
    return link.good;
}
