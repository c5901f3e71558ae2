/* Numbers, dates and amounts as other countries, other programs and prose write them.
 * Knows: how values are written elsewhere. Does not know: where they may stand. */
#include "lang/syntax/advice.h"

#include "lang/base/civil.h"
#include "lang/base/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* 1 to 12 for a month's name or its first three letters; else 0. */
static int month_of(const char *word) {
    static const char *const months[] = {"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"};
    size_t length = word != NULL ? strlen(word) : 0;
    for (size_t i = 0; i < sizeof months / sizeof *months; i++)
        if (length >= 3 && strncasecmp(months[i], word, length) == 0)
            return (int)i + 1;
    return 0;
}

/* `30 June 2026`, `June 30, 2026` */
bool advise_on_month(struct driver *driver, struct diagnostic *diagnostic) {
    bool day_first = driver->last_kind == TOK_INT && driver->current.kind == TOK_NAME;
    int month = day_first ? month_of(driver->current.text) : driver->current.kind == TOK_INT && driver->last_kind == TOK_NAME ? month_of(driver->last_text) : 0;
    if (month == 0)
        return false;
    const char *text = driver->build.text, *after = text + driver->current.span.end;
    int day = atoi(text + (day_first ? driver->last_span.start : driver->current.span.start)), year = atoi(after + strspn(after, " \t,"));
    diagnostic_hint(driver->build.diagnostics, diagnostic, "A date is written year, month, day: `%04d-%02d-%02d`.", year >= 1000 && year <= 9999 ? year : 2026, month, day >= 1 && day <= 31 ? day : 1);
    return true;
}

/* A word after a number: the letter that stands for it at the number, "%" for a share; NULL for any other word. */
const char *advice_scale_of(const struct driver *driver) {
    static const char *const scales[][2] = {{"thousand", "k"}, {"thousands", "k"}, {"million", "M"}, {"millions", "M"}, {"mn", "M"}, {"mio", "M"}, {"billion", "bn"}, {"billions", "bn"}, {"percent", "%"}, {"of", "%"}};
    if (driver->current.text == NULL || (driver->last_kind != TOK_INT && driver->last_kind != TOK_DECIMAL))
        return NULL;
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
        if (strcmp(driver->current.text, scales[i][0]) == 0)
            return scales[i][1];
    return NULL;
}

/* `1 million USD` */
bool advise_on_scale(struct driver *driver, struct diagnostic *diagnostic) {
    const char *letter = advice_scale_of(driver), *unit = driver->next.kind == TOK_NAME && strlen(driver->next.text) == 3 ? driver->next.text : "";
    if (letter == NULL || *letter == '%')
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "Thousands, millions and billions are letters at the number: `%s%s%s%s`.", advice_written(driver, driver->last_span), letter, *unit ? " " : "", unit);
    return true;
}

/* `110 percent of budget`, `110% of budget` */
bool advise_on_percent(struct driver *driver, struct diagnostic *diagnostic) {
    const char *letter = advice_scale_of(driver), *at = driver->build.text + driver->current.span.end;
    if (letter == NULL || *letter != '%')
        return false;
    at += strspn(at, " \t");
    if (strncmp(at, "of", 2) == 0 && is_space(at[2]))
        at += 2 + strspn(at + 2, " \t");
    size_t length = 0;
    while (is_name_byte(at[length]) || (at[length] == '.' && is_name_byte(at[length + 1])))
        length++;
    const char *amount = advice_written(driver, driver->last_span);
    diagnostic_hint(driver->build.diagnostics, diagnostic, length ? "A share is a product: `%.*s * %s%s`." : "A percent sign adjoins its number: `%.*s%s%s`.", (int)length, at, amount, text_ends(amount, "%") ? "" : "%");
    return true;
}

/* ---- numbers and dates in figures ---- */

/* The figures round the current token that belong to one number or date: digits with full stops, commas and strokes between. */
static struct span figures(const struct driver *driver) {
    const char *text = driver->build.text;
    struct span span = driver->current.span;
    while (span.start > 0 && strchr("0123456789._,/-", text[span.start - 1]) != NULL)
        span.start--;
    span.end = span.start + (uint32_t)strspn(text + span.start, "0123456789._,/-");
    return span;
}

/* `05.01.2026` */
bool advise_on_date(struct driver *driver, struct diagnostic *diagnostic) {
    struct span span = figures(driver);
    const char *meant = span.end > span.start ? date_meant(driver->build.arena, advice_written(driver, span)) : NULL;
    if (meant != NULL)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "A date is written year, month, day: `%s`.", meant);
    return meant != NULL;
}

