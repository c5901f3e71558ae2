/* The policy set kept with the data: every version of it, and which of its records were put.
 * Knows: paths and texts. Does not know: what they mean, how a hash is made. */
#include "runtime/store/inside.h"

#include <sha2.h>
#include <string.h>

/* ---- writing a version ---- */

static const char *hash_text(struct arena *arena, const char *text) {
    char hex[SHA256_DIGEST_STRING_LENGTH];
    SHA256Data((const uint8_t *)text, strlen(text), hex);
    return arena_copy_string(arena, hex);
}

/* A text that several versions have is kept once. */
static bool save_text(struct store *store, const char *hash, const char *text, struct failure *failure) {
    sqlite3_stmt *statement = store_statement(store, "INSERT OR IGNORE INTO remit_text(\"hash\", \"text\") VALUES(?1, ?2)", failure);
    if (!statement)
        return false;
    sqlite3_bind_text(statement, 1, hash, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, text, -1, SQLITE_STATIC);
    bool done = store_finish_statement(store, statement, failure);
    sqlite3_finalize(statement);
    return done;
}

static bool save_files(struct store *store, int64_t number, const struct policy_file *files, int count, struct failure *failure) {
    sqlite3_stmt *statement = store_statement(store, "INSERT INTO remit_version_file(\"number\", \"position\", \"path\", \"text\") VALUES(?1, ?2, ?3, ?4)", failure);
    struct arena *arena = arena_create();
    bool done = statement != NULL;
    for (int i = 0; i < count && done; i++) {
        const char *hash = hash_text(arena, files[i].text);
        sqlite3_bind_int64(statement, 1, number);
        sqlite3_bind_int(statement, 2, i + 1);
        sqlite3_bind_text(statement, 3, files[i].path, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 4, hash, -1, SQLITE_STATIC);
        done = store_finish_statement(store, statement, failure) && save_text(store, hash, files[i].text, failure);
    }
    sqlite3_finalize(statement);
    arena_destroy(arena);
    return done;
}

static bool save_version(struct store *store, int64_t number, const struct policy_version *version, struct failure *failure) {
    sqlite3_stmt *statement = store_statement(store,
                                              "INSERT INTO remit_version(\"number\", \"change\", \"at\", \"who\", \"meaning\", \"texts\", \"revision\", \"clean\", \"message\")"
                                              " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                                              failure);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, number);
    sqlite3_bind_int64(statement, 2, store->change);
    sqlite3_bind_int64(statement, 3, store->at);
    sqlite3_bind_text(statement, 4, store->who ? store->who : "", -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 5, version->meaning, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 6, version->texts, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 7, version->origin.revision, -1, SQLITE_STATIC);
    if (version->origin.revision)
        sqlite3_bind_int(statement, 8, version->origin.is_clean);
    sqlite3_bind_text(statement, 9, version->origin.message, -1, SQLITE_STATIC);
    bool done = store_finish_statement(store, statement, failure);
    sqlite3_finalize(statement);
    return done;
}

/* What the same transaction brought before. */
static bool forget_version(struct store *store, struct failure *failure) {
    int64_t number;
    if (!store_ask_int(store, &number, 0, failure, "SELECT \"number\" FROM remit_version WHERE \"change\" = %lld", (long long)store->change))
        return false;
    return !number || store_run(store, failure,
                                "DELETE FROM remit_version WHERE \"number\" = %lld; DELETE FROM remit_version_file WHERE \"number\" = %lld;"
                                "DELETE FROM remit_text WHERE \"hash\" NOT IN (SELECT \"text\" FROM remit_version_file)",
                                (long long)number, (long long)number);
}

bool store_save_policy(struct store *store, const struct policy_file *files, int count, const struct policy_version *version, struct failure *failure) {
    int64_t number;
    bool done = store_may_write(store, failure) && forget_version(store, failure) && store_ask_int(store, &number, 1, failure, "SELECT max(\"number\") + 1 FROM remit_version") &&
                save_version(store, number, version, failure) && save_files(store, number, files, count, failure);
    store->changed = store->changed || done;
    return done;
}

/* ---- reading versions ---- */

static const char *column_text(struct arena *arena, sqlite3_stmt *statement, int column) {
    struct value value = store_column_value(statement, column);
    return value.kind == VALUE_TEXT ? arena_copy(arena, value.text, value.length) : NULL;
}

static bool load_files(struct store *store, struct arena *arena, const char *sql, int64_t number, struct policy_file **files, int *count, struct failure *failure) {
    LIST_OF(struct policy_file) list = {0};
    sqlite3_stmt *statement = store_statement(store, sql, failure);
    if (!statement)
        return false;
    if (sqlite3_bind_parameter_count(statement) > 0)
        sqlite3_bind_int64(statement, 1, number);
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *path = column_text(arena, statement, 0), *text = column_text(arena, statement, 1);
        struct policy_file file = {path ? path : "", text ? text : ""};
        LIST_ADD(arena, &list, file);
    }
    bool done = result == SQLITE_DONE || store_fail(store, result, failure);
    sqlite3_finalize(statement);
    *files = list.items;
    *count = list.count;
    return done;
}

