/* The lexer: text to tokens, one at a time; comments go to a list of their own.
 * Knows: how names, numbers, dates, texts and comments are spelled. Does not know: which words are keywords (words.h), the grammar. */
#ifndef REMIT_LANG_SYNTAX_LEXER_H
#define REMIT_LANG_SYNTAX_LEXER_H

#include "lang/base/intern.h"
#include "lang/source/diagnostics.h"
#include "lang/syntax/ast.h"

struct token {
    int kind;                     /* TOK_… of grammar.h; every word comes as TOK_NAME; TOK_BROKEN where no token could be read */
    struct span span;
    const char *text;             /* a name: interned. A stretch of text: escapes read, NFC. Else NULL */
    enum diagnostic_code problem; /* what is wrong with the spelling, though the kind is what was meant; DIAG_COUNT when nothing is */
    const char *found, *meant;    /* for the message about the problem */
    struct span problem_span;
    bool starts_line;             /* nothing but space before it on its line */
    int column;                   /* bytes between the start of its line and the token */
    int indent;                   /* the column of the first token of its line */
};

/* What the lexer shares with its owner while it is open. */
struct lexer {
    struct arena *arena;
    struct intern *names;
    struct comment_list *comments;
    const char *text; /* well-formed UTF-8 without zero bytes */
    uint32_t length, file;
    /* The lexer's own. */
    void *scanner;
    uint32_t offset;      /* of the next byte to read */
    uint32_t start;       /* of the token being read */
    bool starts_line;
    uint32_t line, line_before; /* where the line that is being read starts, and the one before it: an unclosed text may end in its newline */
    int indent;           /* the column of the line's first token */
    struct token *token;
    LIST_OF(int) braces;  /* for each text with values that is open, how many `{` are open within its braces */
    LIST_OF(uint32_t) texts; /* where each of these texts starts */
};

/* The fields above `scanner` are set by the caller. A byte-order mark at the start is skipped. */
void lexer_open(struct lexer *lexer);
/* The next token; TOK_END at the end, again and again. */
void lexer_next(struct lexer *lexer, struct token *token);
void lexer_close(struct lexer *lexer);

#endif
