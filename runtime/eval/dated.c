/* Children by date: of the rows of one element those whose date lies between two days. See plan.h.
 * Knows: dates of children's rows. Does not know: periods, where the rows come from.
 *
 * For each of an element's periods all its children would have to be looked at. Instead they are put in the order of their dates once, where they do not come so, and each period
 * takes its part of them. Periods mostly follow one another, so that where the last part ended the next begins. */
#include "lang/base/civil.h"
#include "runtime/eval/plan.h"

#include <stdlib.h>
#include <string.h>

struct dated {
    uint64_t stamp;      /* of the children that are there */
    int64_t root_row;    /* whose children these are */
    int64_t *days, *rows;/* those that have a date, by date, then id */
    int count, capacity;
    bool comes_so;       /* the rows came in this order: those between two days are in order of id */
    bool has_failed;     /* a date has */
    int64_t until;       /* of the last question, */
    int end;             /* and where its rows ended */
    int64_t *picked;     /* rows between two days in order of id, where they do not come so */
};

static void *grown(void *items, int count, size_t size) {
    items = realloc(items, (size_t)count * size);
    if (!items)
        abort();
    return items;
}

static void reserve(struct dated *dated, int count) {
    if (count <= dated->capacity)
        return;
    dated->capacity = 2 * count;
    dated->days = grown(dated->days, dated->capacity, sizeof *dated->days);
    dated->rows = grown(dated->rows, dated->capacity, sizeof *dated->rows);
    dated->picked = grown(dated->picked, dated->capacity, sizeof *dated->picked);
}

/* ---- in order ---- */

struct dated_row {
    int64_t day, row;
};

static int compare_dated(const void *a, const void *b) {
    const struct dated_row *x = a, *y = b;
    return x->day != y->day ? (x->day > y->day) - (x->day < y->day) : (x->row > y->row) - (x->row < y->row);
}

static int compare_rows(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void sort_dated(struct dated *dated) {
    struct dated_row *sorted = grown(NULL, dated->count, sizeof *sorted);
    for (int i = 0; i < dated->count; i++)
        sorted[i] = (struct dated_row){dated->days[i], dated->rows[i]};
    qsort(sorted, (size_t)dated->count, sizeof *sorted, compare_dated);
    for (int i = 0; i < dated->count; i++) {
        dated->days[i] = sorted[i].day;
        dated->rows[i] = sorted[i].row;
    }
    free(sorted);
}

static void begin(struct dated *dated, const struct space *space, int64_t root_row) {
    dated->stamp = space->target->stamp;
    dated->root_row = root_row;
    dated->count = dated->end = 0;
    dated->comes_so = true;
    dated->has_failed = false;
    dated->until = DAY_MIN - 1;
}

/* The children of the element that are wanted. */
static void fill(struct dated *dated, const struct space *space, int64_t root_row) {
    const struct term *dates = space->dates, *wanted = space->target_wanted;
    const uint8_t *truths = wanted && wanted->space == space->target ? wanted->result.truths : NULL;
    int first = space->target->offsets[root_row], end = space->target->offsets[root_row + 1];
    reserve(dated, end - first + 1);
    begin(dated, space, root_row);
    for (int row = first; row < end; row++) {
        if (truths && truths[row] == TRUTH_FALSE)
            continue;
        enum state state = dates->result.is_plain ? STATE_KNOWN : term_state(dates, row);
        dated->has_failed = dated->has_failed || state == STATE_FAILED;
        if (state != STATE_KNOWN)
            continue;
        int64_t day = dates->result.integers[row];
        dated->comes_so = dated->comes_so && (dated->count == 0 || dated->days[dated->count - 1] <= day);
        dated->days[dated->count] = day;
        dated->rows[dated->count++] = row;
    }
    if (!dated->comes_so)
        sort_dated(dated);
}

/* ---- between two days ---- */

/* The first from that day on. */
static int find_day(const struct dated *dated, int64_t day) {
    int low = 0, high = dated->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (dated->days[middle] < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool dated_find(struct space *space, int64_t root_row, int64_t from, int64_t until, const int64_t **rows, int64_t *count) {
    struct dated *dated = space->dated;
    if (!dated && !(dated = space->dated = calloc(1, sizeof *dated)))
        abort();
    if (dated->stamp != space->target->stamp || dated->root_row != root_row)
        fill(dated, space, root_row);
    if (dated->has_failed)
        return false;
    int first = from == dated->until + 1 ? dated->end : find_day(dated, from);
    int end = first;
    while (end < dated->count && dated->days[end] <= until)
        end++;
    dated->until = until;
    dated->end = end;
    *count = end - first;
    *rows = dated->rows + first;
    if (!dated->comes_so && end - first > 1) {
        memcpy(dated->picked, dated->rows + first, (size_t)(end - first) * sizeof *dated->picked);
        qsort(dated->picked, (size_t)(end - first), sizeof *dated->picked, compare_rows);
        *rows = dated->picked;
    }
    return true;
}

void dated_free(struct dated *dated) {
    if (!dated)
        return;
    free(dated->days);
    free(dated->rows);
    free(dated->picked);
    free(dated);
}
