/* Inside the eval room: plans, which evaluate expressions for many elements at once. Nothing outside runtime/eval includes this. The design is told in plan.c.
 * Knows: spaces, terms, tables, passes. Does not know: rules (check.c). */
#ifndef REMIT_RUNTIME_EVAL_PLAN_H
#define REMIT_RUNTIME_EVAL_PLAN_H

#include "runtime/eval/column.h"
#include "runtime/eval/walk.h"

enum {
    ROOT_ROWS  = 256,  /* elements that are evaluated together; with their children they stay in the processor's cache. SCAN_BATCH_ROWS is a multiple of it */
    CHUNK_ROWS = 4096  /* rows of a space of pairs or of reached records that are there at a time */
};

struct term;
struct plan;
struct reduction;
struct table;

/* ---- spaces ---- */

enum space_kind {
    SPACE_ONCE,       /* one row: what is the same for all elements */
    SPACE_ROOT,       /* all records of a type, in order of id, ROOT_ROWS at a time */
    SPACE_CHILD,      /* those that refer to the root's rows, merged in beside them: all of them at a time */
    SPACE_PAIR,       /* the rows of a SPACE_CHILD that belong to the root row of each row outside */
    SPACE_REACHED,    /* records that refer to the record each row outside has, from a table */
    SPACE_TRANSITIVE  /* records reached from it in one step or more, from a table */
};
struct space {
    enum space_kind kind;
    struct record_type *record;
    struct space *outer;       /* NULL for ONCE; ONCE for a root */
    int depth;                 /* 0 for ONCE */
    struct field *reference;   /* CHILD, REACHED; TRANSITIVE: of the step */
    struct term *step;         /* TRANSITIVE that follows the reference, not its inverse: the reference as a kept column; else NULL */
    struct space *target;      /* where the rows stand that index points to: PAIR: a SPACE_CHILD; REACHED, TRANSITIVE: a root */
    struct term *base;         /* in the outer space. PAIR: the root's row; REACHED, TRANSITIVE: the position in the table of the record set out from */
    struct term *outer_wanted, *target_wanted; /* PAIR: truths in outer and target: rows known to be false make no pairs; or NULL */
    /* the rows that are there now */
    uint64_t stamp;            /* changes with them */
    int count;
    int64_t position;          /* ROOT: of the first row in the order of id */
    int first_outer, segment_count; /* rows offsets[k] up to offsets[k + 1] belong to row first_outer + k outside */
    int *offsets;
    int offset_capacity;
    int64_t *index;            /* PAIR, REACHED, TRANSITIVE: rows or positions in target */
    struct reach *reaches;     /* TRANSITIVE down the inverse: of one row outside, what is still to be reached, by depth */
    int reach_capacity;
    /* ROOT and CHILD: what is read of the store */
    LIST_OF(struct field *) fields;
    int64_t *ids;
    struct batch_column *columns; /* of fields */
    int *field_columns;        /* column by field index, -1 */
    struct batch batch;        /* ids and columns again, for views */
    struct cursor *cursor;     /* while a pass runs */
    const struct batch *read;  /* the cursor's rows, up to read_next of which have been taken */
    int read_next;
    bool at_end;
    int capacity;              /* CHILD: of ids and columns */
    uint64_t filled;           /* CHILD: the root's stamp for which its rows are there */
    /* ROOT */
    struct table *table;       /* when values of the type are kept; or NULL */
    int64_t *table_ids;        /* room for ids, when rows come from the table */
    int level;                 /* of the pass that runs; INT32_MAX: none */
    bool from_table;           /* the pass that runs takes its rows from the table */
};

/* ---- terms ---- */

