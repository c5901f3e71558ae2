/* CSV: RFC 4180, with the separators and line ends that are met in life. See load.h.
 * The file is read in blocks; a row is a stretch of the buffer, its cells slices of it, with doubled quotes taken out in place.
 * Knows: quotes, separators, lines. Does not know: types. */
#include "runtime/load/load.h"
#include "lang/base/arena.h"
#include "lang/base/limits.h"
#include "lang/base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BLOCK_BYTES = 256 * 1024 };

struct csv_reader {
    struct table_reader base; /* first */
    FILE *file;
    struct arena *arena;
    char *path;
    char *buffer;
    size_t capacity, start, end; /* bytes start .. end of the buffer are not used yet */
    bool at_end;                 /* of the file */
    bool has_bad_bytes;          /* found in this row */
    int64_t next_line;
    struct cell *cells;
    char *row_copy;              /* the row as it stood, before quotes were taken out */
    size_t row_copy_capacity;
    char problem[300];
};

static void *grow(void *memory, size_t size) {
    void *grown = realloc(memory, size);
    if (!grown) {
        fputs("remit: out of memory\n", stderr);
        abort();
    }
    return grown;
}

/* Reads on; the bytes not used yet move to the front. False at the end of the file. */
static bool read_more(struct csv_reader *reader) {
    if (reader->at_end)
        return false;
    if (reader->start) {
        memmove(reader->buffer, reader->buffer + reader->start, reader->end - reader->start);
        reader->end -= reader->start;
        reader->start = 0;
    }
    if (reader->capacity - reader->end < BLOCK_BYTES) {
        reader->capacity = reader->capacity ? reader->capacity * 2 : 2 * BLOCK_BYTES;
        reader->buffer = grow(reader->buffer, reader->capacity);
    }
    size_t count = fread(reader->buffer + reader->end, 1, reader->capacity - reader->end, reader->file);
    reader->end += count;
    reader->at_end = count == 0;
    return count > 0;
}

enum row_end { ROW_WHOLE, ROW_NONE, ROW_OPEN_QUOTE, ROW_TOO_LONG };

/* Finds where the row that begins at `start` ends: a line end outside quotes. *size is without it, *skip with it. */
static enum row_end find_row(struct csv_reader *reader, size_t *size, size_t *skip, int64_t *lines) {
    size_t at = 0;
    bool quoted = false;
    *lines = 0;
    for (;;) {
        const char *text = reader->buffer + reader->start;
        size_t length = reader->end - reader->start;
        for (; at < length; at++) {
            char c = text[at];
            if (c == '"')
                quoted = !quoted;
            else if (c == '\n' || c == '\r') {
                if (c == '\r' && at + 1 == length && !reader->at_end)
                    break; /* is a \n coming? */
                bool pair = c == '\r' && at + 1 < length && text[at + 1] == '\n';
                ++*lines;
                if (!quoted) {
                    *size = at;
                    *skip = at + 1 + pair;
                    return ROW_WHOLE;
                }
                at += pair;
            }
        }
        if (at > (size_t)LIMIT_CSV_FIELD_BYTES * 16)
            return ROW_TOO_LONG;
        if (!read_more(reader)) {
            length = reader->end - reader->start;
            if (at < length) /* a lone \r at the end of the file */
                continue;
            *size = *skip = length;
            ++*lines;
            return length == 0 ? ROW_NONE : quoted ? ROW_OPEN_QUOTE : ROW_WHOLE;
        }
    }
}

/* One cell from *at; gives false for a quote where none may stand. */
static bool take_cell(char *text, size_t size, size_t *at, char delimiter, struct cell *cell) {
    if (*at < size && text[*at] == '"') {
        size_t out = ++*at;
        cell->text = text + *at;
        while (*at < size) {
            char c = text[(*at)++];
            if (c == '"') {
                if (*at < size && text[*at] == '"')
                    ++*at;
                else
                    break;
            }
            text[out++] = c;
        }
        cell->length = (size_t)(text + out - cell->text);
        return *at == size || text[*at] == delimiter;
    }
    const char *end = memchr(text + *at, delimiter, size - *at);
    size_t length = end ? (size_t)(end - text) - *at : size - *at;
    cell->text = text + *at;
    cell->length = length;
    *at += length;
    return true;
}

