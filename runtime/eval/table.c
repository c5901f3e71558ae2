/* Tables: values kept of all records of a type, by position in the order of id, and who refers to whom between them. See plan.h.
 * Knows: columns, ids. Does not know: which pass computes what. */
#include "runtime/eval/plan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct table *table_of(struct plan *plan, struct space *root) {
    if (root->table)
        return root->table;
    root->table = ARENA_NEW(plan->arena, struct table);
    root->table->root = root;
    LIST_ADD(plan->arena, &plan->tables, root->table);
    return root->table;
}

void table_keep(struct plan *plan, struct term *term) {
    if (term->space->kind == SPACE_ONCE)
        return;
    assert(term->space->kind == SPACE_ROOT);
    table_of(plan, term->space);
    term->is_kept = true;
    term->wanted = NULL; /* whoever takes it may want any row */
}

void table_want_adjacency(struct plan *plan, struct field *reference) {
    struct table *table = table_of(plan, plan_root(plan, reference->record));
    if (table_adjacency(table, reference))
        return;
    struct adjacency *adjacency = ARENA_NEW(plan->arena, struct adjacency);
    adjacency->reference = reference;
    adjacency->referred = table_of(plan, plan_root(plan, reference->type.record));
    adjacency->next = table->adjacencies;
    table->adjacencies = adjacency;
}

struct adjacency *table_adjacency(const struct table *table, const struct field *reference) {
    struct adjacency *adjacency = table->adjacencies;
    while (adjacency && adjacency->reference != reference)
        adjacency = adjacency->next;
    return adjacency;
}

/* ---- positions ---- */

