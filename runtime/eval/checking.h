/* A check at work: what rules and mandates share. Private to check*.c.
 * Knows: the plan and the walker of a check. Does not know: what is done with what is found. */
#ifndef REMIT_RUNTIME_EVAL_CHECKING_H
#define REMIT_RUNTIME_EVAL_CHECKING_H

#include "runtime/eval/plan.h"

struct group;         /* rules on one record type: check.c */
struct mandate_check; /* check_mandate.c */

struct checking {
    struct walker walker;
    struct plan plan;
    const struct engine_inputs *inputs;
    LIST_OF(struct group *) groups;
    LIST_OF(struct mandate_check *) mandates;
    bool want_messages;
    const struct check_sink *sink;
    struct failure *failure;
    int failed;               /* the position of the rule or mandate that could not be evaluated for an element, rules first; -1: none */
    struct failure ignored;   /* of values while the plan runs */
};

/* Adds to the failure at which element it happened; what: "rule `late`". */
void checking_name(const struct checking *checking, struct tvar *variable, struct record_type *record, int64_t id, const char *what);

/* ---- check_mandate.c ---- */
/* position: see checking.failed. */
void mandate_check_add(struct checking *checking, const struct tmandate *mandate, int position);
/* Where in the passes it is asked. */
void mandate_check_place(struct mandate_check *check, struct plan_visit *visit);

#endif
