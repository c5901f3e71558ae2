/* Queries, walked: sources, condition, keep, order, take. See walk.h.
 * Knows: the clauses of a query. Does not know: groups (group.c), totals (eval.c). */
#include "lang/check/texpr.h"
#include "runtime/eval/walk.h"

#include <stdlib.h>

/* ---- sources ---- */

struct sourcing {
    struct walker *walker;
    const struct tquery *query;
    int source;
    bool may_release; /* nothing that the outermost loop needs is in the scratch memory */
    row_visitor row;
    void *context;
};

static enum step walk_from(const struct sourcing *sourcing);

static enum step visit_source(void *context, struct element element) {
    const struct sourcing *sourcing = context;
    struct walker *walker = sourcing->walker;
    if (sourcing->may_release)
        walker_release(walker);
    struct slot before = walker_bind(walker, sourcing->query->sources[sourcing->source].variable, element);
    struct sourcing next = *sourcing;
    next.source++;
    next.may_release = false;
    enum step step = walk_from(&next);
    walker_unbind(walker, sourcing->query->sources[sourcing->source].variable, before);
    return step;
}

static enum step walk_from(const struct sourcing *sourcing) {
    const struct tquery *query = sourcing->query;
    if (sourcing->source < query->source_count)
        return walk_collection(sourcing->walker, query->sources[sourcing->source].collection, visit_source, (void *)(uintptr_t)sourcing);
    bool holds = true;
    if (query->condition && !walk_condition(sourcing->walker, query->condition, &holds))
        return STEP_FAILED;
    return holds ? sourcing->row(sourcing->context) : STEP_ON;
}

enum step walk_sources(struct walker *walker, const struct tquery *query, row_visitor row, void *context) {
    struct sourcing sourcing = {.walker = walker, .query = query, .row = row, .context = context};
    const struct texpr *outermost = query->source_count ? query->sources[0].collection : NULL;
    while (outermost && outermost->kind == TEXPR_FILTER)
        outermost = outermost->source;
    sourcing.may_release = query == walker->outermost && outermost && outermost->kind == TEXPR_ALL;
    return walk_from(&sourcing);
}

/* ---- rows and their order ---- */

enum step sorted_rows_add(struct sorted_rows *rows, const struct value *group_keys) {
    const struct tquery *query = rows->query;
    struct walker *walker = rows->walker;
    struct value *values = ARENA_ARRAY(rows->arena, struct value, query->column_count);
    struct value *keys = ARENA_ARRAY(rows->arena, struct value, rows->key_count);
    for (int i = 0; i < query->column_count; i++) {
        const struct tcolumn *column = &query->columns[i];
        if (!walk(walker, rows->form == QUERY_SHOWN ? column->shown : column->value, &values[i]))
            return STEP_FAILED;
        values[i] = value_keep(rows->arena, values[i]);
    }
    for (int i = 0; i < rows->key_count; i++) {
        if (i >= query->order_count)
            keys[i] = group_keys[i - query->order_count];
        else if (!walk(walker, query->order[i].value, &keys[i]))
            return STEP_FAILED;
        keys[i] = value_keep(rows->arena, keys[i]);
    }
    if (rows->key_count == 0 && rows->list.count >= rows->most)
        return rows->may_fail ? STEP_ON : STEP_ENOUGH;
    struct sorted_row row = {values, keys, rows->list.count};
    LIST_ADD(rows->arena, &rows->list, row);
    return STEP_ON;
}

/* Missing values come last, whichever way the rest goes. */
static int compare_rows(const void *a, const void *b, void *context) {
    const struct sorted_row *x = a, *y = b;
    const struct sorted_rows *rows = context;
    for (int i = 0; i < rows->key_count; i++) {
        int order = value_compare(x->keys[i], y->keys[i]);
        if (order == 0)
            continue;
        bool is_descending = i < rows->query->order_count && rows->query->order[i].descending;
        bool is_missing = x->keys[i].kind == VALUE_MISSING || y->keys[i].kind == VALUE_MISSING;
        return is_descending && !is_missing ? -order : order;
    }
    return (x->position > y->position) - (x->position < y->position);
}

/* Rows come in the sources' own order, so that position decides between equals. */
static enum step add_plain_row(void *context) {
    struct sorted_rows *rows = context;
    bool holds = true;
    if (rows->query->keep && !walk_condition(rows->walker, rows->query->keep, &holds))
        return STEP_FAILED;
    return holds ? sorted_rows_add(rows, NULL) : STEP_ON;
}

static bool find_most(struct sorted_rows *rows) {
    struct value take = value_int(INT64_MAX);
    if (rows->query->take && !walk(rows->walker, rows->query->take, &take))
        return false;
    rows->most = take.kind == VALUE_MISSING || take.integer < 0 ? 0 : take.integer;
    return true;
}

static bool collect_rows(struct walker *walker, struct sorted_rows *rows) {
    if (!rows->query->grouped)
        return walk_sources(walker, rows->query, add_plain_row, rows) != STEP_FAILED;
    rows->key_count += rows->query->group_count;
    return walk_groups(walker, rows);
}

bool walk_query(struct walker *walker, struct arena *arena, const struct tquery *query, enum query_form form, struct query_rows *result) {
    int64_t before;
    struct sorted_rows rows = {.query = query, .form = form, .arena = arena, .walker = walker, .key_count = query->order_count, .may_fail = tquery_may_fail(query)};
    *result = (struct query_rows){0};
    if (!find_most(&rows))
        return false;
    if (rows.most == 0) /* nothing is wanted, so nothing is asked */
        return true;
    bool good = walker_enter_past(walker, query->as_of, &before) && collect_rows(walker, &rows);
    walker->as_of = before;
    if (!good)
        return false;
    if (rows.key_count && rows.list.count > 1)
        qsort_r(rows.list.items, (size_t)rows.list.count, sizeof *rows.list.items, compare_rows, &rows);
    int64_t count = rows.list.count < rows.most ? rows.list.count : rows.most;
    result->items = ARENA_ARRAY(arena, struct query_row, count);
    for (int64_t i = 0; i < count; i++)
        result->items[i] = (struct query_row){i + 1, rows.list.items[i].values};
    result->count = (int)count;
    return true;
}
