/* What people write in rules and mandates, where the language says it otherwise.
 * Knows: their clauses. Does not know: expressions. */
#include "lang/syntax/advice.h"

#include "lang/base/text.h"
#include <string.h>

/* `rule r { for initiative shall exists costs }` */
bool advise_on_shall(struct driver *driver, struct diagnostic *diagnostic) {
    const char *text = driver->current.text;
    if (text == NULL || (strcmp(text, "shall") != 0 && strcmp(text, "should") != 0) || !advice_is_within(driver, "rule"))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "A rule says what to find, `when … raise …`. What an office requires, with `%s`, is a mandate: `mandate NAME \"…\" { … }`.", text);
    return true;
}

/* `raise "high" "…"`: the severity is a name. */
bool advise_on_severity(struct driver *driver, struct diagnostic *diagnostic) {
    if (driver->last_kind != TOK_RAISE || (driver->current.kind != TOK_TEXT && driver->current.kind != TOK_TEXT_OPEN))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "First comes how grave it is, without quotes: `raise high \"…\"`. It is one of info, low, medium, high, critical.");
    return true;
}

/* `rule r "Spending of {name}" { … }` */
bool advise_on_title(struct driver *driver, struct diagnostic *diagnostic) {
    if (driver->current.kind != TOK_TEXT_OPEN || !driver_accepts(driver, TOK_TEXT) || driver_accepts(driver, TOK_TEXT_OPEN))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "This text is shown as it stands: values in braces belong to `raise`. A brace of the text itself is written `\\{`.");
    return true;
}

/* `rule r "R" { for each initiative … }` */
bool advise_on_each(struct driver *driver, struct diagnostic *diagnostic) {
    static const char *const words[] = {"each", "all", "every", "any"};
    if (driver->before_last_kind != TOK_FOR || driver->last_kind != TOK_NAME || driver->current.kind != TOK_NAME || !advice_is_one_of(driver->last_text, words, sizeof words / sizeof *words))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "It is about each of them anyway: `for %s`.", driver->current.text);
    return true;
}

/* `for initiative if spent > budget`: in a rule it is `when`. */
bool advise_on_if(struct driver *driver, struct diagnostic *diagnostic) {
    if (driver->current.kind != TOK_IF || !driver_accepts(driver, TOK_WHEN))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "The condition stands after `when`: `for initiative when spent > budget raise high \"…\"`.");
    return true;
}
