#include "base/nearest.h"

#include <string.h>

enum { LONGEST = 40 };

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static unsigned least(unsigned a, unsigned b) {
    return a < b ? a : b;
}

// Damerau's distance, neighbours swapped at most once.
static unsigned distance(Str a, Str b) {
    unsigned rows[3][LONGEST + 1];
    for (unsigned j = 0; j <= b.len; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= a.len; i++) {
        unsigned *now = rows[i % 3], *up = rows[(i + 2) % 3];
        const unsigned *up2 = rows[(i + 1) % 3];
        now[0] = i;
        for (unsigned j = 1; j <= b.len; j++) {
            char x = lower(a.ptr[i - 1]), y = lower(b.ptr[j - 1]);
            now[j] = least(up[j - 1] + (x != y), least(up[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && x == lower(b.ptr[j - 2]) &&
                y == lower(a.ptr[i - 2]))
                now[j] = least(now[j], up2[j - 2] + 1);
        }
    }
    return rows[a.len % 3][b.len];
}

Str nearest(Str word, Strs words) {
    Str best = {0};
    unsigned least_edits = word.len < 4 ? 2 : word.len < 9 ? 3 : 4;
    if (word.len > LONGEST)
        return best;
    for (size_t i = 0; i < words.len; i++) {
        if (words.items[i].len > LONGEST)
            continue;
        unsigned d = distance(word, words.items[i]);
        if (d < least_edits) {
            least_edits = d;
            best = words.items[i];
        }
    }
    return best;
}
