/* Decimals, money and sums: edges, half to even, and laws that hold for any numbers. */
#include "lang/base/decimal.h"
#include "lang/base/text.h"
#include "tests/unit/unit.h"

#include <math.h>
#include <stdlib.h>

static uint64_t random_state = 88172645463325252u;
static uint64_t next_random(void) { /* xorshift: the same numbers in every run */
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static enum decimal_result parse(const char *text, struct decimal *value, bool *was_rounded) {
    return decimal_parse(text, strlen(text), value, was_rounded);
}

static struct decimal number(const char *text) {
    struct decimal value = {0, 0};
    CHECK_INT(parse(text, &value, NULL), DECIMAL_OK);
    return value;
}

static void check_parsed(const char *text, int64_t mantissa, int scale, bool rounded) {
    struct decimal value = {-1, -1};
    bool was_rounded = !rounded;
    CHECK_INT(parse(text, &value, &was_rounded), DECIMAL_OK);
    if (value.mantissa != mantissa || value.scale != scale || was_rounded != rounded)
        printf("of `%s`:\n", text);
    CHECK_INT(value.mantissa, mantissa);
    CHECK_INT(value.scale, scale);
    CHECK_INT(was_rounded, rounded);
}

static void test_parse(void) {
    check_parsed("0", 0, 0, false);
    check_parsed("-0", 0, 0, false);
    check_parsed("+12", 12, 0, false);
    check_parsed("-12.50", -125, 1, false);
    check_parsed("0.000", 0, 0, false);
    check_parsed("007", 7, 0, false);
    check_parsed("1_000_000", 1000000, 0, false);
    check_parsed("1_0.0_5", 1005, 2, false);
    check_parsed("100", 100, 0, false);
    check_parsed("9223372036854775807", INT64_MAX, 0, false);
    check_parsed("-9223372036854775807", -INT64_MAX, 0, false);
    check_parsed("0.000000000000000001", 1, 18, false);
    check_parsed("9.223372036854775807", INT64_MAX, 18, false);
    check_parsed("00000000000000000000000000000000000000000000000000001", 1, 0, false);
    check_parsed("1.50000000000000000000000000000000000000000000000000", 15, 1, false);
}

static void test_parse_rounds_half_to_even(void) {
    check_parsed("0.0000000000000000014", 1, 18, true);
    check_parsed("0.0000000000000000015", 2, 18, true);
    check_parsed("0.0000000000000000025", 2, 18, true);
    check_parsed("0.00000000000000000250000000001", 3, 18, true);
    check_parsed("-0.0000000000000000035", -4, 18, true);
    check_parsed("0.0000000000000000004", 0, 0, true);
    check_parsed("0.9999999999999999999", 1, 0, true);
    /* More digits than fit lose places, never the whole part. */
    check_parsed("9223372036854775806.5", 9223372036854775806, 0, true);
    check_parsed("9223372036854775805.5", 9223372036854775806, 0, true);
    check_parsed("922337203685477580.79", 922337203685477581, 0, true);
    check_parsed("12345678.123456789012345678", 1234567812345678901, 11, true);
    check_parsed("1234567890123.123456789012345678", 1234567890123123457, 6, true);
    check_parsed("9223372036854775807.0000000000000000000000001", INT64_MAX, 0, true);
    /* Rounded once: a half and a little is more than a half, though the little is past the 18th place. */
    check_parsed("100.00000000000000005", 100, 0, true);
    check_parsed("100.000000000000000050000000001", 1000000000000000001, 16, true);
    check_parsed("1000000000000000.0005", 1000000000000000, 0, true);
    check_parsed("1000000000000000.00050000000000000001", 1000000000000000001, 3, true);
}

static void test_parse_refuses(void) {
    static const char *const bad[] = {"", "+", "-", ".", ".5", "5.", "-.5", "1.2.3", "1e5", " 1", "1 ", "1,000", "_1", "1_", "1__2", "1_.5", "1._5", "--1", "+-1", "0x1",
                                      "1.5_", "NaN", "1-", "٣", "99999999999999999999999999999999999999999x", "123456789012345678901234567890 EUR"};
    struct decimal value;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (parse(bad[i], &value, NULL) != DECIMAL_BAD)
            printf("of `%s`:\n", bad[i]);
        CHECK_INT(parse(bad[i], &value, NULL), DECIMAL_BAD);
    }
    static const char *const large[] = {"9223372036854775808", "-9223372036854775808", "9223372036854775807.5", "10000000000000000000", "99999999999999999999999999999999",
                                        "100000000000000000000000000000000000000000000000000000000000.5"};
    for (size_t i = 0; i < sizeof large / sizeof *large; i++)
        CHECK_INT(parse(large[i], &value, NULL), DECIMAL_TOO_LARGE);
    CHECK_INT(decimal_parse("12x", 2, &value, NULL), DECIMAL_OK); /* no byte past the length is read */
    CHECK_INT(value.mantissa, 12);
}

