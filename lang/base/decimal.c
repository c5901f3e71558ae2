/* Exact decimals, money, whole numbers with checks, correctly rounded sums. See decimal.h. */
#include "lang/base/decimal.h"
#include "lang/base/text.h"

#include <float.h>
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
    if (a == (int64_t)a && b == (int64_t)b) { /* the common case: one division of 64 bits */
        int64_t numerator = (int64_t)a, divisor = (int64_t)b, quotient = numerator / divisor;
        int64_t rest = numerator - quotient * divisor;
        uint64_t twice = (rest < 0 ? 0 - (uint64_t)rest : (uint64_t)rest) * 2;
        bool away = twice > (uint64_t)divisor || (twice == (uint64_t)divisor && (quotient & 1));
        return (wide_int)quotient + (away ? (numerator < 0 ? -1 : 1) : 0);
    }
    wide_int quotient = a / b, rest = a - quotient * b;
    if (rest < 0)
        rest = -rest;
    wide_int twice = rest * 2;
    if (twice > b || (twice == b && (quotient & 1)))
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

/* What was read of a number: digits up to the 19th decimal place, and whether anything but zeros came after. With at most 19 digits before
 * the point they fit 128 bits, so that the number is rounded once, from all its digits. */
struct digits {
    wide_int mantissa;
    int scale;
    bool negative, is_more;
    bool too_large; /* the part before the point passes 64 bits */
};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static void add_digit(struct digits *read, int digit, bool after_point) {
    if (after_point && read->scale > DECIMAL_SCALE_MAX) {
        read->is_more = read->is_more || digit;
        return;
    }
    if (read->too_large)
        return;
    read->mantissa = read->mantissa * 10 + digit;
    read->scale += after_point;
    read->too_large = !after_point && read->mantissa > INT64_MAX;
}

static bool read_digits(const char *bytes, size_t length, struct digits *read) {
    size_t i = 0;
    bool after_point = false;
    if (i < length && (bytes[i] == '+' || bytes[i] == '-'))
        read->negative = bytes[i++] == '-';
    if (i == length || !is_digit(bytes[i]))
        return false;
    add_digit(read, bytes[i] - '0', false);
    for (i++; i < length; i++) {
        bool between = is_digit(bytes[i - 1]) && i + 1 < length && is_digit(bytes[i + 1]);
        if (is_digit(bytes[i]))
            add_digit(read, bytes[i] - '0', after_point);
        else if (bytes[i] == '.' && between && !after_point)
            after_point = true;
        else if (bytes[i] != '_' || !between)
            return false;
    }
    return true;
}

/* The number without its last `drop` digits, rounded half to even. */
static wide_int drop_digits(const struct digits *read, int drop) {
    if (!drop)
        return read->mantissa;
    wide_int unit = (wide_int)powers[drop - 1] * 10; /* at most 19 are dropped */
    wide_int quotient = read->mantissa / unit, twice = (read->mantissa - quotient * unit) * 2;
    return quotient + (twice > unit || (twice == unit && (read->is_more || (quotient & 1))));
}

/* Nearly every number: a sign or none and up to 18 digits with a point among them or none, which fit 64 bits whatever they are. False leaves
 * all others, good or bad, to the general way. */
static bool parse_short(const char *bytes, size_t length, struct decimal *result) {
    enum { SHORT_MAX = 18 };
    const char *at = bytes, *end = bytes + length, *point = NULL;
    bool negative = at < end && *at == '-';
    at += at < end && (*at == '-' || *at == '+');
    const char *first = at;
    if (at == end || end - at > SHORT_MAX)
        return false;
    int64_t mantissa = 0;
    for (; at < end; at++) {
        unsigned digit = (unsigned char)*at - (unsigned)'0';
        if (digit <= 9)
            mantissa = mantissa * 10 + (int64_t)digit;
        else if (*at == '.' && !point && at > first && at + 1 < end)
            point = at;
        else
            return false;
    }
    *result = trim((struct decimal){negative ? -mantissa : mantissa, point ? (int)(end - point) - 1 : 0});
    return true;
}

