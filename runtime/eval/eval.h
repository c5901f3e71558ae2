/* The interpreter: the typed program evaluated over rows streamed from the store.
 * Knows: the typed program, values, scans. Does not know: SQL, rendering. The same functions as runtime/sql/sql.h, with the same meaning; a rule check takes
 * all rules of one record type in one pass. */
#ifndef REMIT_RUNTIME_EVAL_EVAL_H
#define REMIT_RUNTIME_EVAL_EVAL_H

#include "runtime/store/engine.h"

struct rows *eval_run_query(const struct engine_inputs *inputs, const struct tquery *query, struct failure *failure);
bool eval_evaluate(struct arena *arena, const struct engine_inputs *inputs, const struct texpr *expression, struct value *result, struct failure *failure);
/* Rules of any records: those that need the same passes share them, so give all at once. found is called record by record, or mixed; of one record element by element in
 * order of id, for each element rule by rule in the order given. An element to which an exception applies is not found. A failure at one element ends the run and names the
 * element's key and the rule in the hint; failure->span is then the rule's whole declaration, without has_span. */
bool eval_check_rules(const struct engine_inputs *inputs, const struct trule *const *rules, int rule_count, bool want_messages,
                      const struct check_sink *sink, struct failure *failure);
/* What a mandate requires of all its subjects. */
bool eval_check_mandate(const struct engine_inputs *inputs, const struct tmandate *mandate, const struct check_sink *sink, struct failure *failure);
bool eval_collect_ids(struct arena *arena, const struct engine_inputs *inputs, const struct texpr *collection, int64_t **ids, int *count, struct failure *failure);

#endif
