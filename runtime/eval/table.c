/* Tables: values kept of all records of a type, by position in the order of id, and who refers to whom between them. See plan.h.
 * Knows: columns, ids. Does not know: which pass computes what. */
#include "runtime/eval/plan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void *grown(void *items, size_t count, size_t size) {
    items = realloc(items, count * size);
    if (!items)
        abort();
    return items;
}

struct table *table_of(struct plan *plan, struct space *root) {
    if (root->table)
        return root->table;
    root->table = ARENA_NEW(plan->arena, struct table);
    root->table->root = root;
    root->table->texts = arena_create();
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
    adjacency->column = term_leaf(plan, TERM_COLUMN, form_of(reference->type), table->root, reference);
    table_keep(plan, adjacency->column);
}

const struct adjacency *table_adjacency(const struct table *table, const struct field *reference) {
    const struct adjacency *adjacency = table->adjacencies;
    while (adjacency && adjacency->reference != reference)
        adjacency = adjacency->next;
    return adjacency;
}

/* ---- positions ---- */

int64_t table_position(const struct table *table, int64_t id) {
    if (table->count == 0 || id < table->ids[0] || id > table->ids[table->count - 1])
        return -1;
    if (table->is_dense)
        return id - table->ids[0];
    if (table->positions)
        return table->positions[id - table->ids[0]];
    int64_t first = 0, end = table->count;
    while (first < end) {
        int64_t middle = first + (end - first) / 2;
        if (table->ids[middle] < id)
            first = middle + 1;
        else
            end = middle;
    }
    return first < table->count && table->ids[first] == id ? first : -1;
}

static void index_ids(struct table *table) {
    if (table->count == 0)
        return;
    int64_t span = table->ids[table->count - 1] - table->ids[0] + 1;
    table->is_dense = span == table->count;
    if (table->is_dense || span > 4 * table->count + ROOT_ROWS || table->count > INT32_MAX)
        return;
    table->positions = grown(NULL, (size_t)span, sizeof *table->positions);
    memset(table->positions, 0xFF, (size_t)span * sizeof *table->positions);
    for (int64_t i = 0; i < table->count; i++)
        table->positions[table->ids[i] - table->ids[0]] = (int32_t)i;
}

/* ---- columns ---- */

static void reserve_column(struct term *term, int64_t capacity) {
    term->column.items = grown(term->column.items, (size_t)capacity, form_size(term->form));
    if (term->form != FORM_TRUTH)
        term->column.states = grown(term->column.states, (size_t)capacity, 1);
}

/* The row of the term's column; texts are copied. */
static void set_row(struct table *table, struct term *term, int64_t position, const struct vector *from, int64_t row) {
    if (term->form == FORM_TRUTH) {
        term->column.truths[position] = from->truths[row];
        return;
    }
    term->column.states[position] = from->states[row];
    if (term->form == FORM_TEXT)
        term->column.texts[position] = from->states[row] == STATE_KNOWN ? value_keep(table->texts, from->texts[row]) : value_missing();
    else
        term->column.integers[position] = from->integers[row];
}

void table_store(struct table *table, struct term *term) {
    const struct space *root = table->root;
    bool is_once = term->space->kind == SPACE_ONCE;
    if (root->position == 0) {
        reserve_column(term, table->count + 1);
        term->column.is_plain = true;
    }
    for (int i = 0; i < root->count && root->position + i < table->count; i++)
        set_row(table, term, root->position + i, &term->result, is_once ? 0 : i);
    term->column.is_plain = term->column.is_plain && term->result.is_plain;
}

/* ---- loading ---- */

struct loading {
    struct plan *plan;
    struct table *table;
    LIST_OF(struct term *) terms;
    struct field **fields;
};

static void find_stored(struct loading *loading) {
    struct plan *plan = loading->plan;
    for (int i = 0; i < plan->terms.count; i++) {
        struct term *term = plan->terms.items[i];
        if (term->is_kept && term->kind == TERM_COLUMN && term->space == loading->table->root)
            LIST_ADD(plan->arena, &loading->terms, term);
    }
    loading->fields = ARENA_ARRAY(plan->arena, struct field *, loading->terms.count);
    for (int i = 0; i < loading->terms.count; i++) {
        loading->fields[i] = loading->terms.items[i]->field;
        loading->terms.items[i]->column.is_plain = true;
    }
}

