/* Cells to values. See convert.h. */
#include "runtime/load/convert.h"
#include "lang/base/civil.h"
#include "lang/base/intern.h"
#include "lang/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct slice {
    const char *text;
    size_t length;
};

static struct slice trim(const struct cell *cell) {
    struct slice slice = {cell->text, cell->length};
    while (slice.length && (unsigned char)slice.text[0] <= ' ')
        slice.text++, slice.length--;
    while (slice.length && (unsigned char)slice.text[slice.length - 1] <= ' ')
        slice.length--;
    return slice;
}

enum { COLUMNS_QUOTED = 60 /* of a cell, in a message */ };

static int quoted_length(struct slice text) {
    return text.length > COLUMNS_QUOTED ? (int)text_prefix(text.text, text.length, COLUMNS_QUOTED) : (int)text.length;
}

/* The format has one `%.*s`, for the text. */
static bool refuse(struct arena *arena, const char **problem, const char *format, struct slice text) {
    *problem = arena_format(arena, format, quoted_length(text), text.text);
    return false;
}

/* ---- numbers ---- */

/* Digits with an optional exponent, exactly: 1.2E+05 is 120000. */
static enum decimal_result read_decimal(struct slice text, struct decimal *value) {
    const char *mark = memchr(text.text, 'E', text.length);
    if (!mark)
        mark = memchr(text.text, 'e', text.length);
    size_t digits = mark ? (size_t)(mark - text.text) : text.length;
    if (memchr(text.text, '_', text.length))
        return DECIMAL_BAD;
    enum decimal_result result = decimal_parse(text.text, digits, value, NULL);
    if (result != DECIMAL_OK || !mark)
        return result;
    struct decimal power;
    int64_t exponent;
    if (decimal_parse(mark + 1, text.length - digits - 1, &power, NULL) != DECIMAL_OK || !decimal_to_int(power, &exponent))
        return DECIMAL_BAD;
    return exponent > 18 || exponent < -18 ? DECIMAL_TOO_LARGE : decimal_shift(*value, (int)exponent, value);
}

/* `100k`: how the amount is written in full; NULL where the text is none. */
static const char *in_full(struct arena *arena, struct slice text) {
    static const struct {
        const char *letters;
        int power;
    } scales[] = {{"k", 3}, {"K", 3}, {"M", 6}, {"m", 6}, {"bn", 9}};
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        size_t length = strlen(scales[i].letters);
        struct slice digits = {text.text, text.length > length ? text.length - length : 0};
        while (digits.length && digits.text[digits.length - 1] == ' ')
            digits.length--;
        struct decimal value;
        if (!digits.length || memcmp(text.text + text.length - length, scales[i].letters, length) != 0 || read_decimal(digits, &value) != DECIMAL_OK || decimal_shift(value, scales[i].power, &value) != DECIMAL_OK)
            continue;
        struct buffer out = {0};
        decimal_write(&out, value);
        const char *full = arena_copy_string(arena, buffer_string(&out));
        buffer_free(&out);
        return full;
    }
    return NULL;
}

static bool has_twice(struct slice text, char sign) {
    const char *first = memchr(text.text, sign, text.length);
    return first && memchr(first + 1, sign, text.length - (size_t)(first + 1 - text.text));
}

static bool read_scaled(struct arena *arena, const struct conversion *conversion, struct slice text, struct decimal *value, const char **problem) {
    enum decimal_result result = read_decimal(text, value);
    if (result == DECIMAL_BAD) {
        const char *full = in_full(arena, text);
        if (full) {
            *problem = arena_format(arena, "`%.*s` is no number: write it in full, `%s`", quoted_length(text), text.text, full);
            return false;
        }
        if (memchr(text.text, ',', text.length) || has_twice(text, '.'))
            return refuse(arena, problem, "`%.*s` is no number: write it without thousands separators, with a point before decimals", text);
        return refuse(arena, problem, "`%.*s` is no number", text);
    }
    if (result == DECIMAL_TOO_LARGE || (conversion->has_times && !decimal_multiply(*value, conversion->times, value)))
        return refuse(arena, problem, "`%.*s` is too large", text);
    return true;
}

