// A record of addresses, whatever stands in it: a line is taken or said to be
// wrong, and what is taken is read again as it is written.
#include <stdlib.h>

#include "base/text.h"
#include "model/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_again(Arena *a, const RecordRow *row) {
    Diags diags = {.arena = a};
    Job job = {a, a, &diags, NULL};
    Buf line = {.arena = a};
    buf_fmt(&line, "%.*s\t%.*s\t", STR_ARG(row->id), STR_ARG(row->url));
    date_rfc3339(&line, row->first);
    buf_putc(&line, '\n');
    Source src = {.path = S("again.tsv"), .text = buf_str(&line)};
    Record again;
    if (!record_read(&job, &src, 0, &again) || again.len != 1 ||
        !str_eq(again.items[0].id, row->id) ||
        !str_eq(again.items[0].url, row->url) ||
        again.items[0].first.unix_seconds != row->first.unix_seconds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *keep = arena_new(), *scratch = arena_new();
    Diags diags = {.arena = keep};
    Job job = {keep, scratch, &diags, NULL};
    Source src = {.path = S("fuzz.tsv")};
    // A source's text is valid UTF-8.
    src.text = text_clean(keep, (Str){(const char *)data, size});
    Record record;
    bool ok = record_read(&job, &src, 420, &record);
    if (ok == (diags.errors > 0))
        abort();
    for (size_t i = 0; i < record.len; i++) {
        ArenaMark mark = arena_mark(scratch);
        check_again(scratch, &record.items[i]);
        arena_reset(scratch, mark);
    }
    arena_free(scratch);
    arena_free(keep);
    return 0;
}
