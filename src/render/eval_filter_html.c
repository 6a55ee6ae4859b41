// Filters that know HTML. The table in docs/filters.md says what each does with
// text and with HTML; eval_test.c has a test for every row.
#include "base/escape.h"
#include "base/text.h"
#include "render/eval_run.h"

// --- append, prepend, replace ---

static void put(Buf *out, FilterText text, bool is_html) {
    if (is_html && !(text.flags & VALUE_HTML))
        escape_html(out, text.s);
    else
        buf_put(out, text.s);
}

static bool join_two(Eval *e, FilterText a, FilterText b, Value *v) {
    Buf out = {.arena = e->arena};
    bool is_html = (a.flags | b.flags) & VALUE_HTML;
    put(&out, a, is_html);
    put(&out, b, is_html);
    filter_give(v, buf_str(&out));
    v->flags = (uint8_t)(a.flags | b.flags);
    return true;
}

bool filter_append(Eval *e, const FilterArgs *args, Value *v) {
    return join_two(e, filter_text(e, v), filter_text(e, &args->pos[0]), v);
}

bool filter_prepend(Eval *e, const FilterArgs *args, Value *v) {
    return join_two(e, filter_text(e, &args->pos[0]), filter_text(e, v), v);
}

typedef struct {
    FilterText text, by;
    Str what;
    bool is_html;
    Buf *out;
} Replace;

static void put_part(const Replace *r, size_t from, size_t to) {
    FilterText part = {str_slice(r->text.s, from, to), r->text.flags};
    put(r->out, part, r->is_html);
}

static void replace_at(const Replace *r, size_t at) {
    if (at == SIZE_MAX) {
        put_part(r, 0, r->text.s.len);
        return;
    }
    put_part(r, 0, at);
    put(r->out, r->by, r->is_html);
    put_part(r, at + r->what.len, r->text.s.len);
}

// Nothing is found before each character and at the end.
static void replace_nothing(const Replace *r) {
    for (size_t at = 0; at < r->text.s.len;) {
        size_t from = at;
        put(r->out, r->by, r->is_html);
        text_next(r->text.s, &at);
        put_part(r, from, at);
    }
    put(r->out, r->by, r->is_html);
}

static void replace_all(const Replace *r) {
    size_t from = 0, at;
    while ((at = str_find(r->text.s, r->what, from)) != SIZE_MAX) {
        put_part(r, from, at);
        put(r->out, r->by, r->is_html);
        from = at + r->what.len;
    }
    put_part(r, from, r->text.s.len);
}

static size_t find_last(Str s, Str what) {
    if (what.len > s.len)
        return SIZE_MAX;
    for (size_t at = s.len - what.len + 1; at > 0; at--)
        if (str_starts(str_slice(s, at - 1, s.len), what))
            return at - 1;
    return SIZE_MAX;
}

static uint64_t occurrences(Str s, Str what) {
    if (!what.len)
        return s.len + 1;
    uint64_t n = 0;
    for (size_t at = 0; (at = str_find(s, what, at)) != SIZE_MAX; n++)
        at += what.len;
    return n;
}

typedef enum { FIRST, LAST, ALL } Which;

// What is looked for is taken as it is written, in text and in HTML.
static bool replace(Eval *e, const FilterArgs *args, Value *v, Which which) {
    Buf out = {.arena = e->arena};
    Replace r = {.text = filter_text(e, v),
                 .what = eval_str(e, &args->pos[0]),
                 .out = &out};
    if (args->n > 1)
        r.by = filter_text(e, &args->pos[1]);
    r.is_html = (r.text.flags | r.by.flags) & VALUE_HTML;
    uint64_t n = which == ALL ? occurrences(r.text.s, r.what) : 1;
    if (r.by.s.len && !filter_room(e, args, n * r.by.s.len))
        return false;
    if (which == FIRST)
        replace_at(&r, str_find(r.text.s, r.what, 0));
    else if (which == LAST)
        replace_at(&r, find_last(r.text.s, r.what));
    else if (r.what.len)
        replace_all(&r);
    else
        replace_nothing(&r);
    filter_give(v, buf_str(&out));
    v->flags = (uint8_t)(r.text.flags | r.by.flags);
    return true;
}

