/* The meaning of each operation. See operate.h. */
#include "runtime/value/operate.h"
#include "lang/base/text.h"

#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATTERNS_KEPT = 16 };

struct pattern {
    char *text;
    regex_t compiled;
    bool is_good;
};
struct operator_context {
    struct run_inputs inputs;
    struct arena *scratch;
    struct buffer buffer;
    struct pattern patterns[PATTERNS_KEPT];
    int pattern_count, next_pattern;
};

struct operator_context *operator_context_create(const struct run_inputs *inputs) {
    struct operator_context *context = calloc(1, sizeof *context);
    if (!context)
        abort();
    context->inputs = *inputs;
    context->scratch = arena_create();
    return context;
}

static void pattern_forget(struct pattern *pattern) {
    if (pattern->is_good)
        regfree(&pattern->compiled);
    free(pattern->text);
    *pattern = (struct pattern){0};
}

void operator_context_destroy(struct operator_context *context) {
    if (!context)
        return;
    for (int i = 0; i < context->pattern_count; i++)
        pattern_forget(&context->patterns[i]);
    arena_destroy(context->scratch);
    buffer_free(&context->buffer);
    free(context);
}

const struct run_inputs *operator_context_inputs(const struct operator_context *context) {
    return &context->inputs;
}

void operator_context_release_texts(struct operator_context *context) {
    arena_reset(context->scratch);
}

/* ---- text ---- */

static struct value kept_text(struct operator_context *context) {
    size_t length = context->buffer.length;
    return value_text(arena_copy(context->scratch, buffer_string(&context->buffer), length), length);
}

static const char *terminated(struct operator_context *context, struct value text) {
    return arena_copy(context->scratch, text.text, text.length);
}

static const struct pattern *find_pattern(struct operator_context *context, struct value text) {
    for (int i = 0; i < context->pattern_count; i++)
        if (strlen(context->patterns[i].text) == text.length && memcmp(context->patterns[i].text, text.text, text.length) == 0)
            return &context->patterns[i];
    int at = context->pattern_count < PATTERNS_KEPT ? context->pattern_count++ : context->next_pattern++ % PATTERNS_KEPT;
    struct pattern *pattern = &context->patterns[at];
    pattern_forget(pattern);
    pattern->text = strndup(text.text, text.length);
    if (!pattern->text)
        abort();
    pattern->is_good = regcomp(&pattern->compiled, pattern->text, REG_EXTENDED | REG_NOSUB) == 0;
    return pattern;
}

static bool contains(struct value whole, struct value part) {
    return part.length == 0 || (whole.length >= part.length && memmem(whole.text, whole.length, part.text, part.length) != NULL);
}

static struct value trimmed(struct value text) {
    while (text.length && (unsigned char)text.text[0] <= ' ') {
        text.text++;
        text.length--;
    }
    while (text.length && (unsigned char)text.text[text.length - 1] <= ' ')
        text.length--;
    return text;
}

static struct value with_case(struct operator_context *context, struct value text, bool upper) {
    size_t length;
    char *mapped = upper ? text_upper(context->scratch, text.text, text.length, &length) : text_lower(context->scratch, text.text, text.length, &length);
    return value_text(mapped, length);
}

/* ---- text of dates and numbers ---- */

