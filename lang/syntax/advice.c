/* What to do about a token that cannot stand where it is, in the words of whoever wrote it: what they meant can often be told from the line so far.
 * Knows: habits from spreadsheets, other languages and plain prose. Does not know: how reading goes on (recover.c), mistakes that can be put right (mend.c). */
#include "lang/syntax/driver.h"

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

static bool is_one_of(const char *text, const char *const *words, size_t count) {
    for (size_t i = 0; text != NULL && i < count; i++)
        if (strcmp(words[i], text) == 0)
            return true;
    return false;
}

/* What was written there. */
static const char *written(const struct driver *driver, struct span span) {
    return arena_copy(driver->build.arena, driver->build.text + span.start, span.end - span.start);
}

/* The words from that place on that belong together as a title or a name does: up to a sign, a word of the language or the end of the line. */
static const char *words_from(struct driver *driver, uint32_t place) {
    const char *text = driver->build.text, *start = text + place, *end = start, *at = start;
    while (is_name_byte(*at)) {
        const char *word_end = at;
        while (is_name_byte(*word_end))
            word_end++;
        const struct word *word = words_find(driver->words, intern_name(driver->build.names, at, (size_t)(word_end - at)));
        if (at != start && word != NULL && word->token != 0)
            break;
        end = at = word_end;
        while (is_space(*at))
            at++;
    }
    return arena_copy(driver->build.arena, start, (size_t)(end - start));
}

/* The sign right before that place on its line; 0 for none. */
static char sign_before(const struct driver *driver, uint32_t place) {
    const char *text = driver->build.text;
    while (place > 0 && is_space(text[place - 1]))
        place--;
    return place > 0 && strchr("=<>:", text[place - 1]) != NULL ? text[place - 1] : '\0';
}

static bool starts_value(int kind) {
    switch (kind) {
    case TOK_NAME: case TOK_INT: case TOK_DECIMAL: case TOK_MONEY: case TOK_DATE: case TOK_DATETIME: case TOK_PERIOD: case TOK_QUANTITY: case TOK_TEXT: case TOK_TEXT_OPEN:
        return true;
    default:
        return false;
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
    if ((driver->current.kind != TOK_EQUAL && !is_field) || !line_begins(driver, driver->current.span.start, "set") || !driver_accepts(driver, TOK_OPEN_BRACE))
        return false;
    const char *start = line_start(driver, driver->current.span.start) + strlen("set"), *end = driver->build.text + driver->last_span.end, *dot = end;
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
    return line_begins(driver, driver->last_span.start, "remove") ? "remove" : line_begins(driver, driver->last_span.start, "set") ? "set" : NULL;
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
    const char *key = written(driver, driver->current.span), *braces = driver_accepts(driver, TOK_OPEN_BRACE) ? " { … }" : "";
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
    bool is_loop = line_begins(driver, place, "for"), is_choice = line_begins(driver, place, "if"), is_then = is_choice && driver->current.kind == TOK_THEN;
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

/* ---- numbers and dates in words ---- */

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
static bool advise_on_month(struct driver *driver, struct diagnostic *diagnostic) {
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
static const char *scale_of(const struct driver *driver) {
    static const char *const scales[][2] = {{"thousand", "k"}, {"thousands", "k"}, {"million", "M"}, {"millions", "M"}, {"mn", "M"}, {"mio", "M"}, {"billion", "bn"}, {"billions", "bn"}, {"percent", "%"}, {"of", "%"}};
    if (driver->current.text == NULL || (driver->last_kind != TOK_INT && driver->last_kind != TOK_DECIMAL))
        return NULL;
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
        if (strcmp(driver->current.text, scales[i][0]) == 0)
            return scales[i][1];
    return NULL;
}

/* `1 million USD` */
static bool advise_on_scale(struct driver *driver, struct diagnostic *diagnostic) {
    const char *letter = scale_of(driver), *unit = driver->next.kind == TOK_NAME && strlen(driver->next.text) == 3 ? driver->next.text : "";
    if (letter == NULL || *letter == '%')
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "Thousands, millions and billions are letters at the number: `%s%s%s%s`.", written(driver, driver->last_span), letter, *unit ? " " : "", unit);
    return true;
}

/* `110 percent of budget`, `110% of budget` */
static bool advise_on_percent(struct driver *driver, struct diagnostic *diagnostic) {
    const char *letter = scale_of(driver), *at = driver->build.text + driver->current.span.end;
    if (letter == NULL || *letter != '%')
        return false;
    at += strspn(at, " \t");
    if (strncmp(at, "of", 2) == 0 && is_space(at[2]))
        at += 2 + strspn(at + 2, " \t");
    size_t length = 0;
    while (is_name_byte(at[length]) || (at[length] == '.' && is_name_byte(at[length + 1])))
        length++;
    const char *amount = written(driver, driver->last_span);
    diagnostic_hint(driver->build.diagnostics, diagnostic, length ? "A share is a product: `%.*s * %s%s`." : "A percent sign adjoins its number: `%.*s%s%s`.", (int)length, at, amount, text_ends(amount, "%") ? "" : "%");
    return true;
}

/* ---- words of prose and of other languages ---- */

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
    bool is_member = is_within(driver, "record") || is_within(driver, "extend");
    bool is_at[] = {[AFTER_VALUE] = driver_accepts(driver, TOK_PLUS) && !is_member, [AFTER_IS] = driver->last_kind == TOK_IS, [AFTER_TYPE] = is_member && field_before(driver).end > 0};
    for (size_t i = 0; word != NULL && i < sizeof habits / sizeof *habits; i++)
        if (is_at[habits[i].place] && (!*habits[i].word || strcmp(word, habits[i].word) == 0))
            return habits[i].hint;
    return NULL;
}

static bool advise_on_habit(struct driver *driver, struct diagnostic *diagnostic) {
    const char *hint = hint_of_habit(driver);
    if (hint != NULL)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "%s", hint);
    return hint != NULL;
}

