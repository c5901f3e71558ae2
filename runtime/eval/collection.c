/* The elements of collections, one by one. See walk.h.
 * Knows: kinds of collections. Does not know: aggregates, queries' clauses. */
#include "runtime/eval/walk.h"

#include <assert.h>
#include <stdlib.h>

/* A walk within a walk: what is handed on to whoever asked. */
struct relay {
    struct walker *walker;
    const struct texpr *collection;
    element_visitor visit;
    void *context;
};

/* ---- of the store ---- */

static enum step walk_inverse(const struct relay *relay) {
    struct value base;
    if (!walk(relay->walker, relay->collection->base, &base))
        return STEP_FAILED;
    if (base.kind == VALUE_MISSING)
        return STEP_ON;
    struct field *reference = relay->collection->field->inverse_of;
    return walk_rows(relay->walker, reference->record, reference, base.integer, relay->visit, relay->context);
}

static int compare_values(const void *a, const void *b) {
    return value_compare(*(const struct value *)a, *(const struct value *)b);
}

/* Members in their order. They are copied first: what is done with one may read another set. */
static enum step walk_set(const struct relay *relay) {
    struct walker *walker = relay->walker;
    struct value base;
    const struct value *members;
    int count;
    if (!walk(walker, relay->collection->base, &base))
        return STEP_FAILED;
    if (base.kind == VALUE_MISSING)
        return STEP_ON;
    bool is_past = walker->as_of != STORE_PRESENT;
    if (is_past ? !store_members_as_of(walker->inputs->store, relay->collection->field, base.integer, walker->as_of, &members, &count, walker->failure)
                : !store_members(walker->inputs->store, relay->collection->field, base.integer, &members, &count, walker->failure))
        return STEP_FAILED;
    struct value *copies = ARENA_ARRAY(walker->scratch, struct value, count);
    for (int i = 0; i < count; i++)
        copies[i] = value_keep(walker->scratch, members[i]);
    if (count > 1)
        qsort(copies, (size_t)count, sizeof *copies, compare_values);
    enum step step = STEP_ON;
    for (int i = 0; i < count && step == STEP_ON; i++)
        step = relay->visit(relay->context, (struct element){copies[i], NULL});
    return step;
}

/* ---- over other collections ---- */

static enum step relay_filtered(void *context, struct element element) {
    const struct relay *relay = context;
    struct slot before = walker_bind(relay->walker, relay->collection->variable, element);
    bool holds;
    bool good = walk_condition(relay->walker, relay->collection->condition, &holds);
    walker_unbind(relay->walker, relay->collection->variable, before);
    if (!good)
        return STEP_FAILED;
    return holds ? relay->visit(relay->context, element) : STEP_ON;
}

static enum step relay_mapped(void *context, struct element element) {
    const struct relay *relay = context;
    struct slot before = walker_bind(relay->walker, relay->collection->variable, element);
    struct element mapped;
    bool good = walk_element(relay->walker, relay->collection->condition, &mapped);
    walker_unbind(relay->walker, relay->collection->variable, before);
    return good ? relay->visit(relay->context, mapped) : STEP_FAILED;
}

static enum step relay_flattened(void *context, struct element element) {
    const struct relay *relay = context;
    struct slot before = walker_bind(relay->walker, relay->collection->variable, element);
    enum step step = walk_collection(relay->walker, relay->collection->condition, relay->visit, relay->context);
    walker_unbind(relay->walker, relay->collection->variable, before);
    return step;
}

/* ---- values that were there already ---- */

struct value_set {
    struct arena *arena;
    struct value *slots; /* missing: free */
    int count, capacity;
};

static bool value_set_add(struct value_set *set, struct value value);

static void grow_value_set(struct value_set *set) {
    struct value_set grown = {.arena = set->arena, .capacity = set->capacity ? set->capacity * 2 : 16};
    grown.slots = ARENA_ARRAY(set->arena, struct value, grown.capacity);
    for (int i = 0; i < grown.capacity; i++)
        grown.slots[i] = value_missing();
    for (int i = 0; i < set->capacity; i++)
        if (set->slots[i].kind != VALUE_MISSING)
            value_set_add(&grown, set->slots[i]);
    *set = grown;
}

/* True when the value is new. Texts are as long-lived as the caller makes them. */
static bool value_set_add(struct value_set *set, struct value value) {
    if (set->count * 2 >= set->capacity)
        grow_value_set(set);
    size_t mask = (size_t)set->capacity - 1, at = (size_t)value_hash(value) & mask;
    for (; set->slots[at].kind != VALUE_MISSING; at = (at + 1) & mask)
        if (value_compare(set->slots[at], value) == 0)
            return false;
    set->slots[at] = value;
    set->count++;
    return true;
}

