// Typography of running text, last of all passes: what others have read and
// kept is the text as it was written. Quotes are looked at over a whole
// paragraph and become curly only in pairs; those behind digits (5'10"),
// escaped ones and those in addresses stay.
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "render/md.h"
#include "render/mdsmart.h"

typedef enum {
    EDIT_NONE,
    EDIT_OPEN,
    EDIT_CLOSE,
    EDIT_LONG,
    EDIT_DASH,
    EDIT_BLANK
} EditKind;

typedef struct {
    MdNode *node;
    size_t at;
    char sign;
    bool can_open, can_close;
    uint8_t kind; // EditKind
} Edit;

typedef struct {
    Md *md;
    Edit *edits; // of one paragraph
    size_t len, cap;
    size_t *open; // stack
    size_t nopen, open_cap;
    uint32_t before; // the character before the node
} Smart;

static void add(Smart *s, Edit e) {
    s->edits =
        arena_grow(s->md->tmp, s->edits, s->len, &s->cap, sizeof *s->edits);
    s->edits[s->len++] = e;
}

static void push_open(Smart *s, size_t i) {
    s->open = arena_grow(s->md->tmp, s->open, s->nopen, &s->open_cap,
                         sizeof *s->open);
    s->open[s->nopen++] = i;
}

static bool is_protected(Str s, size_t behind) {
    return str_starts(str_slice(s, behind, s.len), S(MARK_PROTECT));
}

static bool is_word(uint32_t c) {
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
           (c >= 0xC0 && c < 0x2000) || c > 0x2E80;
}

static bool is_space(uint32_t c) {
    return !c || text_is_space(c);
}

static bool is_opening(uint32_t c) {
    return c == '(' || c == '[' || c == '{' || c == '/' || c == '-' ||
           c == '"' || c == '\'' || c == 0xAB || c == 0x2013 || c == 0x2014 ||
           c == 0x2018 || c == 0x201C;
}

// ---- quotes

static uint32_t char_before(const Smart *s, Str text, size_t at) {
    return at ? text_before(text, &at) : s->before;
}

// The first character behind the node; 0 at the end of the paragraph.
static uint32_t char_behind_node(const MdNode *n) {
    while (n->parent && !n->next && n->parent->kind >= MD_TEXT)
        n = n->parent;
    n = n->next;
    while (n && n->kind > MD_CODE && n->first)
        n = n->first;
    if (!n || n->kind == MD_SOFTBREAK || n->kind == MD_LINEBREAK)
        return 0;
    size_t at = 0;
    return n->kind == MD_TEXT && n->text.len ? text_next(n->text, &at) : 'a';
}

static uint32_t char_after(const MdNode *n, size_t at) {
    return at < n->text.len ? text_next(n->text, &at) : char_behind_node(n);
}

static bool is_digit(uint32_t c) {
    return c >= '0' && c <= '9';
}

static bool opened(const Smart *s, char sign) {
    for (size_t i = s->nopen; i-- && s->nopen - i < 8;)
        if (s->edits[s->open[i]].sign == sign)
            return true;
    return false;
}

// 5'10": feet and inches. Behind a digit a quote closes one that is open, or
// is none.
static bool is_measure(const Smart *s, const MdNode *n, size_t at,
                       uint32_t before, uint32_t after) {
    if (!is_digit(before))
        return false;
    if (n->text.ptr[at] == '\'')
        return is_digit(after) || !opened(s, '\'');
    size_t i = at;
    while (i && is_digit((uint8_t)n->text.ptr[i - 1]))
        i--;
    return (i && n->text.ptr[i - 1] == '\'') || !opened(s, '"');
}

static void close_quote(Smart *s, size_t i) {
    Edit *e = &s->edits[i];
    for (size_t k = s->nopen; k-- && s->nopen - k < 8;) {
        if (s->edits[s->open[k]].sign != e->sign)
            continue;
        s->edits[s->open[k]].kind = EDIT_OPEN;
        e->kind = EDIT_CLOSE;
        s->nopen = k;
        return;
    }
}

static void quote(Smart *s, MdNode *n, size_t at) {
    uint32_t before = char_before(s, n->text, at);
    uint32_t after = char_after(n, at + 1);
    if (is_protected(n->text, at + 1) || is_measure(s, n, at, before, after))
        return;
    char sign = n->text.ptr[at];
    bool opens = !is_space(after) && (is_space(before) || is_opening(before));
    bool closes = !is_space(before) && !is_word(after);
    if (sign == '\'' && is_word(before) && is_word(after)) {
        add(s, (Edit){.node = n, .at = at, .sign = sign, .kind = EDIT_CLOSE});
        return;
    }
    if (!opens && !closes)
        return;
    add(s, (Edit){.node = n, .at = at, .sign = sign});
    if (closes && (!opens || opened(s, sign)))
        close_quote(s, s->len - 1);
    if (opens && s->edits[s->len - 1].kind == EDIT_NONE)
        push_open(s, s->len - 1);
}

// ---- the rest

static void points(Smart *s, MdNode *n, size_t *at) {
    size_t to = *at;
    while (to < n->text.len && n->text.ptr[to] == '.')
        to++;
    if (to - *at == 3 && !is_protected(n->text, to))
        add(s, (Edit){.node = n, .at = *at, .kind = EDIT_LONG});
    *at = to - 1;
}

