/* The parse driver's loop: takes tokens from the lexer, decides which words are keywords, and pushes them into the parser. Implements
 * parse.h. */
#include "lang/syntax/parse.h"

#include "lang/base/limits.h"
#include "lang/base/text.h"
#include "lang/syntax/driver.h"
#include <assert.h>
#include <string.h>

/* ---- tokens ---- */

bool driver_accepts(const struct driver *driver, int kind) {
    return remit_accepts(driver->parser, kind);
}

const struct word *driver_word(const struct driver *driver, const struct token *token) {
    return token->kind == TOK_NAME ? words_find(driver->words, token->text) : NULL;
}

void driver_advance(struct driver *driver) {
    driver->current = driver->next;
    if (driver->current.kind != TOK_END)
        lexer_next(&driver->lexer, &driver->next);
}

bool token_follows_field(const struct token *token) {
    return token->kind == TOK_COLON || token->kind == TOK_EQUAL || (token->kind == TOK_NAME && token->text != NULL && strcmp(token->text, "was") == 0);
}

/* After these a clause word can only have been a name: `where from < until`, `key = 3`, `(from)`. */
static bool is_after_name(const struct driver *driver, const struct token *next, int keyword) {
    switch (next->kind) {
    case TOK_COLON:
    case TOK_EQUAL:
    case TOK_NOT_EQUAL:
    case TOK_LESS:
    case TOK_AT_MOST:
    case TOK_GREATER:
    case TOK_AT_LEAST:
    case TOK_DEFAULTS:
    case TOK_RANGE:
    case TOK_PLUS:
    case TOK_STAR:
    case TOK_SLASH:
    case TOK_DOT:
    case TOK_COMMA:
    case TOK_QUESTION:
    case TOK_CLOSE_PAREN:
    case TOK_CLOSE_BRACKET:
    case TOK_ARROW:
        return true;
    case TOK_MINUS:
        return keyword == TOK_FROM;
    case TOK_NAME: {
        const struct word *word = words_find(driver->words, next->text);
        return word != NULL && (word->token == TOK_IS || word->token == TOK_IN || word->token == TOK_AND || word->token == TOK_OR ||
                                word->token == TOK_CONTAINS || word->token == TOK_MATCHES);
    }
    default:
        return false;
    }
}

/* Whether the token after a `{` is that of `{ "Amber/Red": amber_red  otherwise: red }`. */
static bool starts_cases(const struct driver *driver) {
    if (driver->next.kind == TOK_TEXT)
        return true;
    const struct word *word = driver_word(driver, &driver->next);
    return word != NULL && word->token == TOK_OTHERWISE;
}

void driver_resolve(struct driver *driver) {
    struct token *token = &driver->current;
    const struct word *word = driver_word(driver, token);
    if (word == NULL) {
        /* The values of a column begin with a text; fields and commands do not. */
        if (token->kind == TOK_OPEN_BRACE && starts_cases(driver) && driver_accepts(driver, TOK_OPEN_CASES))
            token->kind = TOK_OPEN_CASES;
        /* Several patterns of one column: only before a text does this comma belong to them. */
        if (token->kind == TOK_COMMA && driver->next.kind == TOK_TEXT && driver_accepts(driver, TOK_PATTERN_COMMA))
            token->kind = TOK_PATTERN_COMMA;
        return;
    }
    if (word->pair_token != 0 && driver->next.kind == TOK_NAME && driver->next.text == word->pair_second &&
        driver_accepts(driver, word->pair_token)) {
        token->kind = word->pair_token;
        token->span.end = driver->next.span.end;
        lexer_next(&driver->lexer, &driver->next);
        return;
    }
    int keyword = word->token;
    if (keyword == 0)
        return;
    bool begins_refusal = driver->next.kind == TOK_OPEN_BRACE || (driver->next.kind == TOK_NAME && strcmp(driver->next.text, "by") == 0);
    bool is_time = keyword == TOK_BASELINE && driver->last_kind == TOK_AT; /* `at baseline "Gate 2"`, and not `at baseline`, which is a name */
    if ((keyword == TOK_COLUMN && driver->next.kind != TOK_TEXT) || (is_time && driver->next.kind != TOK_TEXT) || (keyword == TOK_REFUSED && !begins_refusal))
        return;
    if (driver_accepts(driver, keyword)) {
        /* Where a statement begins in a file, a name can only be TYPE of TYPE KEY { … }: no operator follows that. */
        if (word->kind != WORD_RESERVED && is_after_name(driver, &driver->next, keyword) && driver_accepts(driver, TOK_NAME) &&
            (driver_accepts(driver, TOK_INT) || !driver_accepts(driver, TOK_PRINT)))
            return;
        token->kind = keyword;
        /* Names belong to `check` only where they stand on its line: the next line may start with a name too. */
        if (keyword == TOK_CHECK && driver->next.kind == TOK_NAME && !driver->next.starts_line) {
            const struct word *next = words_find(driver->words, driver->next.text);
            if (next == NULL || next->token == 0 || next->kind == WORD_CLAUSE)
                token->kind = TOK_CHECK_SOME;
        }
        return;
    }
    if (word->kind == WORD_RESERVED || !driver_accepts(driver, TOK_NAME))
        token->kind = keyword;
}

