#include "base/diag.h"

#include <limits.h>
#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/text.h"

enum {
    QUOTE_COLUMNS = 160, // a longer line is shown around its column
    QUOTE_BEFORE = 100,  // columns of it before that
    LONGEST_MESSAGE = 4000,
};

// --- Adding ---

static void add(Diags *d, Diag diag) {
    d->items =
        arena_grow(d->arena, d->items, d->len, &d->cap, sizeof *d->items);
    d->items[d->len++] = diag;
    d->errors += diag.level == DIAG_ERROR;
}

static Str line_at(Str text, uint32_t line) {
    Str head = {0};
    for (uint32_t i = 0; i < line; i++)
        if (!str_cut(&text, '\n', &head))
            return (Str){0};
    if (str_ends(head, S("\r")))
        head.len--;
    return head;
}

// The byte where the last `columns` code points before `at` begin.
static size_t back(Str s, size_t at, size_t columns) {
    for (; at > 0 && columns > 0; columns--)
        text_before(s, &at);
    return at;
}

// Half an attribute of a 1 MiB line helps nobody: a window around the column,
// and the caret moved along.
static void set_quote(Arena *a, Diag *diag, Str text) {
    Str line = diag->line ? line_at(text, diag->line) : (Str){0};
    diag->caret = line.len ? diag->col : 0;
    size_t short_end = text_offset(line, QUOTE_COLUMNS);
    if (short_end == line.len) {
        diag->quote = line.len ? str_copy(a, line) : line;
        return;
    }
    size_t at = text_offset(line, diag->col ? diag->col - 1 : 0);
    size_t from = back(line, at, QUOTE_BEFORE);
    Str rest = str_slice(line, from, line.len);
    size_t to = from + text_offset(rest, QUOTE_COLUMNS);
    Str before = from ? S("…") : S(""), after = to < line.len ? S("…") : S("");
    Str middle = str_slice(line, from, to);
    diag->quote = str_fmt(a, "%.*s%.*s%.*s", STR_ARG(before), STR_ARG(middle),
                          STR_ARG(after));
    if (diag->caret)
        diag->caret =
            (uint32_t)text_count(str_slice(line, from, at)) + 1 + (from > 0);
}

static Str cut(Str s) {
    if (s.len <= LONGEST_MESSAGE)
        return s;
    return str_slice(s, 0, back(s, LONGEST_MESSAGE, 1));
}

void diag_quote(Diags *d, size_t i, Str text) {
    set_quote(d->arena, &d->items[i], text);
}

DiagLevel diag_level(const Diags *d, const char *code, DiagLevel normal) {
    const DiagLevel *level =
        d->levels && code ? map_get(d->levels, str_from(code)) : NULL;
    return level ? *level : normal;
}

__attribute__((format(printf, 5, 0))) static void
vadd(Diags *d, DiagLevel normal, const char *code, Pos pos, const char *fmt,
     va_list ap) {
    DiagLevel level = diag_level(d, code, normal);
    d->is_last_off = level == DIAG_OFF;
    if (d->is_last_off)
        return;
    Diag diag = {.level = level,
                 .code = code,
                 .path = str_copy(d->arena, pos.path),
                 .line = pos.line,
                 .col = pos.col,
                 .message = cut(str_vfmt(d->arena, fmt, ap))};
    set_quote(d->arena, &diag, pos.text);
    add(d, diag);
}

bool diag_error(Diags *d, const char *code, Pos pos, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    vadd(d, DIAG_ERROR, code, pos, fmt, ap);
    va_end(ap);
    return false;
}

void diag_warn(Diags *d, const char *code, Pos pos, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    vadd(d, DIAG_WARNING, code, pos, fmt, ap);
    va_end(ap);
}

void diag_note(Diags *d, const char *code, Pos pos, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    vadd(d, DIAG_NOTE, code, pos, fmt, ap);
    va_end(ap);
}

void diag_hint(Diags *d, const char *fmt, ...) {
    if (d->is_last_off || !d->len)
        return;
    va_list ap;
    va_start(ap, fmt);
    d->items[d->len - 1].hint = cut(str_vfmt(d->arena, fmt, ap));
    va_end(ap);
}

// strerror's text follows the language of messages, so it agrees with ours.
bool diag_system(Diags *d, Str path, const char *doing, int err) {
    char why[256];
    const char *text = strerror_r(err, why, sizeof why);
    return diag_error(d, "E-SYSTEM", (Pos){.path = path}, _("cannot %s: %s"),
                      doing, text);
}

void diags_append(Diags *to, const Diags *from) {
    for (size_t i = 0; i < from->len; i++)
        add(to, from->items[i]);
    if (from->len)
        to->is_last_off = false;
}

// --- Order ---

typedef struct {
    Diag diag;
    size_t at;
} Placed;

static int by_place(const void *a, const void *b) {
    const Placed *x = a, *y = b;
    int c = (x->diag.path.len == 0) - (y->diag.path.len == 0);
    if (!c)
        c = str_cmp(x->diag.path, y->diag.path);
    if (!c)
        c = (x->diag.line > y->diag.line) - (x->diag.line < y->diag.line);
    if (!c)
        c = (x->diag.col > y->diag.col) - (x->diag.col < y->diag.col);
    return c ? c : (x->at > y->at) - (x->at < y->at);
}

void diags_sort(Diags *d) {
    Placed *placed = ARENA_ARRAY(d->arena, Placed, d->len);
    for (size_t i = 0; i < d->len; i++)
        placed[i] = (Placed){d->items[i], i};
    if (d->len)
        qsort(placed, d->len, sizeof *placed, by_place);
    for (size_t i = 0; i < d->len; i++)
        d->items[i] = placed[i].diag;
}

