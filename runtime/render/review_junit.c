/* The list of a review as JUnit XML, as Ant and Jenkins read it: a suite for each file, a case for each rule of it, which fails where something is found. See review.h.
 * Notes fail nothing; they stand in the suite's output. So that the same list gives the same file, suites are dated with its day and take no time. */
#include "runtime/render/review.h"

#include "lang/base/text.h"
#include "runtime/render/xml.h"
#include <string.h>

static bool is_same_path(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

static const char *case_path(const struct review *review, int rule, int item) {
    return item >= 0 ? review->items.items[item].place.path : review->rules.items[rule].place.path;
}

/* Paths in the order in which they are met, first of items, then of rules. */
struct paths {
    LIST_OF(const char *) items;
};

static void note_path(const struct review *review, struct paths *paths, const char *path) {
    for (int i = 0; i < paths->items.count; i++)
        if (is_same_path(paths->items.items[i], path))
            return;
    LIST_ADD(review->arena, &paths->items, path);
}

/* A case is a rule that found something in the file, or one that is declared there. */
static bool has_case(const struct review *review, int rule, const char *path, int *failures) {
    const struct review_rule *of = &review->rules.items[rule];
    bool found = of->place.path && is_same_path(of->place.path, path);
    *failures = 0;
    for (int i = 0; i < review->items.count; i++)
        if (review->items.items[i].rule == rule && is_same_path(case_path(review, rule, i), path)) {
            found = true;
            *failures += review->items.items[i].level != REVIEW_NOTE;
        }
    return found;
}

static void write_line(struct buffer *out, const struct review_item *item) {
    struct buffer line = {0};
    if (item->place.path)
        buffer_add_format(&line, "%s:%u:%u: ", item->place.path, item->place.line, item->place.column);
    if (item->element)
        buffer_add_format(&line, "%s: ", item->element);
    buffer_add_format(&line, "%s\n", item->message);
    xml_write(out, buffer_string(&line));
    buffer_free(&line);
}

static void write_case(struct buffer *out, const struct review *review, int rule, const char *path, int failures) {
    const struct review_rule *of = &review->rules.items[rule];
    struct buffer name = {0};
    buffer_add_format(&name, "%s%s%s", of->id, of->name ? " " : "", of->name ? of->name : "");
    buffer_add_string(out, "    <testcase");
    xml_write_attribute(out, "name", buffer_string(&name));
    xml_write_attribute(out, "classname", path ? path : review->tool);
    buffer_add_string(out, " time=\"0\"");
    buffer_free(&name);
    if (!failures) {
        buffer_add_string(out, "/>\n");
        return;
    }
    bool is_first = true;
    for (int i = 0; i < review->items.count; i++) {
        const struct review_item *item = &review->items.items[i];
        if (item->rule != rule || item->level == REVIEW_NOTE || !is_same_path(item->place.path, path))
            continue;
        if (is_first) {
            buffer_add_string(out, ">\n      <failure");
            xml_write_attribute(out, "message", item->message);
            xml_write_attribute(out, "type", item->level == REVIEW_ERROR ? "error" : "warning");
            buffer_add_char(out, '>');
        }
        is_first = false;
        write_line(out, item);
    }
    buffer_add_string(out, "</failure>\n    </testcase>\n");
}

static void write_suite(struct buffer *out, const struct review *review, const char *path, int number) {
    struct buffer cases = {0};
    int tests = 0, failed = 0, failures;
    for (int rule = 0; rule < review->rules.count; rule++)
        if (has_case(review, rule, path, &failures)) {
            write_case(&cases, review, rule, path, failures);
            tests++;
            failed += failures > 0;
        }
    buffer_add_string(out, "  <testsuite");
    xml_write_attribute(out, "name", path ? path : review->tool);
    buffer_add_format(out, " package=\"remit\" id=\"%d\" timestamp=\"%sT00:00:00\" hostname=\"localhost\" tests=\"%d\" failures=\"%d\" errors=\"0\" time=\"0\">\n    <properties/>\n%s    <system-out>", number,
                      review->day, tests, failed, buffer_string(&cases));
    for (int i = 0; i < review->items.count; i++)
        if (review->items.items[i].level == REVIEW_NOTE && is_same_path(review->items.items[i].place.path, path))
            write_line(out, &review->items.items[i]);
    buffer_add_string(out, "</system-out>\n    <system-err/>\n  </testsuite>\n");
    buffer_free(&cases);
}

void review_write_junit(struct buffer *out, const struct review *review) {
    struct paths paths = {0};
    for (int i = 0; i < review->items.count; i++)
        note_path(review, &paths, review->items.items[i].place.path);
    for (int rule = 0; rule < review->rules.count; rule++)
        if (review->rules.items[rule].place.path)
            note_path(review, &paths, review->rules.items[rule].place.path);
    buffer_add_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for (int i = 0; i < paths.items.count; i++)
        write_suite(out, review, paths.items.items[i], i);
    buffer_add_string(out, "</testsuites>\n");
}
