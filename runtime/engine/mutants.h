/* Small changes to the text of rules and mandates, each of which a good test would notice: thresholds, lengths of time and days a little up and down, operators, values of enums in
 * conditions, an exception or a `where` left out, a `when` or a `shall` turned round.
 * Knows: the text and the typed declarations. Does not know: tests (mutate.c runs them). */
#ifndef REMIT_RUNTIME_ENGINE_MUTANTS_H
#define REMIT_RUNTIME_ENGINE_MUTANTS_H

#include "runtime/engine/session.h"

struct mutant {
    const char *name;        /* of the declaration that is changed */
    struct span declaration; /* the whole of it */
    struct span span;        /* what is replaced, and shown as it was */
    const char *replacement; /* "": left out */
    struct span within;      /* the condition that it is part of; empty where the span is a whole clause */
};
struct mutant_list {
    struct mutant *items;
    int count, capacity; /* LIMIT_MUTANTS at most */
    int left_out;
};
/* Of the policy set's own rules, then its mandates, in the order of their text. Not all of them make sense: whoever tries them must see whether they check, and whether they change what is
 * meant.
 * In the session's arena. */
struct mutant_list mutants_find(struct session *session);

#endif
