/* All tests of a policy set, several at a time. See test.h.
 * The policy is checked and the tables are made once, in the process that all others are copies of. */
#include "runtime/engine/test.h"
#include "runtime/engine/workers.h"

#include <string.h>

struct testing {
    struct session *session;
    const struct test_options *options;
    struct test_suite *suite;
    int ended;
};

static void run_job(void *context, int job, struct buffer *out) {
    struct testing *testing = context;
    struct test_result result;
    test_run(testing->session, testing->suite->results.items[job].test, testing->suite->coverage, &result);
    test_write_result(&result, testing->suite->coverage, out);
}

/* A test of which no whole result came. */
static void note_bad_end(struct testing *testing, struct test_result *result, const struct worker_report *report) {
    struct failure failure = {0};
    if (report->end == WORKER_LATE)
        failure_set(&failure, DIAG_TEST_TOO_LONG, testing->options->seconds);
    else
        failure_set(&failure, DIAG_TEST_DIED, report->died_of ? report->died_of : "its result is not whole");
    failure.span = result->test->span;
    failure.span.end = failure.span.start + (uint32_t)strcspn(source_get(testing->session->sources, failure.span.file)->text + failure.span.start, "\n");
    failure.has_span = true;
    *result = (struct test_result){.test = result->test, .output = ""};
    test_add_error(testing->session, result, &failure);
}

static bool take_result(void *context, int job, const struct worker_report *report) {
    struct testing *testing = context;
    struct test_suite *suite = testing->suite;
    struct test_result *result = &suite->results.items[job];
    if (report->end != WORKER_DONE || !test_read_result(testing->session->arena, report->bytes, report->length, result, suite->coverage))
        note_bad_end(testing, result, report);
    suite->passed += result->outcome == TEST_PASSED;
    if (testing->session->options.has_done)
        testing->session->options.has_done((double)++testing->ended / suite->results.count);
    return true;
}

/* Those of the standard library are no part of the policy set. */
static void choose_tests(struct testing *testing) {
    struct session *session = testing->session;
    const char *only = testing->options->only;
    for (int i = 0; i < session->program->tests.count; i++) {
        struct test_result result = {.test = session->program->tests.items[i], .output = ""};
        if (session_is_own(session, result.test->span) && (!only || strstr(result.test->title, only)))
            LIST_ADD(session->arena, &testing->suite->results, result);
    }
}

bool session_test(struct session *session, const struct test_options *options, struct test_suite *suite, struct failure *failure) {
    *suite = (struct test_suite){.coverage = coverage_create(session)};
    struct testing testing = {session, options, suite, 0};
    choose_tests(&testing);
    if (!suite->results.count)
        return session->program->tests.count ? failure_set(failure, DIAG_NO_TEST_CALLED, options->only) : failure_set(failure, DIAG_NO_TESTS);
    struct workers workers = {.job_count = suite->results.count, .at_once = options->at_once, .seconds = options->seconds, .context = &testing, .work = run_job, .done = take_result,
                              .should_stop = session->options.should_stop, .stop_context = session->options.stop_context};
    session_works_on(session, "running %d test%s", suite->results.count, suite->results.count == 1 ? "" : "s");
    return test_prepare_store(session, failure) && workers_run(&workers, failure);
}
