/* The SQL engine: a typed query, rule or expression becomes one SQL question with bound parameters.
 * Knows: the typed program, the store's names. Does not know: the interpreter, rendering. */
#ifndef REMIT_RUNTIME_SQL_SQL_H
#define REMIT_RUNTIME_SQL_SQL_H

#include "runtime/store/engine.h"

/* Defines Remit's functions and aggregates in the store: once after opening (operators must outlive the store, or be defined again). */
bool sql_define_functions(struct store *store, struct operator_context *operators);

/* The question for a query and its bound values; text for `.sql` and tests. */
struct sql_question {
    const char *text;
    struct value *parameters; /* by position */
    int parameter_count;
};
bool sql_compile_query(struct arena *arena, const struct engine_inputs *inputs, const struct tquery *query, struct sql_question *question, struct failure *failure);
/* Runs it: rows of the shown columns, with totals. NULL with failure set. */
struct rows *sql_run_query(const struct engine_inputs *inputs, const struct tquery *query, struct failure *failure);
/* One expression without free variables but the bindings. Text lives in the arena. A collection's value is refused by assert: wrap it in a query. */
bool sql_evaluate(struct arena *arena, const struct engine_inputs *inputs, const struct texpr *expression, struct value *result, struct failure *failure);

/* What a rule finds: calls found for each element, in order of id, with the message's text (empty when want_messages is false) and the label of no exception. An element to
 * which an exception applies is not found. A failure at one element ends the run and names the element's key in the hint. only: ids to look at (NULL: all). */
bool sql_check_rule(const struct engine_inputs *inputs, const struct trule *rule, bool want_messages, const int64_t *only, int only_count,
                    const struct check_sink *sink, struct failure *failure);
/* What a mandate requires of all its subjects. */
bool sql_check_mandate(const struct engine_inputs *inputs, const struct tmandate *mandate, const struct check_sink *sink, struct failure *failure);
/* The ids of a collection of records, in order of id (for commands). In the arena. */
bool sql_collect_ids(struct arena *arena, const struct engine_inputs *inputs, const struct texpr *collection, int64_t **ids, int *count, struct failure *failure);

#endif
