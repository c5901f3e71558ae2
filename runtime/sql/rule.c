/* Checking a rule by questions: which elements it finds, and which one could not be evaluated. See sql.h.
 * Knows: rules. Does not know: findings that are kept, how expressions become SQL. */
#include "runtime/sql/writer.h"

#include <stdlib.h>

enum { ONLY_IDS_MAX = 500 }; /* ids in one question */

/* The elements one question is about: all, ids of a list, or a range of ids. */
struct scope {
    const int64_t *ids;
    int id_count;
    bool is_range;
    int64_t first, last;
};

static void collect_scope(struct writer *writer, struct collected *collected, const struct scope *scope) {
    struct buffer text = {0};
    if (!scope->ids && !scope->is_range)
        return;
    buffer_add_char(&text, '(');
    write_column(writer, &text, collected->element.alias, "\"_id\"");
    if (scope->ids) {
        buffer_add_string(&text, " IN (");
        for (int i = 0; i < scope->id_count; i++) {
            buffer_add_string(&text, i ? ", " : "");
            write_parameter(writer, &text, value_int(scope->ids[i]));
        }
        buffer_add_char(&text, ')');
    } else {
        buffer_add_string(&text, " BETWEEN ");
        write_parameter(writer, &text, value_int(scope->first));
        buffer_add_string(&text, " AND ");
        write_parameter(writer, &text, value_int(scope->last));
    }
    buffer_add_char(&text, ')');
    collect_sql_condition(writer, collected, writer_take(writer, &text), false);
}

/* Exceptions come after the condition: they are asked only of what it finds. */
static void collect_rule(struct writer *writer, struct collected *collected, const struct trule *rule) {
    collect_condition(writer, collected, rule->where);
    collect_condition(writer, collected, rule->when);
    for (int i = 0; i < rule->exception_count; i++) {
        const struct texpr *condition = rule->exceptions[i].condition;
        collect_sql_condition(writer, collected, arena_format(writer->arena, "(NOT %s)", expression_sql(writer, condition)), condition->may_fail);
    }
}

static const char *rule_sql(struct writer *writer, const struct trule *rule, bool want_messages, const struct scope *scope) {
    struct type record = {.kind = TYPE_RECORD, .record = rule->record};
    struct texpr all = {.kind = TEXPR_ALL, .type = {.kind = TYPE_COLLECTION, .element = &record}};
    struct collected collected = {0};
    struct buffer text = {0};
    collect(writer, &collected, &all, COLLECT_ORDERED);
    writer_bind(writer, rule->element, collected.element);
    collect_scope(writer, &collected, scope);
    collect_rule(writer, &collected, rule);
    buffer_add_format(&text, "SELECT %s", collected.order.items[0]);
    if (want_messages) {
        buffer_add_string(&text, ", ");
        write_expression(writer, &text, rule->message);
    }
    write_from(&text, &collected);
    buffer_add_format(&text, " ORDER BY %s", collected.order.items[0]);
    return writer_take(writer, &text);
}

static bool hand_over(struct statement *statement, const struct trule *rule, bool want_messages, const struct check_sink *sink, struct failure *failure) {
    static const char missing[] = "—";
    struct value message = value_text("", 0);
    if (want_messages)
        message = statement_value(statement, 1);
    if (message.kind != VALUE_TEXT)
        message = value_text(missing, sizeof missing - 1);
    return sink->found(sink->context, rule, statement_value(statement, 0).integer, message.text, message.length, failure);
}

/* sink NULL: only to see whether it can be evaluated. *by_sink says that the sink stopped it. */
static bool ask_rule(const struct engine_inputs *inputs, const struct trule *rule, bool want_messages, const struct scope *scope, const struct check_sink *sink, bool *by_sink,
                     struct failure *failure) {
    struct arena *scratch = arena_create();
    struct writer writer;
    writer_start(&writer, scratch, inputs, failure);
    const char *sql = rule_sql(&writer, rule, want_messages, scope);
    struct statement *statement = NULL;
    if (!writer.has_failed) {
        struct sql_question question = writer_question(&writer, sql);
        statement = question_prepare(inputs, &question, failure);
    }
    enum statement_step step = STATEMENT_FAILED;
    while (statement && (step = statement_step(statement, failure)) == STATEMENT_ROW) {
        operator_context_release_texts(inputs->operators);
        if (sink && !hand_over(statement, rule, want_messages, sink, failure)) {
            *by_sink = true;
            break;
        }
    }
    statement_close(statement);
    arena_destroy(scratch);
    return step == STATEMENT_DONE;
}

/* ---- which element failed ---- */

/* Is there a failure of the same kind in this range? Being stopped is none. */
static bool fails_within(const struct engine_inputs *inputs, const struct trule *rule, bool want_messages, int64_t first, int64_t last) {
    struct failure failure = {0};
    bool by_sink = false;
    struct scope range = {.is_range = true, .first = first, .last = last};
    return !ask_rule(inputs, rule, want_messages, &range, NULL, &by_sink, &failure) && failure.kind == FAILURE_PROGRAM;
}

