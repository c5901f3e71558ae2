/* CSV: RFC 4180, with the separators and line ends that are met in life. See load.h.
 * One pass finds the cells of a row and where it ends; a row is a stretch of the input, its cells slices of it, with doubled quotes taken out in place once the row is known to be good.
 * A quote opens a cell only where the cell begins, so that 5" in the middle of one is two characters and no trap. Knows: quotes, separators, lines. Does not know: types. */
#include "runtime/load/load.h"
#include "runtime/load/input.h"
#include "lang/base/arena.h"
#include "lang/base/limits.h"
#include "lang/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What ends a stretch of plain bytes. */
enum { ENDS_CELL = 1, ENDS_QUOTED = 2 };

/* A cell by its place in the row, which may move while it is read. */
struct slice {
    uint32_t start, length;
    bool has_quotes; /* doubled ones */
};
struct csv_reader {
    struct table_reader base; /* first */
    struct input input;
    struct arena *arena;
    char *path;
    unsigned char kinds[256]; /* of bytes */
    int64_t next_line;
    struct slice *slices;
    struct cell *cells;
    int cells_max;
    /* of the row that was read last: */
    size_t size, skip;        /* without its line end, with it */
    int count, bad_cell;      /* cells; the first after whose closing quote something stands, from 1, or 0 */
    int64_t lines;
    bool is_blank;            /* nothing but separators */
    char problem[300];
};
enum row_end { ROW_WHOLE, ROW_NONE, ROW_OPEN_QUOTE, ROW_TOO_LONG };

static void use_delimiter(struct csv_reader *reader, char delimiter) {
    reader->base.delimiter = delimiter;
    memset(reader->kinds, 0, sizeof reader->kinds);
    reader->kinds[(unsigned char)delimiter] = ENDS_CELL;
    reader->kinds['\n'] = reader->kinds['\r'] = ENDS_CELL | ENDS_QUOTED;
    reader->kinds['"'] = ENDS_QUOTED;
}

/* ---- rows ---- */

/* Is there a byte at this place of the row? Reads on when there is none yet. */
static bool has_byte(struct csv_reader *reader, size_t at) {
    while (reader->input.start + at >= reader->input.end)
        if (at > LIMIT_CSV_ROW_BYTES || !input_more(&reader->input))
            return false;
    return true;
}

static char byte_at(const struct csv_reader *reader, size_t at) {
    return reader->input.bytes[reader->input.start + at];
}

/* The first place from `at` on whose byte is of the kind, or that is not there. */
static size_t find_kind(struct csv_reader *reader, size_t at, unsigned char kind) {
    do {
        const unsigned char *bytes = (const unsigned char *)reader->input.bytes + reader->input.start;
        size_t length = reader->input.end - reader->input.start;
        while (at < length && !(reader->kinds[bytes[at]] & kind))
            at++;
        if (at < length)
            return at;
    } while (has_byte(reader, at));
    return at;
}

/* Past a line end: \n, \r\n or \r. */
static size_t pass_line_end(struct csv_reader *reader, size_t at) {
    reader->lines++;
    return at + 1 + (byte_at(reader, at) == '\r' && has_byte(reader, at + 1) && byte_at(reader, at + 1) == '\n');
}

/* The rest of a cell behind its opening quote; `at` is then behind the closing one. False when there is none. */
static bool scan_quoted(struct csv_reader *reader, size_t *at, struct slice *slice) {
    slice->start = (uint32_t)*at;
    for (;;) {
        *at = find_kind(reader, *at, ENDS_QUOTED);
        if (!has_byte(reader, *at))
            return false;
        if (byte_at(reader, *at) != '"') {
            *at = pass_line_end(reader, *at);
            continue;
        }
        if (!has_byte(reader, *at + 1) || byte_at(reader, *at + 1) != '"')
            break;
        slice->has_quotes = true;
        *at += 2;
    }
    slice->length = (uint32_t)*at - slice->start;
    ++*at;
    return true;
}

static size_t pass_spaces(struct csv_reader *reader, size_t at) {
    while (has_byte(reader, at) && byte_at(reader, at) == ' ')
        at++;
    return at;
}

/* One cell from *at to what ends it. Spaces beside quotes are nothing. */
static bool scan_cell(struct csv_reader *reader, size_t *at, struct slice *slice) {
    *slice = (struct slice){.start = (uint32_t)*at};
    size_t first = pass_spaces(reader, *at);
    if (!has_byte(reader, first) || byte_at(reader, first) != '"') {
        *at = find_kind(reader, first, ENDS_CELL);
        slice->length = (uint32_t)*at - slice->start;
        reader->is_blank = reader->is_blank && slice->length == 0;
        return true;
    }
    reader->is_blank = false;
    *at = first + 1;
    if (!scan_quoted(reader, at, slice))
        return false;
    *at = pass_spaces(reader, *at);
    size_t end = find_kind(reader, *at, ENDS_CELL);
    if (end != *at && !reader->bad_cell)
        reader->bad_cell = reader->count + 1;
    *at = end;
    return true;
}