/* The first of the rows from `first` up to `end` whose id is not less. */
static int64_t find_id(struct table *table, int64_t id, int64_t first, int64_t end) {
    while (first < end) {
        int64_t middle = first + (end - first) / 2;
        if (column_integer(&table->ids, middle) < id)
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

/* Where ids have gaps, the page is found first: its rows are then in memory together. */
int64_t table_position(struct table *table, int64_t id) {
    int64_t count = table_count(table);
    if (table->is_dense)
        return id >= table->first_id && id - table->first_id < count ? id - table->first_id : -1;
    int64_t page = 0, pages = table->first_ids.count;
    while (pages - page > 1) {
        int64_t middle = page + (pages - page) / 2;
        if (table->first_ids.items[middle] <= id)
            page = middle;
        else
            pages = middle;
    }
    int64_t first = page << table->ids.shift, end = (page + 1) << table->ids.shift;
    int64_t position = find_id(table, id, first, end < count ? end : count);
    return position < count && column_integer(&table->ids, position) == id ? position : -1;
}

static void index_ids(struct plan *plan, struct table *table) {
    int64_t count = table_count(table);
    table->first_id = count ? column_integer(&table->ids, 0) : 0;
    table->is_dense = count == 0 || column_integer(&table->ids, count - 1) - table->first_id + 1 == count;
    for (int64_t at = 0; at < count && !table->is_dense; at += INT64_C(1) << table->ids.shift)
        LIST_ADD(plan->arena, &table->first_ids, column_integer(&table->ids, at));
}

/* ---- columns ---- */

void table_store(struct plan *plan, struct table *table, struct term *term) {
    const struct space *root = table->root;
    if (root->position == 0)
        column_start(&term->column, plan->pool, term->form);
    column_append(&term->column, &term->result, root->count, term->space->kind == SPACE_ONCE);
}

/* ---- loading ---- */

struct loading {
    struct plan *plan;
    struct table *table;
    LIST_OF(struct term *) terms; /* stored fields */
    struct field **fields;
    struct term *id;              /* for those who ask for the id at a position; or NULL */
};

static void find_stored(struct loading *loading) {
    struct plan *plan = loading->plan;
    for (int i = 0; i < plan->terms.count; i++) {
        struct term *term = plan->terms.items[i];
        if (!term->is_kept || term->space != loading->table->root || (term->kind != TERM_COLUMN && term->kind != TERM_ID))
            continue;
        column_start(&term->column, plan->pool, term->form);
        if (term->kind == TERM_ID)
            loading->id = term;
        else
            LIST_ADD(plan->arena, &loading->terms, term);
    }
    loading->fields = ARENA_ARRAY(plan->arena, struct field *, loading->terms.count);
    for (int i = 0; i < loading->terms.count; i++)
        loading->fields[i] = loading->terms.items[i]->field;
}

/* A cursor's column as a vector; what it has no array for is made in the arena. */
static struct vector vector_of(struct arena *arena, const struct term *term, const struct batch_column *column, int count) {
    struct vector vector = {.states = column->missing, .is_plain = !memchr(column->missing, 1, (size_t)count)};
    if (term->form == FORM_INT)
        vector.integers = column->integers;
    else if (term->form == FORM_NUMBER)
        vector.numbers = column->numbers;
    else if (term->form == FORM_TRUTH) {
        vector.truths = ARENA_ARRAY(arena, uint8_t, count);
        for (int i = 0; i < count; i++)
            vector.truths[i] = column->missing[i] ? TRUTH_MISSING : column->integers[i] != 0;
    } else {
        vector.texts = ARENA_ARRAY(arena, struct value, count);
        for (int i = 0; i < count; i++)
            vector.texts[i] = value_text(column->texts[i], column->lengths[i]);
    }
    return vector;
}

static void append(struct loading *loading, const struct batch *batch) {
    struct plan *plan = loading->plan;
    int count = batch->row_count;
    for (int i = 0; i < loading->terms.count; i++) {
        struct vector vector = vector_of(plan->texts, loading->terms.items[i], &batch->columns[i], count);
        column_append(&loading->terms.items[i]->column, &vector, count, false);
    }
    for (int i = 0; i < count; i++)
        column_append_integer(&loading->table->ids, batch->ids[i]);
    for (int i = 0; i < count && loading->id; i++)
        column_append_integer(&loading->id->column, batch->ids[i]);
    arena_reset(plan->texts);
}

bool table_load(struct plan *plan, struct table *table) {
    struct loading loading = {.plan = plan, .table = table};
    find_stored(&loading);
    column_start(&table->ids, plan->pool, FORM_INT);
    struct scan scan = {.record = table->root->record, .order = SCAN_BY_ID, .fields = loading.fields, .field_count = loading.terms.count};
    struct cursor *cursor = store_scan(plan->walker->inputs->store, &scan, plan->failure);
    const struct batch *batch = NULL;
    while (cursor && (batch = cursor_next(cursor, plan->failure)) && batch->row_count > 0)
        append(&loading, batch);
    cursor_close(cursor);
    if (!batch) {
        plan->has_failed = true;
        return false;
    }
    index_ids(plan, table);
    return true;
}

/* ---- who refers to whom ---- */

struct relating {
    struct table *table;
    struct adjacency *adjacency;
};

/* Rows come in the order of whom they refer to, and so all is written from the front. */
static void relate(struct relating *relating, const struct batch *batch) {
    struct adjacency *adjacency = relating->adjacency;
    for (int i = 0; i < batch->row_count; i++) {
        int64_t referred = table_position(adjacency->referred, batch->owners[i]);
        while (adjacency->starts.count <= referred)
            column_append_integer(&adjacency->starts, adjacency->members.count);
        if (referred >= 0)
            column_append_integer(&adjacency->members, table_position(relating->table, batch->ids[i]));
    }
}

static bool load_adjacency(struct plan *plan, struct table *table, struct adjacency *adjacency) {
    struct relating relating = {table, adjacency};
    struct scan scan = {.record = table->root->record, .order = SCAN_BY_REFERENCE, .reference = adjacency->reference};
    struct cursor *cursor = store_scan(plan->walker->inputs->store, &scan, plan->failure);
    const struct batch *batch = NULL;
    column_start(&adjacency->starts, plan->pool, FORM_INT);
    column_start(&adjacency->members, plan->pool, FORM_INT);
    while (cursor && (batch = cursor_next(cursor, plan->failure)) && batch->row_count > 0)
        relate(&relating, batch);
    cursor_close(cursor);
    while (adjacency->starts.count <= table_count(adjacency->referred))
        column_append_integer(&adjacency->starts, adjacency->members.count);
    plan->has_failed = plan->has_failed || !batch;
    return !plan->has_failed;
}

bool table_load_adjacencies(struct plan *plan, struct table *table) {
    for (struct adjacency *adjacency = table->adjacencies; adjacency; adjacency = adjacency->next)
        if (!load_adjacency(plan, table, adjacency))
            return false;
    return true;
}

void table_free(struct table *table) {
    column_free(&table->ids);
    for (struct adjacency *adjacency = table->adjacencies; adjacency; adjacency = adjacency->next) {
        column_free(&adjacency->starts);
        column_free(&adjacency->members);
    }
}
