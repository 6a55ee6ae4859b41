// YAML text to a Value. The only file that knows libyaml: its event API, with
// limits on depth (64), items (100,000), size, aliases and duplicate keys that
// are ours (hardening 1.7).
#ifndef LOA_PARSE_YAML_H
#define LOA_PARSE_YAML_H

#include "base/value.h"
#include "read/source.h"

typedef enum {
    YAML_FRONT, // 64 KiB; no anchors, aliases, tags or directives
    YAML_DATA,  // 4 MiB; aliases expanded, at most 10,000 times
} YamlMode;

// `text` is a slice of src->text that starts on line `first_line`. The values
// lie in job->keep and hold nothing of `text`. Scalars are VALUE_STR, plain
// ones flagged VALUE_PLAIN, an empty plain one is VALUE_NULL; all of them
// flagged VALUE_CONTENT when src is content. Empty text is an empty map. In
// YAML_FRONT anything but a map is an error.
bool yaml_to_value(Job *job, const Source *src, Str text, uint32_t first_line,
                   YamlMode mode, Value *out);

// Where the key of `v` stands, for messages about the key itself: it is looked
// for in src->text from the line of `v` upwards. The place of `v` when it is
// not found (a value that was computed, a text that was dropped).
Pos yaml_key_pos(const Source *src, Str key, const Value *v);

// The same for a part of the text of `v`, `at` bytes in: exact for a scalar
// written on one line, the start of `v` otherwise.
Pos yaml_pos_in(const Source *src, const Value *v, size_t at);

Str yaml_version(void); // of the library

#endif