// --- Printing ---

// Up to the caret, as wide as what stands above it. Tabs stay tabs, so that
// they are as wide as there.
static void put_indent(Buf *out, Arena *a, Str before) {
    Str part;
    for (bool is_first = true; str_cut(&before, '\t', &part);
         is_first = false) {
        if (!is_first)
            buf_putc(out, '\t');
        Buf shown = {.arena = a};
        escape_terminal(&shown, part);
        for (size_t n = text_width(buf_str(&shown)); n > 0; n--)
            buf_putc(out, ' ');
    }
}

static void put_line(Buf *out, Str line) {
    Str part;
    for (bool is_first = true; str_cut(&line, '\t', &part); is_first = false) {
        if (!is_first)
            buf_putc(out, '\t');
        escape_terminal(out, part);
    }
}

static void put_quote(Buf *out, const Diag *d) {
    buf_put(out, S("    "));
    put_line(out, d->quote);
    buf_putc(out, '\n');
    if (!d->caret)
        return;
    buf_put(out, S("    "));
    size_t at = text_offset(d->quote, d->caret - 1);
    put_indent(out, out->arena, str_slice(d->quote, 0, at));
    buf_put(out, S("^\n"));
}

static const char *level_name(DiagLevel level) {
    switch (level) {
    case DIAG_ERROR:
        return _("error");
    case DIAG_WARNING:
        return _("warning");
    default:
        return _("note");
    }
}

static void put_place(Buf *out, const Diag *d) {
    if (!d->path.len)
        return;
    escape_terminal(out, d->path);
    if (d->line)
        buf_fmt(out, ":%u", d->line);
    if (d->line && d->col)
        buf_fmt(out, ":%u", d->col);
    buf_put(out, S(": "));
}

static void put_diag(Buf *out, const Diag *d, bool colour) {
    static const char *const paint[] = {"\033[36m", "\033[33m", "\033[31m"};
    put_place(out, d);
    buf_fmt(out, "%s%s:%s ", colour ? paint[d->level] : "",
            level_name(d->level), colour ? "\033[0m" : "");
    escape_terminal(out, d->message);
    if (d->code)
        buf_fmt(out, " [%s]", d->code);
    buf_putc(out, '\n');
    if (d->quote.len)
        put_quote(out, d);
    if (d->hint.len) {
        buf_put(out, S("    "));
        escape_terminal(out, d->hint);
        buf_putc(out, '\n');
    }
}

// A full disk has one thing to say, not one for each file.
static bool is_same_trouble(const Diag *a, const Diag *b) {
    return a->code && b->code && !strcmp(a->code, "E-SYSTEM") &&
           !strcmp(b->code, "E-SYSTEM") && str_eq(a->message, b->message);
}

// How often what stands at `i` is said; 0: it was said before.
static size_t times_said(const Diags *d, size_t i) {
    const Diag *at = &d->items[i];
    size_t n = 0;
    if (!at->code || strcmp(at->code, "E-SYSTEM"))
        return 1;
    for (size_t k = 0; k < i; k++)
        if (is_same_trouble(at, &d->items[k]))
            return 0;
    for (size_t k = i; k < d->len; k++)
        n += is_same_trouble(at, &d->items[k]);
    return n;
}

void diags_print(const Diags *d, FILE *to, bool colour) {
    for (size_t i = 0; i < d->len; i++) {
        size_t times = times_said(d, i);
        if (!times)
            continue;
        ArenaMark mark = arena_mark(d->arena);
        Buf out = {.arena = d->arena};
        put_diag(&out, &d->items[i], colour);
        if (times > 1)
            buf_fmt(&out, _("    the same for %zu more files\n"), times - 1);
        (void)fwrite(out.ptr, 1, out.len, to);
        arena_reset(d->arena, mark);
    }
}

// --- Language ---

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// "vi" of "vi_VN.UTF-8"; empty when the value names no language.
static Str language_in(const char *value) {
    Str s = str_from(value);
    size_t n = 0;
    while (n < s.len && is_letter(s.ptr[n]))
        n++;
    s = str_slice(s, 0, n);
    if (str_eq(s, S("C")) || str_eq(s, S("POSIX")))
        return (Str){0};
    return s;
}

static Str wanted_language(void) {
    static const char *const names[] = {"LOA_LANG", "LC_ALL", "LC_MESSAGES",
                                        "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        Str lang = language_in(getenv(names[i]));
        if (lang.len)
            return lang;
    }
    return S("vi");
}

// gettext looks at LANGUAGE only when the locale is not "C", and a bare Debian
// has no other than C.UTF-8. Only messages get a locale: numbers never do.
void diag_set_language(const char *exe_dir) {
    static const char *const places[] = {"share/locale", "../share/locale",
                                         "locale"};
    char buf[PATH_MAX];
    Str lang = wanted_language();
    snprintf(buf, sizeof buf, "%.*s", STR_ARG(lang));
    setenv("LANGUAGE", buf, 1);
    setlocale(LC_MESSAGES, "C.UTF-8");
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        int n = snprintf(buf, sizeof buf, "%s/%s", exe_dir, places[i]);
        if (n < 0 || (size_t)n >= sizeof buf || access(buf, R_OK))
            continue;
        bindtextdomain("loa", buf);
        break;
    }
    bind_textdomain_codeset("loa", "UTF-8");
    bind_textdomain_codeset("libc", "UTF-8"); // strerror
    textdomain("loa");
}

// The header of a catalogue is the translation of the empty text; it names the
// language and the revision.
Str diag_catalogue(void) {
    const char *empty = "";
    return str_from(gettext(empty));
}
