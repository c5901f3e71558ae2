/* Aggregates: the rows of an inner space reduced to one value for each row outside. See plan.h.
 * Knows: what each aggregate is of. Does not know: where rows come from. */
#include "lang/base/decimal.h"
#include "runtime/eval/plan.h"

#include <stdlib.h>
#include <string.h>

/* What is gathered so far, for each row outside. */
struct reduction {
    int capacity;
    int64_t *counts;
    wide_int *totals;
    struct exact_sum *sums;
    int64_t *best;     /* the extreme value or the greatest `by`; a double's bits for numbers */
    int64_t *rows;     /* LATEST, EARLIEST: where it stands */
    uint8_t *failed;
    bool any_failed;
    /* of one row outside */
    int *order;
    int order_capacity;
};

static void *room_for(void *items, int count, size_t size) {
    items = realloc(items, (size_t)count * size);
    if (!items)
        abort();
    return items;
}

static bool sums_numbers(const struct term *term) {
    return (term->aggregate == AGGREGATE_SUM || term->aggregate == AGGREGATE_AVERAGE) && term->value && term->value->form == FORM_NUMBER;
}

static void begin(struct term *term) {
    int count = term->space->count;
    struct reduction *reduction = term->reduction;
    if (!reduction && !(reduction = term->reduction = calloc(1, sizeof *reduction)))
        abort();
    if (count > reduction->capacity) {
        reduction->capacity = count < ROOT_ROWS ? ROOT_ROWS : count;
        reduction->counts = room_for(reduction->counts, reduction->capacity, sizeof *reduction->counts);
        reduction->totals = room_for(reduction->totals, reduction->capacity, sizeof *reduction->totals);
        reduction->best = room_for(reduction->best, reduction->capacity, sizeof *reduction->best);
        reduction->rows = room_for(reduction->rows, reduction->capacity, sizeof *reduction->rows);
        reduction->failed = room_for(reduction->failed, reduction->capacity, 1);
        if (sums_numbers(term))
            reduction->sums = room_for(reduction->sums, reduction->capacity, sizeof *reduction->sums);
    }
    memset(reduction->counts, 0, sizeof *reduction->counts * (size_t)count);
    if (term->aggregate == AGGREGATE_SUM || term->aggregate == AGGREGATE_AVERAGE)
        memset(reduction->totals, 0, sizeof *reduction->totals * (size_t)count);
    memset(reduction->failed, 0, (size_t)count);
    reduction->any_failed = false;
    for (int i = 0; reduction->sums && i < count; i++) {
        reduction->sums[i].count = 0;
        reduction->sums[i].overflowed = false;
    }
}

static void note_failed(struct term *term, int outer) {
    term->reduction->failed[outer] = 1;
    term->reduction->any_failed = true;
}

/* ---- rows of a segment ---- */

static size_t step_of(const struct term *term, const struct space *over) {
    return term->space == over;
}

static uint8_t mask_at(const struct term *term, int row) {
    return term->mask ? term->mask->result.truths[(size_t)row * step_of(term->mask, term->over)] : TRUTH_TRUE;
}

/* The state of the row as an element of the aggregate: missing when the mask or a missing value leaves it out. */
static enum state element_state(const struct term *term, const struct term *part, int row) {
    uint8_t mask = mask_at(term, row);
    if (mask != TRUTH_TRUE)
        return mask == TRUTH_FAILED ? STATE_FAILED : STATE_MISSING;
    return part ? term_state(part, row) : STATE_KNOWN;
}

static bool is_plain(const struct term *term) {
    return !term || term->result.is_plain;
}

/* Counting and summing without a look at states; the mask and the value have one row for each of the space. */
static bool has_fast_loop(const struct term *term) {
    const struct term *mask = term->mask, *value = term->value;
    if (!is_plain(mask) || !is_plain(value) || (mask && mask->space != term->over) || (value && value->space != term->over))
        return false;
    bool counts = term->aggregate == AGGREGATE_COUNT || term->aggregate == AGGREGATE_EXISTS;
    return counts || (term->aggregate == AGGREGATE_SUM && value->form == FORM_INT);
}

static void count_fast(struct term *term, int outer, int first, int end) {
    int64_t count = end - first;
    if (term->mask) {
        const uint8_t *restrict mask = term->mask->result.truths;
        count = 0;
        for (int i = first; i < end; i++)
            count += mask[i];
    }
    term->reduction->counts[outer] += count;
}

