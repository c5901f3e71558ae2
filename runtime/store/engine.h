/* What both engines are given and what they hand back, so that either can stand in for the other.
 * Knows: the store, operations, the typed program. Does not know: how a question is answered. */
#ifndef REMIT_RUNTIME_STORE_ENGINE_H
#define REMIT_RUNTIME_STORE_ENGINE_H

#include "runtime/store/store.h"
#include "runtime/value/operate.h"
#include "runtime/value/rows.h"

/* Values of variables that stand outside the query: parameters of a report, lets and elements of a script. */
struct binding {
    const struct tvar *variable;
    struct value value;
};
struct engine_inputs {
    struct store *store;
    struct operator_context *operators;
    const struct program *program;
    const struct binding *bindings;
    int binding_count;
};
/* What a mandate requires of one subject, all the time or in a period, as its question answers it. */
#define NO_DAY INT64_MIN
struct asked {
    int64_t id;     /* of the subject */
    int64_t period; /* NO_DAY: it has none */
    int64_t due;    /* the last day in time, or NO_DAY: every day is late */
    int outcome;    /* MANDATE_OUTCOME */
    int64_t dated;  /* NO_DAY: not said */
};
static inline int64_t asked_day(struct value value) {
    return value.kind == VALUE_INT ? value.integer : NO_DAY;
}
static inline struct asked asked_of_row(const struct value *row) {
    return (struct asked){row[MANDATE_ELEMENT].integer, asked_day(row[MANDATE_PERIOD]), asked_day(row[MANDATE_DUE]), (int)row[MANDATE_OUTCOME].integer, asked_day(row[MANDATE_DATED])};
}

/* Rules and mandates to check, of any records. */
struct checks {
    const struct trule *const *rules;
    int rule_count;
    const struct tmandate *const *mandates;
    int mandate_count;
    bool want_messages; /* of what rules find */
};
/* Where what a check finds goes: what rules find, message empty when messages were not wanted; and what mandates require, of each in order of subject and period. False with failure set stops
 * the check. */
struct check_sink {
    void *context;
    bool (*found)(void *context, const struct trule *rule, int64_t id, const char *message, size_t message_length, struct failure *failure);
    bool (*asked)(void *context, const struct tmandate *mandate, const struct asked *asked, struct failure *failure);
};

#endif
