/* The typed program: names resolved, types known, no sugar left. This is what both engines run.
 * Knows: types, records, typed expressions, queries, rules, commands. Does not know: SQL, storage, values at run time.
 * All of it lives in the arena of the program; nothing is changed after checking, except record_type.storage, tvar.slot and enum_type.gone, which the runtime owns. */
#ifndef REMIT_LANG_CHECK_PROGRAM_H
#define REMIT_LANG_CHECK_PROGRAM_H

#include "lang/base/civil.h"
#include "lang/base/decimal.h"
#include "lang/base/name_table.h"
#include "lang/syntax/ast.h"
#include <stdbool.h>
#include <stdint.h>

/* ---- types ---- */

enum type_kind {
    TYPE_POISON,     /* something was wrong and has been said: never causes a second message */
    TYPE_NOTHING,    /* the type of `missing` alone */
    TYPE_BOOL, TYPE_INT, TYPE_NUMBER,
    TYPE_DECIMAL,    /* an exact decimal constant; becomes a number where it meets one */
    TYPE_MONEY, TYPE_TEXT, TYPE_DATE, TYPE_DATETIME,
    TYPE_DURATION,   /* seconds */
    TYPE_SPAN,       /* months */
    TYPE_WORKING_DAYS, TYPE_PERIOD, TYPE_ENUM,
    TYPE_RECORD,     /* a reference: the id of a row */
    TYPE_ROW,        /* a row of a query used as a source */
    TYPE_COLLECTION,
    TYPE_KIND_COUNT
};

/* How a value of the type is held: values of one representation compare with one another. */
enum representation { REPRESENTATION_NONE, REPRESENTATION_INT, REPRESENTATION_NUMBER, REPRESENTATION_TEXT };

struct enum_type;
struct record_type;
struct tquery;
struct texpr;
struct tvar;

struct type {
    enum type_kind kind;
    bool optional; /* T? */
    union {
        const char *currency;                /* TYPE_MONEY: interned "USD"; NULL: money of any currency, only for a literal 0 */
        const struct enum_type *enumeration; /* TYPE_ENUM */
        struct record_type *record;          /* TYPE_RECORD */
        const struct tquery *row;            /* TYPE_ROW: the query whose columns are the fields */
        const struct type *element;          /* TYPE_COLLECTION */
    };
};

enum representation type_representation(struct type type);
bool type_same(struct type a, struct type b);           /* optional counts */
const char *type_text(struct arena *arena, struct type type); /* "money in USD?", "set of domain" */

struct enum_value {
    const char *name;
    const char *title; /* the name where none is given */
};
struct enum_type {
    const char *name; /* "rag"; "cost.category" for one written in place */
    struct enum_value *values;
    int value_count;
    struct name_table value_names; /* of values, by position: enum_find_value */
    struct span span;
    const char **gone;             /* the runtime's: names of values that only history has, by ordinals that go down from -1 */
    int gone_count;
};
int enum_find_value(const struct enum_type *enumeration, const char *name); /* the ordinal, or -1 */

enum field_kind {
    FIELD_STORED,  /* a column: scalar, enum or reference */
    FIELD_SET,     /* set of a record, enum or text type: a table of members */
    FIELD_INVERSE, /* the records that refer to this one by another field */
    FIELD_DERIVED  /* computed */
};

struct field {
    const char *name;
    const char *doc; /* or NULL */
    enum field_kind kind;
    int index;                /* in record->fields */
    struct record_type *record; /* the record it is a field of */
    struct type type;         /* SET and INVERSE: a collection */
    struct span span;
    const char *was;          /* the name that it had before, or NULL: the store renames it */
    struct texpr *standard;   /* STORED: `default expr`, a constant expression (may use today), or NULL */
    struct tvar *self;        /* DERIVED: the element */
    struct texpr *value;      /* DERIVED: in terms of self */
    struct field *inverse_of; /* INVERSE: the reference field of the other record */
    struct field *inverse;    /* STORED reference: its inverse, or NULL */
};

/* Each record has the stored fields `_key` and `_title` (text?, fields[0] and [1]) and the derived fields `key` and `name` (text, fields[2] and [3]). */
enum { FIELD_OWN_KEY = 0, FIELD_OWN_TITLE = 1, FIELD_KEY = 2, FIELD_NAME = 3, FIELD_FIRST_OWN = 4 };

