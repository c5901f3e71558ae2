/* Expressions and queries on one line, with no brackets but those that are needed. */
#include "lang/format/format.h"
#include "lang/format/writer.h"

#include <assert.h>
#include <string.h>

static void write_text_bytes(struct buffer *out, const char *text) {
    for (; *text; text++)
        switch (*text) {
        case '\n':
            buffer_add_string(out, "\\n");
            break;
        case '\t':
            buffer_add_string(out, "\\t");
            break;
        case '"':
        case '\\':
        case '{':
            buffer_add_char(out, '\\');
            buffer_add_char(out, *text);
            break;
        default:
            buffer_add_char(out, *text);
        }
}

void text_write(struct buffer *out, const struct node *node) {
    const struct node_list *parts = &((const struct node_text_literal *)node)->parts;
    buffer_add_char(out, '"');
    for (int i = 0; i < parts->count; i++)
        if (parts->items[i]->kind == NODE_TEXT_PART)
            write_text_bytes(out, ((const struct node_text_part *)parts->items[i])->text);
        else {
            buffer_add_char(out, '{');
            expression_write(out, parts->items[i], LEVEL_ANY);
            buffer_add_char(out, '}');
        }
    buffer_add_char(out, '"');
}

int expression_level(const struct node *node) {
    switch (node->kind) {
    case NODE_UNARY:
        return operator_precedence((enum operator)((const struct node_unary *)node)->operator);
    case NODE_BINARY:
        return operator_precedence((enum operator)((const struct node_binary *)node)->operator);
    case NODE_IF:
        return LEVEL_ANY;
    case NODE_QUANTIFIER:
        return LEVEL_QUANTIFIER;
    case NODE_AT:
        return LEVEL_TIMED;
    case NODE_MEMBER:
    case NODE_FILTER:
        return LEVEL_POSTFIX;
    default:
        return LEVEL_PRIMARY;
    }
}

/* What is written last for an expression without brackets round its parts. */
static const struct node *last_part(const struct node *node) {
    switch (node->kind) {
    case NODE_BINARY:
        return last_part(((const struct node_binary *)node)->right);
    case NODE_UNARY: {
        const struct node_unary *unary = (const struct node_unary *)node;
        return unary->operator == OPERATOR_NOT || unary->operator == OPERATOR_NEGATE ? last_part(unary->operand) : node;
    }
    case NODE_IF:
        return last_part(((const struct node_if_expression *)node)->otherwise);
    case NODE_QUANTIFIER:
        return last_part(((const struct node_quantifier *)node)->collection);
    case NODE_AT:
        return last_part(((const struct node_at *)node)->time);
    default:
        return node;
    }
}

bool expression_ends_in_column(const struct node *node) {
    const struct node *last = last_part(node);
    return last->kind == NODE_COLUMN_OF && ((const struct node_column_of *)last)->cases.count == 0;
}

int level_before_text(const struct node *node) {
    const struct node *last = last_part(node);
    return last->kind == NODE_NAME && strcmp(((const struct node_name *)last)->text, "column") == 0 ? LEVEL_PRIMARY + 1 : LEVEL_ANY;
}

int level_of_start(const struct node *node, int level) {
    if (node->kind != NODE_NAME)
        return level;
    const char *name = ((const struct node_name *)node)->text;
    return strcmp(name, "from") == 0 || strcmp(name, "where") == 0 || strcmp(name, "on") == 0 ? LEVEL_PRIMARY + 1 : level;
}

static void write_list(struct buffer *out, const struct node_list *list) {
    for (int i = 0; i < list->count; i++) {
        bool needs_brackets = i + 1 < list->count && expression_ends_in_column(list->items[i]);
        if (i > 0)
            buffer_add_string(out, ", ");
        expression_write(out, list->items[i], needs_brackets ? LEVEL_PRIMARY + 1 : LEVEL_ANY);
    }
}

/* So that reading gives the same tree again. Beside a comparison a default gets brackets that it could do without: whoever reads `due ?? today > start` has to think. */
void operand_levels(enum operator operator, int *left, int *right) {
    int precedence = operator_precedence(operator);
    switch (operator) {
    case OPERATOR_OR:
    case OPERATOR_AND:
    case OPERATOR_ADD:
    case OPERATOR_SUBTRACT:
    case OPERATOR_MULTIPLY:
    case OPERATOR_DIVIDE: /* to the left */
        *left = precedence;
        *right = precedence + 1;
        break;
    case OPERATOR_DEFAULT: /* to the right */
        *left = precedence + 1;
        *right = precedence;
        break;
    case OPERATOR_RANGE: /* not at all */
        *left = *right = precedence + 1;
        break;
    default:
        *left = *right = operator_precedence(OPERATOR_DEFAULT) + 1;
    }
}

