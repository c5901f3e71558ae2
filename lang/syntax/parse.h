/* The parse driver: text to AST.
 * Knows: the lexer and the grammar. Does not know: types, files (the caller has read the text into a source). */
#ifndef REMIT_LANG_SYNTAX_PARSE_H
#define REMIT_LANG_SYNTAX_PARSE_H

#include "lang/base/intern.h"
#include "lang/source/diagnostics.h"
#include "lang/syntax/ast.h"

enum parse_mode {
    PARSE_PROGRAM,    /* a file: declarations, and commands (whether these are allowed is for the caller to say) */
    PARSE_INPUT,      /* one REPL input: like a program, and `incomplete` says when more lines are wanted */
    PARSE_LAST_INPUT, /* one after which no more lines come: what is missing is an error */
    PARSE_EXPRESSION  /* one expression or query, as for `remit query` */
};

struct parse {
    struct node *tree;            /* PROGRAM; in PARSE_EXPRESSION a PROGRAM of one EVALUATE. Never NULL: what could be read is there, declarations with errors left out */
    struct comment_list comments; /* in order */
    bool incomplete;              /* PARSE_INPUT: the text ends where more must follow; no diagnostic was added for that */
    int error_count;              /* diagnostics added */
};

/* Parses source number `file` of the set behind diagnostics. Bad UTF-8, too large a source and syntax errors become diagnostics. */
struct parse parse_source(struct arena *arena, struct intern *names, struct diagnostics *diagnostics, uint32_t file, enum parse_mode mode);

/* For completion: the words and kinds of token that could follow the text, e.g. "where", "sort by", "a name". Lives in the arena. */
struct expected_list {
    const char **items;
    int count;
    int capacity;
};
struct expected_list parse_expected_after(struct arena *arena, const char *text, size_t length, enum parse_mode mode);

/* Every reserved word and clause word, NULL-terminated: for completion and for "that name is reserved". */
const char *const *syntax_keywords(void);
/* Does a declaration, a command or a question begin with the word? */
bool syntax_opens_statement(const char *word);

#endif
