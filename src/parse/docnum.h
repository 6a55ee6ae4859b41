// Numbers of documents, in the four ways they are written: of the unions
// 438/KH-LĐLĐ, of the Party 01-KL/TW, of the State 2214/QĐ-TTg, of laws
// 97/2025/QH15. Spaces round the separators, dashes of other lengths and the
// letters that look like Đ are folded: the same document is the same key.
#ifndef LOA_PARSE_DOCNUM_H
#define LOA_PARSE_DOCNUM_H

#include "base/str.h"

typedef struct {
    Str number; // canonical: "438/KH-LĐLĐ"
    Str symbol; // "KH-LĐLĐ"
    int64_t sequence;
    int64_t year;     // 0: none
    const char *form; // "union", "party", "state" or "law"
} DocNum;

// All of `s` is one number; "Số " may stand before it.
bool docnum_parse(Arena *a, Str s, DocNum *out);
// The first number in a sentence; there it has no spaces.
bool docnum_find(Arena *a, Str s, DocNum *out);

// "438 kh ldld"
Str docnum_key(Arena *a, Str number);

// ---- in running text

enum { DOCNUM_READINGS = 7 };

// What begins at `start` and may be read as a number in several ways, the
// longest first: in "438/KH-LĐLĐ - QĐ khen" only a library can tell whether
// QĐ is a part of it.
typedef struct {
    size_t start;
    size_t ends[DOCNUM_READINGS];
    Str keys[DOCNUM_READINGS];
    size_t n;
    bool has_year; // a law: its number says of which year it is
} DocNumSpot;

// Quick, and true for every text that docnum_scan finds anything in.
bool docnum_may_be_in(Str s);
// The next one at or after `from`. The keys lie in `a`.
bool docnum_scan(Arena *a, Str s, size_t from, DocNumSpot *out);
// The year of the date that a text begins with: " ngày 21/12/2020", ", ban
// hành ngày 21 tháng 12 năm 2020", " (21/12/2020)", " năm 2020"; 0: of none.
int docnum_year_after(Str text);

#endif