static bool convert_int(struct arena *arena, const struct conversion *conversion, struct slice text, struct value *value, const char **problem) {
    struct decimal decimal;
    int64_t whole;
    if (!read_scaled(arena, conversion, text, &decimal, problem))
        return false;
    if (!decimal_to_int(decimal, &whole))
        return refuse(arena, problem, "`%.*s` is not a whole number", text);
    *value = value_int(whole);
    return true;
}

static bool convert_money(struct arena *arena, const struct conversion *conversion, struct slice text, struct value *value, const char **problem) {
    const char *currency = conversion->type.currency ? conversion->type.currency : "";
    if (text.length > 4 && text.text[text.length - 4] == ' ' && strncmp(text.text + text.length - 3, currency, 3) == 0)
        text.length -= 4; /* 100.00 USD */
    static const struct {
        const char *symbol, *currency;
    } symbols[] = {{"$", "USD"}, {"$", "AUD"}, {"$", "CAD"}, {"£", "GBP"}, {"€", "EUR"}, {"¥", "JPY"}};
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        size_t size = strlen(symbols[i].symbol);
        if (strcmp(symbols[i].currency, currency) == 0 && text.length > size && memcmp(text.text, symbols[i].symbol, size) == 0)
            text.text += size, text.length -= size;
    }
    struct decimal decimal;
    int64_t amount;
    bool was_rounded;
    if (!read_scaled(arena, conversion, text, &decimal, problem))
        return false;
    if (decimal_to_money(decimal, &amount, &was_rounded) != DECIMAL_OK)
        return refuse(arena, problem, "`%.*s` is too large", text);
    if (conversion->rounded)
        *conversion->rounded += was_rounded;
    *value = value_int(amount);
    return true;
}

static bool convert_number(struct arena *arena, const struct conversion *conversion, struct slice text, struct value *value, const char **problem) {
    bool is_percent = text.length > 1 && text.text[text.length - 1] == '%';
    struct slice digits = {text.text, text.length - is_percent};
    struct decimal decimal;
    if (!conversion->has_times && !is_percent) { /* a double may have any exponent */
        char copy[64] = "";
        if (text.length < sizeof copy)
            memcpy(copy, text.text, text.length);
        if (copy[0] && copy[strspn(copy, "+-.0123456789eE")] == '\0') {
            char *end;
            double number = strtod(copy, &end);
            if (*end == '\0' && isfinite(number)) {
                *value = value_number(number);
                return true;
            }
        }
    }
    if (!read_scaled(arena, conversion, digits, &decimal, problem))
        return false;
    if (is_percent && decimal_shift(decimal, -2, &decimal) != DECIMAL_OK)
        return refuse(arena, problem, "`%.*s` is too large", text);
    *value = value_number(decimal_to_double(decimal));
    return true;
}

/* ---- dates ---- */

/* Digits where YYYY-MM-DD has them, so that only the calendar can be against it. */
static bool looks_like_date(struct slice text) {
    static const char shape[] = "0000-00-00";
    for (size_t i = 0; i < sizeof shape - 1; i++)
        if (i >= text.length || (shape[i] == '0' ? text.text[i] < '0' || text.text[i] > '9' : text.text[i] != shape[i]))
            return false;
    return text.length == sizeof shape - 1;
}

/* Which of the numbers in a pattern is the day, from 0; -1 where it has names, or no day. */
static int day_position(const char *pattern) {
    int count = 0;
    for (const char *at = strchr(pattern, '%'); at && at[1]; at = strchr(at + 2, '%')) {
        if (at[1] == 'd' || at[1] == 'e')
            return count;
        if (strchr("bBaAp", at[1]))
            return -1;
        count += at[1] != '%';
    }
    return -1;
}

