/* Diagnostics as a list of review. See review.h. */
#include "runtime/engine/review.h"

#include "lang/base/civil.h"
#include "lang/lint/lint.h"
#include <string.h>

struct review review_start(struct session *session, const char *tool) {
    struct buffer day = {0};
    date_write(&day, session->options.today);
    struct review review = {.arena = session->arena, .tool = tool, .day = arena_copy_string(session->arena, buffer_string(&day))};
    buffer_free(&day);
    return review;
}

struct review_place review_place_of(struct session *session, struct span span) {
    const char *path = source_get(session->sources, span.file)->path;
    if (*path == '<')
        return (struct review_place){0};
    struct place start = source_place(session->sources, span.file, span.start), end = source_place(session->sources, span.file, span.end);
    return (struct review_place){path, start.line, start.column, end.line, end.column > start.column || end.line > start.line ? end.column : start.column + 1};
}

static enum review_level level_of(enum severity severity) {
    return severity == SEVERITY_ERROR ? REVIEW_ERROR : severity == SEVERITY_WARNING ? REVIEW_WARNING : REVIEW_NOTE;
}

static int rule_of(struct review *review, const struct diagnostic *diagnostic) {
    struct review_rule rule = {.level = level_of(diagnostic->severity)};
    const char *name = diagnostic->label ? strchr(diagnostic->label, ' ') : NULL;
    enum lint_rule lint = name ? lint_find(name + 1) : LINT_COUNT;
    if (lint < LINT_COUNT) {
        const struct lint_row *row = lint_row(lint);
        rule.id = arena_format(review->arena, "L%03d", row->number);
        rule.name = row->name;
        rule.summary = row->summary;
        rule.help = arena_format(review->arena, "%s %s", row->reason, row->mend);
    } else {
        rule.id = diagnostic_code_text(review->arena, diagnostic->code);
        rule.summary = diagnostic->message;
        rule.help = diagnostic_help(diagnostic->code);
    }
    return review_add_rule(review, &rule);
}

void review_add_diagnostics(struct review *review, struct session *session) {
    diagnostics_sort(session->diagnostics);
    for (int i = 0; i < session->diagnostics->list.count; i++) {
        const struct diagnostic *diagnostic = session->diagnostics->list.items[i];
        struct review_item item = {.rule = rule_of(review, diagnostic), .level = level_of(diagnostic->severity), .message = diagnostic->message};
        item.hint = diagnostic->hint ? diagnostic->hint : diagnostic_advice(review->arena, diagnostic->code);
        item.place = review_place_of(session, diagnostic->span);
        if (diagnostic->second_label) {
            item.second = review_place_of(session, diagnostic->second);
            item.second_words = diagnostic->second_label;
        }
        LIST_ADD(review->arena, &review->items, item);
    }
}

void review_show(struct session *session, const struct review *review, enum review_format format) {
    struct buffer out = {0};
    review_write(&out, review, format);
    session_speaks(session);
    fputs(buffer_string(&out), session->options.out);
    buffer_free(&out);
}
