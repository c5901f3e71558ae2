/* The parts of a rule's condition. See parts.h. */
#include "runtime/engine/parts.h"

static void add_parts(struct arena *arena, struct part_list *parts, enum part_kind kind, const struct texpr *condition) {
    if (!condition)
        return;
    if (condition->kind == TEXPR_AND) {
        for (int i = 0; i < condition->argument_count; i++)
            add_parts(arena, parts, kind, condition->arguments[i]);
        return;
    }
    struct part part = {kind, NULL, condition};
    LIST_ADD(arena, parts, part);
}

struct part_list parts_of_rule(struct arena *arena, const struct trule *rule) {
    struct part_list parts = {0};
    add_parts(arena, &parts, PART_WHERE, rule->where);
    add_parts(arena, &parts, PART_WHEN, rule->when);
    for (int i = 0; i < rule->exception_count; i++) {
        struct part part = {PART_EXCEPTION, rule->exceptions[i].label, rule->exceptions[i].condition};
        LIST_ADD(arena, &parts, part);
    }
    return parts;
}

bool parts_look(struct session *session, const struct part_list *parts, enum part_state *states, struct failure *failure) {
    bool is_decided = false;
    for (int i = 0; i < parts->count; i++) {
        states[i] = PART_UNSEEN;
        if (is_decided)
            continue;
        struct value holds;
        if (!session_evaluate(session, parts->items[i].condition, &holds, failure))
            return false;
        states[i] = holds.integer ? PART_HOLDS : PART_FAILS;
        is_decided = (states[i] == PART_HOLDS) == (parts->items[i].kind == PART_EXCEPTION);
    }
    return true;
}

bool parts_hold(const struct part_list *parts, const enum part_state *states) {
    for (int i = 0; i < parts->count; i++)
        if (states[i] != (parts->items[i].kind == PART_EXCEPTION ? PART_FAILS : PART_HOLDS))
            return false;
    return true;
}
