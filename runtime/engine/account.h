/* The account of an answer: conditions part by part, in the words of the policy, with the values that each part read and the rows they came from; and the nearest changes of those
 * values with which the answer would be another.
 * Knows: typed conditions, and how to ask the engines about them. Does not know: rules and mandates but in why*.c, how an account is shown (account_text.c, account_json.c).
 *
 * An account is data in an arena of its own: clauses with their parts, facts in order, and what would have to change. Whoever gives the account of something creates one, gives it
 * what it is about (account_give), adds clauses and facts, and asks for the changes. Everything is asked of the engine that the session chose. */
#ifndef REMIT_RUNTIME_ENGINE_ACCOUNT_H
#define REMIT_RUNTIME_ENGINE_ACCOUNT_H

#include "runtime/engine/session.h"

enum account_kind {
    ACCOUNT_ALL,       /* all of its parts must hold */
    ACCOUNT_ANY,       /* one of its parts must */
    ACCOUNT_NOT,       /* its one part must not */
    ACCOUNT_CONDITION, /* asks something of the values that are its parts; or is the name of a condition, of which its parts are the parts */
    ACCOUNT_ROWS,      /* asks whether there are rows */
    ACCOUNT_VALUE,     /* a value that was read; its parts are what it was made of */
    ACCOUNT_KIND_COUNT
};
enum account_state {
    ACCOUNT_HOLDS,
    ACCOUNT_FAILS,
    ACCOUNT_NOT_ASKED, /* a part before it decides, and alone it has no answer */
    ACCOUNT_READ       /* a value */
};

/* Rows that an answer came from: at most a screen of them. */
enum rows_order { ROWS_AS_THEY_STAND, ROWS_GREATEST_FIRST, ROWS_LEAST_FIRST, ROWS_NEWEST_FIRST, ROWS_LATEST, ROWS_EARLIEST /* the one */, ROWS_NEAREST_FIRST };
struct account_rows {
    const char *of, *whole;  /* the words of the collection, its filters left out; and with them */
    bool is_filtered;
    int64_t all, matching;   /* rows of the collection; of these those that its filters let through. Where none is, what stands below are the others */
    enum rows_order order;
    struct row_column *columns; /* a reference is shown as its key */
    int column_count;
    struct value *values;    /* row_count rows of column_count values */
    int row_count;
};

struct account_part {
    enum account_kind kind;
    enum account_state state;
    const char *words;       /* of the policy, on one line */
    const char *made_of;     /* the words of the definition, where words are the name of a derived field or a `let`; else NULL */
    struct type type;        /* VALUE */
    struct value value;      /* a reference's is its key */
    LIST_OF(struct account_part *) parts;
    struct account_rows *rows; /* or NULL */
};

struct account_clause {
    const char *name;        /* "where", "when", "except" */
    const char *label;       /* of an exception, which applies or does not; else NULL */
    struct texpr *condition;
    bool must_hold;          /* for the answer to hold; else it must not */
    struct account_part *part;
};

/* What is known beside the conditions: "message", "since", "office". */
struct account_fact {
    const char *name;        /* as programs know it: "first_seen"; NULL: it is for people */
    const char *label;       /* for people; NULL: it is said in another place of the text */
    struct type type;
    struct value value;
    const char *note;        /* for people, after the value or, where that is missing, in its place; or NULL */
};

/* Rows that are known beside the conditions: "waivers", "periods". */
struct account_table {
    const char *name;
    struct account_rows rows; /* all and matching are how many there are; row_count of them are shown, and there is room for ACCOUNT_ROWS_MOST */
};
enum { ACCOUNT_ROWS_MOST = 10 }; /* a screen of them */

