/* What the store keeps under the old name of something goes on under the new one. See carry.c.
 * Knows: sessions. Does not know: tables. */
#ifndef REMIT_RUNTIME_ENGINE_CARRY_H
#define REMIT_RUNTIME_ENGINE_CARRY_H

#include "runtime/engine/session.h"

/* In a transaction, after the policy that says `was` was applied. */
bool carry_names(struct session *session, struct failure *failure);

#endif
