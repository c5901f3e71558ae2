/* Declarations and the instances of records. */
#include "lang/format/writer.h"

#include <assert.h>

static void write_name(struct writer *writer, const struct node *name) {
    expression_write(writer->out, name, LEVEL_PRIMARY);
}

static void write_names(struct writer *writer, const struct node_list *names) {
    for (int i = 0; i < names->count; i++) {
        if (i > 0)
            buffer_add_string(writer->out, ", ");
        write_name(writer, names->items[i]);
    }
}

void title_write(struct writer *writer, const struct node *title) {
    if (title == NULL)
        return;
    buffer_add_char(writer->out, ' ');
    text_write(writer->out, title);
}

/* The name that it had before. */
static void write_was(struct writer *writer, const struct node *was) {
    if (was == NULL)
        return;
    buffer_add_string(writer->out, " was ");
    write_name(writer, was);
}

/* ---- fields ---- */

static uint32_t first_start(const struct node_list *list, uint32_t end) {
    return list->count > 0 ? list->items[0]->span.start : end;
}

static void write_fields_on_line(struct buffer *out, const struct node_list *fields) {
    buffer_add_string(out, fields->count > 0 ? " {" : " {}");
    for (int i = 0; i < fields->count; i++) {
        const struct node_value_of *field = (const struct node_value_of *)fields->items[i];
        buffer_add_string(out, i > 0 ? "  " : " ");
        expression_write(out, field->name, LEVEL_PRIMARY);
        buffer_add_string(out, ": ");
        expression_write(out, field->value, LEVEL_ANY);
    }
    if (fields->count > 0)
        buffer_add_string(out, " }");
}

static void write_fields_on_lines(struct writer *writer, const struct node_list *fields, uint32_t end) {
    block_open(writer, first_start(fields, end));
    for (int i = 0; i < fields->count; i++) {
        const struct node_value_of *field = (const struct node_value_of *)fields->items[i];
        line_start(writer, &field->head);
        write_name(writer, field->name);
        buffer_add_string(writer->out, ": ");
        wrap_expression(writer, field->value, LEVEL_ANY, writer->indent);
        line_end(writer, field->head.span.end);
    }
    block_close(writer, end);
}

void fields_write(struct writer *writer, const struct node_list *fields, uint32_t end) {
    struct buffer line = {0};
    write_fields_on_line(&line, fields);
    if (!has_comments_before(writer, end) && writer_column(writer) + text_width(line.bytes, line.length) <= LINE_COLUMNS_MOST)
        buffer_add(writer->out, line.bytes, line.length);
    else
        write_fields_on_lines(writer, fields, end);
    buffer_free(&line);
}

void instance_write(struct writer *writer, const char *word, const struct node *type, const struct node *key, const struct node *title,
                    const struct node_list *fields, uint32_t end) {
    buffer_add_string(writer->out, word);
    write_name(writer, type);
    if (key != NULL) {
        buffer_add_char(writer->out, ' ');
        write_name(writer, key);
    }
    title_write(writer, title);
    fields_write(writer, fields, end);
}

/* ---- types and members ---- */

static void write_enum_value(struct buffer *out, const struct node *node) {
    const struct node_enum_value *value = (const struct node_enum_value *)node;
    expression_write(out, value->name, LEVEL_PRIMARY);
    if (value->title != NULL) {
        buffer_add_char(out, ' ');
        text_write(out, value->title);
    }
}

static void write_type(struct writer *writer, const struct node *node) {
    switch (node->kind) {
    case NODE_TYPE_NAME: {
        const struct node_type_name *type = (const struct node_type_name *)node;
        write_name(writer, type->name);
        if (type->currency != NULL) {
            buffer_add_string(writer->out, " in ");
            write_name(writer, type->currency);
        }
        if (type->optional)
            buffer_add_char(writer->out, '?');
        break;
    }
    case NODE_TYPE_ONE_OF: {
        const struct node_type_one_of *type = (const struct node_type_one_of *)node;
        buffer_add_string(writer->out, "one of (");
        wrap_list(writer, &type->values, write_enum_value, writer->indent);
        buffer_add_string(writer->out, type->optional ? ")?" : ")");
        break;
    }
    case NODE_TYPE_SET:
        buffer_add_string(writer->out, "set of ");
        write_type(writer, ((const struct node_type_set *)node)->element);
        break;
    default:
        assert(!"a type");
    }
}

