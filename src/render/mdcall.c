// How it works: the scanner says which lines are code; the rest of the text is
// looked through for tags, code spans left out; tags that belong together are
// matched with a stack; then the text is written anew with marks.
#include "render/mdcall.h"

#include <string.h>

#include "base/text.h"

enum { MAX_TICKS = 80, MAX_COLUMN = 16 * 1024 };

typedef struct {
    Md *md;
    Str text;
    const uint8_t *kinds; // by line
    const size_t *starts; // likewise
    size_t nlines;
    size_t at, line; // where we are; the line counts from 0
    // no run of so many backticks up to there
    size_t none_until[MAX_TICKS + 1];
    size_t text_end; // as last asked for
    size_t cap;
    bool is_full;
} Finder;

Pos mdcall_pos(const Md *md, const MdTag *t) {
    if (!md->src)
        return (Pos){0};
    size_t from = t->at;
    while (from && md->call_text.ptr[from - 1] != '\n' &&
           t->at - from < MAX_COLUMN)
        from--;
    Str before = str_slice(md->call_text, from, t->at);
    size_t col = text_count(md_unmark(md->tmp, before)) + 1;
    return source_pos(md->src, md->first_line + t->line - 1,
                      before.len < MAX_COLUMN ? (uint32_t)col : 0);
}

static void complain(Md *md, MdTag *t, const char *code, const char *why) {
    t->is_bad = true;
    if (md_may_err(md))
        diag_error(md->job->diags, code, mdcall_pos(md, t), gettext(why),
                   STR_ARG(t->tag.name));
    else
        md->job->diags->is_last_off = true;
}

// ---- finding tags

static MdTag *add_tag(Finder *f) {
    Md *md = f->md;
    md->tags =
        arena_grow(md->tmp, md->tags, md->ntags, &f->cap, sizeof *md->tags);
    MdTag *t = &md->tags[md->ntags++];
    *t = (MdTag){
        .at = f->at, .line = (uint32_t)f->line + 1, .partner = CALL_NONE};
    return t;
}

static void move_to(Finder *f, size_t at) {
    f->at = at;
    while (f->line + 1 < f->nlines && f->starts[f->line + 1] <= at)
        f->line++;
}

// Where the paragraph's text ends that goes over this place.
static size_t text_end(Finder *f) {
    size_t line = f->line + 1;
    if (f->at < f->text_end)
        return f->text_end;
    while (line < f->nlines && f->kinds[line] == LINE_MORE_TEXT)
        line++;
    f->text_end = line < f->nlines ? f->starts[line] : f->text.len;
    return f->text_end;
}

static size_t ticks_at(Str s, size_t at) {
    size_t i = at;
    while (i < s.len && s.ptr[i] == '`')
        i++;
    return i - at;
}

// Behind the code span that begins here, or behind its backticks when it is
// none.
static size_t span_end(Finder *f) {
    size_t n = ticks_at(f->text, f->at), from = f->at + n;
    if (n > MAX_TICKS || f->at < f->none_until[n])
        return from;
    size_t end = text_end(f);
    for (size_t i = from; i < end;) {
        const char *p = memchr(f->text.ptr + i, '`', end - i);
        if (!p)
            break;
        i = (size_t)(p - f->text.ptr);
        size_t m = ticks_at(f->text, i);
        if (m == n)
            return i + n;
        i += m;
    }
    f->none_until[n] = end;
    return from;
}

static void found_tag(Finder *f) {
    Md *md = f->md;
    if (md->ntags >= CALL_MAX) {
        f->is_full = true;
        return;
    }
    MdTag *t = add_tag(f);
    ShortcodeError error;
    if (!shortcode_parse(md->tmp, f->text, f->at, &t->tag, &error)) {
        MdTag place = {.at = error.at, .line = t->line};
        for (size_t i = f->at; i < error.at; i++)
            place.line += f->text.ptr[i] == '\n';
        t->is_bad = true;
        if (md_may_err(md)) {
            diag_error(md->job->diags, "E-SHORTCODE", mdcall_pos(md, &place),
                       "%s", gettext(error.why));
            diag_hint(md->job->diags, "%s", gettext(error.hint));
        }
    }
    move_to(f, t->tag.end);
}

