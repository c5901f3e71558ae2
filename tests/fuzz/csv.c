/* The fuzzer's entry for CSV: any bytes as a file, its cells through every conversion. See tables.h. */
#include "tests/fuzz/tables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_cell(struct buffer *out, const char *text, size_t length, bool is_first) {
    buffer_add_string(out, is_first ? "\"" : ",\"");
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"')
            buffer_add_char(out, '"');
        buffer_add_char(out, text[i]);
    }
    buffer_add_char(out, '"');
}

static void write_row(struct buffer *out, const struct table_reader *reader, bool is_header) {
    for (int i = 0; i < reader->column_count; i++) {
        const char *text = is_header ? reader->columns[i] : reader->cells[i].text;
        write_cell(out, text, is_header ? strlen(text) : reader->cells[i].length, i == 0);
    }
    buffer_add_char(out, '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    try_table(csv_reader_open, write_row, data, size);
    return 0;
}
