/* What stands below a query's rows: its columns' totals, gathered row by row. Both engines gather them from the rows they show.
 * Knows: a query's columns and aggregates of totals. Does not know: how rows are made or drawn. */
#ifndef REMIT_RUNTIME_VALUE_TOTALS_H
#define REMIT_RUNTIME_VALUE_TOTALS_H

#include "lang/base/arena.h"
#include "runtime/value/rows.h"

/* The query's columns as rows have them, column_count of them; in the arena. */
struct row_column *totals_columns(struct arena *arena, const struct tquery *query);

struct totals;
/* NULL when the query has none. It lives in the arena, as do the values it gives. */
struct totals *totals_start(struct arena *arena, const struct tquery *query);
void totals_add(struct totals *totals, const struct value *row);
/* One for each column, VALUE_MISSING where there is none or it is of nothing. NULL with failure set when one is too large. */
const struct value *totals_finish(struct totals *totals, struct failure *failure);

#endif
