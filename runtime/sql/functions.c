/* Remit's functions for questions: remit_add, remit_to_text, … one for each operation, and the aggregates that SQL lacks or means otherwise.
 * Knows: operations.def, accumulators. Does not know: how questions are written.
 *   remit_OPERATION(…)                     value_operate. Those of sql_operation_wants_kind have the kind of the first argument's type before it: remit_negate(kind, x);
 *                                          remit_to_text(kind, currency, x); remit_multiply_decimal(kind, x, mantissa, scale); add, subtract and multiply take two or more values and work
 *                                          from the left
 *   remit_require(message)                 fails with the message
 *   remit_pack(number), remit_unpack(int)  a number's bits as a whole number, for the way through JSON
 *   remit_sum_…, remit_average_…           accumulators of runtime/value
 *   remit_streak(holds, by, id)            how many of the newest in a row hold
 *   remit_longest_gap(seconds in one, by)  the longest duration between neighbours
 *   remit_join(separator, text, order …)   the texts in that order
 * Texts made by an operation live until the next one that makes a text: SQLite has copied them by then. */
#include "runtime/sql/writer.h"

#include <stdlib.h>
#include <string.h>

/* ---- operations ---- */

static bool makes_text(enum operation operation) {
    switch (operation) {
    case OPERATION_TEXT_LOWER: case OPERATION_TEXT_UPPER: case OPERATION_TEXT_TRIM: case OPERATION_TO_TEXT: case OPERATION_PERCENT_TEXT:
    case OPERATION_FORMAT_DATE: case OPERATION_FORMAT_NUMBER:
        return true;
    default:
        return false;
    }
}

/* a + b + c from the left; missing when one of them is. */
static bool operate_chain(struct operator_context *context, enum operation operation, struct type type, int count, const struct value *arguments, struct value *result,
                          struct failure *failure) {
    *result = arguments[0];
    for (int i = 1; i < count; i++) {
        struct value pair[] = {*result, arguments[i]};
        if (!value_operate(context, operation, type, pair, NULL, result, failure))
            return false;
    }
    return true;
}

bool sql_operation_wants_kind(enum operation operation) {
    switch (operation) {
    case OPERATION_ADD: case OPERATION_SUBTRACT: case OPERATION_MULTIPLY: case OPERATION_NEGATE: case OPERATION_ABSOLUTE: case OPERATION_MULTIPLY_DECIMAL:
    case OPERATION_MULTIPLY_BY_NUMBER: case OPERATION_DIVIDE_BY_INT: case OPERATION_DIVIDE_BY_NUMBER: case OPERATION_ROUND_MONEY: case OPERATION_TO_TEXT:
        return true;
    default:
        return false;
    }
}

static bool operate(void *context, enum operation operation, int count, const struct value *arguments, struct value *result, struct failure *failure) {
    struct operator_context *operators = context;
    struct type type = {.kind = TYPE_INT};
    if (makes_text(operation))
        operator_context_release_texts(operators);
    if (sql_operation_wants_kind(operation)) {
        type.kind = (enum type_kind)arguments[0].integer;
        arguments++;
        count--;
    }
    switch (operation) {
    case OPERATION_ADD: case OPERATION_SUBTRACT: case OPERATION_MULTIPLY: case OPERATION_ADD_NUMBER: case OPERATION_SUBTRACT_NUMBER: case OPERATION_MULTIPLY_NUMBER:
        return operate_chain(operators, operation, type, count, arguments, result, failure);
    case OPERATION_MULTIPLY_DECIMAL: {
        struct decimal factor = {arguments[1].integer, (int)arguments[2].integer};
        return value_operate(operators, operation, type, arguments, &factor, result, failure);
    }
    case OPERATION_TO_TEXT: {
        char currency[8] = "";
        if (type.kind == TYPE_MONEY && arguments[0].kind == VALUE_TEXT && arguments[0].length < sizeof currency) {
            memcpy(currency, arguments[0].text, arguments[0].length);
            type.currency = currency;
        }
        return value_operate(operators, operation, type, &arguments[1], NULL, result, failure);
    }
    default:
        return value_operate(operators, operation, type, arguments, NULL, result, failure);
    }
}

#define OPERATION(constant, dump, arity, fails, missing)                                                                                        \
    static bool invoke_##constant(void *context, int count, const struct value *arguments, struct value *result, struct failure *failure) {    \
        return operate(context, OPERATION_##constant, count, arguments, result, failure);                                                      \
    }
#include "lang/check/operations.def"
#undef OPERATION

static const struct {
    const char *name;
    int arity;
    store_function invoke;
} operation_functions[OPERATION_COUNT] = {
#define OPERATION(constant, dump, arity, fails, missing) [OPERATION_##constant] = {"remit_" dump, arity, invoke_##constant},
#include "lang/check/operations.def"
#undef OPERATION
};

