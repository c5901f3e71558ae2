/* Exact decimal numbers and money.
 * A decimal is mantissa / 10^scale. Money is an int64 count of 1/10000 of the currency's unit. Rounding, where it happens, is half to even
 * (IEEE 754 roundTiesToEven), never anything else.
 * Knows: numbers. Does not know: currencies' names, types. */
#ifndef REMIT_LANG_BASE_DECIMAL_H
#define REMIT_LANG_BASE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;

enum { MONEY_SCALE = 4, MONEY_UNIT = 10000, DECIMAL_SCALE_MAX = 18, EXACT_SUM_PARTS = 48 };

struct decimal {
    int64_t mantissa;
    int scale; /* 0 .. DECIMAL_SCALE_MAX; trailing zeros are removed by decimal_parse */
};

enum decimal_result { DECIMAL_OK, DECIMAL_BAD /* not a number */, DECIMAL_TOO_LARGE /* does not fit */ };

/* Reads [+-]digits[.digits] with `_` allowed between digits; no exponent, no spaces. *was_rounded (may be NULL) says that digits past the
 * 18th decimal place, or more digits after the point than fit, were rounded away, once and half to even. Whole parts run from
 * -INT64_MAX to INT64_MAX. A text that is no number is DECIMAL_BAD however long its digits are. */
enum decimal_result decimal_parse(const char *bytes, size_t length, struct decimal *result, bool *was_rounded);
/* value * 10^power, e.g. k = 3, M = 6, bn = 9, percent = -2. */
enum decimal_result decimal_shift(struct decimal value, int power, struct decimal *result);
/* As money: rounded half to even at 1/10000; *was_rounded (may be NULL) says whether that changed it. */
enum decimal_result decimal_to_money(struct decimal value, int64_t *money, bool *was_rounded);
double decimal_to_double(struct decimal value);
/* True and *result set when the value is whole and fits. */
bool decimal_to_int(struct decimal value, int64_t *result);
/* a + b, a - b, a * b; false when the result does not fit 18 digits and 18 places exactly. */
bool decimal_add(struct decimal a, struct decimal b, struct decimal *result);
bool decimal_multiply(struct decimal a, struct decimal b, struct decimal *result);
int decimal_compare(struct decimal a, struct decimal b);

/* Results by pointer; false on overflow, *result then unset. */
bool int_add(int64_t a, int64_t b, int64_t *result);
bool int_subtract(int64_t a, int64_t b, int64_t *result);
bool int_multiply(int64_t a, int64_t b, int64_t *result);
/* money * decimal, rounded half to even at 1/10000. */
bool money_multiply_decimal(int64_t money, struct decimal factor, int64_t *result);
/* money * double, rounded half to even at 1/10000; false when not finite or out of range. */
bool money_multiply_double(int64_t money, double factor, int64_t *result);
/* money / double, rounded once, half to even; false when the divisor is 0 or not finite, or the result is out of range. */
bool money_divide_double(int64_t money, double divisor, int64_t *result);
/* a / b rounded half to even to a whole count; b is not 0. Also serves averages. */
int64_t int_divide_half_even(int64_t a, int64_t b);
/* 128-bit sum / count, rounded half to even (for averages of money that pass 64 bits on the way). */
__extension__ typedef __int128 wide_int;
int64_t wide_divide_half_even(wide_int a, int64_t b);
/* value rounded half to even at `places` decimal places (0 .. 12), by what the double is: 2.675 is a little less, and becomes 2.67. */
double double_round(double value, int places);

/* Money in its plain form: at least 2, at most 4 decimals: "1234.50", "-0.0125". grouped: thousands separated by `,`. */
void money_write(struct buffer *out, int64_t money, bool grouped);
void decimal_write(struct buffer *out, struct decimal value);
/* The shortest form that reads back as the same double; "1e21" style only beyond 15 digits. Not a number and infinities: "—". */
void double_write(struct buffer *out, double value);

/* The correctly rounded sum of doubles, whatever their order (Shewchuk 1997, as in Python's fsum). Zero it before use. */
struct exact_sum {
    double parts[EXACT_SUM_PARTS]; /* from the smallest; never full between calls */
    int count;
    bool overflowed; /* a part or the total passed the range of a double, or was not finite */
};
void exact_sum_add(struct exact_sum *sum, double value);
double exact_sum_total(const struct exact_sum *sum);

#endif
