#include "parse/csv.h"

#include <string.h>

#include "base/text.h"

enum { MAX_ROWS = 20000, MAX_COLS = 200 };

typedef struct {
    Job *job;
    const Source *src;
    Str text;
    size_t at;
    char comma;
    Csv *out;
    size_t cap;
    Str fields[MAX_COLS];
    size_t nfields;
} Reader;

static bool fail(Reader *r, size_t at, const char *why, const char *hint) {
    diag_error(r->job->diags, "E-CSV", source_pos_at(r->src, at), "%s",
               gettext(why));
    diag_hint(r->job->diags, "%s", gettext(hint));
    return false;
}

// The sign that the first line has, outside quotes: a comma if there is one.
static char find_comma(Str text) {
    bool in_quotes = false;
    char found = ',';
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        in_quotes ^= c == '"';
        if (in_quotes)
            continue;
        if (c == ',' || c == '\n')
            return c == ',' ? ',' : found;
        if (c == ';' || (c == '\t' && found == ','))
            found = c;
    }
    return found;
}

static bool at_field_end(const Reader *r) {
    return r->at == r->text.len || r->text.ptr[r->at] == r->comma ||
           r->text.ptr[r->at] == '\n' || r->text.ptr[r->at] == '\r';
}

// escaped = DQUOTE *(TEXTDATA / COMMA / CR / LF / 2DQUOTE) DQUOTE
static bool quoted(Reader *r, Str *out) {
    size_t from = r->at++;
    Buf b = {.arena = r->job->scratch};
    for (;;) {
        const char *p = memchr(r->text.ptr + r->at, '"', r->text.len - r->at);
        if (!p)
            return fail(r, from, N_("this quote has no end"),
                        N_("write \" at the end of the field, and \"\" for a "
                           "quote inside it"));
        size_t to = (size_t)(p - r->text.ptr);
        buf_put(&b, str_slice(r->text, r->at, to));
        r->at = to + 1;
        if (r->at == r->text.len || r->text.ptr[r->at] != '"')
            break;
        buf_putc(&b, '"');
        r->at++;
    }
    *out = buf_str(&b);
    if (!at_field_end(r))
        return fail(r, r->at, N_("text stands behind the end of a quote"),
                    N_("write \"\" for a quote inside a field"));
    return true;
}

static bool field(Reader *r) {
    Str f = {0};
    if (r->nfields == MAX_COLS)
        return fail(r, r->at, N_("a row has more than 200 fields"),
                    N_("make a smaller table"));
    if (r->at < r->text.len && r->text.ptr[r->at] == '"') {
        if (!quoted(r, &f))
            return false;
    } else {
        size_t from = r->at;
        while (!at_field_end(r))
            r->at++;
        f = str_slice(r->text, from, r->at);
    }
    r->fields[r->nfields++] = text_clean(r->job->scratch, str_trim(f));
    return true;
}

static bool keep_row(Reader *r, size_t from) {
    Csv *o = r->out;
    if (r->nfields == 1 && !r->fields[0].len)
        return true; // an empty line
    if (!o->len)
        o->ncols = r->nfields;
    if (r->nfields > o->ncols)
        return fail(r, from, N_("this row has more fields than the first"),
                    N_("put fields with a comma between quotes, or add a "
                       "column to the first row"));
    if (o->len == MAX_ROWS)
        return fail(r, from, N_("the table has more than 20,000 rows"),
                    N_("make a smaller table"));
    o->rows =
        arena_grow(r->job->scratch, o->rows, o->len, &r->cap, sizeof *o->rows);
    Strs row = {ARENA_ARRAY(r->job->scratch, Str, o->ncols), o->ncols};
    memcpy(row.items, r->fields, r->nfields * sizeof *row.items);
    o->rows[o->len++] = row;
    return true;
}

// record = field *(COMMA field) [CR] LF
static bool record(Reader *r) {
    size_t from = r->at;
    r->nfields = 0;
    for (;;) {
        if (!field(r))
            return false;
        if (r->at == r->text.len || r->text.ptr[r->at] != r->comma)
            break;
        r->at++;
    }
    if (r->at < r->text.len && r->text.ptr[r->at] == '\r')
        r->at++;
    if (r->at < r->text.len && r->text.ptr[r->at] == '\n')
        r->at++;
    return keep_row(r, from);
}

bool csv_parse(Job *job, const Source *src, Csv *out) {
    Reader *r = ARENA_NEW(job->scratch, Reader);
    *out = (Csv){0};
    *r = (Reader){.job = job,
                  .src = src,
                  .text = src->text,
                  .comma = find_comma(src->text),
                  .out = out};
    if (str_starts(r->text, S("\xEF\xBB\xBF")))
        r->at = 3;
    if (src->text.len > CSV_MAX_BYTES)
        return fail(r, 0, N_("the table is larger than 1 MiB"),
                    N_("make a smaller table, or offer the file itself"));
    while (r->at < r->text.len)
        if (!record(r))
            return false;
    if (!out->len)
        return fail(r, 0, N_("the table has no row"),
                    N_("write the names of the columns in its first line"));
    return true;
}
