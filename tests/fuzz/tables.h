/* What the fuzzers of CSV and JSON share: any bytes through a reader, and its cells through every conversion. What must hold:
 * - in whatever pieces the file comes, the rows are the same;
 * - good rows written out plainly are read back as they were;
 * - a cell's value, written out, is read back as that value. */
#ifndef REMIT_TESTS_FUZZ_TABLES_H
#define REMIT_TESTS_FUZZ_TABLES_H

#include "lang/base/text.h"
#include "runtime/load/convert.h"
#include "runtime/load/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct table_reader *open_function(const char *path, struct failure *failure);
typedef void write_function(struct buffer *out, const struct table_reader *reader, bool is_header);

enum { SMALL_BLOCK = 7, CELLS_CONVERTED = 40 };

/* A file in memory with these bytes, and its name. */
static const char *put_file(const char *bytes, size_t size) {
    static int file = -1;
    static char path[64];
    if (file < 0) {
        file = memfd_create("table", MFD_CLOEXEC);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    if (file < 0 || ftruncate(file, 0) != 0 || (size && pwrite(file, bytes, size, 0) != (ssize_t)size))
        abort();
    return path;
}

/* ---- conversions ---- */

static bool same_value(struct value a, struct value b) {
    if (a.kind != b.kind)
        return false;
    switch ((enum value_kind)a.kind) {
    case VALUE_MISSING: return true;
    case VALUE_TEXT: return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
    case VALUE_NUMBER: return memcmp(&a.number, &b.number, sizeof a.number) == 0 || a.number == b.number;
    case VALUE_INT: return a.integer == b.integer;
    }
    return false;
}

/* The cell in a block of exactly its size, so that the sanitizer sees a look beyond it. */
static void convert_to(struct arena *arena, struct type type, const struct cell *cell, bool reads_back) {
    char *exact = malloc(cell->length ? cell->length : 1);
    memcpy(exact, cell->text, cell->length);
    struct cell copy = {exact, cell->length, cell->missing};
    struct conversion conversion = {.type = type, .times = {1, 0}};
    struct value value, again;
    const char *problem = NULL;
    bool good = convert_cell(arena, &conversion, &copy, &value, &problem);
    if (!good && (!problem || !*problem || strchr(problem, '\n') == problem))
        abort();
    if (good && reads_back && value.kind != VALUE_MISSING) {
        struct buffer written = {0};
        value_write(&written, value, type, VALUE_PLAIN);
        struct cell plain = {buffer_string(&written), written.length, false};
        if (!convert_cell(arena, &conversion, &plain, &again, &problem) || !same_value(value, again))
            abort();
        buffer_free(&written);
    }
    free(exact);
}

static void convert_to_all(struct arena *arena, const struct cell *cell) {
    static struct enum_value values[] = {{"green", "Green"}, {"amber_red", "Amber/Red"}};
    static struct enum_type rating = {.name = "rating", .values = values, .value_count = 2};
    static const struct type read_back[] = {{.kind = TYPE_TEXT}, {.kind = TYPE_INT}, {.kind = TYPE_NUMBER}, {.kind = TYPE_MONEY, .currency = "EUR"},
                                            {.kind = TYPE_DATE}, {.kind = TYPE_DATETIME}, {.kind = TYPE_BOOL}, {.kind = TYPE_PERIOD}};
    for (size_t i = 0; i < sizeof read_back / sizeof *read_back; i++)
        convert_to(arena, read_back[i], cell, true);
    convert_to(arena, (struct type){.kind = TYPE_ENUM, .enumeration = &rating}, cell, true);
    convert_to(arena, (struct type){.kind = TYPE_DURATION}, cell, false);
    static const char *const patterns[] = {"%d/%m/%Y %I:%M:%S %p", "%d %b %y", "%j %Y", NULL};
    struct conversion date = {.type = {.kind = TYPE_DATE}, .patterns = patterns, .times = {1, 0}};
    struct conversion money = {.type = {.kind = TYPE_MONEY, .currency = "GBP"}, .times = {1000000, 0}, .has_times = true};
    struct value value;
    const char *problem;
    convert_cell(arena, &date, cell, &value, &problem);
    convert_cell(arena, &money, cell, &value, &problem);
}

/* ---- rows ---- */

static void add_cell(struct buffer *out, const struct cell *cell) {
    if (text_find_bad_utf8(cell->text, cell->length) < cell->length)
        abort();
    buffer_add_format(out, cell->missing ? "-" : "%zu:", cell->length);
    if (!cell->missing)
        buffer_add(out, cell->text, cell->length);
}

/* Everything that the reader gives, with its columns. good: rows only; plain (may be NULL) is the table written out again. */
static void read_table(struct buffer *out, open_function *open_table, const char *path, bool good, write_function *write, struct buffer *plain, struct arena *arena) {
    struct failure failure = {0};
    struct table_reader *reader = open_table(path, &failure);
    if (!reader) {
        if (failure.kind == FAILURE_NONE || !failure.message[0])
            abort();
        buffer_add_string(out, failure.message);
        return;
    }
    int position = -1, converted = 0;
    if (!table_reader_find(reader, "is there such a column?", &position, &failure))
        abort();
    for (int i = 0; i < reader->column_count; i++) {
        struct cell name = {reader->columns[i], strlen(reader->columns[i]), false};
        add_cell(out, &name);
    }
    if (plain)
        write(plain, reader, true);
    enum reader_step step;
    while ((step = reader->next(reader, &failure)) == READER_ROW || step == READER_BAD_ROW) {
        if (!good)
            buffer_add_format(out, "\n%lld %lld ", (long long)reader->line, (long long)reader->element);
        if (step == READER_BAD_ROW) {
            if (!reader->problem || !reader->problem[0])
                abort();
            if (!good)
                buffer_add_string(out, reader->problem);
            continue;
        }
        buffer_add_char(out, '\n');
        for (int i = 0; i < reader->column_count; i++) {
            add_cell(out, &reader->cells[i]);
            if (arena && converted++ < CELLS_CONVERTED)
                convert_to_all(arena, &reader->cells[i]);
        }
        if (plain)
            write(plain, reader, false);
    }
    if (step != READER_END)
        abort();
    reader->close(reader);
}

static void try_table(open_function *open_table, write_function *write, const uint8_t *data, size_t size) {
    struct buffer whole = {0}, pieces = {0}, plain = {0}, rows = {0}, again = {0};
    const char *path = put_file((const char *)data, size);
    size_t kept = input_block_bytes;
    read_table(&whole, open_table, path, false, NULL, NULL, NULL);
    input_block_bytes = SMALL_BLOCK;
    read_table(&pieces, open_table, path, false, NULL, NULL, NULL);
    input_block_bytes = kept;
    if (whole.length != pieces.length || memcmp(buffer_string(&whole), buffer_string(&pieces), whole.length) != 0)
        abort();
    struct arena *arena = arena_create();
    read_table(&rows, open_table, path, true, write, &plain, arena);
    arena_destroy(arena);
    if (plain.length) {
        read_table(&again, open_table, put_file(plain.bytes, plain.length), true, NULL, NULL, NULL);
        if (rows.length != again.length || memcmp(buffer_string(&rows), buffer_string(&again), rows.length) != 0)
            abort();
    }
    buffer_free(&whole);
    buffer_free(&pieces);
    buffer_free(&plain);
    buffer_free(&rows);
    buffer_free(&again);
}

#endif
