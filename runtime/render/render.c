/* Rows to text, all formats but the table. See render.h.
 * Knows: escapes of CSV, JSON and Markdown. Does not know: how a table is laid out (table.c). */
#include "runtime/render/formats.h"

#include "lang/base/text.h"

#include <errno.h>
#include <string.h>

enum { FLUSH_BYTES = 64 * 1024 };

static const char *const names[RENDER_FORMAT_COUNT] = {
    [RENDER_TABLE] = "table", [RENDER_CSV] = "csv", [RENDER_JSON] = "json", [RENDER_JSONL] = "jsonl", [RENDER_MARKDOWN] = "markdown"};

enum render_format render_format_parse(const char *name) {
    for (int i = 0; i < RENDER_FORMAT_COUNT; i++)
        if (strcmp(names[i], name) == 0)
            return (enum render_format)i;
    return strcmp(name, "md") == 0 ? RENDER_MARKDOWN : RENDER_FORMAT_COUNT;
}

const char *render_format_name(enum render_format format) {
    return names[format];
}

/* `remit query … | head` ends like any other program when head has seen enough. */
bool output_flush(FILE *out, struct writer *writer, size_t at_least, struct failure *failure) {
    struct buffer *buffer = &writer->out;
    if (buffer->length < at_least || writer->is_unread)
        return true;
    if (buffer->length && writer->options->before_output)
        writer->options->before_output();
    errno = 0;
    bool good = buffer->length == 0 || fwrite(buffer->bytes, 1, buffer->length, out) == buffer->length;
    buffer_clear(buffer);
    if (good && at_least == 0)
        good = fflush(out) == 0;
    writer->is_unread = !good && errno == EPIPE;
    return good || writer->is_unread || failure_set(failure, DIAG_WRITE_FAILED);
}

/* ---- CSV (RFC 4180, with LF) ---- */

/* A text that a spreadsheet would take for a formula gets an apostrophe before it. Numbers are not texts and keep their sign. */
static void csv_text(struct buffer *out, const char *text, size_t length, bool is_text) {
    bool is_formula = is_text && length && strchr("=+-@\t\r", text[0]) != NULL;
    bool needs_quotes = length && (memchr(text, ',', length) || memchr(text, '"', length) || memchr(text, '\n', length) || memchr(text, '\r', length));
    if (!needs_quotes) {
        if (is_formula)
            buffer_add_char(out, '\'');
        buffer_add(out, text, length);
        return;
    }
    buffer_add_char(out, '"');
    if (is_formula)
        buffer_add_char(out, '\'');
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"')
            buffer_add_char(out, '"');
        buffer_add_char(out, text[i]);
    }
    buffer_add_char(out, '"');
}

static void csv_head(struct writer *writer) {
    for (int i = 0; i < writer->rows->column_count; i++) {
        if (i)
            buffer_add_char(&writer->out, ',');
        csv_text(&writer->out, writer->rows->columns[i].label, strlen(writer->rows->columns[i].label), true);
    }
    buffer_add_char(&writer->out, '\n');
}

static void csv_row(struct writer *writer, const struct value *row) {
    for (int i = 0; i < writer->rows->column_count; i++) {
        if (i)
            buffer_add_char(&writer->out, ',');
        buffer_clear(&writer->cell);
        struct type type = writer->rows->columns[i].type;
        value_write(&writer->cell, row[i], type, VALUE_PLAIN);
        csv_text(&writer->out, buffer_string(&writer->cell), writer->cell.length, type.kind == TYPE_TEXT || type.kind == TYPE_ENUM);
    }
    if (writer->rows->column_count == 1 && writer->cell.length == 0)
        buffer_add_string(&writer->out, "\"\""); /* an empty line would be no row */
    buffer_add_char(&writer->out, '\n');
}

/* ---- JSON ---- */

static void json_object(struct writer *writer, const struct value *row) {
    buffer_add_char(&writer->out, '{');
    for (int i = 0; i < writer->rows->column_count; i++) {
        if (i)
            buffer_add_string(&writer->out, ", ");
        json_write_text(&writer->out, writer->rows->columns[i].label, strlen(writer->rows->columns[i].label));
        buffer_add_string(&writer->out, ": ");
        value_write(&writer->out, row[i], writer->rows->columns[i].type, VALUE_JSON);
    }
    buffer_add_char(&writer->out, '}');
}

static void json_head(struct writer *writer) {
    buffer_add_char(&writer->out, '[');
}

static void json_row(struct writer *writer, const struct value *row) {
    buffer_add_string(&writer->out, writer->count ? ",\n " : "\n ");
    json_object(writer, row);
}

