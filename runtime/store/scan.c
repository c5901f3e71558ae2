/* Scans: rows of a record in order, handed over by the batch, column by column.
 * Knows: where rows stand and which index gives which order. Does not know: what is done with them, threads (ahead.c).
 *
 * Stepping through a statement row by row costs 150 ns a row for four integers. So rows are not taken out of SQLite one by one: the statement's condition is a
 * function of ours, remit_take(_id, owner, field, …), which puts its arguments into the batch and is true only for the row that fills it. One step of the
 * statement is then one batch, at 80 ns a row. This needs the rows to reach the condition in the order asked for. Where SQLite would sort (it says so in its
 * plan), its sorted rows are stepped through. */
#include "runtime/store/scan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { TAKE_ARGUMENTS_MAX = 100 /* of SQLite's 127; a wider scan uses several calls */ };

struct cursor {
    struct store *store;
    struct scanner scanner;
    struct row_set rows;    /* of a scan that does not read ahead */
    struct ahead *ahead;    /* of one that does; or NULL */
};

/* ---- sets of rows ---- */

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

void row_set_create(struct row_set *rows, const struct scan *scan) {
    *rows = (struct row_set){.texts = arena_create()};
    rows->targets = calloc((size_t)scan->field_count + 2, sizeof *rows->targets);
    rows->columns = calloc((size_t)scan->field_count + 2, sizeof *rows->columns);
    assert(rows->targets && rows->columns);
    bool has_owner = scan->order == SCAN_BY_REFERENCE;
    rows->target_count = scan->field_count + 1 + has_owner;
    for (int i = 0; i < rows->target_count; i++) {
        int field = i - 1 - has_owner;
        enum representation representation = field < 0 ? REPRESENTATION_INT : type_representation(scan->fields[field]->type);
        make_column(&rows->columns[i], representation);
        rows->targets[i] = (struct target){representation, &rows->columns[i]};
        rows->has_texts = rows->has_texts || representation == REPRESENTATION_TEXT;
    }
    rows->batch.columns = rows->columns + 1 + has_owner;
    rows->batch.ids = rows->columns[0].integers;
    rows->batch.owners = has_owner ? rows->columns[1].integers : NULL;
}

void row_set_destroy(struct row_set *rows) {
    for (int i = 0; i < rows->target_count; i++)
        free_column(&rows->columns[i]);
    free(rows->columns);
    free(rows->targets);
    if (rows->texts)
        arena_destroy(rows->texts);
}

static void row_set_clear(struct row_set *rows) {
    for (int i = 0; i < rows->target_count && rows->batch.row_count > 0; i++)
        memset(rows->targets[i].column->missing, 0, (size_t)rows->batch.row_count);
    rows->batch.row_count = 0;
    if (rows->has_texts)
        arena_reset(rows->texts);
}

/* ---- taking rows ---- */

