/* The inside of the parse driver, shared by parse.c (the loop), mend.c and recover.c (what happens at a token that cannot stand where it is) and
 * expected.c (saying what could). Not for other rooms: they include parse.h.
 * Knows: the lexer, the words, the push parser. Does not know: types, files. */
#ifndef REMIT_LANG_SYNTAX_DRIVER_H
#define REMIT_LANG_SYNTAX_DRIVER_H

#include "lang/syntax/build.h"
#include "lang/syntax/grammar.h"
#include "lang/syntax/lexer.h"
#include "lang/syntax/parse.h"
#include "lang/syntax/words.h"

/* An open `{`, `(` or `[`, and what it belongs to: for "to close the `{` of rule `overspend`". */
struct bracket {
    int kind;
    struct span span;
    int depth;              /* of the parser's stack when it was pushed: dropped once the stack is lower */
    const char *word, *name; /* "rule", "overspend"; NULL where nothing is known */
    int column;             /* of the first token within that starts a line: where fields and clauses begin; -1 while there is none */
    bool is_misread;        /* what is in it belongs to another kind of declaration: it is skipped whole */
    bool comma_reported;    /* commas between fields are reported once for each pair of braces */
};

enum { DOUBTFUL_TOKENS = 3 };

struct driver {
    struct build build;
    struct lexer lexer;
    struct comment_list comments;
    struct words *words;
    remit_yypstate *parser;
    enum parse_mode mode;
    struct token current, next;
    LIST_OF(struct bracket) brackets;
    /* The last words pushed, to name what a brace belongs to. */
    const char *owner_word, *owner_name;
    int last_kind, before_last_kind;
    const char *last_text, *before_last_text;
    struct span last_span, before_last_span;
    int64_t reported_start; /* of the last token that was reported: each is reported once; -1 for none */
    int64_t recovered_start; /* of the token at which reading last had to resume; -1 for none */
    int item_indent;         /* of the line on which the declaration or command being read starts */
    int doubtful_tokens;     /* pushed tokens until a guess has proved right: until then no second message on its line */
    uint32_t comparison_reported; /* where the last comparison of a chain stands; 0 for none */
    bool is_stray;          /* the current token begins nothing, although a declaration or a field might begin here */
    bool finished;          /* the parser has accepted the whole text, or gave up */
    bool exhausted;         /* the parser's stack: the loop starts a new one */
    bool incomplete;
};

/* ---- parse.c ---- */

/* Pushes a token of that kind and follows the brackets. */
void driver_push(struct driver *driver, int kind, struct span span, const char *text);
/* A token that was left out: as driver_push, at the end of the last token. */
void driver_insert(struct driver *driver, int kind);
void driver_advance(struct driver *driver);
bool driver_accepts(const struct driver *driver, int kind);
/* The word of the language that a token is spelled as, or NULL. */
const struct word *driver_word(const struct driver *driver, const struct token *token);
/* Decides whether the current word is a name, a keyword or a pair of words: sets current.kind (and takes in the second word of a pair). */
void driver_resolve(struct driver *driver);
/* Adds a diagnostic unless this token was reported already; NULL then. */
struct diagnostic *driver_report(struct driver *driver, enum diagnostic_code code, struct span span, const char *first, const char *second);
/* Reports the problem that the lexer noted on the current token, if any. */
void driver_report_problem(struct driver *driver);

/* What stands behind the name of a field: `:`, `=`, or the word that says which name it had before. */
bool token_follows_field(const struct token *token);

/* ---- mend.c ---- */

/* The current token is not accepted. Where its meaning is plain, reports it, puts right what was meant and gives true: the loop tries again. */
bool driver_mend(struct driver *driver);
/* The current token is taken for a name, but it starts a line as a declaration, a command or a clause does: what stands before it is
 * unfinished. Reports that, puts it right and gives true. */
bool driver_mend_line_start(struct driver *driver);
/* `show name budget`, `x: text optional`: in the middle of a line, after a value or a type, a name that begins neither TYPE KEY { … } nor a field. Reports it, goes on after it and
 * gives true. */
bool driver_mend_stray(struct driver *driver);
/* `let x = from cost …`: after the name `from` a new statement would begin on the same line. Reports the query without brackets, skips it and
 * gives true. */
bool driver_mend_query(struct driver *driver);

/* ---- recover.c ---- */

/* Reports the current token, which cannot stand here. */
void driver_report_unexpected(struct driver *driver);
/* Reports that the innermost bracket is not closed before the current token. */
void driver_report_unclosed(struct driver *driver);
/* Drops what is unfinished and skips to a token that can go on from there. */
void driver_recover(struct driver *driver);
/* Whether the current token starts a line and opens a declaration, whatever is open before it. */
bool driver_opens_declaration(const struct driver *driver);

/* ---- advice.c ---- */

/* Says in the message what to do, where the expected words alone do not tell. */
void advice_add(struct driver *driver, struct diagnostic *diagnostic);
/* Is the current word one that means something elsewhere, in prose or in another language, where it stands? Then it begins no declaration. */
bool advice_is_habit(struct driver *driver);
/* "remove" or "set", where the line of the last token begins with it: `remove initiative METERS` was read as two statements. Else NULL. */
const char *advice_target(const struct driver *driver);
/* The word that opens a declaration, a command or a question and is nearest to that one, which is no word of the language; NULL when none is near. */
const char *advice_nearest_opener(const struct driver *driver, const char *word);
/* `count initiative`: how a function is written that stands before what it works on; NULL when the word is none. */
const char *advice_on_function(struct driver *driver, const char *word, const char *argument);
/* Is the current token a title whose closing quote was left out, so that a brace was read as that of a value in it? */
bool advice_is_unclosed_title(const struct driver *driver);
/* Says of a text without a closing quote, which begins at that place, where it ends. */
void advice_on_unclosed(struct driver *driver, struct diagnostic *diagnostic, uint32_t place);
/* Says of a date that there is not what is wrong with it. */
void advice_on_bad_date(struct driver *driver, struct diagnostic *diagnostic, const char *date);
/* A value stands where a statement begins: `1 + 1` in a file. *alone is its part to be shown. */
bool advice_is_expression_alone(const struct driver *driver, struct span *alone);

/* ---- expected.c ---- */

/* "an expression, `where` or `}`": what could stand here, in at most about five parts. Lives in the arena. */
const char *driver_expected_words(struct driver *driver);
/* Each word and kind of token that could stand here, one by one. */
struct expected_list driver_expected_list(struct driver *driver);
/* "`raise`", "the end of the text": how a message names a token. */
const char *driver_describe(struct driver *driver, const struct token *token);

#endif