/* Would the text be a date by the pattern if its day were the first? Then the month has no such day. */
static bool has_no_such_day(struct slice text, const char *pattern) {
    char copy[64];
    int position = day_position(pattern), digits = 0;
    size_t at = 0;
    if (position < 0 || text.length >= sizeof copy)
        return false;
    memcpy(copy, text.text, text.length);
    copy[text.length] = '\0';
    for (;; at += (size_t)digits) {
        at += strcspn(copy + at, "0123456789");
        digits = (int)strspn(copy + at, "0123456789");
        if (digits == 0)
            return false;
        if (position-- == 0)
            break;
    }
    if (digits > 2 || atoi(copy + at) < 1 || atoi(copy + at) > 31)
        return false;
    memset(copy + at, '0', (size_t)digits);
    copy[at + (size_t)digits - 1] = '1';
    int64_t seconds;
    bool has_time;
    return date_parse_pattern(copy, text.length, pattern, &seconds, &has_time);
}

/* How a script says that dates are written as this one: the pattern, or both where only the writer knows which number is the day. NULL when it looks like no date. */
static const char *pattern_words(struct arena *arena, struct slice text) {
    const char *words = arena_copy(arena, text.text, text.length);
    if (!date_meant(arena, words))
        return NULL;
    size_t first = strspn(words, "0123456789");
    const char sign = words[first], *second = words + first + 1, *third = second + strspn(second, "0123456789") + 1;
    const char *year = strlen(third) == 4 ? "%Y" : "%y";
    bool day_first = sign == '.' || atoi(words) > 12, month_first = sign != '.' && atoi(second) > 12;
    if (first == 4)
        return arena_format(arena, "`column \"…\" as \"%%Y%c%%m%c%%d\"`", sign, sign);
    if (day_first || month_first)
        return arena_format(arena, "`column \"…\" as \"%s%c%s%c%s\"`", day_first ? "%d" : "%m", sign, day_first ? "%m" : "%d", sign, year);
    return arena_format(arena, "`column \"…\" as \"%%d%c%%m%c%s\"`, or `as \"%%m%c%%d%c%s\"`", sign, sign, year, sign, sign, year);
}

static bool convert_date(struct arena *arena, const struct conversion *conversion, struct slice text, struct value *value, const char **problem) {
    bool is_date = conversion->type.kind == TYPE_DATE;
    int64_t seconds, day;
    bool has_time;
    for (const char *const *pattern = conversion->patterns; pattern && *pattern; pattern++)
        if (date_parse_pattern(text.text, text.length, *pattern, &seconds, &has_time)) {
            int64_t floor = seconds >= 0 ? seconds / DAY_SECONDS : -((-seconds + DAY_SECONDS - 1) / DAY_SECONDS);
            *value = value_int(is_date ? floor : seconds);
            return true;
        }
    if (!conversion->patterns && date_parse(text.text, text.length, &day)) {
        *value = value_int(is_date ? day : day * DAY_SECONDS);
        return true;
    }
    if (!conversion->patterns && !is_date && datetime_parse(text.text, text.length, &seconds)) {
        *value = value_int(seconds);
        return true;
    }
    for (const char *const *pattern = conversion->patterns; pattern && *pattern; pattern++)
        if (has_no_such_day(text, *pattern))
            return refuse(arena, problem, "there is no day `%.*s` in the calendar", text);
    if (conversion->patterns) {
        *problem = arena_format(arena, "`%.*s` is not a date written like \"%s\"", quoted_length(text), text.text, conversion->patterns[0]);
        return false;
    }
    if (looks_like_date(text))
        return refuse(arena, problem, "there is no day `%.*s` in the calendar", text);
    const char *written = pattern_words(arena, text);
    if (written) {
        *problem = arena_format(arena, "`%.*s` is not a date written year-month-day; a script says how it is written: %s", quoted_length(text), text.text, written);
        return false;
    }
    return refuse(arena, problem, "`%.*s` is not a date written year-month-day; say how it is written with `as`", text);
}

