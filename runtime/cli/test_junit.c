/* What the tests showed, for build servers: JUnit XML as Ant and Jenkins read it, one suite for each file. See test_report.h.
 * Both schemas hold: a test has one `failure` or one `error` at most, and what tests print stands with the suite. They want days and times, too; so that the same tests write the same
 * file, a suite is dated with the first day of its first test, and takes no time. */
#include "lang/base/civil.h"
#include "runtime/cli/test_report.h"
#include "runtime/render/xml.h"

#include <string.h>

static const char *file_of(const struct test_report *report, int at) {
    return source_get(report->session->sources, report->suite->results.items[at].test->span.file)->path;
}

static void write_problems(struct buffer *out, const struct test_result *result) {
    const struct test_problem *first = &result->problems.items[0], *last = &result->problems.items[result->problems.count - 1];
    const struct test_problem *head = result->outcome == TEST_BROKEN ? last : first;
    const char *element = result->outcome == TEST_BROKEN ? "error" : "failure";
    buffer_add_format(out, ">\n      <%s", element);
    xml_write_attribute(out, "message", head->message);
    xml_write_attribute(out, "type", head->code);
    buffer_add_char(out, '>');
    for (int i = 0; i < result->problems.count; i++)
        xml_write(out, result->problems.items[i].drawn);
    buffer_add_format(out, "</%s>\n    </testcase>\n", element);
}

static void write_case(struct buffer *out, const struct test_report *report, int at) {
    const struct test_result *result = &report->suite->results.items[at];
    buffer_add_string(out, "    <testcase");
    xml_write_attribute(out, "name", result->test->title);
    xml_write_attribute(out, "classname", file_of(report, at));
    buffer_add_string(out, " time=\"0\"");
    if (result->problems.count)
        write_problems(out, result);
    else
        buffer_add_string(out, "/>\n");
}

static void write_suite_head(struct buffer *out, const struct test_report *report, int first, int end, int number) {
    int failures = 0, errors = 0;
    struct buffer day = {0};
    for (int i = first; i < end; i++) {
        failures += report->suite->results.items[i].outcome == TEST_FAILED;
        errors += report->suite->results.items[i].outcome == TEST_BROKEN;
    }
    date_write(&day, report->suite->results.items[first].test->items[0].day);
    buffer_add_string(out, "  <testsuite");
    xml_write_attribute(out, "name", file_of(report, first));
    buffer_add_format(out, " package=\"remit\" id=\"%d\" timestamp=\"%sT00:00:00\" hostname=\"localhost\" tests=\"%d\" failures=\"%d\" errors=\"%d\" time=\"0\">\n    <properties/>\n", number,
                      buffer_string(&day), end - first, failures, errors);
    buffer_free(&day);
}

static void write_suite(struct buffer *out, const struct test_report *report, int first, int end, int number) {
    write_suite_head(out, report, first, end, number);
    for (int i = first; i < end; i++)
        write_case(out, report, i);
    buffer_add_string(out, "    <system-out>");
    for (int i = first; i < end; i++)
        xml_write(out, report->suite->results.items[i].output);
    buffer_add_string(out, "</system-out>\n    <system-err/>\n  </testsuite>\n");
}

void test_report_junit(const struct test_report *report) {
    struct buffer out = {0};
    int count = report->suite->results.count;
    buffer_add_string(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for (int first = 0, end, number = 0; first < count; first = end, number++) {
        for (end = first + 1; end < count && strcmp(file_of(report, end), file_of(report, first)) == 0; end++)
            ;
        write_suite(&out, report, first, end, number);
    }
    buffer_add_string(&out, "</testsuites>\n");
    fputs(buffer_string(&out), report->session->options.out);
    buffer_free(&out);
}