static int split_row(struct csv_reader *reader, char *text, size_t size, struct cell *cells, int cells_max, bool *good) {
    size_t at = 0;
    int count = 0;
    for (;;) {
        struct cell cell = {0};
        *good = take_cell(text, size, &at, reader->base.delimiter, &cell) && *good;
        if (count < cells_max)
            cells[count] = cell;
        count++;
        if (!*good || at >= size)
            return count;
        at++; /* the separator; a row may end in one: then a last blank cell follows */
    }
}

static enum reader_step bad_row(struct csv_reader *reader, const char *format, long long a, long long b) {
    /* cppcheck-suppress wrongPrintfScanfArgNum ; a format uses as many of the two as it needs */
    snprintf(reader->problem, sizeof reader->problem, format, a, b);
    reader->base.problem = reader->problem;
    return READER_BAD_ROW;
}

static void keep_raw(struct csv_reader *reader, const char *text, size_t size) {
    if (memchr(text, '"', size)) { /* quotes will be taken out in place */
        if (size > reader->row_copy_capacity) {
            reader->row_copy_capacity = size * 2;
            reader->row_copy = grow(reader->row_copy, reader->row_copy_capacity);
        }
        memcpy(reader->row_copy, text, size);
        text = reader->row_copy;
    }
    reader->base.raw = text;
    reader->base.raw_length = size;
}

static enum reader_step csv_next(struct table_reader *base, struct failure *failure) {
    struct csv_reader *reader = (struct csv_reader *)base;
    (void)failure;
    for (;;) {
        size_t size, skip;
        int64_t lines;
        enum row_end end = find_row(reader, &size, &skip, &lines);
        if (end == ROW_NONE)
            return READER_END;
        base->line = reader->next_line;
        reader->next_line += lines;
        char *text = reader->buffer + reader->start;
        if (end == ROW_TOO_LONG || end == ROW_OPEN_QUOTE) { /* what follows cannot be told apart */
            reader->start = reader->end;
            reader->at_end = true;
            base->raw = "";
            base->raw_length = 0;
            return end == ROW_OPEN_QUOTE ? bad_row(reader, "the quote opened in this row is never closed, so the rest of the file cannot be read", 0, 0)
                                         : bad_row(reader, "the row is too long: is a quote missing?", 0, 0);
        }
        reader->start += skip;
        if (size == 0 && base->column_count > 1) /* a blank line */
            continue;
        keep_raw(reader, text, size);
        if (text_find_bad_utf8(text, size) < size)
            return bad_row(reader, "the row is not UTF-8 (byte %lld of it is not): save the file as UTF-8", (long long)text_find_bad_utf8(text, size) + 1, 0);
        bool good = true;
        int count = split_row(reader, text, size, reader->cells, base->column_count, &good);
        if (!good)
            return bad_row(reader, "a quote stands in the middle of cell %lld: a quote inside a quoted cell is written twice", count, 0);
        if (count != base->column_count)
            return bad_row(reader, "the row has %lld cells, and the header has %lld", count, base->column_count);
        for (int i = 0; i < count; i++)
            if (reader->cells[i].length > LIMIT_CSV_FIELD_BYTES)
                return bad_row(reader, "cell %lld is too large", i + 1, 0);
        return READER_ROW;
    }
}

static void csv_close(struct table_reader *base) {
    struct csv_reader *reader = (struct csv_reader *)base;
    if (reader->file)
        fclose(reader->file);
    free(reader->buffer);
    free(reader->row_copy);
    free(reader->path);
    arena_destroy(reader->arena);
    free(reader);
}

/* ---- the header ---- */