bool advice_is_habit(struct driver *driver) {
    bool is_after_target = strcmp(driver->current.text, "where") == 0 && advice_target(driver) != NULL;
    return is_after_target || hint_of_habit(driver) != NULL || scale_of(driver) != NULL;
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
    const char *hint = driver->last_kind == TOK_NAME && starts_value(driver->current.kind) ? advice_on_function(driver, driver->last_text, written(driver, driver->current.span)) : NULL;
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
    if (!starts_value(driver->current.kind) || !driver_accepts(driver, TOK_COMMA) || driver->current.starts_line)
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "Between the two stands a comma: `%s, %s`.", written(driver, driver->last_span), written(driver, driver->current.span));
    return true;
}

/* `name = Smart meters` */
static bool advise_on_text(struct driver *driver, struct diagnostic *diagnostic) {
    if (driver->last_kind != TOK_NAME || driver->current.kind != TOK_NAME || !sign_before(driver, driver->last_span.start))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "A text stands in quotes: `\"%s\"`.", words_from(driver, driver->last_span.start));
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
    diagnostic_hint(driver->build.diagnostics, diagnostic, "%s stands in quotes: `%s%s%s \"%s\"`.", is_after_name && driver->before_last_kind != TOK_RAISE ? "A title" : "What is said", is_after_name ? written(driver, driver->before_last_span) : "",
                    is_after_name ? " " : "", written(driver, driver->last_span), words_from(driver, driver->current.span.start));
    return true;
}

/* `rule "Late projects" { … }` */
static bool advise_on_title_alone(struct driver *driver, struct diagnostic *diagnostic) {
    const struct word *word = words_find(driver->words, intern_string(driver->build.names, written(driver, driver->last_span)));
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

/* `rule r "R" { for each initiative … }` */
static bool advise_on_each(struct driver *driver, struct diagnostic *diagnostic) {
    static const char *const words[] = {"each", "all", "every", "any"};
    if (driver->before_last_kind != TOK_FOR || driver->last_kind != TOK_NAME || driver->current.kind != TOK_NAME || !is_one_of(driver->last_text, words, sizeof words / sizeof *words))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "It is about each of them anyway: `for %s`.", driver->current.text);
    return true;
}

/* `holiday 2026-12-25 "Christmas"` */
static bool advise_on_fields(struct driver *driver, struct diagnostic *diagnostic) {
    int kind = driver->current.kind;
    bool is_value = starts_value(kind) && kind != TOK_NAME && kind != TOK_TEXT && kind != TOK_TEXT_OPEN;
    bool is_header = driver->last_kind == TOK_NAME && (driver->before_last_kind == TOK_ADD || line_start(driver, driver->last_span.start) == driver->build.text + driver->last_span.start);
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
        diagnostic_hint(driver->build.diagnostics, diagnostic, "What is given stands in braces, with the name of its field: `%s { %s: %s … }`.", driver->last_text, kind == TOK_DATE ? "date" : "FIELD", written(driver, driver->current.span));
    return true;
}

/* `expect late raised for initiative["METERS"]`, `baseline PRJ-001` */
static bool advise_on_bare_key(struct driver *driver, struct diagnostic *diagnostic) {
    const char *text = driver->build.text, *before = written(driver, driver->before_last_span);
    bool is_index = driver->current.kind == TOK_OPEN_BRACKET && driver->next.kind == TOK_TEXT, adjoins = driver->current.span.start == driver->last_span.end;
    uint32_t start = driver->last_span.start, end = driver->next.span.end;
    if (driver->last_kind != TOK_NAME || (driver->before_last_kind != TOK_FOR && driver->before_last_kind != TOK_BASELINE) || !adjoins)
        return false;
    if (!is_index && driver->current.kind != TOK_MINUS && driver->current.kind != TOK_SLASH && driver->current.kind != TOK_DOT)
        return false;
    while (!is_index && (is_name_byte(text[end]) || text[end] == '-' || text[end] == '/' || text[end] == '.'))
        end++;
    if (is_index)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "Here the key stands alone: `%s \"%s\"`.", before, driver->next.text);
    else
        diagnostic_hint(driver->build.diagnostics, diagnostic, "A key with other signs than letters, digits and `_` stands in quotes: `%s \"%s\"`.", before, written(driver, (struct span){start, end, driver->last_span.file}));
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

/* `for initiative if spent > budget`: in a rule it is `when`. */
static bool advise_on_if(struct driver *driver, struct diagnostic *diagnostic) {
    if (driver->current.kind != TOK_IF || !driver_accepts(driver, TOK_WHEN))
        return false;
    diagnostic_hint(driver->build.diagnostics, diagnostic, "The condition stands after `when`: `for initiative when spent > budget raise high \"…\"`.");
    return true;
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

/* The first that has something to say says it: what is told by more of the line stands before what is told by less. */
static bool (*const advisers[])(struct driver *driver, struct diagnostic *diagnostic) = {
    advise_on_definition, advise_on_name, advise_on_elsewhere, advise_on_filter, advise_on_target, advise_on_body, advise_on_path, advise_on_shall, advise_on_computed, advise_on_baseline, advise_on_bare_key, advise_on_key,
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
