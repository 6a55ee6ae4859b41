//   number = digits [letter] sep symbol
//   law    = digits "/" year "/" symbol          45/2019/QH14, 135/2020/NĐ-CP
//   party  = digits "-" letters "/" letters      01-KL/TW
//   office = digits "/" letters ["-" letters]    438/KH-LĐLĐ, 2214/QĐ-TTg

#include "parse/docnum.h"

#include <string.h>

#include "base/text.h"

typedef struct {
    Str s;
    size_t at;
    bool is_tight;   // no spaces round the separators
    bool is_capital; // every part of the symbol begins with a capital
} Scan;

// What stands before the symbol.
typedef struct {
    Str digits; // with their letter: "12a"
    int64_t sequence, year;
    char sep;
} Head;

static bool is_digit(uint32_t c) {
    return c >= '0' && c <= '9';
}

static uint32_t peek(const Scan *c, size_t at) {
    return at < c->s.len ? text_next(c->s, &at) : 0;
}

static bool is_letter(uint32_t c) {
    bool is_latin = (c >= 0xc0 && c <= 0x24f) || (c >= 0x1ea0 && c <= 0x1ef9);
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == 0x256 ||
           (is_latin && c != 0xd7 && c != 0xf7);
}

static bool is_capital(uint32_t c) {
    return (c >= 'A' && c <= 'Z') ||
           (c > 0x7f && is_letter(c) && text_lower_char(c) != c);
}