// {{</* x */>}} in code is shown without the stars, as Hugo does.
static void literals_in_code(Finder *f, size_t end) {
    size_t at = f->at;
    while ((at = shortcode_find(str_slice(f->text, 0, end), at)) != SIZE_MAX) {
        if (f->md->ntags >= CALL_MAX)
            break;
        ShortcodeTag tag;
        ShortcodeError error;
        Str rest = str_slice(f->text, at + 3, end);
        at += 3;
        if (!str_starts(rest, S("/*")))
            continue;
        move_to(f, at - 3);
        if (!shortcode_parse(f->md->tmp, str_slice(f->text, 0, end), at - 3,
                             &tag, &error))
            break;
        MdTag *t = add_tag(f);
        t->tag = tag;
        t->in_code = true;
        at = tag.end;
    }
    move_to(f, end);
}

static void find_tags(Finder *f) {
    while (f->at < f->text.len && !f->is_full) {
        char c = f->text.ptr[f->at];
        bool is_start = f->at == f->starts[f->line];
        if (is_start && f->kinds[f->line] == LINE_CODE) {
            size_t end =
                f->line + 1 < f->nlines ? f->starts[f->line + 1] : f->text.len;
            literals_in_code(f, end);
        } else if (c == '`') {
            size_t n = ticks_at(f->text, f->at), end = span_end(f);
            if (end > f->at + n)
                literals_in_code(f, end);
            else
                move_to(f, end);
        } else if (c == '\\' && f->at + 1 < f->text.len) {
            move_to(f, f->at + (f->text.ptr[f->at + 1] == '\n' ? 1 : 2));
        } else if (shortcode_is_at(f->text, f->at)) {
            found_tag(f);
        } else {
            move_to(f, f->at + 1);
        }
    }
}

static bool find_all(Md *md, Str text) {
    size_t n = 1;
    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == '\n';
    size_t *starts = ARENA_ARRAY(md->tmp, size_t, n), line = 1;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\n')
            starts[line++] = i + 1;
    MdScan scan = {.kinds = ARENA_ARRAY(md->tmp, uint8_t, n)};
    Finder *f = ARENA_NEW(md->tmp, Finder);
    *f = (Finder){.md = md, .text = text, .starts = starts, .nlines = n};
    f->kinds = scan.kinds;
    if (md_scan(md->tmp, text, false, &scan) != SCAN_OK)
        return true; // the scan to come says so
    find_tags(f);
    if (!f->is_full)
        return true;
    MdTag here = {.at = f->at, .line = (uint32_t)f->line + 1};
    diag_error(md->job->diags, "E-SHORTCODE-MANY", mdcall_pos(md, &here),
               _("the text has more than %d shortcodes"), CALL_MAX);
    diag_hint(md->job->diags, _("split it into several pages"));
    return false;
}

// ---- which belong together

typedef struct {
    Md *md;
    uint32_t stack[CALL_DEPTH];
    size_t depth;
    Map unknown; // names: one message for each
} Match;

static const char *sign(const MdTag *t, bool is_end) {
    if (is_end)
        return t->tag.is_percent ? "%}}" : ">}}";
    return t->tag.is_percent ? "{{%" : "{{<";
}

static void unknown(Match *m, MdTag *t) {
    Md *md = m->md;
    const Shortcodes *s = md->opt->shortcodes;
    t->is_bad = true;
    if (map_add(&m->unknown, t->tag.name, t))
        return;
    complain(md, t, "E-SHORTCODE-NAME",
             N_("there is no shortcode named '%.*s'"));
    Str near = s->near ? s->near(md->job, s->ctx, t->tag.name) : (Str){0};
    if (near.len)
        diag_hint(md->job->diags, _("did you mean '%.*s'?"), STR_ARG(near));
    else
        diag_hint(md->job->diags,
                  _("make layouts/shortcodes/%.*s.html, or write %s/* and "
                    "*/%s to show the signs"),
                  STR_ARG(t->tag.name), sign(t, false), sign(t, true));
}

