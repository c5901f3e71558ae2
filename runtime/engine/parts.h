/* The parts of a declaration's conditions, each of which may hold for an element or not: what `where`, `when` and `shall` join by `and`, and the exceptions.
 * Knows: rules, mandates. Does not know: what is made of it (expect.c, coverage.c). */
#ifndef REMIT_RUNTIME_ENGINE_PARTS_H
#define REMIT_RUNTIME_ENGINE_PARTS_H

#include "runtime/engine/session.h"

enum part_kind { PART_WHERE, PART_WHEN, PART_EXCEPTION, PART_REQUIRED };
struct part {
    enum part_kind kind;
    int exception;                 /* EXCEPTION: its number, from 1; REQUIRED: that of the exception that asks it, 0 for the mandate itself */
    const char *label;             /* of an exception, else NULL */
    struct texpr *condition;       /* in terms of the element, and of the period */
};
struct part_list {
    struct part *items;
    int count, capacity;
};
/* In the order in which they are looked at. In the arena. */
struct part_list parts_of_rule(struct arena *arena, const struct trule *rule);
/* As the mandate's question has them (parts_question), with its variables: where there is a gate, the field reads as before the change. */
struct part_list parts_of_mandate(struct arena *arena, const struct tmandate *mandate);
static inline const struct tquery *parts_question(const struct tmandate *mandate) {
    return mandate->change ? mandate->change : mandate->one;
}

enum part_state { PART_UNSEEN, PART_FAILS, PART_HOLDS };
/* Looks at each part in turn, as far as a check does: not at what comes after a condition that fails, nor, where an exception applies, at anything but what it asks for itself. states:
 * one for each part. The element and the period are bound (session_bind) by whoever asks. */
bool parts_look(struct session *session, const struct part_list *parts, enum part_state *states, struct failure *failure);
/* After that, of a rule: do all conditions hold, and does no exception apply? */
bool parts_hold(const struct part_list *parts, const enum part_state *states);
/* Of a mandate: is anything required, and does it hold? */
bool parts_require(const struct part_list *parts, const enum part_state *states, bool *holds);

#endif
