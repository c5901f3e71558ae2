/* What the lexer's rules do with what they matched. Implements spelling.h. */
#include "lang/syntax/spelling.h"

#include "lang/base/civil.h"
#include "lang/base/limits.h"
#include "lang/base/text.h"
#include "lang/syntax/grammar.h"
#include <string.h>

static void note_problem(struct lexer *lexer, enum diagnostic_code problem, uint32_t start, uint32_t end, const char *found,
                         const char *meant) {
    struct token *token = lexer->token;
    if (token->problem != DIAG_COUNT)
        return;
    token->problem = problem;
    token->found = found;
    token->meant = meant;
    token->problem_span = (struct span){start, end, lexer->file};
}

void spelling_problem(struct lexer *lexer, enum diagnostic_code problem, const char *found, const char *meant) {
    note_problem(lexer, problem, lexer->start, lexer->offset, arena_copy_string(lexer->arena, found), meant);
}

void spelling_comment(struct lexer *lexer, size_t length) {
    uint32_t start = lexer->offset - (uint32_t)length, end = lexer->offset;
    while (end > start && lexer->text[end - 1] == '\r')
        end--;
    const char *text = lexer->text + start;
    size_t kept = end - start;
    struct comment comment = {.span = {start, end, lexer->file},
                              .is_doc = kept >= 2 && text[1] == '#' && !(kept >= 3 && text[2] == '#'),
                              .own_line = lexer->starts_line};
    LIST_ADD(lexer->arena, lexer->comments, comment);
}

/* Characters of typography that people paste in, and what they stand for. */
static const struct lookalike {
    const char *bytes;
    int kind;
    const char *meant;
} lookalikes[] = {
    {"\xe2\x88\x92", TOK_MINUS, "-"},    {"\xe2\x80\x93", TOK_MINUS, "-"},     {"\xe2\x80\x94", TOK_MINUS, "-"},
    {"\xe2\x89\xa4", TOK_AT_MOST, "<="}, {"\xe2\x89\xa5", TOK_AT_LEAST, ">="}, {"\xe2\x89\xa0", TOK_NOT_EQUAL, "!="},
    {"\xc3\x97", TOK_STAR, "*"},         {"\xc3\xb7", TOK_SLASH, "/"},         {"\xe2\x86\x92", TOK_ARROW, "->"},
    {"\xe2\x80\xa6", TOK_RANGE, ".."},
};

/* Bytes of the character at `bytes` that no name has: punctuation, signs, spaces beyond ASCII; 0 when it may stand in a name. */
static int foreign_character(const char *bytes) {
    const unsigned char *at = (const unsigned char *)bytes;
    if (at[0] < 0x80)
        return 0;
    if (at[0] == 0xc2 || (at[0] == 0xc3 && (at[1] == 0x97 || at[1] == 0xb7)))
        return at[0] == 0xc2 && (at[1] == 0xaa || at[1] == 0xb5 || at[1] == 0xba) ? 0 : 2;
    if (at[0] == 0xe2) /* U+2000 .. U+2BFF are punctuation, signs, arrows, mathematics and shapes; U+2C00 and on are letters */
        return at[1] < 0xb0 ? 3 : 0;
    if (at[0] == 0xe3 && at[1] == 0x80)
        return 3;
    if (at[0] == 0xef && (at[1] == 0xbb || at[1] == 0xbc || at[1] == 0xbd || at[1] == 0xbf))
        return 3;
    if (at[0] == 0xf0 && at[1] == 0x9f)
        return 4;
    return 0;
}

static bool is_space_lookalike(const char *bytes) {
    return memcmp(bytes, "\xc2\xa0", 2) == 0 || memcmp(bytes, "\xe2\x80\xaf", 3) == 0 || memcmp(bytes, "\xe3\x80\x80", 3) == 0 ||
           memcmp(bytes, "\xef\xbb\xbf", 3) == 0 || memcmp(bytes, "\xe2\x80\x8b", 3) == 0;
}

