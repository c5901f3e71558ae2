/* Rows in every format: widths, alignment, escapes, what is missing, totals, and output that fails. */
#include "runtime/render/render.h"
#include "tests/unit/unit.h"

#include <stdlib.h>

enum { COLUMNS = 3, ROWS_MANY = 12000 /* more than a table holds back to find its widths */ };

/* Rows from an array. */
struct listed {
    struct rows rows;
    const struct value *values;
    int count, next;
    bool fails_at_end;
};

static enum rows_step next_listed(struct rows *rows, const struct value **row, struct failure *failure) {
    struct listed *listed = (struct listed *)(void *)rows;
    if (listed->next < listed->count) {
        *row = listed->values + (size_t)listed->next++ * (size_t)rows->column_count;
        return ROWS_ROW;
    }
    if (!listed->fails_at_end)
        return ROWS_END;
    failure_set(failure, DIAG_STORE_STOPPED);
    return ROWS_FAILED;
}

static void close_nothing(struct rows *rows) {
    (void)rows;
}

static struct listed list(const struct row_column *columns, int column_count, const struct value *values, int count) {
    return (struct listed){.rows = {columns, column_count, next_listed, close_nothing, NULL}, .values = values, .count = count};
}

static struct value text(const char *bytes) {
    return value_text(bytes, strlen(bytes));
}

/* What is written, in a buffer of the caller's to be freed. */
static char *rendered(struct listed *listed, struct render_options options, bool expected) {
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);
    struct failure failure = {0};
    int64_t count = -1;
    CHECK(render_rows(out, &listed->rows, &options, &count, &failure) == expected);
    CHECK(expected == (failure.kind == FAILURE_NONE));
    CHECK_INT(count, listed->count);
    fclose(out);
    return bytes;
}

static void check_rendered(struct listed listed, struct render_options options, const char *expected) {
    char *bytes = rendered(&listed, options, true);
    CHECK_TEXT(bytes, expected);
    free(bytes);
}

static const struct row_column columns[COLUMNS] = {{.label = "name", .type = {.kind = TYPE_TEXT}}, {.label = "n", .type = {.kind = TYPE_INT}}, {.label = "day", .type = {.kind = TYPE_DATE}}};

static void writes_each_format(void) {
    const struct value values[] = {text("alpha, beta"), value_int(12345), value_int(0), text("say \"so\" | \\"), value_int(-7), value_missing(), value_missing(), value_missing(), value_int(20000)};
    struct listed listed = list(columns, COLUMNS, values, 3);
    check_rendered(listed, (struct render_options){.format = RENDER_CSV}, "name,n,day\n\"alpha, beta\",12345,1970-01-01\n\"say \"\"so\"\" | \\\",-7,\n,,2024-10-04\n");
    check_rendered(listed, (struct render_options){.format = RENDER_JSON},
                   "[\n {\"name\": \"alpha, beta\", \"n\": 12345, \"day\": \"1970-01-01\"},\n {\"name\": \"say \\\"so\\\" | \\\\\", \"n\": -7, \"day\": null},\n {\"name\": null, \"n\": null, \"day\": \"2024-10-04\"}\n]\n");
    check_rendered(listed, (struct render_options){.format = RENDER_JSONL},
                   "{\"name\": \"alpha, beta\", \"n\": 12345, \"day\": \"1970-01-01\"}\n{\"name\": \"say \\\"so\\\" | \\\\\", \"n\": -7, \"day\": null}\n{\"name\": null, \"n\": null, \"day\": \"2024-10-04\"}\n");
    check_rendered(listed, (struct render_options){.format = RENDER_MARKDOWN, .title = "Title"},
                   "## Title\n\n| name | n | day |\n| --- | ---: | --- |\n| alpha, beta | 12,345 | 1970-01-01 |\n| say \"so\" \\| \\\\ | -7 | — |\n| — | — | 2024-10-04 |\n");
    check_rendered(listed, (struct render_options){.format = RENDER_TABLE},
                   "name               n  day\n────────────  ──────  ──────────\nalpha, beta   12,345  1970-01-01\nsay \"so\" | \\      -7  —\n—                  —  2024-10-04\n");
}

static void writes_no_rows(void) {
    struct listed listed = list(columns, COLUMNS, NULL, 0);
    check_rendered(listed, (struct render_options){.format = RENDER_CSV}, "name,n,day\n");
    check_rendered(listed, (struct render_options){.format = RENDER_JSON}, "[]\n");
    check_rendered(listed, (struct render_options){.format = RENDER_JSONL}, "");
    check_rendered(listed, (struct render_options){.format = RENDER_MARKDOWN}, "| name | n | day |\n| --- | ---: | --- |\n");
    check_rendered(listed, (struct render_options){.format = RENDER_TABLE}, "name  n  day\n────  ─  ───\n");
}

