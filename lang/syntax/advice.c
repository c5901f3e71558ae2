/* What to do about a token that cannot stand where it is, in the words of whoever wrote it: what they meant can often be told from the line so far.
 * Knows: habits from spreadsheets, other languages and plain prose. Does not know: how reading goes on (recover.c), mistakes that can be put right (mend.c). */
#include "lang/syntax/driver.h"

#include "lang/base/text.h"
#include <string.h>

/* A reserved word as a name, a misspelt declaration. */
static void advise_on_words(struct driver *driver, struct diagnostic *diagnostic) {
    struct diagnostics *list = driver->build.diagnostics;
    const struct word *word = driver_word(driver, &driver->current);
    if (word != NULL && word->kind == WORD_RESERVED && word->token != 0 && driver_accepts(driver, TOK_NAME) &&
        !driver_accepts(driver, TOK_INT))
        diagnostic_hint(list, diagnostic, "`%s` is a word of the language. Try `%s`.", word->name, word->instead);
    else if (driver->brackets.count > 0 && driver->brackets.items[driver->brackets.count - 1].word != NULL) {
        /* `ruel overspend { when … }` was read as a record of the type `ruel`. */
        static const char *const openers[] = {"record", "extend", "enum", "rule", "mandate", "report", "test", "scenario", "settings"};
        const char *wanted = driver->brackets.items[driver->brackets.count - 1].word;
        struct nearest search;
        nearest_start(&search, wanted);
        for (size_t i = 0; i < sizeof openers / sizeof *openers; i++)
            nearest_offer(&search, openers[i]);
        bool is_word = words_find(driver->words, intern_string(driver->build.names, wanted)) != NULL;
        if (search.best != NULL && !is_word && word != NULL && word->kind == WORD_CLAUSE)
            diagnostic_hint(list, diagnostic, "Did you mean `%s` instead of `%s`?", search.best, wanted);
    } else if (driver->brackets.count == 0 && driver->before_last_text != NULL) {
        struct nearest search;
        nearest_start(&search, driver->before_last_text);
        nearest_offer(&search, "rule");
        nearest_offer(&search, "mandate");
        nearest_offer(&search, "report");
        if (search.best != NULL)
            diagnostic_hint(list, diagnostic, "Did you mean `%s` instead of `%s`?", search.best, driver->before_last_text);
    }
}

/* ---- the line so far ---- */

static bool is_space(char c) {
    return c == ' ' || c == '\t';
}

static bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (unsigned char)c >= 0x80;
}

/* Where the line of that place begins, after its spaces. */
static const char *line_start(const struct driver *driver, uint32_t place) {
    const char *text = driver->build.text;
    while (place > 0 && text[place - 1] != '\n')
        place--;
    while (is_space(text[place]))
        place++;
    return text + place;
}

static bool line_begins(const struct driver *driver, uint32_t place, const char *word) {
    const char *start = line_start(driver, place);
    size_t length = strlen(word);
    return strncmp(start, word, length) == 0 && !is_name_byte(start[length]);
}

static bool is_within(const struct driver *driver, const char *word) {
    const struct bracket *bracket = driver->brackets.count > 0 ? &driver->brackets.items[driver->brackets.count - 1] : NULL;
    return bracket != NULL && bracket->word != NULL && strcmp(bracket->word, word) == 0;
}

/* The field of `field: type` before the current token, on one line; empty when there is none. */
static struct span field_before(const struct driver *driver) {
    const char *text = driver->build.text;
    uint32_t end = driver->last_span.start;
    while (end > 0 && is_space(text[end - 1]))
        end--;
    if (end == 0 || text[--end] != ':')
        return (struct span){0};
    while (end > 0 && is_space(text[end - 1]))
        end--;
    uint32_t start = end;
    while (start > 0 && is_name_byte(text[start - 1]))
        start--;
    return (struct span){.file = driver->last_span.file, .start = start, .end = end};
}

