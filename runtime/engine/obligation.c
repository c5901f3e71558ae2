/* What becomes of an obligation. See obligation.h.
 *
 * Once what is required holds, the obligation is met: late, if the data say so (`dated`), or if a check has ever found it breached. Until then it is pending as long as it is in time;
 * after that it is waived while a waiver excuses it, and else breached. A waiver excuses what is still pending too. */
#include "runtime/engine/obligation.h"

#include <string.h>

static const char *const state_names[OBLIGATION_STATES] = {"met", "met_late", "pending", "waived", "breached"};

const char *obligation_state_name(enum obligation_state state) {
    return state_names[state];
}

enum obligation_state obligation_state_parse(const char *name) {
    int state = 0;
    while (state < OBLIGATION_STATES && strcmp(state_names[state], name) != 0)
        state++;
    return (enum obligation_state)state;
}

bool waiver_covers(const struct tmandate *mandate, const struct asked *asked, struct waiver_days days, int64_t today) {
    bool is_of_day = asked->due != NO_DAY && (mandate->timing == TIMING_EVERY || (mandate->timing == TIMING_BY && asked->due >= today));
    int64_t day = is_of_day ? asked->due : today;
    return days.from <= today && days.from <= day && days.until >= day;
}

static int find_waiver(const struct tmandate *mandate, const struct asked *asked, const struct waiver_days *waivers, int count, int64_t today) {
    for (int i = 0; i < count; i++)
        if (waiver_covers(mandate, asked, waivers[i], today))
            return i;
    return -1;
}

static void judge_met(struct verdict *verdict, const struct asked *asked, const struct kept_obligation *kept) {
    bool was_breached = kept->is_there && (kept->first_breached != NO_DAY || kept->state == OBLIGATION_BREACHED || kept->state == OBLIGATION_MET_LATE);
    bool is_dated_late = asked->dated != NO_DAY && verdict->due != NO_DAY && asked->dated > verdict->due;
    verdict->state = was_breached || is_dated_late ? OBLIGATION_MET_LATE : OBLIGATION_MET;
    if (asked->dated != NO_DAY && asked->dated <= verdict->since)
        verdict->since = asked->dated;
}

/* The grace of what is required at all times began when it was first found not to hold. */
static int64_t due_day(const struct tmandate *mandate, const struct asked *asked, const struct kept_obligation *kept, bool holds) {
    if (mandate->timing != TIMING_ALWAYS)
        return asked->due;
    bool goes_on = kept->is_there && (kept->state == OBLIGATION_PENDING || kept->state == OBLIGATION_BREACHED || kept->state == OBLIGATION_WAIVED);
    return holds ? NO_DAY : goes_on && kept->due != NO_DAY ? kept->due : asked->due;
}

struct verdict obligation_judge(const struct tmandate *mandate, const struct asked *asked, const struct kept_obligation *kept, const struct waiver_days *waivers, int waiver_count, bool has_passed,
                                int64_t today) {
    struct verdict verdict = {.since = today, .exception = asked->outcome / 2, .holds = asked->outcome % 2 || has_passed, .waiver = -1};
    verdict.due = due_day(mandate, asked, kept, verdict.holds);
    if (verdict.holds)
        judge_met(&verdict, asked, kept);
    else if ((verdict.waiver = find_waiver(mandate, asked, waivers, waiver_count, today)) >= 0)
        verdict.state = OBLIGATION_WAIVED;
    else if (verdict.due != NO_DAY && today <= verdict.due)
        verdict.state = OBLIGATION_PENDING;
    else {
        verdict.state = OBLIGATION_BREACHED;
        if (verdict.due != NO_DAY && verdict.due < today)
            verdict.since = verdict.due + 1;
    }
    if (kept->is_there && kept->state == verdict.state)
        verdict.since = kept->since;
    verdict.first_breached = kept->is_there ? kept->first_breached : NO_DAY;
    if (verdict.first_breached == NO_DAY && verdict.state == OBLIGATION_BREACHED)
        verdict.first_breached = today;
    return verdict;
}
