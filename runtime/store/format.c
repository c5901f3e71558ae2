/* The tables that are the store's own, and bringing a store of an earlier format to the present one.
 * Knows: those tables, formats. Does not know: records and their tables, what the journal's hashes are made of.
 *   1  a policy set in remit_policy; no versions, no hashes.
 *   2  versions of the policy set; each change has a hash over the one before and all it wrote. */
#include "runtime/store/journal_inside.h"

#include <sha2.h>
#include <string.h>

static const char making[] =
    "CREATE TABLE remit_meta(\"name\" TEXT NOT NULL PRIMARY KEY, \"value\" TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE remit_record(\"name\" TEXT NOT NULL PRIMARY KEY, \"owner\" TEXT, \"key\" TEXT NOT NULL, \"last_id\" INTEGER NOT NULL, \"number\" INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;"
    "CREATE TABLE remit_field(\"record\" TEXT NOT NULL, \"position\" INTEGER NOT NULL, \"name\" TEXT NOT NULL, \"is_set\" INTEGER NOT NULL, \"type\" TEXT NOT NULL,"
    " \"target\" TEXT, \"never_missing\" INTEGER NOT NULL, \"hidden\" INTEGER NOT NULL, PRIMARY KEY(\"record\", \"name\")) STRICT, WITHOUT ROWID;"
    "CREATE TABLE remit_enum(\"record\" TEXT NOT NULL, \"field\" TEXT NOT NULL, \"ordinal\" INTEGER NOT NULL, \"name\" TEXT NOT NULL, \"number\" INTEGER NOT NULL DEFAULT 0,"
    " PRIMARY KEY(\"record\", \"field\", \"ordinal\")) STRICT, WITHOUT ROWID;"
    "CREATE TABLE remit_path(\"record\" TEXT NOT NULL, \"reference\" TEXT NOT NULL, \"covered\" TEXT NOT NULL, PRIMARY KEY(\"record\", \"reference\")) STRICT, WITHOUT ROWID;"
    "CREATE TABLE remit_change(\"_id\" INTEGER PRIMARY KEY, \"at\" INTEGER NOT NULL, \"who\" TEXT NOT NULL, \"what\" TEXT NOT NULL, \"policy\" INTEGER,"
    " \"parts\" TEXT NOT NULL DEFAULT '', \"hash\" TEXT NOT NULL DEFAULT '') STRICT;";
/* Of format 1 when it was first needed. */
static const char making_declarations[] =
    "CREATE TABLE IF NOT EXISTS remit_declaration(\"record\" TEXT NOT NULL, \"identity\" TEXT NOT NULL, \"hash\" TEXT NOT NULL, PRIMARY KEY(\"record\", \"identity\")) STRICT, WITHOUT ROWID;";
static const char making_versions[] =
    "CREATE TABLE remit_version(\"number\" INTEGER PRIMARY KEY, \"change\" INTEGER NOT NULL, \"at\" INTEGER NOT NULL, \"who\" TEXT NOT NULL, \"meaning\" TEXT NOT NULL,"
    " \"texts\" TEXT NOT NULL, \"revision\" TEXT, \"clean\" INTEGER, \"message\" TEXT) STRICT;"
    "CREATE TABLE remit_version_file(\"number\" INTEGER NOT NULL, \"position\" INTEGER NOT NULL, \"path\" TEXT NOT NULL, \"text\" TEXT NOT NULL, PRIMARY KEY(\"number\", \"position\"))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE remit_text(\"hash\" TEXT NOT NULL UNIQUE, \"text\" TEXT NOT NULL) STRICT;";
/* What the records change and policy_version of the prelude are. */
static const char making_views[] =
    "CREATE VIEW t_change AS SELECT \"_id\", \"_id\" AS \"_since\", NULL AS \"_key\", NULL AS \"_title\", \"_id\" AS \"number\", \"at\", \"who\", \"what\","
    " \"policy\", nullif(\"hash\", '') AS \"hash\" FROM remit_change;"
    "CREATE VIEW t_policy_version AS SELECT \"number\" AS \"_id\", \"change\" AS \"_since\", NULL AS \"_key\", NULL AS \"_title\", \"number\", \"at\" AS \"applied\", \"who\","
    " \"meaning\" AS \"hash\", \"revision\", \"clean\", \"message\", \"change\" FROM remit_version;";

