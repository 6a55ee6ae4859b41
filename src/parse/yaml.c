// A loop over libyaml's events with its own stack: no input makes it recurse.
//
// libyaml reports neither duplicate keys nor undefined, recursive or exploding
// aliases, and takes minutes for deep nesting; all of that is guarded here.
// Its marks count lines at U+0085, U+2028 and U+2029 too, so positions are
// computed afresh from the character index of the mark.

#include "parse/yaml.h"

#include <string.h>
#include <yaml.h>

#include "base/text.h"
#include "parse/yaml_text.h"
#include "parse/yaml_why.h"

enum {
    MAX_DEPTH = 64,
    MAX_ITEMS = 100000,
    MAX_ALIASES = 10000,
};

// What an anchor stands for: known once its node is complete.
typedef struct {
    Value value;
    size_t items; // nodes in it, aliases expanded
    size_t height;
    bool is_done;
} Anchor;

typedef struct {
    Value node;      // the map or list being built
    Value key;       // of a map: the key that waits for its value; NULL if none
    size_t base;     // of a list: its first item on the item stack
    size_t items_at; // count of items when it began
    size_t height;   // of the deepest child so far
    Anchor *anchor;  // may be NULL
} Frame;

// Walks along with the marks: they hardly ever go back.
typedef struct {
    size_t at, index; // byte and code point
    uint32_t line, col;
} Cursor;

typedef struct {
    YamlText t;
    YamlMode mode;
    Cursor cursor;
    Frame frames[MAX_DEPTH];
    size_t depth;
    Value *stack; // items of the open lists, in scratch
    size_t nstack, cap;
    size_t items, aliases;
    Map anchors;                  // of Anchor *
    uint32_t last_line, last_col; // start of the last scalar, from 0
    bool has_root;
    Value root;
} Reader;

// --- positions

static void cursor_seek(Cursor *c, Str text, size_t index) {
    if (index < c->index)
        *c = (Cursor){0};
    while (c->index < index && c->at < text.len) {
        bool is_break = text.ptr[c->at++] == '\n';
        while (c->at < text.len && (text.ptr[c->at] & 0xc0) == 0x80)
            c->at++;
        c->index++;
        c->line += is_break;
        c->col = is_break ? 0 : c->col + 1;
    }
}

static Pos mark_pos(Reader *r, const yaml_mark_t *mark) {
    cursor_seek(&r->cursor, r->t.text, mark->index);
    return yaml_text_pos(&r->t, r->cursor.line, r->cursor.col);
}

static Value placed(Reader *r, Value v, const yaml_mark_t *mark) {
    Pos pos = mark_pos(r, mark);
    v.line = pos.line;
    v.col = pos.col;
    return v;
}

static Pos value_pos(const Reader *r, const Value *v) {
    return source_pos(r->t.src, v->line, v->col);
}

// --- building

static bool too_much(Reader *r, const yaml_event_t *e, size_t more) {
    r->items += more;
    if (r->items <= MAX_ITEMS)
        return false;
    diag_error(r->t.job->diags, "E-YAML-ITEMS", mark_pos(r, &e->start_mark),
               _("more than %d values in one file"), MAX_ITEMS);
    diag_hint(r->t.job->diags, _("divide it into several files"));
    return true;
}

static void push(Reader *r, Value v) {
    r->stack = arena_grow(r->t.job->scratch, r->stack, r->nstack, &r->cap,
                          sizeof *r->stack);
    r->stack[r->nstack++] = v;
}

static bool bad_key(const Reader *r, const Value *key, const char *what) {
    diag_error(r->t.job->diags, "E-YAML-KEY", value_pos(r, key), "%s", what);
    diag_hint(r->t.job->diags,
              _("write the key as a plain word, a colon, a space and the "
                "value: title: ..."));
    return false;
}

static bool is_quote_mark(uint32_t c) {
    return (c >= 0x2018 && c <= 0x201f) || c == 0xab || c == 0xbb ||
           c == 0x2033;
}

static bool is_odd_space(uint32_t c) {
    return c == 0xa0 || c == 0x3000 || c == 0x202f || c == 0xfeff ||
           (c >= 0x2000 && c <= 0x200d);
}

