/* What the store keeps of one obligation, where it is asked for by itself and not by a check (obligations.h).
 * Knows: the obligation and decision records. Does not know: how obligations are judged. */
#ifndef REMIT_RUNTIME_ENGINE_KEPT_H
#define REMIT_RUNTIME_ENGINE_KEPT_H

#include "runtime/engine/obligation.h"
#include "runtime/engine/session.h"

/* The day from which periods are counted where a mandate does not say it: that of the first check that asked for it, else today. */
bool kept_since(struct session *session, const struct tmandate *mandate, int64_t *day, struct failure *failure);
/* What the store keeps of one obligation; is_there false when it keeps none. period: NO_DAY of none. */
bool kept_find(struct session *session, const struct tmandate *mandate, const char *element, size_t length, int64_t period, struct kept_obligation *kept, struct failure *failure);
/* Was the gate passed by the element under the mandate's very text, as the decisions have it? */
bool kept_has_passed(struct session *session, struct tmandate *mandate, const char *element, size_t length, bool *passed, struct failure *failure);

#endif
