/* Inside the advice on tokens that cannot stand where they are: what its files share.
 * Knows: the driver. Does not know: how reading goes on. */
#ifndef REMIT_LANG_SYNTAX_ADVICE_H
#define REMIT_LANG_SYNTAX_ADVICE_H

#include "lang/syntax/driver.h"

/* ---- advice_line.c ---- */

static inline bool is_space(char c) {
    return c == ' ' || c == '\t';
}

static inline bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (unsigned char)c >= 0x80;
}

/* Where the line of that place begins, after its spaces. */
const char *advice_line_start(const struct driver *driver, uint32_t place);
bool advice_line_begins(const struct driver *driver, uint32_t place, const char *word);
/* Do the innermost braces belong to that word: "rule", "mandate"? */
bool advice_is_within(const struct driver *driver, const char *word);
/* The field of `field: type` before the current token, on one line; empty when there is none. */
struct span advice_field_before(const struct driver *driver);
bool advice_is_one_of(const char *text, const char *const *words, size_t count);
/* What was written there. */
const char *advice_written(const struct driver *driver, struct span span);
/* The words from that place on that belong together as a title or a name does. */
const char *advice_words_from(struct driver *driver, uint32_t place);
/* The sign right before that place on its line; 0 for none. */
char advice_sign_before(const struct driver *driver, uint32_t place);
bool advice_starts_value(int kind);

/* ---- advisers: each says what was meant, or gives false ---- */

/* advice_values.c */
bool advise_on_month(struct driver *driver, struct diagnostic *diagnostic);
bool advise_on_scale(struct driver *driver, struct diagnostic *diagnostic);
bool advise_on_percent(struct driver *driver, struct diagnostic *diagnostic);
bool advise_on_date(struct driver *driver, struct diagnostic *diagnostic);
bool advise_on_groups(struct driver *driver, struct diagnostic *diagnostic);
bool advise_on_count(struct driver *driver, struct diagnostic *diagnostic);
/* A word after a number: the letter that stands for it at the number, "%" for a share; NULL for any other word. */
const char *advice_scale_of(const struct driver *driver);

/* advice_habits.c */
bool advise_on_habit(struct driver *driver, struct diagnostic *diagnostic);

/* advice_policy.c */
bool advise_on_shall(struct driver *driver, struct diagnostic *diagnostic);
bool advise_on_severity(struct driver *driver, struct diagnostic *diagnostic);
bool advise_on_title(struct driver *driver, struct diagnostic *diagnostic);
bool advise_on_each(struct driver *driver, struct diagnostic *diagnostic);
bool advise_on_if(struct driver *driver, struct diagnostic *diagnostic);
bool advise_on_turn(struct driver *driver, struct diagnostic *diagnostic);
bool advise_on_gate(struct driver *driver, struct diagnostic *diagnostic);
bool advise_on_actor(struct driver *driver, struct diagnostic *diagnostic);
bool advise_on_outcome(struct driver *driver, struct diagnostic *diagnostic);
/* Does the current word stand where the outcome of a mandate is expected? */
bool advice_is_outcome(const struct driver *driver);
bool advise_on_effective(struct driver *driver, struct diagnostic *diagnostic);
bool advise_on_total(struct driver *driver, struct diagnostic *diagnostic);

#endif
