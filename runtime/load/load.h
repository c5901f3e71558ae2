/* Reading tables from files: CSV (RFC 4180 and its relatives) and JSON, row by row, in memory that does not grow with the file.
 * Knows: cells, rows, lines. Does not know: what cells mean (convert.h), records, the store. */
#ifndef REMIT_RUNTIME_LOAD_LOAD_H
#define REMIT_RUNTIME_LOAD_LOAD_H

#include "runtime/value/failure.h"
#include <stddef.h>
#include <stdint.h>

struct cell {
    const char *text; /* UTF-8, not zero-terminated; lives until the next row */
    size_t length;
    bool missing;     /* JSON null or a property that is not there; a blank CSV cell is text of length 0 */
};

enum reader_step {
    READER_ROW,
    READER_BAD_ROW, /* the row cannot be used, `problem` says why; reading may go on */
    READER_END,
    READER_FAILED   /* the file cannot be read on: failure is set */
};

struct table_reader {
    const char *const *columns; /* names from the header; JSON: of the first 1,000 objects in order of appearance */
    int column_count;
    const struct cell *cells;   /* column_count of them, after READER_ROW */
    int64_t line;               /* where the row began, from 1; for JSON the number of the object */
    const char *problem;        /* after READER_BAD_ROW, one line */
    const char *raw;            /* the row as it stands in the file, without its newline (CSV); NULL for JSON */
    size_t raw_length;
    char delimiter;             /* CSV: , ; tab or |, whichever is most frequent in the header outside quotes */
    enum reader_step (*next)(struct table_reader *reader, struct failure *failure);
    void (*close)(struct table_reader *reader);
};

/* Opens by the name's ending: .json, .jsonl and .ndjson are JSON, all else CSV. NULL with failure set. */
struct table_reader *table_reader_open(const char *path, struct failure *failure);
/* -1 when there is no such column. */
int table_reader_find(const struct table_reader *reader, const char *column);

/* Used by table_reader_open. */
struct table_reader *csv_reader_open(const char *path, struct failure *failure);
struct table_reader *json_reader_open(const char *path, struct failure *failure);

#endif