static void json_tail(struct writer *writer) {
    buffer_add_string(&writer->out, writer->count ? "\n]\n" : "]\n");
}

static void jsonl_row(struct writer *writer, const struct value *row) {
    json_object(writer, row);
    buffer_add_char(&writer->out, '\n');
}

/* ---- Markdown ---- */

/* Text is text: what would be a tag, a link, a picture or emphasis is shown as it was written. */
static void markdown_text(struct buffer *out, const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\n')
            buffer_add_string(out, "<br>");
        else if (text[i] != '\r') {
            if (text[i] && strchr("|\\<&[*`", text[i]))
                buffer_add_char(out, '\\');
            buffer_add_char(out, text[i]);
        }
    }
}

static void markdown_head(struct writer *writer) {
    if (writer->options->title) {
        buffer_add_string(&writer->out, "## ");
        markdown_text(&writer->out, writer->options->title, strlen(writer->options->title));
        buffer_add_string(&writer->out, "\n\n");
    }
    buffer_add_char(&writer->out, '|');
    for (int i = 0; i < writer->rows->column_count; i++) {
        buffer_add_char(&writer->out, ' ');
        markdown_text(&writer->out, writer->rows->columns[i].label, strlen(writer->rows->columns[i].label));
        buffer_add_string(&writer->out, " |");
    }
    buffer_add_string(&writer->out, "\n|");
    for (int i = 0; i < writer->rows->column_count; i++)
        buffer_add_string(&writer->out, type_is_numeric(writer->rows->columns[i].type) ? " ---: |" : " --- |");
    buffer_add_char(&writer->out, '\n');
}

static void markdown_row(struct writer *writer, const struct value *row) {
    buffer_add_char(&writer->out, '|');
    for (int i = 0; i < writer->rows->column_count; i++) {
        buffer_clear(&writer->cell);
        value_write(&writer->cell, row[i], writer->rows->columns[i].type, VALUE_SHOWN);
        buffer_add_char(&writer->out, ' ');
        markdown_text(&writer->out, buffer_string(&writer->cell), writer->cell.length);
        buffer_add_string(&writer->out, " |");
    }
    buffer_add_char(&writer->out, '\n');
}

/* In Markdown the totals are a last row with its figures in bold. */
static void markdown_tail(struct writer *writer) {
    if (!writer->rows->totals)
        return;
    buffer_add_char(&writer->out, '|');
    for (int i = 0; i < writer->rows->column_count; i++) {
        struct value total = writer->rows->totals[i];
        buffer_add_char(&writer->out, ' ');
        if (writer->rows->columns[i].has_total) {
            buffer_add_string(&writer->out, "**");
            value_write(&writer->out, total, writer->rows->columns[i].total, VALUE_SHOWN);
            buffer_add_string(&writer->out, "**");
        }
        buffer_add_string(&writer->out, " |");
    }
    buffer_add_char(&writer->out, '\n');
}

/* ---- all ---- */

/* One row a format: what is written before the rows, for each, and after. The totals of CSV and JSON are left out: a program can add. */
static const struct {
    void (*head)(struct writer *writer);
    void (*row)(struct writer *writer, const struct value *row);
    void (*tail)(struct writer *writer);
} formats[RENDER_FORMAT_COUNT] = {
    [RENDER_TABLE] = {table_head, table_row, table_tail},
    [RENDER_CSV] = {csv_head, csv_row, NULL},
    [RENDER_JSON] = {json_head, json_row, json_tail},
    [RENDER_JSONL] = {NULL, jsonl_row, NULL},
    [RENDER_MARKDOWN] = {markdown_head, markdown_row, markdown_tail},
};

bool render_rows(FILE *out, struct rows *rows, const struct render_options *options, int64_t *row_count, struct failure *failure) {
    struct writer writer = {.options = options, .rows = rows};
    if (formats[options->format].head)
        formats[options->format].head(&writer);
    const struct value *row;
    bool good = true;
    enum rows_step step = ROWS_END;
    while (good && !writer.is_unread && (step = rows_next(rows, &row, failure)) == ROWS_ROW) {
        formats[options->format].row(&writer, row);
        writer.count++;
        good = output_flush(out, &writer, FLUSH_BYTES, failure);
    }
    good = good && (step == ROWS_END || writer.is_unread);
    if (good && !writer.is_unread && formats[options->format].tail)
        formats[options->format].tail(&writer);
    if (good || options->format != RENDER_TABLE) /* a table that failed shows nothing rather than a part */
        good = output_flush(out, &writer, 0, failure) && good;
    if (row_count)
        *row_count = writer.count;
    table_forget(&writer);
    buffer_free(&writer.out);
    buffer_free(&writer.cell);
    return good;
}
