/* The interpreter's questions: rows of a query, one value, ids of a collection. See eval.h.
 * Knows: rows, totals. Does not know: kinds of expressions, rules (check.c). */
#include "runtime/eval/walk.h"
#include "runtime/value/totals.h"

#include <stdlib.h>

/* ---- rows of a query ---- */

/* All rows are there when the first is taken: groups and orders need them all. */
struct eval_rows {
    struct rows rows; /* first: the callbacks are given this */
    struct arena *arena;
    struct query_rows found;
    int next;
    const struct value *totals;
};

static bool find_totals(struct eval_rows *self, const struct tquery *query, struct failure *failure) {
    struct totals *totals = totals_start(self->arena, query);
    for (int row = 0; totals && row < self->found.count; row++)
        totals_add(totals, self->found.items[row].values);
    return !totals || (self->totals = totals_finish(totals, failure)) != NULL;
}

static enum rows_step eval_rows_next(struct rows *rows, const struct value **row, struct failure *failure) {
    struct eval_rows *self = (struct eval_rows *)rows;
    (void)failure;
    if (self->next == self->found.count) {
        rows->totals = self->totals;
        return ROWS_END;
    }
    *row = self->found.items[self->next++].values;
    return ROWS_ROW;
}

static void eval_rows_close(struct rows *rows) {
    struct eval_rows *self = (struct eval_rows *)rows;
    arena_destroy(self->arena);
    free(self);
}

struct rows *eval_run_query(const struct engine_inputs *inputs, const struct tquery *query, struct failure *failure) {
    struct eval_rows *self = calloc(1, sizeof *self);
    if (!self)
        abort();
    self->arena = arena_create();
    self->rows = (struct rows){.columns = totals_columns(self->arena, query), .column_count = query->column_count, .next = eval_rows_next, .close = eval_rows_close};
    struct walker walker;
    walker_start(&walker, inputs, failure);
    walker_note_query(&walker, query);
    walker.outermost = query;
    bool good = walk_query(&walker, self->arena, query, QUERY_SHOWN, &self->found) && find_totals(self, query, failure);
    walker_finish(&walker);
    operator_context_release_texts(inputs->operators);
    if (good)
        return &self->rows;
    eval_rows_close(&self->rows);
    return NULL;
}

/* ---- single values ---- */

bool eval_evaluate(struct arena *arena, const struct engine_inputs *inputs, const struct texpr *expression, struct value *result, struct failure *failure) {
    struct walker walker;
    walker_start(&walker, inputs, failure);
    walker_note(&walker, expression);
    bool good = walk(&walker, expression, result);
    *result = good ? value_keep(arena, *result) : value_missing();
    walker_finish(&walker);
    operator_context_release_texts(inputs->operators);
    return good;
}

/* ---- ids of a collection ---- */

struct collecting {
    struct arena *arena;
    LIST_OF(int64_t) ids;
};

static enum step collect_id(void *context, struct element element) {
    struct collecting *collecting = context;
    if (element.value.kind == VALUE_INT)
        LIST_ADD(collecting->arena, &collecting->ids, element.value.integer);
    return STEP_ON;
}

static int compare_ids(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

bool eval_collect_ids(struct arena *arena, const struct engine_inputs *inputs, const struct texpr *collection, int64_t **ids, int *count, struct failure *failure) {
    struct collecting collecting = {.arena = arena};
    struct walker walker;
    walker_start(&walker, inputs, failure);
    walker_note(&walker, collection);
    bool good = walk_collection(&walker, collection, collect_id, &collecting) != STEP_FAILED;
    walker_finish(&walker);
    operator_context_release_texts(inputs->operators);
    if (collecting.ids.count > 1)
        qsort(collecting.ids.items, (size_t)collecting.ids.count, sizeof(int64_t), compare_ids);
    *count = 0;
    for (int i = 0; i < collecting.ids.count; i++)
        if (i == 0 || collecting.ids.items[i] != collecting.ids.items[i - 1])
            collecting.ids.items[(*count)++] = collecting.ids.items[i];
    *ids = collecting.ids.items;
    return good;
}