static bool is_operator(int kind) {
    switch (kind) {
    case TOK_PLUS: case TOK_MINUS: case TOK_STAR: case TOK_SLASH: case TOK_DOT: case TOK_OPEN_PAREN: case TOK_OPEN_BRACKET:
    case TOK_LESS: case TOK_AT_MOST: case TOK_GREATER: case TOK_AT_LEAST: case TOK_EQUAL: case TOK_NOT_EQUAL: case TOK_AND: case TOK_OR:
        return true;
    default:
        return false;
    }
}

/* ---- what was meant ---- */

/* `rule r { for initiative shall exists costs }` */
static bool advise_on_shall(struct driver *driver, struct diagnostic *diagnostic) {
    const char *text = driver->current.text;
    if (text == NULL || (strcmp(text, "shall") != 0 && strcmp(text, "should") != 0) || !is_within(driver, "rule"))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "A rule says what to find, `when … raise …`. What an office requires, with `%s`, is a mandate: `mandate NAME \"…\" { … }`.", text);
    return true;
}

/* `y: x + 1` in a record */
static bool advise_on_computed(struct driver *driver, struct diagnostic *diagnostic) {
    if (!is_operator(driver->current.kind) || driver->current.starts_line || !(is_within(driver, "record") || is_within(driver, "extend")))
        return false;
    struct span field = field_before(driver);
    if (field.start == field.end)
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "After `:` stands a type. A field that is worked out is written with `=`: `%.*s = …`.", (int)(field.end - field.start), driver->build.text + field.start);
    return true;
}

/* `rule my-rule "…" { … }` */
static bool advise_on_name(struct driver *driver, struct diagnostic *diagnostic) {
    static const char *const openers[] = {"rule", "report", "mandate", "record", "extend", "enum", "define", "test", "scenario"};
    if (driver->current.kind != TOK_MINUS || driver->current.span.start != driver->last_span.end || driver->last_kind != TOK_NAME || driver->brackets.count > 0)
        return false;
    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++)
        if (line_begins(driver, driver->current.span.start, openers[i])) {
            diagnostic_hint(driver->build.diagnostics, diagnostic, "Names are made of letters, digits and `_`: `%s %s_…`.", openers[i], driver->last_text);
            return true;
        }
    return false;
}

/* `initiative PMO-1 { … }` */
static bool advise_on_key(struct driver *driver, struct diagnostic *diagnostic) {
    const struct token *token = &driver->current;
    bool adjoins = token->span.start == driver->last_span.end && driver->next.span.start == token->span.end;
    if (!adjoins || driver->last_kind != TOK_NAME || driver->before_last_text == NULL || !driver_accepts(driver, TOK_OPEN_BRACE))
        return false;
    const char *text = driver->build.text;
    uint32_t end = driver->next.span.end;
    while (is_name_byte(text[end]) || text[end] == '-' || text[end] == '/' || text[end] == '.')
        end++;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "A key with other signs than letters, digits and `_` stands in quotes: `%s \"%.*s\"`.", driver->before_last_text,
                    (int)(end - driver->last_span.start), text + driver->last_span.start);
    return true;
}

/* `set METERS.budget = 2M USD` */
static bool advise_on_set(struct driver *driver, struct diagnostic *diagnostic) {
    bool is_field = driver->current.kind == TOK_NAME && driver->next.kind == TOK_COLON;
    if ((driver->current.kind != TOK_EQUAL && !is_field) || !line_begins(driver, driver->current.span.start, "set") || !driver_accepts(driver, TOK_OPEN_BRACE))
        return false;
    const char *start = line_start(driver, driver->current.span.start) + strlen("set"), *end = driver->build.text + driver->last_span.end, *dot = end;
    while (is_space(*start))
        start++;
    while (dot > start && *dot != '.')
        dot--;
    if (dot > start)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "Changes stand in braces: `set %.*s { %.*s: … }`.", (int)(dot - start), start, (int)(end - dot - 1), dot + 1);
    else
        diagnostic_hint(driver->build.diagnostics, diagnostic, "Changes stand in braces: `set %.*s { FIELD: … }`.", (int)(end - start), start);
    return true;
}

const char *advice_target(const struct driver *driver) {
    return line_begins(driver, driver->last_span.start, "remove") ? "remove" : line_begins(driver, driver->last_span.start, "set") ? "set" : NULL;
}

