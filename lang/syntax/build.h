/* What the grammar's actions call: one constructor for each node, made from nodes.def, and the few that do more than fill in fields.
 * Knows: the AST, the text being parsed and its comments. Does not know: tokens still to come, types, what names mean.
 * A `build` belongs to one run of the parse driver; nodes go into its arena. */
#ifndef REMIT_LANG_SYNTAX_BUILD_H
#define REMIT_LANG_SYNTAX_BUILD_H

#include "lang/base/intern.h"
#include "lang/source/diagnostics.h"
#include "lang/syntax/ast.h"

struct build {
    struct arena *arena;
    struct intern *names;
    struct diagnostics *diagnostics; /* NULL while only the tokens that may follow are asked for */
    const char *text;                /* the source being parsed */
    const struct comment_list *comments; /* those met so far, in order */
    struct node_list items;          /* finished declarations and commands without errors */
    bool item_is_bad;                /* an error was found in the item being read: build_item leaves it out */
    int item_token_count;            /* tokens pushed since the last item: only long items are measured for depth */
    int error_count;
};

/* Adds a diagnostic and marks the item being read as bad. first and second go into the message, as far as its row asks for them. NULL when
 * nothing is to be reported. */
struct diagnostic *build_error(struct build *build, enum diagnostic_code code, struct span span, const char *first, const char *second);

/* MAKE(rule, RULE, span, name, title, ...): a node of that row of nodes.def, its fields in the row's order. Needs `build` in scope. */
#define MAKE(name, constant, place, ...) \
    build_node(build, &(struct node_##name){{NODE_##constant, (place)}, __VA_ARGS__}.head, sizeof(struct node_##name))
/* A copy of a node of that size in the arena. */
struct node *build_node(struct build *build, const struct node *node, size_t size);

static const struct node_list no_list = {NULL, 0, 0};
struct node_list list_of(struct build *build, struct node *first);
/* NULL is left out: what was dropped after an error. */
struct node_list list_add(struct build *build, struct node_list list, struct node *node);

/* A finished item of the program; NULL for one that was dropped. */
void build_item(struct build *build, struct node *item);
/* The text of the `##` comments right before the place where a declaration starts, lines joined by newlines; NULL when there are none. */
const char *build_doc(struct build *build, struct span first);

struct node *build_name(struct build *build, struct span span, const char *text);
struct node *build_word(struct build *build, struct span span, const char *word);
/* Literals are read from the source text by their place. */
struct node *build_int(struct build *build, struct span span);
struct node *build_decimal(struct build *build, struct span span);
struct node *build_money(struct build *build, struct span span);
struct node *build_date(struct build *build, struct span span);
struct node *build_datetime(struct build *build, struct span span);
struct node *build_period(struct build *build, struct span span);
struct node *build_quantity(struct build *build, struct span span);
/* A text without values: text is what the lexer read, "" for none. */
struct node *build_plain_text(struct build *build, struct span span, const char *text);
/* One stretch of text and the value after it. */
struct node_list build_text_part(struct build *build, struct node_list parts, struct span span, const char *text, struct node *value);
struct node *build_text(struct build *build, struct span span, struct node_list parts, struct span last_span, const char *last);

struct node *build_language(struct build *build, struct span span, struct span version);
struct node *build_optional_type(struct build *build, struct span span, struct node *type);
/* source is a SOURCE node: its binder and collection move into the clause. */
struct node *build_for(struct build *build, struct span span, struct node *source, struct node *condition);
struct node *build_for_each(struct build *build, struct span span, struct node *source, struct node *condition, struct node_list body);
struct node *build_mandate(struct build *build, struct span span, struct node *name, struct node *was, struct node *title, struct node *office, struct node *domain,
                           struct node_list clauses, const char *doc);

/* The clauses of a query in the order they must be written. */
enum query_clause {
    QUERY_FROM, QUERY_WHERE, QUERY_GROUP, QUERY_SHOW, QUERY_KEEP, QUERY_SORT, QUERY_TAKE, QUERY_TOTAL, QUERY_CHART, QUERY_AS_OF,
    QUERY_CLAUSE_COUNT
};
/* A QUERY with this one clause: its list or its node. */
struct node *build_query(struct build *build, struct span span, enum query_clause clause, struct node_list list, struct node *node);
/* query with the one clause of part; reports a clause said twice or out of order. */
struct node *build_query_join(struct build *build, struct node *query, struct node *part);
/* clauses: TO, EVERY, LET, … and QUERY parts, in the order written; the parts become the report's query. */
struct node *build_report(struct build *build, struct span span, struct node *name, struct node_list parameters, struct node *title,
                          struct node *office, struct node *domain, struct node_list clauses, const char *doc);
/* name(query). */
struct node *build_query_call(struct build *build, struct span span, struct node *name, struct node *query);

struct until_pair {
    struct node *from, *until;
};
static inline struct until_pair until_pair(struct node *from, struct node *until) {
    return (struct until_pair){from, until};
}

/* The deepest path below a node, counted without recursion: an `a + b + c …` of any length is measured safely. Stops counting past `most`. */
int node_depth(const struct node *node, int most);

#endif
