/* Whether what keeps no history is as the last change left it, and was so before each change.
 * Knows: the store's own tables, versions of the policy set. Does not know: rows. */
#include "runtime/store/verify.h"

#include <sha2.h>
#include <stdlib.h>
#include <string.h>

static const char *words_of(const char *state) {
    static const struct {
        const char *name, *words;
    } words[] = {{"catalog", "what the store knows of its records, fields and enums"},
                 {"ids", "the last numbers given to rows"},
                 {"settings", "the store's settings"},
                 {"declarations", "what the store knows of declared records"},
                 {"schema", "the tables or views"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].name, state) == 0)
            return words[i].words;
    return "last seen";
}

/* Follows one of them through the changes: each found what the one before left. now: what it holds; first: what it held before there was any. */
static void follow(struct verification *verification, const char *name, const char *first, const char *now, const char *record, const char *set) {
    const char *left = first;
    int64_t by = 0;
    for (int i = 0; i < verification->expected.count; i++) {
        const struct expected *expected = &verification->expected.items[i];
        if (expected->kind != PART_NOW || strcmp(expected->name, name) != 0)
            continue;
        if (strcmp(expected->before, left) != 0)
            verify_fault(verification, expected->change, record, set, 0, by ? "%s had been edited since change %lld" : "%s had been edited before", record ? "rows" : words_of(name), (long long)by);
        left = expected->hash;
        by = expected->change;
    }
    if (strcmp(left, now) != 0)
        verify_fault(verification, verification->last + 1, record, set, 0, by ? "%s: edited since change %lld" : "%s: edited", record ? "rows" : words_of(name), (long long)by);
}

static bool follow_field(struct verification *verification, const struct catalog_record *record, const struct catalog_field *field, struct failure *failure) {
    char nothing[HASH_HEX], now[HASH_HEX];
    if (!state_of_field(verification->store, verification->arena, record->name, field->name, now, failure))
        return false;
    digest_of("", 0, nothing);
    follow(verification, arena_format(verification->arena, "%lld.%lld", (long long)record->number, (long long)field->position), nothing, now, record->name, field->name);
    return true;
}

bool verify_states(struct verification *verification, struct failure *failure) {
    for (int i = 0; i < STATE_COUNT; i++) {
        char now[HASH_HEX];
        if (!state_digest(verification->store, i, now, failure))
            return false;
        int64_t before = verification->verdict->faults_found;
        follow(verification, state_names[i], "-", verification->last ? now : "-", NULL, NULL);
        verification->is_readable = verification->is_readable && (i != STATE_CATALOG || verification->verdict->faults_found == before);
    }
    return true;
}

bool verify_overwritten(struct verification *verification, struct failure *failure) {
    const struct catalog *catalog = verification->store->catalog;
    for (int r = 0; r < catalog->records.count; r++)
        for (int f = 0; f < catalog->records.items[r]->fields.count; f++) {
            const struct catalog_record *record = catalog->records.items[r];
            if (content_is_overwritten(record->name, record->fields.items[f]->name) && !follow_field(verification, record, record->fields.items[f], failure))
                return false;
        }
    return true;
}

/* ---- versions of the policy set ---- */

static const struct expected *find_version(const struct verification *verification, int64_t number) {
    for (int i = 0; i < verification->expected.count; i++)
        if (verification->expected.items[i].kind == PART_VERSION && strtoll(verification->expected.items[i].name, NULL, 10) == number)
            return &verification->expected.items[i];
    return NULL;
}

/* Those that are there, and the files of those that are not. */
static bool verify_kept(struct verification *verification, struct failure *failure) {
    sqlite3_stmt *statement = store_statement(verification->store, "SELECT \"number\" FROM remit_version UNION SELECT \"number\" FROM remit_version_file ORDER BY 1", failure);
    if (!statement)
        return false;
    int result;
    bool done = true;
    while (done && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        int64_t number = sqlite3_column_int64(statement, 0);
        const struct expected *expected = find_version(verification, number);
        char hex[HASH_HEX];
        done = state_of_version(verification->store, number, hex, failure);
        if (done && !expected)
            verify_fault(verification, verification->last + 1, NULL, NULL, 0, "version %lld of the policy was inserted", (long long)number);
        else if (done && strcmp(expected->hash, hex) != 0)
            verify_fault(verification, expected->change, NULL, NULL, 0, "version %lld of the policy was edited", (long long)number);
    }
    sqlite3_finalize(statement);
    return done;
}

