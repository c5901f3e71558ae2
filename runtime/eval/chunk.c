/* Rows of spaces that are made as they are needed, some thousands at a time: pairs of children, records reached through a reference or in many steps. See plan.h.
 * Knows: tables, children's offsets. Does not know: what is done with the rows. */
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

/* ---- the rows of one row outside ---- */

static bool is_wanted(const struct term *wanted, int row) {
    if (!wanted)
        return true;
    return wanted->result.truths[wanted->space->kind == SPACE_ONCE ? 0 : row] != TRUTH_FALSE;
}

static void begin_row(struct chunking *chunking) {
    struct space *space = chunking->space;
    const struct term *base = space->base;
    int row = chunking->outer;
    chunking->at = chunking->end = 0;
    chunking->is_begun = true;
    if (term_state(base, row) != STATE_KNOWN || !is_wanted(chunking->wanted, row))
        return;
    int64_t from = base->result.integers[base->space->kind == SPACE_ONCE ? 0 : row];
    if (space->kind == SPACE_PAIR) {
        chunking->at = space->target->offsets[from];
        chunking->end = space->target->offsets[from + 1];
    } else if (space->kind == SPACE_TRANSITIVE) {
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
    if (space->outer->count + 1 > space->offset_capacity) {
        free(space->offsets);
        space->offset_capacity = space->outer->count + ROOT_ROWS;
        space->offsets = room((size_t)space->offset_capacity, sizeof *space->offsets);
    }
}

bool chunk_next(struct plan *plan, struct chunking *chunking) {
    struct space *space = chunking->space;
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
            begin_row(chunking);
        if (space->kind == SPACE_PAIR)
            take_pairs(chunking);
        else if (space->kind == SPACE_TRANSITIVE)
            take_reached(chunking);
        else
            take_positions(chunking);
        space->offsets[++space->segment_count] = space->count;
        if (chunking->at < chunking->end)
            break;
        chunking->outer++;
        chunking->is_begun = false;
    }
    return space->count > 0;
}
