// Comma-separated values, RFC 4180: fields in double quotes may hold commas,
// newlines and "" for ". A text whose first line has semicolons or tabs and no
// comma is taken to be separated by these, as spreadsheets of a Vietnamese
// system write them.
#ifndef LOA_PARSE_CSV_H
#define LOA_PARSE_CSV_H

#include "read/source.h"

enum { CSV_MAX_BYTES = 1024 * 1024 };

typedef struct {
    Strs *rows; // all of one length: a short row is filled up
    size_t len, ncols;
} Csv;

// At most 1 MiB, 20,000 rows and 200 columns; empty lines are left out. Fields
// lie in job->scratch or are slices of the text. False after an error with its
// place in the file. A row longer than the first is one.
bool csv_parse(Job *job, const Source *src, Csv *out);

#endif