/* Short numbers are read a quicker way: zeros in front of the same digits, too many to be short, and `_` among them take the general one. */
static void test_parse_short_against_general(void) {
    int wrong = 0;
    for (int turn = 0; turn < 200000; turn++) {
        char text[64], padded[128], ruled[128];
        int length = 1 + (int)(next_random() % 21);
        for (int i = 0; i < length; i++) {
            uint64_t random = next_random() >> 7;
            text[i] = random % 9 == 0 ? '.' : random % 40 == 1 ? "+-_e /:"[random / 64 % 7] : random % 3 == 0 ? '0' : (char)('0' + random / 64 % 10);
        }
        text[length] = 0;
        bool has_sign = next_random() % 3 == 0;
        const char *sign = !has_sign ? "" : next_random() % 2 ? "-" : "+";
        snprintf(padded, sizeof padded, "%s%s%s", sign, text[0] >= '0' && text[0] <= '9' ? "0000000000000000000000000" : "", text);
        snprintf(ruled, sizeof ruled, "%s%s%s", sign, text[0] >= '0' && text[0] <= '9' ? "0_" : "", text);
        char written[128];
        snprintf(written, sizeof written, "%s%s", sign, text);
        struct decimal values[3] = {{-1, -1}, {-1, -1}, {-1, -1}};
        bool rounded[3] = {true, true, true};
        enum decimal_result results[3] = {parse(written, &values[0], &rounded[0]), parse(padded, &values[1], &rounded[1]), parse(ruled, &values[2], &rounded[2])};
        for (int i = 1; i < 3; i++)
            wrong += results[i] != results[0] || values[i].mantissa != values[0].mantissa || values[i].scale != values[0].scale || rounded[i] != rounded[0];
        if (wrong == 1)
            printf("of `%s`\n", written);
    }
    CHECK_INT(wrong, 0);
    check_parsed("999999999999999999", 999999999999999999, 0, false);
    check_parsed("-99999999999999999.9", -999999999999999999, 1, false);
    check_parsed("-0.00", 0, 0, false);
}

static void check_shift(const char *text, int power, enum decimal_result expected, int64_t mantissa, int scale) {
    struct decimal value = {0, 0};
    CHECK_INT(decimal_shift(number(text), power, &value), expected);
    if (expected == DECIMAL_OK) {
        CHECK_INT(value.mantissa, mantissa);
        CHECK_INT(value.scale, scale);
    }
}

static void test_shift(void) {
    check_shift("2.4", 6, DECIMAL_OK, 2400000, 0);
    check_shift("110", -2, DECIMAL_OK, 11, 1);
    check_shift("12.5", -2, DECIMAL_OK, 125, 3);
    check_shift("5", 0, DECIMAL_OK, 5, 0);
    check_shift("-1.5", 3, DECIMAL_OK, -1500, 0);
    check_shift("1200", -2, DECIMAL_OK, 12, 0);
    check_shift("0", 100, DECIMAL_OK, 0, 0);
    check_shift("0", -100, DECIMAL_OK, 0, 0);
    check_shift("9", 18, DECIMAL_OK, 9000000000000000000, 0);
    check_shift("10", 18, DECIMAL_TOO_LARGE, 0, 0);
    check_shift("9223372036854775807", 1, DECIMAL_TOO_LARGE, 0, 0);
    check_shift("1", -18, DECIMAL_OK, 1, 18);
    check_shift("1", -19, DECIMAL_TOO_LARGE, 0, 0);
    check_shift("10", -19, DECIMAL_OK, 1, 18);
}

