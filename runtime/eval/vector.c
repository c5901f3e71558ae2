/* Terms evaluated for all rows of their space: leaves, logic, choice, and what is taken from elsewhere. See plan.h.
 * Knows: vectors. Does not know: operations (operation.c), aggregates (reduce.c), walks (rows_walk.c). */
#include "runtime/eval/plan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- memory and single rows ---- */

static void *grown(void *items, size_t size) {
    items = realloc(items, size);
    if (!items)
        abort();
    return items;
}

void term_reserve(struct term *term, int count) {
    if (count > term->capacity) {
        term->capacity = count < ROOT_ROWS ? ROOT_ROWS : count + count / 4;
        term->owned.items = grown(term->owned.items, (size_t)term->capacity * form_size(term->form));
        term->owned.states = grown(term->owned.states, (size_t)term->capacity);
    }
    term->result = term->owned;
}

struct value vector_value(const struct vector *vector, enum form form, int64_t row) {
    if (form == FORM_TRUTH)
        return vector->truths[row] <= TRUTH_TRUE ? value_int(vector->truths[row]) : value_missing();
    if (vector->states[row] != STATE_KNOWN)
        return value_missing();
    return form == FORM_INT ? value_int(vector->integers[row]) : form == FORM_NUMBER ? value_number(vector->numbers[row]) : vector->texts[row];
}

static int row_of(const struct term *term, int row) {
    return term->space->kind == SPACE_ONCE ? 0 : row;
}

struct value term_value(const struct term *term, int row) {
    return vector_value(&term->result, term->form, row_of(term, row));
}

enum state term_state(const struct term *term, int row) {
    row = row_of(term, row);
    if (term->form != FORM_TRUTH)
        return term->result.states[row];
    return term->result.truths[row] <= TRUTH_TRUE ? STATE_KNOWN : term->result.truths[row] == TRUTH_MISSING ? STATE_MISSING : STATE_FAILED;
}

void term_set_state(struct term *term, int row, enum state state) {
    term->result.is_plain = false;
    if (term->form == FORM_TRUTH)
        term->result.truths[row] = state == STATE_MISSING ? TRUTH_MISSING : TRUTH_FAILED;
    else {
        term->result.states[row] = (uint8_t)state;
        if (term->form != FORM_TEXT)
            term->result.integers[row] = 0;
        else
            term->result.texts[row] = value_missing();
    }
}

void term_set(struct term *term, int row, struct value value) {
    if (value.kind == VALUE_MISSING) {
        term_set_state(term, row, STATE_MISSING);
        return;
    }
    switch (term->form) {
    case FORM_INT:
        term->result.integers[row] = value.integer;
        break;
    case FORM_NUMBER:
        term->result.numbers[row] = value.number;
        break;
    case FORM_TEXT:
        term->result.texts[row] = value;
        break;
    case FORM_TRUTH:
        term->result.truths[row] = value.integer != 0;
        return;
    }
    term->result.states[row] = STATE_KNOWN;
}

static bool all_zero(const uint8_t *bytes, size_t count) {
    return count == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, count - 1) == 0);
}

static void note_plain(struct vector *vector, enum form form, int count) {
    if (form != FORM_TRUTH) {
        vector->is_plain = all_zero(vector->states, (size_t)count);
        return;
    }
    const uint8_t *restrict truths = vector->truths;
    uint8_t all = 0;
    for (int i = 0; i < count; i++)
        all |= truths[i];
    vector->is_plain = all <= TRUTH_TRUE;
}

/* ---- leaves ---- */

static void run_constant(struct term *term) {
    term_reserve(term, 1);
    term->result.is_plain = true;
    term_set(term, 0, term->constant);
}

/* In a pass over a table, what is kept there. */
static void run_kept(struct plan *plan, struct term *term) {
    term_reserve(term, term->space->count);
    column_read(&term->column, term->space->position, term->space->count, &term->result, plan->texts);
}

