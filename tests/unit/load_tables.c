/* Reading CSV and JSON, and turning cells into values: what files in life look like. */
#include "lang/base/civil.h"
#include "lang/base/text.h"
#include "runtime/load/convert.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <unistd.h>

/* The message without the path. */
static void add_failure(struct buffer *out, const struct failure *failure, const char *path) {
    const char *at = strstr(failure->message, path);
    buffer_add_format(out, "failed: %.*s%s", at ? (int)(at - failure->message) : 0, failure->message, at ? at + strlen(path) : failure->message);
}

/* All of the file at the path as "line: cell|cell" lines, or "line! problem"; long cells are shown by their length. */
static char *read_path(const char *path) {
    struct failure failure = {0};
    struct buffer out = {0};
    struct table_reader *reader = table_reader_open(path, &failure);
    if (!reader)
        add_failure(&out, &failure, path);
    else {
        for (int i = 0; i < reader->column_count; i++)
            buffer_add_format(&out, "%s%s", i ? "|" : "", reader->columns[i]);
        buffer_add_char(&out, '\n');
        enum reader_step step;
        while ((step = reader->next(reader, &failure)) == READER_ROW || step == READER_BAD_ROW) {
            if (step == READER_BAD_ROW) {
                buffer_add_format(&out, "%d! %s\n", (int)reader->line, reader->problem);
                continue;
            }
            buffer_add_format(&out, "%d: ", (int)reader->line);
            for (int i = 0; i < reader->column_count; i++) {
                if (reader->cells[i].length > 200)
                    buffer_add_format(&out, "%s(%d bytes)", i ? "|" : "", (int)reader->cells[i].length);
                else
                    buffer_add_format(&out, "%s%.*s%s", i ? "|" : "", (int)reader->cells[i].length, reader->cells[i].text, reader->cells[i].missing ? "(missing)" : "");
            }
            buffer_add_char(&out, '\n');
        }
        if (step == READER_FAILED)
            add_failure(&out, &failure, path);
        reader->close(reader);
    }
    char *copy = strdup(buffer_string(&out));
    buffer_free(&out);
    return copy;
}

static const char *write_file(const char *suffix, const char *text, size_t length) {
    static char path[64];
    snprintf(path, sizeof path, "/tmp/remit-load-%d%s", (int)getpid(), suffix);
    FILE *file = fopen(path, "wb");
    fwrite(text, 1, length, file);
    fclose(file);
    return path;
}

static char *read_all(const char *suffix, const char *text, size_t length) {
    const char *path = write_file(suffix, text, length);
    char *rows = read_path(path);
    unlink(path);
    return rows;
}

static void expect_rows(const char *suffix, const char *text, const char *expected) {
    char *rows = read_all(suffix, text, strlen(text));
    CHECK_TEXT(rows, expected);
    free(rows);
}

static void csv_in_life(void) {
    expect_rows(".csv", "a,b\n1,2\n3,4", "a|b\n2: 1|2\n3: 3|4\n");
    expect_rows(".csv", "\xEF\xBB\xBF" "a;b\r\n1;\"x;\"\"y\"\"\nz\"\r\n\r\n3;\r\n", "a|b\n2: 1|x;\"y\"\nz\n5: 3|\n");
    expect_rows(".csv", "a\tb\n1\t2\n", "a|b\n2: 1|2\n");
    expect_rows(".csv", "a,b\r1,2\r3,4\r", "a|b\n2: 1|2\n3: 3|4\n");
    expect_rows(".csv", "a,b\n1\n1,2,3\n\"x\"y,2\n4,5\n", "a|b\n2! the row has 1 cell, and the header has 2\n3! the row has 3 cells, and the header has 2\n"
                        "4! a quote stands in the middle of cell 1: a quote inside a quoted cell is written twice\n5: 4|5\n");
    expect_rows(".csv", "a,b\n\xFF,2\n3,4\n", "a|b\n2! the row is not UTF-8 (byte 1 of it is not): save the file as UTF-8\n3: 3|4\n");
    expect_rows(".csv", "a,b\n1,\"2\n3,4\n", "a|b\n2! the quote opened in this row is never closed, so the rest of the file cannot be read\n");
    expect_rows(".csv", "", "failed: the file `` has no header line");
    expect_rows(".csv", "a,b\n", "a|b\n");
    expect_rows(".csv", "a\n1\n\n2\n", "a\n2: 1\n3: \n4: 2\n");
}

