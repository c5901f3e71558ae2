/* Numbers, dates and amounts as other countries, other programs and prose write them.
 * Knows: how values are written elsewhere. Does not know: where they may stand. */
#include "lang/syntax/advice.h"

#include "lang/base/text.h"
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
