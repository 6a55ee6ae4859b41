// Numbers of documents and the places in them.
//
//   number = digits [letter] sep symbol
//   law    = digits "/" year "/" symbol          45/2019/QH14, 135/2020/NĐ-CP
//   party  = digits "-" letters "/" letters      01-KL/TW
//   office = digits "/" letters ["-" letters]    438/KH-LĐLĐ, 2214/QĐ-TTg
// Spaces round the separators, dashes of other lengths and the letters that
// look like Đ are folded: the same document is the same key.

#include <string.h>

#include "base/text.h"
#include "parse/type_kinds.h"
#include "parse/yaml.h"

typedef struct {
    Str number; // canonical: "438/KH-LĐLĐ"
    Str symbol; // "KH-LĐLĐ"
    int64_t sequence;
    int64_t year; // 0: none
    const char *form;
} DocNum;

typedef struct {
    Str s;
    size_t at;
    bool is_strict; // in running text: no spaces, the symbol begins with a
                    // capital
} Scan;

static bool is_digit(char c) {
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
    if (!c->is_strict)
        skip_spaces(c);
    uint32_t x = peek(c, c->at);
    if (x != '/' && !is_dash(x)) {
        c->at = start;
        return 0;
    }
    text_next(c->s, &c->at);
    if (!c->is_strict)
        skip_spaces(c);
    return x == '/' ? '/' : '-';
}

static size_t take_digits(Scan *c) {
    size_t start = c->at;
    while (c->at < c->s.len && is_digit(c->s.ptr[c->at]))
        c->at++;
    return c->at - start;
}

