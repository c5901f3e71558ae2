/* Inside prose: phrases, the pieces that sentences are made of. No other room includes this. */
#ifndef REMIT_LANG_PROSE_INSIDE_H
#define REMIT_LANG_PROSE_INSIDE_H

#include "lang/prose/prose.h"

/* has TEXT, with TEXT; does not have TEXT, without TEXT; is TEXT, that is TEXT; and what has no plain form: the condition as it is written. */
enum phrase_kind { PHRASE_HAS, PHRASE_HAS_NOT, PHRASE_IS, PHRASE_IS_NOT, PHRASE_WRITTEN };
struct phrase {
    enum phrase_kind kind;
    const char *text;
};

/* ---- phrases.c ---- */
struct phrase phrase_of(const struct prose *prose, struct node *condition);
/* " with the stage delivery and with …": behind a noun, of one or of several. */
void write_attributes(struct buffer *out, const struct prose *prose, struct node *condition, bool several);

/* ---- nouns.c ---- */
/* The field that a path ends in, or NULL; and what is in it, of a collection. */
const struct field *path_field(const struct prose *prose, const struct node *path);
const struct record_type *elements_of(const struct prose *prose, const struct node *collection);
/* A field of the element itself, `statuses` or, where it has a name, `i.statuses`; not one of another. */
bool is_own_path(const struct prose *prose, const struct node *path);
/* "budget", "parent's budget"; NULL: it is no path of fields. */
const char *noun_of(const struct prose *prose, const struct node *path);
/* A value as it is compared with: "1M USD", "today", "110% of its budget", "delivery"; else between backquotes. */
const char *value_of(const struct prose *prose, struct node *value);
const char *written(const struct prose *prose, const struct node *node); /* between backquotes */
const char *with_article(struct arena *arena, const char *noun);
const char *name_of(const struct node *node);  /* of a NAME; NULL of anything else */
const char *plain_text(const struct node *node); /* of a text without values; NULL of anything else */

#endif
