/* How a typed expression becomes SQL: what the files of this room share.
 * Knows: the typed program, names of tables, SQLite's dialect. Does not know: statements, rows (run.c, rule.c), the interpreter.
 *
 * The shape of a question
 *   Each element variable stands for a place in the question: the alias of a table (a3."amount"), of a nested query's rows (a3.c0), or a piece of SQL. The environment is a
 *   linked list from variables to places that is never changed, so a piece of the program can be kept with its environment (PLACE_CLOSURE) and written later.
 *   Parameters are numbered (?7), so pieces can be written in any order and put together afterwards; every constant of the program and every value from outside is bound.
 *   A collection is a FROM item, conditions, an order and the place of its element (struct collected): filters, maps and flattened collections add to those of their source and
 *   make no subquery. Only what SQL cannot say that way is a subquery in FROM: lists, distinct, newest, transitive, nested queries.
 *   An aggregate is a scalar subquery over its collection. A field of a record that is no element is (SELECT … FROM its table WHERE "_id" = …); a field of LATEST is taken in the
 *   ordered LIMIT 1 subquery itself, so that no index over "_id" is needed.
 *   Groups are made in a subquery of keys and aggregates (a9.g0, a9.s0); columns, `keep` and the order are written over it.
 *
 * What keeps the meaning
 *   Missing is NULL, bool is 0 or 1. An operation is SQL's own where that means exactly the same (natives.def), else a function of functions.c, which asks value_operate.
 *   What may fail must be evaluated where the program would, and only there. SQLite evaluates terms of WHERE and sides of AND in an order of its own, so from the first condition
 *   that may fail on they stand in one CASE, which repeats the light conditions before it. A condition that may fail is asked before the items that come after it are looked at:
 *   those are joined by LEFT JOIN, so that the row is there to be asked of even if they have nothing to add.
 *   A FROM item cannot use the items beside it, only queries outside; remit_periods and json_each can. A subquery that turns out to (a list over a field of the first source) is packed into JSON and joined
 *   through json_each. So is a subquery that may fail: it waits for the items and conditions before it.
 *   Functions are not marked as deterministic, and what is the same for every row is worked out by the writer: SQLite would ask it where there is no row.
 *   An aggregate whose argument uses outer elements alone would be taken by SQL for an aggregate of the outer query; it is tied to its own FROM by naming one of its columns. */
#ifndef REMIT_RUNTIME_SQL_WRITER_H
#define REMIT_RUNTIME_SQL_WRITER_H

#include "lang/base/text.h"
#include "lang/check/texpr.h"
#include "runtime/sql/sql.h"

#include <stdio.h>
#include <string.h>

struct environment;
struct group_stage;

/* The change as of which something is read: SQL for its number, and the alias that it uses, 0 for none. */
struct past {
    const char *sql;
    int alias;
};

enum place_kind {
    PLACE_TABLE,  /* alias of a record's table: its columns by name and "_id" */
    PLACE_ROWS,   /* alias of a nested query: c0, c1, … and "_id", the row's number */
    PLACE_PACKED, /* alias of json_each over the rows of a nested query: [number, c0, c1, …] */
    PLACE_TEXT,   /* a piece of SQL: a value, of a record its id */
    PLACE_CLOSURE /* an expression as it is in the environment it came from */
};
struct sql_place {
    enum place_kind kind;
    int alias;                /* CLOSURE: unused; TEXT: the alias that the text uses, 0 for none */
    const char *text;
    const char *owner;        /* TEXT, of a record without an index over "_id": SQL for the id of its owner, by which it is found; or NULL */
    const char *starts, *ends; /* TEXT, of a period of a collection of periods: SQL for its days; or NULL */
    const struct texpr *expression;
    const struct environment *environment;
    struct group_stage *stage;
    const struct past *past;  /* TABLE, CLOSURE, TEXT with an owner: as of what it is; NULL: the present */
};
struct environment {
    const struct environment *outer;
    const struct tvar *variable;
    struct sql_place place;
};

struct writer {
    struct arena *arena;
    const struct engine_inputs *inputs;
    struct failure *failure;
    bool has_failed;
    LIST_OF(struct value) parameters;
    LIST_OF(int) uses;                     /* of each alias: how often it was written */
    int use_count;                         /* of all aliases */
    const struct environment *environment;
    struct group_stage *stage;             /* the grouped query whose columns are being written, or NULL */
    const struct past *past;               /* as of what is being written; NULL: the present */
    int part_count;                        /* expressions written so far, against LIMIT_EXPRESSION_NODES */
};

