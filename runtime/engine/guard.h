/* The guard: the policy that the store keeps, beside a run that brings another. What is run under a policy of its own, be it named by an option or declared in a script, passes the gates of the
 * store's policy as well as its own; so no file and no option does away with a gate for one change.
 * Knows: policies that the store keeps. Does not know: how a gate is asked (gates.h). */
#ifndef REMIT_RUNTIME_ENGINE_GUARD_H
#define REMIT_RUNTIME_ENGINE_GUARD_H

#include "runtime/engine/session.h"

/* Before the run's own policy takes the place of the store's: session->guard is the store's, where it has gates and the run's policy does not hold all of it. */
bool guard_raise(struct session *session, struct failure *failure);
/* The store was brought in step with the run's policy: what had another name has that in the guard, too, which is asked about the same tables. Where these have a shape in which the guard cannot
 * be asked, a run fails when it comes to that; not so `remit apply`, for which gates that go are for their office to decide: it goes on without, and says so. */
bool guard_follow(struct session *session, struct failure *failure);
/* A field of the old policy stands under another name now, out of the way of one of another type. */
void guard_follow_aside(struct session *session, const char *record, const char *field, const char *name);
/* Between these two the store is the guard's to ask; what is asked is its session->guard. */
bool guard_enter(struct session *session, struct failure *failure);
bool guard_leave(struct session *session, struct failure *failure);
/* How many mandatory obligations are breached under the policy that the store keeps, when the run's own is another. Nothing is kept. 0 where that policy can no longer be read. */
bool guard_count_breached(struct session *session, int64_t *breached, struct failure *failure);
/* The guard's mandate is the run's own too, with the same text. */
bool guard_is_own(struct session *session, struct tmandate *mandate);

#endif