bool filter_replace(Eval *e, const FilterArgs *args, Value *v) {
    return replace(e, args, v, ALL);
}

bool filter_replace_first(Eval *e, const FilterArgs *args, Value *v) {
    return replace(e, args, v, FIRST);
}

bool filter_replace_last(Eval *e, const FilterArgs *args, Value *v) {
    return replace(e, args, v, LAST);
}

bool filter_remove(Eval *e, const FilterArgs *args, Value *v) {
    return replace(e, args, v, ALL);
}

bool filter_remove_first(Eval *e, const FilterArgs *args, Value *v) {
    return replace(e, args, v, FIRST);
}

bool filter_remove_last(Eval *e, const FilterArgs *args, Value *v) {
    return replace(e, args, v, LAST);
}

// --- escape, escape_once, newline_to_br ---

static bool give_html(Eval *e, Value *v, FilterText from, const Buf *out) {
    filter_give(v, buf_str(out));
    v->flags = from.flags & VALUE_CONTENT;
    filter_set_html(e, v);
    return true;
}

bool filter_escape(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    FilterText text = filter_text(e, v);
    if (text.flags & VALUE_HTML)
        return true;
    Buf out = {.arena = e->arena};
    escape_html(&out, text.s);
    return v->kind == VALUE_NULL || give_html(e, v, text, &out);
}

static bool is_letter(char c) {
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// The length of an entity at the start of `s`: &name; or &#12; else 0.
static size_t entity_len(Str s) {
    size_t n = 1;
    bool is_number = n < s.len && s.ptr[n] == '#';
    n += is_number;
    size_t first = n;
    while (n < s.len && (is_number ? is_digit(s.ptr[n]) : is_letter(s.ptr[n])))
        n++;
    return n > first && n < s.len && s.ptr[n] == ';' ? n + 1 : 0;
}

bool filter_escape_once(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    FilterText text = filter_text(e, v);
    if (v->kind == VALUE_NULL || (text.flags & VALUE_HTML))
        return true;
    Buf out = {.arena = e->arena};
    Str s = text.s;
    for (size_t at = 0, n; at < s.len; at += n) {
        n = s.ptr[at] == '&' ? entity_len(str_slice(s, at, s.len)) : 0;
        if (n) {
            buf_put(&out, str_slice(s, at, at + n));
            continue;
        }
        n = 1;
        escape_html(&out, str_slice(s, at, at + 1));
    }
    return give_html(e, v, text, &out);
}

bool filter_newline_to_br(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    FilterText text = filter_text(e, v);
    bool is_html = !e->env->no_escape;
    Buf out = {.arena = e->arena};
    Str rest = text.s, line;
    while (str_cut(&rest, '\n', &line)) {
        bool is_last = !rest.ptr;
        if (!is_last && str_ends(line, S("\r")))
            line.len--;
        put(&out, (FilterText){line, text.flags}, is_html);
        if (!is_last)
            buf_put(&out, S("<br />\n"));
    }
    return give_html(e, v, text, &out);
}

// --- strip_html ---

typedef struct {
    Str open, close;
    bool has_none; // no `close` any more: not to be looked for again
} Element;

// The end of what begins at `at` and is dropped, or `at`.
static size_t skip(Str s, size_t at, Element *elements, size_t n) {
    for (size_t i = 0; i < n; i++) {
        Element *el = &elements[i];
        if (el->has_none || !str_starts(str_slice(s, at, s.len), el->open))
            continue;
        size_t end = str_find(s, el->close, at + el->open.len);
        if (end != SIZE_MAX)
            return end + el->close.len;
        el->has_none = true;
    }
    return at;
}

static Str drop(Arena *a, Str s, Element *elements, size_t n) {
    Buf out = {.arena = a};
    size_t from = 0, at;
    for (size_t i = 0; (at = str_find(s, S("<"), i)) != SIZE_MAX;) {
        size_t end = skip(s, at, elements, n);
        i = end > at ? end : at + 1;
        if (end == at)
            continue;
        buf_put(&out, str_slice(s, from, at));
        from = end;
    }
    buf_put(&out, str_slice(s, from, s.len));
    return buf_str(&out);
}

static uint32_t entity_char(Str name) {
    static const struct {
        Str name;
        uint32_t c;
    } names[] = {{{"amp", 3}, '&'},      {{"lt", 2}, '<'},
                 {{"gt", 2}, '>'},       {{"quot", 4}, '"'},
                 {{"apos", 4}, '\''},    {{"nbsp", 4}, 0xA0},
                 {{"hellip", 6}, 0x2026}};
    int64_t n;
    if (str_starts(name, S("#")) && name.len < 9 &&
        str_to_int(str_slice(name, 1, name.len), &n) && n > 0 &&
        n <= 0x10FFFF && text_is_clean_char((uint32_t)n))
        return (uint32_t)n;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(name, names[i].name))
            return names[i].c;
    return 0;
}