static int argument_count(enum operation operation, int arity) {
    switch (operation) {
    case OPERATION_ADD: case OPERATION_SUBTRACT: case OPERATION_MULTIPLY: case OPERATION_ADD_NUMBER: case OPERATION_SUBTRACT_NUMBER: case OPERATION_MULTIPLY_NUMBER:
        return -1;
    case OPERATION_TO_TEXT:
        return 3;
    case OPERATION_MULTIPLY_DECIMAL:
        return 4;
    default:
        return arity + sql_operation_wants_kind(operation);
    }
}

/* ---- other functions ---- */

static bool invoke_require(void *context, int count, const struct value *arguments, struct value *result, struct failure *failure) {
    (void)context, (void)count;
    *result = value_missing();
    char message[300];
    snprintf(message, sizeof message, "%.*s", (int)arguments[0].length, arguments[0].text);
    return failure_set(failure, DIAG_NO_RATE, message);
}

static bool invoke_pack(void *context, int count, const struct value *arguments, struct value *result, struct failure *failure) {
    (void)context, (void)count, (void)failure;
    *result = value_missing();
    if (arguments[0].kind == VALUE_NUMBER) {
        int64_t bits;
        memcpy(&bits, &arguments[0].number, sizeof bits);
        *result = value_int(bits);
    }
    return true;
}

static bool invoke_unpack(void *context, int count, const struct value *arguments, struct value *result, struct failure *failure) {
    (void)context, (void)count, (void)failure;
    *result = value_missing();
    if (arguments[0].kind == VALUE_INT) {
        double number;
        memcpy(&number, &arguments[0].integer, sizeof number);
        *result = value_number(number);
    }
    return true;
}

/* ---- sums and averages ---- */

/* What an accumulating aggregate gives: its kind and the type of its result. */
struct accumulating {
    const char *name;
    enum aggregate_kind kind;
    enum type_kind result;
};
static const struct accumulating accumulating_aggregates[] = {
    {"remit_sum_int", AGGREGATE_SUM, TYPE_INT},
    {"remit_sum_money", AGGREGATE_SUM, TYPE_MONEY},
    {"remit_sum_duration", AGGREGATE_SUM, TYPE_DURATION},
    {"remit_sum_number", AGGREGATE_SUM, TYPE_NUMBER},
    {"remit_average_money", AGGREGATE_AVERAGE, TYPE_MONEY},
    {"remit_average_int", AGGREGATE_AVERAGE, TYPE_NUMBER},
    {"remit_average_number", AGGREGATE_AVERAGE, TYPE_NUMBER},
};

/* SQLite gives memory for states in steps of 8 bytes; a wide integer wants 16. A state stays where it is. */
enum { STATE_BYTES = sizeof(struct accumulator) + _Alignof(struct accumulator) };

static struct accumulator *accumulator_in(void *state) {
    uintptr_t address = (uintptr_t)state, step = _Alignof(struct accumulator);
    return (struct accumulator *)((char *)state + (step - address % step) % step);
}

static bool accumulate_step(void *context, void *state, int count, const struct value *arguments, struct failure *failure) {
    const struct accumulating *accumulating = context;
    (void)count, (void)failure;
    accumulator_add(accumulator_in(state), accumulating->kind, arguments[0]);
    return true;
}

static bool accumulate_final(void *context, void *state, struct value *result, struct failure *failure) {
    const struct accumulating *accumulating = context;
    return accumulator_result(accumulator_in(state), accumulating->kind, (struct type){.kind = accumulating->result}, result, failure);
}

/* ---- aggregates that keep their elements ---- */

struct element {
    const struct value *order; /* order_count of them */
    int order_count;
    struct value value;
};
struct elements {
    struct arena *arena; /* made with the first element */
    struct element *items;
    int count, capacity;
};

static void keep_element(struct elements *elements, struct value value, const struct value *order, int order_count) {
    if (!elements->arena)
        elements->arena = arena_create();
    struct value *kept = ARENA_ARRAY(elements->arena, struct value, order_count);
    for (int i = 0; i < order_count; i++)
        kept[i] = value_keep(elements->arena, order[i]);
    struct element element = {kept, order_count, value_keep(elements->arena, value)};
    LIST_ADD(elements->arena, elements, element);
}

static void release_elements(struct elements *elements) {
    if (elements->arena)
        arena_destroy(elements->arena);
    *elements = (struct elements){0};
}

static int compare_elements(const void *a, const void *b) {
    const struct element *x = a, *y = b;
    for (int i = 0; i < x->order_count; i++) {
        int order = value_compare(x->order[i], y->order[i]);
        if (order)
            return order;
    }
    return 0;
}

static void sort_elements(struct elements *elements) {
    if (elements->count > 1)
        qsort(elements->items, (size_t)elements->count, sizeof *elements->items, compare_elements);
}