static void json_in_life(void) {
    expect_rows(".json", "[{\"a\": 1.10, \"b\": \"x\\u00e9\\n\"}, {\"b\": null, \"c\": {\"d\": true}}]", "a|b|c.d\n1: 1.10|x\xC3\xA9\n|(missing)\n1: (missing)|null(missing)|true\n");
    expect_rows(".jsonl", "{\"a\": 12345678901234567890.123}\n{\"a\": -1e5}\n", "a\n1: 12345678901234567890.123\n2: -1e5\n");
    expect_rows(".json", "{\"rows\": [{\"a\": [1, 2]}]}", "a\n1: [1, 2]\n");
    expect_rows(".json", "[{\"a\": 1}, {\"a\": tru}]", "a\n1: 1\n1! a value is wanted: text, number, true, false, null, an object or a list\n");
    expect_rows(".json", "[]", "\n");
}

/* What spreadsheets and hands make of CSV. */
static void csv_gone_wrong(void) {
    /* A quote in the middle of a cell is a character, and does not swallow the lines up to the next one. */
    expect_rows(".csv", "a,b\n5\" pipe,1\n6\" pipe,2\n", "a|b\n2: 5\" pipe|1\n3: 6\" pipe|2\n");
    expect_rows(".csv", "a,b\n\"x\" , \"y\"\n", "a|b\n2: x|y\n");
    expect_rows(".csv", "a,b\n\"x\"y\"z,1\n2,3\n", "a|b\n2! a quote stands in the middle of cell 1: a quote inside a quoted cell is written twice\n3: 2|3\n");
    expect_rows(".csv", "\n\na,b\n1,2\n,\n,,,,\n\n3,4\n", "a|b\n4: 1|2\n8: 3|4\n");
    expect_rows(".csv", "sep=;\na;b,c\n1;2\n", "a|b,c\n3: 1|2\n");
    expect_rows(".csv", "a,a,b\n1,2,3\n", "a|a|b\n2: 1|2|3\n");
    expect_rows(".csv", "a,\"b\n1,2\n", "failed: the file `` cannot be read: a quote in its header is never closed");
    expect_rows(".csv", "\xFF\xFE" "a", "failed: the file `` cannot be read: it is UTF-16: save it as UTF-8 (a spreadsheet calls that \"CSV UTF-8\")");
    expect_rows(".csv", "Gr\xF6\xDF" "e,b\n", "failed: the file `` cannot be read: its header is not UTF-8 text: save it as UTF-8");
    expect_rows(".csv", "[{\"a\": 1}]", "failed: the file `` cannot be read: it looks like JSON: end its name in .json");
    expect_rows(".csv", "PK\x03\x04,", "failed: the file `` cannot be read: it is a workbook or another zip archive: save the sheet as \"CSV UTF-8\"");
    char *rows = read_all(".csv", "a,b\n1\0,2\n3,4\n", 13);
    CHECK_TEXT(rows, "a|b\n2! byte 2 of the row is zero: the file is damaged, or no text\n3: 3|4\n");
    free(rows);
    rows = read_all(".csv", "a\0,\0b\0\n\0", 8);
    CHECK_TEXT(rows, "failed: the file `` cannot be read: it is UTF-16: save it as UTF-8 (a spreadsheet calls that \"CSV UTF-8\")");
    free(rows);
}