static Str decode(Arena *a, Str s) {
    Buf out = {.arena = a};
    for (size_t at = 0; at < s.len;) {
        size_t n = s.ptr[at] == '&' ? entity_len(str_slice(s, at, s.len)) : 0;
        uint32_t c = n ? entity_char(str_slice(s, at + 1, at + n - 1)) : 0;
        if (c)
            text_put(&out, c);
        else
            buf_put(&out, str_slice(s, at, at + (n ? n : 1)));
        at += n ? n : 1;
    }
    return buf_str(&out);
}

// Of HTML, text is made: its entities become characters.
bool filter_strip_html(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    Element blocks[] = {{S("<script"), S("</script>"), false},
                        {S("<!--"), S("-->"), false},
                        {S("<style"), S("</style>"), false}};
    Element tags[] = {{S("<"), S(">"), false}};
    FilterText text = filter_text(e, v);
    Str s = drop(e->arena, text.s, blocks, 3);
    s = drop(e->arena, s, tags, 1);
    if (text.flags & VALUE_HTML)
        s = decode(e->arena, s);
    return filter_give(v, s);
}

// --- raw, json, markdownify ---

bool filter_raw(Eval *e, const FilterArgs *args, Value *v) {
    FilterText text = filter_text(e, v);
    bool is_text = !(text.flags & VALUE_HTML) && v->kind != VALUE_NULL;
    if (is_text && (text.flags & VALUE_CONTENT) && !e->env->no_escape) {
        eval_error(e, "E-RAW", args->at,
                   _("'raw' cannot be used on text that came from content"));
        diag_hint(e->job->diags,
                  _("leave 'raw' out; 'markdownify' makes HTML of Markdown"));
        return false;
    }
    filter_give(v, text.s);
    v->flags = (uint8_t)text.flags;
    filter_set_html(e, v);
    return true;
}

// Safe in <script> and, for want of ', in an attribute in single quotes.
bool filter_json(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    Buf json = {.arena = e->arena}, out = {.arena = e->arena};
    eval_json(e, v, 0, &json);
    Str rest = buf_str(&json), part;
    while (str_cut(&rest, '\'', &part)) {
        buf_put(&out, part);
        if (rest.ptr)
            buf_put(&out, S("\\u0027"));
    }
    FilterText from = {.flags = VALUE_CONTENT};
    return give_html(e, v, from, &out);
}

bool filter_markdownify(Eval *e, const FilterArgs *args, Value *v) {
    FilterText text = filter_text(e, v);
    const EvalHost *host = e->env->host;
    if (v->kind == VALUE_NULL || (text.flags & VALUE_HTML))
        return true;
    if (!host || !host->markdown)
        return filter_error(e, args, _("there is no Markdown here"));
    bool is_inline = value_is_truthy(value_get(&args->named, S("inline")));
    Str html;
    size_t before = e->job->diags->len;
    bool ok = host->markdown(e->job, host->ctx, text.s, is_inline, &html);
    Pos pos = source_pos_at(e->t->src, args->at);
    for (size_t i = before; i < e->job->diags->len; i++) {
        Diag *d = &e->job->diags->items[i];
        d->path = pos.path;
        d->line = pos.line;
        d->col = pos.col;
    }
    if (!ok)
        return false;
    filter_give(v, html);
    v->flags = text.flags & VALUE_CONTENT;
    filter_set_html(e, v);
    return true;
}