static void format_date(struct buffer *out, int64_t day, const char *pattern) {
    static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
    static const char *const days[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
    struct civil date = civil_from_day(day);
    for (; *pattern; pattern++) {
        if (*pattern != '%') {
            buffer_add_char(out, *pattern);
            continue;
        }
        switch (*++pattern) {
        case 'Y': buffer_add_format(out, "%04d", date.year); break;
        case 'y': buffer_add_format(out, "%02d", date.year % 100); break;
        case 'm': buffer_add_format(out, "%02d", date.month); break;
        case 'd': buffer_add_format(out, "%02d", date.day); break;
        case 'e': buffer_add_format(out, "%d", date.day); break;
        case 'B': buffer_add_string(out, months[date.month - 1]); break;
        case 'b': buffer_add_format(out, "%.3s", months[date.month - 1]); break;
        case 'A': buffer_add_string(out, days[day_weekday(day) - 1]); break;
        case 'a': buffer_add_format(out, "%.3s", days[day_weekday(day) - 1]); break;
        case 'j': buffer_add_format(out, "%03d", (int)(day - day_from_civil(date.year, 1, 1)) + 1); break;
        case 'H': case 'M': case 'S': buffer_add_string(out, "00"); break;
        case '%': buffer_add_char(out, '%'); break;
        default: break;
        }
    }
}

/* is_percent: a hundred times the number, which may pass the range of a double: then its digits are moved. */
static void format_number(struct buffer *out, double number, int places, bool is_percent) {
    char text[400];
    double shown = is_percent ? number * 100 : number;
    if (isfinite(shown))
        snprintf(text, sizeof text, "%.*f", places, fabs(double_round(shown, places)));
    else
        snprintf(text, sizeof text, "%.0f00%s%.*s", fabs(number), places ? "." : "", places, "000000000000");
    size_t whole = strcspn(text, ".");
    if (number < 0 && strpbrk(text, "123456789"))
        buffer_add_char(out, '-');
    for (size_t i = 0; text[i]; i++) {
        if (i && i < whole && (whole - i) % 3 == 0)
            buffer_add_char(out, ',');
        buffer_add_char(out, text[i]);
    }
}

/* ---- failures ---- */

static bool overflow(struct failure *failure, struct type type) {
    const char *what = type.kind == TYPE_MONEY ? "an amount of money" : type.kind == TYPE_DURATION ? "a duration" : type.kind == TYPE_NUMBER ? "a number" : "a whole number";
    return failure_set(failure, DIAG_OVERFLOW, what);
}

static bool date_range(struct failure *failure) {
    return failure_set(failure, DIAG_DATE_OUT_OF_RANGE);
}

/* ---- groups of operations ---- */

static bool add_days(int64_t day, int64_t seconds, int sign, struct value *result, struct failure *failure) {
    if (seconds % DAY_SECONDS != 0)
        return failure_set(failure, DIAG_DATE_PART_OF_DAY);
    int64_t sum;
    if (!day_add(day, sign * (seconds / DAY_SECONDS), &sum))
        return date_range(failure);
    *result = value_int(sum);
    return true;
}

static bool add_seconds(int64_t moment, int64_t seconds, struct value *result, struct failure *failure) {
    int64_t sum;
    if (!int_add(moment, seconds, &sum) || sum < (int64_t)DAY_MIN * DAY_SECONDS || sum >= ((int64_t)DAY_MAX + 1) * DAY_SECONDS)
        return date_range(failure);
    *result = value_int(sum);
    return true;
}

static bool operate_date(struct operator_context *context, enum operation operation, const struct value *a, struct value *result, struct failure *failure) {
    int64_t day;
    int64_t second = a[1].integer;
    switch (operation) {
    case OPERATION_DATE_ADD_DURATION:
        return add_days(a[0].integer, second, 1, result, failure);
    case OPERATION_DATE_SUBTRACT_DURATION:
        return add_days(a[0].integer, second, -1, result, failure);
    case OPERATION_DATE_ADD_SPAN: case OPERATION_DATE_SUBTRACT_SPAN:
        if (second == INT64_MIN || !day_add_months(a[0].integer, operation == OPERATION_DATE_ADD_SPAN ? second : -second, &day))
            return date_range(failure);
        break;
    case OPERATION_DATE_ADD_WORKING: case OPERATION_DATE_SUBTRACT_WORKING:
        if (second == INT64_MIN || !day_add_working(&context->inputs.calendar, a[0].integer, operation == OPERATION_DATE_ADD_WORKING ? second : -second, &day))
            return date_range(failure);
        break;
    case OPERATION_DATETIME_ADD_DURATION:
        return add_seconds(a[0].integer, second, result, failure);
    default: /* DATETIME_SUBTRACT_DURATION */
        if (second == INT64_MIN)
            return date_range(failure);
        return add_seconds(a[0].integer, -second, result, failure);
    }
    *result = value_int(day);
    return true;
}

static int64_t floor_day(int64_t seconds) {
    return seconds >= 0 ? seconds / DAY_SECONDS : -((-seconds + DAY_SECONDS - 1) / DAY_SECONDS);
}

static int64_t period_of(const struct operator_context *context, enum operation operation, int64_t day) {
    static const enum period_kind kinds[] = {PERIOD_WEEK, PERIOD_MONTH, PERIOD_QUARTER, PERIOD_YEAR, PERIOD_FISCAL_YEAR, PERIOD_FISCAL_QUARTER, PERIOD_DAY};
    return period_of_day(kinds[operation - OPERATION_WEEK_OF], day, context->inputs.fiscal_month);
}

static int64_t calendar_part(const struct operator_context *context, enum operation operation, const struct value *a) {
    int month = context->inputs.fiscal_month;
    switch (operation) {
    case OPERATION_DATE_DIFFERENCE: return (a[0].integer - a[1].integer) * DAY_SECONDS;
    case OPERATION_DATETIME_DIFFERENCE: return a[0].integer - a[1].integer;
    case OPERATION_DATE_TO_DATETIME: return a[0].integer * DAY_SECONDS;
    case OPERATION_DATETIME_TO_DATE: return floor_day(a[0].integer);
    case OPERATION_PERIOD_STEP_TO: return period_step_to(a[0].integer, a[1].integer, month);
    case OPERATION_PERIOD_START: return period_first_day(a[0].integer, month);
    case OPERATION_PERIOD_END: return period_last_day(a[0].integer, month);
    case OPERATION_DATE_IN_PERIOD: return a[0].integer >= period_first_day(a[1].integer, month) && a[0].integer <= period_last_day(a[1].integer, month);
    case OPERATION_WORKING_DAYS: return day_count_working(&context->inputs.calendar, a[0].integer, a[1].integer);
    case OPERATION_YEAR_NUMBER: return civil_from_day(a[0].integer).year;
    case OPERATION_MONTH_NUMBER: return civil_from_day(a[0].integer).month;
    case OPERATION_DAY_NUMBER: return civil_from_day(a[0].integer).day;
    default: return period_of(context, operation, a[0].integer);
    }
}

static bool operate_int(enum operation operation, struct type first, const struct value *a, const struct decimal *factor, struct value *result, struct failure *failure) {
    int64_t x = a[0].integer, y = a[1].integer, out = 0;
    bool good = true;
    switch (operation) {
    case OPERATION_ADD: good = int_add(x, y, &out); break;
    case OPERATION_SUBTRACT: good = int_subtract(x, y, &out); break;
    case OPERATION_MULTIPLY: good = int_multiply(x, y, &out); break;
    case OPERATION_NEGATE: good = int_subtract(0, x, &out); break;
    case OPERATION_ABSOLUTE: good = x >= 0 ? (out = x, true) : int_subtract(0, x, &out); break;
    case OPERATION_MULTIPLY_DECIMAL: good = money_multiply_decimal(x, *factor, &out); break;
    case OPERATION_MULTIPLY_BY_NUMBER: good = money_multiply_double(x, a[1].number, &out); break;
    case OPERATION_DIVIDE_BY_INT:
        if (y == 0) {
            *result = value_missing();
            return true;
        }
        good = !(x == INT64_MIN && y == -1);
        out = good ? int_divide_half_even(x, y) : 0;
        break;
    case OPERATION_DIVIDE_BY_NUMBER:
        if (a[1].number == 0) {
            *result = value_missing();
            return true;
        }
        good = money_divide_double(x, a[1].number, &out);
        break;
    default: { /* ROUND_MONEY: to y decimals of the unit */
        int64_t step = 1;
        for (int64_t places = y; places < MONEY_SCALE; places++)
            step *= 10;
        good = int_multiply(int_divide_half_even(x, step), step, &out);
        break;
    }
    }
    if (!good)
        return overflow(failure, first);
    *result = value_int(out);
    return true;
}

/* Every number is finite: what passes the range of a double is an overflow like any other. */
static bool operate_number(enum operation operation, const struct value *a, struct value *result, struct failure *failure) {
    double x = a[0].number, y = a[1].number, out;
    switch (operation) {
    case OPERATION_ADD_NUMBER: out = x + y; break;
    case OPERATION_SUBTRACT_NUMBER: out = x - y; break;
    case OPERATION_MULTIPLY_NUMBER: out = x * y; break;
    case OPERATION_DIVIDE_NUMBER:
        if (y == 0)
            return true;
        out = x / y;
        break;
    case OPERATION_NEGATE_NUMBER: out = -x; break;
    case OPERATION_ABSOLUTE_NUMBER: out = fabs(x); break;
    case OPERATION_INT_TO_NUMBER: out = (double)a[0].integer; break;
    default: out = double_round(x, (int)a[1].integer); break;
    }
    if (!isfinite(out))
        return overflow(failure, (struct type){.kind = TYPE_NUMBER});
    *result = value_number(out);
    return true;
}

static bool number_to_int(double number, struct value *result, struct failure *failure) {
    double whole = rint(number);
    if (!(whole >= -9223372036854775808.0 && whole < 9223372036854775808.0))
        return overflow(failure, (struct type){.kind = TYPE_INT});
    *result = value_int((int64_t)whole);
    return true;
}

static bool compare(enum operation operation, struct value a, struct value b) {
    int order = value_compare(a, b);
    switch (operation) {
    case OPERATION_EQUAL: return order == 0;
    case OPERATION_NOT_EQUAL: return order != 0;
    case OPERATION_LESS: return order < 0;
    case OPERATION_AT_MOST: return order <= 0;
    case OPERATION_GREATER: return order > 0;
    default: return order >= 0;
    }
}

static struct value operate_text(struct operator_context *context, enum operation operation, struct type first, const struct value *a) {
    switch (operation) {
    case OPERATION_TEXT_LOWER: return with_case(context, a[0], false);
    case OPERATION_TEXT_UPPER: return with_case(context, a[0], true);
    case OPERATION_TEXT_TRIM: return trimmed(a[0]);
    case OPERATION_TEXT_LENGTH: return value_int(text_length(a[0].text, a[0].length));
    case OPERATION_TEXT_CONTAINS: return value_int(contains(a[0], a[1]));
    case OPERATION_TEXT_STARTS: return value_int(a[0].length >= a[1].length && memcmp(a[0].text, a[1].text, a[1].length) == 0);
    case OPERATION_TEXT_ENDS: return value_int(a[0].length >= a[1].length && memcmp(a[0].text + a[0].length - a[1].length, a[1].text, a[1].length) == 0);
    case OPERATION_TEXT_MATCHES: {
        const struct pattern *pattern = find_pattern(context, a[1]);
        return value_int(pattern->is_good && regexec(&pattern->compiled, terminated(context, a[0]), 0, NULL, 0) == 0);
    }
    default:
        break;
    }
    buffer_clear(&context->buffer);
    if (operation == OPERATION_TO_TEXT)
        value_write(&context->buffer, a[0], first, first.kind == TYPE_INT ? VALUE_PLAIN : VALUE_SHOWN); /* in text a whole number is often a name: no separators */
    else if (operation == OPERATION_FORMAT_DATE)
        format_date(&context->buffer, a[0].integer, terminated(context, a[1]));
    else if (operation == OPERATION_FORMAT_NUMBER)
        format_number(&context->buffer, a[0].number, (int)a[1].integer, false);
    else { /* PERCENT_TEXT */
        format_number(&context->buffer, a[0].number, (int)a[1].integer, true);
        buffer_add_char(&context->buffer, '%');
    }
    return kept_text(context);
}

bool value_operate(struct operator_context *context, enum operation operation, struct type first, const struct value *arguments,
                   const struct decimal *factor, struct value *result, struct failure *failure) {
    struct value a[2] = {arguments[0], value_missing()};
    *result = value_missing();
    if (a[0].kind == VALUE_MISSING)
        return true;
    bool is_unary = operation == OPERATION_NEGATE || operation == OPERATION_ABSOLUTE || operation == OPERATION_NEGATE_NUMBER || operation == OPERATION_ABSOLUTE_NUMBER ||
                    operation == OPERATION_INT_TO_NUMBER || operation == OPERATION_NUMBER_TO_INT || operation == OPERATION_TO_TEXT ||
                    (operation >= OPERATION_DATE_TO_DATETIME && operation <= OPERATION_PERIOD_END) ||
                    (operation >= OPERATION_YEAR_NUMBER && operation <= OPERATION_DAY_NUMBER) ||
                    (operation >= OPERATION_TEXT_LOWER && operation <= OPERATION_TEXT_LENGTH);
    if (!is_unary && !(operation == OPERATION_MULTIPLY_DECIMAL)) {
        a[1] = arguments[1];
        if (a[1].kind == VALUE_MISSING)
            return true;
    }
    switch (operation) {
    case OPERATION_ADD: case OPERATION_SUBTRACT: case OPERATION_MULTIPLY: case OPERATION_NEGATE: case OPERATION_ABSOLUTE: case OPERATION_MULTIPLY_DECIMAL:
    case OPERATION_MULTIPLY_BY_NUMBER: case OPERATION_DIVIDE_BY_INT: case OPERATION_DIVIDE_BY_NUMBER: case OPERATION_ROUND_MONEY:
        return operate_int(operation, first, a, factor, result, failure);
    case OPERATION_RATIO:
        *result = a[1].integer ? value_number((double)a[0].integer / (double)a[1].integer) : value_missing();
        return true;
    case OPERATION_ADD_NUMBER: case OPERATION_SUBTRACT_NUMBER: case OPERATION_MULTIPLY_NUMBER: case OPERATION_DIVIDE_NUMBER: case OPERATION_NEGATE_NUMBER:
    case OPERATION_ABSOLUTE_NUMBER: case OPERATION_INT_TO_NUMBER: case OPERATION_ROUND_NUMBER:
        return operate_number(operation, a, result, failure);
    case OPERATION_NUMBER_TO_INT:
        return number_to_int(a[0].number, result, failure);
    case OPERATION_EQUAL: case OPERATION_NOT_EQUAL: case OPERATION_LESS: case OPERATION_AT_MOST: case OPERATION_GREATER: case OPERATION_AT_LEAST:
        *result = value_int(compare(operation, a[0], a[1]));
        return true;
    case OPERATION_LEAST:
        *result = value_compare(a[0], a[1]) <= 0 ? a[0] : a[1];
        return true;
    case OPERATION_GREATEST:
        *result = value_compare(a[0], a[1]) >= 0 ? a[0] : a[1];
        return true;
    case OPERATION_DATE_ADD_DURATION: case OPERATION_DATE_SUBTRACT_DURATION: case OPERATION_DATE_ADD_SPAN: case OPERATION_DATE_SUBTRACT_SPAN:
    case OPERATION_DATE_ADD_WORKING: case OPERATION_DATE_SUBTRACT_WORKING: case OPERATION_DATETIME_ADD_DURATION: case OPERATION_DATETIME_SUBTRACT_DURATION:
        return operate_date(context, operation, a, result, failure);
    case OPERATION_DATE_DIFFERENCE: case OPERATION_DATETIME_DIFFERENCE: case OPERATION_DATE_TO_DATETIME: case OPERATION_DATETIME_TO_DATE:
    case OPERATION_WEEK_OF: case OPERATION_MONTH_OF: case OPERATION_QUARTER_OF: case OPERATION_YEAR_OF: case OPERATION_FISCAL_YEAR_OF: case OPERATION_FISCAL_QUARTER_OF:
    case OPERATION_DAY_OF: case OPERATION_PERIOD_STEP_TO: case OPERATION_PERIOD_START: case OPERATION_PERIOD_END: case OPERATION_DATE_IN_PERIOD: case OPERATION_WORKING_DAYS:
    case OPERATION_YEAR_NUMBER: case OPERATION_MONTH_NUMBER: case OPERATION_DAY_NUMBER:
        *result = value_int(calendar_part(context, operation, a));
        return true;
    default:
        *result = operate_text(context, operation, first, a);
        return true;
    }
}
