/* What to do about a token that cannot stand where it is, in the words of whoever wrote it: what they meant can often be told from the line so far.
 * Knows: habits from spreadsheets, other languages and plain prose. Does not know: how reading goes on (recover.c), mistakes that can be put right (mend.c). */
#include "lang/syntax/advice.h"

#include "lang/base/text.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *advice_nearest_opener(const struct driver *driver, const char *word) {
    struct nearest search;
    nearest_start(&search, word);
    if (words_find(driver->words, intern_string(driver->build.names, word)) != NULL)
        return NULL;
    for (const char *const *keyword = syntax_keywords(); *keyword != NULL; keyword++)
        if (syntax_opens_statement(*keyword))
            nearest_offer(&search, *keyword);
    return search.best;
}

/* A reserved word as a name, a misspelt declaration. */
static void advise_on_words(struct driver *driver, struct diagnostic *diagnostic) {
    struct diagnostics *list = driver->build.diagnostics;
    const struct word *word = driver_word(driver, &driver->current);
    if (word != NULL && word->kind == WORD_RESERVED && word->token != 0 && driver_accepts(driver, TOK_NAME) &&
        !driver_accepts(driver, TOK_INT))
        diagnostic_hint(list, diagnostic, "`%s` is a word of the language. Try `%s`.", word->name, word->instead);
    else if (driver->brackets.count > 0 && driver->brackets.items[driver->brackets.count - 1].word != NULL) {
        /* `ruel overspend { when … }` was read as a record of the type `ruel`. */
        const char *wanted = driver->brackets.items[driver->brackets.count - 1].word, *opener = advice_nearest_opener(driver, wanted);
        const struct word *before = driver->last_text != NULL ? words_find(driver->words, driver->last_text) : NULL;
        bool has_clause = (word != NULL && word->kind == WORD_CLAUSE) || (before != NULL && before->token != 0 && before->kind == WORD_CLAUSE);
        if (opener != NULL && has_clause)
            diagnostic_hint(list, diagnostic, "Did you mean `%s` instead of `%s`?", opener, wanted);
    } else if (driver->brackets.count == 0 && driver->before_last_text != NULL) {
        const char *opener = advice_nearest_opener(driver, driver->before_last_text);
        if (opener != NULL)
            diagnostic_hint(list, diagnostic, "Did you mean `%s` instead of `%s`?", opener, driver->before_last_text);
    }
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

/* `y: x + 1` in a record */
static bool advise_on_computed(struct driver *driver, struct diagnostic *diagnostic) {
    if (!is_operator(driver->current.kind) || driver->current.starts_line || !(advice_is_within(driver, "record") || advice_is_within(driver, "extend")))
        return false;
    struct span field = advice_field_before(driver);
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
        if (advice_line_begins(driver, driver->current.span.start, openers[i])) {
            diagnostic_hint(driver->build.diagnostics, diagnostic, "Names are made of letters, digits and `_`: `%s %s_…`.", openers[i], driver->last_text);
            return true;
        }
    return false;
}

/* `initiative PMO-1 { … }` */
static bool advise_on_key(struct driver *driver, struct diagnostic *diagnostic) {
    const struct token *token = &driver->current;
    bool adjoins = token->kind != TOK_END && token->span.start == driver->last_span.end && driver->next.span.start == token->span.end;
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
    bool is_field = driver->current.kind == TOK_NAME && (driver->next.kind == TOK_COLON || driver->next.kind == TOK_EQUAL);
    if ((driver->current.kind != TOK_EQUAL && !is_field) || !advice_line_begins(driver, driver->current.span.start, "set") || !driver_accepts(driver, TOK_OPEN_BRACE))
        return false;
    const char *start = advice_line_start(driver, driver->current.span.start) + strlen("set"), *end = driver->build.text + driver->last_span.end, *dot = end;
    while (is_space(*start))
        start++;
    while (dot > start && *dot != '.')
        dot--;
    const char *value = driver->build.text + (is_field ? driver->next.span.end : driver->current.span.end);
    value += strspn(value, " \t");
    size_t length = strcspn(value, "{};\n");
    while (length > 0 && is_space(value[length - 1]))
        length--;
    if (is_field)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "Changes stand in braces: `set %.*s { %s: %.*s }`.", (int)(end - start), start, driver->current.text, (int)length, value);
    else if (dot > start)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "Changes stand in braces: `set %.*s { %.*s: %.*s }`.", (int)(dot - start), start, (int)(end - dot - 1), dot + 1, (int)length, value);
    else
        diagnostic_hint(driver->build.diagnostics, diagnostic, "Changes stand in braces: `set %.*s { FIELD: … }`.", (int)(end - start), start);
    return true;
}