static void check_money(const char *text, enum decimal_result expected, int64_t money, bool rounded) {
    int64_t result = 0;
    bool was_rounded = !rounded;
    CHECK_INT(decimal_to_money(number(text), &result, &was_rounded), expected);
    if (expected == DECIMAL_OK) {
        CHECK_INT(result, money);
        CHECK_INT(was_rounded, rounded);
    }
}

static void test_to_money(void) {
    check_money("1", DECIMAL_OK, 10000, false);
    check_money("-0.0001", DECIMAL_OK, -1, false);
    check_money("0.00005", DECIMAL_OK, 0, true);
    check_money("0.00015", DECIMAL_OK, 2, true);
    check_money("-0.00015", DECIMAL_OK, -2, true);
    check_money("-0.00025", DECIMAL_OK, -2, true);
    check_money("0.000250001", DECIMAL_OK, 3, true);
    check_money("922337203685477.5807", DECIMAL_OK, INT64_MAX, false);
    check_money("-922337203685477.5807", DECIMAL_OK, -INT64_MAX, false);
    check_money("922337203685477.5808", DECIMAL_TOO_LARGE, 0, false);
    check_money("9223372036854775807", DECIMAL_TOO_LARGE, 0, false);
    CHECK_INT(decimal_to_money(number("1.00001"), &(int64_t){0}, NULL), DECIMAL_OK);
}

static void test_to_double_and_int(void) {
    CHECK(decimal_to_double(number("0.1")) == 0.1);
    CHECK(decimal_to_double(number("-2.5")) == -2.5);
    CHECK(decimal_to_double(number("0")) == 0);
    CHECK(decimal_to_double(number("9007199254740993")) == 9007199254740992.0); /* half to even */
    CHECK(decimal_to_double(number("9223372036854775807")) == 9223372036854775808.0);
    CHECK(decimal_to_double(number("0.000000000000000001")) == 1e-18);
    for (int i = 0; i < 20000; i++) { /* the same as the C library reads */
        struct decimal value = {(int64_t)next_random() >> next_random() % 60, (int)(next_random() % 19)};
        char text[64];
        snprintf(text, sizeof text, "%llde-%d", (long long)value.mantissa, value.scale);
        if (decimal_to_double(value) != strtod(text, NULL))
            CHECK_TEXT("another double", text);
    }
    int64_t whole = 0;
    CHECK(decimal_to_int(number("12.00"), &whole));
    CHECK_INT(whole, 12);
    CHECK(decimal_to_int((struct decimal){-1200, 2}, &whole)); /* not in shortest form */
    CHECK_INT(whole, -12);
    CHECK(!decimal_to_int(number("12.5"), &whole));
    CHECK(decimal_to_int(number("9223372036854775807"), &whole));
    CHECK_INT(whole, INT64_MAX);
}

static const char *written(struct decimal value) {
    static char text[64];
    struct buffer out = {0};
    decimal_write(&out, value);
    snprintf(text, sizeof text, "%s", buffer_string(&out));
    buffer_free(&out);
    return text;
}

static void test_add_and_multiply(void) {
    struct decimal value;
    CHECK(decimal_add(number("0.1"), number("0.2"), &value));
    CHECK_TEXT(written(value), "0.3");
    CHECK(decimal_add(number("1.5"), number("-1.5"), &value));
    CHECK_INT(value.scale, 0);
    CHECK(decimal_add(number("9223372036854775806"), number("1"), &value));
    CHECK(!decimal_add(number("9223372036854775807"), number("1"), &value));
    CHECK(!decimal_add(number("9223372036854775807"), number("0.5"), &value));
    CHECK(!decimal_add(number("1000"), number("0.000000000000000001"), &value));
    CHECK(decimal_multiply(number("1.1"), number("1.1"), &value));
    CHECK_TEXT(written(value), "1.21");
    CHECK(decimal_multiply(number("0.000000001"), number("0.000000001"), &value));
    CHECK_TEXT(written(value), "0.000000000000000001");
    CHECK(!decimal_multiply(number("0.0000000001"), number("0.000000001"), &value));
    CHECK(decimal_multiply(number("0.000000000000000005"), number("200000000000000000"), &value));
    CHECK_TEXT(written(value), "1");
    CHECK(!decimal_multiply(number("9223372036854775807"), number("2"), &value));
    CHECK(decimal_multiply(number("0"), number("0.000000000000000001"), &value));
    CHECK_INT(value.scale, 0);
}

