/* Words of prose and of other languages, and how that is said here: a table.
 * Knows: after what each word stands. Does not know: clauses. */
#include "lang/syntax/advice.h"

#include <string.h>

enum habit_place { AFTER_VALUE, AFTER_IS, AFTER_TYPE };
static const struct {
    enum habit_place place;
    const char *word, *hint;
} habits[] = {
    {AFTER_VALUE, "between", "A range is written with two dots: `budget in 1k USD..5k USD`, `due in 2026-01-01..2026-06-30`."},
    {AFTER_VALUE, "like", "A pattern is matched with `matches`, a part with `contains`, a beginning with `starts_with`: `name matches \"^PRJ\"`, `name contains \"pump\"`, `starts_with(name, \"PRJ\")`."},
    {AFTER_VALUE, "equals", "Equality is written `=`: `stage = delivery`."},
    {AFTER_VALUE, "exceeds", "More than is written `>`: `spent > budget`."},
    {AFTER_VALUE, "before", "Dates are compared with `<` and `>`: `due < today`."},
    {AFTER_VALUE, "after", "Dates are compared with `<` and `>`: `due > today`."},
    {AFTER_VALUE, "since", "How long ago something was is a difference: `today - start > 30 days`."},
    {AFTER_VALUE, "of", "A share is a product: `spent > budget * 110%`. A field of a record stands after a dot: `office.name`."},
    {AFTER_VALUE, "descending", "The greatest first is written `desc`: `sort by due desc`."},
    {AFTER_VALUE, "ascending", "The least first is written `asc`, and may be left out: `sort by due`."},
    {AFTER_VALUE, "day", "`day` belongs to a number, as in `1 day`: leave it out here."},
    {AFTER_VALUE, "days", "`days` belongs to a number, as in `30 days`: leave it out here."},
    {AFTER_VALUE, "weeks", "`weeks` belongs to a number, as in `2 weeks`: leave it out here."},
    {AFTER_VALUE, "months", "`months` belongs to a number, as in `3 months`: leave it out here."},
    {AFTER_VALUE, "years", "`years` belongs to a number, as in `2 years`: leave it out here."},
    {AFTER_IS, "empty", "Of a collection ask `no costs` or `exists costs`; of a value that may be left out, `is missing` or `is known`."},
    {AFTER_IS, "null", "Whether there is a value is asked with `is missing` and `is known`: `sponsor is missing`."},
    {AFTER_IS, "none", "Whether there is a value is asked with `is missing` and `is known`: `sponsor is missing`."},
    {AFTER_IS, "greater", "Greater is written `>`, at least `>=`: `spent > budget`."},
    {AFTER_IS, "more", "More than is written `>`, at least `>=`: `spent > budget`."},
    {AFTER_IS, "above", "Above is written `>`: `spent > budget`."},
    {AFTER_IS, "over", "Over is written `>`: `spent > budget`."},
    {AFTER_IS, "less", "Less is written `<`, at most `<=`: `spent < budget`."},
    {AFTER_IS, "below", "Below is written `<`: `spent < budget`."},
    {AFTER_IS, "under", "Under is written `<`: `spent < budget`."},
    {AFTER_IS, "before", "Dates are compared with `<` and `>`: `due < today`."},
    {AFTER_IS, "after", "Dates are compared with `<` and `>`: `due > today`."},
    {AFTER_IS, "between", "A range is written with two dots: `budget in 1k USD..5k USD`, `due in 2026-01-01..2026-06-30`."},
    {AFTER_IS, "in", "Leave `is` out: `stage in [delivery, closing]`."},
    {AFTER_IS, "", "`is` asks whether there is a value at all. To compare, write `=`: `stage = delivery`."}, /* any other word */
    {AFTER_TYPE, "optional", "A value that may be left out has a question mark after its type: `regulator: text?`."},
    {AFTER_TYPE, "nullable", "A value that may be left out has a question mark after its type: `regulator: text?`."},
    {AFTER_TYPE, "required", "A field must be given unless its type has a question mark: leave `required` out."},
    {AFTER_TYPE, "mandatory", "A field must be given unless its type has a question mark: leave `mandatory` out."},
    {AFTER_TYPE, "unique", "What tells the rows apart is their key: `key code`."},
};

static const char *hint_of_habit(struct driver *driver) {
    const char *word = driver->current.text;
    bool is_member = advice_is_within(driver, "record") || advice_is_within(driver, "extend");
    bool is_at[] = {[AFTER_VALUE] = driver_accepts(driver, TOK_PLUS) && !is_member, [AFTER_IS] = driver->last_kind == TOK_IS, [AFTER_TYPE] = is_member && advice_field_before(driver).end > 0};
    for (size_t i = 0; word != NULL && i < sizeof habits / sizeof *habits; i++)
        if (is_at[habits[i].place] && (!*habits[i].word || strcmp(word, habits[i].word) == 0))
            return habits[i].hint;
    return NULL;
}

bool advise_on_habit(struct driver *driver, struct diagnostic *diagnostic) {
    const char *hint = hint_of_habit(driver);
    if (hint != NULL)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "%s", hint);
    return hint != NULL;
}

bool advice_is_habit(struct driver *driver) {
    bool is_after_target = strcmp(driver->current.text, "where") == 0 && advice_target(driver) != NULL;
    return is_after_target || advice_is_outcome(driver) || hint_of_habit(driver) != NULL || advice_scale_of(driver) != NULL;
}
