/* JSON: a list of objects, an object with one list of objects in it, or one object after another, on a line each or not. See load.h.
 * Each element is first cut out of the input by its brackets and quotes, and then read as an object; so memory is bounded by the longest one, and one that is not well written
 * does not take the others with it as long as its end can be seen. Knows: elements, and how they stand in the file. Does not know: types. */
#include "runtime/load/json.h"
#include "runtime/load/input.h"
#include "lang/base/limits.h"
#include "lang/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_FROM_OBJECTS = 1000, END_OF_FILE = -1, BRACKETS_KNOWN = 64 };

enum shape {
    SHAPE_LIST,    /* [ … ], or the list inside one object */
    SHAPE_LINES,   /* an object a line */
    SHAPE_OBJECTS  /* one object after another */
};
struct json_reader {
    struct table_reader base; /* first */
    struct input input;
    struct arena *arena;      /* the columns */
    struct arena *scratch;    /* the row */
    char *path;
    enum shape shape;
    bool is_wrapped, is_cut;  /* the list stands in an object; and that object is broken behind it */
    int64_t first_place, first_line, first_count;
    int64_t line, count;      /* of the next byte; elements met */
    bool is_over;             /* nothing more is read, though there may be more */
    bool knows_all;           /* columns are those of the whole file */
    struct json_object object;
    struct cell *cells;
    int64_t *filled;          /* of each column: in which element it was met last */
    int *guesses;             /* of each of the first 2,000 properties: the column it was in the element before, or -1 */
    LIST_OF(const char *) names;
    char problem[300];
};

/* ---- the input ---- */

static int next_byte(struct json_reader *reader) {
    struct input *input = &reader->input;
    return input->start < input->end || input_more(input) ? (unsigned char)input->bytes[input->start] : END_OF_FILE;
}

static int skip_space(struct json_reader *reader) {
    int c;
    while ((c = next_byte(reader)) == ' ' || c == '\n' || c == '\r' || c == '\t') {
        reader->line += c == '\n';
        reader->input.start++;
    }
    return c;
}

/* ---- cutting out a value ---- */

enum cut_end { CUT_WHOLE, CUT_FILE_ENDS, CUT_TEXT_OPEN, CUT_BRACKETS };

struct cut {
    size_t at;          /* bytes looked at, from the input's start */
    int depth;          /* open brackets */
    uint64_t curly;     /* which of them are { (the outermost 64; those within are only counted) */
    bool in_text, is_escaped;
    bool may_drop;      /* the value is passed over, so its bytes need not stay in the buffer */
    bool was_dropped;
    int64_t lines;
};

static bool cut_close(struct cut *cut, unsigned char c) {
    cut->depth--;
    return cut->depth >= 0 && (cut->depth >= BRACKETS_KNOWN || (cut->curly >> cut->depth & 1) == (c == '}'));
}

/* One byte of a value that begins with a bracket or a quote. True when the value, or hope for it, ends with it. */
static bool cut_byte(struct cut *cut, unsigned char c, enum cut_end *end) {
    cut->lines += c == '\n';
    if (cut->in_text) {
        if (c == '\n') {
            *end = CUT_TEXT_OPEN;
            return true;
        }
        if (cut->is_escaped || c == '\\')
            cut->is_escaped = !cut->is_escaped;
        else if (c == '"') {
            cut->in_text = false;
            *end = CUT_WHOLE;
            return cut->depth == 0;
        }
        return false;
    }
    if (c == '"')
        cut->in_text = true;
    else if (c == '{' || c == '[') {
        if (cut->depth < BRACKETS_KNOWN)
            cut->curly = (cut->curly & ~(UINT64_C(1) << cut->depth)) | (uint64_t)(c == '{') << cut->depth;
        cut->depth++;
    } else if (c == '}' || c == ']') {
        *end = cut_close(cut, c) ? CUT_WHOLE : CUT_BRACKETS;
        return *end == CUT_BRACKETS || cut->depth == 0;
    }
    return false;
}

/* Numbers and words end where something else begins. */
static size_t cut_word(struct json_reader *reader) {
    struct input *input = &reader->input;
    size_t at = 0;
    while ((input->start + at < input->end || (at < LIMIT_JSON_OBJECT_BYTES && input_more(input))) && !strchr(" \t\r\n,]}[{\":", input->bytes[input->start + at]))
        at++;
    return at;
}

