/* Rows of spaces that are made as they are needed, some thousands at a time: pairs of children, records reached through a reference or in many steps, periods. See plan.h.
 * Knows: tables, children's offsets. Does not know: what is done with the rows. */
#include "lang/base/civil.h"
#include "runtime/eval/plan.h"

#include <stdlib.h>
#include <string.h>

static void *room(size_t count, size_t size) {
    void *items = calloc(count, size);
    if (!items)
        abort();
    return items;
}

/* ---- records reached in many steps ---- */

/* Up a reference there is one way, which ends or comes back to where it was. -1: it ends. */
static int64_t step_up(const struct space *space, int64_t position) {
    struct column *column = &space->step->column;
    if (position < 0 || column_state(column, position) != STATE_KNOWN)
        return -1;
    return table_position(space->target->table, column_integer(column, position));
}

/* How many records are reached, each counted once: Brent's way of finding where a circle begins and how long it is. */
static int64_t count_up(const struct space *space, int64_t from) {
    int64_t power = 1, length = 1, steps = 1, tortoise = from, hare = step_up(space, from);
    while (hare >= 0 && hare != tortoise) {
        if (power == length) {
            tortoise = hare;
            power *= 2;
            length = 0;
        }
        hare = step_up(space, hare);
        length++;
        steps++;
    }
    if (hare < 0)
        return steps - 1;
    int64_t before = 0; /* the circle: so many steps from where we set out, we are on it */
    tortoise = hare = from;
    for (int64_t i = 0; i < length; i++)
        hare = step_up(space, hare);
    while (tortoise != hare) {
        tortoise = step_up(space, tortoise);
        hare = step_up(space, hare);
        before++;
    }
    return before == 0 ? length : before + length - 1;
}

static void push_members(struct chunking *chunking, int64_t position) {
    struct space *space = chunking->space;
    struct adjacency *adjacency = table_adjacency(space->target->table, space->reference);
    struct reach reach = {column_integer(&adjacency->starts, position), column_integer(&adjacency->starts, position + 1)};
    if (reach.at == reach.end)
        return;
    if (chunking->depth == space->reach_capacity) {
        space->reach_capacity = space->reach_capacity ? 2 * space->reach_capacity : 64;
        space->reaches = realloc(space->reaches, (size_t)space->reach_capacity * sizeof *space->reaches);
        if (!space->reaches)
            abort();
    }
    space->reaches[chunking->depth++] = reach;
}

static void begin_reach(struct chunking *chunking, int64_t from) {
    struct space *space = chunking->space;
    chunking->from = from;
    chunking->depth = 0;
    chunking->left = 0;
    if (space->step) {
        chunking->left = count_up(space, from);
        chunking->next = step_up(space, from);
    } else
        push_members(chunking, from);
}

/* The next record reached; false when there is none. Whoever is reached refers to one record only, so it is reached from there only: down the inverse nothing comes twice,
 * but for the record set out from, if it stands on a circle. */
static bool reach_next(struct chunking *chunking, int64_t *position) {
    struct space *space = chunking->space;
    if (space->step) {
        *position = chunking->next;
        chunking->next = chunking->left > 1 ? step_up(space, chunking->next) : -1;
        return chunking->left-- > 0;
    }
    while (chunking->depth > 0) {
        struct reach *reach = &space->reaches[chunking->depth - 1];
        if (reach->at == reach->end) {
            chunking->depth--;
            continue;
        }
        *position = column_integer(&table_adjacency(space->target->table, space->reference)->members, reach->at++);
        if (*position != chunking->from)
            push_members(chunking, *position);
        return true;
    }
    return false;
}

/* ---- periods ---- */

static int fiscal_month(const struct plan *plan) {
    return operator_context_inputs(plan->walker->inputs->operators)->fiscal_month;
}

static int64_t integer_at(const struct term *term, int row) {
    return term->result.integers[term->space->kind == SPACE_ONCE ? 0 : row];
}

static void begin_periods(const struct plan *plan, struct chunking *chunking) {
    const struct space *space = chunking->space;
    int row = chunking->outer;
    if (term_state(space->from, row) != STATE_KNOWN || term_state(space->until, row) != STATE_KNOWN || integer_at(space->until, row) < integer_at(space->from, row))
        return;
    chunking->period = cadence_period(space->cadence, integer_at(space->from, row), fiscal_month(plan));
    chunking->starts = period_first_day(chunking->period, fiscal_month(plan));
    chunking->until = integer_at(space->until, row);
    chunking->end = INT64_MAX;
}

/* One begins the day after the one before it ends. */
static void take_periods(const struct plan *plan, struct chunking *chunking) {
    struct space *space = chunking->space;
    int month = fiscal_month(plan), count = space->count;
    while (chunking->at < chunking->end && count < CHUNK_ROWS) {
        int64_t ends = period_last_day(chunking->period, month);
        space->index[count] = chunking->period;
        space->starts[count] = chunking->starts;
        space->ends[count++] = ends;
        if (ends >= chunking->until) {
            chunking->end = chunking->at;
            break;
        }
        chunking->period = period_next(chunking->period);
        chunking->starts = ends + 1;
    }
    space->count = count;
}

/* ---- the rows of one row outside ---- */

static bool is_wanted(const struct term *wanted, int row) {
    if (!wanted)
        return true;
    return wanted->result.truths[wanted->space->kind == SPACE_ONCE ? 0 : row] != TRUTH_FALSE;
}

static void begin_pairs(struct chunking *chunking, int64_t from) {
    struct space *space = chunking->space;
    int row = chunking->outer;
    chunking->rows = NULL;
    if (space->dates && dated_find(space, from, integer_at(space->from, row), integer_at(space->until, row), &chunking->rows, &chunking->end))
        return;
    chunking->at = space->target->offsets[from];
    chunking->end = space->target->offsets[from + 1];
}

