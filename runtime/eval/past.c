/* Values and collections as of a change, walked. See walk.h.
 * Knows: which change the walker reads as of. Does not know: rows (rows.c).
 *
 * While something is walked as of a change, walker->as_of says which one: every scan is of that time, and what is remembered of a node is remembered of that time. A row under a cursor
 * outside keeps its own time, and its fields are looked up anew. */
#include "lang/check/texpr.h"
#include "runtime/eval/walk.h"

#include <string.h>

bool walk_change_on(struct walker *walker, const struct texpr *expression, struct value *result) {
    struct value day;
    int64_t change;
    *result = value_missing();
    if (!walk(walker, expression->arguments[0], &day))
        return false;
    if (day.kind == VALUE_MISSING)
        return true;
    if (!store_change_on(walker->inputs->store, day.integer, &change, walker->failure))
        return false;
    *result = value_int(change);
    return true;
}

bool walk_baseline(struct walker *walker, const struct texpr *expression, struct value *result) {
    struct value record, key;
    struct value label = expression->text ? value_text(expression->text, strlen(expression->text)) : value_missing();
    if (!walk(walker, expression->arguments[0], &record) || !walk(walker, expression->arguments[1], &key))
        return false;
    return store_find_baseline(walker->inputs->store, record, key, (int)expression->number, label, result, walker->failure);
}

/* Was each of the records there? Their numbers are those of the present. */
static bool find_presence(struct walker *walker, const struct texpr *at, int64_t change, bool *is_present) {
    *is_present = true;
    for (int i = 2; i < at->argument_count && *is_present; i++) {
        struct value id;
        if (!walk(walker, at->arguments[i], &id))
            return false;
        *is_present = id.kind != VALUE_MISSING;
        int64_t before = walker->as_of;
        walker->as_of = change;
        bool good = !*is_present || reader_has(walker, at->arguments[i]->type.record, id.integer, is_present);
        walker->as_of = before;
        if (!good)
            return false;
    }
    return true;
}

bool walk_at(struct walker *walker, const struct texpr *at, struct value *result) {
    struct value change;
    bool is_present;
    *result = value_missing();
    if (!walk(walker, at->arguments[1], &change))
        return false;
    if (change.kind == VALUE_MISSING)
        return true;
    int64_t before = walker->as_of, as_of = change.integer < before ? change.integer : before;
    if (!find_presence(walker, at, as_of, &is_present))
        return false;
    if (!is_present)
        return true;
    walker->as_of = as_of;
    bool good = walk(walker, at->arguments[0], result);
    walker->as_of = before;
    return good;
}

bool walker_enter_past(struct walker *walker, const struct texpr *change, int64_t *before) {
    struct value value;
    *before = walker->as_of;
    if (!change)
        return true;
    if (!walk(walker, change, &value))
        return false;
    if (value.kind == VALUE_INT && value.integer < walker->as_of)
        walker->as_of = value.integer;
    return true;
}

/* ---- history(x) ---- */

enum step walk_history(struct walker *walker, const struct texpr *history, element_visitor visit, void *context) {
    struct value base;
    struct version *versions;
    int count;
    if (!walk(walker, history->base, &base))
        return STEP_FAILED;
    if (base.kind == VALUE_MISSING)
        return STEP_ON;
    if (!store_history(walker->inputs->store, walker->scratch, history->field, base.integer, walker->as_of, &versions, &count, walker->failure))
        return STEP_FAILED;
    struct query_row *rows = ARENA_ARRAY(walker->scratch, struct query_row, count);
    for (int i = 0; i < count; i++) {
        struct value *values = ARENA_ARRAY(walker->scratch, struct value, HISTORY_COLUMNS);
        values[HISTORY_VALUE] = versions[i].value;
        values[HISTORY_FROM] = value_int(versions[i].from);
        values[HISTORY_UNTIL] = versions[i].has_ended ? value_int(versions[i].until) : value_missing();
        values[HISTORY_BY] = versions[i].by;
        rows[i] = (struct query_row){i + 1, values};
    }
    enum step step = STEP_ON;
    for (int i = 0; i < count && step == STEP_ON; i++)
        step = visit(context, (struct element){value_int((int64_t)(uintptr_t)&rows[i]), NULL});
    return step;
}
