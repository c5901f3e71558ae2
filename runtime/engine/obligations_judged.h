/* The obligations of a check in their tables: what judging, keeping and giving out share. Private to obligations*.c.
 *   remit_mandate(position, name, record, mandatory, policy)             the mandates, in the order in which obligations are shown
 *   remit_key_N(id, key, since)                                          the keys of the elements of the record type of mandate N, and the change that wrote each last
 *   remit_obligation(mandate, element, id, period, state, …)             what became of each; a period of 0 is none; stored is the _id of the one in t_obligation that it is, news how it
 *                                                                        differs from that. Of a summary just those that are stored. */
#ifndef REMIT_RUNTIME_ENGINE_OBLIGATIONS_JUDGED_H
#define REMIT_RUNTIME_ENGINE_OBLIGATIONS_JUDGED_H

#include "runtime/engine/obligations.h"

enum news { NEWS_NONE, NEWS_DAY /* it was last seen on another day */, NEWS_WORDS /* something of it is another */, NEWS_ALL /* it is not there */ };

/* One that the store keeps, in the columns of what asks for it. Its texts live in `texts` of the obligations. */
struct kept {
    int64_t period;               /* NO_DAY: it has none */
    int64_t id;
    struct kept_obligation state;
    int64_t in_a_row, last_seen;
    bool is_mandatory, has_ended;
    const char *escalated, *exception, *waiver, *policy; /* or NULL */
};

/* One mandate, and the subject of it that answers come of. */
struct asking_mandate {
    struct tmandate *mandate;
    int place;                    /* in the order shown */
    const char *fingerprint;
    struct obligation_counts *counts;
    bool has_kept;                /* the store keeps obligations of it that count */
    bool has_waivers;
    bool has_passed;              /* as a gate, by anything, under this very text */
    int keys;                     /* N of the table with their keys */
    struct statement *key;        /* of an element; NULL where keys are not needed */
    struct statement *passed;     /* whether it has passed the gate; NULL where has_passed is false */
    int64_t subject;              /* 0: none yet */
    LIST_OF(struct asked) asked;  /* of that subject */
};

struct obligations {
    struct session *session;
    struct arena *arena;
    struct judged judged;
    struct asking_mandate *mandates;       /* in the order given */
    struct asking_mandate **ordered;       /* by place */
    struct statement *kept, *insert;
    struct arena *texts;                   /* of one subject */
};

/* ---- obligations_keep.c ---- */
/* How many the store keeps as open that are required no more. */
bool obligations_count_ended(struct obligations *obligations, int64_t *ended, struct failure *failure);

#endif
