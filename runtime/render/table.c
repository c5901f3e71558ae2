/* The table for people: columns as wide as their widest cell, numbers to the right, cut to the terminal. See render.h.
 * The first rows are held back to find the widths; later ones are written in them. */
#include "runtime/render/formats.h"

#include "lang/base/arena.h"

#include <string.h>

enum { ROWS_HELD = 10000, CELL_COLUMNS_MIN = 8, GAP = 2 };

struct cell {
    const char *text;
    size_t length;
    int width;
};
struct table {
    struct arena *arena;
    struct cell **rows;
    int row_count;
    int *widths;
    bool is_open; /* widths are fixed and the head is written */
};

/* A row is one line, and a text of the data commands no terminal: control characters, those of two bytes too, become spaces. */
static void fold_lines(struct buffer *cell) {
    size_t to = 0;
    for (size_t i = 0; i < cell->length; i++) {
        unsigned char byte = (unsigned char)cell->bytes[i], next = i + 1 < cell->length ? (unsigned char)cell->bytes[i + 1] : 0;
        bool is_two = byte == 0xC2 && next >= 0x80 && next < 0xA0;
        cell->bytes[to++] = byte < ' ' || byte == 0x7F || is_two ? ' ' : cell->bytes[i];
        i += is_two;
    }
    cell->length = to;
}

static struct cell make_cell(struct writer *writer, struct value value, struct type type) {
    buffer_clear(&writer->cell);
    value_write(&writer->cell, value, type, VALUE_SHOWN);
    fold_lines(&writer->cell);
    struct cell cell = {arena_copy(writer->table->arena, buffer_string(&writer->cell), writer->cell.length), writer->cell.length, 0};
    cell.width = text_width(cell.text, cell.length);
    return cell;
}

static struct cell *make_row(struct writer *writer, const struct value *row) {
    int count = writer->rows->column_count;
    struct cell *cells = ARENA_ARRAY(writer->table->arena, struct cell, count);
    for (int i = 0; i < count; i++)
        cells[i] = make_cell(writer, row[i], writer->rows->columns[i].type);
    return cells;
}

/* Where nothing is totalled stands nothing, which is not a missing value. */
static struct cell make_total(struct writer *writer, int column) {
    const struct row_column *of = &writer->rows->columns[column];
    return of->has_total ? make_cell(writer, writer->rows->totals[column], of->total) : (struct cell){"", 0, 0};
}

static bool is_right(const struct writer *writer, int column) {
    return type_is_numeric(writer->rows->columns[column].type);
}

static void write_cell(struct writer *writer, const char *text, size_t length, int width, int column) {
    int wanted = writer->table->widths[column];
    bool is_last = column == writer->rows->column_count - 1;
    if (column)
        buffer_add_repeated(&writer->out, ' ', GAP);
    if (width > wanted && !is_right(writer, column)) { /* cut, and say so; a number that is wider than those the widths were found from stands out instead */
        size_t kept = text_prefix(text, length, wanted - 1);
        buffer_add(&writer->out, text, kept);
        buffer_add_string(&writer->out, "…");
        buffer_add_repeated(&writer->out, ' ', wanted - 1 - text_width(text, kept));
        return;
    }
    if (is_right(writer, column))
        buffer_add_repeated(&writer->out, ' ', wanted > width ? wanted - width : 0);
    buffer_add(&writer->out, text, length);
    if (!is_right(writer, column) && !is_last)
        buffer_add_repeated(&writer->out, ' ', wanted - width);
}

static void write_cells(struct writer *writer, const struct cell *cells) {
    for (int i = 0; i < writer->rows->column_count; i++)
        write_cell(writer, cells[i].text, cells[i].length, cells[i].width, i);
    buffer_add_char(&writer->out, '\n');
}

static void write_rule(struct writer *writer) {
    for (int i = 0; i < writer->rows->column_count; i++) {
        if (i)
            buffer_add_repeated(&writer->out, ' ', GAP);
        for (int w = 0; w < writer->table->widths[i]; w++)
            buffer_add_string(&writer->out, "─");
    }
    buffer_add_char(&writer->out, '\n');
}

/* Takes columns away from the widest texts until the table fits; numbers are never cut. */
static void shrink(struct writer *writer) {
    struct table *table = writer->table;
    int count = writer->rows->column_count, total = (count - 1) * GAP;
    for (int i = 0; i < count; i++)
        total += table->widths[i];
    while (writer->options->width > 0 && total > writer->options->width) {
        int widest = -1;
        for (int i = 0; i < count; i++)
            if (!is_right(writer, i) && table->widths[i] > CELL_COLUMNS_MIN && (widest < 0 || table->widths[i] > table->widths[widest]))
                widest = i;
        if (widest < 0)
            return;
        table->widths[widest]--;
        total--;
    }
}

static void open_table(struct writer *writer) {
    struct table *table = writer->table;
    int count = writer->rows->column_count;
    for (int i = 0; i < count; i++) {
        const char *label = writer->rows->columns[i].label;
        table->widths[i] = text_width(label, strlen(label));
        for (int r = 0; r < table->row_count; r++)
            if (table->rows[r][i].width > table->widths[i])
                table->widths[i] = table->rows[r][i].width;
        if (writer->rows->totals) {
            struct cell total = make_total(writer, i);
            if (total.width > table->widths[i])
                table->widths[i] = total.width;
        }
    }
    shrink(writer);
    if (writer->options->title)
        buffer_add_format(&writer->out, "%s%s%s\n\n", writer->options->color ? "\033[1m" : "", writer->options->title, writer->options->color ? "\033[0m" : "");
    for (int i = 0; i < count; i++) {
        const char *label = writer->rows->columns[i].label;
        write_cell(writer, label, strlen(label), text_width(label, strlen(label)), i);
    }
    buffer_add_char(&writer->out, '\n');
    write_rule(writer);
    for (int r = 0; r < table->row_count; r++)
        write_cells(writer, table->rows[r]);
    table->is_open = true;
}

void table_head(struct writer *writer) {
    struct arena *arena = arena_create();
    struct table *table = ARENA_NEW(arena, struct table);
    table->arena = arena;
    table->rows = ARENA_ARRAY(arena, struct cell *, ROWS_HELD);
    table->widths = ARENA_ARRAY(arena, int, writer->rows->column_count);
    writer->table = table;
}

void table_row(struct writer *writer, const struct value *row) {
    struct table *table = writer->table;
    if (!table->is_open && table->row_count == ROWS_HELD)
        open_table(writer);
    if (!table->is_open) {
        table->rows[table->row_count++] = make_row(writer, row);
        return;
    }
    for (int i = 0; i < writer->rows->column_count; i++) {
        buffer_clear(&writer->cell);
        value_write(&writer->cell, row[i], writer->rows->columns[i].type, VALUE_SHOWN);
        fold_lines(&writer->cell);
        write_cell(writer, buffer_string(&writer->cell), writer->cell.length, text_width(buffer_string(&writer->cell), writer->cell.length), i);
    }
    buffer_add_char(&writer->out, '\n');
}

void table_tail(struct writer *writer) {
    if (!writer->table->is_open)
        open_table(writer);
    if (!writer->rows->totals)
        return;
    write_rule(writer);
    struct cell *cells = ARENA_ARRAY(writer->table->arena, struct cell, writer->rows->column_count);
    for (int i = 0; i < writer->rows->column_count; i++)
        cells[i] = make_total(writer, i);
    write_cells(writer, cells);
}

void table_forget(struct writer *writer) {
    if (writer->table)
        arena_destroy(writer->table->arena);
    writer->table = NULL;
}