static void run_column(struct term *term) {
    struct space *space = term->space;
    int count = space->count;
    const struct batch_column *column = &space->columns[space->field_columns[term->field->index]];
    bool never_missing = !term->field->type.optional;
    if (term->form == FORM_INT || term->form == FORM_NUMBER) {
        term->result.states = column->missing;
        if (term->form == FORM_INT)
            term->result.integers = column->integers;
        else
            term->result.numbers = column->numbers;
        term->result.is_plain = never_missing || all_zero(column->missing, (size_t)count);
        return;
    }
    term_reserve(term, count);
    if (term->form == FORM_TRUTH) {
        for (int i = 0; i < count; i++)
            term->result.truths[i] = column->missing[i] ? TRUTH_MISSING : column->integers[i] != 0;
    } else {
        memcpy(term->result.states, column->missing, (size_t)count);
        for (int i = 0; i < count; i++)
            term->result.texts[i] = value_text(column->texts[i], column->lengths[i]);
    }
    note_plain(&term->result, term->form, count);
}

static void run_numbers(struct term *term) { /* ID, ROW, INDEX, PERIOD and its days: never missing */
    struct space *space = term->space;
    term_reserve(term, space->count);
    memset(term->result.states, STATE_KNOWN, (size_t)space->count);
    term->result.is_plain = true;
    if (term->kind == TERM_ID)
        term->result.integers = space->ids;
    else if (term->kind == TERM_INDEX || term->kind == TERM_PERIOD)
        term->result.integers = space->index;
    else if (term->kind == TERM_STARTS || term->kind == TERM_ENDS)
        term->result.integers = term->kind == TERM_STARTS ? space->starts : space->ends;
    else
        for (int i = 0; i < space->count; i++)
            term->result.integers[i] = i;
}

/* Local pointers: bytes that are written might otherwise be those of the struct. */
#define EXPAND_LOOP(type, items)                                              \
    {                                                                         \
        type *restrict out = to->items;                                       \
        const type *restrict in = from->items + space->first_outer;           \
        const int *restrict offsets = space->offsets;                         \
        for (int k = 0; k < segments; k++)                                    \
            for (int i = offsets[k], end = offsets[k + 1]; i < end; i++)      \
                out[i] = in[k];                                               \
    }

static void run_expand(struct term *term) {
    const struct space *space = term->space;
    const struct vector *from = &term->inputs[0]->result;
    struct vector *to = &term->result;
    term_reserve(term, space->count);
    to->is_plain = from->is_plain;
    int segments = space->segment_count;
    if (term->form == FORM_TEXT)
        EXPAND_LOOP(struct value, texts)
    else if (term->form == FORM_TRUTH)
        EXPAND_LOOP(uint8_t, truths)
    else
        EXPAND_LOOP(int64_t, integers)
    if (to->is_plain && term->form != FORM_TRUTH)
        memset(to->states, STATE_KNOWN, (size_t)space->count);
    else if (term->form != FORM_TRUTH)
        EXPAND_LOOP(uint8_t, states)
}

/* ---- from elsewhere ---- */

static void run_position(struct term *term) {
    const struct term *id = term->inputs[0];
    int count = term->space->count;
    term_reserve(term, count);
    term->result.is_plain = true;
    memcpy(term->result.states, id->result.states, (size_t)count);
    for (int i = 0; i < count; i++) {
        int64_t position = id->result.states[i] == STATE_KNOWN ? table_position(term->table, id->result.integers[i]) : -1;
        term->result.integers[i] = position;
        if (position < 0)
            term_set_state(term, i, id->result.states[i] == STATE_FAILED ? STATE_FAILED : STATE_MISSING);
    }
}

/* The row's value is that of the row `at` of another vector. */
static void copy_from(struct term *term, int row, const struct vector *from, int64_t at) {
    if (term->form == FORM_TRUTH)
        term->result.truths[row] = from->truths[at];
    else if ((term->result.states[row] = from->states[at]) == STATE_KNOWN && term->form == FORM_TEXT)
        term->result.texts[row] = from->texts[at];
    else if (term->form != FORM_TEXT)
        term->result.integers[row] = from->integers[at];
}

