/* remit import TYPE FILE: columns are taken by the names of fields. */
#include "runtime/cli/cli.h"
#include "runtime/load/load.h"

#include <string.h>
#include <strings.h>

/* Is the field to be filled from a column? All are where there is no row, and so no column, to go by. */
static bool has_column(const struct table_reader *reader, const struct field *field, int column) {
    return reader->is_empty ? column == 0 : strcasecmp(reader->columns[column], field->name) == 0;
}

/* Fields that a column of their name may fill: `key` is one where the record has no natural key. */
static bool may_be_filled(const struct record_type *record, int f) {
    const struct field *field = record->fields[f];
    return (f < FIELD_FIRST_OWN || field->kind == FIELD_STORED) && !(f == FIELD_KEY && record->key_count);
}

/* What the file lacks, or has twice, is said of the file: nobody wrote the command. */
static bool columns_will_do(const struct table_reader *reader, const struct record_type *record, const char *path, struct failure *failure) {
    for (int f = FIELD_KEY; f < record->field_count && !reader->is_empty; f++) {
        const struct field *field = record->fields[f];
        int count = 0;
        for (int c = 0; may_be_filled(record, f) && c < reader->column_count; c++)
            count += has_column(reader, field, c);
        if (count > 1)
            return failure_set(failure, DIAG_COLUMN_TWICE_IN_FILE, path, field->name);
        if (count || f < FIELD_FIRST_OWN || field->kind != FIELD_STORED || field->type.optional || field->standard)
            continue;
        failure_set(failure, DIAG_COLUMN_NOT_IN_FILE, path, field->name);
        failure_hint(failure, "Each %s needs it. Name the column so in the header, or say in a script which one it is: `import %s from \"%s\" { %s: column \"…\" }`.", record->name, record->name, path, field->name);
        return false;
    }
    return true;
}

enum { UNUSED_SHOWN = 8 };

static void tell(struct session *session, const struct buffer *line) {
    struct buffer shown = {0};
    diagnostic_draw_text(&shown, buffer_string(line));
    fprintf(session->options.err, "%s\n", buffer_string(&shown));
    buffer_free(&shown);
}

/* A misspelt header would otherwise leave a field blank without a word. */
static void tell_unused(struct session *session, const struct table_reader *reader, const struct record_type *record, const char *path) {
    int count = 0;
    for (int c = 0; c < reader->column_count && !session->options.quiet; c++) {
        struct nearest nearest;
        nearest_start(&nearest, reader->columns[c]);
        bool is_used = false;
        for (int f = FIELD_KEY; f < record->field_count && !is_used; f++)
            if (may_be_filled(record, f)) {
                is_used = has_column(reader, record->fields[f], c);
                nearest_offer(&nearest, record->fields[f]->name);
            }
        if (is_used || reader->is_empty || ++count > UNUSED_SHOWN)
            continue;
        struct buffer line = {0};
        buffer_add_format(&line, "%s: the column `%s` is not used", path, reader->columns[c]);
        buffer_add_format(&line, nearest.best ? "; did you mean `%s`?" : ": %s has no field of that name", nearest.best ? nearest.best : record->name);
        tell(session, &line);
        buffer_free(&line);
    }
    struct buffer line = {0};
    buffer_add_format(&line, "%s: %d more columns are not used", path, count - UNUSED_SHOWN);
    if (count > UNUSED_SHOWN)
        tell(session, &line);
    buffer_free(&line);
}

/* Writes the import command that a script would hold, so that it is checked and run as there. */
static bool write_import(struct session *session, const char *type, const char *path, struct buffer *text, struct failure *failure) {
    struct table_reader *reader = table_reader_open(path, failure);
    if (!reader)
        return false;
    const struct record_type *record = program_find_record(session->program, type);
    if (record && !columns_will_do(reader, record, path, failure)) {
        reader->close(reader);
        return false;
    }
    if (record)
        tell_unused(session, reader, record, path);
    buffer_add_format(text, "import %s from \"", type);
    for (const char *at = path; *at; at++) {
        if (strchr("\\\"{", *at))
            buffer_add_char(text, '\\');
        buffer_add_char(text, *at);
    }
    buffer_add_string(text, "\" {\n");
    for (int f = FIELD_KEY; record && f < record->field_count; f++) {
        const struct field *field = record->fields[f];
        if (!may_be_filled(record, f))
            continue;
        for (int c = 0; c < reader->column_count || (reader->is_empty && c == 0); c++)
            if (has_column(reader, field, c))
                buffer_add_format(text, "  %s: column \"%s\"\n", field->name, reader->is_empty ? field->name : reader->columns[c]);
    }
    buffer_add_string(text, "}\n");
    reader->close(reader);
    return true;
}

int cli_import(const struct arguments *arguments) {
    if (!cli_words(arguments, 2, 2))
        return cli_misuse(arguments, "import", "a record type and a file are wanted");
    struct session *session = cli_session(arguments, true);
    if (!session)
        return STATUS_WRONG;
    struct failure failure = {0};
    struct buffer text = {0};
    const char *policy = arguments->values[OPTION_POLICY];
    bool good = session_open_store(session, &failure) && (policy ? session_load(session, &policy, 1, false, &failure) : session_load_saved(session, &failure)) &&
                write_import(session, arguments->words[0], arguments->words[1], &text, &failure) &&
                session_add_text(session, "<import>", buffer_string(&text), PARSE_PROGRAM, NULL, &failure) &&
                session_run_commands(session, arena_format(session->arena, "import %s", arguments->words[0]), &failure);
    source_note_made(session->sources, "<import>"); /* the command line said it, in other words */
    buffer_free(&text);
    return cli_end(session, good, &failure);
}
