// Content types: data files that say what fields a kind of piece has. The C
// code knows kinds of field, never names of types. docs/types.md lists the
// keys of a type file and the kinds.
#ifndef LOA_PARSE_TYPE_H
#define LOA_PARSE_TYPE_H

#include "parse/front.h"

typedef enum {
    FIELD_TEXT,
    FIELD_MARKDOWN,
    FIELD_NUMBER,
    FIELD_BOOL,
    FIELD_DATE,     // a day
    FIELD_DATETIME, // a day with an optional time
    FIELD_PERIOD,   // any precision: year, month, range, term
    FIELD_CHOICE,
    FIELD_LIST, // of anything
    FIELD_MAP,
    FIELD_REF,
    FIELD_LAW,
    FIELD_URL,
    FIELD_FILE,
    FIELD_IMAGE,
    FIELD_PERSON_NAME, // "person" in a type file
    FIELD_PHONE,
    FIELD_EMAIL,
    FIELD_DOCNUM,
    FIELD_NKINDS,
} FieldKind;

// The kinds that say when, as a bit set.
enum {
    FIELD_DATES = 1 << FIELD_DATE | 1 << FIELD_DATETIME | 1 << FIELD_PERIOD
};

typedef struct Field Field;

typedef struct {
    Field *items;
    size_t len;
} Fields;

struct Field {
    Str name;       // lower case
    uint32_t kinds; // bit set of 1u << FieldKind, tried in enum order
    bool required, many, internal;
    bool computed; // set by the model, never written by an editor
    Str like;      // TYPE.FIELD that it is like, but for what it says itself
    bool acyclic;  // FIELD_REF: following it never comes back
    bool within;   // FIELD_REF: the page does not outlive the target
    bool verbatim; // FIELD_TEXT: byte for byte, not trimmed or squeezed
    Str inverse;   // FIELD_REF: what the target calls who refers to it
    Str on;        // FIELD_REF: the date field on which the target has to
                   // be valid; empty: the piece's own date
    Str while_from, while_to;     // FIELD_MAP many: an item is there only then
    Str window_start, window_end; // FIELD_MAP: it has a `phase`: upcoming, open
                                  // or closed
    Str while_phase;              // the field is there only in this phase
    Str distinct; // FIELD_MAP many: no two items with this key the same
    Str ordered_from, ordered_to; // FIELD_MAP many: in order, not overlapping
    Str to;                       // FIELD_REF: name of a type
    Strs of;                      // FIELD_CHOICE: the values
    Fields fields;                // FIELD_MAP: its keys; none: free
    Str lunar_day, lunar_year; // FIELD_DATE: where it may stand as a lunar day
    Str not_before;            // name of a sibling date field
    double min, max;      // characters, items or the number; 0, 0: no limit
    Value label;          // {vi: ..., en: ...} or text
    Value help;           // a sentence for the editor: by language, or text
    Value of_labels;      // FIELD_CHOICE: value -> label; may be null
    const Value *written; // in the type file
};

typedef struct {
    Str name;
    const Source *src;
    Value label;                  // singular, by language
    Str section;                  // the folder whose pieces have this type
    Fields fields;                // its own and, after them, the shared ones
    Strs card;                    // fields other pages may see
    Str window_start, window_end; // field names; empty: no phase
    Str window_words;   // "event" (upcoming, running, past) or "open" (open,
                        // closed)
    Str window_each;    // a many map whose items are the windows; may be empty
    Str window_results; // field that ends "awaiting": closed, and none yet
    Str valid_from, valid_to; // a page of this type exists from, to
    Str names;                // many map {name, short, from, to}: former names
    Str next, prev, reason; // lineage: successors, predecessors, why it closed
    Strs succeeded;         // lineage: the reasons that ask for a successor
    Str posts; // many map of posts {at, title, from, to} that a person holds
    Str post_at, post_title, post_from, post_to;
    Strs post_single;   // titles that begin so are held by one at a time
    Value post_current; // map from field to value: such a page has a post now
    Str library;        // docnum field under which its pages are found
    Str library_issued; // the date that goes with the number
    Str library_title;  // what a link to one says of it; empty: its title
    Str law_basis, law_as_of; // of what, and as of when, it speaks
    Str law_outdated;         // computed: the documents that came after
    Str force, force_from, force_to, replaced_by, amended_by; // of documents
    Strs unique;       // fields that no two pages share; "issued.year"
    Value public_when; // map from field to value, else the page is left out
    Value rules;       // list of {require_one: [...]} and
                       // {when: {...}, require: [...]}
    bool open;         // unknown keys are allowed
    bool calendar;     // gets .ics
    bool taxonomy;     // its pages are term pages
    bool feed;         // its pages get a feed of the pieces that refer to them
    bool dated;        // belongs in archives and feeds
    Str tree;          // field that names the parent: a tree of this type
    Str schema_org;
    Value extra; // the whole file, for later stages
} Type;

typedef struct {
    Type *items; // sorted by name
    size_t len;
    Map by_name;    // of Type *
    Map by_section; // of Type *
} TypeSet;

// Reads every types/*.yaml; `_shared.yaml` holds the fields all types have.
// Errors at their line: unknown keys and kinds, a card, window or not_before
// that names no field, a ref to an unknown type. There is always a type
// "page"; made up when no file has it.
bool type_load(Job *job, const SourceSet *sources, TypeSet *out);
const Type *type_find(const TypeSet *types, Str name);
const Field *field_find(const Fields *fields, Str name);

// "text", "person", ...: the word a type file uses.
Str field_kind_name(FieldKind kind);
// The Vietnamese label, else any; empty when there is none.
Str field_label(const Field *field);
// What messages call it: 'issuer' (Cơ quan ban hành). `above`: the keys it
// stands in, "person"; or empty.
Str field_title(Arena *a, Str above, const Field *field);

typedef struct {
    int16_t zone;      // for dates without one
    const Strs *known; // keys of the core, skipped here (title, date, ...)
    bool is_complete;  // false for drafts: nothing is required
} TypeCheck;

// Checks `meta` against the type and gives a map of typed values (field name
// -> Value with its position) in job->keep:
//   text, choice, url, file, phone, email  VALUE_STR, normalised
//   person name                     VALUE_STR, spaces squeezed
//   markdown                        VALUE_STR, the Markdown
//   number                          VALUE_INT or VALUE_FLOAT
//   date, datetime                  VALUE_DATE
//   period                          VALUE_MAP {from, to, text}
//   list                            VALUE_LIST, plain scalars resolved
//   map                             VALUE_MAP; without `fields` resolved too
//   ref                             VALUE_STR (the model makes it VALUE_REF)
//   law, docnum                     VALUE_MAP {text, number, key, symbol,
//                                   form, sequence, year}; law also article,
//                                   clause, point
//   image                           VALUE_MAP {file, alt, caption, credit,
//                                   consent, decorative, focal}
//   many                            VALUE_LIST of these (one value is a list
//                                   of one)
// Null, ~ and empty text count as absent. The keys of a map are compared
// without regard to case.
// Adds a diagnostic for each problem and returns false if there was an error.
bool type_check(Job *job, const TypeSet *types, const Type *type,
                const Source *src, const Value *meta, const TypeCheck *how,
                Value *out);

#endif