static void json_gone_wrong(void) {
    expect_rows(".json", "[{\"a\": 1}", "a\n1: 1\n1! the list is not closed by `]`: is the file cut off?\n");
    expect_rows(".json", "[{\"a\": 1},", "a\n1: 1\n1! the list is not closed by `]`: is the file cut off?\n");
    expect_rows(".json", "[{\"a\": 1},]", "a\n1: 1\n1! an object is wanted after the last `,`; the rest of the file cannot be read\n");
    expect_rows(".json", "[{\"a\": 1},\n{\"a\"", "a\n1: 1\n2! the file ends in the middle of an object: is it cut off?\n");
    expect_rows(".json", "[{\"a\": 1} {\"a\": 2}]", "a\n1: 1\n1! a `,` or `]` is wanted after an object; the rest of the file cannot be read\n");
    expect_rows(".json", "[{\"a\": 1}] x", "a\n1: 1\n1! something stands behind the list; the rest of the file cannot be read\n");
    expect_rows(".json", "[{\"a\": 1}, [2], {\"a\": \"\\ud800\"},\n{\"a\": 1, \"a\": 2}, {\"a\": 01}, {\"a\": 1.}, {\"a\": 6}]",
                "a\n1: 1\n1! an object is wanted\n1! an escape `\\u` stands for half of a character\n2! `a` is there twice\n"
                "2! a number begins with a 0 that means nothing; digits that are a name stand in quotes\n2! a number is not written as JSON writes it\n2: 6\n");
    expect_rows(".json", "[{\"a\": 1}, {\"a\": \"x\n\"}, {\"a\": 3}]", "a\n1: 1\n1! a text has no closing quote; the rest of the file cannot be read\n");
    expect_rows(".json", "[{\"a\": 1}, {\"a\": [2}]}, {\"a\": 3}]", "a\n1: 1\n1! a bracket is closed by one of the other kind; the rest of the file cannot be read\n");
    expect_rows(".json", "[{\"a\": 1},\n{\"a\": \"\xFF\"},\n{\"a\": 3}]", "a\n1: 1\n2! the object is not UTF-8: save the file as UTF-8\n3: 3\n");
    expect_rows(".json", "[\n {\n  \"a\": 1,\n  \"b\": tru\n }]", "failed: `` is not JSON that can be imported: line 4: a value is wanted: text, number, true, false, null, an object or a list");
    expect_rows(".json", "[{\"a\": 1}, {\"a\": {\"b\": 2}}]", "a|a.b\n1: 1|(missing)\n1: {\"b\": 2}|2\n");
    expect_rows(".json", "", "failed: `` is not JSON that can be imported: it is empty");
    expect_rows(".json", "[", "failed: `` is not JSON that can be imported: line 1: the list is not closed by `]`: is the file cut off?");
    expect_rows(".jsonl", "{\"a\": 1}\n{\"a\": }\n\n{\"a\": 3\n{\"a\": 4},\n{\"a\": 5}\n",
                "a\n1: 1\n2! a value is wanted: text, number, true, false, null, an object or a list\n4! a `,` or `}` is wanted in an object\n5! something stands after the object\n6: 5\n");
}

/* Rows inside an object, objects over several lines, and which is which. */
static void json_shapes(void) {
    expect_rows(".json", "{\"count\": 1, \"rows\": [{\"a\": 1}], \"next\": null}", "a\n1: 1\n");
    expect_rows(".json", "{\"rows\": [{\"a\": 1}], \"next\": ", "a\n1: 1\n1! the object round the list is not well written behind it; the rest of the file cannot be read\n");
    expect_rows(".json", "{\"rows\": [{\"a\": 1}], \"other\": [{\"b\": 1}]}", "failed: `` is not JSON that can be imported: it holds a list of objects in `rows` and another in `other`: rows are read from one");
    expect_rows(".json", "{\"a\": 1, \"parts\": [{\"b\": 1}]}\n{\"a\": 2, \"parts\": []}\n", "a|parts\n1: 1|[{\"b\": 1}]\n2: 2|[]\n");
    expect_rows(".jsonl", "{\"parts\": [{\"b\": 1}]}\n", "parts\n1: [{\"b\": 1}]\n");
    expect_rows(".json", "{\n\"a\": 1\n}\n{\n\"a\": 2\n}\n", "a\n1: 1\n4: 2\n");
    expect_rows(".json", "{\"a\": 1}", "a\n1: 1\n");
    expect_rows(".json", "{\"rows\": []}", "\n");
    expect_rows(".jsonl", "\xEF\xBB\xBF[{\"a\": 1}]", "a\n1: 1\n");
}