static bool verify_all_there(struct verification *verification, struct failure *failure) {
    for (int i = 0; i < verification->expected.count; i++) {
        const struct expected *expected = &verification->expected.items[i];
        int64_t is_there = 0;
        if (expected->kind != PART_VERSION)
            continue;
        if (!store_ask_int(verification->store, &is_there, 0, failure, "SELECT count(*) FROM remit_version WHERE \"number\" = %lld", strtoll(expected->name, NULL, 10)))
            return false;
        if (!is_there)
            verify_fault(verification, expected->change, NULL, NULL, 0, "version %s of the policy was removed", expected->name);
    }
    return true;
}

/* Each text is what its hash says, some version has it, and none is gone. */
static bool verify_texts(struct verification *verification, struct failure *failure) {
    sqlite3_stmt *statement = store_statement(verification->store,
                                              "SELECT t.\"hash\", t.\"text\", f.\"path\", v.\"change\", f.\"text\" FROM remit_text AS t LEFT JOIN remit_version_file AS f ON f.\"text\" = t.\"hash\""
                                              " LEFT JOIN remit_version AS v ON v.\"number\" = f.\"number\" UNION ALL"
                                              " SELECT NULL, NULL, f.\"path\", v.\"change\", f.\"text\" FROM remit_version_file AS f LEFT JOIN remit_version AS v ON v.\"number\" = f.\"number\""
                                              " WHERE f.\"text\" NOT IN (SELECT \"hash\" FROM remit_text)",
                                              failure);
    if (!statement)
        return false;
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        struct value hash = store_column_value(statement, 0), text = store_column_value(statement, 1), path = store_column_value(statement, 2);
        int64_t change = sqlite3_column_type(statement, 3) == SQLITE_NULL ? verification->last + 1 : sqlite3_column_int64(statement, 3);
        const char *of = path.kind == VALUE_TEXT ? arena_copy(verification->arena, path.text, path.length) : NULL;
        char hex[SHA256_DIGEST_STRING_LENGTH];
        if (hash.kind == VALUE_MISSING) {
            verify_fault(verification, change, NULL, NULL, 0, "the text of the policy file `%s` was removed", of ? of : "");
            continue;
        }
        SHA256Data((const uint8_t *)text.text, text.length, hex);
        if (strcmp(hex, hash.text) != 0)
            verify_fault(verification, change, NULL, NULL, 0, "the text of the policy file `%s` was edited", of ? of : "");
        else if (!of)
            verify_fault(verification, verification->last + 1, NULL, NULL, 0, "a text was inserted that no version of the policy has");
    }
    bool done = result == SQLITE_DONE || store_fail(verification->store, result, failure);
    sqlite3_finalize(statement);
    return done;
}

bool verify_versions(struct verification *verification, struct failure *failure) {
    return verify_kept(verification, failure) && verify_all_there(verification, failure) && verify_texts(verification, failure);
}

/* ---- paths: indexes that are made in passing, and so not part of any change ---- */

/* What each row of remit_path says must be the index that is there. */
bool verify_paths(struct verification *verification, struct failure *failure) {
    sqlite3_stmt *statement = store_statement(verification->store,
                                              "SELECT p.\"record\", p.\"reference\" FROM remit_path AS p WHERE p.\"covered\" IS NOT"
                                              " (SELECT group_concat(\"name\") FROM (SELECT \"name\" FROM pragma_index_info(p.\"record\" || ' path ' || p.\"reference\") WHERE \"seqno\" > 1 ORDER BY \"seqno\"))"
                                              " UNION ALL SELECT substr(s.\"tbl_name\", 3), s.\"name\" FROM sqlite_schema AS s WHERE s.\"type\" = 'index' AND instr(s.\"name\", ' path ') > 0"
                                              " AND (SELECT count(*) FROM pragma_index_info(s.\"name\")) > 2 AND substr(s.\"tbl_name\", 1, 2) = 't_'"
                                              " AND NOT EXISTS (SELECT 1 FROM remit_path AS p WHERE p.\"record\" || ' path ' || p.\"reference\" = s.\"name\")",
                                              failure);
    if (!statement)
        return false;
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW)
        verify_fault(verification, verification->last + 1, arena_format(verification->arena, "%s", (const char *)sqlite3_column_text(statement, 0)), NULL, 0,
                     "what the store knows of its indexes was edited");
    bool done = result == SQLITE_DONE || store_fail(verification->store, result, failure);
    sqlite3_finalize(statement);
    return done;
}
