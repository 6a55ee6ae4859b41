// A YAML text as a part of its file, and what is checked before libyaml sees
// it.
#ifndef LOA_PARSE_YAML_TEXT_H
#define LOA_PARSE_YAML_TEXT_H

#include "parse/yaml.h"

typedef struct {
    Job *job;
    const Source *src;
    Str text;            // what is read
    uint32_t first_line; // of text in src, from 1
    uint32_t first_col;  // code points before text on that line
} YamlText;

YamlText yaml_text(Job *job, const Source *src, Str text, uint32_t first_line);

// The position in the file of a line and column of the text, both from 0; of a
// byte of it.
Pos yaml_text_pos(const YamlText *t, uint32_t line, uint32_t col);
Pos yaml_text_pos_at(const YamlText *t, size_t at);

// Size, UTF-8, directives; warns of invisible line breaks.
bool yaml_text_check(const YamlText *t, YamlMode mode);

#endif
