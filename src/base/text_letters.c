// The plain letter of the precomposed letters of Latin, by table: names and
// headings are folded often, and utf8proc takes hundreds of steps a letter.
// text_test.c asks it about every one of them.
#include "base/text.h"

enum { LATIN = 0xC0, LATIN_END = 0x1C0, VIETNAMESE = 0x1EA0, END = 0x1F00 };

static const char latin[] = "aaaaaa ceeeeiiiidnooooo  uuuuy  "
                            "aaaaaa ceeeeiiiidnooooo  uuuuy y"
                            "aaaaaaccccccccddddeeeeeeeeeegggg"
                            "gggghh  iiiiiiiii   jjkk llllll "
                            "   nnnnnn   oooooo  rrrrrrssssss"
                            "sstttt  uuuuuuuuuuuuwwyyyzzzzzz "
                            "                                "
                            "oo             uu               ";

static const char vietnamese[] = "aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
                                 "eeeeeeeeiiiioooooooooooooooooooo"
                                 "oooouuuuuuuuuuuuuuyyyyyyyy      ";

char text_base_letter(uint32_t c) {
    char base = ' ';
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? (char)(c | 32) : (char)c;
    if (c >= LATIN && c < LATIN_END)
        base = latin[c - LATIN];
    else if (c >= VIETNAMESE && c < END)
        base = vietnamese[c - VIETNAMESE];
    return base == ' ' ? 0 : base;
}
