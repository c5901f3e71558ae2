/* Exact decimals, money, whole numbers with checks, correctly rounded sums. See decimal.h. */
#include "lang/base/decimal.h"
#include "lang/base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t powers[DECIMAL_SCALE_MAX + 1] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000,
    100000000000000, 1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000};

/* ---- whole numbers ---- */

bool int_add(int64_t a, int64_t b, int64_t *result) {
    return !__builtin_add_overflow(a, b, result);
}

bool int_subtract(int64_t a, int64_t b, int64_t *result) {
    return !__builtin_sub_overflow(a, b, result);
}

bool int_multiply(int64_t a, int64_t b, int64_t *result) {
    return !__builtin_mul_overflow(a, b, result);
}

/* a / b rounded half to even, b positive. */
static wide_int divide_wide(wide_int a, wide_int b) {
    wide_int quotient = a / b, rest = a % b;
    if (rest < 0)
        rest = -rest;
    wide_int twice = rest * 2;
    if (twice > b || (twice == b && quotient % 2 != 0))
        quotient += a < 0 ? -1 : 1;
    return quotient;
}

static bool narrow(wide_int value, int64_t *result) {
    *result = (int64_t)value;
    return (wide_int)*result == value;
}

int64_t int_divide_half_even(int64_t a, int64_t b) {
    return wide_divide_half_even(a, b);
}

int64_t wide_divide_half_even(wide_int a, int64_t b) {
    wide_int divisor = b;
    if (divisor < 0) {
        divisor = -divisor;
        a = -a;
    }
    return (int64_t)divide_wide(a, divisor);
}

/* ---- decimals ---- */

static struct decimal trim(struct decimal value) {
    while (value.scale > 0 && value.mantissa % 10 == 0) {
        value.mantissa /= 10;
        value.scale--;
    }
    return value;
}

enum decimal_result decimal_parse(const char *bytes, size_t length, struct decimal *result, bool *was_rounded) {
    size_t i = 0;
    bool negative = false, any = false, after_point = false, dropped_any = false;
    int first_dropped = -1;
    wide_int mantissa = 0;
    int scale = 0;
    if (was_rounded)
        *was_rounded = false;
    if (i < length && (bytes[i] == '+' || bytes[i] == '-'))
        negative = bytes[i++] == '-';
    for (; i < length; i++) {
        char c = bytes[i];
        if (c == '_' && any && i + 1 < length && bytes[i + 1] >= '0' && bytes[i + 1] <= '9' && bytes[i - 1] != '.')
            continue;
        if (c == '.' && !after_point && any && i + 1 < length) {
            after_point = true;
            continue;
        }
        if (c < '0' || c > '9')
            return DECIMAL_BAD;
        any = true;
        if (after_point && scale == DECIMAL_SCALE_MAX) {
            if (first_dropped < 0)
                first_dropped = c - '0';
            else
                dropped_any = dropped_any || c != '0';
            continue;
        }
        mantissa = mantissa * 10 + (c - '0');
        scale += after_point;
        if (mantissa > (wide_int)INT64_MAX * 1000000)
            return DECIMAL_TOO_LARGE;
    }
    if (!any)
        return DECIMAL_BAD;
    if (first_dropped > 5 || (first_dropped == 5 && (dropped_any || mantissa % 2)))
        mantissa++;
    if (was_rounded)
        *was_rounded = first_dropped > 0 || dropped_any;
    while (scale > 0 && mantissa % 10 == 0) {
        mantissa /= 10;
        scale--;
    }
    if (mantissa > INT64_MAX && scale > 0) { /* too many digits: keep what fits */
        int drop = 0;
        for (wide_int left = mantissa; left > INT64_MAX; left /= 10)
            drop++;
        if (drop > scale)
            return DECIMAL_TOO_LARGE;
        mantissa = divide_wide(mantissa, powers[drop]);
        scale -= drop;
        if (was_rounded)
            *was_rounded = true;
    }
    if (mantissa > INT64_MAX)
        return DECIMAL_TOO_LARGE;
    *result = trim((struct decimal){negative ? -(int64_t)mantissa : (int64_t)mantissa, scale});
    return DECIMAL_OK;
}

enum decimal_result decimal_shift(struct decimal value, int power, struct decimal *result) {
    while (power > 0 && value.scale > 0) {
        value.scale--;
        power--;
    }
    for (; power > 0; power--)
        if (!int_multiply(value.mantissa, 10, &value.mantissa))
            return DECIMAL_TOO_LARGE;
    for (; power < 0; power++) {
        if (value.mantissa % 10 == 0 && value.scale == 0)
            value.mantissa /= 10;
        else if (value.scale == DECIMAL_SCALE_MAX)
            return DECIMAL_TOO_LARGE;
        else
            value.scale++;
    }
    *result = trim(value);
    return DECIMAL_OK;
}

enum decimal_result decimal_to_money(struct decimal value, int64_t *money, bool *was_rounded) {
    wide_int amount = value.mantissa;
    bool rounded = false;
    if (value.scale <= MONEY_SCALE)
        amount *= powers[MONEY_SCALE - value.scale];
    else {
        int64_t divisor = powers[value.scale - MONEY_SCALE];
        rounded = amount % divisor != 0;
        amount = divide_wide(amount, divisor);
    }
    if (was_rounded)
        *was_rounded = rounded;
    return narrow(amount, money) ? DECIMAL_OK : DECIMAL_TOO_LARGE;
}

double decimal_to_double(struct decimal value) {
    char text[64];
    snprintf(text, sizeof text, "%llde-%d", (long long)value.mantissa, value.scale); /* strtod rounds once, correctly */
    return strtod(text, NULL);
}

