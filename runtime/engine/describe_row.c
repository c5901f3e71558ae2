/* What a key is the key of: the rows of the store that go by it, with the fields they have. See session.h.
 * Knows: records, keys, how to ask a question of one row. Does not know: other names (describe.c). */
#include "runtime/engine/session.h"

#include <string.h>

/* A declared field as a column of the question; sets as a list of their members. */
static void add_field(struct buffer *text, const struct field *field) {
    if (field->name[0] == '_')
        return;
    if (field->kind == FIELD_STORED)
        buffer_add_format(text, ", %s", field->name);
    else if (field->kind == FIELD_SET && field->type.element->kind == TYPE_RECORD)
        buffer_add_format(text, ", join(%s.key, \", \") as \"%s\"", field->name, field->name);
    else if (field->kind == FIELD_SET && field->type.element->kind == TYPE_TEXT)
        buffer_add_format(text, ", join(%s, \", \") as \"%s\"", field->name, field->name);
}

void session_quote(struct buffer *out, const char *text) {
    buffer_add_char(out, '"');
    for (; *text; text++) {
        if (*text == '\n') {
            buffer_add_string(out, "\\n");
            continue;
        }
        if (strchr("\"\\{}", *text))
            buffer_add_char(out, '\\');
        buffer_add_char(out, *text);
    }
    buffer_add_char(out, '"');
}

/* The question is asked in the language itself, so that values are shown as everywhere. */
static const struct tquery *ask_for_row(struct session *session, const struct record_type *record, const char *key, struct failure *failure) {
    struct buffer text = {0};
    buffer_add_format(&text, "from %s where key = ", record->name);
    session_quote(&text, key);
    buffer_add_string(&text, " show name");
    for (int i = 0; i < record->field_count; i++)
        add_field(&text, record->fields[i]);
    bool good = session_add_text(session, "<describe>", arena_copy_string(session->arena, buffer_string(&text)), PARSE_EXPRESSION, NULL, failure);
    buffer_free(&text);
    if (!good)
        return NULL;
    return session->program->commands.items[--session->program->commands.count]->query; /* asked here, not run with the others */
}

static bool show_row(const struct record_type *record, const char *key, struct rows *rows, FILE *out, struct failure *failure) {
    const struct value *row;
    if (rows_next(rows, &row, failure) != ROWS_ROW)
        return failure->kind == FAILURE_NONE;
    struct buffer shown = {0};
    value_write(&shown, row[0], rows->columns[0].type, VALUE_SHOWN);
    bool is_named = strcmp(buffer_string(&shown), key) != 0;
    fprintf(out, "%s %s%s%s%s\n", record->name, key, is_named ? " \"" : "", is_named ? buffer_string(&shown) : "", is_named ? "\"" : "");
    for (int i = 1; i < rows->column_count; i++) {
        buffer_clear(&shown);
        value_write(&shown, row[i], rows->columns[i].type, VALUE_SHOWN);
        fprintf(out, "  %-20s %s\n", rows->columns[i].label, buffer_string(&shown));
    }
    buffer_free(&shown);
    return true;
}

bool session_describe_rows(struct session *session, const char *key, FILE *out, int *count, struct failure *failure) {
    *count = 0;
    if (!session->store || (!session->schema_applied && !session_apply(session, failure)))
        return !session->store;
    for (int i = 0; i < session->program->records.count; i++) {
        struct record_type *record = session->program->records.items[i];
        int64_t id = 0;
        if (record->runtime_filled)
            continue;
        if (!store_find_key(session->store, record, key, strlen(key), &id, failure))
            return false;
        if (id == 0)
            continue;
        const struct tquery *query = ask_for_row(session, record, key, failure);
        struct rows *rows = query ? session_run_query(session, query, failure) : NULL;
        bool good = rows && show_row(record, key, rows, out, failure);
        rows_close(rows);
        if (good && strcmp(record->name, "office") == 0)
            good = session_describe_office(session, key, out, failure);
        else if (good && strcmp(record->name, "domain") == 0)
            good = session_describe_domain(session, key, out, failure);
        if (!good)
            return false;
        ++*count;
    }
    return true;
}
