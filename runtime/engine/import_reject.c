/* Bad rows: told on standard error, one line each, and kept in a file where the good ones are kept. See import.h.
 * Knows: reasons, the file of rejected rows. Does not know: why a row is bad. */
#include "runtime/engine/import.h"

#include <string.h>

enum { KEY_COLUMNS_SHOWN = 60 };

/* One line, which may quote what stands in the file: a terminal obeys none of it. */
static void write_reason(struct importing *importing, int64_t line, int64_t element, const char *reason) {
    FILE *err = importing->session->options.err;
    session_speaks(importing->session);
    fprintf(err, "%s:%lld: ", importing->path, (long long)line);
    if (element)
        fprintf(err, "object %lld: ", (long long)element);
    struct buffer shown = {0};
    diagnostic_draw_text(&shown, reason);
    fprintf(err, "%s\n", buffer_string(&shown));
    buffer_free(&shown);
}

static void write_csv_cell(FILE *file, const char *text, size_t length) {
    fputc('"', file);
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"')
            fputc('"', file);
        fputc(text[i], file);
    }
    fputc('"', file);
}

static bool open_rejected(struct importing *importing, struct failure *failure) {
    const char *path = importing->session->options.rejected_path;
    if (!path)
        path = arena_format(importing->arena, "%s.rejected.csv", importing->path);
    importing->rejected = session_open_result(importing->session, path, importing->path, failure);
    if (!importing->rejected)
        return false;
    for (int i = 0; i < importing->reader->column_count; i++) {
        write_csv_cell(importing->rejected, importing->reader->columns[i], strlen(importing->reader->columns[i]));
        fputc(',', importing->rejected);
    }
    fputs("\"line\",\"reason\"\n", importing->rejected);
    return true;
}

bool import_reject_row(struct importing *importing, const char *reason, bool has_cells, struct failure *failure) {
    const struct table_reader *reader = importing->reader;
    importing->bad_count++;
    write_reason(importing, reader->line, reader->element, reason);
    if (!importing->session->options.keep_good)
        return true;
    if (!importing->rejected && !open_rejected(importing, failure))
        return false;
    int cell_count = has_cells ? reader->column_count : reader->cell_count;
    for (int i = 0; i < reader->column_count || i < cell_count; i++) {
        if (i < cell_count)
            write_csv_cell(importing->rejected, reader->cells[i].text, reader->cells[i].missing ? 0 : reader->cells[i].length);
        else if (i == 0 && reader->raw)
            write_csv_cell(importing->rejected, reader->raw, reader->raw_length);
        fputc(',', importing->rejected);
    }
    fprintf(importing->rejected, "%lld,", (long long)reader->line);
    write_csv_cell(importing->rejected, reason, strlen(reason));
    fputc('\n', importing->rejected);
    return true;
}

void import_reject_reference(struct importing *importing, int64_t line, int64_t element, const struct field *field, const char *key, size_t length) {
    importing->bad_count++;
    int shown = (int)text_prefix(key, length, KEY_COLUMNS_SHOWN);
    write_reason(importing, line, element, arena_format(importing->row, "%s: there is no %s `%.*s`", field->name, field->type.record->name, shown, key));
}

bool import_close_rejected(struct importing *importing, struct failure *failure) {
    FILE *file = importing->rejected;
    importing->rejected = NULL;
    return !file || fclose(file) == 0 || failure_set(failure, DIAG_FILE_NOT_WRITTEN, "the rejected rows");
}
