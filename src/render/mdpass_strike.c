// Strikethrough, ~~x~~ and ~x~, by the delimiter rules of emphasis. cmark has
// already built the emphasis, so a run inside one never meets one outside.
#include <string.h>

#include "base/text.h"
#include "render/md.h"

enum { CAN_OPEN = 1, CAN_CLOSE = 2 }; // flags of a text node that is a run

typedef enum { CHAR_SPACE, CHAR_PUNCTUATION, CHAR_OTHER } CharClass;

// Enough of Unicode's P categories for what stands beside a tilde.
static bool is_punctuation(uint32_t c) {
    if (c < 0x80)
        return c > ' ' && !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                            (c >= 'a' && c <= 'z') || c == 0x7F);
    static const uint32_t LATIN[] = {0xA1, 0xA7, 0xAB, 0xB6, 0xB7, 0xBB, 0xBF};
    for (size_t i = 0; i < sizeof LATIN / sizeof *LATIN; i++)
        if (c == LATIN[i])
            return true;
    return (c >= 0x2010 && c <= 0x2027) || (c >= 0x2030 && c <= 0x205E) ||
           (c >= 0x3001 && c <= 0x3003) || (c >= 0x3008 && c <= 0x3011) ||
           (c >= 0x3014 && c <= 0x301F) || (c >= 0xFF01 && c <= 0xFF0F) ||
           c == 0xFDD0; // MARK_PROTECT, behind an escaped character
}

static CharClass class_of(uint32_t c) {
    if (c <= ' ' || c == 0xA0 || c == 0x1680 || c == 0x202F || c == 0x205F ||
        c == 0x3000 || (c >= 0x2000 && c <= 0x200A))
        return CHAR_SPACE;
    return is_punctuation(c) ? CHAR_PUNCTUATION : CHAR_OTHER;
}

static CharClass class_at(Str s, size_t at) {
    return class_of(text_next(s, &at));
}

static CharClass class_before(Str s, size_t at) {
    return class_of(text_before(s, &at));
}

// What stands at the near end of a neighbour, or at the edge of the parent.
static CharClass class_of_edge(const MdNode *parent) {
    return parent->kind < MD_TEXT ? CHAR_SPACE : CHAR_PUNCTUATION;
}

static CharClass class_of_node(const MdNode *n, bool is_before) {
    if (n->kind == MD_SOFTBREAK || n->kind == MD_LINEBREAK)
        return CHAR_SPACE;
    if (n->kind != MD_TEXT || !n->text.len)
        return CHAR_PUNCTUATION;
    return is_before ? class_before(n->text, n->text.len)
                     : class_at(n->text, 0);
}

typedef struct {
    Md *md;
    MdNode *parent;
    MdNode *before; // the child before the one being split
    size_t nruns;
} Split;

static uint8_t run_flags(CharClass before, CharClass after) {
    bool left =
        after != CHAR_SPACE && (after == CHAR_OTHER || before != CHAR_OTHER);
    bool right =
        before != CHAR_SPACE && (before == CHAR_OTHER || after != CHAR_OTHER);
    return (uint8_t)((left ? CAN_OPEN : 0) | (right ? CAN_CLOSE : 0));
}

static void add_text(Split *s, const MdNode *from, Str text) {
    if (!text.len)
        return;
    MdNode *n = md_node(s->md->tmp, MD_TEXT, from->line);
    n->text = text;
    md_append(s->parent, n);
}

// A run of tildes at [at, to) of a text node.
static void add_run(Split *s, const MdNode *n, size_t at, size_t to) {
    CharClass before = at          ? class_before(n->text, at)
                       : s->before ? class_of_node(s->before, true)
                                   : class_of_edge(s->parent);
    CharClass after = to < n->text.len ? class_at(n->text, to)
                      : n->next        ? class_of_node(n->next, false)
                                       : class_of_edge(s->parent);
    add_text(s, n, str_slice(n->text, at, to));
    s->parent->last->flags = run_flags(before, after);
    s->nruns++;
}

static bool is_protected(Str s, size_t at) {
    return str_starts(str_slice(s, at, s.len), S(MARK_PROTECT));
}

