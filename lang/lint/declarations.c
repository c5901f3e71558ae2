/* What rules, mandates and reports say of themselves: titles, reasons, sources, remedies; and the terms of mandates: grace, waivers, escalation, how long they are in force.
 * Knows: declarations as they are written and as they are understood. Does not know: their conditions. */
#include "lang/lint/linter.h"

#include <ctype.h>
#include <string.h>

enum { SOON_DAYS = 60 };

/* ---- titles ---- */

/* Letters alone, all small: "Late report" says no more than late_report. */
static const char *bare(struct arena *arena, const char *text) {
    struct buffer out = {0};
    for (; *text; text++)
        if (isalnum((unsigned char)*text) || (unsigned char)*text >= 0x80)
            buffer_add_char(&out, (char)tolower((unsigned char)*text));
    const char *result = arena_copy_string(arena, buffer_string(&out));
    buffer_free(&out);
    return result;
}

static void look_at_title(struct linter *linter, const char *kind, const struct node *name, const struct node *title) {
    const char *words = node_words(title);
    if (!title)
        lint_say(linter, LINT_MISSING_TITLE, name->span, kind, node_words(name));
    else if (words && strcmp(bare(linter->arena, words), bare(linter->arena, node_words(name))) == 0)
        lint_say(linter, LINT_TITLE_REPEATS_NAME, title->span, words, node_words(name));
}

static void look_at_doc(struct linter *linter, const char *kind, const struct node *name, const char *doc) {
    if (!doc)
        lint_say(linter, LINT_MISSING_DOC, name->span, kind, node_words(name));
}

static void look_at_grounds(struct linter *linter, const char *kind, const struct node *name, const struct node_list *clauses) {
    if (!find_clause(clauses, NODE_BECAUSE))
        lint_say(linter, LINT_MISSING_BECAUSE, name->span, kind, node_words(name));
    if (!find_clause(clauses, NODE_CITATION))
        lint_say(linter, LINT_MISSING_SOURCE, name->span, kind, node_words(name));
    if (!find_clause(clauses, NODE_REMEDY))
        lint_say(linter, LINT_MISSING_REMEDY, name->span, kind, node_words(name));
}

/* ---- in force ---- */

static void look_at_force(struct linter *linter, const char *kind, const char *name, const struct node_list *clauses, int64_t until) {
    const struct node *clause = find_clause(clauses, NODE_EFFECTIVE);
    if (!clause || !AS(effective, EFFECTIVE, (struct node *)(uintptr_t)clause)->until || until == INT64_MAX)
        return;
    if (until < linter->input->today)
        lint_say(linter, LINT_EXPIRED, clause->span, kind, name, day_text(linter->arena, until));
    else if (until - linter->input->today <= SOON_DAYS)
        lint_say(linter, LINT_EXPIRES_SOON, clause->span, kind, name, (long long)(until - linter->input->today), day_text(linter->arena, until));
}

/* ---- rules ---- */

static void look_at_rule(struct linter *linter, const struct node_rule *rule) {
    const struct trule *typed = program_find_rule(linter->program, node_words(rule->name));
    struct node *raise = find_clause(&rule->clauses, NODE_RAISE);
    look_at_title(linter, "rule", rule->name, rule->title);
    look_at_doc(linter, "rule", rule->name, rule->doc);
    look_at_grounds(linter, "rule", rule->name, &rule->clauses);
    if (raise && !AS(raise, RAISE, raise)->message)
        lint_say(linter, LINT_MISSING_MESSAGE, raise->span, node_words(rule->name));
    if (typed)
        look_at_force(linter, "rule", typed->name, &rule->clauses, typed->effective_until);
}

/* ---- mandates ---- */

static void look_at_terms(struct linter *linter, const struct node_mandate *mandate, const struct tmandate *typed) {
    const char *name = typed->name;
    struct node *waivable = find_clause(&mandate->clauses, NODE_WAIVABLE), *every = find_clause(&mandate->clauses, NODE_EVERY), *escalate = find_clause(&mandate->clauses, NODE_ESCALATE);
    if (typed->is_mandatory && !waivable)
        lint_say(linter, LINT_NOT_WAIVABLE, mandate->name->span, name);
    if (!typed->is_mandatory && waivable)
        lint_say(linter, LINT_WAIVABLE_ADVICE, waivable->span, name);
    if (typed->is_mandatory && every && !typed->within)
        lint_say(linter, LINT_NO_GRACE, every->span, name);
    if (escalate && typed->escalated_to.key && typed->office && strcmp(typed->escalated_to.key, typed->office) == 0)
        lint_say(linter, LINT_ESCALATES_TO_ITSELF, escalate->span, name, typed->office);
}

static void look_at_mandate(struct linter *linter, const struct node_mandate *mandate) {
    const struct tmandate *typed = program_find_mandate(linter->program, node_words(mandate->name));
    look_at_title(linter, "mandate", mandate->name, mandate->title);
    look_at_doc(linter, "mandate", mandate->name, mandate->doc);
    look_at_grounds(linter, "mandate", mandate->name, &mandate->clauses);
    if (!typed)
        return;
    look_at_terms(linter, mandate, typed);
    look_at_force(linter, "mandate", typed->name, &mandate->clauses, typed->effective_until);
}

static void look_at_item(struct linter *linter, struct node *item) {
    switch (item->kind) {
    case NODE_RULE: look_at_rule(linter, AS(rule, RULE, item)); break;
    case NODE_MANDATE: look_at_mandate(linter, AS(mandate, MANDATE, item)); break;
    case NODE_REPORT:
        look_at_title(linter, "report", AS(report, REPORT, item)->name, AS(report, REPORT, item)->title);
        look_at_doc(linter, "report", AS(report, REPORT, item)->name, AS(report, REPORT, item)->doc);
        break;
    case NODE_RECORD: look_at_doc(linter, "record", AS(record, RECORD, item)->name, AS(record, RECORD, item)->doc); break;
    case NODE_DEFINE: look_at_doc(linter, "definition", AS(define, DEFINE, item)->name, AS(define, DEFINE, item)->doc); break;
    default: break;
    }
}

void lint_declarations(struct linter *linter) {
    lint_each_item(linter, look_at_item);
}