/* `from initiative order by budget`, `from initiative show name limit 5`: the word, or the one before it, was read as something else. */
static bool advise_on_elsewhere(struct driver *driver, struct diagnostic *diagnostic) {
    const char *sentence = words_elsewhere(driver->before_last_text);
    if (sentence == NULL && driver->last_kind == TOK_NAME)
        sentence = words_elsewhere(driver->last_text);
    if (sentence == NULL)
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "%s", sentence);
    return true;
}

/* `set initiative where stage = idea { … }` */
static bool advise_on_filter(struct driver *driver, struct diagnostic *diagnostic) {
    const char *target = advice_target(driver), *text = driver->current.text;
    if (target == NULL || text == NULL || strcmp(text, "where") != 0 || driver->brackets.count > 0)
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "Which records stands in square brackets: `%s %s[stage = idea]%s`.", target, driver->last_text ? driver->last_text : "initiative",
                    strcmp(target, "set") == 0 ? " { … }" : "");
    return true;
}

/* `for each i in initiative print i.name` */
static bool advise_on_body(struct driver *driver, struct diagnostic *diagnostic) {
    const struct word *word = driver->current.text ? words_find(driver->words, driver->current.text) : NULL;
    uint32_t place = driver->current.span.start;
    bool is_loop = line_begins(driver, place, "for"), is_choice = line_begins(driver, place, "if");
    if (!(is_loop || is_choice) || word == NULL || word->kind != WORD_COMMAND || !driver_accepts(driver, TOK_OPEN_BRACE))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "The commands stand in braces: `%s { %s … }`.", is_loop ? "for each i in initiative" : "if count(initiative) > 0", word->name);
    return true;
}

/* `import cost from costs.csv` */
static bool advise_on_path(struct driver *driver, struct diagnostic *diagnostic) {
    uint32_t place = driver->current.span.start;
    if (!driver_accepts(driver, TOK_TEXT) || !(line_begins(driver, place, "import") || line_begins(driver, place, "export") || line_begins(driver, place, "include")))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "The name of a file stands in quotes: `\"costs.csv\"`.");
    return true;
}

/* `print initiative where x`: a question stands in brackets. */
static bool advise_on_question(struct driver *driver, struct diagnostic *diagnostic) {
    static const char *const clauses[] = {"where", "show", "take", "keep"};
    const char *word = driver->before_last_text;
    for (size_t i = 0; word != NULL && i < sizeof clauses / sizeof *clauses; i++)
        if (strcmp(word, clauses[i]) == 0) {
            diagnostic_hint(driver->build.diagnostics, diagnostic, "`%s` belongs to a question, which begins with `from`: `from RECORD %s …`.", word, word);
            return true;
        }
    return false;
}

/* `define late(x) = …`: the types are left out. */
static bool advise_on_definition(struct driver *driver, struct diagnostic *diagnostic) {
    if (!line_begins(driver, driver->current.span.start, "define"))
        return false;
    if (driver->current.kind == TOK_EQUAL && driver_accepts(driver, TOK_OPEN_PAREN)) {
        diagnostic_hint(driver->build.diagnostics, diagnostic, "A definition that takes nothing has empty brackets, and says its type: `define threshold(): money = 1M USD`.");
        return true;
    }
    if (!driver_accepts(driver, TOK_COLON))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "A definition says the type of %s: `define share(part: money, whole: money): number = …`.",
                    driver->last_kind == TOK_CLOSE_PAREN ? "what it gives, after `:`" : "each value that it takes");
    return true;
}

/* `raise "high" "…"`: the severity is a name. */
static bool advise_on_severity(struct driver *driver, struct diagnostic *diagnostic) {
    if (driver->last_kind != TOK_RAISE || (driver->current.kind != TOK_TEXT && driver->current.kind != TOK_TEXT_OPEN))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "First comes how grave it is, without quotes: `raise high \"…\"`. It is one of info, low, medium, high, critical.");
    return true;
}

/* `rule r "Spending of {name}" { … }` */
static bool advise_on_title(struct driver *driver, struct diagnostic *diagnostic) {
    if (driver->current.kind != TOK_TEXT_OPEN || !driver_accepts(driver, TOK_TEXT) || driver_accepts(driver, TOK_TEXT_OPEN))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "This text is shown as it stands: values in braces belong to `raise`. A brace of the text itself is written `\\{`.");
    return true;
}