static enum row_end scan_row(struct csv_reader *reader) {
    size_t at = 0;
    reader->count = reader->bad_cell = 0;
    reader->lines = 0;
    reader->is_blank = true;
    if (!has_byte(reader, 0))
        return ROW_NONE;
    for (;;) {
        struct slice slice;
        bool closed = scan_cell(reader, &at, &slice);
        if (at > LIMIT_CSV_ROW_BYTES)
            return ROW_TOO_LONG;
        if (!closed)
            return ROW_OPEN_QUOTE;
        if (reader->count < reader->cells_max)
            reader->slices[reader->count] = slice;
        reader->count++;
        reader->size = reader->skip = at;
        if (!has_byte(reader, at)) {
            reader->lines++;
            return ROW_WHOLE;
        }
        if (byte_at(reader, at) != reader->base.delimiter) {
            reader->skip = pass_line_end(reader, at);
            return ROW_WHOLE;
        }
        at++;
    }
}

/* Slices become cells; doubled quotes become one. */
static void make_cells(struct csv_reader *reader, char *text, int count) {
    for (int i = 0; i < count; i++) {
        const struct slice *slice = &reader->slices[i];
        char *cell = text + slice->start;
        size_t length = slice->length;
        if (slice->has_quotes) {
            size_t out = 0;
            for (size_t in = 0; in < slice->length; in++) {
                cell[out++] = cell[in];
                in += cell[in] == '"';
            }
            length = out;
        }
        reader->cells[i] = (struct cell){cell, length, false};
    }
}

static enum reader_step bad_row(struct csv_reader *reader, const char *problem) {
    if (problem != reader->problem)
        snprintf(reader->problem, sizeof reader->problem, "%s", problem);
    reader->base.problem = reader->problem;
    return READER_BAD_ROW;
}

/* What follows cannot be told apart, so nothing more is read. */
static enum reader_step give_up(struct csv_reader *reader, enum row_end end) {
    reader->input.start = reader->input.end;
    reader->input.at_end = true;
    reader->base.raw = "";
    reader->base.raw_length = 0;
    reader->base.cell_count = 0;
    return bad_row(reader, end == ROW_OPEN_QUOTE ? "the quote opened in this row is never closed, so the rest of the file cannot be read"
                                                 : "the row is over 16 MiB long, so the rest of the file is not read: is a quote missing?");
}

/* What is wrong with a row that was read whole, or NULL. */
static const char *find_problem(struct csv_reader *reader, const char *text) {
    size_t bad = text_find_bad_utf8(text, reader->size);
    if (bad < reader->size)
        snprintf(reader->problem, sizeof reader->problem,
                 text[bad] ? "the row is not UTF-8 (byte %zu of it is not): save the file as UTF-8" : "byte %zu of the row is zero: the file is damaged, or no text", bad + 1);
    else if (reader->bad_cell)
        snprintf(reader->problem, sizeof reader->problem, "a quote stands in the middle of cell %d: a quote inside a quoted cell is written twice", reader->bad_cell);
    else if (reader->count != reader->base.column_count)
        snprintf(reader->problem, sizeof reader->problem, "the row has %d cell%s, and the header has %d", reader->count, reader->count == 1 ? "" : "s", reader->base.column_count);
    else {
        for (int i = 0; i < reader->count; i++)
            if (reader->slices[i].length > LIMIT_CSV_FIELD_BYTES) {
                snprintf(reader->problem, sizeof reader->problem, "cell %d is over 1 MiB long", i + 1);
                return reader->problem;
            }
        return NULL;
    }
    return reader->problem;
}

static enum reader_step csv_next(struct table_reader *base, struct failure *failure) {
    struct csv_reader *reader = (struct csv_reader *)base;
    for (;;) {
        enum row_end end = scan_row(reader);
        if (!input_is_good(&reader->input, reader->path, failure))
            return READER_FAILED;
        if (end == ROW_NONE)
            return READER_END;
        base->line = reader->next_line;
        reader->next_line += reader->lines;
        if (end == ROW_TOO_LONG || end == ROW_OPEN_QUOTE)
            return give_up(reader, end);
        char *text = reader->input.bytes + reader->input.start;
        reader->input.start += reader->skip;
        base->bytes_read = input_place(&reader->input);
        if (reader->is_blank && base->column_count > 1) /* a blank line, or the separators that a spreadsheet leaves under a table */
            continue;
        base->raw = text;
        base->raw_length = reader->size;
        bool has_other_count = reader->count != base->column_count && !reader->bad_cell && reader->count <= reader->cells_max;
        const char *problem = find_problem(reader, text);
        base->cell_count = problem ? 0 : reader->count;
        if (problem && has_other_count && text_find_bad_utf8(text, reader->size) == reader->size) {
            make_cells(reader, text, reader->count);
            base->cell_count = reader->count;
        }
        if (problem)
            return bad_row(reader, problem);
        make_cells(reader, text, reader->count);
        return READER_ROW;
    }
}

