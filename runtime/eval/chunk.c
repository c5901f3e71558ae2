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

static int64_t reach(struct table *table, struct space *space, int64_t position, int64_t count) {
    if (position < 0 || table->visited[position] == table->visit)
        return count;
    table->visited[position] = table->visit;
    space->reached[count] = position;
    return count + 1;
}

/* Breadth first. The record set out from is not visited unless it is come back to. */
static int64_t reach_all(struct space *space, int64_t from) {
    struct table *table = space->target->table;
    const struct adjacency *adjacency = table_adjacency(table, space->reference);
    int64_t count = 0;
    if (!space->reached)
        space->reached = room((size_t)table->count + 1, sizeof *space->reached);
    if (!table->visited)
        table->visited = room((size_t)table->count + 1, sizeof *table->visited);
    if (++table->visit == 0) {
        memset(table->visited, 0, sizeof *table->visited * (size_t)table->count);
        table->visit = 1;
    }
    for (int64_t next = -1; next < count; next++) {
        int64_t position = next < 0 ? from : space->reached[next];
        if (space->is_upward)
            count = reach(table, space, adjacency->upward[position], count);
        else
            for (int32_t i = adjacency->starts[position]; i < adjacency->starts[position + 1]; i++)
                count = reach(table, space, adjacency->members[i], count);
    }
    return count;
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
    int64_t from = base->result.integers[row];
    if (space->kind == SPACE_PAIR) {
        chunking->at = space->target->offsets[from];
        chunking->end = space->target->offsets[from + 1];
    } else if (space->kind == SPACE_TRANSITIVE)
        chunking->end = reach_all(space, from);
    else {
        const struct adjacency *adjacency = table_adjacency(space->target->table, space->reference);
        chunking->positions = adjacency->members;
        chunking->at = adjacency->starts[from];
        chunking->end = adjacency->starts[from + 1];
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
        space->index[space->count++] = space->kind == SPACE_TRANSITIVE ? space->reached[chunking->at] : chunking->positions[chunking->at];
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