/* A name that comes late in the file is found when it is asked for; one that does not come is not. */
static void json_columns_come_late(void) {
    struct buffer text = {0};
    for (int i = 0; i < 1500; i++)
        buffer_add_format(&text, "{\"a\": %d}\n", i);
    buffer_add_string(&text, "{\"b\": \"late\"}\n");
    const char *path = write_file(".jsonl", text.bytes, text.length);
    struct failure failure = {0};
    struct table_reader *reader = table_reader_open(path, &failure);
    int position, rows = 0;
    CHECK(reader && reader->column_count == 1);
    CHECK(table_reader_find(reader, "c", &position, &failure) && position == -1);
    CHECK(table_reader_find(reader, "b", &position, &failure) && position == 1);
    while (reader->next(reader, &failure) == READER_ROW)
        rows++;
    CHECK_INT(rows, 1501);
    reader->close(reader);
    unlink(path);
    buffer_free(&text);
}

/* Whatever the distance to the next block of the file, what spans it is read as if there were none. */
static void rows_span_blocks(void) {
    static const char *const tails[][2] = {
        {"\r\n3,4\r\n", "\n3: 3|4\n"}, {"\r3,4\r", "\n3: 3|4\n"}, {"\n3,\"x\"\"y\"\n", "\n3: 3|x\"y\n"}, {"\n3,\"x\r\ny\"\r\n5,6", "\n3: 3|x\r\ny\n5: 5|6\n"}, {"\n3,\xC3\xA9\n", "\n3: 3|\xC3\xA9\n"}};
    enum { BLOCK = 512 * 1024 };
    char *text = malloc(BLOCK + 64), *expected = malloc(256);
    for (size_t t = 0; t < sizeof tails / sizeof *tails; t++)
        for (int back = 0; back < 12; back++) {
            memcpy(text, "a,b\n\"", 5);
            memset(text + 4, 'x', BLOCK - 4 - (size_t)back);
            text[BLOCK - back - 2] = ',';
            strcpy(text + BLOCK - back, tails[t][0]);
            char *rows = read_all(".csv", text, strlen(text));
            snprintf(expected, 256, "a|b\n2: (%d bytes)|x%s", BLOCK - back - 6, tails[t][1]);
            CHECK_TEXT(rows, expected);
            free(rows);
        }
    free(text);
    free(expected);
}

