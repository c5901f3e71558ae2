/* Whether conditions can hold together: ranges of values and of differences between two, values that are listed or excluded, and the ways through `and`, `or`, `not`.
 * What is not understood can always hold, so what is called impossible is.
 * Knows: typed expressions. Does not know: rules, messages. */
#ifndef REMIT_LANG_LINT_REASON_H
#define REMIT_LANG_LINT_REASON_H

#include "lang/check/program.h"

/* A condition that holds, or with `negated` does not. */
struct claim {
    const struct texpr *condition;
    bool negated;
};
/* Can all of them hold for one element? True where it is not certain that they cannot, and where finding out takes too many steps. */
bool claims_can_hold(const struct claim *claims, int count, int *variable_count);

/* A comparison of one value, or of the difference of two, with constants: from low to high. Of whole values (is_whole) both ends are included. */
struct range {
    const struct texpr *of, *less; /* the value of, or of minus less; less NULL: of one */
    long double low, high;         /* infinite where there is none */
    bool low_open, high_open, is_whole;
    bool is_ratio;                 /* of / less, where `of > less * 110%` */
};
/* The range in which the condition holds: comparisons of one value with constants, joined by `and`. False when it is anything else. */
bool condition_range(const struct texpr *condition, struct range *range);
bool range_is_empty(const struct range *range);

#endif
