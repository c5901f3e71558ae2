/* What every file of the store builds on: statements, failures, settings kept in the store.
 * Knows: SQLite's results and what they mean to a person. Does not know: records, schemas. */
#include "runtime/store/inside.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A write that failed: the disk may be full in ways that SQLite reports as an error of input and output. */
static bool fail_input_output(struct store *store, struct failure *failure) {
    int error = sqlite3_system_errno(store->db);
    if (error == ENOSPC || error == EDQUOT || error == EFBIG)
        return failure_set(failure, DIAG_STORE_FULL, store->path);
    return failure_set(failure, DIAG_STORE_INPUT_OUTPUT, store->path, error ? strerror(error) : sqlite3_errmsg(store->db));
}

static bool fail_read_only(struct store *store, int extended, struct failure *failure) {
    if (extended == SQLITE_READONLY_ROLLBACK || extended == SQLITE_READONLY_RECOVERY) {
        failure_set(failure, DIAG_STORE_INTERRUPTED_WRITER, store->path);
        failure_hint(failure, "Any command that writes, such as `remit check`, brings it back to what it was before.");
        return false;
    }
    if (extended == SQLITE_READONLY_DBMOVED)
        return failure_set(failure, DIAG_STORE_READ_ONLY, store->path, "the file was removed or replaced meanwhile");
    return failure_set(failure, DIAG_STORE_READ_ONLY, store->path, store->read_only ? "it was opened for reading only" : "its file or folder may not be written");
}

bool store_fail(struct store *store, int result, struct failure *failure) {
    int extended = sqlite3_extended_errcode(store->db);
    if ((extended & 0xff) != (result & 0xff))
        extended = result;
    if (store->in_transaction && sqlite3_get_autocommit(store->db))
        store->lost = true; /* SQLite took the transaction back by itself */
    if (store->raised.kind != FAILURE_NONE) {
        if (failure->kind == FAILURE_NONE)
            *failure = store->raised;
        store->raised.kind = FAILURE_NONE;
        return false;
    }
    if (failure->kind != FAILURE_NONE)
        return false;
    switch (result & 0xff) {
    case SQLITE_INTERRUPT:
        failure_set(failure, DIAG_STORE_STOPPED);
        failure->kind = FAILURE_STOPPED;
        return false;
    case SQLITE_FULL:
        return failure_set(failure, DIAG_STORE_FULL, store->path);
    case SQLITE_IOERR:
        return fail_input_output(store, failure);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return failure_set(failure, DIAG_STORE_LOCKED, store->path);
    case SQLITE_CORRUPT:
        return failure_set(failure, DIAG_STORE_DAMAGED, store->path, "its parts do not fit together");
    case SQLITE_NOTADB:
        return failure_set(failure, DIAG_STORE_NOT_A_STORE, store->path, "it is no SQLite file");
    case SQLITE_READONLY:
        return fail_read_only(store, extended, failure);
    case SQLITE_CANTOPEN:
        if (store->in_transaction || !store->read_only)
            return failure_set(failure, DIAG_STORE_READ_ONLY, store->path, "its folder may not be written");
        return failure_set(failure, DIAG_STORE_UNREADABLE, store->path, strerror(sqlite3_system_errno(store->db)));
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return failure_set(failure, DIAG_STORE_UNREADABLE, store->path, "this user may not");
    case SQLITE_NOMEM:
        return failure_set(failure, DIAG_STORE_MEMORY);
    case SQLITE_CONSTRAINT:
        return failure_set(failure, DIAG_ROW_IN_USE, sqlite3_errmsg(store->db));
    default:
        return failure_set(failure, DIAG_STORE_QUESTION, sqlite3_errmsg(store->db));
    }
}

bool store_execute(struct store *store, const char *sql, struct failure *failure) {
    if (!store_is_whole(store, failure))
        return false;
    int result = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    return result == SQLITE_OK || store_fail(store, result, failure);
}

bool store_run(struct store *store, struct failure *failure, const char *format, ...) {
    struct arena *arena = arena_create();
    va_list arguments;
    va_start(arguments, format);
    bool done = store_execute(store, arena_format_list(arena, format, arguments), failure);
    va_end(arguments);
    arena_destroy(arena);
    return done;
}

