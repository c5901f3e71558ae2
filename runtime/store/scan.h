/* Inside the store room: what a scan is made of, for scans that are read in the thread that asks and for those that are read ahead. Nothing outside runtime/store includes this.
 * Knows: sets of rows, statements that fill them. Does not know: what rows mean. */
#ifndef REMIT_RUNTIME_STORE_SCAN_H
#define REMIT_RUNTIME_STORE_SCAN_H

#include "runtime/store/inside.h"

struct target {
    enum representation representation;
    struct batch_column *column;
};

/* Up to SCAN_BATCH_ROWS rows. */
struct row_set {
    struct batch batch;
    struct batch_column *columns; /* _id, the owner if the scan has one, the fields */
    struct target *targets;       /* of the same */
    int target_count;
    struct arena *texts;
    bool has_texts;
};
void row_set_create(struct row_set *rows, const struct scan *scan);
void row_set_destroy(struct row_set *rows); /* also of one that is all zero */

/* A statement and the connection's place for the rows that it fills. */
struct scanner {
    sqlite3_stmt *statement;
    struct row_set **filling; /* as given to scan_define for the statement's connection */
    bool is_stepped, has_argument, is_finished;
};
/* Fills the rows with the next ones: SQLITE_ROW when there may be more, SQLITE_DONE with the last (perhaps none), otherwise what went wrong. */
int scanner_fill(struct scanner *scanner, struct row_set *rows);

/* The functions that take rows, for a connection; *filling is where they put them, and lives as long as the connection. */
bool scan_define(sqlite3 *db, struct row_set **filling);

/* ---- ahead.c ---- */

struct ahead;
/* Begins to read the scan in a thread of its own, over a connection of its own. NULL when that cannot be done here, or would not show what this connection sees. */
struct ahead *ahead_start(struct store *store, const struct scan *scan, const char *sql, bool is_stepped);
/* As cursor_next. */
const struct batch *ahead_next(struct ahead *ahead, struct failure *failure);
void ahead_stop(struct ahead *ahead); /* NULL is allowed */

#endif
