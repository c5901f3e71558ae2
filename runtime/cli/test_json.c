/* What the tests showed, for programs: one JSON object. See test_report.h. */
#include "runtime/cli/test_report.h"

#include <string.h>

static void write_text(struct buffer *out, const char *name, const char *text) {
    buffer_add_format(out, "\"%s\": ", name);
    json_write_text(out, text, strlen(text));
}

static void write_place(struct buffer *out, struct session *session, struct span span, bool with_column) {
    struct place place = source_place(session->sources, span.file, span.start);
    write_text(out, "file", source_get(session->sources, span.file)->path);
    buffer_add_format(out, ", \"line\": %u", place.line);
    if (with_column)
        buffer_add_format(out, ", \"column\": %u", place.column);
    buffer_add_string(out, ", ");
}

static void write_problem(struct buffer *out, struct session *session, const struct test_problem *problem) {
    buffer_add_char(out, '{');
    if (problem->has_span) {
        write_place(out, session, problem->span, true);
        write_text(out, "written", session_source_words(session, problem->span));
        buffer_add_string(out, ", ");
    }
    write_text(out, "code", problem->code);
    buffer_add_string(out, ", ");
    write_text(out, "message", problem->message);
    buffer_add_string(out, ", ");
    write_text(out, "values", problem->values);
    buffer_add_char(out, '}');
}

static void write_result(struct buffer *out, struct session *session, const struct test_result *result) {
    buffer_add_string(out, "{");
    write_place(out, session, result->test->span, false);
    write_text(out, "title", result->test->title);
    buffer_add_string(out, ", ");
    write_text(out, "result", test_outcome_name(result->outcome));
    buffer_add_format(out, ", \"expectations\": %d, \"problems\": [", result->expectation_count);
    for (int i = 0; i < result->problems.count; i++) {
        buffer_add_string(out, i ? ",\n    " : "\n    ");
        write_problem(out, session, &result->problems.items[i]);
    }
    buffer_add_format(out, "%s], \"left_out\": %d, ", result->problems.count ? "\n  " : "", result->problems_left_out);
    write_text(out, "output", result->output);
    buffer_add_char(out, '}');
}

static void write_coverage(struct buffer *out, struct session *session, const struct coverage *coverage) {
    buffer_add_string(out, ",\n \"coverage\": [");
    for (int i = 0; i < coverage->count; i++) {
        const struct coverage_item *item = &coverage->items[i];
        buffer_add_string(out, i ? ",\n  {" : "\n  {");
        write_text(out, "name", item->name);
        buffer_add_string(out, ", ");
        write_text(out, "part", coverage_kind_name(item));
        buffer_add_string(out, ", ");
        write_text(out, "words", coverage_words(session, item));
        buffer_add_string(out, ", ");
        write_place(out, session, item->span, false);
        buffer_add_format(out, "\"held\": %s, \"not\": %s}", item->was_true ? "true" : "false", item->was_false ? "true" : "false");
    }
    buffer_add_string(out, coverage->count ? "\n ]" : "]");
}

static void write_mutation(struct buffer *out, struct session *session, const struct mutation *mutation) {
    const char *separator = "\n  {";
    buffer_add_format(out, ",\n \"changes\": %d, \"noticed\": %d, \"not_tried\": %d, \"not_noticed\": [", mutation->noticed + mutation->unnoticed, mutation->noticed, mutation->mutants.left_out);
    for (int i = 0; i < mutation->mutants.count; i++) {
        const struct mutant *mutant = &mutation->mutants.items[i];
        if (mutation->fates[i] != MUTANT_UNNOTICED)
            continue;
        buffer_add_string(out, separator);
        separator = ",\n  {";
        write_text(out, "name", mutant->name);
        buffer_add_string(out, ", ");
        write_place(out, session, mutant->span, true);
        write_text(out, "before", session_source_words(session, mutant->span));
        buffer_add_string(out, ", ");
        write_text(out, "after", mutant->replacement);
        buffer_add_string(out, ", ");
        write_text(out, "within", session_source_words(session, mutant->within));
        buffer_add_char(out, '}');
    }
    buffer_add_string(out, mutation->unnoticed ? "\n ]" : "]");
}

void test_report_json(const struct test_report *report) {
    const struct test_suite *suite = report->suite;
    struct buffer out = {0};
    buffer_add_string(&out, "{\"tests\": [");
    for (int i = 0; i < suite->results.count; i++) {
        buffer_add_string(&out, i ? ",\n  " : "\n  ");
        write_result(&out, report->session, &suite->results.items[i]);
    }
    buffer_add_format(&out, "\n ],\n \"passed\": %d, \"failed\": %d", suite->passed, suite->results.count - suite->passed);
    if (report->coverage != COVERAGE_NONE)
        write_coverage(&out, report->session, suite->coverage);
    if (report->mutation)
        write_mutation(&out, report->session, report->mutation);
    buffer_add_string(&out, "}\n");
    fputs(buffer_string(&out), report->session->options.out);
    buffer_free(&out);
}