static void test_compare(void) {
    static const char *const ordered[] = {"-9223372036854775807", "-1.5", "-1.49", "-0.000000000000000001", "0", "0.000000000000000001", "0.1", "0.11", "1", "9223372036854775807"};
    for (int i = 0; i < 10; i++)
        for (int j = 0; j < 10; j++)
            CHECK_INT(decimal_compare(number(ordered[i]), number(ordered[j])), (i > j) - (i < j));
    CHECK_INT(decimal_compare((struct decimal){10, 1}, (struct decimal){1, 0}), 0);
}

static void test_write_reads_back(void) {
    CHECK_TEXT(written((struct decimal){-5, 3}), "-0.005");
    CHECK_TEXT(written((struct decimal){0, 0}), "0");
    CHECK_TEXT(written((struct decimal){INT64_MIN, 18}), "-9.223372036854775808");
    for (int i = 0; i < 20000; i++) {
        int64_t mantissa = (int64_t)next_random() >> next_random() % 60;
        struct decimal value = {mantissa == INT64_MIN ? 0 : mantissa, (int)(next_random() % 19)};
        CHECK_INT(decimal_compare(number(written(value)), value), 0);
    }
}

static void test_checked_int(void) {
    int64_t result = 0;
    CHECK(int_add(INT64_MAX, 0, &result) && result == INT64_MAX);
    CHECK(!int_add(INT64_MAX, 1, &result));
    CHECK(!int_add(INT64_MIN, -1, &result));
    CHECK(int_subtract(INT64_MIN + 1, 1, &result) && result == INT64_MIN);
    CHECK(!int_subtract(INT64_MIN, 1, &result));
    CHECK(!int_subtract(0, INT64_MIN, &result));
    CHECK(int_multiply(-3, 7, &result) && result == -21);
    CHECK(!int_multiply(INT64_MIN, -1, &result));
    CHECK(!int_multiply((int64_t)1 << 32, (int64_t)1 << 31, &result));
    CHECK(int_multiply(-((int64_t)1 << 32), (int64_t)1 << 31, &result) && result == INT64_MIN);
}

