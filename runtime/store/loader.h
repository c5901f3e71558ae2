/* Rows on their way into a table: kept compactly, sorted by owner, given to SQLite in order.
 * Knows: encoded rows, runs in a temporary file. Does not know: tables. Private to this room. */
#ifndef REMIT_RUNTIME_STORE_LOADER_H
#define REMIT_RUNTIME_STORE_LOADER_H

#include "runtime/store/inside.h"

#include <stdio.h>

enum {
    LOADER_BYTES       = 8 << 20,  /* rows in memory before a run goes to the temporary file */
    LOADER_CHUNK_BYTES = 4 << 20,  /* rows in memory before they are written, where their order is that of the input */
    LOADER_CACHE_BYTES = 8 << 20,  /* of SQLite's pages, meanwhile */
    RUN_BUFFERS_BYTES  = 4 << 20,  /* read at a time from all runs together while they are merged */
    RUN_BUFFER_LEAST   = 4 << 10,  /* from each */
    RUN_BUFFER_MOST    = 256 << 10
};

/* Rows kept in memory, each value by its place. */
struct row_buffer;
/* Rows to come, in order. */
struct row_source;

struct row_buffer *row_buffer_create(int value_count);
void row_buffer_destroy(struct row_buffer *buffer);
void row_buffer_add(struct row_buffer *buffer, int64_t owner, int64_t id, const struct value *values);
size_t row_buffer_bytes(const struct row_buffer *buffer);
int64_t row_buffer_rows(const struct row_buffer *buffer);
void row_buffer_clear(struct row_buffer *buffer);
void row_buffer_sort(struct row_buffer *buffer); /* by owner, then by the order in which rows were added */
/* Writes the sorted rows behind what the file holds; false with errno set. */
bool row_buffer_spill(struct row_buffer *buffer, FILE *file);

/* The rows of the sorted buffer and of the runs in the file (each run_lengths[i] bytes, one after another), merged. */
struct row_source *row_source_open(struct row_buffer *buffer, FILE *file, const int64_t *run_lengths, int run_count);
/* The next row's values, which live until the next call; false at the end, or when the file could not be read (row_source_failed). */
bool row_source_next(struct row_source *source, int64_t *owner, int64_t *id, struct value *values);
bool row_source_failed(const struct row_source *source);
void row_source_close(struct row_source *source);

#endif