const char *advice_target(const struct driver *driver) {
    return advice_line_begins(driver, driver->last_span.start, "remove") ? "remove" : advice_line_begins(driver, driver->last_span.start, "set") ? "set" : NULL;
}

/* `from initiative order by budget`, `from initiative show name limit 5`: the word, or the one before it, was read as something else. */
static bool advise_on_elsewhere(struct driver *driver, struct diagnostic *diagnostic) {
    const char *sentence = words_elsewhere(driver->before_last_text);
    if (sentence == NULL && driver->last_kind == TOK_NAME)
        sentence = words_elsewhere(driver->last_text);
    if (sentence == NULL && driver->current.kind == TOK_NAME && driver_accepts(driver, TOK_DOT))
        sentence = words_elsewhere(driver->current.text);
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
    const char *condition = driver->build.text + driver->current.span.end;
    condition += strspn(condition, " \t");
    size_t length = strcspn(condition, "{;\n");
    while (length > 0 && is_space(condition[length - 1]))
        length--;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "Which records stands in square brackets: `%s %s[%.*s]%s`.", target, driver->last_text ? driver->last_text : "initiative", (int)length, condition,
                    strcmp(target, "set") == 0 ? " { … }" : "");
    return true;
}

/* `remove initiative METERS`, `set initiative METERS { … }` */
static bool advise_on_target(struct driver *driver, struct diagnostic *diagnostic) {
    const char *target = advice_target(driver);
    if (target == NULL || driver->brackets.count > 0 || driver->last_kind != TOK_NAME || (driver->before_last_kind != TOK_SET && driver->before_last_kind != TOK_REMOVE) ||
        !(driver->current.kind == TOK_TEXT || (driver->current.kind == TOK_NAME && driver->next.kind != TOK_EQUAL && driver->next.kind != TOK_COLON)))
        return false;
    const char *key = advice_written(driver, driver->current.span), *braces = driver_accepts(driver, TOK_OPEN_BRACE) ? " { … }" : "";
    if (driver->current.kind == TOK_TEXT)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "A key in quotes stands in brackets after its record type: `%s %s[%s]%s`.", target, driver->last_text, key, braces);
    else
        diagnostic_hint(driver->build.diagnostics, diagnostic, "A record is named by its key alone: `%s %s%s`.", target, key, braces);
    return true;
}

/* `for each i in initiative print i.name` */
static bool advise_on_body(struct driver *driver, struct diagnostic *diagnostic) {
    const struct word *word = driver->current.text ? words_find(driver->words, driver->current.text) : NULL;
    uint32_t place = driver->current.span.start;
    bool is_loop = advice_line_begins(driver, place, "for"), is_choice = advice_line_begins(driver, place, "if"), is_then = is_choice && driver->current.kind == TOK_THEN;
    if (is_then) /* of an expression */
        word = driver->next.text ? words_find(driver->words, driver->next.text) : NULL;
    bool is_command = word != NULL && word->token != 0 && word->kind == WORD_COMMAND;
    if (!(is_loop || is_choice) || (!is_command && !is_then) || !driver_accepts(driver, TOK_OPEN_BRACE))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "The commands stand in braces%s: `%s { %s … }`.", is_then ? ", without `then`" : "", is_loop ? "for each i in initiative" : "if count(initiative) > 0", is_command ? word->name : "print");
    return true;
}