static void write_member(struct writer *writer, const struct node *node) {
    switch (node->kind) {
    case NODE_FIELD: {
        const struct node_field *field = (const struct node_field *)node;
        write_name(writer, field->name);
        write_was(writer, field->was);
        buffer_add_string(writer->out, ": ");
        write_type(writer, field->type);
        if (field->inverse != NULL) {
            buffer_add_string(writer->out, " inverse ");
            write_name(writer, field->inverse);
        }
        if (field->standard != NULL) {
            buffer_add_string(writer->out, " default ");
            wrap_expression(writer, field->standard, LEVEL_ANY, writer->indent);
        }
        break;
    }
    case NODE_DERIVED:
        write_name(writer, ((const struct node_derived *)node)->name);
        write_was(writer, ((const struct node_derived *)node)->was);
        wrap_value(writer, ((const struct node_derived *)node)->value);
        break;
    case NODE_KEY:
        buffer_add_string(writer->out, "key ");
        write_names(writer, &((const struct node_key *)node)->names);
        break;
    default:
        assert(!"a member");
    }
}

/* A block with one element a line; `{}` when there is nothing in it. */
static void write_block(struct writer *writer, const struct node_list *list, uint32_t end,
                        void (*write)(struct writer *writer, const struct node *node)) {
    if (list->count == 0 && !has_comments_before(writer, end)) {
        buffer_add_string(writer->out, " {}");
        return;
    }
    block_open(writer, first_start(list, end));
    for (int i = 0; i < list->count; i++) {
        line_start(writer, list->items[i]);
        write(writer, list->items[i]);
        line_end(writer, list->items[i]->span.end);
    }
    block_close(writer, end);
}

void items_write(struct writer *writer, const struct node_list *items, uint32_t end) {
    write_block(writer, items, end, item_write);
}

static void write_enum(struct writer *writer, const struct node_enumeration *node) {
    struct buffer line = {0};
    uint32_t end = node->head.span.end;
    buffer_add_string(writer->out, "enum ");
    write_name(writer, node->name);
    title_write(writer, node->title);
    for (int i = 0; i < node->values.count; i++) {
        buffer_add_string(&line, i > 0 ? ", " : " { ");
        write_enum_value(&line, node->values.items[i]);
    }
    buffer_add_string(&line, " }");
    if (!has_comments_before(writer, end) && writer_column(writer) + text_width(line.bytes, line.length) <= LINE_COLUMNS_MOST)
        buffer_add(writer->out, line.bytes, line.length);
    else {
        block_open(writer, first_start(&node->values, end));
        for (int i = 0; i < node->values.count; i++) {
            line_start(writer, node->values.items[i]);
            write_enum_value(writer->out, node->values.items[i]);
            if (i + 1 < node->values.count)
                buffer_add_char(writer->out, ',');
            line_end(writer, node->values.items[i]->span.end);
        }
        block_close(writer, end);
    }
    buffer_free(&line);
}

/* ---- heads ---- */

static void write_parameter(struct writer *writer, const struct node_parameter *parameter) {
    write_name(writer, parameter->name);
    buffer_add_string(writer->out, ": ");
    write_type(writer, parameter->type);
    if (parameter->standard != NULL) {
        buffer_add_string(writer->out, " = ");
        expression_write(writer->out, parameter->standard, LEVEL_ANY);
    }
}

static void write_parameters(struct writer *writer, const struct node_list *parameters) {
    buffer_add_char(writer->out, '(');
    for (int i = 0; i < parameters->count; i++) {
        if (i > 0)
            buffer_add_string(writer->out, ", ");
        write_parameter(writer, (const struct node_parameter *)parameters->items[i]);
    }
    buffer_add_char(writer->out, ')');
}

static void write_head(struct writer *writer, const char *word, const struct node *name, const struct node *was, const struct node_list *parameters, const struct node *title,
                       const struct node *office, const struct node *domain) {
    buffer_add_string(writer->out, word);
    write_name(writer, name);
    write_was(writer, was);
    if (parameters != NULL && parameters->count > 0)
        write_parameters(writer, parameters);
    title_write(writer, title);
    if (office != NULL) {
        buffer_add_string(writer->out, " by ");
        write_name(writer, office);
    }
    if (domain != NULL) {
        buffer_add_string(writer->out, " on ");
        write_name(writer, domain);
    }
}

