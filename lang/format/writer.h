/* The inside of the formatter: a writer that knows its indentation and the comments still to be written. Not for other rooms.
 * Knows: layout. Does not know: what is declared where. */
#ifndef REMIT_LANG_FORMAT_WRITER_H
#define REMIT_LANG_FORMAT_WRITER_H

#include "lang/base/text.h"
#include "lang/syntax/parse.h"

enum { LINE_COLUMNS_MOST = 100, INDENT_COLUMNS = 2 };

/* How tightly an expression binds, above operators.def: an expression of a lower level than its place asks for stands in brackets. */
enum level { LEVEL_ANY = 0, LEVEL_QUANTIFIER = 10, LEVEL_TIMED, LEVEL_POSTFIX, LEVEL_PRIMARY };

struct writer {
    struct buffer *out;
    int indent;                          /* columns */
    const char *source;                  /* the text that was parsed, for blank lines; NULL: there are none, nor comments */
    const struct comment_list *comments;
    int next_comment;                    /* the first that is not written yet */
    bool at_block_start;                 /* nothing stands in this block yet: no blank line goes before its first line */
};

/* ---- expression.c: on one line ---- */

void expression_write(struct buffer *out, const struct node *node, int level);
int expression_level(const struct node *node);
/* The levels that the operands of a binary operator need. */
void operand_levels(enum operator operator, int *left, int *right);
/* The level for an operand that starts an expression and is followed by a word, `-` or a bracket: after `(` the names from, where and on would be
 * read as the words they are spelled as there, so they get brackets of their own. */
int level_of_start(const struct node *node, int level);
/* Whether the last thing written for node would be `column "…"` with room for more of its parts, so that what follows could be taken for one. */
bool expression_ends_in_column(const struct node *node);
/* The level for an expression that a text follows: a name `column` at its end would take the text for the title of a column. */
int level_before_text(const struct node *node);
void text_write(struct buffer *out, const struct node *text);
void argument_write(struct buffer *out, const struct node *argument, bool is_last);
void column_write(struct buffer *out, const struct node *column);
/* One clause of a query; false when the query has none. */
enum query_part { PART_FROM, PART_WHERE, PART_GROUP, PART_SHOW, PART_KEEP, PART_SORT, PART_TAKE, PART_TOTAL, PART_CHART, PART_AS_OF, PART_COUNT };
bool query_part_write(struct buffer *out, const struct node_query *query, enum query_part part);
/* Without brackets. */
void query_write(struct buffer *out, const struct node *query);
void source_write(struct buffer *out, const struct node *binder, const struct node *collection);

/* ---- wrap.c: over several lines where one is too short ---- */

/* Columns written since the last newline. */
int writer_column(const struct writer *writer);
/* A new line, indented by base columns. */
void writer_break(struct writer *writer, int base);
/* Writes the expression; lines after the first are indented by more than base columns. */
void wrap_expression(struct writer *writer, const struct node *node, int level, int base);
/* ` = ` and a value, which begins on a line of its own where nothing else keeps the lines short. */
void wrap_value(struct writer *writer, const struct node *value);
/* `word a, b, c`: the items one a line when they do not fit on one. */
void wrap_list(struct writer *writer, const struct node_list *items, void (*write)(struct buffer *out, const struct node *item), int base);
/* One clause of a query; nothing when it has none. */
void wrap_query_part(struct writer *writer, const struct node_query *query, enum query_part part, int base);
/* The clauses of a query, one a line, each indented by base; the first continues the current line. */
void wrap_query(struct writer *writer, const struct node *query, int base);

/* ---- lines.c: lines, blocks and comments ---- */

/* Starts the line of an element: comments before it, a blank line where there was one in the source, comments in the midst of it (unless it has
 * lines of its own for them), indentation. */
void line_start(struct writer *writer, const struct node *element);
/* The same for a part of an element, which stood at start .. end in the source: no comment before it is documentation. */
void line_start_within(struct writer *writer, uint32_t start, uint32_t end);
/* Ends it: a comment that stood behind it on its line, the newline. */
void line_end(struct writer *writer, uint32_t end);
/* Whether comments that are not written yet stand before that place. */
bool has_comments_before(const struct writer *writer, uint32_t place);
/* " {", a comment behind it, a new line; the first element within stands at first. */
void block_open(struct writer *writer, uint32_t first);
/* Comments at the end of the block, "}" on a line of its own. end is the place after the `}` in the source. */
void block_close(struct writer *writer, uint32_t end);
/* Comments up to that place, each on its own line. */
void comments_flush(struct writer *writer, uint32_t place);

/* ---- declaration.c, clause.c, command.c ---- */

/* One item of a program, a test or a block, without its indentation and the newline after it. */
void item_write(struct writer *writer, const struct node *item);
void declaration_write(struct writer *writer, const struct node *item);
/* A part that is no clause, on its own: a member of a record, a type, a value of an enum, a parameter. */
void part_write(struct writer *writer, const struct node *node);
void command_write(struct writer *writer, const struct node *item);
void clause_write(struct writer *writer, const struct node *clause);
/* " { a: 1  b: 2 }" or one field a line. end is where the whole ends in the source. */
void fields_write(struct writer *writer, const struct node_list *fields, uint32_t end);
/* Items one a line in a block. */
void items_write(struct writer *writer, const struct node_list *items, uint32_t end);
void instance_write(struct writer *writer, const char *word, const struct node *type, const struct node *key, const struct node *title,
                    const struct node_list *fields, uint32_t end);
void title_write(struct writer *writer, const struct node *title);

#endif
