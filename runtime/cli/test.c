/* remit test [PATH…]: the tests of a policy set. No store is read or written. */
#include "runtime/cli/cli.h"
#include "runtime/cli/test_report.h"
#include "runtime/engine/workers.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    void (*write)(const struct test_report *report);
} formats[] = {{"text", test_report_text}, {"json", test_report_json}, {"junit", test_report_junit}, {"sarif", test_report_sarif}, {"github", test_report_github}};
enum { FORMAT_COUNT = sizeof formats / sizeof *formats };

struct wanted {
    int format;
    enum coverage_level coverage;
    struct test_options test;
};

/* The position of the value among the words; -1 after saying that it is none of them. */
static int read_word(const char *option, const char *value, const char *const *words, int count, const char *wanted) {
    for (int i = 0; i < count; i++)
        if (strcmp(words[i], value) == 0)
            return i;
    cli_bad_value(option, value, wanted);
    return -1;
}

static bool read_wanted(const struct arguments *arguments, struct wanted *wanted) {
    static const char *const names[] = {"text", "json", "junit", "sarif", "github"}, *const levels[] = {"none", "short", "full"};
    const char *format = arguments->values[OPTION_FORMAT], *coverage = arguments->values[OPTION_COVERAGE], *jobs = arguments->values[OPTION_JOBS], *seconds = arguments->values[OPTION_TIMEOUT];
    char *end = NULL;
    *wanted = (struct wanted){.coverage = arguments->values[OPTION_QUIET] ? COVERAGE_NONE : COVERAGE_SHORT, .test = {arguments->values[OPTION_ONLY], workers_at_once(), 10}};
    if (format && (wanted->format = read_word("format", format, names, FORMAT_COUNT, "it is text, json, junit, sarif or github")) < 0)
        return false;
    int level = coverage ? read_word("coverage", coverage, levels, 3, "it is none, short or full") : (int)wanted->coverage;
    if (level < 0)
        return false;
    wanted->coverage = (enum coverage_level)level;
    if (jobs) {
        long count = strtol(jobs, &end, 10);
        if (*end || count < 1 || count > 1000)
            return cli_bad_value("jobs", jobs, "write how many run at once, as 4");
        wanted->test.at_once = (int)count;
    }
    if (seconds) {
        wanted->test.seconds = strtod(seconds, &end);
        if (*end || !(wanted->test.seconds > 0 && wanted->test.seconds < 1e6))
            return cli_bad_value("timeout", seconds, "write seconds, as 30");
    }
    return true;
}

int cli_test(const struct arguments *arguments) {
    static const char *const here[] = {"."};
    struct wanted wanted;
    if (!read_wanted(arguments, &wanted))
        return STATUS_WRONG;
    struct arguments others = *arguments; /* these mean something else for a session */
    others.values[OPTION_FORMAT] = others.values[OPTION_TIMEOUT] = NULL;
    struct session *session = cli_session(&others, true);
    if (!session)
        return STATUS_WRONG;
    struct failure failure = {0};
    struct test_suite suite;
    struct mutation mutation;
    bool good = session_load(session, arguments->word_count ? arguments->words : here, arguments->word_count ? arguments->word_count : 1, false, &failure);
    session_show_diagnostics(session); /* warnings come before the results */
    fflush(stdout);
    good = good && session_test(session, &wanted.test, &suite, &failure);
    bool mutates = good && arguments->values[OPTION_MUTATE] && suite.passed == suite.results.count;
    good = good && (!mutates || session_mutate(session, &wanted.test, &suite, &mutation, &failure));
    if (good) {
        struct test_report report = {session, &suite, wanted.coverage, mutates ? &mutation : NULL};
        session_speaks(session);
        formats[wanted.format].write(&report);
        fflush(session->options.out);
        if (arguments->values[OPTION_MUTATE] && !mutates && !session->options.quiet)
            fputs("no change was tried: what tests notice is only to be told when all of them pass\n", session->options.err);
        session->exit_status = suite.passed < suite.results.count ? STATUS_FOUND : STATUS_FINE;
    }
    return cli_end(session, good, &failure);
}