static void run_from_table(struct plan *plan, struct term *term) {
    const struct vector *index = &term->inputs[0]->result;
    struct column *column = &term->target->column;
    int count = term->space->count;
    term_reserve(term, count);
    term->result.is_plain = true;
    if (index->is_plain && column->is_plain && term->form == FORM_INT) {
        for (int i = 0; i < count; i++)
            term->result.integers[i] = column_integer(column, index->integers[i]);
        memset(term->result.states, STATE_KNOWN, (size_t)count);
        return;
    }
    for (int i = 0; i < count; i++) {
        enum state state = (enum state)index->states[i];
        if (state == STATE_KNOWN)
            state = column_state(column, index->integers[i]);
        if (state == STATE_KNOWN)
            term_set(term, i, column_value(column, index->integers[i], plan->texts));
        else
            term_set_state(term, i, state);
    }
}

static void run_from_row(struct term *term) {
    const struct vector *index = &term->inputs[0]->result, *from = &term->target->result;
    int count = term->space->count;
    bool is_once = term->target->space->kind == SPACE_ONCE;
    term_reserve(term, count);
    if (index->is_plain && from->is_plain && term->form == FORM_INT && !is_once) {
        const int64_t *restrict at = index->integers, *restrict in = from->integers;
        int64_t *restrict out = term->result.integers;
        for (int i = 0; i < count; i++)
            out[i] = in[at[i]];
        memset(term->result.states, STATE_KNOWN, (size_t)count);
        term->result.is_plain = true;
        return;
    }
    term->result.is_plain = true;
    for (int i = 0; i < count; i++)
        if (index->states[i] == STATE_KNOWN)
            copy_from(term, i, from, is_once ? 0 : index->integers[i]);
        else
            term_set_state(term, i, index->states[i]);
    note_plain(&term->result, term->form, count);
}

/* ---- logic ---- */

/* As the walk does: what is missing does not hold. */
static const uint8_t and_table[4][4] = {{0, 0, 0, 0}, {0, 1, 0, 3}, {0, 0, 0, 0}, {3, 3, 3, 3}};
static const uint8_t or_table[4][4] = {{0, 1, 0, 3}, {1, 1, 1, 1}, {0, 1, 0, 3}, {3, 3, 3, 3}};

static void run_logic(struct term *term) {
    const struct term *left = term->inputs[0], *right = term->inputs[1];
    const uint8_t (*table)[4] = term->kind == TERM_AND ? and_table : or_table;
    int count = term->space->count, left_step = left->space == term->space, right_step = right->space == term->space;
    term_reserve(term, count);
    const uint8_t *restrict a = left->result.truths, *restrict b = right->result.truths;
    uint8_t *restrict out = term->result.truths;
    term->result.is_plain = left->result.is_plain && right->result.is_plain;
    if (term->result.is_plain && left_step && right_step && term->kind == TERM_AND)
        for (int i = 0; i < count; i++)
            out[i] = a[i] & b[i];
    else {
        for (int i = 0; i < count; i++)
            out[i] = table[a[i * left_step]][b[i * right_step]];
        note_plain(&term->result, FORM_TRUTH, count);
    }
}

static void run_not(struct term *term) {
    static const uint8_t turned[4] = {TRUTH_TRUE, TRUTH_FALSE, TRUTH_MISSING, TRUTH_FAILED};
    int count = term->space->count;
    term_reserve(term, count);
    const uint8_t *restrict in = term->inputs[0]->result.truths;
    uint8_t *restrict out = term->result.truths;
    for (int i = 0; i < count; i++)
        out[i] = turned[in[i]];
    term->result.is_plain = term->inputs[0]->result.is_plain;
}