/* A number with signs between groups of three digits, or with a comma before its parts, as it is written here; NULL when it is none. */
static const char *grouped_meant(struct arena *arena, const char *words, bool *has_parts) {
    size_t length = strlen(words), last = 0, signs = 0, first = strcspn(words, ".,");
    for (size_t i = 0; i < length; i++)
        if (words[i] == '.' || words[i] == ',')
            signs++, last = i;
    size_t after_last = length - last - 1;
    bool is_one_kind = signs > 0 && strchr(words, words[last] == '.' ? ',' : '.') == NULL;
    *has_parts = signs > 0 && (is_one_kind ? words[last] == ',' && signs == 1 && after_last != 3 : words[last] != words[first]);
    if (signs == 0 || first == 0 || after_last == 0 || strspn(words, "0123456789.,") < length || (is_one_kind && signs == 1 && words[last] == '.'))
        return NULL;
    char *meant = arena_copy(arena, words, length);
    for (size_t i = first, digits = first; i < length; i++) {
        bool is_sign = words[i] == '.' || words[i] == ',', is_parts = *has_parts && i == last;
        if (is_sign && (digits > 3 || digits == 0 || (i > first && digits != 3)) && !(is_parts && i == first))
            return NULL;
        if (is_sign)
            meant[i] = is_parts ? '.' : '_';
        digits = is_sign ? 0 : i == first ? first : digits + 1;
    }
    return *has_parts || after_last == 3 ? meant : NULL;
}

/* `1.250.000 USD`, `50.000,00 USD` */
bool advise_on_groups(struct driver *driver, struct diagnostic *diagnostic) {
    bool has_parts;
    struct span span = figures(driver);
    const char *meant = span.end > span.start ? grouped_meant(driver->build.arena, advice_written(driver, span), &has_parts) : NULL;
    if (meant != NULL && has_parts)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "Parts stand after a full stop, and digits are grouped with `_`: `%s`.", meant);
    else if (meant != NULL)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "Digits are grouped with `_`: `%s`. A letter stands for thousands and millions, as in `1M USD`.", meant);
    return meant != NULL;
}

/* ---- numbers in words ---- */

static const char *digits_of(const char *word) {
    static const char *const words[] = {"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"};
    static const char *const digits[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"};
    for (size_t i = 0; word != NULL && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0)
            return digits[i];
    return NULL;
}

static bool is_working(const char *word) {
    static const char *const words[] = {"working", "workdays", "workday", "business", "weekdays", "weekday"};
    return advice_is_one_of(word, words, sizeof words / sizeof *words);
}

/* `within five working days`, `after two breaches`, `within 5 workdays` */
bool advise_on_count(struct driver *driver, struct diagnostic *diagnostic) {
    static const char *const units[] = {"hours", "hour", "day", "days", "week", "weeks", "month", "months", "quarter", "quarters", "year", "years"};
    const char *word = driver->current.text, *unit = word, *count = driver->last_kind == TOK_NAME ? digits_of(driver->last_text) : NULL;
    if (driver->current.kind != TOK_NAME)
        return false;
    if (driver_accepts(driver, TOK_INT) && !driver_accepts(driver, TOK_NAME)) { /* the word itself */
        count = digits_of(word);
        unit = driver->next.kind == TOK_NAME ? driver->next.text : "";
    } else if (driver->last_kind == TOK_INT && is_working(word))
        count = advice_written(driver, driver->last_span);
    else if (count != NULL && !is_working(word) && !advice_is_one_of(unit, units, sizeof units / sizeof *units))
        return false;
    if (count == NULL)
        return false;
    bool is_digit = driver->last_kind == TOK_INT;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "%s: `%s %s`.", is_digit ? "Days without weekends and holidays are `working days`" : "A number is written in digits", count,
                    is_working(unit) ? "working days" : unit);
    return true;
}

/* ---- dates that there are not ---- */

void advice_on_bad_date(struct driver *driver, struct diagnostic *diagnostic, const char *date) {
    static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
    int year = 0, month = 0, day = 0;
    if (sscanf(date, "%4d-%2d-%2d", &year, &month, &day) != 3 || year < 1)
        return;
    if (civil_is_valid(year, month, day) && strlen(date) < 10)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "Month and day have two digits: `%04d-%02d-%02d`.", year, month, day);
    else if (month >= 1 && month <= 12)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "There is no such day: %s %d has %d days.", months[month - 1], year, civil_month_days(year, month));
    else if (civil_is_valid(year, day, month))
        diagnostic_hint(driver->build.diagnostics, diagnostic, "The month comes before the day: `%04d-%02d-%02d`.", year, day, month);
}
