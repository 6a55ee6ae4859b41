#include "render/mdsmart.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter_at(Str s, size_t at) {
    if (at >= s.len)
        return false;
    uint8_t c = (uint8_t)s.ptr[at];
    return (c | 32) >= 'a' && (c | 32) <= 'z' ? true : c >= 0xC3 && c != 0xE2;
}

// What a number follows. Longest first where one ends another; a name of two
// syllables needs both, so that "ý định 5" is none.
static const Str named[] = {
    S_INIT("điều"),       S_INIT("khoản"),     S_INIT("điểm"),
    S_INIT("chương"),     S_INIT("mục"),       S_INIT("phụ lục"),
    S_INIT("nghị định"),  S_INIT("thông tư"),  S_INIT("quyết định"),
    S_INIT("nghị quyết"), S_INIT("kế hoạch"),  S_INIT("công văn"),
    S_INIT("chỉ thị"),    S_INIT("hướng dẫn"), S_INIT("kết luận"),
    S_INIT("thông báo"),  S_INIT("báo cáo"),   S_INIT("tờ trình"),
    S_INIT("luật số"),    S_INIT("số"),
};

// What follows a number.
static const Str units[] = {
    S_INIT("đồng"),  S_INIT("%"),    S_INIT("‰"),     S_INIT("giờ"),
    S_INIT("phút"),  S_INIT("giây"), S_INIT("km"),    S_INIT("m"),
    S_INIT("cm"),    S_INIT("mm"),   S_INIT("km²"),   S_INIT("m²"),
    S_INIT("m2"),    S_INIT("m³"),   S_INIT("m3"),    S_INIT("ha"),
    S_INIT("kg"),    S_INIT("g"),    S_INIT("tấn"),   S_INIT("tạ"),
    S_INIT("yến"),   S_INIT("lít"),  S_INIT("ml"),    S_INIT("°C"),
    S_INIT("triệu"), S_INIT("tỷ"),   S_INIT("tỉ"),    S_INIT("nghìn"),
    S_INIT("ngàn"),  S_INIT("USD"),  S_INIT("VND"),   S_INIT("VNĐ"),
    S_INIT("đ"),     S_INIT("ngày"), S_INIT("tháng"), S_INIT("năm"),
    S_INIT("tuổi"),  S_INIT("kWh"),  S_INIT("kW"),    S_INIT("W"),
    S_INIT("km/h"),  S_INIT("MB"),   S_INIT("GB"),    S_INIT("KB"),
};

enum { MAX_BACK = 24, MAX_NUMERAL = 6 };

// `word` in lower case at the end of `s`, at a word's beginning. An upper case
// letter is another byte length for none of the words.
static bool ends_with(Str s, Str word) {
    if (s.len < word.len)
        return false;
    size_t from = s.len - word.len;
    if (from && is_letter_at(s, from - 1))
        return false;
    // The byte before may end a letter with a mark.
    if (from && (uint8_t)s.ptr[from - 1] >= 0x80 &&
        !str_ends(str_slice(s, 0, from), S("\xC2\xA0")) &&
        !str_ends(str_slice(s, 0, from), S("“")))
        return false;
    for (size_t a = from, b = 0; b < word.len;)
        if (text_lower_char(text_next(s, &a)) != text_next(word, &b))
            return false;
    return true;
}

static bool is_named(Str before) {
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (ends_with(before, named[i]))
            return true;
    return false;
}

// "Chương IV", "điểm a": a Roman number or one letter that stands alone.
static bool is_numeral(Str s, size_t at) {
    size_t i = at;
    while (i < s.len && i - at < MAX_NUMERAL && strchr("IVXLC", s.ptr[i]))
        i++;
    if (i > at && !is_letter_at(s, i))
        return true;
    return at < s.len && s.ptr[at] >= 'a' && s.ptr[at] <= 'z' &&
           !is_letter_at(s, at + 1);
}

static bool is_unit_at(Str s, size_t at) {
    Str rest = str_slice(s, at, s.len);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t n = units[i].len;
        if (str_starts(rest, units[i]) && !is_letter_at(rest, n) &&
            !(n < rest.len && is_digit(rest.ptr[n])) &&
            !str_starts(str_slice(rest, n, rest.len), S("/")) &&
            !str_starts(str_slice(rest, n, rest.len), S("²")))
            return true;
    }
    return false;
}

// The word before is a number: digits, and . , / - between them.
static bool ends_in_number(Str s) {
    size_t i = s.len;
    while (i && s.len - i < MAX_BACK &&
           (is_digit(s.ptr[i - 1]) || strchr(".,/-", s.ptr[i - 1])))
        i--;
    return i < s.len && is_digit(s.ptr[s.len - 1]) &&
           (!i || ((uint8_t)s.ptr[i - 1] < 0x80 && !is_letter_at(s, i - 1)) ||
            str_ends(str_slice(s, 0, i), S("\xC2\xA0")) ||
            str_ends(str_slice(s, 0, i), S("“")));
}

