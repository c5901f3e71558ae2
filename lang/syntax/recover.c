/* What happens at a token that cannot stand where it is: the message, and the place where reading resumes.
 * The parser is told to drop what is unfinished (BROKEN) back to the nearest list of fields, members, clauses, commands or declarations
 * (RESYNC); tokens are skipped up to one that can go on from there. A declaration that starts a line closes whatever is still open before
 * it. Knows: the brackets that are open. Does not know: the grammar beyond what the parser accepts. */
#include "lang/syntax/driver.h"

#include "lang/base/text.h"
#include <string.h>

/* ---- what a token shows ---- */

static bool is_key(const struct token *token) {
    return token->kind == TOK_NAME || token->kind == TOK_TEXT;
}

/* The current token's word, whether or not it was resolved to a keyword. */
static const struct word *current_word(const struct driver *driver) {
    const struct token *token = &driver->current;
    return token->text != NULL && (token->kind == TOK_NAME || words_spelling(token->kind) != NULL) ? words_find(driver->words, token->text)
                                                                                                   : NULL;
}

bool driver_opens_declaration(const struct driver *driver) {
    const struct token *token = &driver->current;
    if (!token->starts_line || driver->next.starts_line)
        return false;
    const struct word *word = current_word(driver);
    if (word != NULL && word->token != 0 && word->kind == WORD_DECLARATION)
        return is_key(&driver->next) || (word->token == TOK_SETTINGS && driver->next.kind == TOK_OPEN_BRACE) ||
               (word->token == TOK_REMIT && driver->next.kind == TOK_INT);
    /* TYPE KEY at the left margin: inside braces nothing else is written there. */
    return word == NULL && token->kind == TOK_NAME && token->column == 0 && is_key(&driver->next);
}

static int closer_of(int kind) {
    return kind == TOK_OPEN_BRACE ? TOK_CLOSE_BRACE : kind == TOK_OPEN_PAREN ? TOK_CLOSE_PAREN : TOK_CLOSE_BRACKET;
}

static bool is_closer(int kind) {
    return kind == TOK_CLOSE_BRACE || kind == TOK_CLOSE_PAREN || kind == TOK_CLOSE_BRACKET;
}

/* ---- messages ---- */

/* "the `{` of rule `overspend` at line 5". */
static const char *describe_bracket(struct driver *driver, const struct bracket *bracket) {
    struct arena *arena = driver->build.arena;
    unsigned line = 1;
    if (driver->build.diagnostics != NULL)
        line = (unsigned)source_place(driver->build.diagnostics->sources, bracket->span.file, bracket->span.start).line;
    const char *spelling = remit_token_name(bracket->kind);
    if (bracket->word != NULL && bracket->name != NULL)
        return arena_format(arena, "the `%s` of %s `%s` at line %u", spelling, bracket->word, bracket->name, line);
    if (bracket->word != NULL)
        return arena_format(arena, "the `%s` of `%s` at line %u", spelling, bracket->word, line);
    return arena_format(arena, "the `%s` at line %u", spelling, line);
}

/* Where the current token stands; the end of the text may be many empty lines after the last token, and is shown right after that. */
static struct span place_of(const struct driver *driver) {
    struct span place = driver->current.span;
    if (driver->current.kind == TOK_END)
        place.start = place.end = driver->last_span.end;
    return place;
}

void driver_report_unclosed(struct driver *driver) {
    const struct bracket *bracket = &driver->brackets.items[driver->brackets.count - 1];
    struct diagnostic *diagnostic = driver_report(driver, DIAG_UNCLOSED, place_of(driver), remit_token_name(closer_of(bracket->kind)),
                                                  describe_bracket(driver, bracket));
    if (diagnostic != NULL)
        diagnostic_second(driver->build.diagnostics, diagnostic, bracket->span, "opened here");
}