static void write_unary(struct buffer *out, const struct node_unary *unary) {
    int level = operator_precedence((enum operator)unary->operator);
    switch (unary->operator) {
    case OPERATOR_NOT:
        buffer_add_string(out, "not ");
        expression_write(out, unary->operand, level);
        break;
    case OPERATOR_NEGATE:
        buffer_add_char(out, '-');
        expression_write(out, unary->operand, level);
        break;
    default:
        expression_write(out, unary->operand, level + 1);
        buffer_add_format(out, " %s", operator_spelling((enum operator)unary->operator));
    }
}

static void write_binary(struct buffer *out, const struct node_binary *binary) {
    int left, right;
    operand_levels((enum operator)binary->operator, &left, &right);
    bool is_open = binary->operator == OPERATOR_NOT_IN || binary->operator == OPERATOR_SUBTRACT;
    expression_write(out, binary->left, is_open ? level_of_start(binary->left, left) : left);
    if (binary->operator == OPERATOR_RANGE)
        buffer_add_string(out, "..");
    else
        buffer_add_format(out, " %s ", operator_spelling((enum operator)binary->operator));
    expression_write(out, binary->right, right);
}

void argument_write(struct buffer *out, const struct node *node, bool is_last) {
    const struct node_argument *argument = (const struct node_argument *)node;
    if (argument->name != NULL) {
        const char *name = ((const struct node_name *)argument->name)->text;
        buffer_add_format(out, strcmp(name, "on") == 0 ? "%s " : "%s: ", name);
    }
    if (argument->value != NULL) {
        bool needs_brackets = !is_last && argument->by == NULL && argument->condition == NULL && expression_ends_in_column(argument->value);
        bool is_followed = argument->by != NULL || argument->condition != NULL;
        expression_write(out, argument->value, needs_brackets ? LEVEL_PRIMARY + 1 : is_followed ? level_of_start(argument->value, LEVEL_ANY) : LEVEL_ANY);
    }
    if (argument->by != NULL) {
        buffer_add_string(out, " by ");
        expression_write(out, argument->by, LEVEL_ANY);
    }
    if (argument->condition != NULL) {
        buffer_add_string(out, argument->value != NULL ? " where " : "where ");
        expression_write(out, argument->condition, LEVEL_ANY);
    }
}

static void write_call(struct buffer *out, const struct node_call *call) {
    expression_write(out, call->callee, LEVEL_PRIMARY);
    buffer_add_char(out, '(');
    const struct node_argument *only = call->arguments.count == 1 ? (const struct node_argument *)call->arguments.items[0] : NULL;
    if (only != NULL && only->value != NULL && only->value->kind == NODE_QUERY && !only->name && !only->by && !only->condition)
        query_write(out, only->value); /* the call's brackets serve the query */
    else
        for (int i = 0; i < call->arguments.count; i++) {
            if (i > 0)
                buffer_add_string(out, ", ");
            argument_write(out, call->arguments.items[i], i + 1 == call->arguments.count);
        }
    buffer_add_char(out, ')');
}

static void write_case(struct buffer *out, const struct node_case_expression *node) {
    buffer_add_string(out, "case {");
    for (int i = 0; i < node->rows.count; i++) {
        const struct node_case_row *row = (const struct node_case_row *)node->rows.items[i];
        buffer_add_string(out, " | ");
        if (row->condition != NULL)
            expression_write(out, row->condition, LEVEL_ANY);
        else
            buffer_add_string(out, "otherwise");
        buffer_add_string(out, " -> ");
        expression_write(out, row->value, LEVEL_ANY);
    }
    buffer_add_string(out, " }");
}

/* baseline "Gate 2", original baseline */
static void write_baseline(struct buffer *out, const struct node_baseline_time *time) {
    if (time->which != BASELINE_LABELLED)
        buffer_add_string(out, time->which == BASELINE_ORIGINAL ? "original " : "current ");
    buffer_add_string(out, "baseline");
    if (!time->label)
        return;
    buffer_add_char(out, ' ');
    expression_write(out, time->label, LEVEL_PRIMARY);
}

static void write_column_of(struct buffer *out, const struct node_column_of *node) {
    buffer_add_string(out, "column ");
    text_write(out, node->name);
    for (int i = 0; i < node->patterns.count; i++) {
        buffer_add_string(out, i == 0 ? " as " : ", ");
        text_write(out, node->patterns.items[i]);
    }
    if (node->times != NULL) {
        buffer_add_string(out, " times ");
        expression_write(out, node->times, LEVEL_PRIMARY);
    }
    for (int i = 0; i < node->cases.count; i++) {
        const struct node_case_of *row = (const struct node_case_of *)node->cases.items[i];
        buffer_add_string(out, i == 0 ? " { " : "  ");
        expression_write(out, row->from, LEVEL_PRIMARY);
        buffer_add_string(out, ": ");
        expression_write(out, row->to, level_before_text(row->to));
    }
    if (node->cases.count > 0)
        buffer_add_string(out, " }");
}