enum term_kind {
    TERM_CONSTANT,   /* constant; state FAILED when failed_constant */
    TERM_COLUMN,     /* field of a root's or a child's row */
    TERM_ID,         /* of a root's or a child's row */
    TERM_ROW,        /* ROOT: the row's number among those that are there */
    TERM_INDEX,      /* PAIR, REACHED, TRANSITIVE: space.index */
    TERM_EXPAND,     /* inputs[0], of the next space outside */
    TERM_POSITION,   /* inputs[0], an id, as the position in table; missing when there is none */
    TERM_FROM_TABLE, /* target, which is kept, at position inputs[0] */
    TERM_FROM_ROW,   /* target at row inputs[0] of its space */
    TERM_OPERATION, TERM_AND, TERM_OR, TERM_NOT, TERM_IS_KNOWN, TERM_IS_MISSING, TERM_DEFAULT, TERM_CASE, TERM_IN,
    TERM_REQUIRE,    /* inputs[0], failed where it is missing */
    TERM_TO_TRUTH, TERM_TO_INT, /* a bool as truth, as int */
    TERM_REDUCE,     /* an aggregate over the rows of `over`. LATEST and EARLIEST give a row or a position in over */
    TERM_WALK        /* expression, walked row by row */
};

/* A variable that a walked expression uses, and what it is in the term's space. */
struct walk_binding {
    const struct tvar *variable;
    struct term *value;    /* a record: its id */
    struct space *target;  /* a record whose row is there: ROOT or CHILD; else NULL */
    struct term *row;      /* its row in target; NULL with target: the term's own row */
};

struct term {
    enum term_kind kind;
    enum form form;
    struct space *space;
    struct type type;
    struct term **inputs;    /* REDUCE: see the next three */
    int input_count;
    struct term *mask, *value, *by; /* REDUCE: in `over`; each may be NULL. STREAK: value is its condition */
    enum operation operation;
    struct type first;       /* OPERATION: the type of the first argument */
    struct decimal factor;   /* OPERATION_MULTIPLY_DECIMAL */
    struct value constant;
    struct field *field;
    struct table *table;
    struct term *target;
    struct space *over;
    enum aggregate_kind aggregate;
    int64_t unit;            /* LONGEST_GAP: seconds in one of `by` */
    const struct texpr *expression; /* WALK */
    struct walk_binding *bindings;
    int binding_count;
    struct term *wanted;     /* WALK, and REDUCE over other than children: a truth in the same space; rows where it is known to be false need no value. NULL: all do */
    int level;               /* the first pass it can be evaluated in: see plan.c */
    uint64_t hash;
    /* now */
    uint64_t stamp;          /* of the space when it was evaluated last */
    struct vector result;    /* its own, or borrowed */
    struct vector owned;
    int capacity;            /* of owned */
    struct reduction *reduction;
    uint64_t prepared;       /* the last time that what it uses from outside was seen to */
    /* kept for all records of the root's type */
    bool is_kept;
    struct column column;
};

/* ---- tables: what is kept of all records of a type: table.c ---- */

/* Who refers to each record by a reference: members between starts[p] and starts[p + 1] refer to the record at position p. */
struct adjacency {
    struct adjacency *next;
    struct field *reference; /* of the record type whose table it is */
    struct table *referred;  /* of the record type referred to */
    struct column starts;    /* by position in referred; count + 1 of them */
    struct column members;   /* positions of those that refer to it, in order of id */
};
struct table {
    struct space *root;
    struct column ids;
    bool is_dense;           /* ids run without a gap */
    int64_t first_id;
    LIST_OF(int64_t) first_ids; /* of each page of ids, when they have gaps */
    struct adjacency *adjacencies;
};
struct table *table_of(struct plan *plan, struct space *root);
/* The term's value is to be kept for all records of the type of its root. */
void table_keep(struct plan *plan, struct term *term);
/* Asks for the table of the record that has the reference, with the reference as a step. */
void table_want_adjacency(struct plan *plan, struct field *reference);
struct adjacency *table_adjacency(const struct table *table, const struct field *reference);
bool table_load(struct plan *plan, struct table *table);
bool table_load_adjacencies(struct plan *plan, struct table *table); /* after all tables are there */
static inline int64_t table_count(const struct table *table) {
    return table->ids.count;
}
int64_t table_position(struct table *table, int64_t id); /* -1: none */
/* Copies the rows that are there into the term's column. */
void table_store(struct plan *plan, struct table *table, struct term *term);
void table_free(struct table *table);