struct distinct {
    const struct relay *relay;
    struct value_set seen;
};

static enum step relay_distinct(void *context, struct element element) {
    struct distinct *distinct = context;
    if (element.value.kind == VALUE_MISSING)
        return STEP_ON;
    if (element.value.kind == VALUE_TEXT)
        element.value = value_keep(distinct->seen.arena, element.value);
    return value_set_add(&distinct->seen, element.value) ? distinct->relay->visit(distinct->relay->context, element) : STEP_ON;
}

static enum step walk_distinct(const struct relay *relay) {
    struct distinct distinct = {relay, {.arena = relay->walker->scratch}};
    return walk_collection(relay->walker, relay->collection->source, relay_distinct, &distinct);
}

/* ---- the newest few ---- */

struct newest {
    const struct relay *relay;
    LIST_OF(struct tally_element) elements;
};

static enum step keep_for_newest(void *context, struct element element) {
    struct newest *newest = context;
    struct walker *walker = newest->relay->walker;
    const struct texpr *collection = newest->relay->collection;
    struct tally_element found = {.value = element.value, .id = element_id(*collection->source->type.element, element.value)};
    struct slot before = walker_bind(walker, collection->variable, element);
    bool good = walk(walker, collection->condition, &found.by);
    walker_unbind(walker, collection->variable, before);
    if (!good)
        return STEP_FAILED;
    if (found.by.kind == VALUE_MISSING)
        return STEP_ON;
    found.by = value_keep(walker->scratch, found.by);
    found.view = row_view_keep(walker->scratch, element.view);
    LIST_ADD(walker->scratch, &newest->elements, found);
    return STEP_ON;
}

static int compare_oldest_first(const void *a, const void *b) {
    const struct tally_element *x = a, *y = b;
    int order = value_compare(x->by, y->by);
    return order ? order : (x->id > y->id) - (x->id < y->id);
}

static int compare_newest_first(const void *a, const void *b) {
    return compare_oldest_first(b, a);
}

static enum step walk_newest(const struct relay *relay) {
    struct newest newest = {.relay = relay};
    enum step step = walk_collection(relay->walker, relay->collection->source, keep_for_newest, &newest);
    if (step == STEP_FAILED)
        return step;
    if (newest.elements.count > 1)
        qsort(newest.elements.items, (size_t)newest.elements.count, sizeof *newest.elements.items, relay->collection->oldest ? compare_oldest_first : compare_newest_first);
    for (int i = 0; i < newest.elements.count && i < relay->collection->number && step == STEP_ON; i++)
        step = relay->visit(relay->context, (struct element){newest.elements.items[i].value, newest.elements.items[i].view});
    return step;
}

/* ---- all that is reached ---- */

struct reached {
    struct walker *walker;
    struct value_set seen;
    LIST_OF(struct value) queue;
};

static enum step reach(void *context, struct element element) {
    struct reached *reached = context;
    if (element.value.kind != VALUE_MISSING && value_set_add(&reached->seen, element.value))
        LIST_ADD(reached->walker->scratch, &reached->queue, element.value);
    return STEP_ON;
}

static enum step reach_from(struct reached *reached, const struct texpr *transitive, struct value from) {
    struct walker *walker = reached->walker;
    struct slot before = walker_bind(walker, transitive->variable, (struct element){from, NULL});
    enum step step;
    struct element next;
    if (transitive->condition->type.kind == TYPE_COLLECTION)
        step = walk_collection(walker, transitive->condition, reach, reached);
    else
        step = walk_element(walker, transitive->condition, &next) ? reach(reached, next) : STEP_FAILED;
    walker_unbind(walker, transitive->variable, before);
    return step;
}

/* In order of id. The base itself is there only when it is reached again. */
static enum step walk_transitive(const struct relay *relay) {
    struct reached reached = {.walker = relay->walker, .seen = {.arena = relay->walker->scratch}};
    struct value base;
    if (!walk(relay->walker, relay->collection->base, &base))
        return STEP_FAILED;
    if (base.kind == VALUE_MISSING)
        return STEP_ON;
    enum step step = reach_from(&reached, relay->collection, base);
    for (int i = 0; i < reached.queue.count && step == STEP_ON; i++)
        step = reach_from(&reached, relay->collection, reached.queue.items[i]);
    if (reached.queue.count > 1)
        qsort(reached.queue.items, (size_t)reached.queue.count, sizeof *reached.queue.items, compare_values);
    for (int i = 0; i < reached.queue.count && step == STEP_ON; i++)
        step = relay->visit(relay->context, (struct element){reached.queue.items[i], NULL});
    return step;
}

/* ---- others ---- */