static void sum_fast(struct term *term, int outer, int first, int end) {
    const int64_t *values = term->value->result.integers;
    wide_int total = 0;
    if (term->mask) {
        const uint8_t *restrict mask = term->mask->result.truths;
        for (int i = first; i < end; i++)
            total += values[i] & -(int64_t)mask[i];
    } else
        for (int i = first; i < end; i++)
            total += values[i];
    term->reduction->totals[outer] += total;
}

static void add_value(struct term *term, int outer, int row) {
    struct reduction *reduction = term->reduction;
    const struct term *value = term->value;
    size_t at = value ? (size_t)row * step_of(value, term->over) : 0;
    bool is_first = reduction->counts[outer]++ == 0;
    switch (term->aggregate) {
    case AGGREGATE_SUM: case AGGREGATE_AVERAGE:
        if (value->form == FORM_NUMBER)
            exact_sum_add(&reduction->sums[outer], value->result.numbers[at]);
        else
            reduction->totals[outer] += value->result.integers[at];
        break;
    case AGGREGATE_LEAST: case AGGREGATE_GREATEST: {
        bool is_least = term->aggregate == AGGREGATE_LEAST, is_better;
        if (value->form == FORM_NUMBER) {
            double best;
            memcpy(&best, &reduction->best[outer], sizeof best);
            is_better = is_least ? value->result.numbers[at] < best : value->result.numbers[at] > best;
        } else
            is_better = is_least ? value->result.integers[at] < reduction->best[outer] : value->result.integers[at] > reduction->best[outer];
        if (is_first || is_better)
            memcpy(&reduction->best[outer], &value->result.integers[at], sizeof reduction->best[outer]);
        break;
    }
    default:
        break;
    }
}

static void add_rows(struct term *term, int outer, int first, int end) {
    for (int i = first; i < end; i++)
        switch (element_state(term, term->value, i)) {
        case STATE_KNOWN:
            add_value(term, outer, i);
            break;
        case STATE_FAILED:
            note_failed(term, outer);
            break;
        case STATE_MISSING:
            break;
        }
}

/* Rows come in the order of id: of equals the later row is the latest, the first the earliest. */
static void pick_rows(struct term *term, int outer, int first, int end) {
    struct reduction *reduction = term->reduction;
    const struct term *by = term->by;
    size_t step = step_of(by, term->over);
    bool is_latest = term->aggregate == AGGREGATE_LATEST;
    for (int i = first; i < end; i++) {
        enum state state = element_state(term, by, i);
        if (state == STATE_FAILED)
            note_failed(term, outer);
        if (state != STATE_KNOWN)
            continue;
        bool is_better = reduction->counts[outer]++ == 0;
        if (!is_better && by->form == FORM_NUMBER) {
            double best, value = by->result.numbers[(size_t)i * step];
            memcpy(&best, &reduction->best[outer], sizeof best);
            is_better = is_latest ? value >= best : value < best;
        } else if (!is_better)
            is_better = is_latest ? by->result.integers[(size_t)i * step] >= reduction->best[outer] : by->result.integers[(size_t)i * step] < reduction->best[outer];
        if (is_better) {
            memcpy(&reduction->best[outer], &by->result.integers[(size_t)i * step], sizeof reduction->best[outer]);
            reduction->rows[outer] = term->over->kind == SPACE_CHILD ? i : term->over->index[i];
        }
    }
}

/* ---- rows in the order of `by` ---- */

static int compare_by(const struct term *by, size_t step, int a, int b) {
    if (by->form == FORM_NUMBER) {
        double x = by->result.numbers[(size_t)a * step], y = by->result.numbers[(size_t)b * step];
        return (x > y) - (x < y);
    }
    int64_t x = by->result.integers[(size_t)a * step], y = by->result.integers[(size_t)b * step];
    return (x > y) - (x < y);
}

static int compare_rows(const void *a, const void *b, void *context) {
    const struct term *term = context;
    int x = *(const int *)a, y = *(const int *)b;
    int order = compare_by(term->by, step_of(term->by, term->over), x, y);
    return order ? order : (x > y) - (x < y);
}

/* The elements of a segment by `by`, then id; most often they come so. */
static int order_rows(struct term *term, int outer, int first, int end) {
    struct reduction *reduction = term->reduction;
    size_t step = step_of(term->by, term->over);
    int count = 0;
    bool is_sorted = true;
    if (end - first > reduction->order_capacity) {
        reduction->order_capacity = 2 * (end - first);
        reduction->order = room_for(reduction->order, reduction->order_capacity, sizeof *reduction->order);
    }
    for (int i = first; i < end; i++) {
        enum state state = element_state(term, term->by, i);
        if (state == STATE_FAILED || (state == STATE_KNOWN && term->value && term_state(term->value, i) == STATE_FAILED))
            note_failed(term, outer);
        if (state != STATE_KNOWN)
            continue;
        is_sorted = is_sorted && (count == 0 || compare_by(term->by, step, reduction->order[count - 1], i) <= 0);
        reduction->order[count++] = i;
    }
    if (!is_sorted)
        qsort_r(reduction->order, (size_t)count, sizeof *reduction->order, compare_rows, term);
    return count;
}

