/* Aggregates that do not care for order. See operate.h. */
#include "runtime/value/operate.h"

void accumulator_add(struct accumulator *accumulator, enum aggregate_kind kind, struct value value) {
    if (value.kind == VALUE_MISSING)
        return;
    accumulator->count++;
    switch (kind) {
    case AGGREGATE_SUM: case AGGREGATE_AVERAGE:
        if (value.kind == VALUE_NUMBER)
            exact_sum_add(&accumulator->sum, value.number);
        else
            accumulator->total += value.integer;
        break;
    case AGGREGATE_LEAST:
        if (accumulator->count == 1 || value_compare(value, accumulator->extreme) < 0)
            accumulator->extreme = value;
        break;
    case AGGREGATE_GREATEST:
        if (accumulator->count == 1 || value_compare(value, accumulator->extreme) > 0)
            accumulator->extreme = value;
        break;
    default:
        break;
    }
}

static bool total_in_range(wide_int total, struct type type, struct value *result, struct failure *failure) {
    if (total > INT64_MAX || total < INT64_MIN)
        return failure_set(failure, DIAG_OVERFLOW, type.kind == TYPE_MONEY ? "a sum of money" : type.kind == TYPE_DURATION ? "a sum of durations" : "a sum of whole numbers");
    *result = value_int((int64_t)total);
    return true;
}

bool accumulator_result(const struct accumulator *accumulator, enum aggregate_kind kind, struct type result_type, struct value *result, struct failure *failure) {
    *result = value_missing();
    bool is_number = accumulator->sum.count > 0 || accumulator->sum.overflowed;
    switch (kind) {
    case AGGREGATE_COUNT:
        *result = value_int(accumulator->count);
        return true;
    case AGGREGATE_EXISTS:
        *result = value_int(accumulator->count > 0);
        return true;
    case AGGREGATE_SUM:
        if (result_type.kind != TYPE_NUMBER)
            return total_in_range(accumulator->total, result_type, result, failure);
        if (accumulator->sum.overflowed)
            return failure_set(failure, DIAG_OVERFLOW, "a sum of numbers");
        *result = value_number(exact_sum_total(&accumulator->sum));
        return true;
    case AGGREGATE_AVERAGE:
        if (accumulator->count == 0)
            return true;
        if (accumulator->sum.overflowed)
            return failure_set(failure, DIAG_OVERFLOW, "a sum of numbers");
        if (is_number)
            *result = value_number(exact_sum_total(&accumulator->sum) / (double)accumulator->count);
        else if (result_type.kind == TYPE_NUMBER)
            *result = value_number((double)accumulator->total / (double)accumulator->count);
        else
            *result = value_int(wide_divide_half_even(accumulator->total, accumulator->count));
        return true;
    default: /* LEAST, GREATEST */
        if (accumulator->count)
            *result = accumulator->extreme;
        return true;
    }
}