// Letters that look like part of the markup but are part of the key.
static bool check_key(const Reader *r, const Value *key) {
    Str s = key->as.s;
    Diags *d = r->t.job->diags;
    size_t at = 0;
    uint32_t first = s.len ? text_next(s, &at) : 0, last = first;
    if (!s.len)
        return bad_key(r, key, _("a key is missing before the colon"));
    while (at < s.len)
        last = text_next(s, &at);
    if (is_odd_space(first) || is_odd_space(last)) {
        diag_error(d, "E-YAML-NBSP", value_pos(r, key),
                   _("an invisible space (U+%04X) is part of this key"),
                   (unsigned)(is_odd_space(first) ? first : last));
        diag_hint(d, _("delete what stands around the key and type ordinary "
                       "spaces"));
        return false;
    }
    if (is_quote_mark(first)) {
        diag_error(d, "E-YAML-QUOTES", value_pos(r, key),
                   _("typographic quotes around a key are part of the key"));
        diag_hint(d, _("write the key without quotes"));
        return false;
    }
    if (!str_eq(s, S("<<")))
        return true;
    diag_error(d, "E-YAML-MERGE", value_pos(r, key),
               _("the merge key '<<' is not read"));
    diag_hint(d, _("write the keys out here"));
    return false;
}

static bool put_key(Reader *r, Frame *f, const Value *v) {
    if (v->kind == VALUE_LIST || v->kind == VALUE_MAP)
        return bad_key(r, v, _("a list or map cannot be a key"));
    Value key = *v;
    if (key.kind == VALUE_NULL) {
        key.kind = VALUE_STR;
        key.as.s = (Str){0};
    }
    if (!check_key(r, &key))
        return false;
    const Value *before = value_get(&f->node, key.as.s);
    if (!before) {
        f->key = key;
        return true;
    }
    Pos first = yaml_key_pos(r->t.src, key.as.s, before);
    diag_error(r->t.job->diags, "E-YAML-DUP", value_pos(r, &key),
               _("the key '%.*s' is written twice, first on line %u"),
               STR_ARG(key.as.s), (unsigned)first.line);
    diag_hint(r->t.job->diags,
              _("keep one of the two, or join both values into one list"));
    return false;
}

// A complete node goes where it belongs: the root, a list, a key or its value.
static bool put(Reader *r, Value v) {
    if (!r->depth) {
        r->root = v;
        r->has_root = true;
        return true;
    }
    Frame *f = &r->frames[r->depth - 1];
    if (f->node.kind == VALUE_LIST) {
        push(r, v);
        return true;
    }
    if (f->key.kind == VALUE_NULL)
        return put_key(r, f, &v);
    Value *kept = ARENA_NEW(r->t.job->keep, Value);
    *kept = v;
    map_add(f->node.as.map, f->key.as.s, kept);
    f->key = (Value){0};
    return true;
}

// --- anchors, aliases, tags

static Str yaml_name(const yaml_char_t *name) {
    return name ? str_from((const char *)name) : (Str){0};
}

static bool refuse(Reader *r, const char *code, const yaml_event_t *e,
                   const char *mark) {
    Diags *d = r->t.job->diags;
    diag_error(d, code, mark_pos(r, &e->start_mark),
               _("a value that begins with '%s' means something else in YAML"),
               mark);
    diag_hint(d, _("put the value in quotes: title: \"...\""));
    return false;
}

// Makes the anchor of a node, if it has one. In front matter there is none.
static bool open_anchor(Reader *r, const yaml_event_t *e,
                        const yaml_char_t *name, Anchor **out) {
    *out = NULL;
    if (!name)
        return true;
    if (r->mode == YAML_FRONT)
        return refuse(r, "E-YAML-ANCHOR", e, "&");
    Anchor *a = ARENA_NEW(r->t.job->scratch, Anchor);
    Str key = str_copy(r->t.job->scratch, yaml_name(name));
    *out = a;
    if (!map_add(&r->anchors, key, a))
        return true;
    diag_error(r->t.job->diags, "E-YAML-ANCHOR", mark_pos(r, &e->start_mark),
               _("the anchor '&%.*s' is there twice"), STR_ARG(key));
    diag_hint(r->t.job->diags, _("give the second one another name"));
    return false;
}

static void close_anchor(Anchor *a, const Value *v, size_t items,
                         size_t height) {
    if (a)
        *a = (Anchor){*v, items, height, true};
}