static void stretch(struct span *span, const struct node *node) {
    if (node == NULL)
        return;
    if (span->end == 0)
        *span = node->span;
    else
        span->end = node->span.end;
}

static void stretch_over(struct span *span, const struct node_list *list) {
    for (int i = 0; i < list->count; i++)
        stretch(span, list->items[i]);
}

/* Where the parts of one clause stand; all zero when the query has none. */
static struct span query_part_place(const struct node_query *query, enum query_part part) {
    struct span span = {0, 0, 0};
    switch (part) {
    case PART_FROM:
        stretch_over(&span, &query->sources);
        break;
    case PART_WHERE:
        stretch(&span, query->condition);
        break;
    case PART_GROUP:
        stretch_over(&span, &query->groups);
        break;
    case PART_SHOW:
        stretch_over(&span, &query->columns);
        break;
    case PART_KEEP:
        stretch(&span, query->keep);
        break;
    case PART_SORT:
        stretch_over(&span, &query->order);
        break;
    case PART_TAKE:
        stretch(&span, query->take);
        break;
    case PART_TOTAL:
        stretch_over(&span, &query->totals);
        break;
    case PART_CHART:
        stretch(&span, query->chart);
        break;
    case PART_AS_OF:
        stretch(&span, query->as_of);
        break;
    case PART_COUNT:
        break;
    }
    return span;
}

/* A query with comments between its clauses: each clause has a line of its own. */
static void write_commented_query(struct writer *writer, const struct node_query *query) {
    for (int part = PART_FROM; part < PART_COUNT; part++) {
        struct span place = query_part_place(query, (enum query_part)part);
        if (place.end == 0)
            continue;
        line_start_within(writer, place.start, place.end);
        wrap_query_part(writer, query, (enum query_part)part, writer->indent);
        line_end(writer, place.end);
    }
}

static void write_report(struct writer *writer, const struct node_report *report) {
    uint32_t end = report->head.span.end;
    write_head(writer, "report ", report->name, NULL, &report->parameters, report->title, report->office, report->domain);
    const struct node *first = report->clauses.count > 0 ? report->clauses.items[0] : report->query;
    block_open(writer, first != NULL ? first->span.start : end);
    for (int i = 0; i < report->clauses.count; i++) {
        line_start(writer, report->clauses.items[i]);
        clause_write(writer, report->clauses.items[i]);
        line_end(writer, report->clauses.items[i]->span.end);
    }
    if (report->query != NULL && has_comments_before(writer, report->query->span.end))
        write_commented_query(writer, (const struct node_query *)report->query);
    else if (report->query != NULL) {
        line_start(writer, report->query);
        wrap_query(writer, report->query, writer->indent);
        line_end(writer, report->query->span.end);
    }
    block_close(writer, end);
}

static void write_define(struct writer *writer, const struct node_define *node) {
    buffer_add_string(writer->out, "define ");
    write_name(writer, node->name);
    write_parameters(writer, &node->parameters);
    buffer_add_string(writer->out, ": ");
    write_type(writer, node->type);
    wrap_value(writer, node->body);
}

/* ---- scenarios ---- */

static void write_scenario_item(struct writer *writer, const struct node *item) {
    switch (item->kind) {
    case NODE_MERGE:
        buffer_add_string(writer->out, "merge ");
        write_names(writer, &((const struct node_merge *)item)->offices);
        buffer_add_string(writer->out, " into ");
        write_name(writer, ((const struct node_merge *)item)->into);
        title_write(writer, ((const struct node_merge *)item)->title);
        break;
    case NODE_SPLIT:
        buffer_add_string(writer->out, "split ");
        write_name(writer, ((const struct node_split *)item)->office);
        buffer_add_string(writer->out, " into ");
        write_names(writer, &((const struct node_split *)item)->into);
        break;
    case NODE_RETIRE:
        buffer_add_string(writer->out, "retire ");
        write_name(writer, ((const struct node_retire *)item)->kind);
        buffer_add_char(writer->out, ' ');
        write_name(writer, ((const struct node_retire *)item)->name);
        break;
    case NODE_CHANGE: {
        const struct node_change *change = (const struct node_change *)item;
        instance_write(writer, "change ", change->kind, change->name, NULL, &change->fields, item->span.end);
        break;
    }
    default:
        assert(!"an item of a scenario");
    }
}