static void take_value(struct row_set *rows, const struct target *target, sqlite3_value *value, int row) {
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
        column->texts[row] = text ? arena_copy(rows->texts, text, column->lengths[row]) : "";
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
static void step_value(sqlite3_stmt *statement, struct row_set *rows, int column_number) {
    const struct target *target = &rows->targets[column_number];
    int row = rows->batch.row_count;
    struct batch_column *column = target->column;
    column->missing[row] = sqlite3_column_type(statement, column_number) == SQLITE_NULL;
    switch (target->representation) {
    case REPRESENTATION_NUMBER:
        column->numbers[row] = sqlite3_column_double(statement, column_number);
        break;
    case REPRESENTATION_TEXT: {
        const char *text = (const char *)sqlite3_column_text(statement, column_number);
        column->lengths[row] = text ? (uint32_t)sqlite3_column_bytes(statement, column_number) : 0;
        column->texts[row] = text ? arena_copy(rows->texts, text, column->lengths[row]) : "";
        break;
    }
    default:
        column->integers[row] = sqlite3_column_int64(statement, column_number);
        break;
    }
}

static int step_rows(const struct scanner *scanner, struct row_set *rows) {
    int result;
    while ((result = sqlite3_step(scanner->statement)) == SQLITE_ROW) {
        for (int i = 0; i < rows->target_count; i++)
            step_value(scanner->statement, rows, i);
        if (++rows->batch.row_count == SCAN_BATCH_ROWS)
            break;
    }
    return result;
}

static void take_values(struct row_set *rows, int first, int count, sqlite3_value **values) {
    int row = rows->batch.row_count;
    for (int i = 0; i < count; i++)
        take_value(rows, &rows->targets[first + i], values[i], row);
}

/* The last arguments of a row. */
static void take_row(sqlite3_context *call, int count, sqlite3_value **values) {
    struct row_set *rows = *(struct row_set **)sqlite3_user_data(call);
    if (!rows) {
        sqlite3_result_error(call, "remit_take stands in scans only", -1);
        return;
    }
    take_values(rows, rows->target_count - count, count, values);
    sqlite3_result_int(call, ++rows->batch.row_count == SCAN_BATCH_ROWS);
}

/* Arguments before the last: the number of the first, then the values. */
static void take_part(sqlite3_context *call, int count, sqlite3_value **values) {
    struct row_set *rows = *(struct row_set **)sqlite3_user_data(call);
    if (rows)
        take_values(rows, sqlite3_value_int(values[0]), count - 1, values + 1);
    sqlite3_result_int(call, 0);
}

bool scan_define(sqlite3 *db, struct row_set **filling) {
    return sqlite3_create_function(db, "remit_take", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, filling, take_row, NULL, NULL) == SQLITE_OK &&
           sqlite3_create_function(db, "remit_take_part", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, filling, take_part, NULL, NULL) == SQLITE_OK;
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
    const char *table = scan->is_past ? arena_format(arena, "%s(?2)", store_past_table_name(arena, scan->record)) : storage->table;
    struct question question = {.table = table, .columns = columns, .column_count = count};
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
static char *write_scan(struct store *store, const struct scan *scan, bool *is_stepped, struct failure *failure) {
    struct arena *arena = arena_create();
    const char **columns = ARENA_ARRAY(arena, const char *, scan->field_count + 2);
    int count = 0;
    columns[count++] = "\"_id\"";
    if (scan->order == SCAN_BY_REFERENCE)
        columns[count++] = store_column_name(arena, scan->reference);
    for (int i = 0; i < scan->field_count; i++) {
        assert(scan->fields[i]->kind == FIELD_STORED);
        columns[count++] = store_column_name(arena, scan->fields[i]);
    }
    struct question question = question_of(arena, scan, columns, count);
    struct buffer sql = {0};
    struct plan plan;
    char *text = NULL;
    write_direct(&sql, &question);
    if (read_plan(store, sql.bytes, &plan, failure)) {
        bool visits = plan.visits && !scan->is_past && store->as_of == STORE_PRESENT && scan->order == SCAN_BY_REFERENCE && !scan->only_owner && !storage_of(scan->record)->is_view;
        *is_stepped = plan.sorts || visits;
        if (*is_stepped) {
            buffer_clear(&sql);
            write_stepped(&sql, &question, visits);
        }
        text = strdup(sql.bytes);
        assert(text);
    }
    buffer_free(&sql);
    arena_destroy(arena);
    return text;
}

/* ---- scanners ---- */

int scanner_fill(struct scanner *scanner, struct row_set *rows) {
    row_set_clear(rows);
    *scanner->filling = rows;
    int result = scanner->is_stepped ? step_rows(scanner, rows) : sqlite3_step(scanner->statement);
    *scanner->filling = NULL;
    if (result != SQLITE_ROW)
        sqlite3_reset(scanner->statement); /* lets go of the file's read lock */
    return result;
}

/* ---- cursors ---- */

struct cursor *store_scan(struct store *store, const struct scan *scan, struct failure *failure) {
    if (scan->only_id && !storage_need_id_index(store, storage_of(scan->record), failure))
        return NULL;
    if (!store_begin_reading(store, failure))
        return NULL;
    struct cursor *cursor = calloc(1, sizeof *cursor);
    assert(cursor);
    cursor->store = store;
    cursor->scanner = (struct scanner){.filling = &store->filling, .has_argument = scan->only_id || (scan->order == SCAN_BY_REFERENCE && scan->only_owner)};
    char *sql = write_scan(store, scan, &cursor->scanner.is_stepped, failure);
    if (sql && scan->may_read_ahead && !cursor->scanner.has_argument && !scan->is_past && store->as_of == STORE_PRESENT)
        cursor->ahead = ahead_start(store, scan, sql, cursor->scanner.is_stepped);
    if (!cursor->ahead)
        row_set_create(&cursor->rows, scan);
    if (sql && !cursor->ahead)
        cursor->scanner.statement = store_statement(store, sql, failure);
    free(sql);
    if (!cursor->scanner.statement && !cursor->ahead) {
        cursor_close(cursor);
        return NULL;
    }
    if (cursor->scanner.has_argument)
        sqlite3_bind_int64(cursor->scanner.statement, 1, scan->only_id ? scan->id : scan->owner);
    if (scan->is_past)
        sqlite3_bind_int64(cursor->scanner.statement, 2, scan->as_of);
    return cursor;
}

const struct batch *cursor_next(struct cursor *cursor, struct failure *failure) {
    if (cursor->ahead)
        return ahead_next(cursor->ahead, failure);
    if (cursor->scanner.is_finished) {
        row_set_clear(&cursor->rows);
        return &cursor->rows.batch;
    }
    int result = scanner_fill(&cursor->scanner, &cursor->rows);
    if (result == SQLITE_ROW)
        return &cursor->rows.batch;
    cursor->scanner.is_finished = true;
    if (result == SQLITE_DONE)
        return &cursor->rows.batch;
    store_fail(cursor->store, result, failure);
    return NULL;
}

bool cursor_restart(struct cursor *cursor, int64_t owner_or_id, struct failure *failure) {
    (void)failure;
    assert(!cursor->ahead);
    sqlite3_reset(cursor->scanner.statement);
    if (cursor->scanner.has_argument)
        sqlite3_bind_int64(cursor->scanner.statement, 1, owner_or_id);
    cursor->scanner.is_finished = false;
    return true;
}

bool cursor_restart_as_of(struct cursor *cursor, int64_t owner_or_id, int64_t as_of, struct failure *failure) {
    sqlite3_reset(cursor->scanner.statement);
    sqlite3_bind_int64(cursor->scanner.statement, 2, as_of);
    return cursor_restart(cursor, owner_or_id, failure);
}

void cursor_close(struct cursor *cursor) {
    if (!cursor)
        return;
    ahead_stop(cursor->ahead);
    sqlite3_finalize(cursor->scanner.statement);
    store_end_reading(cursor->store);
    row_set_destroy(&cursor->rows);
    free(cursor);
}
