/* What the lexer's rules do with what they matched: values of texts, checks of dates, problems of spelling.
 * Knows: bytes of one token. Does not know: the scanner's patterns, the grammar. */
#ifndef REMIT_LANG_SYNTAX_SPELLING_H
#define REMIT_LANG_SYNTAX_SPELLING_H

#include "lang/syntax/lexer.h"

/* Notes a problem on the token being read, at its place; found is copied. The first problem of a token stays. */
void spelling_problem(struct lexer *lexer, enum diagnostic_code problem, const char *found, const char *meant);
/* The comment that was just matched. */
void spelling_comment(struct lexer *lexer, size_t length);
/* Sets the token's text to the interned name. Gives how many bytes belong to the token: fewer than length where a character that no name
 * has follows; -n for n bytes of space that only look like a name. A single character that means nothing, or an operator, gives its length
 * and notes the problem; token->kind is then the kind that was meant, if any. */
int spelling_name(struct lexer *lexer, const char *bytes, int length);
/* A number and a word: money, a quantity, or just the number. Gives the kind; *kept is how many bytes belong to it. */
int spelling_amount(struct lexer *lexer, const char *bytes, size_t length, size_t *kept);
void spelling_date(struct lexer *lexer, const char *bytes, size_t length);
void spelling_datetime(struct lexer *lexer, const char *bytes, size_t length);
void spelling_period(struct lexer *lexer, const char *bytes, size_t length);
/* Sets the token's text: escapes read, NFC. bytes stand within quotes or braces. */
void spelling_text(struct lexer *lexer, const char *bytes, size_t length);
/* A text in quotes of another kind, each mark_length bytes. */
void spelling_quoted(struct lexer *lexer, const char *bytes, size_t length, size_t mark_length);
/* The text that just began has values; it ends. */
void spelling_open(struct lexer *lexer);
void spelling_close(struct lexer *lexer);
/* A brace outside of text, +1 or -1. False when it is the `}` that ends a value within a text. */
bool spelling_brace(struct lexer *lexer, int step);
/* A text has no end on its line: the token becomes the error at its start, and reading goes on outside of all texts. */
/* After a text that its line does not close: whether it is closed on one of the next lines, where one quote too many stands. What is between is no code then. */
bool spelling_goes_on(const struct lexer *lexer);
int spelling_unclosed(struct lexer *lexer);

#endif