/* At, below and above what a cell, a row and an object may have. */
static void long_rows(void) {
    enum { MIB = 1 << 20 };
    char *text = malloc(20 * MIB);
    static const int sizes[] = {MIB - 1, MIB, MIB + 1};
    for (int i = 0; i < 3; i++) {
        char expected[100];
        sprintf(text, "[{\"a\": \"%*s\"}, {\"a\": 2}]", sizes[i], "");
        char *rows = read_all(".json", text, strlen(text));
        snprintf(expected, sizeof expected, sizes[i] > MIB ? "a\n1! the value of `a` is over 1 MiB long\n1: 2\n" : "a\n1: (%d bytes)\n1: 2\n", sizes[i]);
        CHECK_TEXT(rows, expected);
        free(rows);
        sprintf(text, "a,b\n\"%*s\",1\n2,3\n", sizes[i], "");
        rows = read_all(".csv", text, strlen(text));
        snprintf(expected, sizeof expected, sizes[i] > MIB ? "a|b\n2! cell 1 is over 1 MiB long\n3: 2|3\n" : "a|b\n2: (%d bytes)|1\n3: 2|3\n", sizes[i]);
        CHECK_TEXT(rows, expected);
        free(rows);
    }
    sprintf(text, "[{\"a\": 1},\n{\"a\": \"%*s\"}, {\"a\": 2}]", 17 * MIB, "");
    char *rows = read_all(".json", text, strlen(text));
    CHECK_TEXT(rows, "a\n1: 1\n2! the object is over 16 MiB long\n2: 2\n");
    free(rows);
    sprintf(text, "{\"a\": 1}\n{\"a\": \"%*s\"}\n{\"a\": 2}", 17 * MIB, "");
    rows = read_all(".jsonl", text, strlen(text));
    CHECK_TEXT(rows, "a\n1: 1\n2! the object is over 16 MiB long\n3: 2\n");
    free(rows);
    sprintf(text, "a,b\n\"%*s\n1,2\n", 17 * MIB, "");
    rows = read_all(".csv", text, strlen(text));
    CHECK_TEXT(rows, "a|b\n2! the row is over 16 MiB long, so the rest of the file is not read: is a quote missing?\n");
    free(rows);
    free(text);
}

/* Depths at, below and above what an object may have; brackets are counted far beyond. */
static void deep_objects(void) {
    static const int depths[] = {63, 64, 65, 100000};
    char *text = malloc(300000);
    for (int i = 0; i < 4; i++) {
        size_t at = (size_t)sprintf(text, "[{\"a\": ");
        memset(text + at, '[', (size_t)depths[i] - 1);
        at += (size_t)depths[i] - 1;
        memset(text + at, ']', (size_t)depths[i] - 1);
        at += (size_t)depths[i] - 1;
        strcpy(text + at, "}, {\"a\": 2}]");
        char *rows = read_all(".json", text, strlen(text));
        if (depths[i] <= 64)
            CHECK(strncmp(rows, "a\n1: [[", 7) == 0 && strcmp(rows + strlen(rows) - 5, "1: 2\n") == 0);
        else
            CHECK_TEXT(rows, "a\n1! it is nested over 64 deep\n1: 2\n");
        free(rows);
    }
    free(text);
}

/* A file that opens and then cannot be read is no file that ends. */
static void reading_fails(void) {
    char *rows = read_path("/proc/self/mem");
    CHECK_TEXT(rows, "failed: the file `` cannot be read: Input/output error");
    free(rows);
    char path[64];
    snprintf(path, sizeof path, "/tmp/remit-load-%d.json", (int)getpid());
    CHECK(symlink("/proc/self/mem", path) == 0);
    rows = read_path(path);
    CHECK_TEXT(rows, "failed: the file `` cannot be read: Input/output error");
    free(rows);
    unlink(path);
}

static void folders_are_no_files(void) {
    char *rows = read_path("/tmp");
    CHECK_TEXT(rows, "failed: the file `` cannot be read: it is a folder");
    free(rows);
}

static struct value convert(struct arena *arena, struct conversion conversion, const char *text, bool *good) {
    struct cell cell = {text, strlen(text), false};
    struct value value;
    const char *problem = NULL;
    *good = convert_cell(arena, &conversion, &cell, &value, &problem);
    CHECK(*good || (problem && *problem));
    return value;
}