static void not_closed(Md *md, MdTag *t) {
    complain(md, t, "E-SHORTCODE-OPEN",
             N_("the shortcode '%.*s' is not closed"));
    diag_hint(md->job->diags,
              _("write %s /%.*s %s where it ends, or %s %.*s "
                "/%s when nothing is inside"),
              sign(t, false), STR_ARG(t->tag.name), sign(t, true),
              sign(t, false), STR_ARG(t->tag.name), sign(t, true));
}

static void nothing_open(Md *md, MdTag *t, bool is_known) {
    complain(md, t, "E-SHORTCODE-CLOSE",
             N_("nothing named '%.*s' is open here"));
    const Shortcodes *s = md->opt->shortcodes;
    ShortcodeInfo info;
    if (is_known && s->find(s->ctx, t->tag.name, &info) && !info.takes_inner)
        diag_hint(md->job->diags,
                  _("'%.*s' takes no text inside: take this away"),
                  STR_ARG(t->tag.name));
    else
        diag_hint(md->job->diags,
                  _("close shortcodes in the order last opened, first closed"));
}

static void open_tag(Match *m, uint32_t i) {
    MdTag *t = &m->md->tags[i];
    const Shortcodes *s = m->md->opt->shortcodes;
    if (!s->find(s->ctx, t->tag.name, &t->info)) {
        unknown(m, t);
        return;
    }
    if (t->tag.kind == SHORTCODE_SELF || !t->info.takes_inner)
        return;
    if (m->depth == CALL_DEPTH) {
        complain(m->md, t, "E-SHORTCODE-DEPTH",
                 N_("the shortcode '%.*s' stands too deep inside others"));
        diag_hint(m->md->job->diags, _("at most %d may stand in each other"),
                  CALL_DEPTH);
        return;
    }
    m->stack[m->depth++] = i;
}

static bool is_open(const Match *m, Str name) {
    for (size_t i = 0; i < m->depth; i++)
        if (str_eq(m->md->tags[m->stack[i]].tag.name, name))
            return true;
    return false;
}

static void wrong_signs(Md *md, MdTag *open, MdTag *t) {
    complain(md, t, "E-SHORTCODE-CLOSE",
             N_("the shortcode '%.*s' is closed with other signs than it was "
                "opened with"));
    diag_hint(md->job->diags, _("write %s /%.*s %s"), sign(open, false),
              STR_ARG(t->tag.name), sign(open, true));
    open->is_bad = true;
}

static void close_tag(Match *m, uint32_t i) {
    MdTag *t = &m->md->tags[i];
    if (!is_open(m, t->tag.name)) {
        bool is_known = !map_get(&m->unknown, t->tag.name);
        if (is_known)
            nothing_open(m->md, t, is_known);
        t->is_bad = true;
        return;
    }
    MdTag *open;
    for (;;) {
        uint32_t top = m->stack[--m->depth];
        open = &m->md->tags[top];
        if (str_eq(open->tag.name, t->tag.name)) {
            t->partner = top;
            open->partner = i;
            break;
        }
        not_closed(m->md, open);
    }
    if (open->tag.is_percent != t->tag.is_percent)
        wrong_signs(m->md, open, t);
}

static void match_all(Md *md) {
    Match m = {.md = md, .unknown = {.arena = md->tmp}};
    for (uint32_t i = 0; i < md->ntags; i++) {
        MdTag *t = &md->tags[i];
        if (t->is_bad || t->tag.kind == SHORTCODE_LITERAL)
            continue;
        t->tag.name = md_unmark(md->tmp, t->tag.name);
        if (t->tag.kind == SHORTCODE_CLOSE)
            close_tag(&m, i);
        else
            open_tag(&m, i);
    }
    while (m.depth)
        not_closed(md, &md->tags[m.stack[--m.depth]]);
}

