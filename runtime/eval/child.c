/* Rows that refer to the elements at hand, merged in beside them from a cursor in the order of owners. See plan.h.
 * Knows: cursors, batches. Does not know: what is done with the rows. */
#include "runtime/eval/plan.h"

#include <stdlib.h>
#include <string.h>

enum { AHEAD_ROWS_MIN = 50000 /* a second connection costs a millisecond, and so do the rows of a tenth of these */ };

static void *grown(void *items, size_t count, size_t size) {
    items = realloc(items, count * size);
    if (!items)
        abort();
    return items;
}

static void reserve_rows(struct space *child, int count) {
    if (count <= child->capacity)
        return;
    child->capacity = count < 2 * SCAN_BATCH_ROWS ? 4 * SCAN_BATCH_ROWS : count * 2;
    size_t capacity = (size_t)child->capacity;
    child->ids = grown(child->ids, capacity, sizeof *child->ids);
    for (int i = 0; i < child->fields.count; i++) {
        struct batch_column *column = &child->columns[i];
        column->missing = grown(column->missing, capacity, 1);
        switch (type_representation(child->fields.items[i]->type)) {
        case REPRESENTATION_NUMBER:
            column->numbers = grown(column->numbers, capacity, sizeof *column->numbers);
            break;
        case REPRESENTATION_TEXT:
            column->texts = grown(column->texts, capacity, sizeof *column->texts);
            column->lengths = grown(column->lengths, capacity, sizeof *column->lengths);
            break;
        default:
            column->integers = grown(column->integers, capacity, sizeof *column->integers);
            break;
        }
    }
}

static bool open_child(struct plan *plan, struct space *child) {
    struct store *store = plan->walker->inputs->store;
    struct scan scan = {.record = child->record, .order = SCAN_BY_REFERENCE, .reference = child->reference, .fields = child->fields.items, .field_count = child->fields.count};
    scan.may_read_ahead = plan_count(plan, child->record) >= AHEAD_ROWS_MIN;
    child->cursor = store_scan(store, &scan, plan->failure);
    child->read = NULL;
    child->at_end = false;
    if (!child->columns)
        child->columns = ARENA_ARRAY(plan->arena, struct batch_column, child->fields.count);
    return child->cursor != NULL;
}

/* Copies rows of the cursor's batch to the end of what is there. Texts are copied too: the next batch takes their place. */
static void copy_rows(struct plan *plan, struct space *child, int first, int count) {
    const struct batch *from = child->read;
    int to = child->count;
    size_t rows = (size_t)count;
    reserve_rows(child, to + count);
    memcpy(child->ids + to, from->ids + first, rows * sizeof *child->ids);
    for (int i = 0; i < child->fields.count; i++) {
        struct batch_column *column = &child->columns[i];
        const struct batch_column *read = &from->columns[i];
        memcpy(column->missing + to, read->missing + first, rows);
        if (column->integers)
            memcpy(column->integers + to, read->integers + first, rows * sizeof *column->integers);
        else if (column->numbers)
            memcpy(column->numbers + to, read->numbers + first, rows * sizeof *column->numbers);
        else
            for (int row = 0; row < count; row++) {
                column->lengths[to + row] = read->lengths[first + row];
                column->texts[to + row] = read->missing[first + row] ? "" : arena_copy(plan->texts, read->texts[first + row], read->lengths[first + row]);
            }
    }
    child->count += count;
}

static bool read_more(struct plan *plan, struct space *child) {
    child->read = cursor_next(child->cursor, plan->failure);
    child->read_next = 0;
    if (!child->read)
        return false;
    child->at_end = child->read->row_count == 0;
    return true;
}

/* Takes all rows up to those of the last element at hand, and notes where each element's begin. Rows of elements before the first (those of a batch for which
 * nobody asked for children) are passed over. */
static bool merge(struct plan *plan, struct space *child) {
    const struct space *root = child->outer;
    int element = 0;
    int64_t last = root->ids[root->count - 1];
    child->offsets[0] = 0;
    while (!child->at_end) {
        if ((!child->read || child->read_next == child->read->row_count) && !read_more(plan, child))
            return false;
        const int64_t *owners = child->read->owners;
        int row = child->read_next, end = child->read->row_count;
        while (row < end && owners[row] < root->ids[0])
            row++;
        int first = row, before = child->count;
        for (; row < end && owners[row] <= last; row++)
            while (root->ids[element] < owners[row])
                child->offsets[++element] = before + row - first;
        if (row > first)
            copy_rows(plan, child, first, row - first);
        child->read_next = row;
        if (row < end)
            break;
    }
    while (element < root->count)
        child->offsets[++element] = child->count;
    return true;
}

bool child_fill(struct plan *plan, struct space *child) {
    const struct space *root = child->outer;
    if (child->filled == root->stamp)
        return true;
    if (plan->has_failed || (!child->cursor && !open_child(plan, child))) {
        plan->has_failed = true;
        return false;
    }
    if (root->count + 1 > child->offset_capacity) {
        child->offset_capacity = root->count + ROOT_ROWS;
        child->offsets = grown(child->offsets, (size_t)child->offset_capacity, sizeof *child->offsets);
    }
    child->count = 0;
    child->first_outer = 0;
    child->segment_count = root->count;
    reserve_rows(child, 1);
    if (!merge(plan, child)) {
        plan->has_failed = true;
        return false;
    }
    child->batch = (struct batch){.row_count = child->count, .ids = child->ids, .columns = child->columns};
    child->stamp = ++plan->stamp;
    child->filled = root->stamp;
    return true;
}