/* The value whose first byte is next: its bytes stay where they are, `at` of them. What is too long, or may be dropped, is passed over instead. */
static enum cut_end cut_value(struct json_reader *reader, struct cut *cut) {
    struct input *input = &reader->input;
    int first = next_byte(reader);
    enum cut_end end = CUT_FILE_ENDS;
    if (first != '{' && first != '[' && first != '"') {
        cut->at = cut_word(reader);
        return CUT_WHOLE;
    }
    do {
        if (cut->at > LIMIT_JSON_OBJECT_BYTES || (cut->may_drop && cut->at > 0)) {
            input->start += cut->at;
            cut->at = 0;
            cut->was_dropped = true;
        }
        const char *bytes = input->bytes + input->start;
        size_t length = input->end - input->start;
        while (cut->at < length)
            if (cut_byte(cut, (unsigned char)bytes[cut->at++], &end))
                return end;
    } while (input_more(input));
    return CUT_FILE_ENDS;
}

static void pass_cut(struct json_reader *reader, const struct cut *cut) {
    reader->input.start += cut->at;
    reader->line += cut->lines;
}

static bool pass_value(struct json_reader *reader) {
    struct cut cut = {.may_drop = true};
    enum cut_end end = cut_value(reader, &cut);
    pass_cut(reader, &cut);
    return end == CUT_WHOLE;
}

/* ---- elements ---- */

static enum reader_step bad_element(struct json_reader *reader, const char *problem) {
    snprintf(reader->problem, sizeof reader->problem, "%s", problem);
    reader->base.problem = reader->problem;
    return READER_BAD_ROW;
}

/* What follows, if anything does, cannot be told apart. */
static enum reader_step give_up(struct json_reader *reader, const char *problem) {
    reader->is_over = true;
    reader->base.line = reader->line;
    bool is_at_end = next_byte(reader) == END_OF_FILE;
    snprintf(reader->problem, sizeof reader->problem, is_at_end ? "%s" : "%s; the rest of the file cannot be read", problem);
    reader->base.problem = reader->problem;
    return READER_BAD_ROW;
}

/* The element's bytes, cut out, as an object. */
static enum reader_step read_element(struct json_reader *reader, const char *text, size_t length) {
    arena_reset(reader->scratch);
    size_t place = text_find_bad_utf8(text, length);
    const char *problem = NULL;
    if (place < length)
        problem = text[place] ? "the object is not UTF-8: save the file as UTF-8" : "the object holds a byte that is zero: the file is damaged";
    else if (!json_read_object(reader->scratch, text, length, &reader->object)) {
        problem = reader->object.problem;
        place = reader->object.place;
    }
    if (!problem)
        return READER_ROW;
    for (size_t i = 0; i < place; i++)
        reader->base.line += text[i] == '\n';
    return bad_element(reader, problem);
}

static enum reader_step cut_element(struct json_reader *reader) {
    struct cut cut = {0};
    reader->count++;
    reader->base.line = reader->line;
    enum cut_end end = cut_value(reader, &cut);
    char *text = reader->input.bytes + reader->input.start;
    pass_cut(reader, &cut);
    if (end == CUT_FILE_ENDS)
        return give_up(reader, cut.in_text ? "a text has no closing quote" : "the file ends in the middle of an object: is it cut off?");
    if (end == CUT_TEXT_OPEN) {
        reader->line--; /* the quote is missing in the line that ends here */
        return give_up(reader, "a text has no closing quote");
    }
    if (end == CUT_BRACKETS)
        return give_up(reader, "a bracket is closed by one of the other kind");
    if (cut.was_dropped || cut.at > LIMIT_JSON_OBJECT_BYTES)
        return bad_element(reader, "the object is over 16 MiB long");
    return cut.at ? read_element(reader, text, cut.at) : give_up(reader, "an object is wanted");
}

static enum reader_step end_list(struct json_reader *reader) {
    reader->input.start++;
    reader->is_over = true;
    if (reader->is_wrapped)
        return reader->is_cut ? give_up(reader, "the object round the list is not well written behind it") : READER_END;
    return skip_space(reader) == END_OF_FILE ? READER_END : give_up(reader, "something stands behind the list");
}

