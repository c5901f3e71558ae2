/* The AST: what was written, with the place of each part, before anything is known of names or types. Comments are kept beside it, by place.
 * Knows: nodes.def. Does not know: what names mean.
 * All nodes live in the arena given to the parser. */
#ifndef REMIT_LANG_SYNTAX_AST_H
#define REMIT_LANG_SYNTAX_AST_H

#include "lang/base/arena.h"
#include "lang/source/source.h"
#include <stdbool.h>

struct buffer;

enum node_kind {
#define NODE(constant, name, label, fields) NODE_##constant,
#include "lang/syntax/nodes.def"
#undef NODE
    NODE_COUNT
};

enum operator {
#define OPERATOR(constant, spelling, precedence) OPERATOR_##constant,
#include "lang/syntax/operators.def"
#undef OPERATOR
    OPERATOR_COUNT
};

enum modal { MODAL_SHALL, MODAL_SHALL_NOT, MODAL_SHOULD, MODAL_SHOULD_NOT };
enum baseline_choice { BASELINE_LABELLED, BASELINE_ORIGINAL, BASELINE_CURRENT };
enum transaction_step { TRANSACTION_BEGIN, TRANSACTION_COMMIT, TRANSACTION_ROLLBACK };
enum unit {
    UNIT_SECOND, UNIT_MINUTE, UNIT_HOUR, UNIT_DAY, UNIT_WEEK, /* durations */
    UNIT_MONTH, UNIT_QUARTER, UNIT_YEAR,                      /* spans */
    UNIT_WORKING_DAY
};

struct node {
    enum node_kind kind;
    struct span span;
};

struct node_list {
    struct node **items;
    int count;
    int capacity;
};

/* struct node_rule and so on: a struct node `head` first, then the row's fields in order. */
#define C(field) struct node *field;
#define L(field) struct node_list field;
#define S(field) const char *field;
#define F(field) int field;
#define NODE(constant, name, label, fields) \
    struct node_##name {                    \
        struct node head;                   \
        fields                              \
    };
#include "lang/syntax/nodes.def"
#undef NODE
#undef C
#undef L
#undef S
#undef F

/* node as the struct of its kind; asserts that it is of that kind: AS(rule, RULE, node)->title. */
#define AS(name, constant, node) ((struct node_##name *)node_check((node), NODE_##constant))
struct node *node_check(struct node *node, enum node_kind kind);

/* A zeroed node of that kind. */
struct node *node_create(struct arena *arena, enum node_kind kind, struct span span);
const char *node_label(enum node_kind kind);

/* Calls visit for each child that is there, in the order of the fields, lists in their order. Does not go deeper. */
void node_each_child(const struct node *node, void (*visit)(struct node *child, void *context), void *context);
/* Writes an indented tree: one node a line, `label "text" flag` and its children named by field. with_spans adds start..end. */
void node_dump(struct buffer *out, const struct node *node, bool with_spans);
/* Same kinds, texts and flags all the way down; places do not count. */
bool node_equal(const struct node *a, const struct node *b);

const char *operator_spelling(enum operator operator);
int operator_precedence(enum operator operator);
const char *unit_name(enum unit unit); /* "working day"; the plural adds an s */

struct comment {
    struct span span;   /* from # to the end of the line, the newline left out */
    bool is_doc;        /* ## */
    bool own_line;      /* nothing but space before it on its line */
};
struct comment_list {
    struct comment *items;
    int count;
    int capacity;
};

#endif
