/* What becomes of an obligation: each state from each, on the days before, on and after the one it is due, with waivers before, over and after it. */
#include "runtime/engine/obligation.h"
#include "tests/unit/unit.h"

enum { TODAY = 20000, NOT = 0, HOLDS = 1 };

static struct tmandate always = {.timing = TIMING_ALWAYS}, every = {.timing = TIMING_EVERY}, by = {.timing = TIMING_BY}, gate = {.timing = TIMING_GATE};

static struct verdict judge(const struct tmandate *mandate, int outcome, int64_t due, struct kept_obligation kept) {
    struct asked asked = {1, NO_DAY, due, outcome, NO_DAY};
    return obligation_judge(mandate, &asked, &kept, NULL, 0, false, TODAY);
}

static const struct kept_obligation nothing;

static struct kept_obligation kept_as(enum obligation_state state, int64_t since, int64_t due) {
    return (struct kept_obligation){true, state, since, due, NO_DAY};
}

static void test_days(void) {
    CHECK_INT(judge(&every, NOT, TODAY + 1, nothing).state, OBLIGATION_PENDING);
    CHECK_INT(judge(&every, NOT, TODAY, nothing).state, OBLIGATION_PENDING);
    CHECK_INT(judge(&every, NOT, TODAY - 1, nothing).state, OBLIGATION_BREACHED);
    CHECK_INT(judge(&every, NOT, TODAY - 1, nothing).since, TODAY);
    CHECK_INT(judge(&every, NOT, TODAY - 9, nothing).since, TODAY - 8);
    CHECK_INT(judge(&every, HOLDS, TODAY - 9, nothing).state, OBLIGATION_MET);
    CHECK_INT(judge(&every, HOLDS, TODAY + 9, nothing).state, OBLIGATION_MET);
    CHECK_INT(judge(&gate, NOT, NO_DAY, nothing).state, OBLIGATION_BREACHED);
    CHECK_INT(judge(&gate, NOT, NO_DAY, nothing).since, TODAY);
}

static void test_late(void) {
    static const enum obligation_state before[] = {OBLIGATION_MET, OBLIGATION_MET_LATE, OBLIGATION_PENDING, OBLIGATION_WAIVED, OBLIGATION_BREACHED};
    static const enum obligation_state after[] = {OBLIGATION_MET, OBLIGATION_MET_LATE, OBLIGATION_MET, OBLIGATION_MET, OBLIGATION_MET_LATE};
    for (int i = 0; i < OBLIGATION_STATES; i++) {
        CHECK_INT(judge(&by, HOLDS, TODAY - 5, kept_as(before[i], TODAY - 3, TODAY - 5)).state, after[i]);
        CHECK_INT(judge(&by, NOT, TODAY - 5, kept_as(before[i], TODAY - 3, TODAY - 5)).state, OBLIGATION_BREACHED);
    }
    CHECK_INT(judge(&by, NOT, TODAY - 5, kept_as(OBLIGATION_BREACHED, TODAY - 3, TODAY - 5)).since, TODAY - 3);
    CHECK_INT(judge(&by, HOLDS, TODAY - 5, kept_as(OBLIGATION_MET, TODAY - 3, TODAY - 5)).since, TODAY - 3);
}

/* What was ever found breached is late once it is met, whatever it was in between. */
static void test_once_breached(void) {
    for (int i = 0; i < OBLIGATION_STATES; i++) {
        struct kept_obligation kept = kept_as((enum obligation_state)i, TODAY - 3, TODAY - 5);
        kept.first_breached = TODAY - 4;
        CHECK_INT(judge(&by, HOLDS, TODAY + 5, kept).state, OBLIGATION_MET_LATE);
        CHECK_INT(judge(&by, NOT, TODAY + 5, kept).state, OBLIGATION_PENDING);
        CHECK_INT(judge(&by, NOT, TODAY - 5, kept).first_breached, TODAY - 4);
        CHECK_INT(judge(&by, HOLDS, TODAY - 5, kept).first_breached, TODAY - 4);
    }
    CHECK_INT(judge(&by, NOT, TODAY - 5, nothing).first_breached, TODAY);
    CHECK_INT(judge(&by, NOT, TODAY, nothing).first_breached, NO_DAY);
    CHECK_INT(judge(&by, NOT, TODAY - 5, kept_as(OBLIGATION_BREACHED, TODAY - 3, TODAY - 5)).first_breached, TODAY);
}

static void test_dated(void) {
    struct asked asked = {1, NO_DAY, TODAY - 10, HOLDS, TODAY - 10};
    CHECK_INT(obligation_judge(&by, &asked, &nothing, NULL, 0, false, TODAY).state, OBLIGATION_MET);
    CHECK_INT(obligation_judge(&by, &asked, &nothing, NULL, 0, false, TODAY).since, TODAY - 10);
    asked.dated = TODAY - 9;
    CHECK_INT(obligation_judge(&by, &asked, &nothing, NULL, 0, false, TODAY).state, OBLIGATION_MET_LATE);
    asked.dated = TODAY + 3; /* a day to come says when, and not since when */
    CHECK_INT(obligation_judge(&by, &asked, &nothing, NULL, 0, false, TODAY).state, OBLIGATION_MET_LATE);
    CHECK_INT(obligation_judge(&by, &asked, &nothing, NULL, 0, false, TODAY).since, TODAY);
    asked.outcome = NOT;
    CHECK_INT(obligation_judge(&by, &asked, &nothing, NULL, 0, false, TODAY).state, OBLIGATION_BREACHED);
}

