/* One import at work: what its parts share. Private to import*.c.
 * import.c prepares and runs it, import_row.c makes values of a row's cells, import_keys.c knows keys and references, import_late.c the rows whose key stood in the file before,
 * import_reject.c tells of bad rows. */
#ifndef REMIT_RUNTIME_ENGINE_IMPORT_H
#define REMIT_RUNTIME_ENGINE_IMPORT_H

#include "lang/base/limits.h"
#include "runtime/engine/key_filter.h"
#include "runtime/engine/key_index.h"
#include "runtime/engine/session.h"
#include "runtime/load/convert.h"

enum { ROWS_PER_STOP = 4096 };

struct import_column {
    const struct timport_column *mapping;
    struct field *field;        /* that is this column, as it is; NULL when it is only used in expressions */
    int position;               /* in the file */
    struct conversion conversion;
    struct key_index *keys;     /* of a reference */
    bool may_come_later;        /* a reference to a row of the same kind that stands later in the file, when the field may be missing until then */
    struct value value;         /* of this row */
    struct key_index cases;     /* text to position */
    const struct timport_case *otherwise;
    struct value *case_values;
};
struct forward { /* a reference of this row to one that comes later */
    struct field *field;
    const char *key;            /* lives as long as the row */
    uint32_t length;
};
/* The rows whose key stood in the file before. */
struct late_rows {
    struct key_index keys;      /* to a number of the group */
    struct spill groups, rows;
    int64_t count;              /* groups */
    size_t row_bytes;
};
struct importing {
    struct session *session;
    const struct timport *import;
    const char *path;
    struct arena *arena;        /* of the import */
    struct arena *row;          /* of one row */
    struct table_reader *reader;
    struct store_loader *loader;
    struct import_column *columns;
    struct field **fields;      /* written: mapped ones, then those with defaults */
    struct value *values, *standards;
    int field_count;
    bool has_expressions;
    struct key_index keys[LIMIT_IMPORT_REFERENCES];
    struct record_type *key_records[LIMIT_IMPORT_REFERENCES];
    int key_count;
    struct key_index *own_keys; /* of the file's own records, when they refer to each other */
    bool starts_empty;
    struct key_filter seen;     /* keys of this file's rows */
    struct late_rows late;
    LIST_OF(struct forward) row_forwards;
    struct spill forwards;      /* of the whole file */
    size_t forward_bytes;
    struct buffer reasons, key, text_key;
    FILE *rejected;
    int64_t rounded;            /* amounts with more than four decimals */
    int64_t row_count, bad_count, new_count, updated_count, left_out;
};

/* Was Ctrl-C pressed, or is the time over? Asked for each row, looked at now and then; so is how far the file was read. */
static inline bool import_may_go_on(struct importing *importing, int64_t count, struct failure *failure) {
    const struct session_options *options = &importing->session->options;
    bool is_stopped = count % ROWS_PER_STOP == 0 && options->should_stop && options->should_stop(options->stop_context);
    if (count % ROWS_PER_STOP == 0 && options->has_done && importing->reader && importing->reader->file_bytes > 0)
        options->has_done((double)importing->reader->bytes_read / (double)importing->reader->file_bytes);
    return !is_stopped || failure_set(failure, DIAG_STORE_STOPPED);
}

/* ---- import_row.c: the values of the row that the reader gave, in `values`; what is wrong with it in `reasons` ---- */
/* *is_wanted false: the import's condition leaves it out. False when something else than the row is wrong. */
bool import_make_row(struct importing *importing, bool *is_wanted, struct failure *failure);
void import_add_reason(struct importing *importing, const char *reason);

/* ---- import_keys.c ---- */
/* The keys of a record type, read from the store once. NULL with failure set. */
struct key_index *import_keys_of(struct importing *importing, struct record_type *record, struct failure *failure);
/* The row's key as bytes, in `key`: what tells rows of the file apart. Empty when the record has none. */
void import_write_key(struct importing *importing);
/* The row of the store that has the key of `values`; *id 0 for none. */
bool import_find_stored(struct importing *importing, int64_t *id, struct failure *failure);
/* Is the row surely not one that was met before? For records that refer to their own kind this is known; else false. */
bool import_is_new(struct importing *importing);
/* Rows that follow may refer to this one. */
void import_note_row(struct importing *importing, int64_t id);
/* The row of the import's own record that a key names, once all rows are in; *id 0 for none. */
bool import_find_own(struct importing *importing, const char *key, size_t length, int64_t *id, struct failure *failure);
/* The row's references to later ones are kept, with its id. */
void import_keep_forwards(struct importing *importing, int64_t id);
/* Once all rows are in: those references are set; one that leads nowhere is a bad row. */
bool import_put_forwards(struct importing *importing, struct failure *failure);
void import_free_keys(struct importing *importing);

/* ---- import_late.c ---- */
void import_keep_late(struct importing *importing);
/* Once the other rows are in: the late ones, as if each were put in the file's order. */
bool import_put_late(struct importing *importing, struct failure *failure);
void import_free_late(struct importing *importing);

/* ---- import_reject.c ---- */
/* Tells of the row that the reader gave, and writes it to the file of rejected rows where good ones are kept. */
bool import_reject_row(struct importing *importing, const char *reason, bool has_cells, struct failure *failure);
/* Tells of a row that was taken before: a reference of it leads nowhere. */
void import_reject_reference(struct importing *importing, int64_t line, int64_t element, const struct field *field, const char *key, size_t length);
bool import_close_rejected(struct importing *importing, struct failure *failure);

#endif