/* ---- the others ---- */

static bool convert_bool(struct arena *arena, struct slice text, struct value *value, const char **problem) {
    static const char *const yes[] = {"true", "yes", "y", "1"}, *const no[] = {"false", "no", "n", "0"};
    for (int i = 0; i < 4; i++) {
        bool is_yes = strlen(yes[i]) == text.length && strncasecmp(yes[i], text.text, text.length) == 0;
        if (is_yes || (strlen(no[i]) == text.length && strncasecmp(no[i], text.text, text.length) == 0)) {
            *value = value_int(is_yes);
            return true;
        }
    }
    return refuse(arena, problem, "`%.*s` is neither yes nor no", text);
}

static bool convert_enum(struct arena *arena, const struct enum_type *enumeration, struct slice text, struct value *value, const char **problem) {
    for (int exact = 1; exact >= 0; exact--)
        for (int i = 0; i < enumeration->value_count; i++) {
            const char *names[] = {enumeration->values[i].name, enumeration->values[i].title};
            for (int n = 0; n < 2; n++)
                if (strlen(names[n]) == text.length && (exact ? memcmp(names[n], text.text, text.length) : strncasecmp(names[n], text.text, text.length)) == 0) {
                    *value = value_int(i);
                    return true;
                }
        }
    const char *written = arena_copy(arena, text.text, (size_t)quoted_length(text));
    struct nearest nearest;
    nearest_start(&nearest, written);
    for (int i = 0; i < enumeration->value_count; i++)
        nearest_offer(&nearest, enumeration->values[i].name);
    *problem = nearest.best ? arena_format(arena, "`%s` is no value of %s (did you mean `%s`?)", written, enumeration->name, nearest.best)
                            : arena_format(arena, "`%s` is no value of %s", written, enumeration->name);
    return false;
}

static bool convert_duration(struct arena *arena, const struct conversion *conversion, struct slice text, struct value *value, const char **problem) {
    struct decimal decimal, day = {DAY_SECONDS, 0};
    int64_t seconds;
    if (!read_scaled(arena, conversion, text, &decimal, problem))
        return false;
    if (!decimal_multiply(decimal, day, &decimal) || !decimal_to_int(decimal, &seconds))
        return refuse(arena, problem, "`%.*s` is not a number of days", text);
    *value = value_int(seconds);
    return true;
}

bool convert_cell(struct arena *arena, const struct conversion *conversion, const struct cell *cell, struct value *value, const char **problem) {
    struct slice text = trim(cell);
    *value = value_missing();
    if (cell->missing || text.length == 0)
        return true;
    int64_t period;
    switch (conversion->type.kind) {
    case TYPE_TEXT: {
        size_t length;
        const char *normal = text_normalize(arena, text.text, text.length, &length);
        *value = value_text(normal, length);
        return true;
    }
    case TYPE_INT: case TYPE_SPAN: case TYPE_WORKING_DAYS:
        return convert_int(arena, conversion, text, value, problem);
    case TYPE_NUMBER:
        return convert_number(arena, conversion, text, value, problem);
    case TYPE_MONEY:
        return convert_money(arena, conversion, text, value, problem);
    case TYPE_DATE: case TYPE_DATETIME:
        return convert_date(arena, conversion, text, value, problem);
    case TYPE_DURATION:
        return convert_duration(arena, conversion, text, value, problem);
    case TYPE_BOOL:
        return convert_bool(arena, text, value, problem);
    case TYPE_ENUM:
        return convert_enum(arena, conversion->type.enumeration, text, value, problem);
    case TYPE_PERIOD:
        if (!period_parse(text.text, text.length, &period))
            return refuse(arena, problem, "`%.*s` is no period: write 2026-W12, 2026-03, 2026Q1, 2026, FY2026 or 2026-W05..2026-W06", text);
        *value = value_int(period);
        return true;
    default:
        return refuse(arena, problem, "`%.*s` cannot be read here", text);
    }
}
