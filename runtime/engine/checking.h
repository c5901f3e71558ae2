/* A check at work: what its parts share. Private to check*.c, and to plan*.c, which ask as a check does.
 * check.c says what is asked and what is kept, check_show.c shows it to people and as rows, check_review.c to build servers. */
#ifndef REMIT_RUNTIME_ENGINE_CHECKING_H
#define REMIT_RUNTIME_ENGINE_CHECKING_H

#include "runtime/engine/findings.h"
#include "runtime/engine/mandates.h"
#include "runtime/engine/obligations.h"

struct checking {
    struct session *session;
    struct arena *arena; /* of this check */
    const struct check_options *options;
    LIST_OF(struct trule *) rules;
    LIST_OF(struct tmandate *) mandates;
    int last_rule, last_mandate;     /* that something was handed over for */
    int64_t *counts;                 /* findings of each of rules */
    struct findings *findings;       /* NULL of a summary */
    struct finding_counts kept;
    struct obligations *obligations;
    struct obligation_counts *by_mandate, all;
    struct waivers waivers;
    int shown;                       /* tables */
    bool keeps;                      /* what is found */
    int64_t later;                   /* a day after this check's of which findings are kept, so that this one keeps nothing; else INT64_MIN */
};

/* ---- check.c ---- */
/* Rules and mandates evaluated by the engine that the session chose; what comes of them goes to the sink. */
bool check_ask(struct session *session, const struct checks *checks, const struct check_sink *sink, struct failure *failure);

/* ---- check_show.c ---- */
/* Obligations that are breached or waived, findings, waivers that need a look: for people a table of each, for programs one list. */
bool check_show(struct checking *checking, struct failure *failure);
/* Ended waivers matter while something is breached that they excused before; what is to be said of one that matters. */
bool check_waiver_needs_look(const struct checking *checking, const struct waiver *waiver);
const char *check_waiver_words(const struct checking *checking, const struct waiver *waiver);
bool check_show_summary(struct checking *checking, struct failure *failure);
/* How many there are, on err. */
void check_tell_counts(struct checking *checking);

/* ---- check_differ.c ---- */
/* What differs from what the store keeps, as a table; sets the options' `differences`. */
bool check_show_differences(struct checking *checking, struct failure *failure);
/* ---- check_lapsed.c ---- */
/* Which of the mandates that were asked for are not in force, and why, on err. */
void check_tell_lapsed(const struct checking *checking);
/* ---- check_review.c ---- */
/* All of it in the session's format of review. */
bool check_show_review(struct checking *checking, struct failure *failure);

#endif
