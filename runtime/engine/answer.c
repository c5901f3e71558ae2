/* Asking the engines: which of them answers what, and showing what they say. See session.h.
 * The interpreter answers full checks and single values; SQL answers queries; --engine overrules both. A question that passes SQLite's limits is answered by the interpreter too, unless SQL
 * was asked for: then it is refused. */
#include "runtime/engine/session.h"
#include "runtime/eval/eval.h"
#include "runtime/sql/sql.h"

#include <stdlib.h>
#include <string.h>

bool session_uses_interpreter(const struct session *session, bool by_default) {
    return session->options.engine == ENGINE_DEFAULT ? by_default : session->options.engine == ENGINE_INTERPRETER;
}

bool session_falls_back(const struct session *session, struct failure *failure) {
    if (session->options.engine != ENGINE_DEFAULT || failure->kind != FAILURE_PROGRAM || failure->code != DIAG_QUESTION_TOO_DEEP)
        return false;
    *failure = (struct failure){0};
    return true;
}

struct engine_inputs session_inputs(struct session *session) {
    return (struct engine_inputs){session->store, session->operators, session->program, session->bindings.items, session->bindings.count};
}

void session_bind(struct session *session, const struct tvar *variable, struct value value) {
    value = value_keep(session->arena, value);
    for (int i = session->bindings.count - 1; i >= 0; i--)
        if (session->bindings.items[i].variable == variable) {
            session->bindings.items[i].value = value;
            return;
        }
    struct binding binding = {variable, value};
    LIST_ADD(session->arena, &session->bindings, binding);
}

bool session_key_of(struct session *session, struct record_type *record, int64_t id, struct arena *arena, const char **key, struct failure *failure) {
    const char *sql = arena_format(arena, "SELECT %s FROM %s AS r WHERE r._id = %lld", store_key_expression(arena, record, "r"), store_table_name(arena, record), (long long)id);
    struct statement *statement = store_prepare(session->store, sql, failure);
    bool good = statement && statement_step(statement, failure) == STATEMENT_ROW;
    *key = good ? arena_copy(arena, statement_value(statement, 0).text, statement_value(statement, 0).length) : "";
    statement_close(statement);
    return good;
}

/* The question and the values that are bound to it, as a comment to what SQLite would run. */
static void show_sql(struct session *session, const struct engine_inputs *inputs, const struct tquery *query) {
    struct arena *scratch = arena_create();
    struct sql_question question;
    struct failure ignored = {0}; /* it is asked again, and said then */
    if (sql_compile_query(scratch, inputs, query, &question, &ignored)) {
        struct buffer values = {0};
        static const enum type_kind kinds[] = {[VALUE_INT] = TYPE_INT, [VALUE_NUMBER] = TYPE_NUMBER, [VALUE_TEXT] = TYPE_TEXT};
        for (int i = 0; i < question.parameter_count; i++) {
            struct value value = question.parameters[i];
            buffer_add_format(&values, "%s?%d = ", i ? ", " : "\n-- ", i + 1);
            value_write(&values, value, (struct type){.kind = value.kind == VALUE_MISSING ? TYPE_INT : kinds[value.kind]}, VALUE_JSON);
        }
        session_speaks(session);
        fprintf(session->options.err, "%s%s\n", question.text, buffer_string(&values));
        buffer_free(&values);
    }
    arena_destroy(scratch);
}

struct rows *session_run_query(struct session *session, const struct tquery *query, struct failure *failure) {
    struct engine_inputs inputs = session_inputs(session);
    if (session_uses_interpreter(session, false))
        return eval_run_query(&inputs, query, failure);
    if (session->options.show_sql)
        show_sql(session, &inputs, query);
    struct rows *rows = sql_run_query(&inputs, query, failure);
    return rows || !session_falls_back(session, failure) ? rows : eval_run_query(&inputs, query, failure);
}

bool session_evaluate(struct session *session, const struct texpr *expression, struct value *result, struct failure *failure) {
    struct engine_inputs inputs = session_inputs(session);
    return session_uses_interpreter(session, true) ? eval_evaluate(session->arena, &inputs, expression, result, failure)
                                                   : sql_evaluate(session->arena, &inputs, expression, result, failure);
}

bool session_collect_ids(struct session *session, const struct texpr *collection, int64_t **ids, int *count, struct failure *failure) {
    struct engine_inputs inputs = session_inputs(session);
    bool by_sql = !session_uses_interpreter(session, false);
    if (by_sql && sql_collect_ids(session->arena, &inputs, collection, ids, count, failure))
        return true;
    return (!by_sql || session_falls_back(session, failure)) && eval_collect_ids(session->arena, &inputs, collection, ids, count, failure);
}

bool session_show_rows(struct session *session, struct rows *rows, const char *title, struct failure *failure) {
    struct render_options render = session->options.render;
    render.title = title;
    int64_t count;
    bool good = render_rows(session->options.out, rows, &render, &count, failure);
    if (good && render.format == RENDER_TABLE && !session->options.quiet)
        fprintf(session->options.out, "(%lld row%s)\n", (long long)count, count == 1 ? "" : "s");
    return good;
}

bool session_run_report(struct session *session, const struct treport *report, struct texpr *const *arguments, FILE *out, const struct render_options *render, struct failure *failure) {
    int kept = session->bindings.count;
    for (int i = 0; i < report->parameter_count; i++) {
        const struct texpr *value = arguments && arguments[i] ? arguments[i] : report->parameters[i].standard;
        struct value result;
        if (!session_evaluate(session, value, &result, failure))
            return false;
        session_bind(session, report->parameters[i].variable, result);
    }
    struct rows *rows = session_run_query(session, report->query, failure);
    bool good = rows != NULL;
    if (rows) {
        struct render_options titled = *render;
        titled.title = report->title;
        int64_t count;
        good = render_rows(out, rows, &titled, &count, failure);
        if (good && render->format == RENDER_TABLE && !session->options.quiet)
            fprintf(out, "(%lld row%s)\n", (long long)count, count == 1 ? "" : "s");
        rows_close(rows);
    }
    session->bindings.count = kept;
    return good;
}

/* ---- rows made in memory ---- */

struct list {
    struct rows base;
    const struct value *values;
    int row_count, at;
};

static enum rows_step list_next(struct rows *rows, const struct value **row, struct failure *failure) {
    struct list *list = (struct list *)rows;
    (void)failure;
    if (list->at == list->row_count)
        return ROWS_END;
    *row = list->values + (size_t)list->at++ * (size_t)rows->column_count;
    return ROWS_ROW;
}

static void list_close(struct rows *rows) {
    free(rows);
}

struct rows *list_rows(const struct row_column *columns, int column_count, const struct value *values, int row_count) {
    struct list *list = calloc(1, sizeof *list);
    if (!list)
        abort();
    *list = (struct list){{columns, column_count, list_next, list_close, NULL}, values, row_count, 0};
    return &list->base;
}