struct account_mend;
struct mend_list {
    struct account_mend **items;
    int count, capacity;
};
/* One thing that would have to be other. */
enum change_kind {
    CHANGE_VALUE,            /* a value */
    CHANGE_TO_ROWS,          /* there would have to be a row */
    CHANGE_TO_NO_ROWS        /* there would have to be none */
};
struct account_change {
    enum change_kind kind;
    const char *words;       /* of what is to change: a field, an aggregate, `today`; of rows the collection */
    /* CHANGE_VALUE */
    struct type type;
    struct value now;
    bool is_order;           /* a range would do, from least to most; else the values would */
    struct value nearest;    /* of the range, to now */
    struct value before;     /* the last before it, seen from now, that would not do; missing when now is */
    struct value least, most;/* missing: without end */
    LIST_OF(struct value) values; /* the nearest first; shown ones: a reference is its key */
    bool is_other;           /* any value would do but the one that it has; or any at all, where it has none */
    const char *verb;        /* for texts: "contained", "began with", "ended with"; NULL: were */
    bool or_missing;         /* it would do, too, if the value were missing */
    /* CHANGE_TO_ROWS, CHANGE_TO_NO_ROWS */
    const char *condition;   /* the words of the filter; NULL: any row */
    bool is_member;          /* it is about one value that would have to be in the collection, or not: nearest, of the type */
    int64_t all, matching;
    const char *row;         /* the key of the row that is nearest to it, */
    struct mend_list mends;  /* and what would have to change of that row */
};
/* All mends of a list must be made together; of each mend one change will do. */
struct account_mend {
    LIST_OF(struct account_change *) choices;
};

/* What a parameter of a definition was given. */
struct account_argument {
    const struct tvar *variable;
    struct texpr *value;
};
/* The element of a collection, of which none satisfies all conditions, that is nearest to it. */
struct account_nearest {
    const struct texpr *collection;
    struct value element;
};
struct account {
    struct session *session;
    struct arena *arena;
    int binding_count;       /* of the session's, before the account */
    const struct tlet *lets; /* names that the conditions use */
    int let_count;
    /* of what */
    const char *kind, *name, *title;             /* "rule", "overspend", "Spend exceeds the budget" */
    const char *record, *element, *element_name; /* "initiative", "METERS", "Smart meters" */
    const char *asked;       /* "why", "why not" */
    const char *verdict;     /* "holds for", "does not hold for": what stands between name and element */
    const char *would;       /* "hold": what the changes bring about */
    bool holds, is_turned;   /* the other question was asked */
    const char *remark;      /* what decides beside the conditions, for messages: "a waiver of BOARD does not excuse it: it has ended"; or NULL */
    const char *statement;   /* what it says about the element, in a line of its own; or NULL */
    LIST_OF(struct account_clause *) clauses;
    struct texpr *also;      /* what must hold, too, with the changes, and holds now: it is not shown; or NULL */
    LIST_OF(struct account_fact) facts;
    LIST_OF(struct account_table *) tables;
    bool has_mends;          /* they were looked for */
    struct mend_list mends;
    /* while it is made */
    LIST_OF(const struct tvar *) given; /* variables that stand for what was asked about: no change of them is offered */
    LIST_OF(struct account_argument) arguments; /* of the calls that were opened */
    LIST_OF(const struct texpr *) opened; /* names that were opened: once is enough */
    LIST_OF(const struct tvar *) hidden; /* of those that were not */
    LIST_OF(struct account_nearest) nearest;
    const struct field *field; /* that is read of the record which is told of; or NULL */
    int part_count, depth;
    bool is_cut;             /* there were too many parts to show */
};

struct account *account_create(struct session *session);
void account_destroy(struct account *account); /* takes back what was bound since account_create; NULL is allowed */

/* ---- of what: why_rule.c, why_mandate.c ---- */
/* All but what would have to change. NULL with failure set. */
struct account *account_of_rule(struct session *session, struct trule *rule, int64_t id, struct failure *failure);
/* Of what is required in that period; NO_DAY: of the last one in which it is breached, else of the last one. Of a gate that was not passed yet: of what would become of the change. */
struct account *account_of_mandate(struct session *session, struct tmandate *mandate, int64_t id, int64_t period, struct failure *failure);