static void run_known(struct term *term) {
    const struct term *input = term->inputs[0];
    uint8_t when_known = term->kind == TERM_IS_KNOWN, any = 0;
    int count = term->space->count;
    term_reserve(term, count);
    uint8_t *restrict out = term->result.truths;
    const uint8_t *restrict truths = input->result.truths, *restrict states = input->result.states;
    term->result.is_plain = true;
    if (input->result.is_plain) {
        memset(out, when_known, (size_t)count);
        return;
    }
    if (input->form == FORM_TRUTH)
        for (int i = 0; i < count; i++)
            out[i] = (truths[i] <= TRUTH_TRUE) == when_known;
    else
        for (int i = 0; i < count; i++)
            out[i] = (states[i] == STATE_KNOWN) == when_known;
    for (int i = 0; i < count; i++)
        any |= input->form == FORM_TRUTH ? truths[i] == TRUTH_FAILED : states[i] == STATE_FAILED;
    for (int i = 0; any && i < count; i++)
        if (term_state(input, i) == STATE_FAILED)
            term_set_state(term, i, STATE_FAILED);
}

static void run_conversion(struct term *term) {
    const struct term *input = term->inputs[0];
    term_reserve(term, term->space->count);
    term->result.is_plain = true;
    for (int i = 0; i < term->space->count; i++) {
        enum state state = term_state(input, i);
        if (state != STATE_KNOWN)
            term_set_state(term, i, state);
        else
            term_set(term, i, term_value(input, i));
    }
}

/* ---- choice ---- */

static void copy_row(struct term *term, const struct term *from, int row) {
    enum state state = term_state(from, row);
    if (state == STATE_KNOWN)
        term_set(term, row, term_value(from, row));
    else
        term_set_state(term, row, state);
}

static void run_default(struct term *term) {
    if (term->inputs[0]->result.is_plain && term->inputs[0]->space == term->space) { /* nothing is missing */
        term->result = term->inputs[0]->result;
        return;
    }
    term_reserve(term, term->space->count);
    term->result.is_plain = true;
    for (int i = 0; i < term->space->count; i++) {
        int chosen = 0;
        while (chosen < term->input_count - 1 && term_state(term->inputs[chosen], i) == STATE_MISSING)
            chosen++;
        copy_row(term, term->inputs[chosen], i);
    }
}

static void run_case(struct term *term) {
    int last = term->input_count - 1;
    term_reserve(term, term->space->count);
    term->result.is_plain = true;
    for (int i = 0; i < term->space->count; i++) {
        int at = 0;
        while (at < last) {
            uint8_t truth = term->inputs[at]->result.truths[row_of(term->inputs[at], i)];
            if (truth == TRUTH_TRUE || truth == TRUTH_FAILED)
                break;
            at += 2;
        }
        if (at < last && term_state(term->inputs[at], i) == STATE_FAILED)
            term_set_state(term, i, STATE_FAILED);
        else
            copy_row(term, term->inputs[at < last ? at + 1 : last], i);
    }
}

/* Small numbers, as enums have, are looked up in the bits of a word. */
static bool run_in_bits(struct term *term) {
    const struct term *sought = term->inputs[0];
    uint64_t bits = 0;
    if (term->form != FORM_TRUTH || sought->form != FORM_INT || sought->space != term->space)
        return false;
    for (int i = 1; i < term->input_count; i++) {
        const struct term *one = term->inputs[i];
        if (one->kind != TERM_CONSTANT || one->constant.kind != VALUE_INT || one->constant.integer < 0 || one->constant.integer > 63)
            return false;
        bits |= UINT64_C(1) << one->constant.integer;
    }
    const int64_t *restrict values = sought->result.integers;
    uint8_t *restrict out = term->result.truths;
    int count = term->space->count;
    for (int i = 0; i < count; i++)
        out[i] = (uint64_t)values[i] < 64 && (bits >> values[i] & 1);
    if (!sought->result.is_plain)
        for (int i = 0; i < term->space->count; i++)
            if (sought->result.states[i] != STATE_KNOWN)
                term_set_state(term, i, sought->result.states[i]);
    return true;
}