static void write_quantity(struct buffer *out, const struct node_quantity *quantity) {
    buffer_add_format(out, "%s %s%s", quantity->amount, unit_name((enum unit)quantity->unit), strcmp(quantity->amount, "1") == 0 ? "" : "s");
}

/* Names and literals: what has no parts but texts. */
static void write_leaf(struct buffer *out, const struct node *node) {
    switch (node->kind) {
    case NODE_NAME:
        buffer_add_string(out, ((const struct node_name *)node)->text);
        break;
    case NODE_INT_LITERAL:
        buffer_add_string(out, ((const struct node_int_literal *)node)->text);
        break;
    case NODE_DECIMAL_LITERAL:
        buffer_add_string(out, ((const struct node_decimal_literal *)node)->text);
        break;
    case NODE_MONEY_LITERAL:
        buffer_add_format(out, "%s %s", ((const struct node_money_literal *)node)->amount, ((const struct node_money_literal *)node)->currency);
        break;
    case NODE_TEXT_LITERAL:
        text_write(out, node);
        break;
    case NODE_BOOL_LITERAL:
        buffer_add_string(out, ((const struct node_bool_literal *)node)->value ? "true" : "false");
        break;
    case NODE_DATE_LITERAL:
        buffer_add_string(out, ((const struct node_date_literal *)node)->text);
        break;
    case NODE_DATETIME_LITERAL:
        buffer_add_string(out, ((const struct node_datetime_literal *)node)->text);
        break;
    case NODE_PERIOD_LITERAL:
        buffer_add_string(out, ((const struct node_period_literal *)node)->text);
        break;
    case NODE_QUANTITY:
        write_quantity(out, (const struct node_quantity *)node);
        break;
    case NODE_MISSING:
        buffer_add_string(out, "missing");
        break;
    default:
        assert(!"an expression");
    }
}

static void write_bare(struct buffer *out, const struct node *node) {
    switch (node->kind) {
    case NODE_UNARY:
        write_unary(out, (const struct node_unary *)node);
        break;
    case NODE_BINARY:
        write_binary(out, (const struct node_binary *)node);
        break;
    case NODE_MEMBER:
        expression_write(out, ((const struct node_member *)node)->base, LEVEL_POSTFIX);
        buffer_add_char(out, '.');
        expression_write(out, ((const struct node_member *)node)->name, LEVEL_PRIMARY);
        break;
    case NODE_FILTER:
        expression_write(out, ((const struct node_filter *)node)->base, level_of_start(((const struct node_filter *)node)->base, LEVEL_POSTFIX));
        buffer_add_char(out, '[');
        expression_write(out, ((const struct node_filter *)node)->condition, LEVEL_ANY);
        buffer_add_char(out, ']');
        break;
    case NODE_CALL:
        write_call(out, (const struct node_call *)node);
        break;
    case NODE_QUANTIFIER:
        buffer_add_string(out, ((const struct node_quantifier *)node)->negated ? "no " : "exists ");
        expression_write(out, ((const struct node_quantifier *)node)->collection, LEVEL_TIMED);
        break;
    case NODE_LIST:
        buffer_add_char(out, '[');
        write_list(out, &((const struct node_list_expression *)node)->items);
        buffer_add_char(out, ']');
        break;
    case NODE_IF:
        buffer_add_string(out, "if ");
        expression_write(out, ((const struct node_if_expression *)node)->condition, LEVEL_ANY + 1);
        buffer_add_string(out, " then ");
        expression_write(out, ((const struct node_if_expression *)node)->then, LEVEL_ANY + 1);
        buffer_add_string(out, " else ");
        expression_write(out, ((const struct node_if_expression *)node)->otherwise, LEVEL_ANY);
        break;
    case NODE_CASE:
        write_case(out, (const struct node_case_expression *)node);
        break;
    case NODE_AT:
        expression_write(out, ((const struct node_at *)node)->value, level_of_start(((const struct node_at *)node)->value, LEVEL_TIMED));
        buffer_add_string(out, " at ");
        expression_write(out, ((const struct node_at *)node)->time, LEVEL_POSTFIX);
        break;
    case NODE_BASELINE_TIME:
        write_baseline(out, (const struct node_baseline_time *)node);
        break;
    case NODE_COLUMN_OF:
        write_column_of(out, (const struct node_column_of *)node);
        break;
    case NODE_ARGUMENT:
        argument_write(out, node, true);
        break;
    case NODE_QUERY:
        query_write(out, node);
        break;
    default:
        write_leaf(out, node);
    }
}