struct record_type {
    const char *name;
    const char *title;
    const char *doc;
    const char *was;      /* the name that it had before, or NULL */
    int index;            /* in program->records */
    struct field **fields;
    int field_count, field_capacity;
    struct name_table field_names; /* of fields, by position: record_find_field */
    struct field **key;   /* the natural key's fields; key_count 0 when there is none (then a row may have an own key) */
    int key_count;
    struct field *owner;  /* the first declared field, when it is a mandatory reference with an inverse: rows are stored beside that record; else NULL */
    bool is_referenced;   /* some field of some record refers to it */
    bool runtime_filled;  /* finding, obligation, decision, change, policy_version: no command may change it */
    struct span span;
    void *storage;        /* the runtime's */
};
struct field *record_find_field(const struct record_type *record, const char *name); /* name interned or not; NULL */

/* ---- typed expressions ---- */

enum operation {
#define OPERATION(constant, dump, arity, fails, missing) OPERATION_##constant,
#include "lang/check/operations.def"
#undef OPERATION
    OPERATION_COUNT
};
const char *operation_name(enum operation operation);
bool operation_may_fail(enum operation operation);

/* An element of a collection, a row of a query's source, a `let`, or a report's parameter. */
struct tvar {
    int id; /* unique in the program */
    const char *name;
    struct type type;
    void *slot; /* the runtime's */
};

enum texpr_kind {
    TEXPR_CONSTANT,   /* constant */
    TEXPR_MISSING,    /* the missing value */
    TEXPR_REFERENCE,  /* the record of type.record whose key is `text`: looked up before the run */
    TEXPR_VARIABLE,   /* variable */
    TEXPR_ID,         /* base (a record): its id as int, for the key of a record without one */
    TEXPR_FIELD,      /* base . field, STORED; missing when base is */
    TEXPR_DERIVED,    /* base . field, DERIVED: field->value with field->self = base; missing when base is */
    TEXPR_COLUMN,     /* base (a row) . column number `number` */
    TEXPR_OPERATION,  /* operation of arguments */
    TEXPR_AND, TEXPR_OR, TEXPR_NOT, /* arguments; the second of AND, OR is evaluated only when it decides */
    TEXPR_DEFAULT,    /* arguments[0] ?? arguments[1] */
    TEXPR_IS_KNOWN,   /* arguments[0] */
    TEXPR_IS_MISSING,
    TEXPR_CASE,       /* arguments: condition, value, condition, value, …, otherwise (an odd count; a case without otherwise that cannot miss ends in its last value) */
    TEXPR_IN,         /* arguments[0] is one of arguments[1..], all of one representation */
    TEXPR_TEXT,       /* the arguments, all text, one after another; a missing part is written "—" */
    TEXPR_AT,         /* arguments[0] as it was after the change arguments[1]; missing when that is, or when one of the records arguments[2..] was not there then. A change within one is the earlier of
                         the two. arguments[1..] and the keys of references are of the present */
    TEXPR_CHANGE_ON,  /* the last change on the day arguments[0] or before: an int, for AT and for queries */
    TEXPR_BASELINE,   /* the change that a baseline fixed, an int?: of the record type arguments[0] (text) with the key arguments[1]. By `number`, an enum baseline_choice: called `text`, the first, the last */
    TEXPR_REQUIRE,    /* arguments[0], an error with the message `text` when it is missing */
    TEXPR_LET,        /* variable = arguments[0] in arguments[1] */
    TEXPR_TODAY,      /* date */
    TEXPR_NOW,        /* datetime */
    TEXPR_AGGREGATE,  /* aggregate */
    /* collections */
    TEXPR_ALL,        /* every row of type.element->record */
    TEXPR_INVERSE,    /* base . field, INVERSE; empty when base is missing */
    TEXPR_SET,        /* base . field, SET */
    TEXPR_LIST,       /* arguments: a list written out */
    TEXPR_HISTORY,    /* the values that base . field, STORED, had, in order: rows of value, from, until, by (enum history_column); empty when base is missing */
    TEXPR_PERIODS,    /* the periods of the cadence, in order, that have a day in arguments[0] .. arguments[1]: the first is cadence_period of arguments[0]. Empty when a day is missing or the second before the first */
    TEXPR_FILTER,     /* variable in source where condition */
    TEXPR_MAP,        /* condition (any scalar) for variable in source */
    TEXPR_FLATTEN,    /* all elements of condition (a collection) for variable in source */
    TEXPR_DISTINCT,   /* source without repeats, missing elements left out */
    TEXPR_NEWEST,     /* the `number` newest (or oldest, when `oldest`) of source by condition over variable, newest first */
    TEXPR_TRANSITIVE, /* all reached from base in one step or more by `condition`, a collection of (or reference to) the same record in terms of variable */
    TEXPR_QUERY,      /* the rows of a nested query: type.element is TYPE_ROW, or the column's type where a one-column query is used as a list of values */
    TEXPR_GROUP,      /* inside a grouped query's columns: the source rows of the group; no element variable: the query's own source variables are it */
    TEXPR_KEY_OF_GROUP, /* inside a grouped query: the value of group key `number` */
    TEXPR_POISON
};

