/* The parts of a rule's condition. See parts.h. */
#include "runtime/engine/parts.h"

static void add_part(struct arena *arena, struct part_list *parts, struct part part) {
    LIST_ADD(arena, parts, part);
}

/* What `and` joins, one by one. */
static void add_parts(struct arena *arena, struct part_list *parts, enum part_kind kind, int exception, struct texpr *condition) {
    if (!condition)
        return;
    if (condition->kind != TEXPR_AND) {
        add_part(arena, parts, (struct part){kind, exception, NULL, condition});
        return;
    }
    for (int i = 0; i < condition->argument_count; i++)
        add_parts(arena, parts, kind, exception, condition->arguments[i]);
}

struct part_list parts_of_rule(struct arena *arena, const struct trule *rule) {
    struct part_list parts = {0};
    add_parts(arena, &parts, PART_WHERE, 0, rule->where);
    add_parts(arena, &parts, PART_WHEN, 0, rule->when);
    for (int i = 0; i < rule->exception_count; i++)
        add_part(arena, &parts, (struct part){PART_EXCEPTION, i + 1, rule->exceptions[i].label, rule->exceptions[i].condition});
    return parts;
}

static int count_parts(const struct texpr *condition) {
    int count = condition && condition->kind != TEXPR_AND;
    for (int i = 0; condition && condition->kind == TEXPR_AND && i < condition->argument_count; i++)
        count += count_parts(condition->arguments[i]);
    return count;
}

/* What the outcome asks: a case of the condition and two numbers, or a number where nothing is asked. */
static void add_required(struct arena *arena, struct part_list *parts, int exception, const struct texpr *outcome) {
    if (outcome->kind == TEXPR_CASE)
        add_parts(arena, parts, PART_REQUIRED, exception, outcome->arguments[0]);
}

/* The question's outcome is a case of exception and outcome, exception and outcome, and the mandate's own (lang/check/obligations.c). */
struct part_list parts_of_mandate(struct arena *arena, const struct tmandate *mandate) {
    struct part_list parts = {0};
    const struct tquery *question = parts_question(mandate);
    const struct texpr *outcome = question->columns[MANDATE_OUTCOME].value;
    add_parts(arena, &parts, PART_WHERE, 0, question->condition);
    if (!mandate->change && parts.count > count_parts(mandate->where)) /* after them stands what a day of `by` asks */
        parts.count = count_parts(mandate->where);
    for (int i = 0; i < mandate->exception_count; i++) {
        add_part(arena, &parts, (struct part){PART_EXCEPTION, i + 1, mandate->exceptions[i].label, outcome->arguments[2 * i]});
        add_required(arena, &parts, i + 1, outcome->arguments[2 * i + 1]);
    }
    add_required(arena, &parts, 0, mandate->exception_count ? outcome->arguments[2 * mandate->exception_count] : outcome);
    return parts;
}

bool parts_look(struct session *session, const struct part_list *parts, enum part_state *states, struct failure *failure) {
    int applying = 0;
    bool is_decided = false;
    for (int i = 0; i < parts->count; i++) {
        const struct part *part = &parts->items[i];
        bool is_other = part->kind == PART_EXCEPTION ? applying != 0 : part->kind == PART_REQUIRED && part->exception != applying;
        states[i] = PART_UNSEEN;
        if (is_decided || is_other)
            continue;
        struct value holds;
        if (!session_evaluate(session, part->condition, &holds, failure))
            return false;
        states[i] = holds.integer ? PART_HOLDS : PART_FAILS;
        if (part->kind == PART_EXCEPTION)
            applying = holds.integer ? part->exception : 0;
        else
            is_decided = !holds.integer;
    }
    return true;
}

bool parts_hold(const struct part_list *parts, const enum part_state *states) {
    for (int i = 0; i < parts->count; i++)
        if (states[i] != (parts->items[i].kind == PART_EXCEPTION ? PART_FAILS : PART_HOLDS))
            return false;
    return true;
}

bool parts_require(const struct part_list *parts, const enum part_state *states, bool *holds) {
    *holds = true;
    for (int i = 0; i < parts->count; i++) {
        if (parts->items[i].kind == PART_WHERE && states[i] != PART_HOLDS)
            return false;
        *holds = *holds && !(parts->items[i].kind == PART_REQUIRED && states[i] == PART_FAILS);
    }
    return true;
}
