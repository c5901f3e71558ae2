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

/* ---- prose in clauses ---- */

/* After a token (0: any), where another could stand, one of these words: what it should be. */
static const struct {
    int after, instead_of;
    const char *words, *hint;
} turns[] = {
    {0, TOK_SHALL, " must ", "Did you mean `shall`? What is only advised is said with `should`."},
    {0, TOK_SHALL, " requires require needs ensure ", "What is required stands after `shall`: `shall exists statuses`."},
    {0, TOK_EVERY, " daily ", "How often is said with `every`: `every day`."},
    {0, TOK_EVERY, " weekly ", "How often is said with `every`: `every week`."},
    {0, TOK_EVERY, " biweekly fortnightly ", "How often is said with `every`: `every 2 weeks`."},
    {0, TOK_EVERY, " monthly each ", "How often is said with `every`: `every month`."},
    {0, TOK_EVERY, " quarterly ", "How often is said with `every`: `every quarter`."},
    {0, TOK_EVERY, " yearly annually annual ", "How often is said with `every`: `every year`."},
    {0, TOK_ESCALATE, " escalated_to escalates escalated escalate_to notify inform ", "Before whom breaches are brought is said with `escalate to`: `escalate to BOARD after 2 breaches`."},
    {0, TOK_UP_TO, " until maximum max ", "The longest that a waiver may last is said with `up to`: `waivable by BOARD up to 90 days`."},
    {TOK_EXCEPT, TOK_TEXT, " when if where for unless ", "An exception has a label, by which answers name it: `except \"Small budget\" when budget < 50k USD`."},
    {TOK_TEXT, TOK_WHEN, " if where for unless ", "When an exception applies stands after `when`: `except \"Small budget\" when budget < 50k USD`."},
};

static bool is_among(const char *words, const char *word) {
    size_t length = strlen(word);
    for (const char *at = words; (at = strstr(at, word)) != NULL; at += length)
        if (at > words && at[-1] == ' ' && at[length] == ' ')
            return true;
    return false;
}

bool advise_on_turn(struct driver *driver, struct diagnostic *diagnostic) {
    const char *text = driver->current.text;
    if (text == NULL || *text == '\0' || driver->current.kind == TOK_TEXT || driver->brackets.count == 0)
        return false;
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
        bool is_there = (turns[i].after == 0 || turns[i].after == driver->last_kind) && driver_accepts(driver, turns[i].instead_of);
        if (!is_there || !is_among(turns[i].words, text) || (turns[i].instead_of == TOK_WHEN && driver->before_last_kind != TOK_EXCEPT))
            continue;
        diagnostic_hint(driver->build.diagnostics, diagnostic, "%s", turns[i].hint);
        return true;
    }
    return false;
}

/* `before stage = delivery` */
bool advise_on_gate(struct driver *driver, struct diagnostic *diagnostic) {
    if (!driver_accepts(driver, TOK_BECOMES) || driver_accepts(driver, TOK_RAISE))
        return false;
    bool is_sign = driver->current.kind == TOK_EQUAL || driver->current.kind == TOK_IS;
    if (is_sign && driver->last_kind == TOK_NAME && driver->next.kind == TOK_NAME)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "A gate stands before a change: `before %s becomes %s`.", driver->last_text, driver->next.text);
    else
        diagnostic_hint(driver->build.diagnostics, diagnostic, "A gate stands before a field becomes a value: `before stage becomes delivery`.");
    return true;
}

/* `by "Project office" on "Delivery"` */
static bool advise_on_quoted_actor(struct driver *driver, struct diagnostic *diagnostic) {
    static const char *const openers[] = {"rule", "mandate", "report"};
    bool is_header = false;
    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++)
        is_header = is_header || advice_line_begins(driver, driver->current.span.start, openers[i]);
    if (driver->current.kind != TOK_TEXT || !driver_accepts(driver, TOK_NAME) || (driver->last_kind != TOK_BY && driver->last_kind != TOK_ON && driver->last_kind != TOK_TO) || (driver->brackets.count == 0 && !is_header))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "Offices, bodies, people and domains are named by their keys, without quotes: `by PMO on delivery`, `waivable by BOARD`.");
    return true;
}

