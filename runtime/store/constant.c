/* The value of a field's default, for rows that were there before the field was.
 * Knows: constant expressions of the typed program. Does not know: rows. */
#include "runtime/store/inside.h"
#include "runtime/value/operate.h"

#include <string.h>

enum { CONSTANT_ARGUMENTS = 4 };

static bool find_reference(struct store *store, struct arena *arena, const struct texpr *expression, struct value *value, struct failure *failure) {
    const struct record_type *record = expression->type.record;
    sqlite3_stmt *statement = store_statement(
        store, arena_format(arena, "SELECT \"_id\" FROM %s AS \"r\" WHERE %s = ?1", store_table_name(arena, record), view_key_expression(arena, record, "r")), failure);
    if (!statement)
        return false;
    sqlite3_bind_text(statement, 1, expression->text, -1, SQLITE_STATIC);
    int result = sqlite3_step(statement);
    *value = result == SQLITE_ROW ? store_column_value(statement, 0) : value_missing();
    bool done = result == SQLITE_ROW || result == SQLITE_DONE || store_fail(store, result, failure);
    sqlite3_finalize(statement);
    return done;
}

static bool evaluate(struct store *store, struct arena *arena, struct operator_context *operators, const struct texpr *expression, struct value *value, struct failure *failure) {
    const struct run_inputs *inputs = operator_context_inputs(operators);
    switch (expression->kind) {
    case TEXPR_CONSTANT:
        *value = value_from_constant(expression->type, &expression->constant);
        return true;
    case TEXPR_TODAY:
        *value = value_int(inputs->today);
        return true;
    case TEXPR_NOW:
        *value = value_int(inputs->now);
        return true;
    case TEXPR_REFERENCE:
        return find_reference(store, arena, expression, value, failure);
    case TEXPR_OPERATION: {
        struct value arguments[CONSTANT_ARGUMENTS];
        if (expression->argument_count > CONSTANT_ARGUMENTS)
            break;
        for (int i = 0; i < expression->argument_count; i++)
            if (!evaluate(store, arena, operators, expression->arguments[i], &arguments[i], failure))
                return false;
        const struct decimal *factor = expression->operation == OPERATION_MULTIPLY_DECIMAL ? &expression->arguments[1]->constant.decimal : NULL;
        struct type first = expression->argument_count ? expression->arguments[0]->type : expression->type;
        if (!value_operate(operators, expression->operation, first, arguments, factor, value, failure))
            return false;
        *value = value_keep(arena, *value);
        return true;
    }
    default:
        break;
    }
    *value = value_missing();
    return true;
}

bool constant_value(struct store *store, struct arena *arena, const struct texpr *expression, struct value *value, struct failure *failure) {
    int64_t day = store->at / DAY_SECONDS - (store->at % DAY_SECONDS < 0);
    struct run_inputs inputs = {.today = day, .now = store->at, .fiscal_month = store->fiscal_month};
    struct operator_context *operators = operator_context_create(&inputs);
    bool done = evaluate(store, arena, operators, expression, value, failure);
    operator_context_destroy(operators);
    return done;
}
