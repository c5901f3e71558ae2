/* Inside the checker: the state that its files share. No other room includes this.
 * Knows: scopes, facts, pending declarations. Does not know: the store. */
#ifndef REMIT_LANG_CHECK_CHECKER_H
#define REMIT_LANG_CHECK_CHECKER_H

#include "lang/base/intern.h"
#include "lang/check/check.h"
#include "lang/check/texpr.h"

/* A derived field is checked when first used, so that order never matters; a field that needs itself is found on the way. */
enum pending_state { PENDING_WAITING, PENDING_CHECKING, PENDING_DONE };
struct own_field {
    struct field field; /* first, so that a struct field of a record is one of these */
    struct node *node;  /* FIELD or DERIVED */
    enum pending_state state;
};

struct definition { /* define f(x: money): bool = … */
    const char *name;
    struct node *node;
    struct type *parameter_types;
    struct type result;
    bool has_result;
    bool poisoned;
    enum pending_state state;
};

/* A declared record is there once and for all, and one that a test gives in the rest of that test; whether one that a command adds is there, only the run can say: it may be
 * removed, taken back, or added on one way only. */
enum key_origin { KEY_OF_DECLARATION, KEY_OF_GIVEN, KEY_OF_COMMAND };
struct declared_key {
    struct record_type *record;
    const char *key;   /* interned */
    const char *title; /* NULL: none, or worked out */
    struct span span;
    enum key_origin origin;
};

struct report_node { /* a report's text, checked anew where it is a source with arguments */
    struct treport *report;
    struct node *node;
    enum pending_state state;
};

/* What a bare name may mean where nothing says which enum or record is wanted. Made when first asked for, and as far as the lists have grown since. */
struct lone_name {
    const struct enum_type *enumeration; /* the last that has this value, or NULL */
    struct record_type *record;          /* the last that has this key, or NULL */
    int count;                           /* how many have it */
};
struct lone_names {
    struct name_table names;
    LIST_OF(struct lone_name) items; /* one for each name */
    int listed;                      /* enums or keys looked at so far */
};

/* A declaration that says which name it had before. */
enum renamed_kind { RENAMED_RECORD, RENAMED_FIELD, RENAMED_RULE, RENAMED_MANDATE };
struct renamed {
    enum renamed_kind kind;
    const struct record_type *record; /* of a field */
    struct node *name, *was;
};

struct checker {
    struct arena *arena;
    struct intern *names;
    struct diagnostics *diagnostics;
    const struct world *world;
    struct program *program;
    LIST_OF(struct definition *) definitions;
    struct name_table definition_names; /* of definitions, by position */
    LIST_OF(struct declared_key) keys;
    int *key_slots;          /* a hash table over keys: position + 1, or 0 */
    int key_slot_count;      /* a power of two */
    LIST_OF(struct report_node) report_nodes; /* one for each report of the program, at the same position */
    struct lone_names lone_values, lone_keys;
    LIST_OF(struct node_list) modules; /* what the modules of the standard library declare, once a message wanted to know */
    LIST_OF(struct renamed) renames;       /* in the input */
    LIST_OF(const char *) broken_mandates; /* names of those in the input whose declaration is wrong */
    struct enum_type *severities;
    int expansion_depth;     /* of defines within defines */
    int64_t node_budget;     /* nodes that defines may still add to this declaration */
    int64_t copy_budget;     /* nodes that may still be copied in it */
    struct scope *session_scope; /* the `let`s of the inputs before: a REPL keeps them */
    bool standard_library;   /* the tree being checked is the prelude or a module */
    struct node *test;       /* the TEST being checked, or NULL */
    LIST_OF(struct declared_key) test_keys; /* what the tests checked so far gave and added, each for itself: for messages */
};

/* ---- scopes ---- */

enum scope_kind {
    SCOPE_ELEMENT,   /* variable of a record or row: its fields are names; `name` too when the element was given one */
    SCOPE_VARIABLE,  /* name is variable */
    SCOPE_VALUE      /* name stands for value (a rule's let, a report's argument, a column's label) */
};
struct scope {
    struct scope *outer;
    enum scope_kind kind;
    const char *name; /* NULL for an element without one */
    struct tvar *variable;
    struct texpr *value;
};

