// Where something stands in the author's text. cmark knows the line of a link
// and not always its column, so the text is searched for it; all searching for
// one text is bounded.
#include <string.h>

#include "base/text.h"
#include "render/md.h"

enum { MAX_MESSAGES = 30, WINDOW = 16 * 1024 };

static Pos place(const Md *md, uint32_t line, uint32_t col) {
    if (!md->src)
        return (Pos){0};
    return source_pos(md->src, md->first_line + line - 1, col);
}

Pos md_line(const Md *md, uint32_t line) {
    return place(md, line, 0);
}

uint32_t md_scan_line(const MdScan *scan, uint32_t line) {
    size_t low = 0, high = scan->nruns;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (scan->runs[mid].out <= line)
            low = mid + 1;
        else
            high = mid;
    }
    if (!low)
        return line;
    const MdLineRun *r = &scan->runs[low - 1];
    return r->src + (line - r->out);
}

static void find_lines(Md *md) {
    size_t n = 1, at = 0;
    for (; (at = str_find(md->text, S("\n"), at)) != SIZE_MAX; at++)
        n++;
    md->starts = ARENA_ARRAY(md->tmp, size_t, n);
    md->nlines = 1;
    for (at = 0; (at = str_find(md->text, S("\n"), at)) != SIZE_MAX;)
        md->starts[md->nlines++] = ++at;
}

// An address stands behind '(' or '<'; other text may stand anywhere.
static bool is_likely(Str text, size_t at) {
    return at && (text.ptr[at - 1] == '(' || text.ptr[at - 1] == '<');
}

// The byte of `what` that texts have least of: its first sign, as addresses
// have, or else the first byte.
static size_t rarest(Str what) {
    for (size_t i = 0; i < what.len; i++)
        if (what.ptr[i] == '/' || what.ptr[i] == ':' || what.ptr[i] == '#')
            return i;
    return 0;
}

// memmem would look at each byte of a line, and there is one search a link.
static const char *find_from(Str s, size_t from, Str what, size_t rare) {
    for (size_t i = from + rare; i < s.len; i++) {
        const char *p = memchr(s.ptr + i, what.ptr[rare], s.len - i);
        if (!p)
            break;
        i = (size_t)(p - s.ptr);
        if (what.len - rare <= s.len - i &&
            !memcmp(p - rare, what.ptr, what.len))
            return p - rare;
    }
    return NULL;
}

static size_t search(Md *md, size_t from, Str what) {
    size_t to = from + WINDOW < md->text.len ? from + WINDOW : md->text.len;
    size_t first = SIZE_MAX, rare = rarest(what);
    Str text = str_slice(md->text, 0, to);
    for (size_t i = from; i < to && md->search_left;) {
        const char *p = find_from(text, i, what, rare);
        size_t at = p ? (size_t)(p - md->text.ptr) : to;
        size_t cost = at - i + 16;
        md->search_left -= cost < md->search_left ? cost : md->search_left;
        if (!p)
            break;
        if (is_likely(md->text, at))
            return at;
        first = first < at ? first : at;
        i = at + 1;
    }
    return first;
}

static Pos place_at(Md *md, uint32_t line, size_t at) {
    while (line < md->nlines && md->starts[line] <= at)
        line++;
    MdCursor *c = &md->cursor;
    if (c->line != line || c->at > at)
        *c = (MdCursor){line, 1, md->starts[line - 1]};
    c->col += (uint32_t)text_count(str_slice(md->text, c->at, at));
    c->at = at;
    return place(md, line, c->col);
}

Pos md_find(Md *md, uint32_t line, Str what) {
    what = str_slice(what, 0, 200);
    if (!md->src || !what.len)
        return md_line(md, line);
    if (!md->starts)
        find_lines(md);
    if (line < 1 || line > md->nlines)
        return md_line(md, line);
    size_t from = md->starts[line - 1];
    if (md->cursor.line == line && md->cursor.at >= from)
        from = md->cursor.at + 1;
    size_t at = search(md, from, what);
    return at == SIZE_MAX ? md_line(md, line) : place_at(md, line, at);
}

bool md_may_warn(Md *md) {
    return md->nwarnings++ < MAX_MESSAGES;
}

bool md_may_err(Md *md) {
    return md->nerrors++ < MAX_MESSAGES;
}
