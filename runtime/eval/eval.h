/* The interpreter: the typed program evaluated over rows streamed from the store.
 * Knows: the typed program, values, scans. Does not know: SQL, rendering. The same functions as runtime/sql/sql.h, with the same meaning; a rule check takes
 * all rules of one record type in one pass. */
#ifndef REMIT_RUNTIME_EVAL_EVAL_H
#define REMIT_RUNTIME_EVAL_EVAL_H

#include "runtime/store/store.h"
#include "runtime/value/operate.h"
#include "runtime/value/rows.h"

struct eval_binding {
    const struct tvar *variable;
    struct value value;
};
struct eval_inputs {
    struct store *store;
    struct operator_context *operators;
    const struct program *program;
    const struct eval_binding *bindings;
    int binding_count;
};
struct eval_sink {
    void *context;
    bool (*found)(void *context, const struct trule *rule, int64_t id, const char *message, size_t message_length, struct failure *failure);
};

struct rows *eval_run_query(const struct eval_inputs *inputs, const struct tquery *query, struct failure *failure);
bool eval_evaluate(struct arena *arena, const struct eval_inputs *inputs, const struct texpr *expression, struct value *result, struct failure *failure);
/* rules all have the same record. found is called element by element in order of id, for each element rule by rule in the order given. */
bool eval_check_rules(const struct eval_inputs *inputs, const struct trule *const *rules, int rule_count, bool want_messages,
                      const struct eval_sink *sink, struct failure *failure);
bool eval_collect_ids(struct arena *arena, const struct eval_inputs *inputs, const struct texpr *collection, int64_t **ids, int *count, struct failure *failure);

#endif
