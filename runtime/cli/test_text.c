/* What the tests showed, for people: the tests that failed, with what was expected and the values; the counts; what was not looked at. See test_report.h. */
#include "runtime/cli/test_report.h"

#include <string.h>

const char *test_outcome_name(enum test_outcome outcome) {
    static const char *const names[] = {[TEST_PASSED] = "passed", [TEST_FAILED] = "failed", [TEST_BROKEN] = "error"};
    return names[outcome];
}

/* A `not` of the modal has no place of its own. */
static bool is_forbidden(const struct texpr *condition) {
    return condition->kind == TEXPR_NOT && condition->span.start == condition->arguments[0]->span.start && condition->span.end == condition->arguments[0]->span.end;
}

const char *coverage_kind_name(const struct coverage_item *item) {
    static const char *const names[] = {[COVERAGE_RULE] = "rule", [COVERAGE_MANDATE] = "mandate", [COVERAGE_WHERE] = "where", [COVERAGE_WHEN] = "when", [COVERAGE_EXCEPTION] = "except"};
    if (item->kind != COVERAGE_REQUIRED)
        return names[item->kind];
    if (is_forbidden(item->condition))
        return item->mandate->is_mandatory ? "shall not" : "should not";
    return item->mandate->is_mandatory ? "shall" : "should";
}

const char *coverage_words(struct session *session, const struct coverage_item *item) {
    return coverage_is_whole(item) ? item->name : item->kind == COVERAGE_EXCEPTION ? item->label : session_source_words(session, item->span);
}

/* ---- tests ---- */

static void write_place(struct buffer *out, struct session *session, struct span span) {
    diagnostic_draw_text(out, source_get(session->sources, span.file)->path);
    buffer_add_format(out, ":%u", source_place(session->sources, span.file, span.start).line);
}

static void write_head(struct buffer *out, struct session *session, const struct test_result *result) {
    static const char *const words[] = {[TEST_PASSED] = "passed", [TEST_FAILED] = "FAILED", [TEST_BROKEN] = "ERROR"};
    bool is_bad = result->outcome != TEST_PASSED, color = is_bad && session->options.render.color;
    buffer_add_format(out, "%s%s%s ", color ? "\033[1;31m" : "", words[result->outcome], color ? "\033[0m" : "");
    write_place(out, session, result->test->span);
    buffer_add_string(out, ": ");
    diagnostic_draw_text(out, result->test->title);
    buffer_add_char(out, '\n');
}

static void write_output(struct buffer *out, const char *text) {
    for (const char *at = text; *at; at += strcspn(at, "\n") + (at[strcspn(at, "\n")] == '\n'))
        buffer_add_format(out, "| %.*s\n", (int)strcspn(at, "\n"), at);
}

static void write_result(struct buffer *out, struct session *session, const struct test_result *result) {
    if (result->outcome == TEST_PASSED && !*result->output)
        return;
    write_head(out, session, result);
    write_output(out, result->output);
    for (int i = 0; i < result->problems.count; i++)
        buffer_add_string(out, result->problems.items[i].drawn);
    if (result->problems_left_out)
        buffer_add_format(out, "… and %d more that failed\n", result->problems_left_out);
    if (result->outcome != TEST_PASSED)
        buffer_add_char(out, '\n');
}

/* ---- coverage ---- */

struct tally {
    int all, both; /* both: seen to hold and not to */
};

static struct tally count_items(const struct coverage *coverage, enum coverage_kind first, enum coverage_kind last) {
    struct tally tally = {0};
    for (int i = 0; i < coverage->count; i++) {
        const struct coverage_item *item = &coverage->items[i];
        bool is_counted = item->kind >= first && item->kind <= last;
        tally.all += is_counted;
        tally.both += is_counted && item->was_true && item->was_false;
    }
    return tally;
}

