/* Inside the writer of accounts for people: what its parts share. Private to account_text.c and account_change.c.
 * Knows: lines, words, values. Does not know: the account as a whole. */
#ifndef REMIT_RUNTIME_ENGINE_ACCOUNT_SAY_H
#define REMIT_RUNTIME_ENGINE_ACCOUNT_SAY_H

#include "runtime/engine/account.h"

enum { INDENT = 2 };

/* What is being said, and how. */
struct saying {
    struct buffer *out;
    const struct account *account;
    const struct render_options *options;
    bool is_markdown;
};

/* Begins a line, so deep; bullet is what stands before it. */
void say_line(struct saying *text, int depth, const char *bullet);
void say_end(struct saying *text);
/* Words of the policy. */
void say_words(struct saying *text, const char *words);
/* A text of the data commands no terminal, and begins no line: control characters, those of two bytes too, become spaces. In Markdown it stands as it is. */
void say_plain(struct saying *text, const char *bytes, size_t length);
/* As reports show it; a text in quotes, a value of an enum with its name where its title is another. */
void say_value(struct saying *text, struct value value, struct type type);
/* The number as people read it. Gives out. */
const char *say_count(char *out, size_t size, int64_t count);
/* One change a line, and what would do in its place below it. */
void say_mends(struct saying *text, const struct mend_list *mends, int depth);

#endif
