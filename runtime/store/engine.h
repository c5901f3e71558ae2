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
/* Where what a check finds goes: what rules find, message empty when messages were not wanted; and the rows that mandates' questions answer, MANDATE_COLUMNS values that live until it returns,
 * of each mandate in order of element and period. False with failure set stops the check. */
struct check_sink {
    void *context;
    bool (*found)(void *context, const struct trule *rule, int64_t id, const char *message, size_t message_length, struct failure *failure);
    bool (*asked)(void *context, const struct tmandate *mandate, const struct value *row, struct failure *failure);
};

#endif