static void writes_totals(void) {
    const struct value values[] = {text("a"), value_int(999), value_missing()}, totals[] = {value_missing(), value_int(1000000), value_int(0)};
    const struct row_column totalled[COLUMNS] = {columns[0], {"n", {.kind = TYPE_INT}, true, {.kind = TYPE_INT}}, {"day", {.kind = TYPE_DATE}, true, {.kind = TYPE_INT}}};
    struct listed listed = list(totalled, COLUMNS, values, 1);
    listed.rows.totals = totals;
    check_rendered(listed, (struct render_options){.format = RENDER_TABLE}, "name          n  day\n────  ─────────  ───\na           999  —\n────  ─────────  ───\n      1,000,000  0\n");
    check_rendered(listed, (struct render_options){.format = RENDER_MARKDOWN}, "| name | n | day |\n| --- | ---: | --- |\n| a | 999 | — |\n|  | **1,000,000** | **0** |\n");
    check_rendered(listed, (struct render_options){.format = RENDER_CSV}, "name,n,day\na,999,\n");
}

/* Spreadsheets run what begins like a formula, terminals obey what begins with an escape, Markdown takes tags, links and pictures, and one empty cell makes no line. */
static void disarms_texts(void) {
    const struct row_column one[] = {{.label = "t", .type = {.kind = TYPE_TEXT}}};
    const struct value values[] = {text("=1+1"), text("@x"), text("-1"), text("a\nb"), text("\033[31mred\177"), text("c\302\233d"), text("caf\303\251"), value_missing()};
    struct listed listed = list(one, 1, values, 8);
    check_rendered(listed, (struct render_options){.format = RENDER_CSV}, "t\n'=1+1\n'@x\n'-1\n\"a\nb\"\n\033[31mred\177\nc\302\233d\ncaf\303\251\n\"\"\n");
    check_rendered(listed, (struct render_options){.format = RENDER_TABLE}, "t\n─────────\n=1+1\n@x\n-1\na b\n [31mred \nc d\ncaf\303\251\n—\n");
    const struct value marks[] = {text("<b>&lt;</b>"), text("![x](http://x) *y* `z`\n<script>")};
    check_rendered(list(one, 1, marks, 2), (struct render_options){.format = RENDER_MARKDOWN, .title = "<i>"},
                   "## \\<i>\n\n| t |\n| --- |\n| \\<b>\\&lt;\\</b> |\n| !\\[x](http://x) \\*y\\* \\`z\\`<br>\\<script> |\n");
    const struct row_column numbers[] = {{.label = "n", .type = {.kind = TYPE_INT}}};
    const struct value minus[] = {value_int(-1)};
    check_rendered(list(numbers, 1, minus, 1), (struct render_options){.format = RENDER_CSV}, "n\n-1\n");
}

/* Numbers are never cut, and a wide character counts twice. */
static void fits_the_terminal(void) {
    const struct value values[] = {text("a text that is far too long for it"), value_int(1234567890), value_int(0), text("\346\274\242\345\255\227\346\274\242\345\255\227\346\274\242\345\255\227"), value_int(1), value_int(0)};
    check_rendered(list(columns, COLUMNS, values, 2), (struct render_options){.format = RENDER_TABLE, .width = 38},
                   "name                     n  day\n───────────  ─────────────  ──────────\na text tha…  1,234,567,890  1970-01-01\n\346\274\242\345\255\227\346\274\242\345\255\227\346\274\242…              1  1970-01-01\n");
}

static void streams_many_rows(void) {
    static struct value values[ROWS_MANY];
    const struct row_column one[] = {{.label = "n", .type = {.kind = TYPE_INT}}};
    for (int i = 0; i < ROWS_MANY; i++)
        values[i] = value_int(i < ROWS_MANY - 1 ? 1 : 1000000); /* wider than all that the widths were found from */
    struct listed listed = list(one, 1, values, ROWS_MANY);
    char *bytes = rendered(&listed, (struct render_options){.format = RENDER_TABLE}, true);
    size_t length = strlen(bytes);
    CHECK_INT(length > 10 ? strcmp(bytes + length - 10, "1,000,000\n") : 1, 0);
    free(bytes);
}

static void says_what_failed(void) {
    const struct value values[] = {text("a"), value_int(1), value_int(0)};
    struct listed listed = list(columns, COLUMNS, values, 1);
    listed.fails_at_end = true;
    char *bytes = rendered(&listed, (struct render_options){.format = RENDER_TABLE}, false);
    CHECK_TEXT(bytes, ""); /* no half table */
    free(bytes);
    FILE *full = fopen("/dev/full", "w");
    struct failure failure = {0};
    struct render_options options = {.format = RENDER_CSV};
    listed = list(columns, COLUMNS, values, 1);
    CHECK(full && !render_rows(full, &listed.rows, &options, NULL, &failure));
    CHECK_INT(failure.code, DIAG_WRITE_FAILED);
    if (full)
        fclose(full);
}

int main(void) {
    RUN(writes_each_format);
    RUN(writes_no_rows);
    RUN(writes_totals);
    RUN(disarms_texts);
    RUN(fits_the_terminal);
    RUN(streams_many_rows);
    RUN(says_what_failed);
    return UNIT_END("render_formats");
}
