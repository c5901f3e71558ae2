/* Totals of the rows of a query. See totals.h. */
#include "runtime/value/totals.h"
#include "runtime/value/operate.h"

struct totals {
    struct arena *arena;
    const struct tquery *query;
    const struct row_column *columns;
    struct accumulator *accumulators;
};

static bool has_total(const struct tquery *query, int column) {
    return query->total_aggregates && query->total_aggregates[column] >= 0;
}

/* A count is a whole number whatever is counted, and the average of whole numbers need not be one. */
static struct type total_type(const struct tquery *query, int column) {
    enum aggregate_kind kind = (enum aggregate_kind)query->total_aggregates[column];
    struct type type = query->columns[column].type;
    if (kind == AGGREGATE_COUNT || (kind == AGGREGATE_AVERAGE && type.kind == TYPE_INT))
        type = (struct type){.kind = kind == AGGREGATE_COUNT ? TYPE_INT : TYPE_NUMBER};
    type.optional = false;
    return type;
}

struct row_column *totals_columns(struct arena *arena, const struct tquery *query) {
    struct row_column *columns = ARENA_ARRAY(arena, struct row_column, query->column_count);
    for (int i = 0; i < query->column_count; i++) {
        columns[i] = (struct row_column){.label = query->columns[i].label, .type = query->columns[i].shown->type, .has_total = has_total(query, i)};
        if (columns[i].has_total)
            columns[i].total = total_type(query, i);
    }
    return columns;
}

struct totals *totals_start(struct arena *arena, const struct tquery *query) {
    if (!query->total_aggregates)
        return NULL;
    struct totals *totals = ARENA_NEW(arena, struct totals);
    *totals = (struct totals){arena, query, totals_columns(arena, query), ARENA_ARRAY(arena, struct accumulator, query->column_count)};
    return totals;
}

/* A text that is the least so far must outlive its row. */
void totals_add(struct totals *totals, const struct value *row) {
    for (int i = 0; i < totals->query->column_count; i++) {
        if (!totals->columns[i].has_total)
            continue;
        struct accumulator *accumulator = &totals->accumulators[i];
        accumulator_add(accumulator, (enum aggregate_kind)totals->query->total_aggregates[i], row[i]);
        if (accumulator->extreme.kind == VALUE_TEXT && accumulator->extreme.text == row[i].text)
            accumulator->extreme = value_keep(totals->arena, accumulator->extreme);
    }
}

const struct value *totals_finish(struct totals *totals, struct failure *failure) {
    struct value *values = ARENA_ARRAY(totals->arena, struct value, totals->query->column_count);
    for (int i = 0; i < totals->query->column_count; i++) {
        values[i] = value_missing();
        enum aggregate_kind kind = (enum aggregate_kind)totals->query->total_aggregates[i];
        if (totals->columns[i].has_total && !accumulator_result(&totals->accumulators[i], kind, totals->columns[i].total, &values[i], failure))
            return NULL;
    }
    return values;
}