/* ---- pushing ---- */

static void open_bracket(struct driver *driver, int kind, struct span span) {
    struct bracket bracket = {.kind = kind, .span = span, .depth = remit_depth(driver->parser), .column = -1};
    if (kind == TOK_OPEN_BRACE) {
        bracket.word = driver->owner_word;
        bracket.name = driver->owner_name;
        if (bracket.word == NULL && driver->before_last_text != NULL) { /* TYPE KEY { */
            bracket.word = driver->before_last_text;
            bracket.name = driver->last_text;
        }
        driver->owner_word = driver->owner_name = NULL;
    }
    LIST_ADD(driver->build.arena, &driver->brackets, bracket);
}

/* Keeps what names the owner of the next `{`. */
static void note_owner(struct driver *driver, int kind, const char *text) {
    switch (kind) {
    case TOK_SETTINGS:
    case TOK_RECORD:
    case TOK_EXTEND:
    case TOK_ENUM:
    case TOK_RULE:
    case TOK_MANDATE:
    case TOK_REPORT:
    case TOK_TEST:
    case TOK_SCENARIO:
    case TOK_IMPORT:
    case TOK_CASE:
        driver->owner_word = words_spelling(kind);
        driver->owner_name = NULL;
        break;
    case TOK_NAME:
        if (driver->owner_word != NULL && driver->owner_name == NULL)
            driver->owner_name = text;
        driver->before_last_text = driver->last_text;
        driver->last_text = text;
        break;
    case TOK_TEXT: /* the name of a test, or a title between the name and the `{` */
        if (driver->owner_word != NULL && driver->owner_name == NULL)
            driver->owner_name = text;
        break;
    default:
        driver->last_text = driver->before_last_text = NULL;
    }
}

static void follow_brackets(struct driver *driver, int kind, struct span span) {
    switch (kind) {
    case TOK_OPEN_CASES:
        open_bracket(driver, TOK_OPEN_BRACE, span);
        break;
    case TOK_OPEN_BRACE:
    case TOK_OPEN_PAREN:
    case TOK_OPEN_BRACKET:
        open_bracket(driver, kind, span);
        break;
    case TOK_CLOSE_BRACE:
    case TOK_CLOSE_PAREN:
    case TOK_CLOSE_BRACKET:
        assert(driver->brackets.count > 0);
        driver->brackets.count--;
        break;
    default:
        break;
    }
}

void driver_push(struct driver *driver, int kind, struct span span, const char *text) {
    REMIT_YYSTYPE value;
    memset(&value, 0, sizeof value);
    value.TOK_NAME = text;
    driver->build.item_token_count++;
    if (driver->doubtful_tokens > 0)
        driver->doubtful_tokens--;
    int status = remit_yypush_parse(driver->parser, kind, &value, &span, &driver->build);
    if (status == 2) {
        driver_report(driver, DIAG_TOO_DEEP, span, NULL, NULL);
        driver->exhausted = true;
        return;
    }
    if (status != YYPUSH_MORE) {
        driver->finished = true;
        return;
    }
    follow_brackets(driver, kind, span);
    note_owner(driver, kind, text);
    driver->before_last_kind = driver->last_kind;
    driver->before_last_span = driver->last_span;
    driver->last_kind = kind;
    driver->last_span = span;
}

void driver_insert(struct driver *driver, int kind) {
    driver_push(driver, kind, (struct span){driver->last_span.end, driver->last_span.end, driver->last_span.file}, "");
}

static void push_start(struct driver *driver) {
    static const int starts[] = {
        [PARSE_PROGRAM] = TOK_START_PROGRAM, [PARSE_INPUT] = TOK_START_INPUT, [PARSE_LAST_INPUT] = TOK_START_INPUT, [PARSE_EXPRESSION] = TOK_START_EXPRESSION};
    struct span span = {driver->lexer.offset, driver->lexer.offset, driver->lexer.file};
    driver_push(driver, starts[driver->mode], span, NULL);
}

/* A new parser at the start of its mode, after the stack of the last one was exhausted. */
static void restart(struct driver *driver) {
    driver->exhausted = false;
    remit_yypstate_delete(driver->parser);
    driver->parser = remit_yypstate_new();
    driver->brackets.count = 0;
    driver->owner_word = driver->owner_name = NULL;
    push_start(driver);
    if (driver->mode == PARSE_EXPRESSION) {
        driver->finished = true;
        return;
    }
    /* Goes on at the next declaration: everything up to it belongs to what was too deep. */
    driver_recover(driver);
}