static int spell_foreign_character(struct lexer *lexer, const char *bytes, int width) {
    lexer->offset = lexer->start + (uint32_t)width; /* the scanner sets it again; the problem's place needs it now */
    const char *found = arena_copy(lexer->arena, bytes, (size_t)width);
    for (size_t i = 0; i < sizeof lookalikes / sizeof *lookalikes; i++)
        if (strcmp(found, lookalikes[i].bytes) == 0) {
            spelling_problem(lexer, DIAG_FOREIGN_OPERATOR, found, lookalikes[i].meant);
            lexer->token->kind = lookalikes[i].kind;
            return width;
        }
    spelling_problem(lexer, DIAG_BAD_CHARACTER, found, NULL);
    return width;
}

int spelling_name(struct lexer *lexer, const char *bytes, int length) {
    bool is_ascii = true;
    for (int i = 0; i < length; i++)
        if ((unsigned char)bytes[i] >= 0xc2) {
            is_ascii = false;
            int width = foreign_character(bytes + i);
            if (width > 0 && i > 0) {
                length = i;
                break;
            }
            if (width > 0) {
                uint32_t matched = lexer->offset;
                int kept = is_space_lookalike(bytes) ? -width : spell_foreign_character(lexer, bytes, width);
                lexer->offset = matched;
                return kept;
            }
        }
    if (length > LIMIT_NAME_BYTES)
        note_problem(lexer, DIAG_NAME_TOO_LONG, lexer->start, lexer->start + (uint32_t)length, NULL, NULL);
    size_t normal_length = (size_t)length;
    if (!is_ascii)
        bytes = text_normalize(lexer->arena, bytes, (size_t)length, &normal_length);
    lexer->token->text = intern_name(lexer->names, bytes, normal_length);
    return length;
}

static bool is_unit(const char *word, size_t length) {
    static const char *const units[] = {"second", "minute", "hour", "day", "week", "month", "quarter", "year"};
    if (length > 1 && word[length - 1] == 's')
        length--;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i]) == length && memcmp(units[i], word, length) == 0)
            return true;
    return false;
}

int spelling_amount(struct lexer *lexer, const char *bytes, size_t length, size_t *kept) {
    size_t number_length = strcspn(bytes, " \t"), word_start = number_length + strspn(bytes + number_length, " \t");
    const char *word = bytes + word_start;
    size_t word_length = length - word_start;
    bool is_whole = memchr(bytes, '.', number_length) == NULL;
    /* A word before a colon names the next field: `quorum: 2 day: 3`. */
    const char *after = lexer->text + lexer->offset;
    after += strspn(after, " \t");
    bool is_field = *after == ':';
    if (!is_field && word_length == 3 && strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") >= 3) {
        *kept = length;
        return TOK_MONEY;
    }
    if (!is_field && is_unit(word, word_length)) {
        *kept = length;
        return TOK_QUANTITY;
    }
    *kept = number_length;
    return is_whole ? TOK_INT : TOK_DECIMAL;
}

void spelling_date(struct lexer *lexer, const char *bytes, size_t length) {
    int64_t day;
    if (!date_parse(bytes, length, &day))
        spelling_problem(lexer, DIAG_BAD_DATE, bytes, NULL);
}

void spelling_datetime(struct lexer *lexer, const char *bytes, size_t length) {
    int64_t seconds;
    if (!datetime_parse(bytes, length, &seconds))
        spelling_problem(lexer, DIAG_BAD_DATE, bytes, NULL);
}

void spelling_period(struct lexer *lexer, const char *bytes, size_t length) {
    int64_t period;
    if (!period_parse(bytes, length, &period))
        spelling_problem(lexer, DIAG_BAD_PERIOD, bytes, NULL);
}