bool decimal_to_int(struct decimal value, int64_t *result) {
    value = trim(value);
    *result = value.mantissa;
    return value.scale == 0;
}

static bool from_wide(wide_int mantissa, int scale, struct decimal *result) {
    while (scale > 0 && mantissa % 10 == 0) {
        mantissa /= 10;
        scale--;
    }
    result->scale = scale;
    return scale <= DECIMAL_SCALE_MAX && narrow(mantissa, &result->mantissa);
}

bool decimal_add(struct decimal a, struct decimal b, struct decimal *result) {
    int scale = a.scale > b.scale ? a.scale : b.scale;
    return from_wide((wide_int)a.mantissa * powers[scale - a.scale] + (wide_int)b.mantissa * powers[scale - b.scale], scale, result);
}

bool decimal_multiply(struct decimal a, struct decimal b, struct decimal *result) {
    return from_wide((wide_int)a.mantissa * b.mantissa, a.scale + b.scale, result);
}

int decimal_compare(struct decimal a, struct decimal b) {
    int scale = a.scale > b.scale ? a.scale : b.scale;
    wide_int x = (wide_int)a.mantissa * powers[scale - a.scale], y = (wide_int)b.mantissa * powers[scale - b.scale];
    return (x > y) - (x < y);
}

/* ---- money ---- */

bool money_multiply_decimal(int64_t money, struct decimal factor, int64_t *result) {
    wide_int product = (wide_int)money * factor.mantissa;
    return narrow(factor.scale ? divide_wide(product, powers[factor.scale]) : product, result);
}

bool money_multiply_double(int64_t money, double factor, int64_t *result) {
    long double product = (long double)money * (long double)factor; /* 64 bits of mantissa: an int64 and a double meet without loss of the int */
    if (!isfinite(factor) || product >= 9223372036854775807.5L || product <= -9223372036854775808.5L)
        return false;
    *result = (int64_t)rintl(product);
    return true;
}

double double_round(double value, int places) {
    if (!isfinite(value) || fabs(value) >= 1e15)
        return value;
    char text[64];
    double nearest = rint(value * (double)powers[places]);
    snprintf(text, sizeof text, "%.0fe-%d", nearest, places); /* read back from its digits, so that 0.1 is the double 0.1 */
    return strtod(text, NULL);
}

static void write_grouped(struct buffer *out, uint64_t value, bool grouped) {
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
    for (int i = 0; i < length; i++) {
        if (grouped && i && (length - i) % 3 == 0)
            buffer_add_char(out, ',');
        buffer_add_char(out, digits[i]);
    }
}

void money_write(struct buffer *out, int64_t money, bool grouped) {
    uint64_t size = money < 0 ? 0 - (uint64_t)money : (uint64_t)money;
    if (money < 0)
        buffer_add_char(out, '-');
    write_grouped(out, size / MONEY_UNIT, grouped);
    int part = (int)(size % MONEY_UNIT);
    if (part % 100 == 0)
        buffer_add_format(out, ".%02d", part / 100);
    else if (part % 10 == 0)
        buffer_add_format(out, ".%03d", part / 10);
    else
        buffer_add_format(out, ".%04d", part);
}

void decimal_write(struct buffer *out, struct decimal value) {
    uint64_t size = value.mantissa < 0 ? 0 - (uint64_t)value.mantissa : (uint64_t)value.mantissa;
    if (value.mantissa < 0)
        buffer_add_char(out, '-');
    uint64_t unit = (uint64_t)powers[value.scale];
    buffer_add_format(out, "%llu", (unsigned long long)(size / unit));
    if (value.scale)
        buffer_add_format(out, ".%0*llu", value.scale, (unsigned long long)(size % unit));
}

void double_write(struct buffer *out, double value) {
    if (!isfinite(value)) {
        buffer_add_string(out, "—");
        return;
    }
    if (value == 0)
        value = 0; /* no negative zero */
    char text[64];
    int precision = 1;
    do
        snprintf(text, sizeof text, "%.*g", precision, value);
    while (strtod(text, NULL) != value && ++precision <= 17);
    if (strchr(text, 'e') && fabs(value) < 1e15 && fabs(value) >= 1e-15) {
        int places = 0;
        do
            snprintf(text, sizeof text, "%.*f", places, value);
        while (strtod(text, NULL) != value && ++places <= 40);
    }
    buffer_add_string(out, text);
}

/* ---- exact sums ---- */

void exact_sum_add(struct exact_sum *sum, double value) {
    if (!isfinite(value)) {
        sum->overflowed = true;
        return;
    }
    int kept = 0;
    for (int i = 0; i < sum->count; i++) {
        double other = sum->parts[i];
        if (fabs(value) < fabs(other)) {
            double swap = value;
            value = other;
            other = swap;
        }
        double high = value + other;
        double low = other - (high - value);
        if (low != 0)
            sum->parts[kept++] = low;
        value = high;
    }
    if (!isfinite(value)) {
        sum->overflowed = true;
        return;
    }
    sum->parts[kept++] = value;
    sum->count = kept;
}

double exact_sum_total(const struct exact_sum *sum) {
    int i = sum->count;
    if (i == 0)
        return 0;
    double high = sum->parts[--i], low = 0;
    while (i > 0) {
        double x = high, y = sum->parts[--i];
        high = x + y;
        low = y - (high - x);
        if (low != 0)
            break;
    }
    /* The parts below decide which way a tie goes. */
    if (i > 0 && ((low < 0 && sum->parts[i - 1] < 0) || (low > 0 && sum->parts[i - 1] > 0))) {
        double twice = low * 2, x = high + twice;
        if (twice == x - high)
            high = x;
    }
    return high;
}