enum history_column { HISTORY_VALUE, HISTORY_FROM, HISTORY_UNTIL, HISTORY_BY, HISTORY_COLUMNS };

enum aggregate_kind {
    AGGREGATE_COUNT, AGGREGATE_EXISTS,
    AGGREGATE_SUM,    /* of nothing 0; int, money, duration (overflow is an error), number (correctly rounded: exact_sum) */
    AGGREGATE_AVERAGE,/* optional; number for int and number; money, duration half to even */
    AGGREGATE_LEAST, AGGREGATE_GREATEST, /* optional */
    AGGREGATE_LATEST, /* the element (a record or row) with the greatest `by`; of equals the one with the greater id; optional */
    AGGREGATE_EARLIEST, /* the least `by`; of equals the smaller id */
    AGGREGATE_STREAK, /* how many of the newest by `by` in a row satisfy `condition` */
    AGGREGATE_LONGEST_GAP, /* the longest duration between neighbours by `by` (date or datetime); of fewer than two missing */
    AGGREGATE_JOIN    /* texts in order of the source, with the constant separator `text` */
};

struct constant { /* of the kind of the expression's type; TYPE_DECIMAL uses decimal, TYPE_NUMBER number, TYPE_TEXT text, all others integer */
    int64_t integer;
    double number;
    struct decimal decimal;
    const char *text;
    size_t text_length;
};

struct texpr {
    enum texpr_kind kind;
    struct type type;
    struct span span;
    struct texpr *base;
    struct field *field;
    enum operation operation;
    struct texpr **arguments;
    int argument_count;
    struct tvar *variable;
    struct texpr *source;    /* a collection */
    struct texpr *condition;
    const struct tquery *query;
    struct constant constant;
    const char *text;
    int64_t number;
    bool oldest;
    struct cadence cadence;  /* PERIODS */
    enum aggregate_kind aggregate;
    /* AGGREGATE: source; variable: the element (NULL over TEXPR_GROUP); value (NULL for COUNT, EXISTS, LATEST, EARLIEST, STREAK, LONGEST_GAP; a collection of
     * scalars has been turned into its source and value); by; condition (STREAK). Elements whose value or by is missing are passed over. A filter of
     * count(where c) over a group stands in condition too. Ties and orders are by `by`, then id. */
    struct texpr *value;
    struct texpr *by;
    bool may_fail; /* this or a part of it can raise an error at run time */
};

/* ---- queries ---- */

struct tsource {
    struct tvar *variable;
    struct texpr *collection; /* may use the variables of sources before it */
};
struct tcolumn {
    const char *label;
    struct texpr *value;
    struct texpr *shown; /* value, or for a reference its key: what is printed */
    struct type type;    /* of value */
};
struct tsort {
    struct texpr *value; /* in grouped queries over keys and aggregates */
    bool descending;     /* missing values come last either way */
};
/* Rows in order: sort keys, then the ids of the sources in order (ungrouped) or the group keys (grouped): always one order. */
struct tquery {
    struct tsource *sources;
    int source_count;
    struct texpr *condition; /* or NULL */
    bool grouped;            /* group by was said, or only aggregates over the whole are shown */
    struct tcolumn *groups;
    int group_count;
    struct tcolumn *columns;
    int column_count;
    struct texpr *keep;      /* over source variables, or group keys and aggregates; or NULL */
    struct tsort *order;
    int order_count;
    struct texpr *take;      /* int without variables, or NULL */
    struct texpr *as_of;     /* the change, without variables, after which all that the query reads is read; or NULL: as what is around it */
    struct tcolumn *totals;  /* one for each column or value NULL: an aggregate over the shown column (AGGREGATE over the shown rows): see total_aggregate */
    int *total_aggregates;   /* enum aggregate_kind for each column, -1 for none; totals are computed by the engine room from the rows */
    struct span span;
};

