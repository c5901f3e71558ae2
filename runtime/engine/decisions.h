/* Decisions: what gates did with changes, written down as records.
 * Knows: the decision record. Does not know: how gates decide (gates.h). */
#ifndef REMIT_RUNTIME_ENGINE_DECISIONS_H
#define REMIT_RUNTIME_ENGINE_DECISIONS_H

#include "runtime/engine/session.h"

/* Inside a transaction. */
bool decision_write(struct session *session, const struct decision *decision, struct failure *failure);
/* What is about to be removed, and had passed a gate, has not passed it any more: a later record may have its key. Inside a transaction. */
bool decisions_undo_removed(struct session *session, struct record_type *record, const int64_t *ids, int count, struct failure *failure);

#endif