// ---- where what is inside goes

// One in place makes all around it so.
static void set_places(Md *md) {
    uint32_t stack[CALL_DEPTH];
    size_t depth = 0;
    for (uint32_t i = 0; i < md->ntags; i++) {
        MdTag *t = &md->tags[i];
        if (t->is_bad || t->partner == CALL_NONE)
            continue;
        if (t->tag.kind == SHORTCODE_CLOSE) {
            depth--;
            continue;
        }
        stack[depth++] = i;
        bool in_place = t->tag.is_percent || t->info.is_markdown;
        for (size_t k = depth; in_place && k--;)
            md->tags[stack[k]].in_place = true;
    }
}

// Whether the line has nothing but this and others like it, and what opens
// quotes and list items.
static bool has_line(const Md *md, uint32_t i) {
    Str s = md->call_text;
    const MdTag *t = &md->tags[i];
    size_t from = t->at, to = t->tag.end;
    while (from && s.ptr[from - 1] != '\n') {
        if (i && md->tags[i - 1].tag.end == from) {
            i--;
            if (!md->tags[i].in_place)
                return false;
            from = md->tags[i].at;
        } else if (strchr(" \t>*+-.)0123456789", s.ptr[--from]) == NULL) {
            return false;
        }
    }
    for (uint32_t k = i + 1; to < s.len && s.ptr[to] != '\n';) {
        while (k < md->ntags && md->tags[k].at < to)
            k++;
        if (k < md->ntags && md->tags[k].at == to) {
            if (!md->tags[k].in_place)
                return false;
            to = md->tags[k].tag.end;
        } else if (s.ptr[to] == ' ' || s.ptr[to] == '\t') {
            to++;
        } else {
            return false;
        }
    }
    return true;
}

static bool opens_in_place(const MdTag *t) {
    return t->in_place && t->tag.kind != SHORTCODE_CLOSE;
}

static void set_alone(Md *md) {
    for (uint32_t i = 0; i < md->ntags; i++)
        if (opens_in_place(&md->tags[i]))
            md->tags[md->tags[i].partner].in_place = true;
    for (uint32_t i = 0; i < md->ntags; i++) {
        MdTag *t = &md->tags[i];
        if (!opens_in_place(t))
            continue;
        MdTag *end = &md->tags[t->partner];
        t->is_alone = end->is_alone =
            t->line != end->line && has_line(md, i) && has_line(md, t->partner);
    }
}

// ---- the text anew

static void put_mark(Buf *out, const MdTag *t, Str mark, uint32_t number) {
    static const char *const digits[] = {
        "\xEF\xB7\xA0", "\xEF\xB7\xA1", "\xEF\xB7\xA2", "\xEF\xB7\xA3",
        "\xEF\xB7\xA4", "\xEF\xB7\xA5", "\xEF\xB7\xA6", "\xEF\xB7\xA7",
        "\xEF\xB7\xA8", "\xEF\xB7\xA9", "\xEF\xB7\xAA", "\xEF\xB7\xAB",
        "\xEF\xB7\xAC", "\xEF\xB7\xAD", "\xEF\xB7\xAE", "\xEF\xB7\xAF"};
    if (t->is_alone)
        buf_put(out, S(MARK_ALONE));
    buf_put(out, mark);
    for (int shift = 8; shift >= 0; shift -= 4)
        buf_put(out, str_from(digits[number >> shift & 15]));
}