/* ---- declarations ---- */

struct tlet {
    const char *name;
    struct texpr *value; /* as written: where its name is used stands a copy of it, whose span is the name's */
};
struct texception {
    const char *label;
    struct texpr *condition;
};
struct trule {
    const char *name, *title, *doc;
    const char *was;             /* the name that it had before, or NULL */
    const char *office, *domain; /* keys, or NULL */
    struct tvar *element;
    struct record_type *record;  /* the type of the elements */
    struct tlet *lets;           /* their values are written out where they are used */
    int let_count;
    struct texpr *source;        /* TEXPR_ALL of record, or a filter of it: a collection over all rows of record */
    struct texpr *where;         /* all conditions of `for … where` in terms of element, lets expanded; or NULL */
    struct texpr *when;          /* or NULL: every element of the source */
    struct texception *exceptions;
    int exception_count;
    int severity;                /* ordinal in the prelude's enum severity: info, low, medium, high, critical */
    struct texpr *message;       /* text */
    const char *remedy, *because, *citation;
    int64_t effective_from, effective_until; /* days; INT64_MIN, INT64_MAX where not said */
    const char *fingerprint;     /* SHA-256 of the rule's source text, in hex: made by the runtime; NULL from check */
    struct span span;            /* the whole declaration */
};

/* ---- mandates ---- */

/* Who acts: an office, a body or a person, by key. */
struct tactor {
    struct record_type *record;
    const char *key;
    struct span span;
};
/* A length of time that is the same for all: TYPE_DURATION in seconds, TYPE_SPAN in months, TYPE_WORKING_DAYS. amount 0: none is said. */
struct tlength {
    enum type_kind kind;
    int64_t amount;
};

enum mandate_timing {
    TIMING_ALWAYS, /* at all times */
    TIMING_EVERY,  /* once in every period */
    TIMING_BY,     /* by a day */
    TIMING_GATE    /* before a field becomes a value */
};

/* Instead of the mandate's own requirement, where the condition holds, something else is required, or nothing. */
struct tmandate_exception {
    const char *label;
    struct texpr *condition;
    struct texpr *requirement; /* or NULL: nothing */
    enum modal modal;          /* of the requirement */
    struct span span;
};

/* What the rows of a mandate's question say, one row for each obligation. */
enum mandate_column {
    MANDATE_ELEMENT, /* the id of the subject */
    MANDATE_PERIOD,  /* EVERY; else missing */
    MANDATE_DUE,     /* the last day on which it is in time; missing where there is none: then it is late at once */
    MANDATE_OUTCOME, /* twice the number of the exception that applies, from 1, or 0; and 1 more where what is required holds */
    MANDATE_DATED,   /* the day on which it was met, where the mandate says how to tell */
    MANDATE_COLUMNS
};