static bool is_dash(uint32_t c) {
    return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

// Letters that are read as Đ and đ.
static uint32_t true_letter(uint32_t c) {
    if (c == 0xd0 || c == 0x189)
        return 0x110;
    return c == 0xf0 || c == 0x256 ? 0x111 : c;
}

static void skip_spaces(Scan *c) {
    while (c->at < c->s.len) {
        size_t next = c->at;
        uint32_t x = text_next(c->s, &next);
        if (x != ' ' && x != 0xa0 && x != '\t' && x != '\n')
            return;
        c->at = next;
    }
}

// '/' or '-', spaces round it allowed; 0 and nothing consumed if there is none.
static char take_separator(Scan *c) {
    size_t start = c->at;
    if (!c->is_tight)
        skip_spaces(c);
    uint32_t x = peek(c, c->at);
    if (x != '/' && !is_dash(x)) {
        c->at = start;
        return 0;
    }
    text_next(c->s, &c->at);
    if (!c->is_tight)
        skip_spaces(c);
    return x == '/' ? '/' : '-';
}

static size_t take_digits(Scan *c) {
    size_t start = c->at;
    while (c->at < c->s.len && is_digit((uint8_t)c->s.ptr[c->at]))
        c->at++;
    return c->at - start;
}

// Letters, then digits: QH14, TTg, NĐ.
static bool take_group(Scan *c, Buf *out) {
    size_t start = c->at;
    uint32_t first = peek(c, c->at);
    if (!is_letter(first) || (c->is_capital && !is_capital(first)))
        return false;
    while (is_letter(peek(c, c->at)))
        text_put(out, true_letter(text_next(c->s, &c->at)));
    size_t digits = c->at;
    take_digits(c);
    buf_put(out, str_slice(c->s, digits, c->at));
    return c->at - start <= 40;
}

// Groups joined by separators; counts the slashes among them.
static bool take_symbol(Scan *c, Buf *out, size_t *slashes) {
    *slashes = 0;
    if (!take_group(c, out))
        return false;
    for (int i = 0; i < DOCNUM_READINGS - 1; i++) {
        size_t back = c->at, len = out->len;
        char sep = take_separator(c);
        if (!sep)
            return true;
        buf_putc(out, sep);
        if (!take_group(c, out)) {
            c->at = back; // "45/2019/QH14 - Bộ luật" ends before the dash
            out->len = len;
            return true;
        }
        *slashes += sep == '/';
    }
    return true;
}

static const char *office_form(Str key) {
    static const Str unions[] = {S_INIT("ldld"), S_INIT("tld"), S_INIT("cd")};
    Str rest = key, word;
    while (str_cut(&rest, ' ', &word)) {
        for (size_t i = 0; i < 3; i++) {
            if (str_starts(word, unions[i]))
                return "union";
        }
    }
    return "state";
}

Str docnum_key(Arena *a, Str number) {
    Str folded = text_fold(a, number);
    Buf b = {.arena = a};
    for (size_t i = 0; i < folded.len; i++) {
        char c = folded.ptr[i];
        buf_putc(&b, c == '/' || c == '-' ? ' ' : c);
    }
    return buf_str(&b);
}

static bool take_year(Scan *c, Head *out) {
    Scan ahead = *c;
    size_t start = ahead.at;
    int64_t year;
    if (take_digits(&ahead) != 4 ||
        !str_to_int(str_slice(ahead.s, start, ahead.at), &year) ||
        take_separator(&ahead) != '/' || year < 1900)
        return false;
    out->year = year;
    *c = ahead;
    return true;
}

static bool take_head(Scan *c, Head *out) {
    size_t start = c->at;
    *out = (Head){0};
    if (!take_digits(c) || c->at - start > 6 ||
        !str_to_int(str_slice(c->s, start, c->at), &out->sequence))
        return false;
    if (c->at < c->s.len && c->s.ptr[c->at] >= 'a' && c->s.ptr[c->at] <= 'd')
        c->at++; // 12a/QĐ-LĐLĐ
    out->digits = str_slice(c->s, start, c->at);
    out->sep = take_separator(c);
    if (out->sep == '/')
        take_year(c, out);
    return out->sep != 0;
}

static void put_head(Buf *to, const Head *head) {
    buf_put(to, head->digits);
    buf_putc(to, head->sep);
    if (head->year)
        buf_fmt(to, "%d/", (int)head->year);
}

// A document number at c->at; on success c->at is after it.
static bool take_number(Arena *a, Scan *c, DocNum *out) {
    Head head;
    Buf symbol = {.arena = a}, number = {.arena = a};
    size_t slashes;
    if (!take_head(c, &head) || !take_symbol(c, &symbol, &slashes) ||
        (head.sep == '-' && !slashes))
        return false;
    put_head(&number, &head);
    buf_put(&number, buf_str(&symbol));
    *out = (DocNum){.number = buf_str(&number),
                    .symbol = buf_str(&symbol),
                    .sequence = head.sequence,
                    .year = head.year};
    out->form = head.year         ? "law"
                : head.sep == '-' ? "party"
                                  : office_form(docnum_key(a, out->symbol));
    return true;
}

bool docnum_parse(Arena *a, Str s, DocNum *out) {
    Scan c = {.s = s};
    if (str_starts(s, S("Số ")) || str_starts(s, S("số ")))
        c.at = sizeof "Số " - 1;
    skip_spaces(&c);
    return take_number(a, &c, out) && c.at == s.len;
}

bool docnum_find(Arena *a, Str s, DocNum *out) {
    for (size_t i = 0; i < s.len; i++) {
        bool is_start = i == 0 || strchr(" ,;(", s.ptr[i - 1]);
        Scan c = {s, i, true, true};
        if (is_start && is_digit((uint8_t)s.ptr[i]) && take_number(a, &c, out))
            return true;
    }
    return false;
}

// ---- in running text

// In each form a slash stands before a part of the symbol. Bytes from C3 on
// begin letters that are not English; what is neither is looked at in vain.
bool docnum_may_be_in(Str s) {
    for (size_t i = 0; i < s.len; i++) {
        const char *p = memchr(s.ptr + i, '/', s.len - i);
        if (!p)
            return false;
        Scan c = {.s = s, .at = (size_t)(p - s.ptr) + 1};
        i = c.at - 1;
        skip_spaces(&c);
        uint8_t x = c.at < s.len ? (uint8_t)s.ptr[c.at] : 0;
        if ((x >= 'A' && x <= 'Z') || x >= 0xC3)
            return true;
    }
    return false;
}

// Not inside a word, an address, a date or a longer number.
static bool may_start(Str s, size_t at) {
    uint32_t c = text_before(s, &at);
    if (c == '.' || c == ',')
        return !is_digit(text_before(s, &at));
    return !is_letter(c) && !is_digit(c) && c != '/' && c != '-' && c != '_' &&
           c != '@' && c != '=';
}

static bool is_word_end(const Scan *c) {
    uint32_t x = peek(c, c->at);
    return !is_letter(x) && !is_digit(x) && x != '_';
}

static void turn_round(DocNumSpot *spot) {
    for (size_t i = 0, k = spot->n; i + 1 < k; i++) {
        k--;
        size_t end = spot->ends[i];
        Str key = spot->keys[i];
        spot->ends[i] = spot->ends[k];
        spot->keys[i] = spot->keys[k];
        spot->ends[k] = end;
        spot->keys[k] = key;
    }
}

static bool scan_spot(Arena *a, Str s, size_t at, DocNumSpot *out) {
    Scan c = {.s = s, .at = at, .is_capital = true};
    Head head;
    Buf number = {.arena = a};
    if (!take_head(&c, &head))
        return false;
    *out = (DocNumSpot){.start = at, .has_year = head.year != 0};
    bool has_slash = head.sep == '/';
    put_head(&number, &head);
    for (int i = 0; i < DOCNUM_READINGS; i++) {
        char sep = i ? take_separator(&c) : 0;
        if (i && !sep)
            break;
        if (sep)
            buf_putc(&number, sep);
        if (!take_group(&c, &number) || !is_word_end(&c))
            break;
        has_slash = has_slash || sep == '/';
        if (!has_slash)
            continue;
        out->ends[out->n] = c.at;
        out->keys[out->n++] = docnum_key(a, buf_str(&number));
    }
    turn_round(out);
    return out->n > 0;
}

bool docnum_scan(Arena *a, Str s, size_t from, DocNumSpot *out) {
    for (size_t i = from; i < s.len; i++) {
        if (!is_digit((uint8_t)s.ptr[i]))
            continue;
        if (may_start(s, i) && scan_spot(a, s, i, out))
            return true;
        while (i + 1 < s.len && is_digit((uint8_t)s.ptr[i + 1]))
            i++;
    }
    return false;
}

// ---- the date behind a number

static bool take_word(Scan *c, Str word) {
    if (!str_starts(str_slice(c->s, c->at, c->s.len), word))
        return false;
    c->at += word.len;
    skip_spaces(c);
    return true;
}

// A whole number of `min` to `max` digits.
static bool take_count(Scan *c, size_t min, size_t max, int64_t *out) {
    size_t start = c->at, n = take_digits(c);
    Str s = str_slice(c->s, start, c->at);
    return n >= min && n <= max && str_to_int(s, out);
}

static bool take_join(Scan *c, Str word) {
    skip_spaces(c);
    if (take_word(c, word))
        return true;
    uint32_t x = peek(c, c->at);
    if (x != '/' && x != '.' && !is_dash(x))
        return false;
    text_next(c->s, &c->at);
    skip_spaces(c);
    return true;
}

static void skip_lead(Scan *c) {
    static const Str words[] = {S_INIT(","), S_INIT("("), S_INIT("ký"),
                                S_INIT("ban hành")};
    skip_spaces(c);
    for (size_t i = 0; i < 4; i++)
        take_word(c, words[i]);
}

int docnum_year_after(Str text) {
    Scan c = {.s = text};
    int64_t day, month, year;
    skip_lead(&c);
    if (take_word(&c, S("năm")))
        return take_count(&c, 4, 4, &year) ? (int)year : 0;
    take_word(&c, S("ngày"));
    bool is_date = take_count(&c, 1, 2, &day) && take_join(&c, S("tháng")) &&
                   take_count(&c, 1, 2, &month) && take_join(&c, S("năm")) &&
                   take_count(&c, 4, 4, &year);
    return is_date ? (int)year : 0;
}
