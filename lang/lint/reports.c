/* Reports: what they show first, what they add up, to whom they go; and severities that no report shows.
 * Knows: reports. Does not know: rules, but for their severity. */
#include "lang/lint/linter.h"
#include "lang/lint/reason.h"

#include <string.h>

static void look_at_order(struct linter *linter, const struct node_report *declared, const struct node_query *query) {
    if (query->order.count)
        return;
    if (query->take)
        lint_say(linter, LINT_TAKE_WITHOUT_SORT, query->take->span, node_words(declared->name));
    else
        lint_say(linter, LINT_REPORT_WITHOUT_SORT, declared->name->span, node_words(declared->name));
}

static void look_at_total(struct linter *linter, const struct node_report *declared, const struct treport *report) {
    const struct node_query *query = AS(query, QUERY, declared->query);
    if (query->totals.count || query->take)
        return;
    for (int i = 0; i < report->query->column_count; i++)
        if (report->query->columns[i].type.kind == TYPE_MONEY) {
            lint_say(linter, LINT_REPORT_WITHOUT_TOTAL, declared->name->span, report->name, report->query->columns[i].label);
            return;
        }
}

static void look_at_item(struct linter *linter, struct node *item) {
    if (item->kind != NODE_REPORT)
        return;
    const struct node_report *declared = AS(report, REPORT, item);
    const struct treport *report = program_find_report(linter->program, node_words(declared->name));
    if (!report || !declared->query || declared->query->kind != NODE_QUERY)
        return;
    look_at_order(linter, declared, AS(query, QUERY, declared->query));
    look_at_total(linter, declared, report);
    if (!find_clause(&declared->clauses, NODE_TO))
        lint_say(linter, LINT_REPORT_TO_NOBODY, declared->name->span, report->name);
}

/* ---- severities ---- */

/* The variable over all findings that the report begins with, or NULL. */
static const struct tvar *findings_of(const struct tquery *query) {
    for (int i = 0; i < query->source_count; i++) {
        const struct type type = query->sources[i].variable->type;
        if (type.kind == TYPE_RECORD && strcmp(type.record->name, "finding") == 0)
            return query->sources[i].variable;
    }
    return NULL;
}

static struct texpr *severity_of(struct linter *linter, const struct tvar *finding) {
    struct span nowhere = {0, 0, 0};
    struct field *field = record_find_field(finding->type.record, "severity");
    struct texpr *result = texpr_create(linter->arena, TEXPR_FIELD, field->type, nowhere);
    result->base = texpr_variable(linter->arena, (struct tvar *)(uintptr_t)finding, nowhere);
    result->field = field;
    return result;
}

/* Can the report show a finding of that severity? */
static bool shows(struct linter *linter, const struct tquery *query, const struct tvar *finding, int severity) {
    struct span nowhere = {0, 0, 0};
    struct texpr *field = severity_of(linter, finding), *sides[2] = {field, texpr_int(linter->arena, TYPE_ENUM, severity, nowhere)};
    sides[1]->type = field->type;
    struct claim claims[4] = {{texpr_operation(linter->arena, OPERATION_EQUAL, type_of_kind(TYPE_BOOL), nowhere, 2, sides), false}};
    int count = 1;
    if (query->condition)
        claims[count++] = (struct claim){query->condition, false};
    for (int i = 0; i < query->source_count && count < 4; i++) {
        const struct texpr *collection = query->sources[i].collection;
        if (query->sources[i].variable == finding && collection->kind == TEXPR_FILTER) {
            int64_t budget = 4000;
            claims[count++] = (struct claim){texpr_substitute(linter->arena, collection->condition, collection->variable, field->base, &linter->variable_count, &budget), false};
        }
    }
    return claims_can_hold(claims, count, &linter->variable_count);
}

static void look_at_severities(struct linter *linter) {
    enum { SEVERITIES_MAX = 16 };
    bool is_shown[SEVERITIES_MAX] = {false}, has_report = false;
    const struct program *program = linter->program;
    for (int i = 0; i < program->reports.count; i++) {
        const struct tquery *query = program->reports.items[i]->query;
        const struct tvar *finding = findings_of(query);
        for (int severity = 0; finding && severity < SEVERITIES_MAX; severity++)
            is_shown[severity] = is_shown[severity] || shows(linter, query, finding, severity);
        has_report = has_report || finding != NULL;
    }
    for (int i = 0; i < program->rules.count && has_report; i++) {
        const struct trule *rule = program->rules.items[i];
        if (rule->severity < SEVERITIES_MAX && !is_shown[rule->severity]) {
            static const char *const words[] = {"info", "low", "medium", "high", "critical"};
            lint_say(linter, LINT_UNREPORTED_SEVERITY, rule->message ? rule->message->span : rule->span, rule->name, rule->severity < 5 ? words[rule->severity] : "so high");
        }
    }
}

void lint_reports(struct linter *linter) {
    lint_each_item(linter, look_at_item);
    look_at_severities(linter);
}
