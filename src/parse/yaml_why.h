// Why a YAML text could not be read, in words for an editor. libyaml says what
// its grammar missed; this looks at the lines and says what was meant.
#ifndef LOA_PARSE_YAML_WHY_H
#define LOA_PARSE_YAML_WHY_H

#include "parse/yaml_text.h"

// What libyaml said. Lines and columns count from 0 within the text, columns
// in code points.
typedef struct {
    const char *problem, *context; // never NULL
    uint32_t line, col;
    uint32_t from_line, from_col; // where it began to go wrong, at the latest
} YamlTrouble;

// Adds the one error that fits best; false.
bool yaml_explain(const YamlText *t, const YamlTrouble *trouble);

#endif
