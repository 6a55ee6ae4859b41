#include "parse/liquid_filters.h"

#include "base/nearest.h"

static const FilterSpec specs[FILTER_COUNT] = {
#define SPEC(name, min, max, flags)                                            \
    {{#name, sizeof #name - 1}, min, max, flags},
    LIQUID_FILTERS(SPEC)
#undef SPEC
};

const FilterSpec *filter_spec(FilterId id) {
    return &specs[id];
}

bool filter_lookup(Str name, FilterId *out) {
    size_t from = 0, to = FILTER_COUNT;
    while (from < to) {
        size_t middle = (from + to) / 2;
        int order = str_cmp(name, specs[middle].name);
        if (order == 0) {
            *out = (FilterId)middle;
            return true;
        }
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return false;
}

Str filter_nearest(Str name) {
    Str words[FILTER_COUNT];
    for (size_t i = 0; i < FILTER_COUNT; i++)
        words[i] = specs[i].name;
    return nearest(name, (Strs){words, FILTER_COUNT});
}