static void split_text(Split *s, MdNode *n) {
    size_t done = 0;
    for (size_t i = 0; (i = md_search(n->text, S("~"), i)) != SIZE_MAX;) {
        size_t to = i;
        while (to < n->text.len && n->text.ptr[to] == '~')
            to++;
        // The last of a run may be escaped: "~\~".
        size_t end = is_protected(n->text, to) ? to - 1 : to;
        if (end > i && end - i <= 2) {
            add_text(s, n, str_slice(n->text, done, i));
            add_run(s, n, i, end);
            done = end;
        }
        i = to;
    }
    add_text(s, n, str_slice(n->text, done, n->text.len));
}

// Rebuilds the children with every run as a node; how many runs there are.
static size_t split_children(Md *md, MdNode *parent) {
    Split s = {.md = md, .parent = parent};
    MdNode *n = parent->first;
    parent->first = parent->last = NULL;
    for (MdNode *next; n; n = next) {
        next = n->next;
        if (n->kind == MD_TEXT && memchr(n->text.ptr, '~', n->text.len))
            split_text(&s, n);
        else
            md_append(parent, n);
        s.before = n;
        n->next = next;
    }
    if (parent->last)
        parent->last->next = NULL;
    return s.nruns;
}

typedef struct {
    MdNode **open; // runs that may open
    size_t len;
    size_t bottom[2][2]; // nothing below fits a closer of this kind
} Stack;

// Emphasis' rule of three: of two runs one of which could both open and close
// the lengths may not add up to a multiple of three.
static bool may_meet(const MdNode *opener, const MdNode *closer) {
    bool is_both = closer->flags & CAN_OPEN || opener->flags & CAN_CLOSE;
    return !is_both || (opener->text.len + closer->text.len) % 3;
}

// The index of the opener for a closer, or SIZE_MAX. The nearest that it may
// meet must be as long as it is.
static size_t find_opener(Stack *s, const MdNode *closer) {
    bool can_open = closer->flags & CAN_OPEN;
    size_t *bottom = &s->bottom[closer->text.len - 1][can_open];
    for (size_t i = s->len; i > *bottom; i--)
        if (may_meet(s->open[i - 1], closer))
            return s->open[i - 1]->text.len == closer->text.len ? i - 1
                                                                : SIZE_MAX;
    *bottom = s->len;
    return SIZE_MAX;
}

static void cut_stack(Stack *s, size_t len) {
    s->len = len;
    for (size_t i = 0; i < 4; i++) {
        size_t *bottom = &s->bottom[i / 2][i % 2];
        *bottom = *bottom < len ? *bottom : len;
    }
}

// Everything between becomes the opener's children. `before` is the node
// before the closer.
static void strike(MdNode *opener, MdNode *closer, MdNode *before) {
    MdNode *parent = opener->parent;
    opener->kind = MD_STRIKE;
    opener->flags = 0;
    if (before != opener) {
        opener->first = opener->next;
        opener->last = before;
        before->next = NULL;
        for (MdNode *n = opener->first; n; n = n->next)
            n->parent = opener;
    }
    opener->next = closer->next;
    if (parent->last == closer)
        parent->last = opener;
}

static bool is_run(const MdNode *n) {
    return n->kind == MD_TEXT && n->flags;
}

static void strike_children(Md *md, MdNode *parent) {
    size_t n = split_children(md, parent);
    if (n < 2)
        return;
    Stack s = {.open = ARENA_ARRAY(md->tmp, MdNode *, n)};
    MdNode *before = NULL;
    for (MdNode *at = parent->first; at; before = at, at = at->next) {
        if (!is_run(at))
            continue;
        size_t i = at->flags & CAN_CLOSE ? find_opener(&s, at) : SIZE_MAX;
        if (i != SIZE_MAX) {
            strike(s.open[i], at, before);
            at = s.open[i];
            cut_stack(&s, i);
        } else if (at->flags & CAN_OPEN) {
            s.open[s.len++] = at;
        }
    }
}

static bool has_tilde(const MdNode *parent) {
    for (const MdNode *n = parent->first; n; n = n->next)
        if (n->kind == MD_TEXT && n->text.len &&
            memchr(n->text.ptr, '~', n->text.len))
            return true;
    return false;
}

static void strike_tree(Md *md, MdNode *root) {
    for (MdWalk w = md_walk(root); md_walk_next(&w);)
        if (!w.is_exit && md_has_inlines(w.node) && has_tilde(w.node))
            strike_children(md, w.node);
}

void mdpass_strike(Md *md) {
    strike_tree(md, md->root);
    for (size_t i = 0; i < md->scan.nnotes; i++)
        if (md->notes[i].body)
            strike_tree(md, md->notes[i].body);
}