static enum reader_step next_in_list(struct json_reader *reader) {
    int c = skip_space(reader);
    if (c == ']')
        return end_list(reader);
    if (c != END_OF_FILE && reader->count > 0) {
        if (c != ',')
            return give_up(reader, "a `,` or `]` is wanted after an object");
        reader->input.start++;
        c = skip_space(reader);
        if (c == ']')
            return give_up(reader, "an object is wanted after the last `,`");
    }
    return c == END_OF_FILE ? give_up(reader, "the list is not closed by `]`: is the file cut off?") : cut_element(reader);
}

static enum reader_step next_line(struct json_reader *reader) {
    struct input *input = &reader->input;
    if (skip_space(reader) == END_OF_FILE)
        return READER_END;
    reader->count++;
    reader->base.line = reader->line;
    size_t at = 0;
    bool is_too_long = false;
    const char *end;
    while (!(end = memchr(input->bytes + input->start + at, '\n', input->end - input->start - at))) {
        at = input->end - input->start;
        if (at > LIMIT_JSON_OBJECT_BYTES) {
            input->start += at;
            at = 0;
            is_too_long = true;
        }
        if (!input_more(input))
            break;
    }
    const char *text = input->bytes + input->start;
    size_t length = end ? (size_t)(end - text) : input->end - input->start;
    input->start += length;
    return is_too_long || length > LIMIT_JSON_OBJECT_BYTES ? bad_element(reader, "the object is over 16 MiB long") : read_element(reader, text, length);
}

static enum reader_step next_element(struct json_reader *reader, struct failure *failure) {
    if (reader->is_over)
        return READER_END;
    enum reader_step step;
    switch (reader->shape) {
    case SHAPE_LIST: step = next_in_list(reader); break;
    case SHAPE_LINES: step = next_line(reader); break;
    default: step = skip_space(reader) == END_OF_FILE ? READER_END : cut_element(reader); break;
    }
    reader->base.element = reader->shape == SHAPE_LINES ? 0 : reader->count;
    return input_is_good(&reader->input, reader->path, failure) ? step : READER_FAILED;
}

/* ---- rows ---- */

static int find_name(const struct json_reader *reader, const char *name, size_t length) {
    for (int i = 0; i < reader->names.count; i++)
        if (strncmp(reader->names.items[i], name, length) == 0 && reader->names.items[i][length] == '\0')
            return i;
    return -1;
}

/* The column of the element's property: elements mostly look alike, so it is tried first where the element before had it. */
static int find_column(struct json_reader *reader, int property) {
    const struct json_property *found = &reader->object.properties.items[property];
    if (property >= LIMIT_CSV_COLUMNS)
        return find_name(reader, found->name, found->name_length);
    int guess = reader->guesses[property];
    if (guess >= 0 && strncmp(reader->names.items[guess], found->name, found->name_length) == 0 && reader->names.items[guess][found->name_length] == '\0')
        return guess;
    return reader->guesses[property] = find_name(reader, found->name, found->name_length);
}

static enum reader_step fill_cells(struct json_reader *reader) {
    for (int c = 0; c < reader->base.column_count; c++)
        reader->cells[c] = (struct cell){"", 0, true};
    for (int i = 0; i < reader->object.properties.count; i++) {
        int column = find_column(reader, i);
        if (column < 0)
            continue;
        const char *problem = reader->filled[column] == reader->count                              ? "`%s` is there twice"
                            : reader->object.properties.items[i].cell.length > LIMIT_CSV_FIELD_BYTES ? "the value of `%s` is over 1 MiB long"
                                                                                                     : NULL;
        if (problem) {
            /* cppcheck-suppress wrongPrintfScanfArgNum ; both have one */
            bad_element(reader, arena_format(reader->scratch, problem, reader->names.items[column]));
            return READER_BAD_ROW;
        }
        reader->filled[column] = reader->count;
        reader->cells[column] = reader->object.properties.items[i].cell;
    }
    return READER_ROW;
}

