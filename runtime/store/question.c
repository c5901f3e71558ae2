/* Questions in SQL, and Remit's functions in them.
 * Knows: statements, values going in and out. Does not know: who asks. No type of SQLite's gets out of here. */
#include "runtime/store/inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A statement is SQLite's own; the store is found from it. */
struct statement {
    struct store *store;
    sqlite3_stmt *statement;
    bool is_scratch;
};

struct statement *store_prepare(struct store *store, const char *sql, struct failure *failure) {
    sqlite3_stmt *prepared = store_statement(store, sql, failure);
    if (!prepared)
        return NULL;
    struct statement *statement = malloc(sizeof *statement);
    assert(statement);
    *statement = (struct statement){store, prepared, false};
    return statement;
}

struct statement *store_prepare_scratch(struct store *store, const char *sql, struct failure *failure) {
    struct statement *statement = store_prepare(store, sql, failure);
    if (statement)
        statement->is_scratch = true;
    return statement;
}

void statement_bind(struct statement *statement, int position, struct value value) {
    store_bind_value(statement->statement, position, value);
}

enum statement_step statement_step(struct statement *statement, struct failure *failure) {
    int64_t changes = statement->is_scratch ? sqlite3_total_changes64(statement->store->db) : 0;
    int result = sqlite3_step(statement->statement);
    if (statement->is_scratch)
        statement->store->changes_at_begin += sqlite3_total_changes64(statement->store->db) - changes;
    if (result == SQLITE_ROW)
        return STATEMENT_ROW;
    if (result == SQLITE_DONE)
        return STATEMENT_DONE;
    store_fail(statement->store, result, failure);
    return STATEMENT_FAILED;
}

struct value statement_value(struct statement *statement, int column) {
    return store_column_value(statement->statement, column);
}

void statement_reset(struct statement *statement) {
    sqlite3_reset(statement->statement);
}

void statement_close(struct statement *statement) {
    if (!statement)
        return;
    sqlite3_finalize(statement->statement);
    free(statement);
}

/* ---- functions ---- */

enum { FUNCTION_ARGUMENTS_MAX = 127 /* SQLite's own limit */ };

struct function {
    struct function *next;
    struct store *store;
    char *name;
    int argument_count;
    void *context;
    store_function invoke;
    store_aggregate_step step;
    store_aggregate_final final;
    size_t state_size;
};

static struct value argument_value(sqlite3_value *argument) {
    switch (sqlite3_value_type(argument)) {
    case SQLITE_INTEGER: return value_int(sqlite3_value_int64(argument));
    case SQLITE_FLOAT: return value_number(sqlite3_value_double(argument));
    case SQLITE_NULL: return value_missing();
    default: {
        const char *text = (const char *)sqlite3_value_text(argument);
        return value_text(text ? text : "", (size_t)sqlite3_value_bytes(argument));
    }
    }
}

static void give_result(sqlite3_context *call, struct value value) {
    switch ((enum value_kind)value.kind) {
    case VALUE_MISSING: sqlite3_result_null(call); break;
    case VALUE_INT: sqlite3_result_int64(call, value.integer); break;
    case VALUE_NUMBER: sqlite3_result_double(call, value.number); break;
    case VALUE_TEXT: sqlite3_result_text64(call, value.text ? value.text : "", value.length, SQLITE_TRANSIENT, SQLITE_UTF8); break;
    }
}

/* The failure waits in the store while SQLite winds up the statement; store_fail gives it to the caller unchanged. */
static void raise(sqlite3_context *call, struct function *function, const struct failure *failure) {
    if (function->store->raised.kind == FAILURE_NONE)
        function->store->raised = *failure;
    sqlite3_result_error(call, failure->message, -1);
}

static void call_function(sqlite3_context *call, int count, sqlite3_value **given) {
    struct function *function = sqlite3_user_data(call);
    struct value arguments[FUNCTION_ARGUMENTS_MAX], result = {0};
    for (int i = 0; i < count; i++)
        arguments[i] = argument_value(given[i]);
    struct failure failure = {0};
    if (function->invoke(function->context, count, arguments, &result, &failure))
        give_result(call, result);
    else
        raise(call, function, &failure);
}

static void step_aggregate(sqlite3_context *call, int count, sqlite3_value **given) {
    struct function *function = sqlite3_user_data(call);
    void *state = sqlite3_aggregate_context(call, (int)function->state_size);
    if (!state) {
        sqlite3_result_error_nomem(call);
        return;
    }
    struct value arguments[FUNCTION_ARGUMENTS_MAX];
    for (int i = 0; i < count; i++)
        arguments[i] = argument_value(given[i]);
    struct failure failure = {0};
    if (!function->step(function->context, state, count, arguments, &failure))
        raise(call, function, &failure);
}

static void finish_aggregate(sqlite3_context *call) {
    struct function *function = sqlite3_user_data(call);
    bool has_failed = function->store->raised.kind != FAILURE_NONE; /* SQLite finishes the groups of a statement that failed, and so do we: states may hold memory */
    void *state = sqlite3_aggregate_context(call, (int)function->state_size);
    if (!state) {
        sqlite3_result_error_nomem(call);
        return;
    }
    struct value result = {0};
    struct failure failure = {0};
    bool good = function->final(function->context, state, &result, &failure);
    if (has_failed)
        return;
    if (good)
        give_result(call, result);
    else
        raise(call, function, &failure);
}

/* Not for views and indexes: those must work in any program. Not marked as deterministic either: SQLite would work out a call of constants ahead of the rows, and a call that
 * fails would fail where there is no row to ask it of. */
enum { FUNCTION_FLAGS = SQLITE_UTF8 | SQLITE_DIRECTONLY };

static bool define(struct function *function) {
    bool is_scalar = function->invoke != NULL;
    return sqlite3_create_function_v2(function->store->db, function->name, function->argument_count, FUNCTION_FLAGS, function, is_scalar ? call_function : NULL,
                                      is_scalar ? NULL : step_aggregate, is_scalar ? NULL : finish_aggregate, NULL) == SQLITE_OK;
}

static bool add(struct store *store, const char *name, int argument_count, const struct function *wanted) {
    struct function *function = malloc(sizeof *function);
    assert(function);
    *function = *wanted;
    function->store = store;
    function->name = strdup(name);
    function->argument_count = argument_count;
    function->next = store->functions;
    store->functions = function;
    return define(function);
}

/* The oldest first, so that of two with one name the later one stands. */
static bool define_from(struct function *function) {
    return !function || (define_from(function->next) && define(function));
}

bool functions_define(struct store *store) {
    return define_from(store->functions);
}

void functions_forget(struct store *store) {
    while (store->functions) {
        struct function *function = store->functions;
        store->functions = function->next;
        free(function->name);
        free(function);
    }
}

bool store_define_function(struct store *store, const char *name, int argument_count, store_function invoke, void *context) {
    return add(store, name, argument_count, &(struct function){.context = context, .invoke = invoke});
}

bool store_define_aggregate(struct store *store, const char *name, int argument_count, size_t state_size, store_aggregate_step step, store_aggregate_final final, void *context) {
    return add(store, name, argument_count, &(struct function){.context = context, .step = step, .final = final, .state_size = state_size ? state_size : 1});
}
