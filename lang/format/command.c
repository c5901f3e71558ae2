/* Commands, and the items of tests. */
#include "lang/format/writer.h"

#include <assert.h>
#include <string.h>

static void write_after(struct writer *writer, const char *word, const struct node *node) {
    if (node == NULL)
        return;
    buffer_add_string(writer->out, word);
    expression_write(writer->out, node, LEVEL_PRIMARY);
}

/* `print from` would be read as the start of a query. */
static int level_after_print(const struct node *value) {
    return value->kind == NODE_NAME && strcmp(((const struct node_name *)value)->text, "from") == 0 ? LEVEL_PRIMARY + 1 : LEVEL_ANY;
}

static void write_printed(struct buffer *out, const struct node *value) {
    expression_write(out, value, level_after_print(value));
}

static void write_print(struct writer *writer, const struct node_print *print) {
    buffer_add_string(writer->out, "print ");
    if (print->values.count == 1 && print->values.items[0]->kind == NODE_QUERY) {
        struct buffer line = {0};
        query_write(&line, print->values.items[0]);
        if (writer_column(writer) + text_width(line.bytes, line.length) <= LINE_COLUMNS_MOST)
            buffer_add(writer->out, line.bytes, line.length);
        else
            wrap_query(writer, print->values.items[0], writer->indent + INDENT_COLUMNS);
        buffer_free(&line);
    } else if (print->values.count == 1)
        wrap_expression(writer, print->values.items[0], level_after_print(print->values.items[0]), writer->indent);
    else
        wrap_list(writer, &print->values, write_printed, writer->indent);
}

static void write_condition(struct writer *writer, const char *word, const struct node *condition) {
    if (condition == NULL)
        return;
    buffer_add_string(writer->out, word);
    wrap_expression(writer, condition, LEVEL_ANY, writer->indent);
}

static uint32_t list_end(const struct node_list *list, uint32_t otherwise) {
    return list->count > 0 ? list->items[list->count - 1]->span.end + 1 : otherwise;
}

static void write_if(struct writer *writer, const struct node_if_command *node) {
    uint32_t end = node->head.span.end;
    write_condition(writer, "if ", node->condition);
    /* Comments up to the `}` of the first branch; its place is not kept, so up to the first thing after its last command. */
    items_write(writer, &node->then, node->otherwise.count > 0 ? list_end(&node->then, node->condition->span.end) : end);
    if (node->otherwise.count == 0)
        return;
    const struct node *only = node->otherwise.items[0];
    bool is_else_if = node->otherwise.count == 1 && only->kind == NODE_IF_COMMAND && only->span.end == end;
    buffer_add_string(writer->out, " else");
    if (is_else_if) {
        buffer_add_char(writer->out, ' ');
        write_if(writer, (const struct node_if_command *)only);
    } else
        items_write(writer, &node->otherwise, end);
}

static void write_import(struct writer *writer, const struct node_import *node) {
    buffer_add_string(writer->out, "import ");
    expression_write(writer->out, node->type, LEVEL_PRIMARY);
    buffer_add_string(writer->out, " from");
    title_write(writer, node->path);
    write_condition(writer, " where ", node->condition);
    fields_write(writer, &node->mappings, node->head.span.end);
}

static void write_check(struct writer *writer, const struct node_check_command *node) {
    buffer_add_string(writer->out, "check");
    for (int i = 0; i < node->names.count; i++)
        write_after(writer, i > 0 ? ", " : " ", node->names.items[i]);
}

static void write_for_each(struct writer *writer, const struct node_for_each *node) {
    buffer_add_string(writer->out, "for each ");
    source_write(writer->out, node->binder, node->source);
    write_condition(writer, " where ", node->condition);
    items_write(writer, &node->body, node->head.span.end);
}

/* ---- tests ---- */

static void write_period(struct writer *writer, const struct node *period) {
    if (period != NULL) {
        buffer_add_string(writer->out, " in ");
        expression_write(writer->out, period, LEVEL_POSTFIX);
    }
}

static void write_outcome(struct writer *writer, const struct node_expect_outcome *node) {
    buffer_add_string(writer->out, node->negated ? "expect not " : "expect ");
    expression_write(writer->out, node->name, LEVEL_PRIMARY);
    write_after(writer, " ", node->outcome);
    write_after(writer, " for ", node->key);
    write_period(writer, node->period);
}

static void write_why(struct writer *writer, const struct node_why *node) {
    write_after(writer, node->negated ? "why not " : "why ", node->name);
    write_after(writer, " for ", node->key);
    write_period(writer, node->period);
}

static void write_refused(struct writer *writer, const struct node_expect_refused *node) {
    buffer_add_string(writer->out, node->negated ? "expect not refused" : "expect refused");
    if (node->gate != NULL)
        write_after(writer, " by ", node->gate);
    if (node->body.count == 1 && !has_comments_before(writer, node->head.span.end)) {
        /* One short command stands on the line. */
        struct buffer line = {0};
        struct writer inner = *writer;
        inner.out = &line;
        inner.indent = 0;
        item_write(&inner, node->body.items[0]);
        bool fits = memchr(line.bytes, '\n', line.length) == NULL &&
                    writer_column(writer) + 5 + text_width(line.bytes, line.length) <= LINE_COLUMNS_MOST;
        if (fits)
            buffer_add_format(writer->out, " { %s }", line.bytes);
        buffer_free(&line);
        if (fits)
            return;
    }
    items_write(writer, &node->body, node->head.span.end);
}

