/* Terms that are walked row by row, with the plan's rows at hand. See plan.h.
 * Knows: how the walker's variables are bound. Does not know: what is walked. */
#include "runtime/eval/plan.h"

static void view_row(struct row_view *view, const struct space *space, int row) {
    *view = (struct row_view){.batch = &space->batch, .row = row, .columns = space->field_columns, .column_count = space->record->field_count, .fields = space->fields.items, .field_count = space->fields.count, .as_of = STORE_PRESENT};
}

/* False when the value itself has failed. */
static bool bind_row(struct plan *plan, const struct walk_binding *binding, int row, struct row_view *view) {
    struct element element = {term_value(binding->value, row), NULL};
    if (term_state(binding->value, row) == STATE_FAILED)
        return false;
    bool has_row = binding->target && element.value.kind != VALUE_MISSING && !binding->target->from_table;
    if (has_row) {
        view_row(view, binding->target, binding->row ? (int)term_value(binding->row, row).integer : row);
        element.view = view;
    }
    walker_bind(plan->walker, binding->variable, element);
    return true;
}

static void walk_row(struct plan *plan, struct term *term, int row, struct row_view *views) {
    struct walker *walker = plan->walker;
    struct value value = value_missing();
    bool good = true;
    for (int i = 0; i < term->binding_count && good; i++)
        good = bind_row(plan, &term->bindings[i], row, &views[i]);
    if (good && walk(walker, term->expression, &value)) {
        term_set(term, row, value.kind == VALUE_TEXT ? value_keep(plan->texts, value) : value);
        return;
    }
    term_set_state(term, row, STATE_FAILED);
    if (plan->ignored->kind == FAILURE_PROGRAM || plan->ignored->kind == FAILURE_NONE) {
        plan->ignored->kind = FAILURE_NONE;
        return;
    }
    *plan->failure = *plan->ignored; /* the store, or a wish to stop */
    plan->has_failed = true;
}

void walk_run(struct plan *plan, struct term *term) {
    int count = term->space->count;
    for (int i = 0; i < term->binding_count; i++) {
        term_need(plan, term->bindings[i].value);
        if (term->bindings[i].row)
            term_need(plan, term->bindings[i].row);
    }
    struct row_view *views = ARENA_ARRAY(plan->texts, struct row_view, term->binding_count);
    struct slot *before = ARENA_ARRAY(plan->texts, struct slot, term->binding_count);
    for (int i = 0; i < term->binding_count; i++)
        before[i] = walker_bind(plan->walker, term->bindings[i].variable, (struct element){value_missing(), NULL});
    term_reserve(term, count);
    term->result.is_plain = false;
    for (int i = 0; i < count && !plan->has_failed; i++) {
        const struct term *wanted = term->wanted;
        if (wanted && wanted->result.truths[wanted->space->kind == SPACE_ONCE ? 0 : i] == TRUTH_FALSE)
            term_set_state(term, i, STATE_MISSING);
        else
            walk_row(plan, term, i, views);
    }
    for (int i = term->binding_count - 1; i >= 0; i--)
        walker_unbind(plan->walker, term->bindings[i].variable, before[i]);
}