/* ---- the plan ---- */

struct derived_memo {
    const struct field *field;
    struct space *target;
    struct term *term;
};
struct plan {
    struct walker *walker;
    struct failure *failure;    /* of the store: the plan cannot go on */
    struct failure *ignored;    /* of values: their rows are FAILED, and whoever wants to know why walks them again */
    struct arena *arena;
    struct arena *texts;        /* of the rows that are there: reset with every batch of a root */
    struct column_pool *pool;   /* of all columns */
    struct space *once;
    LIST_OF(struct space *) spaces;
    LIST_OF(struct term *) terms;
    int *places;                /* of terms, by hash; -1: free */
    int place_count;
    uint64_t stamp;
    int64_t *counts;            /* rows of a record type by its index, -1: not asked yet */
    int variable_count;         /* made by the plan, on top of the program's */
    LIST_OF(struct derived_memo) derived;
    LIST_OF(struct table *) tables;
    bool has_failed;            /* the store did: failure is set */
    bool sees_small;            /* look records up rather than load tables that are much larger than what is asked for */
};
void plan_start(struct plan *plan, struct walker *walker, struct failure *ignored);
void plan_finish(struct plan *plan);
struct space *plan_root(struct plan *plan, struct record_type *record);
int64_t plan_count(struct plan *plan, struct record_type *record);
/* A term for the expression, in which the variable is the element of the root. wanted as in struct term. Never NULL. */
struct term *plan_compile(struct plan *plan, struct space *root, const struct tvar *element, const struct texpr *expression, struct term *wanted);
/* Is the variable the only one that the expression uses from outside, and no group? */
bool plan_only_uses(struct plan *plan, const struct texpr *expression, const struct tvar *variable);
/* The fields that a walk of the expression reads of rows of the root or the children are read with them. */
void plan_note_fields(struct plan *plan, struct space *space, const struct texpr *expression);

/* ---- terms: term.c ---- */
struct term *term_add(struct plan *plan, const struct term *wanted); /* one that is the same, or a new one */
struct term *term_constant(struct plan *plan, struct type type, struct value value);
struct term *term_leaf(struct plan *plan, enum term_kind kind, enum form form, struct space *space, struct field *field);
struct term *term_with(struct plan *plan, enum term_kind kind, enum form form, struct type type, int count, struct term *const *inputs);
struct term *term_and(struct plan *plan, struct term *left, struct term *right); /* either may be NULL */
struct term *term_not(struct plan *plan, struct term *truth);
struct term *term_asked(struct plan *plan, struct term *value); /* a truth that holds, and has failed where the value has */
struct term *term_expand(struct plan *plan, struct term *term, struct space *space);
struct term *term_as(struct plan *plan, struct term *term, enum form form); /* NULL when it cannot be */
struct space *space_deepest(struct space *a, struct space *b);
bool space_is_within(const struct space *space, const struct space *outer); /* outer itself too */
struct space *space_add(struct plan *plan, enum space_kind kind, struct record_type *record, struct space *outer);
struct space *space_root(struct space *space); /* the root around it; NULL: there is none */
enum form form_of(struct type type);

/* ---- compiling: plan.c, plan_source.c ---- */

