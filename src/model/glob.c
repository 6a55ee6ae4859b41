#include "model/glob.h"

// Steps left, so that a hostile pattern of many stars ends.
enum { STEPS = 20000 };

static bool match(Str p, Str s, int *steps);

// {a,b}rest: any of the alternatives, followed by the rest.
static bool match_braces(Str p, Str s, int *steps) {
    size_t end = str_find(p, S("}"), 0);
    if (end == SIZE_MAX)
        return false;
    Str rest = str_slice(p, end + 1, p.len), list = str_slice(p, 1, end), alt;
    while (str_cut(&list, ',', &alt))
        for (size_t n = 0; n <= s.len; n++)
            if (match(alt, str_slice(s, 0, n), steps) &&
                match(rest, str_slice(s, n, s.len), steps))
                return true;
    return false;
}

static bool match_star(Str p, Str s, int *steps) {
    bool is_deep = str_starts(p, S("**"));
    Str rest = str_slice(p, is_deep ? 2 : 1, p.len);
    for (size_t n = 0; n <= s.len; n++) {
        if (match(rest, str_slice(s, n, s.len), steps))
            return true;
        if (n < s.len && s.ptr[n] == '/' && !is_deep)
            return false;
    }
    return false;
}

static bool match(Str p, Str s, int *steps) {
    while (p.len && --*steps > 0) {
        if (p.ptr[0] == '*')
            return match_star(p, s, steps);
        if (p.ptr[0] == '{')
            return match_braces(p, s, steps);
        if (!s.len ||
            (p.ptr[0] == '?' ? s.ptr[0] == '/' : p.ptr[0] != s.ptr[0]))
            return false;
        p = str_slice(p, 1, p.len);
        s = str_slice(s, 1, s.len);
    }
    return !p.len && !s.len;
}

bool glob_match(Str pattern, Str path) {
    int steps = STEPS;
    return match(pattern, path, &steps);
}