/* ---- writer.c: parameters, aliases, environments ---- */

void writer_start(struct writer *writer, struct arena *arena, const struct engine_inputs *inputs, struct failure *failure);
/* A new alias number, from 1. */
int writer_alias(struct writer *writer);
/* Counts a use of the alias: whoever writes a text that names it does. */
void writer_use(struct writer *writer, int alias);
/* "a3"; counts the use. */
void write_alias(struct writer *writer, struct buffer *out, int alias);
/* "a3"."name" with the name as given (quoted or plain). */
void write_column(struct writer *writer, struct buffer *out, int alias, const char *name);
/* "?7": the same number for the same value. */
void write_parameter(struct writer *writer, struct buffer *out, struct value value);
/* The buffer's text in the arena; frees the buffer. */
const char *writer_take(struct writer *writer, struct buffer *buffer);
void writer_bind(struct writer *writer, const struct tvar *variable, struct sql_place place);
/* The place of a variable: from the environment, from the keys of the group at hand, or from the bindings of the run. */
struct sql_place writer_find(struct writer *writer, const struct tvar *variable);
struct sql_place place_of_text(const char *text, int alias);
struct sql_place place_of_expression(const struct writer *writer, const struct texpr *expression);
/* The id of the record that a TEXPR_REFERENCE names; 0 with the failure set. */
int64_t writer_find_reference(struct writer *writer, const struct texpr *reference);
/* Counts one more part of the question; false when there are too many. */
bool writer_count(struct writer *writer);

/* ---- expression.c: scalars ---- */

/* Any scalar; of a record its id, of a row its number. What is written can stand as an operand without brackets round it. */
void write_expression(struct writer *writer, struct buffer *out, const struct texpr *expression);
const char *expression_sql(struct writer *writer, const struct texpr *expression);
/* Is the value the same for every row, and known now? What fails is not: it fails where a row asks for it. */
bool expression_is_certain(const struct writer *writer, const struct texpr *expression, struct value *value);
/* A value that SQL may keep in place of a variable: short, and never evaluated twice at a cost. */
bool expression_is_simple(const struct writer *writer, const struct texpr *expression);

/* ---- past.c: as of a change ---- */

/* The table of a record, or of the members of a set, of the present or of the past. Counts a use. */
const char *writer_table(struct writer *writer, const struct record_type *record);
const char *writer_members_table(struct writer *writer, const struct field *set);
const char *writer_change(struct writer *writer); /* SQL for the change as of which something is written: STORE_PRESENT's number for the present */
void write_at(struct writer *writer, struct buffer *out, const struct texpr *at);
void write_change_on(struct writer *writer, struct buffer *out, const struct texpr *change);
void write_baseline(struct writer *writer, struct buffer *out, const struct texpr *baseline);
/* What is written from here on is as of the change, or as before when it is NULL. Gives what writer->past is to be afterwards. */
const struct past *writer_enter_past(struct writer *writer, const struct texpr *change);

/* ---- record.c: what is wanted of a record or a row ---- */

enum want_kind { WANT_ID, WANT_FIELD, WANT_DERIVED, WANT_COLUMN };
struct want {
    enum want_kind kind;
    const struct field *field; /* FIELD, DERIVED */
    int column;                /* COLUMN */
    struct type type;          /* COLUMN: of the column */
    const struct want *then;   /* DERIVED: what is wanted of the derived record or row, NULL for its value */
};
/* Rows can be found by their id in this record's table without reading all of it. */
bool record_is_found_by_id(const struct record_type *record);
/* Writes what is wanted of the record or row that base gives. */
void write_wanted(struct writer *writer, struct buffer *out, const struct texpr *base, const struct want *want);
void write_wanted_at(struct writer *writer, struct buffer *out, const struct sql_place *place, struct type type, const struct want *want);
/* let variable = value in body: the value of the body, or what is wanted of it. */
void write_let(struct writer *writer, struct buffer *out, const struct texpr *let, const struct want *want);

/* ---- collection.c: collections as FROM items and conditions; from.c: FROM and WHERE ---- */

