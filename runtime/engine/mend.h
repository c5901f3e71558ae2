/* Inside the search for changes: what its parts share. Private to mend*.c.
 * mend_leaves.c finds the values that a condition reads, mend_search.c the nearest change of one of them, mend.c puts changes together. */
#ifndef REMIT_RUNTIME_ENGINE_MEND_H
#define REMIT_RUNTIME_ENGINE_MEND_H

#include "runtime/engine/account.h"

/* A value of its own that the condition reads, and the variable that stands for it while others are tried in its place. */
struct leaf {
    struct texpr *expression;
    struct texpr *whole;     /* with its names written out: in it other leaves are found */
    struct tvar *variable;
    struct value now;
    bool is_too_large;       /* to be written out: what it depends on is not known */
    bool is_fixed;           /* nothing that could be other: a key, the element itself */
    bool is_unanswered;      /* it has no answer alone: it is left as it stands */
    bool is_changed;
    struct value changed;    /* to what, when it is */
};
struct mending {
    struct account *account;
    LIST_OF(struct leaf *) leaves;
    const struct tvar *only; /* of a row: only what depends on it may change; NULL: anything */
    int depth;               /* of rows within rows */
    int tries;               /* values tried */
    bool is_unanswered;      /* the last one: the condition had no answer */
    int combinations;
    struct failure *failure; /* of the engine: then nothing more is tried */
};

/* ---- mend_leaves.c ---- */
/* The condition as it is gone through: written out, with `not` before single questions only. The mending has its leaves then, and their variables are bound. */
struct texpr *mend_start(struct mending *mending, struct texpr *condition);
struct texpr *mend_negation(struct account *account, struct texpr *condition);
struct leaf *mend_find_leaf(const struct mending *mending, const struct texpr *expression); /* NULL: it is none */
/* Does the condition read the leaf, itself or through others? */
bool mend_reads(const struct mending *mending, const struct texpr *condition, const struct leaf *leaf);
/* The condition with variables in the places of leaves. Leaves that depend on those that are changed, or on the varied one (or NULL), are worked out from their variables. NULL: that would be
 * too large. */
struct texpr *mend_make_frame(struct mending *mending, const struct texpr *condition, struct leaf *varied);
/* Changes it, or takes the change back. */
void mend_change_leaf(struct mending *mending, struct leaf *leaf, bool is_changed, struct value value);
/* Does the condition hold with the changes that are made? */
bool mend_holds_now(struct mending *mending, const struct texpr *condition);

/* ---- mend_search.c ---- */
/* Does the condition, in which variables stand for leaves, hold as they are bound? */
bool mend_holds(struct mending *mending, const struct texpr *frame);
/* The nearest other value of the leaf with which the condition holds: in which variables stand for leaves, all bound. NULL: none was found. The leaf's variable is bound to what it is
 * now afterwards; *value is what it would have to be. */
struct account_change *mend_search(struct mending *mending, const struct texpr *frame, struct leaf *leaf, struct value *value);

#endif
