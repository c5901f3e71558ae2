/* What becomes of an obligation: from what its question answers, what was kept of it, and who waived it, to its state.
 * Knows: states, days. Does not know: where answers, waivers and kept obligations come from. */
#ifndef REMIT_RUNTIME_ENGINE_OBLIGATION_H
#define REMIT_RUNTIME_ENGINE_OBLIGATION_H

#include "runtime/store/engine.h"

/* As the prelude's enum obligation_state has them. */
enum obligation_state { OBLIGATION_MET, OBLIGATION_MET_LATE, OBLIGATION_PENDING, OBLIGATION_WAIVED, OBLIGATION_BREACHED, OBLIGATION_STATES };
const char *obligation_state_name(enum obligation_state state);
enum obligation_state obligation_state_parse(const char *name); /* OBLIGATION_STATES: it is none */

/* What an earlier check kept of the same obligation. */
struct kept_obligation {
    bool is_there;
    enum obligation_state state;
    int64_t since, due;
    int64_t first_breached; /* the day on which it was first found breached; NO_DAY: never */
};
/* A waiver that counts: the days it runs, both included. */
struct waiver_days {
    int64_t from, until;
};

struct verdict {
    enum obligation_state state;
    int64_t since; /* the day since which it is in that state */
    int64_t due;   /* NO_DAY */
    int64_t first_breached; /* as in kept_obligation, this judgement taken in */
    int exception; /* the number of the one that applies, from 1; 0: none */
    bool holds;    /* what is required does, whatever the state */
    int waiver;    /* position in the waivers given, of the one that excuses it; -1: none */
};

/* Does the waiver excuse it today? It must run on the day on which it is due, where it is due in a period, or by a day that is still to come; else today. */
bool waiver_covers(const struct tmandate *mandate, const struct asked *asked, struct waiver_days days, int64_t today);
/* Judges it as of today. waivers: those that count, of this mandate and subject. A gate that was passed under this very text stays passed: has_passed. */
struct verdict obligation_judge(const struct tmandate *mandate, const struct asked *asked, const struct kept_obligation *kept, const struct waiver_days *waivers, int waiver_count, bool has_passed,
                                int64_t today);

#endif
