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

typedef struct Field Field;

typedef struct {
    Field *items;
    size_t len;
} Fields;

struct Field {
    Str name;       // lower case
    uint32_t kinds; // bit set of 1u << FieldKind, tried in enum order
    bool required, many, internal;
    Str to;          // FIELD_REF: name of a type
    Strs of;         // FIELD_CHOICE: the values
    Fields fields;   // FIELD_MAP: its keys; none: free
    Str not_before;  // name of a sibling date field
    double min, max; // characters, items or the number; 0, 0: no limit
    Value label;     // {vi: ..., en: ...} or text
    Value help;      // a sentence for the editor: by language, or text
    Value of_labels; // FIELD_CHOICE: value -> label; may be null
    uint32_t line;   // in the type file; 0: made up
};

typedef struct {
    Str name;
    const Source *src;
    Value label;                  // singular, by language
    Str section;                  // the folder whose pieces have this type
    Fields fields;                // its own and, after them, the shared ones
    Strs card;                    // fields other pages may see
    Str window_start, window_end; // field names; empty: no phase
    Str window_words; // "event" (upcoming, running, past) or "open" (open,
                      // closed)
    bool open;        // unknown keys are allowed
    bool calendar;    // gets .ics
    bool taxonomy;    // its pages are term pages
    bool feed;        // its pages get a feed of the pieces that refer to them
    bool dated;       // belongs in archives and feeds
    Str tree;         // field that names the parent: a tree of this type
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