static void cells_become_values(void) {
    struct arena *arena = arena_create();
    bool good;
    struct conversion money = {.type = {.kind = TYPE_MONEY, .currency = "AUD"}, .times = {1, 0}};
    CHECK_INT(convert(arena, money, " 2066075.5899999999 ", &good).integer, 20660755900);
    CHECK_INT(convert(arena, money, "1.2E+05", &good).integer, 1200000000);
    CHECK_INT(convert(arena, money, "$5 AUD", &good).integer, 50000);
    convert(arena, money, "1,234.50", &good);
    CHECK(!good);
    struct conversion millions = {.type = {.kind = TYPE_MONEY, .currency = "GBP"}, .times = {1000000, 0}, .has_times = true};
    CHECK_INT(convert(arena, millions, "3.785", &good).integer, 37850000000);
    const char *patterns[] = {"%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", NULL};
    struct conversion date = {.type = {.kind = TYPE_DATE}, .patterns = patterns, .times = {1, 0}};
    CHECK_INT(convert(arena, date, "5/02/2016 5:00:00 PM", &good).integer, day_from_civil(2016, 2, 5));
    CHECK_INT(convert(arena, date, "24/10/2016", &good).integer, day_from_civil(2016, 10, 24));
    CHECK_INT(convert(arena, date, "2016-05-25 17:00:00", &good).integer, day_from_civil(2016, 5, 25));
    convert(arena, date, "31/02/2016", &good);
    CHECK(!good);
    CHECK(convert(arena, date, "", &good).kind == VALUE_MISSING && good);
    struct enum_value values[] = {{"green", "green"}, {"amber_red", "Amber/Red"}};
    struct enum_type rating = {.name = "rating", .values = values, .value_count = 2};
    struct conversion enumeration = {.type = {.kind = TYPE_ENUM, .enumeration = &rating}, .times = {1, 0}};
    CHECK_INT(convert(arena, enumeration, "Amber/Red", &good).integer, 1);
    CHECK_INT(convert(arena, enumeration, "GREEN", &good).integer, 0);
    convert(arena, enumeration, "gren", &good);
    CHECK(!good);
    arena_destroy(arena);
}

/* Cells are not zero-terminated: what stands behind one is not its business (the sanitizers watch the end of the block). */
static void cells_end_where_they_end(void) {
    static const enum type_kind kinds[] = {TYPE_TEXT, TYPE_INT, TYPE_NUMBER, TYPE_MONEY, TYPE_DATE, TYPE_DATETIME, TYPE_DURATION, TYPE_BOOL, TYPE_PERIOD};
    static const char *const texts[] = {"1", "-", "1e", "12%", "$", "1 USD", "2026-01-0", "2026-02-30", "yes", "y", "2026Q", "FY2026", "  ", ""};
    struct arena *arena = arena_create();
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
            size_t length = strlen(texts[t]);
            char *exact = malloc(length ? length : 1);
            memcpy(exact, texts[t], length);
            struct conversion conversion = {.type = {.kind = kinds[k], .currency = "USD"}, .times = {1, 0}};
            struct cell cell = {exact, length, false};
            struct value value;
            const char *problem = NULL;
            CHECK(convert_cell(arena, &conversion, &cell, &value, &problem) || (problem && *problem));
            free(exact);
        }
    bool good;
    struct conversion date = {.type = {.kind = TYPE_DATE}, .times = {1, 0}};
    struct cell none = {"2026-02-30", 10, false};
    struct value value;
    const char *problem = NULL;
    good = convert_cell(arena, &date, &none, &value, &problem);
    CHECK(!good);
    CHECK_TEXT(problem, "there is no day `2026-02-30` in the calendar");
    arena_destroy(arena);
}

int main(void) {
    RUN(csv_in_life);
    RUN(json_in_life);
    RUN(csv_gone_wrong);
    RUN(json_gone_wrong);
    RUN(json_shapes);
    RUN(json_columns_come_late);
    RUN(rows_span_blocks);
    RUN(long_rows);
    RUN(deep_objects);
    RUN_WHERE(access("/proc/self/mem", R_OK) == 0, reading_fails, "/proc");
    RUN(folders_are_no_files);
    RUN(cells_become_values);
    RUN(cells_end_where_they_end);
    return UNIT_END("load_tables");
}