static void run_in(struct term *term) {
    term_reserve(term, term->space->count);
    term->result.is_plain = true;
    if (run_in_bits(term))
        return;
    for (int i = 0; i < term->space->count; i++) {
        enum state state = term_state(term->inputs[0], i);
        struct value sought = term_value(term->inputs[0], i);
        bool found = false;
        for (int k = 1; k < term->input_count && state == STATE_KNOWN && !found; k++) {
            if (term_state(term->inputs[k], i) == STATE_FAILED)
                state = STATE_FAILED;
            else if (term_state(term->inputs[k], i) == STATE_KNOWN)
                found = value_compare(sought, term_value(term->inputs[k], i)) == 0;
        }
        term->result.truths[i] = found;
        if (state != STATE_KNOWN)
            term_set_state(term, i, state);
    }
}

static void run_require(struct term *term) {
    term_reserve(term, term->space->count);
    term->result.is_plain = true;
    for (int i = 0; i < term->space->count; i++)
        if (term_state(term->inputs[0], i) == STATE_KNOWN)
            copy_row(term, term->inputs[0], i);
        else
            term_set_state(term, i, STATE_FAILED);
}

/* ---- all of them ---- */

static void run(struct plan *plan, struct term *term) {
    switch (term->kind) {
    case TERM_CONSTANT:
        run_constant(term);
        break;
    case TERM_COLUMN:
        run_column(term);
        break;
    case TERM_ID: case TERM_ROW: case TERM_INDEX: case TERM_PERIOD: case TERM_STARTS: case TERM_ENDS:
        run_numbers(term);
        break;
    case TERM_EXPAND:
        run_expand(term);
        break;
    case TERM_POSITION:
        run_position(term);
        break;
    case TERM_FROM_TABLE:
        if (term->target->space->kind != SPACE_ONCE)
            run_from_table(plan, term);
        else
            run_from_row(term);
        break;
    case TERM_FROM_ROW:
        run_from_row(term);
        break;
    case TERM_OPERATION:
        operation_run(plan, term);
        break;
    case TERM_AND: case TERM_OR:
        run_logic(term);
        break;
    case TERM_NOT:
        run_not(term);
        break;
    case TERM_IS_KNOWN: case TERM_IS_MISSING:
        run_known(term);
        break;
    case TERM_DEFAULT:
        run_default(term);
        break;
    case TERM_CASE:
        run_case(term);
        break;
    case TERM_IN:
        run_in(term);
        break;
    case TERM_REQUIRE:
        run_require(term);
        break;
    case TERM_TO_TRUTH: case TERM_TO_INT:
        run_conversion(term);
        break;
    case TERM_REDUCE:
        reduce_run(plan, term);
        break;
    case TERM_WALK:
        walk_run(plan, term);
        break;
    }
}

/* What a pass may take from the table instead: stored fields when it runs over the table, and what passes before it have kept. */
static bool is_in_table(const struct term *term) {
    const struct space *space = term->space;
    if (!term->is_kept || term->kind == TERM_ID || space->kind != SPACE_ROOT || space->level == INT32_MAX)
        return false;
    return term->kind == TERM_COLUMN ? space->from_table : term->level < space->level;
}

void term_need(struct plan *plan, struct term *term) {
    if (term->space->kind == SPACE_CHILD && !child_fill(plan, term->space))
        return;
    if (term->stamp == term->space->stamp)
        return;
    if (term->space->count == 0) {
        term->result.is_plain = true;
        return;
    }
    if (is_in_table(term)) {
        run_kept(plan, term);
        term->stamp = term->space->stamp;
        return;
    }
    for (int i = 0; i < term->input_count; i++)
        term_need(plan, term->inputs[i]);
    if (term->kind == TERM_FROM_ROW || (term->kind == TERM_FROM_TABLE && term->target->space->kind == SPACE_ONCE))
        term_need(plan, term->target);
    if (term->wanted)
        term_need(plan, term->wanted);
    if (plan->has_failed)
        return;
    run(plan, term);
    if (term->space->kind == SPACE_ONCE && term->form == FORM_TEXT && term->result.states[0] == STATE_KNOWN)
        term->result.texts[0] = value_keep(plan->arena, term->result.texts[0]); /* it outlives the batch */
    term->stamp = term->space->stamp;
}