/* ---- reports ---- */

struct diagnostic *driver_report(struct driver *driver, enum diagnostic_code code, struct span span, const char *first,
                                 const char *second) {
    driver->build.item_is_bad = true;
    if (driver->reported_start == (int64_t)driver->current.span.start)
        return NULL;
    if (driver->doubtful_tokens > 0 && !driver->current.starts_line) {
        driver->reported_start = driver->current.span.start;
        return NULL;
    }
    driver->reported_start = driver->current.span.start;
    return build_error(&driver->build, code, span, first, second);
}

void driver_report_problem(struct driver *driver) {
    struct token *token = &driver->current;
    if (token->problem == DIAG_COUNT)
        return;
    driver->doubtful_tokens = 0; /* what the lexer found is no consequence of a guess */
    struct diagnostic *said = driver_report(driver, token->problem, token->problem_span, token->found, token->meant);
    if (said != NULL && token->problem == DIAG_BAD_DATE)
        advice_on_bad_date(driver, said, token->found);
    else if (said != NULL && token->problem == DIAG_TEXT_UNCLOSED)
        advice_on_unclosed(driver, said, token->problem_span.start);
    token->problem = DIAG_COUNT;
}

/* ---- the loop ---- */

/* The first token of a line within braces shows where fields and clauses begin there. */
static void note_column(struct driver *driver) {
    if (driver->next.starts_line && driver->brackets.count > 0 && driver->brackets.items[driver->brackets.count - 1].column < 0)
        driver->brackets.items[driver->brackets.count - 1].column = driver->next.column;
}

/* Pushes the current token and notes where items start. The item before it may be finished only by this token. */
static void push_current(struct driver *driver) {
    const struct token *token = &driver->current;
    bool is_first = driver->build.item_token_count == 0;
    driver_push(driver, token->kind, token->span, token->text);
    if (is_first || (driver->build.item_token_count == 0 && token->starts_line && token->text != NULL))
        driver->item_indent = token->indent;
}

static void step(struct driver *driver) {
    if (driver->exhausted) {
        restart(driver);
        return;
    }
    struct token *token = &driver->current;
    if (token->problem == DIAG_FOREIGN_OPERATOR && token->kind == TOK_AT_LEAST && driver_accepts(driver, TOK_ARROW)) {
        token->kind = TOK_ARROW; /* `=>` in a case is an arrow */
        token->meant = "->";
    }
    driver_report_problem(driver);
    driver_resolve(driver);
    if (token->kind == TOK_NAME && (token->starts_line ? driver_mend_line_start(driver) : driver_mend_query(driver) || driver_mend_stray(driver)))
        return;
    /* `in: text` on a line after `a: money` is a field with a reserved name, not the currency of the one before. */
    bool is_field = token->kind == TOK_IN && driver->next.kind == TOK_COLON;
    if (is_field && driver_mend(driver))
        return;
    if (driver_accepts(driver, token->kind)) {
        push_current(driver);
        if (!driver->finished && !driver->exhausted && token->kind != TOK_END) {
            note_column(driver);
            driver_advance(driver);
        }
        return;
    }
    if (token->kind == TOK_END && driver->mode == PARSE_INPUT && driver->build.error_count == 0) {
        driver->incomplete = true;
        driver->finished = true;
        return;
    }
    if (driver_mend(driver))
        return;
    driver_report_unexpected(driver);
    driver_recover(driver);
}

/* arena, names and diagnostics stand in driver->build. */
static void driver_open(struct driver *driver, const char *text, uint32_t length, uint32_t file, enum parse_mode mode) {
    struct build *build = &driver->build;
    driver->mode = mode;
    driver->reported_start = driver->recovered_start = -1;
    build->text = text;
    build->comments = &driver->comments;
    driver->lexer = (struct lexer){
        .arena = build->arena, .names = build->names, .comments = &driver->comments, .text = text, .length = length, .file = file};
    lexer_open(&driver->lexer);
    driver->words = words_create(build->arena, build->names);
    driver->parser = remit_yypstate_new();
    push_start(driver);
    lexer_next(&driver->lexer, &driver->current);
    driver->next = driver->current;
    if (driver->current.kind != TOK_END)
        lexer_next(&driver->lexer, &driver->next);
}

static void driver_close(struct driver *driver) {
    lexer_close(&driver->lexer);
    remit_yypstate_delete(driver->parser);
}