sqlite3_stmt *store_statement(struct store *store, const char *sql, struct failure *failure) {
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
    if (result != SQLITE_OK)
        store_fail(store, result, failure);
    return statement;
}

bool store_keep_statement(struct store *store, sqlite3_stmt **slot, struct failure *failure, const char *format, ...) {
    if (*slot)
        return true;
    struct arena *arena = arena_create();
    va_list arguments;
    va_start(arguments, format);
    *slot = store_statement(store, arena_format_list(arena, format, arguments), failure);
    va_end(arguments);
    arena_destroy(arena);
    return *slot != NULL;
}

bool store_finish_statement(struct store *store, sqlite3_stmt *statement, struct failure *failure) {
    if (!store_is_whole(store, failure))
        return false;
    int result;
    do
        result = sqlite3_step(statement);
    while (result == SQLITE_ROW);
    bool done = result == SQLITE_DONE || store_fail(store, result, failure);
    sqlite3_reset(statement);
    return done;
}

bool store_ask_int(struct store *store, int64_t *answer, int64_t otherwise, struct failure *failure, const char *format, ...) {
    struct arena *arena = arena_create();
    va_list arguments;
    va_start(arguments, format);
    const char *sql = arena_format_list(arena, format, arguments);
    va_end(arguments);
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_step(statement);
    *answer = otherwise;
    if (result == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        *answer = sqlite3_column_int64(statement, 0);
    bool done = result == SQLITE_ROW || result == SQLITE_DONE || store_fail(store, result, failure);
    sqlite3_finalize(statement);
    arena_destroy(arena);
    return done;
}

bool store_get_meta(struct store *store, struct arena *arena, const char *name, const char **value, struct failure *failure) {
    *value = NULL;
    sqlite3_stmt *statement = store_statement(store, "SELECT \"value\" FROM remit_meta WHERE \"name\" = ?1", failure);
    if (!statement)
        return false;
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW) {
        struct value text = store_column_value(statement, 0);
        *value = arena_copy(arena, text.kind == VALUE_TEXT ? text.text : "", text.kind == VALUE_TEXT ? text.length : 0);
    }
    bool done = result == SQLITE_ROW || result == SQLITE_DONE || store_fail(store, result, failure);
    sqlite3_finalize(statement);
    return done;
}

bool store_set_meta(struct store *store, const char *name, const char *value, struct failure *failure) {
    sqlite3_stmt *statement = store_statement(store, "INSERT INTO remit_meta(\"name\", \"value\") VALUES(?1, ?2) ON CONFLICT DO UPDATE SET \"value\" = ?2", failure);
    if (!statement)
        return false;
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, value, -1, SQLITE_STATIC);
    bool done = store_finish_statement(store, statement, failure);
    sqlite3_finalize(statement);
    return done;
}

/* Text is copied: callers reuse their memory before the statement runs again. */
void store_bind_value(sqlite3_stmt *statement, int position, struct value value) {
    switch ((enum value_kind)value.kind) {
    case VALUE_MISSING: sqlite3_bind_null(statement, position); break;
    case VALUE_INT: sqlite3_bind_int64(statement, position, value.integer); break;
    case VALUE_NUMBER: sqlite3_bind_double(statement, position, value.number); break;
    case VALUE_TEXT: sqlite3_bind_text64(statement, position, value.text ? value.text : "", value.length, SQLITE_TRANSIENT, SQLITE_UTF8); break;
    }
}

/* Text lives until the statement's next step. */
struct value store_column_value(sqlite3_stmt *statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: return value_int(sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT: return value_number(sqlite3_column_double(statement, column));
    case SQLITE_NULL: return value_missing();
    default: {
        const char *text = (const char *)sqlite3_column_text(statement, column);
        return value_text(text ? text : "", (size_t)sqlite3_column_bytes(statement, column));
    }
    }
}

/* Unlike the pragma this takes effect inside a transaction too. */
void store_set_foreign_keys(struct store *store, bool on) {
    int result = sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_FKEY, on ? 1 : 0, NULL);
    assert(result == SQLITE_OK);
    (void)result;
}
