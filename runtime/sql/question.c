/* Asking: a compiled question is prepared, bound and run; its rows are streamed with their totals. See sql.h.
 * Knows: statements, rows, accumulators. Does not know: how expressions become SQL. */
#include "runtime/sql/writer.h"
#include "runtime/value/totals.h"

#include <stdlib.h>

/* ---- questions ---- */

struct sql_question writer_question(const struct writer *writer, const char *text) {
    return (struct sql_question){text, writer->parameters.items, writer->parameters.count};
}

/* SQLite's own words for a question that passes its limits. */
static bool is_too_deep(const char *message) {
    static const char *const limits[] = {
        "parser stack overflow", "Recursion limit", "Expression tree is too large", "too many FROM clause terms", "too many arguments on function", "too many columns in",
        "at most 64 tables in a join", "terms in ORDER BY clause", "terms in GROUP BY clause", "variable number must be between", "too many SQL variables",
        "string or blob too big", "statement too long", "too many references to",
    };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (strstr(message, limits[i]))
            return true;
    return false;
}

struct statement *question_prepare(const struct engine_inputs *inputs, const struct sql_question *question, struct failure *failure) {
    struct failure own = {0};
    struct statement *statement = store_prepare(inputs->store, question->text, &own);
    if (!statement) {
        if (is_too_deep(own.message))
            failure_set(failure, DIAG_QUESTION_TOO_DEEP);
        else if (failure->kind == FAILURE_NONE)
            *failure = own;
        return NULL;
    }
    for (int i = 0; i < question->parameter_count; i++)
        statement_bind(statement, i + 1, question->parameters[i]);
    return statement;
}

struct value question_value(struct statement *statement, int column, struct type type) {
    struct value value = statement_value(statement, column);
    if (value.kind == VALUE_INT && type_representation(type) == REPRESENTATION_NUMBER)
        return value_number((double)value.integer);
    return value;
}

bool sql_compile_query(struct arena *arena, const struct engine_inputs *inputs, const struct tquery *query, struct sql_question *question, struct failure *failure) {
    struct writer writer;
    struct buffer text = {0};
    writer_start(&writer, arena, inputs, failure);
    write_query(&writer, &text, query, QUERY_SHOWN);
    *question = writer_question(&writer, writer_take(&writer, &text));
    return !writer.has_failed;
}

/* ---- rows of a query ---- */

struct sql_rows {
    struct rows rows; /* first: the callbacks are given this */
    struct arena *arena;
    struct operator_context *operators;
    struct statement *statement;
    struct value *values;
    struct totals *totals; /* or NULL */
};

static enum rows_step finish_totals(struct sql_rows *self, struct failure *failure) {
    if (!self->totals || self->rows.totals)
        return ROWS_END;
    self->rows.totals = totals_finish(self->totals, failure);
    return self->rows.totals ? ROWS_END : ROWS_FAILED;
}

static enum rows_step sql_rows_next(struct rows *rows, const struct value **row, struct failure *failure) {
    struct sql_rows *self = (struct sql_rows *)rows;
    operator_context_release_texts(self->operators);
    switch (statement_step(self->statement, failure)) {
    case STATEMENT_DONE:
        return finish_totals(self, failure);
    case STATEMENT_FAILED:
        return ROWS_FAILED;
    case STATEMENT_ROW:
        break;
    }
    for (int i = 0; i < rows->column_count; i++)
        self->values[i] = question_value(self->statement, i, rows->columns[i].type);
    if (self->totals)
        totals_add(self->totals, self->values);
    *row = self->values;
    return ROWS_ROW;
}

static void sql_rows_close(struct rows *rows) {
    struct sql_rows *self = (struct sql_rows *)rows;
    statement_close(self->statement);
    arena_destroy(self->arena);
    free(self);
}

struct rows *sql_run_query(const struct engine_inputs *inputs, const struct tquery *query, struct failure *failure) {
    struct arena *arena = arena_create();
    struct sql_question question;
    struct statement *statement = NULL;
    if (sql_compile_query(arena, inputs, query, &question, failure))
        statement = question_prepare(inputs, &question, failure);
    struct sql_rows *self = statement ? calloc(1, sizeof *self) : NULL;
    if (!self) {
        statement_close(statement);
        arena_destroy(arena);
        return NULL;
    }
    *self = (struct sql_rows){.arena = arena, .operators = inputs->operators, .statement = statement};
    self->rows = (struct rows){.columns = totals_columns(arena, query), .column_count = query->column_count, .next = sql_rows_next, .close = sql_rows_close};
    self->values = ARENA_ARRAY(arena, struct value, query->column_count);
    self->totals = totals_start(arena, query);
    return &self->rows;
}

/* ---- single values ---- */

bool sql_evaluate(struct arena *arena, const struct engine_inputs *inputs, const struct texpr *expression, struct value *result, struct failure *failure) {
    struct arena *scratch = arena_create();
    struct writer writer;
    struct buffer text = {0};
    struct statement *statement = NULL;
    bool good = false;
    *result = value_missing();
    writer_start(&writer, scratch, inputs, failure);
    buffer_add_string(&text, "SELECT ");
    write_expression(&writer, &text, expression);
    const char *sql = writer_take(&writer, &text);
    if (writer.has_failed)
        goto done;
    struct sql_question question = writer_question(&writer, sql);
    statement = question_prepare(inputs, &question, failure);
    if (!statement || statement_step(statement, failure) != STATEMENT_ROW)
        goto done;
    *result = value_keep(arena, question_value(statement, 0, expression->type));
    good = true;
done:
    statement_close(statement);
    arena_destroy(scratch);
    return good;
}

/* ---- ids of a collection ---- */

bool sql_collect_ids(struct arena *arena, const struct engine_inputs *inputs, const struct texpr *collection, int64_t **ids, int *count, struct failure *failure) {
    struct arena *scratch = arena_create();
    struct writer writer;
    struct buffer text = {0};
    struct collected collected = {0};
    LIST_OF(int64_t) found = {0};
    writer_start(&writer, scratch, inputs, failure);
    collect(&writer, &collected, collection, COLLECT_UNORDERED);
    const char *id = element_sql(&writer, &collected);
    buffer_add_format(&text, "SELECT DISTINCT %s AS v", id);
    write_from(&text, &collected);
    buffer_add_string(&text, " ORDER BY v");
    const char *sql = writer_take(&writer, &text);
    struct statement *statement = NULL;
    enum statement_step step = STATEMENT_FAILED;
    if (!writer.has_failed) {
        struct sql_question question = writer_question(&writer, sql);
        statement = question_prepare(inputs, &question, failure);
    }
    while (statement && (step = statement_step(statement, failure)) == STATEMENT_ROW) {
        struct value value = statement_value(statement, 0);
        if (value.kind == VALUE_INT)
            LIST_ADD(arena, &found, value.integer);
    }
    statement_close(statement);
    arena_destroy(scratch);
    *ids = found.items;
    *count = found.count;
    return step == STATEMENT_DONE;
}
