/* JSON: a list of objects, an object with one list of objects in it, or one object after another (JSON lines). See load.h.
 * A reader of our own and not a library's, because libraries give numbers as doubles, and an amount of money must never pass through one: here a number is a
 * cell with the digits of the file. Strict about the grammar of RFC 8259.
 * Knows: objects and their properties. Does not know: types. */
#include "runtime/load/load.h"
#include "lang/base/arena.h"
#include "lang/base/limits.h"
#include "lang/base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_FROM_OBJECTS = 1000 };

struct property {
    const char *name;
    struct cell cell;
};
struct json_reader {
    struct table_reader base; /* first */
    struct arena *arena;      /* the columns */
    struct arena *scratch;    /* the row */
    char *text;
    const char *at, *end;
    int64_t line;             /* of `at` */
    const char *problem;      /* what is wrong with the text */
    LIST_OF(struct property) row;
    struct cell *cells;
    char words[200];
};

static bool broken(struct json_reader *reader, const char *problem) {
    if (!reader->problem)
        reader->problem = problem;
    return false;
}

static char skip_space(struct json_reader *reader) {
    while (reader->at < reader->end && strchr(" \t\r\n", *reader->at)) {
        reader->line += *reader->at == '\n';
        reader->at++;
    }
    return reader->at < reader->end ? *reader->at : '\0';
}

static bool take(struct json_reader *reader, char wanted, const char *problem) {
    if (skip_space(reader) != wanted)
        return broken(reader, problem);
    reader->at++;
    return true;
}

/* ---- strings ---- */

static int read_hex(const char *at) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
        if (!isxdigit((unsigned char)at[i]))
            return -1;
        value = value * 16 + (isdigit((unsigned char)at[i]) ? at[i] - '0' : (at[i] | 0x20) - 'a' + 10);
    }
    return value;
}

static size_t write_character(char *out, unsigned character) {
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    size_t size = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--, character >>= 6)
        out[i] = (char)(0x80 | (character & 0x3F));
    out[0] = (char)((size == 2 ? 0xC0 : size == 3 ? 0xE0 : 0xF0) | character);
    return size;
}

/* \uXXXX, two of them for a character past U+FFFF; *at stands after the u. */
static bool read_escape(struct json_reader *reader, char **out) {
    int unit = reader->end - reader->at >= 4 ? read_hex(reader->at) : -1;
    if (unit <= 0)
        return broken(reader, "an escape `\\u` needs four hexadecimal digits, and not all of them 0");
    reader->at += 4;
    unsigned character = (unsigned)unit;
    if (unit >= 0xD800 && unit < 0xDC00) {
        int low = reader->end - reader->at >= 6 && reader->at[0] == '\\' && reader->at[1] == 'u' ? read_hex(reader->at + 2) : -1;
        if (low < 0xDC00 || low > 0xDFFF)
            return broken(reader, "half of a character stands in an escape `\\u`");
        character = 0x10000 + (((unsigned)unit - 0xD800) << 10) + ((unsigned)low - 0xDC00);
        reader->at += 6;
    } else if (unit >= 0xDC00 && unit <= 0xDFFF)
        return broken(reader, "half of a character stands in an escape `\\u`");
    *out += write_character(*out, character);
    return true;
}

static bool read_string(struct json_reader *reader, struct cell *cell) {
    if (!take(reader, '"', "a text in double quotes is wanted"))
        return false;
    const char *start = reader->at;
    while (reader->at < reader->end && *reader->at != '"' && *reader->at != '\\' && (unsigned char)*reader->at >= ' ')
        reader->at++;
    if (reader->at < reader->end && *reader->at == '"') { /* no escapes: a slice */
        *cell = (struct cell){start, (size_t)(reader->at++ - start), false};
        return true;
    }
    const char *close = start;
    while (close < reader->end && *close != '"')
        close += *close == '\\' ? 2 : 1;
    if (close >= reader->end)
        return broken(reader, "a text has no closing quote");
    char *text = arena_alloc(reader->scratch, (size_t)(close - start) + 1), *out = text;
    reader->at = start;
    while (*reader->at != '"') {
        char c = *reader->at++;
        if ((unsigned char)c < ' ')
            return broken(reader, "a text holds a control character");
        if (c != '\\') {
            *out++ = c;
            continue;
        }
        c = *reader->at++;
        const char *known = strchr("\"\"\\\\//b\bf\fn\nr\rt\t", c);
        if (c == 'u') {
            if (!read_escape(reader, &out))
                return false;
        } else if (c && known)
            *out++ = strchr("\"\\/", c) ? c : known[1];
        else
            return broken(reader, "a text holds an escape that JSON does not have");
    }
    reader->at++;
    *cell = (struct cell){text, (size_t)(out - text), false};
    return true;
}