static void write_expect(struct writer *writer, const struct node_expect *node) {
    buffer_add_string(writer->out, node->negated ? "expect not " : "expect ");
    wrap_expression(writer, node->condition, LEVEL_ANY, writer->indent);
}

static void write_given(struct writer *writer, const struct node_given *node) {
    const struct node_instance *instance = (const struct node_instance *)node->instance;
    instance_write(writer, "given ", instance->type, instance->key, instance->title, &instance->fields, node->head.span.end);
}

static void write_test_item(struct writer *writer, const struct node *item) {
    switch (item->kind) {
    case NODE_EXPECT:
        write_expect(writer, (const struct node_expect *)item);
        break;
    case NODE_EXPECT_OUTCOME:
        write_outcome(writer, (const struct node_expect_outcome *)item);
        break;
    case NODE_EXPECT_REFUSED:
        write_refused(writer, (const struct node_expect_refused *)item);
        break;
    case NODE_ON_DATE:
        buffer_add_string(writer->out, "on ");
        wrap_expression(writer, ((const struct node_on_date *)item)->date, LEVEL_ANY, writer->indent);
        break;
    case NODE_GIVEN:
        write_given(writer, (const struct node_given *)item);
        break;
    default:
        assert(!"an item");
    }
}

/* ---- all commands ---- */

static void write_evaluate(struct writer *writer, const struct node_evaluate *node) {
    if (node->value->kind != NODE_QUERY) {
        wrap_expression(writer, node->value, LEVEL_ANY, writer->indent);
        return;
    }
    struct buffer line = {0};
    query_write(&line, node->value);
    if (writer_column(writer) + text_width(line.bytes, line.length) <= LINE_COLUMNS_MOST)
        buffer_add(writer->out, line.bytes, line.length);
    else
        wrap_query(writer, node->value, writer->indent + INDENT_COLUMNS);
    buffer_free(&line);
}

void command_write(struct writer *writer, const struct node *item) {
    uint32_t end = item->span.end;
    struct buffer *out = writer->out;
    switch (item->kind) {
    case NODE_ADD: {
        const struct node_add *add = (const struct node_add *)item;
        instance_write(writer, "add ", add->type, add->key, add->title, &add->fields, end);
        break;
    }
    case NODE_SET:
        buffer_add_string(out, "set ");
        expression_write(out, ((const struct node_set *)item)->target, LEVEL_TIMED);
        fields_write(writer, &((const struct node_set *)item)->fields, end);
        break;
    case NODE_REMOVE:
        buffer_add_string(out, "remove ");
        expression_write(out, ((const struct node_remove_command *)item)->target, LEVEL_TIMED);
        break;
    case NODE_IMPORT:
        write_import(writer, (const struct node_import *)item);
        break;
    case NODE_EXPORT:
        buffer_add_string(out, "export ");
        expression_write(out, ((const struct node_export *)item)->report, LEVEL_TIMED);
        buffer_add_string(out, " to");
        title_write(writer, ((const struct node_export *)item)->path);
        break;
    case NODE_CHECK:
        write_check(writer, (const struct node_check_command *)item);
        break;
    case NODE_RUN:
        write_after(writer, "run ", ((const struct node_run *)item)->report);
        break;
    case NODE_BASELINE:
        write_after(writer, "baseline ", ((const struct node_baseline *)item)->key);
        title_write(writer, ((const struct node_baseline *)item)->title);
        break;
    case NODE_PRINT:
        write_print(writer, (const struct node_print *)item);
        break;
    case NODE_LET:
        clause_write(writer, item);
        break;
    case NODE_FOR_EACH:
        write_for_each(writer, (const struct node_for_each *)item);
        break;
    case NODE_IF_COMMAND:
        write_if(writer, (const struct node_if_command *)item);
        break;
    case NODE_WHY:
        write_why(writer, (const struct node_why *)item);
        break;
    case NODE_DESCRIBE:
        buffer_add_string(out, "describe ");
        expression_write(out, ((const struct node_describe *)item)->name, LEVEL_POSTFIX);
        break;
    case NODE_TRANSACTION: {
        static const char *const words[] = {
            [TRANSACTION_BEGIN] = "begin", [TRANSACTION_COMMIT] = "commit", [TRANSACTION_ROLLBACK] = "rollback"};
        buffer_add_string(out, words[((const struct node_transaction *)item)->step]);
        break;
    }
    case NODE_COMPARE:
        write_after(writer, "compare ", ((const struct node_compare *)item)->scenario);
        break;
    case NODE_EVALUATE:
        write_evaluate(writer, (const struct node_evaluate *)item);
        break;
    default:
        write_test_item(writer, item);
    }
}

void item_write(struct writer *writer, const struct node *item) {
    declaration_write(writer, item);
}