static void write_tally(struct buffer *out, const char *before, struct tally tally, const char *what) {
    if (tally.all)
        buffer_add_format(out, "%s%d of %d %s%s", before, tally.both, tally.all, what, tally.all == 1 ? "" : "s");
}

static void write_unreached_names(struct buffer *out, const struct coverage *coverage) {
    const char *separator = "no test expects anything of: ";
    for (int i = 0; i < coverage->count; i++)
        if (coverage_is_whole(&coverage->items[i]) && !coverage_is_reached(&coverage->items[i])) {
            buffer_add_format(out, "%s%s", separator, coverage->items[i].name);
            separator = ", ";
        }
    if (separator[0] == ',')
        buffer_add_char(out, '\n');
}

static void write_short_coverage(struct buffer *out, const struct coverage *coverage) {
    struct tally rules = count_items(coverage, COVERAGE_RULE, COVERAGE_RULE), mandates = count_items(coverage, COVERAGE_MANDATE, COVERAGE_MANDATE),
                 conditions = count_items(coverage, COVERAGE_WHERE, COVERAGE_REQUIRED), exceptions = count_items(coverage, COVERAGE_EXCEPTION, COVERAGE_EXCEPTION);
    if (!coverage->count)
        return;
    buffer_add_string(out, "seen to hold and not to: ");
    write_tally(out, "", rules, "rule");
    write_tally(out, rules.all ? ", " : "", mandates, "mandate");
    write_tally(out, ", ", conditions, "condition");
    write_tally(out, ", ", exceptions, "exception");
    buffer_add_char(out, '\n');
    write_unreached_names(out, coverage);
    if (rules.both + mandates.both + conditions.both + exceptions.both < coverage->count)
        buffer_add_string(out, "`--coverage full` lists them\n");
}

static struct value string_value(const char *text) {
    return value_text(text, strlen(text));
}

static const char *part_words(struct session *session, const struct coverage_item *item) {
    enum { WORDS_COLUMNS = 60 };
    if (coverage_is_whole(item))
        return item->kind == COVERAGE_RULE ? "raised" : "met";
    const char *words = coverage_words(session, item), *quote = item->kind == COVERAGE_EXCEPTION ? "\"" : "";
    size_t length = strlen(words), fits = text_prefix(words, length, WORDS_COLUMNS);
    const char *of = item->kind == COVERAGE_REQUIRED && item->label ? arena_format(session->arena, "except \"%s\" ", item->label) : "";
    return arena_format(session->arena, "%s%s %s%.*s%s%s", of, coverage_kind_name(item), quote, (int)fits, words, fits < length ? "…" : "", quote);
}

static void write_full_coverage(struct session *session, const struct coverage *coverage) {
    enum { COLUMNS = 5 };
    struct type text = {.kind = TYPE_TEXT}, yes_no = {.kind = TYPE_BOOL};
    struct row_column columns[COLUMNS] = {{.label = "Of", .type = text}, {.label = "Part", .type = text}, {.label = "Place", .type = text}, {.label = "Held", .type = yes_no}, {.label = "Not", .type = yes_no}};
    struct value *values = ARENA_ARRAY(session->arena, struct value, coverage->count * COLUMNS);
    for (int i = 0; i < coverage->count; i++) {
        const struct coverage_item *item = &coverage->items[i];
        struct value *row = values + i * COLUMNS;
        struct buffer place = {0};
        write_place(&place, session, item->span);
        row[0] = string_value(item->name);
        row[1] = string_value(part_words(session, item));
        row[2] = string_value(arena_copy_string(session->arena, buffer_string(&place)));
        row[3] = value_int(item->was_true);
        row[4] = value_int(item->was_false);
        buffer_free(&place);
    }
    struct rows *rows = list_rows(columns, COLUMNS, values, coverage->count);
    struct failure unwritten = {0}; /* output that cannot be written is seen when all is */
    struct render_options table = session->options.render;
    table.format = RENDER_TABLE;
    render_rows(session->options.out, rows, &table, NULL, &unwritten);
    rows_close(rows);
}

