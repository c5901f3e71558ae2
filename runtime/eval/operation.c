/* Operations evaluated for all rows of a space: tight loops for the common ones on whole numbers, value_operate for all others. See plan.h.
 * Knows: which operations have a loop. Does not know: what the others mean (runtime/value/operate.h). */
#include "lang/base/civil.h"
#include "lang/base/decimal.h"
#include "runtime/eval/plan.h"

#include <string.h>

/* ---- operands ---- */

/* The second stands still when it is the same for all rows. */
struct operands {
    const int64_t *a, *b;
    int count;
    bool is_constant; /* b */
};

/* ---- comparisons of whole numbers ---- */

#define COMPARE_LOOP(name, sign)                                              \
    static void name(uint8_t *restrict out, const struct operands *operands) { \
        const int64_t *restrict a = operands->a, *restrict b = operands->b;   \
        int count = operands->count;                                          \
        if (operands->is_constant) {                                          \
            int64_t constant = *b;                                            \
            for (int i = 0; i < count; i++)                                   \
                out[i] = a[i] sign constant;                                  \
        } else                                                                \
            for (int i = 0; i < count; i++)                                   \
                out[i] = a[i] sign b[i];                                      \
    }
COMPARE_LOOP(compare_equal, ==)
COMPARE_LOOP(compare_not_equal, !=)
COMPARE_LOOP(compare_less, <)
COMPARE_LOOP(compare_at_most, <=)
COMPARE_LOOP(compare_greater, >)
COMPARE_LOOP(compare_at_least, >=)

static void compare_all(enum operation operation, uint8_t *out, const struct operands *operands) {
    switch (operation) {
    case OPERATION_EQUAL: compare_equal(out, operands); break;
    case OPERATION_NOT_EQUAL: compare_not_equal(out, operands); break;
    case OPERATION_LESS: compare_less(out, operands); break;
    case OPERATION_AT_MOST: compare_at_most(out, operands); break;
    case OPERATION_GREATER: compare_greater(out, operands); break;
    default: compare_at_least(out, operands); break;
    }
}

/* ---- arithmetic on whole numbers ---- */

/* Each loop writes all rows and the states of those that do not fit, and says whether there is any. */
#define OVERFLOW_LOOP(name, builtin)                                                                      \
    static bool name(const struct operands *operands, int64_t *restrict out, uint8_t *restrict states) { \
        const int64_t *restrict a = operands->a, *restrict b = operands->b;                               \
        uint8_t any = 0;                                                                                  \
        for (int i = 0, step = !operands->is_constant; i < operands->count; i++) {                        \
            bool overflows = builtin(a[i], b[i * step], &out[i]);                                         \
            states[i] = overflows ? STATE_FAILED : STATE_KNOWN;                                           \
            any |= overflows;                                                                             \
        }                                                                                                 \
        return any;                                                                                       \
    }
OVERFLOW_LOOP(add_all, __builtin_add_overflow)
OVERFLOW_LOOP(subtract_all, __builtin_sub_overflow)
OVERFLOW_LOOP(multiply_all, __builtin_mul_overflow)

static bool difference_all(const struct operands *operands, int64_t *restrict out, uint8_t *restrict states) {
    const int64_t *restrict a = operands->a, *restrict b = operands->b;
    for (int i = 0, step = !operands->is_constant; i < operands->count; i++)
        out[i] = (a[i] - b[i * step]) * DAY_SECONDS;
    memset(states, STATE_KNOWN, (size_t)operands->count);
    return false;
}

static bool move_days_all(const struct operands *operands, int64_t *restrict out, uint8_t *restrict states, int sign) {
    uint8_t any = 0;
    for (int i = 0; i < operands->count; i++) {
        int64_t seconds = operands->b[operands->is_constant ? 0 : i], day = 0;
        bool bad = seconds % DAY_SECONDS != 0 || !day_add(operands->a[i], sign * (seconds / DAY_SECONDS), &day);
        out[i] = day;
        states[i] = bad ? STATE_FAILED : STATE_KNOWN;
        any |= bad;
    }
    return any;
}

static bool times_decimal_all(const struct operands *operands, int64_t *out, uint8_t *states, struct decimal factor) {
    uint8_t any = 0;
    for (int i = 0; i < operands->count; i++) {
        bool bad = !money_multiply_decimal(operands->a[i], factor, &out[i]);
        states[i] = bad ? STATE_FAILED : STATE_KNOWN;
        any |= bad;
    }
    return any;
}

