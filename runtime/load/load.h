/* Reading tables from files: CSV (RFC 4180 and its relatives) and JSON (RFC 8259), row by row, in memory that is bounded by the longest row.
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
    READER_BAD_ROW, /* the row cannot be used, `problem` says why; reading may go on, and comes to READER_END at once where the rows that follow cannot be told apart */
    READER_END,
    READER_FAILED   /* the file cannot be read on: failure is set */
};

struct table_reader {
    const char *const *columns; /* names from the header, which may hold one twice; JSON: of the first 1,000 objects in order of appearance, 2,000 at most */
    int column_count;
    bool is_empty;              /* JSON: there is no object at all, so that no column can be missed */
    const struct cell *cells;   /* column_count of them, after READER_ROW */
    int cell_count;             /* CSV, after READER_BAD_ROW: how many cells the row has, if it can be told apart into them; else 0 */
    int64_t line;               /* where the row began, from 1; where the text of a JSON object is wrong: there */
    int64_t element;            /* JSON: which object it is, from 1; 0 where each has a line of its own, and in CSV */
    const char *problem;        /* after READER_BAD_ROW, one line. JSON, before the first row: what is wrong where columns were looked for, with its line, or NULL */
    int64_t file_bytes, bytes_read; /* the size of the file, 0 where that is not known; how many of them were used for rows */
    const char *raw;            /* after READER_BAD_ROW: the row as it stands in the file, without its newline (CSV); NULL for JSON */
    size_t raw_length;
    char delimiter;             /* CSV: , ; tab or |, whichever is most frequent in the header outside quotes */
    enum reader_step (*next)(struct table_reader *reader, struct failure *failure);
    /* Looks for a column in all of the file; NULL where `columns` are all. */
    bool (*find_more)(struct table_reader *reader, const char *column, struct failure *failure);
    void (*close)(struct table_reader *reader);
};

/* Opens by the name's ending: .json, .jsonl and .ndjson are JSON, all else CSV. NULL with failure set. */
struct table_reader *table_reader_open(const char *path, struct failure *failure);
/* Before the first row is read: which column has this name, -1 for none. False with failure set when the file cannot be read. */
bool table_reader_find(struct table_reader *reader, const char *column, int *position, struct failure *failure);
bool table_reader_has_twice(const struct table_reader *reader, const char *column);

/* Used by table_reader_open. */
struct table_reader *csv_reader_open(const char *path, struct failure *failure);
struct table_reader *json_reader_open(const char *path, struct failure *failure);

#endif
