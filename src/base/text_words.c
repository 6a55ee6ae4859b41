// Words and excerpts. A word is what stands between white space: a Vietnamese
// syllable, which is also how editors count the length of a text.
#include "base/text.h"

// The length of the white space that begins at `at`, 0 if none does. Few bytes
// begin one, so most are not decoded.
static size_t space_len(Str s, size_t at) {
    unsigned char c = (unsigned char)s.ptr[at];
    if (c < 0x80)
        return text_is_space(c);
    if (c != 0xC2 && (c < 0xE1 || c > 0xE3))
        return 0;
    size_t end = at;
    return text_is_space(text_next(s, &end)) ? end - at : 0;
}

// The next token at or after *at; empty at the end.
static Str next_word(Str s, size_t *at) {
    size_t from = *at, end = *at;
    while (*at < s.len) {
        size_t space = space_len(s, *at);
        if (space && end > from)
            break;
        *at += space ? space : 1;
        end = *at;
        if (space)
            from = end;
    }
    return str_slice(s, from, end);
}

size_t text_words(Str s) {
    size_t n = 0;
    for (size_t at = 0; next_word(s, &at).len;)
        n++;
    return n;
}

static Str drop_last(Str s, const Str *set, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (str_ends(s, set[i]))
            return str_slice(s, 0, s.len - set[i].len);
    return s;
}

static Str drop_closers(Str word) {
    static const Str closers[] = {S_INIT("\""), S_INIT("'"), S_INIT(")"),
                                  S_INIT("]"),  S_INIT("”"), S_INIT("’"),
                                  S_INIT("»")};
    for (size_t len = SIZE_MAX; len != word.len;) {
        len = word.len;
        word = drop_last(word, closers, sizeof closers / sizeof *closers);
    }
    return word;
}

// "TP.", "ThS." and "1." end no sentence; to miss a real end costs little.
static bool ends_sentence(Str word) {
    word = drop_closers(word);
    if (str_ends(word, S("!")) || str_ends(word, S("?")) ||
        str_ends(word, S("…")))
        return true;
    if (!str_ends(word, S(".")))
        return false;
    size_t at = 0;
    uint32_t first = text_next(word, &at);
    bool is_capital = text_lower_char(first) != first || first < 'A';
    return !is_capital || text_count(word) > 4;
}

static Str drop_loose_end(Str s) {
    static const Str loose[] = {S_INIT(","), S_INIT(";"), S_INIT(":"),
                                S_INIT("-"), S_INIT("–"), S_INIT("—"),
                                S_INIT("("), S_INIT("“"), S_INIT("."),
                                S_INIT("…"), S_INIT(" ")};
    for (size_t len = SIZE_MAX; len != s.len;) {
        len = s.len;
        s = str_trim(drop_last(s, loose, sizeof loose / sizeof *loose));
    }
    return s;
}

// "Near" is the last third of what was asked for.
Str text_truncate_words(Arena *a, Str s, size_t words) {
    size_t end = 0, sentence = 0, at = 0;
    for (size_t n = 0; n < words; n++) {
        Str word = next_word(s, &at);
        if (!word.len)
            return str_trim(s);
        end = at;
        if (n + 1 >= words - words / 3 && ends_sentence(word))
            sentence = end;
    }
    if (!next_word(s, &at).len)
        return str_trim(s);
    Buf out = {.arena = a};
    if (sentence) {
        buf_put(&out, str_trim(str_slice(s, 0, sentence)));
        buf_putc(&out, ' ');
    } else {
        buf_put(&out, drop_loose_end(str_slice(s, 0, end)));
    }
    buf_put(&out, S("…"));
    return buf_str(&out);
}