bool store_make_tables(struct store *store, struct failure *failure) {
    return store_run(store, failure, "PRAGMA application_id = %d; PRAGMA user_version = %d", STORE_APPLICATION_ID, STORE_FORMAT) && store_execute(store, making, failure) &&
           store_execute(store, making_declarations, failure) && store_execute(store, making_versions, failure) && store_execute(store, making_views, failure);
}

/* ---- from format 1 ---- */

/* Rows could refer to those of policy_version, of which there were none: SQLite can hold no reference to a view. */
static bool forget_references(struct store *store, struct arena *arena, struct failure *failure) {
    for (int i = 0; i < store->catalog->records.count; i++) {
        const struct catalog_record *record = store->catalog->records.items[i];
        bool refers = false;
        for (int f = 0; f < record->fields.count; f++)
            refers = refers || (record->fields.items[f]->target && strcmp(record->fields.items[f]->target, "policy_version") == 0);
        if (refers && !(table_rebuild(store, arena, record, failure) && table_create_key_index(store, arena, record, failure) && table_create_paths(store, arena, record, failure)))
            return false;
    }
    return true;
}

/* The record policy_version was a table, which nothing ever filled. */
static bool replace_record(struct store *store, struct arena *arena, struct failure *failure) {
    static const char forgetting[] = "DELETE FROM remit_record WHERE \"name\" = 'policy_version'; DELETE FROM remit_field WHERE \"record\" = 'policy_version';"
                                     "DROP VIEW IF EXISTS policy_version; DROP VIEW IF EXISTS \"change\"; DROP VIEW t_change; DELETE FROM remit_meta WHERE \"name\" = 'schema'";
    if (!store_need_catalog(store, failure) || !forget_references(store, arena, failure))
        return false;
    const struct catalog_record *record = catalog_find_record(store->catalog, "policy_version");
    bool done = (!record || table_drop(store, arena, record, failure)) && store_execute(store, forgetting, failure);
    store_forget_catalog(store);
    return done;
}

/* The policy set that was kept becomes the first version. What it means was not written down: the hash over its texts stands for that. */
static bool keep_policy(struct store *store, struct arena *arena, struct failure *failure) {
    struct policy_file *files;
    int count;
    if (!store_load_policy(store, arena, &files, &count, failure))
        return false;
    if (count == 0)
        return true;
    SHA2_CTX context;
    char hex[SHA256_DIGEST_STRING_LENGTH];
    SHA256Init(&context);
    for (int i = 0; i < count; i++) {
        SHA256Update(&context, (const uint8_t *)files[i].path, strlen(files[i].path) + 1);
        SHA256Update(&context, (const uint8_t *)files[i].text, strlen(files[i].text) + 1);
    }
    SHA256End(&context, hex);
    struct policy_version version = {.meaning = hex, .texts = hex, .origin.message = "the policy that the store held before it kept versions"};
    return store_save_policy(store, files, count, &version, failure);
}

static const char adding[] = "UPDATE remit_field SET \"position\" = \"position\" + 1;" /* from 1 now */
                             "ALTER TABLE remit_record ADD COLUMN \"number\" INTEGER NOT NULL DEFAULT 0;"
                             "UPDATE remit_record SET \"number\" = (SELECT count(*) FROM remit_record AS r WHERE r.\"name\" <= remit_record.\"name\");"
                             "ALTER TABLE remit_enum ADD COLUMN \"number\" INTEGER NOT NULL DEFAULT 0;"
                             "UPDATE remit_enum SET \"number\" = (SELECT count(*) FROM remit_enum AS e WHERE e.\"record\" = remit_enum.\"record\" AND e.\"field\" = remit_enum.\"field\""
                             " AND e.\"ordinal\" <= remit_enum.\"ordinal\");"
                             "ALTER TABLE remit_change ADD COLUMN \"policy\" INTEGER;"
                             "ALTER TABLE remit_change ADD COLUMN \"parts\" TEXT NOT NULL DEFAULT '';"
                             "ALTER TABLE remit_change ADD COLUMN \"hash\" TEXT NOT NULL DEFAULT '';";

