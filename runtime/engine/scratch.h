/* What findings and obligations have in common: statements on tables of the connection's own, and which of the kept rows a check speaks for.
 * Knows: statements, check options. Does not know: findings, obligations. */
#ifndef REMIT_RUNTIME_ENGINE_SCRATCH_H
#define REMIT_RUNTIME_ENGINE_SCRATCH_H

#include "runtime/engine/session.h"

struct value scratch_text(const char *text); /* NULL: missing */
static inline struct value scratch_int(int64_t value, int64_t missing) {
    return value == missing ? value_missing() : value_int(value);
}
/* Runs a statement once with these parameters and closes it; NULL is one that could not be prepared. */
bool scratch_run(struct statement *statement, const struct value *parameters, int count, struct failure *failure);
/* The one number that the question answers. */
bool scratch_ask(struct store *store, const char *sql, int64_t *number, struct failure *failure);
/* Condition on a column that holds the names of declarations: those that the check asks for; else, where the policy at hand is not the store's own, those that it declares; else
 * all: "". Begins with " AND ". In the arena. */
const char *scratch_asked_for(struct arena *arena, const struct session *session, const struct check_options *options, const char *column, const char *const *declared, int declared_count);

/* "t_cost AS r" and another table, in the order in which rows that have r's ids are found best: elements in a table of their own by their number; those that are kept beside an
 * owner are gone through, once. In the arena. */
const char *scratch_beside(struct arena *arena, const struct record_type *record, const char *other);

#endif