static bool has_loop(enum operation operation) {
    switch (operation) {
    case OPERATION_ADD: case OPERATION_SUBTRACT: case OPERATION_MULTIPLY: case OPERATION_MULTIPLY_DECIMAL: case OPERATION_DATE_DIFFERENCE:
    case OPERATION_DATE_ADD_DURATION: case OPERATION_DATE_SUBTRACT_DURATION:
        return true;
    default:
        return operation >= OPERATION_EQUAL && operation <= OPERATION_AT_LEAST;
    }
}

/* ---- states ---- */

static enum state worse(const struct term *term, int row) {
    enum state state = STATE_KNOWN;
    for (int i = 0; i < term->input_count; i++) {
        enum state one = term_state(term->inputs[i], row);
        state = one > state ? one : state;
    }
    return state;
}

static bool inputs_are_plain(const struct term *term) {
    for (int i = 0; i < term->input_count; i++)
        if (!term->inputs[i]->result.is_plain)
            return false;
    return true;
}

/* ---- the loops ---- */

static bool run_arithmetic(struct term *term, const struct operands *operands) {
    int64_t *out = term->result.integers;
    uint8_t *states = term->result.states;
    switch (term->operation) {
    case OPERATION_DATE_DIFFERENCE:
        return difference_all(operands, out, states);
    case OPERATION_DATE_ADD_DURATION: case OPERATION_DATE_SUBTRACT_DURATION:
        return move_days_all(operands, out, states, term->operation == OPERATION_DATE_ADD_DURATION ? 1 : -1);
    case OPERATION_MULTIPLY_DECIMAL:
        return times_decimal_all(operands, out, states, term->factor);
    case OPERATION_ADD:
        return add_all(operands, out, states);
    case OPERATION_SUBTRACT:
        return subtract_all(operands, out, states);
    default:
        return multiply_all(operands, out, states);
    }
}

static bool run_loop(struct term *term) {
    struct term *const *inputs = term->inputs;
    if (!has_loop(term->operation))
        return false;
    for (int i = 0; i < term->input_count; i++)
        if (inputs[i]->form != FORM_INT)
            return false;
    struct operands operands = {.a = inputs[0]->result.integers, .count = term->space->count};
    if (inputs[0]->space != term->space)
        return false;
    if (term->input_count > 1) {
        operands.b = inputs[1]->result.integers;
        operands.is_constant = inputs[1]->space != term->space;
    }
    term->result.is_plain = true;
    if (term->form == FORM_TRUTH)
        compare_all(term->operation, term->result.truths, &operands);
    else
        term->result.is_plain = !run_arithmetic(term, &operands);
    if (!inputs_are_plain(term))
        for (int i = 0; i < operands.count; i++) {
            enum state state = worse(term, i);
            if (state != STATE_KNOWN)
                term_set_state(term, i, state);
        }
    return true;
}

/* ---- days of periods ---- */

/* date, first day, last day: the days are known. */
static bool run_in_days(struct term *term) {
    const struct term *date = term->inputs[0];
    if (term->operation != OPERATION_DATE_IN_PERIOD || term->input_count != 3)
        return false;
    int date_step = date->space == term->space, day_step = term->inputs[1]->space == term->space, count = term->space->count;
    const int64_t *restrict dates = date->result.integers, *restrict from = term->inputs[1]->result.integers, *restrict until = term->inputs[2]->result.integers;
    uint8_t *restrict out = term->result.truths;
    for (int i = 0; i < count; i++)
        out[i] = dates[i * date_step] >= from[i * day_step] && dates[i * date_step] <= until[i * day_step];
    term->result.is_plain = true;
    for (int i = 0; !date->result.is_plain && i < count; i++)
        if (term_state(date, i) != STATE_KNOWN)
            term_set_state(term, i, term_state(date, i));
    return true;
}

/* ---- all others ---- */

static void run_rows(struct plan *plan, struct term *term) {
    struct operator_context *operators = plan->walker->inputs->operators;
    term->result.is_plain = true;
    for (int i = 0; i < term->space->count; i++) {
        struct value arguments[2] = {value_missing(), value_missing()}, result;
        for (int k = 0; k < term->input_count; k++)
            arguments[k] = term_value(term->inputs[k], i);
        if (worse(term, i) == STATE_FAILED) {
            term_set_state(term, i, STATE_FAILED);
            continue;
        }
        if (value_operate(operators, term->operation, term->first, arguments, &term->factor, &result, plan->ignored))
            term_set(term, i, result);
        else {
            plan->ignored->kind = FAILURE_NONE;
            term_set_state(term, i, STATE_FAILED);
        }
    }
}

void operation_run(struct plan *plan, struct term *term) {
    term_reserve(term, term->space->count);
    if (!run_loop(term) && !run_in_days(term))
        run_rows(plan, term);
}
