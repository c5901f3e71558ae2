/* What a stored field was and is: its values one after another, for the interpreter, and as the table remit_history(record, field, id, change) for questions, whose columns are called as
 * those of a nested query are there:
 *   c0     the value
 *   c1     the day of the change that brought it
 *   c2     the day of the change that replaced it or removed the row; NULL while it stands
 *   c3     who brought it
 *   _id    from 1, in order
 * A change of other fields makes no new value. Without rows when the id is NULL. The arguments may come from items on the left.
 * Knows: rows and their history, the journal, SQLite's virtual tables. Does not know: who asks. */
#include "runtime/store/past.h"

#include "lang/base/civil.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

static int64_t day_of(int64_t at) {
    return at / DAY_SECONDS - (at % DAY_SECONDS < 0);
}

/* The change that is under way is not in the journal yet. */
static int64_t column_day(struct store *store, sqlite3_stmt *statement, int column) {
    return day_of(sqlite3_column_type(statement, column) == SQLITE_NULL ? store->at : sqlite3_column_int64(statement, column));
}

void versions_forget(struct store *store) {
    sqlite3_finalize(store->versions);
    store->versions = NULL;
    store->versions_of = NULL;
}

/* The field is asked for of one row after another: its statement is kept. */
static bool need_versions(struct store *store, const struct field *field, struct failure *failure) {
    if (store->versions_of == field)
        return true;
    versions_forget(store);
    struct arena *arena = arena_create();
    const struct storage *storage = storage_of(field->record);
    const char *column = store_column_name(arena, field);
    store->versions = store_statement(store, arena_format(arena,
                                               "SELECT v, s, u, b.\"at\", b.\"who\", e.\"at\" FROM (SELECT %s AS v, \"_since\" AS s, NULL AS u FROM main.%s WHERE \"_id\" = ?1 AND \"_since\" <= ?2 "
                                               "UNION ALL SELECT %s, \"_since\", \"_until\" FROM main.%s WHERE \"_id\" = ?1 AND \"_since\" <= ?2) "
                                               "LEFT JOIN main.remit_change AS b ON b.\"_id\" = s LEFT JOIN main.remit_change AS e ON e.\"_id\" = u ORDER BY s",
                                               column, storage->table, past_column(store, arena, field), storage->history), failure);
    arena_destroy(arena);
    store->versions_of = store->versions ? field : NULL;
    return store->versions != NULL;
}

bool store_history(struct store *store, struct arena *arena, struct field *field, int64_t id, int64_t change, struct version **versions, int *count, struct failure *failure) {
    LIST_OF(struct version) found = {0};
    *versions = NULL;
    *count = 0;
    if (storage_of(field->record)->is_view)
        return true;
    if (change > store->as_of)
        change = store->as_of;
    if (!need_versions(store, field, failure))
        return false;
    sqlite3_stmt *statement = store->versions;
    sqlite3_bind_int64(statement, 1, id);
    sqlite3_bind_int64(statement, 2, change);
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        struct value value = store_column_value(statement, 0);
        bool has_ended = sqlite3_column_type(statement, 2) != SQLITE_NULL && sqlite3_column_int64(statement, 2) <= change;
        struct version *last = found.count ? &found.items[found.count - 1] : NULL;
        bool goes_on = last && value.kind == last->value.kind && (value.kind == VALUE_MISSING || value_compare(value, last->value) == 0);
        if (!goes_on) {
            const char *who = sqlite3_column_type(statement, 4) == SQLITE_NULL ? store->who : (const char *)sqlite3_column_text(statement, 4);
            who = arena_copy_string(arena, who ? who : "");
            struct version version = {.value = value_keep(arena, value), .from = column_day(store, statement, 3), .by = value_text(who, strlen(who))};
            LIST_ADD(arena, &found, version);
            last = &found.items[found.count - 1];
        }
        last->has_ended = has_ended;
        last->until = has_ended ? column_day(store, statement, 5) : 0;
    }
    sqlite3_reset(statement);
    *versions = found.items;
    *count = found.count;
    return result == SQLITE_DONE || store_fail(store, result, failure);
}

/* ---- the table ---- */

enum { COLUMN_VALUE, COLUMN_STARTS, COLUMN_ENDS, COLUMN_BY, COLUMN_NUMBER, ARGUMENT_RECORD, ARGUMENT_FIELD, ARGUMENT_ID, ARGUMENT_CHANGE, COLUMN_COUNT };
enum { ARGUMENTS = COLUMN_COUNT - ARGUMENT_RECORD, ROWS_EXPECTED = 10 };

struct history_table {
    sqlite3_vtab base; /* first: SQLite knows it by this */
    struct store *store;
};
struct history_cursor {
    sqlite3_vtab_cursor base; /* first */
    struct arena *arena;
    struct version *versions;
    int count, at;
};

static int connect_history(sqlite3 *db, void *context, int count, const char *const *arguments, sqlite3_vtab **table, char **message) {
    (void)count, (void)arguments, (void)message;
    int result = sqlite3_declare_vtab(db, "CREATE TABLE x(c0, c1 INTEGER, c2 INTEGER, c3 TEXT, \"_id\" INTEGER, record HIDDEN, field HIDDEN, id HIDDEN, change HIDDEN)");
    if (result != SQLITE_OK)
        return result;
    sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
    struct history_table *made = calloc(1, sizeof *made);
    assert(made);
    made->store = context;
    *table = &made->base;
    return SQLITE_OK;
}

