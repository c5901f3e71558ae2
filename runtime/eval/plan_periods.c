/* Periods of elements, visited one by one: for whoever asks something of each. See plan.h.
 * Knows: spaces of periods below a root. Does not know: what is asked. */
#include "runtime/eval/plan.h"

#include <assert.h>

struct plan_periods *plan_periods(struct plan *plan, struct space *root, const struct tvar *element, const struct tvar *period, const struct texpr *collection, struct term *wanted) {
    struct plan_periods *periods = ARENA_NEW(plan->arena, struct plan_periods);
    assert(collection->kind == TEXPR_PERIODS);
    struct term *days[2];
    for (int i = 0; i < 2; i++)
        days[i] = term_expand(plan, plan_compile(plan, root, element, collection->arguments[i], wanted), root);
    struct space *space = space_add(plan, SPACE_PERIODS, NULL, root);
    space->from = days[0];
    space->until = days[1];
    space->cadence = collection->cadence;
    struct compiling compiling = {.plan = plan, .space = space};
    compiling.scope = scope_bind(&compiling, element, (struct meaning){.kind = MEANING_ENTITY, .entity = {root, NULL}});
    compiling.scope = scope_bind(&compiling, period, (struct meaning){.kind = MEANING_VALUE, .value = term_leaf(plan, TERM_PERIOD, FORM_INT, space, NULL)});
    *periods = (struct plan_periods){.root = root, .space = space, .scope = compiling.scope, .wanted = wanted ? term_expand(plan, wanted, root) : NULL};
    return periods;
}

struct term *plan_compile_of_period(struct plan *plan, struct plan_periods *periods, const struct texpr *expression, struct term *wanted) {
    struct compiling compiling = {.plan = plan, .space = periods->space, .scope = periods->scope, .wanted = wanted};
    struct term *term = compile(&compiling, expression);
    assert(term && "the element and the period can be bound for a walk");
    term = term_expand(plan, term, periods->space);
    LIST_ADD(plan->arena, &periods->terms, term);
    return term;
}

int plan_ask_periods(struct plan *plan, const struct plan_periods *periods, struct plan_visit *visit) {
    struct term *asked[] = {periods->wanted, periods->space->from, periods->space->until};
    int level = 0;
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        if (asked[i]) {
            LIST_ADD(plan->arena, &visit->terms, asked[i]);
            level = asked[i]->level > level ? asked[i]->level : level;
        }
    for (int i = 0; i < periods->terms.count; i++) {
        LIST_ADD(plan->arena, &visit->terms, periods->terms.items[i]);
        level = periods->terms.items[i]->level > level ? periods->terms.items[i]->level : level;
    }
    return level;
}

bool plan_visit_periods(struct plan *plan, struct plan_periods *periods, bool (*visit)(void *context, const struct plan_periods *periods), void *context) {
    struct chunking chunking = {.space = periods->space, .wanted = periods->wanted};
    uint64_t now = ++plan->stamp;
    for (int i = 0; i < periods->terms.count; i++)
        term_need_outside(plan, periods->terms.items[i], periods->space, now);
    if (periods->wanted)
        term_need(plan, periods->wanted);
    if (!space_prepare(plan, periods->space))
        return false;
    while (chunk_next(plan, &chunking)) {
        for (int i = 0; i < periods->terms.count; i++)
            term_need(plan, periods->terms.items[i]);
        if (plan->has_failed || !visit(context, periods))
            return false;
    }
    return !plan->has_failed;
}