struct fact { /* `known` is not missing here */
    const struct fact *outer;
    const struct texpr *known;
};

/* What a grouped query's columns may use. */
struct group_frame {
    struct tquery *query;
    struct node **key_nodes;   /* as written, for "the same expression as a key" */
    struct scope *source_scope;/* the scope in which the sources' elements are names */
    const struct fact *source_facts;
};

/* Columns of an import seen so far. */
struct import_frame {
    struct timport *import;
    LIST_OF(struct timport_column *) columns;
};

struct context {
    struct checker *checker;
    struct scope *scope;
    const struct fact *facts;
    bool lost_guard;             /* a condition that was wrong may have made sure of something: nothing more is said of what may be missing */
    struct group_frame *group;   /* inside a grouped query's columns, outside its aggregates; else NULL */
    bool *found_group_aggregate; /* where an aggregate over the whole query would be allowed: set when one is met */
    struct scope *query_scope;   /* the scope of that query's sources, for the same purpose */
    struct import_frame *import;
    bool expects_refusal;        /* inside `expect refused`: what would be refused as the program stands is what is wanted */
};

/* ---- context.c: scopes, facts, small helpers ---- */
struct tvar *variable_create(struct checker *checker, const char *name, struct type type);
struct scope *scope_push(struct checker *checker, struct scope *outer, enum scope_kind kind, const char *name, struct tvar *variable, struct texpr *value);
struct fact *fact_push(struct checker *checker, const struct fact *outer, const struct texpr *known);
/* Facts that hold when condition is `truth`. */
const struct fact *facts_when(struct checker *checker, const struct fact *facts, const struct texpr *condition, bool truth);
/* What comes after a condition, as it was written and as it was checked, knows what it made sure of when it is `truth`. */
void learn(struct context *context, const struct node *written, const struct texpr *condition, bool truth);
/* Does it ask what is known or missing anywhere? */
bool may_guard(const struct node *condition);
/* Facts about variable as an element of collection: what the filters of the collection say. */
const struct fact *facts_of_element(struct checker *checker, const struct fact *facts, const struct texpr *collection, struct tvar *variable);
/* A declaration starts: it may grow as large as any. */
void budget_renew(struct checker *checker);
/* texpr_substitute, as long as the declaration does not grow too large by it: then that is said, once, and poison given. */
struct texpr *substitute(struct checker *checker, const struct texpr *expression, const struct tvar *from, struct texpr *to, struct span span);
/* The expression with a type that is no longer optional when a fact says so. */
struct texpr *apply_facts(struct context *context, struct texpr *expression);
const char *name_text(const struct node *node); /* of a NAME, or of a TEXT_LITERAL of one part; "" for NULL */
struct span node_span(const struct node *node);
const char *type_words(struct checker *checker, struct type type); /* for messages, in the checker's arena */
/* "idea, planning, delivery": its values in order, for messages; of very many the first. */
const char *enum_words(struct checker *checker, const struct enum_type *enumeration);
struct type money_type(struct checker *checker);
/* The source text of a node, spaces folded: the label of an unnamed column. */
const char *source_words(struct checker *checker, const struct node *node);
bool is_poison(const struct texpr *expression);
struct texpr *poison(struct context *context, const struct node *node);

/* ---- expression.c ---- */
/* Checks an expression. expected, when not NULL, resolves bare constants (enum values, keys) and is only a wish: use check_as to hold it. */
struct texpr *check_expression(struct context *context, struct node *node, const struct type *expected);
/* Checks and converts to the type, saying what was wanted (`what`: "the default of `quorum`") when it does not fit. An optional value is refused unless wanted is optional. */
struct texpr *check_as(struct context *context, struct node *node, struct type wanted, const char *what);
/* The same of what was checked already. */
struct texpr *accept_as(struct context *context, struct node *node, struct texpr *expression, struct type wanted, const char *what);
/* A bool that is not missing. what: "`when`". */
struct texpr *check_condition(struct context *context, struct node *node, const char *what);
/* `31/12/2026` was worked out, though a date was meant: says so in the message; false when the words look like no date. */
bool hint_calculated_date(struct checker *checker, struct diagnostic *said, const char *words);
/* Converts a checked expression; NULL when it cannot be. */
struct texpr *convert_to(struct checker *checker, struct texpr *expression, struct type wanted);
/* Refuses a value that may be missing: a diagnostic and poison. */
struct texpr *require_known(struct context *context, struct texpr *expression, const struct node *node);
/* Anything as text, for interpolation and print. */
struct texpr *to_text(struct context *context, struct texpr *expression, const struct node *node);