/* `waivable by the board`, `escalate to Investment Board`, `by the PMO` */
bool advise_on_actor(struct driver *driver, struct diagnostic *diagnostic) {
    if (advise_on_quoted_actor(driver, diagnostic))
        return true;
    bool is_header = driver->before_last_kind == TOK_BY && driver->brackets.count == 0 && driver_accepts(driver, TOK_OPEN_BRACE);
    bool is_waivable = driver->before_last_kind == TOK_BY && driver_accepts(driver, TOK_UP_TO), is_escalate = driver->before_last_kind == TOK_TO && driver_accepts(driver, TOK_AFTER);
    if (driver->last_kind != TOK_NAME || driver->current.kind != TOK_NAME || driver->current.starts_line || !(is_header || is_waivable || is_escalate))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "%s is named by its key, which is one word: `%s`.", is_header ? "An office" : "An office, a body or a person",
                    is_header ? "by PMO" : is_waivable ? "waivable by BOARD" : "escalate to BOARD");
    return true;
}

/* `expect m escalated for METERS`, `expect m not met for METERS` */
bool advise_on_outcome(struct driver *driver, struct diagnostic *diagnostic) {
    if (!driver_accepts(driver, TOK_BREACHED) || driver->last_kind != TOK_NAME || driver->current.starts_line)
        return false;
    if (driver->current.kind == TOK_NOT)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "The opposite begins with `not`: `expect not %s %s for …`.", driver->last_text, driver->next.text != NULL ? driver->next.text : "met");
    else if (advice_is_outcome(driver))
        diagnostic_hint(driver->build.diagnostics, diagnostic, "Of a mandate is expected `met`, `met_late`, `pending`, `waived` or `breached`; of a rule, `raised`.");
    else
        return false;
    return true;
}

bool advice_is_outcome(const struct driver *driver) {
    return driver->next.kind == TOK_NAME && strcmp(driver->next.text, "for") == 0 && driver_accepts(driver, TOK_BREACHED);
}

/* `effective 2026-01-01` */
bool advise_on_effective(struct driver *driver, struct diagnostic *diagnostic) {
    if (driver->last_kind != TOK_EFFECTIVE || driver->current.kind != TOK_DATE)
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "From when, or until when, is said: `effective from %s`.", advice_written(driver, driver->current.span));
    return true;
}

/* `show budget as "Budget" total` */
bool advise_on_total(struct driver *driver, struct diagnostic *diagnostic) {
    if (driver->last_kind != TOK_TOTAL)
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "Of which column stands after it: `total %s`.", driver->before_last_kind == TOK_TEXT ? advice_written(driver, driver->before_last_span) : "budget");
    return true;
}

/* ---- titles that go on ---- */

/* The curly quote at that place: its bytes, or 0. */
static size_t curly_quote(const char *at) {
    const unsigned char *bytes = (const unsigned char *)at;
    return bytes[0] == 0xe2 && bytes[1] == 0x80 && bytes[2] >= 0x9c && bytes[2] <= 0x9f ? 3 : 0;
}

/* Where the title most likely ends that begins at that place: before a curly quote, `by`, `on` or `{`. */
static size_t title_length(const char *text) {
    size_t length = 0;
    while (text[length] != '\0' && text[length] != '\n' && text[length] != '{' && !curly_quote(text + length)) {
        if (is_space(text[length]) && (strncmp(text + length + 1, "by ", 3) == 0 || strncmp(text + length + 1, "on ", 3) == 0))
            break;
        length++;
    }
    while (length > 0 && is_space(text[length - 1]))
        length--;
    return length;
}

bool advice_is_unclosed_title(const struct driver *driver) {
    if (driver->current.kind != TOK_TEXT_OPEN || !driver_accepts(driver, TOK_TEXT) || driver_accepts(driver, TOK_TEXT_OPEN))
        return false;
    const char *after = driver->build.text + driver->next.span.end;
    after += strspn(after, " \t");
    return driver->next.starts_line || driver->next.kind == TOK_BROKEN || driver->next.kind == TOK_END || (driver->next.kind == TOK_NAME && (*after == ':' || *after == ',' || is_name_byte(*after)));
}

void advice_on_unclosed(struct driver *driver, struct diagnostic *diagnostic, uint32_t place) {
    const char *text = driver->build.text + place + 1;
    size_t length = title_length(text), line = strcspn(text, "\n");
    for (size_t at = 0; at < line; at++)
        if (curly_quote(text + at)) {
            diagnostic_hint(driver->build.diagnostics, diagnostic, "Both quotes are straight: `\"%.*s\"`.", (int)length, text);
            return;
        }
    if (length > 0 && length < line && driver->current.kind == TOK_TEXT_OPEN)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "Close it where the title ends: `\"%.*s\"`.", (int)length, text);
}
