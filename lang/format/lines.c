/* Lines, blocks and comments: where comments and blank lines of the source go in the canonical text.
 * A comment on a line of its own stays before what it stood before; one behind something stays behind it where that ends a line, and
 * otherwise goes before the whole. A documentation comment that no longer stands right before a declaration would say something else, so it
 * becomes a plain one. */
#include "lang/format/writer.h"

#include <string.h>

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v' || c == ';';
}

/* Whether an empty line stands right before that place. */
static bool has_blank_line_before(const struct writer *writer, uint32_t place) {
    int newlines = 0;
    while (place > 0 && (is_blank(writer->source[place - 1]) || writer->source[place - 1] == '\n'))
        newlines += writer->source[--place] == '\n';
    return newlines >= 2;
}

static void keep_blank_line(struct writer *writer, uint32_t place) {
    if (writer->source && !writer->at_block_start && has_blank_line_before(writer, place))
        buffer_add_char(writer->out, '\n');
    writer->at_block_start = false;
}

bool has_comments_before(const struct writer *writer, uint32_t place) {
    return writer->next_comment < writer->comments->count && writer->comments->items[writer->next_comment].span.start < place;
}

/* The first of the comments before that place from which on nothing but space and comments stands up to it. */
static int first_reaching(const struct writer *writer, uint32_t place) {
    const struct comment_list *comments = writer->comments;
    int first = writer->next_comment;
    for (int i = first; i < comments->count && comments->items[i].span.start < place; i++) {
        uint32_t end = i + 1 < comments->count && comments->items[i + 1].span.start < place ? comments->items[i + 1].span.start : place;
        for (uint32_t at = comments->items[i].span.end; at < end && first <= i; at++)
            if (!is_blank(writer->source[at]) && writer->source[at] != '\n') /* the end of the text too */
                first = i + 1;
    }
    return first;
}

static void write_comment(struct writer *writer, const struct comment *comment, bool keeps_doc) {
    uint32_t start = comment->span.start, end = comment->span.end;
    while (end > start && is_blank(writer->source[end - 1]))
        end--;
    if (comment->is_doc && !keeps_doc)
        start++;
    buffer_add(writer->out, writer->source + start, end - start);
}

/* Comments up to that place; within a clause none of them is documentation. */
static void flush_comments(struct writer *writer, uint32_t place, bool keeps_docs) {
    int reaching = keeps_docs ? first_reaching(writer, place) : 0;
    while (has_comments_before(writer, place)) {
        const struct comment *comment = &writer->comments->items[writer->next_comment];
        keep_blank_line(writer, comment->span.start);
        buffer_add_repeated(writer->out, ' ', writer->indent);
        write_comment(writer, comment, keeps_docs && comment->own_line && writer->next_comment >= reaching);
        buffer_add_char(writer->out, '\n');
        writer->next_comment++;
    }
}

void comments_flush(struct writer *writer, uint32_t place) {
    flush_comments(writer, place, true);
}

/* Whether the parts of an element stand on lines of their own, where comments between them can go. */
static bool has_lines_within(const struct node *element) {
    switch (element->kind) {
    case NODE_RECORD:
    case NODE_EXTEND:
    case NODE_ENUMERATION:
    case NODE_INSTANCE:
    case NODE_SETTINGS:
    case NODE_RULE:
    case NODE_MANDATE:
    case NODE_REPORT:
    case NODE_TEST:
    case NODE_SCENARIO:
    case NODE_ADD:
    case NODE_SET:
    case NODE_IMPORT:
    case NODE_FOR_EACH:
    case NODE_IF_COMMAND:
    case NODE_EXPECT_REFUSED:
    case NODE_GIVEN:
    case NODE_CHANGE:
        return true;
    default:
        return false;
    }
}

static void start_line(struct writer *writer, uint32_t start, uint32_t end, bool keeps_docs) {
    flush_comments(writer, start, keeps_docs);
    keep_blank_line(writer, start);
    while (has_comments_before(writer, end)) {
        buffer_add_repeated(writer->out, ' ', writer->indent);
        write_comment(writer, &writer->comments->items[writer->next_comment], false);
        buffer_add_char(writer->out, '\n');
        writer->next_comment++;
    }
    buffer_add_repeated(writer->out, ' ', writer->indent);
}

void line_start(struct writer *writer, const struct node *element) {
    start_line(writer, element->span.start, has_lines_within(element) ? element->span.start : element->span.end, true);
}

void line_start_within(struct writer *writer, uint32_t start, uint32_t end) {
    start_line(writer, start, end, false);
}

/* Writes the next comment behind what stands on the line. */
static void write_behind(struct writer *writer) {
    buffer_add_string(writer->out, "  ");
    write_comment(writer, &writer->comments->items[writer->next_comment], true);
    writer->next_comment++;
}

void line_end(struct writer *writer, uint32_t end) {
    if (writer->next_comment < writer->comments->count) {
        const struct comment *comment = &writer->comments->items[writer->next_comment];
        uint32_t at = end;
        while (at < comment->span.start && (is_blank(writer->source[at]) || writer->source[at] == ','))
            at++;
        if (!comment->own_line && at == comment->span.start)
            write_behind(writer);
    }
    buffer_add_char(writer->out, '\n');
}

void block_open(struct writer *writer, uint32_t first) {
    buffer_add_string(writer->out, " {");
    if (has_comments_before(writer, first) && !writer->comments->items[writer->next_comment].own_line)
        write_behind(writer);
    buffer_add_char(writer->out, '\n');
    writer->indent += INDENT_COLUMNS;
    writer->at_block_start = true;
}

void block_close(struct writer *writer, uint32_t end) {
    comments_flush(writer, end);
    writer->indent -= INDENT_COLUMNS;
    writer->at_block_start = false;
    buffer_add_repeated(writer->out, ' ', writer->indent);
    buffer_add_char(writer->out, '}');
}
