/* New names for what a store keeps: `was`. Tables, columns and the catalog's rows take the new name, and nothing else of them changes.
 * Knows: the catalog, how tables and indexes are called (tables.c), which names the program's records and fields had. Does not know: what rows hold.
 * Where the store has the new name already, `was` is history, and nothing is done. */
#include "runtime/store/inside.h"

#include <string.h>

/* ---- record types ---- */

static bool rename_table(struct store *store, const char *from, const char *to, struct failure *failure) {
    return store_run(store, failure, "ALTER TABLE %s RENAME TO %s", from, to);
}

static bool rename_set(struct store *store, struct arena *arena, const struct catalog_field *set, const char *record, const char *new_record, const char *new_set, struct failure *failure) {
    const char *history = name_quote_set(arena, "h_", new_record, new_set), *table = name_quote_set(arena, "t_", new_record, new_set);
    if (!rename_table(store, name_quote_set(arena, "t_", record, set->name), table, failure) || !rename_table(store, name_quote_set(arena, "h_", record, set->name), history, failure) ||
        !store_run(store, failure, "DROP INDEX IF EXISTS %s; CREATE INDEX %s ON %s(\"_id\")", name_quote(arena, arena_format(arena, "%s history ", record), set->name),
                   name_quote(arena, arena_format(arena, "%s history ", new_record), new_set), history))
        return false;
    return !set->target || store_run(store, failure, "DROP INDEX IF EXISTS %s; CREATE INDEX %s ON %s(\"member\", \"_id\")", name_quote(arena, arena_format(arena, "%s path ", record), set->name),
                                     name_quote(arena, arena_format(arena, "%s path ", new_record), new_set), table);
}

static bool rename_in_catalog(struct store *store, struct arena *arena, const char *was, const char *name, struct failure *failure) {
    const char *from = text_quote(arena, was), *to = text_quote(arena, name);
    return store_run(store, failure,
                     "UPDATE remit_record SET \"name\" = %s WHERE \"name\" = %s; UPDATE remit_field SET \"record\" = %s WHERE \"record\" = %s;"
                     "UPDATE remit_field SET \"type\" = %s, \"target\" = %s WHERE \"target\" = %s; UPDATE remit_enum SET \"record\" = %s WHERE \"record\" = %s;"
                     "UPDATE remit_path SET \"record\" = %s WHERE \"record\" = %s",
                     to, from, to, from, to, to, from, to, from, to, from);
}

static bool rename_declarations(struct store *store, struct arena *arena, const char *was, const char *name, struct failure *failure) {
    int64_t is_there;
    if (!store_ask_int(store, &is_there, 0, failure, "SELECT count(*) FROM sqlite_schema WHERE name = 'remit_declaration'"))
        return false;
    return !is_there || store_run(store, failure, "UPDATE remit_declaration SET \"record\" = %s WHERE \"record\" = %s", text_quote(arena, name), text_quote(arena, was));
}

/* Their indexes are made anew under the new name: SQLite has no other way. */
static bool rename_record(struct store *store, struct arena *arena, struct catalog_record *known, const char *name, struct failure *failure) {
    const char *was = known->name, *history = name_quote(arena, "h_", name);
    int64_t has_ids;
    if (!store_ask_int(store, &has_ids, 0, failure, "SELECT count(*) FROM sqlite_schema WHERE \"type\" = 'index' AND \"name\" = %s", text_quote(arena, arena_format(arena, "%s id", was))))
        return false;
    bool done = table_drop_paths(store, arena, known, failure) &&
                store_run(store, failure, "DROP VIEW IF EXISTS %s; DROP INDEX IF EXISTS %s; DROP INDEX IF EXISTS %s; DROP INDEX IF EXISTS %s", name_quote(arena, "", was), name_quote(arena, was, " key"),
                          name_quote(arena, was, " id"), name_quote(arena, was, " history")) &&
                rename_table(store, name_quote(arena, "t_", was), name_quote(arena, "t_", name), failure) && rename_table(store, name_quote(arena, "h_", was), history, failure);
    for (int i = 0; done && i < known->fields.count; i++)
        if (known->fields.items[i]->is_set)
            done = rename_set(store, arena, known->fields.items[i], was, name, known->fields.items[i]->name, failure);
    done = done && rename_in_catalog(store, arena, was, name, failure) && rename_declarations(store, arena, was, name, failure);
    journal_rename_record(store, was, name);
    known->name = arena_copy_string(store->catalog->arena, name);
    return done && store_run(store, failure, "CREATE INDEX %s ON %s(\"_id\")", name_quote(arena, name, " history"), history) && table_create_key_index(store, arena, known, failure) &&
           table_create_paths(store, arena, known, failure) && (!has_ids || table_create_id_index(store, name, failure));
}