static enum reader_step json_next(struct table_reader *base, struct failure *failure) {
    struct json_reader *reader = (struct json_reader *)base;
    enum reader_step step = next_element(reader, failure);
    base->bytes_read = input_place(&reader->input);
    return step == READER_ROW ? fill_cells(reader) : step;
}

/* ---- columns ---- */

/* To the first row again. */
static bool start_again(struct json_reader *reader, struct failure *failure) {
    reader->line = reader->first_line;
    reader->count = 0;
    reader->is_over = false;
    return input_go_back(&reader->input, reader->first_place, reader->path, failure);
}

/* The properties of the element that are new, while there is room, and in any case the one that is wanted. An object inside is no column itself; its own properties are. But where
 * other rows have a plain value under its name, its text is the cell, and is refused by whatever the cell is to become. */
static void add_names(struct json_reader *reader, const char *wanted) {
    for (int i = 0; i < reader->object.properties.count; i++) {
        const struct json_property *property = &reader->object.properties.items[i];
        bool is_wanted = wanted && strncmp(wanted, property->name, property->name_length) == 0 && wanted[property->name_length] == '\0';
        if (!property->is_object && find_column(reader, i) < 0 && (is_wanted || reader->names.count < LIMIT_CSV_COLUMNS))
            LIST_ADD(reader->arena, &reader->names, arena_copy(reader->arena, property->name, property->name_length));
    }
}

/* Reads rows for their properties' names, from the first one: so many, or to the end. */
static bool find_columns(struct json_reader *reader, int64_t most, const char *wanted, struct failure *failure) {
    enum reader_step step = READER_ROW;
    reader->base.problem = NULL;
    bool is_broken = false;
    char problem[400] = "";
    while (reader->count < most && ((step = next_element(reader, failure)) == READER_ROW || step == READER_BAD_ROW)) {
        if (step == READER_ROW)
            add_names(reader, wanted);
        else if (!is_broken) {
            is_broken = true;
            snprintf(problem, sizeof problem, "line %lld: %s", (long long)reader->base.line, reader->problem);
        }
    }
    if (step == READER_FAILED)
        return false;
    reader->knows_all = step == READER_END;
    reader->base.is_empty = step == READER_END && reader->count == 0;
    reader->base.problem = is_broken ? arena_copy_string(reader->arena, problem) : NULL;
    reader->base.columns = reader->names.items;
    reader->base.column_count = reader->names.count;
    reader->cells = ARENA_ARRAY(reader->arena, struct cell, reader->names.count);
    reader->filled = ARENA_ARRAY(reader->arena, int64_t, reader->names.count);
    reader->base.cells = reader->cells;
    return start_again(reader, failure);
}

static bool json_find_more(struct table_reader *base, const char *column, struct failure *failure) {
    struct json_reader *reader = (struct json_reader *)base;
    if (reader->knows_all && reader->names.count < LIMIT_CSV_COLUMNS)
        return true;
    return find_columns(reader, INT64_MAX, column, failure);
}

static void json_close(struct table_reader *base) {
    struct json_reader *reader = (struct json_reader *)base;
    input_close(&reader->input);
    arena_destroy(reader->arena);
    arena_destroy(reader->scratch);
    free(reader->path);
    free(reader);
}

/* ---- opening ---- */

/* Where rows may stand in an object that is round a list of them. */
struct wrapper {
    bool is_whole;             /* the object is well bracketed to its end */
    int lists;                 /* properties that are lists of objects */
    const char *names[2];      /* of the first two */
    int64_t place, line;       /* behind the [ of the first */
};

static void note_list(struct json_reader *reader, struct wrapper *wrapper, const struct cell *name, bool is_first) {
    struct input *input = &reader->input;
    int64_t kept_line = reader->line, start = input_place(input);
    input->start++;
    int64_t place = input_place(input);
    int c = skip_space(reader);
    if (c == '{' || (c == ']' && is_first)) {
        if (wrapper->lists < 2)
            wrapper->names[wrapper->lists] = arena_copy(reader->arena, name->text, name->length);
        if (wrapper->lists++ == 0) {
            wrapper->place = place;
            wrapper->line = kept_line;
        }
    }
    struct failure ignored = {0};
    reader->line = kept_line;
    if (!input_go_back(input, start, reader->path, &ignored)) /* only past a buffer full of spaces */
        wrapper->lists = 0;
}