/* Reads the escapes of bytes into result, which has room for length bytes; gives the length. source_start is the place of bytes. */
static size_t read_escapes(struct lexer *lexer, const char *bytes, size_t length, uint32_t source_start, char *result) {
    size_t written = 0;
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != '\\' || i + 1 == length) {
            result[written++] = bytes[i];
            continue;
        }
        i++;
        switch (bytes[i]) {
        case 'n':
            result[written++] = '\n';
            break;
        case 't':
            result[written++] = '\t';
            break;
        case '"':
        case '\\':
        case '{':
        case '}':
            result[written++] = bytes[i];
            break;
        default:
            note_problem(lexer, DIAG_BAD_ESCAPE, source_start + (uint32_t)i - 1, source_start + (uint32_t)i + 1,
                         arena_copy(lexer->arena, bytes + i - 1, (unsigned char)bytes[i] < 0x80 ? 2 : 1), NULL);
            result[written++] = bytes[i];
        }
    }
    return written;
}

void spelling_text(struct lexer *lexer, const char *bytes, size_t length) {
    bool is_plain = true;
    for (size_t i = 0; i < length && is_plain; i++)
        is_plain = bytes[i] != '\\' && (unsigned char)bytes[i] < 0x80;
    if (!is_plain) {
        char *read = arena_alloc(lexer->arena, length + 1);
        /* The token's bytes end with one byte that is not the text's: a quote or a brace. */
        length = read_escapes(lexer, bytes, length, lexer->offset - (uint32_t)length - 1, read);
        bytes = text_normalize(lexer->arena, read, length, &length);
    }
    lexer->token->text = arena_copy(lexer->arena, bytes, length);
}

void spelling_quoted(struct lexer *lexer, const char *bytes, size_t length, size_t mark_length) {
    spelling_problem(lexer, DIAG_FOREIGN_QUOTES, "", NULL);
    spelling_text(lexer, bytes + mark_length, length - 2 * mark_length);
}

void spelling_open(struct lexer *lexer) {
    LIST_ADD(lexer->arena, &lexer->braces, 0);
    LIST_ADD(lexer->arena, &lexer->texts, lexer->start);
}

void spelling_close(struct lexer *lexer) {
    lexer->braces.count--;
    lexer->texts.count--;
}

bool spelling_brace(struct lexer *lexer, int step) {
    if (lexer->braces.count == 0)
        return true;
    int *open = &lexer->braces.items[lexer->braces.count - 1];
    if (step < 0 && *open == 0)
        return false;
    *open += step;
    return true;
}

enum { LINES_OF_A_TEXT = 6 /* that someone may have typed over line ends */ };

bool spelling_goes_on(const struct lexer *lexer) {
    const char *at = lexer->text + lexer->offset, *end = lexer->text + lexer->length;
    for (int line = 0; line < LINES_OF_A_TEXT && at < end; line++) {
        at++; /* the end of the line before */
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        line_end = line_end ? line_end : end;
        const char *first = memchr(at, '"', (size_t)(line_end - at));
        int count = 0;
        for (const char *quote = first; quote && quote < line_end; quote++)
            count += *quote == '"';
        if (count > 0) {
            bool opens = first == at || strchr(" \t({[:", first[-1]) != NULL;
            return count % 2 == 1 && !(opens && first + 1 < line_end && first[1] != ' ');
        }
        at = line_end;
    }
    return false;
}

int spelling_unclosed(struct lexer *lexer) {
    uint32_t start = lexer->texts.count > 0 ? lexer->texts.items[0] : lexer->start;
    uint32_t end = lexer->offset > start && lexer->text[lexer->offset - 1] == '\n' ? lexer->offset - 1 : lexer->offset;
    while (end > start + 1 && lexer->text[end - 1] == '\r')
        end--;
    lexer->braces.count = lexer->texts.count = 0;
    note_problem(lexer, DIAG_TEXT_UNCLOSED, start, end, NULL, NULL);
    return TOK_BROKEN;
}