static void streak_rows(struct term *term, int outer, int first, int end) {
    struct reduction *reduction = term->reduction;
    int count = order_rows(term, outer, first, end);
    int64_t streak = 0;
    for (int i = count - 1; i >= 0 && term->value->result.truths[(size_t)reduction->order[i] * step_of(term->value, term->over)] == TRUTH_TRUE; i--)
        streak++;
    reduction->counts[outer] = streak; /* 0 for elements without rows, as begin has left it */
}

static void gap_rows(struct term *term, int outer, int first, int end) {
    struct reduction *reduction = term->reduction;
    int count = order_rows(term, outer, first, end);
    size_t step = step_of(term->by, term->over);
    reduction->counts[outer] = count > 1;
    for (int i = 1; i < count; i++) {
        int64_t gap = (term->by->result.integers[(size_t)reduction->order[i] * step] - term->by->result.integers[(size_t)reduction->order[i - 1] * step]) * term->unit;
        if (i == 1 || gap > reduction->best[outer])
            reduction->best[outer] = gap;
    }
}

/* ---- all rows that are there ---- */

static void add_space(struct term *term) {
    const struct space *over = term->over;
    void (*add)(struct term *, int, int, int) = add_rows;
    bool counts = term->aggregate == AGGREGATE_COUNT || term->aggregate == AGGREGATE_EXISTS;
    if (term->aggregate == AGGREGATE_LATEST || term->aggregate == AGGREGATE_EARLIEST)
        add = pick_rows;
    else if (term->aggregate == AGGREGATE_STREAK)
        add = streak_rows;
    else if (term->aggregate == AGGREGATE_LONGEST_GAP)
        add = gap_rows;
    else if (has_fast_loop(term))
        add = counts ? count_fast : sum_fast;
    for (int k = 0; k < over->segment_count; k++)
        if (over->offsets[k] < over->offsets[k + 1])
            add(term, over->first_outer + k, over->offsets[k], over->offsets[k + 1]);
}

/* ---- what is used from outside ---- */

static void need_parts(struct plan *plan, struct term *term, const struct space *space, uint64_t now) {
    for (int i = 0; i < term->input_count; i++)
        term_need_outside(plan, term->inputs[i], space, now);
    for (int i = 0; i < term->binding_count; i++) {
        term_need_outside(plan, term->bindings[i].value, space, now);
        term_need_outside(plan, term->bindings[i].row, space, now);
    }
    term_need_outside(plan, term->mask, space, now);
    term_need_outside(plan, term->value, space, now);
    term_need_outside(plan, term->by, space, now);
    term_need_outside(plan, term->wanted, space, now);
    if (term->kind == TERM_FROM_ROW)
        term_need_outside(plan, term->target, space, now);
    struct term *made_with[SPACE_TERMS_MAX];
    for (int i = term->over ? space_terms(term->over, made_with) - 1 : -1; i >= 0; i--)
        term_need_outside(plan, made_with[i], space, now);
}

void term_need_outside(struct plan *plan, struct term *term, const struct space *space, uint64_t now) {
    if (!term || term->prepared == now || plan->has_failed)
        return;
    term->prepared = now;
    if (space_is_within(term->space, space))
        need_parts(plan, term, space, now);
    else
        term_need(plan, term);
}

static void need_all(struct plan *plan, struct term *term) {
    if (term->mask)
        term_need(plan, term->mask);
    if (term->value)
        term_need(plan, term->value);
    if (term->by)
        term_need(plan, term->by);
}

static void add_chunks(struct plan *plan, struct term *term) {
    struct chunking chunking = {.space = term->over, .wanted = term->wanted};
    uint64_t now = ++plan->stamp;
    term_need_outside(plan, term->mask, term->over, now);
    term_need_outside(plan, term->value, term->over, now);
    term_need_outside(plan, term->by, term->over, now);
    if (!space_prepare(plan, term->over))
        return;
    while (!plan->has_failed && chunk_next(plan, &chunking)) {
        need_all(plan, term);
        if (!plan->has_failed)
            add_space(term);
    }
}