/* ---- fields ---- */

/* The parts of a key, "initiative,date?", with one under its new name. */
static const char *key_with(struct arena *arena, const char *key, const char *was, const char *name) {
    struct buffer out = {0};
    for (const char *part = key; *part;) {
        size_t length = strcspn(part, ",?");
        bool is_it = strlen(was) == length && strncmp(part, was, length) == 0;
        buffer_add(&out, is_it ? name : part, is_it ? strlen(name) : length);
        part += length;
        size_t rest = strspn(part, ",?");
        buffer_add(&out, part, rest);
        part += rest;
    }
    const char *words = arena_copy_string(arena, buffer_string(&out));
    buffer_free(&out);
    return words;
}

bool rename_column(struct store *store, struct arena *arena, struct catalog_record *record, struct catalog_field *known, const char *name, struct failure *failure) {
    const char *from = name_quote(arena, "", known->name), *to = name_quote(arena, "", name), *old_text = text_quote(arena, known->name), *new_text = text_quote(arena, name),
               *of = text_quote(arena, record->name);
    bool is_owner = record->owner && strcmp(record->owner, known->name) == 0;
    bool done = known->is_set ? rename_set(store, arena, known, record->name, record->name, name, failure)
                              : store_run(store, failure, "DROP INDEX IF EXISTS %s; ALTER TABLE %s RENAME COLUMN %s TO %s; ALTER TABLE %s RENAME COLUMN %s TO %s",
                                          name_quote(arena, arena_format(arena, "%s path ", record->name), known->name), name_quote(arena, "t_", record->name), from, to,
                                          name_quote(arena, "h_", record->name), from, to);
    if (known->is_set)
        journal_rename_set(store, record->name, known->name, name);
    const char *key = key_with(store->catalog->arena, record->key, known->name, name);
    done = done && store_run(store, failure,
                             "UPDATE remit_field SET \"name\" = %s WHERE \"record\" = %s AND \"name\" = %s; UPDATE remit_enum SET \"field\" = %s WHERE \"record\" = %s AND \"field\" = %s;"
                             "UPDATE remit_path SET \"reference\" = %s WHERE \"record\" = %s AND \"reference\" = %s; UPDATE remit_record SET \"key\" = %s%s%s WHERE \"name\" = %s",
                             new_text, of, old_text, new_text, of, old_text, new_text, of, old_text, text_quote(arena, key), is_owner ? ", \"owner\" = " : "", is_owner ? new_text : "", of);
    known->name = arena_copy_string(store->catalog->arena, name);
    record->key = key;
    if (is_owner)
        record->owner = known->name;
    return done;
}

static bool rename_fields(struct store *store, struct arena *arena, const struct record_type *record, struct catalog_record *known, struct failure *failure) {
    for (int i = FIELD_FIRST_OWN; i < record->field_count; i++) {
        const struct field *field = record->fields[i];
        struct catalog_field *before = field->was && (field->kind == FIELD_STORED || field->kind == FIELD_SET) ? catalog_find_field(known, field->was) : NULL;
        if (before && !catalog_find_field(known, field->name) && !rename_column(store, arena, known, before, field->name, failure))
            return false;
    }
    return true;
}

bool rename_all(struct store *store, struct arena *arena, const struct program *program, struct failure *failure) {
    for (int i = 0; i < program->records.count; i++) {
        const struct record_type *record = program->records.items[i];
        struct catalog_record *before = record->was ? catalog_find_record(store->catalog, record->was) : NULL;
        if (before && !catalog_find_record(store->catalog, record->name) && !rename_record(store, arena, before, record->name, failure))
            return false;
    }
    if (!store_reload_catalog(store, failure))
        return false;
    for (int i = 0; i < program->records.count; i++) {
        struct catalog_record *known = catalog_find_record(store->catalog, program->records.items[i]->name);
        if (known && !rename_fields(store, arena, program->records.items[i], known, failure))
            return false;
    }
    return true;
}
