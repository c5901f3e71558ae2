/* Do the tests notice when the policy is changed? Each change of mutants.h is tried in a process of its own.
 * Knows: changes, tests. Does not know: how results are shown. */
#ifndef REMIT_RUNTIME_ENGINE_MUTATE_H
#define REMIT_RUNTIME_ENGINE_MUTATE_H

#include "runtime/engine/mutants.h"
#include "runtime/engine/test.h"

enum mutant_fate {
    MUTANT_NO_CHANGE, /* it does not check, or means the same */
    MUTANT_NOTICED,   /* a test failed */
    MUTANT_UNNOTICED  /* every test passed, or none could */
};
struct mutation {
    struct mutant_list mutants;
    enum mutant_fate *fates;  /* one for each */
    int noticed, unnoticed;
};

/* After session_test, when all tests of the suite passed: runs for each change those of them that it can matter to, until one fails. */
bool session_mutate(struct session *session, const struct test_options *options, const struct test_suite *suite, struct mutation *mutation, struct failure *failure);

#endif
