/* A stream of result rows: what an engine gives and a renderer takes.
 * Knows: labels, types, values. Does not know: who makes them. */
#ifndef REMIT_RUNTIME_VALUE_ROWS_H
#define REMIT_RUNTIME_VALUE_ROWS_H

#include "runtime/value/failure.h"
#include "runtime/value/value.h"

struct row_column {
    const char *label;
    struct type type; /* of what is shown: a reference column is text here, its key */
    bool has_total;   /* something is totalled below it, */
    struct type total; /* of this type */
};
enum rows_step { ROWS_ROW, ROWS_END, ROWS_FAILED };
struct rows {
    const struct row_column *columns;
    int column_count;
    /* The next row, column_count values that live until the next call; ROWS_FAILED leaves failure set. */
    enum rows_step (*next)(struct rows *rows, const struct value **row, struct failure *failure);
    void (*close)(struct rows *rows); /* frees everything; must be called once */
    const struct value *totals;       /* after ROWS_END, when the query has totals: one for each column, VALUE_MISSING where there is none; else NULL */
};
static inline enum rows_step rows_next(struct rows *rows, const struct value **row, struct failure *failure) {
    return rows->next(rows, row, failure);
}
static inline void rows_close(struct rows *rows) {
    if (rows)
        rows->close(rows);
}

#endif