/* Whether the current token shows that the innermost bracket was not closed: the end, a declaration, or a closer of another kind. */
/* A command or a question at the left of what is being read. */
static bool opens_command(const struct driver *driver) {
    const struct token *token = &driver->current;
    if (!token->starts_line || token->column > driver->item_indent || token->text == NULL)
        return false;
    const struct word *word = words_find(driver->words, token->text);
    return word != NULL && ((word->token != 0 && word->kind == WORD_COMMAND) || strcmp(word->name, "from") == 0);
}

static bool shows_unclosed(const struct driver *driver) {
    if (driver->brackets.count == 0)
        return false;
    int open = driver->brackets.items[driver->brackets.count - 1].kind;
    if (!driver_accepts(driver, closer_of(open)))
        return false;
    return driver->current.kind == TOK_END || driver_opens_declaration(driver) || opens_command(driver) ||
           (is_closer(driver->current.kind) && driver->current.kind != closer_of(open));
}

/* The collection of a query that stands in an expression without brackets, where `from` was read as a name; NULL otherwise. */
static const char *query_source(const struct driver *driver) {
    if (driver->last_kind != TOK_NAME || driver->last_text == NULL)
        return NULL;
    if (strcmp(driver->last_text, "from") == 0 && driver->current.kind == TOK_NAME)
        return driver->current.text;
    return driver->before_last_text != NULL && strcmp(driver->before_last_text, "from") == 0 ? driver->last_text : NULL;
}

void driver_report_unexpected(struct driver *driver) {
    const struct token *token = &driver->current;
    if (token->kind == TOK_BROKEN) /* the lexer's problem was reported */
        return;
    if (shows_unclosed(driver)) {
        driver_report_unclosed(driver);
        return;
    }
    if (is_closer(token->kind) && driver->brackets.count == 0) {
        driver_report(driver, DIAG_CLOSES_NOTHING, token->span, remit_token_name(token->kind), NULL);
        return;
    }
    if (advice_is_unclosed_title(driver)) {
        struct diagnostic *diagnostic = driver_report(driver, DIAG_TEXT_UNCLOSED, token->span, NULL, NULL);
        if (diagnostic != NULL)
            advice_on_unclosed(driver, diagnostic, token->span.start);
        return;
    }
    struct span alone;
    if (advice_is_expression_alone(driver, &alone)) {
        struct diagnostic *diagnostic = driver_report(driver, DIAG_EXPRESSION_ALONE, alone, NULL, NULL);
        if (diagnostic != NULL)
            diagnostic_hint(driver->build.diagnostics, diagnostic, "To show what it is, write `print` before it.");
        return;
    }
    const char *source = query_source(driver);
    if (source != NULL) {
        struct diagnostic *diagnostic = driver_report(driver, DIAG_QUERY_BRACKETS, driver->last_span, NULL, NULL);
        if (diagnostic != NULL)
            diagnostic_hint(driver->build.diagnostics, diagnostic, "Write `(from %s …)`.", source);
        return;
    }
    const char *expected = driver_expected_words(driver);
    struct diagnostic *diagnostic = driver_report(driver, DIAG_UNEXPECTED, place_of(driver), expected, driver_describe(driver, token));
    if (diagnostic != NULL)
        advice_add(driver, diagnostic);
}

/* ---- resuming ---- */

/* Clause words that are common names as well: in the middle of a line they do not show that a clause begins. */
static bool is_weak_clause(int kind) {
    return kind == TOK_BY || kind == TOK_FROM || kind == TOK_TO || kind == TOK_SOURCE || kind == TOK_FOR || kind == TOK_EVERY ||
           kind == TOK_ON || kind == TOK_KEY || kind == TOK_TOTAL || kind == TOK_CHART || kind == TOK_WHERE;
}