/* `import cost from costs.csv` */
static bool advise_on_path(struct driver *driver, struct diagnostic *diagnostic) {
    uint32_t place = driver->current.span.start;
    if (!driver_accepts(driver, TOK_TEXT) || !(advice_line_begins(driver, place, "import") || advice_line_begins(driver, place, "export") || advice_line_begins(driver, place, "include")))
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
    if (!advice_line_begins(driver, driver->current.span.start, "define"))
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

/* `report r "Title" (limit: money) { … }` */
static bool advise_on_parameters(struct driver *driver, struct diagnostic *diagnostic) {
    if (driver->current.kind != TOK_OPEN_PAREN || driver->last_kind != TOK_TEXT || !advice_line_begins(driver, driver->current.span.start, "report"))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "The parameters of a report stand before its title: `report slippage(least: duration = 30 days) \"Slippage\" { … }`.");
    return true;
}

/* ---- brackets, commas and quotes that were left out ---- */

const char *advice_on_function(struct driver *driver, const char *word, const char *argument) {
    static const char *const functions[] = {"count", "sum", "avg", "min", "max", "latest", "earliest", "distinct", "round", "abs"};
    for (size_t i = 0; word != NULL && i < sizeof functions / sizeof *functions; i++)
        if (strcmp(word, functions[i]) == 0)
            return arena_format(driver->build.arena, "What a function works on stands in brackets: `%s(%s)`.", word, argument);
    return NULL;
}

/* `count initiative` */
static bool advise_on_brackets(struct driver *driver, struct diagnostic *diagnostic) {
    const char *hint = driver->last_kind == TOK_NAME && advice_starts_value(driver->current.kind) ? advice_on_function(driver, driver->last_text, advice_written(driver, driver->current.span)) : NULL;
    if (hint != NULL)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "%s", hint);
    return hint != NULL;
}

/* `from initiative i` */
static bool advise_on_binder(struct driver *driver, struct diagnostic *diagnostic) {
    if (driver->before_last_kind != TOK_FROM || driver->last_kind != TOK_NAME || driver->current.kind != TOK_NAME)
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "An element is named before its collection: `from %s in %s`.", driver->current.text, driver->last_text);
    return true;
}

/* `show name budget` */
static bool advise_on_comma(struct driver *driver, struct diagnostic *diagnostic) {
    if (!advice_starts_value(driver->current.kind) || !driver_accepts(driver, TOK_COMMA) || driver->current.starts_line)
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "Between the two stands a comma: `%s, %s`.", advice_written(driver, driver->last_span), advice_written(driver, driver->current.span));
    return true;
}

/* `name = Smart meters` */
static bool advise_on_text(struct driver *driver, struct diagnostic *diagnostic) {
    if (driver->last_kind != TOK_NAME || driver->current.kind != TOK_NAME || !advice_sign_before(driver, driver->last_span.start))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "A text stands in quotes: `\"%s\"`.", advice_words_from(driver, driver->last_span.start));
    return true;
}

/* `rule late Late projects { … }`, `raise high Late`, `because Finance Manual` */
static bool advise_on_quotes(struct driver *driver, struct diagnostic *diagnostic) {
    if (driver->current.kind != TOK_NAME || !driver_accepts(driver, TOK_TEXT) || driver_accepts(driver, TOK_INT) || driver->current.starts_line)
        return false;
    bool is_after_name = false;
    switch (driver->before_last_kind) {
    case TOK_RULE: case TOK_MANDATE: case TOK_REPORT: case TOK_RECORD: case TOK_ENUM: case TOK_SCENARIO: case TOK_RAISE:
        is_after_name = true;
        break;
    default:
        break;
    }
    switch (driver->last_kind) {
    case TOK_BECAUSE: case TOK_REMEDY: case TOK_SOURCE: case TOK_EXCEPT: case TOK_TEST:
        break;
    default:
        if (!is_after_name)
            return false;
    }
    diagnostic_hint(driver->build.diagnostics, diagnostic, "%s stands in quotes: `%s%s%s \"%s\"`.", is_after_name && driver->before_last_kind != TOK_RAISE ? "A title" : "What is said", is_after_name ? advice_written(driver, driver->before_last_span) : "",
                    is_after_name ? " " : "", advice_written(driver, driver->last_span), advice_words_from(driver, driver->current.span.start));
    return true;
}

