/* Reading CSV and JSON, and turning cells into values: what files in life look like. */
#include "lang/base/civil.h"
#include "lang/base/text.h"
#include "runtime/load/convert.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <unistd.h>

/* The whole file as "line: cell|cell" lines, or "line! problem". */
static char *read_all(const char *suffix, const char *text, size_t length) {
    char path[64];
    snprintf(path, sizeof path, "/tmp/remit-load-%d%s", (int)getpid(), suffix);
    FILE *file = fopen(path, "wb");
    fwrite(text, 1, length, file);
    fclose(file);
    struct failure failure = {0};
    struct buffer out = {0};
    struct table_reader *reader = table_reader_open(path, &failure);
    if (!reader)
        buffer_add_format(&out, "failed: %s", strstr(failure.message, "`/") ? failure.message + strlen(failure.message) - 12 : failure.message);
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
            for (int i = 0; i < reader->column_count; i++)
                buffer_add_format(&out, "%s%.*s%s", i ? "|" : "", (int)reader->cells[i].length, reader->cells[i].text, reader->cells[i].missing ? "(missing)" : "");
            buffer_add_char(&out, '\n');
        }
        reader->close(reader);
    }
    unlink(path);
    char *copy = strdup(buffer_string(&out));
    buffer_free(&out);
    return copy;
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
    expect_rows(".csv", "a,b\n1\n1,2,3\n\"x\"y,2\n4,5\n", "a|b\n2! the row has 1 cells, and the header has 2\n3! the row has 3 cells, and the header has 2\n"
                        "4! a quote stands in the middle of cell 1: a quote inside a quoted cell is written twice\n5: 4|5\n");
    expect_rows(".csv", "a,b\n\xFF,2\n3,4\n", "a|b\n2! the row is not UTF-8 (byte 1 of it is not): save the file as UTF-8\n3: 3|4\n");
    expect_rows(".csv", "a,b\n1,\"2\n3,4\n", "a|b\n2! the quote opened in this row is never closed, so the rest of the file cannot be read\n");
    expect_rows(".csv", "", "failed:  header line");
    expect_rows(".csv", "a,b\n", "a|b\n");
    expect_rows(".csv", "a\n1\n\n2\n", "a\n2: 1\n3: \n4: 2\n");
}

static void json_in_life(void) {
    expect_rows(".json", "[{\"a\": 1.10, \"b\": \"x\\u00e9\\n\"}, {\"b\": null, \"c\": {\"d\": true}}]", "a|b|c.d\n1: 1.10|x\xC3\xA9\n|(missing)\n1: (missing)|null(missing)|true\n");
    expect_rows(".jsonl", "{\"a\": 12345678901234567890.123}\n{\"a\": -1e5}\n", "a\n1: 12345678901234567890.123\n2: -1e5\n");
    expect_rows(".json", "{\"rows\": [{\"a\": [1, 2]}]}", "a\n1: [1, 2]\n");
    expect_rows(".json", "[{\"a\": 1}, {\"a\": tru}]", "a\n1: 1\n1! a value is wanted: text, number, true, false, null, an object or a list; the rest of the file cannot be read\n");
    expect_rows(".json", "[]", "\n");
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

int main(void) {
    RUN(csv_in_life);
    RUN(json_in_life);
    RUN(cells_become_values);
    return UNIT_END("load_tables");
}
