#include "plan/reads.h"

#include <string.h>

#include "base/text.h"

static bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static char at(Str text, size_t i) {
    return i < text.len ? text.ptr[i] : '\0';
}

static bool ends_with_page(Str before) {
    size_t n = strlen("page.");
    return before.len >= n &&
           str_eq(str_slice(before, before.len - n, before.len), S("page.")) &&
           (before.len == n || !is_name(before.ptr[before.len - n - 1]));
}

// `own` when it is only read of `page`.
static unsigned find_word(Str text, Str word, unsigned flag, unsigned own) {
    unsigned found = 0;
    for (size_t i = 0; (i = str_find(text, word, i)) != SIZE_MAX; i++)
        if ((i == 0 || !is_name(text.ptr[i - 1])) &&
            !is_name(at(text, i + word.len)))
            found |= ends_with_page(str_slice(text, 0, i)) ? own : flag;
    return found;
}

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t skip_space(Str text, size_t i) {
    while (is_space(at(text, i)))
        i++;
    return i;
}

static bool is_filter(Str text, size_t i) {
    while (i && is_space(text.ptr[i - 1]))
        i--;
    return i && text.ptr[i - 1] == '|';
}

static bool has_filter(Str text, Str name) {
    for (size_t i = 0; (i = str_find(text, name, i)) != SIZE_MAX; i++)
        if (is_filter(text, i))
            return true;
    return false;
}

// Where `name` ends, when it stands at `i` as a word of its own; else 0.
static size_t word_end(Str text, size_t i, Str name) {
    bool is_word = (i == 0 || !is_name(text.ptr[i - 1])) &&
                   !is_name(at(text, i + name.len));
    return is_word ? i + name.len : 0;
}

// with item as page
static bool has_words(Str text, Str first, Str second) {
    for (size_t i = 0; (i = str_find(text, first, i)) != SIZE_MAX; i++) {
        size_t end = word_end(text, i, first), next = skip_space(text, end);
        if (end && str_starts(str_slice(text, next, text.len), second) &&
            word_end(text, next, second))
            return true;
    }
    return false;
}

// render 'x', page: item
static bool passes_page(Str text) {
    Str page = S("page");
    for (size_t i = 0; (i = str_find(text, page, i)) != SIZE_MAX; i++) {
        size_t from = skip_space(text, word_end(text, i, page));
        if (at(text, from) != ':')
            continue;
        from = skip_space(text, from + 1);
        Str rest = str_slice(text, from, text.len);
        if (!str_starts(rest, page) || is_name(at(rest, 4)) ||
            at(rest, 4) == '.' || at(rest, 4) == '[')
            return true;
    }
    return has_words(text, S("as"), page) ||
           has_words(text, S("assign"), page) ||
           has_words(text, S("for"), page);
}

// The name of what is read may be a value itself: item[key]. What follows it
// is then read of a stub or a field: item[key].title, and that is no matter.
// What a shortcode is given is no page, and params hold none.
static bool has_index(Str text) {
    static const char *const others[] = {"files", "pages", "csv", "args",
                                         "params"};
    for (size_t i = 0; (i = str_find(text, S("["), i)) != SIZE_MAX; i++) {
        char next = at(text, skip_space(text, i + 1));
        bool is_other = false;
        for (size_t k = 0; k < sizeof others / sizeof *others; k++)
            is_other |= str_ends(str_slice(text, 0, i), str_from(others[k]));
        if (is_other)
            continue;
        if (!is_name(next) || (next >= '0' && next <= '9') || next == '-')
            continue;
        size_t end = str_find(text, S("]"), i);
        Str rest = str_slice(text, end == SIZE_MAX ? i : end + 1, text.len);
        if (!str_starts(rest, S(".")) || str_starts(rest, S(".size")))
            return true;
    }
    return false;
}

// Likewise of filters that take the name of a key: map: key.
static bool has_key_filter(Str text) {
    static const char *const filters[] = {
        "map",  "where",  "sort",    "sort_natural", "sum", "uniq",
        "find", "reject", "compact", "find_index",   "has", "group_by"};
    for (size_t k = 0; k < sizeof filters / sizeof *filters; k++) {
        Str name = str_from(filters[k]);
        for (size_t i = 0; (i = str_find(text, name, i)) != SIZE_MAX; i++) {
            size_t arg = skip_space(text, i + name.len);
            if (!is_filter(text, i) || at(text, arg) != ':')
                continue;
            arg = skip_space(text, arg + 1);
            if (at(text, arg) != '\'' && at(text, arg) != '"')
                return true;
        }
    }
    return false;
}

// Front matter has the same words in other meanings.
static Str body_of(Str text) {
    size_t end = str_starts(text, S("---\n")) ? str_find(text, S("\n---\n"), 3)
                                              : SIZE_MAX;
    return end == SIZE_MAX ? text : str_slice(text, end + 5, text.len);
}

unsigned reads_of(const Template *t) {
    Str text = body_of(t->src->text);
    if (has_filter(text, S("json")) || has_filter(text, S("inspect")) ||
        has_index(text) || has_key_filter(text))
        return READS_ALL;
    return find_word(text, S("count"), READS_COUNT, READS_OWN_COUNT) |
           find_word(text, S("excerpt"), READS_EXCERPT, READS_OWN_EXCERPT) |
           (passes_page(text) ? PASSES_PAGE : 0u);
}

unsigned reads_together(unsigned reads) {
    bool is_other = reads & PASSES_PAGE;
    if (is_other && reads & READS_OWN_COUNT)
        reads |= READS_COUNT;
    if (is_other && reads & READS_OWN_EXCERPT)
        reads |= READS_EXCERPT;
    return reads & READS_ALL;
}
