/* Mistakes whose meaning is plain: they are reported and put right, so that nothing after them is reported because of them.
 * Knows: what people bring from other languages, and slips of the pen. Does not know: the grammar beyond what the parser accepts. */
#include "lang/syntax/advice.h"

#include <string.h>

static bool is_word(const struct token *token) {
    return token->kind == TOK_NAME || (token->text != NULL && words_spelling(token->kind) != NULL);
}

/* ---- signs ---- */

static bool is_comparison(int kind) {
    return kind == TOK_EQUAL || kind == TOK_NOT_EQUAL || kind == TOK_LESS || kind == TOK_AT_MOST || kind == TOK_GREATER ||
           kind == TOK_AT_LEAST;
}

static bool mend_sign(struct driver *driver) {
    struct token *token = &driver->current;
    switch (token->kind) {
    case TOK_EQUAL:
        if (driver_accepts(driver, TOK_COLON) && driver->last_kind != TOK_CLOSE_PAREN) { /* after it: of a definition, whose type is left out */
            driver_report(driver, DIAG_COLON_WANTED, token->span, NULL, NULL);
            token->kind = TOK_COLON;
            return true;
        }
        break;
    case TOK_COLON:
        if (driver_accepts(driver, TOK_EQUAL)) {
            driver_report(driver, DIAG_EQUALS_WANTED, token->span, NULL, NULL);
            token->kind = TOK_EQUAL;
            return true;
        }
        break;
    case TOK_SEMICOLON:
        if (driver_accepts(driver, TOK_COMMA)) {
            driver_report(driver, DIAG_COMMA_WANTED, token->span, NULL, NULL);
            token->kind = TOK_COMMA;
            return true;
        }
        break;
    case TOK_BAR:
        if (driver_accepts(driver, TOK_OR)) {
            driver_report(driver, DIAG_FOREIGN_OPERATOR, token->span, "|", "or");
            token->kind = TOK_OR;
            return true;
        }
        break;
    case TOK_COMMA:
        if (driver_accepts(driver, TOK_SEMICOLON)) {
            struct bracket *bracket = driver->brackets.count > 0 ? &driver->brackets.items[driver->brackets.count - 1] : NULL;
            if (bracket == NULL || !bracket->comma_reported) {
                struct diagnostic *said = driver_report(driver, DIAG_COMMA_UNWANTED, token->span, NULL, NULL);
                if (said != NULL && driver->last_span.end == token->span.start && driver->next.span.start == token->span.end) /* 1,000,000 */
                    advise_on_groups(driver, said);
            }
            if (bracket != NULL)
                bracket->comma_reported = true;
            driver->doubtful_tokens = DOUBTFUL_TOKENS;
            token->kind = TOK_SEMICOLON;
            return true;
        }
        break;
    default:
        break;
    }
    if (is_comparison(token->kind) && driver_accepts(driver, TOK_AND)) {
        /* a = b = c = d is one mistake */
        if (memchr(driver->build.text + driver->comparison_reported, '\n', token->span.start - driver->comparison_reported) != NULL ||
            driver->comparison_reported == 0)
            driver_report(driver, DIAG_COMPARISON_CHAIN, token->span, NULL, NULL);
        driver->comparison_reported = token->span.start;
        token->kind = TOK_AND;
        return true;
    }
    return false;
}

/* ---- words ---- */

static bool is_else_if(const char *text) {
    return strcmp(text, "elsif") == 0 || strcmp(text, "elseif") == 0 || strcmp(text, "elif") == 0;
}

/* A word of the language where only a name can stand. */
static bool mend_reserved(struct driver *driver, const struct word *word) {
    struct token *token = &driver->current;
    if (word == NULL || word->token == 0 || word->kind != WORD_RESERVED || !driver_accepts(driver, TOK_NAME) ||
        driver_accepts(driver, TOK_INT))
        return false;
    int next = driver->next.kind;
    if (next != TOK_COLON && next != TOK_EQUAL && next != TOK_TEXT && next != TOK_OPEN_BRACE && next != TOK_OPEN_PAREN &&
        next != TOK_COMMA && next != TOK_CLOSE_BRACE && next != TOK_CLOSE_PAREN)
        return false;
    struct diagnostic *diagnostic = driver_report(driver, DIAG_NAME_RESERVED, token->span, word->name, NULL);
    if (diagnostic != NULL)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "Try `%s`, or a longer name.", word->instead);
    driver_push(driver, TOK_NAME, token->span, token->text);
    driver_advance(driver);
    return true;
}

