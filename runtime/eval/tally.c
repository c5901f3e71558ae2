/* Aggregates of elements that come one by one. See walk.h.
 * Knows: what each aggregate is of. Does not know: where elements come from. */
#include "lang/base/text.h"
#include "runtime/eval/walk.h"

#include <stdlib.h>
#include <string.h>

int64_t element_id(struct type type, struct value value) {
    if (value.kind == VALUE_MISSING)
        return INT64_MIN;
    if (type.kind == TYPE_ROW)
        return element_row(value)->number;
    return type.kind == TYPE_RECORD ? value.integer : 0;
}

static bool keeps_elements(enum aggregate_kind kind) {
    return kind == AGGREGATE_STREAK || kind == AGGREGATE_LONGEST_GAP;
}

static bool picks_one(enum aggregate_kind kind) {
    return kind == AGGREGATE_LATEST || kind == AGGREGATE_EARLIEST;
}

void tally_start(struct tally *tally, struct arena *arena, const struct texpr *aggregate) {
    enum aggregate_kind kind = aggregate->aggregate;
    *tally = (struct tally){.aggregate = aggregate};
    if (kind == AGGREGATE_JOIN)
        tally->joined = ARENA_NEW(arena, struct buffer);
    else if (!picks_one(kind) && !keeps_elements(kind))
        tally->accumulator = ARENA_NEW(arena, struct accumulator);
}

static bool comes_before(const struct tally_element *a, const struct tally_element *b) {
    int order = value_compare(a->by, b->by);
    return order < 0 || (order == 0 && a->id < b->id);
}

/* The buffer's memory is the arena's, so that an evaluation that fails half way leaves nothing behind. */
static void join_text(struct tally *tally, struct arena *arena, struct value text) {
    struct buffer *joined = tally->joined;
    const char *separator = tally->aggregate->text ? tally->aggregate->text : ", ";
    size_t apart = tally->has_best ? strlen(separator) : 0, wanted = joined->length + apart + text.length + 1;
    if (wanted > joined->capacity) {
        char *bytes = arena_alloc(arena, wanted * 2);
        if (joined->length)
            memcpy(bytes, joined->bytes, joined->length);
        joined->bytes = bytes;
        joined->capacity = wanted * 2;
    }
    memcpy(joined->bytes + joined->length, separator, apart);
    if (text.length)
        memcpy(joined->bytes + joined->length + apart, text.text, text.length);
    joined->length += apart + text.length;
    tally->has_best = true;
}

static void pick(struct tally *tally, struct arena *arena, struct tally_element element) {
    bool is_better = !tally->has_best || (tally->aggregate->aggregate == AGGREGATE_LATEST ? comes_before(&tally->best, &element) : comes_before(&element, &tally->best));
    if (!is_better)
        return;
    element.by = value_keep(arena, element.by);
    element.view = row_view_keep(arena, element.view);
    tally->best = element;
    tally->has_best = true;
}

static void accumulate(struct tally *tally, struct arena *arena, struct value value) {
    struct accumulator *accumulator = tally->accumulator;
    accumulator_add(accumulator, tally->aggregate->aggregate, value);
    if (accumulator->extreme.kind == VALUE_TEXT && accumulator->extreme.text == value.text)
        accumulator->extreme = value_keep(arena, value);
}

enum step tally_add(struct tally *tally, struct walker *walker, struct arena *arena, struct element element) {
    const struct texpr *aggregate = tally->aggregate;
    enum aggregate_kind kind = aggregate->aggregate;
    bool holds = true;
    if (aggregate->condition && !walk_condition(walker, aggregate->condition, &holds))
        return STEP_FAILED;
    if (!holds && kind != AGGREGATE_STREAK)
        return STEP_ON;
    struct tally_element found = {.value = element.value, .view = element.view};
    if (aggregate->by) {
        if (!walk(walker, aggregate->by, &found.by))
            return STEP_FAILED;
        if (found.by.kind == VALUE_MISSING)
            return STEP_ON;
        found.id = element_id(aggregate->variable->type, element.value);
        if (picks_one(kind)) {
            pick(tally, arena, found);
            return STEP_ON;
        }
        found.by = value_keep(arena, found.by);
        found.value = value_int(holds);
        LIST_ADD(arena, &tally->elements, found);
        return STEP_ON;
    }
    struct value value = value_int(1);
    if (aggregate->value && !walk(walker, aggregate->value, &value))
        return STEP_FAILED;
    if (value.kind == VALUE_MISSING)
        return STEP_ON;
    if (kind == AGGREGATE_JOIN)
        join_text(tally, arena, value);
    else
        accumulate(tally, arena, value);
    return kind == AGGREGATE_EXISTS && !aggregate->may_fail ? STEP_ENOUGH : STEP_ON; /* an element that fails is found wherever it stands */
}

static int compare_elements(const void *a, const void *b) {
    const struct tally_element *x = a, *y = b;
    return comes_before(x, y) ? -1 : comes_before(y, x);
}

static struct value streak_of(const struct tally *tally) {
    int64_t streak = 0;
    for (int i = tally->elements.count - 1; i >= 0 && tally->elements.items[i].value.integer; i--)
        streak++;
    return value_int(streak);
}

static struct value longest_gap_of(const struct tally *tally) {
    int64_t unit = tally->aggregate->by->type.kind == TYPE_DATE ? DAY_SECONDS : 1;
    struct value longest = value_missing();
    for (int i = 1; i < tally->elements.count; i++) {
        int64_t gap = (tally->elements.items[i].by.integer - tally->elements.items[i - 1].by.integer) * unit;
        if (longest.kind == VALUE_MISSING || gap > longest.integer)
            longest = value_int(gap);
    }
    return longest;
}

bool tally_result(struct tally *tally, struct arena *arena, struct element *result, struct failure *failure) {
    enum aggregate_kind kind = tally->aggregate->aggregate;
    *result = (struct element){value_missing(), NULL};
    if (picks_one(kind)) {
        if (tally->has_best)
            *result = (struct element){tally->best.value, tally->best.view};
        return true;
    }
    if (keeps_elements(kind)) {
        if (tally->elements.count > 1)
            qsort(tally->elements.items, (size_t)tally->elements.count, sizeof *tally->elements.items, compare_elements);
        result->value = kind == AGGREGATE_STREAK ? streak_of(tally) : longest_gap_of(tally);
        return true;
    }
    if (kind == AGGREGATE_JOIN) {
        result->value = value_text(tally->joined->length ? tally->joined->bytes : arena_copy(arena, "", 0), tally->joined->length);
        return true;
    }
    return accumulator_result(tally->accumulator, kind, tally->aggregate->type, &result->value, failure);
}
