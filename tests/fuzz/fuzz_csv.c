// A file of comma-separated values: every row is as long as the first, every
// field fit to be shown, and a refusal says where.
#include <stdlib.h>

#include "base/text.h"
#include "parse/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *keep = arena_new(), *scratch = arena_new();
    Diags diags = {.arena = keep};
    Job job = {keep, scratch, &diags, NULL};
    Source src = {.path = S("fuzz.csv")};
    // A source's text is valid UTF-8.
    src.text = text_clean(scratch, (Str){(const char *)data, size});
    Csv csv;
    bool ok = csv_parse(&job, &src, &csv);
    if (ok == (diags.errors > 0))
        abort();
    for (size_t i = 0; ok && i < csv.len; i++) {
        if (csv.rows[i].len != csv.ncols)
            abort();
        for (size_t k = 0; k < csv.ncols; k++)
            if (text_clean(scratch, csv.rows[i].items[k]).ptr !=
                csv.rows[i].items[k].ptr)
                abort();
    }
    arena_free(scratch);
    arena_free(keep);
    return 0;
}