/* `report r "Title" (limit: money) { … }` */
static bool advise_on_parameters(struct driver *driver, struct diagnostic *diagnostic) {
    if (driver->current.kind != TOK_OPEN_PAREN || driver->last_kind != TOK_TEXT || !line_begins(driver, driver->current.span.start, "report"))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "The parameters of a report stand before its title: `report slippage(least: duration = 30 days) \"Slippage\" { … }`.");
    return true;
}

/* Words that other languages have for comparing, where an operator can stand. */
static bool advise_on_habit(struct driver *driver, struct diagnostic *diagnostic) {
    static const struct {
        const char *word, *hint;
    } habits[] = {
        {"between", "A range is written with two dots: `budget in 1k USD..5k USD`."},
        {"like", "A pattern is matched with `matches`, a beginning with `starts_with`: `name matches \"^PRJ\"`, `starts_with(name, \"PRJ\")`."},
        {"equals", "Equality is written `=`: `stage = delivery`."},
        {"before", "Dates are compared with `<` and `>`: `due < today`."},
        {"after", "Dates are compared with `<` and `>`: `due > today`."},
        {"since", "How long ago something was is a difference: `today - start > 30 days`."},
        {"of", "A share is a product: `spent > budget * 110%`. A field of a record stands after a dot: `office.name`."},
    };
    const char *word = driver->current.text;
    if (word == NULL || !driver_accepts(driver, TOK_EQUAL))
        return false;
    for (size_t i = 0; i < sizeof habits / sizeof *habits; i++)
        if (strcmp(word, habits[i].word) == 0) {
            diagnostic_hint(driver->build.diagnostics, diagnostic, "%s", habits[i].hint);
            return true;
        }
    return false;
}

/* `stage is delivery`, `costs is empty` */
static bool advise_on_is(struct driver *driver, struct diagnostic *diagnostic) {
    if (driver->last_kind != TOK_IS || driver->current.text == NULL)
        return false;
    if (strcmp(driver->current.text, "empty") == 0)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "Of a collection ask `no costs` or `exists costs`; of a value that may be left out, `is missing` or `is known`.");
    else
        diagnostic_hint(driver->build.diagnostics, diagnostic, "`is` asks whether there is a value at all. To compare, write `=`: `stage = delivery`.");
    return true;
}

/* `stage in (delivery, closing)` */
static bool advise_on_list(struct driver *driver, struct diagnostic *diagnostic) {
    const struct bracket *bracket = driver->brackets.count > 0 ? &driver->brackets.items[driver->brackets.count - 1] : NULL;
    if (driver->current.kind != TOK_COMMA || bracket == NULL || bracket->kind != TOK_OPEN_PAREN)
        return false;
    const char *text = driver->build.text;
    uint32_t end = bracket->span.start;
    while (end > 0 && is_space(text[end - 1]))
        end--;
    if (end < 3 || strncmp(text + end - 2, "in", 2) != 0 || is_name_byte(text[end - 3]))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "A list stands in square brackets: `in [delivery, closing]`.");
    return true;
}

/* `for initiative if spent > budget`: in a rule it is `when`. */
static bool advise_on_if(struct driver *driver, struct diagnostic *diagnostic) {
    if (driver->current.kind != TOK_IF || !driver_accepts(driver, TOK_WHEN))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "The condition stands after `when`: `for initiative when spent > budget raise high \"…\"`.");
    return true;
}

static bool is_one_of(const char *text, const char *const *words, size_t count) {
    for (size_t i = 0; text != NULL && i < count; i++)
        if (strcmp(words[i], text) == 0)
            return true;
    return false;
}