/* `rule "Late projects" { … }` */
static bool advise_on_title_alone(struct driver *driver, struct diagnostic *diagnostic) {
    const struct word *word = words_find(driver->words, intern_string(driver->build.names, advice_written(driver, driver->last_span)));
    if (driver->current.kind != TOK_TEXT || !driver_accepts(driver, TOK_NAME) || driver_accepts(driver, TOK_INT) || word == NULL || word->kind != WORD_DECLARATION || word->token != driver->last_kind)
        return false;
    const char *title = driver->current.text;
    char name[20];
    size_t length = 0;
    while (length + 1 < sizeof name && isalpha((unsigned char)title[length])) {
        name[length] = (char)tolower((unsigned char)title[length]);
        length++;
    }
    name[length] = '\0';
    diagnostic_hint(driver->build.diagnostics, diagnostic, "A name comes before the title: `%s %s \"%s\"`.", word->name, length ? name : "NAME", title);
    return true;
}

/* `holiday 2026-12-25 "Christmas"` */
static bool advise_on_fields(struct driver *driver, struct diagnostic *diagnostic) {
    int kind = driver->current.kind;
    bool is_value = advice_starts_value(kind) && kind != TOK_NAME && kind != TOK_TEXT && kind != TOK_TEXT_OPEN;
    bool is_header = driver->last_kind == TOK_NAME && (driver->before_last_kind == TOK_ADD || advice_line_start(driver, driver->last_span.start) == driver->build.text + driver->last_span.start);
    if (!is_value || !is_header || driver->brackets.count > 0 || !driver_accepts(driver, TOK_OPEN_BRACE))
        return false;
    if (driver->next.span.start == driver->current.span.end && driver->next.kind != TOK_END) { /* initiative 2026-METERS */
        diagnostic_hint(driver->build.diagnostics, diagnostic, "A key with other signs than letters, digits and `_` stands in quotes: `%s \"%s\"`.", driver->last_text,
                        arena_copy(driver->build.arena, driver->build.text + driver->current.span.start, strcspn(driver->build.text + driver->current.span.start, " \t\n{")));
        return true;
    }
    const char *opener = advice_nearest_opener(driver, driver->last_text);
    if (opener != NULL)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "Did you mean `%s` instead of `%s`?", opener, driver->last_text);
    else
        diagnostic_hint(driver->build.diagnostics, diagnostic, "What is given stands in braces, with the name of its field: `%s { %s: %s … }`.", driver->last_text, kind == TOK_DATE ? "date" : "FIELD", advice_written(driver, driver->current.span));
    return true;
}

/* `expect late raised for initiative["METERS"]`, `baseline PRJ-001`, `set P-004 { … }` */
static bool advise_on_bare_key(struct driver *driver, struct diagnostic *diagnostic) {
    const char *text = driver->build.text, *before = advice_written(driver, driver->before_last_span);
    bool is_index = driver->current.kind == TOK_OPEN_BRACKET && driver->next.kind == TOK_TEXT, adjoins = driver->current.span.start == driver->last_span.end;
    uint32_t start = driver->last_span.start, end = driver->next.span.end;
    bool is_target = driver->before_last_kind == TOK_SET || driver->before_last_kind == TOK_REMOVE;
    if (driver->last_kind != TOK_NAME || (driver->before_last_kind != TOK_FOR && driver->before_last_kind != TOK_BASELINE && !is_target) || !adjoins)
        return false;
    if (!is_index && driver->current.kind != TOK_MINUS && driver->current.kind != TOK_SLASH && driver->current.kind != TOK_DOT)
        return false;
    while (!is_index && (is_name_byte(text[end]) || text[end] == '-' || text[end] == '/' || text[end] == '.'))
        end++;
    if (is_target && is_index)
        return false;
    if (is_target)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "A key with other signs than letters, digits and `_` stands in quotes, in brackets after its record type: `%s TYPE[\"%s\"]%s`.", before,
                        advice_written(driver, (struct span){start, end, driver->last_span.file}), strcmp(before, "set") == 0 ? " { … }" : "");
    else if (is_index)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "Here the key stands alone: `%s \"%s\"`.", before, driver->next.text);
    else
        diagnostic_hint(driver->build.diagnostics, diagnostic, "A key with other signs than letters, digits and `_` stands in quotes: `%s \"%s\"`.", before, advice_written(driver, (struct span){start, end, driver->last_span.file}));
    return true;
}

