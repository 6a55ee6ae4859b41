// One function a kind of field: from what YAML says to a typed value.
#ifndef LOA_PARSE_TYPE_KINDS_H
#define LOA_PARSE_TYPE_KINDS_H

#include "parse/type.h"

typedef struct {
    Job *job;
    const Source *src;
    const TypeCheck *how;
    const Field *field;
    Str path; // the keys above: "" or "person"
} KindCheck;

// Adds a diagnostic and returns false when `v` is none of the kind. `v` is
// neither null nor empty. Maps and lists are type_check.c's.
typedef bool KindFn(const KindCheck *k, const Value *v, Value *out);

KindFn kind_text, kind_markdown, kind_number, kind_bool, kind_date,
    kind_datetime, kind_choice, kind_ref, kind_url, kind_file, kind_person,
    kind_phone, kind_email;
KindFn kind_image;  // type_image.c
KindFn kind_period; // type_period.c
KindFn kind_law;    // type_law.c
KindFn kind_docnum; // type_law.c

// What a value of this kind looks like: "2026-11-21 08:30".
Str kind_example(const Field *field);

// Helpers of the kinds.

// The field in messages: 'place.name' (Địa điểm). In scratch.
Str kind_name(const KindCheck *k);
// "E-KIND": 'x' must be WHAT.
bool kind_wrong(const KindCheck *k, const Value *v, const char *what);
// The trimmed text of a scalar; false with a diagnostic for maps and lists.
bool kind_scalar(const KindCheck *k, const Value *v, const char *what,
                 Str *out);
// Text in job->keep, marked as content when `v` is.
Value kind_str(const Value *v, Str s);
// min and max of the field against n characters, items or the number.
bool kind_limits(const KindCheck *k, const Value *v, double n);
// Whether `checks:` made this code less than an error: the value is taken.
bool kind_is_soft(const Job *job, const char *code);
Pos kind_pos(const KindCheck *k, const Value *v);

#endif
