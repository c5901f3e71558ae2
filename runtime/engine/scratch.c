/* Statements on tables of the connection's own. See scratch.h. */
#include "runtime/engine/scratch.h"

#include <string.h>

struct value scratch_text(const char *text) {
    return text ? value_text(text, strlen(text)) : value_missing();
}

bool scratch_run(struct statement *statement, const struct value *parameters, int count, struct failure *failure) {
    if (!statement)
        return false;
    for (int i = 0; i < count; i++)
        statement_bind(statement, i + 1, parameters[i]);
    bool good = statement_step(statement, failure) != STATEMENT_FAILED;
    statement_close(statement);
    return good;
}

bool scratch_ask(struct store *store, const char *sql, int64_t *number, struct failure *failure) {
    struct statement *statement = store_prepare(store, sql, failure);
    if (!statement)
        return false;
    bool good = statement_step(statement, failure) == STATEMENT_ROW;
    if (good)
        *number = statement_value(statement, 0).integer;
    statement_close(statement);
    return good;
}

const char *scratch_asked_for(struct arena *arena, const struct session *session, const struct check_options *options, const char *column, const char *const *declared, int declared_count) {
    if (!options->name_count && session->is_store_policy)
        return "";
    struct buffer sql = {0};
    const char *const *names = options->name_count ? options->names : declared;
    int count = options->name_count ? options->name_count : declared_count;
    buffer_add_format(&sql, " AND %s IN (", column);
    for (int i = 0; i < count; i++)
        buffer_add_format(&sql, "%s%s", i ? ", " : "", store_text_literal(arena, names[i]));
    buffer_add_char(&sql, ')');
    const char *condition = arena_copy_string(arena, buffer_string(&sql));
    buffer_free(&sql);
    return condition;
}

const char *scratch_beside(struct arena *arena, const struct record_type *record, const char *other) {
    const char *table = store_table_name(arena, record);
    return record->owner ? arena_format(arena, "%s AS r CROSS JOIN %s", table, other) : arena_format(arena, "%s CROSS JOIN %s AS r", other, table);
}
