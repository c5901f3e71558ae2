/* Scans: rows of a record in order, handed over by the batch, column by column.
 * Knows: where rows stand and which index gives which order. Does not know: what is done with them.
 *
 * Stepping through a statement row by row costs 150 ns a row for four integers. So rows are not taken out of SQLite one by one: the statement's condition is a
 * function of ours, remit_take(_id, owner, field, …), which puts its arguments into the batch and is true only for the row that fills it. One step of the
 * statement is then one batch, at 80 ns a row. This needs the rows to reach the condition in the order asked for. Where SQLite would sort (it says so in its
 * plan), its sorted rows are stepped through. */
#include "runtime/store/inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { TAKE_ARGUMENTS_MAX = 100 /* of SQLite's 127; a wider scan uses several calls */ };

struct target {
    enum representation representation;
    struct batch_column *column;
};

struct cursor {
    struct store *store;
    sqlite3_stmt *statement;
    struct batch batch;
    struct batch_column id, owner;
    struct target *targets; /* _id, the owner, the fields */
    int target_count, field_count;
    struct arena *texts;
    bool has_texts, has_argument, is_stepped, finished;
};

/* ---- taking rows ---- */

static void take_value(struct cursor *cursor, const struct target *target, sqlite3_value *value, int row) {
    struct batch_column *column = target->column;
    switch (target->representation) {
    case REPRESENTATION_NUMBER:
        column->missing[row] = sqlite3_value_type(value) == SQLITE_NULL;
        column->numbers[row] = sqlite3_value_double(value);
        break;
    case REPRESENTATION_TEXT: {
        const char *text = (const char *)sqlite3_value_text(value);
        column->missing[row] = text == NULL;
        column->lengths[row] = text ? (uint32_t)sqlite3_value_bytes(value) : 0;
        column->texts[row] = text ? arena_copy(cursor->texts, text, column->lengths[row]) : "";
        break;
    }
    default:
        column->integers[row] = sqlite3_value_int64(value);
        if (column->integers[row] == 0) /* a missing value reads as 0, so only then is it looked at again */
            column->missing[row] = sqlite3_value_type(value) == SQLITE_NULL;
        break;
    }
}

/* The same from a row that was stepped to. */
static void step_value(struct cursor *cursor, const struct target *target, int column_number, int row) {
    struct batch_column *column = target->column;
    column->missing[row] = sqlite3_column_type(cursor->statement, column_number) == SQLITE_NULL;
    switch (target->representation) {
    case REPRESENTATION_NUMBER:
        column->numbers[row] = sqlite3_column_double(cursor->statement, column_number);
        break;
    case REPRESENTATION_TEXT: {
        const char *text = (const char *)sqlite3_column_text(cursor->statement, column_number);
        column->lengths[row] = text ? (uint32_t)sqlite3_column_bytes(cursor->statement, column_number) : 0;
        column->texts[row] = text ? arena_copy(cursor->texts, text, column->lengths[row]) : "";
        break;
    }
    default:
        column->integers[row] = sqlite3_column_int64(cursor->statement, column_number);
        break;
    }
}

static int step_rows(struct cursor *cursor) {
    int result;
    while ((result = sqlite3_step(cursor->statement)) == SQLITE_ROW) {
        for (int i = 0; i < cursor->target_count; i++)
            step_value(cursor, &cursor->targets[i], i, cursor->batch.row_count);
        if (++cursor->batch.row_count == SCAN_BATCH_ROWS)
            break;
    }
    return result;
}

static void take_values(struct cursor *cursor, int first, int count, sqlite3_value **values) {
    int row = cursor->batch.row_count;
    for (int i = 0; i < count; i++)
        take_value(cursor, &cursor->targets[first + i], values[i], row);
}

/* The last arguments of a row. */
static void take_row(sqlite3_context *call, int count, sqlite3_value **values) {
    struct store *store = sqlite3_user_data(call);
    struct cursor *cursor = store->scanning;
    if (!cursor) {
        sqlite3_result_error(call, "remit_take stands in scans only", -1);
        return;
    }
    take_values(cursor, cursor->target_count - count, count, values);
    sqlite3_result_int(call, ++cursor->batch.row_count == SCAN_BATCH_ROWS);
}

/* Arguments before the last: the number of the first, then the values. */
static void take_part(sqlite3_context *call, int count, sqlite3_value **values) {
    struct store *store = sqlite3_user_data(call);
    if (store->scanning)
        take_values(store->scanning, sqlite3_value_int(values[0]), count - 1, values + 1);
    sqlite3_result_int(call, 0);
}

bool scan_define(struct store *store) {
    return sqlite3_create_function(store->db, "remit_take", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, store, take_row, NULL, NULL) == SQLITE_OK &&
           sqlite3_create_function(store->db, "remit_take_part", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, store, take_part, NULL, NULL) == SQLITE_OK;
}