/* Looks through the first object for lists of objects, property by property. */
static void look_for_lists(struct json_reader *reader, struct wrapper *wrapper) {
    reader->input.start++;
    for (bool is_first = true; skip_space(reader) == '"'; is_first = false) {
        struct cut cut = {0};
        struct cell name = {"", 0, false};
        enum cut_end end = cut_value(reader, &cut);
        bool is_text = end == CUT_WHOLE && !cut.was_dropped && json_read_text(reader->scratch, reader->input.bytes + reader->input.start, cut.at, &name);
        name.text = arena_copy(reader->scratch, name.text, name.length); /* what it is a slice of moves when more is read */
        pass_cut(reader, &cut);
        if (!is_text || skip_space(reader) != ':')
            return;
        reader->input.start++;
        if (skip_space(reader) == '[')
            note_list(reader, wrapper, &name, is_first);
        if (!pass_value(reader))
            return;
        int c = skip_space(reader);
        if (c == '}') {
            reader->input.start++;
            wrapper->is_whole = true;
        }
        if (c != ',')
            return;
        reader->input.start++;
    }
}

/* The file begins with an object: is it a row, or round the rows? A row of a file of lines is always a row. */
static bool look_at_object(struct json_reader *reader, bool is_lines, struct failure *failure) {
    struct wrapper wrapper = {0};
    int64_t line = reader->line;
    look_for_lists(reader, &wrapper);
    bool is_on_line = wrapper.is_whole && reader->line == line;
    bool is_alone = !wrapper.is_whole || skip_space(reader) == END_OF_FILE;
    if (!input_is_good(&reader->input, reader->path, failure))
        return false;
    reader->shape = is_on_line || (is_lines && !wrapper.is_whole) ? SHAPE_LINES : SHAPE_OBJECTS;
    if (is_lines || !is_alone || wrapper.lists == 0)
        return true;
    if (wrapper.lists > 1)
        return failure_set(failure, DIAG_JSON_BROKEN, reader->path,
                           arena_format(reader->arena, "it holds a list of objects in `%s` and another in `%s`: rows are read from one", wrapper.names[0], wrapper.names[1]));
    reader->shape = SHAPE_LIST;
    reader->is_wrapped = true;
    reader->is_cut = !wrapper.is_whole;
    reader->first_place = wrapper.place;
    reader->first_line = wrapper.line;
    return true;
}

static bool find_rows(struct json_reader *reader, bool is_lines, struct failure *failure) {
    reader->line = 1;
    int c = skip_space(reader);
    reader->first_place = input_place(&reader->input) + (c == '[');
    reader->first_line = reader->line;
    reader->shape = SHAPE_LIST;
    if (c == END_OF_FILE)
        return failure_set(failure, DIAG_JSON_BROKEN, reader->path, "it is empty");
    if (c != '[' && c != '{')
        return failure_set(failure, DIAG_JSON_BROKEN, reader->path, "it must be a list of objects, or one object a line");
    return (c == '[' || look_at_object(reader, is_lines, failure)) && start_again(reader, failure);
}

struct table_reader *json_reader_open(const char *path, struct failure *failure) {
    struct input input;
    if (!input_open(&input, path, failure))
        return NULL;
    struct json_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        abort();
    *reader = (struct json_reader){.base = {.next = json_next, .close = json_close, .find_more = json_find_more, .file_bytes = input.file_bytes}, .input = input, .arena = arena_create(), .scratch = arena_create(),
                                   .path = strdup(path)};
    reader->guesses = ARENA_ARRAY(reader->arena, int, LIMIT_CSV_COLUMNS);
    memset(reader->guesses, 0xFF, sizeof *reader->guesses * LIMIT_CSV_COLUMNS);
    bool good = find_rows(reader, text_ends(path, ".jsonl") || text_ends(path, ".ndjson"), failure) && find_columns(reader, NAMES_FROM_OBJECTS, NULL, failure);
    if (good && reader->names.count == 0 && reader->base.problem)
        good = failure_set(failure, DIAG_JSON_BROKEN, path, reader->base.problem);
    if (!good) {
        json_close(&reader->base);
        return NULL;
    }
    return &reader->base;
}
