/* Making a plan: the order of work. See plan.h.
 * Knows: transactions, the parts of a plan. Does not know: what each part looks at. */
#include "runtime/engine/guard.h"
#include "runtime/engine/plan.h"

/* The store is the old policy's to ask from here on. */
static bool enter_old(struct plan *plan, struct failure *failure) {
    struct session *old = plan->old;
    struct failure ignored = {0};
    if (!plan->options->makes_old) { /* a new store has no tables yet, and one of an earlier Remit not all */
        bool is_there = store_attach_program(old->store, old->program, &ignored) || store_apply_schema(old->store, old->program, failure);
        return is_there && session_refresh_inputs(old, failure);
    }
    old->is_guarded = true; /* its own gates are enough */
    old->is_guard = false;
    bool good = session_apply(old, failure);
    old->is_guard = true; /* the store is the other's */
    return good;
}

/* Everything that the policies say of the data as it is. */
static bool look_at_old(struct plan *plan, struct failure *failure) {
    return enter_old(plan, failure) && plan_find_data(plan, failure) && (plan->options->makes_old || plan_find_drift(plan, failure)) && plan_list_impacts(plan) &&
           plan_evaluate_shared(plan, failure) && plan_evaluate(plan, true, failure) && plan_ask_gates(plan, true, failure);
}

/* What goes with the change is gone here too, whether it may or not: so the rest can be seen. */
static bool enter_new(struct plan *plan, struct failure *failure) {
    return guard_raise(plan->new, failure) && plan_drop(plan, plan->new, failure) && session_apply(plan->new, failure);
}

static bool look_at_new(struct plan *plan, struct failure *failure) {
    return plan_evaluate(plan, false, failure) && plan_ask_gates(plan, false, failure) && plan_compare_verdicts(plan, failure) && plan_compare_gates(plan, failure);
}

/* A policy that cannot be applied is a plan, too: it says so. */
static bool note_refused(struct plan *plan, struct failure *failure) {
    if (failure->kind != FAILURE_PROGRAM)
        return false;
    struct buffer drawn = {0};
    session_draw_failure(plan->new, failure, &drawn);
    plan->refused = arena_copy_string(plan->arena, buffer_string(&drawn));
    buffer_free(&drawn);
    *failure = (struct failure){0};
    return true;
}

static bool make(struct plan *plan, struct failure *failure) {
    if (!plan_compare_policies(plan, failure))
        return false;
    if (plan_is_empty(plan))
        return plan->options->makes_old || (enter_old(plan, failure) && plan_find_drift(plan, failure));
    if (!look_at_old(plan, failure))
        return false;
    if (!enter_new(plan, failure))
        return note_refused(plan, failure);
    bool good = look_at_new(plan, failure);
    if (good)
        plan_find_loosened(plan);
    return good;
}

struct plan *plan_make(struct session *old, struct session *new, const struct plan_options *options, struct failure *failure) {
    struct arena *arena = arena_create();
    struct plan *plan = ARENA_NEW(arena, struct plan);
    *plan = (struct plan){.arena = arena, .old = old, .new = new, .options = options};
    bool good = session_begin(new, "plan", failure);
    plan->change = store_change_number(new->store);
    good = good && make(plan, failure);
    plan_forget_verdicts(plan);
    store_rollback(new->store);
    new->refusals.count = new->exit_status = 0; /* nothing was refused: nothing was to be done */
    if (good)
        return plan;
    plan_destroy(plan);
    return NULL;
}

void plan_destroy(struct plan *plan) {
    if (plan)
        arena_destroy(plan->arena);
}