/* ---- all declarations ---- */

void declaration_write(struct writer *writer, const struct node *item) {
    uint32_t end = item->span.end;
    struct buffer *out = writer->out;
    switch (item->kind) {
    case NODE_LANGUAGE:
        buffer_add_format(out, "remit %s", ((const struct node_language *)item)->version);
        break;
    case NODE_USE:
        buffer_add_string(out, "use ");
        write_name(writer, ((const struct node_use *)item)->module);
        break;
    case NODE_INCLUDE:
        buffer_add_string(out, "include");
        title_write(writer, ((const struct node_include *)item)->path);
        break;
    case NODE_SETTINGS:
        buffer_add_string(out, "settings");
        fields_write(writer, &((const struct node_settings *)item)->fields, end);
        break;
    case NODE_RECORD: {
        const struct node_record *record = (const struct node_record *)item;
        write_head(writer, "record ", record->name, record->was, NULL, record->title, NULL, NULL);
        write_block(writer, &record->members, end, write_member);
        break;
    }
    case NODE_EXTEND:
        write_head(writer, "extend ", ((const struct node_extend *)item)->name, NULL, NULL, NULL, NULL, NULL);
        write_block(writer, &((const struct node_extend *)item)->members, end, write_member);
        break;
    case NODE_ENUMERATION:
        write_enum(writer, (const struct node_enumeration *)item);
        break;
    case NODE_DEFINE:
        write_define(writer, (const struct node_define *)item);
        break;
    case NODE_INSTANCE: {
        const struct node_instance *instance = (const struct node_instance *)item;
        instance_write(writer, "", instance->type, instance->key, instance->title, &instance->fields, end);
        break;
    }
    case NODE_RULE: {
        const struct node_rule *rule = (const struct node_rule *)item;
        write_head(writer, "rule ", rule->name, rule->was, NULL, rule->title, rule->office, rule->domain);
        write_block(writer, &rule->clauses, end, clause_write);
        break;
    }
    case NODE_MANDATE: {
        const struct node_mandate *mandate = (const struct node_mandate *)item;
        write_head(writer, "mandate ", mandate->name, mandate->was, NULL, mandate->title, mandate->office, mandate->domain);
        write_block(writer, &mandate->clauses, end, clause_write);
        break;
    }
    case NODE_REPORT:
        write_report(writer, (const struct node_report *)item);
        break;
    case NODE_TEST:
        buffer_add_string(out, "test");
        title_write(writer, ((const struct node_test *)item)->title);
        items_write(writer, &((const struct node_test *)item)->items, end);
        break;
    case NODE_SCENARIO: {
        const struct node_scenario *scenario = (const struct node_scenario *)item;
        write_head(writer, "scenario ", scenario->name, NULL, NULL, scenario->title, NULL, NULL);
        write_block(writer, &scenario->items, end, write_scenario_item);
        break;
    }
    default:
        command_write(writer, item);
    }
}

/* ---- parts on their own: see format.h ---- */

void part_write(struct writer *writer, const struct node *node) {
    switch (node->kind) {
    case NODE_FIELD:
    case NODE_DERIVED:
    case NODE_KEY:
        write_member(writer, node);
        break;
    case NODE_TYPE_NAME:
    case NODE_TYPE_ONE_OF:
    case NODE_TYPE_SET:
        write_type(writer, node);
        break;
    case NODE_ENUM_VALUE:
        write_enum_value(writer->out, node);
        break;
    case NODE_PARAMETER:
        write_parameter(writer, (const struct node_parameter *)node);
        break;
    case NODE_QUERY:
        query_write(writer->out, node);
        break;
    case NODE_ON_DATE:
    case NODE_GIVEN:
        command_write(writer, node);
        break;
    case NODE_MERGE:
    case NODE_SPLIT:
    case NODE_RETIRE:
    case NODE_CHANGE:
        write_scenario_item(writer, node);
        break;
    case NODE_VALUE_OF:
        write_name(writer, ((const struct node_value_of *)node)->name);
        buffer_add_string(writer->out, ": ");
        expression_write(writer->out, ((const struct node_value_of *)node)->value, LEVEL_ANY);
        break;
    default:
        declaration_write(writer, node);
    }
}