/* ---- names.c ---- */
struct texpr *check_name(struct context *context, struct node *node, const struct type *expected);
/* Would the bare name resolve in a scope, without regard to constants? */
bool name_is_in_scope(struct context *context, const char *name);
/* base . field with facts applied. */
struct texpr *make_field(struct context *context, struct texpr *base, struct field *field, struct span span);
struct texpr *check_member(struct context *context, struct node *node);
/* The record of that type with that key: declared, in the store, or a diagnostic. */
struct texpr *key_reference(struct context *context, struct record_type *record, const char *key, struct span span);
/* The `key` of a record-typed expression, for showing. */
struct texpr *shown_value(struct context *context, struct texpr *value);
/* Offers the names of the record types; the plural of one is as near as can be. */
void offer_records(struct checker *checker, struct nearest *nearest);
/* Makes sure that the derived field's value and type are known. */
void field_settle(struct checker *checker, struct field *field);

/* ---- key_table.c ---- */
void key_declare(struct checker *checker, struct record_type *record, const char *key, const char *title, struct span span, enum key_origin origin);
/* Forgets the keys from position count on, last come first gone. */
void keys_cut(struct checker *checker, int count);
/* Declared, added by a command before, or in the store. */
bool key_exists(struct checker *checker, const struct record_type *record, const char *key);
const struct declared_key *key_find(struct checker *checker, const struct record_type *record, const char *key);

/* ---- literals.c ---- */
struct texpr *check_literal(struct context *context, struct node *node, const struct type *expected);
struct texpr *check_text(struct context *context, struct node *node, const struct type *expected);
/* A number as written, suffix and all. */
bool read_number(const char *text, struct decimal *value);

/* ---- operators.c ---- */
struct texpr *check_unary(struct context *context, struct node *node, const struct type *expected);
struct texpr *check_binary(struct context *context, struct node *node, const struct type *expected);
/* Brings two values to one type, for comparing and for branches; false when they have none (no diagnostic). */
bool unify(struct checker *checker, struct texpr **left, struct texpr **right);
/* Advice where an operator does not go with these two types. */
void hint_operands(struct context *context, struct diagnostic *said, enum operator operator, struct type left, struct type right);

/* ---- comparison.c: comparing and membership ---- */
struct texpr *check_comparison(struct context *context, struct node_binary *binary, enum operator operator);
/* `stage = delivery or closing`: says that values which go on with a comparison stand in a list, and gives true. what: "each side of `or`". */
bool refuse_alternatives(struct context *context, struct node_binary *binary, const char *what);
/* item in whole: a list, a range, a period or a collection. node is where it is said. */
struct texpr *check_in(struct context *context, struct node *node, struct node *item_node, struct node *whole_node);

/* ---- cases.c: branches ---- */
struct texpr *check_if(struct context *context, struct node *node, const struct type *expected);
struct texpr *check_case(struct context *context, struct node *node, const struct type *expected);

/* ---- collections.c ---- */
struct texpr *check_filter(struct context *context, struct node *node);
struct texpr *check_list(struct context *context, struct node *node, const struct type *expected);
struct texpr *check_quantifier(struct context *context, struct node *node);
struct texpr *map_collection(struct context *context, struct texpr *collection, struct field *field, int column, struct span span);
struct texpr *make_aggregate(struct context *context, enum aggregate_kind kind, struct texpr *collection, struct span span);
/* Aggregates and collection functions by name; NULL when it is none of them. */
struct texpr *check_collection_call(struct context *context, struct node *node);
/* A scope in which the elements of the collection are names, and the facts its filters give. *variable is made. */
struct context enter_element(struct context *context, struct texpr *collection, const char *binder, struct tvar **variable);

/* ---- periods.c ---- */
/* How periods follow one another, as a NAME or a QUANTITY says: week, 2 weeks. False after a message when it will not do. */
bool check_cadence(struct checker *checker, const struct node *node, struct cadence *cadence);
/* periods(cadence, date, date) */
struct texpr *check_periods(struct context *context, struct node *node);
/* The period after `in`; a day stands for the period of that day. */
struct texpr *check_named_period(struct context *context, struct node *node);