static const char files_of_version[] = "SELECT f.\"path\", t.\"text\" FROM remit_version_file AS f JOIN remit_text AS t ON t.\"hash\" = f.\"text\" WHERE f.\"number\" = ?1 ORDER BY f.\"position\"";

/* A store of the first format keeps one set, and no versions. */
static bool has_versions(struct store *store, bool *has, struct failure *failure) {
    int64_t format;
    *has = false;
    if (store->is_new) /* nothing was ever written */
        return true;
    if (!store_ask_int(store, &format, 0, failure, "PRAGMA user_version"))
        return false;
    *has = format >= STORE_FORMAT_WITH_JOURNAL;
    return true;
}

bool store_load_policy(struct store *store, struct arena *arena, struct policy_file **files, int *count, struct failure *failure) {
    bool has;
    int64_t number;
    *files = NULL;
    *count = 0;
    if (!has_versions(store, &has, failure))
        return false;
    if (!has)
        return store->is_new || load_files(store, arena, "SELECT \"path\", \"text\" FROM remit_policy ORDER BY \"position\"", 0, files, count, failure);
    return store_ask_int(store, &number, 0, failure, "SELECT max(\"number\") FROM remit_version") && load_files(store, arena, files_of_version, number, files, count, failure);
}

bool store_load_policy_version(struct store *store, struct arena *arena, int64_t number, struct policy_file **files, int *count, struct failure *failure) {
    bool has;
    int64_t last = 0, is_there = 0;
    *files = NULL;
    *count = 0;
    if (!has_versions(store, &has, failure))
        return false;
    if (has && !(store_ask_int(store, &last, 0, failure, "SELECT max(\"number\") FROM remit_version") &&
                 store_ask_int(store, &is_there, 0, failure, "SELECT count(*) FROM remit_version WHERE \"number\" = %lld", (long long)number)))
        return false;
    if (is_there)
        return load_files(store, arena, files_of_version, number, files, count, failure);
    failure_set(failure, DIAG_JOURNAL_NO_VERSION, (long long)number);
    if (last)
        failure_hint(failure, "The versions are 1 to %lld: `remit log --policy` lists them.", (long long)last);
    return false;
}

bool store_list_policy_versions(struct store *store, struct arena *arena, struct policy_version **versions, int *count, struct failure *failure) {
    LIST_OF(struct policy_version) list = {0};
    bool has;
    *versions = NULL;
    *count = 0;
    if (!has_versions(store, &has, failure) || !has)
        return failure->kind == FAILURE_NONE;
    sqlite3_stmt *statement = store_statement(store,
                                              "SELECT \"number\", \"change\", \"at\", \"who\", \"meaning\", \"texts\", \"revision\", \"clean\", \"message\" FROM remit_version ORDER BY 1",
                                              failure);
    if (!statement)
        return false;
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        struct policy_version version = {
            .number = sqlite3_column_int64(statement, 0), .change = sqlite3_column_int64(statement, 1), .at = sqlite3_column_int64(statement, 2),
            .who = column_text(arena, statement, 3), .meaning = column_text(arena, statement, 4), .texts = column_text(arena, statement, 5),
            .origin = {column_text(arena, statement, 6), sqlite3_column_int(statement, 7) != 0, column_text(arena, statement, 8)}};
        LIST_ADD(arena, &list, version);
    }
    bool done = result == SQLITE_DONE || store_fail(store, result, failure);
    sqlite3_finalize(statement);
    *versions = list.items;
    *count = list.count;
    return done;
}

/* ---- declared records ---- */

bool store_save_declared(struct store *store, const struct declared_record *declared, struct failure *failure) {
    if (!store_may_write(store, failure))
        return false;
    sqlite3_stmt *statement = store_statement(store, "INSERT OR REPLACE INTO remit_declaration VALUES(?1, ?2, ?3)", failure);
    if (!statement)
        return false;
    sqlite3_bind_text(statement, 1, declared->record, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, declared->identity, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 3, declared->hash, -1, SQLITE_STATIC);
    bool done = store_finish_statement(store, statement, failure);
    sqlite3_finalize(statement);
    return done;
}

bool store_load_declared(struct store *store, struct arena *arena, struct declared_record **declared, int *count, struct failure *failure) {
    LIST_OF(struct declared_record) list = {0};
    int64_t is_there = 0;
    *declared = NULL;
    *count = 0;
    if (store->is_new)
        return true;
    if (!store_ask_int(store, &is_there, 0, failure, "SELECT count(*) FROM sqlite_schema WHERE name = 'remit_declaration'"))
        return false;
    if (!is_there)
        return true;
    sqlite3_stmt *statement = store_statement(store, "SELECT \"record\", \"identity\", \"hash\" FROM remit_declaration ORDER BY 1, 2", failure);
    if (!statement)
        return false;
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *parts[3];
        for (int i = 0; i < 3; i++) {
            struct value part = store_column_value(statement, i);
            parts[i] = arena_copy(arena, part.text, part.length);
        }
        struct declared_record one = {parts[0], parts[1], parts[2]};
        LIST_ADD(arena, &list, one);
    }
    sqlite3_finalize(statement);
    *declared = list.items;
    *count = list.count;
    return result == SQLITE_DONE || store_fail(store, result, failure);
}
