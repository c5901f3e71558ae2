/* Messages about names of rules and mandates that are not there, with the nearest that is.
 * Of a mandate whose declaration is wrong itself nothing more is said.
 * Knows: rules, mandates. Does not know: what names them. */
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <string.h>

static void offer_rules(const struct checker *checker, struct nearest *nearest) {
    for (int i = 0; i < checker->program->rules.count; i++)
        nearest_offer(nearest, checker->program->rules.items[i]->name);
}

static void offer_mandates(const struct checker *checker, struct nearest *nearest) {
    for (int i = 0; i < checker->program->mandates.count; i++)
        nearest_offer(nearest, checker->program->mandates.items[i]->name);
}

static bool is_broken(const struct checker *checker, const char *name) {
    for (int i = 0; i < checker->broken_mandates.count; i++)
        if (strcmp(checker->broken_mandates.items[i], name) == 0)
            return true;
    return false;
}

static void hint_nearest(struct checker *checker, struct diagnostic *said, const struct nearest *nearest) {
    if (nearest->best)
        diagnostic_hint(checker->diagnostics, said, "did you mean `%s`?", nearest->best);
}

void unknown_rule(struct checker *checker, const struct node *node) {
    const char *name = name_text(node);
    struct nearest nearest;
    nearest_start(&nearest, name);
    offer_rules(checker, &nearest);
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_UNKNOWN_RULE, node->span, name);
    if (program_find_mandate(checker->program, name))
        diagnostic_hint(checker->diagnostics, said, "`%s` is a mandate: what it requires is `met`, `met_late`, `pending`, `breached` or `waived`.", name);
    else
        hint_nearest(checker, said, &nearest);
}

void unknown_mandate(struct checker *checker, const struct node *node) {
    const char *name = name_text(node);
    struct nearest nearest;
    if (is_broken(checker, name))
        return;
    nearest_start(&nearest, name);
    offer_mandates(checker, &nearest);
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_UNKNOWN_MANDATE, node->span, name);
    if (program_find_rule(checker->program, name))
        diagnostic_hint(checker->diagnostics, said, "`%s` is a rule: `expect %s raised for …`.", name, name);
    else
        hint_nearest(checker, said, &nearest);
}

void unknown_rule_or_mandate(struct checker *checker, const struct node *node) {
    struct nearest nearest;
    if (is_broken(checker, name_text(node)))
        return;
    nearest_start(&nearest, name_text(node));
    offer_rules(checker, &nearest);
    offer_mandates(checker, &nearest);
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_UNKNOWN_RULE_OR_MANDATE, node->span, name_text(node));
    hint_nearest(checker, said, &nearest);
}