/* `budget at baseline Gate2` */
static bool advise_on_baseline(struct driver *driver, struct diagnostic *diagnostic) {
    if (driver->last_kind != TOK_NAME || driver->before_last_kind != TOK_AT || !driver->last_text || strcmp(driver->last_text, "baseline") != 0)
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "Say which: `at baseline \"Gate 2\"`, `at original baseline` or `at current baseline`.");
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

/* `test late { … }`, `given an initiative`, `expect late is raised for X`, `then …`: prose, and other languages of tests. */
static bool advise_on_tests(struct driver *driver, struct diagnostic *diagnostic) {
    static const char *const steps[] = {"then", "when", "and", "assert", "verify", "should", "must"}, *const outcomes[] = {"raised", "not", "to", "that"};
    uint32_t place = driver->current.span.start;
    const char *text = driver->current.text, *hint = NULL;
    bool is_outside = driver->brackets.count == 0, is_inside = advice_is_within(driver, "test");
    if (is_outside && (advice_line_begins(driver, place, "given") || (advice_line_begins(driver, place, "on") && driver->current.kind == TOK_DATE)))
        hint = "This stands in a test: `test \"…\" { on 2026-03-31  given …  expect … }`.";
    else if (is_outside && advice_line_begins(driver, place, "test") && driver_accepts(driver, TOK_TEXT))
        hint = "A test has a title in quotes, and no name: `test \"late from the first day on\" { … }`.";
    else if (is_inside && advice_line_begins(driver, place, "given"))
        hint = "After `given` stands a record as it would be declared: `given initiative X { … }`.";
    else if (is_inside && advice_line_begins(driver, place, "expect") && (driver->current.kind == TOK_OPEN_BRACE || advice_is_one_of(text, outcomes, sizeof outcomes / sizeof *outcomes)))
        hint = "What is expected is a condition, `RULE raised for X`, or `refused { … }`; its opposite begins with `not`: `expect not late raised for X`.";
    else if (is_inside && advice_is_one_of(text, steps, sizeof steps / sizeof *steps))
        hint = "A test says what is there, `given …`; does something, `set X { … }`; and says what should come of it, `expect …`.";
    if (hint != NULL)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "%s", hint);
    return hint != NULL;
}

/* The first that has something to say says it: what is told by more of the line stands before what is told by less. */
static bool (*const advisers[])(struct driver *driver, struct diagnostic *diagnostic) = {
    advise_on_date, advise_on_groups, advise_on_count, advise_on_definition, advise_on_name, advise_on_turn, advise_on_gate, advise_on_actor, advise_on_outcome, advise_on_effective, advise_on_total, advise_on_elsewhere, advise_on_filter, advise_on_target, advise_on_body, advise_on_path, advise_on_shall, advise_on_computed, advise_on_baseline, advise_on_bare_key, advise_on_key,
    advise_on_set, advise_on_question, advise_on_severity, advise_on_title, advise_on_title_alone, advise_on_parameters, advise_on_tests, advise_on_month, advise_on_scale, advise_on_percent, advise_on_habit,
    advise_on_list, advise_on_if, advise_on_each, advise_on_fields, advise_on_quotes, advise_on_brackets, advise_on_text, advise_on_binder, advise_on_comma,
};

void advice_add(struct driver *driver, struct diagnostic *diagnostic) {
    for (size_t i = 0; i < sizeof advisers / sizeof *advisers; i++)
        if (advisers[i](driver, diagnostic))
            return;
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
               advice_line_start(driver, driver->last_span.start) == driver->build.text + driver->last_span.start && driver_accepts(driver, TOK_TEXT) && driver_accepts(driver, TOK_OPEN_BRACE);
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
