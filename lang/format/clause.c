/* The clauses of rules, mandates and reports. */
#include "lang/format/writer.h"

#include <assert.h>
#include <string.h>

static void write_names(struct buffer *out, const struct node_list *names) {
    for (int i = 0; i < names->count; i++) {
        if (i > 0)
            buffer_add_string(out, ", ");
        expression_write(out, names->items[i], LEVEL_PRIMARY);
    }
}

static void write_text_after(struct buffer *out, const char *word, const struct node *text) {
    buffer_add_string(out, word);
    text_write(out, text);
}

static void wrap_after(struct writer *writer, const char *word, const struct node *expression) {
    buffer_add_string(writer->out, word);
    wrap_expression(writer, expression, LEVEL_ANY, writer->indent);
}

/* " from a until b", as far as they are there. */
static void write_from_until(struct buffer *out, const struct node *from, const struct node *until) {
    if (from != NULL) {
        buffer_add_string(out, " from ");
        expression_write(out, from, LEVEL_ANY);
    }
    if (until != NULL) {
        buffer_add_string(out, " until ");
        expression_write(out, until, LEVEL_ANY);
    }
}

static void write_requirement(struct writer *writer, const struct node *node) {
    static const char *const words[] = {
        [MODAL_SHALL] = "shall ", [MODAL_SHALL_NOT] = "shall not ", [MODAL_SHOULD] = "should ", [MODAL_SHOULD_NOT] = "should not "};
    const struct node_requirement *requirement = (const struct node_requirement *)node;
    wrap_after(writer, words[requirement->modal], requirement->condition);
}

static void write_for(struct writer *writer, const struct node_for_clause *node) {
    buffer_add_string(writer->out, "for ");
    source_write(writer->out, node->binder, node->source);
    if (node->condition == NULL)
        return;
    struct buffer line = {0};
    expression_write(&line, node->condition, LEVEL_ANY);
    bool fits = writer_column(writer) + 7 + text_width(line.bytes, line.length) <= LINE_COLUMNS_MOST;
    buffer_free(&line);
    if (fits)
        buffer_add_char(writer->out, ' ');
    else
        writer_break(writer, writer->indent + INDENT_COLUMNS);
    buffer_add_string(writer->out, "where ");
    wrap_expression(writer, node->condition, LEVEL_ANY, fits ? writer->indent : writer->indent + INDENT_COLUMNS);
}

static void write_except(struct writer *writer, const struct node_except *node) {
    write_text_after(writer->out, "except ", node->label);
    buffer_add_string(writer->out, " when ");
    struct buffer line = {0};
    int column = writer_column(writer);
    expression_write(&line, node->condition, LEVEL_ANY);
    int width = text_width(line.bytes, line.length);
    buffer_free(&line);
    wrap_expression(writer, node->condition, LEVEL_ANY, writer->indent);
    if (node->requirement == NULL)
        return;
    /* The requirement stays on the line while both fit. */
    struct buffer rest = {0};
    expression_write(&rest, ((const struct node_requirement *)node->requirement)->condition, LEVEL_ANY);
    bool fits = column + width + 12 + text_width(rest.bytes, rest.length) <= LINE_COLUMNS_MOST;
    buffer_free(&rest);
    if (fits)
        buffer_add_char(writer->out, ' ');
    else
        writer_break(writer, writer->indent + INDENT_COLUMNS);
    int indent = writer->indent;
    writer->indent = fits ? indent : indent + INDENT_COLUMNS;
    write_requirement(writer, node->requirement);
    writer->indent = indent;
}

static void write_escalate(struct buffer *out, const struct node_escalate *node) {
    buffer_add_string(out, "escalate to ");
    expression_write(out, node->to, LEVEL_PRIMARY);
    if (node->after == NULL)
        return;
    buffer_add_string(out, " after ");
    expression_write(out, node->after, LEVEL_PRIMARY);
    buffer_add_string(out, strcmp(((const struct node_int_literal *)node->after)->text, "1") == 0 ? " breach" : " breaches");
}

void clause_write(struct writer *writer, const struct node *clause) {
    struct buffer *out = writer->out;
    switch (clause->kind) {
    case NODE_FOR:
        write_for(writer, (const struct node_for_clause *)clause);
        break;
    case NODE_WHEN:
        wrap_after(writer, "when ", ((const struct node_when *)clause)->condition);
        break;
    case NODE_RAISE:
        buffer_add_string(out, "raise ");
        expression_write(out, ((const struct node_raise *)clause)->severity, LEVEL_PRIMARY);
        title_write(writer, ((const struct node_raise *)clause)->message);
        break;
    case NODE_LET:
        buffer_add_string(out, "let ");
        expression_write(out, ((const struct node_let *)clause)->name, LEVEL_PRIMARY);
        wrap_after(writer, " = ", ((const struct node_let *)clause)->value);
        break;
    case NODE_EXCEPT:
        write_except(writer, (const struct node_except *)clause);
        break;
    case NODE_REMEDY:
        write_text_after(out, "remedy ", ((const struct node_remedy *)clause)->text);
        break;
    case NODE_BECAUSE:
        write_text_after(out, "because ", ((const struct node_because *)clause)->text);
        break;
    case NODE_CITATION:
        write_text_after(out, "source ", ((const struct node_citation *)clause)->text);
        break;
    case NODE_EFFECTIVE:
        buffer_add_string(out, "effective");
        write_from_until(out, ((const struct node_effective *)clause)->from, ((const struct node_effective *)clause)->until);
        break;
    case NODE_EVERY:
        buffer_add_string(out, "every ");
        expression_write(out, ((const struct node_every *)clause)->cadence, LEVEL_PRIMARY);
        write_from_until(out, ((const struct node_every *)clause)->from, ((const struct node_every *)clause)->until);
        break;
    case NODE_BY_DATE:
        wrap_after(writer, "by ", ((const struct node_by_date *)clause)->date);
        break;
    case NODE_BEFORE:
        buffer_add_string(out, "before ");
        expression_write(out, ((const struct node_before *)clause)->path, LEVEL_TIMED);
        buffer_add_string(out, " becomes ");
        expression_write(out, ((const struct node_before *)clause)->value, LEVEL_TIMED);
        break;
    case NODE_REQUIREMENT:
        write_requirement(writer, clause);
        break;
    case NODE_WITHIN:
        wrap_after(writer, "within ", ((const struct node_within *)clause)->grace);
        break;
    case NODE_DATED:
        wrap_after(writer, "dated ", ((const struct node_dated *)clause)->date);
        break;
    case NODE_WAIVABLE:
        buffer_add_string(out, "waivable by ");
        write_names(out, &((const struct node_waivable *)clause)->granters);
        if (((const struct node_waivable *)clause)->through.count > 0) {
            buffer_add_string(out, " through ");
            write_names(out, &((const struct node_waivable *)clause)->through);
        }
        if (((const struct node_waivable *)clause)->up_to != NULL)
            wrap_after(writer, " up to ", ((const struct node_waivable *)clause)->up_to);
        break;
    case NODE_EFFORT:
        wrap_after(writer, "effort ", ((const struct node_effort *)clause)->burden);
        break;
    case NODE_ESCALATE:
        write_escalate(out, (const struct node_escalate *)clause);
        break;
    case NODE_TO:
        buffer_add_string(out, "to [");
        write_names(out, &((const struct node_to *)clause)->recipients);
        buffer_add_char(out, ']');
        break;
    default:
        assert(!"a clause");
    }
}
