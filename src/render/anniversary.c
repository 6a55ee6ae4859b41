#include "render/anniversary.h"

#include "base/text.h"

enum {
    MAX_SAID = 20,  // messages for one piece
    MAX_NAME = 300, // bytes
    MAX_BRACKETS = 80,
    HALF_YEAR = 183 * 24 * 3600,
    NYEARS = 4,
};

typedef struct {
    const World *w;
    const Page *page;
    Str text;
    int years[NYEARS]; // the first is the one a message names; 0: none
} Reader;

static int year_of(const World *w, Date d) {
    if (!date_is_set(d))
        return 0;
    d.offset_minutes = w->site->cfg->zone;
    return date_parts(d).year;
}

static Date window_date(const Page *page, Str name, Str side) {
    const Value *v = name.len ? value_get(&page->fields, name) : NULL;
    if (v && v->kind == VALUE_MAP)
        v = value_get(v, side);
    return v && v->kind == VALUE_DATE ? v->as.date : (Date){0};
}

static void find_years(Reader *r) {
    const Page *p = r->page;
    Date later = p->date;
    later.unix_seconds += HALF_YEAR;
    r->years[0] = year_of(r->w, p->date);
    r->years[1] = r->years[0] ? year_of(r->w, later) : 0;
    r->years[2] =
        year_of(r->w, window_date(p, p->type->window_start, S("from")));
    r->years[3] = year_of(r->w, window_date(p, p->type->window_end, S("to")));
}

// --- before and behind "năm"

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// A blank, one that does not break (C2 A0), or a mark of Markdown.
static size_t blank_at(Str s, size_t i) {
    char c = i < s.len ? s.ptr[i] : 0;
    if (c == ' ' || c == '\n' || c == '\t' || c == '*' || c == '_')
        return 1;
    return c == '\xc2' && i + 1 < s.len && s.ptr[i + 1] == '\xa0' ? 2 : 0;
}

static size_t skip_blanks(Str s, size_t i) {
    for (size_t n; (n = blank_at(s, i)); i += n)
        ;
    return i;
}

static size_t skip_blanks_back(Str s, size_t i) {
    for (;;) {
        if (i && blank_at(s, i - 1) == 1)
            i--;
        else if (i > 1 && blank_at(s, i - 2) == 2)
            i -= 2;
        else
            return i;
    }
}

// The number that ends at `end`, at most three digits; 0: none. *start: where
// it begins.
static int number_before(Str s, size_t end, size_t *start) {
    size_t i = end;
    int64_t n = 0;
    while (i && is_digit(s.ptr[i - 1]))
        i--;
    bool is_part = i && (s.ptr[i - 1] == '.' || s.ptr[i - 1] == ',' ||
                         s.ptr[i - 1] == '/' || s.ptr[i - 1] == '-');
    *start = i;
    return end - i >= 1 && end - i <= 3 && !is_part &&
                   str_to_int(str_slice(s, i, end), &n)
               ? (int)n
               : 0;
}

static bool ends_name(char c) {
    static const Str marks = S_INIT(",.;:!?()[]\"'");
    return str_find(marks, (Str){&c, 1}, 0) != SIZE_MAX;
}

static size_t word_end(Str s, size_t i) {
    while (i < s.len && !blank_at(s, i) && !ends_name(s.ptr[i]))
        i++;
    return i;
}

// Where the name that `text` begins with ends; 0: another word. It is as many
// words as `key` has, whatever blanks and marks stand between them.
static size_t name_end(Job *job, Str text, Str key) {
    Str head = str_slice(text, 0, MAX_NAME);
    Buf plain = {.arena = job->scratch};
    size_t end = 0, words = 1;
    for (size_t i = 0; i < key.len; i++)
        words += key.ptr[i] == ' ';
    for (size_t start = 0; words; words--) {
        end = word_end(head, start);
        buf_put(&plain, str_slice(head, start, end));
        buf_putc(&plain, ' ');
        start = skip_blanks(head, end);
    }
    return str_eq(text_key(job->scratch, buf_str(&plain)), key) ? end : 0;
}

// The last year in the brackets that follow: (01/5/1886 - 01/5/2023). 0: none.
static int year_behind(Str s) {
    size_t i = skip_blanks(s, 0), digits = 0;
    int64_t n, year = 0;
    if (i >= s.len || s.ptr[i] != '(')
        return 0;
    for (size_t end = i + MAX_BRACKETS; i < s.len && i < end; i++) {
        digits = is_digit(s.ptr[i]) ? digits + 1 : 0;
        if (digits == 4 && str_to_int(str_slice(s, i - 3, i + 1), &n))
            year = n;
        if (s.ptr[i] == ')')
            break;
    }
    return (int)year;
}

// --- one count

static bool is_right(const Reader *r, int count, int since, int behind) {
    if (behind && behind != since)
        return count == behind - since;
    for (int i = 0; i < NYEARS; i++)
        if (r->years[i] && count == r->years[i] - since)
            return true;
    return !r->years[0]; // without a day nothing is wrong
}

static void say(Job *job, const Reader *r, size_t at, const Anniversary *a,
                int year) {
    diag_warn(job->diags, "W-ANNIV", source_pos_at(r->page->src, at),
              _("'%.*s': in %d it is %d years"), STR_ARG(a->name), year,
              year - a->year);
    diag_hint(job->diags,
              _("correct the number; if another year is meant, write both "
                "years behind the name: (%d - %d)"),
              a->year, year);
}

// "N năm NAME", with "năm" at `at`. True: something was said.
static bool check_at(Job *job, const Reader *r, size_t at, Str word) {
    size_t start, behind = skip_blanks(r->text, at + word.len);
    int count = number_before(r->text, skip_blanks_back(r->text, at), &start);
    Str rest = str_slice(r->text, behind, r->text.len);
    const Site *site = r->w->site;
    if (!count || behind == at + word.len)
        return false;
    for (size_t i = 0; i < site->nanniversaries; i++) {
        const Anniversary *a = &site->anniversaries[i];
        size_t end = name_end(job, rest, a->key);
        if (!end)
            continue;
        int year = year_behind(str_slice(rest, end, rest.len));
        if (is_right(r, count, a->year, year))
            return false;
        bool is_said = year && year != a->year;
        say(job, r, start, a, is_said ? year : r->years[0]);
        return true;
    }
    return false;
}

void anniversary_check(Job *job, const World *w, const Page *page) {
    Reader r = {.w = w, .page = page, .text = page->src->text};
    Str word = S("năm");
    if (!w->site->nanniversaries)
        return;
    find_years(&r);
    int said = 0;
    for (size_t at = str_find(r.text, word, 0);
         at != SIZE_MAX && said < MAX_SAID;
         at = str_find(r.text, word, at + word.len))
        said += check_at(job, &r, at, word);
}
