/* The meaning of each operation of operations.def on values: the one place that both engines call.
 * Knows: values, dates, money. Does not know: where the arguments come from. */
#ifndef REMIT_RUNTIME_VALUE_OPERATE_H
#define REMIT_RUNTIME_VALUE_OPERATE_H

#include "lang/base/civil.h"
#include "runtime/value/failure.h"
#include "runtime/value/value.h"

/* What a run is given from outside; the same inputs give the same answers. */
struct run_inputs {
    int64_t today;                /* day */
    int64_t now;                  /* seconds */
    int fiscal_month;             /* 1 .. 12 */
    struct work_calendar calendar;/* the holiday records' dates, sorted, without repeats */
};

struct operator_context; /* inputs, scratch memory, compiled patterns */
struct operator_context *operator_context_create(const struct run_inputs *inputs); /* inputs are copied, the calendar's array is not */
void operator_context_destroy(struct operator_context *context);
const struct run_inputs *operator_context_inputs(const struct operator_context *context);
/* Text results live until this is called: call it between rows. */
void operator_context_release_texts(struct operator_context *context);

/* result = operation of arguments. first is the type of arguments[0] (for TO_TEXT and for messages). factor is the decimal of MULTIPLY_DECIMAL's second argument, else NULL.
 * Any missing argument gives missing. False with failure set on overflow and the like: message codes OVERFLOW, DATE_OUT_OF_RANGE, DATE_PART_OF_DAY. */
bool value_operate(struct operator_context *context, enum operation operation, struct type first, const struct value *arguments,
                   const struct decimal *factor, struct value *result, struct failure *failure);

/* Accumulates one aggregate: zero it, add values in any order (LATEST, STREAK and LONGEST_GAP are the engines' own), take the result. */
struct accumulator {
    int64_t count;
    wide_int total;          /* of int-like values */
    struct exact_sum sum;    /* of numbers: only touched for numbers */
    struct value extreme;
};
/* kind is COUNT, EXISTS, SUM, AVERAGE, LEAST or GREATEST; a missing value is passed over. */
void accumulator_add(struct accumulator *accumulator, enum aggregate_kind kind, struct value value);
/* result_type: of the aggregate. */
bool accumulator_result(const struct accumulator *accumulator, enum aggregate_kind kind, struct type result_type, struct value *result, struct failure *failure);

#endif