static int disconnect_history(sqlite3_vtab *table) {
    free(table);
    return SQLITE_OK;
}

static int plan_history(sqlite3_vtab *table, sqlite3_index_info *info) {
    (void)table;
    int given = 0;
    for (int i = 0; i < info->nConstraint; i++) {
        const struct sqlite3_index_constraint *constraint = &info->aConstraint[i];
        if (constraint->iColumn < ARGUMENT_RECORD || constraint->op != SQLITE_INDEX_CONSTRAINT_EQ)
            continue;
        if (!constraint->usable)
            return SQLITE_CONSTRAINT;
        info->aConstraintUsage[i].argvIndex = constraint->iColumn - ARGUMENT_RECORD + 1;
        info->aConstraintUsage[i].omit = 1;
        given++;
    }
    if (given != ARGUMENTS)
        return SQLITE_CONSTRAINT;
    info->orderByConsumed = info->nOrderBy == 1 && !info->aOrderBy[0].desc && info->aOrderBy[0].iColumn == COLUMN_NUMBER;
    info->estimatedCost = ROWS_EXPECTED;
    info->estimatedRows = ROWS_EXPECTED;
    return SQLITE_OK;
}

static int open_history(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor) {
    (void)table;
    struct history_cursor *made = calloc(1, sizeof *made);
    assert(made);
    made->arena = arena_create();
    *cursor = &made->base;
    return SQLITE_OK;
}

static int close_history(sqlite3_vtab_cursor *base) {
    arena_destroy(((struct history_cursor *)base)->arena);
    free(base);
    return SQLITE_OK;
}

static struct field *find_field(struct store *store, const char *record, const char *name) {
    for (struct storage *storage = store->storages; storage; storage = storage->next)
        if (storage->record && strcmp(storage->name, record) == 0)
            return record_find_field(storage->record, name);
    return NULL;
}

static int start_history(sqlite3_vtab_cursor *base, int number, const char *text, int count, sqlite3_value **arguments) {
    (void)number, (void)text, (void)count;
    struct history_cursor *cursor = (struct history_cursor *)base;
    struct store *store = ((struct history_table *)base->pVtab)->store;
    arena_reset(cursor->arena);
    cursor->at = cursor->count = 0;
    if (sqlite3_value_type(arguments[2]) == SQLITE_NULL || sqlite3_value_type(arguments[3]) == SQLITE_NULL)
        return SQLITE_OK;
    struct field *field = find_field(store, (const char *)sqlite3_value_text(arguments[0]), (const char *)sqlite3_value_text(arguments[1]));
    assert(field);
    struct failure failure = {0};
    if (store_history(store, cursor->arena, field, sqlite3_value_int64(arguments[2]), sqlite3_value_int64(arguments[3]), &cursor->versions, &cursor->count, &failure))
        return SQLITE_OK;
    if (store->raised.kind == FAILURE_NONE)
        store->raised = failure;
    return SQLITE_ERROR;
}

static int next_version(sqlite3_vtab_cursor *base) {
    ((struct history_cursor *)base)->at++;
    return SQLITE_OK;
}

static int history_is_at_end(sqlite3_vtab_cursor *base) {
    const struct history_cursor *cursor = (const struct history_cursor *)base;
    return cursor->at >= cursor->count;
}

static void give_value(sqlite3_context *context, struct value value) {
    switch ((enum value_kind)value.kind) {
    case VALUE_MISSING: sqlite3_result_null(context); break;
    case VALUE_INT: sqlite3_result_int64(context, value.integer); break;
    case VALUE_NUMBER: sqlite3_result_double(context, value.number); break;
    case VALUE_TEXT: sqlite3_result_text64(context, value.text, value.length, SQLITE_TRANSIENT, SQLITE_UTF8); break;
    }
}

static int give_version(sqlite3_vtab_cursor *base, sqlite3_context *context, int column) {
    const struct history_cursor *cursor = (const struct history_cursor *)base;
    const struct version *version = &cursor->versions[cursor->at];
    switch (column) {
    case COLUMN_VALUE: give_value(context, version->value); break;
    case COLUMN_STARTS: sqlite3_result_int64(context, version->from); break;
    case COLUMN_ENDS: give_value(context, version->has_ended ? value_int(version->until) : value_missing()); break;
    case COLUMN_BY: give_value(context, version->by); break;
    case COLUMN_NUMBER: sqlite3_result_int(context, cursor->at + 1); break;
    default: break; /* arguments are for going in */
    }
    return SQLITE_OK;
}

static int give_number(sqlite3_vtab_cursor *base, sqlite3_int64 *number) {
    *number = ((struct history_cursor *)base)->at + 1;
    return SQLITE_OK;
}

bool versions_define(struct store *store) {
    static const sqlite3_module module = {
        .xConnect = connect_history, .xDisconnect = disconnect_history, .xBestIndex = plan_history, .xOpen = open_history, .xClose = close_history,
        .xFilter = start_history, .xNext = next_version, .xEof = history_is_at_end, .xColumn = give_version, .xRowid = give_number,
    };
    return sqlite3_create_module(store->db, "remit_history", &module, store) == SQLITE_OK;
}
