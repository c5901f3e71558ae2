/* What the tests looked at: for each rule of the policy set whether they saw it raised and not raised, for each part of its conditions and each exception whether they saw it hold and
 * not hold. Only what is expected counts, at the time it is expected: `expect RULE raised for X` shows what the rule says of X, and a condition over kept findings what the rules that it
 * names (or all) say of every element. An element that no test expects anything of shows nothing.
 * The rules of the standard library are not counted.
 * Knows: rules, expectations. Does not know: how it is shown. */
#ifndef REMIT_RUNTIME_ENGINE_COVERAGE_H
#define REMIT_RUNTIME_ENGINE_COVERAGE_H

#include "runtime/engine/parts.h"

enum coverage_kind { COVERAGE_RULE, COVERAGE_WHERE, COVERAGE_WHEN, COVERAGE_EXCEPTION };
struct coverage_item {
    enum coverage_kind kind;
    const struct trule *rule;
    const char *label;  /* of an exception */
    struct span span;   /* of the rule, else of the condition */
    bool was_true, was_false;
};
/* Each rule is followed by its parts. Processes that made theirs from one program have the same items. */
struct coverage {
    struct coverage_item *items;
    int count, capacity;
};

/* Nothing was seen yet. In the session's arena. */
struct coverage *coverage_create(struct session *session);
/* An expectation was looked at just now. */
void coverage_note(struct coverage *coverage, struct session *session, const struct tcommand *expectation);
/* What was seen, as bytes for another process; and what another one saw, added. */
void coverage_write(const struct coverage *coverage, struct buffer *out);
bool coverage_add(struct coverage *coverage, const char *bytes, size_t length);
/* Did any test expect something of the rule? */
static inline bool coverage_is_reached(const struct coverage_item *rule) {
    return rule->was_true || rule->was_false;
}

#endif