static bool bad_alias(Reader *r, const yaml_event_t *e, const char *what) {
    Str name = yaml_name(e->data.alias.anchor);
    diag_error(r->t.job->diags, "E-YAML-ALIAS", mark_pos(r, &e->start_mark),
               what, STR_ARG(name));
    diag_hint(r->t.job->diags, _("write the value out here"));
    return false;
}

static bool on_alias(Reader *r, const yaml_event_t *e) {
    if (r->mode == YAML_FRONT)
        return refuse(r, "E-YAML-ALIAS", e, "*");
    const Anchor *a = map_get(&r->anchors, yaml_name(e->data.alias.anchor));
    if (!a)
        return bad_alias(r, e, _("there is no anchor '&%.*s' above"));
    if (!a->is_done)
        return bad_alias(r, e, _("'*%.*s' stands inside what it names"));
    if (++r->aliases > MAX_ALIASES)
        return bad_alias(r, e, _("too many aliases, the last one '*%.*s'"));
    if (r->depth + a->height > MAX_DEPTH)
        return bad_alias(r, e, _("'*%.*s' makes the data too deep"));
    if (too_much(r, e, a->items))
        return false;
    if (r->depth) {
        Frame *f = &r->frames[r->depth - 1];
        f->height = f->height > a->height ? f->height : a->height;
    }
    return put(r, placed(r, a->value, &e->start_mark));
}

static bool check_tag(Reader *r, const yaml_event_t *e,
                      const yaml_char_t *tag) {
    return !tag || refuse(r, "E-YAML-TAG", e, "!");
}

// --- scalars

static bool bad_char(Reader *r, const Value *v, uint32_t c) {
    diag_error(r->t.job->diags, "E-YAML-CHAR", value_pos(r, v),
               _("the value holds the control character U+%04X"), (unsigned)c);
    diag_hint(r->t.job->diags, _("delete it"));
    return false;
}

static bool check_chars(Reader *r, const Value *v) {
    Str s = v->as.s;
    bool is_changed = text_clean(r->t.job->scratch, s).ptr != s.ptr;
    if (!is_changed && !(s.len && memchr(s.ptr, '\r', s.len)))
        return true;
    for (size_t at = 0; at < s.len;) {
        uint32_t c = text_next(s, &at);
        if (!text_is_clean_char(c) || c == '\r')
            return bad_char(r, v, c);
    }
    return true;
}

static Str line_after(Str text, size_t at) {
    size_t end = str_find(text, S("\n"), at);
    return str_slice(text, at, end == SIZE_MAX ? text.len : end);
}

static bool has_words(Str s) {
    bool space = false, letter = false;
    for (size_t i = 0; i < s.len; i++) {
        space |= s.ptr[i] == ' ';
        letter |= (s.ptr[i] & 0x80) || (s.ptr[i] | 0x20) >= 'a';
    }
    return space && letter;
}

// `title: Tin #1` is read as "Tin". A comment after one word or a number is
// left in peace.
static void warn_cut(Reader *r, const yaml_event_t *e, Str value) {
    cursor_seek(&r->cursor, r->t.text, e->end_mark.index);
    Str rest = line_after(r->t.text, r->cursor.at);
    uint32_t col = r->cursor.col, skip = 0;
    while (skip < rest.len && (rest.ptr[skip] == ' ' || rest.ptr[skip] == '\t'))
        skip++;
    Str tail = str_slice(rest, skip, rest.len);
    if (!skip || !str_starts(tail, S("#")))
        return;
    bool is_spaced = tail.len < 2 || tail.ptr[1] == ' ';
    if (is_spaced && !has_words(value))
        return;
    diag_warn(r->t.job->diags, "W-YAML-HASH",
              yaml_text_pos(&r->t, r->cursor.line, col + skip),
              _("the text from ' #' on is a comment and is left out"));
    diag_hint(r->t.job->diags,
              _("put the whole value in quotes; if it is a comment, give it a "
                "line of its own"));
}

// A plain value that went on with a line beginning with "- " swallowed what
// was meant as an item of a list.
static void warn_joined(Reader *r, const yaml_event_t *e) {
    if (e->end_mark.line == e->start_mark.line)
        return;
    cursor_seek(&r->cursor, r->t.text, e->start_mark.index);
    size_t from = r->cursor.at;
    uint32_t line = r->cursor.line;
    cursor_seek(&r->cursor, r->t.text, e->end_mark.index);
    Str rest = str_slice(r->t.text, from, r->cursor.at), part;
    for (bool first = true; str_cut(&rest, '\n', &part); first = false) {
        Str bare = str_trim(part);
        if (!first && str_starts(bare, S("- "))) {
            diag_warn(
                r->t.job->diags, "W-YAML-JOIN",
                yaml_text_pos(&r->t, line, (uint32_t)(bare.ptr - part.ptr)),
                _("this line is read as part of the value above it"));
            diag_hint(r->t.job->diags,
                      _("put its '-' exactly below the '-' above"));
            return;
        }
        line++;
    }
}

