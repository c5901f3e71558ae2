/* Expressions and queries that do not fit on one line: broken before operators, after commas, and between the rows and clauses of a whole. */
#include "lang/format/writer.h"

#include <assert.h>
#include <string.h>

int writer_column(const struct writer *writer) {
    const struct buffer *out = writer->out;
    size_t start = out->length;
    while (start > 0 && out->bytes[start - 1] != '\n')
        start--;
    return start == out->length ? 0 : text_width(out->bytes + start, out->length - start);
}

void writer_break(struct writer *writer, int base) {
    while (writer->out->length > 0 && writer->out->bytes[writer->out->length - 1] == ' ')
        writer->out->length--;
    buffer_add_char(writer->out, '\n');
    buffer_add_repeated(writer->out, ' ', base);
}

/* Whether the text fits on the rest of the line, with room for a closing bracket and a comma. */
static bool fits(const struct writer *writer, const struct buffer *text) {
    enum { CLOSING_COLUMNS = 2 };
    return writer_column(writer) + text_width(buffer_string(text), text->length) <= LINE_COLUMNS_MOST - CLOSING_COLUMNS;
}

static bool write_if_fits(struct writer *writer, const struct node *node, int level) {
    struct buffer line = {0};
    expression_write(&line, node, level);
    bool does_fit = fits(writer, &line);
    if (does_fit)
        buffer_add(writer->out, line.bytes, line.length);
    buffer_free(&line);
    return does_fit;
}

static bool is_left_chain(int operator) {
    return operator == OPERATOR_OR || operator == OPERATOR_AND || operator == OPERATOR_ADD || operator == OPERATOR_SUBTRACT ||
           operator == OPERATOR_MULTIPLY || operator == OPERATOR_DIVIDE;
}

/* a and b and c: each operator starts a line. */
static void wrap_binary(struct writer *writer, const struct node_binary *binary, int base) {
    int operator = binary->operator, left_level, right_level;
    operand_levels((enum operator)operator, &left_level, &right_level);
    const struct node *left = binary->left;
    bool continues = is_left_chain(operator) && left->kind == NODE_BINARY && expression_level(left) == operator_precedence((enum operator)operator);
    bool is_open = operator == OPERATOR_NOT_IN || operator == OPERATOR_SUBTRACT;
    if (continues)
        wrap_binary(writer, (const struct node_binary *)left, base);
    else
        wrap_expression(writer, left, is_open ? level_of_start(left, left_level) : left_level, base);
    writer_break(writer, base + INDENT_COLUMNS);
    buffer_add_format(writer->out, "%s ", operator_spelling((enum operator)operator));
    wrap_expression(writer, binary->right, right_level, base + INDENT_COLUMNS);
}

static void wrap_argument(struct writer *writer, const struct node *node, bool is_last, int base) {
    struct buffer line = {0};
    argument_write(&line, node, is_last);
    const struct node_argument *argument = (const struct node_argument *)node;
    bool is_plain = argument->name == NULL && argument->value != NULL;
    if (fits(writer, &line) || !is_plain || (!is_last && expression_ends_in_column(argument->value)))
        buffer_add(writer->out, line.bytes, line.length);
    else {
        bool is_followed = argument->by != NULL || argument->condition != NULL;
        wrap_expression(writer, argument->value, is_followed ? level_of_start(argument->value, LEVEL_ANY) : LEVEL_ANY, base);
        if (argument->by != NULL) {
            buffer_add_string(writer->out, " by ");
            wrap_expression(writer, argument->by, LEVEL_ANY, base);
        }
        if (argument->condition != NULL) {
            writer_break(writer, base + INDENT_COLUMNS);
            buffer_add_string(writer->out, "where ");
            wrap_expression(writer, argument->condition, LEVEL_ANY, base + INDENT_COLUMNS);
        }
    }
    buffer_free(&line);
}