static bool name_change(struct store *store) {
    if (!store->who) {
        store->who = strdup("remit");
        store->what = strdup("format");
    }
    return true;
}

/* Another program, or this one, has brought the store to the present format since it was opened. */
static bool drop_pretence(struct store *store, struct failure *failure) {
    store_forget_catalog(store);
    return store_execute(store,
                         "DROP VIEW IF EXISTS temp.t_policy_version; DROP VIEW IF EXISTS temp.t_change; DROP VIEW IF EXISTS temp.remit_record; DROP VIEW IF EXISTS temp.remit_enum;", failure);
}

bool store_upgrade(struct store *store, struct failure *failure) {
    int64_t format;
    if (!store_ask_int(store, &format, 0, failure, "PRAGMA user_version"))
        return false;
    if (format == STORE_FORMAT)
        return !store->pretends || drop_pretence(store, failure);
    if (format > STORE_FORMAT)
        return failure_set(failure, DIAG_STORE_NEWER, store->path, (int)format, STORE_FORMAT);
    struct arena *arena = arena_create();
    store_set_foreign_keys(store, false); /* tables are dropped and copied; no reference changes by that */
    store->upgraded_here = true;
    bool done = drop_pretence(store, failure) && name_change(store) && store_execute(store, adding, failure) && replace_record(store, arena, failure) && store_execute(store, making_declarations, failure) && store_execute(store, making_versions, failure) &&
                store_execute(store, making_views, failure) && keep_policy(store, arena, failure) &&
                store_run(store, failure, "DROP TABLE remit_policy; DELETE FROM remit_meta WHERE \"name\" = 'policy_hash'; PRAGMA user_version = %d", STORE_FORMAT);
    done = done && journal_begin(store, failure) && journal_chain_past(store, failure);
    store_set_foreign_keys(store, true);
    arena_destroy(arena);
    store->changed = true;
    return done;
}

/* ---- before that ---- */

/* Views of this connection alone stand before what the store has. The mark of the format alone could have been set back, so that the journal would be made anew over what was edited: then there is
 * one already. */
bool store_pretend_format(struct store *store, struct failure *failure) {
    int64_t has;
    if (!store_ask_int(store, &has, 0, failure, "SELECT count(*) FROM sqlite_schema WHERE \"name\" = 'remit_version'"))
        return false;
    if (has)
        return failure_set(failure, DIAG_STORE_DAMAGED, store->path, "the mark of its format was set back");
    store->pretends = true;
    return store_execute(store,
                         "CREATE TEMP VIEW t_policy_version AS SELECT NULL AS \"_id\", NULL AS \"_since\", NULL AS \"_key\", NULL AS \"_title\", NULL AS \"number\", NULL AS \"applied\","
                         " NULL AS \"who\", NULL AS \"hash\", NULL AS \"revision\", NULL AS \"clean\", NULL AS \"message\", NULL AS \"change\" WHERE 0;"
                         "CREATE TEMP VIEW t_change AS SELECT \"_id\", \"_id\" AS \"_since\", NULL AS \"_key\", NULL AS \"_title\", \"_id\" AS \"number\", \"at\", \"who\", \"what\","
                         " NULL AS \"policy\", NULL AS \"hash\" FROM main.remit_change;"
                         "CREATE TEMP VIEW remit_record AS SELECT \"name\", \"owner\", \"key\", \"last_id\", 0 AS \"number\" FROM main.remit_record;"
                         "CREATE TEMP VIEW remit_enum AS SELECT \"record\", \"field\", \"ordinal\", \"name\", 0 AS \"number\" FROM main.remit_enum;",
                         failure);
}