/* What a variable stands for while compiling. */
struct entity {         /* a record */
    struct space *target; /* ROOT or CHILD */
    struct term *index;   /* its row or position there; NULL: the row of target that is at hand */
};
enum meaning_kind { MEANING_ENTITY, MEANING_VALUE, MEANING_QUERY_ROW };
struct scope;
struct meaning {
    enum meaning_kind kind;
    struct entity entity;
    struct term *value;
    const struct tquery *query;   /* QUERY_ROW: its columns, */
    const struct scope *scope;    /* in this scope */
};
struct scope {
    const struct scope *outer;
    const struct tvar *variable;
    struct meaning meaning;
};
struct compiling {
    struct plan *plan;
    struct space *space;        /* the innermost that is at hand */
    const struct scope *scope;
    struct term *wanted;        /* see struct term; or NULL */
};
const struct scope *scope_bind(const struct compiling *compiling, const struct tvar *variable, struct meaning meaning);
struct term *compile(const struct compiling *compiling, const struct texpr *expression); /* NULL: only the expression around it can be walked */
bool compile_entity(const struct compiling *compiling, const struct texpr *expression, struct entity *entity);
struct term *compile_walk(const struct compiling *compiling, const struct texpr *expression);
struct term *compile_aggregate(const struct compiling *compiling, const struct texpr *aggregate);
/* LATEST and EARLIEST as a record. */
bool compile_pick(const struct compiling *compiling, const struct texpr *aggregate, struct entity *entity);
struct term *entity_get(struct plan *plan, struct entity entity, struct term *value); /* value is in entity.target, or outside it */
struct term *entity_field(struct plan *plan, struct entity entity, struct field *field);
struct term *entity_id(struct plan *plan, struct entity entity);
/* The record with that id, from its type's table. False when a table would be out of proportion. */
bool entity_of_id(const struct compiling *compiling, struct term *id, struct record_type *record, struct entity *entity);

/* ---- evaluating: vector.c, operation.c, reduce.c, rows_walk.c ---- */
void term_need(struct plan *plan, struct term *term);
void term_reserve(struct term *term, int count);
void operation_run(struct plan *plan, struct term *term);
void reduce_run(struct plan *plan, struct term *term);
void reduce_free(struct term *term);
void walk_run(struct plan *plan, struct term *term);
/* One row as a value; failed rows are missing too: ask term_state. */
struct value term_value(const struct term *term, int row);
enum state term_state(const struct term *term, int row);
void term_set(struct term *term, int row, struct value value);
void term_set_state(struct term *term, int row, enum state state);
struct value vector_value(const struct vector *vector, enum form form, int64_t row);

/* ---- passes: pass.c, child.c ---- */

/* Asks for batches of rows of a root in the pass of that level; visit false stops all. */
struct plan_visit {
    struct space *root;
    int level;
    bool (*visit)(void *context, struct space *root);
    void *context;
    LIST_OF(struct term *) terms; /* that it asks for */
};
/* After all is compiled: sees to the indexes that the passes want, and holds the store's state, since what is kept stands by position. To be followed by store_release if it is true. */
bool plan_hold(struct plan *plan);
/* Loads what has to be loaded, and runs all passes in order. False with a failure set, or when a visit stopped it. */
bool plan_run(struct plan *plan, const struct plan_visit *visits, int visit_count);
/* Sees to it that the rows of a SPACE_CHILD are those of the root's rows. */
bool child_fill(struct plan *plan, struct space *child);

/* ---- rows made as needed: chunk.c ---- */

struct chunking {
    struct space *space;
    const struct term *wanted; /* in the outer space; or NULL */
    int outer;                 /* the row outside whose rows are made */
    bool is_begun;             /* some of them have been */
    struct column *positions;  /* REACHED: members of the adjacency; at and end are among them */
    int64_t from;              /* TRANSITIVE: the position set out from, */
    int64_t next, left;        /* up a reference: the next position, and how many are left */
    int depth;                 /* down: of space.reaches */
    int64_t at, end;
};
/* Members that are still to be reached. */
struct reach {
    int64_t at, end;
};
/* Makes the next rows of a PAIR, REACHED or TRANSITIVE space; false when there are no more. Zero chunking but for space and wanted before the first. What the space's base and
 * its conditions need must have been evaluated. */
bool chunk_next(struct plan *plan, struct chunking *chunking);

#endif