static bool find_range(const struct engine_inputs *inputs, const struct record_type *record, int64_t *first, int64_t *last) {
    struct arena *scratch = arena_create();
    struct failure failure = {0};
    struct sql_question question = {.text = arena_format(scratch, "SELECT min(\"_id\"), max(\"_id\") FROM %s", store_table_name(scratch, record))};
    struct statement *statement = question_prepare(inputs, &question, &failure);
    bool found = statement && statement_step(statement, &failure) == STATEMENT_ROW && statement_value(statement, 0).kind == VALUE_INT;
    if (found) {
        *first = statement_value(statement, 0).integer;
        *last = statement_value(statement, 1).integer;
    }
    statement_close(statement);
    arena_destroy(scratch);
    return found;
}

static void name_element(const struct engine_inputs *inputs, const struct trule *rule, int64_t id, struct failure *failure) {
    struct arena *scratch = arena_create();
    struct binding *bindings = ARENA_ARRAY(scratch, struct binding, inputs->binding_count + 1);
    struct engine_inputs inner = *inputs;
    for (int i = 0; i < inputs->binding_count; i++)
        bindings[i] = inputs->bindings[i];
    bindings[inputs->binding_count] = (struct binding){rule->element, value_int(id)};
    inner.bindings = bindings;
    inner.binding_count++;
    struct type type = {.kind = TYPE_RECORD, .record = rule->record};
    struct texpr element = {.kind = TEXPR_VARIABLE, .type = type, .variable = rule->element};
    struct field *key = rule->record->fields[FIELD_KEY];
    struct texpr expression = {.kind = TEXPR_DERIVED, .type = key->type, .base = &element, .field = key};
    struct failure ignored = {0};
    struct value name;
    if (sql_evaluate(scratch, &inner, &expression, &name, &ignored) && name.kind == VALUE_TEXT)
        failure_hint(failure, "It happened at %s `%.*s`, for the rule `%s`.", rule->record->name, (int)name.length, name.text, rule->name);
    arena_destroy(scratch);
}

/* The first element, by id, whose evaluation fails: found by halves. */
static void name_failing(const struct engine_inputs *inputs, const struct trule *rule, bool want_messages, struct failure *failure) {
    int64_t first, last;
    if (failure->kind != FAILURE_PROGRAM || failure->code == DIAG_QUESTION_TOO_DEEP || failure->code == DIAG_UNKNOWN_KEY)
        return;
    if (!find_range(inputs, rule->record, &first, &last) || !fails_within(inputs, rule, want_messages, first, last))
        return;
    while (first < last) {
        int64_t middle = first + (last - first) / 2;
        if (fails_within(inputs, rule, want_messages, first, middle))
            last = middle;
        else
            first = middle + 1;
    }
    name_element(inputs, rule, first, failure);
}

/* ---- the check ---- */

static int compare_ids(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool check_scope(const struct engine_inputs *inputs, const struct trule *rule, bool want_messages, const struct scope *scope, const struct check_sink *sink, struct failure *failure) {
    bool by_sink = false;
    if (ask_rule(inputs, rule, want_messages, scope, sink, &by_sink, failure))
        return true;
    if (!by_sink)
        name_failing(inputs, rule, want_messages, failure);
    return false;
}

bool sql_check_rule(const struct engine_inputs *inputs, const struct trule *rule, bool want_messages, const int64_t *only, int only_count,
                    const struct check_sink *sink, struct failure *failure) {
    struct scope scope = {0};
    if (!only)
        return check_scope(inputs, rule, want_messages, &scope, sink, failure);
    struct arena *scratch = arena_create();
    int64_t *ids = ARENA_ARRAY(scratch, int64_t, only_count);
    for (int i = 0; i < only_count; i++)
        ids[i] = only[i];
    if (only_count > 1)
        qsort(ids, (size_t)only_count, sizeof *ids, compare_ids);
    int count = 0;
    for (int i = 0; i < only_count; i++)
        if (i == 0 || ids[i] != ids[i - 1])
            ids[count++] = ids[i];
    bool good = true;
    for (int start = 0; start < count && good; start += ONLY_IDS_MAX) {
        scope.ids = ids + start;
        scope.id_count = count - start < ONLY_IDS_MAX ? count - start : ONLY_IDS_MAX;
        good = check_scope(inputs, rule, want_messages, &scope, sink, failure);
    }
    arena_destroy(scratch);
    return good;
}

/* ---- mandates ---- */

bool sql_check_mandate(const struct engine_inputs *inputs, const struct tmandate *mandate, const struct check_sink *sink, struct failure *failure) {
    struct rows *rows = sql_run_query(inputs, mandate->all, failure);
    const struct value *row;
    enum rows_step step = ROWS_FAILED;
    while (rows && (step = rows_next(rows, &row, failure)) == ROWS_ROW)
        if (!sink->asked(sink->context, mandate, row, failure)) {
            step = ROWS_FAILED;
            break;
        }
    rows_close(rows);
    return step == ROWS_END;
}