static void wrap_call(struct writer *writer, const struct node_call *call, int base) {
    expression_write(writer->out, call->callee, LEVEL_PRIMARY);
    buffer_add_char(writer->out, '(');
    const struct node_argument *only = call->arguments.count == 1 ? (const struct node_argument *)call->arguments.items[0] : NULL;
    if (only != NULL && only->value != NULL && only->value->kind == NODE_QUERY && !only->name && !only->by && !only->condition) {
        writer_break(writer, base + INDENT_COLUMNS);
        wrap_query(writer, only->value, base + INDENT_COLUMNS);
        writer_break(writer, base);
    } else if (only != NULL)
        wrap_argument(writer, &only->head, true, base);
    else {
        for (int i = 0; i < call->arguments.count; i++) {
            writer_break(writer, base + INDENT_COLUMNS);
            wrap_argument(writer, call->arguments.items[i], i + 1 == call->arguments.count, base + INDENT_COLUMNS);
            if (i + 1 < call->arguments.count)
                buffer_add_char(writer->out, ',');
        }
        writer_break(writer, base);
    }
    buffer_add_char(writer->out, ')');
}

static void wrap_items(struct writer *writer, const struct node_list *items, int base) {
    buffer_add_char(writer->out, '[');
    for (int i = 0; i < items->count; i++) {
        bool is_last = i + 1 == items->count;
        writer_break(writer, base + INDENT_COLUMNS);
        wrap_expression(writer, items->items[i], !is_last && expression_ends_in_column(items->items[i]) ? LEVEL_PRIMARY + 1 : LEVEL_ANY,
                        base + INDENT_COLUMNS);
        if (!is_last)
            buffer_add_char(writer->out, ',');
    }
    writer_break(writer, base);
    buffer_add_char(writer->out, ']');
}

static void wrap_case(struct writer *writer, const struct node_case_expression *node, int base) {
    buffer_add_string(writer->out, "case {");
    for (int i = 0; i < node->rows.count; i++) {
        const struct node_case_row *row = (const struct node_case_row *)node->rows.items[i];
        writer_break(writer, base + INDENT_COLUMNS);
        buffer_add_string(writer->out, "| ");
        if (row->condition != NULL)
            wrap_expression(writer, row->condition, LEVEL_ANY, base + INDENT_COLUMNS);
        else
            buffer_add_string(writer->out, "otherwise");
        buffer_add_string(writer->out, " -> ");
        wrap_expression(writer, row->value, LEVEL_ANY, base + INDENT_COLUMNS);
    }
    writer_break(writer, base);
    buffer_add_char(writer->out, '}');
}

static void wrap_if(struct writer *writer, const struct node_if_expression *node, int base) {
    buffer_add_string(writer->out, "if ");
    wrap_expression(writer, node->condition, LEVEL_ANY + 1, base + INDENT_COLUMNS);
    writer_break(writer, base + INDENT_COLUMNS);
    buffer_add_string(writer->out, "then ");
    wrap_expression(writer, node->then, LEVEL_ANY + 1, base + INDENT_COLUMNS);
    writer_break(writer, base + INDENT_COLUMNS);
    buffer_add_string(writer->out, "else ");
    if (node->otherwise->kind == NODE_IF)
        wrap_if(writer, (const struct node_if_expression *)node->otherwise, base); /* `else if` stays in its column */
    else
        wrap_expression(writer, node->otherwise, LEVEL_ANY, base + INDENT_COLUMNS);
}