static char sniff_delimiter(const char *text, size_t size) {
    static const char candidates[] = ",;\t|";
    int counts[4] = {0};
    bool quoted = false;
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '"')
            quoted = !quoted;
        const char *found = quoted ? NULL : memchr(candidates, text[i], 4);
        if (found)
            counts[found - candidates]++;
    }
    int best = 0;
    for (int i = 1; i < 4; i++)
        if (counts[i] > counts[best])
            best = i;
    return candidates[best];
}

static bool read_header(struct csv_reader *reader, struct failure *failure) {
    size_t size, skip;
    int64_t lines;
    read_more(reader);
    if (reader->end - reader->start >= 3 && memcmp(reader->buffer + reader->start, "\xEF\xBB\xBF", 3) == 0)
        reader->start += 3;
    enum row_end end = find_row(reader, &size, &skip, &lines);
    if (end != ROW_WHOLE || size == 0)
        return failure_set(failure, DIAG_FILE_EMPTY, reader->path);
    char *text = reader->buffer + reader->start;
    if (text_find_bad_utf8(text, size) < size)
        return failure_set(failure, DIAG_FILE_UNREADABLE, reader->path, "its header is not UTF-8 text");
    reader->base.delimiter = sniff_delimiter(text, size);
    struct cell *names = ARENA_ARRAY(reader->arena, struct cell, LIMIT_CSV_COLUMNS);
    bool good = true;
    int count = split_row(reader, text, size, names, LIMIT_CSV_COLUMNS, &good);
    if (count > LIMIT_CSV_COLUMNS)
        return failure_set(failure, DIAG_TOO_MANY_COLUMNS, reader->path, (int)LIMIT_CSV_COLUMNS);
    const char **columns = ARENA_ARRAY(reader->arena, const char *, count);
    for (int i = 0; i < count; i++) {
        while (names[i].length && names[i].text[0] == ' ')
            names[i].text++, names[i].length--;
        while (names[i].length && names[i].text[names[i].length - 1] == ' ')
            names[i].length--;
        columns[i] = arena_copy(reader->arena, names[i].text, names[i].length);
        for (int j = 0; j < i; j++)
            if (names[i].length && strcmp(columns[i], columns[j]) == 0)
                return failure_set(failure, DIAG_COLUMN_TWICE_IN_FILE, reader->path, columns[i]);
    }
    reader->start += skip;
    reader->next_line = 1 + lines;
    reader->base.columns = columns;
    reader->base.column_count = count;
    reader->cells = ARENA_ARRAY(reader->arena, struct cell, count);
    reader->base.cells = reader->cells;
    return true;
}

struct table_reader *csv_reader_open(const char *path, struct failure *failure) {
    struct stat status;
    FILE *file = fopen(path, "rb");
    if (!file || fstat(fileno(file), &status) != 0 || S_ISDIR(status.st_mode)) {
        int code = errno;
        if (file)
            failure_set(failure, DIAG_FILE_UNREADABLE, path, "it is a folder");
        else if (code == ENOENT)
            failure_set(failure, DIAG_FILE_NOT_FOUND, path);
        else
            failure_set(failure, DIAG_FILE_UNREADABLE, path, strerror(code));
        if (file)
            fclose(file);
        return NULL;
    }
    struct csv_reader *reader = grow(NULL, sizeof *reader);
    *reader = (struct csv_reader){.base = {.next = csv_next, .close = csv_close}, .file = file, .arena = arena_create(), .path = strdup(path)};
    if (!read_header(reader, failure)) {
        csv_close(&reader->base);
        return NULL;
    }
    return &reader->base;
}

/* ---- either kind ---- */

struct table_reader *table_reader_open(const char *path, struct failure *failure) {
    bool is_json = text_ends(path, ".json") || text_ends(path, ".jsonl") || text_ends(path, ".ndjson");
    return is_json ? json_reader_open(path, failure) : csv_reader_open(path, failure);
}

int table_reader_find(const struct table_reader *reader, const char *column) {
    for (int i = 0; i < reader->column_count; i++)
        if (strcmp(reader->columns[i], column) == 0)
            return i;
    return -1;
}
