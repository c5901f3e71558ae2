/* The fuzzer's entry for JSON: any bytes as a file, its cells through every conversion. See tables.h. */
#include "tests/fuzz/tables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_text(struct buffer *out, const char *text, size_t length) {
    buffer_add_char(out, '"');
    for (size_t i = 0; i < length; i++) {
        if (strchr("\"\\", text[i]))
            buffer_add_char(out, '\\');
        if ((unsigned char)text[i] < ' ')
            buffer_add_format(out, "\\u%04x", (unsigned)text[i]);
        else
            buffer_add_char(out, text[i]);
    }
    buffer_add_char(out, '"');
}

/* An object a line, with all columns in each; its cells as texts. */
static void write_row(struct buffer *out, const struct table_reader *reader, bool is_header) {
    if (is_header || reader->column_count == 0)
        return;
    for (int i = 0; i < reader->column_count; i++) {
        buffer_add_string(out, i ? ", " : "{");
        write_text(out, reader->columns[i], strlen(reader->columns[i]));
        buffer_add_string(out, ": ");
        if (reader->cells[i].missing)
            buffer_add_string(out, "null");
        else
            write_text(out, reader->cells[i].text, reader->cells[i].length);
    }
    buffer_add_string(out, "}\n");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    try_table(json_reader_open, write_row, data, size);
    return 0;
}
