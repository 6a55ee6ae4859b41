// Liquid text to a tree. Knows the grammar and nothing of pages. Pure.
#ifndef LOA_PARSE_LIQUID_H
#define LOA_PARSE_LIQUID_H

#include "parse/front.h"

typedef struct Node Node; // parse/liquid_ast.h: for the parser and render/eval

typedef enum {
    LIQUID_SITE,  // front matter; 'now', dynamic names: errors with a hint
    LIQUID_PLAIN, // `loa template`: none of that
} LiquidMode;

typedef struct {
    Str name;          // "event/single", "partials/card-event"
    const Source *src; // keeps its text for as long as the template lives
    Node *root;
    Value front;   // layout, select, ...; a map
    Str layout;    // front.layout: what it is put into; may be empty
    Strs includes; // literal names of render and include, once each
    const uint32_t *include_at; // where each first stands, a byte of src->text
    Strs globals; // variables it reads, sorted, once each: "clock" for any use,
                  // with "clock.year" for a part, "clock.*" for all of it.
                  // Variables of the template's own are among them
    bool has_dynamic; // a render or include without a literal name
    LiquidMode mode;
} Template;

typedef struct {
    Map by_name; // of Template *
} TemplateSet;

// `name` is the source's rel without extension. The tree lies in job->keep.
bool liquid_parse(Job *job, const Source *src, LiquidMode mode, Template *out);

// A template by name. A partial "card" is also found as "partials/card" and
// "_partials/card".
const Template *template_find(const TemplateSet *set, Str name);

// Checks that every layout and literal include exists and that none goes in
// circles (templates include one another at most 32 deep; recursion through
// render is an error in LIQUID_SITE mode).
bool template_link(Job *job, const TemplateSet *set);

#endif