static void wrap_column_of(struct writer *writer, const struct node *node, int base) {
    const struct node_column_of *column = (const struct node_column_of *)node;
    struct node_column_of head = *column;
    head.cases = (struct node_list){0};
    expression_write(writer->out, &head.head, LEVEL_ANY);
    if (column->cases.count == 0)
        return;
    buffer_add_string(writer->out, " {");
    for (int i = 0; i < column->cases.count; i++) {
        const struct node_case_of *row = (const struct node_case_of *)column->cases.items[i];
        writer_break(writer, base + INDENT_COLUMNS);
        expression_write(writer->out, row->from, LEVEL_PRIMARY);
        buffer_add_string(writer->out, ": ");
        wrap_expression(writer, row->to, level_before_text(row->to), base + INDENT_COLUMNS);
    }
    writer_break(writer, base);
    buffer_add_char(writer->out, '}');
}

static void wrap_unary(struct writer *writer, const struct node_unary *unary, int base) {
    int level = operator_precedence((enum operator)unary->operator);
    bool is_prefix = unary->operator == OPERATOR_NOT || unary->operator == OPERATOR_NEGATE;
    if (is_prefix)
        buffer_add_string(writer->out, unary->operator == OPERATOR_NOT ? "not " : "-");
    wrap_expression(writer, unary->operand, is_prefix ? level : level + 1, base);
    if (!is_prefix)
        buffer_add_format(writer->out, " %s", operator_spelling((enum operator)unary->operator));
}

static void wrap_bare(struct writer *writer, const struct node *node, int base) {
    switch (node->kind) {
    case NODE_BINARY:
        wrap_binary(writer, (const struct node_binary *)node, base);
        break;
    case NODE_UNARY:
        wrap_unary(writer, (const struct node_unary *)node, base);
        break;
    case NODE_CALL:
        wrap_call(writer, (const struct node_call *)node, base);
        break;
    case NODE_LIST:
        wrap_items(writer, &((const struct node_list_expression *)node)->items, base);
        break;
    case NODE_CASE:
        wrap_case(writer, (const struct node_case_expression *)node, base);
        break;
    case NODE_IF:
        wrap_if(writer, (const struct node_if_expression *)node, base);
        break;
    case NODE_COLUMN_OF:
        wrap_column_of(writer, node, base);
        break;
    case NODE_MEMBER:
        wrap_expression(writer, ((const struct node_member *)node)->base, LEVEL_POSTFIX, base);
        buffer_add_char(writer->out, '.');
        expression_write(writer->out, ((const struct node_member *)node)->name, LEVEL_PRIMARY);
        break;
    case NODE_FILTER:
        wrap_expression(writer, ((const struct node_filter *)node)->base, level_of_start(((const struct node_filter *)node)->base, LEVEL_POSTFIX), base);
        buffer_add_char(writer->out, '[');
        wrap_expression(writer, ((const struct node_filter *)node)->condition, LEVEL_ANY, base + INDENT_COLUMNS);
        buffer_add_char(writer->out, ']');
        break;
    case NODE_QUANTIFIER:
        buffer_add_string(writer->out, ((const struct node_quantifier *)node)->negated ? "no " : "exists ");
        wrap_expression(writer, ((const struct node_quantifier *)node)->collection, LEVEL_TIMED, base);
        break;
    case NODE_AT:
        wrap_expression(writer, ((const struct node_at *)node)->value, level_of_start(((const struct node_at *)node)->value, LEVEL_TIMED), base);
        buffer_add_string(writer->out, " at ");
        expression_write(writer->out, ((const struct node_at *)node)->time, LEVEL_POSTFIX);
        break;
    default: /* nothing in it can be broken */
        expression_write(writer->out, node, LEVEL_ANY);
    }
}

void wrap_expression(struct writer *writer, const struct node *node, int level, int base) {
    if (write_if_fits(writer, node, level))
        return;
    if (node->kind == NODE_QUERY) {
        buffer_add_char(writer->out, '(');
        writer_break(writer, base + INDENT_COLUMNS);
        wrap_query(writer, node, base + INDENT_COLUMNS);
        writer_break(writer, base);
        buffer_add_char(writer->out, ')');
        return;
    }
    bool needs_brackets = expression_level(node) < level;
    if (needs_brackets)
        buffer_add_char(writer->out, '(');
    wrap_bare(writer, node, base);
    if (needs_brackets)
        buffer_add_char(writer->out, ')');
}