/* A name where only words of the language can stand, and nearly one of them. */
static bool mend_misspelt(struct driver *driver) {
    struct token *token = &driver->current;
    if (token->kind != TOK_NAME || strlen(token->text) < 3)
        return false;
    int tokens[256];
    int count = remit_expected(driver->parser, tokens, 256);
    struct nearest search;
    nearest_start(&search, token->text);
    for (int i = 0; i < count; i++) {
        const char *spelling = words_spelling(tokens[i]);
        if (spelling != NULL && strlen(spelling) >= 3)
            nearest_offer(&search, spelling);
    }
    if (search.best == NULL)
        return false;
    int meant = 0;
    for (int i = 0; i < count; i++) {
        const char *spelling = words_spelling(tokens[i]);
        if (spelling != NULL && strcmp(spelling, search.best) == 0)
            meant = tokens[i];
    }
    struct diagnostic *diagnostic =
        driver_report(driver, DIAG_MISSPELT_WORD, token->span, driver_expected_words(driver), driver_describe(driver, token));
    if (diagnostic != NULL)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "Did you mean `%s`?", search.best);
    driver->doubtful_tokens = DOUBTFUL_TOKENS;
    token->kind = meant;
    return true;
}

/* The first half of `sort by`, `group by`, `keep where` alone: the other half was left out. */
static bool mend_half_pair(struct driver *driver, const struct word *word) {
    struct token *token = &driver->current;
    if (word == NULL || word->pair_token == 0 || token->kind != TOK_NAME || !driver_accepts(driver, word->pair_token))
        return false;
    struct diagnostic *diagnostic =
        driver_report(driver, DIAG_MISSPELT_WORD, token->span, driver_expected_words(driver), driver_describe(driver, token));
    if (diagnostic != NULL)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "Did you mean `%s`?", words_spelling(word->pair_token));
    driver->doubtful_tokens = DOUBTFUL_TOKENS;
    token->kind = word->pair_token;
    return true;
}

static bool mend_word(struct driver *driver) {
    struct token *token = &driver->current;
    const struct word *word = words_find(driver->words, token->text);
    if (is_else_if(token->text) && driver_accepts(driver, TOK_ELSE)) {
        driver_report(driver, DIAG_ELSE_IF_WANTED, token->span, token->text, NULL);
        driver_push(driver, TOK_ELSE, token->span, token->text);
        token->kind = TOK_IF;
        return true;
    }
    if (token->kind == TOK_NOT && driver->last_kind == TOK_IS && driver_accepts(driver, TOK_KNOWN) && driver->next.kind == TOK_NAME) {
        const struct word *next = words_find(driver->words, driver->next.text);
        if (next != NULL && (next->token == TOK_KNOWN || next->token == TOK_MISSING)) {
            bool is_known = next->token == TOK_KNOWN;
            driver_report(driver, DIAG_IS_NOT, token->span, next->name, is_known ? "missing" : "known");
            driver_advance(driver);
            driver->current.kind = is_known ? TOK_MISSING : TOK_KNOWN;
            return true;
        }
    }
    return mend_reserved(driver, word) || mend_half_pair(driver, word) || mend_misspelt(driver);
}

/* ---- what was left out ---- */

/* A `{` before the clauses or fields on the lines that follow. */
static bool mend_missing_brace(struct driver *driver) {
    struct token *token = &driver->current;
    if (!token->starts_line || !is_word(token) || !driver_accepts(driver, TOK_OPEN_BRACE) || driver_opens_declaration(driver))
        return false;
    const struct word *word = words_find(driver->words, token->text);
    bool is_clause = word != NULL && word->token != 0 && word->kind != WORD_RESERVED;
    if (!is_clause && driver->next.kind != TOK_COLON)
        return false;
    driver_report(driver, DIAG_UNEXPECTED, token->span, "`{`", driver_describe(driver, token));
    driver_insert(driver, TOK_OPEN_BRACE);
    token->kind = TOK_NAME;
    return true;
}

