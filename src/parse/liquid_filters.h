// Every filter, once: its name, how many arguments it takes (without those
// that have names), and what it may do. The parser checks calls against this
// list, and render/eval_filters.c fills a table with the functions, so that the
// two cannot drift apart. Sorted by name, which is how one is found.
//
//   N  takes named arguments
//   H  knows about HTML: its result may be HTML. That of every other filter
//      is text.
#ifndef LOA_PARSE_LIQUID_FILTERS_H
#define LOA_PARSE_LIQUID_FILTERS_H

#include "base/str.h"

// clang-format off
#define LIQUID_FILTERS(X)                    \
    X(abs,                    0, 0, 0)       \
    X(absolute_url,           0, 0, 0)       \
    X(append,                 1, 1, FILTER_H) \
    X(at_least,               1, 1, 0)       \
    X(at_most,                1, 1, 0)       \
    X(base64_decode,          0, 0, 0)       \
    X(base64_encode,          0, 0, 0)       \
    X(base64_url_safe_decode, 0, 0, 0)       \
    X(base64_url_safe_encode, 0, 0, 0)       \
    X(capitalize,             0, 0, 0)       \
    X(ceil,                   0, 0, 0)       \
    X(compact,                0, 1, FILTER_H) \
    X(concat,                 1, 1, FILTER_H) \
    X(date,                   1, 1, 0)       \
    X(date_admin,             0, 0, 0)       \
    X(date_iso,               0, 0, 0)       \
    X(date_weekday,           0, 0, 0)       \
    X(default,                0, 1, FILTER_H | FILTER_N) \
    X(divided_by,             1, 1, 0)       \
    X(downcase,               0, 0, 0)       \
    X(escape,                 0, 0, FILTER_H) \
    X(escape_once,            0, 0, FILTER_H) \
    X(find,                   1, 2, FILTER_H) \
    X(find_index,             1, 2, 0)       \
    X(first,                  0, 0, FILTER_H) \
    X(floor,                  0, 0, 0)       \
    X(has,                    1, 2, 0)       \
    X(join,                   0, 1, FILTER_H) \
    X(json,                   0, 0, FILTER_H) \
    X(last,                   0, 0, FILTER_H) \
    X(lstrip,                 0, 0, 0)       \
    X(map,                    1, 1, FILTER_H) \
    X(markdownify,            0, 0, FILTER_H | FILTER_N) \
    X(minus,                  1, 1, 0)       \
    X(modulo,                 1, 1, 0)       \
    X(money,                  0, 0, 0)       \
    X(newline_to_br,          0, 0, FILTER_H) \
    X(number,                 0, 1, 0)       \
    X(plus,                   1, 1, 0)       \
    X(prepend,                1, 1, FILTER_H) \
    X(raw,                    0, 0, FILTER_H) \
    X(reject,                 1, 2, FILTER_H) \
    X(relative_url,           0, 0, 0)       \
    X(remove,                 1, 1, 0)       \
    X(remove_first,           1, 1, 0)       \
    X(remove_last,            1, 1, 0)       \
    X(replace,                1, 2, FILTER_H) \
    X(replace_first,          1, 2, FILTER_H) \
    X(replace_last,           2, 2, FILTER_H) \
    X(reverse,                0, 0, FILTER_H) \
    X(round,                  0, 1, 0)       \
    X(rstrip,                 0, 0, 0)       \
    X(size,                   0, 0, 0)       \
    X(slice,                  1, 2, FILTER_H) \
    X(slugify,                0, 0, 0)       \
    X(sort,                   0, 1, FILTER_H) \
    X(sort_natural,           0, 1, FILTER_H) \
    X(split,                  1, 1, 0)       \
    X(strip,                  0, 0, 0)       \
    X(strip_html,             0, 0, 0)       \
    X(strip_newlines,         0, 0, 0)       \
    X(sum,                    0, 1, 0)       \
    X(t,                      0, 0, FILTER_H | FILTER_N) \
    X(time,                   0, 0, 0)       \
    X(times,                  1, 1, 0)       \
    X(truncate,               0, 2, 0)       \
    X(truncatewords,          0, 2, 0)       \
    X(uniq,                   0, 1, FILTER_H) \
    X(upcase,                 0, 0, 0)       \
    X(url_decode,             0, 0, 0)       \
    X(url_encode,             0, 0, 0)       \
    X(where,                  1, 2, FILTER_H)
// clang-format on

enum { FILTER_N = 1, FILTER_H = 2, FILTER_MAX_ARGS = 2 };

#define FILTER_ID(name, min, max, flags) FILTER_##name,
typedef enum { LIQUID_FILTERS(FILTER_ID) FILTER_COUNT } FilterId;
#undef FILTER_ID

typedef struct {
    Str name;
    uint8_t min, max; // positional arguments
    uint8_t flags;
} FilterSpec;

// The specification of a filter; `id` is valid.
const FilterSpec *filter_spec(FilterId id);

// False when there is no such filter.
bool filter_lookup(Str name, FilterId *out);

// The filter whose name is nearest, for "did you mean"; may be empty.
Str filter_nearest(Str name);

#endif
