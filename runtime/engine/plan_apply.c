/* What stands in the way of applying a plan, and what goes before it. See plan.h.
 * Knows: values that would be lost, mandates that are loosened, offices. Does not know: how the policy itself is applied (apply.c). */
#include "runtime/engine/guard.h"
#include "runtime/engine/plan.h"

#include <string.h>

/* ---- loosening ---- */

static void add_loosening(struct plan *plan, const char *mandate, const char *office, const char *how) {
    struct plan_loosening loosening = {mandate, office ? office : "", how};
    LIST_ADD(plan->arena, &plan->loosened, loosening);
}

/* Definitions that mandates rest on have changed, and not only records. */
static bool changes_definitions(const struct plan *plan) {
    for (int i = 0; i < plan->diff->changes.count; i++) {
        const struct diff_change *change = &plan->diff->changes.items[i];
        bool is_definition = change->what == DIFF_FIELD || change->what == DIFF_DEFINE || change->what == DIFF_ENUM || change->what == DIFF_SETTING || change->what == DIFF_MODULE || change->what == DIFF_RECORD;
        if (is_definition && (change->kind != DIFF_RENAMED || change->parts.count))
            return true;
    }
    return false;
}

/* What the text leaves open the data decide. */
static void add_by_effect(struct plan *plan, const struct plan_impact *impact) {
    bool is_open = impact->change ? impact->change->may_be_loosened && !impact->change->loosened.count : changes_definitions(plan);
    if (impact->what != DIFF_MANDATE || !impact->old_mandate || !impact->new_mandate || !impact->weaker || !is_open)
        return;
    const char *verdicts = arena_format(plan->arena, "%lld %s", (long long)impact->weaker, impact->weaker == 1 ? "verdict" : "verdicts");
    add_loosening(plan, impact->name, impact->old_mandate->office,
                  arena_format(plan->arena, impact->change ? "on this data it asks less: %s" : "through what it is made of it asks less on this data: %s", verdicts));
}

void plan_find_loosened(struct plan *plan) {
    for (int i = 0; i < plan->diff->changes.count; i++) {
        const struct diff_change *change = &plan->diff->changes.items[i];
        for (int l = 0; l < change->loosened.count; l++)
            add_loosening(plan, change->name, change->office, change->loosened.items[l]);
    }
    for (int i = 0; i < plan->impacts.count; i++)
        add_by_effect(plan, &plan->impacts.items[i]);
}

/* ---- may it be applied? ---- */

static bool is_among(const char *name, const char *const *names, int count) {
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* A name that nothing is loosened or lost under is a slip. */
static bool check_named(const struct plan *plan, const char *const *offices, int office_count, struct failure *failure) {
    for (int i = 0; i < office_count; i++) {
        bool found = false;
        for (int l = 0; l < plan->loosened.count; l++)
            found = found || strcmp(plan->loosened.items[l].office, offices[i]) == 0;
        if (!found)
            return failure_set(failure, DIAG_OFFICE_LOOSENS_NOTHING, offices[i]);
    }
    for (int i = 0; i < plan->options->allowed_count; i++) {
        bool found = false;
        for (int d = 0; d < plan->data.count; d++)
            found = found || (plan->data.items[d].loses && strcmp(plan->data.items[d].name, plan->options->allowed[i]) == 0);
        if (!found)
            return failure_set(failure, DIAG_NOTHING_TO_DROP, plan->options->allowed[i]);
    }
    return true;
}

bool plan_may_apply(const struct plan *plan, const char *const *offices, int office_count, struct failure *failure) {
    for (int i = 0; i < plan->data.count; i++) {
        const struct plan_data *data = &plan->data.items[i];
        if (!data->loses || data->is_allowed)
            continue;
        failure_set(failure, DIAG_WOULD_LOSE, data->name, (long long)data->rows);
        failure_hint(failure, "`--allow-drop %s` lets them go; history keeps them.", data->name);
        return false;
    }
    for (int i = 0; i < plan->loosened.count; i++) {
        const struct plan_loosening *loosening = &plan->loosened.items[i];
        if (is_among(loosening->office, offices, office_count))
            continue;
        failure_set(failure, DIAG_LOOSENING_WANTS_OFFICE, loosening->mandate, loosening->office);
        failure_hint(failure, "Say `--as %s` where it agrees. What is loosened: %s.", loosening->office, loosening->how);
        return false;
    }
    return check_named(plan, offices, office_count, failure);
}

bool plan_drop(const struct plan *plan, struct session *session, struct failure *failure) {
    for (int i = 0; i < plan->data.count; i++) {
        const struct plan_data *data = &plan->data.items[i];
        struct store_drop drop = {data->record, data->field, data->kind == DATA_VALUE_GONE ? data->ordinal : -1, data->kind == DATA_RETYPED};
        if (!data->loses)
            continue;
        if (!store_drop_values(session->store, &drop, failure))
            return false;
        if (drop.makes_room)
            guard_follow_aside(session, data->record, data->field, store_name_aside(plan->arena, session->store, data->field));
    }
    return true;
}
