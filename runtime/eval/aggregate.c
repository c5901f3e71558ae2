/* An aggregate over a collection, walked. See walk.h.
 * Knows: how elements are bound. Does not know: what each aggregate is of (tally.c), collections (collection.c). */
#include "runtime/eval/walk.h"

struct aggregating {
    struct walker *walker;
    struct tally tally;
};

static enum step add_element(void *context, struct element element) {
    struct aggregating *aggregating = context;
    const struct tvar *variable = aggregating->tally.aggregate->variable;
    if (!variable)
        return tally_add(&aggregating->tally, aggregating->walker, aggregating->walker->scratch, element);
    struct slot before = walker_bind(aggregating->walker, variable, element);
    enum step step = tally_add(&aggregating->tally, aggregating->walker, aggregating->walker->scratch, element);
    walker_unbind(aggregating->walker, variable, before);
    return step;
}

bool walk_aggregate(struct walker *walker, const struct texpr *aggregate, struct element *result) {
    struct aggregating aggregating = {.walker = walker};
    tally_start(&aggregating.tally, walker->scratch, aggregate);
    *result = (struct element){value_missing(), NULL};
    if (walk_collection(walker, aggregate->source, add_element, &aggregating) == STEP_FAILED)
        return false;
    return tally_result(&aggregating.tally, walker->scratch, result, walker->failure);
}
