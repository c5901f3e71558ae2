/* What could stand at a place, in words: for messages, and one by one for completion.
 * Knows: which tokens the parser accepts. Does not know: what names exist. */
#include "lang/syntax/driver.h"

#include <stdint.h>
#include <string.h>

enum { TOKENS_MOST = 256 };

/* A set of tokens by number. */
struct token_set {
    bool has[TOKENS_MOST];
};

static struct token_set accepted_now(struct driver *driver) {
    struct token_set set = {{false}};
    int tokens[TOKENS_MOST];
    int count = remit_expected(driver->parser, tokens, TOKENS_MOST);
    for (int i = 0; i < count; i++)
        set.has[tokens[i]] = true;
    return set;
}

static void drop(struct token_set *set, const int *tokens, int count) {
    for (int i = 0; i < count; i++)
        set->has[tokens[i]] = false;
}

static const int expression_starts[] = {TOK_NAME, TOK_TEXT,     TOK_TEXT_OPEN, TOK_INT,      TOK_DECIMAL,    TOK_MONEY,
                                        TOK_DATE, TOK_DATETIME, TOK_PERIOD,    TOK_QUANTITY, TOK_OPEN_PAREN, TOK_OPEN_BRACKET,
                                        TOK_TRUE, TOK_FALSE,    TOK_MISSING,   TOK_CASE,     TOK_COLUMN,     TOK_MINUS,
                                        TOK_NOT,  TOK_IF,       TOK_EXISTS,    TOK_NO};
static const int infixes[] = {TOK_AND,     TOK_OR,     TOK_EQUAL,        TOK_NOT_EQUAL, TOK_LESS,      TOK_AT_MOST,
                              TOK_GREATER, TOK_PLUS,   TOK_MINUS,        TOK_STAR,      TOK_SLASH,     TOK_AT_LEAST,
                              TOK_IN,      TOK_NOT_IN, TOK_IS,           TOK_MATCHES,   TOK_CONTAINS,  TOK_DEFAULTS,
                              TOK_RANGE,   TOK_DOT,    TOK_OPEN_BRACKET, TOK_AT,        TOK_OPEN_PAREN};
static const int commands[] = {TOK_ADD,      TOK_SET,   TOK_REMOVE, TOK_IMPORT,   TOK_EXPORT,   TOK_CHECK,  TOK_CHECK_SOME, TOK_RUN,
                               TOK_BASELINE, TOK_LET,   TOK_WHY,    TOK_DESCRIBE, TOK_EXPECT,   TOK_BEGIN,  TOK_ROLLBACK,   TOK_COMMIT,
                               TOK_COMPARE,  TOK_PRINT, TOK_IF,     TOK_FROM,     TOK_FOR_EACH, TOK_WHY_NOT};
static const int declarations[] = {TOK_REMIT, TOK_USE,  TOK_INCLUDE, TOK_SETTINGS, TOK_RECORD, TOK_EXTEND,   TOK_ENUM,
                                   TOK_RULE,  TOK_TEST, TOK_DEFINE,  TOK_MANDATE,  TOK_REPORT, TOK_SCENARIO, TOK_NAME};
static const int clauses_shared[] = {TOK_FOR, TOK_LET, TOK_EXCEPT, TOK_REMEDY, TOK_BECAUSE, TOK_SOURCE, TOK_EFFECTIVE};
static const int clauses_of_rule[] = {TOK_WHEN, TOK_RAISE};
static const int clauses_of_mandate[] = {TOK_EVERY,      TOK_BY,     TOK_BEFORE,   TOK_SHALL,  TOK_SHALL_NOT, TOK_SHOULD,
                                         TOK_SHOULD_NOT, TOK_WITHIN, TOK_WAIVABLE, TOK_EFFORT, TOK_ESCALATE, TOK_DATED};
static const int clauses_of_query[] = {TOK_WHERE, TOK_GROUP_BY, TOK_SHOW,  TOK_KEEP_WHERE, TOK_SORT_BY,
                                       TOK_TAKE,  TOK_TOTAL,    TOK_CHART, TOK_AS_OF};
static const int clauses_of_report[] = {TOK_TO, TOK_EVERY, TOK_FROM};

#define DROP(set, tokens) drop((set), (tokens), (int)(sizeof(tokens) / sizeof *(tokens)))

/* Parts of the message, in the order they are said. */
struct phrase {
    struct driver *driver;
    const char *parts[TOKENS_MOST];
    int count;
};

static void say(struct phrase *phrase, const char *part) {
    phrase->parts[phrase->count++] = part;
}

static void say_expressions(struct phrase *phrase, struct token_set *set) {
    if (set->has[TOK_MINUS] && set->has[TOK_INT]) {
        say(phrase, "an expression");
        DROP(set, expression_starts);
    } else if (set->has[TOK_INT] && set->has[TOK_NAME]) {
        say(phrase, "a name or a value");
        DROP(set, expression_starts);
    } else if (set->has[TOK_INT] && set->has[TOK_DECIMAL]) {
        say(phrase, "a number");
        set->has[TOK_INT] = set->has[TOK_DECIMAL] = false;
    } else if (set->has[TOK_TEXT] && set->has[TOK_TEXT_OPEN]) {
        set->has[TOK_TEXT_OPEN] = false;
    }
}

