/* Cells to values: what a text in a file means for a field of a type.
 * Knows: how values are written in files. Does not know: rows, references (the importer looks keys up). */
#ifndef REMIT_RUNTIME_LOAD_CONVERT_H
#define REMIT_RUNTIME_LOAD_CONVERT_H

#include "runtime/load/load.h"
#include "runtime/value/value.h"

struct conversion {
    struct type type;             /* any scalar but a reference */
    const char *const *patterns;  /* for dates, in order of trial, NULL-terminated; NULL: ISO forms */
    struct decimal times;         /* 1, 0 where nothing is multiplied */
    bool has_times;
    int64_t *rounded;             /* counts cells of money with more than four decimals, which are rounded half to even; may be NULL */
};
/* Spaces round the text are not part of it; blank is missing. False with *problem, one line in the arena, when the text means nothing of that type. Text values live in
 * the arena or in the cell. */
bool convert_cell(struct arena *arena, const struct conversion *conversion, const struct cell *cell, struct value *value, const char **problem);

#endif
