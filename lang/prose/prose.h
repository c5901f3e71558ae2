/* Rules and mandates in plain sentences, for those who read policy and no conditions.
 * What has no plain form stands there as it is written, between backquotes: nothing is said that the policy does not say.
 * Knows: the AST, record types. Does not know: stores, pages. Pure. */
#ifndef REMIT_LANG_PROSE_PROSE_H
#define REMIT_LANG_PROSE_PROSE_H

#include "lang/base/text.h"
#include "lang/check/program.h"

/* Of what is spoken: the type of the element, and the name that it was given, if any. */
struct prose {
    struct arena *arena;
    const struct program *program;
    const struct source_set *sources;
    const struct record_type *record; /* NULL: not known */
    const char *binder;               /* or NULL */
};

/* "each initiative with the stage delivery and with a budget of more than 1M USD": of the clause `for … where …` (FOR). one: the word before it, "each", "an", "no". */
void prose_subject(struct buffer *out, const struct prose *prose, const char *one, struct node *for_clause);
/* "has a status report with reported on in that period": what holds of one. */
void prose_predicate(struct buffer *out, const struct prose *prose, struct node *condition);
/* The sentence of a mandate: "The Project Management Office requires, every month from its start, that each initiative … has …." office: who says it. */
void prose_mandate(struct buffer *out, const struct prose *prose, const char *office, struct node *mandate);
/* Of a rule: "Raised as high for each initiative … that …." */
void prose_rule(struct buffer *out, const struct prose *prose, struct node *rule);
/* Of an exception (EXCEPT): "“Small work”: where it has a budget of less than 250k USD, nothing is asked." */
void prose_exception(struct buffer *out, const struct prose *prose, struct node *exception, bool of_rule);

/* "reported on" of reported_on. */
const char *prose_words(struct arena *arena, const char *name);
/* A title in the midst of a sentence: "status report"; names in capitals stay. */
const char *prose_title(struct arena *arena, const char *title);

#endif