static Value scalar_value(Reader *r, const yaml_event_t *e) {
    Str s = {(const char *)e->data.scalar.value, e->data.scalar.length};
    bool is_plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    Value v = {0};
    if (s.len || !is_plain) {
        v.kind = VALUE_STR;
        v.as.s = str_copy(r->t.job->keep, s);
        v.flags = is_plain ? VALUE_PLAIN : 0;
        if (r->t.src->kind == SOURCE_CONTENT)
            v.flags |= VALUE_CONTENT;
    }
    v = placed(r, v, &e->start_mark);
    r->last_line = r->cursor.line;
    r->last_col = r->cursor.col;
    return v;
}

static bool on_scalar(Reader *r, const yaml_event_t *e) {
    Anchor *anchor;
    if (!check_tag(r, e, e->data.scalar.tag) ||
        !open_anchor(r, e, e->data.scalar.anchor, &anchor))
        return false;
    Value v = scalar_value(r, e);
    close_anchor(anchor, &v, 1, 0);
    if (v.kind == VALUE_STR && !check_chars(r, &v))
        return false;
    if (v.kind == VALUE_STR && (v.flags & VALUE_PLAIN) &&
        r->mode == YAML_FRONT) {
        warn_cut(r, e, v.as.s);
        warn_joined(r, e);
    }
    return put(r, v);
}

// --- maps and lists

static bool too_deep(Reader *r, const yaml_event_t *e) {
    diag_error(r->t.job->diags, "E-YAML-DEEP", mark_pos(r, &e->start_mark),
               _("lists and maps are nested more than %d deep"), MAX_DEPTH);
    diag_hint(r->t.job->diags,
              _("put a value that begins with [ or { in quotes"));
    return false;
}

static bool on_open(Reader *r, const yaml_event_t *e, bool is_list) {
    Frame *f = &r->frames[r->depth];
    Anchor *anchor;
    const yaml_char_t *tag =
        is_list ? e->data.sequence_start.tag : e->data.mapping_start.tag;
    const yaml_char_t *name =
        is_list ? e->data.sequence_start.anchor : e->data.mapping_start.anchor;
    if (r->depth == MAX_DEPTH)
        return too_deep(r, e);
    if (!check_tag(r, e, tag) || !open_anchor(r, e, name, &anchor))
        return false;
    Value node = value_list(NULL, 0);
    if (!is_list) { // grows in scratch until on_close
        node = value_map(r->t.job->keep);
        node.as.map->arena = r->t.job->scratch;
    }
    *f = (Frame){.node = placed(r, node, &e->start_mark),
                 .base = r->nstack,
                 .items_at = r->items,
                 .anchor = anchor};
    r->depth++;
    return true;
}

static bool on_close(Reader *r) {
    Frame *f = &r->frames[--r->depth];
    Value v = f->node;
    if (v.kind == VALUE_LIST) {
        size_t n = r->nstack - f->base;
        v.as.list.items = ARENA_ARRAY(r->t.job->keep, Value, n);
        v.as.list.len = n;
        if (n)
            memcpy(v.as.list.items, r->stack + f->base, n * sizeof v);
        r->nstack = f->base;
    } else {
        map_settle(v.as.map, r->t.job->keep);
    }
    size_t height = f->height + 1;
    close_anchor(f->anchor, &v, r->items - f->items_at + 1, height);
    if (r->depth) {
        Frame *up = &r->frames[r->depth - 1];
        up->height = up->height > height ? up->height : height;
    }
    return put(r, v);
}

// --- the document

static bool on_document(Reader *r, const yaml_event_t *e) {
    if (!r->has_root)
        return true;
    diag_error(r->t.job->diags, "E-YAML-DOCS", mark_pos(r, &e->start_mark),
               _("a second document begins here"));
    diag_hint(r->t.job->diags, _("delete the '---' line"));
    return false;
}

