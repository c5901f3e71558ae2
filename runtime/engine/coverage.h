/* What the tests looked at: for each rule of the policy set whether they saw it raised and not raised, for each mandate whether they saw it met and not met; for each part of their conditions
 * and each exception whether they saw it hold and not hold. Only what is expected counts, at the time it is expected: `expect RULE raised for X` shows what the rule says of X, `expect MANDATE
 * met for X in P` what the mandate requires of X in P (of a gate: of an X that is past it), a change what the gates say that it passes, and a condition over findings and obligations that were
 * kept what the rules and mandates that it names (or all) say of every element. An element that no test expects anything of shows nothing.
 * What the standard library declares is not counted.
 * Knows: rules, mandates, expectations. Does not know: how it is shown. */
#ifndef REMIT_RUNTIME_ENGINE_COVERAGE_H
#define REMIT_RUNTIME_ENGINE_COVERAGE_H

#include "runtime/engine/parts.h"

enum coverage_kind { COVERAGE_RULE, COVERAGE_MANDATE, COVERAGE_WHERE, COVERAGE_WHEN, COVERAGE_REQUIRED, COVERAGE_EXCEPTION };
struct coverage_item {
    enum coverage_kind kind;
    const char *name;                /* of the rule or mandate */
    const struct trule *rule;        /* the one or the other */
    const struct tmandate *mandate;
    const char *label;               /* of an exception, also where it asks something itself; else NULL */
    const struct texpr *condition;   /* of a part, else NULL */
    struct span span;                /* of the declaration, else of the condition */
    bool was_true, was_false;
};
/* Each declaration is followed by its parts. Processes that made theirs from one program have the same items. */
struct coverage {
    struct coverage_item *items;
    int count, capacity;
};

/* Nothing was seen yet. In the session's arena. */
struct coverage *coverage_create(struct session *session);
/* An expectation was looked at just now. */
void coverage_note(struct coverage *coverage, struct session *session, const struct tcommand *expectation);
/* A gate looks at a change: of the subject, whose field was `before`. */
void coverage_note_gate(struct coverage *coverage, struct session *session, const struct tmandate *mandate, int64_t subject, struct value before);
/* What was seen, as bytes for another process; and what another one saw, added. */
void coverage_write(const struct coverage *coverage, struct buffer *out);
bool coverage_add(struct coverage *coverage, const char *bytes, size_t length);
static inline bool coverage_is_whole(const struct coverage_item *item) {
    return item->kind == COVERAGE_RULE || item->kind == COVERAGE_MANDATE;
}
/* Did any test expect something of the rule or mandate? */
static inline bool coverage_is_reached(const struct coverage_item *whole) {
    return whole->was_true || whole->was_false;
}

#endif