/* ---- values ---- */

static bool read_word(struct json_reader *reader, const char *word) {
    size_t size = strlen(word);
    if ((size_t)(reader->end - reader->at) < size || memcmp(reader->at, word, size) != 0)
        return broken(reader, "a value is wanted: text, number, true, false, null, an object or a list");
    reader->at += size;
    return true;
}

static bool read_number(struct json_reader *reader) {
    const char *start = reader->at;
    if (*reader->at == '-')
        reader->at++;
    size_t digits = 0;
    while (reader->at < reader->end && (isdigit((unsigned char)*reader->at) || strchr(".eE+-", *reader->at)))
        digits += isdigit((unsigned char)*reader->at++) != 0;
    return (digits && !strchr(".eE+-", reader->at[-1]) && reader->at > start) || broken(reader, "a number is not written as JSON writes it");
}

static bool read_value(struct json_reader *reader, const char *name, int depth);

static bool read_object(struct json_reader *reader, const char *prefix, int depth) {
    if (depth > LIMIT_JSON_DEPTH)
        return broken(reader, "objects are nested too deep");
    if (!take(reader, '{', "an object is wanted"))
        return false;
    if (skip_space(reader) == '}') {
        reader->at++;
        return true;
    }
    do {
        struct cell name;
        if (!read_string(reader, &name) || !take(reader, ':', "a `:` is wanted after a property's name"))
            return false;
        const char *full = *prefix ? arena_format(reader->scratch, "%s.%.*s", prefix, (int)name.length, name.text) : arena_copy(reader->scratch, name.text, name.length);
        if (!read_value(reader, full, depth + 1))
            return false;
    } while (skip_space(reader) == ',' && reader->at++);
    return take(reader, '}', "a `,` or `}` is wanted in an object");
}

/* A list inside a row is kept as its text. */
static bool read_list(struct json_reader *reader, int depth) {
    if (depth > LIMIT_JSON_DEPTH)
        return broken(reader, "lists are nested too deep");
    reader->at++;
    if (skip_space(reader) == ']') {
        reader->at++;
        return true;
    }
    int kept = reader->row.count;
    do
        if (!read_value(reader, "", depth + 1))
            return false;
    while (skip_space(reader) == ',' && reader->at++);
    reader->row.count = kept;
    return take(reader, ']', "a `,` or `]` is wanted in a list");
}

static bool read_value(struct json_reader *reader, const char *name, int depth) {
    char c = skip_space(reader);
    if (c == '{')
        return read_object(reader, name, depth);
    const char *start = reader->at;
    struct cell cell = {0};
    bool good;
    if (c == '"')
        good = read_string(reader, &cell);
    else {
        good = c == '[' ? read_list(reader, depth) : c == 't' ? read_word(reader, "true") : c == 'f' ? read_word(reader, "false")
             : c == 'n' ? read_word(reader, "null") : c == '-' || isdigit((unsigned char)c) ? read_number(reader) : read_word(reader, "null");
        cell = (struct cell){start, (size_t)(reader->at - start), c == 'n'};
    }
    struct property property = {name, cell};
    if (good)
        LIST_ADD(reader->scratch, &reader->row, property);
    return good;
}

/* ---- rows ---- */

static void start_row(struct json_reader *reader) {
    arena_reset(reader->scratch);
    memset(&reader->row, 0, sizeof reader->row);
}

/* False at the end or when the text is broken (then problem is set). */
static bool next_object(struct json_reader *reader) {
    start_row(reader);
    char c = skip_space(reader);
    if (c == ',') {
        reader->at++;
        c = skip_space(reader);
    }
    if (c == '\0' || c == ']')
        return false;
    reader->base.line = reader->line;
    return read_object(reader, "", 0);
}