/* Is a line too long that was written since then, or the one before it? */
static bool is_too_long(const struct writer *writer, size_t start) {
    const char *bytes = writer->out->bytes;
    while (start > 0 && bytes[start - 1] != '\n')
        start--;
    for (size_t end = start; start < writer->out->length; start = ++end) {
        while (end < writer->out->length && bytes[end] != '\n')
            end++;
        if (text_width(bytes + start, end - start) > LINE_COLUMNS_MOST)
            return true;
    }
    return false;
}

void wrap_value(struct writer *writer, const struct node *value) {
    buffer_add_string(writer->out, " = ");
    size_t start = writer->out->length;
    wrap_expression(writer, value, LEVEL_ANY, writer->indent);
    if (!is_too_long(writer, start))
        return;
    writer->out->length = start;
    writer_break(writer, writer->indent + INDENT_COLUMNS);
    wrap_expression(writer, value, LEVEL_ANY, writer->indent + INDENT_COLUMNS);
}

void wrap_list(struct writer *writer, const struct node_list *items, void (*write)(struct buffer *out, const struct node *item), int base) {
    struct buffer line = {0};
    for (int i = 0; i < items->count; i++) {
        if (i > 0)
            buffer_add_string(&line, ", ");
        write(&line, items->items[i]);
    }
    if (fits(writer, &line))
        buffer_add(writer->out, line.bytes, line.length);
    else
        for (int i = 0; i < items->count; i++) {
            if (i > 0)
                writer_break(writer, base + INDENT_COLUMNS);
            write(writer->out, items->items[i]);
            if (i + 1 < items->count)
                buffer_add_char(writer->out, ',');
        }
    buffer_free(&line);
}

static void write_any(struct buffer *out, const struct node *node) {
    expression_write(out, node, LEVEL_ANY);
}

void wrap_query_part(struct writer *writer, const struct node_query *query, enum query_part part, int base) {
    struct buffer line = {0};
    query_part_write(&line, query, part);
    if (fits(writer, &line)) {
        buffer_add(writer->out, line.bytes, line.length);
        buffer_free(&line);
        return;
    }
    switch (part) {
    case PART_WHERE:
        buffer_add_string(writer->out, "where ");
        wrap_expression(writer, query->condition, LEVEL_ANY, base);
        break;
    case PART_GROUP:
        buffer_add_string(writer->out, "group by ");
        wrap_list(writer, &query->groups, column_write, base);
        break;
    case PART_SHOW:
        buffer_add_string(writer->out, "show ");
        wrap_list(writer, &query->columns, column_write, base);
        break;
    case PART_KEEP:
        buffer_add_string(writer->out, "keep where ");
        wrap_expression(writer, query->keep, LEVEL_ANY, base);
        break;
    case PART_TOTAL:
        buffer_add_string(writer->out, "total ");
        wrap_list(writer, &query->totals, write_any, base);
        break;
    default:
        buffer_add(writer->out, line.bytes, line.length);
    }
    buffer_free(&line);
}

void wrap_query(struct writer *writer, const struct node *node, int base) {
    const struct node_query *query = (const struct node_query *)node;
    bool is_first = true;
    for (int part = PART_FROM; part < PART_COUNT; part++) {
        struct buffer line = {0};
        bool has_part = query_part_write(&line, query, (enum query_part)part);
        /* `from … where …` stay together where they fit. */
        bool joins = part == PART_WHERE && (buffer_add_char(&line, ' '), fits(writer, &line));
        buffer_free(&line);
        if (!has_part)
            continue;
        if (joins)
            buffer_add_char(writer->out, ' ');
        else if (!is_first)
            writer_break(writer, base);
        wrap_query_part(writer, query, (enum query_part)part, base);
        is_first = false;
    }
}