static void append_column(struct table *table, struct term *term, const struct batch_column *column, int count) {
    for (int row = 0; row < count; row++) {
        int64_t position = table->count + row;
        struct value value = batch_value(column, type_representation(term->field->type), row);
        term->column.is_plain = term->column.is_plain && value.kind != VALUE_MISSING;
        if (term->form == FORM_TRUTH) {
            term->column.truths[position] = value.kind == VALUE_MISSING ? TRUTH_MISSING : value.integer != 0;
            continue;
        }
        term->column.states[position] = value.kind == VALUE_MISSING ? STATE_MISSING : STATE_KNOWN;
        if (term->form == FORM_TEXT)
            term->column.texts[position] = value_keep(table->texts, value);
        else if (term->form == FORM_NUMBER)
            term->column.numbers[position] = value.kind == VALUE_MISSING ? 0 : value.number;
        else
            term->column.integers[position] = value.kind == VALUE_MISSING ? 0 : value.integer;
    }
}

static void append(struct loading *loading, const struct batch *batch) {
    struct table *table = loading->table;
    if (table->count + batch->row_count > table->capacity) {
        table->capacity = 2 * table->capacity + 4 * SCAN_BATCH_ROWS;
        table->ids = grown(table->ids, (size_t)table->capacity, sizeof *table->ids);
        for (int i = 0; i < loading->terms.count; i++)
            reserve_column(loading->terms.items[i], table->capacity);
    }
    memcpy(table->ids + table->count, batch->ids, sizeof *table->ids * (size_t)batch->row_count);
    for (int i = 0; i < loading->terms.count; i++)
        append_column(table, loading->terms.items[i], &batch->columns[i], batch->row_count);
    table->count += batch->row_count;
}

/* The ids as a column, for those who ask for the id at a position. */
static void keep_ids(struct plan *plan, struct table *table) {
    for (int i = 0; i < plan->terms.count; i++) {
        struct term *term = plan->terms.items[i];
        if (!term->is_kept || term->kind != TERM_ID || term->space != table->root)
            continue;
        reserve_column(term, table->count + 1);
        if (table->count)
            memcpy(term->column.integers, table->ids, sizeof *table->ids * (size_t)table->count);
        memset(term->column.states, STATE_KNOWN, (size_t)table->count);
        term->column.is_plain = true;
    }
}

bool table_load(struct plan *plan, struct table *table) {
    struct loading loading = {.plan = plan, .table = table};
    find_stored(&loading);
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
    for (int i = 0; i < loading.terms.count; i++)
        reserve_column(loading.terms.items[i], table->count + 1);
    keep_ids(plan, table);
    index_ids(table);
    return true;
}

/* ---- who refers to whom ---- */

/* Counting sort: how many refer to each, where each one's begin, then everyone to its place, in order of id. */
static void build_adjacency(const struct table *table, struct adjacency *adjacency) {
    const struct vector *column = &adjacency->column->column;
    int64_t referred = adjacency->referred->count;
    adjacency->starts = calloc((size_t)referred + 2, sizeof *adjacency->starts);
    adjacency->members = calloc((size_t)table->count + 1, sizeof *adjacency->members);
    adjacency->upward = calloc((size_t)table->count + 1, sizeof *adjacency->upward);
    if (!adjacency->starts || !adjacency->members || !adjacency->upward)
        abort();
    for (int64_t i = 0; i < table->count; i++) {
        bool is_known = column->states[i] == STATE_KNOWN;
        int64_t position = is_known ? table_position(adjacency->referred, column->integers[i]) : -1;
        adjacency->upward[i] = (int32_t)position;
        if (position >= 0)
            adjacency->starts[position + 2]++;
    }
    for (int64_t i = 0; i < referred; i++)
        adjacency->starts[i + 2] += adjacency->starts[i + 1];
    for (int64_t i = 0; i < table->count; i++)
        if (adjacency->upward[i] >= 0)
            adjacency->members[adjacency->starts[adjacency->upward[i] + 1]++] = (int32_t)i;
}

void table_build_adjacencies(struct table *table) {
    for (struct adjacency *adjacency = table->adjacencies; adjacency; adjacency = adjacency->next)
        build_adjacency(table, adjacency);
}

void table_free(struct table *table) {
    free(table->ids);
    free(table->positions);
    free(table->visited);
    for (struct adjacency *adjacency = table->adjacencies; adjacency; adjacency = adjacency->next) {
        free(adjacency->starts);
        free(adjacency->members);
        free(adjacency->upward);
    }
    arena_destroy(table->texts);
}
