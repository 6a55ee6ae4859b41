// Unicode and Vietnamese text: validity, NFC, folding, slugs, width. text.c is
// the only file that knows utf8proc.
#ifndef LOA_BASE_TEXT_H
#define LOA_BASE_TEXT_H

#include "base/str.h"

// Byte offset of the first byte that is not valid UTF-8 (RFC 3629), or
// SIZE_MAX when all is valid.
size_t text_invalid_at(Str s);

enum { TEXT_BAD = 0xFFFD }; // REPLACEMENT CHARACTER

// One code point at *at, advancing it. A byte that is not part of valid UTF-8
// reads as TEXT_BAD, one byte long (a written U+FFFD is three). 0 at the end.
uint32_t text_next(Str s, size_t *at);
// The one that ends at *at, which moves to its start. 0 at the beginning.
uint32_t text_before(Str s, size_t *at);
// What is no code point (surrogates, beyond U+10FFFF) is written as TEXT_BAD.
void text_put(Buf *out, uint32_t code_point);

size_t text_count(Str s);                      // code points
size_t text_offset(Str s, size_t code_points); // byte offset, clamped
size_t text_width(Str s);                      // terminal columns

bool text_is_space(uint32_t code_point); // White_Space, no-break ones too
uint32_t text_lower_char(uint32_t code_point);

// True only for starters whose NFC quick check is Yes: a text of these alone
// is in NFC. False says nothing.
bool text_is_nfc_starter(uint32_t code_point);

// True only for valid UTF-8 in NFC. False says nothing; one quick look is
// enough for most Vietnamese text.
bool text_is_plain(Str s);
// Where from `at` on, the start of a code point, that cannot be said any more.
size_t text_skip_plain(Str s, size_t at);

// NFC of `s`. Returns `s` itself, without a copy, when it already is; then
// *changed is false (changed may be NULL). Invalid bytes stay as they are.
Str text_nfc(Arena *a, Str s, bool *changed);

// Characters that may stand in XML 1.0 and HTML text (no C0 but \t \n \r, no
// DEL and C1, no surrogates, no noncharacters such as U+FFFE and U+FFFF).
bool text_is_clean_char(uint32_t code_point);
// Drops every other character; replaces invalid bytes by U+FFFD. Returns `s`
// itself when nothing has to change.
Str text_clean(Arena *a, Str s);

Str text_lower(Arena *a, Str s); // Unicode simple case mapping
Str text_upper(Arena *a, Str s);
Str text_capitalize(Arena *a, Str s); // first letter upper, rest lower

// For matching: lower case, no diacritics, đ Đ Ð Ɖ as d, white space squeezed,
// invisible characters (soft hyphen, zero-width) dropped. Other scripts keep
// their letters and vowel signs.
Str text_fold(Arena *a, Str s);

// What text_fold makes of an ASCII character, or of a Latin letter with marks;
// 0: another character, or not surely.
char text_base_letter(uint32_t code_point);

// For matching terms that are the same word (domain rules: case, Unicode form,
// spacing), diacritics kept: NFC, lower case, white space squeezed.
Str text_key(Arena *a, Str s);

// fold, [^a-z0-9]+ to "-", trimmed, cut at a "-" to at most 80 bytes. A letter
// that has no Latin base becomes its code point in hexadecimal, so that a
// Korean title has a slug too: 삼성 is "c0bc-c131". Empty only for text without
// any letter or digit.
Str text_slug(Arena *a, Str s);
bool text_is_slug(Str s); // it would stay as it is
// Hugo's: Unicode letters, digits, marks, . / \ _ # + ~ - @ and valid %XX kept,
// lower case, spaces to "-", the rest dropped. Not cut, and no check of the
// path: a caller must still refuse ".." and the like.
Str text_slug_unicode(Arena *a, Str s);

// The first `words` words, cut at a sentence end when one is near, with "…"
// when something was cut.
Str text_truncate_words(Arena *a, Str s, size_t words);
size_t text_words(Str s);

Str text_version(void); // of the library, and so of its tables

#endif
