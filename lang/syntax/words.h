/* The words of the language: keywords.def as tables that can be asked.
 * Knows: which spellings are keywords or parts of keyword pairs. Does not know: where they may stand (the grammar says). */
#ifndef REMIT_LANG_SYNTAX_WORDS_H
#define REMIT_LANG_SYNTAX_WORDS_H

#include "lang/base/intern.h"

enum word_class { WORD_RESERVED, WORD_DECLARATION, WORD_COMMAND, WORD_CLAUSE };

/* What the language knows of one spelling. */
struct word {
    const char *name;     /* interned */
    int token;            /* its token, 0 when it is only part of a pair */
    enum word_class kind; /* valid when token is not 0 */
    const char *instead;  /* a name to use instead; NULL unless reserved */
    int pair_token;       /* the token of the pair that it starts, or 0 */
    const char *pair_second; /* interned; valid when pair_token is not 0 */
};

struct words;

/* The table for one intern table; lives in the arena. */
struct words *words_create(struct arena *arena, struct intern *names);
/* The word of an interned name, or NULL when it is no word of the language. */
const struct word *words_find(const struct words *words, const char *name);
/* "not in" for a pair's token, "when" for a word's; NULL for other tokens. */
const char *words_spelling(int token);

/* How what other languages call by that word is said here: a sentence, or NULL. */
const char *words_elsewhere(const char *word);

#endif
