// A piece with front matter, from bytes to typed fields; the same bytes as a
// data file and as a type file.
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "parse/type.h"
#include "parse/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

// A type with a field of every kind, named after it.
static const char all_kinds[] =
    "section: s\nfields:\n"
    "  text: {kind: text, min: 2, max: 9}\n  markdown: markdown\n"
    "  number: {kind: number, min: 1}\n  bool: bool\n  date: date\n"
    "  datetime: {kind: datetime, not_before: date}\n"
    "  period: {kind: period, not_before: datetime, required: true}\n"
    "  choice: {kind: choice, of: {a: A, b: {vi: B}}}\n  list: list\n"
    "  map: {kind: map, fields: {name: {kind: text, required: true},\n"
    "    inner: {kind: map, many: true, fields: {law: law}}}}\n"
    "  free: map\n  ref: {kind: ref, to: t}\n  law: law\n  url: url\n"
    "  file: file\n  image: image\n  images: {kind: image, many: true}\n"
    "  person: person\n  phone: phone\n  email: email\n  docnum: docnum\n"
    "  either: [period, map, number, phone]\n"
    "  many: {kind: [text, law], many: true, min: 1, max: 3}\n";

static void check_types(Job *job, Str type_file, const Source *piece,
                        const Front *front) {
    Source type = {
        .kind = SOURCE_TYPE, .path = S("t.yaml"), .rel = S("t.yaml")};
    SourceSet set = {.items = &type, .len = 1};
    TypeSet types;
    TypeCheck how = {420, NULL, true};
    Value out;
    type.text = type_file;
    for (size_t k = SOURCE_TYPE + 1; k <= SOURCE_CONFIG + 1; k++)
        set.first[k] = 1;
    type_load(job, &set, &types);
    const Type *t = type_find(&types, S("t"));
    if (t && front)
        type_check(job, &types, t, piece, &front->meta, &how, &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    Arena *keep = arena_new(), *scratch = arena_new();
    Diags diags = {.arena = keep};
    Job job = {keep, scratch, &diags, NULL};
    Str text = {(const char *)data, len};
    Source src = {.kind = SOURCE_CONTENT, .path = S("a.md"), .text = text};
    Front front;
    Value value;
    yaml_to_value(&job, &src, text, 1, YAML_DATA, &value);
    // What source_load lets through.
    if (text_invalid_at(text) == SIZE_MAX) {
        bool ok = front_parse(&job, &src, &front);
        check_types(&job, str_from(all_kinds), &src, ok ? &front : NULL);
        check_types(&job, text, &src, ok ? &front : NULL);
    } else {
        front_parse(&job, &src, &front);
    }
    arena_free(keep);
    arena_free(scratch);
    return 0;
}