static enum step walk_list(const struct relay *relay) {
    enum step step = STEP_ON;
    for (int i = 0; i < relay->collection->argument_count && step == STEP_ON; i++) {
        struct element element;
        step = walk_element(relay->walker, relay->collection->arguments[i], &element) ? relay->visit(relay->context, element) : STEP_FAILED;
    }
    return step;
}

enum { PERIODS_PER_STOP = 4096 /* they ask nothing of the store, so it is asked whether to go on now and then */ };

static enum step walk_periods(const struct relay *relay) {
    struct walker *walker = relay->walker;
    int month = operator_context_inputs(walker->inputs->operators)->fiscal_month;
    struct value first, last;
    if (!walk(walker, relay->collection->arguments[0], &first) || !walk(walker, relay->collection->arguments[1], &last))
        return STEP_FAILED;
    if (first.kind == VALUE_MISSING || last.kind == VALUE_MISSING || last.integer < first.integer)
        return STEP_ON;
    int64_t period = cadence_period(relay->collection->cadence, first.integer, month);
    for (int count = 1;; count++) {
        enum step step = relay->visit(relay->context, (struct element){value_int(period), NULL});
        if (step != STEP_ON || period_last_day(period, month) >= last.integer)
            return step;
        if (count % PERIODS_PER_STOP == 0 && !store_may_go_on(walker->inputs->store, walker->failure))
            return STEP_FAILED;
        period = period_next(period);
    }
}

/* A nested query that is the same all through the run is walked once. */
static enum step walk_nested(const struct relay *relay) {
    struct walker *walker = relay->walker;
    const struct texpr *nested = relay->collection;
    struct memo *memo = walker_memo(walker, nested);
    struct query_rows rows = memo->rows;
    bool is_closed = memo->is_closed;
    if (!memo->is_known) {
        if (!walk_query(walker, is_closed ? walker->arena : walker->scratch, nested->query, QUERY_VALUES, &rows))
            return STEP_FAILED;
        memo = walker_memo(walker, nested);
        memo->rows = rows;
        memo->is_known = is_closed;
    }
    bool gives_rows = nested->type.element->kind == TYPE_ROW;
    enum step step = STEP_ON;
    for (int i = 0; i < rows.count && step == STEP_ON; i++) {
        struct value value = gives_rows ? value_int((int64_t)(uintptr_t)&rows.items[i]) : rows.items[i].values[0];
        step = relay->visit(relay->context, (struct element){value, NULL});
    }
    return step;
}

/* A let or a derived field that is a collection: the variable is bound as long as its elements are handed on. */
static enum step walk_bound(const struct relay *relay) {
    struct walker *walker = relay->walker;
    bool is_let = relay->collection->kind == TEXPR_LET;
    struct element value;
    if (!walk_element(walker, is_let ? relay->collection->arguments[0] : relay->collection->base, &value))
        return STEP_FAILED;
    if (!is_let && value.value.kind == VALUE_MISSING)
        return STEP_ON;
    const struct tvar *variable = is_let ? relay->collection->variable : relay->collection->field->self;
    struct slot before = walker_bind(walker, variable, value);
    enum step step = walk_collection(walker, is_let ? relay->collection->arguments[1] : relay->collection->field->value, relay->visit, relay->context);
    walker_unbind(walker, variable, before);
    return step;
}

enum step walk_collection(struct walker *walker, const struct texpr *collection, element_visitor visit, void *context) {
    struct relay relay = {walker, collection, visit, context};
    switch (collection->kind) {
    case TEXPR_ALL:
        return walk_rows(walker, collection->type.element->record, NULL, 0, visit, context);
    case TEXPR_INVERSE:
        return walk_inverse(&relay);
    case TEXPR_SET:
        return walk_set(&relay);
    case TEXPR_LIST:
        return walk_list(&relay);
    case TEXPR_HISTORY:
        return walk_history(walker, collection, visit, context);
    case TEXPR_PERIODS:
        return walk_periods(&relay);
    case TEXPR_FILTER:
        return walk_collection(walker, collection->source, relay_filtered, &relay);
    case TEXPR_MAP:
        return walk_collection(walker, collection->source, relay_mapped, &relay);
    case TEXPR_FLATTEN:
        return walk_collection(walker, collection->source, relay_flattened, &relay);
    case TEXPR_DISTINCT:
        return walk_distinct(&relay);
    case TEXPR_NEWEST:
        return walk_newest(&relay);
    case TEXPR_TRANSITIVE:
        return walk_transitive(&relay);
    case TEXPR_QUERY:
        return walk_nested(&relay);
    case TEXPR_LET: case TEXPR_DERIVED:
        return walk_bound(&relay);
    case TEXPR_POISON: case TEXPR_MISSING:
        return STEP_ON;
    default:
        break;
    }
    assert(!"no collection");
    return STEP_ON;
}