struct tmandate {
    const char *name, *title, *doc;
    const char *was;              /* the name that it had before, or NULL */
    const char *office, *domain;  /* keys */
    struct tvar *element;
    struct record_type *record;   /* the type of the subjects */
    struct texpr *source;         /* TEXPR_ALL of record, or a filter of it */
    struct texpr *where;          /* all conditions of `for … where` in terms of element, lets expanded; or NULL */
    struct tlet *lets;            /* their values are written out where they are used */
    int let_count;
    enum modal modal;
    bool is_mandatory;            /* shall, not should */
    enum mandate_timing timing;
    struct cadence cadence;       /* EVERY */
    struct tvar *period;          /* EVERY */
    struct texpr *from, *until;   /* EVERY: of element; or NULL */
    struct texpr *by;             /* BY: of element; where it is missing nothing is required */
    struct texpr *within;         /* grace: a length of time; or NULL */
    struct field *gate_field;     /* GATE: stored, of the subject */
    struct texpr *gate_value;     /* GATE: a constant or a reference */
    struct texpr *passed;         /* GATE: whether element has passed it already */
    struct texpr *requirement;    /* what shall hold, a `not` of the modal taken in, of element and period */
    struct tmandate_exception *exceptions;
    int exception_count;
    struct texpr *dated;          /* a date of element and period; or NULL */
    struct tactor *granters, *endorsers; /* waivable by … through …: none, it cannot be waived */
    int granter_count, endorser_count;
    struct tlength waived_up_to;
    struct tlength effort;
    struct tactor escalated_to;   /* record NULL: to no one */
    int escalated_after;          /* breaches in a row */
    const char *remedy, *because, *citation;
    int64_t effective_from, effective_until; /* days; INT64_MIN, INT64_MAX where not said; within the life of the office */
    bool begins_with_office, ends_with_office; /* these days are the office's, not what `effective` says */
    struct span effective_span;   /* of `effective`; nowhere where it is not said */
    /* Its obligations as a question, in order of subject and period: of all subjects, and of the one that the run binds to `subject`. The run binds `since`, too: the day from which
     * periods are counted where neither `from` nor `effective` says so. A gate's are of those that have passed it, and `change` is asked of the one that is about to. */
    struct tquery *all, *one, *change;
    struct tvar *subject, *since; /* since NULL: it is said */
    struct tvar *before;          /* GATE: in `change` the gate's field as it was before; in the others, of which no change is known, the value before the gate's stands for it */
    const char *fingerprint;      /* SHA-256 of its source text, in hex: made by the runtime */
    struct span span, name_span;
};
/* Is every value from the gate's on behind the gate? So with enums, unless records start there. Else the gate's value alone is. */
bool mandate_gate_goes_by_order(const struct tmandate *mandate);
/* Whether a record passes the gate when the field changes so. known: whether there was a value before. */
bool mandate_gate_is_passed(const struct tmandate *mandate, bool known, int64_t before, int64_t after, int64_t value);

struct tparameter {
    const char *name;
    struct tvar *variable;
    struct texpr *standard; /* or NULL: must be given */
};
struct treport {
    const char *name, *title, *doc, *office;
    struct tparameter *parameters;
    int parameter_count;
    struct tquery *query;
    struct span span;
};

struct tassignment {
    struct field *field;
    struct texpr *value;   /* for a FIELD_SET a collection (LIST) */
    struct span span;
};
struct tinstance {
    struct record_type *record;
    const char *key;       /* or NULL */
    const char *title;     /* or NULL */
    struct tassignment *assignments;
    int assignment_count;
    struct span span;
    bool from_standard_library;
};

/* How a cell of an imported file becomes a field. */
struct timport_case {
    const char *from;      /* NULL: otherwise */
    struct texpr *to;      /* constant, reference or missing */
};
struct timport_column {
    const char *column;    /* the header's name */
    const char **patterns; /* date patterns in order of trial; NULL-terminated or NULL */
    struct decimal times;  /* 1 when not said */
    bool has_times;
    struct timport_case *cases;
    int case_count;
    struct tvar *variable; /* what expressions of the mapping see: the converted cell */
    struct type type;      /* what the cell is read as; of a field used bare the field's type */
    struct span span;
};
struct timport_field {
    struct field *field;   /* `key` and `name` are FIELD_OWN_KEY and FIELD_OWN_TITLE */
    struct timport_column *direct; /* the field is one column, converted to the field's type; else NULL */
    struct texpr *value;   /* an expression over the variables of columns; NULL when direct */
    bool by_key;                   /* value is text: the key of the record that a reference names */
    struct span span;
};
struct timport {
    struct record_type *record;
    const char *path;
    struct timport_field *fields;
    int field_count;
    struct timport_column **columns; /* all that are used, each cell read once */
    int column_count;
    struct texpr *condition; /* rows to take, or NULL */
    struct span span;
};