/* What is wrong with a pattern of `matches` (a POSIX extended regular expression), or NULL. In operators' neighbour, calls.c. */
const char *pattern_problem(struct arena *arena, const char *pattern);

/* ---- calls.c ---- */
struct texpr *check_call(struct context *context, struct node *node, const struct type *expected);
/* Offers the names of builtins and definitions. */
void offer_functions(struct checker *checker, struct nearest *search);


/* ---- query.c ---- */
struct tquery *check_query(struct context *context, struct node *node);
/* A query over one collection with the columns that a record shows when nothing is said. */
struct tquery *query_of_collection(struct context *context, struct texpr *collection, struct span span);
/* `for x in C where cond`: the collection, the element's scope. */
bool check_source(struct context *context, struct node *binder, struct node *source, struct node *condition, struct texpr **collection, struct tvar **variable,
                  struct context *within);
struct texpr *check_query_expression(struct context *context, struct node *node);
/* A report as a source. NULL when the node names none. */
struct texpr *check_report_source(struct context *context, struct node *node);

/* ---- declare.c: types, records, enums ---- */
void declare_names(struct checker *checker, const struct check_input *input);   /* phase 1: records, enums, definitions, settings */
void declare_record_bodies(struct checker *checker, const struct check_input *input); /* phase 2: the records' own members */
void declare_members(struct checker *checker, const struct check_input *input); /* phase 3: extensions, instances' keys, reports' names */
struct type check_type(struct checker *checker, struct node *node, const char *enum_name);
/* The record type, or NULL after saying that there is none. */
struct record_type *record_of_name(struct checker *checker, struct node *name);
void record_set_storage_facts(struct checker *checker); /* owners, is_referenced */

/* ---- keys.c: natural keys, and the fields `key` and `name` ---- */
void key_declare_natural(struct checker *checker, struct record_type *record, struct node *node);
/* Keys that need themselves, by way of the references they hold, are said; afterwards there are none. Wants every record's own members to be known. */
void keys_refuse_circles(struct checker *checker);
/* Gives the derived fields `key` and `name` their values. */
void key_and_name_settle(struct checker *checker, struct record_type *record);

/* ---- clauses.c: what rules, mandates and reports have in common ---- */
/* The key of an office or a domain that a declaration names; NULL when node is, or it is not there, which is said. */
const char *clause_key(struct checker *checker, struct node *node, const char *record);
/* The days of `effective from … until …`. */
void clause_effective(struct checker *checker, struct node *node, int64_t *from, int64_t *until);
/* A text without values. */
const char *clause_words(struct checker *checker, struct node *node, const char *clause);
/* The name of an exception, which is not empty. */
const char *clause_exception(struct checker *checker, struct node *node);
/* What `for` ranges over: the record type, and all conditions on its elements in terms of the variable. False when it is no record type, which is said. */
bool clause_source(struct checker *checker, struct texpr *collection, struct node *node, struct tvar *variable, struct record_type **record, struct texpr **where);
/* The only clause of the kind; a second one is said to be one too many. */
struct node *clause_find(struct checker *checker, struct node_list clauses, enum node_kind kind, const char *word);
/* The office, body or person of that name. */
bool clause_actor(struct checker *checker, struct node *node, struct tactor *actor);
struct tactor *clause_actors(struct checker *checker, struct node_list nodes, int *count);
/* A duration, a span or working days that is known; NULL when it is none, which is said. A fixed one is a constant, and more than nothing. */
struct texpr *clause_length(struct context *context, struct node *node, const char *clause, const char *example);
bool clause_fixed_length(struct context *context, struct node *node, const char *clause, const char *example, struct tlength *fixed);

/* ---- renames.c ---- */
/* Notes what a declaration says it was, to be looked at when all is declared; gives the old name, or NULL. record: of a field. */
const char *was_note(struct checker *checker, enum renamed_kind kind, const struct record_type *record, struct node *name, struct node *was);
/* An old name is nobody's any more, and was one thing's. Forgets what was noted. */
void check_renames(struct checker *checker);