/* ---- the statement ---- */

static void add_take(struct buffer *sql, const char *const *columns, int count) {
    int first = 0;
    while (count - first > TAKE_ARGUMENTS_MAX) {
        buffer_add_format(sql, "remit_take_part(%d", first);
        for (int i = 0; i < TAKE_ARGUMENTS_MAX; i++)
            buffer_add_format(sql, ", %s", columns[first + i]);
        buffer_add_string(sql, ") + ");
        first += TAKE_ARGUMENTS_MAX;
    }
    buffer_add_string(sql, "remit_take(");
    for (int i = first; i < count; i++)
        buffer_add_format(sql, "%s%s", i > first ? ", " : "", columns[i]);
    buffer_add_char(sql, ')');
}

/* How SQLite would go about it. */
struct plan {
    bool sorts;   /* the rows would pass the condition before they are in order */
    bool visits;  /* each row would be fetched from the table by way of an index */
};

static bool read_plan(struct store *store, const char *sql, struct plan *plan, struct failure *failure) {
    struct arena *arena = arena_create();
    sqlite3_stmt *statement = NULL;
    *plan = (struct plan){0};
    int result = sqlite3_prepare_v2(store->db, arena_format(arena, "EXPLAIN QUERY PLAN %s", sql), -1, &statement, NULL);
    while (result == SQLITE_OK || result == SQLITE_ROW) {
        result = sqlite3_step(statement);
        if (result != SQLITE_ROW)
            break;
        const char *detail = (const char *)sqlite3_column_text(statement, 3);
        plan->sorts = plan->sorts || strstr(detail, "TEMP B-TREE");
        plan->visits = plan->visits || strstr(detail, "USING INDEX");
    }
    bool done = result == SQLITE_DONE || store_fail(store, result, failure);
    sqlite3_finalize(statement);
    arena_destroy(arena);
    return done;
}

/* What is asked, in the pieces of which both forms of the question are made. */
struct question {
    const char *table, *condition, *order;
    const char *const *columns;
    int column_count;
};

static void write_direct(struct buffer *sql, const struct question *question) {
    buffer_add_format(sql, "SELECT 1 FROM %s WHERE %s AND ", question->table, question->condition);
    add_take(sql, question->columns, question->column_count);
    buffer_add_format(sql, " ORDER BY %s", question->order);
}

static void write_stepped(struct buffer *sql, const struct question *question, bool without_index) {
    buffer_add_string(sql, "SELECT ");
    for (int i = 0; i < question->column_count; i++)
        buffer_add_format(sql, "%s%s", i ? ", " : "", question->columns[i]);
    buffer_add_format(sql, " FROM %s%s WHERE %s ORDER BY %s", question->table, without_index ? " NOT INDEXED" : "", question->condition, question->order);
}

static struct question question_of(struct arena *arena, const struct scan *scan, const char *const *columns, int count) {
    const struct storage *storage = storage_of(scan->record);
    struct question question = {.table = storage->table, .columns = columns, .column_count = count};
    if (scan->order == SCAN_BY_ID) {
        question.condition = scan->only_id ? "\"_id\" = ?1" : "1";
        question.order = "\"_id\"";
        return question;
    }
    const char *reference = store_column_name(arena, scan->reference);
    question.condition = scan->only_owner ? arena_format(arena, "%s = ?1", reference) : storage->owner == scan->reference ? "1" : arena_format(arena, "%s IS NOT NULL", reference);
    question.order = arena_format(arena, "%s, \"_id\"", reference);
    return question;
}

/* A scan of all rows by an index that does not cover it fetches each row on its own, 1.7 microseconds a row in a large table; sorting costs a third of that. */
static bool prepare_scan(struct cursor *cursor, const struct scan *scan, const char *const *columns, int count, struct failure *failure) {
    struct store *store = cursor->store;
    struct arena *arena = arena_create();
    struct question question = question_of(arena, scan, columns, count);
    struct buffer sql = {0};
    struct plan plan;
    write_direct(&sql, &question);
    if (read_plan(store, sql.bytes, &plan, failure)) {
        bool visits = plan.visits && scan->order == SCAN_BY_REFERENCE && !scan->only_owner && !storage_of(scan->record)->is_view;
        cursor->is_stepped = plan.sorts || visits;
        if (cursor->is_stepped) {
            buffer_clear(&sql);
            write_stepped(&sql, &question, visits);
        }
        cursor->statement = store_statement(store, sql.bytes, failure);
    }
    buffer_free(&sql);
    arena_destroy(arena);
    return cursor->statement != NULL;
}

/* ---- cursors ---- */

static void *batch_array(size_t item) {
    void *items = calloc(SCAN_BATCH_ROWS, item);
    assert(items);
    return items;
}