/* TYPE KEY "Title" and no braces, at the end of a line: there are no fields. */
static bool mend_missing_fields(struct driver *driver) {
    bool ends_line = driver->current.starts_line || (driver->current.kind == TOK_END && (driver->mode == PARSE_PROGRAM || driver->mode == PARSE_LAST_INPUT));
    bool is_header = driver->brackets.count == 0 && driver->owner_word == NULL && (driver->last_kind == TOK_NAME || driver->last_kind == TOK_TEXT) && driver->last_text != NULL;
    const char *type = driver->before_last_text != NULL ? driver->before_last_text : driver->last_kind == TOK_TEXT ? driver->last_text : NULL;
    if (!ends_line || !is_header || type == NULL || words_find(driver->words, type) != NULL || !driver_accepts(driver, TOK_OPEN_BRACE))
        return false;
    struct diagnostic *diagnostic = driver_report(driver, DIAG_BRACES_WANTED, driver->last_span, type, NULL);
    const char *elsewhere = words_elsewhere(type), *target = advice_target(driver);
    if (elsewhere == NULL && driver->last_kind == TOK_NAME)
        elsewhere = advice_on_function(driver, type, driver->last_text);
    if (diagnostic != NULL && elsewhere != NULL)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "%s", elsewhere);
    else if (diagnostic != NULL && target != NULL)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "A record is named by its key alone: `%s %s`.", target, driver->last_text);
    else if (diagnostic != NULL && advice_nearest_opener(driver, type) != NULL)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "Did you mean `%s` instead of `%s`? What is declared has its fields after it, `{ FIELD: … }`, or `{}` when it has none.", advice_nearest_opener(driver, type), type);
    else if (diagnostic != NULL)
        diagnostic_hint(driver->build.diagnostics, diagnostic, "Write its fields after it, `{ FIELD: … }`, or `{}` when it has none.");
    driver_insert(driver, TOK_OPEN_BRACE);
    driver_insert(driver, TOK_CLOSE_BRACE);
    return true;
}

/* A `)` or `]` before the next clause, or before the `}` of the whole. */
static bool mend_missing_closer(struct driver *driver) {
    struct token *token = &driver->current;
    if (driver->brackets.count == 0)
        return false;
    const struct bracket *bracket = &driver->brackets.items[driver->brackets.count - 1];
    int closer = bracket->kind == TOK_OPEN_PAREN ? TOK_CLOSE_PAREN : TOK_CLOSE_BRACKET;
    if (bracket->kind == TOK_OPEN_BRACE || !driver_accepts(driver, closer))
        return false;
    bool is_other_closer = token->kind == TOK_CLOSE_BRACE || token->kind == TOK_CLOSE_PAREN || token->kind == TOK_CLOSE_BRACKET;
    const struct word *word = is_word(token) ? words_find(driver->words, token->text) : NULL;
    bool is_clause = word != NULL && token->starts_line && word->token != 0 && word->kind != WORD_RESERVED;
    bool is_field = is_word(token) && ((driver->next.kind == TOK_COLON && (token->starts_line || closer == TOK_CLOSE_BRACKET)) ||
                                       (driver->next.kind == TOK_EQUAL && token->starts_line));
    if (!is_other_closer && !is_clause && !is_field && token->kind != TOK_END)
        return false;
    driver_report_unclosed(driver);
    /* The wrong closer was meant as the right one; anything else comes after it. */
    if (token->kind == TOK_CLOSE_PAREN || token->kind == TOK_CLOSE_BRACKET) {
        token->kind = closer;
        return true;
    }
    driver_insert(driver, closer);
    if (token->kind != TOK_END && !is_other_closer)
        token->kind = TOK_NAME;
    return true;
}

/* Whether the next token shows that the current word is no operand: on one line no value is followed by a name or a value. */
static bool is_followed_by_value(const struct driver *driver) {
    if (driver->next.starts_line) /* the next field or clause */
        return false;
    switch (driver->next.kind) {
    case TOK_INT:
    case TOK_DECIMAL:
    case TOK_MONEY:
    case TOK_DATE:
    case TOK_QUANTITY:
    case TOK_PERIOD:
    case TOK_TEXT:
    case TOK_TEXT_OPEN:
    case TOK_OPEN_BRACE:
        return true;
    case TOK_NAME: {
        const struct word *word = words_find(driver->words, driver->next.text);
        return word == NULL || word->token == TOK_EXISTS || word->token == TOK_NO || word->token == TOK_CASE || word->token == TOK_TRUE ||
               word->token == TOK_FALSE;
    }
    default:
        return false;
    }
}

/* Where an operand may stand: `when spent >` and on the next line `raise high`, or `shall exists [` and then `within 2 days`. */
static bool mend_clause_as_operand(struct driver *driver) {
    if (!is_followed_by_value(driver))
        return false;
    const struct bracket *bracket = driver->brackets.count > 0 ? &driver->brackets.items[driver->brackets.count - 1] : NULL;
    int closer = bracket == NULL || bracket->kind == TOK_OPEN_BRACE ? 0
                 : bracket->kind == TOK_OPEN_PAREN                  ? TOK_CLOSE_PAREN
                                                                    : TOK_CLOSE_BRACKET;
    if (closer != 0 && driver_accepts(driver, closer)) {
        driver_report_unclosed(driver);
        driver_insert(driver, closer);
    } else {
        driver_report_unexpected(driver);
        driver_recover(driver);
    }
    return true;
}