static bool is_upper_at(Str s, size_t at) {
    if (at >= s.len)
        return false;
    uint32_t c = text_next(s, &at);
    return text_lower_char(c) != c;
}

static bool is_mister(Str before) {
    return ends_with(before, S("ông")) || ends_with(before, S("bà"));
}

// Whether what is around a blank may be one of those below, by single bytes.
static bool may_keep(Str s, size_t at) {
    char last = s.ptr[at - 1], first = s.ptr[at + 1];
    char third = at >= 3 ? s.ptr[at - 3] : 0;
    if (is_digit(last) || is_digit(first))
        return true;
    if ((last == 'g' && (third == '\xB4' || third == '\x94')) ||
        (last == '\xA0' && (third | 32) == 'b'))
        return true;
    last |= 32;
    return (last == 'g' || last == 'c' || last == 'm') &&
           ((first >= 'C' && first <= 'X') || (first >= 'a' && first <= 'z'));
}

bool mdsmart_keeps(Str s, size_t at) {
    size_t next = at + 1;
    if (!at || next >= s.len || !may_keep(s, at)) // most blanks
        return false;
    char last = s.ptr[at - 1];
    size_t from = at > MAX_BACK ? at - MAX_BACK : 0;
    while (from < at && ((uint8_t)s.ptr[from] & 0xC0) == 0x80)
        from++;
    Str before = str_slice(s, from, at);
    if (!before.len)
        return false;
    if (is_digit(last) && ends_in_number(before) && is_unit_at(s, next))
        return true;
    if (is_digit(s.ptr[next]))
        return is_named(before);
    if ((last == 'g' || last == '\xA0') && is_upper_at(s, next) &&
        is_mister(before))
        return true;
    return is_numeral(s, next) &&
           (ends_with(before, S("chương")) || ends_with(before, S("mục")) ||
            ends_with(before, S("điểm")));
}

// ---- sixteen places at once

static inline Bytes between(Bytes c, unsigned char low, unsigned char high) {
    return (Bytes)((Bytes)(c - low) <= (unsigned char)(high - low));
}

// Behind "ông" or "bà", before a capital or what may be one. What stands before
// them is no letter: else every "công đoàn" would be looked at.
static inline Bytes may_be_mister(const char *p) {
    Bytes last = bytes_at(p - 1), first = bytes_at(p + 1);
    Bytes third = bytes_at(p - 3), fifth = bytes_at(p - 5);
    Bytes is_ong = (Bytes)(last == 'g') & ~between(fifth | 32, 'a', 'z') &
                   ((Bytes)(third == 0xB4) | (Bytes)(third == 0x94));
    Bytes is_ba = (Bytes)(last == 0xA0) & (Bytes)((third | 32) == 'b');
    return (is_ong | is_ba) &
           (between(first, 'A', 'Z') | (Bytes)(first >= 0xC3));
}

// Behind the end of "chương", "mục" or "điểm", before a Roman number or one
// letter.
static inline Bytes may_be_numeral(const char *p) {
    Bytes last = bytes_at(p - 1) | 32, first = bytes_at(p + 1);
    Bytes second = bytes_at(p + 2);
    Bytes is_end =
        (Bytes)(last == 'g') | (Bytes)(last == 'c') | (Bytes)(last == 'm');
    Bytes is_letter = between(second | 32, 'a', 'z') |
                      ((Bytes)(second >= 0xC3) & ~(Bytes)(second == 0xE2));
    return is_end &
           (between(first, 'C', 'X') | (between(first, 'a', 'z') & ~is_letter));
}

// Reads from p - 5 to p + BYTES + 2. The first look is enough for most runs.
static bool is_dull_run(const char *p) {
    Bytes c = bytes_at(p), next = bytes_at(p + 1), last = bytes_at(p - 1);
    Bytes is_blank = (Bytes)(c == ' '), lower = last | 32;
    Bytes is_pair =
        (Bytes)(c == next) & ((Bytes)(c == '.') | (Bytes)(c == '-'));
    Bytes is_digit_near = between(last, '0', '9') | between(next, '0', '9');
    if (!bytes_are_zero((Bytes)(c == '"') | (Bytes)(c == '\'') | is_pair |
                        (is_blank & is_digit_near)))
        return false;
    is_blank &= (Bytes)(lower == 'g') | (Bytes)(lower == 'c') |
                (Bytes)(lower == 'm') | (Bytes)(last == 0xA0);
    return bytes_are_zero(is_blank) ||
           bytes_are_zero(is_blank & (may_be_mister(p) | may_be_numeral(p)));
}

size_t mdsmart_skip(Str s, size_t at) {
    while (s.len - at >= BYTES + 2 && is_dull_run(s.ptr + at))
        at += BYTES;
    return at;
}
