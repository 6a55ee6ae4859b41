// Fields that hold the number of a document, and the places in a law.

#include <string.h>

#include "base/text.h"
#include "parse/docnum.h"
#include "parse/type_kinds.h"
#include "parse/yaml.h"

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static Value number_value(const KindCheck *k, const Value *v, const DocNum *n,
                          Str text) {
    Arena *a = k->job->keep;
    Value out = value_map(a);
    value_set(a, &out, S("text"), kind_str(v, text));
    value_set(a, &out, S("number"), kind_str(v, n->number));
    value_set(a, &out, S("key"), kind_str(v, docnum_key(a, n->number)));
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
    if (!docnum_parse(k->job->keep, s, &n))
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

bool kind_law(const KindCheck *k, const Value *v, Value *out) {
    Str s = {0};
    DocNum n;
    if (!kind_scalar(k, v, _("a law or the number of a document"), &s))
        return false;
    if (s.len > 1000 || !docnum_find(k->job->keep, s, &n))
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