// Letters, then digits: QH14, TTg, NĐ.
static bool take_group(Scan *c, Buf *out) {
    size_t start = c->at;
    uint32_t first = peek(c, c->at);
    if (!is_letter(first) || (c->is_strict && first >= 'a' && first <= 'z'))
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
    for (int i = 0; i < 6; i++) {
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

// "438 kh ldld"
static Str number_key(Arena *a, Str number) {
    Str folded = text_fold(a, number);
    Buf b = {.arena = a};
    for (size_t i = 0; i < folded.len; i++) {
        char c = folded.ptr[i];
        buf_putc(&b, c == '/' || c == '-' ? ' ' : c);
    }
    return buf_str(&b);
}

static bool scan_year(Scan *c, DocNum *out) {
    Scan ahead = *c;
    size_t start = ahead.at;
    if (take_digits(&ahead) != 4 ||
        !str_to_int(str_slice(ahead.s, start, ahead.at), &out->year) ||
        take_separator(&ahead) != '/' || out->year < 1900)
        return false;
    *c = ahead;
    return true;
}

// A document number at c->at; on success c->at is after it.
static bool scan_number(Arena *a, Scan *c, DocNum *out) {
    DocNum n = {0};
    Buf symbol = {.arena = a}, number = {.arena = a};
    size_t start = c->at, slashes;
    if (!take_digits(c) || c->at - start > 6 ||
        !str_to_int(str_slice(c->s, start, c->at), &n.sequence))
        return false;
    if (c->at < c->s.len && c->s.ptr[c->at] >= 'a' && c->s.ptr[c->at] <= 'd')
        c->at++; // 12a/QĐ-LĐLĐ
    buf_put(&number, str_slice(c->s, start, c->at));
    char sep = take_separator(c);
    if (!sep)
        return false;
    buf_putc(&number, sep);
    if (sep == '/' && scan_year(c, &n))
        buf_fmt(&number, "%d/", (int)n.year);
    if (!take_symbol(c, &symbol, &slashes) || (sep == '-' && !slashes))
        return false;
    buf_put(&number, buf_str(&symbol));
    n.symbol = buf_str(&symbol);
    n.number = buf_str(&number);
    n.form = n.year       ? "law"
             : sep == '-' ? "party"
                          : office_form(number_key(a, n.symbol));
    *out = n;
    return true;
}

static Value number_value(const KindCheck *k, const Value *v, const DocNum *n,
                          Str text) {
    Arena *a = k->job->keep;
    Value out = value_map(a);
    value_set(a, &out, S("text"), kind_str(v, text));
    value_set(a, &out, S("number"), kind_str(v, n->number));
    value_set(a, &out, S("key"), kind_str(v, number_key(a, n->number)));
    value_set(a, &out, S("symbol"), kind_str(v, n->symbol));
    value_set(a, &out, S("sequence"), value_int(n->sequence));
    value_set(a, &out, S("form"), value_str(str_from(n->form)));
    if (n->year)
        value_set(a, &out, S("year"), value_int(n->year));
    return out;
}

static bool number_error(const KindCheck *k, const Value *v, Str s,
                         const char *fmt) {
    Str name = kind_name(k);
    diag_error(k->job->diags, "E-NUMBER", kind_pos(k, v), fmt, STR_ARG(name),
               STR_ARG(s));
    diag_hint(k->job->diags,
              _("write the number as on the document: 438/KH-LĐLĐ, 01-KL/TW, "
                "2214/QĐ-TTg, 45/2019/QH14"));
    return false;
}

bool kind_docnum(const KindCheck *k, const Value *v, Value *out) {
    Str s = {0};
    DocNum n;
    if (!kind_scalar(k, v, _("the number of a document"), &s))
        return false;
    Scan c = {.s = s};
    if (str_starts(s, S("Số ")) || str_starts(s, S("số ")))
        c.at = sizeof "Số " - 1;
    skip_spaces(&c);
    if (!scan_number(k->job->keep, &c, &n) || c.at != s.len)
        return number_error(k, v, s,
                            _("%.*s: '%.*s' is not the number of a document"));
    *out = number_value(k, v, &n, s);
    return true;
}

// --- places in a law

// After `word` and a space: numbers with letters, joined by commas, dashes and
// "và": "113, 114", "98", "5a".
static Str place_after(Str s, Str word) {
    size_t at = str_find(s, word, 0);
    if (at == SIZE_MAX)
        return (Str){0};
    size_t from = at + word.len, end = from, i = from;
    while (i < s.len) {
        size_t start = i;
        while (i < s.len && is_digit(s.ptr[i]))
            i++;
        if (i == start)
            break;
        if (i < s.len && s.ptr[i] >= 'a' && s.ptr[i] <= 'z')
            i++;
        // "105, 45/2019/QH14": the number of the law is no article.
        if (i < s.len && (s.ptr[i] == '/' || s.ptr[i] == '-'))
            break;
        end = i;
        Str rest = str_slice(s, i, s.len);
        if (str_starts(rest, S(", ")))
            i += 2;
        else if (str_starts(rest, S(" và ")))
            i += sizeof " và " - 1;
        else
            break;
    }
    return str_slice(s, from, end);
}

static Str letter_after(Str s, Str word) {
    size_t at = str_find(s, word, 0);
    if (at == SIZE_MAX)
        return (Str){0};
    size_t from = at + word.len, end = from;
    if (end < s.len)
        text_next(s, &end);
    bool is_alone = end == s.len || strchr(" ,;", s.ptr[end]);
    return is_alone ? str_slice(s, from, end) : (Str){0};
}

static void put_place(const KindCheck *k, const Value *v, Value *map, Str key,
                      Str place) {
    if (place.len)
        value_set(k->job->keep, map, key,
                  kind_str(v, str_copy(k->job->keep, place)));
}

static bool find_number(Arena *a, Str s, DocNum *out) {
    for (size_t i = 0; i < s.len; i++) {
        bool is_start = i == 0 || strchr(" ,;(", s.ptr[i - 1]);
        Scan c = {s, i, true};
        if (is_start && is_digit(s.ptr[i]) && scan_number(a, &c, out))
            return true;
    }
    return false;
}

bool kind_law(const KindCheck *k, const Value *v, Value *out) {
    Str s = {0};
    DocNum n;
    if (!kind_scalar(k, v, _("a law or the number of a document"), &s))
        return false;
    if (s.len > 1000 || !find_number(k->job->keep, s, &n))
        return number_error(
            k, v, s, _("%.*s: there is no number of a document in '%.*s'"));
    Str low = text_lower(k->job->scratch, s);
    *out = number_value(k, v, &n, s);
    Str article = place_after(low, S("điều "));
    if (!article.len)
        article = place_after(low, S("article "));
    put_place(k, v, out, S("article"), article);
    put_place(k, v, out, S("clause"), place_after(low, S("khoản ")));
    put_place(k, v, out, S("point"), letter_after(low, S("điểm ")));
    return true;
}
