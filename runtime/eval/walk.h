/* Inside the eval room: the walker, which evaluates typed expressions by walking their trees. Nothing outside runtime/eval includes this.
 * Knows: variables' values, rows under the cursors, the groups of a query. Does not know: plans (plan.h), SQL.
 *
 * How long texts live: a text that a walk gives lives until the loop that is running takes its next row, or until the outermost walk releases the scratch
 * memory. Whoever keeps a text for longer (the least so far, a sort key, a group's key) copies it into the scratch arena. */
#ifndef REMIT_RUNTIME_EVAL_WALK_H
#define REMIT_RUNTIME_EVAL_WALK_H

#include "lang/base/arena.h"
#include "runtime/eval/eval.h"

/* Where the fields of a row under a cursor stand. */
struct row_view {
    const struct batch *batch;
    int row;                 /* in the batch */
    const int *columns;      /* the batch's column of a field by its index; -1: not read */
    int column_count;        /* entries of columns */
    struct field *const *fields; /* of the batch's columns */
    int field_count;
    int64_t as_of;           /* the change as of which the row is read */
};

/* One element of a collection. view is NULL when only its value is known (then fields are looked up by id). The value of a row of a nested query is a pointer
 * to its struct query_row, see element_row. */
struct element {
    struct value value;
    const struct row_view *view;
};

struct slot {
    struct element element;
    bool is_bound;
};

/* A row of a nested query, and all of them. */
struct query_row {
    int64_t number; /* from 1, in the query's order: its id */
    const struct value *values;
};
struct query_rows {
    struct query_row *items;
    int count;
    int capacity;
};
static inline const struct query_row *element_row(struct value value) {
    return (const struct query_row *)(uintptr_t)value.integer;
}

/* The group whose columns are being evaluated. */
struct group_frame {
    const struct tquery *query;
    const struct value *keys;
    const struct texpr *const *aggregates; /* all aggregates over the group */
    const struct value *results;           /* one for each */
    int aggregate_count;
};

struct reader;     /* rows of one record type by id: rows.c */
struct open_scan;  /* a cursor that is kept to be used again: rows.c */
struct memo;       /* what is known of a node: memo.c */

struct walker {
    const struct engine_inputs *inputs;
    struct failure *failure;
    struct arena *arena;     /* lives as long as the walker */
    struct arena *scratch;   /* see above */
    const struct tquery *outermost; /* the query that is run, around which nothing is under way: its rows may release what is kept for one row. NULL: there is none */
    struct slot *slots;      /* by tvar.id */
    int slot_count;
    bool sees_past;          /* a number may be that of a record that is not there: it was at another time */
    const struct group_frame *group; /* NULL outside */
    int64_t as_of;           /* the change as of which rows are read; STORE_PRESENT */
    struct reader **readers; /* by record index */
    int reader_count;
    struct open_scan *idle;  /* cursors that wait to be used again */
    struct memo *memos;
    int memo_count, memo_capacity;
    /* Asked for the values of aggregates, derived fields and fields of other records before they are walked; or NULL. */
    bool (*find_known)(void *known, const struct texpr *expression, struct value *value);
    void *known;
};

/* All that a run needs; failure is where failures go. walker_note must be told of every expression before the first walk. */
void walker_start(struct walker *walker, const struct engine_inputs *inputs, struct failure *failure);
void walker_finish(struct walker *walker);
/* Notes which fields of which records the expression reads, so that scans read those and no others. A field not noted is found all the same, more slowly. */
void walker_note(struct walker *walker, const struct texpr *expression);
void walker_note_query(struct walker *walker, const struct tquery *query);
/* Forgets texts and rows of what has been walked: between the rows of the outermost loop. */
void walker_release(struct walker *walker);

/* ---- variables ---- */
/* Binds and gives what was bound before, to be given to walker_unbind. */
struct slot walker_bind(struct walker *walker, const struct tvar *variable, struct element element);
void walker_unbind(struct walker *walker, const struct tvar *variable, struct slot before);

/* ---- walking: expression.c, aggregate.c ---- */
/* False with the walker's failure set. */
bool walk(struct walker *walker, const struct texpr *expression, struct value *result);
/* Of a condition: true when it is known and true. */
bool walk_condition(struct walker *walker, const struct texpr *condition, bool *holds);
/* As walk; for a record or a row also where its fields stand, when that is known. */
bool walk_element(struct walker *walker, const struct texpr *expression, struct element *element);
bool walk_aggregate(struct walker *walker, const struct texpr *aggregate, struct element *result);

/* ---- as of a change: past.c ---- */
bool walk_at(struct walker *walker, const struct texpr *at, struct value *result);
bool walk_change_on(struct walker *walker, const struct texpr *expression, struct value *result);
bool walk_baseline(struct walker *walker, const struct texpr *expression, struct value *result);
/* What is walked from here on is as of the change, or as before when it is NULL. *before is what walker->as_of is to be afterwards. */
bool walker_enter_past(struct walker *walker, const struct texpr *change, int64_t *before);