/* holds, by, id */
static bool streak_step(void *context, void *state, int count, const struct value *arguments, struct failure *failure) {
    (void)context, (void)failure;
    if (arguments[1].kind != VALUE_MISSING)
        keep_element(state, arguments[0], &arguments[1], count - 1);
    return true;
}

static bool streak_final(void *context, void *state, struct value *result, struct failure *failure) {
    (void)context, (void)failure;
    struct elements *elements = state;
    sort_elements(elements);
    int64_t streak = 0;
    for (int i = elements->count - 1; i >= 0 && elements->items[i].value.kind == VALUE_INT && elements->items[i].value.integer; i--)
        streak++;
    release_elements(elements);
    *result = value_int(streak);
    return true;
}

/* seconds in one of `by`, by */
static bool gap_step(void *context, void *state, int count, const struct value *arguments, struct failure *failure) {
    (void)context, (void)failure;
    if (arguments[1].kind != VALUE_MISSING)
        keep_element(state, arguments[0], &arguments[1], count - 1);
    return true;
}

static bool gap_final(void *context, void *state, struct value *result, struct failure *failure) {
    (void)context, (void)failure;
    struct elements *elements = state;
    sort_elements(elements);
    *result = value_missing();
    for (int i = 1; i < elements->count; i++) {
        int64_t gap = (elements->items[i].order[0].integer - elements->items[i - 1].order[0].integer) * elements->items[i].value.integer;
        if (result->kind == VALUE_MISSING || gap > result->integer)
            *result = value_int(gap);
    }
    release_elements(elements);
    return true;
}

/* The joined text lives until the aggregate's next result: SQLite has copied it by then. */
struct join_state {
    struct elements elements;
    struct value separator;
};

/* separator, text, order … */
static bool join_step(void *context, void *state, int count, const struct value *arguments, struct failure *failure) {
    (void)context, (void)failure;
    struct join_state *join = state;
    if (arguments[1].kind != VALUE_TEXT)
        return true;
    keep_element(&join->elements, arguments[1], &arguments[2], count - 2);
    if (join->elements.count == 1)
        join->separator = value_keep(join->elements.arena, arguments[0]);
    return true;
}

static bool join_final(void *context, void *state, struct value *result, struct failure *failure) {
    static _Thread_local struct buffer joined;
    (void)context, (void)failure;
    struct join_state *join = state;
    buffer_free(&joined);
    joined = (struct buffer){0};
    sort_elements(&join->elements);
    for (int i = 0; i < join->elements.count; i++) {
        if (i)
            buffer_add(&joined, join->separator.text, join->separator.length);
        buffer_add(&joined, join->elements.items[i].value.text, join->elements.items[i].value.length);
    }
    release_elements(&join->elements);
    *result = value_text(buffer_string(&joined), joined.length);
    return true;
}

/* ---- the past ---- */

static bool invoke_change_on(void *context, int count, const struct value *arguments, struct value *result, struct failure *failure) {
    (void)count;
    int64_t change;
    *result = value_missing();
    if (arguments[0].kind == VALUE_MISSING)
        return true;
    if (!store_change_on(context, arguments[0].integer, &change, failure))
        return false;
    *result = value_int(change);
    return true;
}

/* record, key, choice, label */
static bool invoke_baseline(void *context, int count, const struct value *arguments, struct value *result, struct failure *failure) {
    (void)count;
    return store_find_baseline(context, arguments[0], arguments[1], (int)arguments[2].integer, arguments[3], result, failure);
}

/* ---- all of them ---- */

bool sql_define_functions(struct store *store, struct operator_context *operators) {
    bool good = true;
    for (int i = 0; i < OPERATION_COUNT; i++)
        good = good && store_define_function(store, operation_functions[i].name, argument_count((enum operation)i, operation_functions[i].arity), operation_functions[i].invoke, operators);
    good = good && store_define_function(store, "remit_require", 1, invoke_require, NULL);
    good = good && store_define_function(store, "remit_change_on", 1, invoke_change_on, store);
    good = good && store_define_function(store, "remit_baseline", 4, invoke_baseline, store);
    good = good && store_define_function(store, "remit_pack", 1, invoke_pack, NULL);
    good = good && store_define_function(store, "remit_unpack", 1, invoke_unpack, NULL);
    for (size_t i = 0; i < sizeof accumulating_aggregates / sizeof *accumulating_aggregates; i++) {
        const struct accumulating *accumulating = &accumulating_aggregates[i];
        good = good && store_define_aggregate(store, accumulating->name, 1, STATE_BYTES, accumulate_step, accumulate_final, (void *)(uintptr_t)accumulating);
    }
    good = good && store_define_aggregate(store, "remit_streak", 3, sizeof(struct elements), streak_step, streak_final, NULL);
    good = good && store_define_aggregate(store, "remit_longest_gap", 2, sizeof(struct elements), gap_step, gap_final, NULL);
    good = good && store_define_aggregate(store, "remit_join", -1, sizeof(struct join_state), join_step, join_final, NULL);
    return good;
}
