/* Policy tests at work: each on an empty store of its own in memory, with the records that the policy set declares, in a process of its own.
 * Knows: sessions, tests, processes. Does not know: how results are shown. */
#ifndef REMIT_RUNTIME_ENGINE_TEST_H
#define REMIT_RUNTIME_ENGINE_TEST_H

#include "runtime/engine/coverage.h"

/* An expectation that failed, or the error that ended the test. */
struct test_problem {
    bool is_error;
    bool has_span;
    struct span span;
    const char *code;    /* "R0540" */
    const char *message; /* "what is expected is not raised" */
    const char *values;  /* that made it fail; of an error what to do, or "" */
    const char *drawn;   /* with its lines and carets, without colours */
};
enum test_outcome { TEST_PASSED, TEST_FAILED, TEST_BROKEN /* it could not be carried out */ };
struct test_result {
    const struct ttest *test;
    enum test_outcome outcome;
    int expectation_count;
    LIST_OF(struct test_problem) problems; /* the first LIMIT_TEST_PROBLEMS; an error comes last */
    int problems_left_out;
    const char *output; /* what it printed */
};

struct test_options {
    const char *only; /* a part of the titles wanted, or NULL */
    int at_once;      /* processes */
    double seconds;   /* that a test may take */
};
struct test_suite {
    LIST_OF(struct test_result) results; /* in the order of the files, whatever the order in which they came */
    int passed;
    struct coverage *coverage;
};
/* Runs the tests of the session's program, which is loaded; the session has no store yet, and gets one in memory. False with failure set when there is no test to run, or
 * the machine does not let them run. Everything in the suite lives in the session's arena. */
bool session_test(struct session *session, const struct test_options *options, struct test_suite *suite, struct failure *failure);

/* ---- test_run.c: one test, in the process that is its own; the session is of no other use afterwards ---- */
/* coverage may be NULL. */
void test_run(struct session *session, const struct ttest *test, struct coverage *coverage, struct test_result *result);
/* The result as bytes for another process, and back; false when they are not whole. */
void test_write_result(const struct test_result *result, const struct coverage *coverage, struct buffer *out);
bool test_read_result(struct arena *arena, const char *bytes, size_t length, struct test_result *result, struct coverage *coverage);
/* The error that ended the test. */
void test_add_error(struct session *session, struct test_result *result, const struct failure *failure);
/* The store that tests begin with: the tables, and no rows. */
bool test_prepare_store(struct session *session, struct failure *failure);

#endif
