// A template: its front matter, then a row of tokens that becomes a tree by
// recursive descent. Each error is reported where it stands; after one in an
// output or in a tag without an end, parsing goes on, so that an author sees
// them together. After one in a block it stops, for what follows would only be
// misread.
#include <stdlib.h>
#include <string.h>

#include "parse/liquid_parser.h"

Node *node_add(Parser *p, Nodes *to, NodeKind kind, const char *where) {
    Node *node = ARENA_NEW(p->job->keep, Node);
    node->kind = (uint8_t)kind;
    node->at = parser_at(p, where);
    if (to->last)
        to->last->next = node;
    else
        to->first = node;
    to->last = node;
    return node;
}

void nodes_mark(Nodes *nodes, Node *node, bool is_blank) {
    node->is_blank = is_blank;
    nodes->is_blank &= is_blank;
}

void nodes_strip(Node **first) {
    for (Node **at = first; *at;) {
        if ((*at)->kind == NODE_TEXT && (*at)->is_white)
            *at = (*at)->next;
        else
            at = &(*at)->next;
    }
}

static void add_text(Parser *p, Nodes *to) {
    if (!p->token.text.len)
        return;
    Node *node = node_add(p, to, NODE_TEXT, p->token.text.ptr);
    node->as.text = p->token.text;
    node->is_white = p->token.is_white;
    nodes_mark(to, node, node->is_white);
}

static bool is_end_of(Str name, Str opener) {
    return str_starts(name, S("end")) &&
           str_eq(str_slice(name, 3, name.len), opener);
}

static bool is_word_of(Str word, Str words) {
    Str one;
    while (str_cut(&words, ' ', &one))
        if (one.len && str_eq(one, word))
            return true;
    return false;
}

static bool not_ended(Parser *p, Token opener) {
    if (!opener.name.len)
        return true;
    parser_error(p, "E-TAG", opener.name.ptr, _("'%.*s' is never ended"),
                 STR_ARG(opener.name));
    diag_hint(p->job->diags, _("add '{%% end%.*s %%}' where it ends"),
              STR_ARG(opener.name));
    return false;
}

static bool wrong_end(Parser *p, Token opener) {
    Str name = p->token.name;
    Pos pos = source_pos_at(p->src, parser_at(p, opener.name.ptr));
    parser_error(p, "E-TAG", name.ptr,
                 _("'%.*s' cannot end the '%.*s' of line %u"), STR_ARG(name),
                 STR_ARG(opener.name), pos.line);
    diag_hint(p->job->diags, _("'end%.*s' must come first"),
              STR_ARG(opener.name));
    return false;
}

// One token that neither ends nor divides the block. False: stop.
static bool add_token(Parser *p, Token opener, Nodes *to) {
    if (p->token.kind == TOKEN_TEXT) {
        add_text(p, to);
        return true;
    }
    if (p->token.kind == TOKEN_OUTPUT) {
        tag_output(p, p->token, to); // on failure: go on, has_failed is set
        return true;
    }
    if (opener.name.len && str_starts(p->token.name, S("end")))
        return wrong_end(p, opener);
    bool is_block;
    return tag_parse(p, to, &is_block) || !is_block;
}

bool nodes_parse(Parser *p, Token opener, Str dividers, Nodes *out) {
    for (;;) {
        if (!token_next(p)) {
            if (p->at >= p->end)
                return false;
            continue;
        }
        if (p->token.kind == TOKEN_END)
            return not_ended(p, opener);
        if (p->token.kind == TOKEN_TAG && opener.name.len &&
            (is_end_of(p->token.name, opener.name) ||
             is_word_of(p->token.name, dividers)))
            return true;
        if (!add_token(p, opener, out))
            return false;
    }
}

bool nodes_parse_all(Parser *p, Nodes *out) {
    return nodes_parse(p, (Token){0}, (Str){0}, out);
}

// --- The template ---

static int by_name(const void *a, const void *b) {
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

static Strs keys(Arena *a, const Map *m) {
    Strs out = {ARENA_ARRAY(a, Str, m->len + 1), m->len};
    for (size_t i = 0; i < m->len; i++)
        out.items[i] = m->items[i].key;
    return out;
}

static void set_names(Arena *a, Parser *p, Template *t) {
    t->globals = keys(a, &p->globals);
    qsort(t->globals.items, t->globals.len, sizeof(Str), by_name);
    t->includes = keys(a, &p->includes);
    uint32_t *at = ARENA_ARRAY(a, uint32_t, t->includes.len + 1);
    for (size_t i = 0; i < t->includes.len; i++)
        at[i] = *(const uint32_t *)p->includes.items[i].val;
    t->include_at = at;
    t->has_dynamic = p->has_dynamic;
}

static Str name_of(const Source *src) {
    Str rel = src->rel.len ? src->rel : src->path;
    for (size_t i = rel.len; i > 0 && rel.ptr[i - 1] != '/'; i--)
        if (rel.ptr[i - 1] == '.' && i > 1)
            return str_slice(rel, 0, i - 1);
    return rel;
}

// `takes` and `needs` of a shortcode.
static bool check_names(Job *job, const Source *src, const Value *front,
                        Str key) {
    const Value *v = value_get(front, key);
    bool ok = !v || v->kind == VALUE_LIST;
    for (size_t i = 0; v && ok && i < v->as.list.len; i++)
        ok = v->as.list.items[i].kind == VALUE_STR;
    if (ok)
        return true;
    diag_error(job->diags, "E-TEMPLATE", source_pos(src, v->line, v->col),
               _("'%.*s' must be a list of names"), STR_ARG(key));
    diag_hint(job->diags, _("write it like this: %.*s: [src, title]"),
              STR_ARG(key));
    return false;
}

static bool read_front(Job *job, const Source *src, Template *t, Str *body) {
    Front front = {.body = src->text};
    if (t->mode == LIQUID_SITE && !front_parse(job, src, &front))
        return false;
    t->front = front.meta;
    t->layout = value_get_str(&front.meta, S("layout"));
    *body = front.body;
    return check_names(job, src, &t->front, S("takes")) &&
           check_names(job, src, &t->front, S("needs"));
}

bool liquid_parse(Job *job, const Source *src, LiquidMode mode, Template *out) {
    Template t = {.name = name_of(src), .src = src, .mode = mode};
    Str body;
    if (src->text.len > UINT32_MAX / 2)
        return diag_error(job->diags, "E-LIQUID", source_pos(src, 0, 0),
                          _("this template is too large"));
    if (!read_front(job, src, &t, &body))
        return false;
    size_t from = body.len ? (size_t)(body.ptr - src->text.ptr) : 0;
    Parser p = {.job = job,
                .src = src,
                .mode = mode,
                .at = from,
                .end = from + body.len,
                .globals = {.arena = job->keep},
                .includes = {.arena = job->keep}};
    Nodes nodes = {.is_blank = true};
    if (!nodes_parse_all(&p, &nodes) || p.has_failed)
        return false;
    t.root = nodes.first;
    set_names(job->keep, &p, &t);
    *out = t;
    return true;
}