enum decimal_result decimal_parse(const char *bytes, size_t length, struct decimal *result, bool *was_rounded) {
    if (parse_short(bytes, length, result)) {
        if (was_rounded)
            *was_rounded = false;
        return DECIMAL_OK;
    }
    struct digits read = {0};
    if (!read_digits(bytes, length, &read))
        return DECIMAL_BAD;
    if (read.too_large)
        return DECIMAL_TOO_LARGE;
    while (!read.is_more && read.scale > 0 && read.mantissa % 10 == 0) {
        read.mantissa /= 10;
        read.scale--;
    }
    int drop = read.scale > DECIMAL_SCALE_MAX;
    while (drop < read.scale && drop_digits(&read, drop) > INT64_MAX)
        drop++;
    wide_int mantissa = drop_digits(&read, drop);
    if (mantissa > INT64_MAX)
        return DECIMAL_TOO_LARGE;
    if (was_rounded)
        *was_rounded = drop > 0;
    *result = trim((struct decimal){read.negative ? -(int64_t)mantissa : (int64_t)mantissa, read.scale - drop});
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
    /* Up to 2^53 the mantissa and the power of ten are doubles themselves, and one division rounds once. */
    if (value.mantissa >= -(INT64_C(1) << 53) && value.mantissa <= INT64_C(1) << 53)
        return (double)value.mantissa / (double)powers[value.scale];
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

/* A double as a whole number of 53 bits times a power of two; false when it is not finite. */
static bool take_apart(double value, int64_t *mantissa, int *exponent) {
    if (!isfinite(value))
        return false;
    *mantissa = (int64_t)ldexp(frexp(value, exponent), 53);
    *exponent -= 53;
    return true;
}

bool money_multiply_double(int64_t money, double factor, int64_t *result) {
    int64_t mantissa;
    int exponent;
    if (!take_apart(factor, &mantissa, &exponent))
        return false;
    wide_int product = (wide_int)money * mantissa; /* 63 and 53 bits: exact */
    if (product == 0 || exponent < -117) {         /* below 2^116 / 2^117: less than a half */
        *result = 0;
        return true;
    }
    if (exponent >= 0) /* the mantissa has 53 bits, so 2^12 of it are past 64 bits */
        return exponent < 12 && narrow(product * ((wide_int)1 << exponent), result);
    return narrow(divide_wide(product, (wide_int)1 << -exponent), result);
}

bool money_divide_double(int64_t money, double divisor, int64_t *result) {
    int64_t mantissa;
    int exponent;
    if (divisor == 0 || !take_apart(divisor, &mantissa, &exponent))
        return false;
    wide_int numerator = money, denominator = mantissa;
    if (denominator < 0) {
        denominator = -denominator;
        numerator = -numerator;
    }
    if (numerator == 0 || exponent > 64) { /* 2^63 / 2^116: less than a half */
        *result = 0;
        return true;
    }
    if (exponent > 0)
        denominator <<= exponent;
    else { /* a quotient within 64 bits needs a numerator below 2^117 */
        wide_int size = numerator < 0 ? -numerator : numerator;
        if (exponent < -117 || size > (((wide_int)1 << 117) >> -exponent))
            return false;
        numerator *= (wide_int)1 << -exponent;
    }
    return narrow(divide_wide(numerator, denominator), result);
}

double double_round(double value, int places) {
    if (!isfinite(value) || fabs(value) >= 1e15)
        return value;
    char text[64];
    snprintf(text, sizeof text, "%.*f", places, value); /* from all digits of the double; a product with 10^places would round before */
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
    /* Up to 15 digits come back from a double unchanged, and %g leaves out the zeros at the end: the first of these that reads back is the
     * shortest. The smallest doubles, below DBL_MIN, keep fewer digits. */
    char text[64];
    int precision = fabs(value) < DBL_MIN ? 1 : 15;
    do
        snprintf(text, sizeof text, "%.*g", precision, value);
    while (precision < 17 && strtod(text, NULL) != value && ++precision);
    char *mark = strchr(text, 'e');
    if (!mark) {
        buffer_add_string(out, text);
        return;
    }
    int exponent = atoi(mark + 1), digits = 0;
    for (const char *at = text; at < mark; at++)
        digits += is_digit(*at);
    if (exponent < 0 && exponent >= -15)
        buffer_add_format(out, "%.*f", digits - 1 - exponent, value);
    else
        buffer_add_format(out, "%.*se%d", (int)(mark - text), text, exponent);
}

/* ---- exact sums ---- */

/* Parts never overlap, but they may be short, and then there may be more of them than there is room for. Added up from the largest down,
 * with each sum kept as a part and its error carried on, they lie at least 52 bits apart: 41 of them span all doubles (Shewchuk's COMPRESS). */
static void join_parts(struct exact_sum *sum) {
    int bottom = EXACT_SUM_PARTS;
    double carried = sum->parts[EXACT_SUM_PARTS - 1];
    for (int i = EXACT_SUM_PARTS - 2; i >= 0; i--) {
        double high = carried + sum->parts[i];
        double low = sum->parts[i] - (high - carried);
        if (low != 0) {
            sum->parts[--bottom] = high; /* a place that was read before */
            carried = low;
        } else
            carried = high;
    }
    sum->parts[--bottom] = carried;
    sum->count = EXACT_SUM_PARTS - bottom;
    memmove(sum->parts, sum->parts + bottom, (size_t)sum->count * sizeof *sum->parts);
}

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
    if (value != 0)
        sum->parts[kept++] = value;
    sum->count = kept;
    if (kept == EXACT_SUM_PARTS)
        join_parts(sum);
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
