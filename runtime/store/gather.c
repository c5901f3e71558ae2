/* A few rows in their canonical form, put in order. Knows: bytes. Does not know: where they come from. */
#include "runtime/store/journal_inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void gather_add(struct gathered *gathered, struct gathered_row row, const char *bytes, size_t length) {
    if (gathered->count == gathered->capacity) {
        gathered->capacity = gathered->capacity ? 2 * gathered->capacity : 16;
        gathered->rows = realloc(gathered->rows, (size_t)gathered->capacity * sizeof *gathered->rows);
        assert(gathered->rows);
    }
    row.offset = gathered->bytes.length;
    row.length = length;
    buffer_add(&gathered->bytes, bytes, length);
    gathered->rows[gathered->count++] = row;
}

static int compare_rows(const void *a, const void *b, void *context) {
    const struct gathered_row *x = a, *y = b;
    const struct gathered *gathered = context;
    if (x->owner != y->owner)
        return x->owner < y->owner ? -1 : 1;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    int order = memcmp(gathered->bytes.bytes + x->offset, gathered->bytes.bytes + y->offset, x->length < y->length ? x->length : y->length);
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

void gather_sort(struct gathered *gathered) {
    if (gathered->count > 1)
        qsort_r(gathered->rows, (size_t)gathered->count, sizeof *gathered->rows, compare_rows, gathered);
}

const char *gather_bytes(const struct gathered *gathered, int row) {
    return gathered->bytes.bytes + gathered->rows[row].offset;
}

void gather_clear(struct gathered *gathered) {
    gathered->count = 0;
    buffer_clear(&gathered->bytes);
}

void gather_free(struct gathered *gathered) {
    free(gathered->rows);
    buffer_free(&gathered->bytes);
    *gathered = (struct gathered){0};
}