/* The text with every byte that is not UTF-8, and every zero byte, reported and replaced by a space; the same text when all is well. */
static const char *check_encoding(struct build *build, const char *text, uint32_t length, uint32_t file) {
    enum { REPORTED_MOST = 20 };
    uint32_t at = (uint32_t)text_find_bad_utf8(text, length);
    if (at == length)
        return text;
    char *mended = arena_copy(build->arena, text, length);
    for (int reported = 0; at < length; at += 1 + (uint32_t)text_find_bad_utf8(mended + at + 1, length - at - 1)) {
        unsigned char byte = (unsigned char)text[at];
        if (reported++ < REPORTED_MOST)
            build_error(build, byte == 0 ? DIAG_ZERO_BYTE : DIAG_BAD_UTF8, (struct span){at, at + 1, file},
                        arena_format(build->arena, "%02X", byte), NULL);
        mended[at] = ' ';
    }
    build->item_is_bad = false;
    return mended;
}

/* Bytes of the character at that place which turns the direction of writing or has no width (Unicode's Bidi_Control; zero width space, word joiner, byte-order mark); 0 for
 * others. What joins letters, as some scripts need, is none. */
static uint32_t hidden_length(const unsigned char *at, size_t left, unsigned *code) {
    if (left >= 2 && at[0] == 0xD8 && at[1] == 0x9C) {
        *code = 0x061C;
        return 2;
    }
    if (left < 3)
        return 0;
    *code = (at[0] & 0x0Fu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
    bool is_hidden = (at[0] == 0xE2 && (*code == 0x200B || *code == 0x200E || *code == 0x200F || (*code >= 0x202A && *code <= 0x202E) || *code == 0x2060 || (*code >= 0x2066 && *code <= 0x2069))) ||
                     (at[0] == 0xEF && *code == 0xFEFF);
    return is_hidden ? 3 : 0;
}

/* The text with each such character reported and replaced by spaces, wherever it stands; the same text when there is none. A byte-order mark may begin it. */
static const char *check_hidden(struct build *build, const char *text, uint32_t length, uint32_t file) {
    enum { REPORTED_MOST = 20 };
    int reported = 0;
    char *mended = NULL;
    for (uint32_t at = 0; at < length; at++) {
        unsigned code;
        unsigned char byte = (unsigned char)text[at];
        if (byte != 0xE2 && byte != 0xD8 && byte != 0xEF)
            continue;
        uint32_t hidden = hidden_length((const unsigned char *)text + at, length - at, &code);
        if (!hidden || (at == 0 && code == 0xFEFF))
            continue;
        if (reported++ < REPORTED_MOST)
            build_error(build, DIAG_HIDDEN_CHARACTER, (struct span){at, at + hidden, file}, arena_format(build->arena, "U+%04X", code), NULL);
        if (!mended)
            mended = arena_copy(build->arena, text, length);
        memset(mended + at, ' ', hidden);
    }
    build->item_is_bad = build->item_is_bad && !mended;
    return mended ? mended : text;
}

struct parse parse_source(struct arena *arena, struct intern *names, struct diagnostics *diagnostics, uint32_t file, enum parse_mode mode) {
    const struct source *source = source_get(diagnostics->sources, file);
    struct driver driver = {.build = {.arena = arena, .names = names, .diagnostics = diagnostics}};
    struct build *build = &driver.build;
    struct span whole = {0, source->length, file};
    if (source->length > LIMIT_SOURCE_BYTES) {
        build_error(build, DIAG_SOURCE_TOO_LARGE, (struct span){0, 0, file}, NULL, NULL);
        return (struct parse){.tree = MAKE(program, PROGRAM, whole, no_list), .error_count = 1};
    }
    const char *text = check_hidden(build, check_encoding(build, source->text, source->length, file), source->length, file);
    driver_open(&driver, text, source->length, file, mode);
    while (!driver.finished)
        step(&driver);
    driver_close(&driver);
    if (build->error_count > 1) /* bytes are checked first, and some clauses are judged once all have been read */
        diagnostics_sort(diagnostics);
    return (struct parse){.tree = MAKE(program, PROGRAM, whole, build->items),
                          .comments = driver.comments,
                          .incomplete = driver.incomplete,
                          .error_count = build->error_count};
}

struct expected_list parse_expected_after(struct arena *arena, const char *text, size_t length, enum parse_mode mode) {
    struct driver driver = {.build = {.arena = arena, .names = intern_create(arena)}};
    struct expected_list list = {0};
    if (length > LIMIT_SOURCE_BYTES)
        return list;
    const char *copy = check_encoding(&driver.build, arena_copy(arena, text, length), (uint32_t)length, 0);
    driver_open(&driver, copy, (uint32_t)length, 0, mode);
    while (!driver.finished && driver.current.kind != TOK_END)
        step(&driver);
    if (!driver.finished)
        list = driver_expected_list(&driver);
    driver_close(&driver);
    return list;
}