static void csv_close(struct table_reader *base) {
    struct csv_reader *reader = (struct csv_reader *)base;
    input_close(&reader->input);
    free(reader->path);
    arena_destroy(reader->arena);
    free(reader);
}

/* ---- the header ---- */

/* The separator most frequent in the first line, outside quotes. */
static char sniff_delimiter(struct csv_reader *reader) {
    static const char candidates[] = ",;\t|";
    int counts[4] = {0};
    bool quoted = false;
    for (size_t at = 0; has_byte(reader, at); at++) {
        char c = byte_at(reader, at);
        if (c == '"')
            quoted = !quoted;
        if (quoted)
            continue;
        if (c == '\n' || c == '\r')
            break;
        const char *found = memchr(candidates, c, 4);
        if (found)
            counts[found - candidates]++;
    }
    int best = 0;
    for (int i = 1; i < 4; i++)
        if (counts[i] > counts[best])
            best = i;
    return candidates[best];
}

/* Blank lines before the header, and the line "sep=;" that tells a spreadsheet the separator. */
static void pass_preamble(struct csv_reader *reader) {
    while (has_byte(reader, 0) && (byte_at(reader, 0) == '\n' || byte_at(reader, 0) == '\r'))
        reader->input.start += pass_line_end(reader, 0);
    use_delimiter(reader, sniff_delimiter(reader));
    if (!has_byte(reader, 5) || memcmp(reader->input.bytes + reader->input.start, "sep=", 4) != 0 || (byte_at(reader, 5) != '\n' && byte_at(reader, 5) != '\r') ||
        !strchr(",;\t|:^~", byte_at(reader, 4)) || byte_at(reader, 4) == '\0')
        return;
    use_delimiter(reader, byte_at(reader, 4));
    reader->input.start += pass_line_end(reader, 5);
}

static struct cell without_spaces(struct cell cell) {
    while (cell.length && cell.text[0] == ' ')
        cell.text++, cell.length--;
    while (cell.length && cell.text[cell.length - 1] == ' ')
        cell.length--;
    return cell;
}

static bool read_header(struct csv_reader *reader, struct failure *failure) {
    reader->cells_max = LIMIT_CSV_COLUMNS;
    reader->slices = ARENA_ARRAY(reader->arena, struct slice, LIMIT_CSV_COLUMNS);
    reader->cells = ARENA_ARRAY(reader->arena, struct cell, LIMIT_CSV_COLUMNS);
    pass_preamble(reader);
    int64_t lines = reader->lines;
    enum row_end end = scan_row(reader);
    if (!input_is_good(&reader->input, reader->path, failure))
        return false;
    if (end == ROW_OPEN_QUOTE)
        return failure_set(failure, DIAG_FILE_UNREADABLE, reader->path, "a quote in its header is never closed");
    if (end != ROW_WHOLE)
        return failure_set(failure, DIAG_FILE_EMPTY, reader->path);
    char *text = reader->input.bytes + reader->input.start;
    if (reader->size > 1 && (text[0] == '[' || text[0] == '{') && strchr("[{\"", text[1]))
        return failure_set(failure, DIAG_FILE_UNREADABLE, reader->path, "it looks like JSON: end its name in .json");
    if (text_find_bad_utf8(text, reader->size) < reader->size)
        return failure_set(failure, DIAG_FILE_UNREADABLE, reader->path, "its header is not UTF-8 text: save it as UTF-8");
    if (reader->bad_cell)
        return failure_set(failure, DIAG_FILE_UNREADABLE, reader->path, "a quote stands in the middle of a name in its header");
    if (reader->count > LIMIT_CSV_COLUMNS)
        return failure_set(failure, DIAG_TOO_MANY_COLUMNS, reader->path, (int)LIMIT_CSV_COLUMNS);
    make_cells(reader, text, reader->count);
    const char **columns = ARENA_ARRAY(reader->arena, const char *, reader->count);
    for (int i = 0; i < reader->count; i++) {
        struct cell name = without_spaces(reader->cells[i]);
        columns[i] = arena_copy(reader->arena, name.text, name.length);
    }
    reader->input.start += reader->skip;
    reader->next_line = 1 + lines + reader->lines;
    reader->base.columns = columns;
    reader->base.column_count = reader->count;
    reader->base.cells = reader->cells;
    return true;
}

struct table_reader *csv_reader_open(const char *path, struct failure *failure) {
    struct input input;
    if (!input_open(&input, path, failure))
        return NULL;
    struct csv_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        abort();
    *reader = (struct csv_reader){.base = {.next = csv_next, .close = csv_close, .file_bytes = input.file_bytes}, .input = input, .arena = arena_create(), .path = strdup(path)};
    if (!read_header(reader, failure)) {
        csv_close(&reader->base);
        return NULL;
    }
    return &reader->base;
}