/* Whether reading can go on with the current token, at the level that the parser has gone back to. */
static bool can_resume(struct driver *driver, bool is_first) {
    struct token *token = &driver->current;
    int next = driver->next.kind;
    if (driver->brackets.count > 0 && driver->brackets.items[driver->brackets.count - 1].is_misread)
        return false;
    /* Lines further in belong to what could not be read. */
    if (driver->brackets.count == 0 && token->column > driver->item_indent)
        return false;
    /* A word where the lines of this level begin is a new start, whatever it says: if it is wrong, that is a mistake of its own. */
    int column = driver->brackets.count > 0 ? driver->brackets.items[driver->brackets.count - 1].column : 0;
    if (!is_first && token->starts_line && token->kind == TOK_NAME && token->column == column)
        return true;
    if (token->kind == TOK_NAME) {
        if (driver_accepts(driver, TOK_NAME)) {
            if (next == TOK_COLON && driver->brackets.count > 0)
                return true;
            if (next == TOK_EQUAL && token->starts_line && driver->brackets.count > 0)
                return true;
        }
        driver_resolve(driver);
        if (token->kind != TOK_NAME && driver_accepts(driver, token->kind))
            return token->starts_line || (!is_first && driver->brackets.count > 0 && !is_weak_clause(token->kind));
        if (token->kind != TOK_NAME)
            return false;
        bool is_statement = driver_accepts(driver, TOK_NAME) && driver_accepts(driver, TOK_PRINT);
        return is_statement && token->starts_line && (is_key(&driver->next) || next == TOK_OPEN_BRACE);
    }
    if (words_spelling(token->kind) != NULL) /* resolved before the error */
        return driver_accepts(driver, token->kind) && (token->starts_line || (driver->brackets.count > 0 && !is_weak_clause(token->kind)));
    return false;
}

static void close_brackets(struct driver *driver) {
    while (driver->brackets.count > 0 && !driver->finished && !driver->exhausted) {
        int closer = closer_of(driver->brackets.items[driver->brackets.count - 1].kind);
        if (!driver_accepts(driver, closer))
            break;
        driver_insert(driver, closer);
    }
}

/* Tells the parser to go back; gives how many `{` that are still open in the text it has dropped. */
static int drop_unfinished(struct driver *driver) {
    driver_insert(driver, TOK_BROKEN);
    if (driver->finished || driver->exhausted)
        return 0;
    driver_insert(driver, TOK_RESYNC);
    int depth = remit_depth(driver->parser), dropped = 0;
    while (driver->brackets.count > 0) {
        /* Reading resumes within braces only. */
        const struct bracket *bracket = &driver->brackets.items[driver->brackets.count - 1];
        if (bracket->kind == TOK_OPEN_BRACE && bracket->depth <= depth)
            break;
        dropped += bracket->kind == TOK_OPEN_BRACE;
        driver->brackets.count--;
    }
    driver->owner_word = driver->owner_name = driver->last_text = driver->before_last_text = NULL;
    return dropped;
}

void driver_recover(struct driver *driver) {
    int nesting = drop_unfinished(driver);
    bool is_first = true, same_line = true;
    /* A token that was resumed at and failed again is passed over, so that reading always ends. */
    bool is_again = driver->recovered_start == (int64_t)driver->current.span.start;
    driver->recovered_start = driver->current.span.start;
    if (is_again && driver->current.kind == TOK_END)
        driver->finished = true;
    else if (is_again) {
        nesting += driver->current.kind == TOK_OPEN_BRACE || driver->current.kind == TOK_OPEN_CASES;
        driver_advance(driver);
    }
    while (!driver->finished && !driver->exhausted) {
        struct token *token = &driver->current;
        if (!is_first && token->starts_line)
            same_line = false;
        if (!is_first && same_line)
            token->problem = DIAG_COUNT; /* more of the same line is seldom a mistake of its own */
        driver_report_problem(driver);
        if (token->kind == TOK_END || driver_opens_declaration(driver)) {
            close_brackets(driver);
            return;
        }
        if (nesting <= 0) {
            if (token->kind == TOK_CLOSE_BRACE && driver->brackets.count > 0 && driver_accepts(driver, TOK_CLOSE_BRACE))
                return;
            if (can_resume(driver, is_first))
                return;
        }
        if (token->kind == TOK_OPEN_BRACE || token->kind == TOK_OPEN_CASES)
            nesting++;
        else if (token->kind == TOK_CLOSE_BRACE)
            nesting--;
        is_first = false;
        driver_advance(driver);
    }
}
