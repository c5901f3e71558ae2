/* Two policy sets compared by what they mean: declarations added, changed, renamed and removed, and of what is changed the parts that are another. Comments, order, line breaks and the way in which a
 * number is written make no difference.
 * Knows: the AST, canonical text. Does not know: types, stores, what a change does to data and verdicts (runtime/engine/plan*.c).
 * Everything lives in the arena that is given; the trees stay where they are. */
#ifndef REMIT_LANG_DIFF_DIFF_H
#define REMIT_LANG_DIFF_DIFF_H

#include "lang/syntax/ast.h"

enum diff_kind { DIFF_ADDED, DIFF_CHANGED, DIFF_RENAMED /* and perhaps changed, too */, DIFF_REMOVED, DIFF_KINDS };
/* In the order in which changes stand. */
enum diff_what {
    DIFF_MANDATE, DIFF_RULE, DIFF_RECORD, DIFF_FIELD, DIFF_ENUM, DIFF_DEFINE, DIFF_SETTING, DIFF_MODULE, DIFF_INSTANCE, DIFF_REPORT, DIFF_SCENARIO, DIFF_TEST, DIFF_WHATS
};
const char *diff_what_word(enum diff_what what); /* "mandate" */

/* One clause, member or field of a declaration. Texts are canonical, on one line, without the word that begins the clause where `clause` says it. */
struct diff_part {
    const char *clause;          /* "when", "except", "title", the name of a field */
    const char *label;           /* of an exception or a `let`; else NULL */
    const struct node *old, *new;/* NULL: it is not there */
    const char *old_text, *new_text;
};

struct diff_change {
    enum diff_kind kind;
    enum diff_what what;
    const char *name;            /* the new one, where it has both; of an instance its type and key: "initiative METERS" */
    const char *was;             /* RENAMED: the old one; else NULL */
    const char *record;          /* of a field its record, of an instance its type; else NULL */
    const char *key;             /* of an instance its key, or NULL; else NULL */
    const struct node *old, *new;
    LIST_OF(struct diff_part) parts;
    /* Of a mandate: how it asks less, or lets more pass, than it did: sentences without their full stop. */
    LIST_OF(const char *) loosened;
    bool may_be_loosened;        /* a condition is another, of which the text alone does not show that it asks as much */
    const char *office;          /* that declared the old mandate */
};

struct diff_rename {
    const char *old, *new;
};
struct diff {
    LIST_OF(struct diff_change) changes; /* in order: by what they are, then by name */
    int counts[DIFF_KINDS];
    LIST_OF(struct diff_rename) renames; /* of records and fields: what uses them under the new name is no change */
    LIST_OF(const char *) touched; /* names that mean something else now, directly or through what is made of them */
    bool touches_all;            /* something changed that anything may rest on: settings, modules, records that were put or went */
    bool has_changes_of_policy;  /* more than tests */
};

/* The fields of a record type's natural key, by which a record without a key of its own is known; NULL-terminated, or NULL. */
struct diff_keys {
    void *context;
    const char *const *(*of)(void *context, const char *record);
};
struct diff_side {
    const struct node *const *items; /* declarations of all files */
    int item_count;
    const struct node *const *standard; /* those of the modules that they use: not compared, but what is made of what changed may stand there */
    int standard_count;
    struct diff_keys keys;
};
struct diff *diff_policies(struct arena *arena, const struct diff_side *old, const struct diff_side *new);

/* Does the declaration rest on anything that was touched? */
bool diff_is_touched(const struct diff *diff, const struct node *declaration);

/* ---- meaning.c ---- */
bool diff_means_same(const struct diff *diff, const struct node *old, const struct node *new);
/* The text of a part on one line. NULL of none. In the arena. */
const char *diff_words(struct arena *arena, const struct node *node);
const char *diff_name_of(const struct node *node); /* of a NAME or a plain text; "" of NULL */

/* ---- imply.c ---- */
/* Can it be seen from the text that whenever `a` holds, `b` does? NULL holds always. */
bool diff_implies(const struct diff *diff, const struct node *a, const struct node *b);
/* A length of time in seconds (`2 weeks`) or, of months and years, in seconds of the least length they have; false: it is not fixed. */
bool diff_length(const struct node *node, double *least, double *most);

/* ---- parts.c ---- */
/* The parts that differ, of two declarations of one kind. */
void diff_find_parts(struct arena *arena, const struct diff *diff, struct diff_change *change);
/* ---- loosen.c ---- */
void diff_find_loosened(struct arena *arena, const struct diff *diff, struct diff_change *change);
/* ---- touched.c ---- */
void diff_find_touched(struct arena *arena, struct diff *diff, const struct diff_side *new);

#endif
