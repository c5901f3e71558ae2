/* Inside lint: the state that its files share, and the groups of rules. No other room includes this.
 * Knows: findings, names in use. Does not know: what single rules look for. */
#ifndef REMIT_LANG_LINT_LINTER_H
#define REMIT_LANG_LINT_LINTER_H

#include "lang/base/text.h"
#include "lang/check/texpr.h"
#include "lang/lint/lint.h"

/* A name where it is used or declared. */
struct name_use {
    const char *text; /* interned */
    struct span span;
};
struct linter {
    struct arena *arena;
    const struct lint_input *input;
    const struct program *program;
    struct diagnostics *diagnostics;
    struct lint_findings findings;
    LIST_OF(struct name_use) names; /* all of the policy set's own files, by name, then by place; the library's are not among them */
    int variable_count;             /* for copies of expressions */
};

/* ---- saying ---- */

/* Adds a finding, whose message is made from the rule's format and the arguments. One of a rule that is not asked for, or in the standard library, counts as said and is not kept; never NULL. */
struct lint_finding *lint_say(struct linter *linter, enum lint_rule rule, struct span span, ...);
/* Instead of the rule's mend. */
void lint_hint(struct linter *linter, struct lint_finding *finding, const char *format, ...) __attribute__((format(printf, 3, 4)));
void lint_second(struct linter *linter, struct lint_finding *finding, struct span span, const char *format, ...) __attribute__((format(printf, 4, 5)));
void lint_edit(struct linter *linter, struct lint_finding *finding, struct span span, const char *replacement);
/* What stands there goes, with its lines where nothing else stands on them. */
void lint_edit_remove(struct linter *linter, struct lint_finding *finding, struct span span);
/* Was something said of that rule within the span? */
bool lint_said_within(const struct linter *linter, enum lint_rule rule, struct span span);
/* What stands there, on one line. */
const char *lint_words(const struct linter *linter, struct span span);
/* The same, cut where it is long: for messages. */
const char *lint_short(const struct linter *linter, struct span span);
/* The same as it stands, with its lines. */
const char *lint_text(const struct linter *linter, struct span span);

/* ---- looking ---- */

bool span_holds(struct span outer, struct span inner);
/* Calls visit for the node and, when it gives true, for all below it. */
void lint_walk(struct node *node, bool (*visit)(struct node *node, void *context), void *context);
/* Is the name used in the policy set, outside that span, and inside the other (NULL: anywhere)? */
bool name_is_used(const struct linter *linter, const char *name, struct span outside, const struct span *inside);
/* The name of a NAME node, the text of a plain text literal; NULL of anything else. */
const char *node_words(const struct node *node);
bool is_own_file(const struct linter *linter, uint32_t file);
/* Calls visit for each declaration and command of the policy set's own files. */
void lint_each_item(struct linter *linter, void (*visit)(struct linter *linter, struct node *item));
/* The first clause of that kind among them, or NULL. */
struct node *find_clause(const struct node_list *clauses, enum node_kind kind);
/* What an instance says of a field; NULL: nothing. */
const struct tassignment *instance_value(const struct tinstance *instance, const char *field);
/* The same as a constant text, day or number; NULL, false when it is none. */
const char *instance_text(const struct tinstance *instance, const char *field);
bool instance_day(const struct tinstance *instance, const char *field, int64_t *day);
const char *day_text(struct arena *arena, int64_t day);

/* ---- the groups of rules, each in a file of its own ---- */
void lint_names(struct linter *linter);        /* declarations that nothing uses, names that mislead */
void lint_expressions(struct linter *linter);  /* what can be said more plainly */
void lint_conditions(struct linter *linter);   /* conditions that always hold, or never */
void lint_thresholds(struct linter *linter);   /* rules and mandates beside one another */
void lint_declarations(struct linter *linter); /* titles, reasons, sources, terms of mandates */
void lint_organisation(struct linter *linter); /* offices, domains, bodies, waivers */
void lint_reports(struct linter *linter);
void lint_tests(struct linter *linter);
void lint_allowances(struct linter *linter);   /* last: comments that allow what was found */

#endif
