/* The parts of a rule's condition, each of which may hold for an element or not: what `where` and `when` join by `and`, and the exceptions.
 * Knows: rules. Does not know: what is made of it (expect.c, coverage.c). */
#ifndef REMIT_RUNTIME_ENGINE_PARTS_H
#define REMIT_RUNTIME_ENGINE_PARTS_H

#include "runtime/engine/session.h"

enum part_kind { PART_WHERE, PART_WHEN, PART_EXCEPTION };
struct part {
    enum part_kind kind;
    const char *label;             /* of an exception, else NULL */
    const struct texpr *condition; /* in terms of the rule's element */
};
struct part_list {
    struct part *items;
    int count, capacity;
};
/* In the order in which they are looked at. In the arena. */
struct part_list parts_of_rule(struct arena *arena, const struct trule *rule);

enum part_state { PART_UNSEEN, PART_FAILS, PART_HOLDS };
/* Looks at each part in turn, as far as a check does: not at what comes after a condition that fails, nor after an exception that applies. states: one for each part. The
 * element is bound (session_bind) by whoever asks. */
bool parts_look(struct session *session, const struct part_list *parts, enum part_state *states, struct failure *failure);
/* After that: do all conditions hold, and does no exception apply? */
bool parts_hold(const struct part_list *parts, const enum part_state *states);

#endif