static void test_grace_of_always(void) {
    struct verdict first = judge(&always, NOT, TODAY + 5, nothing);
    CHECK_INT(first.state, OBLIGATION_PENDING);
    CHECK_INT(first.due, TODAY + 5);
    CHECK_INT(judge(&always, NOT, TODAY + 5, kept_as(OBLIGATION_PENDING, TODAY - 5, TODAY)).state, OBLIGATION_PENDING);
    CHECK_INT(judge(&always, NOT, TODAY + 5, kept_as(OBLIGATION_PENDING, TODAY - 6, TODAY - 1)).state, OBLIGATION_BREACHED);
    CHECK_INT(judge(&always, NOT, TODAY + 5, kept_as(OBLIGATION_BREACHED, TODAY - 6, TODAY - 9)).due, TODAY - 9);
    CHECK_INT(judge(&always, NOT, TODAY + 5, kept_as(OBLIGATION_MET, TODAY - 6, NO_DAY)).due, TODAY + 5);
    CHECK_INT(judge(&always, HOLDS, TODAY + 5, nothing).due, NO_DAY);
    CHECK_INT(judge(&always, NOT, NO_DAY, nothing).state, OBLIGATION_BREACHED);
}

static enum obligation_state waived(const struct tmandate *mandate, int outcome, int64_t due, int64_t from, int64_t until) {
    struct asked asked = {1, NO_DAY, due, outcome, NO_DAY};
    struct waiver_days days = {from, until};
    return obligation_judge(mandate, &asked, &nothing, &days, 1, false, TODAY).state;
}

static void test_waivers(void) {
    CHECK_INT(waived(&by, NOT, TODAY - 5, TODAY, TODAY), OBLIGATION_WAIVED);
    CHECK_INT(waived(&by, NOT, TODAY - 5, TODAY - 9, TODAY - 1), OBLIGATION_BREACHED);
    CHECK_INT(waived(&by, NOT, TODAY - 5, TODAY + 1, TODAY + 9), OBLIGATION_BREACHED);
    CHECK_INT(waived(&by, HOLDS, TODAY - 5, TODAY - 9, TODAY + 9), OBLIGATION_MET);
    /* by a day that is still to come: on that day */
    CHECK_INT(waived(&by, NOT, TODAY + 5, TODAY - 9, TODAY + 4), OBLIGATION_PENDING);
    CHECK_INT(waived(&by, NOT, TODAY + 5, TODAY - 9, TODAY + 5), OBLIGATION_WAIVED);
    CHECK_INT(waived(&by, NOT, TODAY, TODAY - 9, TODAY), OBLIGATION_WAIVED);
    CHECK_INT(waived(&always, NOT, NO_DAY, TODAY - 9, TODAY), OBLIGATION_WAIVED);
    /* of a period: on the day it is due, be that long ago, and only once it has begun */
    CHECK_INT(waived(&every, NOT, TODAY - 5, TODAY - 9, TODAY - 5), OBLIGATION_WAIVED);
    CHECK_INT(waived(&every, NOT, TODAY - 5, TODAY - 9, TODAY - 6), OBLIGATION_BREACHED);
    CHECK_INT(waived(&every, NOT, TODAY - 5, TODAY - 4, TODAY + 9), OBLIGATION_BREACHED);
    CHECK_INT(waived(&every, NOT, TODAY + 5, TODAY + 1, TODAY + 9), OBLIGATION_PENDING);
    CHECK_INT(waived(&every, NOT, TODAY + 5, TODAY, TODAY + 9), OBLIGATION_WAIVED);
}

static void test_which(void) {
    struct asked asked = {1, NO_DAY, NO_DAY, 2 * 3 + HOLDS, NO_DAY};
    struct waiver_days days[] = {{TODAY - 9, TODAY - 1}, {TODAY - 1, TODAY + 1}};
    CHECK_INT(obligation_judge(&always, &asked, &nothing, days, 2, false, TODAY).exception, 3);
    CHECK_INT(obligation_judge(&always, &asked, &nothing, days, 2, false, TODAY).waiver, -1);
    asked.outcome = NOT;
    CHECK_INT(obligation_judge(&always, &asked, &nothing, days, 2, false, TODAY).waiver, 1);
    CHECK(!obligation_judge(&always, &asked, &nothing, days, 2, false, TODAY).holds);
    CHECK_INT(obligation_judge(&gate, &asked, &nothing, NULL, 0, true, TODAY).state, OBLIGATION_MET);
    CHECK_INT(obligation_judge(&gate, &asked, &nothing, NULL, 0, false, TODAY).state, OBLIGATION_BREACHED);
}

static void test_names(void) {
    for (int state = 0; state < OBLIGATION_STATES; state++)
        CHECK_INT(obligation_state_parse(obligation_state_name((enum obligation_state)state)), state);
    CHECK_INT(obligation_state_parse("lost"), OBLIGATION_STATES);
}

int main(void) {
    RUN(test_days);
    RUN(test_late);
    RUN(test_once_breached);
    RUN(test_dated);
    RUN(test_grace_of_always);
    RUN(test_waivers);
    RUN(test_which);
    RUN(test_names);
    return UNIT_END("engine_obligation");
}