static void begin_row(const struct plan *plan, struct chunking *chunking) {
    struct space *space = chunking->space;
    const struct term *base = space->base;
    int row = chunking->outer;
    chunking->at = chunking->end = 0;
    chunking->is_begun = true;
    if (!is_wanted(chunking->wanted, row))
        return;
    if (space->kind == SPACE_PERIODS) {
        begin_periods(plan, chunking);
        return;
    }
    if (!base->result.is_plain && term_state(base, row) != STATE_KNOWN)
        return;
    int64_t from = integer_at(base, row);
    if (space->kind == SPACE_PAIR)
        begin_pairs(chunking, from);
    else if (space->kind == SPACE_TRANSITIVE) {
        begin_reach(chunking, from);
        chunking->end = INT64_MAX;
    } else {
        struct adjacency *adjacency = table_adjacency(space->target->table, space->reference);
        chunking->positions = &adjacency->members;
        chunking->at = column_integer(&adjacency->starts, from);
        chunking->end = column_integer(&adjacency->starts, from + 1);
    }
}

static void take_pairs(struct chunking *chunking) {
    struct space *space = chunking->space;
    const uint8_t *restrict wanted = space->target_wanted && space->target_wanted->space == space->target ? space->target_wanted->result.truths : NULL;
    int64_t *restrict index = space->index;
    int count = space->count;
    int64_t at = chunking->at;
    for (; at < chunking->end && count < CHUNK_ROWS; at++) {
        index[count] = at;
        count += !wanted || wanted[at] != TRUTH_FALSE;
    }
    chunking->at = at;
    space->count = count;
}

static void take_dated(struct chunking *chunking) {
    struct space *space = chunking->space;
    int count = space->count;
    for (; chunking->at < chunking->end && count < CHUNK_ROWS; chunking->at++)
        space->index[count++] = chunking->rows[chunking->at];
    space->count = count;
}

static void take_positions(struct chunking *chunking) {
    struct space *space = chunking->space;
    for (; chunking->at < chunking->end && space->count < CHUNK_ROWS; chunking->at++)
        space->index[space->count++] = column_integer(chunking->positions, chunking->at);
}

static void take_reached(struct chunking *chunking) {
    struct space *space = chunking->space;
    while (chunking->at < chunking->end && space->count < CHUNK_ROWS)
        if (reach_next(chunking, &space->index[space->count]))
            space->count++;
        else
            chunking->end = chunking->at;
}

/* Rows outside that are not wanted have no rows here: most of them, often. */
static void skip_unwanted(struct chunking *chunking) {
    struct space *space = chunking->space;
    const struct term *term = space->outer_wanted;
    if (chunking->is_begun || !term || term->space != space->outer)
        return;
    const uint8_t *restrict wanted = term->result.truths;
    int *restrict offsets = space->offsets;
    int outer = chunking->outer, segments = space->segment_count;
    while (outer < space->outer->count && wanted[outer] == TRUTH_FALSE) {
        offsets[++segments] = space->count;
        outer++;
    }
    chunking->outer = outer;
    space->segment_count = segments;
}

static void reserve(struct space *space) {
    if (!space->index)
        space->index = room(CHUNK_ROWS, sizeof *space->index);
    if (!space->starts && space->kind == SPACE_PERIODS) {
        space->starts = room(CHUNK_ROWS, sizeof *space->starts);
        space->ends = room(CHUNK_ROWS, sizeof *space->ends);
    }
    if (space->outer->count + 1 > space->offset_capacity) {
        free(space->offsets);
        space->offset_capacity = space->outer->count + ROOT_ROWS;
        space->offsets = room((size_t)space->offset_capacity, sizeof *space->offsets);
    }
}

bool space_prepare(struct plan *plan, struct space *space) {
    struct term *terms[SPACE_TERMS_MAX];
    if (space->kind == SPACE_PAIR && !child_fill(plan, space->target))
        return false;
    int count = space_terms(space, terms);
    for (int i = 0; i < count && !plan->has_failed; i++)
        term_need(plan, terms[i]);
    return !plan->has_failed;
}

static void take_rows(const struct plan *plan, struct chunking *chunking) {
    switch (chunking->space->kind) {
    case SPACE_PAIR:
        if (chunking->rows)
            take_dated(chunking);
        else
            take_pairs(chunking);
        break;
    case SPACE_TRANSITIVE:
        take_reached(chunking);
        break;
    case SPACE_PERIODS:
        take_periods(plan, chunking);
        break;
    default:
        take_positions(chunking);
        break;
    }
}

/* Periods may be very many, and ask nothing of the store. */
static bool may_go_on(struct plan *plan, const struct space *space) {
    if (space->kind == SPACE_PERIODS && !store_may_go_on(plan->walker->inputs->store, plan->failure))
        plan->has_failed = true;
    return !plan->has_failed;
}

bool chunk_next(struct plan *plan, struct chunking *chunking) {
    struct space *space = chunking->space;
    if (!may_go_on(plan, space))
        return false;
    reserve(space);
    space->stamp = ++plan->stamp;
    space->count = 0;
    space->segment_count = 0;
    space->first_outer = chunking->outer;
    space->offsets[0] = 0;
    while (space->count < CHUNK_ROWS) {
        skip_unwanted(chunking);
        if (chunking->outer == space->outer->count)
            break;
        if (!chunking->is_begun)
            begin_row(plan, chunking);
        take_rows(plan, chunking);
        space->offsets[++space->segment_count] = space->count;
        if (chunking->at < chunking->end)
            break;
        chunking->outer++;
        chunking->is_begun = false;
    }
    return space->count > 0;
}
