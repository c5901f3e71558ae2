/* What the tests showed as a list of review: each expectation that failed at its place, and each rule or mandate of which no test expects anything. See test_report.h. */
#include "runtime/cli/test_report.h"
#include "runtime/engine/review.h"

#include <string.h>

static void add_problem(struct review *review, struct session *session, const struct test_result *result, const struct test_problem *problem) {
    enum diagnostic_code code = diagnostic_code_parse(problem->code);
    struct review_rule rule = {.id = problem->code, .summary = problem->message, .help = code < DIAG_COUNT ? diagnostic_help(code) : NULL, .level = REVIEW_ERROR};
    struct review_item item = {.rule = review_add_rule(review, &rule), .level = REVIEW_ERROR};
    item.message = arena_format(review->arena, "%s: %s", result->test->title, problem->message);
    item.hint = *problem->values ? problem->values : NULL;
    item.place = review_place_of(session, problem->has_span ? problem->span : result->test->span);
    LIST_ADD(review->arena, &review->items, item);
}

static void add_unreached(struct review *review, struct session *session, const struct coverage *coverage) {
    for (int i = 0; i < coverage->count; i++) {
        const struct coverage_item *found = &coverage->items[i];
        if (!coverage_is_whole(found) || coverage_is_reached(found))
            continue;
        struct review_rule rule = {.id = "untested", .summary = "No test expects anything of it", .level = REVIEW_NOTE};
        struct review_item item = {.rule = review_add_rule(review, &rule), .level = REVIEW_NOTE, .place = review_place_of(session, found->span)};
        item.message = arena_format(review->arena, "no test expects anything of `%s`", found->name);
        LIST_ADD(review->arena, &review->items, item);
    }
}

static void show(const struct test_report *report, enum review_format format) {
    struct review review = review_start(report->session, "remit test");
    for (int i = 0; i < report->suite->results.count; i++)
        for (int k = 0; k < report->suite->results.items[i].problems.count; k++)
            add_problem(&review, report->session, &report->suite->results.items[i], &report->suite->results.items[i].problems.items[k]);
    if (report->coverage != COVERAGE_NONE)
        add_unreached(&review, report->session, report->suite->coverage);
    review_show(report->session, &review, format);
}

void test_report_sarif(const struct test_report *report) {
    show(report, REVIEW_SARIF);
}

void test_report_github(const struct test_report *report) {
    show(report, REVIEW_GITHUB);
}