/* ---- what it says: account.c ---- */
/* Binds a variable of the conditions to what was asked about: the element, the period. */
void account_give(struct account *account, const struct tvar *variable, struct value value);
/* The condition as a clause. NULL: nothing. False when the engine failed for another reason than the condition itself. */
bool account_add_clause(struct account *account, const char *name, const char *label, struct texpr *condition, bool must_hold, struct failure *failure);
/* Has any clause come out so that the answer does not hold? */
bool account_fails(const struct account *account);
void account_add_fact(struct account *account, const char *name, const char *label, struct type type, struct value value, const char *note);
/* Text; NULL or none is for programs to know, and not said. */
void account_add_text(struct account *account, const char *name, const char *label, const char *text);
/* A table to be filled. Labels stay where they are. */
struct account_table *account_add_table(struct account *account, const char *name, const struct row_column *columns, int column_count);
/* One row more of it: column_count values. After the first ACCOUNT_ROWS_MOST they are counted only. */
void account_add_row(struct account *account, struct account_table *table, const struct value *values);
/* What stands at the place, in its canonical form on one line. */
const char *account_words(struct account *account, struct span span);

/* ---- what would have to change: mend.c ---- */
/* The nearest changes with which all clauses together would come out so that the answer holds, each worked out and tried. */
bool account_find_mends(struct account *account, struct failure *failure);

/* ---- shown: account_text.c, account_json.c ---- */
/* In the format of the session's options; csv and jsonl are refused. */
bool account_show(struct account *account, struct failure *failure);
void account_write_text(struct buffer *out, const struct account *account, const struct render_options *options);
void account_write_json(struct buffer *out, const struct account *account);
/* ---- on one line: account_quote.c ---- */
/* The values that made the conditions come out as they did: "`spent` is 5.00 USD, `costs` holds `cost-1`". */
void account_quote_values(struct buffer *out, const struct account *account);
/* Why the whole holds or does not: the parts that fail and the exceptions that apply, each with its values; where it holds, the values of what comes after `where`. */
void account_quote_reasons(struct buffer *out, const struct account *account);

/* ---- between the files that make accounts ---- */
/* *is_answered false: the expression itself has no answer (an overflow, no rate). False when the engine failed for another reason. */
bool account_ask(struct account *account, const struct texpr *expression, struct value *value, bool *is_answered, struct failure *failure);
/* The value as it is shown, with a reference as its key, in the account's arena. */
bool account_ask_shown(struct account *account, struct texpr *expression, struct value *value, bool *is_answered, struct failure *failure);
/* A reference's key; other expressions as they are. */
struct texpr *account_shown(struct account *account, struct texpr *expression);
bool texpr_is_leaf(const struct texpr *expression); /* a value of its own: a field, an aggregate, `today`, a variable, an exchange rate */
bool texpr_is_range(const struct texpr *expression); /* x in a..b: two comparisons that stand in one place */
/* Is it the value of a `let`, standing where its name does? */
bool account_is_let(const struct account *account, const struct texpr *expression);
bool span_same(struct span a, struct span b);
struct tvar *account_variable(struct account *account, const char *name, struct type type);
struct texpr *account_substitute(struct account *account, const struct texpr *expression, const struct tvar *from, struct texpr *to);
/* A collection apart: what it is made of without its filters, and these in terms of one variable. */
struct account_collection {
    struct texpr *base;
    struct tvar *variable;
    LIST_OF(struct texpr *) conditions; /* all must hold, in order */
    const char *filter;      /* their words; NULL: there are none */
};
struct account_collection account_take_apart(struct account *account, struct texpr *collection);
/* x in C, as `exists C[it = x]` in one place: what x is; else NULL. */
struct texpr *texpr_member(const struct texpr *exists);

/* ---- account_rows.c ---- */
/* What a column is called that shows the expression for the element: its path of fields, else its words. */
const char *account_label(struct account *account, const struct texpr *expression, const struct tvar *element);
/* The rows that an aggregate saw; *rows NULL where that cannot be told. */
bool account_read_rows(struct account *account, struct texpr *aggregate, struct account_rows **rows, struct failure *failure);
/* How many a collection has; without its elements whose value is missing, where value (over variable) is not NULL. */
bool account_count(struct account *account, struct texpr *collection, struct tvar *variable, struct texpr *value, int64_t *count, struct failure *failure);
/* The element of the collection of which the fewest conditions fail, and of these the one that is nearest to what it fails; where some fail none, the first of those: its value, of a record
 * its id. apart is the collection with the variable that stands for it. *found false: there is none, or it cannot be told. */
bool account_nearest_row(struct account *account, struct texpr *collection, struct account_collection *apart, struct value *element, bool *found, struct failure *failure);

#endif