uint8_t mdcall_mark(Str s, size_t at, size_t *len, uint32_t *number) {
    uint8_t kind = at + 2 < s.len ? (uint8_t)s.ptr[at + 2] : 0;
    if (kind < 0x96 || kind > 0x98 || memcmp(s.ptr + at, MARK_CALL, 2) != 0)
        return 0;
    *number = 0;
    size_t i = at + MARK_LEN;
    for (; i + 2 < s.len && !memcmp(s.ptr + i, MARK_DIGIT, 2) &&
           (uint8_t)s.ptr[i + 2] >= 0xA0 && i < at + 4 * MARK_LEN;
         i += MARK_LEN)
        *number = *number << 4 | ((uint8_t)s.ptr[i + 2] & 15);
    *len = i - at;
    return kind;
}

typedef struct {
    Md *md;
    Buf out;
    size_t done;
    uint32_t line; // of `out`, at its end
} Writer;

static uint32_t newlines(Str s) {
    uint32_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += s.ptr[i] == '\n';
    return n;
}

static void copy_to(Writer *w, size_t to) {
    Str part = str_slice(w->md->call_text, w->done, to);
    buf_put(&w->out, part);
    w->line += newlines(part);
    w->done = to;
}

// The lines that go with what is left out are told to md_call_line.
static void skip_to(Writer *w, size_t to, uint32_t line) {
    Md *md = w->md;
    uint32_t n = newlines(str_slice(md->call_text, w->done, to));
    w->done = to;
    if (!n)
        return;
    MdScan *o = &md->call_lines;
    o->runs =
        arena_grow(md->tmp, o->runs, o->nruns, &o->cap_runs, sizeof *o->runs);
    o->runs[o->nruns++] = (MdLineRun){w->line + 1, line + n + 1};
}

// Escaped, so that "{{<x>}}" is no HTML.
static void put_literal(Writer *w, const MdTag *t) {
    bool escapes = !t->in_code && !t->tag.is_percent;
    buf_put(&w->out, t->tag.is_percent ? S("{{%") : S("{{"));
    if (!t->tag.is_percent)
        buf_put(&w->out, escapes ? S("\\<") : S("<"));
    buf_put(&w->out, t->tag.inside);
    w->line += newlines(t->tag.inside);
    buf_put(&w->out, t->tag.is_percent ? S("%}}") : S(">}}"));
    w->done = t->tag.end;
}

// Returns the tag to go on with.
static uint32_t put_tag(Writer *w, uint32_t i) {
    Md *md = w->md;
    MdTag *t = &md->tags[i];
    copy_to(w, t->at);
    if (t->is_bad) {
        skip_to(w, t->tag.end, t->line);
    } else if (t->tag.kind == SHORTCODE_LITERAL) {
        put_literal(w, t);
    } else if (t->in_place) {
        bool closes = t->tag.kind == SHORTCODE_CLOSE;
        put_mark(&w->out, t, closes ? S(MARK_CLOSE) : S(MARK_OPEN),
                 closes ? t->partner : i);
        skip_to(w, t->tag.end, t->line);
    } else {
        uint32_t last = t->partner != CALL_NONE ? t->partner : i;
        put_mark(&w->out, t, S(MARK_CALL), i);
        skip_to(w, md->tags[last].tag.end, t->line);
        return last + 1;
    }
    return i + 1;
}

bool mdcall_scan(Md *md, Str *text) {
    if (!md->opt->shortcodes || shortcode_find(*text, 0) == SIZE_MAX)
        return true;
    md->call_text = *text;
    if (!find_all(md, *text))
        return false;
    match_all(md);
    // A pair of which one is bad is none.
    for (uint32_t i = 0; i < md->ntags; i++)
        if (md->tags[i].is_bad && md->tags[i].partner != CALL_NONE)
            md->tags[md->tags[i].partner].is_bad = true;
    set_places(md);
    set_alone(md);
    Writer w = {.md = md, .out = {.arena = md->tmp}, .line = 1};
    for (uint32_t i = 0; i < md->ntags;)
        i = put_tag(&w, i);
    copy_to(&w, text->len);
    *text = buf_str(&w.out);
    return true;
}

uint32_t mdcall_line(const Md *md, uint32_t line) {
    return md_scan_line(&md->call_lines, line);
}
