/* remit import TYPE FILE: columns are taken by the names of fields. */
#include "runtime/cli/cli.h"
#include "runtime/load/load.h"

#include <string.h>
#include <strings.h>

/* Is the field to be filled from a column? All are where there is no row, and so no column, to go by. */
static bool has_column(const struct table_reader *reader, const struct field *field, int column) {
    return reader->is_empty ? column == 0 : strcasecmp(reader->columns[column], field->name) == 0;
}

/* Writes the import command that a script would hold, so that it is checked and run as there. */
static bool write_import(struct session *session, const char *type, const char *path, struct buffer *text, struct failure *failure) {
    struct table_reader *reader = table_reader_open(path, failure);
    if (!reader)
        return false;
    const struct record_type *record = program_find_record(session->program, type);
    buffer_add_format(text, "import %s from \"", type);
    for (const char *at = path; *at; at++) {
        if (strchr("\\\"{", *at))
            buffer_add_char(text, '\\');
        buffer_add_char(text, *at);
    }
    buffer_add_string(text, "\" {\n");
    for (int f = FIELD_KEY; record && f < record->field_count; f++) {
        const struct field *field = record->fields[f];
        if ((f >= FIELD_FIRST_OWN && field->kind != FIELD_STORED) || (f == FIELD_KEY && record->key_count))
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
    buffer_free(&text);
    return cli_end(session, good, &failure);
}