static void dash(Smart *s, MdNode *n, size_t at) {
    if (at && str_eq(str_slice(n->text, at - 1, at + 3), S(" -- ")))
        add(s, (Edit){.node = n, .at = at, .kind = EDIT_DASH});
}

// Behind a word that is an address of some kind; else `from` itself.
static size_t address_end(Str s, size_t from) {
    size_t to = from;
    while (to < s.len && s.ptr[to] != ' ')
        to++;
    Str word = str_slice(s, from, to);
    bool is_address = str_find(word, S("://"), 0) != SIZE_MAX ||
                      str_starts(word, S("www.")) ||
                      (word.len > 1 && memchr(word.ptr + 1, '@', word.len - 1));
    return is_address ? to : from;
}

static bool may_be_address(Str s, size_t from) {
    if (from >= s.len)
        return false;
    size_t len = s.len - from < 512 ? s.len - from : 512;
    const char *p = memchr(s.ptr + from, ' ', len);
    size_t n = p ? (size_t)(p - s.ptr) - from : len;
    return memchr(s.ptr + from, ':', n) || memchr(s.ptr + from, '@', n) ||
           str_starts(str_slice(s, from, s.len), S("www."));
}

// Whether any word can be one, which is seldom.
static bool has_address(Str s) {
    return memchr(s.ptr, ':', s.len) || memchr(s.ptr, '@', s.len) ||
           md_search(s, S("www."), 0) != SIZE_MAX;
}

static void smart_text(Smart *s, MdNode *n) {
    const MarkdownMarkup *use = &s->md->opt->markup;
    Str t = n->text;
    bool looks = has_address(t);
    size_t skip_at = looks ? SIZE_MAX : 5;
    for (size_t i = 0; i < t.len; i++) {
        if (i >= skip_at) {
            i = mdsmart_skip(t, i);
            skip_at = i + BYTES;
        }
        char c = t.ptr[i];
        if (looks && (!i || t.ptr[i - 1] == ' ') && may_be_address(t, i)) {
            i = address_end(t, i);
            if (i == t.len)
                break;
            c = t.ptr[i];
        }
        if (c == ' ' && use->no_break && mdsmart_keeps(t, i))
            add(s, (Edit){.node = n, .at = i, .kind = EDIT_BLANK});
        else if (use->smart && (c == '"' || c == '\''))
            quote(s, n, i);
        else if (use->smart && c == '.')
            points(s, n, &i);
        else if (use->smart && c == '-')
            dash(s, n, i);
    }
}

static Str written(const Edit *e, size_t *take) {
    *take = e->kind == EDIT_LONG ? 3 : e->kind == EDIT_DASH ? 2 : 1;
    switch (e->kind) {
    case EDIT_OPEN:
        return e->sign == '"' ? S("“") : S("‘");
    case EDIT_CLOSE:
        return e->sign == '"' ? S("”") : S("’");
    case EDIT_LONG:
        return S("…");
    case EDIT_DASH:
        return S("–");
    default:
        return S("\xC2\xA0");
    }
}

// The edits are in order of the text.
static void apply(Smart *s) {
    for (size_t i = 0; i < s->len;) {
        MdNode *n = s->edits[i].node;
        Buf out = {.arena = s->md->tmp};
        size_t done = 0, take;
        buf_reserve(&out, n->text.len + 16);
        for (; i < s->len && s->edits[i].node == n; i++) {
            if (s->edits[i].kind == EDIT_NONE)
                continue;
            buf_put(&out, str_slice(n->text, done, s->edits[i].at));
            buf_put(&out, written(&s->edits[i], &take));
            done = s->edits[i].at + take;
        }
        buf_put(&out, str_slice(n->text, done, n->text.len));
        n->text = buf_str(&out);
    }
    s->len = s->nopen = 0;
}

// A link whose text is its address.
static bool is_address(const MdNode *n) {
    return n->kind == MD_LINK && n->first && n->first->kind == MD_TEXT &&
           !n->first->next && n->first->text.len &&
           str_ends(n->text, n->first->text);
}

static void enter(Smart *s, MdNode *n) {
    if (n->kind == MD_TEXT && n->text.len) {
        size_t end = n->text.len;
        uint32_t last = text_before(n->text, &end);
        smart_text(s, n);
        s->before = last;
    } else if (n->kind == MD_SOFTBREAK || n->kind == MD_LINEBREAK) {
        s->before = 0;
    } else if (n->kind == MD_CODE || n->kind == MD_CALL) {
        s->before = 'a';
    }
}

static void smart_tree(Smart *s, MdNode *root) {
    for (MdWalk w = md_walk(root); md_walk_next(&w);) {
        if (w.node->kind < MD_TEXT) {
            apply(s);
            s->before = 0;
        } else if (!w.is_exit &&
                   (w.node->kind == MD_IMAGE || is_address(w.node))) {
            s->before = 'a';
            md_walk_skip(&w);
        } else if (!w.is_exit) {
            enter(s, w.node);
        }
    }
    apply(s);
}

void mdpass_smart(Md *md) {
    Smart s = {.md = md};
    for (size_t i = 0; i < md_ntrees(md); i++)
        if (md_tree(md, i))
            smart_tree(&s, md_tree(md, i));
}