static void make_column(struct batch_column *column, enum representation representation) {
    column->missing = batch_array(sizeof *column->missing);
    if (representation == REPRESENTATION_NUMBER)
        column->numbers = batch_array(sizeof *column->numbers);
    else if (representation == REPRESENTATION_TEXT) {
        column->texts = batch_array(sizeof *column->texts);
        column->lengths = batch_array(sizeof *column->lengths);
    } else
        column->integers = batch_array(sizeof *column->integers);
}

static void free_column(struct batch_column *column) {
    free(column->missing);
    free(column->integers);
    free(column->numbers);
    free(column->texts);
    free(column->lengths);
}

static void add_target(struct cursor *cursor, struct batch_column *column, enum representation representation) {
    make_column(column, representation);
    cursor->targets[cursor->target_count++] = (struct target){representation, column};
    cursor->has_texts = cursor->has_texts || representation == REPRESENTATION_TEXT;
}

struct cursor *store_scan(struct store *store, const struct scan *scan, struct failure *failure) {
    if (scan->only_id && !storage_need_id_index(store, storage_of(scan->record), failure))
        return NULL;
    if (!store_begin_reading(store, failure))
        return NULL;
    struct cursor *cursor = calloc(1, sizeof *cursor);
    assert(cursor);
    cursor->store = store;
    cursor->field_count = scan->field_count;
    cursor->texts = arena_create();
    cursor->targets = calloc((size_t)scan->field_count + 2, sizeof *cursor->targets);
    cursor->batch.columns = calloc((size_t)scan->field_count + 1, sizeof *cursor->batch.columns);
    assert(cursor->targets && cursor->batch.columns);
    struct arena *arena = arena_create();
    const char **columns = ARENA_ARRAY(arena, const char *, scan->field_count + 2);
    columns[cursor->target_count] = "\"_id\"";
    add_target(cursor, &cursor->id, REPRESENTATION_INT);
    if (scan->order == SCAN_BY_REFERENCE) {
        columns[cursor->target_count] = store_column_name(arena, scan->reference);
        add_target(cursor, &cursor->owner, REPRESENTATION_INT);
    }
    for (int i = 0; i < scan->field_count; i++) {
        assert(scan->fields[i]->kind == FIELD_STORED);
        columns[cursor->target_count] = store_column_name(arena, scan->fields[i]);
        add_target(cursor, &cursor->batch.columns[i], type_representation(scan->fields[i]->type));
    }
    cursor->batch.ids = cursor->id.integers;
    cursor->batch.owners = cursor->owner.integers;
    bool prepared = prepare_scan(cursor, scan, columns, cursor->target_count, failure);
    arena_destroy(arena);
    if (!prepared) {
        cursor_close(cursor);
        return NULL;
    }
    cursor->has_argument = scan->only_id || (scan->order == SCAN_BY_REFERENCE && scan->only_owner);
    if (cursor->has_argument)
        sqlite3_bind_int64(cursor->statement, 1, scan->only_id ? scan->id : scan->owner);
    return cursor;
}

const struct batch *cursor_next(struct cursor *cursor, struct failure *failure) {
    struct store *store = cursor->store;
    for (int i = 0; i < cursor->target_count && cursor->batch.row_count > 0; i++)
        memset(cursor->targets[i].column->missing, 0, (size_t)cursor->batch.row_count);
    cursor->batch.row_count = 0;
    if (cursor->finished)
        return &cursor->batch;
    if (cursor->has_texts)
        arena_reset(cursor->texts);
    store->scanning = cursor;
    int result = cursor->is_stepped ? step_rows(cursor) : sqlite3_step(cursor->statement);
    store->scanning = NULL;
    if (result == SQLITE_ROW)
        return &cursor->batch;
    cursor->finished = true;
    if (result == SQLITE_DONE) {
        sqlite3_reset(cursor->statement); /* lets go of the file's read lock */
        return &cursor->batch;
    }
    store_fail(store, result, failure);
    sqlite3_reset(cursor->statement);
    return NULL;
}

bool cursor_restart(struct cursor *cursor, int64_t owner_or_id, struct failure *failure) {
    (void)failure;
    sqlite3_reset(cursor->statement);
    if (cursor->has_argument)
        sqlite3_bind_int64(cursor->statement, 1, owner_or_id);
    cursor->finished = false;
    return true;
}

void cursor_close(struct cursor *cursor) {
    if (!cursor)
        return;
    sqlite3_finalize(cursor->statement);
    store_end_reading(cursor->store);
    free_column(&cursor->id);
    free_column(&cursor->owner);
    for (int i = 0; i < cursor->field_count; i++)
        free_column(&cursor->batch.columns[i]);
    free(cursor->batch.columns);
    free(cursor->targets);
    arena_destroy(cursor->texts);
    free(cursor);
}