/* `test late { … }`, `given an initiative`, `expect late is raised for X`, `then …`: prose, and other languages of tests. */
static bool advise_on_tests(struct driver *driver, struct diagnostic *diagnostic) {
    static const char *const steps[] = {"then", "when", "and", "assert", "verify", "should", "must"}, *const outcomes[] = {"raised", "not", "to", "that"};
    uint32_t place = driver->current.span.start;
    const char *text = driver->current.text, *hint = NULL;
    bool is_outside = driver->brackets.count == 0, is_inside = is_within(driver, "test");
    if (is_outside && (line_begins(driver, place, "given") || (line_begins(driver, place, "on") && driver->current.kind == TOK_DATE)))
        hint = "This stands in a test: `test \"…\" { on 2026-03-31  given …  expect … }`.";
    else if (is_outside && line_begins(driver, place, "test") && driver_accepts(driver, TOK_TEXT))
        hint = "A test has a title in quotes, and no name: `test \"late from the first day on\" { … }`.";
    else if (is_inside && line_begins(driver, place, "given"))
        hint = "After `given` stands a record as it would be declared: `given initiative X { … }`.";
    else if (is_inside && line_begins(driver, place, "expect") && (driver->current.kind == TOK_OPEN_BRACE || is_one_of(text, outcomes, sizeof outcomes / sizeof *outcomes)))
        hint = "What is expected is a condition, `RULE raised for X`, or `refused { … }`; its opposite begins with `not`: `expect not late raised for X`.";
    else if (is_inside && is_one_of(text, steps, sizeof steps / sizeof *steps))
        hint = "A test says what is there, `given …`; does something, `set X { … }`; and says what should come of it, `expect …`.";
    if (hint != NULL)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "%s", hint);
    return hint != NULL;
}

void advice_add(struct driver *driver, struct diagnostic *diagnostic) {
    bool was_given = advise_on_definition(driver, diagnostic) || advise_on_name(driver, diagnostic) || advise_on_elsewhere(driver, diagnostic) || advise_on_filter(driver, diagnostic) || advise_on_body(driver, diagnostic) || advise_on_path(driver, diagnostic) ||
                     advise_on_shall(driver, diagnostic) || advise_on_computed(driver, diagnostic) || advise_on_key(driver, diagnostic) || advise_on_set(driver, diagnostic) ||
                     advise_on_question(driver, diagnostic) || advise_on_severity(driver, diagnostic) || advise_on_title(driver, diagnostic) || advise_on_parameters(driver, diagnostic) ||
                     advise_on_tests(driver, diagnostic) || advise_on_habit(driver, diagnostic) || advise_on_is(driver, diagnostic) || advise_on_list(driver, diagnostic) || advise_on_if(driver, diagnostic);
    if (!was_given)
        advise_on_words(driver, diagnostic);
}

/* ---- values where statements begin ---- */

/* `x + 1` was read as the start of TYPE KEY { … }. */
static bool began_as_declaration(const struct driver *driver) {
    switch (driver->current.kind) {
    case TOK_PLUS:
    case TOK_MINUS:
    case TOK_STAR:
    case TOK_SLASH:
    case TOK_DOT:
    case TOK_OPEN_PAREN:
    case TOK_OPEN_BRACKET:
    case TOK_EQUAL:
    case TOK_LESS:
    case TOK_GREATER:
    case TOK_DEFAULTS:
        return driver->brackets.count == 0 && driver->last_kind == TOK_NAME && driver->before_last_text == NULL &&
               line_start(driver, driver->last_span.start) == driver->build.text + driver->last_span.start && driver_accepts(driver, TOK_TEXT) && driver_accepts(driver, TOK_OPEN_BRACE);
    default:
        return false;
    }
}

bool advice_is_expression_alone(const struct driver *driver, struct span *alone) {
    *alone = driver->last_span;
    if (began_as_declaration(driver))
        return true;
    *alone = driver->current.span;
    switch (driver->current.kind) {
    case TOK_INT: case TOK_DECIMAL: case TOK_MONEY: case TOK_DATE: case TOK_DATETIME: case TOK_PERIOD: case TOK_QUANTITY: case TOK_TEXT: case TOK_TEXT_OPEN:
    case TOK_OPEN_BRACKET: case TOK_OPEN_PAREN:
        return driver->brackets.count == 0 && driver->current.starts_line && driver_accepts(driver, TOK_PRINT) && !driver_accepts(driver, TOK_OPEN_BRACE);
    default:
        return false;
    }
}
