/* How a mandate stands with one of its subjects, while the account of it is made. Private to why_mandate.c and why_timing.c. */
#ifndef REMIT_RUNTIME_ENGINE_WHY_STANDING_H
#define REMIT_RUNTIME_ENGINE_WHY_STANDING_H

#include "runtime/engine/why.h"

struct standing {
    struct account *account;
    struct session *session;
    struct tmandate *mandate;
    int64_t subject, wanted;          /* wanted: the period that was asked about, or NO_DAY */
    struct waivers waivers;
    struct waiver *found;             /* those for the mandate and the subject */
    int found_count;
    struct obligation_list list;
    const struct obligation *meant;   /* NULL: nothing is required, in that period or at all */
    bool is_at_gate;                  /* it is a gate that was not passed yet: of a change to come there is */
    struct value before;              /* of a gate: what its field is, or is taken to have been */
    bool is_required;
    struct verdict verdict;           /* and what would become of it, when is_required */
    int exception;                    /* the number of the one that applies, or 0 */
};

/* "2026-03" */
const char *standing_period_words(const struct standing *standing, int64_t period);
/* ---- why_timing.c ---- */
/* Where nothing is required: what of its timing says so, as clauses. */
bool standing_add_timing(struct standing *standing, struct failure *failure);
/* With what would have to change it must still be required: in terms of the element as clauses have it; or NULL. */
struct texpr *standing_stays_asked(const struct standing *standing);

#endif
