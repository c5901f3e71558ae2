/* What the tests of a policy set showed, as text, JSON, JUnit XML, SARIF or annotations of GitHub.
 * Knows: results, coverage, changes. Does not know: how tests are run. */
#ifndef REMIT_RUNTIME_CLI_TEST_REPORT_H
#define REMIT_RUNTIME_CLI_TEST_REPORT_H

#include "runtime/engine/mutate.h"

enum coverage_level { COVERAGE_NONE, COVERAGE_SHORT, COVERAGE_FULL };
struct test_report {
    struct session *session;
    const struct test_suite *suite;
    enum coverage_level coverage;
    const struct mutation *mutation; /* NULL: not wanted, or a test failed */
};
/* Each writes to the session's out. */
void test_report_text(const struct test_report *report);
void test_report_json(const struct test_report *report);
void test_report_junit(const struct test_report *report);
void test_report_sarif(const struct test_report *report);
void test_report_github(const struct test_report *report);

/* ---- shared by them ---- */
const char *test_outcome_name(enum test_outcome outcome); /* "passed", "failed", "error" */
/* Of a coverage item: "rule", "mandate", "where", "when", "except", "shall", "should not"; and its words: the declaration's name, the condition, the label. */
const char *coverage_kind_name(const struct coverage_item *item);
const char *coverage_words(struct session *session, const struct coverage_item *item);

#endif
