/* Names of tables and columns in SQL: always in double quotes, so that any word may be one, keywords too.
 * Knows: SQL's quoting. Does not know: which tables there are. */
#include "runtime/store/inside.h"

#include <string.h>

/* Doubles the quote character inside. */
static const char *quote(struct arena *arena, const char *text, char mark) {
    size_t length = strlen(text), used = 0;
    char *result = arena_alloc(arena, 2 * length + 3);
    result[used++] = mark;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == mark)
            result[used++] = mark;
        result[used++] = text[i];
    }
    result[used] = mark;
    return result;
}

const char *name_quote(struct arena *arena, const char *prefix, const char *name) {
    return quote(arena, arena_format(arena, "%s%s", prefix, name), '"');
}

const char *name_quote_set(struct arena *arena, const char *prefix, const char *record, const char *set) {
    return quote(arena, arena_format(arena, "%s%s__%s", prefix, record, set), '"');
}

const char *text_quote(struct arena *arena, const char *text) {
    return quote(arena, text, '\'');
}

const char *store_table_name(struct arena *arena, const struct record_type *record) {
    return name_quote(arena, "t_", record->name);
}

const char *store_history_table_name(struct arena *arena, const struct record_type *record) {
    return name_quote(arena, "h_", record->name);
}

const char *store_members_table_name(struct arena *arena, const struct field *set) {
    return name_quote_set(arena, "t_", set->record->name, set->name);
}

const char *store_text_literal(struct arena *arena, const char *text) {
    return text_quote(arena, text);
}

const char *store_column_name(struct arena *arena, const struct field *field) {
    return name_quote(arena, "", field->name);
}
