// The text made safe for the scanner. Nearly every text has nothing to change
// and is only looked through once.
#include "base/bytes.h"
#include "base/text.h"
#include "render/mdscan.h"

enum { PLAIN, CONTROL, LEAD_C2, LEAD_EF, BACKSLASH, AMPERSAND };

static const uint8_t KINDS[256] = {
    [0x00] = CONTROL, [0x01] = CONTROL,   [0x02] = CONTROL,  [0x03] = CONTROL,
    [0x04] = CONTROL, [0x05] = CONTROL,   [0x06] = CONTROL,  [0x07] = CONTROL,
    [0x08] = CONTROL, [0x0B] = CONTROL,   [0x0C] = CONTROL,  [0x0D] = CONTROL,
    [0x0E] = CONTROL, [0x0F] = CONTROL,   [0x10] = CONTROL,  [0x11] = CONTROL,
    [0x12] = CONTROL, [0x13] = CONTROL,   [0x14] = CONTROL,  [0x15] = CONTROL,
    [0x16] = CONTROL, [0x17] = CONTROL,   [0x18] = CONTROL,  [0x19] = CONTROL,
    [0x1A] = CONTROL, [0x1B] = CONTROL,   [0x1C] = CONTROL,  [0x1D] = CONTROL,
    [0x1E] = CONTROL, [0x1F] = CONTROL,   [0x7F] = CONTROL,  [0xC2] = LEAD_C2,
    [0xEF] = LEAD_EF, ['\\'] = BACKSLASH, ['&'] = AMPERSAND,
};

// What stands at `from`: `take` bytes of the text become `put`.
typedef struct {
    size_t take;
    Str put;
    bool protects; // MARK_PROTECT comes behind it
} Edit;

static uint8_t byte_at(Str s, size_t i) {
    return i < s.len ? (uint8_t)s.ptr[i] : 0;
}

static Edit keep(Str s, size_t from, size_t n) {
    return (Edit){.take = n, .put = str_slice(s, from, from + n)};
}

static Edit control(Str s, size_t i) {
    if (s.ptr[i] != '\r')
        return (Edit){.take = 1};
    size_t n = byte_at(s, i + 1) == '\n' ? 2 : 1;
    return (Edit){.take = n, .put = S("\n")};
}

// Noncharacters: U+FDD0 to FDEF, FFFE and FFFF.
static Edit lead_ef(Str s, size_t i) {
    uint8_t second = byte_at(s, i + 1), third = byte_at(s, i + 2);
    if ((second == 0xB7 && third >= 0x90 && third <= 0xAF) ||
        (second == 0xBF && third >= 0xBE))
        return (Edit){.take = 3};
    return keep(s, i, 1);
}

static Edit lead_c2(Str s, size_t i) {
    uint8_t second = byte_at(s, i + 1);
    if (second >= 0x80 && second < 0xA0)
        return (Edit){.take = 2};
    return keep(s, i, 1);
}

static Edit backslash(Str s, size_t i) {
    uint8_t next = byte_at(s, i + 1), after = byte_at(s, i + 2);
    Edit e = keep(s, i, next == '\\' ? 2 : 1);
    bool is_box = after == '^' || after == '!' || after == ' ' ||
                  after == 'x' || after == 'X';
    if (next == '~' || next == ']' || next == '"' || next == '\'' ||
        next == '.' || next == '-' || (next == '[' && is_box) ||
        (next == '{' && after == '#')) {
        e = keep(s, i, 2);
        e.protects = true;
    }
    return e;
}

static int digit_value(uint8_t c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

// "&#126;" and the like. One that would be a mark is broken, one that would be
// a tilde or a bracket is protected as `\~` is.
static Edit ampersand(Str s, size_t from) {
    if (byte_at(s, from + 1) != '#')
        return keep(s, from, 1);
    bool is_hex = (byte_at(s, from + 2) | 0x20) == 'x';
    size_t i = from + 2 + is_hex;
    uint32_t value = 0;
    for (int d; (d = digit_value(byte_at(s, i))) < (is_hex ? 16 : 10); i++)
        value =
            value > 0x10FFFF ? value : value * (is_hex ? 16 : 10) + (uint32_t)d;
    bool is_mark = value >= 0xFDD0 && value <= 0xFDEF;
    bool is_live = (value == '~' || value == '[') && byte_at(s, i) == ';';
    Edit e = keep(s, from, is_live ? i + 1 - from : 2);
    e.protects = is_mark || is_live;
    return e;
}

static Edit edit_at(Str s, size_t i) {
    switch (KINDS[(uint8_t)s.ptr[i]]) {
    case CONTROL:
        return control(s, i);
    case LEAD_C2:
        return lead_c2(s, i);
    case LEAD_EF:
        return lead_ef(s, i);
    case BACKSLASH:
        return backslash(s, i);
    case AMPERSAND:
        return ampersand(s, i);
    default:
        return keep(s, i, 1);
    }
}

static bool changes(Edit e) {
    return e.protects || e.take != e.put.len || e.put.ptr[0] == '\n';
}

// Whether none of sixteen bytes needs a look; a tab gets one, too.
static bool is_plain_run(const char *p) {
    Bytes c = bytes_at(p);
    Bytes is_control = (Bytes)((c & 0xE0) == 0) & ~(Bytes)(c == '\n');
    return bytes_are_zero(is_control | (Bytes)(c == 0x7F) | (Bytes)(c == '&') |
                          (Bytes)(c == '\\') | (Bytes)(c == 0xC2) |
                          (Bytes)(c == 0xEF));
}

// The next byte that is not PLAIN.
static size_t skip_plain(Str s, size_t i) {
    for (size_t end; i < s.len; i = end) {
        while (s.len - i >= BYTES && is_plain_run(s.ptr + i))
            i += BYTES;
        end = s.len - i < BYTES ? s.len : i + BYTES;
        while (i < end && !KINDS[(uint8_t)s.ptr[i]])
            i++;
        if (i < end)
            return i;
    }
    return i;
}

// The first edit at or after `from`, which is moved there; false: none is left.
static bool next_edit(Str s, size_t *from, Edit *e) {
    for (size_t i = *from; i < s.len; i += e->take) {
        i = skip_plain(s, i);
        if (i == s.len)
            return false;
        *e = edit_at(s, i);
        *from = i;
        if (changes(*e))
            return true;
    }
    return false;
}

// Invalid bytes are made valid first: else the two halves of a mark could come
// together when what stands between them is dropped.
Str md_prepare(Arena *a, Str text) {
    size_t at = 0, done = 0;
    Edit e = {0};
    if (!next_edit(text, &at, &e))
        return text;
    if (text_invalid_at(text) != SIZE_MAX)
        text = text_clean(a, text);
    Buf out = {.arena = a};
    for (at = 0; next_edit(text, &at, &e); at = done) {
        buf_reserve(&out, text.len - done + MARK_LEN);
        buf_put(&out, str_slice(text, done, at));
        buf_put(&out, e.put);
        buf_put(&out, e.protects ? S(MARK_PROTECT) : (Str){0});
        done = at + e.take;
    }
    buf_put(&out, str_slice(text, done, text.len));
    return buf_str(&out);
}