static void test_divide_half_even(void) {
    static const struct {
        int64_t a, b, expected;
    } cases[] = {{0, 7, 0},  {1, 2, 0},   {3, 2, 2},  {5, 2, 2},   {7, 2, 4},    {-1, 2, 0},  {-3, 2, -2}, {-5, 2, -2}, {1, -2, 0},
                 {3, -2, -2}, {-3, -2, 2}, {1, 3, 0}, {2, 3, 1}, {-2, 3, -1}, {10, 5, 2}, {6, 4, 2}, {10, 4, 2}, {14, 4, 4}, {INT64_MAX, 1, INT64_MAX},
                 {INT64_MIN, 1, INT64_MIN}, {INT64_MIN, 2, INT64_MIN / 2}, {INT64_MAX, 2, INT64_C(4611686018427387904)}, {INT64_MAX, INT64_MIN, -1}, {1, INT64_MIN, 0},
                 {INT64_MIN, INT64_MIN, 1}, {INT64_MIN / 2, INT64_MIN, 0}, {INT64_MIN, INT64_MAX, -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_INT(int_divide_half_even(cases[i].a, cases[i].b), cases[i].expected);
        CHECK_INT(wide_divide_half_even(cases[i].a, cases[i].b), cases[i].expected);
    }
    /* Sums past 64 bits. */
    CHECK_INT(wide_divide_half_even((wide_int)INT64_MAX * 3, 3), INT64_MAX);
    CHECK_INT(wide_divide_half_even((wide_int)INT64_MIN * 1000, 1000), INT64_MIN);
    CHECK_INT(wide_divide_half_even(((wide_int)INT64_MAX - 1) * 4 + 2, 4), INT64_MAX - 1);
    CHECK_INT(wide_divide_half_even(((wide_int)INT64_MAX - 2) * 4 + 2, 4), INT64_MAX - 1);
}

/* The quotient is the nearest whole number, and the even one of two. */
static void test_divide_laws(void) {
    for (int i = 0; i < 50000; i++) {
        int64_t a = (int64_t)next_random() >> next_random() % 62, b = (int64_t)next_random() >> next_random() % 62;
        if (b == 0 || (a == INT64_MIN && b == -1))
            continue;
        int64_t quotient = int_divide_half_even(a, b);
        wide_int rest = (wide_int)a - (wide_int)quotient * b, size = b < 0 ? -(wide_int)b : b;
        wide_int twice = (rest < 0 ? -rest : rest) * 2;
        CHECK(twice < size || (twice == size && quotient % 2 == 0));
    }
}

static void check_product(int64_t money, const char *factor, bool fits, int64_t expected) {
    int64_t result = 0;
    CHECK_INT(money_multiply_decimal(money, number(factor), &result), fits);
    if (fits)
        CHECK_INT(result, expected);
}

static void test_money_times_decimal(void) {
    check_product(10000, "1.1", true, 11000);
    check_product(1, "0.5", true, 0);
    check_product(3, "0.5", true, 2);
    check_product(-3, "0.5", true, -2);
    check_product(-1, "0.5", true, 0);
    check_product(5, "0.1", true, 0);
    check_product(15, "0.1", true, 2);
    check_product(25, "0.1", true, 2);
    check_product(INT64_MAX, "1", true, INT64_MAX);
    check_product(INT64_MIN, "1", true, INT64_MIN);
    check_product(INT64_MIN, "-1", false, 0);
    check_product(INT64_MAX, "1.000000000000000001", false, 0);
    check_product(INT64_MAX, "0.999999999999999999", true, INT64_C(9223372036854775798));
    check_product(INT64_MAX, "9223372036854775807", false, 0);
    check_product(1000000000000000000, "9.223372036854775807", true, INT64_MAX);
    check_product(0, "9223372036854775807", true, 0);
    for (int i = 0; i < 50000; i++) { /* nearest, and even of two, by the exact product */
        int64_t money = (int64_t)next_random() >> next_random() % 62;
        struct decimal factor = {(int64_t)next_random() >> next_random() % 62, (int)(next_random() % 19)};
        wide_int unit = 1, product = (wide_int)money * factor.mantissa;
        for (int j = 0; j < factor.scale; j++)
            unit *= 10;
        int64_t result = 0;
        if (!money_multiply_decimal(money, factor, &result)) {
            wide_int size = product < 0 ? -product : product;
            CHECK(size / unit >= INT64_MAX);
            continue;
        }
        wide_int rest = product - (wide_int)result * unit, twice = (rest < 0 ? -rest : rest) * 2;
        CHECK(twice < unit || (twice == unit && result % 2 == 0));
    }
}

static void check_double_product(int64_t money, double factor, bool fits, int64_t expected) {
    int64_t result = 0;
    CHECK_INT(money_multiply_double(money, factor, &result), fits);
    if (fits)
        CHECK_INT(result, expected);
}

static void test_money_times_double(void) {
    check_double_product(10000, 1.5, true, 15000);
    check_double_product(1, 0.5, true, 0);
    check_double_product(3, 0.5, true, 2);
    check_double_product(-3, 0.5, true, -2);
    check_double_product(5, 0.5, true, 2);
    check_double_product(7, 1e-300, true, 0);
    check_double_product(7, 5e-324, true, 0);
    check_double_product(INT64_MIN, 5e-324, true, 0);
    check_double_product(0, 1e300, true, 0);
    check_double_product(0, -0.0, true, 0);
    check_double_product(1, 1e300, false, 0);
    check_double_product(-1, 1.7976931348623157e308, false, 0);
    check_double_product(1, INFINITY, false, 0);
    check_double_product(0, INFINITY, false, 0);
    check_double_product(0, NAN, false, 0);
    check_double_product(INT64_MAX, 1, true, INT64_MAX);
    check_double_product(INT64_MAX, -1, true, -INT64_MAX);
    check_double_product(INT64_MIN, 1, true, INT64_MIN);
    check_double_product(INT64_MIN, -1, false, 0);
    check_double_product(1, 9223372036854775808.0, false, 0);
    check_double_product(-1, 9223372036854775808.0, true, INT64_MIN);
    check_double_product(1, 9223372036854774784.0, true, INT64_C(9223372036854774784));
    /* Just over a half: rounded once from the exact product of 116 bits. */
    check_double_product((INT64_C(1) << 62) + 1, 0x1.0000000000001p-1, true, (INT64_C(1) << 61) + 513);
    check_double_product(-(INT64_C(1) << 62) - 1, 0x1.0000000000001p-1, true, -(INT64_C(1) << 61) - 513);
}

static void check_double_quotient(int64_t money, double divisor, bool fits, int64_t expected) {
    int64_t result = 0;
    CHECK_INT(money_divide_double(money, divisor, &result), fits);
    if (fits)
        CHECK_INT(result, expected);
}

static void test_money_by_double(void) {
    check_double_quotient(10000, 4, true, 2500);
    check_double_quotient(1, 2, true, 0);
    check_double_quotient(3, 2, true, 2);
    check_double_quotient(-5, 2, true, -2);
    check_double_quotient(5, -2, true, -2);
    check_double_quotient(7, -2, true, -4);
    check_double_quotient(10, 0.1, true, 100);
    check_double_quotient(10000, 1.1, true, 9091);
    check_double_quotient(INT64_MAX, 1e300, true, 0);
    check_double_quotient(INT64_MAX, 1.7976931348623157e308, true, 0);
    check_double_quotient(0, 5e-324, true, 0);
    check_double_quotient(1, 5e-324, false, 0);
    check_double_quotient(INT64_MAX, 1, true, INT64_MAX);
    check_double_quotient(INT64_MIN, 1, true, INT64_MIN);
    check_double_quotient(INT64_MIN, -1, false, 0);
    check_double_quotient(INT64_MAX, 0.5, false, 0);
    check_double_quotient(INT64_MIN / 2, 0.5, true, INT64_MIN);
    check_double_quotient(1, 0x1p-62, true, INT64_C(1) << 62);
    check_double_quotient(-1, 0x1p-63, true, INT64_MIN);
    check_double_quotient(1, 0x1p-63, false, 0);
    check_double_quotient(1, 0, false, 0);
    check_double_quotient(1, NAN, false, 0);
    check_double_quotient(1, INFINITY, false, 0);
    for (int i = 0; i < 20000; i++) { /* nearest, and even of two, where divisor and quotient are whole */
        int64_t money = (int64_t)next_random() >> next_random() % 62, divisor = (int64_t)(next_random() >> 11) >> next_random() % 50;
        if (divisor)
            check_double_quotient(money, (double)divisor, true, int_divide_half_even(money, divisor));
    }
}

static void test_double_round(void) {
    CHECK(double_round(2.0 / 3, 3) == 0.667);
    CHECK(double_round(0.5, 0) == 0);
    CHECK(double_round(1.5, 0) == 2);
    CHECK(double_round(2.5, 0) == 2);
    CHECK(double_round(-2.5, 0) == -2);
    CHECK(double_round(0.125, 2) == 0.12);
    CHECK(double_round(0.375, 2) == 0.38);
    CHECK(double_round(1e300, 3) == 1e300);
    CHECK(double_round(-INFINITY, 3) == -INFINITY);
    CHECK(isnan(double_round(NAN, 3)));
    CHECK(double_round(5e-324, 12) == 0);
    CHECK(double_round(123456789.123456789, 12) == 123456789.123456789);
    /* What the double is decides, not how it is written: 2.675 is a little under its digits, 1.225 a little over. */
    CHECK(double_round(2.675, 2) == 2.67);
    CHECK(double_round(1.225, 2) == 1.23);
    CHECK(double_round(0.15, 1) == 0.1);
    CHECK(double_round(1.005, 2) == 1.0);
    for (int i = 0; i < 20000; i++) { /* rounding again changes nothing; never further than half a step */
        double value = (double)((int64_t)next_random() >> 20) / (double)(1 + next_random() % 100000);
        int places = (int)(next_random() % 7);
        double rounded = double_round(value, places);
        CHECK(double_round(rounded, places) == rounded);
        CHECK(fabs(rounded - value) <= 0.5000001 * pow(10, -places) + fabs(value) * 1e-15);
    }
}

static const char *money_text(int64_t money, bool grouped) {
    static char text[64];
    struct buffer out = {0};
    money_write(&out, money, grouped);
    snprintf(text, sizeof text, "%s", buffer_string(&out));
    buffer_free(&out);
    return text;
}

static void test_money_write(void) {
    CHECK_TEXT(money_text(0, false), "0.00");
    CHECK_TEXT(money_text(12345000, false), "1234.50");
    CHECK_TEXT(money_text(12345000, true), "1,234.50");
    CHECK_TEXT(money_text(-125, false), "-0.0125");
    CHECK_TEXT(money_text(120, false), "0.012");
    CHECK_TEXT(money_text(1, true), "0.0001");
    CHECK_TEXT(money_text(9990000, true), "999.00");
    CHECK_TEXT(money_text(10000000, true), "1,000.00");
    CHECK_TEXT(money_text(-1000000000, true), "-100,000.00");
    CHECK_TEXT(money_text(10000000000, true), "1,000,000.00");
    CHECK_TEXT(money_text(INT64_MAX, true), "922,337,203,685,477.5807");
    CHECK_TEXT(money_text(INT64_MIN, false), "-922337203685477.5808");
    for (int i = 0; i < 20000; i++) {
        int64_t money = (int64_t)next_random() >> next_random() % 62, read = 0;
        if (money != INT64_MIN) {
            CHECK_INT(decimal_to_money(number(money_text(money, false)), &read, NULL), DECIMAL_OK);
            CHECK_INT(read, money);
        }
    }
}

static const char *double_text(double value) {
    static char text[64];
    struct buffer out = {0};
    double_write(&out, value);
    snprintf(text, sizeof text, "%s", buffer_string(&out));
    buffer_free(&out);
    return text;
}

/* Digits between the first and the last that is not 0. */
static int significant_digits(const char *text) {
    int digits = 0, seen = 0;
    for (; *text && *text != 'e'; text++)
        if (*text >= '0' && *text <= '9' && (seen || *text != '0')) {
            seen++;
            if (*text != '0')
                digits = seen;
        }
    return digits;
}

static void test_double_write(void) {
    CHECK_TEXT(double_text(0), "0");
    CHECK_TEXT(double_text(-0.0), "0");
    CHECK_TEXT(double_text(0.1), "0.1");
    CHECK_TEXT(double_text(-1.5), "-1.5");
    CHECK_TEXT(double_text(0.1 + 0.2), "0.30000000000000004");
    CHECK_TEXT(double_text(1.0 / 3), "0.3333333333333333");
    CHECK_TEXT(double_text(100000), "100000");
    CHECK_TEXT(double_text(123456789012345.0), "123456789012345");
    CHECK_TEXT(double_text(1e14), "100000000000000");
    CHECK_TEXT(double_text(999999999999999.0), "999999999999999");
    CHECK_TEXT(double_text(1e21), "1e21");
    CHECK_TEXT(double_text(-1.5e300), "-1.5e300");
    CHECK_TEXT(double_text(0.00001), "0.00001");
    CHECK_TEXT(double_text(1.25e-7), "0.000000125");
    CHECK_TEXT(double_text(1.2345678901234566e-9), "0.0000000012345678901234566");
    CHECK_TEXT(double_text(1e-300), "1e-300");
    CHECK_TEXT(double_text(5e-324), "5e-324");
    CHECK_TEXT(double_text(NAN), "—");
    CHECK_TEXT(double_text(-INFINITY), "—");
    CHECK_TEXT(double_text(1.7976931348623157e308), "1.7976931348623157e308");
    for (int i = 0; i < 50000; i++) { /* reads back as the same, and no shorter digits would */
        uint64_t bits = next_random();
        double value;
        memcpy(&value, &bits, sizeof value);
        if (i % 2)
            value = (double)(int64_t)(next_random() % 2000000) / 1000 * (i % 4 == 1 ? 1 : 1e-4);
        if (!isfinite(value))
            continue;
        CHECK(strtod(double_text(value), NULL) == value);
        int digits = significant_digits(double_text(value));
        char shorter[400];
        snprintf(shorter, sizeof shorter, "%.*g", digits - 1, value);
        CHECK(digits <= 17);
        if (digits > 1 && strtod(shorter, NULL) == value)
            CHECK_TEXT(double_text(value), shorter);
    }
}

/* ---- exact sums ---- */

static double sum_of(const double *values, int count) {
    struct exact_sum sum = {0};
    for (int i = 0; i < count; i++)
        exact_sum_add(&sum, values[i]);
    CHECK(!sum.overflowed);
    return exact_sum_total(&sum);
}

static void test_exact_sum(void) {
    CHECK(sum_of(NULL, 0) == 0);
    double tenths[10] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    CHECK(sum_of(tenths, 10) == 1.0);
    CHECK(sum_of((double[]){1e100, 1, -1e100}, 3) == 1);
    CHECK(sum_of((double[]){1e16, 1, 1e-16}, 3) == 10000000000000002.0); /* past the half by a hair */
    CHECK(sum_of((double[]){1e16, 1, -1e-16}, 3) == 1e16);
    CHECK(sum_of((double[]){1e16, 1}, 2) == 1e16);
    CHECK(sum_of((double[]){5e-324, 5e-324}, 2) == 1e-323);
    CHECK(sum_of((double[]){1e308, 5e-324, -1e308}, 3) == 5e-324);
    CHECK(sum_of((double[]){0, -0.0, 0}, 3) == 0);
    CHECK(sum_of((double[]){0, 1, -1, 0, 2}, 5) == 2);
}

/* A sum of whole multiples of a power of two is known exactly in 128 bits; its double is what must come out, in any order. */
static void test_exact_sum_in_any_order(void) {
    enum { COUNT = 100 };
    for (int turn = 0; turn < 500; turn++) {
        double values[COUNT];
        wide_int exact = 0;
        for (int i = 0; i < COUNT; i++) {
            int64_t mantissa = (int64_t)next_random() >> 11;
            int shift = (int)(next_random() % 60);
            exact += (wide_int)mantissa * ((wide_int)1 << shift);
            values[i] = ldexp((double)mantissa, shift);
        }
        double expected = (double)exact;
        for (int order = 0; order < 5; order++) {
            if (sum_of(values, COUNT) != expected)
                CHECK(sum_of(values, COUNT) == expected);
            for (int i = COUNT - 1; i > 0; i--) {
                int other = (int)(next_random() % (unsigned)(i + 1));
                double swap = values[i];
                values[i] = values[other];
                values[other] = swap;
            }
        }
    }
}

/* Numbers over the whole range of a double: as many parts as there can be. */
static void test_exact_sum_of_every_size(void) {
    struct exact_sum sum = {0}, other = {0};
    for (int exponent = -1074; exponent < 1023; exponent++)
        exact_sum_add(&sum, ldexp(exponent % 3 ? 1 : -1, exponent));
    for (int exponent = 1022; exponent >= -1074; exponent--)
        exact_sum_add(&other, ldexp(exponent % 3 ? 1 : -1, exponent));
    CHECK(!sum.overflowed && !other.overflowed);
    CHECK(sum.count <= 48 && other.count <= 48);
    CHECK(exact_sum_total(&sum) == exact_sum_total(&other));
    struct exact_sum sparse = {0}; /* parts far apart stay apart */
    for (int exponent = -1074; exponent < 1023; exponent += 54)
        exact_sum_add(&sparse, ldexp(1, exponent));
    CHECK(sparse.count <= 48);
    for (int exponent = -1020; exponent < 1023; exponent += 54)
        exact_sum_add(&sparse, -ldexp(1, exponent));
    CHECK(exact_sum_total(&sparse) == 5e-324);
}

static void test_exact_sum_overflow(void) {
    struct exact_sum sum = {0};
    exact_sum_add(&sum, 1.7e308);
    exact_sum_add(&sum, 1.7e308);
    CHECK(sum.overflowed);
    struct exact_sum infinite = {0};
    exact_sum_add(&infinite, INFINITY);
    CHECK(infinite.overflowed);
    struct exact_sum none = {0};
    exact_sum_add(&none, NAN);
    CHECK(none.overflowed);
}

int main(void) {
    RUN(test_parse);
    RUN(test_parse_rounds_half_to_even);
    RUN(test_parse_refuses);
    RUN(test_parse_short_against_general);
    RUN(test_shift);
    RUN(test_to_money);
    RUN(test_to_double_and_int);
    RUN(test_add_and_multiply);
    RUN(test_compare);
    RUN(test_write_reads_back);
    RUN(test_checked_int);
    RUN(test_divide_half_even);
    RUN(test_divide_laws);
    RUN(test_money_times_decimal);
    RUN(test_money_times_double);
    RUN(test_money_by_double);
    RUN(test_double_round);
    RUN(test_money_write);
    RUN(test_double_write);
    RUN(test_exact_sum);
    RUN(test_exact_sum_in_any_order);
    RUN(test_exact_sum_of_every_size);
    RUN(test_exact_sum_overflow);
    return UNIT_END("base_decimal");
}