void expression_write(struct buffer *out, const struct node *node, int level) {
    bool needs_brackets = node->kind == NODE_QUERY || expression_level(node) < level;
    if (needs_brackets)
        buffer_add_char(out, '(');
    write_bare(out, node);
    if (needs_brackets)
        buffer_add_char(out, ')');
}

void format_expression(struct buffer *out, const struct node *node) {
    write_bare(out, node);
}

/* ---- queries ---- */

void source_write(struct buffer *out, const struct node *binder, const struct node *collection) {
    if (binder != NULL) {
        expression_write(out, binder, LEVEL_PRIMARY);
        buffer_add_string(out, " in ");
    }
    expression_write(out, collection, LEVEL_TIMED);
}

void column_write(struct buffer *out, const struct node *node) {
    const struct node_column *column = (const struct node_column *)node;
    bool needs_brackets = column->label != NULL && expression_ends_in_column(column->value);
    expression_write(out, column->value, needs_brackets ? LEVEL_PRIMARY + 1 : LEVEL_ANY);
    if (column->label != NULL) {
        buffer_add_string(out, " as ");
        expression_write(out, column->label, LEVEL_PRIMARY);
    }
}

static void write_columns(struct buffer *out, const char *word, const struct node_list *columns) {
    buffer_add_string(out, word);
    for (int i = 0; i < columns->count; i++) {
        buffer_add_string(out, i > 0 ? ", " : " ");
        column_write(out, columns->items[i]);
    }
}

static bool write_after(struct buffer *out, const char *word, const struct node *node) {
    if (node == NULL)
        return false;
    buffer_add_format(out, "%s ", word);
    expression_write(out, node, LEVEL_ANY);
    return true;
}

static void write_order(struct buffer *out, const struct node_list *order) {
    buffer_add_string(out, "sort by");
    for (int i = 0; i < order->count; i++) {
        const struct node_sort *sort = (const struct node_sort *)order->items[i];
        buffer_add_string(out, i > 0 ? ", " : " ");
        expression_write(out, sort->value, LEVEL_ANY);
        if (sort->descending)
            buffer_add_string(out, " desc");
    }
}

static void write_chart(struct buffer *out, const struct node_chart *chart) {
    buffer_add_string(out, "chart ");
    expression_write(out, chart->kind, LEVEL_PRIMARY);
    buffer_add_char(out, ' ');
    expression_write(out, chart->value, LEVEL_ANY);
    buffer_add_string(out, " by ");
    expression_write(out, chart->label, LEVEL_ANY);
}

bool query_part_write(struct buffer *out, const struct node_query *query, enum query_part part) {
    switch (part) {
    case PART_FROM:
        for (int i = 0; i < query->sources.count; i++) {
            const struct node_source_item *source = (const struct node_source_item *)query->sources.items[i];
            buffer_add_string(out, i > 0 ? ", " : "from ");
            source_write(out, source->binder, source->collection);
        }
        return query->sources.count > 0;
    case PART_WHERE:
        return write_after(out, "where", query->condition);
    case PART_GROUP:
        if (query->groups.count > 0)
            write_columns(out, "group by", &query->groups);
        return query->groups.count > 0;
    case PART_SHOW:
        if (query->columns.count > 0)
            write_columns(out, "show", &query->columns);
        return query->columns.count > 0;
    case PART_KEEP:
        return write_after(out, "keep where", query->keep);
    case PART_SORT:
        if (query->order.count > 0)
            write_order(out, &query->order);
        return query->order.count > 0;
    case PART_TAKE:
        return write_after(out, "take", query->take);
    case PART_TOTAL:
        if (query->totals.count > 0) {
            buffer_add_string(out, "total ");
            write_list(out, &query->totals);
        }
        return query->totals.count > 0;
    case PART_CHART:
        if (query->chart != NULL)
            write_chart(out, (const struct node_chart *)query->chart);
        return query->chart != NULL;
    case PART_AS_OF:
        return write_after(out, "as of", query->as_of);
    case PART_COUNT:
        break;
    }
    return false;
}

void query_write(struct buffer *out, const struct node *node) {
    const struct node_query *query = (const struct node_query *)node;
    for (int part = PART_FROM; part < PART_COUNT; part++) {
        size_t before = out->length;
        if (part > PART_FROM)
            buffer_add_char(out, ' ');
        if (!query_part_write(out, query, (enum query_part)part)) {
            out->length = before;
            if (out->bytes != NULL)
                out->bytes[before] = '\0';
        }
    }
}
