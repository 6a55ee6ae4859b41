// Hugo's shortcodes, one tag at a time: {{< name args >}}, {{% name args %}},
// {{< /name >}}, {{< name />}} and the literal {{</* name */>}}. What belongs
// together, and where tags are no tags (in code), is render/mdcall.c's to know.
#ifndef LOA_PARSE_SHORTCODE_H
#define LOA_PARSE_SHORTCODE_H

#include "base/value.h"

typedef enum {
    SHORTCODE_OPEN,
    SHORTCODE_CLOSE,
    SHORTCODE_SELF,    // {{< name />}}
    SHORTCODE_LITERAL, // {{</* name */>}}
} ShortcodeKind;

typedef struct {
    ShortcodeKind kind;
    bool is_percent; // {{% %}}
    Str name;
    Value args; // null, a list of the positional or a map of the named
    Str inside; // of a literal: what stands between the stars
    size_t end; // the byte behind the tag
} ShortcodeTag;

typedef struct {
    const char *why, *hint; // msgids
    size_t at;              // the byte in `text` that is wrong
} ShortcodeError;

// Whether "{{<" or "{{%" stands at `at`.
bool shortcode_is_at(Str text, size_t at);

// The first of them at or after `from`, or SIZE_MAX.
size_t shortcode_find(Str text, size_t from);

// The tag at `at`, where shortcode_is_at is true. On false *error says why and
// out->end is where to go on. Texts in `args` are content.
bool shortcode_parse(Arena *a, Str text, size_t at, ShortcodeTag *out,
                     ShortcodeError *error);

#endif