bool driver_mend_query(struct driver *driver) {
    if (driver->current.starts_line || driver->last_kind != TOK_NAME || driver->last_text == NULL ||
        strcmp(driver->last_text, "from") != 0 || !driver_accepts(driver, TOK_PRINT))
        return false;
    driver_report_unexpected(driver);
    driver_recover(driver);
    return true;
}

bool driver_mend_stray(struct driver *driver) {
    const struct token *next = &driver->next;
    if (driver->current.starts_line || token_follows_field(next) || !driver_accepts(driver, TOK_NAME))
        return false;
    const struct word *word = driver_word(driver, next);
    bool goes_on = word != NULL && ((word->token != 0 && word->kind == WORD_RESERVED) || word->token == TOK_WHERE || word->token == TOK_SHOW || word->pair_token == TOK_SORT_BY || word->pair_token == TOK_GROUP_BY);
    bool is_key = next->kind == TOK_TEXT || next->kind == TOK_OPEN_BRACE || (next->kind == TOK_NAME && !goes_on);
    if (driver_accepts(driver, TOK_PRINT) && driver_accepts(driver, TOK_DOT)) /* after a value, where a statement may begin */
        driver->is_stray = advice_is_habit(driver) || next->starts_line || !is_key;
    else if (driver_accepts(driver, TOK_CLOSE_BRACE) && driver_accepts(driver, TOK_SEMICOLON) && !driver_accepts(driver, TOK_INT)) /* after a field */
        driver->is_stray = driver->last_kind != TOK_OPEN_BRACE && driver->last_kind != TOK_SEMICOLON;
    if (!driver->is_stray)
        return false;
    driver_report_unexpected(driver);
    driver->is_stray = false;
    driver_recover(driver);
    return true;
}

bool driver_mend_line_start(struct driver *driver) {
    const struct token *token = &driver->current;
    if (token_follows_field(&driver->next) || driver->reported_start == (int64_t)token->span.start ||
        !driver_accepts(driver, TOK_NAME) || driver_accepts(driver, TOK_PRINT)) /* a statement may begin here: all is well */
        return false;
    const struct word *word = words_find(driver->words, token->text);
    bool is_keyword = word != NULL && (word->token != 0 ? word->kind != WORD_RESERVED : word->pair_token != 0);
    if (!is_keyword && !driver_opens_declaration(driver))
        return false;
    if (driver_accepts(driver, TOK_INT))
        return mend_clause_as_operand(driver);
    /* Where a field or member may begin: not among the values of an enum. */
    if (driver->brackets.count == 0 || driver->brackets.items[driver->brackets.count - 1].kind != TOK_OPEN_BRACE ||
        !driver_accepts(driver, TOK_CLOSE_BRACE) || !driver_accepts(driver, TOK_SEMICOLON))
        return false;
    if (driver->last_kind == TOK_OPEN_BRACE && !driver_opens_declaration(driver)) {
        /* Clauses right after the `{` of a record: `ruel overspend { for … }` */
        driver_report_unexpected(driver);
        driver->brackets.items[driver->brackets.count - 1].is_misread = true;
        driver_recover(driver);
        return true;
    }
    driver_report_unclosed(driver);
    driver_insert(driver, TOK_CLOSE_BRACE);
    return true;
}

/* A comma between the parts of a list. */
static bool mend_missing_comma(struct driver *driver) {
    const struct token *token = &driver->current;
    if (driver->brackets.count == 0 || driver->brackets.items[driver->brackets.count - 1].kind == TOK_OPEN_BRACE || token->starts_line)
        return false;
    bool starts_value = token->kind == TOK_NAME || token->kind == TOK_INT || token->kind == TOK_DECIMAL || token->kind == TOK_MONEY ||
                        token->kind == TOK_TEXT || token->kind == TOK_DATE || token->kind == TOK_QUANTITY || token->kind == TOK_PERIOD;
    if (!starts_value || !driver_accepts(driver, TOK_COMMA))
        return false;
    driver_report_unexpected(driver);
    driver->doubtful_tokens = DOUBTFUL_TOKENS + 1; /* the comma itself is one */
    driver_insert(driver, TOK_COMMA);
    return true;
}

bool driver_mend(struct driver *driver) {
    int kind = driver->current.kind;
    if (driver->reported_start == (int64_t)driver->current.span.start && kind != TOK_EQUAL && kind != TOK_END && kind != TOK_CLOSE_BRACE)
        return false; /* one attempt a token */
    if (mend_sign(driver))
        return true;
    if (mend_missing_closer(driver) || mend_missing_brace(driver) || mend_missing_fields(driver))
        return true;
    if (is_word(&driver->current) && mend_word(driver))
        return true;
    return mend_missing_comma(driver);
}