/* ---- changes ---- */

static void write_words(struct buffer *out, const char *text, size_t length) {
    enum { WORDS_COLUMNS = 80 };
    size_t fits = text_prefix(text, length, WORDS_COLUMNS);
    buffer_add_char(out, '`');
    buffer_add(out, text, fits);
    buffer_add_string(out, fits < length ? "…`" : "`");
}

static void write_mutant(struct buffer *out, struct session *session, const struct mutant *mutant) {
    const char *before = session_source_words(session, mutant->span), *within = session_source_words(session, mutant->within);
    write_place(out, session, mutant->span);
    buffer_add_string(out, ": no test noticed ");
    write_words(out, before, strlen(before));
    buffer_add_string(out, *mutant->replacement ? " changed to " : " left out");
    if (*mutant->replacement)
        write_words(out, mutant->replacement, strlen(mutant->replacement));
    if (*within && strcmp(within, before) != 0) {
        buffer_add_string(out, " in ");
        write_words(out, within, strlen(within));
    }
    buffer_add_char(out, '\n');
}

static bool is_reached(const struct coverage *coverage, const char *name) {
    for (int i = 0; i < coverage->count; i++)
        if (coverage_is_whole(&coverage->items[i]) && strcmp(coverage->items[i].name, name) == 0)
            return coverage_is_reached(&coverage->items[i]);
    return false;
}

/* Of a rule that no test looks at no test notices any change: that is one line. */
static int write_unreached(struct buffer *out, struct session *session, const struct mutation *mutation, int first) {
    const struct mutant *of = &mutation->mutants.items[first];
    int count = 0, at = first;
    for (; at < mutation->mutants.count && strcmp(mutation->mutants.items[at].name, of->name) == 0; at++)
        count += mutation->fates[at] == MUTANT_UNNOTICED;
    if (count) {
        write_place(out, session, of->declaration);
        buffer_add_format(out, ": no test expects anything of `%s`, whatever is changed in it (%d change%s)\n", of->name, count, count == 1 ? "" : "s");
    }
    return at;
}

static void write_mutation(struct buffer *out, struct session *session, const struct mutation *mutation, const struct coverage *coverage) {
    int tried = mutation->noticed + mutation->unnoticed;
    for (int i = 0; i < mutation->mutants.count;) {
        if (!is_reached(coverage, mutation->mutants.items[i].name)) {
            i = write_unreached(out, session, mutation, i);
            continue;
        }
        if (mutation->fates[i] == MUTANT_UNNOTICED)
            write_mutant(out, session, &mutation->mutants.items[i]);
        i++;
    }
    buffer_add_format(out, "%d change%s, %d noticed, %d not noticed\n", tried, tried == 1 ? "" : "s", mutation->noticed, mutation->unnoticed);
    if (mutation->mutants.left_out)
        buffer_add_format(out, "%d more were not tried\n", mutation->mutants.left_out);
}

/* ---- all ---- */

void test_report_text(const struct test_report *report) {
    const struct test_suite *suite = report->suite;
    struct session *session = report->session;
    struct buffer out = {0};
    int count = suite->results.count;
    for (int i = 0; i < count; i++)
        write_result(&out, session, &suite->results.items[i]);
    buffer_add_format(&out, "%d test%s, %d passed, %d failed\n", count, count == 1 ? "" : "s", suite->passed, count - suite->passed);
    if (report->coverage == COVERAGE_SHORT)
        write_short_coverage(&out, suite->coverage);
    fputs(buffer_string(&out), session->options.out);
    if (report->coverage == COVERAGE_FULL && suite->coverage->count)
        write_full_coverage(session, suite->coverage);
    buffer_clear(&out);
    if (report->mutation)
        write_mutation(&out, session, report->mutation, suite->coverage);
    fputs(buffer_string(&out), session->options.out);
    buffer_free(&out);
}