static enum reader_step json_next(struct table_reader *base, struct failure *failure) {
    struct json_reader *reader = (struct json_reader *)base;
    (void)failure;
    if (!next_object(reader)) {
        if (!reader->problem)
            return READER_END;
        base->line = reader->line;
        snprintf(reader->words, sizeof reader->words, "%s; the rest of the file cannot be read", reader->problem);
        base->problem = reader->words;
        reader->problem = NULL;
        reader->at = reader->end;
        return READER_BAD_ROW;
    }
    for (int c = 0; c < base->column_count; c++)
        reader->cells[c] = (struct cell){"", 0, true};
    for (int i = 0; i < reader->row.count; i++) {
        int column = table_reader_find(base, reader->row.items[i].name);
        if (column >= 0)
            reader->cells[column] = reader->row.items[i].cell;
    }
    return READER_ROW;
}

static void json_close(struct table_reader *base) {
    struct json_reader *reader = (struct json_reader *)base;
    arena_destroy(reader->arena);
    arena_destroy(reader->scratch);
    free(reader->text);
    free(reader);
}

/* ---- opening ---- */

static char *read_file(const char *path, size_t *length, struct failure *failure) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        if (errno == ENOENT)
            failure_set(failure, DIAG_FILE_NOT_FOUND, path);
        else
            failure_set(failure, DIAG_FILE_UNREADABLE, path, strerror(errno));
        return NULL;
    }
    struct buffer text = {0};
    char block[65536];
    size_t count;
    while ((count = fread(block, 1, sizeof block, file)) > 0)
        buffer_add(&text, block, count);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed) {
        failure_set(failure, DIAG_FILE_UNREADABLE, path, "it is a folder, or the disk failed");
        buffer_free(&text);
        return NULL;
    }
    buffer_add(&text, "", 0);
    *length = text.length;
    return text.bytes;
}

/* Steps into the list: `[`, or the one list of an object `{ "rows": [ … ] }`. */
static void find_list(struct json_reader *reader) {
    if (reader->end - reader->at >= 3 && memcmp(reader->at, "\xEF\xBB\xBF", 3) == 0)
        reader->at += 3;
    if (skip_space(reader) == '[') {
        reader->at++;
        return;
    }
    const char *start = reader->at;
    struct cell name;
    if (skip_space(reader) == '{' && reader->at++ && read_string(reader, &name) && take(reader, ':', "") && skip_space(reader) == '[') {
        reader->at++;
        if (skip_space(reader) == '{' || *reader->at == ']')
            return;
    }
    reader->at = start;
    reader->problem = NULL;
}

static void find_columns(struct json_reader *reader) {
    const char *start = reader->at;
    int64_t line = reader->line;
    LIST_OF(const char *) names = {0};
    for (int n = 0; n < NAMES_FROM_OBJECTS && next_object(reader); n++)
        for (int i = 0; i < reader->row.count && names.count < LIMIT_CSV_COLUMNS; i++) {
            bool known = false;
            for (int j = 0; j < names.count && !known; j++)
                known = strcmp(names.items[j], reader->row.items[i].name) == 0;
            if (!known)
                LIST_ADD(reader->arena, &names, arena_copy_string(reader->arena, reader->row.items[i].name));
        }
    reader->at = start;
    reader->line = line;
    reader->problem = NULL;
    reader->base.columns = names.items;
    reader->base.column_count = names.count;
    reader->cells = ARENA_ARRAY(reader->arena, struct cell, names.count);
    reader->base.cells = reader->cells;
}

struct table_reader *json_reader_open(const char *path, struct failure *failure) {
    size_t length;
    char *text = read_file(path, &length, failure);
    if (!text)
        return NULL;
    struct json_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        abort();
    *reader = (struct json_reader){.base = {.next = json_next, .close = json_close}, .arena = arena_create(), .scratch = arena_create(), .text = text, .at = text, .end = text + length, .line = 1};
    if (text_find_bad_utf8(text, length) < length)
        failure_set(failure, DIAG_JSON_BROKEN, path, "it is not UTF-8");
    else {
        find_list(reader);
        char c = skip_space(reader);
        if (c != '{' && c != ']')
            failure_set(failure, DIAG_JSON_BROKEN, path, "it must be a list of objects, or one object a line");
    }
    if (failure->kind != FAILURE_NONE) {
        json_close(&reader->base);
        return NULL;
    }
    find_columns(reader);
    return &reader->base;
}