enum command_kind {
    COMMAND_ADD, COMMAND_SET, COMMAND_REMOVE, COMMAND_IMPORT, COMMAND_EXPORT, COMMAND_CHECK, COMMAND_RUN, COMMAND_PRINT, COMMAND_LET,
    COMMAND_FOR_EACH, COMMAND_IF, COMMAND_DESCRIBE, COMMAND_WHY, COMMAND_EXPECT, COMMAND_EXPECT_RAISED, COMMAND_EXPECT_STATE, COMMAND_EXPECT_REFUSED, COMMAND_TRANSACTION,
    COMMAND_BASELINE,
    COMMAND_QUERY,   /* a bare query: its rows are shown */
    COMMAND_EVALUATE /* a bare expression: its value is shown */
};
struct tcommand {
    enum command_kind kind;
    struct span span;
    struct tinstance *instance;     /* ADD */
    struct texpr *target;           /* SET, REMOVE: a record (one) or a collection of records; FOR_EACH: the collection */
    struct tvar *variable;          /* SET: the element in assignments; FOR_EACH, LET: the variable */
    struct tassignment *assignments;
    int assignment_count;
    struct timport *import;
    struct treport *report;         /* RUN, EXPORT */
    struct texpr **arguments;       /* RUN, EXPORT: one for each parameter, NULL for the standard one */
    const char *path;               /* EXPORT */
    const char *name;               /* DESCRIBE; BASELINE: what it is called; EXPECT_RAISED: the rule; EXPECT_STATE: the mandate; WHY: either */
    const char *key;                /* WHY: of which record; looked for when the command runs, since commands before it may bring it */
    struct span key_span;
    const char *state;              /* EXPECT_STATE: "met", a value of obligation.state */
    struct texpr *period;           /* EXPECT_STATE, WHY of what is required every so often; else NULL */
    const char **names;             /* CHECK: rules and mandates, none for all */
    int name_count;
    struct texpr **values;          /* PRINT: texts */
    int value_count;
    struct texpr *value;            /* LET, EVALUATE; IF, EXPECT: the condition; EXPECT_RAISED, EXPECT_STATE, BASELINE: the record */
    struct tquery *query;           /* QUERY */
    struct tcommand **body, **otherwise; /* FOR_EACH, IF, EXPECT_REFUSED */
    int body_count, otherwise_count;
    bool negated;                   /* EXPECT and its kind; WHY: why not */
    enum transaction_step step;
};

/* A policy test: its items in order. The first is an ON, and no later ON goes back. */
enum ttest_item_kind {
    TEST_ON,      /* the day is that of `day` from here on */
    TEST_GIVEN,   /* the record is there: a fact, which no gate is asked about */
    TEST_COMMAND
};
struct ttest_item {
    enum ttest_item_kind kind;
    struct span span;
    int64_t day;
    struct tinstance *given;
    struct tcommand *command;
};
struct ttest {
    const char *title, *doc;
    struct ttest_item *items;
    int item_count;
    struct span span; /* the whole declaration */
};

struct program {
    struct arena *arena;
    struct intern *names;
    const char *currency;      /* settings.currency, "USD" unless said */
    int fiscal_month;          /* settings.fiscal_year_starts, 1 unless said */
    LIST_OF(struct record_type *) records;
    LIST_OF(struct enum_type *) enums;
    LIST_OF(struct trule *) rules;
    LIST_OF(struct tmandate *) mandates;
    LIST_OF(struct treport *) reports;
    LIST_OF(struct tinstance *) instances; /* declared in files; the runtime keeps the store in step with them */
    LIST_OF(struct tcommand *) commands;   /* of scripts, in order */
    LIST_OF(struct ttest *) tests;
    struct name_table record_names, enum_names, rule_names, mandate_names, report_names, test_titles; /* of these lists, by position */
    int variable_count;
};

struct record_type *program_find_record(const struct program *program, const char *name);
struct record_type *program_find_plural(const struct program *program, const char *word); /* `initiatives`, `bodies` */
const char *plural_of(struct arena *arena, const char *name); /* "initiatives" of "initiative": in the arena */
struct trule *program_find_rule(const struct program *program, const char *name);
struct tmandate *program_find_mandate(const struct program *program, const char *name);
struct treport *program_find_report(const struct program *program, const char *name);

/* Indented text of an expression, a query, a rule, the whole program: one node a line with its type. */
void texpr_dump(struct buffer *out, const struct texpr *expression, int indent);
void tquery_dump(struct buffer *out, const struct tquery *query, int indent);
void program_dump(struct buffer *out, const struct program *program);

/* Calls visit for the expression and, when it gives true, for each expression below it: bases, arguments, sources, conditions, values, by; into nested queries too.
 * Derived fields' values are not entered. */
void texpr_walk(const struct texpr *expression, bool (*visit)(const struct texpr *part, void *context), void *context);
void tquery_walk(const struct tquery *query, bool (*visit)(const struct texpr *part, void *context), void *context);

#endif