static void say_groups(struct phrase *phrase, struct token_set *set) {
    bool is_statement = set->has[TOK_PRINT] && set->has[TOK_ADD];
    if (is_statement) {
        say(phrase, set->has[TOK_RECORD] ? "a declaration or a command" : "a command");
        if (set->has[TOK_RECORD])
            DROP(set, declarations);
        if (!set->has[TOK_INT]) /* else an expression may stand here as well */
            set->has[TOK_IF] = false;
        bool is_operand_end = set->has[TOK_PLUS];
        DROP(set, commands);
        if (is_operand_end)
            set->has[TOK_IF] = false;
    }
    if (set->has[TOK_PLUS]) {
        say(phrase, "an operator");
        DROP(set, infixes);
    } else if (set->has[TOK_AT] || (set->has[TOK_DOT] && set->has[TOK_OPEN_BRACKET])) {
        bool is_filter_wanted = phrase->driver->is_stray && set->has[TOK_OPEN_BRACKET]; /* little else could follow */
        DROP(set, infixes);
        set->has[TOK_OPEN_BRACKET] = is_filter_wanted;
    }
    say_expressions(phrase, set);
    if (set->has[TOK_RAISE]) {
        say(phrase, "a clause of the rule");
        DROP(set, clauses_of_rule);
        DROP(set, clauses_shared);
    } else if (set->has[TOK_WITHIN]) {
        say(phrase, "a clause of the mandate");
        DROP(set, clauses_of_mandate);
        DROP(set, clauses_shared);
    } else if (set->has[TOK_SHOW] && set->has[TOK_TO]) {
        say(phrase, "a clause of the report");
        DROP(set, clauses_of_report);
        DROP(set, clauses_of_query);
        DROP(set, clauses_shared);
    } else if (set->has[TOK_SHOW]) {
        say(phrase, "a clause of the query");
        DROP(set, clauses_of_query);
    }
}

/* A token's own words: quoted when it is what would be typed. */
static const char *token_words(struct driver *driver, int token) {
    const char *name = remit_token_name(token);
    bool is_description = *name == '`' || strncmp(name, "a ", 2) == 0 || strncmp(name, "an ", 3) == 0 || strncmp(name, "the ", 4) == 0;
    return is_description ? name : arena_format(driver->build.arena, "`%s`", name);
}

const char *driver_expected_words(struct driver *driver) {
    enum { PARTS_MOST = 6 };
    struct token_set set = accepted_now(driver);
    struct phrase phrase = {.driver = driver};
    set.has[TOK_SEMICOLON] = set.has[TOK_PATTERN_COMMA] = set.has[TOK_CHECK_SOME] = set.has[TOK_WAS] = false;
    set.has[TOK_TEXT_MIDDLE] = set.has[TOK_OPEN_CASES] = false;
    if (driver->is_stray) {
        DROP(&set, declarations);
        DROP(&set, commands);
    }
    say_groups(&phrase, &set);
    bool has_end = set.has[TOK_END];
    set.has[TOK_END] = false;
    for (int token = 0; token < TOKENS_MOST; token++)
        if (set.has[token])
            say(&phrase, token_words(driver, token));
    if (has_end && phrase.count < 2)
        say(&phrase, remit_token_name(TOK_END));
    if (phrase.count == 0)
        return "something else";
    if (phrase.count > PARTS_MOST) {
        phrase.count = PARTS_MOST;
        phrase.parts[PARTS_MOST - 1] = "another word";
    }
    const char *text = phrase.parts[0];
    for (int i = 1; i < phrase.count; i++)
        text = arena_format(driver->build.arena, i + 1 < phrase.count ? "%s, %s" : "%s or %s", text, phrase.parts[i]);
    return text;
}

struct expected_list driver_expected_list(struct driver *driver) {
    struct token_set set = accepted_now(driver);
    struct expected_list list = {0};
    struct arena *arena = driver->build.arena;
    bool has_name = set.has[TOK_NAME];
    bool has_expression = set.has[TOK_INT] && has_name;
    if (has_expression) {
        LIST_ADD(arena, &list, "an expression");
        static const int values[] = {TOK_TEXT, TOK_TEXT_OPEN, TOK_INT,    TOK_DECIMAL, TOK_MONEY,
                                     TOK_DATE, TOK_DATETIME,  TOK_PERIOD, TOK_QUANTITY};
        DROP(&set, values);
    }
    set.has[TOK_END] = set.has[TOK_PATTERN_COMMA] = set.has[TOK_CHECK_SOME] = set.has[TOK_OPEN_CASES] = set.has[TOK_TEXT_OPEN] =
        set.has[TOK_SEMICOLON] = false;
    for (int token = 0; token < TOKENS_MOST; token++)
        if (set.has[token])
            LIST_ADD(arena, &list, token == TOK_TEXT_MIDDLE || token == TOK_TEXT_CLOSE ? "}" : remit_token_name(token));
    return list;
}

const char *driver_describe(struct driver *driver, const struct token *token) {
    enum { SHOWN_MOST = 40 };
    if (token->kind == TOK_END)
        return remit_token_name(TOK_END);
    const char *text = driver->build.text + token->span.start;
    uint32_t length = token->span.end - token->span.start;
    if (token->kind == TOK_TEXT_MIDDLE || token->kind == TOK_TEXT_CLOSE)
        return "`}`";
    if (length > SHOWN_MOST) {
        if (token->kind == TOK_TEXT || token->kind == TOK_TEXT_OPEN)
            return "a text";
        length = SHOWN_MOST;
        while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
            length--;
        return arena_format(driver->build.arena, "`%.*s…`", (int)length, text);
    }
    return arena_format(driver->build.arena, "`%.*s`", (int)length, text);
}