/* ---- results ---- */

static void finish_number(struct term *term, int row) {
    const struct reduction *reduction = term->reduction;
    int64_t count = reduction->counts[row];
    bool is_average = term->aggregate == AGGREGATE_AVERAGE;
    if (is_average && count == 0)
        term_set_state(term, row, STATE_MISSING);
    else if (reduction->sums && reduction->sums[row].overflowed)
        term_set_state(term, row, STATE_FAILED);
    else if (reduction->sums)
        term->result.numbers[row] = exact_sum_total(&reduction->sums[row]) / (is_average ? (double)count : 1);
    else
        term->result.numbers[row] = (double)reduction->totals[row] / (double)count;
}

static void finish_sum(struct term *term, int row) {
    const struct reduction *reduction = term->reduction;
    wide_int total = reduction->totals[row];
    if (term->form == FORM_NUMBER)
        finish_number(term, row);
    else if (term->aggregate == AGGREGATE_AVERAGE && reduction->counts[row] == 0)
        term_set_state(term, row, STATE_MISSING);
    else if (term->aggregate == AGGREGATE_AVERAGE)
        term->result.integers[row] = wide_divide_half_even(total, reduction->counts[row]);
    else if (total > INT64_MAX || total < INT64_MIN)
        term_set_state(term, row, STATE_FAILED);
    else
        term->result.integers[row] = (int64_t)total;
}

static void finish_row(struct term *term, int row) {
    const struct reduction *reduction = term->reduction;
    switch (term->aggregate) {
    case AGGREGATE_COUNT: case AGGREGATE_STREAK:
        term->result.integers[row] = reduction->counts[row];
        break;
    case AGGREGATE_EXISTS:
        term->result.truths[row] = reduction->counts[row] > 0;
        break;
    case AGGREGATE_SUM: case AGGREGATE_AVERAGE:
        finish_sum(term, row);
        break;
    default:
        if (reduction->counts[row] == 0)
            term_set_state(term, row, STATE_MISSING);
        else if (term->aggregate == AGGREGATE_LATEST || term->aggregate == AGGREGATE_EARLIEST)
            term->result.integers[row] = reduction->rows[row];
        else
            memcpy(&term->result.integers[row], &reduction->best[row], sizeof reduction->best[row]);
        break;
    }
}

/* Counting, where nothing failed. */
static bool finish_fast(struct term *term, int count) {
    const int64_t *restrict counts = term->reduction->counts;
    if (term->aggregate == AGGREGATE_EXISTS) {
        uint8_t *restrict out = term->result.truths;
        for (int i = 0; i < count; i++)
            out[i] = counts[i] > 0;
        return true;
    }
    if (term->aggregate == AGGREGATE_COUNT)
        memcpy(term->result.integers, counts, sizeof *counts * (size_t)count);
    return term->aggregate == AGGREGATE_COUNT;
}

/* What the collection starts from has failed, so what it has is not known. */
static bool has_failed_start(const struct space *over, int row) {
    const struct term *const starts[] = {over->base, over->from, over->until};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (starts[i] && !starts[i]->result.is_plain && term_state(starts[i], row) == STATE_FAILED)
            return true;
    return false;
}

static bool is_plain_start(const struct space *over) {
    return is_plain(over->base) && is_plain(over->from) && is_plain(over->until);
}

void reduce_run(struct plan *plan, struct term *term) {
    begin(term);
    if (term->over->kind == SPACE_CHILD) {
        if (!child_fill(plan, term->over))
            return;
        need_all(plan, term);
        if (!plan->has_failed)
            add_space(term);
    } else
        add_chunks(plan, term);
    if (plan->has_failed)
        return;
    int count = term->space->count;
    term_reserve(term, count);
    term->result.is_plain = true;
    if (term->form != FORM_TRUTH)
        memset(term->result.states, STATE_KNOWN, (size_t)count);
    if (!term->reduction->any_failed && is_plain_start(term->over) && finish_fast(term, count))
        return;
    for (int i = 0; i < count; i++)
        if (term->reduction->failed[i] || has_failed_start(term->over, i))
            term_set_state(term, i, STATE_FAILED);
        else
            finish_row(term, i);
}

void reduce_free(struct term *term) {
    struct reduction *reduction = term->reduction;
    if (!reduction)
        return;
    free(reduction->counts);
    free(reduction->totals);
    free(reduction->sums);
    free(reduction->best);
    free(reduction->rows);
    free(reduction->failed);
    free(reduction->order);
    free(reduction);
}