static bool on_event(Reader *r, const yaml_event_t *e) {
    bool is_node = e->type == YAML_SCALAR_EVENT ||
                   e->type == YAML_SEQUENCE_START_EVENT ||
                   e->type == YAML_MAPPING_START_EVENT;
    if (is_node && too_much(r, e, 1))
        return false;
    switch (e->type) {
    case YAML_DOCUMENT_START_EVENT:
        return on_document(r, e);
    case YAML_ALIAS_EVENT:
        return on_alias(r, e);
    case YAML_SCALAR_EVENT:
        return on_scalar(r, e);
    case YAML_SEQUENCE_START_EVENT:
        return on_open(r, e, true);
    case YAML_MAPPING_START_EVENT:
        return on_open(r, e, false);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return on_close(r);
    default:
        return true;
    }
}

// --- what libyaml could not read

static bool reader_error(const Reader *r, const yaml_parser_t *p) {
    Diags *d = r->t.job->diags;
    diag_error(d, "E-YAML-CHAR", yaml_text_pos_at(&r->t, p->problem_offset),
               _("a control character (U+%04X) stands here"),
               (unsigned)p->problem_value);
    diag_hint(d, _("delete it"));
    return false;
}

static bool parser_error(Reader *r, const yaml_parser_t *p) {
    if (p->error == YAML_READER_ERROR)
        return reader_error(r, p);
    YamlTrouble t = {.problem = p->problem ? p->problem : "",
                     .context = p->context ? p->context : ""};
    bool is_near = strstr(t.context, "scanning") || strstr(t.context, "flow") ||
                   strstr(t.context, "quoted");
    t.from_line = r->last_line;
    t.from_col = r->last_col;
    if (is_near) {
        cursor_seek(&r->cursor, r->t.text, p->context_mark.index);
        t.from_line = r->cursor.line;
        t.from_col = r->cursor.col;
    }
    cursor_seek(&r->cursor, r->t.text, p->problem_mark.index);
    t.line = r->cursor.line;
    t.col = r->cursor.col;
    return yaml_explain(&r->t, &t);
}

static bool read_events(Reader *r, yaml_parser_t *p) {
    for (bool is_end = false; !is_end;) {
        yaml_event_t e;
        if (!yaml_parser_parse(p, &e))
            return parser_error(r, p);
        is_end = e.type == YAML_STREAM_END_EVENT;
        bool ok = on_event(r, &e);
        yaml_event_delete(&e);
        if (!ok)
            return false;
    }
    return true;
}

static bool no_memory(const Reader *r) {
    return diag_error(r->t.job->diags, "E-SYSTEM", yaml_text_pos(&r->t, 0, 0),
                      _("not enough memory to read the file"));
}

// Never NULL: libyaml asserts that the input is not.
static bool parse(Reader *r) {
    yaml_parser_t p;
    if (!yaml_parser_initialize(&p))
        return no_memory(r);
    yaml_parser_set_encoding(&p, YAML_UTF8_ENCODING);
    const char *bytes = r->t.text.ptr ? r->t.text.ptr : "";
    yaml_parser_set_input_string(&p, (const unsigned char *)bytes,
                                 r->t.text.len);
    bool ok = read_events(r, &p);
    yaml_parser_delete(&p);
    return ok;
}

// Front matter that is one line of text, a list, ...
static bool want_map(const Reader *r) {
    const Value *root = &r->root;
    if (r->mode == YAML_DATA || root->kind == VALUE_MAP)
        return true;
    YamlTrouble t = {.problem = "", .context = ""};
    t.from_line = t.line = root->line - r->t.first_line;
    return yaml_explain(&r->t, &t);
}

bool yaml_to_value(Job *job, const Source *src, Str text, uint32_t first_line,
                   YamlMode mode, Value *out) {
    Reader *r = ARENA_NEW(job->scratch, Reader);
    r->t = yaml_text(job, src, text, first_line);
    r->mode = mode;
    r->anchors.arena = job->scratch;
    if (!yaml_text_check(&r->t, mode) || !parse(r))
        return false;
    if (!r->has_root || r->root.kind == VALUE_NULL) {
        r->root = value_map(job->keep);
        r->root.line = first_line;
        r->root.col = 1;
    }
    if (!want_map(r))
        return false;
    *out = r->root;
    return true;
}

Str yaml_version(void) {
    return str_from(yaml_get_version_string());
}
