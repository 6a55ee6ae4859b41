// What a layout lists. `select` in its front matter (and in that of the
// partials and layouts it names literally) is compiled once and run for each
// page that uses the layout. docs/theme.md lists the keys.
#ifndef LOA_PLAN_SELECT_H
#define LOA_PLAN_SELECT_H

#include "model/site.h"
#include "parse/liquid.h"

typedef enum {
    WHERE_LITERAL,
    WHERE_PAGE_FIELD, // $page.FIELD
    WHERE_PAGE_ID,    // $page.id
    WHERE_TERM,       // $term: the list page itself
} WhereKind;

typedef struct {
    Str field, then; // "unit", "level" of "unit.level"; then may be empty
    WhereKind kind;
    Str name;  // WHERE_PAGE_FIELD
    Strs want; // WHERE_LITERAL
} Where;

typedef struct {
    Str key, label, url;
    Pages items;
    size_t count;
} Group;

// What one select gives for one page.
typedef struct {
    Str name;
    Pages items;
    Group *groups;
    size_t ngroups;
    bool is_grouped, is_counts, wants_body;
} Selection;

typedef struct {
    Str name;
    Strs types;
    bool in_page;
    Str in;           // a section's path
    const Page *list; // what it is; NULL: there is none
    Str lang;         // empty: that of the page
    bool is_lineage;  // a unit counts for the one that came after it, too
    Where *where;
    size_t nwhere;
    Str when, sort;
    bool is_descending;
    bool is_pinned_first;
    int64_t limit, offset, per_page; // limit -1: all
    Str group_by;
    bool is_counts, wants_body;
    bool is_constant;    // the same for every page of a language
    Selection *constant; // by language
    Pos pos;
} Select;

typedef struct {
    Select *items;
    size_t len;
    const Select *paged; // the one with per_page, or NULL
} Selects;

bool select_compile(Job *job, const Site *site, const TemplateSet *layouts,
                    const Template *t, Selects *out);

// The section that `in` names, in that language; NULL: there is none.
const Page *select_list(const Select *s, uint8_t lang);

// The first page of a list: what is pinned in all of it comes before the rest
// of the head.
Pages select_pinned_first(Arena *a, Pages all, Pages head);

// `page` is NULL for a select that is constant: then `lang` is the language.
// Results lie in job->keep; job->scratch is used and given back.
Selection select_run(Job *job, const Site *site, const Select *s,
                     const Page *page, uint8_t lang);

#endif
