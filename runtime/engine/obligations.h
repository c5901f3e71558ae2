/* The obligations of one check: judged as the mandates' questions are answered, subject by subject, with what the store keeps of each and the waivers; then kept, and given out in order.
 * They stand in tables of the connection's own, as findings do (findings.h): memory does not grow with them.
 * Knows: obligations, waivers. Does not know: how a mandate's question is answered, how obligations are shown. */
#ifndef REMIT_RUNTIME_ENGINE_OBLIGATIONS_H
#define REMIT_RUNTIME_ENGINE_OBLIGATIONS_H

#include "runtime/engine/waivers.h"

struct obligations;

struct obligation_counts {
    int64_t states[OBLIGATION_STATES];
    int64_t mandatory_breached; /* among the breached */
    int64_t added, ended;       /* new to the store; no longer required */
    int64_t excepted;           /* met because nothing is asked where an exception applies */
};
/* What is judged, and where what comes of it is counted. */
struct judged {
    struct tmandate *const *mandates;
    int mandate_count;
    const struct check_options *options;
    struct waivers *waivers;               /* their `used` and the like are counted */
    struct obligation_counts *by_mandate;  /* of each of mandates, in their order; all zero at first */
    struct obligation_counts *all;
};

/* All that is given stays where it is. The store is held (store_hold) until obligations_close. NULL with failure set. */
struct obligations *obligations_open(struct session *session, const struct judged *judged, struct failure *failure);
void obligations_close(struct obligations *obligations); /* NULL is allowed */
/* mandate: its position among those given. What is asked of one subject follows one another; what comes of other mandates may stand between. */
bool obligations_add(struct obligations *obligations, int mandate, const struct asked *asked, struct failure *failure);
/* After the last one: now all of them are judged and counted. */
bool obligations_finish(struct obligations *obligations, struct failure *failure);

/* What differs from what the store keeps, as a question in SQL: 'obligation', mandate, record, element, period, the state kept or NULL, the state now or NULL. After obligations_finish; not of a summary. */
const char *obligations_differences(struct obligations *obligations);

/* The last day of which obligations are kept; INT64_MIN of none. A check of an earlier day must not write over what was found since. */
bool obligations_kept_later(struct session *session, int64_t *day, struct failure *failure);
/* Writes down what is new or changed; what is no longer required ends. What changes but the day goes to history. Not of a summary. */
bool obligations_keep(struct obligations *obligations, struct failure *failure);

/* In order: breached ones first, by state; of one state what is mandatory first, then by mandate, element and period. Those that are met are left out, unless an exception applies or they were
 * late. Grouped, what is breached or waived alone, with one row for each mandate and element: that of its last period, and how many there are. */
enum obligation_column {
    OBLIGATION_STATE, OBLIGATION_MANDATORY, OBLIGATION_MANDATE, OBLIGATION_TITLE, OBLIGATION_RECORD, OBLIGATION_ELEMENT, OBLIGATION_PERIOD, OBLIGATION_DUE, OBLIGATION_SINCE, OBLIGATION_IN_A_ROW,
    OBLIGATION_ESCALATED, OBLIGATION_EXCEPTION, OBLIGATION_WAIVER, OBLIGATION_COUNT, OBLIGATION_COLUMNS
};
/* OBLIGATION_COLUMNS values a row; the columns have no labels, so that whoever shows them gives them theirs. Must be closed before obligations_close. Not of a summary. */
struct rows *obligations_rows(struct obligations *obligations, bool is_grouped, struct failure *failure);

/* One of them, as it was judged. */
struct obligation {
    int64_t period, due;          /* NO_DAY: it has none */
    int64_t since;                /* the day since which it is in that state */
    enum obligation_state state;
    int in_a_row;                 /* breaches */
    const char *escalated, *exception, *waiver; /* or NULL: to whom, the label of the one that applies, who waived it until when */
    bool is_kept, is_kept_so;     /* the store keeps it; and just so, but for the day on which it was last seen */
};
struct obligation_list {
    struct obligation *items;
    int count, capacity;
};
/* All of them in order of mandate, element and period, in the arena. After obligations_finish; not of a summary. */
bool obligations_read(struct obligations *obligations, struct arena *arena, struct obligation_list *list, struct failure *failure);

#endif