/* ---- mandate.c, obligations.c, authority.c ---- */
void check_mandate(struct checker *checker, struct node *node);
/* Its obligations as a question: once it is known when it is in force. */
void mandate_make_questions(struct checker *checker, struct tmandate *mandate);
/* Who may require what: refuses mandates, from the first on, that lie outside their offices' authority, keeps the others within the life of their office and makes their
 * questions. Where offices or domains are among the instances from the first on, it tells of domains that several offices or none hold. */
void check_authority(struct checker *checker, int first_mandate, int first_instance);

/* ---- policy.c: rules, reports, instances ---- */
void check_rule(struct checker *checker, struct node *node);
void check_report(struct checker *checker, struct treport *report, struct node *node);
void check_definition(struct checker *checker, struct definition *definition);
struct tinstance *check_instance(struct context *context, struct node *node, struct node *type, struct node *key, struct node *title, struct node_list fields,
                                 bool complete);
/* Says that a construct has its meaning in a later version. */
void say_not_yet(struct checker *checker, const struct node *node, const char *what, bool is_error);
/* The stored field whose name is nearest, sets among them or not; NULL when none is near. */
const char *nearest_field(const struct record_type *record, const char *name, bool with_sets);
/* Is one of the fields that are given no field of the record, and nearly that one? Then the one is not missed as well. */
bool field_is_misspelt(const struct record_type *record, const struct field *field, struct node_list fields);
/* The fields that are given in braces. given, an empty table, gets their names as written. */
struct tassignment *check_assignments(struct context *context, struct record_type *record, struct node_list fields, struct name_table *given, int *count);

/* ---- test.c ---- */
void check_test(struct checker *checker, struct node *node);
/* In a test that gives or adds records of a type with a natural key: what their keys are is known when it runs. */
bool test_makes_key(struct checker *checker, const struct record_type *record);
/* In a test, a key that is there further down or in another test: says so in the message; false when there is none. */
bool hint_test_key(struct checker *checker, struct diagnostic *said, const struct record_type *record, const char *key);
/* A command that does nothing in a test, or does too much: a diagnostic and true. */
bool refuse_in_test(struct context *context, struct node *node);

/* ---- history.c: values as they were ---- */
struct texpr *check_at(struct context *context, struct node *node);
struct texpr *check_history(struct context *context, struct node *node);
/* The change that `as of` names; NULL when there is none, poison after a message. */
struct texpr *check_as_of(struct context *context, struct node *node);
/* Of a record as it was, an AT: its key or name (FIELD_KEY, FIELD_NAME) as it was then. */
struct texpr *shown_at(struct context *context, struct texpr *at, int which);
struct tcommand *check_baseline(struct context *context, struct node *node);

/* ---- command.c, import.c ---- */
struct tcommand *check_command(struct context *context, struct node *node);
struct timport *check_import(struct context *context, struct node *node);
struct texpr *check_column_of(struct context *context, struct node *node, const struct type *expected);
/* Arguments of a report call, one for each parameter. */
struct texpr **check_report_arguments(struct context *context, struct treport *report, struct node *call, bool *good);

/* ---- unknown.c ---- */
/* There is no rule, mandate, or either, of the name that the node is. */
void unknown_rule(struct checker *checker, const struct node *node);
void unknown_mandate(struct checker *checker, const struct node *node);
void unknown_rule_or_mandate(struct checker *checker, const struct node *node);

/* ---- unknown_record.c ---- */
/* There is no record of that key, and none near it: says in the message which one has it for a title, which there are, and how one is declared. */
void hint_key(struct checker *checker, struct diagnostic *said, const struct record_type *record, const char *key);
/* There is no field of that name, and none near it: says which there are, of those that are given (stored) or of all, and how one is added. */
void hint_fields(struct checker *checker, struct diagnostic *said, const struct record_type *record, const char *name, bool stored);

/* ---- unread.c ---- */
/* Is something of that name declared in what could not be read of the files? */
bool unread_declares(const struct checker *checker, const struct check_input *inputs, int input_count, const char *name, size_t length);

/* ---- why.c ---- */
struct tcommand *check_why(struct context *context, struct node *node);

/* ---- modules.c ---- */
/* When a module of the standard library has the field or inverse of the record (NULL: the record, enum or definition) of that name, says so in the message; false when none has. */
bool hint_module(struct checker *checker, struct diagnostic *said, const char *record, const char *name);

#endif