struct condition {
    const char *sql;
    bool may_fail;
    bool is_light; /* worth writing twice: no subquery in it */
    int item_count; /* items that were there when it was added */
};
struct from_item {
    const char *sql;
    const char *witness; /* a column of it that is never NULL */
    bool is_pinned;      /* CROSS JOIN: SQLite keeps it behind the items before it */
    bool may_fail;       /* a row of it may; then it is pinned */
};
struct collected {
    LIST_OF(struct from_item) items;
    LIST_OF(int) aliases;             /* of the items */
    LIST_OF(struct condition) conditions;
    LIST_OF(const char *) order;      /* the order of the collection: values that grow */
    struct sql_place element;
    struct type element_type;
};
enum collect_order { COLLECT_UNORDERED, COLLECT_ORDERED /* order is wanted, and numbers of rows */ };
/* Adds a collection to what is collected: its element is then collected->element. */
void collect(struct writer *writer, struct collected *collected, const struct texpr *collection, enum collect_order order);
/* Adds conditions: the parts of an AND one by one. */
void collect_condition(struct writer *writer, struct collected *collected, const struct texpr *condition);
void collect_sql_condition(struct writer *writer, struct collected *collected, const char *sql, bool may_fail);
void collect_known(struct writer *writer, struct collected *collected, const struct texpr *value);
/* The value of each element is asked, be it used or not: for who may not use it. */
void collect_asked(struct writer *writer, struct collected *collected);
/* " FROM … WHERE …" */
void write_from(struct buffer *out, const struct collected *collected);
/* A value of an item to come that may fail: NULL where the conditions so far exclude the row, if they could be asked after it otherwise. */
const char *write_guarded(struct writer *writer, const struct collected *collected, const char *value);
/* Writes the columns that a subquery over the collection has to give for its element to be known outside it: all of a table (as_table), all of a row, or an id. */
void write_carried(struct writer *writer, struct buffer *out, const struct collected *inner, bool as_table);
/* Where the element then is, of a subquery with that alias: a table where it was one. */
struct sql_place place_of_carried(struct writer *writer, const struct collected *inner, int alias);
/* The element's own value: a scalar, a record's id, a row's number. */
const char *element_sql(struct writer *writer, const struct collected *collected);
/* How often the aliases of the collection were written so far. */
int collected_uses(const struct writer *writer, const struct collected *collected);
/* The value, in a form that uses a column of the collection's own FROM, if it did not since uses_before. */
const char *tie_to(struct writer *writer, const struct collected *collected, const char *sql, int uses_before);

/* ---- aggregate.c ---- */

void write_aggregate(struct writer *writer, struct buffer *out, const struct texpr *aggregate);
/* LATEST and EARLIEST: what is wanted of the element found. */
void write_extreme(struct writer *writer, struct buffer *out, const struct texpr *aggregate, const struct want *want);
/* The aggregate itself over what was collected, with its variable bound: remit_sum(…). condition: of the elements to take, or NULL. */
const char *aggregate_sql(struct writer *writer, const struct texpr *aggregate, const struct collected *collected, const struct texpr *condition);

/* ---- query.c ---- */

struct group_stage {
    const struct tquery *query;
    int alias;
    const struct collected *collected;
    const struct environment *environment; /* the sources' variables */
    struct group_stage *outer;
    LIST_OF(const struct texpr *) aggregates;
    LIST_OF(const char *) sql;             /* of each aggregate */
};
enum query_form {
    QUERY_SHOWN,    /* the columns as shown, in order */
    QUERY_ROWS,     /* the columns' values as c0, c1, … and something known as "_id" */
    QUERY_NUMBERED  /* the columns' values and the number of each row as "_id" */
};
void write_query(struct writer *writer, struct buffer *out, const struct tquery *query, enum query_form form);
/* An aggregate over the group at hand: "a9.s0". */
void write_group_aggregate(struct writer *writer, struct buffer *out, const struct texpr *aggregate);
void write_group_key(struct writer *writer, struct buffer *out, int number);
/* The number of the group key that is written like the expression, or -1. */
int find_group_key(const struct writer *writer, const struct texpr *expression);

/* ---- functions.c ---- */

/* The function of this operation has the kind of its first argument's type before it, for its text or for the words of a failure. */
bool sql_operation_wants_kind(enum operation operation);

/* ---- question.c: asking ---- */

struct sql_question writer_question(const struct writer *writer, const char *text);
/* Prepares and binds. A question that SQLite finds too deep is refused with QUESTION_TOO_DEEP. */
struct statement *question_prepare(const struct engine_inputs *inputs, const struct sql_question *question, struct failure *failure);
/* A value of a column of that type, as statement_value gives it. */
struct value question_value(struct statement *statement, int column, struct type type);

#endif