/* ---- collections: collection.c ---- */
enum step { STEP_ON, STEP_ENOUGH, STEP_FAILED };
typedef enum step (*element_visitor)(void *context, struct element element);
/* Calls visit for each element in the collection's order until it gives something else than STEP_ON, and gives what it gave last. */
enum step walk_collection(struct walker *walker, const struct texpr *collection, element_visitor visit, void *context);

enum step walk_history(struct walker *walker, const struct texpr *history, element_visitor visit, void *context);

/* ---- aggregates of elements that come one by one: tally.c ---- */
struct tally_element {
    struct value by;   /* LATEST … LONGEST_GAP */
    int64_t id;        /* of the element, for ties */
    struct value value;/* LATEST, EARLIEST: the element; STREAK: whether it satisfies the condition */
    const struct row_view *view; /* of the element */
};
struct tally {
    const struct texpr *aggregate;
    struct accumulator *accumulator; /* for the simple kinds */
    struct tally_element best;       /* LATEST, EARLIEST */
    bool has_best;
    LIST_OF(struct tally_element) elements; /* STREAK, LONGEST_GAP */
    struct buffer *joined;           /* JOIN */
};
void tally_start(struct tally *tally, struct arena *arena, const struct texpr *aggregate);
/* The element bound to the aggregate's variables is added, if its condition holds and its value is known. STEP_ENOUGH when more elements change nothing. */
enum step tally_add(struct tally *tally, struct walker *walker, struct arena *arena, struct element element);
bool tally_result(struct tally *tally, struct arena *arena, struct element *result, struct failure *failure);
/* The number that tells elements apart in ties and orders: a record's id, a row's number, 0 for others; INT64_MIN when missing. */
int64_t element_id(struct type type, struct value value);

/* ---- queries: query.c, group.c ---- */
enum query_form { QUERY_SHOWN /* tcolumn.shown */, QUERY_VALUES /* tcolumn.value */ };
/* All rows in the query's order, their texts copied into the arena. */
bool walk_query(struct walker *walker, struct arena *arena, const struct tquery *query, enum query_form form, struct query_rows *rows);
/* Calls row for each combination of elements of the sources that satisfies the query's condition, in the sources' order. */
typedef enum step (*row_visitor)(void *context);
enum step walk_sources(struct walker *walker, const struct tquery *query, row_visitor row, void *context);
/* One row of the result while rows are collected to be sorted. */
struct sorted_row {
    const struct value *values, *keys;
    int64_t position;
};
struct sorted_rows {
    LIST_OF(struct sorted_row) list;
    const struct tquery *query;
    enum query_form form;
    struct arena *arena;
    struct walker *walker;
    int key_count;    /* of each row: the query's orders, then the group's keys */
    int64_t most;     /* take; INT64_MAX */
    bool may_fail;    /* a row could */
};
/* Evaluates columns and sort keys under what is bound now and adds the row; group_keys are further sort keys, or NULL. */
enum step sorted_rows_add(struct sorted_rows *rows, const struct value *group_keys);
bool walk_groups(struct walker *walker, struct sorted_rows *rows);
/* The value that the group being shown has for a key or an aggregate. */
struct value group_key(const struct walker *walker, int number);
bool group_find_aggregate(const struct walker *walker, const struct texpr *aggregate, struct value *result);
/* The value of a group key that is written like this expression. */
bool group_find_key(const struct walker *walker, const struct texpr *expression, struct value *result);

/* ---- rows of the store: rows.c ---- */
struct reader *walker_reader(struct walker *walker, struct record_type *record);
void reader_want(struct walker *walker, struct field *field);
/* The stored field of the row with that id. Its text is copied into the scratch arena. A row that is not there has missing fields. */
bool reader_field(struct walker *walker, struct field *field, int64_t id, struct value *result);
/* Is there a row with that id? */
bool reader_has(struct walker *walker, struct record_type *record, int64_t id, bool *has);
/* Rows of a record type: all in order of id (reference NULL), or those whose reference is owner. The cursor is kept for the next time. */
enum step walk_rows(struct walker *walker, struct record_type *record, struct field *reference, int64_t owner, element_visitor visit, void *context);
void readers_close(struct walker *walker);
/* A copy of the row that outlives its cursor, in the arena; NULL gives NULL. */
const struct row_view *row_view_keep(struct arena *arena, const struct row_view *view);
struct value batch_value(const struct batch_column *column, enum representation representation, int row);

/* ---- what is known of nodes: memo.c ---- */
struct memo {
    const struct texpr *expression;
    int64_t as_of;         /* what is known was read as of that change */
    bool is_closed;        /* uses no variable from outside but the run's bindings, and no group: the same all through the run */
    bool is_known;         /* element or rows is there */
    struct element element;
    struct query_rows rows;
};
/* Of an aggregate, a nested query or a reference. Valid until the next call. */
struct memo *walker_memo(struct walker *walker, const struct texpr *expression);

#endif
